"""Over data with a value of every letter: no rendering of a run holds one, half of one, or a name."""

import csv
import json
import random
import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from phisweep.config import Config
from phisweep.keys import key_from_bytes
from phisweep.model import LETTERS
from phisweep.report import base, findings
from phisweep.report.record import load_record, record_of
from phisweep.report.text import Style
from phisweep.report.text import render as text_lines
from phisweep.runs.copying import deidentify
from phisweep.runs.searching import scan
from phisweep.runs.settings import Settings, session_of

#: Consonants that no English word has side by side: what is seen of such a name is a leak.
GIVEN = ("Bryzvia", "Dakjon", "Felvjora", "Orzkena", "Ulxwek")
FAMILY = ("Kralozwick", "Fosazkard", "Quelivjenna", "Ruskowoxost", "Nevukjulm")
STREET = ("Pravzow", "Skozwen", "Trivjal", "Wazkiel")
TOWN = ("Quorvhaven", "Wexkstead", "Thozkford")
RENDERERS = base.load()
KEY = key_from_bytes(b"k" * 32, "the test")
CONFIG = Config(engine="rules", jobs=1)


def planted(seed):
    """For each letter a text, and the values in it that must not be seen again."""
    chance = random.Random(seed)  # noqa: S311 - no secret

    def digits(n):
        return "".join(chance.choice("0123456789") for _ in range(n))

    given_, family = chance.choice(GIVEN), chance.choice(FAMILY)
    street, town = chance.choice(STREET), chance.choice(TOWN)
    house, code = str(chance.randint(1000, 9999)), f"0{digits(4)}"
    day = f"{chance.randint(1, 12):02}/{chance.randint(1, 28):02}/{chance.randint(1937, 1999)}"
    phone, fax = f"(212) 555-01{digits(2)}", f"(313) 555-01{digits(2)}"
    mail, ssn = f"{given_}.{family}@example.org".lower(), f"987-65-43{chance.randint(20, 29)}"
    mrn, member, account = digits(8), f"XKQ{digits(9)}", digits(10)
    license_, vin = f"D{digits(7)}", f"1HGCM82633A{digits(6)}"
    serial, address = f"SN-{digits(8)}", f"198.51.100.{chance.randint(1, 254)}"
    link, print_ = f"https://portal.example.org/{family.lower()}", f"FP-{digits(8)}"
    photo, specimen = f"IMG_{digits(8)}.jpg", f"ACC-{digits(9)}"
    return {
        "A": (f"Patient: Ms. {given_} {family}", (given_, family)),
        "B": (f"Address: {house} {street} Lane, {town}, NY {code}", (street, town, code)),
        "C": (f"Date of birth: {day}", (day,)),
        "D": (f"Phone: {phone}", (phone,)),
        "E": (f"Fax: {fax}", (fax,)),
        "F": (f"Email: {mail}", (mail,)),
        "G": (f"SSN: {ssn}", (ssn,)),
        "H": (f"MRN: {mrn}", (mrn,)),
        "I": (f"Member ID: {member}", (member,)),
        "J": (f"Account number: {account}", (account,)),
        "K": (f"Driver's license number: {license_}", (license_,)),
        "L": (f"VIN: {vin}", (vin,)),
        "M": (f"Pacemaker serial number: {serial}", (serial,)),
        "N": (f"See {link} for results", (link,)),
        "O": (f"Logged in from IP address {address}", (address,)),
        "P": (f"Fingerprint template ID: {print_}", (print_,)),
        "Q": (f"Photo of the face: {photo}", (photo,)),
        "R": (f"Accession number: {specimen}", (specimen,)),
    }


def written(folder, plants):
    """Every value in text, cells, headers, keys, values and a file's name; and one broken file."""
    texts = [text for text, _ in plants.values()]
    folder.mkdir()
    (folder / "note.txt").write_text(".\n".join(texts), encoding="utf-8")
    with (folder / "table.csv").open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["id", *(f"c{i}" for i in range(len(texts)))])
        rows.writerows([i, *texts] for i in range(12))
    with (folder / "header.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([texts, ["x"] * len(texts)])
    (folder / "keys.json").write_text(json.dumps([dict.fromkeys(texts, "x"), texts]))
    (folder / "lines.jsonl").write_text("".join(json.dumps({"t": t}) + "\n" for t in texts))
    (folder / "cut.json").write_text(json.dumps(texts)[:-7])
    name = f"{plants['G'][0]} {plants['A'][0]}".replace(":", "")
    (folder / f"{name}.txt").write_text("nothing")
    return folder


def seen(text, plants):
    """What of the planted values stands in a text: whole, six digits of one, or a name."""
    low = text.casefold()
    values = [value for _, told in plants.values() for value in told]
    # Digests hold runs of digits by chance; what is a word of its own does not.
    found = [v for v in values if not v.isdigit() and v.casefold() in low]
    found += [v for v in values if v.isdigit() and re.search(rf"(?<![0-9a-z]){v}(?![0-9a-z])", low)]
    words = set(re.findall(r"(?<![0-9a-zA-Z])[0-9]{6,}(?![0-9a-zA-Z])", text))
    for value in values:
        run = re.sub(r"\D", "", value)
        found += [run[i : i + 6] for i in range(len(run) - 5) if any(run[i : i + 6] in w for w in words)]  # fmt: skip
    tokens = {t for value in plants["A"][1] for t in re.findall(r"[a-z]{4,}", value.casefold())}
    return found + [token for token in tokens if token in low]


def renderings(record):
    for name, render in RENDERERS.items():
        yield name, render(record)


@pytest.fixture(scope="module")
def session():
    """One session for all examples: building it takes longer than a run."""
    return session_of(Settings(config=CONFIG, key=KEY))


@settings(
    deadline=None, max_examples=5, derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)  # fmt: skip
@given(seed=st.integers(0, 10**9))
def test_no_rendering_holds_what_was_planted(seed, session, tmp_path_factory):
    plants = planted(seed)
    folder = tmp_path_factory.mktemp("planted")
    data = written(folder / "data", plants)
    out = folder / "out"
    given_ = Settings(config=CONFIG, key=KEY, session=session)

    run = scan([str(data)], given_)
    record = record_of(run, session.ruleset)
    assert {e.letter for e in record.letters if e.count} >= {*LETTERS} - {"P", "Q"}
    texts = dict(renderings(record))
    texts["text"] = "\n".join(text_lines(run, record, Style(width=80)))
    texts["jsonl"] = "".join(findings.jsonl(run))
    texts["json of findings"] = "".join(findings.document(run, record))

    deidentify([str(data)], out, replace(given_, audit=True))
    report = out / "phisweep-report"
    texts |= {f"deid: {name}": text for name, text in renderings(load_record(report / "run.json"))}
    for path in report.iterdir():
        if path.suffix != ".npz":  # keyed digests, no text
            texts[path.name] = path.read_text(encoding="utf-8")
    assert {"run.json", "report.html", "report.md"} <= set(texts)
    assert {name: seen(text, plants) for name, text in texts.items() if seen(text, plants)} == {}


def test_what_was_planted_is_seen_where_it_does_stand(tmp_path):
    plants = planted(7)
    data = written(tmp_path / "data", plants)
    text = (data / "note.txt").read_text(encoding="utf-8")
    assert {v for _, told in plants.values() for v in told} <= set(seen(text, plants))
    assert seen(f"{plants['H'][1][0][1:7]} and", plants)
    assert seen(plants["A"][1][1].upper(), plants)
    assert not seen(Path(__file__).name, plants)

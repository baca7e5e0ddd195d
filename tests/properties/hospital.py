"""
An invented hospital of any size, written as files, and all that was planted in them.

Names are put together from syllables with consonants that no English word has side by side, so
that what is found of one in a copy is a leak and no accident; a tenth of the given names are listed
ones, for only those have nicknames. Numbers are specimens: SSN in areas that were never issued,
telephones 555-0100 to 555-0149 (which leaves fifty for surrogates), mail at example.org. The same
seed writes the same bytes.
"""

from __future__ import annotations

import calendar
import csv
import datetime as dt
import json
import random
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from phisweep.model import Run

#: The year of reference of every run over a hospital; no event lies after it.
REFERENCE = 2026
#: Born in or before it, somebody may be 90 in the year of reference.
OLD_BIRTH = REFERENCE - 90
PATIENTS, VISITS, LABS = "patients.csv", "visits.csv", "labs.csv"
MESSAGES, BUNDLE = "notes/messages.jsonl", "bundle.json"
SUBJECT_KEY: Mapping[str, str | tuple[str, ...]] = {
    PATIENTS: "mrn",
    "notes/*.jsonl": "/patient/id",
    "notes/*.txt": r"name:^(\d+)_",
    VISITS: ("mrn", "visit:visit_id"),
    LABS: "visit:visit_id",
    BUNDLE: "/patients/*/id",
}
HEADS: Mapping[str, tuple[str, ...]] = {
    PATIENTS: (
        *("mrn", "first_name", "middle_name", "last_name", "sex", "dob", "ssn", "phone", "email"),
        *("street", "city", "state", "zip"),
    ),
    VISITS: ("mrn", "visit_id", "admit_date", "discharge_date", "age", "attending"),
    LABS: ("visit_id", "collected", "test", "value"),
}

_FIRST = "Bry Cal Dro Fen Gav Hul Jor Kel Lum Mav Nol Orv Pel Ryl Sev Tam Ulm Vey Wyn Yor".split()  # noqa: SIM905
_LAST = "Bral Cron Dask Elv Fosk Grav Hask Ilv Jask Krol Lorv Morv Nask Osk Prav Quel Rusk".split()  # noqa: SIM905
_BETWEEN = ("zv", "kj", "vj", "zk", "xw")
_ENDS = {"F": ("ia", "ena", "ora", "elle"), "M": ("on", "or", "ek", "us")}
_LAST_BETWEEN = ("ozw", "azk", "ivj", "ukj", "owx")
_LAST_ENDS = ("ick", "ard", "enna", "ost", "ulm", "ayne")
#: Listed given names with a nickname of theirs: what makes "Bob" of Robert is a list.
_LISTED = {
    "F": (("Margaret", "Peggy"), ("Elizabeth", "Betsy"), ("Katherine", "Kathy")),
    "M": (("Robert", "Bobby"), ("William", "Billy"), ("Theodore", "Teddy")),
}
#: Initials that are a company's legal form or a country, and then nobody knows what they are.
_NOT_INITIALS = frozenset({"P.C.", "P.A.", "L.P.", "U.K.", "U.S."})
_TOWN = ("Quorv", "Wexk", "Yarvz", "Thozk", "Ulvx", "Ozkr")
_TOWN_ENDS = ("haven", "stead", "ford", "wick")
_STREET = ("Pravzow", "Skozwen", "Trivjal", "Vukjorn", "Wazkiel", "Yowxett")
_KINDS_OF_STREET = ("Lane", "Road", "Street", "Avenue")
_AREAS = "205 207 212 217 303 307 312 319 402 404 412 505 512 603 605 617 701 802 907 919".split()  # noqa: SIM905
#: 18 areas of 20,000 people or fewer in the census of 2020, then some of more.
SMALL_ZIP3 = "036 059 102 202 203 204 205 369 556 692 753 772 821 823 878 879 884 893".split()  # noqa: SIM905
LARGE_ZIP3 = "063 100 999 021 303 606 941 787".split()  # noqa: SIM905
_STATES = "NH VT CT NY AK NJ GA IL CA TX".split()  # noqa: SIM905
_RELATIONS = {"F": ("sister", "mother", "daughter"), "M": ("brother", "father", "son")}
_PRONOUNS = {"F": ("She", "Her", "woman"), "M": ("He", "His", "man")}
_TESTS = (("creatinine", 0.4, 2.0), ("potassium", 3.1, 5.2), ("hemoglobin", 8.0, 16.0))
_MONTHS = tuple(calendar.month_name)[1:]


@dataclass(frozen=True, slots=True)
class Form:
    """One way to write a day: `write` and `read` undo each other."""

    write: Callable[[dt.date], str]
    read: Callable[[str], dt.date]


def _form(pattern: str, *, upper: bool = False) -> Form:
    def write(day: dt.date) -> str:
        text = day.strftime(pattern)
        return text.upper() if upper else text

    return Form(write, lambda text: dt.datetime.strptime(text, pattern).date())  # noqa: DTZ007


def _long(day: dt.date) -> str:
    return f"{_MONTHS[day.month - 1]} {day.day}, {day.year}"


def _short(day: dt.date) -> str:
    return f"{day.month}/{day.day}/{day.year}"


def _brief(day: dt.date) -> str:
    return f"{_MONTHS[day.month - 1][:3]} {day.day} {day.year}"


def _reader(pattern: str) -> Callable[[str], dt.date]:
    return _form(pattern).read


def _named(text: str) -> dt.date:
    """Read a date with its month in words, whole or cut short: May is both."""
    return _reader("%b %d %Y")(re.sub(r"([A-Za-z]{3})[a-z]*", r"\1", text).replace(",", ""))


FORMS: Mapping[str, Form] = {
    "iso": _form("%Y-%m-%d"),
    "us": _form("%m/%d/%Y"),
    "us-short": Form(_short, _reader("%m/%d/%Y")),
    "us-two": _form("%m/%d/%y"),
    "dots": _form("%d.%m.%Y"),
    "military": _form("%d-%b-%Y", upper=True),
    "month": Form(_brief, _named),
    "long": Form(_long, _named),
    "compact": _form("%Y%m%d"),
    "moment": _form("%Y-%m-%dT09:30:00"),
    "minute": _form("%Y-%m-%d 14:32"),
}
#: Those by which a note writes the days of a visit; a birth has four figures of its year.
_NOTED = ("us", "us-short", "military", "month", "long", "dots", "iso", "us-two")
_BORN = ("us", "long", "military", "iso")


@dataclass(frozen=True, slots=True)
class Spot:
    """
    One planted value: an identifier of the model, which part of it, and where it stands.

    `address` is ("cell", row, column), ("line", number, group), ("text", record, number, group) or
    ("leaf", steps...), from 0. `when` and `form` are those of a date, `year` is that in which an
    age holds.
    """

    kind: str
    part: str
    text: str = field(repr=False)
    file: str = field(default="", repr=False)
    address: tuple[str | int, ...] = ()
    when: dt.date | None = field(default=None, repr=False)
    form: str = ""
    year: int = 0

    def located(self, file: str, *address: str | int) -> Spot:
        """Return the same value at a place."""
        return Spot(self.kind, self.part, self.text, file, address, self.when, self.form, self.year)


@dataclass(frozen=True, slots=True)
class Visit:
    """A stay: `age` is that of the patient on the day of admission."""

    id: str = field(repr=False)
    admitted: dt.date = field(repr=False)
    discharged: dt.date = field(repr=False)
    collected: tuple[dt.date, ...] = field(repr=False)
    age: int = field(repr=False)
    attending: tuple[str, str] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Patient:
    """Somebody invented; `spots` are all places in which something of theirs was planted."""

    mrn: str = field(repr=False)
    sex: str = field(repr=False)
    given: str = field(repr=False)
    nick: str = field(repr=False)
    middle: str = field(repr=False)
    surname: str = field(repr=False)
    born: dt.date = field(repr=False)
    ssn: str = field(repr=False)
    phone: str = field(repr=False)
    email: str = field(repr=False)
    street: str = field(repr=False)
    city: str = field(repr=False)
    state: str = field(repr=False)
    zip: str = field(repr=False)
    relative: str = field(repr=False)
    relative_phone: str = field(repr=False)
    visits: tuple[Visit, ...] = field(repr=False)
    spots: list[Spot] = field(default_factory=list, repr=False)

    @property
    def old(self) -> bool:
        """Say whether the patient may be 90 in the year of reference."""
        return self.born.year <= OLD_BIRTH

    @property
    def interval(self) -> dt.timedelta:
        """Return how long the first stay was."""
        return self.visits[0].discharged - self.visits[0].admitted

    def of(self, kind: str, *parts: str) -> Iterator[Spot]:
        """Yield the places of an identifier, or of some parts of it."""
        return (s for s in self.spots if s.kind == kind and (not parts or s.part in parts))


Pieces = Sequence[str | Spot]


@dataclass(frozen=True, slots=True)
class Planted:
    """The hospital in a folder; `lines` holds the words around the values of a line of text."""

    folder: Path
    patients: tuple[Patient, ...] = field(repr=False)
    lines: Mapping[tuple[str | int, ...], re.Pattern[str]] = field(repr=False)

    def values(self, *kinds: str) -> frozenset[str]:
        """Return the distinct values of some identifiers."""
        return frozenset(s.text for p in self.patients for s in p.spots if s.kind in kinds)


class Copies:
    """What stands in the copies of a hospital where something was planted in it."""

    def __init__(self, planted: Planted, run: Run, out: Path) -> None:
        self._planted = planted
        self._paths = {o.source.name: out / o.output for o in run.outcomes if o.output}
        self._read: dict[str, Sequence[Sequence[str]] | Sequence[str] | object] = {}

    @cached_property
    def names(self) -> Mapping[str, str]:
        """Return the name of each copy by that of its source."""
        return {name: path.name for name, path in self._paths.items()}

    def at(self, spot: Spot) -> str:
        """
        Return what stands in a value's place.

        Raises LookupError where the words around it are not there; it tells no value.
        """
        content = self._content(spot.file)
        kind, *steps = spot.address
        if kind in {"line", "text"}:
            *before, number, group = steps
            lines = content if kind == "line" else content[before[0]]["text"].split("\n")
            match = self._planted.lines[(spot.file, *before, number)].fullmatch(lines[number])
            if match is None:
                raise LookupError(f"line {number}, {spot.kind} {spot.part}")
            return match[int(group) + 1]
        for step in steps:
            content = content[step]
        return str(content)

    def texts(self, spots: Iterable[Spot]) -> list[str]:
        """Return what stands in the places of several."""
        return [self.at(spot) for spot in spots]

    def _content(self, file: str) -> object:
        if file not in self._read:
            text = self._paths[file].read_text(encoding="utf-8")
            if file.endswith(".csv"):
                self._read[file] = list(csv.reader(text.splitlines()))[1:]
            elif file.endswith(".jsonl"):
                self._read[file] = [json.loads(line) for line in text.splitlines()]
            else:
                self._read[file] = json.loads(text) if file == BUNDLE else text.split("\n")
        return self._read[file]


def hospital(folder: Path, seed: int, patients: int = 1000, noted: int = 10) -> Planted:
    """
    Write a hospital into a folder.

    Every patient has a row and one or two visits, `noted` of each ten a note, every tenth one a
    message and a record of the bundle. One of eight was born so early as to be 90 in REFERENCE.
    """
    draw = random.Random(seed)  # noqa: S311 - invented people
    staff = [_person(draw, draw.choice("FM"))[::2] for _ in range(12)]
    people = tuple(_patient(draw, i, staff) for i in range(patients))
    (folder / "notes").mkdir(parents=True)
    lines: dict[tuple[str | int, ...], re.Pattern[str]] = {}
    _tables(folder, people, draw)
    for i, patient in enumerate(people):
        if i * 7 % 10 < noted:
            _note(folder, patient, i, lines)
    _messages(folder, people[::10], lines)
    _bundle(folder, people[::10])
    return Planted(folder, people, lines)


def _person(draw: random.Random, sex: str) -> tuple[str, str, str]:
    """Return a given name, what friends make of it, and a surname."""
    given = draw.choice(_FIRST) + draw.choice(_BETWEEN) + draw.choice(_ENDS[sex])
    nick = given
    if draw.random() < 0.1:
        given, nick = draw.choice(_LISTED[sex])
    surname = draw.choice(_LAST) + draw.choice(_LAST_BETWEEN) + draw.choice(_LAST_ENDS)
    while f"{given[0]}.{surname[0]}." in _NOT_INITIALS:
        surname = draw.choice(_LAST) + draw.choice(_LAST_BETWEEN) + draw.choice(_LAST_ENDS)
    chance = draw.random()
    if chance < 0.05:
        surname += "-" + draw.choice(_LAST) + draw.choice(_LAST_BETWEEN) + draw.choice(_LAST_ENDS)
    elif chance < 0.1:
        surname = surname[:-4] + surname[-4:].translate(str.maketrans("aeiou", "áéíőü"))
    return given, nick, surname


def _patient(draw: random.Random, i: int, staff: Sequence[tuple[str, str]]) -> Patient:
    sex = draw.choice("FM")
    given, nick, surname = _person(draw, sex)
    years = (1921, 1933) if i % 8 == 3 else (1939, 2008)
    born = dt.date(draw.randint(*years), draw.randint(1, 12), draw.randint(1, 28))
    relation = draw.choice("FM")
    prefixes = (*SMALL_ZIP3, *LARGE_ZIP3)
    prefix = prefixes[i % len(prefixes)]
    return Patient(
        mrn=f"00{41_000_000 + 7919 * i + draw.randrange(7919)}",
        sex=sex,
        given=given,
        nick=nick,
        middle=_person(draw, sex)[0],
        surname=surname,
        born=born,
        ssn=f"{900 + i % 100}-{10 + i // 100 % 40:02}-{draw.randint(1000, 9999)}",
        phone=f"({_AREAS[i // 50 % 20]}) 555-01{i % 50:02}",
        email=f"{_ascii(given)}.{_ascii(surname)}{i}@example.org".lower(),
        street=f"{draw.randint(1, 998)} {draw.choice(_STREET)} {draw.choice(_KINDS_OF_STREET)}",
        city=draw.choice(_TOWN) + draw.choice(_TOWN_ENDS),
        state=draw.choice(_STATES),
        zip=f"{prefix}{draw.randint(1, 99):02}" + (f"-{1000 + i}" if i % 7 == 0 else ""),
        relative=f"{draw.choice(_RELATIONS[relation])}: {_person(draw, relation)[0]} {surname}",
        relative_phone=f"{_AREAS[-1 - i // 50 % 20]}-555-01{i % 50:02}",
        visits=tuple(_visits(draw, i, born, staff)),
    )


def _ascii(name: str) -> str:
    return name.translate(str.maketrans("áéíőü", "aeiou")).replace("-", "")


def _visits(
    draw: random.Random, i: int, born: dt.date, staff: Sequence[tuple[str, str]]
) -> Iterator[Visit]:
    day = dt.date(draw.randint(2012, 2019), draw.randint(1, 12), draw.randint(1, 28))
    for n in range(draw.choice((1, 1, 2))):
        stay = draw.randint(1, 40)
        before = (day.month, day.day) < (born.month, born.day)
        yield Visit(
            f"VX{550_000_000 + 97 * (3 * i + n)}",
            day,
            day + dt.timedelta(stay),
            (day, day + dt.timedelta(stay)) if n == 0 else (day,),
            day.year - born.year - before,
            draw.choice(staff),
        )
        day += dt.timedelta(draw.randint(60, 700))


def _day(part: str, when: dt.date, form: str) -> Spot:
    return Spot("date", part, FORMS[form].write(when), when=when, form=form)


def _name(part: str, text: str) -> Spot:
    return Spot("name", part, text)


def _tables(folder: Path, people: Sequence[Patient], draw: random.Random) -> None:
    rows: dict[str, list[list[str]]] = {file: [] for file in HEADS}

    def row(patient: Patient, file: str, *cells: str | Spot) -> None:
        for column, cell in enumerate(cells):
            if isinstance(cell, Spot):
                patient.spots.append(cell.located(file, "cell", len(rows[file]), column))
        rows[file].append([_text(cell) for cell in cells])

    for p in people:
        row(
            p, PATIENTS, Spot("mrn", "own", p.mrn), _name("given", p.given),
            _name("middle", p.middle), _name("surname", p.surname), p.sex,
            _day("birth", p.born, "iso"), Spot("ssn", "own", p.ssn), Spot("phone", "own", p.phone),
            Spot("email", "own", p.email), Spot("location", "street", p.street),
            Spot("location", "city", p.city), p.state, Spot("zip", "own", p.zip),
        )  # fmt: skip
        for n, v in enumerate(p.visits):
            given, surname = v.attending
            row(
                p, VISITS, Spot("mrn", "own", p.mrn), Spot("other_id", "visit", v.id),
                _day(f"admitted {n}", v.admitted, "iso"), _day(f"left {n}", v.discharged, "iso"),
                Spot("age", "own", str(v.age), year=v.admitted.year),
                Spot("name", "attending", f"{given} {surname}, MD"),
            )  # fmt: skip
            for k, day in enumerate(v.collected):
                test, low, high = draw.choice(_TESTS)
                row(
                    p, LABS, Spot("other_id", "visit", v.id), _day(f"drawn {n}.{k}", day, "moment"),
                    test, f"{draw.uniform(low, high):.1f}",
                )  # fmt: skip
    for file, cells in rows.items():
        with (folder / file).open("w", encoding="utf-8", newline="") as target:
            csv.writer(target, lineterminator="\n").writerows([HEADS[file], *cells])


def _text(piece: str | Spot) -> str:
    return piece.text if isinstance(piece, Spot) else piece


def _body(
    patient: Patient,
    file: str,
    address: tuple[str | int, ...],
    pieces: Sequence[Pieces],
    lines: dict[tuple[str | int, ...], re.Pattern[str]],
) -> str:
    """Return lines of text, and enter their values and the words around these."""
    for number, line in enumerate(pieces):
        spots = [piece for piece in line if isinstance(piece, Spot)]
        around = "".join("(.+?)" if isinstance(p, Spot) else re.escape(p) for p in line)
        lines[file, *address[1:], number] = re.compile(around)
        patient.spots.extend(
            spot.located(file, *address, number, group) for group, spot in enumerate(spots)
        )
    return "\n".join("".join(map(_text, line)) for line in pieces)


def _note(
    folder: Path, p: Patient, i: int, lines: dict[tuple[str | int, ...], re.Pattern[str]]
) -> None:
    """Write the discharge summary of the first visit, under a name that tells who it is of."""
    file = f"notes/{p.mrn}_{_ascii(p.surname)}_{_ascii(p.given)}.txt"
    p.spots.append(Spot("mrn", "file name", p.mrn, file))
    p.spots.append(_name("file name", _ascii(p.surname)).located(file))
    text = _body(p, file, ("line",), _summary(p, i), lines)
    (folder / file).write_text(text, encoding="utf-8")


def _summary(p: Patient, i: int) -> Sequence[Pieces]:
    visit = p.visits[0]
    given, surname = visit.attending
    she, her, woman = _PRONOUNS[p.sex]
    form, other, born = _NOTED[i % 8], _NOTED[(i + 3) % 8], _BORN[i % 4]
    relation, _, relative = p.relative.partition(": ")
    age = Spot("age", "note", str(visit.age), year=visit.admitted.year)
    lines: list[Pieces] = [
        ["DISCHARGE SUMMARY"],
        ["Patient: ", _name("last-first", f"{p.surname}, {p.given} {p.middle[0]}.")],
        ["MRN: ", Spot("mrn", "note", p.mrn)],
        ["DOB: ", _day("birth", p.born, born)],
        ["Admitted: ", _day("admitted 0", visit.admitted, form)],
        ["Discharged: ", _day("left 0", visit.discharged, other)],
        ["Attending: ", _name("attending", f"{given} {surname}"), ", MD"],
        [],
        [_name("capitals", f"{p.given} {p.surname}".upper()), " is a ", age, f"-year-old {woman}."],
        ["Blood was drawn on ", _day("drawn 0.0", visit.collected[0], other), ", and was normal."],
        [f"Call the {relation}, ", _name("relative", relative), ", at ", Spot("phone", "relative", p.relative_phone), "."],
        ["Pt ", _name("surname", p.surname), " tolerated the procedure well; BP 120/80, pain 2/10."],
        [_name("given", p.given), " may be reached at ", Spot("phone", "note", p.phone), "."],
        ["Pt. ", _name("initials", f"{p.given[0]}.{p.surname[0]}."), " agreed in writing; friends say ", _name("nick", p.nick), "."],
        [f"{her} address is ", Spot("location", "address", f"{p.street}, {p.city}"), f", {p.state} ", Spot("zip", "note", p.zip), "."],
        ["Dr. ", _name("doctor", surname), f" will see the {woman} again in 2 weeks."],
        ["Signed by ", _name("attending", f"{given} {surname}"), ", MD, on ", _day("left 0", visit.discharged, "minute"), "."],
    ]  # fmt: skip
    if p.old:
        born_in = Spot("birth-year", "note", str(p.born.year))
        milestone = Spot("age", "milestone", str(REFERENCE - p.born.year), year=REFERENCE)
        lines.append([f"{she} was born in ", born_in, " and has turned ", milestone, "."])
    return lines


def _messages(
    folder: Path,
    people: Sequence[Patient],
    lines: dict[tuple[str | int, ...], re.Pattern[str]],
) -> None:
    written = []
    for record, p in enumerate(people):
        visit = p.visits[-1]
        last = f"left {len(p.visits) - 1}"
        sent = _day(last, visit.discharged, "moment")
        own = (
            Spot("mrn", "message", p.mrn).located(MESSAGES, "leaf", record, "patient", "id"),
            _name("full", f"{p.given} {p.surname}").located(
                MESSAGES, "leaf", record, "patient", "name"
            ),
            sent.located(MESSAGES, "leaf", record, "sent"),
        )
        p.spots.extend(own)
        body: list[Pieces] = [
            ["Dear Dr. ", _name("doctor", visit.attending[1]), ","],
            ["this is ", _name("full", f"{p.given} {p.surname}"), ". My next visit should not be on ", _day(last, visit.discharged, "long"), "."],
            ["Please call me at ", Spot("phone", "message", p.phone), " or write to ", Spot("email", "message", p.email), "."],
            ["Thank you, ", _name("given", p.given)],
        ]  # fmt: skip
        text = _body(p, MESSAGES, ("text", record), body, lines)
        patient = {"id": p.mrn, "name": f"{p.given} {p.surname}"}
        written.append({"patient": patient, "sent": sent.text, "text": text})
    data = "".join(json.dumps(record) + "\n" for record in written)  # with \u escapes
    (folder / MESSAGES).write_text(data, encoding="utf-8")


def _bundle(folder: Path, people: Sequence[Patient]) -> None:
    """Write one document; the key of a record comes after what it is the key of."""
    records: list[Mapping[str, object]] = []
    for i, p in enumerate(people):
        visit = p.visits[0]
        leaves = {
            ("name", "family"): _name("surname", p.surname),
            ("name", "given", 0): _name("given", p.given),
            ("birthDate",): _day("birth", p.born, "iso"),
            ("phone",): Spot("phone", "bundle", p.phone),
            ("visits", 0, "admitted"): _day("admitted 0", visit.admitted, "iso"),
            ("visits", 0, "discharged"): _day("left 0", visit.discharged, "compact"),
            ("id",): Spot("mrn", "bundle", p.mrn),
        }
        p.spots.extend(
            spot.located(BUNDLE, "leaf", "patients", i, *steps) for steps, spot in leaves.items()
        )
        stay = {"admitted": _iso(visit.admitted), "discharged": f"{visit.discharged:%Y%m%d}"}
        records.append(
            {
                "name": {"family": p.surname, "given": [p.given]},
                "birthDate": _iso(p.born),
                "phone": p.phone,
                "visits": [stay],
                "id": p.mrn,
            }
        )
    data = json.dumps({"patients": records}, ensure_ascii=False, indent=1)
    (folder / BUNDLE).write_text(data, encoding="utf-8")


def _iso(day: dt.date) -> str:
    return day.isoformat()

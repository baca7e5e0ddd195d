"""
Write sample_data/: the texts and, beside them, the findings that are expected in them.

    python sample_data/generate.py           writes
    python sample_data/generate.py --check   says which files differ from what would be written

Offsets in gold.jsonl are half-open code points in the block of text at `where`: the whole file for
text, the unquoted cell for CSV, the string for JSON. They come from the marks of the templates, so
they are right by construction.
"""

from __future__ import annotations

import csv
import io
import json
import random
import string
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

import hospital
from marks import OLD, Span, mark, render, unmarked

import templates
from phisweep.model import IDENTIFIERS

SEED = 20261030
PATIENTS = 40
ENCOUNTERS = 60
MESSAGES = 20
HERE = Path(__file__).parent


@dataclass(slots=True)
class Sample:
    """The files by their names, as text, and the lines of gold.jsonl."""

    files: dict[str, str] = field(default_factory=dict)
    gold: list[Mapping[str, str | int]] = field(default_factory=list)

    def expect(self, path: str, where: str, spans: Sequence[Span]) -> None:
        """Add findings in one block of text."""
        self.gold.extend(
            {
                "path": path,
                "where": where,
                "start": span.start,
                "end": span.end,
                "identifier": span.identifier,
                "letter": IDENTIFIERS[span.identifier],
            }
            for span in spans
        )


def fields(chance: random.Random, patient: hospital.Person, admit: date) -> dict[str, str]:
    """Return what the templates may ask of a patient and an encounter."""
    attending, nurse, consultant = chance.sample(hospital.STAFF, 3)
    relative, _, sex, _ = chance.choice(hospital.NAMES)
    age = patient.age(admit)
    relation = chance.choice(hospital.RELATIONS["child" if age < hospital.ADULT else "adult", sex])
    discharge = admit + timedelta(days=chance.randrange(1, 9))
    plain = {
        "first": patient.first,
        "last": patient.last,
        "nickname": patient.first[:4].rstrip("-"),
        "title": "Ms." if patient.sex == "F" else "Mr.",
        "sex": patient.sex,
        "age": str(age),
        "mrn": patient.mrn,
        "ssn": patient.ssn,
        "street": patient.street,
        "city": patient.city,
        "state": patient.state,
        "zip": patient.zip,
        "phone": patient.phone,
        "phone_bare": patient.phone.lstrip("+1 "),
        "email": patient.email,
        "member": patient.member,
        "provider": patient.provider,
        "attending": attending,
        "nurse": nurse,
        "consultant": consultant,
        "relative": f"{relative} {patient.last}",
        "relation": relation,
        "relation_title": relation.capitalize(),
        "parent_age": str(chance.randrange(OLD, 104)),
        "number": str(chance.randrange(1000, 10_000)),
        "account": f"7{chance.randrange(10**7):07d}",
    }
    parts = {
        f"{key}_last": plain[key].split()[-1] for key in ("provider", "attending", "consultant")
    }
    days = {
        "admit": admit,
        "discharge": discharge,
        "followup": discharge + timedelta(days=14),
        "earlier": admit - timedelta(days=chance.randrange(100, 700)),
        "born": patient.born,
    }
    found = plain | parts
    for name, day in days.items():
        found |= hospital.dates(name, day)
    lower = {f"{key}_lower": text.lower() for key, text in found.items()}
    upper = {f"{key}_upper": text.upper() for key, text in found.items()}
    return found | lower | upper


def notes(
    chance: random.Random, people: Sequence[hospital.Person]
) -> Iterator[tuple[str, str, list[Span]]]:
    """Yield a name, text and spans of one note of each kind, of a patient of fitting age."""
    for name, (least, template) in templates.NOTES.items():
        admit = hospital.TODAY - timedelta(days=chance.randrange(30, 600))
        patient = chance.choice([each for each in people if each.age(admit) >= least])
        yield name, *render(template, fields(chance, patient, admit))


def table(sample: Sample, path: str, header: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Add a CSV file; a cell may hold marks. Records and columns count from 1, without the header."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(header)
    for record, row in enumerate(rows, start=1):
        line = out.getvalue().count("\n") + 1
        cells = [unmarked(cell) for cell in row]
        writer.writerow([text for text, _ in cells])
        for column, (_, spans) in enumerate(cells, start=1):
            sample.expect(path, f"record {record}, line {line}, column {column}", spans)
    sample.files[path] = out.getvalue()


def patient_row(patient: hospital.Person) -> list[str]:
    """Return the cells of patients.csv."""
    return [
        mark("mrn", patient.mrn),
        mark("name", patient.first),
        mark("name", patient.last),
        mark("date", patient.born.isoformat()),
        patient.sex,
        mark("ssn", patient.ssn),
        mark("location", patient.street),
        mark("location", patient.city),
        patient.state,
        mark("zip", patient.zip),
        mark("phone", patient.phone),
        mark("email", patient.email),
        mark("health_plan", patient.member),
        f"{mark('name', patient.provider)}, MD",
        patient.language,
    ]


def encounter_row(chance: random.Random, number: int, patient: hospital.Person) -> list[str]:
    """Return the cells of encounters.csv; every ninth patient is still in the house."""
    admit = hospital.TODAY - timedelta(days=chance.randrange(0, 900))
    age = patient.age(admit)
    fitting = [rest for least, most, *rest in templates.ENCOUNTERS if least <= age <= most]
    department, code, diagnosis, note = fitting[number % len(fitting)]
    known = fields(chance, patient, admit)
    return [
        mark("other_id", f"E24{number * 31 + 17:06d}"),
        mark("mrn", patient.mrn),
        mark("date", known["admit_iso"]),
        mark("date", known["discharge_iso"]) if number % 9 else "",
        department,
        code,
        diagnosis,
        f"{chance.randrange(90, 48_000)}.{chance.randrange(100):02d}",
        f"{chance.randrange(62, 171) / 10}",
        string.Template(note).substitute(known),
    ]


def message(chance: random.Random, number: int, patient: hospital.Person) -> Mapping[str, object]:
    """Return one message as nested values; its strings may hold marks."""
    subject, body = templates.MESSAGES[number % len(templates.MESSAGES)]
    sent = hospital.TODAY - timedelta(days=chance.randrange(1, 300))
    known = fields(chance, patient, sent)
    clock = f"T{chance.randrange(7, 22):02d}:{chance.randrange(60):02d}:00Z"
    replies = chance.sample(templates.REPLIES, number % 3)
    return {
        "id": mark("other_id", f"msg-{number * 7 + 431:06d}"),
        "sent": mark("date", sent.isoformat() + clock),
        "priority": 1 + number % 3,
        "read": number % 2 == 0,
        "patient": {
            "name": mark("name", f"{patient.first} {patient.last}"),
            "mrn": mark("mrn", patient.mrn),
            "dob": mark("date", patient.born.isoformat()),
            "contact": {
                "email": mark("email", patient.email),
                "phone": mark("phone", patient.phone),
            },
        },
        "to": {"name": mark("name", patient.provider), "role": "physician"},
        "subject": string.Template(subject).substitute(known),
        "body": string.Template(body).substitute(known),
        "thread": [string.Template(reply).substitute(known) for reply in replies],
        "client": {"ip": mark("ip", f"192.0.2.{number + 11}"), "agent": "Portal/4.12.0 (tablet)"},
        "vitals": {"weight_kg": chance.randrange(450, 1100) / 10, "a1c": None},
    }


def without_marks(value: object, pointer: str, found: dict[str, list[Span]]) -> object:
    """Return the value with the marks of its strings taken out, noting them by JSON pointer."""
    if isinstance(value, str):
        text, found[pointer] = unmarked(value)
        return text
    if isinstance(value, dict):
        return {
            key: without_marks(inner, f"{pointer}/{key}", found) for key, inner in value.items()
        }
    if isinstance(value, list):
        return [without_marks(inner, f"{pointer}/{i}", found) for i, inner in enumerate(value)]
    return value


def messages(sample: Sample, chance: random.Random, people: Sequence[hospital.Person]) -> None:
    """Add messages.jsonl; every fourth line writes what is not ASCII as an escape."""
    path, lines = "messages.jsonl", []
    adults = [each for each in people if each.age(hospital.TODAY) > hospital.ADULT]
    for number in range(MESSAGES):
        found: dict[str, list[Span]] = {}
        value = without_marks(message(chance, number, adults[number * 3 % len(adults)]), "", found)
        lines.append(json.dumps(value, ensure_ascii=number % 4 == 0) + "\n")
        for pointer, spans in found.items():
            sample.expect(path, f"line {number + 1}: {pointer}", spans)
    sample.files[path] = "".join(lines)


PATIENT_COLUMNS = [
    *("mrn", "first_name", "last_name", "dob", "sex", "ssn", "street", "city", "state", "zip"),
    *("phone", "email", "insurance_member_id", "primary_care_provider", "language"),
]
ENCOUNTER_COLUMNS = [
    *("encounter_id", "mrn", "admit_date", "discharge_date", "department", "diagnosis_code"),
    *("diagnosis", "charge_usd", "lab_hgb", "note"),
]


def generate(seed: int = SEED) -> Sample:
    """Return every file of the sample but the code and the README."""
    chance, sample = random.Random(seed), Sample()
    people = hospital.patients(chance, PATIENTS)
    table(sample, "patients.csv", PATIENT_COLUMNS, [patient_row(each) for each in people])
    stays = [encounter_row(chance, i, people[i * 7 % PATIENTS]) for i in range(ENCOUNTERS)]
    table(sample, "encounters.csv", ENCOUNTER_COLUMNS, stays)
    for name, text, spans in notes(chance, people):
        sample.files[f"notes/{name}"] = text
        sample.expect(f"notes/{name}", "text", spans)
    messages(sample, chance, people)
    sample.files["gold.jsonl"] = "".join(json.dumps(line) + "\n" for line in sample.gold)
    return sample


def main(arguments: Sequence[str]) -> int:
    """Write the files, or with --check compare them. Returns the exit status."""
    sample = generate()
    if list(arguments) == ["--check"]:
        stale = [
            name
            for name, text in sample.files.items()
            if not (HERE / name).is_file() or (HERE / name).read_bytes() != text.encode()
        ]
        for name in stale:
            sys.stderr.write(f"sample_data/{name} is not what the generator writes\n")
        return 1 if stale else 0
    if arguments:
        sys.stderr.write("usage: generate.py [--check]\n")
        return 2
    for name, text in sample.files.items():
        (HERE / name).parent.mkdir(exist_ok=True)
        (HERE / name).write_bytes(text.encode())
    sys.stderr.write(f"{len(sample.files)} files, {len(sample.gold)} expected findings\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""A small invented hospital in ten formats, each with the format's own reader."""

import csv
import json
import sqlite3
import zipfile
from pathlib import Path

import docx
import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq

#: Words of the data that nothing of ours may tell; none is in a list of surrogates.
SECRETS = ("Quillfeather", "Zephyrine", "Brambleshade", "Oystercatcher", "0041776", "417768")
ROWS = 60
NOTE = """Visit note

Patient: Zephyrine Quillfeather
Seen for a cough since last week. She lives at 12 Oystercatcher Lane. No fever was noted.
The chest is clear. Blood pressure was normal today. She takes no medicines at home.

Plan
Rest and fluids at home. Come back if there is fever. Discussed with Dr. Brambleshade.
Labs were normal, and the film shows nothing new. MRN 0041776 is on the bracelet.
"""


def rows():
    for i in range(ROWS):
        yield {
            "mrn": f"{41776000 + 37 * i:08}",
            "name": f"Quillfeather, Zephyrine{chr(97 + i % 26)}",
            "dob": f"{1950 + i % 50}-{1 + i % 12:02}-{1 + i % 28:02}",
            "phone": f"617-555-01{i:02}",
            "status": ("stable", "improved", "worse")[i % 3],
            "comment": f"Feels better on day {i} and eats well again at home.",
        }


def fhir():
    return {
        "resourceType": "Bundle",
        "type": "collection",
        "entry": [
            {
                "resource": {
                    "resourceType": "Patient",
                    "id": f"p{i}",
                    "name": [{"family": "Quillfeather", "given": ["Zephyrine"]}],
                    "birthDate": "1961-04-05",
                    "telecom": [{"system": "phone", "value": f"617-555-01{i:02}"}],
                }
            }
            for i in range(4)
        ]
        + [
            {
                "resource": {
                    "resourceType": "Observation",
                    "status": "final",
                    "code": {"text": "Weight"},
                    "note": [{"text": NOTE.replace("\n", " ")}],
                }
            }
        ],
    }


def hl7():
    lines = []
    for i in range(6):
        lines += [
            f"MSH|^~\\&|LAB|SITE|EHR|SITE|2024030410{i:02}||ORU^R01|M{i}|P|2.5",
            f"PID|1||4177{i}^^^SITE^MR||Quillfeather^Zephyrine||19610405|F|||12 Oystercatcher Lane^^Town^MA^01005||6175550123",
            "OBR|1|A1|B1|GLU^Glucose",
            "NTE|1||The sample was a little hemolyzed and should be drawn again next week.",
        ]
    return "\r".join(lines) + "\r"


def build(folder: Path) -> Path:
    """Write the hospital into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    table = [*rows()]
    with (folder / "patients.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, table[0])
        writer.writeheader()
        writer.writerows(table)
    (folder / "people.json").write_text(json.dumps(table[:20], indent=1))
    (folder / "visits.ndjson").write_text("".join(json.dumps(row) + "\n" for row in table[:20]))
    (folder / "note.txt").write_text(NOTE)
    (folder / "adt.hl7").write_text(hl7(), newline="")
    (folder / "bundle.json").write_text(json.dumps(fhir(), indent=1))
    columns = {key: [row[key] for row in table] for key in table[0]}
    pq.write_table(pa.table(columns), folder / "table.parquet")
    book = openpyxl.Workbook()
    book.active.append([*table[0]])
    for row in table:
        book.active.append([*row.values()])
    book.save(folder / "book.xlsx")
    with sqlite3.connect(folder / "store.sqlite") as base:
        base.execute("CREATE TABLE patients (mrn, name, dob, phone, status, comment)")
        base.executemany(
            "INSERT INTO patients VALUES (?,?,?,?,?,?)", [tuple(row.values()) for row in table]
        )
    base.close()
    document = docx.Document()
    for line in filter(None, NOTE.splitlines()):
        document.add_paragraph(line)
    document.save(folder / "letter.docx")
    return folder


def texts(path: Path) -> list[str]:
    """Every text of a file, by the reader that users would open it with."""
    return READERS.get(path.suffix, lambda p: [p.read_bytes().decode()])(path)


def _csv(path):
    with path.open(newline="", encoding="utf-8") as file:
        return [cell for row in csv.reader(file) for cell in row]


def _xlsx(path):
    book = openpyxl.load_workbook(path)
    return [str(c) for sheet in book for row in sheet.values for c in row if c is not None]


def _sqlite(path):
    with sqlite3.connect(path) as base:
        found = [str(v) for row in base.execute("SELECT * FROM patients") for v in row]
    base.close()
    return found


def _docx(path):
    with zipfile.ZipFile(path) as package:
        properties = package.read("docProps/core.xml").decode()
    return [properties, *(paragraph.text for paragraph in docx.Document(path).paragraphs)]


READERS = {
    ".csv": _csv,
    ".json": lambda path: [*_strings(json.loads(path.read_text()))],
    ".ndjson": lambda path: [
        s for line in path.read_text().splitlines() for s in _strings(json.loads(line))
    ],
    ".parquet": lambda path: [
        str(v) for row in pq.read_table(path).to_pylist() for v in row.values()
    ],
    ".xlsx": _xlsx,
    ".sqlite": _sqlite,
    ".docx": _docx,
}


def _strings(value):
    if isinstance(value, dict):
        for inner in value.values():
            yield from _strings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _strings(inner)
    else:
        yield str(value)

"""FHIR bundles, bulk data and notebooks of a size, and the bare parser of Python reading them."""

import json
from collections.abc import Iterator
from pathlib import Path

MEGABYTE = 1 << 20


def _resources(bytes_: int) -> Iterator[str]:
    """Yield resources of about that many bytes in all: a patient, then what was seen of her."""
    at = number = 0
    while at < bytes_:
        patient = f"00000000-1111-2222-3333-{number // 50:012d}"
        if number % 50 == 0:
            resource = {
                "resourceType": "Patient",
                "id": patient,
                "name": [{"family": f"Quill{number}", "given": ["Tamsin"]}],
                "birthDate": "1950-03-04",
            }
        else:
            resource = {
                "resourceType": "Observation",
                "id": f"10000000-1111-2222-3333-{number:012d}",
                "status": "final",
                "code": {
                    "coding": [{"system": "http://loinc.org", "code": "8302-2"}],
                    "text": "Height",
                },
                "subject": {"reference": f"Patient/{patient}"},
                "effectiveDateTime": "2021-03-04T10:11:12-05:00",
                "valueQuantity": {"value": 150 + number % 50, "unit": "cm"},
                "note": [{"text": "Seen with her daughter, and measured twice without shoes."}],
            }
        text = json.dumps(resource)
        at, number = at + len(text), number + 1
        yield text


def make_bundle(path: Path, megabytes: int) -> None:
    with path.open("w") as file:
        file.write('{"resourceType": "Bundle", "type": "collection", "entry": [\n')
        for number, resource in enumerate(_resources(megabytes * MEGABYTE)):
            url = f"https://ehr.example/fhir/x/{number}"
            file.write(",\n" * (number > 0) + f'{{"fullUrl": "{url}", "resource": {resource}}}')
        file.write("\n]}\n")


def make_lines(path: Path, megabytes: int) -> None:
    with path.open("w") as file:
        file.writelines(f"{resource}\n" for resource in _resources(megabytes * MEGABYTE))


def make_notebook(path: Path, megabytes: int) -> None:
    rows = "".join(f"<tr><th>{i}</th><td>Tamsin Quill</td><td>{i}</td></tr>\n" for i in range(200))
    html = f"<table><thead><tr><th></th><th>name</th><th>n</th></tr></thead>{rows}</table>"
    output = {
        "output_type": "display_data",
        "metadata": {},
        "data": {"text/html": html.splitlines(True)},
    }
    cell = {
        "cell_type": "code",
        "execution_count": None,
        "metadata": {},
        "source": ["frame.head(200)"],
        "outputs": [output],
    }
    cells = [cell] * max(1, megabytes * MEGABYTE // len(json.dumps(cell, indent=1)))
    path.write_text(
        json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 4}, indent=1)
    )


def bare(path: Path) -> None:
    json.loads(path.read_bytes())


def bare_lines(path: Path) -> None:
    with path.open("rb") as file:
        for line in file:
            json.loads(line)


CASES = [
    ("fhir", make_bundle, bare),
    ("fhir-ndjson", make_lines, bare_lines),
    ("notebook", make_notebook, bare),
]

"""Texts, delimited tables and JSON."""

import csv
import io
import json

from conformance.sample import Sample


def plain(canary):
    return f"Seen today.\r\nWrite to {canary()} or {canary()}.\n\n\tEnd: {canary()}".encode()


def delimited(canary):
    rows = [["part of day", f"contact {canary()}", "note"]]
    rows += [["morning", canary(), f'He said "{canary()}",\r\nand left'] for i in range(5)]
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def table(data):
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    return [[len(row), row[0]] for row in rows]


def whole_json(canary):
    return json.dumps(
        {"a": [1, 2.50, canary()], canary(): {"b": f"\u00fc \\ {canary()}"}, "n": None}, indent=1
    ).encode()


def shape(value):
    if isinstance(value, dict):
        return {"keys": [shape(each) for each in value.values()]}
    if isinstance(value, list):
        return [shape(each) for each in value]
    return value if isinstance(value, float | int | None) else "text"


def lines(canary):
    return b"".join(
        json.dumps({"i": i, "to": canary(), "t": f"a\n{canary()}"}).encode() + b"\n"
        for i in range(4)
    )


def code(canary):
    line = "# the patient wrote from {}, said the patient\r\n"
    return f"x = 1\n{''.join(line.format(canary()) for _ in range(3))}y = 2".encode()


SAMPLES = [
    Sample("program.py", code, lambda data: data.count(b"\n")),
    Sample("note.txt", plain, lambda data: data.count(b"\n")),
    Sample("people.csv", delimited, table),
    Sample("tree.json", whole_json, lambda data: shape(json.loads(data))),
    Sample(
        "lines.jsonl",
        lines,
        lambda data: [shape(json.loads(line)) for line in data.splitlines()],
        least=8,
    ),
]

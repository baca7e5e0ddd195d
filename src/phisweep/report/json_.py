"""The machine record as text: one form for one record, so that it has a digest."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from pydantic_core import to_json

from phisweep.report.base import renderer
from phisweep.report.record import RunRecord


@renderer("json")
def render(record: RunRecord) -> str:
    """
    Return run.json: the schema's order of keys, tables of names sorted, 2 spaces, one LF.

    A file is one line, for there may be very many.
    """
    return "".join(pieces(record))


def digest(record: RunRecord) -> str:
    """Return the SHA-256 of the bytes of run.json, in the memory of its largest part."""
    found = hashlib.sha256()
    for piece in pieces(record):
        found.update(piece.encode())
    return found.hexdigest()


def pieces(record: RunRecord) -> Iterator[str]:
    """Yield the text by keys, and lists of parts by part: a record may have many files."""
    comma = "{\n"
    for name, field in type(record).model_fields.items():
        value = getattr(record, name)
        yield f'{comma}  "{field.alias or name}": '
        comma = ",\n"
        if isinstance(value, tuple) and value:
            before = "[\n"
            for part in value:
                yield f"{before}    {_line(part) if name == 'files' else _dumped(part, 4)}"
                before = ",\n"
            yield "\n  ]"
        else:
            yield _dumped(value, 2)
    yield "\n}\n"


def _line(part: object) -> str:
    return to_json(part, by_alias=True).decode()


def _dumped(value: object, indent: int) -> str:
    text = to_json(value, indent=2, by_alias=True).decode()
    return text.replace("\n", "\n" + " " * indent)  # a string's own line feeds are escaped

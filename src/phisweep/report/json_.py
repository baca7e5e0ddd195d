"""The machine record as text: one form for one record, so that it has a digest."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from phisweep.filed import text_of
from phisweep.report.base import renderer
from phisweep.report.record import RunRecord

_DIGEST = "_sha256"


@renderer("json")
def render(record: RunRecord) -> str:
    """
    Return run.json: the schema's order of keys, tables of names sorted, 2 spaces, one LF.

    A file is one line, for there may be very many.
    """
    return "".join(pieces(record))


def digest(record: RunRecord) -> str:
    """Return the SHA-256 of the bytes of run.json, in the memory of its largest part; told once."""
    if _DIGEST not in vars(record):
        found = hashlib.sha256()
        for piece in pieces(record):
            found.update(piece.encode())
        vars(record)[_DIGEST] = found.hexdigest()  # no field: a copy has its own
    return str(vars(record)[_DIGEST])


def pieces(record: RunRecord) -> Iterator[str]:
    """Yield the text by keys, and lists of parts by part: a record may have many files."""
    comma = "{\n"
    for name, key in record.model_keys().items():
        value = getattr(record, name)
        yield f'{comma}  "{key}": '
        comma = ",\n"
        if isinstance(value, tuple) and value:
            before = "[\n"
            for part in value:
                yield f"{before}    {text_of(part) if name == 'files' else _dumped(part, 4)}"
                before = ",\n"
            yield "\n  ]"
        else:
            yield _dumped(value, 2)
    yield "\n}\n"


def _dumped(value: object, indent: int) -> str:
    text = text_of(value, indent=2)
    return text.replace("\n", "\n" + " " * indent)  # a string's own line feeds are escaped

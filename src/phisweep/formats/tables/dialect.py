"""What a table's first records say of it: its delimiter, and whether they begin with a header."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from phisweep.formats.tables.lexer import lex

DELIMITERS = (b",", b";", b"\t", b"|", b"^")
SNIFFED_RECORDS = 200
SNIFFED_BYTES = 1 << 18
AGREED = 0.9  # share of records with the header's number of fields that makes a delimiter sure
SUCH = 0.8  # share of a column's cells that makes it a column of such

_CLASSES = (
    ("year", re.compile(r"(?:19|20)[0-9]{2}")),
    ("number", re.compile(r"[-+]?[$]?[0-9][0-9,]*(?:[.][0-9]+)?(?:[eE][-+]?[0-9]+)?%?")),
    ("date", re.compile(r"[0-9]{1,4}([-/.])[0-9]{1,2}\1[0-9]{1,4}(?:[T ][0-9:.+Z-]+)?")),
    ("uuid", re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")),
)


def sniff_delimiter(head: bytes, preferred: bytes, *, final: bool) -> bytes:
    """
    Return the delimiter under which the records agree best with the first, quotes considered.

    One that does not stand in the first record is out. Where several agree nearly always, the
    preferred one (that of the suffix) is taken, then the one with more fields; where none stands
    there, the preferred: the table has one column. `final`: the head is the whole table.
    """
    best, chosen = (False, False, 0.0, 0), preferred
    for delimiter in DELIMITERS:
        counts = lex(head[:SNIFFED_BYTES], delimiter, final=final and len(head) <= SNIFFED_BYTES)
        widths = counts.counts[:SNIFFED_RECORDS]
        if not len(widths) or widths[0] < 2:  # noqa: PLR2004 - one field has no delimiter
            continue
        share = float(np.mean(widths == widths[0]))
        score = (share >= AGREED, delimiter == preferred, share, int(widths[0]))
        if score > best:
            best, chosen = score, delimiter
    return chosen


def begins_with_header(first: Sequence[str], others: Sequence[Sequence[str]]) -> bool:
    """
    Say whether the first record names the columns; only evidence against it makes it data.

    The evidence is a cell that is a number, date or UUID in a column of such. A year may well
    be the name of a column of numbers, so a year counts in a column of years only.
    """
    for j, cell in enumerate(first):
        kind = _class(cell)
        cells = [record[j] for record in others if j < len(record) and record[j]]
        if kind and cells:
            such = sum(_is(kind, other) for other in cells)
            if such >= SUCH * len(cells):
                return False
    return True


def _class(cell: str) -> str:
    return next((name for name, form in _CLASSES if form.fullmatch(cell.strip())), "")


def _is(kind: str, cell: str) -> bool:
    other = _class(cell)
    return other == kind or (kind == "number" and other == "year")

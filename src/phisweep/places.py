"""What places of a document are called outside: without row numbers, and without what may be data."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from phisweep.formats.base import Part
from phisweep.model import Column, Finding, Location, Source, Text

_INDEX = re.compile(r"(?<=/)\d+(?=/|$)")
#: The numbers of an XPath's steps: /a[1]/b[2].
_XPATH = re.compile(r"\[\d+\](?=/|$)")
_ROW = re.compile(r"^(?:line|record) \d+: ?")
_PIECE = re.compile(r"@\d+$|, from record \d+$")
_PLAIN_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_ ./()%#-]{0,47}")
_LONG_NUMBER = re.compile(r"\d{4}")
#: An attribute of DICOM by tag and keyword: its numbers are the standard's.
_ATTRIBUTE = re.compile(r"\([0-9A-F]{4},[0-9A-F]{4}\)(?:\[\d+\])?(?=\.\(| [A-Z][A-Za-z]|$)")


def part_source(
    source: Source, part: Part, number: int, find: Callable[[Text], Sequence[Finding]]
) -> Source:
    """
    Return the source as which a part is judged and linked: `visits.xlsx!Sheet1`.

    It is shown by its name where nothing is found in that, else by its number from 1: `part 2`.
    """
    if not part.name:
        return source
    name = Text(Location(source.shown, "part"), part.name, kind="filename")
    plain = all(map(_PLAIN_NAME.fullmatch, part.name.replace("!", "/").split("/")))
    told = plain and not looks_like_data(part.name) and not find(name)
    shown = part.name if told else f"part {number}"
    return replace(source, name=f"{source.name}!{part.name}", shown=f"{source.shown}!{shown}")


def in_name(name: str, find: Callable[[Text], Sequence[Finding]], *, quiet: bool) -> list[Finding]:
    """
    Return what is found in a path, of the block that stands for it.

    `quiet`, as a search is and a copy is not: the last part of a path to source code is read as
    that. `from_dataframe.py` names no town, and `2019_03_04_users.php` the day of no patient.
    """
    from phisweep.detect.detector import stem_end  # noqa: PLC0415 - to write a name needs neither
    from phisweep.formats.choose import named_code  # noqa: PLC0415 - as above

    found = [*find(Text(Location("", "filename"), name, kind="filename"))]
    if not quiet or not named_code(name):
        return found
    last = name.rfind("/") + 1
    stem = name[last : stem_end(name)].replace("_", " ")
    words = Text(Location("", "filename"), stem, kind="code")
    return [
        *(f for f in found if f.start < last),
        *(replace(f, start=f.start + last, end=f.end + last) for f in find(words)),
    ]


def column_place(block: Column, *, hidden: bool) -> str:
    """Return `column 4 (dob)`; `hidden`: something was found in its name, which is left out."""
    label = block.label.strip()
    plain = _PLAIN_NAME.fullmatch(label) and not looks_like_data(label)
    named = plain and not hidden
    return f"column {block.index + 1} ({label})" if named else f"column {block.index + 1}"


def place_of(address: str) -> str:
    """Return the part of an address that repeats: row numbers and array indices taken out."""
    if address.startswith("/"):
        address = _XPATH.sub("", address)
    return _PIECE.sub("", _INDEX.sub("*", _ROW.sub("", address)))


def looks_like_data(name: str) -> bool:
    """Say whether the name of a column or key holds a number that could be one of the data."""
    return _LONG_NUMBER.search(_ATTRIBUTE.sub("", name) if "," in name else name) is not None

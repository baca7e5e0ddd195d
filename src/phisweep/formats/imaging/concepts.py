"""
Structured content: values that go whole for what their concept says they are.

PS3.15 table E.3.4-1, the option Clean Structured Content: an accession number, the name of an
organisation, a room or the serial number of a device is a text like any other, and what it is stands
in the code beside it. Templates ask for the item, so that it stays, and its value is another.
"""

from __future__ import annotations

import re

from phisweep.formats.imaging.elements import DataSet
from phisweep.formats.imaging.profile import Profile

_OPTION = "clean-structured-content"
_NAME, _TYPE, _CODE, _SYSTEM = 0x0040A043, 0x0040A040, 0x00080100, 0x00080102
_MEASURED, _NUMBERS = 0x0040A300, frozenset((0x0040A30A, 0x0040A161, 0x0040A162, 0x0040A163))
#: Sequences of content items: content, acquisition context, steps of preparing a specimen.
_CONTENT = frozenset((0x0040A730, 0x00400555, 0x00400612))
#: Where the value of an item stands, by its type. Names, UIDs and references are treated by theirs.
_VALUES = {
    "TEXT": frozenset((0x0040A160,)),
    "DATE": frozenset((0x0040A121,)),
    "TIME": frozenset((0x0040A122,)),
    "DATETIME": frozenset((0x0040A120,)),
    "CODE": frozenset((0x0040A168,)),
    "NUM": _NUMBERS,
    "CONTAINER": frozenset((0x0040A730,)),
}
_AGE = ("NUM", "DCM", "121033")
_NUMBER = re.compile(r"\d{1,3}(?:\.\d*)?")
_OLDEST = 89
_NONE: frozenset[int] = frozenset()


def replaced(data: DataSet, within: int, profile: Profile) -> frozenset[int]:
    """Return the tags whose values go in an item `within` a sequence, whatever is found in them."""
    if within not in _CONTENT and within != _MEASURED:
        return _NONE
    if _OPTION not in profile.options:
        return _NONE
    item = data if within in _CONTENT else data.parent
    if item is None:
        return _NONE
    name = item.get(_NAME)
    kind = item.told(_TYPE) or ("NUM" if within == _MEASURED else "TEXT")
    for code in (name.items or ()) if name is not None else ():
        concept = (kind, code.told(_SYSTEM), code.told(_CODE))
        if profile.concept(*concept) or (concept == _AGE and _is_old(data)):
            return _VALUES.get(kind, _NONE)
    return _NONE


def _is_old(data: DataSet) -> bool:
    """Say whether an age is told that would be over 89 if it were years."""
    match = _NUMBER.match(data.told(0x0040A30A).strip())
    return match is not None and float(match[0]) > _OLDEST

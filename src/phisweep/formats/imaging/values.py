"""
Values as pieces of text: what a rule looks at, and how what replaces it is written in its type.

A value is split at its backslashes, a name at its components too; each piece is a block of its own.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from phisweep.formats.imaging.elements import UNDIVIDED
from phisweep.marks import is_mark
from phisweep.model import Edit
from phisweep.splicing import splice

REMOVED = "[REMOVED]"
_COMPONENTS = ("family name", "given name", "middle name", "prefix", "suffix")
_GROUPS = ("", "ideographic ", "phonetic ")
_DAY = re.compile(r"\d{8}")
_YEAR = re.compile(r"\d{4}")
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_NUMBER = re.compile(r"\s*[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?\s*")
_TIME = re.compile(r"\d{2}(?::?\d{2}(?::?\d{2}(?:\.\d{1,6})?)?)?\s*")
_AGE = re.compile(r"(\d{3})([DWMY])")
_MOMENT = re.compile(r"(\d{8})(\d{0,6}(?:\.\d{1,6})?(?:[+-]\d{4})?)")
_UID = re.compile(r"(?!\.)(?!.*\.\.)[0-9.]{1,64}(?<!\.)")
#: What a value of these types must look like; of TM nothing is written.
_FORMS = {
    "TM": re.compile("(?!)"),
    "DS": _NUMBER,
    "IS": _NUMBER,
    "UI": _UID,
    "CS": re.compile(r"[A-Z0-9 _]{0,16}"),
}
_YEARS = re.compile(r"(\d{1,3})\+?")
_NAME_PARTS = re.compile(r"([\\^=])")
#: Code points that a value may have (PS3.5 table 6.2-1).
_LENGTHS = {"AE": 16, "AS": 4, "CS": 16, "DS": 16, "IS": 12, "LO": 64, "LT": 10240, "SH": 16} | {
    "ST": 1024,
    "PN": 64,
    "DT": 26,
    "DA": 8,
    "TM": 14,
    "UI": 64,
}
#: What stands where a value must, and none of the source's may; no search finds anything in it.
DUMMIES = {"DA": "19000101", "TM": "000000", "DT": "19000101000000", "AS": "000Y", "DS": "0"} | {
    "IS": "0",
    "CS": "REMOVED",
    "AE": "REMOVED",
    "UR": "",
    "UI": "",
}


def dummy(vr: str) -> str:
    """Return what may stand in place of a value of that type."""
    return DUMMIES.get(vr, REMOVED)


def split(vr: str, text: str) -> list[str]:
    """Return the pieces of a value, each other one a delimiter."""
    if vr == "PN":
        return _NAME_PARTS.split(text)
    return [text] if vr in UNDIVIDED else re.split(r"(\\)", text)


def steps(vr: str, pieces: Sequence[str]) -> list[tuple[str, str]]:
    """Return for each piece its place in the value, "[2].given name", and what it is called."""
    found: list[tuple[str, str]] = []
    several = "\\" in pieces[1::2]
    value, group, component = 1, 0, 0
    for number, piece in enumerate(pieces):
        if number % 2 == 0:
            step, name = f"[{value}]" if several else "", ""
            if vr == "PN":
                name = _COMPONENTS[min(component, 4)]
                step += f".{_GROUPS[min(group, 2)]}{name}"
            found.append((step, name))
            continue
        found.append(("", ""))
        if piece == "\\":
            value, group, component = value + 1, 0, 0
        elif piece == "=":
            group, component = group + 1, 0
        else:
            component += 1
    return found


def is_plain(vr: str, piece: str) -> bool:
    """Say whether a piece is what its type says, where that tells nothing of anybody by itself."""
    if vr in ("DS", "IS"):
        return _NUMBER.fullmatch(piece) is not None
    if vr == "TM":
        return _TIME.fullmatch(piece) is not None
    return vr == "AS" and (match := _AGE.fullmatch(piece.strip())) is not None and match[2] != "Y"


def rendered(vr: str, piece: str, *, years: bool) -> str:
    """
    Return what is searched of a piece; "" where it is what our writer puts in the place of values.

    `years`: of dates the policy leaves the year, so that the first of January is nothing but one.
    """
    bare = piece.strip(" \0")
    if not bare or bare == DUMMIES.get(vr) or bare == REMOVED:
        return ""
    if vr == "AS":
        match = _AGE.fullmatch(bare)
        return str(int(match[1])) if match else bare
    if vr == "DT" and (match := _MOMENT.fullmatch(bare)):
        bare = match[1]
    if years and vr in ("DA", "DT") and len(bare) == 8 and bare.endswith("0101"):  # noqa: PLR2004
        return bare[:4]
    return piece if vr not in ("DA", "DT") else bare


def whole(shown: str, edits: Sequence[Edit]) -> bool:
    """Say whether edits leave nothing of a text."""
    at = len(shown) - len(shown.lstrip())
    for edit in edits:
        if shown[at : edit.start].strip():
            return False
        at = edit.end
    return not shown[at:].strip()


def replaced(vr: str, piece: str, shown: str, edits: Sequence[Edit]) -> str | None:
    """Return a piece with the edits in place, as its type wants it; None where it cannot hold that."""
    new = splice(shown, edits)
    if vr == "DA":
        return _day(new)
    if vr == "DT":
        return _moment(piece, new)
    if vr == "AS":
        return f"{int(match[1]):03d}Y" if (match := _YEARS.fullmatch(new.strip())) else None
    form = _FORMS.get(vr)
    return new if fits(vr, new) and (form is None or form.fullmatch(new)) else None


def shortened(vr: str, piece: str, new: str) -> str:
    """Return a text that is no longer than its type allows, or than it was."""
    return new[: max(_LENGTHS.get(vr, len(new)), len(piece))]


def fits(vr: str, text: str) -> bool:
    """Say whether a value of the type may be so long."""
    return len(text) <= _LENGTHS.get(vr, len(text))


def cleaned(text: str, delimiters: str) -> str:
    """Return a replacement without what would end the value."""
    return text.translate(_blanking(delimiters))


@lru_cache(maxsize=16)
def _blanking(delimiters: str) -> dict[int, str]:
    return {ord(c): " " for c in delimiters + "\0\x1b"}


def settled(vr: str, piece: str) -> bool:
    """Say whether a value is one that a copy of ours may hold: a mark, a dummy."""
    bare = piece.strip(" \0")
    return not bare or is_mark(bare) or bare == REMOVED or bare == DUMMIES.get(vr)


def _moment(piece: str, new: str) -> str | None:
    """Return a date with the time of a moment; of a year alone there is no time."""
    match = _MOMENT.fullmatch(piece.strip())
    day, rest = _day(new), match[2] if match else ""
    if day is not None and _YEAR.fullmatch(new.strip()):
        return day + re.sub(r"\d", "0", rest[:6])
    return day and day + rest


def _day(new: str) -> str | None:
    bare = new.strip()
    if match := _ISO.fullmatch(bare):
        return "".join(match.groups())
    if _DAY.fullmatch(bare):
        return bare
    return f"{bare}0101" if _YEAR.fullmatch(bare) else None


__all__ = [
    "DUMMIES",
    "REMOVED",
    "cleaned",
    "dummy",
    "fits",
    "is_plain",
    "rendered",
    "replaced",
    "settled",
    "split",
    "steps",
    "whole",
]

"""Whose record the segments of a loop are: the member number ahead in it, else the account's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from phisweep.formats.edi.separators import Separators

_PATIENTS = frozenset(("IL", "QC", "03"))
_ID = 9  # NM109
#: Segments that begin the loop of one subject, and those at which its look ahead ends.
LOOPS = frozenset(("HL", "INS", "CLP", "ENT"))
_ENDS = frozenset(("HL", "INS", "CLP", "ENT", "SE", "ST", "IEA"))


@dataclass(slots=True)
class Owners:
    """
    The owner of what is read.

    `key` is NM109 of the subscriber or patient of the loop (IL, QC, 03), else the account number
    of its claim (CLM01, CLP01), else "".
    """

    key: str = field(default="", repr=False)

    def begins(
        self, text: str, start: int, end: int, separators: Separators, *, last: bool
    ) -> bool:
        """
        Take in a segment, by half-open code points.

        False where more of the text is needed to know whose its loop is; `last` says that there is
        no more.
        """
        raw = text[start:end].split(separators.element)
        if raw[0] in ("ST", "SE"):
            self.key = ""
        if raw[0] not in LOOPS:
            return True
        found = _ahead(text, end + 1, separators, last=last)
        if found is None:
            return False
        account = raw[1].strip() if raw[0] == "CLP" and len(raw) > 1 else ""
        self.key = found or account
        return True


def _ahead(text: str, at: int, separators: Separators, *, last: bool) -> str | None:
    """Return the key in the segments of a loop, None where it may still come."""
    while (end := text.find(separators.terminator, at)) >= 0:
        raw = text[at:end].strip().split(separators.element)
        if raw[0] in _ENDS:
            return ""
        if member := _member(raw):
            return member
        if raw[0] == "CLM" and len(raw) > 1:
            return raw[1].strip()
        at = end + 1
    return "" if last else None


def _member(raw: Sequence[str]) -> str:
    """Return the number of a subscriber or patient, "" where the segment has none."""
    if raw[0] == "NM1" and len(raw) > _ID and raw[1] in _PATIENTS:
        return raw[_ID].strip()
    return ""

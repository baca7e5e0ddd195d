"""Points of time in RTF: what they are as texts, and how others are written in their place."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from phisweep.formats.richtext.held import Changes, EditsOf
from phisweep.splicing import splice

_DAY = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d)(?:[ T](\d\d):(\d\d))?)?)?")

Moment = tuple[int, int, int, int, int]  # year, month, day, hour, minute
Write = Callable[[Moment | None], str]


@dataclass(frozen=True, slots=True)
class HeldTime:
    """A point of time at half-open bytes, and how another one is written there."""

    address: str
    text: str = field(repr=False)
    start: int
    end: int
    write: Write

    def changes(self, edits: EditsOf, raw: str) -> Changes:  # noqa: ARG002 - the contract's
        """Yield what its edits make of it: the first day that its text says then, or none."""
        if made := edits.get(self.address):
            match = _DAY.search(splice(self.text, made))
            yield self.start, self.end, self.write(_moment(match) if match else None)


def shown(moment: Moment) -> str:
    """Return a point of time as a text, as far as it is told: a year alone, a day, a minute."""
    year, month, day, hour, minute = moment
    if not month:
        return f"{year:04}"
    if not day:
        return f"{year:04}-{month:02}"
    return f"{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}"


def words(moment: Moment | None) -> str:
    r"""Return a point of time as the words of a \creatim, as far as it is told."""
    if moment is None:
        return ""
    year, month, day, hour, minute = moment
    written = f"\\yr{year}" + (f"\\mo{month}" if month else "")
    return written + (f"\\dy{day}\\hr{hour}\\min{minute}" if month and day else "")


def packed(moment: Moment | None) -> int:
    """Return a point of time as a number of DTTM; 0 for none."""
    if moment is None:
        return 0
    year, month, day, hour, minute = moment
    number = minute | hour << 6 | day << 11 | month << 16 | max(year - 1900, 0) % 512 << 20
    return number - (1 << 32) if number >= 1 << 31 else number


def unpacked(number: int) -> Moment | None:
    """Return the point of time that a number of DTTM is; None where it is none."""
    bits = number & 0xFFFFFFFF
    year, month, day = 1900 + (bits >> 20 & 0x1FF), bits >> 16 & 0xF, bits >> 11 & 0x1F
    if not bits or month > 12:  # noqa: PLR2004 - of a calendar
        return None
    return year, month, day, min(bits >> 6 & 0x1F, 23), min(bits & 0x3F, 59)


def _moment(match: re.Match[str]) -> Moment:
    year, month, day, hour, minute = (int(told) if told else 0 for told in match.groups())
    return year, month, day, hour, minute

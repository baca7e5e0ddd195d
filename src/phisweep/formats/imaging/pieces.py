"""The pieces of a value: what is searched of each, and how it is addressed."""

from __future__ import annotations

import re
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from phisweep.formats.imaging import values
from phisweep.formats.imaging.fates import is_class
from phisweep.formats.imaging.rules import Rule

_STANDARD = "1.2.840.10008."
_UID = re.compile(r"[0-9.]{1,64}\0?")
_NUMBERS = re.compile(r"\[\d+\]")
_OLDEST = 89  # years; nothing that we write tells more


@dataclass(frozen=True, slots=True)
class Spoken:
    """One piece that is searched: its index, what is `shown` of it, and what it is called."""

    number: int
    shown: str = field(repr=False)
    told: str
    place: str
    label: str


@dataclass(frozen=True, slots=True)
class Parsed:
    """The pieces of a value, each other one a delimiter, and those that are searched."""

    pieces: Sequence[str] = field(default=(), repr=False)
    spoken: Sequence[Spoken] = field(default=(), repr=False)
    ascii: bool = True


def parsed(rule: Rule, tag: int, text: str, *, years: bool) -> Parsed:
    """Return the pieces of a text; `years`: of dates the policy leaves the year."""
    if not text:
        return Parsed()
    pieces = values.split(rule.vr, text)
    steps = values.steps(rule.vr, pieces)
    spoken = []
    for number in range(0, len(pieces), 2):
        shown = _shown(rule, tag, pieces[number], years=years)
        if shown.strip():
            step, component = steps[number]
            label = f"{rule.name.removesuffix('Name')} {component}" if component else rule.name
            told, place = f"{rule.told}{step}", f"{rule.told}{_NUMBERS.sub('', step)}"
            spoken.append(Spoken(number, shown, told, place, label if rule.labelled else ""))
    return Parsed(pieces, spoken, text.isascii())


def _shown(rule: Rule, tag: int, piece: str, *, years: bool) -> str:
    """Return what is searched of a piece, "" where that is nothing."""
    of_class = piece.startswith(_STANDARD) or (rule.action is None and is_class(tag))
    if rule.vr == "UI" and of_class and _UID.fullmatch(piece):
        return ""
    if values.is_plain(rule.vr, piece):
        return ""
    since = time.gmtime().tm_year - _OLDEST
    years = years and piece[:4].isdigit() and int(piece[:4]) >= since
    return values.rendered(rule.vr, piece, years=years)

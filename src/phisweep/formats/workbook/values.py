"""
What a cell shows: numbers as a person would type them, dates as ISO, by the cell's number format.

A number of a special format keeps what the format adds: 2155 as `00000` is 02155, 123456789 as
`000-00-0000` is 123-45-6789.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import Literal

Looks = Literal["general", "date", "time", "elapsed", "mask"]

_DATES = frozenset({14, 15, 16, 17, 22, *range(27, 32), 36, *range(50, 55), 57, 58})
_TIMES = frozenset({18, 19, 20, 21, 32, 33, 34, 35, 45, 47, 55, 56})
_ELAPSED = 46
_OWN_FROM = 164  # number formats below are Excel's own
_PIECES = re.compile(r'"([^"]*)"|\\(.)|_.|\*.|\[([^\]]*)\]|(.)', re.DOTALL)
_PLAIN = re.compile(r"-?\d+")
_WHOLE = re.compile(r"(-?\d+)\.0*")
_SHORT = re.compile(r"-?\d{1,9}\.\d{1,6}")
_ISO = re.compile(r"(\d{4})-(\d\d)-(\d\d)(?: (\d\d):(\d\d):(\d\d))?")
_TYPED = re.compile(r"-?(?:0|[1-9]\d{0,14})(?:\.\d{0,8}[1-9])?")
_MASKED = frozenset("0#")
_LEAST_DIGITS = 2  # of a mask: `0` alone is a plain number
_LAST_DAY = 2_958_465  # 9999-12-31
_LEAP = 60  # the 29th of February 1900, which never was
_HOUR, _DAY = 3600, 86_400
_CONDITION = re.compile(r"(<=|>=|<|>|=|<>)(-?\d+(?:\.\d+)?)")


@dataclass(frozen=True, slots=True)
class Form:
    """How a number format shows a number; `masks` are its sections, each with its highest number."""

    looks: Looks = "general"
    masks: tuple[tuple[float, tuple[tuple[str, bool], ...]], ...] = ()


GENERAL = Form()
DATE = Form("date")
TIME = Form("time")


def form_of(number: int, code: str = "") -> Form:
    """Return the form of a number format by its number, and its code where it is not Excel's own."""
    if not code or code == "General":
        if number in _DATES:
            return DATE
        if number in _TIMES:
            return TIME
        return Form("elapsed") if number == _ELAPSED else GENERAL
    looks = _looks(code)
    if looks != "general":
        return Form(looks)
    masks = tuple(mask for section in _sections(code) if (mask := _mask(section)) is not None)
    return Form("mask", masks) if masks and _masks(masks) else GENERAL


def shown(raw: str, form: Form, *, from_1904: bool = False) -> str:
    """Return the text of a number as the form shows it; what is no number stays as it is."""
    if form.looks == "general":
        return plain(raw)
    try:
        number = float(raw)
    except ValueError:
        return raw
    if form.looks == "mask":
        return _masked(number, form) or plain(raw)
    if form.looks == "elapsed":
        return _elapsed(number)
    return _moment(number, from_1904=from_1904, time=form.looks == "time") or plain(raw)


def plain(raw: str) -> str:
    """Return a number as it would be typed: 41776 and not 41776.0, and no noise of binary fractions."""
    if _PLAIN.fullmatch(raw) or _SHORT.fullmatch(raw):
        whole = _WHOLE.fullmatch(raw)
        return whole[1] if whole else raw
    if whole := _WHOLE.fullmatch(raw):
        return whole[1]
    try:
        number = float(raw)
    except ValueError:
        return raw
    if number.is_integer() and abs(number) < 1e15:  # noqa: PLR2004 - Excel keeps 15 digits
        return str(int(number))
    return format(number, ".15g")


def typed(text: str, form: Form, *, from_1904: bool = False) -> str | None:
    """Return the number that a cell of that form holds to show a text; None where none does."""
    if form.looks == "general":
        return text if _TYPED.fullmatch(text) else None
    match = _ISO.fullmatch(text) if form.looks == "date" else None
    if match is None:
        return None
    try:
        moment = dt.datetime(*(int(part or 0) for part in match.groups()))  # type: ignore[arg-type]  # noqa: DTZ001 - cells know no zone
    except ValueError:
        return None
    since = moment - (dt.datetime(1904, 1, 1) if from_1904 else dt.datetime(1899, 12, 30))  # noqa: DTZ001 - as above
    if since.days <= (0 if from_1904 else _LEAP):
        return None
    return plain(repr(since.days + since.seconds / _DAY))


def _looks(code: str) -> Looks:
    """Return whether a code shows dates or times, by the letters that are no literals."""
    letters = ""
    for literal, escaped, bracket, sign in _PIECES.findall(code):
        if bracket and set(bracket.lower()) <= set("hms"):
            return "elapsed"
        if sign == ";":
            break
        letters += "" if literal or escaped or bracket else sign.lower()
    if "general" in letters:
        return "general"
    if set(letters) & set("yd"):
        return "date"
    if set(letters) & set("hs"):
        return "time"
    return "date" if "m" in letters else "general"


def _sections(code: str) -> list[list[tuple[str, bool]]]:
    """Return the sections of a code as signs, each with whether it is a literal; ("[..]", True)."""
    sections: list[list[tuple[str, bool]]] = [[]]
    for match in _PIECES.finditer(code):
        literal, escaped, bracket, sign = match.groups()
        if sign == ";":
            sections.append([])
        elif bracket is not None:
            sections[-1].append((f"[{bracket}", True))
        elif sign is not None:
            sections[-1].append((sign, sign not in _MASKED and sign in " -()/"))
        else:
            sections[-1] += [(each, True) for each in literal or escaped or ""]
    return sections


def _mask(section: list[tuple[str, bool]]) -> tuple[float, tuple[tuple[str, bool], ...]] | None:
    """Return the highest number and the signs of a section of digits and literals, else None."""
    most, signs = float("inf"), []
    for sign, literal in section:
        if sign.startswith("[") and len(sign) > 1:
            if (match := _CONDITION.fullmatch(sign[1:])) and match[1] in ("<=", "<"):
                most = float(match[2])
        elif literal or sign in _MASKED:
            signs.append((sign, literal))
        else:
            return None
    return most, tuple(signs)


def _masks(masks: tuple[tuple[float, tuple[tuple[str, bool], ...]], ...]) -> bool:
    """Say whether the first section shows more than the bare number."""
    signs = masks[0][1]
    digits = [sign for sign, literal in signs if not literal]
    within = any(literal for _, literal in signs[1:-1]) and len(digits) > _LEAST_DIGITS
    return digits.count("0") >= _LEAST_DIGITS or within


def _masked(number: float, form: Form) -> str:
    """Return a number in the first section that takes it; "" for what is not whole or is negative."""
    if number < 0 or not number.is_integer() or number >= 1e15:  # noqa: PLR2004 - as above
        return ""
    signs = next((signs for most, signs in form.masks if number <= most), form.masks[-1][1])
    digits, out = [*str(int(number))], []
    for at in range(len(signs) - 1, -1, -1):
        sign, literal = signs[at]
        if literal:
            out.append(sign)
            continue
        out.append(digits.pop() if digits else "0" if sign == "0" else "")
        if digits and all(literal for _, literal in signs[:at]):
            out += reversed(digits)
            digits = []
    return "".join(reversed(out)).strip()


def _elapsed(number: float) -> str:
    seconds = round(number * _DAY)
    sign, seconds = ("-", -seconds) if seconds < 0 else ("", seconds)
    return f"{sign}{seconds // _HOUR}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def _moment(number: float, *, from_1904: bool, time: bool) -> str:
    """Return a serial number as ISO date, with the time where there is one; "" for what is none."""
    if not 0 <= number < _LAST_DAY + 1:
        return ""
    day, seconds = int(number), round((number - int(number)) * _DAY)
    if seconds == _DAY:
        day, seconds = day + 1, 0
    clock = f"{seconds // _HOUR:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"
    if time and day == 0:
        return clock
    if from_1904:
        date = _date(dt.date(1904, 1, 1), day)
    elif day == _LEAP:
        date = "1900-02-29"
    else:
        date = _date(dt.date(1899, 12, 31 if day < _LEAP else 30), day)
    return f"{date} {clock}" if date and seconds else date


def _date(epoch: dt.date, days: int) -> str:
    try:
        return (epoch + dt.timedelta(days=days)).isoformat()
    except OverflowError:
        return ""

"""
The fields of a written date, each with how it is read and how it is written like another.

A field is a stretch of a form that changes with the date: its kind is the name of the group in
the regexes of `dateforms`. What lies between fields (separators, times of day, zones) stays.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import field

from phisweep.transform import datewords
from phisweep.values import dataclass

_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July", "August", "September"),
    *("October", "November", "December"),
)
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")
_LETTERS = ("M", "T", "W", "Th", "F", "Sa", "Su")
_LETTER_OF = {"tu": 1, "r": 3} | {letter.casefold(): n for n, letter in enumerate(_LETTERS)}
#: How the months and weekdays begin, in every misspelling that the rules know.
_MONTH_HEADS = (
    *(("ja", 1), ("f", 2), ("mar", 3), ("ap", 4), ("ar", 4), ("may", 5), ("jun", 6), ("ju", 7)),
    *(("au", 8), ("ag", 8), ("s", 9), ("o", 10), ("n", 11), ("d", 12)),
)
_WEEKDAY_HEADS = (("m", 0), ("tu", 1), ("te", 1), ("w", 2), ("th", 3), ("f", 4), ("sa", 5))
_QUARTERS = ("first", "second", "third", "fourth")
#: Letters that scanners write for digits, and digits that they write for letters.
_DIGITS = str.maketrans("OoIilL|SsZzBb", "0011111552288")
_WORD = str.maketrans("015|", "olsl")
_CAPITALS = str.maketrans("05", "OS")
_SUFFIX = re.compile(r"(?:st|nd|rd|th)$", re.IGNORECASE)
_SHORT = 3
_SHORT_FORMS = frozenset({"sept", "febr", "tues", "weds", "thur", "thurs", "tue5", "thur5", "5ept"})


@dataclass(frozen=True, slots=True)
class Field:
    """A stretch of a written date: half-open code points, and the kind of what stands there."""

    kind: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Style:
    """
    How the dates of a text are written, where a field alone leaves it open.

    `padded`: two-digit days and months have a zero below ten; `short`: May is short for itself.
    """

    padded: bool
    short: bool


@dataclass(frozen=True, slots=True)
class Move:
    """What a field is written from: what stands there, the new date, days moved by, the style."""

    like: str = field(repr=False)
    new: dt.date = field(repr=False)
    days: int = field(repr=False)
    style: Style


Reader = Callable[[str], int]
Writer = Callable[[Move], str]


def digits(text: str) -> str:
    """Return the text with the letters that scanners take digits for turned back."""
    return text.translate(_DIGITS)


def ordinal(day: int) -> str:
    """Return `st`, `nd`, `rd` or `th`."""
    teens = 10 < day % 100 < 14  # noqa: PLR2004 - 11th, 12th, 13th
    return "th" if teens else {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")


def style_of(numbers: Sequence[str], months: Sequence[str], *, wide: bool) -> Style:
    """Return the style that days, months and names of months tell; `wide` where they do not."""
    bare = [_SUFFIX.sub("", number) for number in numbers]
    clear = [_is_short(month) for month in months if month.casefold() != "may"]
    return Style(
        padded=all(len(n) > 1 for n in bare)
        and (wide or any(digits(n).startswith("0") for n in bare)),
        short=any(clear) if clear else wide,
    )


def _number(text: str) -> int:
    return int(digits(text))


def _day(text: str) -> int:
    return _number(_SUFFIX.sub("", text))


def _month_name(text: str) -> int:
    clean = text.casefold().translate(_WORD)
    return next(month for head, month in _MONTH_HEADS if clean.startswith(head))


def _weekday(text: str) -> int:
    clean = text.casefold().translate(_WORD)
    return next((day for head, day in _WEEKDAY_HEADS if clean.startswith(head)), 6)


def _quarter_word(text: str) -> int:
    return next((n for n, w in enumerate(_QUARTERS, 1) if w == text.casefold()), 0) or int(text[0])


def _padded(value: int, move: Move) -> str:
    zero = len(move.like) > 1 and digits(move.like).startswith("0")
    return f"{value:02d}" if zero or (move.style.padded and len(move.like) > 1) else str(value)


def _write_day(move: Move) -> str:
    suffix = _SUFFIX.search(move.like)
    if suffix is None:
        return _padded(move.new.day, move)
    zero = digits(move.like).startswith("0")
    return f"{move.new.day:0{1 + zero}d}{datewords.cased(ordinal(move.new.day), suffix[0])}"


def _is_short(name: str) -> bool:
    return len(name) <= _SHORT or name.casefold() in _SHORT_FORMS


def _write_month(move: Move) -> str:
    name = _MONTHS[move.new.month - 1]
    short = move.style.short if move.like.casefold() == "may" else _is_short(move.like)
    return datewords.cased(name[:_SHORT] if short else name, move.like.translate(_CAPITALS))


def _write_roman(move: Move) -> str:
    roman = _ROMAN[move.new.month - 1]
    return roman.lower() if move.like.islower() else roman


def _write_weekday(move: Move) -> str:
    name = _WEEKDAYS[(_weekday(move.like) + move.days) % 7]
    return datewords.cased(name[:_SHORT] if _is_short(move.like) else name, move.like)


def _write_letter(move: Move) -> str:
    return _LETTERS[(_LETTER_OF[move.like.casefold()] + move.days) % 7]


def _quarter(date: dt.date) -> int:
    return (date.month + 2) // 3


def _write_quarter_word(move: Move) -> str:
    quarter = _quarter(move.new)
    if move.like[0].isdigit():
        return f"{quarter}{ordinal(quarter)}"
    return datewords.cased(_QUARTERS[quarter - 1], move.like)


def _since_epoch(per_second: int) -> Writer:
    a_day = 86_400 * per_second
    return lambda move: str(int(move.like) + move.days * a_day)


#: Kinds of fields: how each is read, and how it is written.
FIELDS: Mapping[str, tuple[Reader, Writer]] = {
    "year4": (_number, lambda move: f"{move.new.year:04d}"),
    "year2": (_number, lambda move: f"{move.new.year % 100:02d}"),
    "yearw": (datewords.year, lambda move: datewords.write_year(move.new.year, move.like)),
    "isoyear": (_number, lambda move: f"{move.new.isocalendar().year:04d}"),
    "week": (_number, lambda move: _padded(move.new.isocalendar().week, move)),
    "isoday": (_number, lambda move: str(move.new.isoweekday())),
    "month": (_number, lambda move: _padded(move.new.month, move)),
    "monthn": (_month_name, _write_month),
    "monthr": (lambda text: _ROMAN.index(text.upper()) + 1, _write_roman),
    "day": (_day, _write_day),
    "day_2": (_day, _write_day),
    "day0": (_number, lambda move: f"{move.new.day:02d}"),  # with a zero, whatever the month has
    "dayc": (int, lambda move: f"{move.new.day:2d}"),  # ctime's, of two columns
    "dayw": (datewords.number, lambda move: datewords.write_day(move.new.day, move.like)),
    "yearday": (_number, lambda move: f"{move.new.timetuple().tm_yday:03d}"),
    "quarter": (_number, lambda move: str(_quarter(move.new))),
    "quarterw": (_quarter_word, _write_quarter_word),
    "half": (_number, lambda move: str(1 + move.new.month // 7)),
    "weekday": (_weekday, _write_weekday),
    "letter": (lambda text: _LETTER_OF[text.casefold()], _write_letter),
    "serial": (int, lambda move: str(int(move.like) + move.days)),
    "seconds": (int, _since_epoch(1)),
    "millis": (int, _since_epoch(10**3)),
    "micros": (int, _since_epoch(10**6)),
    "nanos": (int, _since_epoch(10**9)),
}

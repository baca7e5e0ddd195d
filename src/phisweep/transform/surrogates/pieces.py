"""The pieces of places: a town, a street, a hospital, a room, a ZIP code, each drawn for itself."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from phisweep.keys import fold
from phisweep.transform.surrogates import postal
from phisweep.transform.surrogates.alike import (
    TRACE,
    DrawOf,
    alike,
    cased,
    digits,
    read,
    redrawn,
    resembles,
)
from phisweep.transform.surrogates.draws import Draw
from phisweep.transform.surrogates.pools import PoolKind, Pools, telling

#: Numbers of houses that are words.
HOUSES = ("One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten")
_LESS = re.compile(rf"\b(?:{postal.SUFFIX}|{postal.DIRECTION})\b", re.IGNORECASE)
_ORDINAL = re.compile(r"(\d+)(st|nd|rd|th)\b", re.IGNORECASE)
#: A number with the letter that goes with it, and a letter by itself.
_COUNTED = re.compile(
    r"(?P<number>\d+)(?P<ordinal>st|nd|rd|th)\b"
    r"|(?<![A-Za-z])[A-Za-z]?-?\d[\dOolI]*(?:[A-Za-z](?![A-Za-z]))?|\d+"
    r"|(?<![\w'.])[A-Za-z](?![\w'.])",
    re.IGNORECASE,
)
#: A 0 that stands for a letter: B0x.
_SCANNED = re.compile(r"[A-Za-z]0[a-z]")
_COMPASS = "NSEW"
_OF_ABBREVIATION = 4  # letters at most
_ABBREVIATION = re.compile(r"[A-Z]{2,5}")
_KINDS = ("hospital", "clinic", "center", "institute")
_PICKS = 24


@dataclass(frozen=True, slots=True)
class Pieces:
    """Draws invented pieces; each method returns None where it has none to give."""

    draw_of: DrawOf
    pools: Pools

    def city(self, text: str) -> str | None:
        """Return another town, in capitals or small letters where the text is."""
        return self._picked("cities", text, fold(text))

    def county(self, text: str) -> str | None:
        """Return another county, with the word county where the text has one."""
        made = self._picked("counties", text, fold(postal.COUNTY.sub("", text)))
        if made is None or postal.COUNTY.search(text):
            return made
        return made.partition(" ")[0]

    def facility(self, text: str) -> str | None:
        """Return another hospital or clinic, other letters where the text is an abbreviation."""
        draw = self.draw_of("facility", text)
        if _ABBREVIATION.fullmatch(text):
            short = text[:_OF_ABBREVIATION]
            present = self.pools.present
            return redrawn(
                lambda: alike(short, draw),
                lambda made: made == short or fold(made) in present or self.pools.occurs(made),
            )
        kind = next((k for k in _KINDS if k[:4] in fold(text)), "")
        unlike = {fold(word) for word in text.split()}
        first: str | None = None
        for _ in range(_PICKS):
            made = self.pools.pick("facilities", draw, unlike)
            if made is None:
                break
            first = first or made
            if not kind or kind in made.lower():
                return cased(text, made)
            unlike.add(telling(made))
        return None if first is None else cased(text, first)

    def numbered(self, text: str) -> str | None:
        """
        Return a room, bed, box, floor or road with other numbers: ICU bed 47 for ICU bed 12.

        None where there is no number, or a word that is none of those that go with one.
        """
        bare = _ORDINAL.sub("1", text)
        words = re.findall(r"[^\W\d_]{2,}", bare)
        if (
            not digits(text)
            or _SCANNED.search(text)
            or any(w.lower() not in postal.NUMBERED for w in words)
        ):
            return None
        return self._recounted("room", text)

    def street(self, text: str) -> str | None:
        """Return another street; one street has one, whatever its suffix and direction."""
        return self._picked("streets", text, _street_key(text))

    def house(self, house: str, road: str) -> str | None:
        """Return another number of a house in a road, of as many digits, or as a word."""
        draw = self.draw_of("house", fold(house) + "/" + _street_key(road))
        if house.isalpha():
            return redrawn(
                lambda: cased(house, HOUSES[draw.below(len(HOUSES))]),
                lambda made: made.lower() == house.lower(),
            )
        plainly = read(house)
        return self._checked(lambda: alike(plainly, draw), plainly)

    def unit(self, text: str) -> str | None:
        """Return a unit of the same kind (Apt, floor) with another number, if it has one."""
        return self._recounted("unit", text) if _COUNTED.search(text) else text

    def zip_code(self, code: str) -> str | None:
        """Return five digits, or nine, of a prefix that no place has."""
        draw = self.draw_of("zip", code[:5])
        free = [p for p in postal.FREE_PREFIXES if p != code[:3]]
        five = self._checked(lambda: f"{free[draw.below(len(free))]}{draw.below(100):02}", code[:5])
        if five is None or len(code) == 5:  # noqa: PLR2004
            return five
        draw = self.draw_of("zip+4", code)
        four = redrawn(lambda: f"{draw.below(10_000):04}", lambda made: made == code[-4:])
        return None if four is None else f"{five}-{four}"

    def _recounted(self, purpose: str, text: str) -> str | None:
        counted = " ".join(match[0] for match in _COUNTED.finditer(text))
        draw = self.draw_of(purpose, counted)
        return self._checked(lambda: _COUNTED.sub(lambda m: _other(m, draw), text), text)

    def _picked(self, kind: PoolKind, text: str, value: str) -> str | None:
        unlike = {fold(word) for word in text.split()}
        made = self.pools.pick(kind, self.draw_of(kind, value), unlike)
        return None if made is None else cased(text, made)

    def _checked(self, make: Callable[[], str], before: str) -> str | None:
        """Return what is drawn, unless it is the text before it, or a long number of the data."""

        def refused(made: str) -> bool:
            long = len(digits(made)) >= TRACE
            return resembles(before, made) or (long and self.pools.occurs(digits(made)))

        return redrawn(make, refused)


def _street_key(text: str) -> str:
    return fold(_LESS.sub("", text)) or fold(text)


def _other(match: re.Match[str], draw: Draw) -> str:
    """Return a number other than this one; 0 alone stays, for no number begins with it."""
    unlike = redrawn(lambda: _counted(match, draw), lambda made: fold(made) == fold(match[0]))
    return match[0] if unlike is None else unlike


def _counted(match: re.Match[str], draw: Draw) -> str:
    """Return a number, and the ending that it has where it is an ordinal."""
    if match["ordinal"]:
        number = alike(match["number"], draw)
        return number + cased(match["ordinal"], _ending(int(number)))
    if match[0].upper() in _COMPASS:
        return alike(match[0], draw, _COMPASS)
    return alike(read(match[0]), draw)


def _ending(number: int) -> str:
    if number // 10 % 10 == 1:
        return "th"
    return {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")

"""Addresses, piece by piece: house, street, unit, city, state and ZIP code, each in its own way."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from phisweep.keys import fold
from phisweep.transform.surrogates import postal
from phisweep.transform.surrogates.pieces import HOUSES, Pieces

_BETWEEN = re.compile(r"(\s*[,;]\s*|\s*\n\s*|\s{2,})")
_STATE_ZIP = re.compile(rf"(?P<state>{postal.STATE})?(?P<gap>\.?\s*)(?P<zip>{postal.ZIP})?")
_THEN_STATE = re.compile(
    rf"(?P<head>.+?)(?P<gap>\s+)(?P<tail>{postal.STATE}\.?\s+{postal.ZIP}|{postal.STATE_CODE}\.?"
    rf"|{postal.ZIP})"
)
_HOUSE = re.compile(
    r"(?P<house>\d[\dOolI]{0,5}(?:-\d{1,4})?[A-Za-z]?|[OolI][\dOolI]{0,4}\d[\dOolI]{0,4}"
    rf"|(?i:{'|'.join(HOUSES)}|Eleven|Twelve))"
    r"(?P<gap>(?:\s?(?:1/[234]|3/4)|\s?[\u00bc-\u00be\u2153\u2154])?\s+)(?P<rest>.+)"
)
_STREET = re.compile(
    rf"(?P<street>(?:.*\s)?(?:{postal.SUFFIX})\b\.?(?:\s+(?:{postal.DIRECTION})\b\.?)?)"
    r"(?P<gap>\s*)(?P<after>.*)",
    re.IGNORECASE,
)
_UNIT = re.compile(rf"(?:^|(?<=\s))(?:{postal.UNIT.pattern})", re.IGNORECASE)
_NAME = re.compile(r"[^\W\d_][\w\s.'\u2019&-]*")
_CITY_WORDS = 2
_CODE_LETTERS = 2


@dataclass(frozen=True, slots=True)
class Addresses:
    """Writes invented addresses out of invented pieces."""

    pieces: Pieces

    def address(self, text: str) -> str | None:
        """
        Return an address of the same pieces with the same commas and line breaks.

        States and countries stay. None where a piece is of no known kind.
        """
        pieces = _BETWEEN.split(text)
        out: list[str] = []
        for i, piece in enumerate(pieces):
            state = _may_be_state(pieces[:i:2], piece, pieces[i + 2 :: 2])
            made = piece if i % 2 or not piece else self._piece(piece, state=state)
            if made is None:
                return None
            out.append(made)
        made = "".join(out)
        return None if fold(made) == fold(text) else made

    def _piece(self, piece: str, *, state: bool) -> str | None:
        core = piece.strip()
        begin, end = piece[: piece.index(core)], piece[piece.index(core) + len(core) :]
        made = self._kind_of(core, state=state)
        return None if made is None else begin + made + end

    def _kind_of(self, core: str, *, state: bool) -> str | None:
        if postal.COUNTRY.fullmatch(core) or core.lower() in postal.WHERE:
            return core
        end = _STATE_ZIP.fullmatch(core)
        if end and (end["zip"] or (end["state"] and state)):
            code = self.pieces.zip_code(end["zip"]) if end["zip"] else ""
            return None if code is None else f"{end['state'] or ''}{end['gap']}{code}"
        return self.pieces.unit(core) if postal.UNIT.fullmatch(core) else self._line(core)

    def _line(self, core: str) -> str | None:
        """Return a surrogate of a numbered thing, a house, a town with its state, or a name."""
        house = _HOUSE.fullmatch(core)
        street = house and _STREET.fullmatch(house["rest"])
        numbered = None if street and not core[-1].isdigit() else self.pieces.numbered(core)
        if numbered:
            return numbered
        if house:
            return self._housed(house)
        then = _THEN_STATE.fullmatch(core)
        if then:
            head = self._kind_of(then["head"], state=False)
            tail = self._kind_of(then["tail"], state=True)
            return None if head is None or tail is None else head + then["gap"] + tail
        return self._named(core)

    def _named(self, core: str) -> str | None:
        """Return a surrogate of a piece without numbers, by its words."""
        words = core.split()
        if any(map(str.isdigit, core)) or _NAME.fullmatch(core) is None:
            return None
        if postal.FACILITY.search(core):
            return self.pieces.facility(core)
        if postal.COUNTY.search(core):
            return self.pieces.county(core)
        if len(words) > 1 and re.search(rf"\b(?:{postal.SUFFIX})\.?$", core, re.IGNORECASE):
            return self.pieces.street(core)
        return self.pieces.city(core) if len(words) <= _CITY_WORDS else None

    def _housed(self, house: re.Match[str]) -> str | None:
        rest = house["rest"]
        unit = _UNIT.search(rest)
        line = rest[: unit.start()] if unit else rest
        parts = _STREET.fullmatch(line.rstrip())
        road, gap, after = (
            parts.group("street", "gap", "after") if parts else (line.rstrip(), "", "")
        )
        behind = rest[len(line.rstrip()) :]
        new_road = self.pieces.street(road)
        number = self.pieces.house(house["house"], road)
        tail = self._kind_of(after, state=_is_code(after)) if after else ""
        last = self._behind(behind)
        if new_road is None or number is None or tail is None or last is None:
            return None
        return f"{number}{house['gap']}{new_road}{gap}{tail}{last}"

    def _behind(self, text: str) -> str | None:
        """Return what stands behind the street's name: units, and what they are followed by."""
        core = text.strip()
        if not core:
            return text
        begin = text[: text.index(core)]
        unit = _UNIT.match(core)
        if unit is None:
            made = self._kind_of(core, state=_is_code(core))
        else:
            made, rest = self.pieces.unit(unit[0]), self._behind(core[unit.end() :])
            made = None if made is None or rest is None else made + rest
        return None if made is None else begin + made


def _may_be_state(before: Sequence[str], piece: str, after: Sequence[str]) -> bool:
    """
    Say whether a piece that is called like a state is one.

    It is not before another one (New York, NY), nor, by its full name, alone or behind a house.
    """
    if not before or any(map(_is_state, after)):
        return False
    return _is_code(piece) or not any(map(str.isdigit, before[-1]))


def _is_state(piece: str) -> bool:
    end = _STATE_ZIP.fullmatch(piece.strip())
    return end is not None and end["state"] is not None


def _is_code(piece: str) -> bool:
    """Say whether the piece can be a state by its letters alone, not by its full name."""
    return len(piece.strip(". ")) == _CODE_LETTERS

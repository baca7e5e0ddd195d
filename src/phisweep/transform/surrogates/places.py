"""Places: which kind of place a text is, by the pattern that found it and by its words."""

from __future__ import annotations

import re

from phisweep.keys import fold
from phisweep.transform.surrogates import postal
from phisweep.transform.surrogates.addresses import Addresses
from phisweep.transform.surrogates.alike import DrawOf, read
from phisweep.transform.surrogates.pieces import Pieces
from phisweep.transform.surrogates.pools import Pools

#: Patterns of B-geography.yaml, by how they begin, whose places have no surrogate.
_NONE = (
    "coordinates", "degrees", "geocode", "plus-code", "what3words", "mgrs", "census-code",
    "postcode", "tribal", "landform", "military", "school-district", "company", "force",
)  # fmt: skip
_CITIES = (
    "city", "town", "residence", "home-named", "in-name", "born-in", "trip", "compass-town",
    "form-town", "box-town", "chain-town", "lives-name",
)  # fmt: skip
_FACILITIES = (
    "facility", "center-for", "univ-of", "high-school", "known-facility", "pharmacy-on",
    "noun-before", "mixed-more", "at-initials",
)  # fmt: skip
_BY_PATTERN = (
    (("county",), Pieces.county),
    (_FACILITIES, Pieces.facility),
    (_CITIES, Pieces.city),
    (("room", "ward", "operating"), Pieces.numbered),
)
_LONGEST = 300  # code points: no address is longer
_NO_WORDS = re.compile(r"[-+\d.,;\s\u00b0'\"\u2032\u2033NSEWnsew()/]+")
_WORD = re.compile(r"[^\W\d_]{3,}")
_GENERIC = re.compile(
    rf"(?:{postal.SUFFIX}|{postal.DIRECTION}|{postal.STATE}|{postal.FACILITY.pattern}"
    rf"|{postal.COUNTY.pattern})",
    re.IGNORECASE,
)
_STATE_WORDS = frozenset(w.lower() for w in _WORD.findall(postal.STATE))
#: Words of the pinned names of hospitals that tell none of them.
_OF_HOSPITALS = frozenset(
    {"cancer", "care", "children", "community", "family", "group", "heart", "surgery", "valley"}
)
_COUNTRY_WORDS = frozenset({"usa", "united", "states", "america"})


def place(text: str, pattern: str, draw_of: DrawOf, pools: Pools) -> str | None:
    """
    Return an invented place of the same kind: an address, a town, a county, a hospital, a room.

    `pattern` is the one that found it ("street", "city-in"), "" where there is none. A state that
    stands in an address stays. None for coordinates and every other code of a place, for what
    cannot be read as any of these, and where a telling word of the text would be left.
    """
    if len(text) > _LONGEST:
        return None
    made = _made(read(text), pattern, Pieces(draw_of, pools))
    return None if made is None or _left(text, made) else made


def _made(text: str, pattern: str, pieces: Pieces) -> str | None:
    plain_name = not re.search(r"[\d,;\n]", text)
    no_place = pattern.startswith(_NONE) or (
        _NO_WORDS.fullmatch(text) is not None and re.fullmatch(postal.ZIP, text) is None
    )
    for begins, make in _BY_PATTERN:
        if pattern.startswith(begins) and (plain_name or begins is not _CITIES):
            return make(pieces, text)
    return None if no_place else Addresses(pieces).address(text)


def _left(before: str, after: str) -> bool:
    """Say whether a word that tells the place is in both."""
    return bool(_telling(before) & _telling(after))


def _telling(text: str) -> set[str]:
    words = (w for w in _WORD.findall(text) if _GENERIC.fullmatch(w) is None)
    known = postal.NUMBERED | postal.WHERE | _STATE_WORDS | _COUNTRY_WORDS | _OF_HOSPITALS
    return {fold(w) for w in words if w.lower() not in known}

"""
Numbers, addresses and towns of a record, found in a text however they are grouped.

A value is known by its letters and digits without leading zeros, and a text is read from every
word or number that begins one, across separators: 987-65-4320, 987 65 4320 and 0987654320 are one.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

from phisweep.detect.nameforms import ATOM
from phisweep.detect.namewords import plain
from phisweep.keys import fold
from phisweep.ruleset.load import Ruleset

SURE, LIKELY = 0.95, 0.75
_SEPARATORS = frozenset(" -./_:#()")
_GAP = 3  # separators that may stand inside a value
_LONGEST = 80  # letters and digits
_ZEROS = 2  # groups of zeros alone before a value
_ATOMS = 40  # of one value: letters and digits of a UUID take turns
_LEAST = 3  # letters and digits that a number has at least to be looked for
_DIGITS = 5  # fewer digits may stand anywhere by chance
_LOCAL = 7  # digits of a telephone number within its area
_NATIONAL = (10, 11)
_TOWN = 3  # letters
_BEFORE = 30  # code points before a number in which a label names it
_LABEL = re.compile(
    r"(?i)(?:\b(?:mrn|mr|med(?:ical)? rec(?:ord)?s?|chart|acct|account|id|no|num(?:ber)?|pt|patient"
    r"|policy|member|case|enc(?:ounter)?|unit|hospital|file)\b[.#: ]{0,4}|#[ ]?)$"
)
_GLUED_LABELS = frozenset({"mrn", "mr", "id", "acct", "ssn", "no", "pt", "ph", "tel"})
_SOCIAL = re.compile(
    r"(?i)(?:\bss[n#]?\b|\bsoc(?:ial)?\b|\blast (?:4|four)\b|[x*#]{2,3}-?[x*#]{2}-?)[^\n]{0,20}$"
)
_AREA = re.compile(r"(?:\+?1[-. ]{0,2})?(?:\(\d{3}\)|(?<!\d)\d{3})[-./ ]{0,2}$")
_HOUSE = re.compile(r"\s*(\d+[A-Za-z]?(?:-\d+)?)\s+(\S.*)")
_UNIT = re.compile(
    r"(?i)[, ]{1,2}(?:apt|apartment|unit|suite|ste|bldg|fl|rm|#)\.? ?#?[ ]?[\w-]{1,6}"
)
_BOX = re.compile(r"(?i)p\.?\s*o\.?\s*box\s+(\w{1,8})")
_SIDES = {
    "n": "north",
    "s": "south",
    "e": "east",
    "w": "west",
    "ne": "northeast",
    "nw": "northwest",
    "se": "southeast",
    "sw": "southwest",
}
_ROAD = re.compile(r"(?i)(?: (?:[NS][EW]?|[EW])\b\.?)?[ ]{1,2}([A-Za-z]{2,12})\b\.?")
_PLACED = re.compile(r"(?i)\b(?:in|from|of|to|at|near|outside|around)\s\Z")
_STATE = re.compile(r",? [A-Z]{2}\b|, [A-Z][a-z]{3}")

Kind = Literal["number", "phone", "street", "road", "town"]


@dataclass(frozen=True, slots=True)
class Page:
    """
    A text, and its words and numbers with their half-open spans.

    `loose` says that it is a name of a file or a user, where nothing has a capital.
    """

    text: str = field(repr=False)
    raws: Sequence[str] = field(repr=False)
    spans: Sequence[tuple[int, int]] = field(repr=False)
    roles: Sequence[int] = field(repr=False)
    loose: bool = False

    def gap(self, i: int) -> str:
        """Return what stands between an atom and the next."""
        return self.text[self.spans[i][1] : self.spans[i + 1][0]]


@dataclass(frozen=True, slots=True)
class Hit:
    """A found value: half-open code points of the text searched, and no text."""

    start: int
    end: int
    identifier: str
    score: float


class Values:
    """The numbers, addresses and towns of one subject."""

    def __init__(
        self,
        ids: Sequence[tuple[str, str]],
        phones: Sequence[str],
        addresses: Sequence[str],
        ruleset: Ruleset,
    ) -> None:
        self._table: dict[str, tuple[str, Kind]] = {}
        self._prefixes: set[str] = set()
        self._suffixes = ruleset.members("street-suffixes")
        self._words = ruleset.members("city-words") | ruleset.members("names-that-are-words")
        self._wide = (ruleset.members("us-states"), ruleset.members("countries"))
        self._sevens: set[str] = set()
        self._last_four: set[str] = set()
        for identifier, value in ids:
            self._number(identifier, value)
        for phone in phones:
            self._phone(phone)
        for address in addresses:
            for joined, kind in self._places(address):
                self._add(joined, "location", kind)

    def begins(self, folded: str) -> bool:
        """Say whether a value may begin with this folded word (namewords.plain) or number."""
        if not self._prefixes:
            return False
        if not folded[:1].isdigit():
            return folded in self._prefixes
        bare = folded.lstrip("0")
        return (
            not bare
            or bare in self._prefixes
            or self._is_local(folded)
            or folded in self._last_four
        )

    def at(self, page: Page, i: int) -> Hit | None:
        """Return the longest value that begins at an atom, or None."""
        best: tuple[int, str, Kind] | None = None
        joined = ""
        if not page.raws[i].strip("0") and (i + 1 == len(page.raws) or " " in page.gap(i)):
            return None  # a zero of its own
        for j in range(i, min(len(page.raws), i + _ATOMS)):
            joined = (joined + plain(page.raws[j])).lstrip("0")
            if joined not in self._prefixes if joined else j - i > _ZEROS:
                break
            if joined in self._table:
                best = (j, *self._table[joined])
            if j + 1 == len(page.raws) or not _joins(page.gap(j)):
                break
        if best is not None:
            hit = self._hit(page, i, best)
            if hit is not None:
                return hit
        raw = page.raws[i]
        start, end = page.spans[i]
        if self._is_local(raw) and not _touches(page, i, i):
            return Hit(start, end, "phone", SURE)
        if raw in self._last_four and _SOCIAL.search(page.text[max(0, start - _BEFORE) : start]):
            return None if _touches(page, i, i) else Hit(start, end, "ssn", LIKELY)
        return None

    def _is_local(self, raw: str) -> bool:
        return len(raw) in _NATIONAL and raw[-_LOCAL:] in self._sevens

    def _hit(self, page: Page, first: int, best: tuple[int, str, Kind]) -> Hit | None:
        last, identifier, kind = best
        start, end = page.spans[first][0], page.spans[last][1]
        if _touches(page, first, last):
            return None
        if kind == "number":
            sure = _tells(page.text[start:end]) or _LABEL.search(
                page.text[max(0, start - _BEFORE) : start]
            )
            return Hit(start, end, identifier, SURE) if sure else None
        if kind == "phone":
            return Hit(_with_area(page.text, start, end), end, identifier, SURE)
        if kind == "town":
            stands = self._is_town(page, first, last)
            return Hit(start, end, identifier, LIKELY) if stands else None
        road = _ROAD.match(page.text, end)
        named = road is not None and road[1].casefold() in self._suffixes
        if kind == "road" and not (named and page.raws[first][0] == page.raws[first][0].upper()):
            return None
        if road is not None and named:
            end = road.end()
        unit = _UNIT.match(page.text, end)
        return Hit(start, unit.end() if unit else end, identifier, SURE if named else LIKELY)

    def _is_town(self, page: Page, first: int, last: int) -> bool:
        """Say whether a town's name stands with a capital where only a name has one."""
        start, end = page.spans[first][0], page.spans[last][1]
        if not page.raws[first][0].isupper():
            return page.loose and _fold(page.raws[first]) not in self._words
        before = page.text[max(0, start - _BEFORE) : start]
        if _PLACED.search(before) or _STATE.match(page.text, end):
            return True
        return first != last or plain(page.raws[first]) not in self._words

    def _add(self, joined: str, identifier: str, kind: Kind) -> None:
        joined = joined.lstrip("0")
        if _LEAST <= len(joined) <= _LONGEST and joined not in self._table:
            self._table[joined] = (identifier, kind)
            self._prefixes.update(joined[:size] for size in range(1, len(joined) + 1))

    def _number(self, identifier: str, value: str) -> None:
        joined = _fold(value)
        if not any(map(str.isdigit, joined)):
            return
        self._add(joined, identifier, "number")
        if identifier == "ssn" and joined.isdigit() and len(joined) == 9:  # noqa: PLR2004 - an SSN
            self._last_four.add(joined[-4:])

    def _phone(self, value: str) -> None:
        digits = "".join(filter(str.isdigit, re.split(r"(?i)x|ext", value)[0]))
        if len(digits) < _LOCAL:
            return
        self._sevens.add(digits[-_LOCAL:])
        for i in range(len(digits) - _LOCAL + 1):
            self._add(digits[i:], "phone", "phone")

    def _places(self, address: str) -> Iterator[tuple[str, Kind]]:
        """Yield what an address is known by: 12larkspur, larkspur, springfield, pobox123."""
        for box in _BOX.finditer(address):
            yield "pobox" + _fold(box[1]), "number"
        for piece in re.split(r"[,;\n]", address):
            house = _HOUSE.fullmatch(piece)
            if house:
                yield from self._street(house[1], _UNIT.split(" " + house[2])[0])
            elif not any(map(str.isdigit, piece)) and len(_fold(piece)) >= _TOWN:
                name = " ".join(piece.casefold().split())
                if not any(name in wide for wide in self._wide):
                    yield _fold(piece), "town"

    def _street(self, number: str, road: str) -> Iterator[tuple[str, Kind]]:
        words = [_fold(m) for m in re.findall(r"[^\s.]+", road)]
        if len(words) > 1 and words[-1] in self._suffixes:
            words.pop()
        variants = {"".join(words)}
        for side, name in _SIDES.items():
            for at in (0, -1):
                if len(words) > 1 and words[at] in {side, name}:
                    rest = words[1:] if at == 0 else words[:-1]
                    variants |= {
                        "".join(rest),
                        *("".join([s, *rest] if at == 0 else [*rest, s]) for s in (side, name)),
                    }
        for variant in variants:
            yield _fold(number) + variant, "street"
            if len(variant) >= _TOWN:
                yield variant, "road"


def _fold(value: str) -> str:
    """Return letters and digits alone, folded, without accents."""
    return fold(plain(value))


def _joins(gap: str) -> bool:
    return len(gap) <= _GAP and _SEPARATORS.issuperset(gap)


def _touches(page: Page, first: int, last: int) -> bool:
    """Say whether a value is glued to more letters or digits, or is a part of a decimal."""
    if first and not page.gap(first - 1) and page.raws[first - 1].casefold() not in _GLUED_LABELS:
        return True
    end = page.spans[last][1]
    if last + 1 < len(page.raws) and page.spans[last + 1][0] == end:
        return True
    return page.text[end : end + 1] == "." and page.text[end + 1 : end + 2].isdigit()


def _tells(text: str) -> bool:
    """Say whether a number is long enough to be told from chance."""
    digits = sum(map(str.isdigit, text))
    return digits >= _DIGITS or (digits >= _LEAST and sum(map(str.isalpha, text)) > 1)


def _with_area(text: str, start: int, end: int) -> int:
    """Return where a telephone number begins with its area, its bracket and its plus."""
    if sum(map(str.isdigit, text[start:end])) == _LOCAL:
        area = _AREA.search(text, max(0, start - 12), start)
        start = area.start() if area else start
    if text[start - 1 : start] == "(" and ")" in text[start:end]:
        start -= 1
    return start - 1 if text[start - 1 : start] == "+" else start


def read(text: str) -> Sequence[str]:
    """Return the words and numbers of a text."""
    found: list[str] = ATOM.findall(text)
    return found


def emails_in(text: str, emails: Collection[str]) -> Iterator[Hit]:
    """Yield the places of e-mail addresses, whatever their case."""
    at = text.find("@") if emails else -1
    while at >= 0:
        for local, _, host in (email.strip().partition("@") for email in emails):
            start, end = at - len(local), at + 1 + len(host)
            if (
                (local and host and start >= 0)
                and text[start:at].casefold() == local.casefold()
                and text[at + 1 : end].casefold() == host.casefold()
                and not (text[start - 1 : start].isalnum() and start)
                and not text[end : end + 1].isalnum()
            ):
                yield Hit(start, end, "email", SURE)
        at = text.find("@", at + 1)

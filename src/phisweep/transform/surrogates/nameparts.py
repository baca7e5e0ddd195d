"""
Read a name: which of its words are given names and surnames, and which stay as they are.

Forms: First M. Last, LAST, FIRST M, LAST^FIRST^M (HL7 XPN and XCN, whose first component may be
an id), initials, and several names with `;`, `/` or `and` between them. Titles, credentials,
suffixes (Jr, III) and particles (de la, van) stay. All offsets are half-open code points.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from phisweep.transform.surrogates.knownnames import (
    PARTICLES,
    UNSURE_PARTICLES,
    KnownNames,
    Role,
    plain,
)

_LETTERS = r"[^\W\d_](?:[^\W\d_]|[\u0300-\u036f\u064b-\u065f\u0900-\u0dff\u0e31-\u0e4e])*"
_APOSTROPHE = r"['\u2019\u02bc`]"
_WORD = re.compile(rf"{_LETTERS}(?:{_APOSTROPHE}{_LETTERS})*")
_POSSESSIVE = re.compile(rf"(?<=.){_APOSTROPHE}[sS]\Z")
_CHUNK = re.compile(r"[^\s,;^|~]+")
_BETWEEN_NAMES = re.compile(r"[;|~\n\t/&+]")
_JOINING = frozenset({"and", "or", "née", "nee", "aka", "fka"})
_SUFFIXES = frozenset({"jr", "sr", "ii", "iii", "iv", "esq", "esquire"})
_ARTICLES = frozenset({"al", "as", "el", "ad"})  # Al-Masri
_ORDINALS = frozenset({"st", "nd", "rd", "th"})
_XPN_LAST = 6  # components from here on are codes: name type, representation, context
_VOWELS = frozenset("aeiouy")


@dataclass(frozen=True, slots=True)
class Word:
    """
    A word of a name, at half-open code points of the covered text.

    `before` lies between it and the word before, `after` is the character behind it. `group`
    counts the names of the text, `segment` the parts between commas in one (between carets, where
    the text has any: `caret`); `aside` says that it stands in brackets or quotes.
    """

    start: int
    end: int
    text: str = field(repr=False)
    before: str = field(repr=False)
    after: str = field(repr=False)
    group: int = 0
    segment: int = 0
    caret: bool = False
    aside: bool = False

    @property
    def joined(self) -> bool:
        """Say whether a hyphen alone stands before it."""
        return self.before in {"-", "‐", "‑"}  # noqa: RUF001 - the hyphens of Unicode

    @property
    def letter(self) -> bool:
        """Say whether it is a single letter that has cases: an initial."""
        return len(self.text) == 1 and self.text.lower() != self.text.upper()


@dataclass(frozen=True, slots=True)
class Part:
    """A word of a name that is to be replaced, and its role."""

    word: Word
    role: Role
    alone: bool = False  # nothing else of its name is replaced


def parts(text: str, known: KnownNames) -> tuple[Part, ...]:
    """Return the words of the text that name somebody, in their order."""
    found: list[Part] = []
    for _, group in groupby(scan(text), key=lambda word: word.group):
        words = list(group)
        names = _names(text, words, known)
        main = [word for word in names if not word.aside]
        led = words[0] not in names and len(words) > 1  # by a title, or a particle
        found += _roles(text, main, known, led=led)
        found += [_alone(word, known) for word in names if word.aside]
    return tuple(sorted(found, key=lambda part: part.word.start))


def scan(text: str) -> Iterator[Word]:
    """Yield the words of a text, possessive endings and joining words (`and`) left out."""
    group = segment = end = 0
    depth, quoted = 0, False
    for match in _WORD.finditer(text):
        word = _POSSESSIVE.sub("", match[0])
        gap = text[end : match.start()]
        joining = word.casefold() in _JOINING and word.islower()
        if _BETWEEN_NAMES.search(gap):
            group, segment = group + 1, 0
        caret = "^" in text
        segment += gap.count("^" if caret else ",")
        depth = max(0, depth + sum(map(gap.count, "([")) - sum(map(gap.count, ")]")))
        quoted ^= gap.count('"') % 2 == 1
        start, end = match.start(), match.start() + len(word)
        if joining:
            group, segment = group + 1, 0
        else:
            after = text[end : end + 1]
            aside = depth > 0 or quoted
            yield Word(start, end, word, gap, after, group, segment, caret, aside)


def _names(text: str, words: Sequence[Word], known: KnownNames) -> list[Word]:
    """Return the words of one name without those that stay."""
    kept = _credentials(text, words, known)
    rest = [word for word in words if word.start not in kept]
    names: list[Word] = []
    for i, word in enumerate(rest):
        key = plain(word.text)
        after = [w for w in rest[i + 1 :] if w.segment == word.segment]
        if known.told(key) is None and (
            _suffix(word, key, names)
            or _title(word, key, after, names, known)
            or _particle(word, key, rest, names, text)
            or (word.caret and word.segment >= _XPN_LAST)
        ):
            continue
        names.append(word)
    return names


def _credentials(text: str, words: Sequence[Word], known: KnownNames) -> set[int]:
    """Return where the words of credentials start: after a name, as listed or behind a comma."""
    kept: set[int] = set()
    for i, word in enumerate(words):
        chunk = _CHUNK.match(text, word.start)
        bare = chunk[0].rstrip(").]") if chunk else ""
        listed = bare.replace(".", "")
        comma = word.segment > 0
        told = known.told(plain(word.text)) is not None
        behind = [w for w in words[:i] if w.start not in kept and not w.letter]
        # Behind a comma it cannot well be a name; elsewhere one that is a name needs two before it.
        needed = 2 if known.listed(plain(listed)) and not comma else 1
        fits = known.credential(listed) or (comma and known.credential(listed, any_case=True))
        if fits and not told and len(behind) >= needed:
            end = word.start + len(bare)
            kept.update(w.start for w in words[i:] if w.start < end)
    return kept


def _suffix(word: Word, key: str, names: Sequence[Word]) -> bool:
    ordinal = key in _ORDINALS and word.before[-1:].isdigit()
    return bool(names) and (key in _SUFFIXES or ordinal)


def _title(
    word: Word, key: str, after: Sequence[Word], names: Sequence[Word], known: KnownNames
) -> bool:
    """A title stands before a name, or has no vowel: `Alvarez, Dr`."""
    if not known.title(key):
        return False
    return bool(after) or _VOWELS.isdisjoint(key) or (bool(names) and word.after == ".")


def _particle(word: Word, key: str, rest: Sequence[Word], names: Sequence[Word], text: str) -> bool:
    """
    A particle stands before a surname; at the front, one that may be a name is taken for it.

    In a text of both cases, one in lower case is a particle wherever other words are names.
    """
    later = [w for w in rest if w.start > word.start]
    after = [w for w in later if w.segment == word.segment]
    if key in _ARTICLES and word.after == "-" and after:
        return True
    if key not in PARTICLES and key not in UNSURE_PARTICLES:
        return False
    if word.text.islower() and not text.islower() and (after or names):
        return True
    if not after or all(w.letter for w in after):
        return False
    front = all(w.segment != word.segment for w in names)
    second = any(w.end < word.start and plain(w.text) in PARTICLES for w in rest)
    surname_first = front and not names and len(later) > len(after)
    return key in PARTICLES or not front or second or surname_first


def _roles(text: str, names: Sequence[Word], known: KnownNames, *, led: bool) -> Iterator[Part]:
    """Yield the words of one name with the roles that their places give, unless told otherwise."""
    if not names:
        return
    if names[0].caret:
        yield from _by_component(text, names, known)
        return
    segments = sorted({word.segment for word in names})
    units = _units(names)
    if len(segments) > 1:
        for word in names:
            yield _part(word, "surname" if word.segment == segments[0] else "given", known)
    elif len(units) == 1:
        yield from _single(units[0], known, led=led)
    else:
        yield from _first_last(units, text, known)


def _by_component(text: str, names: Sequence[Word], known: KnownNames) -> Iterator[Part]:
    first = text.partition("^")[0]
    surname = 1 if any(map(str.isdigit, first)) and not any(map(str.isalpha, first)) else 0
    for word in names:
        yield _part(word, "surname" if word.segment == surname else "given", known)


def _units(names: Sequence[Word]) -> list[list[Word]]:
    """Bind the words that a hyphen joins."""
    units: list[list[Word]] = []
    for word in names:
        if units and word.joined and units[-1][-1].end + len(word.before) == word.start:
            units[-1].append(word)
        else:
            units.append([word])
    return units


def _single(unit: Sequence[Word], known: KnownNames, *, led: bool) -> Iterator[Part]:
    if len(unit) == 1:
        word = unit[0]
        role = known.told(plain(word.text)) or ("surname" if led else None)
        yield Part(word, role, alone=True) if role else _alone(word, known)
        return
    given = not led and all(known.alone(plain(word.text)) == "given" for word in unit)
    initials = all(word.letter for word in unit)
    for word in unit:
        last = initials and word is unit[-1]
        yield _part(word, "given" if (given or initials) and not last else "surname", known)


def _first_last(units: Sequence[Sequence[Word]], text: str, known: KnownNames) -> Iterator[Part]:
    """The last is the surname, and so is what follows a particle; but not in `Alvarez M`."""
    full = [unit for unit in units if not unit[0].letter]
    backward = (
        units[-1][0].letter
        and len(full) == 1
        and full[0] is units[0]
        and known.alone(plain(full[0][0].text)) == "surname"
    )
    after_particle = False
    for i, unit in enumerate(units):
        gap = text[units[i - 1][-1].end : unit[0].start] if i else ""
        after_particle = after_particle or bool(_WORD.search(gap))
        last = i == len(units) - 1
        surname = (i == 0) if backward else (last or after_particle)
        for word in unit:
            yield _part(word, "surname" if surname else "given", known)


def _part(word: Word, role: Role, known: KnownNames) -> Part:
    return Part(word, known.told(plain(word.text)) or role)


def _alone(word: Word, known: KnownNames) -> Part:
    return Part(word, known.alone(plain(word.text)), alone=True)

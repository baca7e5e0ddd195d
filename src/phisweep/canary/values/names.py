"""Invented names of persons: given names that many bear, surnames of the pinned list."""

from __future__ import annotations

from phisweep.canary.chance import Chance
from phisweep.canary.values.base import Invented, Kit, cased, span
from phisweep.detect.facts import part_of
from phisweep.keys import fold
from phisweep.transform.surrogates.pools import PoolKind

_LEAST = 3  # letters of a name that stands alone
_GIVEN: tuple[PoolKind, ...] = ("female", "male")
#: Style, topic and weight in running text.
_STYLES = (
    (("first and last", "full"), 6),
    (("first, middle initial, last", "full"), 2),
    (("initial and last", "full"), 1),
    (("last, first", "inverted"), 2),
    (("LAST, FIRST", "inverted"), 2),
    (("hyphenated surname", "full"), 1),
    (("with credentials", "full"), 1),
    (("surname", "surname"), 4),
    (("given name", "given"), 3),
    (("initials", "initials"), 1),
    (("user name", "user"), 1),
)
_CREDENTIALS = ("MD", "RN", "DO", "PA-C", "NP")


def name(chance: Chance, kit: Kit) -> Invented:
    """Return a name for running text."""
    style, topic = chance.weighted(_STYLES)
    return _written(style, topic, chance, kit)


def full_name(chance: Chance, kit: Kit) -> Invented:
    """Return a name that tells that it is one, wherever it stands."""
    style = chance.pick(("first and last", "last, first", "first, middle initial, last"))
    return _written(style, "full", chance, kit)


def name_like(chance: Chance, kit: Kit, like: str, label: str) -> Invented:
    """Return a name laid out as the one that stands there."""
    part = part_of(label, "name")
    words = like.replace(",", " ").split()
    style = "first and last"
    if "," in like and len(words) > 1:
        style = "last, first"
    elif len(words) == 1:
        style = "given name" if part == "given" else "surname"
        if "given" in label.lower() or "first" in label.lower():
            style = "given name"
        if len(fold(like)) == 1:
            style = "initial"
    elif len(words) > 2 and len(words[1].strip(".")) == 1:  # noqa: PLR2004 - first, middle, last
        style = "first, middle initial, last"
    made = _written(style, "full", chance, kit)
    return Invented(cased(made.text, like), made.style, made.topic, made.free)


def _written(style: str, topic: str, chance: Chance, kit: Kit) -> Invented:
    given, last = _given(chance, kit), _surname(chance, kit)
    middle, degree = chance.pick("ABCDEFGHJKLMNPRSTW"), chance.pick(_CREDENTIALS)
    written = {
        "first, middle initial, last": f"{given} {middle}. {last}",
        "initial and last": f"{given[0]}. {last}",
        "last, first": f"{last}, {given}",
        "LAST, FIRST": f"{last}, {given}".upper(),
        "hyphenated surname": f"{given} {last}-{_surname(chance, kit)}",
        "with credentials": f"{given} {last}, {degree}",
        "surname": last,
        "given name": given,
        "initial": given[0],
        "initials": f"{given[0]}.{middle}.{last[0]}." if chance.share(0.5) else given[0] + last[0],
        "user name": f"{given[0]}{last}".lower(),
    }
    text = written.get(style, f"{given} {last}")
    free = span(text, degree) if style == "with credentials" else ()
    return Invented(text, style, topic, free, told=style in {"initials", "user name"})


def _given(chance: Chance, kit: Kit) -> str:
    return _of("neutral" if chance.share(0.1) else chance.pick(_GIVEN), chance, kit)


def _surname(chance: Chance, kit: Kit) -> str:
    return _of("surnames", chance, kit)


def _of(kind: PoolKind, chance: Chance, kit: Kit) -> str:
    """Return an entry; where the data have all of a list, one that it has, told apart by a letter."""

    def long(word: str) -> bool:
        return len(word) >= _LEAST

    found = kit.pools.pick(kind, chance.draw, suits=long)
    return found or chance.pick(kit.pools.entries(kind)) + chance.pick("aeo")

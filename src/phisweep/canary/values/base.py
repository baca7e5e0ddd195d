"""What is invented, and what it is invented from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from phisweep.transform.surrogates.pools import Pools


@dataclass(frozen=True, slots=True)
class Invented:
    """
    An invented value, in the words of its style.

    `topic` chooses the phrases that it may stand in, `free` are half-open spans of it that may stay,
    `told` says that it means nothing without words that name it.
    """

    text: str = field(repr=False)
    style: str
    topic: str
    free: tuple[tuple[int, int], ...] = ()
    told: bool = False


@dataclass(frozen=True, slots=True)
class Kit:
    """
    What values are made from.

    `pools` are the names and places that occur nowhere in the data, `dates` the styles of dates that
    the data has, the commonest first, `own` examples of its numbers by identifier.
    """

    pools: Pools = field(repr=False)
    dates: tuple[str, ...] = ()
    own: Mapping[str, tuple[str, ...]] = field(default_factory=dict, repr=False)


def span(text: str, part: str) -> tuple[tuple[int, int], ...]:
    """Return where the last occurrence of a part stands in a text, as free spans."""
    at = text.rfind(part)
    return ((at, at + len(part)),) if part and at >= 0 else ()


def cased(text: str, like: str) -> str:
    """Return the text in capitals or small letters where what stands there is."""
    if like.isupper():
        return text.upper()
    return text.lower() if like.islower() else text

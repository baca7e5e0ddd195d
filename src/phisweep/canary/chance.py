"""Chance that a seed decides: the same seed, the same canaries, whatever the Python."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b
from typing import TypeVar

from phisweep.transform.surrogates.draws import SEED_BYTES, Draw

T = TypeVar("T")
_FINE = 1 << 20


class Chance:
    """Draws that a number and a purpose decide."""

    __slots__ = ("_draw", "_name")

    def __init__(self, seed: int, *purpose: object) -> None:
        self._name = "/".join(map(str, (seed, *purpose))).encode()
        self._draw = Draw(blake2b(self._name, digest_size=SEED_BYTES).digest())

    def below(self, n: int) -> int:
        """Return one of 0 to n - 1. Raises ValueError if n < 1."""
        return self._draw.below(n)

    def between(self, first: int, last: int) -> int:
        """Return one of first to last, both included."""
        return first + self._draw.below(last - first + 1)

    def pick(self, things: Sequence[T]) -> T:
        """Return one of the things, each as likely as the others."""
        return things[self._draw.below(len(things))]

    def weighted(self, things: Sequence[tuple[T, int]]) -> T:
        """Return one of the things, each as likely as its weight says."""
        left = self._draw.below(sum(weight for _, weight in things))
        for thing, weight in things:
            left -= weight
            if left < 0:
                return thing
        raise AssertionError  # the sum of the weights is above what was drawn

    def share(self, part: float) -> bool:
        """Say yes in this share of all cases."""
        return self._draw.below(_FINE) < part * _FINE

    def fraction(self) -> float:
        """Return a number in [0, 1)."""
        return self._draw.below(_FINE * _FINE) / (_FINE * _FINE)

    def digits(self, count: int) -> str:
        """Return so many digits."""
        return "".join(str(self._draw.below(10)) for _ in range(count))

    @property
    def draw(self) -> Draw:
        """The stream itself, for those who pick from pools."""
        return self._draw

    def draw_of(self, purpose: str, value: str) -> Draw:
        """Return a fresh stream of a purpose and a value: what makers of surrogates ask for."""
        name = b"\x1f".join((self._name, purpose.encode(), value.encode(errors="replace")))
        fresh = self._draw.below(1 << 64).to_bytes(8)
        return Draw(blake2b(fresh + name, digest_size=SEED_BYTES).digest())

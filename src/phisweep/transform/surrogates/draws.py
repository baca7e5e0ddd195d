"""
Draws: an endless stream of numbers that a seed of 32 bytes decides.

BLAKE2b (RFC 7693) keyed with the seed, in counter mode: block i is the digest of i as 8 bytes,
most significant first. Nobody without the seed can tell it from chance.
"""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import blake2b

SEED_BYTES = 32


class Draw:
    """
    The numbers that one seed decides: the same seed gives the same numbers, in the same order.

    It has no chance of its own. Raises ValueError where the seed is not of 32 bytes.
    """

    __slots__ = ("_bits", "_blocks", "_seed", "_value")

    def __init__(self, seed: bytes) -> None:
        if len(seed) != SEED_BYTES:
            raise ValueError(f"a seed has {SEED_BYTES} bytes")
        self._seed = seed
        self._blocks = 0
        self._value = 0
        self._bits = 0

    def below(self, n: int) -> int:
        """Return one of 0 to n - 1, each as likely as the others. Raises ValueError if n < 1."""
        if n < 1:
            raise ValueError("there is no number below that")
        width = (n - 1).bit_length()
        while True:  # a number of `width` bits is below n at least every second time
            number = self._take(width)
            if number < n:
                return number

    def shuffled(self, n: int) -> Iterator[int]:
        """
        Yield 0 to n - 1, each once, in an order that the seed decides.

        It is the shuffle of Fisher and Yates, done only as far as somebody asks for the next.
        """
        moved: dict[int, int] = {}
        for last in range(n - 1, -1, -1):
            chosen = self.below(last + 1)
            yield moved.get(chosen, chosen)
            moved[chosen] = moved.pop(last, last)

    def _take(self, width: int) -> int:
        """Return the next `width` bits of the stream as a number."""
        while self._bits < width:
            counter = self._blocks.to_bytes(8)
            block = blake2b(counter, key=self._seed).digest()
            self._value = self._value << 8 * len(block) | int.from_bytes(block)
            self._bits += 8 * len(block)
            self._blocks += 1
        self._bits -= width
        number = self._value >> self._bits
        self._value &= (1 << self._bits) - 1
        return number

"""
All codes in an order drawn at random: none comes twice, and nobody need look for it among others.

The order is a permutation under a key that is drawn for it: FF1 of AES (NIST SP 800-38G) over the
ten letters of a code. A code says nothing of its place in it, nor of the codes beside it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from phisweep.marks import CODE_LENGTH, CODE_LETTERS

if TYPE_CHECKING:
    import numpy.typing as npt

KEY_BYTES = 32
_ROUNDS = 10
_HALF = CODE_LENGTH // 2
_BLOCK = 16
#: What is hashed of half a code: nine zeros of FF1's tweak and padding, the round, the half.
_ROUND_AT, _HALF_AT = 12, 13


class Shuffle:
    """The order of all words of ten letters that a key of AES decides."""

    def __init__(self, key: bytes, radix: int = len(CODE_LETTERS)) -> None:
        # ECB of blocks that are all different is AES itself, which FF1 is made of.
        self._aes = Cipher(algorithms.AES(key), modes.ECB())  # noqa: S305 - as said
        self._size = radix**_HALF
        about = bytes([1, 2, 1]) + radix.to_bytes(3, "big") + bytes([_ROUNDS, _HALF])
        self._about = self._enciphered(about + CODE_LENGTH.to_bytes(4, "big") + bytes(4))

    def numbers(self, first: int, count: int) -> npt.NDArray[np.uint64]:
        """Return the numbers, of ten digits to the radix, at `count` places from `first` on."""
        places = np.arange(first, first + count, dtype=np.uint64)
        size = np.uint64(self._size)
        left, right = places // size, places % size
        blocks = np.empty((count, _BLOCK), np.uint8)
        for round_ in range(_ROUNDS):
            blocks[:, :_ROUND_AT] = 0
            blocks[:, _ROUND_AT] = round_
            blocks[:, _HALF_AT:] = right.astype(">u4").view(np.uint8).reshape(count, 4)[:, 1:]
            blocks ^= np.frombuffer(self._about, np.uint8)
            mixed = np.frombuffer(self._enciphered(blocks.tobytes()), ">u8")[::2]
            left, right = right, (left + mixed.astype(np.uint64) % size) % size
        return left * size + right

    def _enciphered(self, blocks: bytes) -> bytes:
        encryptor = self._aes.encryptor()
        return encryptor.update(blocks) + encryptor.finalize()

"""
How many distinct values: exact while they are few, then an estimate in 4 KiB.

The estimate is HyperLogLog's (Flajolet, Fusy, Gandouet and Meunier, 2007) with 4,096 registers of
one byte: a standard error of 1.04 / sqrt(4096), 1.6 per cent. Digests are held, never written.
"""

from __future__ import annotations

import hashlib

import numpy as np
import numpy.typing as npt
import pyarrow as pa

Digests = npt.NDArray[np.uint64]

EXACT = 100_000
_INDEX_BITS = 12
_REST_BITS = 64 - _INDEX_BITS
_REGISTERS = 1 << _INDEX_BITS
_ALPHA = 0.7213 / (1 + 1.079 / _REGISTERS)


def digests(values: pa.StringArray) -> Digests:
    """Return 64 bits of BLAKE2b (RFC 7693) of each value."""
    digest = hashlib.blake2b
    texts = values.cast(pa.binary()).to_pylist()
    made = [digest(text, digest_size=8).digest() for text in texts]
    return np.frombuffer(b"".join(made), dtype="<u8").astype(np.uint64)


class Distinct:
    """Counts distinct digests; beyond `exact` of them it estimates, whatever their order was."""

    def __init__(self, exact: int = EXACT) -> None:
        self._exact = exact
        self._seen: Digests = np.empty(0, np.uint64)  # sorted
        self._registers: npt.NDArray[np.uint8] | None = None

    def copy(self) -> Distinct:
        """Return another that has seen the same."""
        other = Distinct(self._exact)
        other._seen = self._seen  # never written into
        other._registers = None if self._registers is None else self._registers.copy()
        return other

    def add(self, new: Digests) -> None:
        """Enter digests, which may repeat."""
        if self._registers is not None:
            _raise(self._registers, new)
            return
        if len(self._seen):
            at = np.minimum(np.searchsorted(self._seen, new), len(self._seen) - 1)
            new = new[self._seen[at] != new]
        if len(new):
            both = np.concatenate((self._seen, np.unique(new)))
            self._seen = np.sort(both, kind="stable")  # two runs, merged
        if len(self._seen) > self._exact:
            self._registers = np.zeros(_REGISTERS, np.uint8)
            _raise(self._registers, self._seen)
            self._seen = self._seen[:0].copy()

    def join(self, other: Distinct) -> None:
        """Enter what another has seen."""
        if other._registers is None:
            self.add(other._seen)
            return
        if self._registers is None:
            registers = other._registers.copy()
            _raise(registers, self._seen)
            self._registers, self._seen = registers, self._seen[:0].copy()
        else:
            np.maximum(self._registers, other._registers, out=self._registers)

    @property
    def estimated(self) -> bool:
        """Say whether the count is an estimate."""
        return self._registers is not None

    def count(self) -> int:
        """Return how many there are; of an estimate, three digits."""
        if self._registers is None:
            return len(self._seen)
        # No correction for small counts: an estimate stands for many more than the registers.
        powers = np.exp2(-self._registers.astype(np.float64))
        return int(float(f"{_ALPHA * _REGISTERS**2 / float(powers.sum()):.3g}"))


def _raise(registers: npt.NDArray[np.uint8], new: Digests) -> None:
    """Raise the registers to the rank of the first one bit among the low 52 bits of a digest."""
    rest = new & np.uint64((1 << _REST_BITS) - 1)
    _, length = np.frexp(rest.astype(np.float64))  # 52 bits are exact in a float64
    ranks = (_REST_BITS + 1 - length).astype(np.uint8)
    np.maximum.at(registers, (new >> np.uint64(_REST_BITS)).astype(np.int64), ranks)

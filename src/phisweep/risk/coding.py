"""
The values of a column as codes.

Blanks around a value do not count. What only says that nothing is known (empty, NA, NULL, NaN, `?`,
`.`) is one missing value, code 0. A column of more than 200,000 distinct values is hashed: its codes
are 64 bits under a key of the run (SipHash), and its values are not kept; that two of ten million
share a hash has a chance of three in a million.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
import pyarrow as pa

from phisweep.risk.grouping import Codes, Whole

MISSING = 0
VALUES = 200_000  # distinct values of a column that are kept, about 30 MB
_NOTHING = frozenset({"", "na", "n/a", "#n/a", "null", "nan", "?", "."})
_KEY_BYTES = 8  # written as 16 hexadecimal digits, which are the key's 16 bytes


class TooManyValuesError(Exception):
    """A column has more distinct values than are kept; never leaves this room and its use case."""

    def __init__(self, column: int) -> None:
        super().__init__()
        self.column = column


def is_missing(value: str) -> bool:
    """Say whether a stripped value only says that nothing is known."""
    return value.casefold() in _NOTHING


def drawn() -> str:
    """Return a key for hashes, for one run."""
    return secrets.token_hex(_KEY_BYTES)


@dataclass(slots=True)
class Coder:
    """
    Gives the values of one column their codes, in the order in which they are met.

    `values[code]` is the value; `hashed` ones are not kept. Raises TooManyValuesError, told by `index`.
    """

    index: int
    name: str = field(repr=False)
    hashed: bool = False
    key: str = field(default_factory=drawn, repr=False)
    most: int = VALUES
    values: list[str] = field(default_factory=lambda: [""], repr=False)
    _codes: dict[str, int] = field(default_factory=lambda: {"": MISSING}, repr=False)

    def codes(self, column: pa.DictionaryArray) -> Codes:
        """Return the code of each row."""
        entries = column.dictionary.to_pylist()
        indices = column.indices.to_numpy(zero_copy_only=False)
        codes: Codes = self._hashes(entries) if self.hashed else self._numbers(entries)
        chosen: Codes = codes[indices]
        return chosen

    def _numbers(self, entries: list[str]) -> Whole:
        known = self._codes
        codes = np.empty(len(entries), np.int64)
        for i, entry in enumerate(entries):
            code = known.get(entry)
            codes[i] = self._new(entry) if code is None else code
        return codes

    def _new(self, entry: str) -> int:
        value = entry.strip()
        if is_missing(value):
            code = MISSING
        elif value in self._codes:
            code = self._codes[value]
        else:
            if len(self.values) > self.most:
                raise TooManyValuesError(self.index)
            code = self._codes[value] = len(self.values)
            self.values.append(value)
        if len(self._codes) < 2 * self.most:  # spellings with blanks, which are worked out once
            self._codes[entry] = code
        return code

    def _hashes(self, entries: list[str]) -> Codes:
        values = [entry.strip() for entry in entries]
        made = pd.util.hash_array(np.array(values, object), hash_key=self.key, categorize=False)
        codes = np.maximum(made, 1)
        codes[np.fromiter(map(is_missing, values), bool, len(values))] = MISSING
        return codes

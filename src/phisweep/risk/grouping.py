"""Rows as codes, and the distinct ones among them with the sums of their weights."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

Whole = npt.NDArray[np.int64]
#: Codes of one column: whole numbers from 0, or hashes (uint64).
Codes = npt.NDArray[Any]

_ROOM = 1 << 62  # of a key that stands for several columns


@dataclass(frozen=True, slots=True)
class Table:
    """
    Rows: the codes of each column, and the weights of each row.

    The first weight counts rows of the data, the last one people; where rows are people there is
    one weight.
    """

    columns: tuple[Codes, ...] = field(repr=False)
    weights: tuple[Whole, ...] = field(repr=False)

    def __len__(self) -> int:
        return len(self.weights[0])

    @property
    def rows(self) -> Whole:
        """How many rows of the data each row stands for."""
        return self.weights[0]

    @property
    def people(self) -> Whole:
        """How many people each row stands for."""
        return self.weights[-1]


def dense(columns: Sequence[Codes], length: int) -> tuple[Whole, Whole]:
    """
    Return a number from 0 for each distinct row, and the index of the first row of each.

    Without columns all rows are the same.
    """
    if not length:
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    ids, distinct = _factorized(_key(columns, length))
    first = np.empty(len(distinct), np.int64)
    first[ids[::-1]] = np.arange(length - 1, -1, -1)  # the last that is written stays: the first
    return ids, first


def reduced(table: Table) -> Table:
    """Return the distinct rows with the sums of their weights."""
    ids, first = dense(table.columns, len(table))
    if len(first) == len(table):
        return Table(tuple(map(compact, table.columns)), table.weights)
    return Table(
        tuple(compact(column[first]) for column in table.columns),
        tuple(summed(ids, weight, len(first)) for weight in table.weights),
    )


def joined(tables: Iterable[Table]) -> Table:
    """Return the rows of several tables of the same columns, one after the other."""
    held = list(tables)
    if len(held) == 1:
        return held[0]
    return Table(
        tuple(np.concatenate(each) for each in zip(*(t.columns for t in held), strict=True)),
        tuple(np.concatenate(each) for each in zip(*(t.weights for t in held), strict=True)),
    )


def summed(ids: Whole, weights: Whole, count: int) -> Whole:
    """Return the sum of the weights of each id; exact, for no sum reaches 2**53."""
    return np.bincount(ids, weights=weights, minlength=count).astype(np.int64)


def compact(codes: Codes) -> Codes:
    """Return codes in the smallest type that holds them; hashes stay as they are."""
    if codes.dtype == np.uint64 or not len(codes):
        return codes
    return codes.astype(np.min_scalar_type(int(codes.max())), copy=False)


def _key(columns: Sequence[Codes], length: int) -> Whole:
    """Return one number for each row, the same for the same codes and no others."""
    key, room = np.zeros(length, np.int64), 1
    for column in columns:
        codes, size = _bounded(column)
        if room * size >= _ROOM:
            key, distinct = _factorized(key)
            room = len(distinct)
        if room * size >= _ROOM:
            codes, distinct = _factorized(codes)
            size = len(distinct)
        key = key * size + codes
        room *= size
    return key


def _bounded(column: Codes) -> tuple[Whole, int]:
    """Return the codes as numbers below a size."""
    if column.dtype == np.uint64:
        ids, distinct = _factorized(column)
        return ids, len(distinct)
    return column.astype(np.int64, copy=False), int(column.max()) + 1


def _factorized(values: Codes) -> tuple[Whole, Codes]:
    ids, distinct = pd.factorize(values)
    return ids.astype(np.int64, copy=False), distinct

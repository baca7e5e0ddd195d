"""
How the rows of a column are spread over bands, before and after.

Bands are joined to wider ones, as many times as it takes, where too many rows stand in bands of
fewer than 11; only one width is ever shown, so that none can be subtracted from another.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Literal

import numpy as np
import numpy.typing as npt

from phisweep.marks import OLD, OLD_YEARS
from phisweep.model import BandFigures, Shown, SpreadFigures
from phisweep.transform.years import YEARS
from phisweep.usefulness.floor import shown_together
from phisweep.usefulness.reading import BAND, EMPTY, OTHER, Whole

_LAST = ("other", "empty")  # the places OTHER and EMPTY
_LONGEST = 150  # bands between the first and the last, up to which those without rows are listed
_OLDEST = OLD_YEARS // BAND
_ENOUGH = 0.8  # of the rows in bands stand in some whose counts are shown


class Spread:
    """
    Counts by band.

    `size` bands are the finest; each of `widths` joins as many of them to one, the finest first.
    `name` names the bands from one to another, both of them in it.
    """

    def __init__(
        self,
        kind: Literal["age", "year"],
        size: int,
        widths: Sequence[int],
        name: Callable[[int, int], str],
    ) -> None:
        self._kind = kind
        self._size = size
        self._name = name
        self._counts = {
            width: np.zeros((3, -(-size // width) + len(_LAST)), np.int64) for width in widths
        }

    def late(self, filled: int, empty: int) -> None:
        """Enter rows that went by before the column was known to be of this kind."""
        for counts in self._counts.values():
            counts[:, OTHER] += filled
            counts[:, EMPTY] += empty

    def add(self, before: Whole, after: Whole, rows: Whole) -> None:
        """Enter values by their finest bands before and after, and how many rows each is in."""
        for width, (old, new, stay) in self._counts.items():
            one, other = (np.where(side < 0, side, side // width) for side in (before, after))
            same = one == other
            np.add.at(old, one, rows)
            np.add.at(new, other, rows)
            np.add.at(stay, one[same], rows[same])

    def join(self, other: Spread) -> None:
        """Enter what another of the same kind has counted."""
        for width, counts in self._counts.items():
            np.add(counts, other._counts[width], out=counts)

    def figures(self, place: str) -> SpreadFigures | None:
        """Return what may be shown; None where no value was read, or too little may be."""
        best: tuple[BandFigures, ...] = ()
        share = 0.0
        for width, counts in self._counts.items():
            sides = shown_together(*counts.tolist())
            known = _share(sides, counts) if sides else 0.0
            if sides and known > share:
                best, share = self._bands(width, sides), known
            if share >= _ENOUGH:
                break
        return SpreadFigures(place, self._kind, best) if best else None

    def _bands(self, width: int, sides: tuple[list[Shown], list[Shown]]) -> tuple[BandFigures, ...]:
        """Return ages all, years from the first to the last, and after them what is no band."""
        bands = [
            BandFigures(self._name(low, min(low + width, self._size) - 1), old, new)
            for low, old, new in zip(range(0, self._size, width), *sides, strict=False)
        ]
        used = [i for i, band in enumerate(bands) if band.before or band.after]
        if self._kind == "year":
            close = used[-1] - used[0] <= _LONGEST
            bands = bands[used[0] : used[-1] + 1] if close else [bands[i] for i in used]
        last = (
            BandFigures(name, side[0], side[1])
            for name, *side in zip(_LAST, *(side[OTHER:] for side in sides), strict=True)
            if any(side)
        )
        return (*bands, *last)


def _share(sides: Sequence[Sequence[Shown]], counts: npt.NDArray[np.int64]) -> float:
    """Return which share of the rows in bands, before and after, has a count that is shown."""
    told = sum(n for side in sides for n in side[:OTHER] if isinstance(n, int))
    return told / max(int(counts[:2, :OTHER].sum()), 1)


def of_ages() -> Spread:
    """Return the spread of ages: 0-4, 5-9, ... 85-89, 90+, else by ten or thirty years."""
    return Spread("age", _OLDEST + 1, (1, 2, 6), _ages)


def _ages(low: int, high: int) -> str:
    return OLD if low == _OLDEST else f"{low * BAND}-{(high + 1) * BAND - 1}"


def of_years(reference: int) -> Spread:
    """
    Return the spread of dates by year, else by five or ten.

    Years that tell an age of 90 or more in the reference year are one.
    """
    return Spread("year", len(YEARS), (1, 5, 10), partial(_years, reference - OLD_YEARS))


def _years(cap: int, low: int, high: int) -> str:
    first, last = YEARS.start + low, YEARS.start + high
    if first <= cap:
        return f"to {max(last, cap)}"
    return str(first) if first == last else f"{first}-{last}"


def year_bands(years: Whole, filled: npt.NDArray[np.bool_]) -> Whole:
    """Return the finest bands of years as `Dates` reads them."""
    known = np.where(years >= YEARS.start, years - YEARS.start, OTHER)
    return np.where(filled, known, EMPTY)

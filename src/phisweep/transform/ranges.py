"""Numbers in ranges: how they are cut, and how they are written."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from dataclasses import replace

from phisweep.transform.params import Reader
from phisweep.values import dataclass

#: The least and the greatest number of a range, both in it; None where it has no end there.
Range = tuple[int | None, int | None]


@dataclass(frozen=True, slots=True)
class Ranges:
    """
    Whole numbers cut at multiples of `width`, or at `edges`, where a new range begins.

    Up to `bottom`, and from `top` on, all are one range without an end.
    """

    width: int = 0
    edges: tuple[int, ...] = ()
    bottom: int | None = None
    top: int | None = None

    @classmethod
    def read(cls, given: Reader) -> Ranges:
        """Return the ranges that the params tell. Raises RuleError."""
        if ("width" in given) == ("edges" in given):
            raise given.wrong("width or edges says what the ranges are")
        made = cls(
            width=given.whole("width", 1, 1) if "width" in given else 0,
            edges=given.ascending("edges"),
            bottom=given.whole("bottom", 0, 0) if "bottom" in given else None,
            top=given.whole("top", 1, 1) if "top" in given else None,
        )
        if made.bottom is not None and made.top is not None and made.bottom >= made.top:
            raise given.wrong("bottom is less than top")
        if not made.width and not made.edges:
            raise given.wrong('edges are whole numbers, as in "18,45,65"')
        return made

    @property
    def named(self) -> tuple[int, ...]:
        """The numbers at which ranges begin or end by name: edges, bottom and top."""
        return tuple(n for n in (self.bottom, *self.edges, self.top) if n is not None)

    def within(self, bottom: int | None, top: int | None) -> Ranges:
        """Return the same with a bottom and a top where there are none, if ranges have a width."""
        if not self.width:
            return self
        return replace(
            self,
            bottom=bottom if self.bottom is None else self.bottom,
            top=top if self.top is None else self.top,
        )

    def of(self, number: int) -> Range:
        """Return the range that a number lies in."""
        if self.bottom is not None and number <= self.bottom:
            return None, self.bottom
        if self.top is not None and number >= self.top:
            return self.top, None
        low, high = self._cut(number)
        if self.bottom is not None:
            low = self.bottom + 1 if low is None else max(low, self.bottom + 1)
        if self.top is not None:
            high = self.top - 1 if high is None else min(high, self.top - 1)
        return low, high

    def over(self, least: int, greatest: int) -> Range:
        """Return the ranges of two numbers and all between, as one; none where one has no end."""
        first, last = self.of(least), self.of(greatest)
        if first == last:
            return first
        return (None, None) if None in (*first, *last) else (first[0], last[1])

    def _cut(self, number: int) -> Range:
        if self.width:
            low = number // self.width * self.width
            return low, low + self.width - 1
        i = bisect_right(self.edges, number)
        return (
            self.edges[i - 1] if i else None,
            self.edges[i] - 1 if i < len(self.edges) else None,
        )


def in_words(range_: Range, form: Callable[[int], str] = str) -> str:
    """Return `45-49`, `<=17`, `90+` or a number alone; empty for a range that has no end at all."""
    low, high = range_
    if low is None:
        return "" if high is None else f"<={form(high)}"
    if high is None:
        return f"{form(low)}+"
    return form(low) if low == high else f"{form(low)}-{form(high)}"

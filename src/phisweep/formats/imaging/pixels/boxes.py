"""Rectangles of a picture."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise


@dataclass(frozen=True, slots=True)
class Box:
    """Rows `top` to `bottom` and columns `left` to `right`, half-open; may lie over the border."""

    top: int
    left: int
    bottom: int
    right: int

    @property
    def height(self) -> int:
        """How many rows it has."""
        return self.bottom - self.top

    @property
    def width(self) -> int:
        """How many columns it has."""
        return self.right - self.left

    @property
    def inside(self) -> tuple[slice, slice]:
        """What it covers of a picture, as indices of an array of its rows and columns."""
        return (
            slice(max(0, self.top), max(0, self.bottom)),
            slice(max(0, self.left), max(0, self.right)),
        )

    def grown(self, margin: int) -> Box:
        """Return it with a margin on every side."""
        return Box(self.top - margin, self.left - margin, self.bottom + margin, self.right + margin)

    def within(self, rows: int, columns: int) -> Box | None:
        """Return what of it lies in a picture, None where nothing does."""
        cut = replace(
            self,
            top=max(0, self.top),
            left=max(0, self.left),
            bottom=min(rows, self.bottom),
            right=min(columns, self.right),
        )
        return cut if cut.height > 0 and cut.width > 0 else None


def outside(kept: Sequence[Box], rows: int, columns: int) -> list[Box]:
    """Return boxes that cover every pixel of a picture that lies in none of those that are kept."""
    inner = [cut for box in kept if (cut := box.within(rows, columns))]
    edges = sorted({0, rows, *(y for box in inner for y in (box.top, box.bottom))})
    found = []
    for top, bottom in pairwise(edges):
        spans = sorted((b.left, b.right) for b in inner if b.top <= top and b.bottom >= bottom)
        start = 0
        for left, right in [*spans, (columns, columns)]:
            if left > start:
                found.append(Box(top, start, bottom, left))
            start = max(start, right)
    return found


def joined(boxes: Iterable[Box]) -> list[Box]:
    """Return the boxes without those that lie whole in another."""
    found: list[Box] = []
    for box in sorted(set(boxes), key=lambda b: -b.height * b.width):
        if not any(
            b.top <= box.top
            and b.left <= box.left
            and b.bottom >= box.bottom
            and b.right >= box.right
            for b in found
        ):
            found.append(box)
    return found

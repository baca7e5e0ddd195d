"""A sample of what streams by: each as likely as the others, in bounded memory."""

from __future__ import annotations

import heapq
from typing import Generic, TypeVar

T = TypeVar("T")


class Sample(Generic[T]):
    """
    Keeps the `size` things of the lowest priorities; of priorities drawn at random, a fair sample.

    What asks `bar` first makes only what is kept.
    """

    __slots__ = ("_count", "_heap", "_size")

    def __init__(self, size: int) -> None:
        self._size = size
        self._heap: list[tuple[float, int, T]] = []
        self._count = 0

    @property
    def bar(self) -> float:
        """The priority from which nothing is kept any more."""
        return -self._heap[0][0] if len(self._heap) >= self._size else 2.0

    def offer(self, priority: float, thing: T) -> None:
        """Offer a thing, at a priority in [0, 1)."""
        if priority >= self.bar:
            return
        self._count += 1
        entry = (-priority, -self._count, thing)
        if len(self._heap) >= self._size:
            heapq.heapreplace(self._heap, entry)
        else:
            heapq.heappush(self._heap, entry)

    def kept(self, most: int | None = None) -> list[T]:
        """Return what is kept, the lowest priority first, `most` of them at most."""
        entries = sorted(self._heap, key=lambda entry: (-entry[0], -entry[1]))
        return [thing for _, _, thing in entries[:most]]

"""
Long text -> windows that the network takes, and their answers -> one answer for each word.

A window is a run of whole words of at most `LENGTH` pieces. Neighbours overlap, and a word takes
the answer of the window in which it stands farthest from an edge; so no text is too long, and
what is asked at once is bounded.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from itertools import accumulate

LENGTH = 126  # pieces; two more mark start and end
OVERLAP = 32  # pieces that neighbours share
REACH = 14  # pieces of context that a word gets on each side, where only some are asked
APART = 48  # pieces between two words that are asked, from which on they do not share a window
MOST = 0.5  # the share of a text's words from which on it is read whole


def needed(sizes: Sequence[int], asked: Sequence[int]) -> Sequence[tuple[int, int]]:
    """
    Return windows that hold all the words `asked` (sorted indices), or all words.

    Where half of them must be read, the rest takes little more time, and gives context to each.
    """
    windows = list(around(sizes, asked))
    read = sum(end - start for start, end in windows)
    return windows if read < MOST * len(sizes) else list(whole(sizes))


def whole(sizes: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Yield windows over all words, as half-open word indices; `sizes` are words' pieces."""
    start = 0
    n = len(sizes)
    while start < n:
        end, room = start, LENGTH
        while end < n and sizes[end] <= room:
            room -= sizes[end]
            end += 1
        end = max(end, start + 1)
        yield start, end
        if end == n:
            return
        back, shared = end, 0
        while back > start + 1 and shared + sizes[back - 1] <= OVERLAP:
            back -= 1
            shared += sizes[back]
        start = max(back, start + 1)


def around(sizes: Sequence[int], asked: Sequence[int]) -> Iterator[tuple[int, int]]:
    """
    Yield windows that hold all the words `asked` (sorted indices), each with its context.

    Words so far apart that what lies between them would be read for nothing stand in two.
    """
    ends = [0, *accumulate(sizes)]
    i = 0
    while i < len(asked):
        start = min(bisect_left(ends, ends[asked[i]] - REACH), asked[i])
        room = max(ends[start] + LENGTH, ends[asked[i] + 1])
        most = bisect_right(asked, bisect_right(ends, room - REACH) - 2, i + 1)
        j = i + 1
        while j < most and ends[asked[j]] - ends[asked[j - 1] + 1] <= APART:
            j += 1
        last = asked[j - 1]
        end = bisect_right(ends, min(room, ends[last + 1] + REACH)) - 1
        yield start, max(end, last + 1)
        i = j


def centred(windows: Sequence[tuple[int, int]], n: int) -> list[int]:
    """Return for each of n words the window that answers for it, or -1 where none holds it."""
    best = [-1] * n
    depth = [-1] * n
    for w, (start, end) in enumerate(windows):
        for i in range(start, end):
            left = n if start == 0 else i - start
            right = n if end == n else end - 1 - i
            if min(left, right) > depth[i]:
                depth[i] = min(left, right)
                best[i] = w
    return best

"""Small texts whose turn comes soon, read ahead: many are searched together in half the time."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import closing

from phisweep.errors import DocumentError
from phisweep.formats.base import ReadOptions
from phisweep.formats.choose import choose_format
from phisweep.formats.stream import at_hand
from phisweep.model import Source, Text

_SMALL, _TOGETHER = 1 << 14, 1 << 17  # bytes of a file, and of files that are read ahead at a time
_SUFFIXES = frozenset({".txt", ".text", ".md", ".log"})
_FORMAT = "plain"


class Upcoming:
    """The sources of the next jobs, in their order; each small text among them is read once."""

    def __init__(self, sources: Iterable[Source], options: ReadOptions) -> None:
        self._sources = deque(source for source in sources if _is_small(source))
        self._options = options

    def with_next(self, source: Source) -> list[Text]:
        """Return the texts of a source and of those behind it, unless they were read already."""
        texts: list[Text] = []
        if not self._sources or self._sources[0] is not source:
            return texts
        size = 0
        while self._sources and size < _TOGETHER:
            each = self._sources.popleft()
            size += each.size
            texts += self._texts(each)
        return texts

    def _texts(self, source: Source) -> Iterator[Text]:
        try:
            held = at_hand(source)
            format_ = choose_format(held, self._options)
            if format_.name == _FORMAT:
                with closing(format_.open(held, self._options)) as document:
                    for part in document.parts():
                        for chunk in part.chunks():
                            yield from (b for b in chunk.blocks if isinstance(b, Text))
        except (DocumentError, OSError):
            return  # it is told when its turn comes


def _is_small(source: Source) -> bool:
    """Say whether a source is a small text on this machine."""
    here = source.data is None and source.origin is None and source.size <= _SMALL
    return here and source.path.suffix.lower() in _SUFFIXES

"""Whether what was seen as left still stands in a copy: a later search of the copies may have it."""

from __future__ import annotations

from collections.abc import Collection
from contextlib import closing
from pathlib import Path

from phisweep.formats.base import ReadOptions
from phisweep.formats.choose import choose_format
from phisweep.model import Column, Source, Text


def standing(copy: Path, values: Collection[str], options: ReadOptions) -> set[str]:
    """Return those of the values that stand anywhere in a copy. Raises DocumentError, OSError."""
    source = Source(copy, copy.name, copy.stat().st_size, copy.name)
    left, found = set(values), set()
    with closing(choose_format(source, options).open(source, options)) as document:
        for part in document.parts():
            for chunk in part.chunks():
                for block in chunk.blocks:
                    if isinstance(block, Text):
                        texts = [block.text]
                    elif isinstance(block, Column):
                        texts = block.values.dictionary.to_pylist()
                    else:
                        continue
                    seen = {value for value in left if any(value in text for text in texts)}
                    found |= seen
                    left -= seen
    return found

"""Opens databases, and writes their copies with what a test wants replaced."""

from contextlib import closing
from pathlib import Path

import numpy as np

from phisweep.errors import DocumentError
from phisweep.formats.base import EMPTIED, ReadOptions, Replaced
from phisweep.formats.choose import choose_format
from phisweep.model import Column, Edit, Media, Source, Text


def opened(path, options=None):
    source = Source(path, path.name, path.stat().st_size, path.name)
    options = options or ReadOptions()
    return choose_format(source, options).open(source, options)


def swapped(text, new):
    """Return the edits of a text for each word that is to be another."""
    edits = []
    for old, other in new.items():
        at = text.find(old)
        while at >= 0:
            edits.append(Edit(at, at + len(old), other))
            at = text.find(old, at + len(old))
    return sorted(edits, key=lambda e: e.start)


def copied(path, new, options=None):
    """Return the bytes of a copy in which words of `new` are others, and the document's warnings."""
    out = []
    with closing(opened(path, options)) as document:
        for part in document.parts():
            part.sample()
            for chunk in part.chunks():
                edits, columns = {}, {}
                for block in chunk.blocks:
                    address = block.location.address
                    if isinstance(block, Column):
                        values = block.values.dictionary.to_pylist()
                        made = [_swapped(value, new) for value in values]
                        if any(value is not None for value in made):
                            columns[address] = Replaced(made)
                    elif isinstance(block, Media):
                        edits[address] = EMPTIED
                    elif made := swapped(block.text, new):
                        edits[address] = made
                out.append(chunk.write(edits, columns))
        out += document.finish()
        return b"".join(out), document.warnings


def _swapped(value, new):
    other = value
    for old, word in new.items():
        other = other.replace(old, word)
    return None if other == value else other


def blocks(path, options=None):
    """Return each part's name, and its blocks."""
    with closing(opened(path, options)) as document:
        return [
            (part.name, [block for chunk in part.chunks() for block in chunk.blocks])
            for part in document.parts()
        ]


def until_error(path, options=None):
    """Return the blocks that came, and the error that ended them."""
    found = []
    try:
        with closing(opened(path, options)) as document:
            for part in document.parts():
                for chunk in part.chunks():
                    found += chunk.blocks
    except DocumentError as error:
        return found, error
    return found, None


def texts(found):
    return [block.text for block in found if isinstance(block, Text)]


def cells(found):
    """Return the values of the columns by label."""
    out = {}
    for block in found:
        if isinstance(block, Column):
            out.setdefault(block.label, []).extend(block.values.to_pylist())
    return out


def rows_are_whole(found):
    counts = {len(np.asarray(block.values.indices)) for block in found if isinstance(block, Column)}
    return len(counts) <= 1


def saved(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path

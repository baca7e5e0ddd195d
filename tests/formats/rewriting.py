"""Rewrites a document as the pipeline does: a word goes wherever it stands, and what is unassessed."""

import re

from formats.reading import DEFAULT, open_bytes
from phisweep.formats.base import EMPTIED
from phisweep.model import Edit, Media, Text


def blocks_of(name, data, options=DEFAULT):
    """Return all blocks, and the document, closed."""
    document = open_bytes(name, data, options)
    try:
        return [block for chunk in document.chunks() for block in chunk.blocks], document
    finally:
        document.close()


def words_of(name, data, options=DEFAULT):
    """Return the texts by their addresses."""
    blocks, _ = blocks_of(name, data, options)
    return {block.location.address: block.text for block in blocks if isinstance(block, Text)}


def without(name, data, pattern, instead="[NAME]", options=DEFAULT):
    """Return the copy in which every match is replaced, and nothing is left of what is unassessed."""
    document = open_bytes(name, data, options)
    parts = []
    try:
        for chunk in document.chunks():
            edits = {}
            for block in chunk.blocks:
                if isinstance(block, Media):
                    edits[block.location.address] = EMPTIED
                elif isinstance(block, Text):
                    found = [Edit(*m.span(), instead) for m in re.finditer(pattern, block.text)]
                    edits |= {block.location.address: found} if found else {}
            parts.append(chunk.write(edits, {}))
        return b"".join([*parts, *document.finish()])
    finally:
        document.close()

"""A resource or bundle, held whole and read entry by entry; resources of lines."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from phisweep.errors import DocumentError
from phisweep.formats.base import ReadOptions
from phisweep.formats.resources.record import Record, fulls
from phisweep.formats.resources.references import Target
from phisweep.formats.resources.strings import Strings
from phisweep.formats.scribe import JsonChunk, Scribe
from phisweep.formats.stream import TextDocument
from phisweep.formats.tokens import Fault, Leaf, leaves
from phisweep.formats.trees.document import (
    REST,
    SHARE_OF_CHUNK,
    broken,
    whole_text,
)

_ENTRY = re.compile(r"/entry/\d+(?=/)")


class FhirDocument(TextDocument):
    """One resource or bundle, held whole; its blocks are made entry by entry."""

    structure = "lines"  # each text tells whose it is: no key has to be known before

    def chunks(self) -> Iterator[JsonChunk]:
        """Yield the chunks. Raises DocumentError E201, E203, E204, E209, E210, E211."""
        text, options = whole_text(self.opened), self.opened.options
        scribe, mark = Scribe(self.opened), self.opened.code.mark
        step = max(1, options.chunk_bytes // SHARE_OF_CHUNK)
        error: DocumentError | None = None
        outer, targets = _of_document(text, options)
        for found in _entries(text, options):
            if isinstance(found, Fault):
                scribe.add_rest(text, found.at, len(text), REST)
                error = broken(self.opened, found, text)
                break
            if found[0].start - scribe.base > step:
                yield scribe.flush(text, found[0].start, mark)
                mark = b""
            Strings(scribe).enter(Record(text, found, targets, dict(outer)))
        yield scribe.flush(text, len(text), mark)
        if error:
            raise error


def _of_document(text: str, options: ReadOptions) -> tuple[dict[str, str], dict[str, Target]]:
    try:
        return fulls(text, leaves(text, 0, len(text), options.max_depth))
    except Fault:  # the second reading says where
        return {}, {}


def _entries(text: str, options: ReadOptions) -> Iterator[Sequence[Leaf] | Fault]:
    """Yield the leaves of a document by entries of a bundle, and where it cannot be read on."""
    held: list[Leaf] = []
    entry = ""
    try:
        for leaf in leaves(text, 0, len(text), options.max_depth):
            match = _ENTRY.match(leaf.pointer)
            here = match[0] if match else ""
            if here != entry and held:
                yield held
                held = []
            entry = here
            held.append(leaf)
    except Fault as fault:
        if held:
            yield held
        yield fault
        return
    if held:
        yield held


def enter(scribe: Scribe, text: str, found: Sequence[Leaf], prefix: str) -> None:
    """Add the resource of a line; a bundle in one knows its own resources."""
    _, targets = fulls(text, iter(found))
    Strings(scribe, prefix).enter(Record(text, found, targets))

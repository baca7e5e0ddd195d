"""A notebook, held whole and read cell by cell."""

from __future__ import annotations

from collections.abc import Iterator

from phisweep.errors import DocumentError
from phisweep.formats.base import failed
from phisweep.formats.notebook import CELL
from phisweep.formats.notebooks.cells import Cell
from phisweep.formats.scribe import JsonChunk, Scribe
from phisweep.formats.stream import TextDocument
from phisweep.formats.tokens import Fault, Leaf, leaves
from phisweep.formats.trees.document import (
    REST,
    SHARE_OF_CHUNK,
    broken,
    whole_text,
)

_VERSIONS = ("3", "4")


class NotebookDocument(TextDocument):
    """One notebook, held whole; its blocks are made cell by cell."""

    def chunks(self) -> Iterator[JsonChunk]:
        """Yield the chunks. Raises DocumentError E201, E203, E204, E209, E210, E211, E232."""
        text, options = whole_text(self.opened), self.opened.options
        scribe, mark = Scribe(self.opened), self.opened.code.mark
        step = max(1, options.chunk_bytes // SHARE_OF_CHUNK)
        version, held, cell = "", list[Leaf](), ""
        error: DocumentError | None = None
        try:
            for leaf in leaves(text, 0, len(text), options.max_depth):
                match = CELL.match(leaf.pointer)
                here = match[0] if match else ""
                if here != cell and held:
                    Cell(scribe, text, held).enter()
                    held = []
                    if leaf.start - scribe.base > step:
                        yield scribe.flush(text, leaf.start, mark)
                        mark = b""
                cell = here
                held.append(leaf)
                if leaf.pointer == "/nbformat":
                    version = text[leaf.start : leaf.end]
        except Fault as fault:
            Cell(scribe, text, held).enter()
            scribe.add_rest(text, fault.at, len(text), REST)
            error = broken(self.opened, fault, text)
        else:
            Cell(scribe, text, held).enter()
            if version not in _VERSIONS:
                error = failed(
                    "E232",
                    self.opened.source,
                    "no notebook of version 3 or 4",
                    "Convert it with `jupyter nbconvert --to notebook`, or name it .json.",
                )
        yield scribe.flush(text, len(text), mark)
        if error:
            raise error

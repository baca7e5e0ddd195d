"""
Jupyter notebooks, nbformat 3 and 4: sources, outputs of every kind, attachments and metadata.

Spliced like JSON. The lines of a source or an output are one text; terminal colours and tags of
HTML are looked through, and cells of a table have the head of their column as their label. Pictures,
recordings and whatever else cannot be assessed are replaced by what is empty of their kind, so that
the copy is a notebook that opens. An id of a cell keeps to the characters that one may have.
"""

from __future__ import annotations

import re
from codecs import BOM_UTF8
from collections.abc import Iterator
from dataclasses import dataclass

from phisweep.errors import DocumentError
from phisweep.formats.base import FormatDefaults, OnePart, ReadOptions, failed, register
from phisweep.formats.json_ import (
    REST,
    SHARE_OF_CHUNK,
    SNIFF_DEPTH,
    broken,
    whole_text,
)
from phisweep.formats.notebooks.cells import Cell
from phisweep.formats.scribe import JsonChunk, Scribe
from phisweep.formats.stream import Opened, opened
from phisweep.formats.tokens import Fault, Leaf, leaves
from phisweep.model import Source

_CELL = re.compile(r"(?:/worksheets/\d+)?/cells/\d+(?=/)")
_TYPES = frozenset({'"code"', '"markdown"', '"raw"', '"heading"', '"html"'})
_VERSIONS = ("3", "4")


@dataclass(slots=True)
class NotebookDocument(OnePart):
    """One notebook, held whole; its blocks are made cell by cell."""

    opened: Opened
    encoding: str
    warnings: list[str]
    rows: int | None = None
    columns: int | None = None

    def chunks(self) -> Iterator[JsonChunk]:
        """Yield the chunks. Raises DocumentError E201, E203, E204, E209, E210, E211, E232."""
        text, options = whole_text(self.opened), self.opened.options
        scribe, mark = Scribe(self.opened), self.opened.code.mark
        step = max(1, options.chunk_bytes // SHARE_OF_CHUNK)
        version, held, cell = "", list[Leaf](), ""
        error: DocumentError | None = None
        try:
            for leaf in leaves(text, 0, len(text), options.max_depth):
                match = _CELL.match(leaf.pointer)
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

    def position(self) -> int:
        """Return how many bytes of the source were read so far."""
        return self.opened.position()

    def close(self) -> None:
        """Release the source."""
        self.opened.close()


@dataclass(slots=True)
class Notebook(FormatDefaults):
    """One notebook."""

    name: str = "notebook"
    suffixes: tuple[str, ...] = (".ipynb",)
    unread: tuple[str, ...] = (
        "what a script of an output draws when it is run, beyond the words in it",
    )
    structured: bool = False

    def certain(self, head: bytes, source: Source) -> bool:  # noqa: ARG002 - the contract's
        """Say whether it is an object whose first cell tells its type, or that tells its version."""
        text = head.removeprefix(BOM_UTF8).decode("utf-8", "ignore").lstrip(" \t\r\n")
        if not text.startswith("{") or ('"cell_type"' not in text and '"nbformat"' not in text):
            return False
        told = False
        try:
            for leaf in leaves(text, 0, len(text), SNIFF_DEPTH):
                if leaf.pointer == "/nbformat" and leaf.role == "number":
                    told = True
                elif (
                    leaf.label == "cell_type"
                    and leaf.role == "string"
                    and _CELL.match(leaf.pointer)
                ):
                    told = told or text[leaf.start : leaf.end] in _TYPES
        except Fault as fault:
            return told and fault.cut_off
        return told

    def open(self, source: Source, options: ReadOptions) -> NotebookDocument:
        """Open the notebook. Raises DocumentError E201, E203, E204."""
        document = opened(source, options)
        return NotebookDocument(document, document.code.label, document.warnings)


register(Notebook())

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
from typing import TYPE_CHECKING

from phisweep.formats.base import FormatDefaults, ReadOptions, register
from phisweep.formats.json_ import (
    SNIFF_DEPTH,
)
from phisweep.formats.stream import opened
from phisweep.model import Source
from phisweep.values import dataclass

if TYPE_CHECKING:
    from phisweep.formats.notebooks.document import NotebookDocument

CELL = re.compile(r"(?:/worksheets/\d+)?/cells/\d+(?=/)")
_TYPES = frozenset({'"code"', '"markdown"', '"raw"', '"heading"', '"html"'})


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
        from phisweep.formats.tokens import Fault, leaves  # noqa: PLC0415 - where one may be

        told = False
        try:
            for leaf in leaves(text, 0, len(text), SNIFF_DEPTH):
                if leaf.pointer == "/nbformat" and leaf.role == "number":
                    told = True
                elif (
                    leaf.label == "cell_type" and leaf.role == "string" and CELL.match(leaf.pointer)
                ):
                    told = told or text[leaf.start : leaf.end] in _TYPES
        except Fault as fault:
            return told and fault.cut_off
        return told

    def open(self, source: Source, options: ReadOptions) -> NotebookDocument:
        """Open the notebook. Raises DocumentError E201, E203, E204."""
        from phisweep.formats.notebooks.document import NotebookDocument  # noqa: PLC0415 - where one is read

        return NotebookDocument(opened(source, options))


register(Notebook())

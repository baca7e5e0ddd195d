"""
CSV, TSV and other delimited tables: every cell a text, written by splicing.

The delimiter is found among `, ; tab | ^`; the quote is `"`, doubled inside quotes (RFC 4180, read
as Python's csv module reads it). The first record is the header, unless it looks like data. Names
of columns are searched as keys at "header, column 3", cells by column, "column 3, from record 1".
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePosixPath

from phisweep.formats.base import Document, FormatDefaults, ReadOptions, register
from phisweep.formats.stream import opened
from phisweep.model import Source

PREFERRED = {".tsv": b"\t", ".tab": b"\t", ".psv": b"|"}


@dataclass(slots=True)
class Delimited(FormatDefaults):
    """Delimited tables."""

    name: str = "delimited"
    suffixes: tuple[str, ...] = (".csv", ".tsv", ".tab", ".psv")
    unread: tuple[str, ...] = ("what is encoded inside a cell: base64, JSON, markup, links",)
    structured: bool = True

    def open(self, source: Source, options: ReadOptions) -> Document:
        """Open the table. Raises DocumentError E201, E203, E204, E205."""
        # numpy and pyarrow take 0.3 s to import, and a folder of notes needs neither.
        from phisweep.formats.tables.document import open_table  # noqa: PLC0415

        document = opened(source, options)
        suffix = PurePosixPath(source.name).suffix.lower()
        try:
            return open_table(document, PREFERRED.get(suffix, b","))
        except BaseException:
            document.close()
            raise


register(Delimited())

"""
DuckDB: the catalog and every table searched, and a new file written from nothing.

Nothing outside the file is in its reach: no other file, no extension, no change of that. A column in
which a value changed becomes text, JSON where it was nested; the others keep their types.
"""

from __future__ import annotations

from typing import ClassVar

from phisweep.formats.base import Document, FormatDefaults, ReadOptions, register
from phisweep.model import Source
from phisweep.values import dataclass

_MAGIC = slice(8, 12)


@dataclass(slots=True)
class DuckDb(FormatDefaults):
    """A DuckDB database."""

    extra: ClassVar[str] = "duckdb"
    needs: ClassVar[tuple[str, ...]] = ("duckdb",)
    name: str = "duckdb"
    suffixes: tuple[str, ...] = (".duckdb", ".ddb")
    unread: tuple[str, ...] = (
        "columns that are computed from others",
        "tags of the catalog and named types, which never come into a copy",
        "free blocks and remains of deleted rows, which never come into a copy",
    )
    structured: bool = True

    def certain(self, head: bytes, source: Source) -> bool:  # noqa: ARG002 - the contract's
        """Say whether it begins as every DuckDB file does, behind a checksum."""
        return head[_MAGIC] == b"DUCK"

    def open(self, source: Source, options: ReadOptions) -> Document:
        """Open the database. Raises DocumentError E201, E220, E247, E248."""
        from phisweep.formats.database.duckdb_document import DuckDocument  # noqa: PLC0415 - arrow

        return DuckDocument(source, options)


register(DuckDb())

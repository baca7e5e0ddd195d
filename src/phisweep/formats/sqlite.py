"""
SQLite: the schema and every table searched, and a new file written from nothing.

A copy is never the source, in whose free pages deleted rows stand. What changes becomes text; a
column that is a number by its key, or by STRICT, loses that and a warning says so. Names of tables
and columns are renamed in every statement where they hold an identifier.
"""

from __future__ import annotations

from phisweep.formats.base import Document, FormatDefaults, ReadOptions, failed, register
from phisweep.formats.stream import raw_stream, read
from phisweep.model import Source
from phisweep.values import dataclass

MAGIC = b"SQLite format 3\0"


@dataclass(slots=True)
class Sqlite(FormatDefaults):
    """A SQLite database."""

    name: str = "sqlite"
    suffixes: tuple[str, ...] = (".sqlite", ".sqlite3", ".db", ".db3")
    unread: tuple[str, ...] = (
        "columns that are computed from others",
        "free pages and remains of deleted rows, which never come into a copy",
        "a full-text index without text of its own, which is empty in a copy",
    )
    structured: bool = True

    def certain(self, head: bytes, source: Source) -> bool:  # noqa: ARG002 - the contract's
        """Say whether it begins as every SQLite file does."""
        return head.startswith(MAGIC)

    def open(self, source: Source, options: ReadOptions) -> Document:
        """Open the database. Raises DocumentError E201, E247, E248."""
        from phisweep.formats.database.sqlite_document import (  # noqa: PLC0415 - numpy, arrow
            SqliteDocument,
        )

        stream = raw_stream(source)
        try:
            head = read(stream, 0, len(MAGIC), source)
        finally:
            stream.close()
        if head and head != MAGIC:
            what = "it is no SQLite database, or an encrypted one"
            raise failed("E247", source, what, "Decrypt it first, or give it its right suffix.")
        return SqliteDocument(source, options)


register(Sqlite())

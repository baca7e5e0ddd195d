"""
SQL dumps and scripts: rows of INSERT and COPY as tables, all other statements word by word.

Parsed to find and spliced to write. What a column's type cannot hold any more (a year where a DATE
stood) is written as a string all the same: types are changed in the CREATE TABLE before loading.
"""

from __future__ import annotations

from phisweep.formats.base import Document, FormatDefaults, ReadOptions, register
from phisweep.formats.stream import opened
from phisweep.model import Source
from phisweep.values import dataclass

#: How the tools of databases begin their dumps.
_HEADS = (
    b"-- MySQL dump",
    b"-- MariaDB dump",
    b"--\n-- PostgreSQL database dump",
    b"--\r\n-- PostgreSQL database dump",
    b"PRAGMA foreign_keys=OFF;\nBEGIN TRANSACTION;",
    b"/*M!999999",
)


@dataclass(slots=True)
class SqlDump(FormatDefaults):
    """A dump or script of SQL."""

    name: str = "sql"
    suffixes: tuple[str, ...] = (".sql",)
    unread: tuple[str, ...] = (
        "numbers of up to four digits in statements other than INSERT and COPY",
        "words of the SQL language",
        "large objects (lo_import) and files that a script refers to",
    )
    structured: bool = True

    def certain(self, head: bytes, source: Source) -> bool:  # noqa: ARG002 - the contract's
        """Say whether it begins as the dumps of MySQL, PostgreSQL and SQLite do."""
        return head.removeprefix(b"\xef\xbb\xbf").startswith(_HEADS)

    def open(self, source: Source, options: ReadOptions) -> Document:
        """Open the dump. Raises DocumentError E201, E203, E204."""
        from phisweep.formats.database.dump_document import DumpDocument  # noqa: PLC0415 - numpy

        stream = opened(source, options)
        try:
            return DumpDocument(stream)
        except BaseException:
            stream.close()
            raise


register(SqlDump())

"""
Parquet, by row groups: read as typed columns, and written anew.

A copy is never the source's own bytes: statistics, indexes, bloom filters, dictionaries, and what
lies between pages may hold values that no reader shows. They are made again from what is in the
copy; bloom filters and sorting orders of changed columns are left out. Codecs, row groups and the
types that can hold what replaces their values are kept.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import field
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from phisweep.errors import DocumentError
from phisweep.formats.base import Block, FormatDefaults, ReadOptions, register
from phisweep.model import Location, Source, Text
from phisweep.values import dataclass

if TYPE_CHECKING:
    import pyarrow as pa
    import pyarrow.parquet as pq

    from phisweep.formats.pieces import Cut, Marks, Piece, PieceDocument
    from phisweep.formats.typed.chunk import Batch
    from phisweep.formats.typed.columnar import GroupWriter
    from phisweep.formats.typed.document import TypedDocument
    from phisweep.formats.typed.files import Opened
    from phisweep.formats.typed.table import Plan

T = TypeVar("T")

MAGIC = b"PAR1"
ENCRYPTED = b"PARE"
SHARE = 8  # a batch takes so many times the bytes of a chunk of text, for its values repeat
MOST_ROWS = 1 << 17  # of one batch
#: Codecs as the footer calls them, by what the writer calls them.
CODECS = {"UNCOMPRESSED": "none", "LZ4_RAW": "lz4"}
UNREAD = ("documents and pictures within binary values, which are emptied in a copy",)


@dataclass(slots=True)
class ParquetReader:
    """A Parquet file, read row group by row group."""

    opened: Opened
    file: pq.ParquetFile = field(repr=False)
    schema: pa.Schema = field(repr=False)
    batch_bytes: int
    footer: Mapping[bytes, bytes] = field(default_factory=dict)
    fault: DocumentError | None = None
    groups: range | None = None  # those to read, None: all
    first: int = 1  # number of the first of their rows
    _done: float = 0.0

    def batches(self) -> Iterator[Batch]:
        """Yield the batches; none reaches over the end of a row group."""
        from phisweep.formats.typed.chunk import Batch  # noqa: PLC0415 - Arrow, 0.1 s

        number, first, total = 0, self.first, max(1, self.file.metadata.num_rows)
        for group in range(self.file.num_row_groups) if self.groups is None else self.groups:
            told = self.file.metadata.row_group(group)
            each = max(1, 2 * told.total_byte_size // max(1, told.num_rows))
            size = min(MOST_ROWS, max(1, self.batch_bytes // each))
            where = f"row group {group + 1}, "
            for rows in self.file.iter_batches(size, row_groups=[group], use_threads=False):
                yield Batch(number, rows, first, where, group)
                number, first = number + 1, first + len(rows)
                self._done = min(1.0, (first - self.first) / total)

    def blocks(self) -> Sequence[Block]:
        """Return the name of the program that wrote the file."""
        place = Location(self.opened.source.shown, "created_by")
        made = self.file.metadata.created_by
        return [Text(place, made, "created by", "", "metadata")] if made else []

    def writer(self, sink: io.RawIOBase, plan: Plan) -> GroupWriter:
        """Return what writes row groups like those of the source."""
        from phisweep.formats.typed.columnar import GroupWriter  # noqa: PLC0415 - Arrow, 0.1 s

        return GroupWriter.of(sink, plan, _settings(self.file, plan))

    def unchanged(self) -> bool:
        """Say whether the source is still what it was when it was opened."""
        return self.opened.unchanged()

    def position(self) -> int:
        """Return about how many bytes were read."""
        return int(self.opened.source.size * self._done)

    def close(self) -> None:
        """Release the source."""
        self.file.close(force=True)
        self.opened.file.close()


@dataclass(slots=True)
class Parquet(FormatDefaults):
    """Apache Parquet."""

    name: str = "parquet"
    suffixes: tuple[str, ...] = (".parquet", ".parq", ".pq")
    unread: tuple[str, ...] = UNREAD
    structured: bool = True

    def certain(self, head: bytes, source: Source) -> bool:  # noqa: ARG002 - the contract's
        """Say whether it begins as Parquet, plain or encrypted."""
        return head[:4] in (MAGIC, ENCRYPTED)

    def open(self, source: Source, options: ReadOptions) -> TypedDocument:
        """Open the file. Raises DocumentError E201, E203, E221 to E223."""
        from phisweep.formats.typed.document import TypedDocument  # noqa: PLC0415 - Arrow, 0.1 s
        from phisweep.formats.typed.table import TypedTable  # noqa: PLC0415

        reader, table = _table(source, options, partial(TypedTable, source, options))
        return TypedDocument([table], fidelity="always", columns=len(reader.schema))

    def marks(
        self,
        source: Source,
        options: ReadOptions,
        *,
        linked: bool,  # noqa: ARG002 - rows say themselves whose they are
    ) -> Marks | None:
        """Return where the row groups end, None where a column has lists. Raises DocumentError."""
        from phisweep.formats.typed.pieces import marks  # noqa: PLC0415 - few files are cut
        from phisweep.formats.typed.table import TypedTable  # noqa: PLC0415 - as above

        reader, table = _table(source, options, partial(TypedTable, source, options))
        with closing(table):
            told = reader.file.metadata
            return marks(table, [told.row_group(i).num_rows for i in range(told.num_row_groups)])

    def piece(self, source: Source, options: ReadOptions, cut: Cut, piece: Piece) -> PieceDocument:
        """Open some row groups. Raises DocumentError E201."""
        from phisweep.formats.typed.pieces import PieceTable, TypedPiece  # noqa: PLC0415 - as above

        reader, table = _table(source, options, partial(PieceTable, source, options, cut, piece))
        reader.groups, reader.first = range(piece.begin, piece.ends[-1]), piece.record
        return TypedPiece([table], fidelity="always", columns=len(reader.schema))


def _table(
    source: Source, options: ReadOptions, make: Callable[[ParquetReader], T]
) -> tuple[ParquetReader, T]:
    """Open a file as a table. Raises DocumentError E201, E203, E221 to E223."""
    from phisweep.formats.typed.files import opened  # noqa: PLC0415 - Arrow, 0.1 s
    from phisweep.formats.typed.guard import reading  # noqa: PLC0415

    at = opened(source)
    try:
        with reading(source):
            file, schema = _opened(at)
        reader = ParquetReader(at, file, schema, SHARE * options.chunk_bytes)
        return reader, make(reader)
    except BaseException:
        at.file.close()
        raise


def _opened(at: Opened) -> tuple[pq.ParquetFile, pa.Schema]:
    """Open a file, and return its schema. Raises what Arrow raises, DocumentError E222."""
    import pyarrow.parquet as pq  # noqa: PLC0415 - Arrow, 0.1 s

    from phisweep.formats.typed.guard import encrypted  # noqa: PLC0415

    if at.file.read(4) == ENCRYPTED:
        raise encrypted(at.source)
    at.file.seek(0)
    file = pq.ParquetFile(
        at.file, page_checksum_verification=True, coerce_int96_timestamp_unit="us"
    )
    return file, _schema(file)


def _schema(file: pq.ParquetFile) -> pa.Schema:
    """Return the schema, with all that the footer says beside it."""
    told = {k: v for k, v in (file.metadata.metadata or {}).items() if k != b"ARROW:schema"}
    schema = file.schema_arrow
    return schema.with_metadata({**told, **(schema.metadata or {})} or None)


def _settings(file: pq.ParquetFile, plan: Plan) -> dict[str, Any]:
    """Return how the writer is to write: as the first row group of the source is written."""
    told = file.metadata
    # The first version has neither nanoseconds nor numbers without sign.
    newer = any("ns" in str(each.type) or "uint32" in str(each.type) for each in plan.schema)
    settings: dict[str, Any] = {
        "version": "1.0" if told.format_version == "1.0" and not newer else "2.6",
        "store_schema": b"ARROW:schema" in (told.metadata or {}),
    }
    if not told.num_row_groups:
        return settings
    group = told.row_group(0)
    chunks = [group.column(i) for i in range(group.num_columns)]
    paths = [_renamed(chunk.path_in_schema, plan) for chunk in chunks]
    codecs = [CODECS.get(chunk.compression, chunk.compression.lower()) for chunk in chunks]
    coded = [path for path, chunk in zip(paths, chunks, strict=True) if chunk.has_dictionary_page]
    physical = {chunk.physical_type for chunk in chunks}
    settings["compression"] = dict(zip(paths, codecs, strict=True))
    settings["use_dictionary"] = coded or False
    settings["write_statistics"] = any(chunk.is_stats_set for chunk in chunks)
    settings["write_page_index"] = any(chunk.has_column_index for chunk in chunks)
    settings["use_deprecated_int96_timestamps"] = "INT96" in physical
    sorted_by = group.sorting_columns
    if sorted_by and not plan.changed:
        settings["sorting_columns"] = sorted_by
    return settings


def _renamed(path: str, plan: Plan) -> str:
    return ".".join(plan.renamed.get(step, step) for step in path.split("."))


register(Parquet())

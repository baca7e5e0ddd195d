"""
Arrow IPC, as a file (Feather) and as a stream: read batch by batch, and written anew.

A copy is never the source's own bytes: a dictionary may hold entries that no row uses, and bytes may
lie between the batches. A dictionary of a copy holds what its rows use, in the order that it had,
and is the same in all batches. Feather of the first version is read whole, and written as the second.
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field
from typing import TYPE_CHECKING, Any

from phisweep.errors import DocumentError
from phisweep.formats.base import Block, FormatDefaults, ReadOptions, register
from phisweep.model import Source
from phisweep.values import dataclass

if TYPE_CHECKING:
    import pyarrow as pa

    from phisweep.formats.typed.chunk import Batch
    from phisweep.formats.typed.document import TypedDocument
    from phisweep.formats.typed.files import Opened
    from phisweep.formats.typed.table import Plan

FILE = b"ARROW1\0\0"
FEATHER_1 = b"FEA1"
MESSAGE = b"\xff\xff\xff\xff"
ENDS = (MESSAGE + bytes(4), bytes(4))  # of a stream; the second one before Arrow 0.15
LARGEST_SCHEMA = 16 << 20  # bytes of what a stream begins with
MOST_ROWS = 1 << 17  # that are searched at once
UNREAD = ("documents and pictures within binary values, which are emptied in a copy",)


@dataclass(slots=True)
class ArrowReader:
    """An Arrow file or stream, read batch by batch."""

    opened: Opened
    schema: pa.Schema = field(repr=False)
    is_file: bool
    codec: str | None
    footer: Mapping[bytes, bytes] = field(default_factory=dict, repr=False)
    whole: pa.Table | None = field(default=None, repr=False)
    fault: DocumentError | None = None

    def batches(self) -> Iterator[Batch]:
        """Yield the batches, long ones in several. Raises DocumentError E221."""
        from phisweep.formats.typed.chunk import Batch  # noqa: PLC0415 - Arrow, 0.1 s

        number, first = 0, 1
        for group, (whole, properties) in enumerate(self._read()):
            where = f"record batch {group + 1}, "
            for at in range(0, max(1, len(whole)), MOST_ROWS):
                rows = whole.slice(at, MOST_ROWS)
                own = dict(properties or {}) if not at else {}
                yield Batch(number, rows, first, where, group, own)
                number, first = number + 1, first + len(rows)

    def blocks(self) -> Sequence[Block]:
        """Return nothing: all that stands there is in the copy."""
        return ()

    def writer(self, sink: io.RawIOBase, plan: Plan) -> ArrowWriter:
        """Return what writes batches like those of the source."""
        import pyarrow as pa  # noqa: PLC0415 - 0.1 s

        options = pa.ipc.IpcWriteOptions(compression=self.codec, use_threads=False)
        if self.is_file:
            writer = pa.ipc.new_file(sink, plan.schema, options=options, metadata=plan.footer)
        else:
            writer = pa.ipc.new_stream(sink, plan.schema, options=options)
        return ArrowWriter(writer, plan.schema)

    def unchanged(self) -> bool:
        """Say whether the source is still what it was when it was opened."""
        return self.opened.unchanged()

    def position(self) -> int:
        """Return how many bytes were read so far."""
        file = self.opened.file
        return 0 if file.closed else int(file.tell())

    def close(self) -> None:
        """Release the source."""
        self.opened.file.close()

    def _read(self) -> Iterator[tuple[pa.RecordBatch, Any]]:
        import pyarrow as pa  # noqa: PLC0415 - 0.1 s

        file = self.opened.file
        if self.whole is not None:
            yield from ((rows, None) for rows in self.whole.to_batches())
            return
        file.seek(0)
        if self.is_file:
            reader = pa.ipc.open_file(file)
            for number in range(reader.num_record_batches):
                yield reader.get_batch_with_custom_metadata(number)
            return
        stream, at = pa.ipc.open_stream(file), file.tell()
        while (item := _next(stream)) is not None:
            yield item
            at = file.tell()
        self._check_end(at)

    def _check_end(self, at: int) -> None:
        """Raise DocumentError E221 where the stream does not say that it ends, or goes on."""
        from phisweep.formats.typed.guard import damaged  # noqa: PLC0415 - Arrow, 0.1 s

        file = self.opened.file
        file.seek(at)
        if file.read(len(MESSAGE) + 5) not in ENDS:
            raise damaged(self.opened.source)


@dataclass(slots=True)
class ArrowWriter:
    """Gathers what was one batch, and writes it when the next begins."""

    writer: Any = field(repr=False)
    schema: pa.Schema = field(repr=False)
    _held: list[pa.RecordBatch] = field(default_factory=list, repr=False)
    _properties: Mapping[bytes, bytes] = field(default_factory=dict, repr=False)
    _group: int = 0

    def write(self, batch: Batch, rows: pa.RecordBatch, properties: Mapping[bytes, bytes]) -> None:
        """Write the rows that stand in a batch's place."""
        if batch.group != self._group:
            self._flush()
        self._group = batch.group
        self._properties = properties or self._properties
        self._held.append(rows)

    def close(self) -> None:
        """Write the last batch, and the end."""
        self._flush()
        self.writer.close()

    def _flush(self) -> None:
        import pyarrow as pa  # noqa: PLC0415 - 0.1 s

        if self._held:
            whole = self._held[0] if len(self._held) == 1 else pa.concat_batches(self._held)
            self.writer.write_batch(whole, custom_metadata=self._properties or None)
        self._held, self._properties = [], {}


@dataclass(slots=True)
class Arrow(FormatDefaults):
    """Arrow IPC files, streams, and Feather."""

    name: str = "arrow"
    suffixes: tuple[str, ...] = (".arrow", ".feather", ".arrows", ".ipc", ".fea")
    unread: tuple[str, ...] = UNREAD
    structured: bool = True

    def certain(self, head: bytes, source: Source) -> bool:  # noqa: ARG002 - the contract's
        """Say whether it begins as a file, as Feather of the first kind, or with a schema."""
        if head[:8] == FILE or head[:4] == FEATHER_1:
            return True
        size = int.from_bytes(head[4:8], "little")
        return head[:4] == MESSAGE and 0 < size <= LARGEST_SCHEMA and not size % 8

    def open(self, source: Source, options: ReadOptions) -> TypedDocument:
        """Open the file. Raises DocumentError E201, E203, E221, E223."""
        from phisweep.formats.typed.document import TypedDocument  # noqa: PLC0415 - Arrow, 0.1 s
        from phisweep.formats.typed.files import opened  # noqa: PLC0415
        from phisweep.formats.typed.guard import reading  # noqa: PLC0415
        from phisweep.formats.typed.table import TypedTable  # noqa: PLC0415

        at = opened(source)
        try:
            with reading(source):
                reader = _reader(at)
            table = TypedTable(source, options, reader)
        except BaseException:
            at.file.close()
            raise
        return TypedDocument([table], fidelity="always", columns=len(reader.schema))


def _next(stream: pa.RecordBatchReader) -> tuple[pa.RecordBatch, Any] | None:
    """Return the next batch of a stream and what is said of it, None at its end."""
    try:
        rows, told = stream.read_next_batch_with_custom_metadata()
    except StopIteration:
        return None
    return rows, told


def _reader(at: Opened) -> ArrowReader:
    """Return what reads a file, a stream or Feather of the first version. Raises what Arrow raises."""
    import pyarrow as pa  # noqa: PLC0415 - 0.1 s

    from phisweep.formats.typed.messages import codec_of  # noqa: PLC0415

    head = at.file.read(8)
    if head[:4] == FEATHER_1:
        whole = _feather(at.file)
        return ArrowReader(at, whole.schema, is_file=True, codec=None, whole=whole)
    codec = codec_of(at.file, len(FILE) if head == FILE else 0)
    at.file.seek(0)
    if head != FILE:
        schema = pa.ipc.open_stream(at.file).schema
        return ArrowReader(at, schema, is_file=False, codec=codec)
    file = pa.ipc.open_file(at.file)
    return ArrowReader(at, file.schema, is_file=True, codec=codec, footer=dict(file.metadata or {}))


def _feather(file: pa.NativeFile) -> pa.Table:
    """Return a table of Feather's first version, which Arrow can only read whole."""
    from pyarrow import feather  # noqa: PLC0415 - 0.1 s

    file.seek(0)
    with warnings.catch_warnings():  # that it is old is no matter of who reads the report
        warnings.simplefilter("ignore")
        return feather.read_table(file, use_threads=False)


register(Arrow())

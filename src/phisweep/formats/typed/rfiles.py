"""The data frames and vectors of R's files, each a typed table."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import pyarrow as pa

from phisweep.errors import DocumentError
from phisweep.formats.base import Block, ReadOptions, failed, kind_of
from phisweep.formats.stream import raw_stream
from phisweep.formats.typed.chunk import Batch
from phisweep.formats.typed.columnar import GroupWriter
from phisweep.formats.typed.guard import reading
from phisweep.formats.typed.rcolumns import is_frame, table_of, unused_levels, words_of
from phisweep.formats.typed.rvalues import LIST, NotDecoded, Objects, Unknown, Value
from phisweep.formats.typed.table import Plan
from phisweep.model import Location, Source, Text

LARGEST = 1 << 30  # bytes of unpacked objects, which are held whole
MOST_ROWS = 1 << 16


@dataclass(slots=True)
class RTable:
    """One object of an R file, as a table; `others` are texts of the file beside all tables."""

    source: Source
    name: str = field(repr=False)
    table: pa.Table = field(repr=False)
    others: Sequence[Block] = field(default=(), repr=False)
    fault: DocumentError | None = None
    footer: Mapping[bytes, bytes] = field(default_factory=dict)

    schema: pa.Schema = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self.schema = self.table.schema

    def batches(self) -> Iterator[Batch]:
        """Yield the batches."""
        first = 1
        for number, rows in enumerate(self.table.to_batches(max_chunksize=MOST_ROWS)):
            yield Batch(number, rows, first)
            first += len(rows)

    def blocks(self) -> Sequence[Block]:
        """Return what stands in the file beside the tables, and levels that no row has."""
        return self.others

    def writer(self, sink: io.RawIOBase, plan: Plan) -> GroupWriter:
        """Return what writes the table as Parquet."""
        return GroupWriter.of(sink, plan)

    def unchanged(self) -> bool:
        """Say yes: it is held whole."""
        return True

    def position(self) -> int:
        """Return the size: it was read whole."""
        return self.source.size

    def close(self) -> None:
        """Release nothing."""


def r_tables(source: Source, options: ReadOptions) -> list[RTable]:
    """Return the tables of an R file. Raises DocumentError E201, E203, E211, E224, E226."""
    try:
        objects = Objects(memoryview(_unpacked(source)), options.encoding).read()
        with reading(source):
            tables = [
                RTable(source, name, table_of(value, name), _others(source, name, value))
                for name, value in objects.items()
                if value.kind != LIST or is_frame(value)
            ]
            lists = [
                value for value in objects.values() if value.kind == LIST and not is_frame(value)
            ]
    except NotDecoded:
        what = "a text is not valid in the encoding that the file names"
        raise failed("E203", source, what, "Set --encoding.") from None
    except Unknown:
        raise left_out(source) from None
    if lists or not tables:
        tables = tables or [RTable(source, "", pa.table({}))]
        last = tables[-1]
        last.others = [*last.others, *_texts(source, "list", lists)]
        last.fault = left_out(source)
    return tables


def left_out(source: Source) -> DocumentError:
    """Return the error for what is more than tables."""
    what = "it is damaged, or holds lists, code, environments or models"
    return failed("E226", source, what, "Save each data frame by itself, with saveRDS.")


def _others(source: Source, name: str, value: Value) -> Sequence[Block]:
    """Return the name of an object, and levels that no row has."""
    shown = source.shown
    found: list[Block] = [Text(Location(shown, "name of the object"), name, kind="key")]
    for number, level in enumerate(unused_levels(value), 1):
        place = Location(shown, f"unused level {number}")
        found.append(Text(place, level, kind=kind_of(level)))
    return found if name else found[1:]


def _texts(source: Source, what: str, values: Sequence[Value]) -> Iterator[Text]:
    """Yield the elements of lists, which no copy can hold."""
    pairs = (pair for value in values for pair in words_of(value))
    for number, (label, text) in enumerate(pairs, 1):
        place = Location(source.shown, f"{what}, element {number}")
        yield Text(place, text, label, kind=kind_of(text))


def not_read(source: Source) -> DocumentError:
    """Return the error for a file that its library cannot read."""
    what = "it is damaged, cut off, encrypted, or of a version that is not read"
    return failed("E224", source, what, "Get it again, or export it as CSV or Parquet.")


def _unpacked(source: Source) -> bytes:
    """Return the objects without what packs them. Raises DocumentError E201, E211, E224."""
    stream = raw_stream(source)
    with stream:
        head = stream.read(6)
        stream.seek(0)
        try:
            for magic, opens in (
                (b"\x1f\x8b", gzip.open),
                (b"BZh", bz2.open),
                (b"\xfd7zXZ", lzma.open),
            ):
                if head.startswith(magic):
                    with opens(stream, "rb") as packed:
                        return _held(packed.read(LARGEST + 1), source)
            return _held(stream.read(LARGEST + 1), source)
        except (OSError, EOFError, zlib.error, lzma.LZMAError, ValueError):
            raise not_read(source) from None


def _held(data: bytes, source: Source) -> bytes:
    if len(data) > LARGEST:
        what = f"objects of more than {LARGEST >> 20} MiB are too large to be held whole"
        raise failed("E211", source, what, "Save it in parts, or as Parquet.")
    return data

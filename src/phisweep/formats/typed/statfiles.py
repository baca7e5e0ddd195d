"""The tables of SAS, Stata and SPSS, read in chunks of rows."""

from __future__ import annotations

import io
import json
import os
import re
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

import pyarrow as pa

from phisweep.errors import DocumentError
from phisweep.formats.base import Block, ReadOptions, failed
from phisweep.formats.extras import needed
from phisweep.formats.stream import raw_stream, unreadable
from phisweep.formats.typed.chunk import Batch
from phisweep.formats.typed.columnar import GroupWriter
from phisweep.formats.typed.guard import several
from phisweep.formats.typed.rfiles import not_read
from phisweep.formats.typed.spss import Broken, Dictionary
from phisweep.formats.typed.table import Plan
from phisweep.model import Source

BATCH_BYTES = 16 << 20
FEWEST, MOST = 1_000, 100_000  # rows of a batch; each begins with a walk from the first one
#: Formats of numbers that are no dates, as SAS, SPSS and Stata write them.
_NUMBERS = re.compile(
    r"(?:F|COMMA|DOT|DOLLAR|PCT|PERCENT|E|N|Z|BEST|HEX|RESTRICT)?[\d.]*|%-?[\d.,]*[gfe]c?",
    re.IGNORECASE,
)
_MEMBER = re.compile(rb"HEADER RECORD\*{7}(?:MEMBER {2}|MEMBV8 {2})HEADER RECORD!{7}")
_TYPES: Mapping[type, pa.DataType] = {
    datetime: pa.timestamp("us"),
    date: pa.date32(),
    time: pa.time64("us"),
    int: pa.int64(),
    float: pa.float64(),
    str: pa.string(),
}
_Columns = Mapping[str, Sequence[Any]]


@dataclass(slots=True)
class StatTable:
    """A file of SAS, Stata or SPSS."""

    source: Source
    options: ReadOptions
    read: Callable[..., tuple[_Columns, Any]] = field(repr=False)
    settings: Mapping[str, Any]
    told: Any = field(repr=False)
    beside: Mapping[str, bytes] = field(default_factory=dict, repr=False)
    schema: pa.Schema = field(init=False, repr=False)
    footer: Mapping[bytes, bytes] = field(default_factory=dict)
    fault: DocumentError | None = None
    _stamp: tuple[int, int] = field(init=False)
    _rows: int = 0

    def __post_init__(self) -> None:
        self._stamp = _stamp(self.source)
        self.schema = _schema(self.told, self._types(), self.beside)

    def batches(self) -> Iterator[Batch]:
        """Yield the batches. Raises DocumentError E203, E224."""
        first = 1
        for number, columns in enumerate(self._chunks()):
            rows = self._batch(columns)
            yield Batch(number, rows, first, group=number)
            first += len(rows)
            self._rows = first - 1

    def blocks(self) -> Sequence[Block]:
        """Return nothing: labels and notes are metadata of the copy."""
        return ()

    def writer(self, sink: io.RawIOBase, plan: Plan) -> GroupWriter:
        """Return what writes the table as Parquet."""
        return GroupWriter.of(sink, plan)

    def unchanged(self) -> bool:
        """Say whether the source is still what it was when it was opened."""
        return self._stamp == _stamp(self.source)

    def position(self) -> int:
        """Return about how many bytes were read."""
        total = self.told.number_rows or 0
        return self.source.size * min(self._rows, total) // total if total else 0

    def close(self) -> None:
        """Release nothing: the library opens and closes it for each batch."""

    def _batch(self, columns: _Columns) -> pa.RecordBatch:
        arrays = [
            _array(values, each.type)
            for values, each in zip(columns.values(), self.schema, strict=True)
        ]
        return pa.RecordBatch.from_arrays(arrays, schema=self.schema)

    def _chunks(self, names: Sequence[str] | None = None) -> Iterator[_Columns]:
        """Yield the columns of the next rows, some of them or all."""
        width = sum(self.told.variable_storage_width.values()) or 1
        size, at = max(FEWEST, min(MOST, BATCH_BYTES // width)), 0
        while True:
            columns = self._read(row_offset=at, row_limit=size, usecols=names)
            rows = len(next(iter(columns.values()), ()))
            if rows:
                yield columns
            at += rows
            if rows < size:
                return

    def _read(self, **which: Any) -> _Columns:
        return read_by(self.read, self.source, **self.settings, **which)[0]

    def _types(self) -> Mapping[str, pa.DataType]:
        """Return the types of the columns; what is a date is told by its first value."""
        found: dict[str, pa.DataType] = {}
        wanted: list[str] = []
        for name in self.told.column_names:
            kind = self.told.readstat_variable_types.get(name, "double")
            shown = self.told.original_variable_types.get(name) or ""
            number = pa.int64() if kind.startswith("int") else pa.float64()
            found[name] = pa.string() if kind == "string" else number
            if kind != "string" and not _NUMBERS.fullmatch(shown):
                wanted.append(name)
        for columns in self._chunks(wanted) if wanted else ():
            for name in [*wanted]:
                if (value := next((v for v in columns[name] if v is not None), None)) is not None:
                    found[name] = _TYPES[type(value)]
                    wanted.remove(name)
            if not wanted:
                break
        return found


def stat_table(source: Source, options: ReadOptions, kind: str) -> StatTable:
    """Open a file of a kind, "sav". Raises DocumentError E201, E203, E220, E224, E225."""
    library = needed("pyreadstat", "stats", source)
    read = getattr(library, f"read_{kind}")
    settings: dict[str, Any] = {"output_format": "dict"}
    if kind == "sav":  # what its author calls missing is there all the same
        settings["user_missing"] = True
    if options.encoding and kind != "por":
        settings["encoding"] = options.encoding
    if kind == "xport":
        _check_members(source)
    beside = _attributes(source) if kind == "sav" else {}
    _, told = read_by(read, source, **settings, metadataonly=True)
    return StatTable(source, options, read, settings, told, beside)


def read_by(
    read: Callable[..., tuple[_Columns, Any]], source: Source, **settings: Any
) -> tuple[_Columns, Any]:
    """Call a reader of the library. Raises DocumentError E203, E224."""
    at: io.BytesIO | str = (
        io.BytesIO(source.data) if source.data is not None else os.fspath(source.path)
    )
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return read(at, **settings)
    except OverflowError:
        what = "a date lies outside of the years 1 to 9999"
        raise failed("E224", source, what, "Mend the date, or export it as CSV.") from None
    except Exception as error:  # noqa: BLE001 - the library's own errors, which may hold values
        if isinstance(error, UnicodeError) or "onvert" in str(error) or "ncoding" in str(error):
            what = "a text is not valid in the encoding that the file names"
            raise failed("E203", source, what, "Set --encoding.") from None
        raise not_read(source) from None


def _check_members(source: Source) -> None:
    """Raise DocumentError E225 where a transport file holds several data sets."""
    count, held = 0, b""
    with raw_stream(source) as stream:
        while block := stream.read(1 << 20):
            held += block
            count += len(_MEMBER.findall(held))
            held = held[-(len("HEADER RECORD*******MEMBER  HEADER RECORD!!!!!!!") - 1) :]
    if count > 1:
        raise several(source)


def _array(values: Sequence[Any], type_: pa.DataType) -> pa.Array:
    if pa.types.is_string(type_) or pa.types.is_temporal(type_):
        return pa.array(values, type_)
    return pa.array(values, type_, from_pandas=True)


def _attributes(source: Source) -> Mapping[str, bytes]:
    """Return what an author said of a file of SPSS. Raises DocumentError E201, E224."""
    with raw_stream(source) as stream:
        try:
            return Dictionary(stream, source.size).walk()
        except Broken:
            raise not_read(source) from None
        except OSError as error:
            raise unreadable(source, error) from None


def _schema(
    told: Any, types: Mapping[str, pa.DataType], attributes: Mapping[str, bytes]
) -> pa.Schema:
    """Return the schema, with labels, formats, notes and coded values as metadata."""
    fields = [
        pa.field(name, types[name], metadata=_metadata(told, name) or None)
        for name in told.column_names
    ]
    used = set(told.variable_to_label.values())
    code = told.file_encoding or "utf-8"
    beside = {
        **{name: raw.decode(code, "replace") for name, raw in attributes.items()},
        "file label": told.file_label,
        "table name": told.table_name,
        "notes": told.notes,
        "sets": told.mr_sets,
        "value labels": {k: v for k, v in told.value_labels.items() if k not in used},
    }
    return pa.schema(fields, metadata=_packed(beside) or None)


def _metadata(told: Any, name: str) -> dict[bytes, bytes]:
    return _packed(
        {
            "label": told.column_names_to_labels.get(name),
            "format": told.original_variable_types.get(name),
            "value labels": told.variable_value_labels.get(name),
            "missing": told.missing_ranges.get(name) or told.missing_user_values.get(name),
        }
    )


def _packed(told: Mapping[str, Any]) -> dict[bytes, bytes]:
    """Return what is there, as text: words as they are, the rest as JSON."""
    made: dict[bytes, bytes] = {}
    for key, value in told.items():
        if not value:
            continue
        text = value if isinstance(value, str) else json.dumps(_named(value), default=str)
        made[key.encode()] = text.encode("utf-8", "replace")
    return made


def _named(value: Any) -> Any:
    """Return coded values by their text: 1.0 is "1", as in the cells."""
    if isinstance(value, dict):
        return {_text(key): _named(each) for key, each in value.items()}
    return [_named(each) for each in value] if isinstance(value, list | tuple) else value


def _text(key: Any) -> str:
    whole = isinstance(key, float) and key.is_integer()
    return str(int(key)) if whole else str(key)


def _stamp(source: Source) -> tuple[int, int]:
    if source.data is not None:
        return len(source.data), 0
    try:
        told = source.path.stat()
    except OSError:
        return -1, 0
    return told.st_size, told.st_mtime_ns

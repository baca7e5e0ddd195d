"""A Spark data frame made ready for workers: columns by number, and what is known of each whole."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal

import pyarrow as pa

from phisweep.errors import ComponentError
from phisweep.formats.base import ReadOptions
from phisweep.frames.arrow import Kind, cells_of
from phisweep.frames.encoding import heading, label_of
from phisweep.frames.partition import META, Told, block_of

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

_SAMPLE = ReadOptions().sample_records
#: How the types of Spark are written, and as which of Arrow's a sample of them is held.
_TYPES: dict[str, tuple[Literal["text", "number", "time", "date", "other"], pa.DataType | None]] = {
    "string": ("text", pa.string()),
    "varchar": ("text", pa.string()),
    "char": ("text", pa.string()),
    "date": ("date", pa.date32()),
    "timestamp": ("time", pa.timestamp("us")),
    "timestamp_ntz": ("time", pa.timestamp("us")),
    "float": ("number", pa.float32()),
    "double": ("number", pa.float64()),
    "byte": ("other", pa.int64()),
    "short": ("other", pa.int64()),
    "integer": ("other", pa.int64()),
    "long": ("other", pa.int64()),
    "boolean": ("other", pa.bool_()),
    "decimal": ("other", None),
    "array": ("other", pa.string()),
    "map": ("other", pa.string()),
    "struct": ("other", pa.string()),
}
_NESTED = frozenset({"array", "map", "struct"})


@dataclass(frozen=True, slots=True)
class Ready:
    """
    A frame whose columns are `c0`, `c1`, ..., with `j3` for the JSON of a nested one.

    `names` are what its columns are called, `labels` the same as they are searched.
    """

    frame: DataFrame = field(repr=False)
    names: tuple[str, ...] = field(repr=False)
    labels: tuple[str, ...] = field(repr=False)
    types: tuple[Any, ...] = field(repr=False)
    told: Told

    def hiding(self, labels: Sequence[str]) -> Ready:
        """Return the same with labels that are not shown."""
        return replace(self, told=replace(self.told, hidden=tuple(labels)))

    def numbered(self, counts: Sequence[tuple[int, int]]) -> Ready:
        """Return the same with the number of each partition's first row, by their rows."""
        first, at = {}, 1
        for number, rows in sorted(counts):
            first[number] = at
            at += rows
        return replace(self, told=replace(self.told, first=first))

    @property
    def schema(self) -> Any:
        """What workers return of a row: the value as it was, or moved, and its text."""
        from pyspark.sql import types  # noqa: PLC0415 - an extra

        fields = []
        for i, kind in enumerate(self.told.kinds):
            if kind.type != "text":
                fields.append(types.StructField(f"o{i}", self.types[i]))
            fields.append(types.StructField(f"t{i}", types.StringType()))
        return types.StructType([*fields, types.StructField(META, types.BinaryType())])

    def chosen(
        self, rows: DataFrame, changed: Collection[int], shifted: Collection[int]
    ) -> DataFrame:
        """Return the frame: columns as they were, as dates that moved, or as text."""
        return rows.select(
            [
                rows[f"o{i}"] if kind.type != "text" and self._typed(i, changed, shifted)
                else rows[f"t{i}"]
                for i, kind in enumerate(self.told.kinds)
            ]
        )  # fmt: skip

    def _typed(self, i: int, changed: Collection[int], shifted: Collection[int]) -> bool:
        dated = self.told.kinds[i].type in {"date", "time"} and i in shifted
        return i not in changed or dated


def ready(frame: DataFrame) -> Ready:
    """Return the frame made ready; its first rows are read. Raises ComponentError E446."""
    from pyspark.sql import functions  # noqa: PLC0415 - an extra

    types = [each.dataType for each in frame.schema.fields]
    kinds = [_type(each) for each in types]
    by_number = frame.toDF(*(f"c{i}" for i in range(len(types))))
    nested = [i for i, each in enumerate(types) if each.typeName() in _NESTED]
    whole = by_number.select("*", *(functions.to_json(f"c{i}").alias(f"j{i}") for i in nested))
    sources = tuple(f"{'j' if i in nested else 'c'}{i}" for i in range(len(types)))
    written = _written(whole, [kind for kind, _ in kinds])
    rows = _first(whole, sources, written)
    cells = [
        cells_of(_array([row[i] for row in rows], kinds[i][1]), written[i])
        for i in range(len(types))
    ]
    labels = tuple(map(label_of, frame.columns))
    header = tuple(map(heading, labels, cells))
    sample = tuple(block_of(header[i], i, each, 1) for i, each in enumerate(cells))
    told = Told(tuple(written), sources, header, sample)
    return Ready(whole, tuple(frame.columns), labels, tuple(types), told)


def _type(given: Any) -> tuple[Literal["text", "number", "time", "date", "other"], Any]:
    name = given.typeName().partition("(")[0]
    if name not in _TYPES:
        raise ComponentError(
            "E446",
            f"a column of the type {name} cannot be searched",
            todo="Cast it to a string, or leave it out.",
        )
    return _TYPES[name]


def _written(frame: DataFrame, kinds: Sequence[str]) -> list[Kind]:
    """Return how columns are written, by what their values have in common: one look at all rows."""
    from pyspark.sql import functions as f  # noqa: PLC0415 - an extra

    asked = []
    for i, kind in enumerate(kinds):
        column = f.col(f"c{i}")
        if kind == "number":
            missing = column.isNull() | f.isnan(column)
            asked += [
                f.max(missing).alias(f"missing{i}"),
                f.max(~missing & (column % 1 != 0)).alias(f"broken{i}"),
            ]
        if kind == "time":
            micro = f.date_format(column, "SSSSSS")
            asked += [
                f.max(f.date_format(column, "HHmmss")).alias(f"clock{i}"),
                f.max(f.substring(micro, 1, 3)).alias(f"milli{i}"),
                f.max(f.substring(micro, 4, 3)).alias(f"micro{i}"),
            ]
    told = frame.agg(*asked).first().asDict() if asked else {}
    return [_kind(kind, i, told) for i, kind in enumerate(kinds)]


def _kind(kind: Any, i: int, told: dict[str, Any]) -> Kind:
    if kind == "number":
        return Kind(kind, whole=bool(told[f"missing{i}"]) and not told[f"broken{i}"])
    if kind == "time":
        levels: tuple[Literal["micro", "milli", "second"], ...] = ("micro", "milli", "second")
        for level, name in zip(levels, ("micro", "milli", "clock"), strict=True):
            if (told[f"{name}{i}"] or "0").strip("0"):
                return Kind(kind, precision=level)
    return Kind(kind)


def _first(frame: DataFrame, sources: Sequence[str], kinds: Sequence[Kind]) -> list[Any]:
    """Return the first rows; moments as the clock of the session shows them."""
    columns = [
        frame[name].cast("timestamp_ntz") if kind.type == "time" else frame[name]
        for name, kind in zip(sources, kinds, strict=True)
    ]
    rows: list[Any] = frame.select(columns).take(_SAMPLE)
    return rows


def _array(values: list[Any], kind: pa.DataType | None) -> pa.Array:
    if kind is None:
        return pa.array([None if value is None else str(value) for value in values], pa.string())
    return pa.array(values, kind, from_pandas=True)

"""Writes Parquet row group by row group, as batches come."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from phisweep.formats.typed.chunk import Batch
from phisweep.formats.typed.table import Plan

LARGEST_GROUP = 1 << 30  # bytes of a row group that is written at once; a larger one is divided


@dataclass(slots=True)
class GroupWriter:
    """Gathers the batches of a row group, and writes it when the next begins."""

    writer: Any = field(repr=False)
    schema: pa.Schema = field(repr=False)
    _held: list[pa.RecordBatch] = field(default_factory=list, repr=False)
    _size: int = 0
    _group: int = 0

    @classmethod
    def of(
        cls, sink: io.RawIOBase, plan: Plan, settings: Mapping[str, Any] | None = None
    ) -> GroupWriter:
        """Return what writes into a sink, by the settings of Arrow's own writer."""
        return cls(pq.ParquetWriter(sink, plan.schema, **(settings or {})), plan.schema)

    def write(
        self,
        batch: Batch,
        rows: pa.RecordBatch,
        properties: Mapping[bytes, bytes],  # noqa: ARG002 - Parquet has none here
    ) -> None:
        """Write the rows that stand in a batch's place."""
        if batch.group != self._group or self._size > LARGEST_GROUP:
            self._flush()
        self._group = batch.group
        self._held.append(rows)
        self._size += rows.nbytes

    def close(self) -> None:
        """Write the last row group, and the footer."""
        self._flush()
        self.writer.close()

    def _flush(self) -> None:
        table = pa.Table.from_batches(self._held, schema=self.schema)
        if len(table):
            self.writer.write_table(table, row_group_size=len(table))
        self._held, self._size = [], 0

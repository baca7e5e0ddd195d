"""
One partition of a Spark data frame, on an executor: surveyed, de-identified, searched.

It goes through the passes that a table in a file goes through, in batches as Arrow brings them. Its
columns are judged by the sample of the whole frame, so that every partition judges alike.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import numpy as np
import pyarrow as pa

from phisweep.analysis import Job
from phisweep.apart.parcels import Parcel, Station
from phisweep.detect.detector import Detector
from phisweep.formats.base import Block, Format, OnePart, Replaced, Structure
from phisweep.frames.arrow import Kind, after, cells_of, moved
from phisweep.frames.encoding import Cells
from phisweep.frames.records import FrameLedger
from phisweep.model import Column, Edit, Location, Record, Source
from phisweep.pipeline import Worker
from phisweep.pipeline.worker import Pass
from phisweep.records import Keeping, Ledger
from phisweep.runners.spark import Call, safely, worker
from phisweep.survey import Surveyor

#: What the one frame of a call is called, and the file that it would be.
NAME, FILE = "frame", "frame.csv"
META = "meta"
_RECORDS = 10_000  # of a batch
FIELDS = (
    ("source", pa.string()), ("where", pa.string()), ("place", pa.string()), ("start", pa.int64()),
    ("end", pa.int64()), ("identifier", pa.string()), ("letter", pa.string()),
    ("rule", pa.string()), ("score", pa.float64()), ("severity", pa.string()),
    ("shape", pa.string()), ("fingerprint", pa.string()), ("explain", pa.list_(pa.string())),
    ("action", pa.string()), ("operator", pa.string()), ("citation", pa.string()),
)  # fmt: skip
Verb = str
Batches = Iterator[pa.RecordBatch]


@dataclass(frozen=True, slots=True)
class Told:
    """
    What workers are told of a frame: how its columns are written, and a sample of their values.

    `sources` names the column that holds the text of each, `hidden` are labels that are not shown,
    `first` is the number of the first row of each partition.
    """

    kinds: tuple[Kind, ...]
    sources: tuple[str, ...]
    labels: tuple[str, ...] = field(repr=False)
    sample: tuple[Column, ...] = field(repr=False)
    hidden: tuple[str, ...] = field(default=(), repr=False)
    first: Mapping[int, int] = field(default_factory=dict)


def block_of(label: str, index: int, cells: Cells, first: int) -> Column:
    """Return a batch's column as what is searched."""
    values = pa.DictionaryArray.from_arrays(
        pa.array(cells.codes.astype(np.int32)), pa.array([*cells.texts], pa.string())
    )
    where = Location(FILE, f"column {index + 1}, from record {first}")
    return Column(where, label, values, index=index, first=first)


@dataclass(slots=True)
class Rows:
    """A chunk of rows; `write` keeps what is to stand in them."""

    blocks: Sequence[Block] = field(repr=False)
    batch: pa.RecordBatch = field(repr=False)
    cells: Sequence[Cells] = field(repr=False)
    edits: Mapping[str, Sequence[Edit]] = field(default_factory=dict, repr=False)
    replaced: Mapping[str, Replaced] = field(default_factory=dict, repr=False)

    def write(self, edits: Mapping[str, Sequence[Edit]], columns: Mapping[str, Replaced]) -> bytes:
        """Keep the changes."""
        self.edits, self.replaced = edits, columns
        return b""


class Partition(OnePart):
    """The rows as a document of one part; `at` is the chunk that was read last."""

    structure: Structure = "rows"  # type: ignore[misc]  # of a table
    encoding = "utf-8"

    def __init__(self, sample: Sequence[Column], chunks: Iterator[Rows]) -> None:
        self.rows: int | None = None
        self.columns: int | None = len(sample)
        self.warnings: list[str] = []
        self.at: Rows | None = None
        self._sample, self._chunks = sample, chunks

    def sample(self) -> Sequence[Column]:
        """Return the sample of the whole frame."""
        return self._sample

    def chunks(self) -> Iterator[Rows]:
        """Yield the batches."""
        for chunk in self._chunks:
            self.at = chunk
            yield chunk

    def position(self) -> int:
        """Return 0: nobody asks how far a partition is."""
        return 0

    def close(self) -> None:
        """Do nothing."""


class RowsPass(Pass):
    """The pass over a partition; nothing of it touches the disk."""

    def through(self, document: Partition) -> Iterator[Rows]:
        """Do the chunks, and yield each with what is to stand in it. Raises DetectionError."""
        self.document = document
        for _ in self._chunks(document, cast("Format", None)):  # asked of documents with trees
            assert document.at is not None  # noqa: S101 - it was read
            yield document.at


class Frame(Station):
    """Does partitions on an executor, one after another; `spec` is a parcel and what is told."""

    def __init__(self, spec: tuple[Parcel, Told], files: Path) -> None:
        parcel, self.told = spec
        super().__init__(parcel, files)
        self._like: Detector | None = None
        self._worker: Worker | None = None

    def survey(self, batches: Batches) -> Iterator[pa.RecordBatch]:
        """Read the rows a first time; yield what was seen."""
        surveyor = Surveyor(self.spec, self._like)
        self._like = surveyor.analysis.detector
        source = Source(Path(FILE), FILE, 0, "0")
        seen = surveyor.part(Job(source), self._partition(batches))
        surveyor.subjects.close()
        yield self._meta(seen, ())

    def collect(self, batches: Batches) -> Iterator[pa.RecordBatch]:
        """Do the second pass for the codes that it asks for, and yield nothing else."""
        for _ in self._passed(batches)[0]:
            pass
        yield self._meta(None, ())

    def copy(self, batches: Batches) -> Iterator[pa.RecordBatch]:
        """Yield the rows without PHI, and a last one that says what was changed."""
        rows, pass_, ledger = self._passed(batches)
        changed: set[int] = set()
        names: Sequence[tuple[str, pa.DataType]] = ()
        for chunk in rows:
            made: dict[str, pa.Array] = {}
            for i, block in enumerate(cast("Sequence[Column]", chunk.blocks)):
                kind, cells = self.told.kinds[i], chunk.cells[i]
                new = after(cells, chunk.replaced.get(block.location.address))
                if new.changed.any():
                    changed.add(i)
                if kind.type != "text":
                    old = chunk.batch.column(f"c{i}")
                    dated = kind.type in {"date", "time"} and bool(new.changed.any())
                    made[f"o{i}"] = moved(old, cells, new) if dated else old
                made[f"t{i}"] = pa.array(new.texts.tolist(), pa.string())
            made[META] = pa.nulls(chunk.batch.num_rows, pa.binary())
            names = [(name, array.type) for name, array in made.items()]
            yield pa.RecordBatch.from_pydict(made)
        if not names:
            return  # no row, and nothing to tell
        if pass_.traces is not None:
            pass_.traces.finish()
        shifted = {i for i, used in ledger.operators.items() if "date-shift" in used}
        yield self._meta((changed, shifted), names)

    def check(self, batches: Batches) -> Iterator[pa.RecordBatch]:
        """Search rows that were de-identified; yield the places of what the policy acts on."""
        ledger = Ledger(NAME, self.spec.key, Keeping(records=False, actions=True))
        for _ in self._pass(ledger).through(self._partition(batches)):
            pass
        policy = self.spec.policy
        found = [
            tally.place
            for tally in ledger.tallies()
            if tally.action != "keep" and tally.max_score >= policy.threshold(tally.identifier)
        ]
        yield self._meta(found, ())

    def count(self, batches: Batches) -> Iterator[pa.RecordBatch]:
        """Yield how many rows the partition has."""
        rows = sum(batch.num_rows for batch in batches)
        yield self._meta((_number(), rows), ())

    def scan(self, batches: Batches) -> Iterator[pa.RecordBatch]:
        """Yield a record of each finding, by row."""
        rows, _, ledger = self._passed(batches, self.told.first.get(_number(), 1))
        for _ in rows:
            pass
        yield from records_of(ledger.finish())

    def _passed(
        self, batches: Batches, first: int = 1
    ) -> tuple[Iterator[Rows], RowsPass, FrameLedger]:
        ledger = FrameLedger(NAME, self.spec.key)
        pass_ = self._pass(ledger)
        return pass_.through(self._partition(batches, first)), pass_, ledger

    def _pass(self, ledger: Ledger) -> RowsPass:
        if self._worker is None:
            self._worker = Worker(self.spec)
        for label in self.told.hidden:
            ledger.hide(label)
        target = Path(FILE) if self.spec.write else None
        return RowsPass(self._worker, Job(Source(Path(FILE), FILE, 0, FILE), target, FILE), ledger)

    def _partition(self, batches: Batches, first: int = 1) -> Partition:
        return Partition(self.told.sample, self._rows(batches, first))

    def _rows(self, batches: Batches, first: int) -> Iterator[Rows]:
        told = self.told
        for batch in batches:
            cells = [
                cells_of(batch.column(name), kind)
                for name, kind in zip(told.sources, told.kinds, strict=True)
            ]
            blocks = [block_of(told.labels[i], i, each, first) for i, each in enumerate(cells)]
            if batch.num_rows:
                yield Rows(blocks, batch, cells)
            first += batch.num_rows

    def _meta(self, result: object, names: Sequence[tuple[str, pa.DataType]]) -> pa.RecordBatch:
        sealed = self.seal.close(self.packed(result))
        made = {name: pa.nulls(1, kind) for name, kind in names}
        return pa.RecordBatch.from_pydict({**made, META: pa.array([sealed], pa.binary())})


def act(call: Call, verb: Verb, batches: Batches) -> Iterator[pa.RecordBatch]:
    """Do a partition; the worker is built once in each process. Raises Failed."""
    with safely():
        station: Frame = worker(call)
        station.begin()
        yield from getattr(station, verb)(batches)


def records_of(records: Sequence[Record]) -> Iterator[pa.RecordBatch]:
    """Yield records as batches of Arrow."""
    for at in range(0, len(records), _RECORDS):
        some = records[at : at + _RECORDS]
        yield pa.RecordBatch.from_pydict(
            {name: pa.array([getattr(r, name) for r in some], kind) for name, kind in FIELDS}
        )


def _number() -> int:
    from pyspark import TaskContext  # noqa: PLC0415 - an extra, and executors alone

    context: Any = TaskContext.get()
    return int(context.partitionId())

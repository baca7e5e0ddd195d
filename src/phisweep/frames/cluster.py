"""The run of a Spark data frame: surveyed, de-identified, and searched again, by its executors."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
import pyarrow as pa

from phisweep.analysis import Job, Spec
from phisweep.apart.parcels import Packed, Sender
from phisweep.calls import Call
from phisweep.detect.detector import Detector
from phisweep.errors import ComponentError, DetectionError
from phisweep.frames.encoding import DISGUISE, Table
from phisweep.frames.partition import (
    FIELDS,
    FILE,
    META,
    NAME,
    Frame,
    Partition,
    Rows,
    RowsPass,
    act,
    records_of,
)
from phisweep.frames.ready import Ready, ready
from phisweep.frames.records import FrameLedger, Records
from phisweep.frames.release import (
    READ,
    Given,
    SubjectKeys,
    asked,
    left_over,
    safely,
    writing,
)
from phisweep.leaks.joined import SUFFIX, beside
from phisweep.model import Location, Source, Text
from phisweep.pipeline import Worker
from phisweep.runners import died, spark
from phisweep.runners.context import started
from phisweep.splicing import splice
from phisweep.spool import new_file
from phisweep.survey import Joining
from phisweep.verification import gather, written_in

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

Treatments = Mapping[str, Mapping[str, str]]
_ROUNDS = 16  # of the second pass, for codes that were not drawn yet
_SEARCHES = 4  # of what was written; what is still there after the last is a failure
_TOLD = re.compile(r"error\[(E[34]\d\d)\]: ([^\n]+)")


@dataclass(frozen=True, slots=True)
class _Header:
    """The names of columns after the run, those that are not shown, and what was found in them."""

    names: tuple[str, ...] = field(repr=False)
    hidden: tuple[str, ...] = field(repr=False)
    records: Records


def deidentify(
    frame: DataFrame,
    call: Call,
    like: Detector,
    *,
    subject: SubjectKeys | None = None,
    columns: Treatments | None = None,
) -> DataFrame:
    """
    Return a new frame without PHI, whose rows Spark holds (`unpersist` lets them go).

    Raises as `frames.release.deidentify` does, and ComponentError E440 to E446.
    """
    with safely():
        made = ready(frame)
        call = _asked(call, made, subject, columns)
    with (
        safely(),
        tempfile.TemporaryDirectory(prefix="phisweep-") as spool,
        tempfile.TemporaryDirectory(prefix="phisweep-") as folder,
        call.codes() as codes,
    ):
        spec = writing(call, codes, Path(spool))
        run = _Run(Path(folder), Path(spool))
        spec = run.surveyed(spec, made)
        header = _header(Worker(spec, like), made)
        if spec.subjects is not None:
            spec.subjects.close()
        made = made.hiding(header.hidden)
        return run.searched(spec, run.copied(spec, made).toDF(*header.names))


def scan(
    frame: DataFrame, call: Call, like: Detector, *, columns: Treatments | None = None
) -> DataFrame:
    """Return a frame of the records of all findings, none of which holds a value."""
    from pyspark.sql.pandas.types import from_arrow_schema  # noqa: PLC0415 - an extra

    with safely(), tempfile.TemporaryDirectory(prefix="phisweep-") as folder:
        made = ready(frame)
        call = _asked(call, made, None, columns)
        spec = replace(call.session.spec, options=READ)
        header = _header(Worker(spec, like), made)
        run = _Run(Path(folder), None)
        made = made.hiding(header.hidden)
        made = made.numbered([p.result for p in run.metas(Sender(spec, run.new()), made, "count")])
        schema = from_arrow_schema(pa.schema(FIELDS))
        found = run.mapped(Sender(spec, run.new()), made, "scan", schema)
        heads = [row for batch in records_of(header.records) for row in batch.to_pylist()]
        rows = [tuple(head[name] for name, _ in FIELDS) for head in heads]
        return found.union(frame.sparkSession.createDataFrame(rows, schema)) if rows else found


def _asked(
    call: Call, made: Ready, subject: SubjectKeys | None, columns: Treatments | None
) -> Call:
    given = Given(NAME, FILE, Table(pd.DataFrame(), made.labels, made.told.labels, ()))
    return asked(
        call,
        [given],
        None if subject is None else {NAME: subject},
        None if columns is None else {NAME: columns},
    )


def _header(worker: Worker, made: Ready) -> _Header:
    """Search the names of the columns, here, once."""
    ledger = FrameLedger(NAME, worker.spec.key)
    target = Path(FILE) if worker.spec.write else None
    pass_ = RowsPass(worker, Job(Source(Path(FILE), FILE, 0, FILE), target, FILE), ledger)
    where = [Location(FILE, f"header, column {i + 1}") for i in range(len(made.labels))]
    blocks = [Text(at, text, kind="key") for at, text in zip(where, made.told.labels, strict=True)]
    (chunk,) = pass_.through(Partition(made.told.sample, iter([Rows(blocks, None, ())])))
    if pass_.traces is not None:
        pass_.traces.finish()
    names = []
    for i, block in enumerate(blocks):
        edits = chunk.edits.get(block.location.address)
        new = splice(block.text, edits) if edits else ""
        names.append(new.removeprefix(DISGUISE) if edits else made.names[i])
    return _Header(tuple(names), tuple(ledger.hidden), ledger.finish())


class _Run:
    """The stages of a run; `folder` and `spool` are its own."""

    def __init__(self, folder: Path, spool: Path | None) -> None:
        self._folder, self._spool = folder, spool

    def new(self) -> Path:
        """Return a new folder."""
        return Path(tempfile.mkdtemp(dir=self._folder))

    def surveyed(self, spec: Spec, made: Ready) -> Spec:
        """Read the frame a first time; return the spec of the second."""
        assert spec.spool is not None  # noqa: S101 - a run that writes has one
        joined = Joining(spec)
        sender = Sender(joined.spec, self.new(), surveys=True)
        seen = []
        for packed in self.metas(sender, made, "survey"):
            sender.take(packed)
            seen.append(packed.result)
        # Partitions are one document: what one tells is told in the others' place.
        one = new_file(spec.spool, SUFFIX)
        for number, path in enumerate(sorted(spec.spool.glob(f"*{SUFFIX}"))):
            path.rename(beside(one, number))
        if seen:
            linked = dict.fromkeys(name for each in seen for name in each.linked)
            joined.take(replace(seen[0], linked=tuple(linked)))
        joined.join()
        return joined.finish({"0": FILE})[0]

    def copied(self, spec: Spec, made: Ready) -> DataFrame:
        """Return the frame after the second pass, its columns by number, held by Spark."""
        sender = Sender(spec, self.new())
        if spec.engine == "full":
            for packed in self.metas(sender, made, "collect", collects=True):
                sender.grant(packed)
        for _ in range(_ROUNDS):
            rows = self.mapped(sender, made, "copy", made.schema).persist()
            seen = self._read(sender, rows.where(f"{META} is not null").select(META))
            wishing = [packed for packed in seen if packed.again]
            if not wishing:
                changed: set[int] = set()
                shifted: set[int] = set()
                for packed in seen:
                    sender.take(packed)
                    changed |= packed.result[0]
                    shifted |= packed.result[1]
                kept = made.chosen(rows.where(f"{META} is null"), changed, shifted).persist()
                _gone_through(kept)
                rows.unpersist()
                return kept
            for packed in wishing:
                sender.grant(packed)
            rows.unpersist()
        raise DetectionError("E307", "its codes were not settled", where=NAME)

    def searched(self, spec: Spec, frame: DataFrame) -> DataFrame:
        """Search what was written, and mend it. Raises VerificationError where something is left."""
        spec = replace(spec, subjects=None, old=None)
        for _ in range(_SEARCHES):
            assert self._spool is not None  # noqa: S101 - a run that writes has one
            known, _count = gather(self._spool)
            spec = replace(spec, known=known, written=written_in(self._spool))
            made = ready(frame)
            search = replace(
                spec, write=False, plan=True, codes=None, min_score=spec.policy.verify_score
            )
            header = _header(Worker(search), made)
            sender = Sender(search, self.new())
            found = self.metas(sender, made.hiding(header.hidden), "check")
            places = sorted({place for packed in found for place in packed.result})
            if not places:
                return frame
            mended = self.copied(spec, made.hiding(header.hidden)).toDF(*frame.columns)
            frame.unpersist()
            frame = mended
        raise left_over(places[:5])

    def mapped(
        self, sender: Sender, made: Ready, verb: str, schema: Any, *, collects: bool = False
    ) -> DataFrame:
        """Return what workers make of the partitions of a frame."""
        parcel, archive = sender.parcel(Frame, self.new(), collects=collects)
        context = started()
        call = spark.shipped(context, Frame, (parcel, made.told), archive)
        return made.frame.mapInArrow(partial(act, call, verb), schema)

    def metas(
        self, sender: Sender, made: Ready, verb: str, *, collects: bool = False
    ) -> list[Packed]:
        """Return what workers say of the partitions. Raises DetectionError, ComponentError."""
        frame = self.mapped(sender, made, verb, f"{META} binary", collects=collects)
        return self._read(sender, frame)

    @staticmethod
    def _read(sender: Sender, frame: DataFrame) -> list[Packed]:
        return [sender.seal.open(bytes(row[META])) for row in _collected(frame)]


def _collected(frame: DataFrame) -> list[Any]:
    """Return the rows of a frame; what went wrong is told without what Spark says of it."""
    try:
        rows: list[Any] = frame.collect()
    except Exception as problem:  # noqa: BLE001 - Spark raises what it likes
        match = _TOLD.search(str(problem))
    else:
        return rows
    if match is None:
        raise died(NAME) from None
    kind = ComponentError if match[1].startswith("E4") else DetectionError
    raise kind(match[1], match[2]) from None


def _gone_through(frame: DataFrame) -> None:
    """Have Spark make and hold all rows of a frame."""
    _collected(frame.groupBy().count())

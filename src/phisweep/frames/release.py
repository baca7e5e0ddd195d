"""The run of a set of frames: surveyed, joined, de-identified, and their copies searched again."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from functools import partial, reduce
from glob import escape
from operator import add
from pathlib import Path

import pandas as pd

from phisweep.analysis import Job, Spec
from phisweep.calls import Call
from phisweep.detect.detector import Detector
from phisweep.detect.fields import normal_name
from phisweep.errors import PhisweepError, UsageError, VerificationError, crash
from phisweep.formats.base import ReadOptions
from phisweep.frames.decoding import decoded
from phisweep.frames.encoding import Table
from phisweep.frames.passing import Passed, pass_frame
from phisweep.frames.records import Records
from phisweep.model import Linking, Outcome, Record, Source, Survey, UsefulnessFigures
from phisweep.naming import Naming
from phisweep.pipeline import Worker
from phisweep.runners import local
from phisweep.survey import Joining, Surveyor
from phisweep.transform.codes import RandomCodes
from phisweep.transform.vault import Vault
from phisweep.verification import check_copies

SubjectKeys = str | Sequence[str]
#: What is done to columns, in the form of the configuration: {"dob": {"action": "year"}}.
Treatments = Mapping[str, Mapping[str, str]]
#: A frame is large already: pieces of this many bytes are searched at once, and a cell may be long.
READ = ReadOptions(encoding="utf-8", chunk_bytes=64 << 20, max_line_bytes=1 << 30)
_PLAIN = re.compile(r"[A-Za-z0-9_][\w .-]{0,99}", re.ASCII)
TOLD = 5  # places that an error names


@dataclass(frozen=True, slots=True)
class Frames:
    """
    De-identified frames by their names, what was found in them, and what was seen of them all.

    `linking` says how a frame was linked to subjects, `kept` what it kept of its source.
    """

    frames: Mapping[str, pd.DataFrame] = field(repr=False)
    records: Sequence[Record]
    survey: Survey
    linking: Mapping[str, Linking] = field(default_factory=dict)
    kept: Mapping[str, UsefulnessFigures] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class Given:
    """A frame as a source: its name, that of its file, and its texts."""

    name: str = field(repr=False)
    file: str = field(repr=False)
    table: Table = field(repr=False)

    def source(self, shown: str) -> Source:
        """Return the frame as a file that is read already."""
        data = self.table.csv()
        return Source(Path(self.file), self.file, len(data), shown, data)


def deidentify(
    frames: Mapping[str, pd.DataFrame],
    call: Call,
    like: Detector,
    *,
    subject: Mapping[str, SubjectKeys] | None = None,
    columns: Mapping[str, Treatments] | None = None,
) -> Frames:
    """
    Return new frames without PHI, linked by one graph of keys.

    Nothing of the frames touches the disk but copies that are de-identified, in a folder of the
    call's own. Raises UsageError and PolicyConflict for what is asked for, DocumentError and
    DetectionError for what could not be read or analysed whole, VerificationError where something
    is left in a copy.
    """
    with safely():
        given = _frames(frames)
        call = asked(call, given, subject, columns)
    with (
        safely(),
        tempfile.TemporaryDirectory(prefix="phisweep-") as spool,
        call.codes() as codes,
    ):
        spec = writing(call, codes, Path(spool))
        spec, survey, shown = _surveyed(given, spec, call, codes, like)
        folder = Path(spool) / "copies"
        passed = _copied(given, shown, spec, folder, like)
        outcomes = _checked([p.outcome for p in passed], folder, spec, like)
        new = {
            frame.name: decoded(frame.table, folder / outcome.output, done.shifted)
            for frame, done, outcome in zip(given, passed, outcomes, strict=True)
        }
    return Frames(
        new,
        reduce(add, (p.records for p in passed), Records()),
        replace(survey, leaks=tuple(replace(k, file=_bare(k.file)) for k in survey.leaks)),
        {f.name: o.linking for f, p in zip(given, passed, strict=True) if (o := p.outcome).linking},
        {f.name: o.kept for f, p in zip(given, passed, strict=True) if (o := p.outcome).kept},
    )


def scan(
    frames: Mapping[str, pd.DataFrame],
    call: Call,
    like: Detector,
    *,
    columns: Mapping[str, Treatments] | None = None,
) -> Records:
    """Return a record of each finding in frames, none of which is changed. Raises as above."""
    with safely():
        given = _frames(frames)
        call = asked(call, given, None, columns)
    with safely(), call.codes() as codes:
        naming = Naming(call.session.detector, codes)
        worker = Worker(replace(call.session.spec, options=READ), like)
        found = [
            pass_frame(worker, Job(frame.source(naming.shown(frame.file)))).records
            for frame in given
            if frame.table.cells
        ]
    return reduce(add, found, Records())


def writing(call: Call, codes: RandomCodes | Vault, spool: Path) -> Spec:
    """Return the spec of a run that writes; `spool` is its own folder."""
    return replace(
        call.session.spec, options=READ, write=True, records=False, codes=codes, spool=spool
    )


def _frames(frames: Mapping[str, pd.DataFrame]) -> list[Given]:
    """Return the frames as sources; `patients` is called as `patients.csv` would be."""
    made: dict[str, Given] = {}
    for i, (name, frame) in enumerate(frames.items(), 1):
        file = f"{name}.csv" if _PLAIN.fullmatch(str(name)) else f"frame {i}.csv"
        while file in made:
            file = f"frame {file}"
        made[file] = Given(name, file, Table.of(frame))
    return [*made.values()]


def asked(
    call: Call,
    given: Sequence[Given],
    subject: Mapping[str, SubjectKeys] | None,
    columns: Mapping[str, Treatments] | None,
) -> Call:
    """Return the call with what is said of single frames. Raises UsageError for what is not there."""
    names = {frame.name: escape(frame.file) for frame in given}
    labels = {frame.name: {*map(normal_name, frame.table.labels)} for frame in given}
    for where, said in (("subject", subject or {}), ("columns", columns or {})):
        for name in said:
            _known(name, names, where)
    for name, treated in (columns or {}).items():
        for column in treated:
            if normal_name(column) not in labels[name]:
                raise UsageError(
                    "E114",
                    f"unknown key {column!r}",
                    where=f"columns of {names[name]}",
                    todo="Give the name of a column, or of a level of the index.",
                )
    further: dict[str, object] = {}
    if subject:
        further["subject-key"] = {
            names[name]: keys if isinstance(keys, str) else tuple(keys)
            for name, keys in subject.items()
        }
    if columns:
        further["columns"] = {
            names[name]: {column: dict(said) for column, said in treated.items()}
            for name, treated in columns.items()
        }
    return call.also(further) if further else call


def _known(name: str, names: Collection[str], where: str) -> None:
    if name not in names:
        raise UsageError(
            "E114", f"unknown key {name!r}", where=where, todo=f"There are {len(names)} frames."
        )


def _surveyed(
    given: Sequence[Given],
    spec: Spec,
    call: Call,
    codes: RandomCodes | Vault,
    like: Detector,
) -> tuple[Spec, Survey, list[str]]:
    """Read the frames a first time; return the spec of the second, what was seen, their names."""
    joined = Joining(spec)
    with closing(joined.subjects):
        surveyor = Surveyor(joined.spec, like)
        for i, frame in enumerate(given):
            if frame.table.cells:
                joined.take(surveyor(Job(frame.source(str(i)))))
        joined.join()
        naming = Naming(call.session.detector, codes, joined.in_name(call.session.ruleset))
        shown = [naming.shown(frame.file) for frame in given]
        spec, survey = joined.finish({str(i): name for i, name in enumerate(shown)})
    return spec, survey, shown


def _copied(
    given: Sequence[Given], shown: Sequence[str], spec: Spec, folder: Path, like: Detector
) -> list[Passed]:
    """Do the second pass; each copy lies in a folder of its own, so that no two have one name."""
    worker = Worker(spec, like)
    passed = []
    with closing(spec.subjects) if spec.subjects is not None else _nothing():
        for i, (frame, name) in enumerate(zip(given, shown, strict=True)):
            target = folder / str(i) / name
            target.parent.mkdir(parents=True, mode=0o700)
            if frame.table.cells:
                passed.append(pass_frame(worker, Job(frame.source(name), target, f"{i}/{name}")))
            else:
                source = Source(Path(frame.file), frame.file, 0, name)
                passed.append(Passed(Outcome(source, "clean"), Records(), frozenset()))
    return passed


def _checked(
    outcomes: Sequence[Outcome], folder: Path, spec: Spec, like: Detector
) -> Sequence[Outcome]:
    """Search the copies again, and mend them. Raises VerificationError where something is left."""

    def work(spec: Spec, jobs: Sequence[Job]) -> Iterable[tuple[int, Outcome]]:
        return local.run(partial(Worker, like=like), spec, jobs)

    checked = check_copies(outcomes, folder, spec, work, keep_digests=False)
    seen = checked.verification
    lost = [o.error for o in checked.outcomes if o.error]
    if lost or (seen is not None and not seen.ok):
        left = [] if seen is None else [*seen.residual, *seen.leaked]
        places = [f"{_bare(r.source.partition('/')[2])}, {r.where}" for r in left[:TOLD]]
        raise left_over([*places, *lost, *(seen.problems if seen else ())])
    return checked.outcomes


def left_over(told: Sequence[str]) -> VerificationError:
    """Return the error for what a search of the copies found, by its places."""
    what = f"what was written was searched again, and this is left: {'; '.join(told)}"
    return VerificationError("E501", what, todo="Say what to do with it, by columns.")


def _bare(shown: str) -> str:
    return shown.removesuffix(".csv")


@contextmanager
def _nothing() -> Iterator[None]:
    yield


@contextmanager
def safely() -> Iterator[None]:
    """Let no error out whose message may hold a value; its class and place in our code are told."""
    try:
        yield
    except PhisweepError:
        raise
    except Exception as problem:  # noqa: BLE001 - whatever it was, its message may hold a value
        raise crash(problem) from None

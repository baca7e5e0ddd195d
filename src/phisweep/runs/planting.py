"""Canaries planted in a copy of the user's own data, and looked for as a run would look."""

from __future__ import annotations

import json
import shutil
import time
from collections import defaultdict
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path

from phisweep.canary import counting, folder, recording
from phisweep.canary.allotting import allot, of_sources
from phisweep.canary.copying import plant
from phisweep.canary.counting import Counted
from phisweep.canary.looking import Asked, Looked, Looking
from phisweep.canary.model import PLACES, Planting
from phisweep.canary.recording import Circumstances
from phisweep.canary.seeking import Hit, Seeker, SeekJob, Sought, died
from phisweep.discover import Skipped
from phisweep.errors import UsageError, trouble
from phisweep.integrity.digests import sha256_of
from phisweep.model import Outcome, RunManifest, Source
from phisweep.naming import STANDARD_INPUT_COPY, Naming
from phisweep.remote import fetched
from phisweep.report.companions.canary import Record
from phisweep.report.record import load_record
from phisweep.report.write import attach, write_private
from phisweep.runs.settings import Settings, begun, ended, session_of
from phisweep.runs.sources import met
from phisweep.runs.working import spread
from phisweep.session import Session
from phisweep.staging import REPORT
from phisweep.transform.codes import random_codes

#: What stands beside copies that are kept: every canary, its place, and what became of it.
LIST = "phisweep-canaries.jsonl"
_COPIES, _SPOOL = "copies", "spool"
_ROOM = 20  # places that are sampled of one kind and format, to each canary of a letter


@dataclass(frozen=True, slots=True)
class Wanted:
    """How many of each letter, by which seed; `keep` is where the copies stay, `out` a release."""

    per_letter: int = 100
    seed: int = 1
    keep: Path | None = None
    out: Path | None = None


@dataclass(frozen=True, slots=True)
class Measured:
    """The record, what became of each canary, and whether something could not be read whole."""

    record: Record
    counted: tuple[Counted, ...] = field(repr=False)
    incomplete: bool = False


def canary(
    paths: Sequence[str], wanted: Wanted | None = None, settings: Settings | None = None
) -> Measured:
    """
    Plant invented identifiers in a copy of the data, search that, and count what was found.

    The data are only read. The copy is removed, unless it is to be kept. With `out` the record is
    attached to that release's report. Raises as `scan` does, and UsageError E170 where there is no
    place to plant anything.
    """
    wanted, settings = wanted or Wanted(), settings or Settings()
    session = session_of(settings)
    release = None if wanted.out is None else load_record(wanted.out / REPORT / "run.json")
    manifest, started = begun(session, settings, "canary"), time.monotonic()
    with (
        random_codes(settings.key) as codes,
        fetched(paths) as here,
        folder.copies(wanted.keep, paths) as place,
    ):
        run = _Run(session, settings, wanted, place)
        run.meet(met(session, here, settings.root), Naming(session.detector, codes))
        looked = run.look()
        sizes = {i: source.size for i, source in run.sources.items()}
        rounds = allot(looked, sizes, per_letter=wanted.per_letter, seed=wanted.seed)
        jobs = run.plant(rounds)
        counted = run.counted(run.seek(jobs))
        if not counted and not run.unread:
            raise UsageError(
                "E170",
                "there is no place in these files where anything could be planted",
                todo="Give files with running text, tables, or values under keys.",
            )
        shutil.rmtree(place / _SPOOL)
        if wanted.keep is not None:
            write_private(place / LIST, run.listed(counted))
    digest = ""
    if wanted.out is not None:
        digest = sha256_of(wanted.out / REPORT / "run.json")
    how = run.circumstances(ended(manifest, started), looked)
    record = recording.record(counted, how, release, digest)
    if wanted.out is not None:
        attach(wanted.out / REPORT, "canary", record, signer=settings.signer)
    return Measured(record, counted, bool(run.unread))


class _Run:
    """One measurement: its sources by index, and what could not be read, planted or searched."""

    def __init__(self, session: Session, settings: Settings, wanted: Wanted, place: Path) -> None:
        self.session = session
        self.settings = settings
        self.wanted = wanted
        self.place = place
        self.sources: dict[int, Source] = {}
        self.held: dict[int, str] = {}
        self.unread: dict[int, str] = {}
        self.occurring: set[int] = set()
        self.unwritten = 0
        (place / _SPOOL).mkdir(mode=0o700)

    def meet(self, found: Sequence[Source | Skipped], naming: Naming) -> None:
        """Take the sources, each under the name that it may be told by."""
        for i, item in enumerate(found):
            source = item.source if isinstance(item, Skipped) else item
            source = replace(source, shown=naming.shown(source.name))
            if not isinstance(item, Skipped):
                self.sources[i] = source
            elif item.fatal:
                self.unread[i] = f"{source.shown}: {item.reason}"

    def look(self) -> Looked:
        """Read all sources a first time."""
        looking = Looking(
            Asked(
                self.session.detector,
                self.session.spec.options,
                self.settings.key,
                self.wanted.seed,
                _ROOM * max(1, self.wanted.per_letter),
                self.place / _SPOOL,
            )
        )
        progress = self.settings.progress
        if progress:
            progress.begin("looking", [source.size for source in self.sources.values()], None)
        for i, source in self.sources.items():
            looking.read(i, source)
            if progress:
                progress.done(Outcome(source, "clean", bytes=source.size))
        looked = looking.done()
        self.unread |= looked.failed
        self.held = looked.held
        return looked

    def plant(self, rounds: Sequence[Sequence[Planting]]) -> list[SeekJob]:
        """Make the planted copies; a source whose copy cannot be made is told, and not counted."""
        todo = [
            (self.place / _COPIES / str(number), i, plantings)
            for number, round_ in enumerate(rounds, 1)
            for i, plantings in sorted(of_sources(round_).items())
        ]
        progress = self.settings.progress
        if progress:
            progress.begin("planting", [self.sources[i].size for _, i, _ in todo], None)
        jobs: list[SeekJob] = []
        for folder_, i, plantings in todo:
            source = self.sources[i]
            try:
                jobs.append(self._copied(i, folder_, plantings))
            except Exception as problem:  # noqa: BLE001 - told as a run tells it, without a value
                self.unread[i] = str(trouble(problem, source.shown))
            if progress:
                progress.done(Outcome(source, "clean", bytes=source.size))
        return [job for job in jobs if job.index not in self.unread]

    def _copied(self, index: int, folder_: Path, plantings: Sequence[Planting]) -> SeekJob:
        """Make one planted copy. Raises DocumentError, OSError."""
        source = self.sources[index]
        name = STANDARD_INPUT_COPY if source.data is not None else source.name
        copied = plant(source, folder_ / name, plantings, self.session.spec.options)
        self.occurring |= copied.occurring
        added = copied.path.name.removeprefix(Path(name).name)
        copy = Source(copied.path, name + added, copied.path.stat().st_size, source.shown)
        return SeekJob(index, copy, tuple(p.canary for p in plantings))

    def seek(self, jobs: Sequence[SeekJob]) -> list[tuple[SeekJob, Sought]]:
        """Search the copies as a run that makes copies would, in as many processes."""
        settings, session = self.settings, self.session
        spool = self.place / _SPOOL
        spec = replace(
            session.spec,
            plan=True,  # source code is read as copies are made of it
            records=False,
            spool=spool,
            ticks=spool if settings.progress else None,
        )
        results = spread(
            session, settings, Seeker, spec, jobs,
            stage="searching", dead=died, ticks=spec.ticks,
        )  # fmt: skip
        out: dict[int, Sought] = {}
        with closing(results):
            for i, sought in results:
                out[i] = sought
                if settings.progress:
                    source = jobs[i].source
                    settings.progress.done(Outcome(source, "clean", bytes=source.size))
        return [(job, out[i]) for i, job in enumerate(jobs)]

    def counted(self, results: Sequence[tuple[SeekJob, Sought]]) -> tuple[Counted, ...]:
        """Return what became of every canary that stands in its copy, and by us alone."""
        self.unread |= {job.index: sought.error for job, sought in results if sought.error}
        out: list[Counted] = []
        for job, sought in results:
            if job.index in self.unread:
                continue
            hits: dict[int, list[Hit]] = defaultdict(list)
            for hit in sought.hits:
                hits[hit.number].append(hit)
            for each in job.canaries:
                if each.number in self.occurring:
                    continue
                if not sought.stands.get(each.number):
                    self.unwritten += 1
                    continue
                out.append(counting.fate(each, sought.stands[each.number], hits[each.number]))
        return tuple(out)

    def circumstances(self, manifest: RunManifest, looked: Looked) -> Circumstances:
        """Return how was measured."""
        return Circumstances(
            manifest,
            self.wanted.seed,
            self.wanted.per_letter,
            len(self.sources),
            [each for _, each in sorted({**self.held, **self.unread}.items())],
            len(self.occurring),
            self.unwritten,
            looked.kit.dates,
            self.settings.ignored_rules,
        )

    def listed(self, counted: Sequence[Counted]) -> bytes:
        """Return the canaries as JSON lines: what was planted is invented, file names are true."""
        lines = [
            {
                "round": each.canary.round + 1,
                "file": self.sources[each.canary.source].name,
                "letter": each.canary.letter,
                "identifier": each.canary.identifier,
                "place": PLACES[each.canary.place],
                "style": each.canary.style,
                "noise": each.canary.noise,
                "planted": each.canary.snippet,
                "value": each.canary.snippet[each.canary.start : each.canary.end],
                "outcome": each.fate,
            }
            for each in counted
        ]
        return "".join(json.dumps(line) + "\n" for line in lines).encode()

"""
The use cases, which are the public API: scan, deidentify, verify.

They own order and fail-closed: which sources there are, what each is called outside, that copies
come under OUT's name only when the run is done, and that every copy was searched again.
"""

from __future__ import annotations

import datetime as dt
import tempfile
import time
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Protocol

from phisweep import manifest as manifests
from phisweep.analysis import Job, Spec
from phisweep.config import Config
from phisweep.discover import Skipped, discover
from phisweep.errors import DetectionError, UsageError
from phisweep.formats.choose import choose_format
from phisweep.keys import Key
from phisweep.model import (
    BaselineUse,
    Column,
    Engine,
    Outcome,
    Run,
    RunManifest,
    Source,
    Status,
    Survey,
    Text,
)
from phisweep.naming import STANDARD_INPUT_COPY, Naming
from phisweep.pipeline import Worker
from phisweep.remote import fetched
from phisweep.report.record import load_record
from phisweep.report.write import write_report
from phisweep.ruleset.load import default_folder
from phisweep.runners import local
from phisweep.session import Session
from phisweep.staging import REPORT, check_out, staging
from phisweep.transform.codes import DerivedCodes, RandomCodes, random_codes
from phisweep.transform.operators import Codes
from phisweep.verification import REPORT_FILES, Checked, check_copies, check_release

if TYPE_CHECKING:
    from phisweep.gate.baseline import Baseline
    from phisweep.gate.lock import Lock
    from phisweep.suppression import Asked
    from phisweep.transform.vault import Vault

_WORTH_PROCESSES = 1 << 20  # bytes; below, starting processes costs more than it saves


class Progress(Protocol):
    """Who is told how far a run is."""

    def begin(self, stage: str, sizes: Sequence[int], ticks: Path | None) -> None:
        """Hear of a stage: the bytes of its sources, and the folder where workers tick."""

    def done(self, outcome: Outcome) -> None:
        """Hear of a source that is done."""


@dataclass(frozen=True, slots=True)
class Settings:
    """
    What a run needs besides its paths.

    `spool` is a folder for records that are too many to hold; without one all are held. `reveal`
    puts values into records, for a terminal alone. `reference_year` 0 is the present year.
    `session` is that of the same configuration, where one is built already. A `vault` keeps codes
    and surrogates beyond the run; `key` is then the vault's own. `baseline` is what a search knows
    already; `reserved` leaves specimen values out of it, `allowed` single ones, by keyed fingerprint. `root` is what names are relative to, by default
    the common parent of the paths.
    """

    config: Config = field(default_factory=Config)
    key: Key = field(default_factory=Key.draw)
    reference_year: int = 0
    records: bool = True
    reveal: bool = False
    verify: bool = True
    command: str = ""
    only_rules: tuple[str, ...] | None = None
    ignored_rules: tuple[str, ...] = ()
    spool: Path | None = None
    progress: Progress | None = None
    session: Session | None = None
    vault: Vault | None = None
    baseline: Baseline | None = None
    reserved: bool = False
    allowed: Mapping[str, str] = field(default_factory=dict)
    root: Path | None = None


def scan(paths: Sequence[str], settings: Settings | None = None) -> Run:
    """
    Find PHI; never write to the data.

    Raises UsageError, RuleError, ComponentError or PolicyConflict before the first file is read;
    what is wrong with a document stands in its outcome.
    """
    settings = settings or Settings()
    session = session_of(settings)
    started = time.monotonic()
    manifest = _manifest(session, settings, "scan")
    with random_codes(settings.key) as codes, fetched(paths) as here:
        spec = replace(
            session.spec,
            records=settings.records or settings.baseline is not None,
            reveal=settings.reveal,
            spool=settings.spool,
            suppress=_left_out(settings),
        )
        sources, outcomes = _sources(
            met(session, here, settings.root), Naming(session.detector, codes)
        )
        jobs = {i: Job(source) for i, source in enumerate(sources) if i not in outcomes}
        _run(session, settings, spec, jobs, outcomes)
        done = tuple(outcomes[i] for i in range(len(sources)))
        done, use = _known(done, settings)
    return Run(_ended(manifest, started), done, baseline=use)


def _left_out(settings: Settings) -> Asked:
    """Return what a search leaves out."""
    from phisweep.suppression import Asked  # noqa: PLC0415 - copies leave nothing out

    ignores = tuple(settings.config.per_path_ignores.items())
    return Asked(settings.reserved, ignores, allowed=settings.allowed)


def _known(
    outcomes: tuple[Outcome, ...], settings: Settings
) -> tuple[tuple[Outcome, ...], BaselineUse | None]:
    """Take out what the baseline knows. Raises ComponentError for a key that is not its own."""
    if settings.baseline is None:
        return outcomes, None
    from phisweep.gate.known import used, without_known  # noqa: PLC0415 - few runs have a baseline

    today = dt.datetime.now(dt.UTC).date()
    with tempfile.TemporaryDirectory(prefix="phisweep-") as folder:
        spool = settings.spool or Path(folder)
        known = without_known(outcomes, settings.baseline, settings.key, spool, today)
    return known.outcomes, used(settings.baseline, known)


def deidentify(paths: Sequence[str], out: Path, settings: Settings | None = None) -> Run:
    """
    Write de-identified copies and the report into OUT, a new folder.

    The copies are searched again, for PHI and for every value that was removed anywhere; what is
    found is removed and searched again. Raises as `scan` does, and UsageError for an OUT that is
    taken or lies inside an input.
    """
    settings = settings or Settings()
    check_out(out, paths)
    session = session_of(settings)
    _check_score(session)
    started = time.monotonic()
    manifest = _manifest(session, settings, "deid")
    with (
        tempfile.TemporaryDirectory(prefix="phisweep-") as spool,
        _codes(settings) as codes,
        fetched(paths) as here,
        staging(out) as folder,
    ):
        spec = replace(session.spec, write=True, records=False, codes=codes, spool=Path(spool))
        spec, survey, sources, outcomes = _surveyed(session, settings, spec, here, codes)
        jobs = {
            i: Job(source, folder / output, output)
            for i, source in enumerate(sources)
            if i not in outcomes
            for output in (_output(source),)
        }
        _run(session, settings, spec, jobs, outcomes)
        checked = Checked(tuple(outcomes[i] for i in range(len(sources))), None)
        if settings.verify:
            checked = check_copies(
                checked.outcomes,
                folder,
                spec,
                lambda spec, jobs: _work(session, settings, spec, jobs, "searching copies"),
                keep_digests=settings.key.kept,
            )
        run = Run(_ended(manifest, started), checked.outcomes, checked.verification, survey=survey)
        write_report(
            run, session.ruleset, folder / REPORT, policy=session.policy, keeping=keeping(settings)
        )
    return replace(run, report=out / REPORT / "report.html")


def keeping(settings: Settings) -> Literal["vault", "key", "run"]:
    """Say what outlives the run: a vault, its key alone, or nothing."""
    if settings.vault is not None:
        return "vault"
    return "key" if settings.key.kept else "run"


def verify(out: Path, settings: Settings | None = None) -> Run:
    """
    Check a release against its report: hashes, a rescan, and a search for removed values.

    Raises UsageError where OUT holds no report.
    """
    settings = settings or Settings()
    session = session_of(settings)
    started = time.monotonic()
    manifest = _manifest(session, settings, "verify")
    spec = replace(session.spec, records=True)
    checked = check_release(
        out,
        spec,
        settings.key,
        lambda spec, jobs: _work(session, settings, spec, jobs, "searching copies"),
    )
    return Run(_ended(manifest, started), checked.outcomes, checked.verification)


def session_of(settings: Settings) -> Session:
    """Return the settings' session, built where they hold none. Raises as `scan` does."""
    return settings.session or Session(
        settings.config,
        settings.key,
        settings.reference_year,
        settings.only_rules,
        settings.ignored_rules,
    )


def _manifest(session: Session, settings: Settings, command: str) -> RunManifest:
    return manifests.start(
        settings.command or command,
        session.ruleset,
        session.policy,
        settings.config,
        engine=session.engine,
        jobs=session.jobs,
        key=settings.key,
        reference_year=session.spec.reference_year,
    )


def _ended(manifest: RunManifest, started: float) -> RunManifest:
    seconds = round(time.monotonic() - started, 3)
    return replace(manifest, finished=manifests.finished(), seconds=seconds)


def met(session: Session, paths: Sequence[str], root: Path | None = None) -> list[Source | Skipped]:
    """Return every source that there is, and those that are not read, under their own names."""
    config = session.config
    found = discover(
        paths,
        root=root,
        include=config.include,
        exclude=config.exclude,
        max_file_size=config.files.max_file_size,
    )
    return [_unless_report(item) for item in found]


def _unless_report(item: Source | Skipped) -> Source | Skipped:
    source = item.source if isinstance(item, Skipped) else item
    why = "the report of an earlier run, which holds no data"
    return Skipped(source, why, fatal=False) if _is_report(source) else item


def _sources(
    found: Sequence[Source | Skipped], naming: Naming
) -> tuple[list[Source], dict[int, Outcome]]:
    """Return every source by its shown name, and the outcomes of those that are not read."""
    sources: list[Source] = []
    outcomes: dict[int, Outcome] = {}
    for item in found:
        source = item.source if isinstance(item, Skipped) else item
        source = replace(source, shown=naming.shown(source.name))
        if isinstance(item, Skipped):
            outcomes[len(sources)] = _skipped(source, replace(item, source=source))
        sources.append(source)
    return sources, outcomes


def _is_report(source: Source) -> bool:
    """Say whether a file is of the report in a release: our own copies stand beside our own."""
    return source.name.startswith(f"{REPORT}/") and source.path.name in REPORT_FILES


def _skipped(source: Source, item: Skipped) -> Outcome:
    status: Status = "incomplete" if item.fatal else "skipped"
    error = str(DetectionError("E213", item.reason, where=source.shown)) if item.fatal else ""
    return Outcome(source, status, reason=item.reason, error=error, bytes=source.size)


def _output(source: Source) -> str:
    return STANDARD_INPUT_COPY if source.data is not None else source.shown


@contextmanager
def _codes(settings: Settings) -> Iterator[RandomCodes | Vault]:
    """Own the codes of a run: its vault's, which outlive it, or its own, which do not."""
    if settings.vault is None:
        with random_codes(settings.key) as codes:
            yield codes
        return
    try:
        yield settings.vault
    finally:
        settings.vault.flush()


def _surveyed(
    session: Session, settings: Settings, spec: Spec, paths: Sequence[str], codes: Codes
) -> tuple[Spec, Survey, list[Source], dict[int, Outcome]]:
    """
    Read the sources a first time, and only then give them names, which may hold a subject's key.

    Return the spec of the second reading, what was seen, the sources, and those that are not read.
    """
    from phisweep.survey import Joining, Surveyor, unread  # noqa: PLC0415 - not for a scan

    joined = Joining(spec)
    found = met(session, paths)
    jobs = [
        Job(replace(source, shown=str(i)))
        for i, source in enumerate(found)
        if not isinstance(source, Skipped)
    ]
    processes = _processes(session, jobs)
    if settings.progress:
        settings.progress.begin("reading", [job.source.size for job in jobs], None)
    if processes > 1:
        from phisweep.runners import pool  # noqa: PLC0415 - multiprocessing, where it is asked for

        results = pool.run(Surveyor, joined.spec, jobs, processes=processes, dead=unread)
    else:
        results = local.run(partial(Surveyor, like=session.detector), joined.spec, jobs)
    with closing(results):
        for _, seen in results:
            joined.take(seen)
    joined.join()
    # A code of a name may be derived where the method lets it, and the key will give it again.
    if settings.key.kept and session.policy.method != "safe-harbor" and settings.vault is None:
        codes = DerivedCodes(settings.key)
    naming = Naming(session.detector, codes, joined.in_name(session.ruleset))
    sources, outcomes = _sources(found, naming)
    return *joined.finish({str(i): s.shown for i, s in enumerate(sources)}), sources, outcomes


def _processes(session: Session, jobs: Sequence[Job]) -> int:
    """Return how many processes the jobs are worth."""
    worth = sum(job.source.size for job in jobs) >= _WORTH_PROCESSES
    return min(session.jobs, len(jobs)) if worth else 1


def _run(
    session: Session,
    settings: Settings,
    spec: Spec,
    jobs: dict[int, Job],
    outcomes: dict[int, Outcome],
) -> None:
    """Do the jobs, and enter their outcomes by the index of their source."""
    indices = list(jobs)
    stage = "copying" if spec.write else "reading"
    # Closed at once where this is interrupted: no worker writes on into a folder that is removed.
    with closing(_work(session, settings, spec, list(jobs.values()), stage)) as results:
        for i, outcome in results:
            outcomes[indices[i]] = outcome


def _work(
    session: Session, settings: Settings, spec: Spec, jobs: Sequence[Job], stage: str
) -> Generator[tuple[int, Outcome], None, None]:
    """Do jobs by the runner that suits their number and size, and tell how far they are."""
    processes = _processes(session, jobs)
    spec = replace(spec, ticks=spec.spool if settings.progress else None)
    if settings.progress:
        settings.progress.begin(stage, [job.source.size for job in jobs], spec.ticks)
    if processes > 1:
        from phisweep.runners import pool  # noqa: PLC0415 - multiprocessing, where it is asked for

        results = pool.run(Worker, spec, jobs, processes=processes, dead=_dead)
    else:
        results = local.run(partial(Worker, like=session.detector), spec, jobs)
    with closing(results):
        for i, outcome in results:
            if settings.progress:
                settings.progress.done(outcome)
            yield i, outcome


def _dead(job: Job) -> Outcome:
    error = DetectionError(
        "E302",
        "the process that analysed it died",
        where=job.source.shown,
        todo="It may be too large for this machine's memory.",
    )
    return Outcome(job.source, "incomplete", error=str(error), bytes=job.source.size)


def _check_score(session: Session) -> None:
    """Raise UsageError where the copies would be made by a higher score than the policy's."""
    asked, policy = session.config.min_score, session.policy
    if asked is not None and asked > policy.min_score:
        raise UsageError(
            "E128",
            f"min-score {asked} is above {policy.min_score}, from which the policy {policy.id} acts",
            todo="For copies it may be lowered only; a policy file of your own may raise it.",
        )


def plan(paths: Sequence[str], settings: Settings | None = None) -> Run:
    """Return what `deidentify` would do, as counts with operators; write nothing."""
    settings = settings or Settings()
    session = session_of(settings)
    started = time.monotonic()
    manifest = _manifest(session, settings, "deid --dry-run")
    with (
        tempfile.TemporaryDirectory(prefix="phisweep-") as spool,
        random_codes(settings.key) as codes,
        fetched(paths) as here,
    ):
        spec = replace(session.spec, records=False, plan=True, shapes=True, spool=Path(spool))
        spec, survey, sources, outcomes = _surveyed(session, settings, spec, here, codes)
        jobs = {i: Job(source) for i, source in enumerate(sources) if i not in outcomes}
        _run(session, settings, spec, jobs, outcomes)
    done = tuple(outcomes[i] for i in range(len(sources)))
    return Run(_ended(manifest, started), done, survey=survey)


def places_of(paths: Sequence[str], settings: Settings | None = None) -> Lock:
    """
    Return the columns and fields of the data, what kind they are, and their letters.

    Read by rules, the first rows of each table. Raises as `scan` does.
    """
    from phisweep.gate.lock import Lock, Place  # noqa: PLC0415 - a gate alone asks
    from phisweep.model import IDENTIFIERS  # noqa: PLC0415
    from phisweep.proposal.propose import Asked as Looked  # noqa: PLC0415
    from phisweep.proposal.propose import propose  # noqa: PLC0415

    settings = settings or Settings()
    session = session_of(settings)
    found = met(session, paths, settings.root)
    sources = [item for item in found if not isinstance(item, Skipped)]
    options, policy = session.spec.options, session.policy
    seen = propose(sources, Looked(session.detector, policy, policy.id, options, settings.key))
    files: dict[str, dict[str, Place]] = {}
    for file in seen.files:
        places = files.setdefault(file.glob, {})
        for column in file.columns:
            letters = {IDENTIFIERS[name] for name, _ in column.evidence.found} | {column.letter}
            places[column.name or column.place] = Place(
                column.sort.role, tuple(sorted(letters - {""}))
            )
    return Lock(files)


def policy_of(out: Path) -> str:
    """Return the name of the shipped policy that a release was made under, or ""."""
    name = load_record(out / REPORT / "run.json").manifest.policy
    return name if (default_folder() / "policies" / f"{name}.yaml").is_file() else ""


def engine_of(out: Path) -> Engine:
    """Return the engine that a release was made by: another one would find other things."""
    return load_record(out / REPORT / "run.json").manifest.engine


def blocks_of(path: Path, session: Session) -> Iterator[Text]:
    """Yield a file's texts; of a table, its distinct values under their column. For `explain`."""
    source = Source(path, path.name, path.stat().st_size, path.name)
    document = choose_format(source, session.spec.options).open(source, session.spec.options)
    with closing(document):
        for part in document.parts():
            for block in (block for chunk in part.chunks() for block in chunk.blocks):
                if isinstance(block, Text):
                    yield block
                if not isinstance(block, Column):
                    continue
                values = block.values.dictionary.to_pylist()
                first = {
                    index: row
                    for row, index in reversed([*enumerate(block.values.indices.to_pylist())])
                }
                for row in sorted(first.values()):
                    value = values[block.values.indices[row].as_py()]
                    line = None if block.lines is None else int(block.lines[row])
                    col = None if block.cols is None else int(block.cols[row])
                    yield Text(block.location, value, block.label, "", "value", line, col)

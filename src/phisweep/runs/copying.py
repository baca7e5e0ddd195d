"""De-identified copies and their report, under the name of OUT only when all is done."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from phisweep.analysis import Job, Spec
from phisweep.discover import Skipped
from phisweep.errors import UsageError
from phisweep.formats.imaging.paths import is_directory, syntax_of
from phisweep.keys import Key
from phisweep.model import Outcome, Run, Source, Survey
from phisweep.naming import Naming
from phisweep.remote import Here, reached
from phisweep.report.record import RunRecord, record_of
from phisweep.report.write import write_record
from phisweep.runners import pool
from phisweep.runs import resuming
from phisweep.runs.auditing import entries
from phisweep.runs.resuming import Entered, Kept
from phisweep.runs.settings import Settings, begun, ended, keeping, session_of
from phisweep.runs.sources import met, named, output_of
from phisweep.runs.surveying import surveyed
from phisweep.runs.working import work, work_through
from phisweep.session import Session
from phisweep.spool import own_folder
from phisweep.staging import REPORT, check_out, clear, staging
from phisweep.transform.codes import RandomCodes, random_codes
from phisweep.transform.derived import DerivedCodes
from phisweep.transform.operators import Codes
from phisweep.verification import REPORT_FILES, Checked, check_copies

if TYPE_CHECKING:
    from phisweep.transform.vault import Vault


def deidentify(paths: Sequence[str], out: Path, settings: Settings | None = None) -> Run:
    """
    Write de-identified copies and the report into OUT, a new folder.

    The copies are searched again, for PHI and for every value that was removed anywhere; what is
    found is removed and searched again. Raises as `scan` does, and UsageError for an OUT that is
    taken or lies inside an input.
    """
    return release(paths, out, settings)[0]


def release(
    paths: Sequence[str], out: Path, settings: Settings | None = None
) -> tuple[Run, RunRecord]:
    """Do what `deidentify` does, and return the record that the report was made of, too."""
    settings = settings or Settings()
    check_out(out, paths)
    session = session_of(settings)
    _check_score(session)
    started = time.monotonic()
    with (
        own_folder() as spool,
        _place(out, settings, spool) as place,
        reached(paths, listed=session.config.runner == "spark") as here,
        pool.kept(),
    ):
        settings = replace(settings, key=place.key)
        manifest = begun(session, settings, "deid")
        if (before := place.kept) is not None:
            manifest = before.begin(manifest, settings)
            started -= before.seconds
        spec = replace(
            session.spec,
            key=place.key,
            write=True,
            records=settings.audit,
            codes=place.codes,
            spool=spool,
        )
        spec, survey, sources, outcomes = _surveyed(session, settings, spec, here, place.codes)
        if before is not None:
            before.same(sources, spec, survey, by_content=here.away)
            outcomes = Entered(before, before.done(sources) | outcomes, started)
        folder = place.folder
        jobs = {
            i: Job(source, folder / output, output)
            for i, source in enumerate(sources)
            if i not in outcomes
            for output in (output_of(source),)
        }
        try:
            work_through(session, settings, spec, jobs, outcomes)
            spec = _directories(session, settings, spec, folder, outcomes)
        finally:
            if isinstance(outcomes, Entered):
                outcomes.write()
        checked = Checked(tuple(outcomes[i] for i in range(len(sources))), None)
        if settings.verify:
            checked = check_copies(
                checked.outcomes,
                folder,
                spec,
                lambda spec, jobs: work(session, settings, spec, jobs, "searching copies"),
                keep_digests=settings.key.kept,
            )
        ours = {f"{REPORT}/{name}" for name in REPORT_FILES}
        clear(folder, ours | {outcome.output for outcome in checked.outcomes})
        run = Run(ended(manifest, started), checked.outcomes, checked.verification, survey=survey)
        record = record_of(run, session.ruleset, policy=session.policy, keeping=keeping(settings))
        write_record(
            record,
            folder / REPORT,
            records=entries(run.outcomes, checked.mended) if settings.audit else None,
            signer=settings.signer,
        )
    outcomes_ = tuple(replace(each, records=(), records_file=None) for each in run.outcomes)
    run = replace(run, outcomes=outcomes_, report=out / REPORT / "report.html")
    return run, record


def _directories(
    session: Session, settings: Settings, spec: Spec, folder: Path, outcomes: dict[int, Outcome]
) -> Spec:
    """
    Write directories of DICOM once more, now that the copies are there that they lead to.

    Return the spec that knows the copies, by which directories are mended too.
    """
    again = {
        i: Job(outcome.source, folder / outcome.output, outcome.output)
        for i, outcome in outcomes.items()
        if is_directory(outcome.output)
    }
    if not again:
        return spec
    imaging = replace(
        spec.options.imaging,
        copies={
            str(outcome.source.path.resolve()): syntax_of(folder / outcome.output)
            for outcome in outcomes.values()
            if outcome.output and outcome.format == "dicom" and outcome.source.data is None
        },
    )
    spec = replace(spec, options=replace(spec.options, imaging=imaging))
    work_through(session, settings, spec, again, outcomes)
    return spec


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a run writes its copies, and the key and codes that it goes by."""

    folder: Path
    key: Key = field(repr=False)
    codes: RandomCodes | Vault
    kept: Kept | None = None


@contextmanager
def _place(out: Path, settings: Settings, spool: Path) -> Iterator[_Place]:
    """Own the copies of a run, which have OUT's name in the end, and its codes."""
    if settings.resume:
        with resuming.kept(out, settings, spool) as run:
            yield _Place(run.copies, run.key, run.codes, run)
        return
    with _codes(settings) as codes, staging(out) as folder:
        yield _Place(folder, settings.key, codes)


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
    session: Session, settings: Settings, spec: Spec, here: Here, codes: Codes
) -> tuple[Spec, Survey, list[Source], dict[int, Outcome]]:
    """
    Read the sources a first time, and only then give them names, which may hold a subject's key.

    Return the spec of the second reading, what was seen, the sources, and those that are not read.
    """
    found = met(session, here.paths, origins=here.origins)
    readable = {i: source for i, source in enumerate(found) if not isinstance(source, Skipped)}
    joined = surveyed(session, settings, spec, readable)
    # A code of a name may be derived where the method lets it, and the key will give it again.
    if settings.key.kept and session.policy.method != "safe-harbor" and settings.vault is None:
        codes = DerivedCodes(settings.key)
    naming = Naming(session.detector, codes, joined.in_name(session.ruleset))
    sources, outcomes = named(found, naming)
    here.forget()
    return *joined.finish({str(i): s.shown for i, s in enumerate(sources)}), sources, outcomes


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
    manifest = begun(session, settings, "deid --dry-run")
    with (
        own_folder() as spool,
        random_codes(settings.key) as codes,
        reached(paths, listed=session.config.runner == "spark") as here,
    ):
        spec = replace(session.spec, records=False, plan=True, shapes=True, spool=spool)
        spec, survey, sources, outcomes = _surveyed(session, settings, spec, here, codes)
        jobs = {i: Job(source) for i, source in enumerate(sources) if i not in outcomes}
        work_through(session, settings, spec, jobs, outcomes)
    done = tuple(outcomes[i] for i in range(len(sources)))
    return Run(ended(manifest, started), done, survey=survey)

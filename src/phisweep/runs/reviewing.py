"""Human review: a blind sample of a release, a desk to answer at, and what the answers say."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import NoReturn

from phisweep.analysis import Job
from phisweep.errors import UsageError
from phisweep.figures import stamp
from phisweep.integrity.digests import sha256_of
from phisweep.integrity.signatures import SigningKey
from phisweep.model import Outcome, Source
from phisweep.report.parts import FileRecord
from phisweep.report.record import load_record
from phisweep.report.write import attach
from phisweep.review import answers
from phisweep.review.concluding import Conclusion, Standing, conclude
from phisweep.review.conditions import conditions, differences
from phisweep.review.desk import Desk
from phisweep.review.drawing import Drawer, Task
from phisweep.review.lots import Seen, chosen, shuffled
from phisweep.review.reading import originals, read_views
from phisweep.review.remains import standing
from phisweep.review.sample import (
    SCHEMA,
    FileRef,
    SampleRecord,
    StratumRecord,
    load_sample,
    unusable,
)
from phisweep.review.settling import between, joined
from phisweep.review.strata import Stratum, allocate
from phisweep.runners import died
from phisweep.runs.settings import Progress, Settings, begun
from phisweep.runs.surveying import surveyed
from phisweep.runs.working import spread, work_through
from phisweep.session import Session
from phisweep.staging import REPORT, run_json
from phisweep.transform.codes import random_codes

REVIEWERS = 2  # who compare; what they do not judge alike is for a third decision


# Drawing


def draw(
    run: Path,
    data: Sequence[str],
    *,
    n: int,
    seed: int,
    profile: str = "",
    progress: Progress | None = None,
) -> SampleRecord:
    """
    Draw n units of a release by lot, from the originals that it was made of.

    The originals are gone through as the run did: surveyed, de-identified without writing, and
    searched for what was removed anywhere. `profile` names the policy, where the run's own was a
    file that is elsewhere now. Raises UsageError (E131, E132, E196), VerificationError (E505) where
    the originals are not those of the run, and what is wrong with a document.
    """
    path = run_json(run)
    record = load_record(path)
    files = [file for file in record.files if file.output]
    if not files:
        raise _nothing("the run wrote no copies", path.name)
    paths = originals([*map(_ref, files)], data)
    config, same = conditions(record.manifest, profile)
    settings = Settings(
        config, reference_year=record.manifest.reference_year, progress=progress, command="sample"
    )
    session = Session(config, settings.key, settings.reference_year)
    now = begun(session, settings, "sample")
    jobs = [Job(_source(file, paths)) for file in files]
    seen = dict(_seen(session, settings, jobs, seed, n))
    sizes: dict[Stratum, int] = {}
    for one in seen.values():
        for stratum, size in one.sizes.items():
            sizes[stratum] = sizes.get(stratum, 0) + size
    counts = allocate(sizes, n)
    units = [unit for stratum in counts for unit in chosen(seen, stratum, counts[stratum])]
    if not units:
        raise _nothing("its files hold no finding, passage or cell", path.name)
    return SampleRecord(
        schema=SCHEMA,
        version=now.version,
        run_id=record.manifest.run_id,
        run_sha256=sha256_of(path),
        drawn=stamp(),
        seed=seed,
        asked=n,
        notes=tuple(differences(record.manifest, now, same=same)),
        encoding=config.files.encoding,
        chunk_bytes=config.files.chunk_bytes,
        max_line_bytes=config.files.max_line_bytes,
        files=tuple(map(_ref, files)),
        strata=tuple(
            StratumRecord(
                group=stratum.group,
                letter=stratum.letter,
                population=sizes[stratum],
                drawn=counts[stratum],
            )
            for stratum in sorted(counts)
        ),
        units=tuple(shuffled(units, seed)),
    )


def _nothing(why: str, where: str) -> UsageError:
    what = f"there is nothing to draw a sample of: {why}"
    return UsageError("E196", what, where=where, todo="Give a release that holds copies.")


def _ref(file: FileRecord) -> FileRef:
    return FileRef(path=file.path, sha256=file.sha256, bytes=file.bytes)


def _source(file: FileRecord, paths: Mapping[str, Source]) -> Source:
    return replace(paths[file.sha256], shown=file.path)


def _seen(
    session: Session, settings: Settings, jobs: Sequence[Job], seed: int, n: int
) -> Iterator[tuple[int, Seen]]:
    """Yield what is seen of each original, once all of them are known."""
    from phisweep.detect.digests import Digests  # noqa: PLC0415 - numpy takes 0.1 s

    with (
        tempfile.TemporaryDirectory(prefix="phisweep-") as folder,
        random_codes(settings.key) as codes,
    ):
        spool = Path(folder)
        spec = replace(session.spec, write=True, records=False, codes=codes, spool=spool)
        sources = {i: job.source for i, job in enumerate(jobs)}
        known = surveyed(session, settings, spec, sources, _dead)
        spec, _ = known.finish({str(i): source.shown for i, source in sources.items()})
        outcomes: dict[int, Outcome] = {}
        # Without targets nothing is written but digests of what would be removed: whatever is
        # removed anywhere is removed everywhere, so what is kept is known only then.
        work_through(session, settings, spec, dict(enumerate(jobs)), outcomes)
        Digests.join(sorted(spool.glob("*.removed")), spool / "known")
        spec = replace(spec, write=False, plan=True, codes=None)
        yield from _drawn(session, settings, Task(spec, seed, n, spool / "known"), jobs)


def _drawn(
    session: Session, settings: Settings, task: Task, jobs: Sequence[Job]
) -> Iterator[tuple[int, Seen]]:
    results = spread(session, settings, Drawer, task, jobs, stage="drawing", dead=_dead)
    with closing(results):
        for i, seen in results:
            if settings.progress:
                source = jobs[i].source
                settings.progress.done(Outcome(source, "clean", bytes=source.size))
            yield i, seen


def _dead(job: Job) -> NoReturn:
    raise died(job.source.shown)


# Reviewing


def desk_of(
    path: Path,
    data: Sequence[str],
    reviewer: str,
    *,
    folder: Path | None = None,
    deciding: bool = False,
) -> Desk:
    """
    Return a desk, at which a reviewer goes on where they stopped.

    `deciding` lays before them what two reviewers do not judge alike, and nothing else.

    Raises UsageError (E197, E198, E199), VerificationError (E505), DocumentError.
    """
    sample, digest = load_sample(path)
    given = answers.all_answers(path, sample, digest, folder)
    role: answers.Role = "adjudicator" if deciding else "reviewer"
    others = [one for one in answers.by_role(given, role) if one.reviewer != reviewer]
    if deciding and others:
        raise impossible(
            "somebody else decides already", path.name, f"Go on as {others[0].reviewer}."
        )
    if not deciding and len(others) >= REVIEWERS:
        raise impossible(
            "two reviewers have answers to this sample", path.name,
            "What they do not judge alike is for a third decision: --adjudicate.",
        )  # fmt: skip
    views = read_views(sample, data)
    order = [unit.id for unit in sample.units]
    marked = {}
    if deciding:
        found = between(views, given)
        order = [name for name in order if found is not None and name in found.differing]
        if not order:
            raise impossible("there is nothing that two reviewers judge otherwise", path.name)
        marked = {name: joined(given, name) for name in order}
    kept = answers.opened(answers.file_of(path, reviewer, folder), sample, digest, reviewer, role)
    return Desk(views, order, kept, marked)


def impossible(why: str, where: str, todo: str = "") -> UsageError:
    """Return the error for a review that cannot go on as it was asked for."""
    return UsageError("E199", f"the review cannot go on so: {why}", where=where, todo=todo)


# The result


def conclusion_of(
    path: Path, data: Sequence[str], *, folder: Path | None = None, run: Path | None = None
) -> Conclusion:
    """
    Return what all answers to a sample say together.

    With the release at hand, `run`, what was seen as left is looked for in its copies. Raises
    UsageError (E131, E132, E197, E198, E199), VerificationError (E505), DocumentError.
    """
    sample, digest = load_sample(path)
    given = answers.all_answers(path, sample, digest, folder)
    if not given:
        raise impossible(
            "nobody has answered anything", path.name, "Review it first, without --apply."
        )
    standing = None if run is None else _standing(sample, run_json(run))
    return conclude(sample, digest, read_views(sample, data), given, standing)


def _standing(sample: SampleRecord, report: Path) -> Standing | None:
    """Return what looks for values in the copies of a release, None where they are not beside it."""
    record = load_record(report)
    _check_run(sample.run_sha256, report)
    copies = {file.path: report.parent.parent / file.output for file in record.files}
    if report.parent.name != REPORT:
        return None
    options = sample.options

    def look(file: int, values: set[str]) -> set[str]:
        copy = copies[sample.files[file].path]
        return standing(copy, values, options) if copy.is_file() else values

    return look


def _check_run(sha256: str, report: Path) -> None:
    """Raise UsageError (E197) for the record of another run."""
    if sha256_of(report) != sha256:
        raise unusable(
            "it was drawn of another run", report.name, "Give the release that it was drawn of."
        )


def into_report(conclusion: Conclusion, run: Path, signer: SigningKey | None = None) -> Path:
    """
    Write the result into the report of the release that it is of, and return the path of its page.

    Raises UsageError (E131, E132, E134, E197), VerificationError (E502).
    """
    path = run_json(run)
    load_record(path)
    _check_run(conclusion.record.run_sha256, path)
    return attach(path.parent, "review", conclusion.record, signer=signer)

"""
The copies searched again: hashes, a rescan, and every removed value looked for.

`check_copies` mends what it finds before a release has its name; `check_release` only reports.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from phisweep.analysis import Job, Spec
from phisweep.integrity import custody, records
from phisweep.integrity.chain import Chain
from phisweep.keys import Key
from phisweep.legible import legible
from phisweep.model import Outcome, Record, Source, Verification
from phisweep.records import Common
from phisweep.report import companions
from phisweep.report.released import Asked, altered, compared, read_report
from phisweep.ruleset.schema import PolicyFile
from phisweep.staging import REPORT
from phisweep.values import dataclass

Work = Callable[[Spec, Sequence[Job]], Iterable[tuple[int, Outcome]]]
KNOWN = "removed-values.npz"
WRITTEN = "written-values.npz"
#: What a report's folder may hold; companions stand beside these, as <name>.json.
REPORT_FILES = frozenset(
    {"run.json", "report.html", "report.md", records.FILE, custody.FILE, KNOWN, WRITTEN}
    | {f"{name}.json" for name in companions.names()}
)
_ROUNDS = 4  # searches of the copies; what is still there after the last is a failure
_LISTED = 50  # residual findings that a report lists


@dataclass(frozen=True, slots=True)
class Checked:
    """
    The outcomes after the check, and what it saw.

    `mended` are those of copies from which something more was removed, as often as it was.
    """

    outcomes: tuple[Outcome, ...]
    verification: Verification | None
    mended: tuple[Outcome, ...] = ()


def check_copies(
    outcomes: Sequence[Outcome], folder: Path, spec: Spec, work: Work, *, keep_digests: bool
) -> Checked:
    """
    Search the copies in a folder; remove what is found, and search again, four times at most.

    `spec` is that of the run that wrote them; its spool holds the digests of removed values, which
    are kept beside the report where the key outlives the run.
    """
    assert spec.spool is not None  # noqa: S101 - a run that writes has one
    # In a copy the keys of subjects are codes: what else is found there is removed as nobody's.
    spool, spec = spec.spool, replace(spec, subjects=None, old=None)
    results = list(outcomes)
    mended: list[Outcome] = []
    pending = [i for i, outcome in enumerate(results) if outcome.output]
    searched = 0
    rescans: dict[int, Outcome] = {}
    for round_ in range(_ROUNDS):
        known, count = gather(spool)
        if count > searched:  # what was removed since may stand in any copy
            pending = [i for i, outcome in enumerate(results) if outcome.output]
        searched = count
        spec = replace(spec, known=known, written=written_in(spool))
        rescans |= _rescan(results, pending, folder, spec, work)
        dirty = [i for i in pending if _decisive(rescans[i], spec.policy)]
        if not dirty or round_ == _ROUNDS - 1:
            break
        jobs = [_job(results[i], folder, write=True) for i in dirty]
        for j, again in work(spec, jobs):
            results[dirty[j]] = _mended(results[dirty[j]], again, folder)
            if not again.error:
                mended.append(again)
        rescans = {i: rescan for i, rescan in rescans.items() if results[i].output}
        pending = [i for i in dirty if results[i].output]
    if keep_digests and searched:
        (folder / REPORT).mkdir(mode=0o700, exist_ok=True)
        _keep(known, folder / REPORT / KNOWN)
        if spec.written is not None:
            _keep(spec.written, folder / REPORT / WRITTEN)
    written = [(results[i], rescan) for i, rescan in sorted(rescans.items())]
    unsearchable = sum(o.unsearchable for o in results)
    problems = [*altered(written, folder)]
    seen_all = _verification(written, spec.policy, searched, unsearchable, problems, [])
    return Checked(tuple(results), seen_all, tuple(mended))


def check_release(
    out: Path, spec: Spec, key: Key, work: Work, asked: Asked | None = None
) -> Checked:
    """
    Check OUT against the report in it, and the report against its chain of custody.

    Removed values are looked for where the report's folder holds their digests and `key` is the
    key of that run. Raises UsageError where there is no report, or its folder cannot be read.
    """
    asked = asked or Asked()
    seen, record = read_report(out / REPORT, asked)
    if record is None:
        unread = "the copies were not compared with it, for run.json is not what was written"
        return Checked((), _failed(seen, unread))
    problems, outcomes = compared(record, out, REPORT, asked.shown)
    problems = [*seen.problems, *problems]
    notes = [*seen.notes]
    if not asked.rescan:
        notes.append("the copies were not searched again: digests, chain and signatures alone")
        problems += altered([(outcome, outcome) for outcome in outcomes], out, read=True)
        only = Verification(not problems, len(outcomes), tuple(problems), notes=tuple(notes))
        return Checked(tuple(outcomes), only)
    if record.manifest.policy != spec.policy.id:
        notes.append(
            f"it was made under the policy {legible(record.manifest.policy)} and is checked under"
            f" {spec.policy.id}: give the other one by --profile"
        )
    known = out / REPORT / KNOWN
    searched = 0
    if key.key_id != record.manifest.key_id:
        notes.append(
            "removed values were not looked for: the key of the run is needed (--key-file or"
            " --key-env), and it is gone where the run drew one for itself; without it what operators"
            " wrote that reads like an identifier is taken for one"
        )
    elif {KNOWN, WRITTEN} & seen.changed:
        notes.append("removed values were not looked for: their digests are not what was written")
    elif known.is_file():
        searched = _known(known)
        written = out / REPORT / WRITTEN
        spec = replace(spec, known=known, written=written if written.is_file() else None)
    present = list(range(len(outcomes)))
    rescans = _rescan(outcomes, present, out, spec, work)
    checked = [(outcomes[i], rescans[i]) for i in present]
    problems += altered(checked, out)
    verification = _verification(checked, spec.policy, searched, 0, problems, notes)
    return Checked(tuple(rescans[i] for i in present), verification)


def _failed(seen: Chain, note: str) -> Verification:
    return Verification(ok=False, files=0, problems=seen.problems, notes=(*seen.notes, note))


def _rescan(
    outcomes: Sequence[Outcome], chosen: Sequence[int], folder: Path, spec: Spec, work: Work
) -> dict[int, Outcome]:
    """Search the chosen copies, at the policy's low score, without writing."""
    spec = replace(
        spec,
        write=False,
        plan=True,
        codes=None,
        records=True,
        min_score=spec.policy.verify_score,
    )
    jobs = [_job(outcomes[i], folder, write=False) for i in chosen]
    common = Common()
    return {chosen[j]: common.of(_told(outcome, spec.policy)) for j, outcome in work(spec, jobs)}


def _told(rescan: Outcome, policy: PolicyFile) -> Outcome:
    """Return a rescan with the records alone that a verification may list."""
    leaked, other = _decisive_records(rescan, policy)
    return replace(rescan, records=(*leaked[:_LISTED], *other[:_LISTED]))


def _decisive_records(
    rescan: Outcome, policy: PolicyFile
) -> tuple[Sequence[Record], Sequence[Record]]:
    """Return what the policy acts on: removed values that are there, and what else is."""
    decisive = [
        r
        for r in rescan.records
        if r.action != "keep" and r.score >= policy.threshold(r.identifier)
    ]
    leaked = [r for r in decisive if r.rule.endswith("/known-value")]
    return leaked, [r for r in decisive if not r.rule.endswith("/known-value")]


def _job(outcome: Outcome, folder: Path, *, write: bool) -> Job:
    path = folder / outcome.output
    source = Source(path, outcome.output, path.stat().st_size, outcome.output)
    return Job(source, path if write else None, outcome.output)


def _mended(before: Outcome, again: Outcome, folder: Path) -> Outcome:
    """Return the outcome of a copy after something more was removed from it, or it was itself."""
    if again.error:
        (folder / before.output).unlink(missing_ok=True)
        return replace(before, status="incomplete", error=again.error, output="")
    return replace(
        before,
        status="changed",
        tallies=(*before.tallies, *again.tallies),
        output_sha256=again.output_sha256,
        output_bytes=again.output_bytes,
        unsearchable=before.unsearchable + again.unsearchable,
    )


def _decisive(rescan: Outcome, policy: PolicyFile) -> bool:
    """Say whether a rescan found what the policy acts on."""
    return any(
        t.action != "keep" and t.max_score >= policy.threshold(t.identifier) for t in rescan.tallies
    )


def _known(path: Path) -> int:
    """Return how many values a file of digests knows. Raises ComponentError."""
    from phisweep.detect.digests import Digests  # noqa: PLC0415 - as in gather

    return len(Digests.read(path))


def _keep(known: Path, target: Path) -> None:
    """Write the digests of the run into one file of the report's folder."""
    from phisweep.detect.digests import Digests  # noqa: PLC0415 - as in gather

    Digests.read(known).save(target)


def gather(spool: Path) -> tuple[Path, int]:
    """Join what workers have left in the spool; return the file, and how many values it knows."""
    from phisweep.detect.digests import Digests  # noqa: PLC0415 - numpy takes 0.1 s, and scans none

    paths = sorted(spool.glob("*.removed"))
    known = spool / f"known-{len(paths)}"  # a worker may hold the one before open
    return known, len(Digests.read(known)) if known.is_dir() else Digests.join(paths, known)


def written_in(spool: Path) -> Path | None:
    """Join what operators wrote that reads like an identifier; None where they wrote nothing."""
    from phisweep.detect.digests import Digests  # noqa: PLC0415 - as in gather
    from phisweep.detect.written import files  # noqa: PLC0415

    paths = files(spool)
    if not paths:
        return None
    joined = spool / f"written-{len(paths)}"
    if not joined.is_dir():
        Digests.join(paths, joined)
    return joined


def _verification(  # noqa: PLR0917 - called here alone
    checked: Sequence[tuple[Outcome, Outcome]],
    policy: PolicyFile,
    searched: int,
    unsearchable: int,
    problems: list[str],
    notes: list[str],
) -> Verification:
    leaked: list[Record] = []
    residual: list[Record] = []
    weak = 0
    failed = False
    for _, rescan in checked:
        failed = failed or _decisive(rescan, policy)
        weak += sum(t.count for t in rescan.tallies if t.max_score < policy.threshold(t.identifier))
        known, other = _decisive_records(rescan, policy)
        leaked += known
        residual += other
    if weak:
        notes.append(
            f"{weak} places look a little like an identifier, below the score from which the"
            " policy acts"
        )
    return Verification(
        ok=not failed and not problems,
        files=len(checked),
        problems=tuple(problems),
        residual=tuple(residual[:_LISTED]),
        leaked=tuple(leaked[:_LISTED]),
        searched=searched,
        unsearchable=unsearchable,
        threshold=policy.verify_score,
        notes=tuple(notes),
    )

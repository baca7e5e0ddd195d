"""A release compared with its report: the chain of custody, the inventory, the digests."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import field, replace
from pathlib import Path, PurePosixPath

from phisweep.errors import UsageError
from phisweep.integrity import chain, custody
from phisweep.integrity.chain import Chain
from phisweep.integrity.digests import sha256_of, walked
from phisweep.integrity.signatures import PublicKey
from phisweep.legible import legible
from phisweep.model import Outcome, Source
from phisweep.report.companions import load_companions
from phisweep.report.record import RunRecord, load_record
from phisweep.values import dataclass

_LISTED = 50  # files that nobody lists, by name


@dataclass(frozen=True, slots=True)
class Asked:
    """
    How a release is checked.

    `trusted` are the keys that must have signed it, None where none need; without `rescan` only
    digests, the chain and signatures are checked. `shown` gives the name of a file that no report
    lists, fit to be told.
    """

    trusted: Sequence[PublicKey] | None = None
    rescan: bool = True
    shown: Callable[[str], str] = field(default=legible)


def read_report(folder: Path, asked: Asked) -> tuple[Chain, RunRecord | None]:
    """
    Check a report's folder by its chain of custody, and read its record.

    The record is None where it cannot be read and the chain says that it was changed. Raises
    UsageError where it cannot be read and nothing says so.
    """
    record, error = None, None
    try:
        record = load_record(folder / "run.json")
    except UsageError as problem:
        error = problem
    try:
        run_id = record.manifest.run_id if record else ""
        seen = chain.check(folder, asked.trusted, run_id=run_id, shown=asked.shown)
    except OSError as problem:
        raise UsageError(
            "E131", f"the record cannot be read: {problem.strerror}", where=folder.name
        ) from None
    if error is not None:
        newer = error.code == "E139" and "run.json" not in seen.changed
        if newer or not seen.problems or not (folder / custody.FILE).is_file():
            raise error
        return seen, None
    problems = [*seen.problems]
    if record is not None and record.custody.chain and not (folder / record.custody.chain).exists():
        problems.append(f"{record.custody.chain}: is missing from the report")
        seen = replace(seen, notes=())
    try:
        load_companions(folder)
    except UsageError as problem:
        problems.append(f"{problem.where}: {problem.what}")
    return replace(seen, problems=tuple(problems)), record


def compared(
    record: RunRecord, out: Path, report: str, shown: Callable[[str], str]
) -> tuple[list[str], list[Outcome]]:
    """
    Return what differs from the report's inventory, and the copies that are there.

    `report` is the name of the report's folder in OUT.
    """
    problems: list[str] = []
    outcomes: list[Outcome] = []
    listed = {file.output for file in record.files if file.output}
    for file in record.files:
        if not file.output:
            continue
        path, name = out / file.output, PurePosixPath(file.output)
        if name.is_absolute() or ".." in name.parts:
            problems.append(f"{file.output}: is no name that a copy can have")
            continue
        if not path.is_file():
            problems.append(f"{file.output}: is missing")
            continue
        source = Source(path, file.output, path.stat().st_size, file.output)
        outcomes.append(
            Outcome(
                source,
                "clean",
                output=file.output,
                output_sha256=file.output_sha256,
                output_bytes=file.output_bytes,
            )
        )
    here = {name: plain for name, plain in walked(out) if PurePosixPath(name).parts[0] != report}
    problems += [
        f"{shown(name)}: is a link or no file, which no release holds"
        for name, plain in here.items()
        if not plain
    ]
    extra = [name for name, plain in here.items() if plain and name not in listed]
    if extra:
        are = "files are" if len(extra) > 1 else "file is"
        problems.append(f"{len(extra)} {are} there that no report lists")
        problems += [f"{shown(name)}: stands among the copies" for name in extra[:_LISTED]]
    return problems, outcomes


def altered(
    checked: Iterable[tuple[Outcome, Outcome]], out: Path, *, read: bool = False
) -> Iterator[str]:
    """
    Yield what is wrong with each copy's digest, or with the search of it.

    The digest is the one that the search made, where it came so far; `read` has it made here.
    """
    for outcome, rescan in checked:
        sha256 = "" if read else rescan.sha256
        try:
            sha256 = sha256 or sha256_of(out / outcome.output)
        except OSError as error:
            yield f"{outcome.output}: cannot be read: {error.strerror}"
            continue
        if sha256 != outcome.output_sha256:
            yield f"{outcome.output}: its SHA-256 is not the one that was written"
        elif rescan.error and not read:
            yield f"{outcome.output}: could not be searched again ({rescan.error})"

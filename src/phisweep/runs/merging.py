"""Several runs joined into one report, from their records alone."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from phisweep.errors import PhisweepError, UsageError, VerificationError
from phisweep.integrity import chain as chains
from phisweep.integrity import custody
from phisweep.integrity.chain import Chain
from phisweep.integrity.digests import sha256_of
from phisweep.integrity.signatures import PublicKey
from phisweep.report import mergedpage, mergedtext
from phisweep.report.companions import load_companions
from phisweep.report.companions import names as companions
from phisweep.report.merged import MergedRecord
from phisweep.report.merging import Site, merged_of
from phisweep.report.record import load_record
from phisweep.report.write import write_private
from phisweep.staging import check_out, run_json, staging

_FEWEST = 2


def merge(
    paths: Sequence[Path],
    out: Path,
    names: Sequence[str] = (),
    trusted: Sequence[PublicKey] | None = None,
) -> MergedRecord:
    """
    Join runs, each a run.json or the folder of a release, into merged.json, .html and .md in OUT.

    `names` are those of the sites, in order; without them a site is called by its run's id. Where a
    chain of custody stands beside a record, the record must be as it says, and signed by a `trusted`
    key if there are any. Raises UsageError, VerificationError (E504).
    """
    check_out(out, [str(path) for path in paths])
    if len(paths) < _FEWEST or (names and len(names) != len(paths)):
        raise _refused("two runs or more are joined, and each has a name or none has")
    records = [run_json(path) for path in paths]
    sites = [
        _numbered(i + 1, record, names[i] if names else "", trusted)
        for i, record in enumerate(records)
    ]
    _check_apart(sites)
    merged = merged_of(sites)
    texts = {
        "merged.json": mergedpage.as_json(merged),
        "merged.md": mergedtext.as_markdown(merged),
        "merged.html": mergedpage.as_html(merged),
    }
    with staging(out) as folder:
        for name, text in texts.items():
            write_private(folder / name, text.encode())
    return merged


def _numbered(number: int, path: Path, name: str, trusted: Sequence[PublicKey] | None) -> Site:
    """Read a run; all of them are called run.json, so an error says which it is."""
    try:
        return _site(path, name, trusted)
    except PhisweepError as error:
        raise error.at(f"run {number}, {error.where}") from None
    except OSError as error:
        raise UsageError(
            "E131", f"the record cannot be read: {error.strerror}", where=f"run {number}"
        ) from None


def _site(path: Path, name: str, trusted: Sequence[PublicKey] | None) -> Site:
    record = load_record(path)
    folder = path.parent
    parts = {path.name, *(f"{companion}.json" for companion in companions())}
    chain: Chain | None = None
    if path.name == "run.json" and (folder / custody.FILE).is_file():
        chain = chains.check(folder, trusted, only=parts)
    elif trusted is not None:
        chain = Chain((), ("nothing tells who signed it",), (), frozenset())
    if chain is not None and chain.problems:
        raise VerificationError(
            "E504",
            f"the record is not as its chain of custody says ({chain.problems[0]})",
            where=name or record.manifest.run_id,
            todo="Ask the site for its report again, whole.",
        )
    return Site(
        name or record.manifest.run_id,
        record,
        sha256_of(path),
        chain,
        load_companions(folder) if path.name == "run.json" else (),
    )


def _check_apart(sites: Sequence[Site]) -> None:
    """Refuse two runs that are one, and two sites of one name."""
    for i, site in enumerate(sites):
        for j, other in enumerate(sites[:i]):
            same = site.record.manifest.run_id == other.record.manifest.run_id
            if same or site.run_sha256 == other.run_sha256:
                raise _refused(f"runs {j + 1} and {i + 1} are the same, and would count twice")
            if site.name == other.name:
                raise _refused(f"runs {j + 1} and {i + 1} have one name")


def _refused(why: str) -> UsageError:
    return UsageError("E138", f"these runs cannot be joined: {why}")

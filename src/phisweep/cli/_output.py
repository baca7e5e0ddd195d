"""Where a rendering goes: standard output, or a file that is whole or not there."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from io import TextIOWrapper
from pathlib import Path

from phisweep.errors import UsageError
from phisweep.model import Run
from phisweep.report import base, findings, text
from phisweep.report.record import RunRecord
from phisweep.report.text import Style
from phisweep.runs.auditing import entries

#: What `scan --format` takes beside the renderings of the audit record.
OF_FINDINGS = ("text", "jsonl", "json", "records")


def formats() -> list[str]:
    """Return the names that --format takes."""
    return [*OF_FINDINGS, *sorted(set(base.load()) - set(OF_FINDINGS))]


def known(name: str | None) -> bool:
    """Say whether --format takes a name; the renderings are imported only where one is asked for."""
    return name is None or name in OF_FINDINGS or name in formats()


def render(
    name: str, run: Run, record: RunRecord, style: Style, following: str = ""
) -> Iterable[str]:
    """Yield a rendering of a run in pieces."""
    if name == "text":
        return (line + "\n" for line in text.render(run, record, style, following=following))
    if name == "jsonl":
        return findings.jsonl(run)
    if name == "json":
        return findings.document(run, record)
    if name == "records":
        from phisweep.integrity.records import Chained  # noqa: PLC0415 - where a chain is asked for

        chain = Chained(run.manifest.run_id, entries(run.outcomes))
        return (line.decode("ascii") for line in chain)
    return iter([base.load()[name](record)])


def targets(
    given: Sequence[str], format_: str | None, inputs: Sequence[str]
) -> list[tuple[str, Path | None]]:
    """
    Read `-o FORMAT:PATH` options; what goes to standard output is `--format`, text without any.

    Raises UsageError, also where a rendering would be written over an input.
    """
    out: list[tuple[str, Path | None]] = []
    for option in given:
        name, colon, path = option.partition(":")
        if not colon or not path or name not in formats():
            raise UsageError(
                "E121", "-o takes FORMAT:PATH", todo=f"Formats: {', '.join(formats())}."
            )
        out.append((name, _free(Path(path), inputs)))
    if format_ or not out:
        out.append((format_ or "text", None))
    return out


def _free(path: Path, inputs: Sequence[str]) -> Path:
    """Return the path. Raises UsageError where it cannot be written, or holds data of an input."""
    if path.is_dir() or not path.absolute().parent.is_dir():
        raise UsageError("E122", "is a folder, or in none that is there", where=str(path))
    there = path.resolve()
    roots = [Path(given).resolve() for given in inputs]
    if there.exists() and any(there == root or root in there.parents for root in roots):
        raise UsageError(
            "E122", "lies in the data, which is never written to", where=str(path),
            todo="Name a new file.",
        )  # fmt: skip
    return path


def write(pieces: Iterable[str], path: Path | None) -> None:
    """Write to a file of mode 0600, whole or not at all, or to standard output as it comes."""
    if path is not None:
        from phisweep.report.write import write_pieces  # noqa: PLC0415 - brings every report

        try:
            write_pieces(path, (piece.encode() for piece in pieces))
        except OSError as error:
            raise UsageError(
                "E122", f"cannot be written: {error.strerror}", where=str(path)
            ) from None
        return
    if isinstance(sys.stdout, TextIOWrapper):  # what a rendering holds is UTF-8, as in a file
        code = sys.stdout.encoding if sys.stdout.isatty() else "utf-8"
        sys.stdout.reconfigure(encoding=code, errors="backslashreplace", newline="\n")
    for piece in _flushed(pieces):
        sys.stdout.write(piece)


def _flushed(pieces: Iterable[str]) -> Iterator[str]:
    yield from pieces
    sys.stdout.flush()

"""What `scan` and `gate` share: a search under options, and its renderings."""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import click

from phisweep import gitrepo
from phisweep.cli import _options as options
from phisweep.cli import _output as output
from phisweep.cli._progress import Progress
from phisweep.config import Config
from phisweep.errors import UsageError
from phisweep.keys import Key
from phisweep.legible import legible, quoted
from phisweep.model import Run
from phisweep.records import records_of
from phisweep.report.record import RunRecord, record_of
from phisweep.report.text import CAP, next_command
from phisweep.runs.searching import scan
from phisweep.runs.settings import Settings, session_of
from phisweep.values import dataclass

if TYPE_CHECKING:
    from phisweep.gate.baseline import Baseline

_ALLOWED = ".phisweep-allow.json"  # phisweep.gate.allowed.NAME
#: How many findings of a file are kept for renderings that do not list all: those tell the first
#: line of each rule.
_KEPT = {"text": CAP, "github": 1_000, "gitlab": 1_000, "sarif": 1_000}


@dataclass(frozen=True, slots=True)
class Search:
    """What is searched, how, and where the renderings go."""

    paths: tuple[str, ...]
    settings: Settings
    targets: Sequence[tuple[str, Path | None]]
    quiet: bool = False
    #: The command that is told of at the end: who was stopped wants to know why, not to have copies.
    following: Literal["deid", "explain", "none"] = "deid"


def baseline_of(config: Config, given: str | None) -> Baseline | None:
    """Return the baseline of the option, else of the configuration. Raises UsageError."""
    named = given or config.baseline
    if not named:
        return None
    from phisweep.gate.baseline import load  # noqa: PLC0415 - few searches have one

    return load(Path(named))


def root_of(paths: Sequence[str]) -> Path | None:
    """
    Return the working folder where all paths lie in it, so that a file has one name in every run.

    A baseline, and what annotates a repository, need names that do not depend on what else was given.
    """
    here = Path.cwd().resolve()
    local = [path for path in paths if path != "-" and "://" not in path]
    inside = all(Path(path).resolve().is_relative_to(here) for path in local)
    return here if local and inside else None


@contextmanager
def of_git(
    paths: tuple[str, ...], *, staged: bool, since: str | None
) -> Iterator[tuple[tuple[str, ...], Path | None]]:
    """
    Yield what git says is to be searched, and what names are relative to; else the paths and None.

    Raises UsageError E187 to E189.
    """
    if not staged and since is None:
        yield paths, None
        return
    if paths or (staged and since is not None):
        raise UsageError("E189", "--staged and --since stand alone, without PATH")
    here = Path.cwd()
    if since is not None:
        yield tuple(gitrepo.since(here, since)), gitrepo.root_of(here)
        return
    with gitrepo.staged(here) as folder:
        there = any(
            path.name != gitrepo.IGNORE_FILE for path in folder.rglob("*") if path.is_file()
        )
        yield (str(folder),) if there else (), folder


def allowed_of(key: Key) -> dict[str, str]:
    """Return what the list in the working folder allows; nothing without a key that lasts."""
    path = Path(_ALLOWED)
    if not key.kept or not path.is_file():
        return {}
    from phisweep.gate.allowed import live, load, over  # noqa: PLC0415 - few searches have a list

    entries, today = load(path, key), dt.datetime.now(dt.UTC).date()
    for reason in over(entries, today):
        click.echo(f"phisweep: {_ALLOWED}: past its day: {legible(reason)}", err=True)
    return live(entries, today)


def search(asked: Search) -> tuple[Run, RunRecord]:
    """Search, write the renderings, and return the run and its record."""
    names = {name for name, _ in asked.targets}
    most = max((_KEPT.get(name, 0) for name in names), default=0)
    most = most if names.isdisjoint({*output.OF_FINDINGS} - {"text"}) else 0
    shown = nullcontext() if asked.quiet else Progress()
    with tempfile.TemporaryDirectory(prefix="phisweep-") as spool, shown as progress:
        settings = replace(
            asked.settings,
            records=not names.isdisjoint({*output.OF_FINDINGS, *_KEPT}),
            most_records=most,
            spool=Path(spool),
            progress=progress or None,
        )
        session = session_of(settings)
        run = scan(asked.paths, replace(settings, session=session))
        if progress:
            progress.__exit__(None, None, None)
        record = record_of(run, session.ruleset, policy=session.policy)
        style = options.style_of(true_names=True)
        following = {"deid": next_command(record, asked.paths), "explain": why(run), "none": ""}[
            asked.following
        ]
        for name, path in asked.targets:
            output.write(output.render(name, run, record, style, following), path)
    return run, record


def why(run: Run) -> str:
    """Return the command that explains the first finding of a file with lines, "" where none is."""
    for outcome in run.outcomes:
        for record in islice(records_of(outcome), 1):
            where = record.where if record.line is None else str(record.line)
            return f"phisweep explain {quoted(f'{outcome.source.shown}:{where}')}"
    return ""


_OPTIONS = (
    click.option(
        "--format",
        "format_",
        help="text, jsonl, json, sarif, html, md ...; default: text, of a gate what its CI reads.",
    ),
    click.option("-o", "outputs", multiple=True, metavar="FORMAT:PATH", help="Write a rendering."),
    click.option(
        "--fail-on",
        type=click.Choice(["critical", "high", "medium", "low", "none"]),
        help="Exit 1 from this severity on; default: medium.",
    ),
    click.option(
        "--specimens",
        type=click.Choice(["find", "allow"]),
        help="Values that standards keep for examples (555-0100, example.com); gate: allow.",
    ),
    click.option(
        "--baseline", type=click.Path(), help="A file of known findings; see phisweep baseline."
    ),
)


def searching(function: Any) -> Any:
    """Add the options of commands that search and tell what they found."""
    for option in reversed(_OPTIONS):
        function = option(function)
    return function


def check_format(name: str | None) -> None:
    """Raise BadParameter for a rendering that there is not."""
    if not output.known(name):
        raise click.BadParameter(f"one of {', '.join(output.formats())}", param_hint="--format")

"""`phisweep gate`: a scan with the defaults of CI, that fails closed."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from phisweep import gitrepo
from phisweep.cli import _options as options
from phisweep.cli import _output as output
from phisweep.cli._searching import (
    Search,
    allowed_of,
    baseline_of,
    check_format,
    root_of,
    search,
    searching,
)
from phisweep.figures import plural
from phisweep.gate.allowed import NAME as ALLOWED
from phisweep.gate.baseline import NAME
from phisweep.gate.lock import NAME as LOCK
from phisweep.gate.lock import drift
from phisweep.gate.lock import load as load_lock
from phisweep.gate.unused import unused
from phisweep.legible import legible
from phisweep.model import Run
from phisweep.report.record import RunRecord
from phisweep.report.summary import summary_of
from phisweep.report.write import write_private
from phisweep.runs.searching import places_of
from phisweep.runs.settings import Settings, session_of

_SHOWN = 20  # lines of drift


_EXAMPLES = """\b
Examples:
  phisweep gate                          the repository, as CI does it
  phisweep baseline create . --key-file KEY
                                         what is there is known from now on
  phisweep gate --approve                its columns and fields too
"""


@click.command("gate", epilog=_EXAMPLES)
@click.argument("paths", nargs=-1)
@options.common()
@options.common(*options.RUNNERS)
@searching
@click.option("--strict-baseline", is_flag=True, help="Exit 1 for entries that are none any more.")
@click.option("--approve", is_flag=True, help=f"Write {LOCK}: the columns and fields of now.")
def command(paths: tuple[str, ...], **given: Any) -> int:
    """Search what the configuration names, fail closed, and say it as the CI system wants it."""
    approve = given.pop("approve")
    format_, outputs = given.pop("format_"), given.pop("outputs")
    strict, known = given.pop("strict_baseline"), given.pop("baseline")
    reserved = given.pop("specimens") != "find"
    key, year = options.key_of(given), options.reference_year(given)
    given["engine"] = given["engine"] or "rules"
    here = Path.cwd()
    whole = (".",) if gitrepo.in_repository(here) else ()
    config, paths = options.configured(paths, given, whole)
    check_format(format_)
    if known is None and not config.baseline and Path(NAME).is_file():
        known = NAME
    settings = Settings(
        config=config,
        key=key,
        reference_year=year,
        command="gate",
        baseline=baseline_of(config, known),
        reserved=reserved,
        allowed=allowed_of(key),
        root=root_of(paths),
        left=gitrepo.left(here) if paths == whole else {},
    )
    settings = replace(settings, session=session_of(settings))  # the lock reads by it too
    if approve:
        lock = places_of(paths, settings)
        write_private(Path(LOCK), lock.dump().encode())
        Path(LOCK).chmod(0o644)
        click.echo(f"{LOCK}: {plural(sum(map(len, lock.files.values())), 'place')} approved")
        return 0
    targets = output.targets(outputs, format_ or _of_environment(), paths)
    run, record = search(Search(paths, settings, targets, quiet=True, following="explain"))
    _step_summary(record)
    status = options.status_of(run, config)
    for name in _above(here):
        click.echo(f"phisweep: {name} is that of another folder and not used: go there.", err=True)
    for line in unused(run, config.per_path_ignores, settings.allowed):
        click.echo(f"phisweep: {legible(line)}", err=True)
    drifted = _drifted(paths, settings)
    for line in drifted[:_SHOWN]:
        click.echo(f"phisweep: drift: {legible(line)}", err=True)
    if drifted:
        more = f", {len(drifted) - _SHOWN} not shown" if len(drifted) > _SHOWN else ""
        click.echo(
            f"phisweep: {plural(len(drifted), 'place')} nobody has approved{more}."
            " Look at them, and then: phisweep gate --approve",
            err=True,
        )
        status = status or 1
    return 1 if status == 0 and strict and _none_any_more(run) else status


def _drifted(paths: tuple[str, ...], settings: Settings) -> list[str]:
    """Return what differs from the lock, where there is one. Raises UsageError E190."""
    if not Path(LOCK).is_file():
        return []
    approved = load_lock(Path(LOCK))
    return list(drift(approved, places_of(paths, settings)))


def _above(here: Path) -> list[str]:
    """
    Return what a folder above of the same repository keeps of a gate, and this one does not.

    Its names are relative to that folder; silence would leave a reader looking for why it is not used.
    """
    top = next((folder for folder in (here, *here.parents) if (folder / ".git").exists()), here)
    folders = [folder for folder in here.parents if folder.is_relative_to(top)]
    return [
        legible(os.path.relpath(folder / name, here))
        for name in (NAME, LOCK, ALLOWED)
        if not (here / name).exists()
        for folder in folders
        if (folder / name).is_file()
    ]


def _of_environment() -> str:
    """Return the rendering that the CI system reads from standard output."""
    if os.environ.get("GITHUB_ACTIONS") == "true":
        return "github"
    return "gitlab" if os.environ.get("GITLAB_CI") == "true" else "text"


def _none_any_more(run: Run) -> bool:
    use = run.baseline
    return use is not None and bool(use.stale or use.expired or use.lapsed)


def _step_summary(record: RunRecord) -> None:
    """Append the table by letter to the summary of a GitHub step; nothing else stands there."""
    path = os.environ.get("GITHUB_STEP_SUMMARY")
    if path:
        with Path(path).open("a", encoding="utf-8") as file:
            file.write(summary_of(record))

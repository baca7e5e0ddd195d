"""`phisweep baseline`: findings that were there before, known by keyed fingerprints."""

from __future__ import annotations

import datetime as dt
import sys
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from phisweep.cli import _options as options
from phisweep.cli._searching import root_of
from phisweep.errors import UsageError
from phisweep.figures import plural
from phisweep.gate.baseline import NAME, Baseline, Entry, Review, load, merged, parsed
from phisweep.gate.known import blobs_of, entries_of, where_of
from phisweep.keys import Key
from phisweep.model import Record, Run
from phisweep.records import records_of
from phisweep.report.write import write_private
from phisweep.ruleset.load import RULES_VERSION
from phisweep.runs.searching import scan
from phisweep.runs.settings import Settings

_REVIEWS: dict[str, Review] = {"f": "false-positive", "a": "accepted"}


@click.group("baseline", cls=options.Group)
def command() -> None:
    """Make, update, review or prune the file of known findings, or merge two of them."""


def _searches(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options of commands that search."""
    function = click.option("--baseline", "file", default=NAME, help=f"The file; default: {NAME}.")(
        function
    )
    return click.argument("paths", nargs=-1)(options.common()(function))


@command.command("create")
@_searches
def create(paths: tuple[str, ...], file: str, **given: Any) -> int:
    """Write all findings of the present into a new baseline, unreviewed."""
    path = Path(file)
    if path.exists():
        raise UsageError("E184", "the baseline is there already", where=file, todo="Use update.")
    run, key = _searched(paths, given)
    entries = entries_of(run.outcomes)
    _write(path, _with_blobs(Baseline(key.key_id, RULES_VERSION, tuple(entries)), run))
    click.echo(f"{file}: {plural(len(entries), 'entry', 'entries')}, unreviewed")
    return 3 if run.incomplete else 0


@command.command("update")
@_searches
def update(paths: tuple[str, ...], file: str, **given: Any) -> int:
    """Add what is new, lower ceilings to what is there; what was reviewed keeps its reason."""
    old = load(Path(file))
    run, key = _searched(paths, given, old)
    known = {entry.key: entry for entry in old.entries}
    read = {o.source.shown for o in run.outcomes if o.status in ("clean", "changed")}
    found = entries_of(run.outcomes)
    kept = [entry for entry in old.entries if entry.path not in read]
    new = [replace(known[e.key], n=e.n) if e.key in known else e for e in found]
    entries = tuple(sorted([*kept, *new]))
    _write(Path(file), _with_blobs(Baseline(key.key_id, RULES_VERSION, entries, old.blobs), run))
    added = sum(e.key not in known for e in found)
    click.echo(f"{file}: {plural(len(entries), 'entry', 'entries')}, {added} new")
    return 3 if run.incomplete else 0


@command.command("prune")
@_searches
def prune(paths: tuple[str, ...], file: str, **given: Any) -> int:
    """Take out entries that nothing in the present has; of files that are read or gone."""
    old = load(Path(file))
    run, _ = _searched(paths, given, old)
    there = {entry.key: entry for entry in entries_of(run.outcomes)}
    unread = {o.source.shown for o in run.outcomes if o.status not in ("clean", "changed")}
    kept = tuple(
        replace(entry, n=min(entry.n, there[entry.key].n)) if entry.key in there else entry
        for entry in old.entries
        if entry.key in there or entry.path in unread
    )
    _write(Path(file), _with_blobs(replace(old, entries=kept), run))
    click.echo(
        f"{file}: {plural(len(kept), 'entry', 'entries')}, {len(old.entries) - len(kept)} less"
    )
    return 3 if run.incomplete else 0


@command.command("review")
@_searches
@click.option("--by", default="", help="Who reviews; stands in the file.")
@click.option("--all", "every", is_flag=True, help="Reviewed ones and expired ones too.")
def review(paths: tuple[str, ...], file: str, *, by: str, every: bool, **given: Any) -> int:
    """Show each unreviewed finding on this terminal, and write down what it is and why."""
    options.may_reveal(to_file=not sys.stdin.isatty())
    old = load(Path(file))
    run, _ = _searched(paths, given, old, reveal=True)
    first: dict[tuple[str, ...], Record] = {}
    for outcome in run.outcomes:
        for record in records_of(outcome):
            key = (outcome.source.shown, where_of(record.place), record.rule, record.fingerprint)
            first.setdefault(key, record)
    today = dt.datetime.now(dt.UTC).date()
    entries = list(old.entries)
    for number, entry in enumerate(entries):
        if not every and entry.status != "unreviewed" and not entry.expired(today):
            continue
        judged = _asked(entry, first.get(entry.key), by)
        if judged is None:
            break
        entries[number] = judged
        _write(Path(file), replace(old, entries=tuple(sorted(entries))))
    left = sum(entry.status == "unreviewed" for entry in entries)
    click.echo(f"{file}: {left} unreviewed")
    return 0


@command.command("merge")
@click.argument("base", type=click.Path())
@click.argument("ours", type=click.Path())
@click.argument("theirs", type=click.Path())
def merge(base: str, ours: str, theirs: str) -> int:
    """Merge as git's merge driver does: `phisweep baseline merge %O %A %B` writes %A."""
    sides = []
    for path in (base, ours, theirs):
        there = Path(path)
        text = there.read_text(encoding="utf-8") if there.is_file() else ""
        sides.append(parsed(text, there) if text.strip() else Baseline())
    _write(Path(ours), merged(*sides))
    return 0


def _searched(
    paths: tuple[str, ...],
    given: dict[str, Any],
    old: Baseline | None = None,
    *,
    reveal: bool = False,
) -> tuple[Run, Key]:
    """Search as the gate does, with records. Raises UsageError where the key would not last."""
    key, year = options.key_of(given), options.reference_year(given)
    if not key.kept:
        what = "a baseline needs a key that outlives the run"
        raise UsageError("E185", what, todo="Give --key-env or --key-file.")
    if old is not None and old.key_id not in ("", key.key_id):
        raise UsageError(
            "E183", "the baseline was made under another key", todo="Give its own key."
        )
    given["engine"] = given["engine"] or "rules"
    config, paths = options.configured(paths, given)
    settings = Settings(
        config=config,
        key=key,
        reference_year=year,
        reserved=True,
        root=root_of(paths),
        reveal=reveal,
    )
    with tempfile.TemporaryDirectory(prefix="phisweep-") as spool:
        run = scan(paths, settings if reveal else replace(settings, spool=Path(spool)))
        # What lies in the spool is read before it goes.
        held = [replace(o, records=tuple(records_of(o)), records_file=None) for o in run.outcomes]
    return replace(run, outcomes=tuple(held)), key


def _with_blobs(baseline: Baseline, run: Run) -> Baseline:
    """Return it with the blob ids of all files that have entries."""
    paths = {entry.path for entry in baseline.entries}
    old = {path: blob for path, blob in baseline.blobs.items() if path in paths}
    return replace(baseline, blobs=old | blobs_of(run.outcomes, paths))


def _asked(entry: Entry, record: Record | None, by: str) -> Entry | None:
    """Show one entry and ask; None where the reviewer stops."""
    click.echo(f"\n{entry.path}: {entry.where}: {entry.rule}, {plural(entry.n, 'time')}")
    click.echo(f"    {record.reveal!r}" if record else "    not there any more")
    answer = click.prompt("[f]alse positive, [a]ccepted, [s]kip, [q]uit", default="s")
    if answer == "q":
        return None
    if answer not in _REVIEWS:
        return entry
    reason = click.prompt("why (stands in the file; no value)")
    expires = click.prompt("until (YYYY-MM-DD, empty for always)", default="", show_default=False)
    if record is not None and record.reveal and record.reveal.lower() in reason.lower():
        raise UsageError("E186", "the reason holds the value", todo="Say it without.")
    try:
        day = dt.date.fromisoformat(expires).isoformat() if expires else ""
    except ValueError:
        day = ""
        click.echo("not a date; it holds for always")
    return replace(entry, status=_REVIEWS[answer], reason=reason, by=by, expires=day)


def _write(path: Path, baseline: Baseline) -> None:
    """Write the file whole or not at all; it is no secret, and git keeps it."""
    write_private(path, baseline.dump().encode())
    path.chmod(0o644)

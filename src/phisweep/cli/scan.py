"""`phisweep scan`: find PHI; never write to the data."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from phisweep.cli import _options as options
from phisweep.cli import _output as output
from phisweep.cli._progress import Progress
from phisweep.report.record import record_of
from phisweep.report.text import next_command
from phisweep.runs import Settings, scan, session_of


@click.command("scan")
@click.argument("paths", nargs=-1)
@options.common()
@click.option("--format", "format_", help="text (default), jsonl, json, sarif, html, md ...")
@click.option("-o", "outputs", multiple=True, metavar="FORMAT:PATH", help="Write a rendering.")
@click.option(
    "--fail-on",
    type=click.Choice(["critical", "high", "medium", "low", "none"]),
    help="Exit 1 from this severity on; default: medium.",
)
@click.option("--rule", "rules", multiple=True, metavar="ID", help="Only this rule.")
@click.option("--ignore-rule", "ignored", multiple=True, metavar="ID", help="Not this rule.")
@click.option("--letter", "letters", multiple=True, metavar="A..R", help="Only this letter.")
@click.option("--reveal", is_flag=True, help="Show values, on a terminal only.")
def command(paths: tuple[str, ...], **given: Any) -> int:  # fmt: skip
    """Find PHI in files, folders, globs, or - for standard input."""
    shown = {name: given.pop(name) for name in ("format_", "outputs", "reveal")}
    ignored = given.pop("ignored")
    chosen = options.chosen_rules(given.pop("letters"), given.pop("rules"), ignored)
    key, year = options.key_of(given), options.reference_year(given)
    config, paths = options.configured(paths, given)
    if not output.known(shown["format_"]):
        raise click.BadParameter(f"one of {', '.join(output.formats())}", param_hint="--format")
    targets = output.targets(shown["outputs"], shown["format_"], paths)
    if shown["reveal"]:
        options.may_reveal(to_file=bool(shown["outputs"]))
    kept = any(name in output.OF_FINDINGS for name, _ in targets)
    with tempfile.TemporaryDirectory(prefix="phisweep-") as spool, Progress() as progress:
        settings = Settings(
            config=config,
            key=key,
            reference_year=year,
            records=kept,
            reveal=shown["reveal"],
            only_rules=chosen,
            ignored_rules=ignored,
            spool=Path(spool),
            progress=progress,
            command="scan",
        )
        session = session_of(settings)
        run = scan(paths, replace(settings, session=session))
        progress.__exit__(None, None, None)
        record = record_of(run, session.ruleset, policy=session.policy)
        style = options.style_of(true_names=True)
        following = next_command(record, paths)
        for name, path in targets:
            output.write(output.render(name, run, record, style, following), path)
    return options.status_of(run, config)

"""`phisweep review`: people judge a sample, on a local page or in the terminal."""

from __future__ import annotations

import shutil
import sys
import webbrowser
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from phisweep.cli._signing import signer_for, signing
from phisweep.figures import plural
from phisweep.integrity.signatures import SigningKey
from phisweep.legible import legible, quoted
from phisweep.report.companions.review.telling import at_least, sentences
from phisweep.review.answers import NAME
from phisweep.review.concluding import Conclusion
from phisweep.review.desk import Desk
from phisweep.runs.reviewing import conclusion_of, desk_of, impossible, into_report

_SAVED = "phisweep: every answer is saved: the same command goes on there"


@click.command("review")
@click.argument("sample", metavar="SAMPLE.json", type=click.Path(path_type=Path))
@click.option(
    "--data",
    multiple=True,
    required=True,
    metavar="PATH",
    help="The originals that the sample was drawn from; may be repeated.",
)
@click.option(
    "--reviewer",
    default="reviewer",
    show_default=True,
    metavar="NAME",
    help="Who reviews; each has answers of their own.",
)
@click.option("--adjudicate", is_flag=True, help="Decide what two reviewers do not judge alike.")
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    metavar="FOLDER",
    help="Where the answers are kept; default: beside the sample.",
)
@click.option(
    "--report",
    "run",
    type=click.Path(path_type=Path),
    metavar="RUN",
    help="The release whose report gets the result, when the reviewer is done.",
)
@click.option(
    "--apply",
    "only",
    is_flag=True,
    help="Put what is answered into the report now, and ask nothing.",
)
@click.option("--terminal", is_flag=True, help="In this terminal, not on a page.")
@click.option("--open/--no-open", "browser", default=True, show_default=True,
              help="Open the page in a browser, where this is a terminal.")  # fmt: skip
@signing
def command(
    sample: Path,
    data: Sequence[str],
    reviewer: str,
    adjudicate: bool,
    out: Path | None,
    run: Path | None,
    only: bool,
    terminal: bool,
    browser: bool,
    **given: Any,
) -> int:
    """Judge what a sample holds, one key a piece; stop and go on at any time."""
    if not NAME.fullmatch(reviewer):
        raise click.UsageError("--reviewer takes a name of letters, digits, dot, dash, underscore")
    if only and run is None:
        raise click.UsageError("--apply needs --report RUN")
    signer = signer_for(given, run)
    if not only:
        desk = desk_of(sample, data, reviewer, folder=out, deciding=adjudicate)
        if terminal:
            _in_terminal(desk)
        else:
            _on_page(desk, browser=browser)
        left = desk.total - desk.done
        click.echo(
            f"phisweep: {desk.done:,} of {plural(desk.total, 'unit')} answered by {reviewer}"
            + (f"; {left:,} left: the same command goes on there" if left else ""),
            err=True,
        )
        if run is None:
            click.echo(
                f"next: phisweep review {sample} --data {' --data '.join(map(quoted, data))} --report RUN --apply",
                err=True,
            )
            return 0
    _tell(conclusion_of(sample, data, folder=out, run=run), run, signer)
    return 0


def _on_page(desk: Desk, *, browser: bool) -> None:
    from phisweep.review.server import ReviewServer, serve  # noqa: PLC0415 - not for a terminal

    server = ReviewServer(desk)
    try:
        click.echo(f"phisweep: the review is at {server.url} (good for one visit); Ctrl-C stops it")
        sys.stdout.flush()
        if browser and sys.stdout.isatty():
            webbrowser.open(server.url)
        serve(server)
    except KeyboardInterrupt:
        click.echo(_SAVED, err=True)
        raise


def _in_terminal(desk: Desk) -> None:
    from rich.console import Console  # noqa: PLC0415 - not for a page

    from phisweep.review.terminal import review  # noqa: PLC0415 - likewise

    console = Console()
    if not (sys.stdin.isatty() and console.is_terminal) or console.is_dumb_terminal:
        raise impossible(
            "--terminal shows values, on a terminal alone", "", "Leave it out, or use a terminal."
        )
    try:
        review(desk, console, click.getchar)
    except (KeyboardInterrupt, EOFError):
        click.echo(_SAVED, err=True)
        raise KeyboardInterrupt from None


def _tell(conclusion: Conclusion, run: Path | None, signer: SigningKey | None) -> None:
    """Write the result into the report, and print it with what could be changed."""
    if run is not None:
        page = into_report(conclusion, run, signer)
    width = min(100, shutil.get_terminal_size((80, 24)).columns)
    for sentence in sentences(conclusion.record):
        click.echo(click.wrap_text(legible(sentence), width, "- ", "  "))
    if conclusion.suggestions:
        click.echo("\nWhat could be changed, for phisweep.toml:\n")
        for line in conclusion.suggestions:
            click.echo(legible(line))
    if run is not None:
        click.echo(
            f"phisweep: recall at least {at_least(conclusion.record.recall.low)}, precision at"
            f" least {at_least(conclusion.record.precision.low)}; report: {page}",
            err=True,
        )

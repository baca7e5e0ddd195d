"""`phisweep canary`: plant invented identifiers in a copy of the data, and measure what is found."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from phisweep.canary import telling
from phisweep.cli import _options as options
from phisweep.cli import _output as output
from phisweep.cli._measuring import measuring
from phisweep.cli._progress import Progress
from phisweep.cli._signing import signer_for
from phisweep.errors import UsageError
from phisweep.runs.planting import LIST, Measured, Wanted, canary
from phisweep.runs.settings import Settings

_BELOW, _INCOMPLETE = 1, 3


@click.command("canary")
@click.argument("paths", nargs=-1)
@click.option(
    "--per-letter",
    type=click.IntRange(1, 10_000),
    default=100,
    show_default=True,
    metavar="N",
    help="Canaries of each letter, where there is room.",
)
@click.option(
    "--seed",
    type=click.IntRange(0),
    default=1,
    show_default=True,
    metavar="S",
    help="The same data and seed: the same canaries.",
)
@click.option(
    "--keep",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="A new folder where the planted copies stay; they hold your data.",
)
@click.option(
    "--min-recall",
    type=click.FloatRange(0, 1),
    metavar="X",
    help="Exit 1 where fewer than this share are found whole.",
)
@click.option("--show-missed", is_flag=True, help="Show what was missed, on a terminal only.")
@click.option("--ignore-rule", "ignored", multiple=True, metavar="ID", help="Not this rule.")
@options.common()
@measuring
def command(paths: tuple[str, ...], **given: Any) -> int:  # fmt: skip
    """Measure recall on your own data: plant invented identifiers in a copy of it, and search that."""
    format_, path, missed = (given.pop(name) for name in ("format_", "out", "show_missed"))
    least = given.pop("min_recall")
    same = {name: given.pop(name) for name in ("per_letter", "seed", "keep")}
    wanted = Wanted(**same, out=given.pop("report"))
    ignored = given.pop("ignored")
    signer = signer_for(given, wanted.out)
    if missed:
        _may_show(to_file=path is not None)
    options.chosen_rules((), (), ignored)
    key, year = options.key_of(given), options.reference_year(given)
    config, paths = options.configured(paths, given)
    if path is not None:  # nor is a rendering written over the data
        output.targets([f"{format_}:{path}"], None, paths)
    with Progress() as progress:
        settings = Settings(
            config=config,
            key=key,
            reference_year=year,
            ignored_rules=ignored,
            progress=progress,
            command="canary",
            signer=signer,
        )
        measured = canary(paths, wanted, settings)
    output.write(_lines(measured, format_), path)
    if missed:
        output.write((f"{line}\n" for line in telling.revealed(measured.counted)), None)
    if wanted.keep is not None:
        click.echo(
            f"phisweep: the planted copies are kept in {wanted.keep}, with {LIST}."
            " They hold your data as they are: remove the folder when you have looked.",
            err=True,
        )
    recall = measured.record.total.recall
    if least is not None and (recall is None or recall < least):
        return _BELOW
    return _INCOMPLETE if measured.incomplete and config.on_skip == "fail" else 0


def _lines(measured: Measured, name: str) -> Iterator[str]:
    """Yield a rendering in pieces."""
    record = measured.record
    if name == "json":
        yield record.model_dump_json(by_alias=True, indent=1) + "\n"
    elif name == "html":
        yield telling.page(record)
    elif name == "md":
        yield from (f"{line}\n" for line in telling.markdown(record))
    else:
        style = options.style_of(true_names=False)
        yield from (f"{line}\n" for line in telling.text(record, style.width))


def _may_show(*, to_file: bool) -> None:
    """Raise UsageError unless what was missed would go to a person's terminal and nowhere else."""
    if not sys.stdout.isatty() or os.environ.get("CI") or to_file:
        raise UsageError(
            "E169",
            "--show-missed shows what was planted on a terminal only, never in CI, a pipe or a file",
            todo="Use --keep, which writes a list beside the copies.",
        )

"""`phisweep sample`: a blind sample of a release, for people to review."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from pathlib import Path

import click

from phisweep.cli import _output as output
from phisweep.cli._progress import Progress
from phisweep.figures import number, plural
from phisweep.legible import quoted
from phisweep.review.sample import SampleRecord
from phisweep.review.strata import GROUPS
from phisweep.runs.reviewing import draw

_SEEDS = 1 << 32


@click.command("sample")
@click.argument("run", metavar="RUN", type=click.Path(path_type=Path))
@click.option(
    "--data",
    multiple=True,
    required=True,
    metavar="PATH",
    help="The originals that the run read; may be repeated.",
)
@click.option(
    "-n",
    "n",
    type=click.IntRange(1, 100_000),
    default=300,
    show_default=True,
    metavar="N",
    help="How many units are drawn.",
)
@click.option(
    "--seed",
    type=click.IntRange(0, _SEEDS - 1),
    metavar="N",
    help="Draw what this seed draws; without it a seed is drawn too.",
)
@click.option(
    "--profile", default="", help="The policy of the run, where its file is elsewhere now."
)
@click.option("-o", "out", type=click.Path(path_type=Path), default=Path("sample.json"),
              show_default=True, help="The file of the sample, mode 0600; it holds no value.")  # fmt: skip
def command(
    run: Path, data: Sequence[str], n: int, seed: int | None, profile: str, out: Path
) -> int:
    """Draw findings, passages and cells of a release by lot, for `phisweep review`."""
    drawn_seed = secrets.randbelow(_SEEDS) if seed is None else seed
    with Progress() as progress:
        sample = draw(run, data, n=n, seed=drawn_seed, profile=profile, progress=progress)
    output.write([sample.model_dump_json(by_alias=True, indent=1) + "\n"], out)
    _tell(sample)
    click.echo(
        f"phisweep: {plural(len(sample.units), 'unit')} drawn, seed {sample.seed};"
        f" next: phisweep review {out} --data {' --data '.join(map(quoted, data))}",
        err=True,
    )
    return 0


def _tell(sample: SampleRecord) -> None:
    """Print what there is of each group, and how much of it was drawn."""
    click.echo(f"{'':<34}{'in all':>12}{'drawn':>8}")
    for group, words in GROUPS.items():
        strata = [entry for entry in sample.strata if entry.group == group]
        if strata:
            population = number(sum(entry.population for entry in strata))
            drawn = number(sum(entry.drawn for entry in strata))
            click.echo(f"{words:<34}{population:>12}{drawn:>8}")
    for note in sample.notes:
        click.echo(f"note: {note}", err=True)

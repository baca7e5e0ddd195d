"""`phisweep risk`: how likely somebody in a table is found again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import click

from phisweep.cli import _options as options
from phisweep.cli import _output as output
from phisweep.cli._measuring import measuring
from phisweep.cli._progress import Progress
from phisweep.cli._signing import signer_for
from phisweep.report.companions import risk as companion
from phisweep.report.companions.risk import terminal
from phisweep.report.companions.risk.records import Record
from phisweep.runs.assessing import Assessed, Wanted, assess_risk
from phisweep.runs.settings import Settings
from phisweep.staging import run_json


def _names(
    ctx: click.Context,  # noqa: ARG001 - click's signature
    param: click.Parameter,  # noqa: ARG001 - likewise
    given: Sequence[str],
) -> tuple[str, ...]:
    """Return the names of columns: options may be repeated, and each may hold several."""
    return tuple(dict.fromkeys(n.strip() for each in given for n in each.split(",") if n.strip()))


@click.command("risk")
@click.argument("paths", nargs=-1, metavar="FILE...")
@click.option(
    "--qi",
    "quasi",
    multiple=True,
    callback=_names,
    metavar="A,B,C",
    help="The quasi-identifiers: columns that others may know of a person.",
)
@click.option("--propose", is_flag=True, help="Look for quasi-identifiers, and say why.")
@click.option(
    "--sensitive",
    multiple=True,
    callback=_names,
    metavar="A,B",
    help="Columns that a class must not tell: l-diversity, t-closeness.",
)
@click.option(
    "--subject-key",
    "subject",
    default="",
    metavar="COL",
    help="The column that says whose row it is: people are counted, not rows.",
)
@click.option(
    "--table", default="", metavar="NAME", help="The sheet or table, where a file holds several."
)
@click.option(
    "--k",
    type=click.IntRange(2),
    metavar="N",
    help="Exit 1 where a class is smaller; suggest for it. Default: suggest for 11.",
)
@click.option(
    "--max-risk",
    "risk",
    type=click.FloatRange(0, 1, min_open=True),
    metavar="R",
    help="Exit 1 where the highest risk is above; the threshold. Default: 0.09.",
)
@click.option(
    "--suppress",
    "left_out",
    type=click.FloatRange(0, 1, max_open=True),
    default=0.05,
    show_default=True,
    metavar="SHARE",
    help="The share of the rows that a suggestion may leave out.",
)
@click.option(
    "--suggest/--no-suggest", default=True, help="Search for generalisations that reach k."
)
@click.option(
    "--population",
    type=click.IntRange(1),
    default=None,
    metavar="N",
    help="How many people these were drawn from.",
)
@click.option(
    "--drawn",
    type=click.FloatRange(0, 1, min_open=True),
    default=None,
    metavar="SHARE",
    help="Or which share of them was drawn.",
)
@click.option(
    "--missing",
    type=click.Choice(["value", "any"]),
    default="value",
    help="A missing value is one of its own (the default), or agrees with any.",
)
@click.option(
    "--write-policy",
    "policy",
    type=click.Path(path_type=Path),
    metavar="POLICY.yaml",
    help="Write the policy file of the first suggestion.",
)
@click.option(
    "--left-out",
    "rows",
    type=click.Path(path_type=Path),
    metavar="FILE.csv",
    help="Write the numbers of the rows that the first suggestion leaves out.",
)
@options.common("config", "encoding", "include", "exclude", "max_file_size")
@measuring
def command(paths: tuple[str, ...], **given: Any) -> int:  # fmt: skip
    """Measure k-anonymity, uniqueness, small cells, l-diversity, t-closeness and risk."""
    format_, out, policy, rows = (given.pop(n) for n in ("format_", "out", "policy", "rows"))
    if given["population"] and given["drawn"]:
        raise click.BadParameter("--population and --drawn exclude each other")
    wanted = Wanted(
        agrees=given.pop("missing") == "any",
        population=given.pop("population") or 0,
        drawn=given.pop("drawn") or 0.0,
        release=given.pop("report"),
        **{n: given.pop(n) for n in _SAME},
    )
    signer = signer_for(given, wanted.release)
    config, chosen = options.configured(paths, given)
    config = config.model_copy(update={"engine": "rules"})
    with Progress() as progress:
        settings = Settings(config=config, progress=progress, command="risk", signer=signer)
        found = assess_risk(chosen, wanted, settings, number_left_out=rows is not None)
    output.write(_printed(format_, found.record), out)
    _write(found, policy, rows)
    if wanted.release is not None and (out is not None or format_ == "text"):
        click.echo(f"report: {run_json(wanted.release).with_name('report.html')}")
    return 0 if all(one.met for one in found.record.assessments) else 1


_SAME = (
    "quasi", "sensitive", "subject", "table", "k", "risk", "left_out", "propose", "suggest",
)  # fmt: skip


def _printed(name: str, record: Record) -> Iterable[str]:
    if name == "json":
        return [record.model_dump_json(by_alias=True, indent=1) + "\n"]
    if name == "md":
        return (line + "\n" for line in companion.markdown(record))
    if name == "html":
        return [companion.page(record)]
    return (line + "\n" for line in terminal.render(record, options.style_of(true_names=False)))


def _write(found: Assessed, policy: Path | None, rows: Path | None) -> None:
    """Write what the first suggestion asks for; there may be none."""
    told = found.record.assessments[0].suggestions
    best = told.best[0] if told is not None and told.best else None
    if policy is not None and best is not None:
        output.write([best.policy], policy)
        click.echo(f"policy: {policy}", err=True)
    if rows is not None and best is not None:
        output.write(_lines(found), rows)
        click.echo(f"rows to leave out: {rows}", err=True)
    if best is None and (policy is not None or rows is not None):
        click.echo("nothing was suggested, so no file was written", err=True)


def _lines(found: Assessed) -> Iterable[str]:
    """Yield the rows that are left out: file, and number of the record in it."""
    yield "file,record\n"
    for name, number in found.left_out:
        quoted = f'"{name}"' if "," in name else name
        yield f"{quoted},{number}\n"

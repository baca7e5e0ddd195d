"""`phisweep evaluate`: what phisweep, or any tool, finds of what is known to be there."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any, cast, get_args

import click

from phisweep.cli import _options as options
from phisweep.cli import _output as output
from phisweep.cli._measuring import measuring
from phisweep.cli._signing import signer_for
from phisweep.errors import UsageError
from phisweep.evaluate.keeping import mistake_line, mistake_words, private
from phisweep.evaluate.measuring import Sink
from phisweep.model import Engine
from phisweep.report.companions import evaluation
from phisweep.report.companions.evaluation import terminal
from phisweep.report.companions.evaluation.record import Record
from phisweep.runs.evaluating import Asked, Asking, attach_to, evaluate
from phisweep.runs.settings import Settings

_ENGINE = "engine:"


@click.command("evaluate")
@click.argument("gold", type=click.Path(path_type=Path))
@click.argument("pred", required=False, type=click.Path(path_type=Path))
@options.common("profile", "engine", "config", "min_score", "strict", "encoding")
@click.option("--name", default="", help="What the corpus is called; default: as its file.")
@click.option(
    "--labels", type=click.Path(path_type=Path), help="What a corpus's own labels mean, in YAML."
)
@click.option(
    "--classes",
    default="",
    metavar="A,B",
    help="The classes that the gold is complete for; default: all.",
)
@click.option(
    "--data",
    type=click.Path(path_type=Path),
    help="Where the files of tables lie; default: beside GOLD.",
)
@click.option(
    "--compare",
    multiple=True,
    metavar="NAME=PRED",
    help="Another tool's predictions, or engine:rules, engine:full; may be repeated.",
)
@click.option(
    "--interval",
    type=click.Choice(["exact", "wilson"]),
    default="exact",
    show_default=True,
    help="Bounds of shares.",
)
@click.option(
    "--draws",
    type=click.IntRange(1, 100_000),
    default=1000,
    show_default=True,
    help="Draws of documents.",
)
@click.option("--seed", type=int, default=20_260_101, show_default=True, help="Of the draws.")
@click.option(
    "--errors",
    metavar="FILE",
    help="List what was wrong, with the text, in a file for you alone; - is this terminal.",
)
@click.option(
    "--save",
    type=click.Path(path_type=Path),
    help="Keep phisweep's own predictions, without texts.",
)
@click.option(
    "--min-recall",
    type=click.FloatRange(0, 1),
    metavar="X",
    help="Exit 1 where the lower bound of recall is below.",
)
@measuring
def command(gold: Path, pred: Path | None, **given: Any) -> int:  # fmt: skip
    """
    Measure recall, precision and leaked documents on GOLD.

    GOLD: JSON lines, BRAT, i2b2 XML, JSON of presidio-research, CoNLL, or a table of columns. PRED: what
    a tool found in it, in any of these forms, or as scan --format jsonl writes; without it phisweep
    searches itself.
    """
    out, format_, report = given.pop("out"), given.pop("format_"), given.pop("report")
    signer = signer_for(given, report)
    errors, save, least = given.pop("errors"), given.pop("save"), given.pop("min_recall")
    _check(errors, save, out, gold, pred)
    asked = Asked(
        gold,
        _tools(pred, given.pop("compare"), given["engine"]),
        labels=given.pop("labels"),
        encoding=given["encoding"] or "",
        scope=tuple(name for name in given.pop("classes").split(",") if name.strip()),
        interval=given.pop("interval"),
        draws=given.pop("draws"),
        seed=given.pop("seed"),
        data=given.pop("data"),
        corpus=given.pop("name"),
    )
    config, _ = options.configured(["."], given)
    with ExitStack() as stack:
        tell = _teller(errors, stack)
        keep = stack.enter_context(private(save)) if save else None
        record = evaluate(asked, Settings(config=config, command="evaluate"), tell=tell, save=keep)
    output.write(_rendered(record, format_), out)
    if report is not None:
        page = attach_to(record, report, signer)
        click.echo(f"report: {page}", err=True)
    return 1 if least is not None and _lower(record) < least else 0


def _tools(pred: Path | None, compare: Sequence[str], engine: str | None) -> dict[str, Asking]:
    """Return what each tool predicted, by its name, the first one's first. Raises UsageError E195."""
    first = "phisweep" if pred is None else pred.stem
    if pred is None and compare and engine in get_args(Engine):
        first = f"phisweep, {engine}"
    tools: dict[str, Asking] = {first: pred}
    for given in compare:
        name, equals, path = given.partition("=")
        if not equals or not name or not path or name in tools:
            raise _unusable("--compare takes NAME=PRED, each name once")
        named = path.removeprefix(_ENGINE)
        if path.startswith(_ENGINE):
            if named not in get_args(Engine):
                raise _unusable(
                    f"--compare knows {', '.join(_ENGINE + e for e in get_args(Engine))}"
                )
            tools[name] = cast("Engine", named)
        else:
            tools[name] = Path(path)
    return tools


def _check(
    errors: str | None, save: Path | None, out: Path | None, gold: Path, pred: Path | None
) -> None:
    """Raise UsageError E195 where texts would come to light, or data be written over."""
    if errors is not None and os.environ.get("CI"):
        raise _unusable("--errors shows texts, and never does so in CI")
    if errors == "-" and not sys.stdout.isatty():
        raise _unusable("--errors - shows texts on a terminal only; name a file instead")
    roots = [path.resolve() for path in (gold, pred) if path is not None]
    for path in (Path(errors) if errors and errors != "-" else None, save, out):
        there = path.resolve() if path is not None else None
        if there and any(there == root or root in there.parents for root in roots):
            raise _unusable("a file would be written over the data, or into it; name another")


def _teller(errors: str | None, stack: ExitStack) -> Sink | None:
    """Return what hears of mistakes, None where nobody asked."""
    if errors is None:
        return None
    if errors == "-":
        return lambda mistake: click.echo(mistake_words(mistake))
    write = stack.enter_context(private(Path(errors)))
    return lambda mistake: write(mistake_line(mistake))


def _rendered(record: Record, format_: str) -> Iterable[str]:
    makers: dict[str, Callable[[], Iterator[str]]] = {
        "text": lambda: _lines(terminal.render(record, options.style_of(true_names=False))),
        "json": lambda: iter([record.model_dump_json(by_alias=True, indent=1) + "\n"]),
        "md": lambda: _lines(iter([f"# {evaluation.TITLE}", "", *evaluation.markdown(record)])),
        "html": lambda: iter([evaluation.page(record)]),
    }
    return makers[format_]()


def _lines(lines: Iterator[str]) -> Iterator[str]:
    return (line + "\n" for line in lines)


def _lower(record: Record) -> float:
    """Return the lower bound of the share of gold of which nothing is left."""
    return record.tools[0].total.blind.covered.recall.low


def _unusable(what: str) -> UsageError:
    return UsageError("E195", what, todo="See phisweep evaluate --help.")

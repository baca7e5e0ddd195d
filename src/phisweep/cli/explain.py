"""`phisweep explain`: why something was found, and why a candidate was not."""

from __future__ import annotations

import bisect
import re
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from phisweep.cli import _options as options
from phisweep.cli.rules import _show
from phisweep.detect import bundled
from phisweep.detect.normal import normalise
from phisweep.errors import UsageError
from phisweep.keys import Key, shape
from phisweep.model import Kind, Location, Text
from phisweep.runs.searching import blocks_of
from phisweep.session import Session

_WHERE = re.compile(r"^(?P<path>.+?):(?P<line>\d+)(?::(?P<col>\d+))?$")


@click.command("explain")
@click.argument("target", required=False, metavar="FILE[:LINE[:COL]] | RULE")
@click.option("--text", help="A text to explain, in place of a file.")
@click.option("--label", default="", help="The column or key that the text stands under.")
@click.option("--profile", default=None, help="As for scan.")
@click.option("--engine", type=click.Choice(["auto", "rules", "full"]), help="As for scan.")
@click.option("--reveal", is_flag=True, help="Show values, on a terminal only.")
def command(target: str | None, text: str | None, label: str, **given: Any) -> int:
    """Say what each rule made of a text: accepted or rejected, by what, at which score."""
    if (target is None) == (text is None):
        raise UsageError("E124", "explain takes a FILE, a RULE, or --text")
    if given["reveal"]:
        options.may_reveal(to_file=False)
    config, _ = options.configured(["."], {"profile": given["profile"], "engine": given["engine"]})
    session = Session(config, Key.draw())
    if text is not None:
        kind: Kind = "value" if label else "prose"
        given_text = Text(Location("text", "text"), text, label, kind=kind, line=1, col=1)
        return _explain(session, [given_text], None, None, reveal=given["reveal"])
    assert target is not None  # noqa: S101 - one of the two is given
    match = _WHERE.match(target)
    path = match["path"] if match and not Path(target).exists() else target
    if not Path(path).exists():
        rules = [r for r in session.ruleset.rules if target.partition("/")[0] in {r.id, r.letter}]
        if not rules:
            raise UsageError("E101", "no such file, and no rule has this id", where=target)
        for rule in rules:
            _show(rule, session.ruleset, target.partition("/")[2])
        return 0
    at = match if match and path != target else None
    line = int(at["line"]) if at else None
    col = int(at["col"]) if at and at["col"] else None
    blocks = blocks_of(Path(path), session)
    return _explain(session, blocks, line, col, reveal=given["reveal"])


def _explain(
    session: Session, blocks: Iterable[Text], line: int | None, col: int | None, *, reveal: bool
) -> int:
    shown = 0
    for block in blocks:
        normal = normalise(block.text)
        starts = _line_starts(normal.text)
        field = session.detector.fields.find(block) if block.kind == "value" else []
        for finding in field:
            click.echo(f"{_place(block, starts, finding.start)}  FOUND  {finding.rule}")
            click.echo(f"    {finding.explanation[0]}")
            shown += 1
        candidates = sorted(session.detector.candidates(block), key=lambda c: (c.start, c.end))
        at = _At(starts, line, col)
        for candidate in candidates:
            if not at.chosen(block, candidate.start, candidate.end):
                continue
            floor = session.detector.threshold(candidate.pattern.identifier)
            low = candidate.score < floor
            span = normal.source_span(candidate.start, candidate.end)
            fate = "not    " if candidate.rejected or low else "FOUND  "
            place = _place(block, starts, candidate.start)
            click.echo(f"{place}  {fate}{candidate.pattern.id}{_what(block, span, reveal)}")
            for step in candidate.steps:
                click.echo(f"    {step}")
            if candidate.rejected:
                click.echo(f"    rejected: {candidate.rejected}")
            elif low:
                click.echo(f"    {_below(floor)}")
            click.echo(f"    why: {candidate.pattern.entry.why}")
            shown += 1
        shown += _by_model(session, block, _At(_line_starts(block.text), line, col), reveal=reveal)
    if not shown:
        click.echo(
            "no pattern of any rule matches there, no model finds anything,"
            " and no name of a field applies"
        )
    sys.stdout.flush()
    return 0


@dataclass(frozen=True, slots=True)
class _At:
    """The line and column asked about, None for any, and where a text's lines start."""

    starts: list[int]
    line: int | None
    col: int | None

    def chosen(self, block: Text, start: int, end: int) -> bool:
        """Say whether a span is asked about."""
        here, there = _position(block, self.starts, start)
        if self.line is not None and here != self.line:
            return False
        return self.col is None or there <= self.col < there + end - start


def _by_model(session: Session, block: Text, at: _At, *, reveal: bool) -> int:
    """Show what the bundled model finds in a block where it runs; return how many."""
    if session.engine != "full" or not bundled.asked(session.spec.nlp):
        return 0
    shown = 0
    for finding in bundled.names_model(session.ruleset).find(block, 0.0):
        if not at.chosen(block, finding.start, finding.end):
            continue
        floor = session.detector.threshold(finding.identifier)
        low = finding.score < floor
        place = _place(block, at.starts, finding.start)
        what = _what(block, (finding.start, finding.end), reveal)
        click.echo(f"{place}  {'not    ' if low else 'FOUND  '}{finding.rule}{what}")
        click.echo(f"    {finding.explanation[0]}")
        if low:
            click.echo(f"    {_below(floor)}")
        shown += 1
    return shown


def _what(block: Text, span: tuple[int, int], reveal: bool) -> str:
    """Return what stands there: its shape, or the value itself on a terminal that asked for it."""
    value = block.text[slice(*span)]
    return f"  {value!r}" if reveal else f"  {shape(value)}"


def _below(floor: float) -> str:
    return f"below the policy's score for it, {floor:.2f}"


def _line_starts(text: str) -> list[int]:
    return [0, *(m.end() for m in re.finditer("\n", text))]


def _position(block: Text, starts: list[int], offset: int) -> tuple[int, int]:
    i = bisect.bisect_right(starts, offset) - 1
    line = (block.line or 1) + i
    return line, offset - starts[i] + (block.col or 1 if i == 0 else 1)


def _place(block: Text, starts: list[int], offset: int) -> str:
    line, col = _position(block, starts, offset)
    return f"{line}:{col}"

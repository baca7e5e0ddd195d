"""`phisweep explain`: why something was found, and why a candidate was not."""

from __future__ import annotations

import bisect
import os
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from pathlib import Path
from typing import Any

import click

from phisweep.cli import _options as options
from phisweep.cli.rules import _show
from phisweep.decide import paragraph
from phisweep.detect import bundled
from phisweep.detect.normal import normalise
from phisweep.errors import UsageError
from phisweep.keys import Key, shape
from phisweep.legible import legible
from phisweep.model import IDENTIFIERS, Kind, Location, Text
from phisweep.runs.searching import blocks_of
from phisweep.session import Session

_AROUND = 32  # code points on either side of an excerpt
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
        at = _At(_line_starts(block.text), line, col)
        asked = [told for told in _told(session, block) if at.chosen(block, told.start, told.end)]
        for _, same in groupby(asked, key=lambda told: (told.start, told.end)):
            _show_span(block, at.starts, list(same), reveal=reveal)
        shown += len(asked)
    if not shown:
        click.echo(
            "no pattern of any rule matches there, no model finds anything,"
            " and no name of a field applies"
        )
    sys.stdout.flush()
    return 0


@dataclass(frozen=True, slots=True)
class _Told:
    """One candidate: where it stands in its block, its fate, and the lines that tell why."""

    start: int
    end: int
    rule: str
    identifier: str
    found: bool
    lines: tuple[str, ...]
    #: Half-open spans of the block that no excerpt shows.
    hidden: tuple[tuple[int, int], ...] = field(default=(), repr=False)


def _told(session: Session, block: Text) -> list[_Told]:
    """Return every candidate of a block: of patterns, of names of fields, of the model."""
    told = [*_by_patterns(session, block)]
    met = {(each.start, each.end, each.rule) for each in told if each.found}
    told += [
        _Told(f.start, f.end, f.rule, f.identifier, found=True, lines=f.explanation)
        for f in session.detector.find(block)
        if (f.start, f.end, f.rule) not in met
    ]
    told += _by_model(session, block)
    hidden = tuple(sorted({(each.start, each.end) for each in told}))
    return [replace(each, hidden=hidden) for each in sorted(told, key=lambda t: (t.start, t.end))]


def _by_patterns(session: Session, block: Text) -> Iterator[_Told]:
    normal = normalise(block.text)
    for candidate in session.detector.candidates(block):
        identifier = candidate.pattern.identifier
        floor = session.detector.threshold(identifier)
        lines = list(candidate.steps)
        if candidate.rejected:
            lines.append(f"rejected: {candidate.rejected}")
        elif candidate.score < floor:
            lines.append(_below(floor))
        lines.append(f"why: {candidate.pattern.entry.why}")
        found = not candidate.rejected and candidate.score >= floor
        start, end = normal.source_span(candidate.start, candidate.end)
        yield _Told(start, end, candidate.pattern.id, identifier, found, tuple(lines))


def _by_model(session: Session, block: Text) -> Iterator[_Told]:
    """Yield what the bundled model finds in a block, where it runs."""
    if session.engine != "full" or not bundled.asked(session.spec.nlp):
        return
    for f in bundled.names_model(session.ruleset).find(block, 0.0):
        floor = session.detector.threshold(f.identifier)
        low = f.score < floor
        lines = (f.explanation[0], *([_below(floor)] if low else []))
        yield _Told(f.start, f.end, f.rule, f.identifier, not low, lines)


def _show_span(block: Text, starts: list[int], same: Sequence[_Told], *, reveal: bool) -> None:
    """Show the candidates of one span: on a person's terminal below its line, marked."""
    first = same[0]
    if sys.stdout.isatty() and not os.environ.get("CI"):
        for line in _excerpt(block.text, first, reveal=reveal):
            click.echo(line)
    value = block.text[first.start : first.end]
    what = repr(value) if reveal else shape(value)
    for told in same:
        fate = "FOUND  " if told.found else "not    "
        letter = IDENTIFIERS[told.identifier]
        click.echo(f"{_place(block, starts, told.start)}  {fate}({letter}) {told.rule}  {what}")
        for line in (*told.lines, f"law: {paragraph(told.identifier)}"):
            click.echo(f"    {line}")


def _excerpt(text: str, told: _Told, *, reveal: bool) -> tuple[str, str]:
    """
    Return the line around a candidate, marked, and what else may be an identifier as its shape.

    For a terminal alone: the words between stand as they are.
    """
    low = max(text.rfind("\n", 0, told.start) + 1, told.start - _AROUND)
    high = min([n for n in (text.find("\n", told.end), told.end + _AROUND) if n >= 0])
    masked = list(text)
    for start, end in told.hidden:
        masked[start:end] = map(shape, text[start:end])
    if reveal:
        masked[told.start : told.end] = text[told.start : told.end]
    before = legible("".join(masked[low : told.start]))
    within = legible("".join(masked[told.start : told.end]))
    after = legible("".join(masked[told.end : min(high, len(text))]))
    return before + within + after, " " * len(before) + "^" * max(1, len(within))


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

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
from phisweep.decide import FORGOTTEN, paragraph
from phisweep.detect import bundled
from phisweep.detect.normal import normalise
from phisweep.errors import UsageError
from phisweep.formats.base import Fate
from phisweep.keys import Key, shape
from phisweep.legible import legible
from phisweep.model import IDENTIFIERS, Kind, Location, Text
from phisweep.runs.searching import fates_of
from phisweep.session import Session

_AROUND = 32  # code points on either side of an excerpt
_LINE = re.compile(r"(?P<line>\d+)(?::(?P<col>\d+))?")
_ITEM = re.compile(r"\[\d+\]")


@click.command("explain")
@click.argument("target", required=False, metavar="FILE[:WHERE] | RULE")
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
        return _explain(session, [Fate("", texts=(given_text,))], _Where(), reveal=given["reveal"])
    assert target is not None  # noqa: S101 - one of the two is given
    path, where = _divided(target)
    if path is None:
        rules = [r for r in session.ruleset.rules if target.partition("/")[0] in {r.id, r.letter}]
        if not rules:
            raise UsageError("E101", "no such file, and no rule has this id", where=target)
        for rule in rules:
            _show(rule, session.ruleset, target.partition("/")[2])
        return 0
    return _explain(session, fates_of(path, session), where, reveal=given["reveal"])


@dataclass(frozen=True, slots=True)
class _Where:
    """What of a file is asked about: a line and a column of it, an address, or all."""

    line: int | None = None
    col: int | None = None
    address: str = ""

    def fits(self, fate: Fate) -> bool:
        """Say whether a place is asked about: that address, what lies in it, or a name in it."""
        asked = re.compile(rf"(?<!\w){re.escape(self.address)}(?!\w)")
        addresses = {fate.address, *(text.location.address for text in fate.texts)}
        return any(asked.search(a) or asked.search(_ITEM.sub("", a)) for a in addresses)


def _divided(target: str) -> tuple[Path | None, _Where]:
    """Return the file and what of it is asked about; None for what is no file."""
    if Path(target).exists():
        return Path(target), _Where()
    for at in (i for i in reversed(range(len(target))) if target[i] == ":"):
        if not Path(target[:at]).is_file():
            continue
        told = target[at + 1 :].strip()
        match = _LINE.fullmatch(told)
        if match is None:
            return Path(target[:at]), _Where(address=told)
        return Path(target[:at]), _Where(int(match["line"]), int(match["col"] or 0) or None)
    return None, _Where()


def _explain(session: Session, fates: Iterable[Fate], where: _Where, *, reveal: bool) -> int:
    shown = 0
    for fate in fates:
        if where.address and not where.fits(fate):
            continue
        if where.line is not None and not fate.texts:
            continue
        told = [(block, _chosen(session, block, where)) for block in fate.texts]
        stays = fate.short in ("", "as it is", "kept", "cleaned")
        if stays and not where.address and not any(asked for _, asked in told):
            continue  # nothing is found in it, and nobody asked about it
        if fate.lines:
            _show_fate(fate)
            shown += 1
        for block, asked in told:
            for _, same in groupby(asked, key=lambda each: (each.start, each.end)):
                _show_span(block, session, list(same), reveal=reveal)
            shown += len(asked)
    if not shown:
        click.echo(
            "no pattern of any rule matches there, no model finds anything,"
            " and no name of a field applies"
        )
    sys.stdout.flush()
    return 0


def _show_fate(fate: Fate) -> None:
    """Show what a standard says becomes of a place."""
    click.echo(f"{fate.address}  {fate.short or 'searched'}".lstrip())
    for line in fate.lines:
        click.echo(f"    {line}")


def _chosen(session: Session, block: Text, where: _Where) -> list[_Told]:
    """Return the candidates of a block that are asked about."""
    at = _At(_line_starts(block.text), where.line, where.col)
    return [told for told in _told(session, block) if at.chosen(block, told.start, told.end)]


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


def _show_span(block: Text, session: Session, same: Sequence[_Told], *, reveal: bool) -> None:
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
        click.echo(f"{_place(block, told.start)}  {fate}({letter}) {told.rule}  {what}")
        for line in (*told.lines, *_treated(session, told), f"law: {paragraph(told.identifier)}"):
            click.echo(f"    {line}")


def _treated(session: Session, told: _Told) -> Iterator[str]:
    """Yield what the policy says of a candidate that is found."""
    if told.found:
        treatments = session.policy.treatments
        treatment = treatments.get(told.rule) or treatments.get(told.identifier) or FORGOTTEN
        yield f"policy {session.policy.id}: {treatment.action}, {treatment.operator}"


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


def _place(block: Text, offset: int) -> str:
    """Return line and column, or the address in a format without lines."""
    if block.line is None:
        return f"{block.location.address}, from {offset + 1}" if offset else block.location.address
    line, col = _position(block, _line_starts(block.text), offset)
    return f"{line}:{col}"

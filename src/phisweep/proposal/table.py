"""
A proposal as a table on a terminal: what is to be decided first, then file by file and role by role.

Lines are yielded without the line feed; a place that is too long for one line has two.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from itertools import groupby

from phisweep.figures import number, plural
from phisweep.proposal.values import ColumnPlan, FilePlan, Other, Proposal
from phisweep.proposal.wording import counts, done, extent, holding
from phisweep.report.text import Style

_NAME = 32  # columns of the terminal for a name, where none is longer
_LEAST = 40  # columns of a terminal, at least


def render(proposal: Proposal, style: Style) -> Iterator[str]:
    """Yield the whole text."""
    yield from _questions(proposal, style)
    for file in proposal.files:
        told = (*file.undecided, *file.removed)
        rest = [plan for plan in file.columns if plan not in told]
        if rest:
            yield from _file(file, style)
            yield from _by_role(rest, style)
            yield ""
    yield from _others("no columns, searched as running text", proposal.texts, style)
    yield from _others("not read", proposal.unread, style)
    yield from _others(
        "held back: no copy is written, until somebody decides", proposal.held, style
    )
    yield from _keys(proposal, style)
    yield from _wrapped(summary(proposal), style, 0)


def _questions(proposal: Proposal, style: Style) -> Iterator[str]:
    """What is unknown, and then what could be kept although the rules remove it."""
    if proposal.undecided:
        of = plural(proposal.places, "column or path", "columns and paths")
        yield from _heading(f"decide these: {number(proposal.undecided)} of {of}", style)
        yield ""
    for file in proposal.files:
        if file.undecided:
            yield from _file(file, style)
            yield from _asked(file.undecided, style)
            yield ""
    if any(file.removed for file in proposal.files):
        yield from _heading("could be kept: the rules remove what looks like a vocabulary", style)
        yield ""
        for file in proposal.files:
            if file.removed:
                yield from _file(file, style)
                yield from _by_role(file.removed, style)
                yield ""


def _keys(proposal: Proposal, style: Style) -> Iterator[str]:
    groups: dict[tuple[str, str], list[str]] = {}
    for key in proposal.keys:
        groups.setdefault((key.key, key.why), []).append(key.glob)
    if groups:
        yield from _heading("whose record it is: subject-key in phisweep.toml", style)
        for (name, why), globs in groups.items():
            told = f"{name} in {', '.join(globs)}: {why}"
            yield from _wrapped(style.clean(told), style, 2)
        yield ""


def summary(proposal: Proposal) -> str:
    """Return the last words: how much was read, and how much is to be decided."""
    files = sum(file.files for file in proposal.files)
    places = plural(proposal.places, "column or path", "columns and paths")
    return (
        f"phisweep: {plural(files, 'file')} with {places}, {number(proposal.undecided)} to decide;"
        f" extends {proposal.profile}; searched by rules alone. What is found in single values is"
        " treated, whatever is decided on the rest."
    )


def _file(file: FilePlan, style: Style) -> Iterator[str]:
    head, rest = style.clean(file.glob), f"({extent(file)})"
    if len(head) + 2 + len(rest) <= style.width:
        yield f"{style.paint(head, 'bold')}  {rest}"
    else:
        yield style.paint(head, "bold")
        yield from _wrapped(rest, style, 2)


def _asked(plans: Sequence[ColumnPlan], style: Style) -> Iterator[str]:
    """What a person has to decide: the name, then why, what was counted, what is likely right."""
    for plan in plans:
        yield f"  {style.paint(_called(plan, style), 'medium')}"
        parts = [plan.sort.how, counts(plan.evidence), holding(plan), f"likely: {plan.sort.advice}"]
        yield from _wrapped("; ".join(part for part in parts if part), style, 4)


def _by_role(plans: Sequence[ColumnPlan], style: Style) -> Iterator[str]:
    width = min(_NAME, max(len(_called(plan, style)) for plan in plans))
    doings = max(len(done(plan)) for plan in plans)
    for role, members in groupby(plans, key=lambda plan: plan.sort.role):
        yield f"  {role}"
        for plan in members:
            yield from _column(plan, width, doings, style)


def _column(plan: ColumnPlan, width: int, doings: int, style: Style) -> Iterator[str]:
    name = _called(plan, style)
    told = plan.sort.how if plan.sort.role == "empty" else counts(plan.evidence)
    lines = [
        f"    {name:<{n}}  {done(plan):<{m}}  {told}" for n, m in ((width, doings), (width, 0))
    ]
    lines.append("    " + "  ".join(part for part in (name, done(plan), told) if part))
    line = next((line for line in lines if len(line) <= style.width), "")
    if line:
        yield line
    else:
        yield f"    {name}"
        yield from _wrapped("  ".join(part for part in (done(plan), told) if part), style, 6)
    if holding(plan) and plan.sort.advice != "keep":
        yield from _wrapped(holding(plan), style, 6)


def _others(heading: str, others: Sequence[Other], style: Style) -> Iterator[str]:
    if others:
        yield from _heading(heading, style)
        for other in others:
            what = f", {other.what}" if other.what else ""
            yield from _wrapped(
                style.clean(f"{other.glob}: {plural(other.files, 'file')}{what}"), style, 2
            )
        yield ""


def _called(plan: ColumnPlan, style: Style) -> str:
    return style.clean(plan.name or plan.place)


def _heading(text: str, style: Style) -> Iterator[str]:
    yield from (style.paint(line, "bold") for line in _wrapped(text, style, 0))


def _wrapped(text: str, style: Style, indent: int) -> Iterator[str]:
    yield from textwrap.wrap(
        text,
        max(_LEAST, style.width),
        initial_indent=" " * indent,
        subsequent_indent=" " * (indent + 2),
        break_on_hyphens=False,
    )

"""Recall on the user's own data: invented identifiers planted in a copy of it, and looked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Literal

from markupsafe import Markup

from phisweep import pages
from phisweep.figures import number, plural
from phisweep.filed import field
from phisweep.model import Engine
from phisweep.pages.charts import Estimate, Intervals
from phisweep.report.parts import Count, Digest, Guarded, Letter, Score

TITLE = "Recall on this data, by canaries"
LetterState = Literal["planted", "no place", "not plantable"]
Outcome = Literal["partly", "missed"]
#: What the figure is not.
CAVEATS = (
    (
        "The canaries are invented by phisweep, of names that many people bear and of numbers and"
        " towns that nobody has; the true identifiers of these patients may be rarer or written"
        " otherwise."
    ),
    (
        "Each stands in a place that chance chose; how often true identifiers stand in such places"
        " is not known, so the figure of a kind of place says more than that of all."
    ),
    "Numbers with a check digit fail it on purpose, and are planted with words that name them.",
    "Nothing is said of (P) and (Q), of pictures, and of what phisweep does not look at.",
)
_FOLDER = Path(__file__).parents[1] / "templates"
_PERCENT = 100


class Rate(Guarded):
    """
    What became of some canaries.

    `found` under their own letter, `elsewhere` under another (removed all the same), `partly` with
    something left, `missed`. `recall` is that of the first two; `low` and `high` are its exact
    bounds (Clopper and Pearson) at 95 per cent. None where nothing was planted.
    """

    planted: Count
    found: Count
    elsewhere: Count
    partly: Count
    missed: Count
    recall: Score | None
    low: Score
    high: Score


class LetterRate(Guarded):
    """One letter; `reason` says why nothing was planted."""

    letter: Letter
    identifiers: list[str]
    state: LetterState
    reason: str
    rate: Rate


class Group(Guarded):
    """The canaries of one kind of place, carrier, style, noise or format."""

    name: str
    rate: Rate


class Style(Guarded):
    """The canaries of one way of writing an identifier."""

    letter: Letter
    identifier: str
    style: str
    rate: Rate


class Miss(Guarded):
    """How many canaries of one kind were not removed whole; no value and nothing of the data."""

    letter: Letter
    identifier: str
    outcome: Outcome
    place: str
    carrier: str
    style: str
    noise: str
    format: str
    count: Count


class Record(Guarded):
    """
    The measurement, `canary.json`.

    `per_letter` were asked for, planted in so many `rounds`, each in a copy of its own. Not counted: `occurring`, which stood in the data already, `unwritten`,
    which the copy's format did not keep, and those of documents in `unread`. `kept` were found whole,
    and the policy keeps them. `same_rules` says whether rules and policy are those of the run.json that
    the record belongs to, None where it belongs to none.
    """

    schema_: Literal["phisweep-canary/1"] = field(alias="schema")
    run_sha256: Digest
    same_rules: bool | None
    at: str
    version: str
    ruleset_version: str
    ruleset_sha256: Digest
    policy: str
    policy_sha256: Digest
    config_sha256: Digest
    engine: Engine
    model: str
    ignored_rules: list[str]
    seed: int
    per_letter: Count
    files: Count
    planted_files: Count
    rounds: Count
    unread: list[str]
    occurring: Count
    unwritten: Count
    kept: Count
    own_dates: list[str]
    total: Rate
    letters: list[LetterRate]
    places: list[Group]
    carriers: list[Group]
    noises: list[Group]
    formats: list[Group]
    styles: list[Style]
    missed: list[Miss]
    caveats: list[str]


def section(record: Record) -> Markup:
    """Return the section as HTML, with charts by letter and by place."""
    context = {
        "c": record,
        "words": words(record),
        "by_letter": by_letter(record),
        "short_of": short_of(record),
        "by_place": chart("Recall by kind of place", record.places),
    }
    filters: dict[str, Callable[..., object]] = {"percent": percent, "bounds": bounds}
    text = pages.render(_FOLDER, "canary.html.j2", context, filters)
    return Markup(text)  # noqa: S704 - the template escapes what it is given


def markdown(record: Record) -> Iterator[str]:
    """Yield the section as Markdown."""
    yield words(record)
    yield ""
    if short := short_of(record):
        yield short
        yield ""
    yield from _table(
        ("", "identifier", "planted", "found", "other letter", "partly", "missed", "recall"),
        [
            (
                f"({entry.letter})",
                ", ".join(entry.identifiers).replace("_", " "),
                *(_figures(entry.rate) if entry.rate.planted else (entry.reason, *[""] * 5)),
            )
            for entry in record.letters
        ],
    )
    for title, groups in tables(record):
        if groups:
            yield ""
            yield from _table(
                (title, "planted", "found", "other letter", "partly", "missed", "recall"),
                [(group.name, *_figures(group.rate)) for group in groups],
            )
    if record.missed:
        yield ""
        yield "Not removed whole:"
        yield ""
        yield from (f"* {miss(entry)}" for entry in record.missed)
    yield ""
    yield "What this is not:"
    yield ""
    yield from (f"* {caveat}" for caveat in record.caveats)
    if record.unread:
        yield ""
        yield "Not counted, for they could not be read, planted or searched:"
        yield ""
        yield from (f"* {each}" for each in record.unread)


def tables(record: Record) -> Sequence[tuple[str, Sequence[Group]]]:
    """Return the tables beside that by letter, each with its title."""
    styles = [
        Group(name=f"({s.letter}) {s.identifier.replace('_', ' ')}: {s.style}", rate=s.rate)
        for s in record.styles
    ]
    return (
        ("kind of place", record.places),
        ("words around it", record.carriers),
        ("noise", record.noises),
        ("file format", record.formats),
        ("style", styles),
    )


def words(record: Record) -> str:
    """Return the measurement in a sentence or two."""
    rate = record.total
    if rate.recall is None:
        return "No canary could be counted."
    removed = rate.found + rate.elsewhere
    left = f" {plural(record.kept, 'of them')} would be kept by the policy." if record.kept else ""
    return (
        f"{number(removed)} of {plural(rate.planted, 'planted identifier')} were found whole:"
        f" {percent(rate.recall)} (95% interval {bounds(rate)});"
        f" {number(rate.partly)} partly, {number(rate.missed)} missed.{left}"
    )


def short_of(record: Record) -> str:
    """Return that places ran out before all was planted, in words; "" where they did not."""
    planted = [e.rate.planted for e in record.letters if e.state != "not plantable"]
    fewest = min(planted, default=0)
    if fewest >= record.per_letter:
        return ""
    return (
        f"Of each letter {number(record.per_letter)} were asked for; of some fewer could be planted"
        f" and counted, of one {number(fewest)}: the places ran out, or a format did not keep them."
    )


def miss(entry: Miss) -> str:
    """Return what was missed, in words."""
    noise = "" if entry.noise == "none" else f", {entry.noise}"
    return (
        f"{number(entry.count)} {entry.outcome}: ({entry.letter})"
        f" {entry.identifier.replace('_', ' ')}, {entry.style}{noise}; {entry.place};"
        f" {entry.carrier}; {entry.format}"
    )


def percent(share: float | None) -> str:
    """Return a share as it is written, "-" for none; only a whole is 100%."""
    if share is None:
        return "-"
    rounded = round(_PERCENT * share, 1)
    if share < 1 and rounded == _PERCENT:
        rounded = 99.9
    return f"{rounded:.4g}%" if rounded in {0, _PERCENT} else f"{rounded:.1f}%"


def bounds(rate: Rate) -> str:
    """Return the bounds of a rate as they are written: the lower rounded down, the upper up."""
    low = int(rate.low * 1000) / 10
    high = -int(-rate.high * 1000 // 1) / 10
    return f"{low:.1f}% to {'100%' if high >= _PERCENT else f'{high:.1f}%'}"


def by_letter(record: Record) -> Intervals:
    """Return the chart by letter."""
    groups = [
        Group(
            name=f"({e.letter}) {', '.join(e.identifiers).replace('_', ' ')}",
            rate=e.rate,
        )
        for e in record.letters
        if e.state != "not plantable"
    ]
    return chart("Recall by letter", groups)


def chart(title: str, groups: Sequence[Group]) -> Intervals:
    """Return shares with their bounds; the axis begins where the lowest bound allows it."""
    rows = tuple(
        Estimate(
            group.name,
            group.rate.recall,
            group.rate.low if group.rate.planted else 0.0,
            group.rate.high if group.rate.planted else 0.0,
            f"{percent(group.rate.recall)} of {number(group.rate.planted)}"
            if group.rate.planted
            else "none",
        )
        for group in groups
    )
    told = [row for row in rows if row.value is not None]
    worst = min(told, key=lambda row: row.value or 0.0, default=None)
    described = f"{len(told)} with canaries, each share with its 95 per cent interval."
    if worst is not None:
        described += f" Lowest: {worst.label}, {worst.shown}."
    lowest = min((row.low for row in told), default=0.0)
    return Intervals(title, described, rows, start=0.5 if lowest >= 0.5 else 0.0)  # noqa: PLR2004


def _figures(rate: Rate) -> tuple[str, ...]:
    counts = (rate.planted, rate.found, rate.elsewhere, rate.partly, rate.missed)
    return (*map(number, counts), f"{percent(rate.recall)} ({bounds(rate)})")


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    yield f"| {' | '.join(head)} |"
    yield "|" + "---|" * len(head)
    for row in rows:
        yield f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in row)} |"

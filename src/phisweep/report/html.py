"""The audit report as one page: no network, no font, no script but its own, printable."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from markupsafe import Markup

from phisweep import pages
from phisweep.report import charted, explained, kept, leaks, limits, moved, phrases, troubles, words
from phisweep.report.base import renderer
from phisweep.report.cells import MOST
from phisweep.report.companions import Companion
from phisweep.report.inventory import is_many, listed, told_of
from phisweep.report.json_ import digest
from phisweep.report.parts import FiredRecord
from phisweep.report.persons import linked_rows
from phisweep.report.record import RunRecord

_FOLDER = Path(__file__).parent / "templates"
_TITLES = {
    "scan": "Search report",
    "gate": "Search report of the gate",
    "verify": "Verification report",
}


@dataclass(frozen=True, slots=True)
class Section:
    """A section of the page: made of the template of its name, or HTML already."""

    name: str
    title: str
    html: Markup | None = None


@renderer("html")
def render(record: RunRecord, beside: Sequence[Companion] = ()) -> str:
    """Return report.html. Its policy allows the page's own style and script, by digest alone."""
    verbs = record.manifest.command.split()
    useful = kept.chosen(record)
    names = [companion.name for companion in beside]
    context = {
        "r": record,
        "sections": [*_sections(record, beside)],
        "title": next(
            (_TITLES[v] for v in verbs if v in _TITLES), "De-identification audit report"
        ),
        "digest": digest(record),
        "by_letter": charted.by_letter(record),
        "by_file": charted.by_file(record),
        "scores": charted.scores(record),
        "heat": charted.heat(record),
        "fired": _fired(record),
        "families": _families(record),
        "limits": [*limits.limits_of(record, names)],
        "unmeasured": limits.unmeasured(names),
        "custody": getattr(beside, "custody", ()),
        "signed": next((c for c in beside if c.name == "signoff"), None),
        "listed": listed(record.files),
        "many": is_many(record.files),
        "linked": linked_rows(record),
        "places": sum(len(file.found) for file in record.files),
        "unresolved": [*troubles.unresolved(record)],
        "warned": [*troubles.warned(record)],
        "useful": useful,
        "not_told": sum(1 for file in record.files if file.kept) - len(useful),
        "most": MOST,
        "words": words,
        "phrases": phrases,
    }
    filters: dict[str, Callable[..., object]] = {
        "done": done, "how": how, "shown": kept.shown, "share": kept.share, "parts": kept.parts,
        "distinct": kept.distinct, "about": kept.about, "spread_title": kept.title,
        "charts": kept.charts, "tables": kept.tables, "left": kept.left,
        "quantile": kept.quantile, "told": partial(told_of, places=record.places), "sides": kept.sides, "leak_count": leaks.counted,
        "dates_moved": moved.dates_moved, "dates_alone": moved.dates_alone,
        "instead": moved.instead, "weekdays": moved.weekdays,
    }  # fmt: skip
    return pages.render(_FOLDER, "report.html.j2", context, filters)


def _sections(record: RunRecord, beside: Sequence[Companion]) -> Iterator[Section]:
    """Yield what the page has to say, in order; its contents and its numbers follow from this."""
    yield Section("letters", "Identifiers (A) to (R)")
    yield Section("files", "Files")
    yield Section("places", "Columns and places")
    yield Section("rules", "Rules that fired, and why")
    if record.subjects:
        yield Section("subjects", "Subjects")
    if record.leaks:
        yield Section("leaks", "What fields tell together")
    if record.moved:
        yield Section("moved", "Dates that were moved")
    if record.surrogates or record.codes:
        yield Section("invented", "Surrogates and codes")
    if any(file.kept for file in record.files):
        yield Section("kept", "What was kept")
    yield Section("troubles", "Skipped, not read whole, unresolved")
    yield Section("unread", "Not looked at")
    if record.suppressed or record.baseline:
        yield Section("left-out", "Left out on purpose")
    yield Section("verification", "Verification")
    for companion in beside:
        yield Section(companion.name, companion.title, companion.html)
    yield Section("versions", "Versions and configuration")
    yield Section("residual", "Residual risk and known gaps")
    yield Section("custody", "Custody and retention")
    yield Section("attestation", "Attestation of actual knowledge")
    yield Section("signing", "Sign-off")


def _fired(record: RunRecord) -> dict[tuple[str, str], str]:
    """Return the name of the entry of each rule that fired, by identifier and rule."""
    return {(rule.identifier, rule.rule): f"r{n}" for n, rule in enumerate(record.rules, 1)}


@dataclass(frozen=True, slots=True)
class Family:
    """
    The rules of one identifier that fired, each with what the policy does by it and why.

    A rule of which the policy says nothing by itself is treated as its identifier: `how`, `why`.
    """

    how: str
    why: str
    rules: tuple[tuple[FiredRecord, str, str], ...]


def _families(record: RunRecord) -> dict[str, Family]:
    """Return the rules that fired by their identifier, in the record's order."""
    operators = {entry.operator: entry for entry in record.operators}
    policy = record.policy if operators else None  # a search does nothing

    def treated(subject: str) -> tuple[str, str]:
        chosen = explained.treatment_of(policy, subject) if policy else None
        if chosen is None:
            return "", ""
        return how(chosen.action, chosen.operator), explained.reason_of(chosen, operators)

    rules: dict[str, list[FiredRecord]] = {}
    for rule in record.rules:
        rules.setdefault(rule.identifier, []).append(rule)
    return {
        name: Family(*treated(name), tuple((rule, *treated(rule.rule)) for rule in group))
        for name, group in rules.items()
    }


def done(action: str) -> str:
    """`remove` -> `removed`; a word that we do not know stays."""
    return words.DONE.get(action, action)


def how(action: str, operator: str) -> str:
    """Return what was done: `generalized: year`; nothing was where the action is empty."""
    if not action:
        return "nothing changed"
    return ": ".join(part for part in (done(action), operator) if part)

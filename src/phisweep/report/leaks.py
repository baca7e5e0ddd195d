"""What fields tell together: every kind of leak, found or not, and what was not looked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

from phisweep.decide import KEEPING
from phisweep.figures import number, plural
from phisweep.formats.base import load as load_formats
from phisweep.leaks.kinds import LEAKS
from phisweep.legible import placed, portable
from phisweep.model import Leak, Outcome, Run
from phisweep.report import phrases
from phisweep.report.parts import Count, Guarded, PolicyRecord, ShownCount, floored

LeakState = Literal["found", "none found", "not looked for"]
Unit = Literal["subjects", "rows"]
#: Told by the ages, birth years and events of a subject, over all tables and JSON files.
OF_SUBJECTS = (
    "age-capped-birth-year-left",
    "age-and-later-event",
    "birth-year-elsewhere",
    "conflicting-birth-dates",
)
_BANDS = "ninetieth-birthday"
#: Told by the columns of tables.
OF_COLUMNS = (
    _BANDS,
    "relative-day-and-anchor",
    "part-of-removed",
    "hash-of-identifier",
    "encoded-identifier",
    "same-as-removed",
)
#: Found and left as they are, where what was done is what their kind says.
UNRESOLVED = ("relative-day-and-anchor",)


class LeakPlaceRecord(Guarded):
    """
    Where a leak was found; `file` is empty where all files of the run tell it together.

    `count` counts subjects, or rows of the sample that was compared; null where a whole column of
    one file is a hash of what stands in another.
    """

    file: str
    place: str
    other: str
    count: ShownCount | None
    unit: Unit


class LeakRecord(Guarded):
    """One kind of leak: what it is, by which law, what is done, and where it was found."""

    name: str
    title: str
    state: LeakState
    reason: str
    why: str
    citation: str
    resolution: str
    resolved: bool
    places: tuple[LeakPlaceRecord, ...]

    def _check(self) -> None:
        if (self.state == "found") != bool(self.places):
            raise ValueError("a leak is found where it has a place")


class LeaksRecord(Guarded):
    """All kinds of leaks, and how many of them were found, not found and not looked for."""

    kinds: tuple[LeakRecord, ...]
    found: Count
    none_found: Count
    not_looked_for: Count
    unresolved: Count
    limits: tuple[str, ...]

    def _check(self) -> None:
        states = [kind.state for kind in self.kinds]
        told = (self.found, self.none_found, self.not_looked_for)
        if told != tuple(states.count(s) for s in ("found", "none found", "not looked for")):
            raise ValueError("the kinds of leaks do not add up")
        if self.unresolved != sum(1 for k in self.kinds if k.places and not k.resolved):
            raise ValueError("the leaks that were not resolved do not add up")


def leaks_of(run: Run, policy: PolicyRecord | None) -> LeaksRecord | None:
    """Return what fields told together; None where it was never looked for."""
    if run.survey is None:
        return None
    kinds = tuple(_kind(name, run, policy) for name in LEAKS)
    states = [kind.state for kind in kinds]
    return LeaksRecord(
        kinds=kinds,
        found=states.count("found"),
        none_found=states.count("none found"),
        not_looked_for=states.count("not looked for"),
        unresolved=sum(1 for kind in kinds if kind.places and not kind.resolved),
        limits=_limits(run.outcomes),
    )


def counted(place: LeakPlaceRecord) -> str:
    """Return how often a leak was found in a place: `<11 subjects`, `812 rows`, `a whole column`."""
    if place.count is None:
        return "a whole column"
    return f"{place.count if isinstance(place.count, str) else number(place.count)} {place.unit}"


def _kind(name: str, run: Run, policy: PolicyRecord | None) -> LeakRecord:
    kind = LEAKS[name]
    leaks = run.survey.leaks if run.survey else ()
    places = tuple(_place(leak) for leak in leaks if leak.name == name)
    reason = "" if places else _why_not(name, run.outcomes, policy)
    done = dict.fromkeys(leak.resolution for leak in leaks if leak.name == name)
    return LeakRecord(
        name=name,
        title=kind.title,
        state="found" if places else "not looked for" if reason else "none found",
        reason=reason,
        why=kind.why,
        citation=kind.citation,
        resolution=" ".join(done) or kind.resolution,
        resolved=name not in UNRESOLVED or (bool(done) and kind.resolution not in done),
        places=places,
    )


def _place(leak: Leak) -> LeakPlaceRecord:
    whole = leak.name == "hash-of-identifier" and not leak.other
    return LeakPlaceRecord(
        file=portable(leak.file),
        place=placed(leak.place),
        other=placed(leak.other),
        count=None if whole else floored(leak.count),
        unit="subjects" if leak.name in OF_SUBJECTS else "rows",
    )


def _why_not(name: str, outcomes: Sequence[Outcome], policy: PolicyRecord | None) -> str:
    """Say why a kind of leak was not looked for; empty where it was."""
    read = [o for o in outcomes if o.status in {"clean", "changed"}]
    if name not in (*OF_SUBJECTS, *OF_COLUMNS):
        return phrases.NOT_SEARCHED
    if name in (*OF_SUBJECTS, _BANDS) and policy and _operator(policy, "age") in KEEPING:
        return phrases.AGES_STAY
    if name in OF_COLUMNS:
        return "" if any(o.columns is not None for o in read) else phrases.NO_TABLE
    formats = load_formats()
    structured = {name for name, format_ in formats.items() if format_.structured}
    linked = any(o.format in structured and o.linking and o.linking.keys for o in read)
    return "" if linked else phrases.NO_SUBJECTS


def _operator(policy: PolicyRecord, identifier: str) -> str:
    chosen: Mapping[str, str] = {t.subject: t.operator for t in policy.treatments}
    return chosen.get(identifier, "")


def _limits(outcomes: Sequence[Outcome]) -> tuple[str, ...]:
    unread = sum(1 for o in outcomes if o.status in {"incomplete", "skipped"})
    told = (
        f"{plural(unread, 'file')} not read, or not read whole: nothing is known of what they tell."
    )
    return (phrases.LEAKS_LIMIT, told) if unread else (phrases.LEAKS_LIMIT,)

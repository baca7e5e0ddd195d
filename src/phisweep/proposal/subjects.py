"""
Where the key of a subject seems to stand: by the rules, and by values that several files share.

Values are compared by keyed digests that are forgotten with the run.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from phisweep.detect.fields import normal_name
from phisweep.proposal.evidence import Gathered
from phisweep.proposal.values import ColumnPlan, SubjectKey

#: Where resources of FHIR name their subject (http://hl7.org/fhir/references.html).
_REFERENCES = ("/subject/reference", "/patient/reference")
#: Names of columns that number persons or cases.
_NUMBERING = re.compile(
    r"(?:^|_)(?:id|ids|no|num|nbr|number|key|code|uid|subject|case|person)$|id$"
)
_SHARED = 0.5  # of the values of the column that has fewer
_LEAST = 3  # values that two columns share, at least
_UNIQUE = 0.95
_MANY = 20  # records, below which to be unique says little


@dataclass(frozen=True, slots=True)
class Candidate:
    """A column or path that could hold the key of a subject, and how sure that is."""

    glob: str
    plan: ColumnPlan
    place: Gathered

    @property
    def by_rule(self) -> bool:
        """Whether the rules take it for the number of a patient, (H)."""
        return self.plan.sort.identifier == "mrn" or self.plan.name.endswith(_REFERENCES)

    @property
    def unique(self) -> bool:
        """Whether nearly every record has its own."""
        place = self.place
        return place.filled >= _LEAST and place.distinct >= _UNIQUE * place.filled

    @property
    def label(self) -> str:
        """The name of the column, or of the last key of the path."""
        return normal_name(self.place.label)


def subject_keys(files: Sequence[tuple[str, Mapping[str, Gathered], Sequence[ColumnPlan]]]) -> (
    tuple[SubjectKey, ...]
):  # fmt: skip
    """
    Return the key of each file that seems to have one.

    `files` are pattern, counts and plans, the plans in the order of the counts.
    """
    every = [
        Candidate(glob, plan, place)
        for glob, places, plans in files
        for place, plan in zip(places.values(), plans, strict=True)
        if plan.name
        and place.keys
        and (plan.sort.identifier in {"", "mrn", "other_id"} or plan.name.endswith(_REFERENCES))
    ]
    told = [c for c in every if c.by_rule]
    chosen: dict[str, SubjectKey] = {}
    for glob in dict.fromkeys(glob for glob, _, _ in files):
        own = [c for c in told if c.glob == glob]
        if own:
            best = min(own, key=lambda c: (-len(_others(c, told)), c.plan.place))
            others = _others(best, told)
            rule = best.plan.sort.rule
            why = f"by the rule {rule}" if rule.startswith("mrn/") else "a reference of FHIR"
            chosen[glob] = SubjectKey(glob, best.plan.name, why, len(others))
    for glob in dict.fromkeys(c.glob for c in every if c.glob not in chosen):
        found = _by_values([c for c in every if c.glob == glob], told, every)
        if found is not None:
            chosen[glob] = found
    return tuple(chosen[glob] for glob, _, _ in files if glob in chosen)


def _others(one: Candidate, told: Sequence[Candidate]) -> set[str]:
    """Return the other files that hold values of this column where their own subjects stand."""
    return {c.glob for c in told if c.glob != one.glob and _overlap(one, c)}


def _by_values(
    own: Sequence[Candidate], told: Sequence[Candidate], every: Sequence[Candidate]
) -> SubjectKey | None:
    """A column whose values are the keys of subjects elsewhere, or that many files share by name."""
    for one in sorted(own, key=lambda c: (not c.unique, c.plan.place)):
        shared = _others(one, told)
        if shared and one.unique:
            why = "its values are numbers of patients elsewhere"
            return SubjectKey(one.glob, one.plan.name, why, len(shared))
    for one in sorted(own, key=lambda c: c.plan.place):
        if not _NUMBERING.search(one.label):
            continue
        same = [
            c for c in every if c.label == one.label and c.glob != one.glob and _overlap(one, c)
        ]
        if same and any(c.unique and c.place.filled >= _MANY for c in (one, *same)) and not told:
            why = "other files have a column of its name with its values"
            return SubjectKey(one.glob, one.plan.name, why, len({c.glob for c in same}))
    return None


def _overlap(one: Candidate, other: Candidate) -> bool:
    fewer = min(len(one.place.keys), len(other.place.keys))
    shared = len(one.place.keys & other.place.keys)
    return shared >= max(_LEAST, _SHARED * fewer)

"""Suggestions as the record of a report, and as the policy file that makes them."""

from __future__ import annotations

import glob
import math
from collections.abc import Callable, Mapping, Sequence
from typing import Literal

from phisweep.report.companions.risk.records import (
    SizeRecord,
    StepRecord,
    SuggestionRecord,
    SuggestionsRecord,
)
from phisweep.risk.assess import Assessment
from phisweep.risk.hierarchies import Step
from phisweep.risk.sizes import DIGITS, Band, share
from phisweep.risk.suggest import Suggestion
from phisweep.ruleset.schema import Treatment
from phisweep.ruleset.writing import Draft, Section, policy_text
from phisweep.usefulness.floor import FLOOR

_REMOVING = frozenset({"redact"})


def suggestions_of(
    found: Assessment, files: Sequence[str], names: Mapping[str, str]
) -> SuggestionsRecord | None:
    """Return the suggestions; `names` says what may be told of a column, by its own name."""
    made = found.suggestions
    if made is None:
        return None
    own = [column.name for column in found.columns]
    return SuggestionsRecord(
        k=made.k,
        reached=made.reached,
        limit=made.limit,
        exact=made.exact,
        nodes=made.nodes,
        judged=made.judged,
        best=tuple(_suggestion(each, found, files, names, made.k) for each in made.best),
        without=tuple(names[own[i]] for i in made.without),
    )


def _suggestion(
    each: Suggestion, found: Assessment, files: Sequence[str], names: Mapping[str, str], k: int
) -> SuggestionRecord:
    own = [column.name for column in found.columns]
    return SuggestionRecord(
        steps=tuple(
            StepRecord(
                name=names[name],
                words=step.words,
                operator=step.operator,
                params=dict(step.params),
                by_hand=step.by_hand,
            )
            for name, step in zip(own, each.steps, strict=True)
        ),
        least=each.least,
        loss=round(each.loss, DIGITS),
        left_out=each.left_out,
        left_out_share=share(each.left_out, found.rows),
        classes=classes_of(each.bands, each.classes),
        mean=coarsely(each.bands, found.people)(each.mean),
        sizes=sizes_of(each.bands),
        by_hand=each.by_hand,
        policy=_policy(each, files, own, names, k),
    )


def _policy(
    each: Suggestion, files: Sequence[str], own: Sequence[str], names: Mapping[str, str], k: int
) -> str:
    """Return the policy file that makes the steps; a name that may be data is not written there."""
    steps = [*zip(own, each.steps, strict=True)]
    treatments = {n: _treatment(s) for n, s in steps if s.operator and names[n] == n}
    by_hand = [f"{names[n]}: {s.words}" for n, s in steps if s.by_hand]
    by_hand += [
        f"{names[n]}: {s.words}, by {s.operator}" for n, s in steps if s.operator and names[n] != n
    ]
    head = [
        f"Proposed by `phisweep risk`: with it these columns are in classes of {k} people or more.",
        "Columns that are not named here stay under the policy expert, which does not refine them.",
    ]
    head += [f"To be done by hand: {'; '.join(by_hand)}."] if by_hand else []
    if each.left_out:
        head.append("Rows in smaller classes have to be taken out before: see --left-out.")
    globs = dict.fromkeys(glob.escape(path.rpartition("/")[2]) for path in files)
    sections = [Section(g, "the steps of a suggestion", (), treatments) for g in globs]
    return policy_text(
        Draft(
            id="risk-suggestion",
            extends="expert",
            title=f"Generalised by phisweep risk to k = {k}",
            method="expert",
            head=tuple(head),
            decide=(),
            sections=tuple(sections) if treatments else (),
            tail=(),
        )
    )


def _treatment(step: Step) -> Treatment:
    action: Literal["remove", "generalize"] = (
        "remove" if step.operator in _REMOVING else "generalize"
    )
    return Treatment(action=action, operator=step.operator, params=dict(step.params))


def _hides(bands: Sequence[Band]) -> bool:
    return any(isinstance(band.people, str) for band in bands)


def classes_of(bands: Sequence[Band], classes: int) -> int:
    """Return the number of classes; to the next eleven where a band is not shown."""
    return math.ceil(classes / FLOOR) * FLOOR if _hides(bands) else classes


def coarsely(bands: Sequence[Band], people: int) -> Callable[[float], float]:
    """
    Return how a mean is rounded: where a band is not shown, to eleven people.

    The mean risk is classes by people, and both tell how many stand in the bands together.
    """
    step = FLOOR / people if _hides(bands) else 0.0
    return lambda mean: min(1.0, round(math.ceil(mean / step) * step if step else mean, DIGITS))


def sizes_of(bands: Sequence[Band]) -> tuple[SizeRecord, ...]:
    """Return the bands of class sizes."""
    return tuple(
        SizeRecord(label=b.label, low=b.low, high=b.high, classes=b.classes, people=b.people)
        for b in bands
    )

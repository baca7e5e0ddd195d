"""
What was measured at several sites: side by side, and joined where the method allows it.

**Reviews** draw blindly and at random at each site, so their units of one kind can be joined. Of N_s
units at a site, at most N_s * u_s are wrong, where u_s is its bound at 1 - 0.05/S for S sites that
were not drawn whole; all hold together at 95 per cent (Bonferroni), so at most their sum is. A site's
bound is w_s times the exact bound of k in n (see phisweep.review.estimates); w_s follows from the
bound at 95 per cent that its record holds. What was not decided counts as wrong.

Recall and precision of a review are not joined: they take the numbers of missed identifiers in single
passages, which the record of a site does not hold. **Evaluations** and **canaries** measure what was
labelled or planted at one site, in other texts: their shares have no common population.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from phisweep.figures import number, plural
from phisweep.intervals import exact_upper
from phisweep.report.companions import canary, evaluation, review
from phisweep.report.companions.review.model import GroupRecord
from phisweep.report.merged import JoinedRecord, MeasureRecord
from phisweep.report.parts import Part

_CONFIDENCE = 0.95


def measures_of(companion: Part) -> Iterator[MeasureRecord]:
    """Yield the shares that a companion tells of its site."""
    if isinstance(companion, review.Record):
        basis = f"{number(companion.answered)} of {plural(companion.drawn, 'drawn unit')} answered"
        for what, share in (("recall", companion.recall), ("precision", companion.precision)):
            yield MeasureRecord(
                by="review", what=what, value=share.estimate, low=share.low, high=share.high,
                basis=basis,
            )  # fmt: skip
    elif isinstance(companion, evaluation.Record):
        for tool in companion.tools:
            found = tool.total.blind.covered.recall
            yield MeasureRecord(
                by="evaluation",
                what=f"recall of {tool.name}, {companion.corpus}",
                value=found.hits / found.of if found.of else None,
                low=found.low,
                high=found.high,
                basis=f"{number(found.hits)} of {number(found.of)} labelled",
            )
    elif isinstance(companion, canary.Record):
        total = companion.total
        yield MeasureRecord(
            by="canary",
            what="recall of planted identifiers",
            value=total.recall,
            low=total.low,
            high=total.high,
            basis=f"{number(total.found + total.elsewhere)} of {number(total.planted)} planted",
        )


def joined_of(reviews: Mapping[str, review.Record]) -> Iterator[JoinedRecord]:
    """Yield the units of each kind that the reviews of two or more sites drew from."""
    groups: dict[str, dict[str, GroupRecord]] = {}
    for site, record in reviews.items():
        for group in record.groups:
            groups.setdefault(group.group, {})[site] = group
    for name, of in groups.items():
        told = [*of.values()]
        population = sum(group.population for group in told)
        if len(told) > 1 and population:
            yield JoinedRecord(
                group=name,
                words=told[0].words,
                removed=told[0].removed,
                sites=tuple(of),
                population=population,
                drawn=sum(group.drawn for group in told),
                decided=sum(group.decided for group in told),
                wrong=sum(group.wrong for group in told),
                high=min(1.0, most_wrong(told) / population),
            )


def most_wrong(groups: Sequence[GroupRecord]) -> float:
    """Return how many units of one kind are wrong at most, at 95 per cent, over all sites."""
    uncertain = sum(group.drawn < group.population for group in groups)
    confidence = 1 - (1 - _CONFIDENCE) / max(1, uncertain)
    return sum(_most(group, confidence) for group in groups)


def _most(group: GroupRecord, confidence: float) -> float:
    against = group.wrong + group.drawn - group.decided
    if group.drawn == group.population:
        return against
    plain = exact_upper(against, group.drawn, _CONFIDENCE) if group.drawn else 1.0
    weight = max(1.0, group.share.high / plain)
    wider = exact_upper(against, group.drawn, confidence) if group.drawn else 1.0
    return group.population * (1.0 if group.share.high >= 1 else min(1.0, weight * wider))

"""
Recall and precision of a run, from a stratified sample of it, with bounds at 95 per cent.

**One stratum.** Of n units drawn without replacement from N, k were wrong. The bound of the share
of wrong ones is that of Clopper and Pearson (Biometrika 26, 1934); drawing without replacement only
makes it safer (W. Hoeffding, Probability inequalities for sums of bounded random variables, JASA 58,
1963, theorem 4). Where k = 0 it is about 3/n. A stratum that was drawn whole has no bound but k/N.

**Strata of one group** (the letters of removed findings). For k in n over all of them, the exact
bound holds for the mean of their shares weighted by n_h/n, for the number of successes in trials of
unlike chances is less spread than in those of their mean (W. Hoeffding, On the distribution of the
number of successes in independent trials, Annals of Mathematical Statistics 27, 1956). Weighted by
N_h/N, as it must be, the mean is at most w times that, where w is the largest (N_h/N) / (n_h/n):
the bound of a group is w times the exact bound of k in n.

**Several groups** (what was removed, what was kept). Each has its bound at 1 - 0.05/G, where G is
the number of groups that were not drawn whole, so that all hold together at 95 per cent
(Bonferroni); then the worst that all allow is taken. With E the wrong removals and M the misses,

    precision >= 1 - E/R        recall >= (R - E) / (R - E + M)

where R is the number of removals. A passage counts with as many misses as the worst passage of its
group that was seen, and with one at least.

Estimates count what was answered, each stratum by its size. **What was not answered, is not sure or
in dispute counts against the run in every lower bound of quality**, and for it in upper ones.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from phisweep.intervals import exact_upper
from phisweep.review.settling import Settled
from phisweep.review.strata import GROUPS, Group, Stratum

CONFIDENCE = 0.95
_REMOVED: tuple[Group, ...] = ("removed", "above")
_KEPT: tuple[Group, ...] = ("below", "text", "cell")


@dataclass(frozen=True, slots=True)
class Tally:
    """
    A stratum: its size, how many units were drawn, decided, and wrong.

    `stretches` counts what was missed, where a passage can miss several things; `most` is the
    largest number of them in one passage.
    """

    stratum: Stratum
    population: int
    drawn: int
    decided: int
    wrong: int
    unsure: int = 0
    disputed: int = 0
    stretches: int = 0
    most: int = 0

    @property
    def unsettled(self) -> int:
        """How many of those drawn are not decided."""
        return self.drawn - self.decided


@dataclass(frozen=True, slots=True)
class Bounded:
    """A share with its bounds in [0, 1], each at 95 per cent; no estimate where nothing is known."""

    estimate: float | None
    low: float
    high: float


def tallies(sizes: Mapping[Stratum, tuple[int, int]], settled: Sequence[Settled]) -> list[Tally]:
    """Return the tallies of strata, of which population and number drawn are given."""
    of: dict[Stratum, list[Settled]] = defaultdict(list)
    for unit in settled:
        of[unit.unit.stratum].append(unit)
    return [_tally(stratum, *sizes[stratum], of[stratum]) for stratum in sorted(sizes)]


def _tally(stratum: Stratum, population: int, drawn: int, units: Sequence[Settled]) -> Tally:
    wrong = [unit for unit in units if unit.wrong]
    counts = [max(1, len(unit.missed)) for unit in wrong]
    return Tally(
        stratum,
        population,
        drawn,
        decided=sum(unit.state == "decided" for unit in units),
        wrong=len(wrong),
        unsure=sum(unit.state == "unsure" for unit in units),
        disputed=sum(unit.state == "disputed" for unit in units),
        stretches=sum(counts),
        most=max(counts, default=0),
    )


def of_group(strata: Sequence[Tally], group: Group) -> list[Tally]:
    """Return the tallies of a group that has units at all."""
    return [tally for tally in strata if tally.stratum.group == group and tally.population]


def share_wrong(strata: Sequence[Tally], confidence: float = CONFIDENCE) -> Bounded:
    """Return the share of wrong units in strata of one group."""
    population = sum(tally.population for tally in strata)
    if not population:
        return Bounded(None, 0.0, 1.0)
    against = [tally.wrong + tally.unsettled for tally in strata]
    for_it = [tally.decided - tally.wrong + tally.unsettled for tally in strata]
    return Bounded(
        _estimate(strata),
        1 - _most(strata, for_it, confidence) / population,
        _most(strata, against, confidence) / population,
    )


def _estimate(strata: Sequence[Tally], *, stretches: bool = False) -> float | None:
    """Return the share of wrong units, or of what was missed by unit, by size of the strata."""
    known = [tally for tally in strata if tally.decided]
    population = sum(tally.population for tally in known)
    if not population:
        return None
    return (
        sum(
            tally.population * (tally.stretches if stretches else tally.wrong) / tally.decided
            for tally in known
        )
        / population
    )


def _most(strata: Sequence[Tally], counts: Sequence[int], confidence: float) -> float:
    """Return the upper bound of the number of units of a kind, of which `counts` were drawn."""
    pairs = [*zip(strata, counts, strict=True)]
    known = sum(count for tally, count in pairs if tally.drawn == tally.population)
    known += sum(tally.population for tally in strata if not tally.drawn)
    seen = [(t, count) for t, count in pairs if 0 < t.drawn < t.population]
    if not seen:
        return float(known)
    drawn = sum(tally.drawn for tally, _ in seen)
    population = sum(tally.population for tally, _ in seen)
    heaviest = max(tally.population / tally.drawn for tally, _ in seen) * drawn / population
    bound = heaviest * exact_upper(sum(count for _, count in seen), drawn, confidence)
    return min(1.0, bound) * population + known


def _split(groups: Sequence[Sequence[Tally]]) -> float:
    """Return the confidence at which the bound of each group is taken."""
    uncertain = sum(any(tally.drawn < tally.population for tally in group) for group in groups)
    return 1 - (1 - CONFIDENCE) / max(1, uncertain)


def precision(strata: Sequence[Tally]) -> Bounded:
    """Return the share of removals that were right."""
    wrong = share_of_removed(strata)
    estimate = None if wrong.estimate is None else 1 - wrong.estimate
    return Bounded(estimate, 1 - wrong.high, 1 - wrong.low)


def share_of_removed(strata: Sequence[Tally]) -> Bounded:
    """Return the share of removals that were wrong: of both groups, or of a letter in both."""
    groups = [of_group(strata, group) for group in _REMOVED]
    removals = sum(tally.population for group in groups for tally in group)
    if not removals:
        return Bounded(None, 0.0, 1.0)
    confidence = _split(groups)
    most = sum(_wrong(group, confidence) for group in groups)
    least = sum(_right(group, confidence) for group in groups)
    shares = [_estimate(group) for group in groups if group]
    estimate = None
    if None not in shares:
        estimate = _weighted(groups, [share or 0.0 for share in shares]) / removals
    return Bounded(estimate, max(0.0, 1 - least / removals), min(1.0, most / removals))


def recall(strata: Sequence[Tally]) -> Bounded:
    """Return the share of what identifies that was removed."""
    removed = [of_group(strata, group) for group in _REMOVED]
    kept = [of_group(strata, group) for group in _KEPT]
    confidence = _split([*removed, *kept])
    removals = sum(tally.population for group in removed for tally in group)
    hits = max(0.0, removals - sum(_wrong(group, confidence) for group in removed))
    misses = sum(
        _wrong(group, confidence) * max([1, *(tally.most for tally in group)]) for group in kept
    )
    best = sum(_right(group, confidence) for group in removed)
    fewest = sum(
        sum(tally.population for tally in group) - _right(group, confidence) for group in kept
    )
    return Bounded(
        _recall(removed, kept, removals),
        hits / (hits + misses) if hits else 0.0,
        best / (best + max(0.0, fewest)) if best else 1.0,
    )


def _recall(
    removed: Sequence[Sequence[Tally]], kept: Sequence[Sequence[Tally]], removals: int
) -> float | None:
    wrong = [_estimate(group) for group in removed if group]
    missed = [_estimate(group, stretches=True) for group in kept if group]
    if None in wrong or None in missed:
        return None
    hits = removals - _weighted(removed, [share or 0.0 for share in wrong])
    misses = _weighted(kept, [share or 0.0 for share in missed])
    return hits / (hits + misses) if hits + misses else None


def _weighted(groups: Sequence[Sequence[Tally]], shares: Sequence[float]) -> float:
    """Return the number of units that shares of the groups, those that have any, make."""
    sizes = [sum(tally.population for tally in group) for group in groups if group]
    return sum(size * share for size, share in zip(sizes, shares, strict=True))


def _wrong(group: Sequence[Tally], confidence: float) -> float:
    """Return the upper bound of the number of wrong units."""
    return _most(group, [t.wrong + t.unsettled for t in group], confidence) if group else 0.0


def _right(group: Sequence[Tally], confidence: float) -> float:
    """Return the upper bound of the number of right ones."""
    counts = [tally.decided - tally.wrong + tally.unsettled for tally in group]
    return _most(group, counts, confidence) if group else 0.0


def letters(strata: Sequence[Tally]) -> dict[str, list[Tally]]:
    """Return the tallies of removals by letter, of those that have any."""
    out: dict[str, list[Tally]] = defaultdict(list)
    for group in _REMOVED:
        for tally in of_group(strata, group):
            out[tally.stratum.letter].append(tally)
    return dict(sorted(out.items()))


def groups(strata: Sequence[Tally]) -> dict[Group, list[Tally]]:
    """Return the tallies by group, of those that have any units."""
    return {group: found for group in GROUPS if (found := of_group(strata, group))}

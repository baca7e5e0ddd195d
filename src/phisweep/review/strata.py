"""The strata that a sample is drawn from, and how many units are drawn of each."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Literal, TypeVar

Group = Literal["removed", "above", "below", "text", "cell"]
K = TypeVar("K", bound=Hashable)

#: What the units of a group are.
GROUPS: Mapping[Group, str] = {
    "removed": "removed or changed",
    "above": "removed, score near the threshold",
    "below": "kept, score near the threshold",
    "text": "kept passages of text",
    "cell": "kept cells and values",
}
#: Groups whose units are single findings; those of the others are passages.
CANDIDATES: frozenset[Group] = frozenset({"removed", "above", "below"})
#: Of the sample; what a group has not, the others get. Most of it goes where misses would be.
_SHARES: Mapping[Group, float] = {
    "removed": 0.25,
    "above": 0.075,
    "below": 0.075,
    "text": 0.3,
    "cell": 0.3,
}
_EACH = 4  # a quarter of a group's units is spread evenly over its letters, the rest by their size


@dataclass(frozen=True, slots=True, order=True)
class Stratum:
    """A group, and of findings the letter (A) to (R); "" of passages."""

    group: Group
    letter: str = ""


def allocate(sizes: Mapping[Stratum, int], n: int) -> dict[Stratum, int]:
    """
    Return how many units are drawn of each stratum: n in all, or all that there are.

    Within a group a part is spread evenly, so that rare letters are seen, and the rest in
    proportion to the sizes. No stratum gets more than it has.
    """
    present = [g for g in GROUPS if any(s.group == g and sizes[s] for s in sizes)]
    caps = {g: sum(size for s, size in sizes.items() if s.group == g) for g in present}
    budgets = filled({g: _SHARES[g] for g in present}, caps, n)
    out: dict[Stratum, int] = {}
    for group in present:
        strata = {s: sizes[s] for s in sorted(sizes) if s.group == group and sizes[s]}
        out |= _within(strata, budgets[group])
    return out


def _within(sizes: Mapping[Stratum, int], n: int) -> dict[Stratum, int]:
    each = n // (_EACH * len(sizes)) or (1 if n >= len(sizes) else 0)
    first = {s: min(size, each) for s, size in sizes.items()}
    rest = filled(sizes, {s: sizes[s] - first[s] for s in sizes}, n - sum(first.values()))
    return {s: first[s] + rest[s] for s in sizes}


def filled(weights: Mapping[K, float], caps: Mapping[K, int], n: int) -> dict[K, int]:
    """
    Share n by weights, by largest remainders, none above its cap; what one cannot take others get.

    The sum is n, or that of the caps where they are less.
    """
    out = dict.fromkeys(weights, 0)
    left, open_ = n, [key for key in weights if caps[key] > 0]
    while left > 0 and open_:
        total = sum(weights[key] for key in open_)
        ideal = {key: left * weights[key] / total for key in open_}
        full = [key for key in open_ if ideal[key] >= caps[key]]
        if full:
            for key in full:
                out[key] = caps[key]
            left -= sum(caps[key] for key in full)
            open_ = [key for key in open_ if key not in full]
            continue
        out |= {key: int(ideal[key]) for key in open_}
        left -= sum(int(ideal[key]) for key in open_)
        ranked = sorted(open_, key=lambda key: int(ideal[key]) - ideal[key])
        for key in ranked[:left]:
            out[key] += 1
        break
    return out

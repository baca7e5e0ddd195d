"""
How many who are unique here are unique in the population that the data were drawn from.

Nobody can count it without the population. Two estimates by other models are given, both for a
simple random sample of known share, and neither is a bound:

* Zayatz, "Estimation of the percent of unique population elements on a microdata file using the
  sample", US Bureau of the Census, 1991: the classes of the population are taken to be as large as
  those of the sample. It is near where a large share was drawn, and says too much of small ones.
* Hoshino, "Applying Pitman's sampling formula to microdata disclosure risk assessment", Journal of
  Official Statistics 17(4), 2001: classes come by Pitman's two-parameter formula, fitted by maximum
  likelihood. Dankar, El Emam, Neisa and Roffey, "Estimating the re-identification risk of clinical
  data sets", BMC Medical Informatics and Decision Making 12:66, 2012, found it the best of those
  that they compared for shares of up to a tenth.

Of a class of f here, the mean of one by its size in the population is that of Benedetti and
Franconi (as in mu-Argus): a negative binomial; it says too little of the risk where classes are
small and the share is.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from phisweep.risk.grouping import Whole
from phisweep.risk.sizes import Sizes

SMALL = 0.1  # the share of the population up to which Pitman's estimate is the one to use
_GOLDEN = (math.sqrt(5) - 1) / 2
_STEPS = 60
_LARGEST = 10_000  # classes of more members are hardly of the size that makes a unique one


@dataclass(frozen=True, slots=True)
class Population:
    """
    The population's size, the share that was drawn, and the estimated share of its unique people.

    `estimate` is the one of the two that the share calls for, named in `by`.
    """

    size: int
    drawn: float
    zayatz: float
    pitman: float

    @property
    def by(self) -> str:
        """The estimate to use."""
        return "pitman" if self.drawn <= SMALL else "zayatz"

    @property
    def estimate(self) -> float:
        """Its share, in [0, 1]."""
        return self.pitman if self.by == "pitman" else self.zayatz


def population(found: Sizes, size: int) -> Population:
    """Return the estimates for a population of `size`, which is not less than the people here."""
    return Population(size, found.all / size, zayatz(found, size), pitman(found, size))


def zayatz(found: Sizes, size: int) -> float:
    """Return the share of the people here that are unique in the population, by Zayatz."""
    people, unique = found.all, _unique(found)
    if not unique or people >= size:
        return unique / people if people else 0.0
    weights = found.classes / found.count
    chances = np.array([_one_drawn(int(f), size, people) for f in found.sizes])
    whole = float((weights * chances).sum())
    return unique / people * float(weights[0] * chances[0]) / whole if whole else 0.0


def pitman(found: Sizes, size: int) -> float:
    """Return the share of the population's people that are unique in it, by Pitman's formula."""
    people, unique = found.all, _unique(found)
    if not unique or people >= size:
        return unique / people if people else 0.0
    if found.count == people:  # all are unique: the likelihood has no maximum within
        return 1.0
    alpha, theta = _fitted(found)
    # The mean count of classes of one: theta+1 rising to theta+alpha, times N to the alpha.
    log = math.lgamma(theta + 1) - math.lgamma(theta + alpha) + (alpha - 1) * math.log(size)
    return min(1.0, math.exp(log))


def inverse_sizes(sizes: Whole, drawn: float) -> npt.NDArray[np.float64]:
    """
    Return the mean of 1/F, F the size in the population of a class of each of these sizes here.

    E = p * integral of v**(f-1) / (p + (1-p) v) over v from 0 to 1, p the share that was drawn.
    """
    if drawn >= 1:
        return 1.0 / sizes
    most = int(min(sizes.max(), _LARGEST))
    table = _falling(most, drawn) if drawn > 0.5 else _rising(most, drawn)  # noqa: PLR2004
    few = sizes <= most
    out = drawn / sizes.astype(float)
    out[few] = table[sizes[few]]
    return out


def _unique(found: Sizes) -> int:
    return int(found.people[0]) if found.least == 1 else 0


def _one_drawn(members: int, size: int, people: int) -> float:
    """Return the chance that of so many members of the population exactly one is drawn."""
    if size - members < people - 1:
        return 0.0
    log = (
        math.log(members)
        + _choose(size - members, people - 1)
        - _choose(size, people)
    )  # fmt: skip
    return math.exp(log)


def _choose(n: int, k: int) -> float:
    return math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1)


def _fitted(found: Sizes) -> tuple[float, float]:
    """Return alpha and theta of the greatest likelihood, by golden section in both."""
    people, count = found.all, found.count
    sizes, classes = found.sizes.tolist(), found.classes.tolist()

    def inner(alpha: float) -> tuple[float, float]:
        """Return log theta and the likelihood of the best theta."""
        constant: float = sum(
            times * (math.lgamma(size - alpha) - math.lgamma(1 - alpha))
            for size, times in zip(sizes, classes, strict=True)
            if size > 1
        )

        def of(log_theta: float) -> float:
            theta = math.exp(log_theta)
            ratio = theta / alpha
            return (
                (count - 1) * math.log(alpha)
                + math.lgamma(ratio + count)
                - math.lgamma(ratio + 1)
                - math.lgamma(theta + people)
                + math.lgamma(theta + 1)
                + constant
            )

        best = _peak(of, math.log(1e-6), math.log(100.0 * people))
        return best, of(best)

    alpha = _peak(lambda a: inner(a)[1], 1e-6, 1 - 1e-6)
    return alpha, math.exp(inner(alpha)[0])


def _peak(of: Callable[[float], float], low: float, high: float) -> float:
    """Return where a function with one peak has it."""
    one, two = high - _GOLDEN * (high - low), low + _GOLDEN * (high - low)
    at_one, at_two = of(one), of(two)
    for _ in range(_STEPS):
        if at_one < at_two:
            low, one, at_one = one, two, at_two
            two = low + _GOLDEN * (high - low)
            at_two = of(two)
        else:
            high, two, at_two = two, one, at_one
            one = high - _GOLDEN * (high - low)
            at_one = of(one)
    return (low + high) / 2


def _rising(most: int, drawn: float) -> npt.NDArray[np.float64]:
    """Return E for 0 to `most` from E(1) on, which is stable for a share of up to a half."""
    rest = 1 - drawn
    out = np.zeros(most + 1)
    integral = math.log(1 / drawn) / rest
    for f in range(1, most + 1):
        out[f] = drawn * integral
        integral = (1 / f - drawn * integral) / rest
    return out


def _falling(most: int, drawn: float) -> npt.NDArray[np.float64]:
    """Return E for 0 to `most` as a power series in the share that was not drawn."""
    rest, f = 1 - drawn, np.arange(most + 1, dtype=float)
    f[0] = 1
    term = drawn / f  # of m = 0: B(f, 1) = 1/f
    out = term.copy()
    m = 0
    while term.max() > 1e-17:  # noqa: PLR2004 - below what a double holds
        m += 1
        term = term * rest * m / (f + m)
        out += term
    out[0] = 0.0
    return out

"""
What three attackers may reach: prosecutor, journalist and marketer.

El Emam, "Guide to the De-Identification of Personal Health Information", CRC Press, 2013, chapters
16 and 17. The prosecutor knows that his target is in the data; the journalist does not, and wants
anybody; the marketer wants as many as he can get. A person's risk is one by the size of his class:
here for the prosecutor, in the population for the other two. Where the population is not known it
is taken to be these people alone, which is the strictest assumption: all three are then the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from phisweep.risk.population import Population, inverse_sizes
from phisweep.risk.sizes import Sizes

#: One in eleven: EMA, "External guidance on the implementation of Policy 0070" (EMA/90915/2016),
#: and Health Canada, "Public Release of Clinical Information" (2019), both for public release; the
#: cell size of CMS is eleven as well.
THRESHOLD = 0.09


@dataclass(frozen=True, slots=True)
class Attack:
    """The highest risk, the mean, and how many people are above the threshold."""

    highest: float
    mean: float
    above: int


@dataclass(frozen=True, slots=True)
class Attacks:
    """What the three may reach; `members` is the least class within the threshold."""

    threshold: float
    members: int
    prosecutor: Attack
    journalist: Attack
    marketer: float


def members_for(threshold: float) -> int:
    """
    Return the least size of a class whose risk is within a threshold, in (0, 1].

    A threshold that is one by a whole number, rounded to its own decimals, stands for that number:
    0.09 for eleven, as EMA and Health Canada have it, and 0.33 for three.
    """
    exponent = Decimal(str(threshold)).as_tuple().exponent
    digits = max(2, -exponent if isinstance(exponent, int) else 2)
    members = max(1, round(1 / threshold))
    meant = round(1 / members, digits) == threshold
    return members if meant or 1 / members <= threshold else members + 1


def attacks(found: Sizes, threshold: float, population: Population | None) -> Attacks:
    """Return what the attackers may reach."""
    members = members_for(threshold)
    mean = found.mean_risk
    prosecutor = Attack(1 / found.least if found.least else 0.0, mean, found.below(members))
    if population is None:
        return Attacks(threshold, members, prosecutor, prosecutor, mean)
    risks = inverse_sizes(found.sizes, population.drawn)
    marketer = float((found.people * risks).sum() / found.all)
    above = int(found.people[risks > 1 / members].sum())
    # El Emam's mean for a journalist is the larger of the marketer's and of classes by population.
    journalist = Attack(float(risks.max()), max(marketer, found.count / population.size), above)
    return Attacks(threshold, members, prosecutor, journalist, marketer)

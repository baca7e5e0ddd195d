"""Which three-digit ZIP prefixes may be kept: an allow-table from the census."""

from __future__ import annotations

from phisweep.errors import RuleError
from phisweep.ruleset.load import Ruleset

#: 45 CFR 164.514(b)(2)(i)(B)(1): the area "contains more than 20,000 people".
PEOPLE = 20_000
POPULATIONS = "zip3-{census}"
SMALL = "zip3-small-"
CENSUS = "2020"
STRICT = "strict"


def populations(ruleset: Ruleset, census: str = CENSUS) -> dict[str, int]:
    """Return the inhabitants of every ZIP3 area of a census. Raises RuleError."""
    rows = (line.split(",") for line in ruleset.entries(POPULATIONS.format(census=census)))
    return {prefix: int(people) for prefix, people in rows if prefix.isdecimal()}


def small_prefixes(ruleset: Ruleset) -> frozenset[str]:
    """Return every prefix that a list of small areas of any census names. Raises RuleError."""
    lists = (name for name in ruleset.lists if name.startswith(SMALL))
    return frozenset(prefix for name in lists for prefix in ruleset.entries(name))


def allowed_prefixes(ruleset: Ruleset, census: str, margin: float) -> frozenset[str]:
    """
    Return the prefixes that may be kept; every other, known or not, becomes 000.

    `census` is "2020", or "strict": then what was small in any census goes too. `margin`, 0 or
    more, is the share by which an area must exceed 20,000 people (the 2020 counts carry
    disclosure-avoidance noise). Raises RuleError.
    """
    if census not in {CENSUS, STRICT}:
        raise RuleError("E175", "the setting census is neither 2020 nor strict")
    if margin < 0:
        raise RuleError("E175", "the setting census-margin is less than 0")
    least = PEOPLE * (1 + margin)
    large = {prefix for prefix, people in populations(ruleset).items() if people > least}
    return frozenset(large - small_prefixes(ruleset) if census == STRICT else large)

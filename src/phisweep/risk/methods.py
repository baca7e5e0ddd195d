"""How a risk was measured, and what its figures do not mean, in words."""

from __future__ import annotations

from collections.abc import Iterator

from phisweep.risk.assess import Assessment
from phisweep.risk.attackers import THRESHOLD


def methods(found: Assessment, *, agrees: bool) -> Iterator[str]:
    """Yield the sentences; `agrees`: a missing value was asked to agree with every other."""
    if found.by_subject:
        yield (
            "A class holds people, each once however many rows they have in it; a person's risk is"
            " that of the smallest class that one of the rows is in. Who knows several rows of one"
            " person knows more than this."
        )
    if found.missing and found.agrees:
        yield "A missing value agrees with every other, so classes overlap."
    elif found.missing:
        yield (
            "A missing value is a value of its own, which is the stricter reading"
            + ("." if found.loosened else "; --missing any takes it to agree with every other.")
        )
    elif agrees:
        yield "No row lacks a value, so it does not matter what a missing one means."
    yield (
        f"At risk is who stands in a class of fewer than {found.attacks.members}: the threshold of"
        " 0.09 is that of EMA (Policy 0070) and Health Canada for public release, and eleven the"
        " least cell of CMS."
        if found.attacks.threshold == THRESHOLD
        else f"At risk is who stands in a class of fewer than {found.attacks.members}."
    )
    if found.population is None:
        yield (
            "The population is not known, and is taken to be these people alone: the strictest"
            " assumption. --population or --drawn gives its size."
        )
    else:
        yield (
            "What is told of the population is estimated by a model, for a simple random sample"
            f" ({found.population.drawn:.4g} of it): Pitman's formula (Hoshino 2001) where a tenth or"
            " less was drawn, else Zayatz (1991); of the journalist and the marketer by Benedetti"
            " and Franconi, which says too little where classes are small. None is a bound."
        )
    yield (
        "The figures hold for these quasi-identifiers, and say nothing of what else somebody may"
        " know."
    )

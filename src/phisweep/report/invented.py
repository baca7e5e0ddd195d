"""Surrogates and codes: how many, of what they are made, and who can lead them back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from phisweep.model import IDENTIFIERS
from phisweep.report import phrases
from phisweep.report.counts import IN_NAME, treated_by
from phisweep.report.parts import Count, Guarded, Keeping, Letter, PlaceRecord, PolicyRecord

Made = Literal["drawn", "derived", "not told"]
SURROGATE, CODE = "surrogate", "code"


class SurrogateRecord(Guarded):
    """The surrogates of one identifier; `reserved` where they are of a range that nobody is given."""

    identifier: str
    letter: Letter
    count: Count
    reserved: bool
    made_of: str


class SurrogatesRecord(Guarded):
    """The surrogates of a run: drawn at random, or derived from what they stand for."""

    count: Count
    made: Made
    words: str
    kinds: tuple[SurrogateRecord, ...]

    def _check(self) -> None:
        if self.count != sum(kind.count for kind in self.kinds):
            raise ValueError("the surrogates do not add up")


class CodesRecord(Guarded):
    """The random codes of a run; `in_names` counts findings in names of files, which get codes."""

    count: Count
    in_names: Count
    words: str


def surrogates_of(
    policy: PolicyRecord | None, places: Sequence[PlaceRecord], *, key_id: str, keeping: Keeping
) -> SurrogatesRecord | None:
    """Return the surrogates by identifier, zeros too; None where the policy asks for none."""
    asked = _asked(policy) if policy else set()
    counts = treated_by(places, SURROGATE)
    if policy is None or not asked | {*counts}:
        return None
    made = _made(policy.method, keeping)
    return SurrogatesRecord(
        count=counts.total(),
        made=made,
        words=phrases.SURROGATES[made, keeping].format(key=key_id),
        kinds=tuple(
            SurrogateRecord(
                identifier=name,
                letter=letter,
                count=counts[name],
                reserved=name in phrases.RESERVED,
                made_of=phrases.RESERVED.get(name) or phrases.INVENTED.get(name, phrases.ALIKE),
            )
            for name, letter in IDENTIFIERS.items()
            if name in asked | {*counts}
        ),
    )


def codes_of(
    policy: PolicyRecord | None, places: Sequence[PlaceRecord], *, keeping: Keeping
) -> CodesRecord | None:
    """Return the codes of a run; None where there are none and the policy asks for none."""
    count = treated_by(places, CODE).total()
    in_names = sum(at.count for at in places if at.place == IN_NAME)
    asked = policy is not None and any(t.operator == CODE for t in policy.treatments)
    if not asked and count + in_names == 0:
        return None
    derived = policy is not None and policy.method != "safe-harbor"
    of_names = (phrases.CODES_OF_NAMES[keeping],) if in_names and derived else ()
    return CodesRecord(
        count=count, in_names=in_names, words=" ".join((phrases.CODES[keeping], *of_names)).strip()
    )


def _made(method: str, keeping: Keeping) -> Made:
    """Safe Harbor draws, and so does a vault; without one the other methods derive."""
    if method == "safe-harbor" or keeping == "vault":
        return "drawn"
    return "not told" if keeping == "not told" else "derived"


def _asked(policy: PolicyRecord) -> set[str]:
    """Return the identifiers of which the policy makes surrogates, those of columns too."""
    asked = set()
    for treatment in policy.treatments:
        if treatment.operator == SURROGATE:
            name = treatment.subject.partition("/")[0]
            own = name if name in IDENTIFIERS else treatment.params.get("identifier", "other_id")
            asked.add(str(own))
    return asked & {*IDENTIFIERS}

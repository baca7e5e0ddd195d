"""Why a rule finds what it finds, and why the policy does with it what it does: in their own words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from phisweep.model import NAMES_MODEL
from phisweep.report.parts import OperatorRecord, PolicyRecord, TreatmentRecord
from phisweep.ruleset.load import Ruleset
from phisweep.ruleset.schema import PatternEntry, PlaceEntry

#: Rules that stand in no file, by the part of their name behind the slash.
DERIVED: Final[Mapping[str, str]] = MappingProxyType(
    {
        "band": "A band of ages that reaches 90 years or more, in a column or under a key of ages.",
        "column-policy": "The policy names the column, key or element.",
        "implied": (
            "An age under 90 from which other dates of the same subject tell one of 90 or more."
        ),
        "known-value": "A value that was removed elsewhere in the run stands here too.",
        "logged-day": "The lines of a log begin with days, and this one does, or is written like them.",
        "logged-initials": "The entries of a log are signed with letters that recur; these are some.",
        "listed-room": "Lines begin with numbers or codes that names follow: a list by rooms, beds or chairs.",
        "logged-room": "The lines of a round begin with beds or rooms, and this one does.",
        "propagated": "A name or number that another rule found in the text stands here once more.",
        "roster": "The subject's own record holds this name, number, address or day.",
        "strict": "A word that looks like a name and that no list vouches for; asked for by strict.",
        "subject-key": "The key of a subject of the run.",
        "unique-column": "A column whose values are told apart like numbers of persons.",
    }
)
_BESIDE: Final[Mapping[str, str]] = MappingProxyType(
    {
        NAMES_MODEL: "The names model read the sentence and took this for one. A model has no rule.",
        "presidio": "A recognizer of Presidio, as the configuration asks for it.",
    }
)
_OF_THE_SITE: Final = "A pattern of the site's own configuration."


def whys(ruleset: Ruleset) -> Callable[[str], str]:
    """Return a function from the name of a rule, "ssn/dashed", to why it finds what it finds."""
    told: dict[str, dict[str, None]] = {}
    for rule in ruleset.rules:
        for entry in rule.detect:
            name = entry.pattern if isinstance(entry, PatternEntry) else entry.name
            told.setdefault(f"{rule.id}/{name}", {})[entry.why] = None
    for file in ruleset.fields:
        for place in file.places:
            if isinstance(place, PlaceEntry):
                said = f"{file.title}: {place.why}"
                told.setdefault(f"{place.identifier}/{file.id}-{place.name}", {})[said] = None

    def why(name: str) -> str:
        if name in told:
            return " ".join(text.strip() for text in told[name])
        family, _, rest = name.partition("/")
        return _BESIDE.get(family) or DERIVED.get(rest, _OF_THE_SITE)

    return why


def treatment_of(policy: PolicyRecord, subject: str) -> TreatmentRecord | None:
    """Return what the policy says of an identifier, or of a rule by its whole name."""
    return next((entry for entry in policy.treatments if entry.subject == subject), None)


def reason_of(treatment: TreatmentRecord, operators: Mapping[str, OperatorRecord]) -> str:
    """Return the policy's own reason, else that of the law for the operator, with its paragraph."""
    law = operators.get(treatment.operator)
    said = treatment.reason or (law.why if law else "")
    cited = treatment.citation or (law.citation if law else "")
    return f"{said} {cited}".strip()

"""
The leaks by name: what each is, why it tells more, by which words of the law, and what is done.

Report and documents both take their words from here.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from phisweep.model import Leak
from phisweep.values import dataclass

#: "all ages over 89 and all elements of dates (including year) indicative of such age"
_AGES = "45 CFR 164.514(b)(2)(i)(C)"
#: A code "is not derived from or related to information about the individual".
_CODES = "45 CFR 164.514(c)"
#: No "actual knowledge that the information could be used alone or in combination".
_KNOWLEDGE = "45 CFR 164.514(b)(2)(ii)"


@dataclass(frozen=True, slots=True)
class LeakKind:
    """The words for one kind of leak; `why` and `resolution` are one sentence each."""

    title: str
    why: str
    citation: str
    resolution: str


#: What is done with a day counted from an event where the policy keeps the dates of one column alone.
DAYS_REMOVED = (
    "The column of days is removed, as its dates are wherever the policy does not keep them."
)
LEAKS: Mapping[str, LeakKind] = MappingProxyType(
    {
        "age-capped-birth-year-left": LeakKind(
            "An age is capped at 90+, and the birth year stands beside it",
            "The birth year and the year of an event tell the age that the cap hides.",
            _AGES,
            "Every birth year of the subject is written as one category, on or before the last "
            "that tells an age of 90.",
        ),
        "age-and-later-event": LeakKind(
            "An age below 90, and an event of a later year",
            "The years between the two, added to the age, tell an age of 90 or more.",
            _AGES,
            "Every age and birth year of the subject is written as the category of 90 and more.",
        ),
        "birth-year-elsewhere": LeakKind(
            "The birth year of a subject of 90 or more stands in another table",
            "The two tables share the subject's code, so the year found in one tells the age that "
            "is hidden in the other.",
            _AGES,
            "The subject's birth years are written as one category in every table.",
        ),
        "ninetieth-birthday": LeakKind(
            "A milestone or an age band tells an age of 90 or more",
            "A ninetieth birthday, or a band from 90 to 94, is finer than the one category that "
            "may stay.",
            _AGES,
            "The words are removed, and a band that begins at 90 or later is written 90+.",
        ),
        "relative-day-and-anchor": LeakKind(
            "A day counted from an event, and a full date of the same subject",
            "Whoever knows one date of the stay adds the day to it and has all other dates.",
            _AGES,
            "Nothing was changed, for the policy keeps the date; without the date, or without "
            "the day, nothing is told.",
        ),
        "part-of-removed": LeakKind(
            "A kept column holds a part of a removed one",
            "A part of an identifier is still the identifier: what was removed whole is read in "
            "pieces beside it.",
            "45 CFR 164.514(b)(2)(i)",
            "The column is treated as the removed one is.",
        ),
        "hash-of-identifier": LeakKind(
            "A column holds unkeyed hashes of an identifier",
            "Whoever has a list of the identifiers, or tries all that there can be, hashes them "
            "and looks which is which.",
            _CODES,
            "The column is treated as the identifier is; under a code, equal values stay equal.",
        ),
        "encoded-identifier": LeakKind(
            "A column holds an identifier in another writing",
            "An encoding, a reversal, an added constant, or initials with a date need no secret "
            "to be read back.",
            _CODES,
            "The column is treated as the identifier is; under a code, equal values stay equal.",
        ),
        "same-as-removed": LeakKind(
            "A kept column repeats a removed one",
            "Row by row it says what was removed, under another name.",
            _KNOWLEDGE,
            "The column is treated as the removed one is.",
        ),
        "conflicting-birth-dates": LeakKind(
            "One subject has two birth dates",
            "The younger one may leave a birth year that the older one tells to be an age of 90 "
            "or more.",
            _AGES,
            "The older birth date is taken for every age of the subject.",
        ),
    }
)


def leak(name: str, *, file: str, place: str, other: str = "", count: int) -> Leak:
    """Return a leak in the words of its kind. Raises KeyError for a name that LEAKS lacks."""
    kind = LEAKS[name]
    return Leak(name, file, place, other, count, kind.resolution, kind.citation, kind.why)

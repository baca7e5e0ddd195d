"""
What single fields leave that together tell more: named, counted, and found without a value kept.

`kinds` names every leak, once for report and documents; `years` puts the ages, birth years and
events of a subject together; `related` compares the columns of a table row by row, `hashes` those
of several files; `labels` reads age bands and days that are counted from an event.
"""

from phisweep.leaks.hashes import digests, hashes_of, matches
from phisweep.leaks.kinds import LEAKS, LeakKind, leak
from phisweep.leaks.labels import band, milestone, relative_day
from phisweep.leaks.related import Sample, column_leaks, related
from phisweep.leaks.years import Old, OldSubjects, Years

__all__ = [
    "LEAKS",
    "LeakKind",
    "Old",
    "OldSubjects",
    "Sample",
    "Years",
    "band",
    "column_leaks",
    "digests",
    "hashes_of",
    "leak",
    "matches",
    "milestone",
    "related",
    "relative_day",
]

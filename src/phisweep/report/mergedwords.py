"""The sentences and figures that all forms of a merged report share."""

from __future__ import annotations

from phisweep.figures import number, plural
from phisweep.report.merged import FlooredRecord, MeasureRecord, MergedRecord

_PERCENT = 100
NOT_JOINED = (
    "Recall and precision of single sites stand side by side: each was measured on that site's own"
    " sample, and its record does not hold what adding them up would take."
)
JOINED = (
    "Every site drew its units blindly and at random, so units of one kind can be joined: the share"
    " that is wrong is at most this, at 95 per cent for all the sites named together. What was not"
    " decided counts as wrong."
)
NO_DISAGREEMENT = "The runs were made alike: same rules, policy, engine, model, versions, options."
DISAGREED = (
    "The runs were not made alike. A difference between sites may come from this and not from their"
    " data."
)
REPEATED = (
    "{files} in more than one run, byte for byte, and what was found there counts as often: shards that"
    " overlap, or a file that several sites have."
)
SITES = (
    "Each site ran phisweep on its own data; only records of runs were brought together. No file of"
    " any site is named here."
)
CUSTODY = {
    "whole": "whole",
    "none": "not there: only the record was given, or an older version made it",
}
DECISIONS = {"release": "released", "reject": "rejected", "none": "not signed off"}


def bounds(measure: MeasureRecord) -> str:
    """`98.1% (96.4 to 99.2)`."""
    value = "none" if measure.value is None else percent(measure.value)
    return f"{value} ({_PERCENT * measure.low:.1f} to {_PERCENT * measure.high:.1f})"


def percent(share: float) -> str:
    """`0.981` -> `98.1%`."""
    return f"{_PERCENT * share:.1f}%"


def floored(count: FlooredRecord) -> str:
    """Return a sum, and how many counts from 1 to 10 are not in it."""
    if not count.hidden:
        return number(count.shown)
    return f"{number(count.shown)} and {plural(count.hidden, 'count')} not shown"


def repeated(record: MergedRecord) -> str:
    """Return what is said of files that stand in several runs, or nothing."""
    if not record.repeated:
        return ""
    return REPEATED.format(files=plural(record.repeated, "file stands", "files stand"))

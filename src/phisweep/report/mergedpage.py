"""A merged record as JSON, as Markdown and as one page."""

from __future__ import annotations

import json
from pathlib import Path

from phisweep import pages
from phisweep.figures import number, plural
from phisweep.legible import legible
from phisweep.pages.charts import Bars, Estimate, Heat, Intervals, Row, described
from phisweep.report import mergedwords as said
from phisweep.report import words
from phisweep.report.merged import MergedRecord

_FOLDER = Path(__file__).parent / "templates"
_PERCENT = 100
_ROOM = 16  # characters of a site's name in a chart
_SHORT = {"recall": "recall", "precision": "precision"}


def as_json(record: MergedRecord) -> str:
    """Return merged.json: the schema's order of keys, 2 spaces, one LF."""
    data = record.model_dump(mode="json", by_alias=True)
    return json.dumps(data, indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def as_html(record: MergedRecord) -> str:
    """Return merged.html."""
    context = {
        "r": record,
        "names": [site.name for site in record.sites],
        "by_letter": by_letter(record),
        "heat": heat(record),
        "measured": measured(record),
        "floored": said.floored,
        "words": {
            "not_joined": said.NOT_JOINED, "joined": said.JOINED, "alike": said.NO_DISAGREEMENT,
            "disagreed": said.DISAGREED, "sites": said.SITES, "custody": said.CUSTODY, "decisions": said.DECISIONS,
            "repeated": said.repeated(record), "done": words.DONE, "left_out": words.LEFT_OUT,
        },
    }  # fmt: skip
    return pages.render(
        _FOLDER, "merged.html.j2", context, {"percent": said.percent, "bounds": said.bounds}
    )


def by_letter(record: MergedRecord) -> Bars:
    """Return a bar for each letter."""
    rows = tuple(
        Row(f"({entry.letter})", entry.count, number(entry.count) if entry.count else entry.state)
        for entry in record.letters
    )
    return Bars(
        "Findings by letter, all sites", described(rows, several="letters"), rows, "Findings"
    )


def heat(record: MergedRecord) -> Heat:
    """Return sites by letter."""
    rows = tuple(
        (site.name, tuple(letter.by_site[i] for letter in record.letters))
        for i, site in enumerate(record.sites)
    )
    letters = tuple(letter.letter for letter in record.letters)
    title, told = "Findings by site and letter", "Darker is more, by the logarithm."
    return Heat(title, told, letters, rows, of="Site")


def measured(record: MergedRecord) -> Intervals | None:
    """Return what the sites measured, side by side; None where nobody did."""
    rows = [
        Estimate(
            f"{_shortened(site.name)}: {_SHORT.get(measure.what, measure.by)}",
            measure.value,
            measure.low,
            measure.high,
            "none" if measure.value is None else said.percent(measure.value),
        )
        for site in record.sites
        for measure in site.measures
    ]
    if not rows:
        return None
    low = min(row.low for row in rows)
    start = next((start for start in (0.9, 0.5) if low >= start), 0.0)
    told = f"{plural(len(rows), 'share')} with bounds at 95 per cent, each of its own site."
    return Intervals("Measured at the sites", told, tuple(rows), start)


def _shortened(name: str) -> str:
    """Return a name that a chart has room for."""
    shown = legible(name)
    return shown if len(shown) <= _ROOM else f"{shown[: _ROOM - 3]}..."

"""The audit report as one page: no network, no font, no script but its own, printable."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from phisweep import pages
from phisweep.report import kept, leaks, moved, phrases, words
from phisweep.report.base import renderer
from phisweep.report.companions import Companion
from phisweep.report.json_ import digest
from phisweep.report.record import RunRecord

_FOLDER = Path(__file__).parent / "templates"
_TITLES = {
    "scan": "Search report",
    "gate": "Search report of the gate",
    "verify": "Verification report",
}


@renderer("html")
def render(record: RunRecord, beside: Sequence[Companion] = ()) -> str:
    """Return report.html. Its policy allows the page's own style and script, by digest alone."""
    verbs = record.manifest.command.split()
    context = {
        "r": record,
        "beside": beside,
        "title": next(
            (_TITLES[v] for v in verbs if v in _TITLES), "De-identification audit report"
        ),
        "digest": digest(record),
        "nothing_changed": words.NOTHING_CHANGED,
        "kept_words": words.KEPT,
        "floor": words.FLOOR,
        "left_out": words.LEFT_OUT,
        "baseline_words": words.BASELINE,
        "phrases": phrases,
    }
    filters: dict[str, Callable[..., object]] = {
        "done": done, "shown": kept.shown, "share": kept.share, "parts": kept.parts,
        "distinct": kept.distinct, "about": kept.about, "spread_title": kept.title,
        "charts": kept.charts, "tables": kept.tables, "left": kept.left,
        "quantile": kept.quantile, "sides": kept.sides, "leak_count": leaks.counted,
        "dates_moved": moved.dates_moved, "dates_alone": moved.dates_alone,
        "instead": moved.instead, "weekdays": moved.weekdays,
    }  # fmt: skip
    return pages.render(_FOLDER, "report.html.j2", context, filters)


def done(action: str) -> str:
    """`remove` -> `removed`; a word that we do not know stays."""
    return words.DONE.get(action, action)

"""The audit report as one page: no network, no font, no script but its own, printable."""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from markupsafe import Markup, escape

from phisweep.report import kept, leaks, moved, phrases, words
from phisweep.report.base import renderer
from phisweep.report.figures import duration, number, plural, short, size
from phisweep.report.json_ import digest
from phisweep.report.legible import legible
from phisweep.report.record import RunRecord

_FOLDER = Path(__file__).parent / "templates"
_TITLES = {
    "scan": "Search report",
    "gate": "Search report of the gate",
    "verify": "Verification report",
}


@renderer("html")
def render(record: RunRecord) -> str:
    """Return report.html. Its policy allows the page's own style and script, by digest alone."""
    environment = Environment(
        loader=FileSystemLoader(_FOLDER),
        autoescape=select_autoescape(("html.j2",)),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    for name, function in (
        ("number", number), ("plural", plural), ("size", size), ("duration", duration),
        ("short", short), ("legible", legible), ("done", done), ("path", path),
        ("shown", kept.shown), ("share", kept.share), ("parts", kept.parts),
        ("distinct", kept.distinct), ("about", kept.about), ("spread_title", kept.title),
        ("charts", kept.charts), ("tables", kept.tables), ("left", kept.left),
        ("quantile", kept.quantile), ("sides", kept.sides),
        ("leak_count", leaks.counted), ("dates_moved", moved.dates_moved), ("dates_alone", moved.dates_alone),
        ("instead", moved.instead), ("weekdays", moved.weekdays),
    ):  # fmt: skip
        environment.filters[name] = function
    style = environment.get_template("style.css.j2").render().strip()
    script = environment.get_template("script.js.j2").render().strip()
    verbs = record.manifest.command.split()
    return environment.get_template("report.html.j2").render(
        r=record,
        title=next((_TITLES[v] for v in verbs if v in _TITLES), "De-identification audit report"),
        digest=digest(record),
        style=Markup(style),  # noqa: S704 - our own file, without a value of the run
        script=Markup(script),  # noqa: S704 - likewise
        style_hash=_source_hash(style),
        script_hash=_source_hash(script),
        nothing_changed=words.NOTHING_CHANGED,
        kept_words=words.KEPT,
        floor=words.FLOOR,
        left_out=words.LEFT_OUT,
        baseline_words=words.BASELINE,
        phrases=phrases,
    )


def done(action: str) -> str:
    """`remove` -> `removed`; a word that we do not know stays."""
    return words.DONE.get(action, action)


def path(text: str) -> Markup:
    """Return a path that a line may be broken in after each slash."""
    return Markup("/<wbr>").join(escape(part) for part in legible(text).split("/"))


def _source_hash(text: str) -> str:
    """Return the hash source of CSP level 2: `sha256-` and base64."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()

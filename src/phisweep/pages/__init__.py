"""
Pages for people: one file each, no network, no font, no script but their own, printable.

A page's template extends `page.html.j2` and fills its blocks `title`, `body`; `charts.html.j2` holds
the macros of `phisweep.pages.charts`. Everything is escaped unless it is Markup.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Mapping
from pathlib import Path

from markupsafe import Markup, escape

from phisweep.figures import duration, number, plural, short, size
from phisweep.legible import legible

FOLDER = Path(__file__).parent / "templates"


def render(
    folder: Path,
    template: str,
    context: Mapping[str, object],
    filters: Mapping[str, Callable[..., object]] | None = None,
) -> str:
    """
    Return a page made of a template in `folder`.

    A `style.css` and a `script.js` in the folder come after those of all pages. The page's
    content security policy allows its own style and script, by digest alone. `filters` come beside
    number, plural, size, duration, short, legible and path.
    """
    # 50 ms, which a search that shows no page does not pay.
    from jinja2 import (  # noqa: PLC0415
        Environment,
        FileSystemLoader,
        StrictUndefined,
        select_autoescape,
    )

    environment = Environment(
        loader=FileSystemLoader([folder, FOLDER]),
        autoescape=select_autoescape(("html.j2",)),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {
        "number": number, "plural": plural, "size": size, "duration": duration,
        "short": short, "legible": legible, "path": path, **(filters or {}),
    }  # fmt: skip
    style, script = _own(folder, "style.css"), _own(folder, "script.js")
    return environment.get_template(template).render(
        style=Markup(style),  # noqa: S704 - our own files, without a value of a run
        script=Markup(script),  # noqa: S704 - likewise
        style_hash=source_hash(style),
        script_hash=source_hash(script),
        **context,
    )


def path(text: str) -> Markup:
    """Return a path that a line may be broken in after each slash."""
    return Markup("/<wbr>").join(escape(part) for part in legible(text).split("/"))


def source_hash(text: str) -> str:
    """Return the hash source of CSP level 2: `sha256-` and base64."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _own(folder: Path, name: str) -> str:
    """Return what all pages have under that name, and after it what the folder adds."""
    found = [place / name for place in (FOLDER, folder) if (place / name).is_file()]
    return "\n".join(file.read_text(encoding="utf-8").strip() for file in found)

"""Templates: read from their files, and filled."""

from __future__ import annotations

import random
import re
from functools import cache
from pathlib import Path

from corpus.people import Part, form
from corpus.values import Scene, value

TEMPLATES = Path(__file__).parent.parent / "templates"
_SLOT = re.compile(r"\{(\w+)(?:\.(\w+))?\}")
_PERSON = re.compile(r"(?:pt|(?:dr|rel|oth)[23]?|rn2?)\Z")


@cache
def templates() -> tuple[tuple[str, str], ...]:
    """Return (kind, text) of every template, in the order of files and lines."""
    found: list[tuple[str, str]] = []
    for path in sorted(TEMPLATES.glob("*.txt")):
        texts = re.split(r"(?m)^%%[ \t]*\n", path.read_text(encoding="utf-8"))
        found += [(path.stem, text.strip("\n")) for text in texts if text.strip()]
    return tuple(found)


def fill(text: str, scene: Scene, r: random.Random) -> list[Part]:
    """Return the template's parts with every slot filled."""
    parts: list[Part] = []
    at = 0
    for match in _SLOT.finditer(text):
        if match.start() > at:
            parts.append((text[at : match.start()], None))
        who, how = match[1], match[2] or ""
        parts += form(r, scene.who(who), how) if _PERSON.match(who) else value(r, scene, who)
        at = match.end()
    if at < len(text):
        parts.append((text[at:], None))
    return parts

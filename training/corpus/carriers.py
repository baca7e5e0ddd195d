"""Real clinical sentences as carriers: their own names and dates replaced, further names set in."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from corpus.people import Part, form
from corpus.values import Scene, value

#: The carrier corpus' labels -> the slot that replaces the span; other spans stay as they are.
SLOTS: Mapping[str, str] = {
    "DATE": "date", "DATE_WEEKDAY": "dow", "DATE_HOLIDAY": "holiday", "LOCATION": "city", "HOSPITAL": "hosp",
    "LOCATION_OTHER": "city", "PHONE": "phone", "ID": "mrn", "AGE_OVER_89": "old", "ORG": "employer",
}  # fmt: skip
_SUBJECT = re.compile(
    r"(?<=[.!?]  )(?:The patient|He|She|Patient)(?= (?:is|was|has|had|denies|reports|states|will|did|does)\b)|\A(?:The patient|Patient)(?= (?:is|was|has|had|denies|reports))"
)
_RELATIVE = re.compile(
    r"\b[Hh](?:is|er) (?:mother|father|wife|husband|sister|brother|son|daughter)(?= (?:is|was|has|had|died|also|who))"
)


def is_identifier(label: str) -> bool:
    """Say whether a carrier's span of this label is an identifier (a year, an age is none)."""
    return label in SLOTS or label.startswith("NAME")


@dataclass(frozen=True)
class Carrier:
    """A text and its spans: start, end (half-open code points), label."""

    text: str
    spans: tuple[tuple[int, int, str], ...]


def read(path: Path) -> list[Carrier]:
    """Return the carriers of a file of JSON lines {"text", "spans": [{"start", "end", "label"}]}."""
    found: list[Carrier] = []
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        spans = sorted((s["start"], s["end"], s["label"]) for s in row["spans"])
        found.append(Carrier(row["text"], tuple(spans)))
    return found


def fill(carrier: Carrier, scene: Scene, r: random.Random) -> list[Part]:
    """Return the carrier's parts: its identifiers replaced, names set in for some subjects."""
    events: list[tuple[int, int, str]] = [s for s in carrier.spans if is_identifier(s[2])]
    taken = [(a, b) for a, b, _ in carrier.spans]
    if r.random() < 0.5:
        for match in _SUBJECT.finditer(carrier.text):
            if r.random() < 0.5 and not any(
                a < match.end() and match.start() < b for a, b in taken
            ):
                events.append((match.start(), match.end(), "=pt"))  # noqa: PERF401 - chance is drawn
        for match in _RELATIVE.finditer(carrier.text):
            if r.random() < 0.3 and not any(
                a < match.end() and match.start() < b for a, b in taken
            ):
                events.append((match.end(), match.end(), "=rel"))  # noqa: PERF401 - chance is drawn
    parts: list[Part] = []
    at = 0
    for start, end, label in sorted(events):
        if start < at:
            continue
        parts.append((carrier.text[at:start], None))
        at = end
        if label == "=pt":
            parts += form(r, scene.who("pt"), r.choice(["mr", "last", "first", "full", "mr"]))
        elif label == "=rel":
            parts += [
                (r.choice([" ", ", "]), None),
                *form(r, scene.who("rel"), r.choice(["first", "full", "first"])),
            ]
        elif label.startswith("NAME"):
            old = carrier.text[start:end]
            parts += form(
                r,
                scene.who(r.choice(["dr", "dr2", "oth"])),
                "full" if " " in old.strip() else "last",
            )
        else:
            parts += value(r, scene, SLOTS[label])
    parts.append((carrier.text[at:], None))
    return parts

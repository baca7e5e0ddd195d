"""
Carrier phrases: the words that an invented value stands in, as people write them in charts.

They stand in phrases.txt, under their topics. A line is `<kind> <carrier> | <phrase>`: kind `line` stands on a line of its own, `sent` in
running text; carrier `L` names what the value is, `-` does not. `{}` is the value.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from phisweep.canary.model import Carrier

Kind = Literal["line", "sent"]


@dataclass(frozen=True, slots=True)
class Phrase:
    """One carrier: its kind, whether it names the value, and its words, with `{}`."""

    kind: Kind
    carrier: Carrier
    words: str

    def around(self) -> tuple[str, str]:
        """Return what stands before and behind the value."""
        before, _, behind = self.words.partition("{}")
        return before, behind


_LINE = re.compile(r"(line|sent) (L|-) \| (.+)")


def _read(text: str) -> Mapping[str, tuple[Phrase, ...]]:
    """Return the phrases by topic."""
    topics: dict[str, list[Phrase]] = {}
    topic = ""
    for line in text.splitlines():
        if line.startswith("#"):
            continue
        found = _LINE.fullmatch(line)
        if found is None:
            topic = line
            topics[topic] = []
            continue
        kind: Kind = found[1]  # type: ignore[assignment]  # one of the words of the pattern
        topics[topic].append(Phrase(kind, "label" if found[2] == "L" else "no label", found[3]))
    return {topic: tuple(phrases) for topic, phrases in topics.items()}


PHRASES = _read(Path(__file__).with_suffix(".txt").read_text(encoding="utf-8"))


def suited(topic: str, *, line: bool, told: bool) -> tuple[Phrase, ...]:
    """
    Return the phrases of a topic for a line of its own, or for running text.

    `told`: only those that name the value. Where none is of the kind, those of the other are.
    """
    named = [p for p in PHRASES[topic] if not told or p.carrier == "label"]
    kind = "line" if line else "sent"
    return tuple(p for p in named if p.kind == kind) or tuple(named)

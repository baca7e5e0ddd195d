"""
What may stay of a marked piece: titles, states, years, the words that join them.

Corpora mark "Dr. Diaz" and "Atlanta, GA"; where "Dr." and "GA" are left, nobody is told of. The words
are data: stays.yaml, and lists of the rules.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict

from phisweep.ruleset.load import Ruleset, read_file

_OURS = Path(__file__).with_name("stays.yaml")


class StaysOfClass(BaseModel):
    """What may stay of one class, and why."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    why: str
    lists: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    values: tuple[str, ...] = ()


class StaysFile(BaseModel):
    """stays.yaml."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    version: Literal[1]
    classes: dict[str, StaysOfClass]


@dataclass(frozen=True, slots=True)
class Stays:
    """By class, a pattern of the phrases that may stay; a class that has none lets nothing stay."""

    patterns: Mapping[str, re.Pattern[str]] = field(default_factory=dict)

    @classmethod
    def load(cls, ruleset: Ruleset) -> Stays:
        """Read what may stay. Raises RuleError."""
        told = read_file(_OURS, StaysFile).classes
        return cls({kind: _pattern(each, ruleset) for kind, each in told.items()})

    def may_stay(self, kind: str, words: Sequence[str]) -> bool:
        """Say whether of all words that are left of a piece none tells anything."""
        pattern = self.patterns.get(kind)
        return pattern is not None and bool(pattern.fullmatch(" ".join(words).casefold()))


def _pattern(told: StaysOfClass, ruleset: Ruleset) -> re.Pattern[str]:
    phrases = {phrase for name in told.lists for phrase in ruleset.members(name)} | {*told.words}
    plain = {" ".join(re.findall(r"\w+", phrase.casefold())) for phrase in phrases}
    longest_first = sorted(map(re.escape, plain - {""}), key=len, reverse=True)
    one = "|".join([*longest_first, *told.values])
    return re.compile(rf"(?:(?:{one})(?: |$))+")

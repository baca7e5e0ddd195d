"""What is compared: spans in documents, by classes of identifiers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from phisweep.evaluate import faults
from phisweep.model import IDENTIFIERS

#: The class of what is no identifier under Safe Harbor, or cannot be decided: what touches such a
#: span is neither right nor wrong.
IGNORE = "IGNORE"
#: The class of a prediction whose label no map knows: it covers what it covers.
UNKNOWN = ""


def class_of(identifier: str) -> str:
    """Return the class of an identifier: its own name, of a ZIP code that of places."""
    return "LOCATION" if identifier == "zip" else identifier.upper()


#: Every class, in the order of the letters, with its letter.
CLASSES: Mapping[str, str] = {class_of(name): letter for name, letter in IDENTIFIERS.items()}


def scope_of(given: Sequence[str]) -> frozenset[str] | None:
    """Return the classes of names, of ours in any case; None for none. Raises UsageError (E195)."""
    folded = {
        **{name.casefold(): class_of(name) for name in IDENTIFIERS},
        **{kind.casefold(): kind for kind in CLASSES},
    }
    wrong = [name for name in given if name.strip().casefold() not in folded]
    if wrong:
        raise faults.unusable("--classes names a class that there is not", f"{', '.join(CLASSES)}.")
    return frozenset(folded[name.strip().casefold()] for name in given) or None


@dataclass(frozen=True, slots=True)
class Span:
    """
    A marked piece of a text, in one part or several: half-open code points, ascending.

    `kind` is a class, IGNORE or UNKNOWN. Predictions may have a `score` in [0, 1] and a `rule`.
    """

    parts: tuple[tuple[int, int], ...]
    kind: str
    score: float | None = None
    rule: str = ""

    @property
    def start(self) -> int:
        """Where the first part begins."""
        return self.parts[0][0]

    @property
    def end(self) -> int:
        """Where the last part ends."""
        return self.parts[-1][1]


@dataclass(frozen=True, slots=True)
class Document:
    """
    A text with what is marked in it.

    `number` counts from 1 in its corpus. `where` is the address at which a search of the corpus
    finds the same text, "" where there is none, and `file` the file that it stands in.
    """

    id: str = field(repr=False)
    number: int
    text: str = field(repr=False)
    spans: Sequence[Span]
    file: str = field(default="", repr=False)
    where: str = ""


@dataclass(frozen=True, slots=True)
class Mistake:
    """
    One thing that a tool got wrong, with the text: for a terminal, or a file of its owner's.

    `kind` is missed (no character is covered), left (some are not), may stay (what is left tells
    nothing), mistyped (covered as something else), or false.
    """

    document: str = field(repr=False)
    kind: str
    label: str
    start: int
    end: int
    text: str = field(repr=False)
    before: str = field(repr=False)
    after: str = field(repr=False)
    rule: str = ""
    score: float | None = None

"""A document as a corpus has it, before its spans are checked and its labels translated."""

from __future__ import annotations

from dataclasses import dataclass, field

from phisweep.evaluate.checking import Marked


@dataclass(frozen=True, slots=True)
class Raw:
    """
    `text` and `spans` are None where the corpus does not give them; `id` is "" without one.

    `file` and `where` are where a search of the corpus finds the text, `line` its line, or 0.
    """

    id: str = field(repr=False)
    text: str | None = field(repr=False)
    spans: tuple[Marked, ...] | None = field(repr=False)
    file: str = field(repr=False)
    where: str = ""
    line: int = 0

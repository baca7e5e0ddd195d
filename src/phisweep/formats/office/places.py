"""Where a paragraph stands, in words: `table 2, row 3, cell 1`, `header 1, paragraph 2`."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from phisweep.formats.markup import Span
from phisweep.formats.office.dialect import Dialect

_NUMBER = re.compile(r" \d+(?=,|$)")
_CELL = re.compile(r"(.*table \d+), row (\d+), cell (\d+), paragraph \d+$")
_PAIR = 2  # cells of a row of a table of labels and values
LONGEST_LABEL = 60  # code points


@dataclass(frozen=True, slots=True)
class Place:
    """An address, unique in its part, and the same without numbers."""

    address: str
    words: str


@dataclass(slots=True)
class Places:
    """
    Numbers paragraphs and what they stand in, in the order of the part; empty ones count.

    `prefix` is what stands before all of them: "header 1", "slide 4".
    """

    dialect: Dialect
    prefix: str = ""
    _numbers: Counter[tuple[str, str]] = field(default_factory=Counter)
    _names: dict[str, str] = field(default_factory=dict)  # of elements, by their steps

    def mark(self, span: Span) -> None:
        """Take in where a container or a paragraph begins."""
        name = span.path[-1]
        word = self.dialect.containers.get(name)
        if name in self.dialect.paragraphs:
            word = "paragraph"
        if word is None:
            return
        self._name(span, word)

    def no_note(self, span: Span) -> None:
        """Call what is none but the line above the notes so, and take back its number."""
        word = self.dialect.containers[span.path[-1]]
        self._numbers[self._around(span.steps), word] -= 1
        self._name(span, "separator")

    def _name(self, span: Span, word: str) -> None:
        outer = self._around(span.steps)
        self._numbers[outer, word] += 1
        number = self._numbers[outer, word]
        above = self._names.get(outer, self.prefix)
        self._names[span.steps] = ", ".join(filter(None, (above, f"{word} {number}")))

    def of(self, steps: str, *, inner: str = "") -> Place:
        """Return the place of what stands in an element, followed by the words `inner`."""
        name = self._names.get(steps) or self._names.get(self._around(steps), self.prefix)
        address = ", ".join(filter(None, (name, inner)))
        return Place(address, _NUMBER.sub("", address))

    def number(self, kind: str) -> int:
        """Return the next number of what has no other name."""
        self._numbers["", kind] += 1
        return self._numbers["", kind]

    def _around(self, steps: str) -> str:
        """Return the steps of the nearest named element around these."""
        while steps:
            steps = steps.rpartition("/")[0]
            if steps in self._names:
                return steps
        return ""


class Labels:
    """What the cells of tables stand under: the one in the first row, or the one before."""

    def __init__(self, texts: Iterable[tuple[str, str]]) -> None:
        self._cells: dict[tuple[str, int, int], str] = {}
        self._wide: Counter[str] = Counter()
        for address, text in texts:
            if match := _CELL.fullmatch(address):
                key = match[1], int(match[2]), int(match[3])
                self._cells[key] = f"{self._cells.get(key, '')} {text}".strip()
                self._wide[match[1]] = max(self._wide[match[1]], key[2])

    def of(self, address: str) -> str:
        """Return the label of the paragraph of that address, "" where it has none."""
        match = _CELL.fullmatch(address)
        if match is None:
            return ""
        table, row, cell = match[1], int(match[2]), int(match[3])
        if self._cells.get((table, row, cell), "").endswith(":"):
            return ""  # it is a label itself
        before = self._cells.get((table, row, cell - 1), "")
        label = self._cells.get((table, 1, cell), "") if row > 1 else ""
        pairs = self._wide[table] == _PAIR and any(
            map(str.isdigit, self._cells.get((table, 1, _PAIR), ""))
        )
        if before.endswith(":") or pairs:
            label = before if cell > 1 else ""
        elif label.endswith(":"):
            label = ""
        return label.strip(" :") if len(label) <= LONGEST_LABEL else ""

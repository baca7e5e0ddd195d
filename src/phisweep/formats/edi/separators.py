"""The separators of an interchange, which its ISA segment names by where they stand."""

from __future__ import annotations

import re
from dataclasses import dataclass

LENGTH = 106
_ELEMENTS = 17  # ISA itself and its sixteen elements
_REPETITION, _VERSION = 11, 12
_SINCE = "00402"  # ISA11 names a separator of repetitions from here on; before, it was a code
_BREAKS = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]+")
#: Half-open places of the sixteen elements in an ISA of 106 characters.
WIDTHS = (2, 10, 2, 10, 2, 15, 2, 15, 6, 4, 1, 5, 9, 1, 1, 1)


@dataclass(frozen=True, slots=True)
class Separators:
    """What separates elements, components and repetitions ("" where nothing does), and segments."""

    element: str
    component: str
    terminator: str
    repetition: str = ""

    def written(self, text: str) -> str:
        """Return a text as it may stand in an element: X12 has no escapes, hence blanks."""
        for separator in (self.element, self.component, self.terminator, self.repetition):
            if separator:
                text = text.replace(separator, " ")
        return _BREAKS.sub(" ", text)


def separators(text: str, at: int) -> tuple[Separators, bool] | None:
    """
    Return the separators of the ISA at a code point, and whether it is 106 characters long.

    None where none can be told.
    """
    element = text[at + 3 : at + 4]
    if not element or element.isalnum() or element.isspace():
        return None
    parts = text[at : at + 2 * LENGTH].split(element, _ELEMENTS)
    if len(parts) < _ELEMENTS:
        return None
    last = parts[_ELEMENTS - 1]
    if len(last) < 2 or last[0].isalnum() or last[1].isalnum() or last[1] == " ":  # noqa: PLR2004
        return None
    found = Separators(element, last[0], last[1], _repetition(parts, element))
    named = [found.element, found.component, found.terminator, *found.repetition]
    if len(set(named)) < len(named):
        return None
    exact = tuple(map(len, parts[1 : _ELEMENTS - 1])) == WIDTHS[:-1]
    return found, exact


def _repetition(parts: list[str], element: str) -> str:
    said, version = parts[_REPETITION], parts[_VERSION]
    told = len(said) == 1 and not said.isalnum() and not said.isspace() and said != element
    return said if told and version >= _SINCE else ""

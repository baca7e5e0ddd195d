"""What the cells of a workbook show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from phisweep.formats.workbook.elements import missing
from phisweep.formats.workbook.strings import SharedStrings, decoded
from phisweep.formats.workbook.values import Form, shown
from phisweep.model import Source

_BOOLEANS = {"1": "TRUE", "0": "FALSE"}


@dataclass(slots=True)
class Shows:
    """The strings and number formats of a workbook, which say what a cell's value shows."""

    source: Source
    strings: SharedStrings = field(repr=False)
    forms: Sequence[Form]
    from_1904: bool = False
    _styles: dict[str, Form] = field(default_factory=dict, repr=False)

    def text(self, cell: Mapping[str, str], value: str) -> str:
        """Return what a cell of those attributes shows. Raises DocumentError E228."""
        kind = cell.get("t", "n")
        if kind == "s":
            return self.strings.used(value, self.source)
        if kind == "n":
            style = cell.get("s", "0")
            form = self._styles.get(style) or self._form(style)
            return shown(value.strip(), form, from_1904=self.from_1904)
        if kind in ("str", "inlineStr"):
            return decoded(value)
        if kind in ("b", "e", "d"):
            return _BOOLEANS.get(value.strip(), value) if kind == "b" else value
        raise missing(self.source)

    def _form(self, style: str) -> Form:
        if not style.isdecimal() or int(style) >= len(self.forms):
            raise missing(self.source)
        return self._styles.setdefault(style, self.forms[int(style)])

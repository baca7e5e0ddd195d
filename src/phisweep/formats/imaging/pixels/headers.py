"""What a header says, as strings, whatever state it is in."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pydicom import Dataset

_NUMBER = re.compile(r"\s*[-+]?\d{1,9}(?:\.\d*)?(?:[eE][-+]?\d{1,3})?\s*\Z")


@dataclass(frozen=True)
class Header:
    """The elements of a data set by their keywords; what cannot be read is as if it were absent."""

    dataset: Dataset

    def values(self, keyword: str) -> tuple[str, ...]:
        """Return the values of an element as strings, none where it is absent or empty."""
        try:
            value = self.dataset.get(keyword)
        except Exception:  # noqa: BLE001 - pydicom raises what it meets; its text may hold a value
            return ()
        if value is None:
            return ()
        if isinstance(value, (list, tuple)) or type(value).__name__ == "MultiValue":
            return tuple(str(one) for one in value)
        return (str(value),) if str(value) else ()

    def value(self, keyword: str) -> str:
        """Return the first value of an element, "" where there is none."""
        return next(iter(self.values(keyword)), "").strip()

    def number(self, keyword: str) -> float | None:
        """Return the first value as a number, None where there is none."""
        text = self.value(keyword)
        return float(text) if _NUMBER.match(text) else None

    def whole(self, keyword: str, default: int = 0) -> int:
        """Return the first value as a whole number."""
        found = self.number(keyword)
        return default if found is None else int(found)

    @cached_property
    def rows(self) -> int:
        """How many rows a frame has."""
        return self.whole("Rows")

    @cached_property
    def columns(self) -> int:
        """How many columns a frame has."""
        return self.whole("Columns")

    @cached_property
    def regions(self) -> tuple[Header, ...]:
        """The items of the sequence of ultrasound regions."""
        try:
            return tuple(
                Header(item) for item in self.dataset.get("SequenceOfUltrasoundRegions") or ()
            )
        except Exception:  # noqa: BLE001 - as above
            return ()

"""What a column of quasi-identifiers holds, by its name and its distinct values."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

from phisweep.detect.fields import normal_name
from phisweep.detect.shapes import says_nothing, shapes

Kind = Literal["age", "zip", "date", "year", "number", "category", "wide"]
_MOST = 0.9  # of the distinct values that say something
_FEW = 12  # distinct numbers that are rather a category
_TRIED = 2_000
_AGE = re.compile(r"(?:^|_)(?:age|ages|aged)(?:_|$)")
_ZIP = re.compile(r"(?:^|_)(?:zip|zips|zip\d|zipcode|zip_code|zcta|postal|postcode)\d*(?:_|$)")
_CODE = re.compile(r"\d{3,5}|\d{8,9}|\d{4,5}-\d{4}")
_PREFIX = re.compile(r"\d{3}")
_NINE = re.compile(r"\d{5}-?\d{4}")
_BAND = re.compile(r"\d{1,3}\s*(?:[-+]\s*\d{0,3})")


def kind_of(name: str, values: Sequence[str]) -> Kind:
    """Return what a column of that name and these distinct values holds; never "wide"."""
    told = [value for value in values if not says_nothing(value)][:_TRIED]
    label = normal_name(name)
    if not told:
        return "category"
    seen = [shapes(value) for value in told]

    def mostly(shape: str) -> bool:
        return sum(shape in each for each in seen) >= _MOST * len(told)

    def written(pattern: re.Pattern[str]) -> bool:
        return sum(bool(pattern.fullmatch(value)) for value in told) >= _MOST * len(told)

    year = re.search(r"(?:^|_)(?:year|yr|yob|yod|birth|born)(?:_|$)", label)
    kinds: tuple[tuple[Kind, bool], ...] = (
        ("zip", bool(_ZIP.search(label)) and written(_CODE)),
        ("age", bool(_AGE.search(label)) and (mostly("number") or written(_BAND))),
        ("year", bool(year) and mostly("year")),
        ("date", mostly("date")),
        ("number", mostly("number") and (len(values) > _FEW or not name)),
    )
    return next((kind for kind, held in kinds if held), "category")


def is_prefix(values: Sequence[str]) -> bool:
    """Say whether ZIP codes are three digits already."""
    return all(_PREFIX.fullmatch(value) for value in values if not says_nothing(value))


def is_whole(values: Sequence[str]) -> bool:
    """Say whether ZIP codes have all nine digits."""
    return all(_NINE.fullmatch(value) for value in values if not says_nothing(value))

"""
What stands in pixels, as data: which files are at risk, where machines write, whose face shows.

`rules/pixels/` -> frozen models. A condition (`when`) maps DICOM keywords to patterns: `*` stands
for anything, case and outer blanks do not matter, "" stands for an element that is absent or empty,
and one of several values of an element is enough. All keywords must fit, of each one pattern.
"""

from __future__ import annotations

import datetime as dt
from fnmatch import fnmatchcase
from functools import cache
from typing import TYPE_CHECKING, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from phisweep.ruleset.load import default_folder, read_file
from phisweep.ruleset.schema import Sentence, Slug

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    #: The values of a header's element by its keyword, as strings; none where it is absent.
    Values = Callable[[str], Sequence[str]]

When = dict[str, tuple[str, ...]]
Level = Literal["always", "hold", "data", "look", "trusted"]
LEVELS: tuple[Level, ...] = ("always", "hold", "data", "look", "trusted")


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


def fits(when: When, values: Values) -> bool:
    """Say whether a header fits a condition."""
    return all(
        any(
            fnmatchcase(value.strip().casefold(), pattern.casefold())
            for value in (values(keyword) or ("",))
            for pattern in patterns
        )
        for keyword, patterns in when.items()
    )


class Risk(_Model):
    """
    Files in whose pixels text is to be expected, or cannot be ruled out.

    `level`: "hold" until a recipe or a reading takes the text out; "always" held, for no reading is
    enough; "data" that no one draws into; "look" at the pixels for what is like text; "trusted"
    without a look. The first level of that order counts; a file that no rule knows is held.
    """

    risk: Slug
    level: Level
    when: When
    unless: When | None = None
    reason: Sentence
    source: Sentence
    why: Sentence

    def fits(self, values: Values) -> bool:
        """Say whether a header is of such a file."""
        return fits(self.when, values) and not (self.unless and fits(self.unless, values))


class RiskFile(_Model):
    """`rules/pixels/risk.yaml`."""

    title: Sentence
    reading: Sentence
    reviewed: dt.date
    unknown: Sentence
    risks: tuple[Risk, ...]
    known_gaps: tuple[Sentence, ...]


class Region(_Model):
    """Pixels from the upper left corner, in columns and rows; 0 wide or high: to the other border."""

    left: int = Field(default=0, ge=0)
    top: int = Field(default=0, ge=0)
    width: int = Field(default=0, ge=0)
    height: int = Field(default=0, ge=0)


class Recipe(_Model):
    """
    Where the machines of one kind write into pictures of one size.

    A `fallback` is no recipe: it is blanked before a reading where no recipe fits, and leaves the
    file as unknown as it was. Its regions are in thousandths of the picture.
    """

    recipe: Slug
    when: When
    rows: tuple[int, ...] = ()
    columns: tuple[int, ...] = ()
    fallback: bool = False
    regions: tuple[Region, ...] = Field(min_length=1)
    source: Sentence
    why: Sentence

    @model_validator(mode="after")
    def _sized(self) -> Recipe:
        if self.fallback == bool(self.rows and self.columns):
            raise ValueError("a recipe needs rows and columns, a fallback has none")
        return self

    def fits(self, values: Values, rows: int, columns: int) -> bool:
        """Say whether it is for this file."""
        sized = self.fallback or (rows in self.rows and columns in self.columns)
        return sized and fits(self.when, values)


class RecipeFile(_Model):
    """`rules/pixels/recipes.yaml`."""

    title: Sentence
    reading: Sentence
    reviewed: dt.date
    recipes: tuple[Recipe, ...]


class Photographs(_Model):
    """Files that are photographs or surfaces of people."""

    photographs: Slug
    when: When
    unless: When | None = None
    reason: Sentence
    why: Sentence


class FacesFile(_Model):
    """
    `rules/pixels/faces.yaml`: what can be rendered as a face.

    Of the modalities named, a file whose `elements` have a word of `head` in them, or none that
    says another part of the body, is one, unless slices are thicker than `thickest` or pixels
    coarser than `coarsest`, in mm, or fewer than `fewest` in a row. What fits `flat` is no part of
    a volume.
    """

    title: Sentence
    reading: Sentence
    reviewed: dt.date
    modalities: tuple[str, ...]
    elements: tuple[str, ...]
    head: tuple[str, ...]
    other: tuple[str, ...]
    flat: When
    thickest: float = Field(gt=0)
    coarsest: float = Field(gt=0)
    fewest: int = Field(gt=0)
    todo: Sentence
    photographs: tuple[Photographs, ...]
    source: Sentence


@cache
def risks() -> RiskFile:
    """Return which files are at risk. Raises RuleError."""
    return read_file(default_folder() / "pixels" / "risk.yaml", RiskFile)


@cache
def recipes() -> RecipeFile:
    """Return where machines write. Raises RuleError."""
    return read_file(default_folder() / "pixels" / "recipes.yaml", RecipeFile)


@cache
def faces() -> FacesFile:
    """Return what may be a face. Raises RuleError."""
    return read_file(default_folder() / "pixels" / "faces.yaml", FacesFile)

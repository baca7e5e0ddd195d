"""Which regions of a file's frames are blanked, by recipe or by what its header says of them."""

from __future__ import annotations

from phisweep.formats.imaging.pixels.boxes import Box, outside
from phisweep.formats.imaging.pixels.headers import Header
from phisweep.ruleset import recipes

_TOP = 0.03  # of the rows: a region that begins above has the banner in it
_LARGEST = 0.95  # of the picture: a region of more is all of it
_EDGES = (
    "RegionLocationMinY0",
    "RegionLocationMinX0",
    "RegionLocationMaxY1",
    "RegionLocationMaxX1",
)


def of(header: Header) -> tuple[tuple[Box, ...], tuple[str, ...]]:
    """Return the regions that recipes blank in this file, and the names of the recipes."""
    found, names = [], []
    beyond = _beyond_ultrasound(header)
    if beyond:
        found += beyond
        names.append("ultrasound regions of the header")
    for recipe in recipes.recipes().recipes:
        if not recipe.fallback and recipe.fits(header.values, header.rows, header.columns):
            found += [_box(region, header) for region in recipe.regions]
            names.append(recipe.recipe)
    return tuple(found), tuple(names)


def fallback(header: Header) -> tuple[Box, ...]:
    """Return bands that are likely to bear text where no recipe fits. They make nothing complete."""
    return tuple(
        Box(
            region.top * header.rows // 1000,
            region.left * header.columns // 1000,
            (region.top + region.height) * header.rows // 1000 if region.height else header.rows,
            (region.left + region.width) * header.columns // 1000
            if region.width
            else header.columns,
        )
        for recipe in recipes.recipes().recipes
        if recipe.fallback and recipe.fits(header.values, header.rows, header.columns)
        for region in recipe.regions
    )


def _box(region: recipes.Region, header: Header) -> Box:
    return Box(
        region.top,
        region.left,
        region.top + region.height if region.height else header.rows,
        region.left + region.width if region.width else header.columns,
    )


def _beyond_ultrasound(header: Header) -> list[Box]:
    """
    Return what lies outside of the regions that the header says are ultrasound.

    Nothing where they cannot be believed: outside of the picture, from its very top, or all of it.
    """
    kept = []
    for item in header.regions:
        edges = [item.number(keyword) for keyword in _EDGES]
        if None in edges:
            return []
        top, left, bottom, right = (int(edge or 0) for edge in edges)
        if not (
            header.rows * _TOP <= top < bottom < header.rows and 0 <= left < right < header.columns
        ):
            return []
        kept.append(Box(top, left, bottom + 1, right + 1))
    beyond = outside(kept, header.rows, header.columns)
    covered = sum(box.height * box.width for box in beyond)
    return beyond if kept and covered >= (1 - _LARGEST) * header.rows * header.columns else []

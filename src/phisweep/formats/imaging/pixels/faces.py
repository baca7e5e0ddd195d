"""Whose face a file may show: photographs, and volumes of the head that can be rendered (Q)."""

from __future__ import annotations

import re

from phisweep.formats.imaging.pixels.headers import Header
from phisweep.ruleset import recipes

_WORD = re.compile(r"[^\W\d_]+")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")


def seen(header: Header) -> str:
    """Return why a face may be seen in a file or be rendered from it, "" where none can."""
    rules = recipes.faces()
    for entry in rules.photographs:
        if recipes.fits(entry.when, header.values) and not (
            entry.unless and recipes.fits(entry.unless, header.values)
        ):
            return entry.reason
    if header.value("Modality").upper() not in rules.modalities or not _thin(header, rules):
        return ""
    words = _words(header, rules)
    if words & {*rules.head}:
        return (
            "it is of the head, with slices thin enough for a face to be rendered from them,"
            " which may be comparable to a photograph (Q)"
        )
    if words & {*rules.other}:
        return ""
    return (
        "it does not say what part of the body it shows, and its slices are thin enough for a face"
        " to be rendered from them (Q)"
    )


def _thin(header: Header, rules: recipes.FacesFile) -> bool:
    """Say whether slices and pixels are fine enough; what does not say how fine is so."""
    if recipes.fits(rules.flat, header.values):
        return False
    if 0 < min(header.rows, header.columns) < rules.fewest:
        return False
    pixel = header.number("PixelSpacing")
    if pixel is not None and pixel > rules.coarsest:
        return False
    if header.value("MRAcquisitionType").upper() == "3D":
        return True
    steps = [header.number("SliceThickness"), header.number("SpacingBetweenSlices")]
    known = [step for step in steps if step]
    return not known or min(map(abs, known)) <= rules.thickest


def _words(header: Header, rules: recipes.FacesFile) -> set[str]:
    """Return the words of the elements that say what a file shows, in lower case."""
    return {
        word.casefold()
        for keyword in rules.elements
        for value in header.values(keyword)
        for text in (value, _CAMEL.sub(" ", value))
        for word in _WORD.findall(text)
    }

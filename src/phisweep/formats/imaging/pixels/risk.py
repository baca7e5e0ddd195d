"""Which files may have words or faces in their pixels, by their header."""

from __future__ import annotations

from typing import TYPE_CHECKING

from phisweep.formats.base import Imaging
from phisweep.formats.imaging.pixels import faces, regions
from phisweep.formats.imaging.pixels.headers import Header
from phisweep.formats.imaging.pixels.judgement import Judged
from phisweep.ruleset import recipes

if TYPE_CHECKING:
    from pydicom import Dataset

_VIDEO = "1.2.840.10008.1.2.4.10"  # MPEG-2, MPEG-4 AVC and HEVC
_NOT_LOOKED = "words in the pixels: they were not looked at"
_REGIONS_ALONE = (
    "words in the pixels that no recipe covers: only the regions of recipes were blanked"
)
_OCR_MISSES = (
    "words in the pixels that OCR does not see: small, faint, slanted or handwritten ones, single"
    " letters, and what stands in a few frames of many"
)
_LOOKED = "words in the pixels beyond lines of clear print, of which none was seen"


def judged(dataset: Dataset, imaging: Imaging) -> Judged:
    """Judge a data set by its header."""
    header = Header(dataset)
    text = _of_text(header, imaging)
    face = faces.seen(header)
    if not face:
        return text
    if imaging.faces == "accept":
        return text.noted(f"{face}: accepted by decision, not taken out")
    return text.holding(f"{face}. {recipes.faces().todo}")


def _of_text(header: Header, imaging: Imaging) -> Judged:
    level, reason = _level(header)
    if level == "always":
        return Judged(held=f"text in its pixels: {reason}")
    if level == "data":
        return Judged(notes=(_NOT_LOOKED,))
    blank, names = regions.of(header) if imaging.pixels != "hold" else ((), ())
    notes = tuple(f"regions blanked by recipe: {name}" for name in names)
    if imaging.pixels == "ocr":
        bands = regions.fallback(header) if level == "hold" and not blank else ()
        return Judged(blank=(*blank, *bands), notes=(*notes, _OCR_MISSES), read="words")
    if level != "hold":
        note = f"{_LOOKED}: {reason}" if level == "look" else _NOT_LOOKED
        return Judged(blank=blank, notes=(*notes, note), read="looks" if level == "look" else "")
    if blank:
        return Judged(blank=blank, notes=(*notes, _REGIONS_ALONE))
    return Judged(held=f"text in its pixels: {reason}. {_todo(imaging)}")


def _level(header: Header) -> tuple[recipes.Level, str]:
    """Return the gravest level of the rules that fit, and why."""
    rules = recipes.risks()
    if _syntax(header).startswith(_VIDEO):
        return "always", "it is a video, and its frames are not read here"
    for level in recipes.LEVELS:
        for rule in rules.risks:
            if rule.level == level and rule.fits(header.values):
                return level, rule.reason
    return "hold", rules.unknown


def _syntax(header: Header) -> str:
    meta = getattr(header.dataset, "file_meta", None)
    return str(meta.get("TransferSyntaxUID", "")) if meta is not None else ""


def _todo(imaging: Imaging) -> str:
    if imaging.pixels == "hold":
        return (
            "Have somebody look at it; or choose --pixels blank, where a recipe knows the machine,"
            " or --pixels ocr, and look at samples of the copies."
        )
    return "No recipe knows its machine and size: add one, choose --pixels ocr, or look at it."

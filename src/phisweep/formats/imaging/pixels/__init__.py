"""
What stands in the pixels: which pictures are at risk, and what is blanked in them.

`judge` needs the header alone; `look` reads the pixels, a frame at a time, and says where they are
to be blanked; `blanking` makes the pixels of a copy.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from phisweep.formats.base import Imaging
from phisweep.formats.imaging.pixels.boxes import Box
from phisweep.formats.imaging.pixels.judgement import Cleaned, Judged

if TYPE_CHECKING:
    from pydicom import Dataset

__all__ = ["Box", "Cleaned", "Judged", "judge", "look"]


def judge(dataset: Dataset, imaging: Imaging) -> Judged:
    """
    Judge a data set that has pixels by its header, before that is changed.

    The pixels are not asked for. Raises RuleError.
    """
    from phisweep.formats.imaging.pixels.risk import judged  # noqa: PLC0415 - where one is read

    return judged(dataset, imaging)


def look(dataset: Dataset, judged: Judged) -> Cleaned:
    """
    Say which boxes of a data set's pixels are to be blanked, where `judged.work`.

    Nothing is changed. Raises DocumentError E265 (tesseract is not there), E266 (pixels that cannot
    be decoded), E267 (too few pixels).
    """
    from phisweep.formats.imaging.pixels.blanking import seen  # noqa: PLC0415 - where one is

    return seen(dataset, judged)

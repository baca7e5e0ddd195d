"""
What stands in the pixels: which pictures are at risk, and what is blanked in them.

`judge` needs the header alone; `clean` reads the pixels, blanks them in place, and says what it did.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from phisweep.formats.base import Imaging
from phisweep.formats.imaging.pixels.boxes import Box
from phisweep.formats.imaging.pixels.judgement import Cleaned, Judged

if TYPE_CHECKING:
    from pydicom import Dataset

__all__ = ["Box", "Cleaned", "Judged", "clean", "judge"]


def judge(dataset: Dataset, imaging: Imaging) -> Judged:
    """
    Judge a data set that has pixels by its header, before that is changed.

    The pixels are not asked for. Raises RuleError.
    """
    from phisweep.formats.imaging.pixels.risk import judged  # noqa: PLC0415 - where one is read

    return judged(dataset, imaging)


def clean(dataset: Dataset, judged: Judged, imaging: Imaging) -> Cleaned:  # noqa: ARG001 - the seam
    """
    Blank what is to be blanked, in place, where `judged.work`; the header then fits what is written.

    The transfer syntax is `dataset.file_meta.TransferSyntaxUID` afterwards. Raises DocumentError
    E265 (tesseract is not there), E266 (pixels that cannot be decoded), E267 (too few pixels).
    """
    from phisweep.formats.imaging.pixels.blanking import cleaned  # noqa: PLC0415 - where one is

    return cleaned(dataset, judged)

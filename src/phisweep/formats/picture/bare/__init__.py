"""
Pictures without anything but what is seen: every other byte is left out, and no pixel is coded anew.

What may stay is named; whatever is not named goes, whether it is known or not.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from phisweep.formats.picture.bare.bitmap import bmp
from phisweep.formats.picture.bare.gif import gif
from phisweep.formats.picture.bare.jpeg import jpeg
from phisweep.formats.picture.bare.model import Bare, DamagedError, RefusedError, TooLargeError
from phisweep.formats.picture.bare.png import png
from phisweep.formats.picture.bare.tiff import tiff
from phisweep.formats.picture.bare.webp import webp

__all__ = ["BARE", "Bare", "DamagedError", "RefusedError", "TooLargeError"]

#: By what a kind of picture is called. Raise DamagedError, RefusedError, TooLargeError.
BARE: Mapping[str, Callable[[bytes], Bare]] = {
    "PNG": png,
    "JPEG": jpeg,
    "GIF": gif,
    "TIFF": tiff,
    "WebP": webp,
    "BMP": bmp,
}

"""
Where text stands in the frames of a file.

Every frame is looked through for what looks like text; some are read, and in long runs also what
is brightest and darkest of several frames, in which what shows only now and then stands still.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from phisweep.formats.imaging.pixels import ocr
from phisweep.formats.imaging.pixels.boxes import Box, joined
from phisweep.formats.imaging.pixels.decoding import frames, shown
from phisweep.formats.imaging.pixels.headers import Header

if TYPE_CHECKING:
    from pydicom import Dataset

_READ = 8  # frames that are read, of many
_ROUNDS = 4
_RING = 3  # pixels around a box that say what lies behind it


@dataclass(slots=True)
class Reading:
    """What was seen in a file; `left`: there is still something to be read."""

    boxes: list[Box] = field(default_factory=list)
    words: list[str] = field(default_factory=list, repr=False)
    frames: int = 0
    read: int = 0
    left: bool = False


def looks(dataset: Dataset, covered: Sequence[Box]) -> bool:
    """Say whether something in any frame surely looks like text. Raises DocumentError E266, E267."""
    return any(
        ocr.see(without(view, covered), reading=False, sure=True).boxes
        for frame in frames(dataset)
        for view in shown(frame, dataset)
    )


def read(dataset: Dataset, covered: Sequence[Box]) -> Reading:
    """
    Read the frames until nothing more is seen. Raises DocumentError E265, E266, E267.

    At first as if nothing were covered: of a line that a region cuts, half would stay, unseen.
    """
    found = Reading()
    for round_ in range(_ROUNDS):
        seen = _once(dataset, found, sure=round_ > 1)
        if round_ == 0:
            found.boxes = [*covered]
        if not seen:
            return found
        found.boxes = joined([*found.boxes, *seen])
    found.left = bool(_once(dataset, found, sure=True))
    return found


def _once(dataset: Dataset, found: Reading, *, sure: bool) -> list[Box]:
    """Return what is seen in the frames beside what is covered already."""
    count = max(1, Header(dataset).whole("NumberOfFrames", 1))
    chosen = {*np.linspace(0, count - 1, min(count, _READ)).round().astype(int).tolist()}
    known: set[bytes] = set()
    boxes: list[Box] = []
    found.frames = found.read = 0
    still: list[npt.NDArray[Any]] = []
    for index, frame in enumerate(frames(dataset)):
        found.frames += 1
        digest = hashlib.sha256(frame.pixels.tobytes()).digest()
        if digest in known:
            continue
        known.add(digest)
        reading = index in chosen
        found.read += reading
        for number, view in enumerate(shown(frame, dataset)):
            seen = ocr.see(without(view, found.boxes), reading=reading, sure=sure)
            boxes += seen.boxes
            found.words += seen.words
            if number == 0 and count > _READ:
                still = (
                    [np.maximum(still[0], view), np.minimum(still[1], view)]
                    if still
                    else [view] * 2
                )
    for view in still:
        boxes += ocr.see(without(view, found.boxes), sure=sure).boxes
    return boxes


def without(view: npt.NDArray[np.uint8], covered: Sequence[Box]) -> npt.NDArray[np.uint8]:
    """Return a picture with boxes filled by what lies around them, so that they have no edges."""
    if not covered:
        return view
    filled = view.copy()
    for box in covered:
        inner, outer = box.within(*view.shape[:2]), box.grown(_RING).within(*view.shape[:2])
        if inner is None or outer is None:
            continue
        ring = np.ones((outer.height, outer.width), bool)
        ring[
            inner.top - outer.top : inner.bottom - outer.top,
            inner.left - outer.left : inner.right - outer.left,
        ] = False
        around = view[outer.top : outer.bottom, outer.left : outer.right][ring]
        value = np.median(around, axis=0) if len(around) else 0
        filled[inner.top : inner.bottom, inner.left : inner.right] = value
    return filled

"""
Text seen in a picture: read by tesseract at several sizes, and found by its looks where it is not.

What this can miss: letters under some 8 pixels, text of hardly another grey than what lies behind
it, slanted and handwritten text, single letters. What runs up or down is found by its looks alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from phisweep.formats.imaging.pixels import glyphs, tesseract
from phisweep.formats.imaging.pixels.boxes import Box, joined

Grey = npt.NDArray[np.uint8]

_BORDER = 24  # pixels around a picture: tesseract misses what touches the edge
_SIDE = 2400  # pixels of a picture that is read at once, at most
_OVERLAP = 160  # of two parts of a larger one
#: How much a picture is enlarged to be read, by the pixels of its longer side at most.
_SCALES = ((1400, (1, 2, 3)), (_SIDE, (1, 2)))
_BOTH = (1, 2)  # sizes at which it is also read inverted
_COLOURED = 24  # of 255, between the colours of a pixel
_FLAT = 6  # of 255: nothing stands in what differs by no more
_SHARE = 0.02  # of a box's pixels may differ by more


@dataclass(frozen=True, slots=True)
class Seen:
    """Where text is, and what was read of it."""

    boxes: list[Box]
    words: tuple[str, ...] = field(default=(), repr=False)


def boxes(image: npt.NDArray[np.uint8]) -> list[Box]:
    """Return where text is seen in a picture, HxW or HxWx3. Raises DocumentError E265."""
    return see(image).boxes


def blank(image: npt.NDArray[np.uint8], found: Sequence[Box]) -> None:
    """Blank the boxes, in place."""
    for box in found:
        image[box.inside] = 0


def left(image: npt.NDArray[np.uint8]) -> bool:
    """Say whether something is still to be read, surely. Raises DocumentError E265."""
    return bool(see(image, sure=True).boxes)


def see(image: npt.NDArray[np.uint8], *, reading: bool = True, sure: bool = False) -> Seen:
    """
    Return what is seen in a picture, HxW or HxWx3; by its looks alone without `reading`.

    What is blanked may be no text; where more is asked of what was blanked, or a file is held for
    it, it is to be text surely. Raises DocumentError E265.
    """
    found, words = [], []
    for grey in greys(image):
        own = [box.grown(2 + box.height // 5) for box in glyphs.lines(grey, sure=sure)]
        own += [box.grown(2 + box.width // 5) for box in _sideways(grey, sure=sure)]
        if reading and (grey.max() - grey.min()) > _FLAT:
            for word in _read(grey, sure=sure):
                own.append(word.box.grown(2 + word.box.height // 6))
                words.append(word.text)
        found += [box for box in own if _stands(grey, box)]
    return Seen(joined(found), tuple(words))


def _sideways(grey: Grey, *, sure: bool) -> list[Box]:
    """Return where lines look like text that runs up or down; what runs so is not read."""
    turned, width = np.ascontiguousarray(np.rot90(grey)), grey.shape[1]
    return [
        Box(box.left, width - box.bottom, box.right, width - box.top)
        for box in glyphs.lines(turned, sure=sure)
    ]


def greys(image: npt.NDArray[np.uint8]) -> list[Grey]:
    """Return a picture in grey; of one in colour, also what differs by its colour alone."""
    if image.ndim == 2:  # noqa: PLR2004 - rows and columns
        return [image]
    colours = image[..., :3].astype(np.int16)
    spread = (colours.max(axis=2) - colours.min(axis=2)).astype(np.uint8)
    light = (colours @ np.array((77, 150, 29)) >> 8).astype(np.uint8)
    if not (spread > _COLOURED).any():
        return [light]
    return [light, np.ascontiguousarray(image[..., 0]), np.ascontiguousarray(image[..., 2])]


def _read(grey: Grey, *, sure: bool) -> Iterator[tesseract.Word]:
    """Yield the words of a grey picture, read at several sizes, as it is and inverted."""
    scales = next((scales for side, scales in _SCALES if max(grey.shape) <= side), (1,))
    for tile, top, start in _tiles(grey):
        for scale in scales:
            large = np.pad(_enlarged(tile, scale), _BORDER, mode="edge")
            for side in (large, 255 - large) if scale in _BOTH else (large,):
                for word in tesseract.read(side, sure=sure):
                    b = word.box
                    yield tesseract.Word(
                        Box(
                            top + (b.top - _BORDER) // scale,
                            start + (b.left - _BORDER) // scale,
                            top - (_BORDER - b.bottom) // scale,
                            start - (_BORDER - b.right) // scale,
                        ),
                        word.text,
                    )


def _tiles(grey: Grey) -> Iterator[tuple[Grey, int, int]]:
    """Yield a picture in parts that overlap, each with its upper left corner."""
    rows, columns = grey.shape
    step = _SIDE - _OVERLAP
    for top in range(0, max(1, rows - _OVERLAP), step):
        for start in range(0, max(1, columns - _OVERLAP), step):
            yield grey[top : top + _SIDE, start : start + _SIDE], top, start


def _enlarged(grey: Grey, scale: int) -> Grey:
    if scale == 1:
        return grey
    from PIL import Image  # noqa: PLC0415 - an extra

    size = (grey.shape[1] * scale, grey.shape[0] * scale)
    return np.asarray(Image.fromarray(grey).resize(size, Image.Resampling.BICUBIC))


def _stands(grey: Grey, box: Box) -> bool:
    """Say whether anything stands in a box: what was blanked before has edges, and nothing in it."""
    inner = box.within(*grey.shape)
    if inner is None:
        return False
    area = grey[inner.top : inner.bottom, inner.left : inner.right].astype(np.int16)
    differ = np.abs(area - np.median(area)) > _FLAT
    return float(differ.mean()) > _SHARE

"""A page as pixels, with what is covered in it as opaque boxes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from phisweep.formats.paged.covering import Label
from phisweep.formats.paged.glyphs import Box, without_pictures

DPI = 150  # of the pictures of pages
MOST_PIXELS = 40 << 20  # a larger page is drawn more coarsely
_MARGIN = 0.12  # of the lesser side of what is covered, to each of its sides
_LEAST_MARGIN = 1.5  # pixels
_COVER, _PICTURE = 0, 190  # shades of what covers words, and pictures
_FAR = 1000  # points over which a page's turn and scale are measured
_FINE = 64  # parts of a pixel to which places are reckoned
_LEAST_LETTERS = 7  # pixels of height below which nothing is written into a box

Pixels = npt.NDArray[np.uint8]


class Size(NamedTuple):
    """Pixels across and down, and how many an inch has."""

    across: int
    down: int
    dpi: float


@dataclass(slots=True)
class Drawing:
    """A page of pypdfium2 that is drawn; its pictures are taken out of it unless `keep` says so."""

    page: Any = field(repr=False)
    raw: Any = field(repr=False)
    keep: bool = False
    size: Size = field(default_factory=lambda: Size(0, 0, DPI))
    _moved: tuple[float, ...] = ()
    pixels: Pixels = field(default_factory=lambda: np.zeros((0, 0, 3), np.uint8), repr=False)

    def draw(self) -> None:
        """Draw the page on white."""
        if not self.keep:
            without_pictures(self.page, self.raw)
        wide, high = self.page.get_size()
        dpi = min(float(DPI), 72 * (MOST_PIXELS / max(wide * high, 1e-6)) ** 0.5)
        bitmap = self.page.render(
            scale=dpi / 72, may_draw_forms=False, draw_annots=False, rev_byteorder=True
        )
        self.pixels = np.array(bitmap.to_numpy()[..., :3], dtype=np.uint8, order="C")
        bitmap.close()
        self.size = Size(self.pixels.shape[1], self.pixels.shape[0], dpi)

    def place(self, box: Box) -> Box:
        """Return a box of the page in pixels from above left: top is the lesser number."""
        a, b, c, d, e, f = self._matrix()
        points = [
            (a * x + c * y + e, b * x + d * y + f)
            for x in (box.left, box.right)
            for y in (box.bottom, box.top)
        ]
        across, down = zip(*points, strict=True)
        return Box(min(across), max(down), max(across), min(down))

    def _matrix(self) -> tuple[float, ...]:
        """Return how points of the page become pixels."""
        if not self._moved:
            e, f = self._pixel(0, 0)
            across, up = self._pixel(_FAR, 0), self._pixel(0, _FAR)
            self._moved = (
                (across[0] - e) / _FAR,
                (across[1] - f) / _FAR,
                (up[0] - e) / _FAR,
                (up[1] - f) / _FAR,
                e,
                f,
            )
        return self._moved

    def _pixel(self, x: float, y: float) -> tuple[float, float]:
        import ctypes  # noqa: PLC0415 - as pypdfium2, only where a page is drawn

        across, down = ctypes.c_int(), ctypes.c_int()
        wide, high = self.size.across * _FINE, self.size.down * _FINE
        self.raw.FPDF_PageToDevice(self.page, 0, 0, wide, high, 0, x, y, across, down)
        return across.value / _FINE, down.value / _FINE

    def cover(self, labels: Iterable[Label]) -> None:
        """Cover words, and write what stands in their place where it fits."""
        for label in labels:
            box = self.place(label.box)
            least = min(box.bottom - box.top, box.right - box.left)
            margin = max(_LEAST_MARGIN, _MARGIN * least)
            x, y, right, bottom = self._fill(box, margin, _COVER)
            if label.text:
                self._write(label.text, (x, y, right, bottom))

    def cover_pictures(self, boxes: Iterable[Box]) -> None:
        """Cover pictures; they are lighter than what covers words."""
        for box in boxes:
            self._fill(self.place(box), _LEAST_MARGIN, _PICTURE)

    def cover_all(self) -> None:
        """Cover the page."""
        self.pixels[:] = _COVER

    def _fill(self, box: Box, margin: float, shade: int) -> tuple[int, int, int, int]:
        left = max(0, int(box.left - margin))
        top = max(0, int(box.top - margin))
        right = min(self.size.across, int(box.right + margin) + 1)
        bottom = min(self.size.down, int(box.bottom + margin) + 1)
        if left < right and top < bottom:
            self.pixels[top:bottom, left:right] = shade
        return left, top, right, bottom

    def _write(self, text: str, area: tuple[int, int, int, int]) -> None:
        """Write a replacement into its box, in white, as large as it fits; not at all where it does not."""
        left, top, right, bottom = area
        high, wide = bottom - top - 2, right - left - 2
        for size in range(min(high, 60), _LEAST_LETTERS - 1, -1):
            mask = _letters(text, size)
            if mask is not None and mask.shape[0] <= high + 2 and mask.shape[1] <= wide:
                y = top + (bottom - top - mask.shape[0]) // 2
                x = left + (right - left - mask.shape[1]) // 2
                y, x = max(y, 0), max(x, 0)
                spot = self.pixels[y : y + mask.shape[0], x : x + mask.shape[1]]
                shades = mask[: spot.shape[0], : spot.shape[1], None]
                np.maximum(spot, shades, out=spot)
                return

    def packed(self) -> bytes:
        """Return the pixels: one byte each where the page is gray, else three."""
        red, green, blue = (self.pixels[..., i] for i in range(3))
        if np.array_equal(red, green) and np.array_equal(green, blue):
            return red.tobytes()
        return self.pixels.tobytes()


def _letters(text: str, size: int) -> Pixels | None:
    """Return a text as shades of gray, None where it cannot be drawn."""
    from PIL import Image, ImageDraw, ImageFont  # noqa: PLC0415 - of the extra

    font = ImageFont.load_default(size)
    try:
        left, top, right, bottom = font.getbbox(text)
    except (UnicodeError, OSError, ValueError):
        return None
    wide, high = int(right - left), int(bottom - top)
    if wide <= 0 or high <= 0:
        return None
    image = Image.new("L", (wide, high), 0)
    ImageDraw.Draw(image).text((-left, -top), text, fill=255, font=font)
    return np.asarray(image, dtype=np.uint8)

"""A picture with boxes painted over: coded anew as it was, and without loss where that can be."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from io import BytesIO
from typing import TYPE_CHECKING, Any

import numpy as np

from phisweep.formats.imaging.pixels.boxes import Box
from phisweep.formats.picture.bare import Bare, DamagedError, RefusedError, TooLargeError
from phisweep.formats.picture.bare.gif import Frame, pieces
from phisweep.formats.picture.bare.lzw import decoded, encoded
from phisweep.formats.picture.bare.model import turned
from phisweep.formats.picture.bare.png import kept_beside
from phisweep.formats.picture.bare.tiff import joined, pages_of
from phisweep.formats.picture.frames import Pixels, frames, pixels, upright

if TYPE_CHECKING:
    from PIL import Image

#: What notes say of a picture that was painted over.
AGAIN = "its pixels were coded anew as JPEG with its own tables: others may differ a little too"
FEWER = "its pixels had 16 bits a colour and have 8"
_LOSSLESS: Mapping[str, Mapping[str, Any]] = {
    "PNG": {"format": "PNG"},
    "BMP": {"format": "BMP"},
    "WebP": {"format": "WEBP", "lossless": True, "exact": True},
}
_IHDR_DEPTH, _IHDR_COLOURS, _IHDR_END = 24, 25, 33
_DEEP = 16
_BITS = 258  # of a colour, in a TIFF
_OPAQUE = 255


def painted(bare: Bare, name: str, boxes: Sequence[Sequence[Box]]) -> tuple[bytes, Sequence[str]]:
    """
    Return the picture with the boxes of each frame painted over, and notes.

    Boxes are those of the frames as `upright` shows them. What moves gets all boxes in all frames.
    Raises RefusedError where it cannot be coded anew.
    """
    try:
        if name == "TIFF":
            return _pages(bare, boxes)
        if name == "GIF":
            return _indexed(bare.data, [box for each in boxes for box in each]), ()
        if name == "JPEG":
            return _jpeg(bare, boxes[0]), (AGAIN,)
        return _lossless(bare, name, boxes)
    except (DamagedError, RefusedError, TooLargeError, MemoryError):
        raise
    except Exception:  # noqa: BLE001 - each encoder has errors of its own, whose words may hold a value
        raise RefusedError("a picture that cannot be coded anew with its words covered") from None


def paint(array: Pixels, boxes: Sequence[Box]) -> None:
    """Make the boxes black and opaque, in place."""
    colours = array.shape[2] if array.ndim == 3 else 1  # noqa: PLR2004 - rows, columns, colours
    black: Any = {2: (0, _OPAQUE), 4: (0, 0, 0, _OPAQUE)}.get(colours, 0)  # CMYK, too
    for box in boxes:
        array[box.inside] = black


def _lossless(bare: Bare, name: str, boxes: Sequence[Sequence[Box]]) -> tuple[bytes, Sequence[str]]:
    from PIL import Image  # noqa: PLC0415 - an extra

    everywhere = [box for each in boxes for box in each]
    made, shown = [], []
    loops, apart = 0, False  # the first picture of a PNG may be none of its moving ones
    for frame in frames(bare.data, name):
        array = pixels(frame)
        paint(upright(array, bare.turned), everywhere)
        made.append(Image.fromarray(array))
        shown.append(frame.info.get("duration", 0))
        loops = frame.info.get("loop", loops)
        apart = apart or bool(frame.info.get("default_image"))
    out = BytesIO()
    extra: dict[str, Any] = {"exif": turned(bare.turned)} if bare.turned > 1 else {}
    if len(made) > 1:
        extra |= {
            "save_all": True,
            "append_images": made[1:],
            "duration": shown[apart:],
            "loop": loops,
        }
        extra |= {"default_image": True} if apart else {}
    made[0].save(out, **_LOSSLESS[name], **extra)
    data = out.getvalue()
    if name != "PNG":
        return data, ()
    deep = bare.data[_IHDR_DEPTH] == _DEEP and made[0].mode != "I;16"
    beside = kept_beside(bare.data)
    return data[:_IHDR_END] + beside + data[_IHDR_END:], (FEWER,) if deep else ()


def _jpeg(bare: Bare, boxes: Sequence[Box]) -> bytes:
    from PIL import Image, JpegImagePlugin  # noqa: PLC0415 - an extra

    extra: dict[str, Any] = {}
    with Image.open(BytesIO(bare.data), formats=["JPEG"]) as opened:
        assert isinstance(opened, JpegImagePlugin.JpegImageFile)  # noqa: S101 - it was asked for
        extra |= {"qtables": opened.quantization, "progressive": "progressive" in opened.info}
        if opened.mode == "RGB":
            extra["subsampling"] = JpegImagePlugin.get_sampling(opened)
    if bare.turned > 1:
        extra["exif"] = b"Exif\0\0" + turned(bare.turned)
    (frame,) = frames(bare.data, "JPEG")
    array = pixels(frame)
    paint(upright(array, bare.turned), boxes)
    return _saved(array, frame, "JPEG", **extra)


def _pages(bare: Bare, boxes: Sequence[Sequence[Box]]) -> tuple[bytes, Sequence[str]]:
    """Return a TIFF whose pages with boxes are coded anew, without loss, and the others as they are."""
    pages, order, _ = pages_of(bare.data)
    notes: list[str] = []
    for number, frame in enumerate(frames(bare.data, "TIFF")):
        if not boxes[number] and order == "little":
            continue  # pages of the other order of bytes are all coded anew, in one order
        array = pixels(frame)
        paint(array, boxes[number])
        if array.dtype == np.uint8 and pages[number].number(_BITS, order, 8) == _DEEP:
            notes = [FEWER]
        packing = "group4" if array.dtype == np.bool_ else "tiff_adobe_deflate"
        new = _saved(array, frame, "TIFF", compression=packing)
        pages[number] = pages_of(new)[0][0]
    return joined(pages, "little"), notes


def _saved(array: Pixels, frame: Image.Image, kind: str, **extra: Any) -> bytes:
    from PIL import Image  # noqa: PLC0415 - an extra

    new = Image.fromarray(array)
    if frame.mode == "CMYK":
        new = Image.frombytes("CMYK", frame.size, array.tobytes())
    if density := frame.info.get("dpi"):
        extra["dpi"] = density
    out = BytesIO()
    new.save(out, kind, **extra)
    return out.getvalue()


def _indexed(data: bytes, boxes: Sequence[Box]) -> bytes:
    """Return a GIF in whose frames the indices under the boxes are those of its darkest colour."""
    parts = []
    for piece, _ in pieces(data):
        if isinstance(piece, Frame):
            parts.append(piece.written(_covered(piece, boxes)))
        else:
            parts.append(piece)
    return b"".join(parts)


def _covered(frame: Frame, boxes: Sequence[Box]) -> bytes:
    left, top, width, height = frame.place
    indices, _ = decoded(frame.codes, frame.minimum, frame.size)
    array = np.frombuffer(indices, np.uint8).reshape(height, width).copy()
    rows = np.array([*_rows(height, interlaced=frame.interlaced)], dtype=np.intp)
    whole = np.empty_like(array)
    whole[rows] = array
    inside = [Box(b.top - top, b.left - left, b.bottom - top, b.right - left) for b in boxes]
    for box in inside:
        whole[box.inside] = _darkest(frame)
    return encoded(whole[rows].tobytes(), frame.minimum)


def _darkest(frame: Frame) -> int:
    """Return the index of the darkest colour that is drawn."""
    count = min(len(frame.palette) // 3, 1 << frame.minimum) or 1
    lights = [(sum(frame.palette[3 * i : 3 * i + 3]), i) for i in range(count)]
    return min((each for each in lights if each[1] != frame.transparent), default=(0, 0))[1]


def _rows(height: int, *, interlaced: bool) -> Iterator[int]:
    passes = ((0, 8), (4, 8), (2, 4), (1, 2)) if interlaced else ((0, 1),)
    for first, step in passes:
        yield from range(first, height, step)

"""The pages and frames of a picture as it is seen, one after the other."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from io import BytesIO
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from phisweep.formats.picture.bare.model import (
    MOST_FRAMES,
    MOST_OF_ALL,
    DamagedError,
    TooLargeError,
    fits,
)

if TYPE_CHECKING:
    from PIL import Image

Pixels = npt.NDArray[Any]
Eight = npt.NDArray[np.uint8]

#: What Pillow calls a kind of picture; a JPEG with others behind it is one to it.
_READERS: Mapping[str, tuple[str, ...]] = {
    "PNG": ("PNG",),
    "JPEG": ("JPEG", "MPO"),
    "GIF": ("GIF",),
    "TIFF": ("TIFF",),
    "WebP": ("WEBP",),
    "BMP": ("BMP",),
}
_AS_IT_IS = frozenset({"1", "L", "LA", "RGB", "RGBA", "CMYK", "I;16", "I;16B", "I", "F"})


def frames(data: bytes, name: str) -> Iterator[Image.Image]:
    """
    Yield the frames, each with all of its pixels read. `name` is what its kind is called.

    Raises DamagedError where one cannot be read, TooLargeError before so many pixels are made.
    """
    from PIL import Image  # noqa: PLC0415 - an extra

    with _told():
        opened = Image.open(BytesIO(data), formats=_READERS[name])
    with opened:
        total = 0
        with _told():
            count = 1 if name == "JPEG" else _count(opened)
        for number in range(count):
            with _told():
                opened.seek(number)
                fits(opened.width, opened.height)
                total += opened.width * opened.height
                if total > MOST_OF_ALL:
                    raise TooLargeError
                opened.load()
                frame = opened.copy()
            yield frame


def pixels(frame: Image.Image) -> Pixels:
    """Return the pixels of a frame, by rows; of a palette the colours that it gives."""
    key = frame.info.get("transparency")
    keyed = (frame.mode in ("1", "L") and isinstance(key, int)) or (
        frame.mode == "RGB" and isinstance(key, tuple)
    )
    if frame.mode not in _AS_IT_IS or keyed:
        seen_through = keyed or frame.mode in ("PA", "La", "RGBa") or key is not None
        frame = frame.convert("RGBA" if seen_through else "RGB")
    return np.array(frame)


def views(frame: Image.Image) -> Iterator[Eight]:
    """
    Yield a frame in all ways in which words in it may be seen: gray or three colours, of 8 bits.

    What is transparent is shown as if it were not, on white, on black, and by itself.
    """
    array = pixels(frame)
    if frame.mode == "CMYK":
        yield np.array(frame.convert("RGB"))
    elif array.dtype == np.bool_:
        yield array.astype(np.uint8) * np.uint8(255)
    elif array.dtype != np.uint8:
        yield from _stretched(array)
    elif array.ndim == 3 and array.shape[2] in (2, 4):  # noqa: PLR2004 - with transparency
        yield from _through(array)
    else:
        yield array


def upright(array: Pixels, turned: int) -> Pixels:
    """Return a view of the pixels as an EXIF orientation (1 to 8) shows them; it shares them."""
    if turned in (5, 7):
        array = array.swapaxes(0, 1)
    elif turned in (6, 8):
        array = np.rot90(array, -1 if turned == 6 else 1)  # noqa: PLR2004 - clockwise
    if turned == 2:  # noqa: PLR2004 - mirrored
        array = array[:, ::-1]
    elif turned == 4:  # noqa: PLR2004 - upside down
        array = array[::-1]
    elif turned in (3, 7):
        array = array[::-1, ::-1]
    return array


def _count(opened: Image.Image) -> int:
    count = int(getattr(opened, "n_frames", 1))
    if count > MOST_FRAMES:
        raise TooLargeError
    return count


@contextmanager
def _told() -> Iterator[None]:
    """Turn whatever a library says of bad bytes into our error; its words may hold a value."""
    from PIL import Image  # noqa: PLC0415 - an extra

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            yield
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise TooLargeError from None
    except (TooLargeError, MemoryError):
        raise
    except Exception:  # noqa: BLE001 - each decoder has errors of its own
        raise DamagedError("its pixels cannot be read") from None


def _stretched(array: Pixels) -> Iterator[Eight]:
    """Yield gray of more than 8 bits over its whole range, and over that of most of its pixels."""
    wide = np.nan_to_num(array.astype(np.float32))
    ends = [(float(wide.min()), float(wide.max()))]
    low, high = (float(each) for each in np.percentile(wide, (1, 99)))
    if high - low < 0.5 * (ends[0][1] - ends[0][0]):
        ends.append((low, high))
    for least, most in ends:
        scaled = (wide - least) * (255 / ((most - least) or 1))
        yield np.clip(scaled, 0, 255).astype(np.uint8)


def _through(array: Pixels) -> Iterator[Eight]:
    colours, alpha = array[..., :-1], array[..., -1]
    if colours.shape[2] == 1:
        colours = colours[..., 0]
    yield np.ascontiguousarray(colours)
    if alpha.min() == alpha.max() == 255:  # noqa: PLR2004 - nothing is transparent
        return
    yield np.ascontiguousarray(alpha)
    share = (alpha if colours.ndim == 2 else alpha[..., None]).astype(np.uint16)  # noqa: PLR2004
    for behind in (255, 0):
        mixed = (colours * share + behind * (255 - share)) // 255
        yield mixed.astype(np.uint8)

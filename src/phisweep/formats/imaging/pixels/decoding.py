"""Frames of any transfer syntax, one at a time, and how they are shown to be read."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NoReturn

import numpy as np
import numpy.typing as npt

from phisweep.errors import DocumentError
from phisweep.formats.imaging.pixels.headers import Header
from phisweep.formats.imaging.pixels.window import Window

if TYPE_CHECKING:
    from pydicom import Dataset

_NATIVE = frozenset(
    ("1.2.840.10008.1.2", "1.2.840.10008.1.2.1", "1.2.840.10008.1.2.1.99", "1.2.840.10008.1.2.2")
)
_SUBSAMPLED = "YBR_FULL_422"
_MOST = 2 << 30  # bytes of all frames uncompressed
_WINDOW = (0.5, 99.5)  # per cent of the pixels that a picture is spread over
_WIDER = 1.3  # as wide a window shows something else
_COLOURS = 3  # dimensions of a frame in colour


@dataclass(frozen=True, slots=True)
class Frame:
    """One frame as it is stored once decoded: rows, columns and, in colour, samples."""

    pixels: npt.NDArray[Any]
    properties: dict[str, Any]

    @property
    def photometric(self) -> str:
        """How its samples are to be understood, as they lie here."""
        said = str(self.properties["photometric_interpretation"])
        return "YBR_FULL" if said == _SUBSAMPLED else said


def frames(dataset: Dataset) -> Iterator[Frame]:
    """Yield the frames in order. Raises DocumentError E266, E267."""
    from pydicom.pixels import get_decoder  # noqa: PLC0415 - an extra

    _whole(dataset)
    count = 0
    if hasattr(value := dataset.get("PixelData"), "seek"):
        value.seek(0)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # they may hold values
        try:
            decoder = get_decoder(dataset.file_meta.TransferSyntaxUID)
            for pixels, properties in decoder.iter_array(dataset, as_rgb=False):
                count += 1
                yield Frame(pixels, dict(properties))
        except DocumentError:
            raise
        except Exception:  # noqa: BLE001 - decoders raise what they like; its text may hold values
            raise undecodable() from None
    if count < count_of(dataset):
        _too_few()


def undecodable() -> DocumentError:
    """Return the error for pixels that no library decodes, or not to frames of one size."""
    return DocumentError(
        "E266",
        "the pixels cannot be decoded: damaged, or of a coding that no library here reads",
        todo="pip install 'phisweep[ocr]' for JPEG 2000, JPEG-LS and lossless JPEG; or get"
        " the file uncompressed.",
    )


def count_of(dataset: Dataset) -> int:
    """Return how many frames a header tells."""
    return max(1, Header(dataset).whole("NumberOfFrames", 1))


def _whole(dataset: Dataset) -> None:
    """See that pixels are as many as the header says, and no more than are read. Raises as above."""
    header = Header(dataset)
    bits = header.rows * header.columns * header.whole("SamplesPerPixel", 1)
    bits *= header.whole("BitsAllocated") * max(1, header.whole("NumberOfFrames", 1))
    if bits > 8 * _MOST:
        raise DocumentError(
            "E266",
            f"its pixels are more than {_MOST >> 30} GiB uncompressed, which are not read",
            todo="Exclude it, or split it.",
        )
    if str(dataset.file_meta.TransferSyntaxUID) not in _NATIVE:
        return
    if header.value("PhotometricInterpretation") == _SUBSAMPLED:
        bits = bits * 2 // 3
    value = dataset.get("PixelData") or b""
    size = value.size if isinstance(value, Window) else len(value)
    if not bits or size < (bits + 7) // 8:
        _too_few()


def _too_few() -> NoReturn:
    raise DocumentError(
        "E267",
        "there are fewer pixels than rows, columns and frames of the header ask for",
        todo="Get a whole copy, or exclude it.",
    )


def shown(frame: Frame, dataset: Dataset) -> list[npt.NDArray[np.uint8]]:
    """Return a frame as pictures of 8 bits, grey or RGB: each way in which text may show."""
    pixels = frame.pixels
    if frame.photometric == "PALETTE COLOR":
        from pydicom.pixels import apply_color_lut  # noqa: PLC0415 - an extra

        return [_bytes(apply_color_lut(pixels, dataset))]
    if pixels.ndim == _COLOURS:
        return [_colours(frame)]
    low, high = (float(x) for x in np.percentile(pixels, _WINDOW))
    windows = [(low, high)]
    least, most = float(pixels.min()), float(pixels.max())
    if most - least > _WIDER * (high - low):
        windows.append((least, most))
    header = Header(dataset)
    centre, width = header.number("WindowCenter"), header.number("WindowWidth")
    if centre is not None and width and high > low:
        slope = header.number("RescaleSlope") or 1.0
        centre = (centre - (header.number("RescaleIntercept") or 0.0)) / slope
        width = abs(width / slope)
        if width * _WIDER < high - low:
            windows.append((centre - width / 2, centre + width / 2))
    return [_spread(pixels, *window) for window in windows]


def _spread(pixels: npt.NDArray[Any], low: float, high: float) -> npt.NDArray[np.uint8]:
    scale = 255.0 / max(high - low, 1e-9)
    spread = np.clip((pixels.astype(np.float32) - low) * scale, 0, 255)
    return np.asarray(spread, np.uint8)


def _colours(frame: Frame) -> npt.NDArray[np.uint8]:
    pixels = frame.pixels
    if frame.photometric.startswith("YBR") and pixels.dtype.itemsize == 1:
        from pydicom.pixels import convert_color_space  # noqa: PLC0415 - an extra

        return np.asarray(convert_color_space(pixels, "YBR_FULL", "RGB"), np.uint8)
    return _bytes(pixels)


def _bytes(pixels: npt.NDArray[Any]) -> npt.NDArray[np.uint8]:
    """Return samples of any width as bytes; a narrow range of wide ones is spread."""
    if pixels.dtype == np.uint8:
        return pixels
    most = float(pixels.max())
    return _spread(pixels, 0.0, most) if most else np.zeros(pixels.shape, np.uint8)

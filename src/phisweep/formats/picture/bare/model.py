"""What a picture is when everything beside its pixels is left out, and why it may not be."""

from __future__ import annotations

from dataclasses import dataclass, field

#: What notes say. A note holds nothing of the picture.
PROFILE = "its colour profile was left out: colours may look a little different"
BEHIND = "bytes behind the end of the picture were left out"
SMALL = "smaller versions of its pages were left out"
_TURNS = range(2, 9)
_HEAD = b"MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0"  # a directory of one tag, Orientation


MOST_PIXELS = 50_000_000  # of one frame
MOST_OF_ALL = 400_000_000  # of all frames
MOST_FRAMES = 500


class DamagedError(Exception):
    """The bytes are no whole picture of their kind. The message says where, and no value."""


class RefusedError(Exception):
    """The picture is whole, and holds what is not copied. The message says what."""


class TooLargeError(Exception):
    """The picture has more pixels or frames than are read, or says so."""


def fits(width: int, height: int) -> None:
    """See that so many pixels may be read. Raises TooLargeError."""
    if width * height > MOST_PIXELS:
        raise TooLargeError


@dataclass(frozen=True, slots=True)
class Bare:
    """
    A picture without its metadata.

    `turned` is the EXIF orientation (1 to 8) that viewers apply. `pages` are the numbers of the
    source's pages that are left, None where all are. `notes` go into the report.
    """

    data: bytes = field(repr=False)
    turned: int = 1
    notes: tuple[str, ...] = ()
    pages: tuple[int, ...] | None = None


def orientation(data: bytes) -> int:
    """Return the orientation that an EXIF block (a TIFF) tells, 1 where it tells none."""
    order = {b"II": "little", b"MM": "big"}.get(data[:2], "")
    if not order:
        return 1

    def number(at: int, size: int) -> int:
        return int.from_bytes(data[at : at + size], "little" if order == "little" else "big")

    start = number(4, 4)
    for at in range(start + 2, start + 2 + 12 * number(start, 2), 12):
        if at + 12 > len(data):
            break
        if number(at, 2) == 0x0112 and number(at + 2, 2) == 3:  # noqa: PLR2004 - Orientation, SHORT
            found = number(at + 8, 2)
            return found if found in _TURNS else 1
    return 1


def turned(orientation_: int) -> bytes:
    """Return an EXIF block that tells the orientation and nothing else."""
    return _HEAD + bytes((orientation_, 0, 0, 0, 0, 0, 0))

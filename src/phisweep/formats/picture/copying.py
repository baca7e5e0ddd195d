"""
The copy of a picture: nothing but what is seen, and no words in that.

Where no word is seen, pixels stay as they are coded. The copy is read again before it is given out:
it must show the same, and no words.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import zip_longest

import numpy as np

from phisweep.figures import plural
from phisweep.formats.base import Imaging, failed
from phisweep.formats.extras import needed
from phisweep.formats.imaging.pixels import ocr
from phisweep.formats.picture.bare import BARE, Bare, DamagedError, RefusedError, TooLargeError
from phisweep.formats.picture.frames import (
    Eight,
    frames,
    pixels,
    upright,
    views,
)
from phisweep.formats.picture.painting import painted
from phisweep.formats.picture.toned import toned
from phisweep.model import Source

_FACE = (
    "it may be a photograph, and show a full face or the like (Q): have somebody look at it, and"
    " use --faces accept where none is seen"
)
_NOT_COPIED = "{what} is not copied; it cannot be assessed: full faces and the like (Q)"
_TOO_LARGE = "the picture has more pixels or frames than are read; it is not assessed (Q)"
_LEFT = "words in the picture could not all be covered; it may name somebody, or show a face (Q)"
_ROUNDS = 4
_UNSEEN = ("words that OCR does not see, bytes hidden among coded pixels",)


@dataclass(frozen=True, slots=True)
class Copied:
    """
    A picture's copy, or why there is none (`held`).

    `told` is for people, `unread` what was not seen; `words` are those that were seen in each frame.
    """

    data: bytes = field(default=b"", repr=False)
    words: tuple[str, ...] = field(default=(), repr=False)
    held: str = ""
    told: tuple[str, ...] = ()
    unread: tuple[str, ...] = _UNSEEN


def copied(data: bytes, name: str, imaging: Imaging, source: Source, *, camera: bool) -> Copied:
    """
    Return the copy of a picture; `name` is what its kind is called, `camera` that one wrote it.

    Raises DocumentError E220 (an extra is missing), E265 (tesseract is), E268 (no whole picture),
    E269 (the copy would not show the same).
    """
    needed("PIL", "ocr", source)
    faces = imaging.faces == "hold"
    if faces and camera:
        return Copied(held=_FACE)
    try:
        bare = BARE[name](data)
        if faces and any(toned(pixels(frame)) for frame in frames(bare.data, name)):
            return Copied(held=_FACE)
        _compare(data, bare, name, source)
        return _without_words(bare, name)
    except DamagedError as error:
        todo = "Get a whole copy, or exclude it."
        raise failed("E268", source, f"the picture is damaged: {error}", todo) from None
    except RefusedError as error:
        return Copied(held=_NOT_COPIED.format(what=error))
    except TooLargeError:
        return Copied(held=_TOO_LARGE)


def _without_words(bare: Bare, name: str) -> Copied:
    """Return the copy, after words were looked for and covered a few times: some show by others' going."""
    seen = _seen(bare, name)
    words = tuple(" ".join(dict.fromkeys(each.words)) for each in seen)
    covered = [each.boxes for each in seen]
    if not any(covered):
        return Copied(bare.data, told=bare.notes)
    for _ in range(_ROUNDS):
        data, notes = painted(bare, name, covered)
        now = BARE[name](data)
        if not _left(now, name):
            boxes = plural(sum(map(len, covered)), "box", "boxes")
            told = f"words were seen and covered: {boxes}"
            return Copied(now.data, words, told=(told, *bare.notes, *notes))
        more = [each.boxes for each in _seen(now, name)]
        covered = [[*old, *new] for old, new in zip_longest(covered, more, fillvalue=())]
    return Copied(held=_LEFT, words=words)


def _seen(bare: Bare, name: str) -> list[ocr.Seen]:
    """Return what is seen in each frame; the same frame is looked at once."""
    known: dict[bytes, ocr.Seen] = {}
    found = []
    for shown, digest in _shown(bare, name):
        if digest not in known:
            seen = [ocr.see(view) for view in shown]
            boxes = [box for each in seen for box in each.boxes]
            known[digest] = ocr.Seen(boxes, tuple(word for each in seen for word in each.words))
        found.append(known[digest])
    return found


def _left(bare: Bare, name: str) -> bool:
    """Say whether words are still seen in any frame."""
    known: set[bytes] = set()
    for shown, digest in _shown(bare, name):
        if digest not in known and any(ocr.left(view) for view in shown):
            return True
        known.add(digest)
    return False


def _shown(bare: Bare, name: str) -> Iterator[tuple[list[Eight], bytes]]:
    """Yield the views of each frame, upright, and a digest of them."""
    for frame in frames(bare.data, name):
        shown = [np.ascontiguousarray(upright(view, bare.turned)) for view in views(frame)]
        digest = hashlib.sha256()
        for view in shown:
            digest.update(view.data)
        yield shown, digest.digest()


def _compare(data: bytes, bare: Bare, name: str, source: Source) -> None:
    """See that the copy shows what the source does. Raises DocumentError E269, DamagedError."""
    before = frames(data, name)
    if bare.pages is not None:
        before = (frame for i, frame in enumerate(before) if i in bare.pages)
    try:
        same = all(
            np.array_equal(pixels(one), pixels(other))
            for one, other in zip(before, frames(bare.data, name), strict=True)
        )
    except ValueError:  # not as many
        same = False
    if not same:
        what = "the copy would not show what the picture does"
        raise failed("E269", source, what, "Save it anew with another program.")

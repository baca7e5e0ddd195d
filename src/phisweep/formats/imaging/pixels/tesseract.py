"""Words read by tesseract, through pipes: no picture of a patient lies in a temporary folder."""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from phisweep.errors import DocumentError
from phisweep.formats.imaging.pixels.boxes import Box

_SECONDS = 120  # for one picture
_WORD = "5"  # the level of words in its tables
_FIELDS = 12
#: How sure it must be of a word of that many letters and digits, in per cent; of longer ones last.
_SURE = (101, 101, 80, 62, 45, 35)
_MORE = 20  # surer, where no word may be seen that is none
_MUCH = 50  # surer of letters that are taller than this share of the picture
_TALLEST = 0.1
_LIMIT = 92  # as sure as it is asked to be of any


@dataclass(frozen=True, slots=True)
class Word:
    """A word that was read, and where."""

    box: Box
    text: str = field(repr=False)


def read(image: npt.NDArray[np.uint8], *, sure: bool = False) -> list[Word]:
    """Return the words of a grey picture, or those that surely are. Raises DocumentError E265."""
    program = shutil.which("tesseract")
    if program is None:
        raise DocumentError(
            "E265",
            "words in pixels are to be read, and tesseract is not installed",
            todo="apt-get install tesseract-ocr, or its like; or choose --pixels blank or hold.",
        )
    rows, columns = image.shape
    picture = b"P5 %d %d 255\n" % (columns, rows) + image.tobytes()
    command = [program, "stdin", "stdout", "--dpi", "150", "--psm", "11", "-l", "eng", "tsv"]
    try:
        done = subprocess.run(  # noqa: S603 - the program's full path, and fixed words
            command,
            input=picture,
            capture_output=True,
            check=False,
            timeout=_SECONDS,
            env={**os.environ, "OMP_THREAD_LIMIT": "1"},  # workers are as many as cores already
        )
    except subprocess.TimeoutExpired:
        raise DocumentError(
            "E265", "tesseract did not end in time", todo="Exclude it, or choose --pixels hold."
        ) from None
    if done.returncode:
        raise DocumentError(
            "E265",
            f"tesseract failed with exit status {done.returncode}",
            todo="See that it and its data for English are installed: tesseract --list-langs.",
        )
    more = _MORE if sure else 0
    return _accepted(done.stdout.decode("utf-8", "replace"), more, _TALLEST * rows)


def _accepted(table: str, more: int, tallest: float) -> list[Word]:
    """Return the words of tesseract's table that are likely ones, and what stands in their lines."""
    lines: dict[tuple[str, ...], list[tuple[Word, bool]]] = {}
    for row in table.splitlines()[1:]:
        cells = row.split("\t")
        if len(cells) != _FIELDS or cells[0] != _WORD:
            continue
        text, sure = cells[11].strip(), float(cells[10])
        letters = min(sum(c.isalnum() for c in text), len(_SURE) - 1)
        left, top, width, height = map(int, cells[6:10])
        word = Word(Box(top, left, top + height, left + width), text)
        asked = _SURE[letters] + (_MUCH if height > tallest else more)
        good = letters > 1 and sure >= min(_LIMIT, asked)
        lines.setdefault(tuple(cells[1:5]), []).append((word, good))
    return [
        word
        for line in lines.values()
        if any(good for _, good in line)
        for word, _ in line
        if word.text
    ]

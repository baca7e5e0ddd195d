"""Texts of files: decoded line by line, so that a wrong encoding has a place."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from io import BytesIO, TextIOWrapper
from pathlib import Path

from phisweep.errors import UsageError
from phisweep.evaluate import faults
from phisweep.legible import legible

_HEAD = 1 << 16
_UNDECODED = re.compile("[\udc80-\udcff]")
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def encoding_of(path: Path, encoding: str = "") -> str:
    """
    Return the encoding that was given, else that of a byte order mark, else UTF-8.

    Raises UsageError: E176 the file cannot be read, E195 no text is encoded so.
    """
    if encoding:
        try:
            TextIOWrapper(
                BytesIO(), encoding
            ).detach()  # rot13 or base64 are codecs, but of no text
        except (LookupError, ValueError):
            raise faults.unusable(
                "--encoding names no encoding of texts",
                "Give one that Python knows, such as utf-16 or cp1252.",
            ) from None
        return encoding
    try:
        with path.open("rb") as file:
            start = file.read(4)
    except OSError as error:
        raise _closed(path, error) from None
    return next((name for mark, name in _MARKS if start.startswith(mark)), "utf-8")


def head(path: Path, encoding: str = "") -> str:
    """Return how a file begins, without white space before it; what cannot be decoded is left out."""
    name = encoding_of(path, encoding)
    try:
        with path.open("rb") as file:
            start = file.read(_HEAD)
    except OSError as error:
        raise _closed(path, error) from None
    return start.decode(name, errors="ignore").lstrip("\ufeff \t\r\n")


def lines(path: Path, name: str, encoding: str = "") -> Iterator[tuple[int, str]]:
    """Yield the lines of a file with their numbers, without LF. Raises UsageError E176."""
    chosen = encoding_of(path, encoding)
    number = 0
    try:
        with path.open(encoding=chosen, errors="surrogateescape", newline="\n") as file:
            for number, line in enumerate(file, 1):
                if _UNDECODED.search(line):
                    raise _undecoded(name, chosen, number)
                yield number, line.removesuffix("\n")
    except UnicodeError:
        raise _undecoded(name, chosen, number + 1) from None
    except OSError as error:
        raise _closed(path, error) from None


def whole(path: Path, name: str, encoding: str = "") -> str:
    """Return the text of a file with its line ends as they are. Raises UsageError E176."""
    chosen = encoding_of(path, encoding)
    try:
        with path.open(encoding=chosen, errors="surrogateescape", newline="") as file:
            text = file.read()
    except UnicodeError:
        raise _undecoded(name, chosen, 1) from None
    except OSError as error:
        raise _closed(path, error) from None
    if wrong := _UNDECODED.search(text):
        raise _undecoded(name, chosen, 1 + text.count("\n", 0, wrong.start()))
    return text


def _undecoded(name: str, encoding: str, line: int) -> UsageError:
    return faults.unreadable(
        legible(name), f"line {line:,} is not valid {encoding}", "Set --encoding."
    )


def _closed(path: Path, error: OSError) -> UsageError:
    return faults.unreadable(legible(path.name), f"it cannot be read: {error.strerror}")

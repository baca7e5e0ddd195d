"""
The text of a header, and its bytes with edits in place.

A header's text is unfolded, and its encoded words (RFC 2047) are decoded. It is made of pieces, each
of which knows its bytes: what is edited changes its own pieces, every other byte stays.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from phisweep.model import Edit
from phisweep.splicing import splice

_WORD = rb"=\?([A-Za-z0-9_.:-]+)(?:\*[A-Za-z0-9-]*)?\?([BbQq])\?([^? \t\r\n]*)\?="
_ONE = re.compile(_WORD)
_RUN = re.compile(
    rb"=\?[^?\s]+\?[BbQq]\?[^?\s]*\?=(?:(?:\r?\n)?[ \t]+=\?[^?\s]+\?[BbQq]\?[^?\s]*\?=)*"
)
_SIGNS = re.compile(r"[,;:<>\"()@]")
_FOLD = re.compile(rb"\r?\n")
_ENCODED_LENGTH = 45  # bytes of UTF-8 in one encoded word, so that it has 75 characters at most


@dataclass(frozen=True, slots=True)
class Piece:
    """Half-open bytes of a header, and the text they are; `encoded`: as encoded words."""

    start: int
    end: int
    text: str = field(repr=False)
    encoded: bool = False


def pieces(data: bytes, start: int, end: int, holes: Sequence[tuple[int, int]] = ()) -> list[Piece]:
    """Return the pieces of a header between two bytes; what lies in the holes is left out."""
    found: list[Piece] = []
    at = start
    for begin, stop in (*sorted(holes), (end, end)):
        if begin >= at:
            found += _between(data, at, begin)
        at = max(at, stop)
    return found


def text_of(found: Iterable[Piece]) -> str:
    """Return the text of the pieces."""
    return "".join(piece.text for piece in found)


def edited(
    data: bytes, found: Sequence[Piece], edits: Sequence[Edit]
) -> Iterator[tuple[int, int, bytes]]:
    """Yield the bytes that change, and what they become."""
    at = 0
    for piece in found:
        end = at + len(piece.text)
        own = [*_own(edits, at, end)]
        if own and piece.encoded:
            text = splice(piece.text, own)
            plain = not _SIGNS.search(text)  # that part a header where they are not encoded
            yield piece.start, piece.end, encoded_words(text, plain=plain)
        elif own:
            for edit in own:
                start = piece.start + _size(data, piece, edit.start)
                stop = piece.start + _size(data, piece, edit.end)
                folded = start == piece.start and data[start - 1 : start] == b"\n"
                yield start, stop, b" " * folded + encoded_words(edit.text)  # still a fold
        at = end


def decoded_words(text: str) -> str:
    """Return a text whose encoded words are decoded, where it has any."""
    try:
        data = text.encode("ascii")
    except UnicodeEncodeError:
        return text
    return text_of(_between(data, 0, len(data)))


def encoded_words(text: str, *, plain: bool = True) -> bytes:
    """Return a text as it may stand in a header: as it is where it may be, or as encoded words."""
    text = " ".join(text.splitlines())
    if plain and text.isascii() and "=?" not in text:
        return text.encode()
    words, held = [], b""
    for character in text:
        raw = character.encode("utf-8", "replace")
        if len(held) + len(raw) > _ENCODED_LENGTH:
            words.append(held)
            held = b""
        held += raw
    words.append(held)
    return b" ".join(b"=?utf-8?b?" + base64.b64encode(word) + b"?=" for word in words)


def _between(data: bytes, start: int, end: int) -> Iterator[Piece]:
    at = start
    for match in _RUN.finditer(data, start, end):
        yield from _unfolded(data, at, match.start())
        text = _decoded(match[0])
        if text is None:
            yield from _unfolded(data, match.start(), match.end())
        else:
            yield Piece(match.start(), match.end(), text, encoded=True)
        at = match.end()
    yield from _unfolded(data, at, end)


def _unfolded(data: bytes, start: int, end: int) -> Iterator[Piece]:
    at = start
    for fold in _FOLD.finditer(data, start, end):
        if fold.start() > at:
            yield Piece(at, fold.start(), _text(data[at : fold.start()]))
        at = fold.end()
    if end > at:
        yield Piece(at, end, _text(data[at:end]))


def _decoded(run: bytes) -> str | None:
    """Return the text of a run of encoded words, None where one cannot be decoded."""
    parts: list[tuple[str, bytes]] = []
    for match in _ONE.finditer(run):
        code, how, raw = match[1].decode("ascii").lower(), match[2].upper(), match[3]
        try:
            value = (
                base64.b64decode(raw + b"=" * (-len(raw) % 4), validate=True)
                if how == b"B"
                else binascii.a2b_qp(raw, header=True)
            )
        except (binascii.Error, ValueError):
            return None
        if parts and parts[-1][0] == code:  # a character may begin in one word and end in the next
            parts[-1] = code, parts[-1][1] + value
        else:
            parts.append((code, value))
    try:
        return "".join(value.decode(code) for code, value in parts)
    except (LookupError, UnicodeError):
        return None


def _own(edits: Sequence[Edit], start: int, end: int) -> Iterator[Edit]:
    """Yield the part of the edits that lies in a piece; its first piece takes the new text."""
    for edit in edits:
        if edit.start < end and edit.end > start:
            text = edit.text if edit.start >= start else ""
            yield Edit(max(edit.start, start) - start, min(edit.end, end) - start, text)


def _size(data: bytes, piece: Piece, characters: int) -> int:
    """Return how many bytes the first characters of a piece that is not encoded take."""
    raw = data[piece.start : piece.end]
    code = "utf-8" if _is_utf8(raw) else "latin-1"
    return len(piece.text[:characters].encode(code))


def _text(data: bytes) -> str:
    return data.decode("utf-8" if _is_utf8(data) else "latin-1")


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True

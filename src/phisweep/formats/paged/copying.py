"""
The copy: a fresh file of pictures of pages, over each an invisible layer of the text that is left.

Nothing of the source's own objects comes into it, no name, no moment: the same pages give the same
bytes. It ends in a digest of itself, by which it is known again.
"""

from __future__ import annotations

import hashlib
import re
import zlib
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from typing import NamedTuple

from phisweep.formats.stream import raw_stream, read
from phisweep.model import Source

_HEAD = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n% phisweep: pictures of pages, and the text that is left\n"
_SALT = b"phisweep image-only copy 1"
_TAIL = re.compile(
    rb"trailer\n<< /Size \d+ /Root 1 0 R /ID \[<([0-9a-f]{64})> <\1>\] >>\nstartxref\n\d+\n%%EOF\n\Z"
)
_LONGEST_TAIL = 400
_FIRST = 7  # number of the first object that belongs to a page
_WIDTH = 0.5  # of every character of the layer, in its own height
_LAST_OF_PLANE = "\uffff"  # the last code point that the layer's font has
_DEPTH = 0.2  # of what hangs below the line
_BLOCK = 1 << 20
_HAIR = 0.001  # points


class Word(NamedTuple):
    """
    A word of the layer at its place: left, bottom, width and height in points from below left.

    `turned` is 1 where it is written upwards, -1 downwards.
    """

    text: str
    left: float
    bottom: float
    width: float
    height: float
    turned: int = 0


@dataclass(slots=True)
class Copy:
    """Writes a copy page by page; what each call returns stands behind what was returned before."""

    _at: int = 0
    _number: int = _FIRST
    _pages: list[int] = field(default_factory=list)
    _where: dict[int, int] = field(default_factory=dict)
    _digest: hashlib._Hash = field(default_factory=lambda: hashlib.sha256(_SALT))

    def page(
        self, pixels: bytes, size: tuple[int, int], dpi: float, words: Sequence[Word]
    ) -> bytes:
        """Return a page of `size` pixels (gray, or three colours each) and its words."""
        across, down = size
        colours = "DeviceGray" if len(pixels) == across * down else "DeviceRGB"
        # A hair less than the pixels take, so that as many are drawn of it again and not one more.
        wide, high = across * 72 / dpi - _HAIR, down * 72 / dpi - _HAIR
        layer = "".join(map(_placed, words))
        content = f"q {wide:.4f} 0 0 {high:.4f} 0 0 cm /I Do Q\nBT 3 Tr /F 1 Tf\n{layer}ET\n"
        page, stream, image = self._number, self._number + 1, self._number + 2
        self._number += 3
        self._pages.append(page)
        return b"".join(
            [
                self._begin(),
                self._object(
                    page,
                    f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {wide:.4f} {high:.4f}] /Contents {stream} 0 R"
                    f" /Resources << /Font << /F 3 0 R >> /XObject << /I {image} 0 R >> >> >>",
                ),
                self._stream(stream, "", content.encode("ascii")),
                self._stream(
                    image,
                    f"/Type /XObject /Subtype /Image /Width {across} /Height {down} /ColorSpace /{colours}"
                    " /BitsPerComponent 8",
                    pixels,
                ),
            ]
        )

    def finish(self) -> Iterator[bytes]:
        """Yield the rest: the tree of pages, the font of the layer, the table of objects."""
        kids = " ".join(f"{page} 0 R" for page in self._pages)
        yield self._begin()
        yield self._object(1, "<< /Type /Catalog /Pages 2 0 R >>")
        yield self._object(2, f"<< /Type /Pages /Count {len(self._pages)} /Kids [{kids}] >>")
        yield self._object(
            3,
            "<< /Type /Font /Subtype /Type0 /BaseFont /Layer /Encoding /Identity-H"
            " /DescendantFonts [4 0 R] /ToUnicode 6 0 R >>",
        )
        yield self._object(
            4,
            "<< /Type /Font /Subtype /CIDFontType2 /BaseFont /Layer /CIDSystemInfo << /Registry (Adobe)"
            " /Ordering (Identity) /Supplement 0 >> /FontDescriptor 5 0 R /CIDToGIDMap /Identity"
            f" /DW {_WIDTH * 1000:.0f} >>",
        )
        yield self._object(
            5,
            "<< /Type /FontDescriptor /FontName /Layer /Flags 4 /FontBBox [0 -200 500 800] /ItalicAngle 0"
            " /Ascent 800 /Descent -200 /CapHeight 800 /StemV 80 >>",
        )
        yield self._stream(6, "", _to_unicode())
        table = [f"xref\n0 {self._number}\n0000000000 65535 f \n"]
        table += [f"{self._where[number]:010d} 00000 n \n" for number in range(1, self._number)]
        start = self._at
        yield self._put("".join(table).encode())
        mark = self._digest.hexdigest()
        yield (
            f"trailer\n<< /Size {self._number} /Root 1 0 R /ID [<{mark}> <{mark}>] >>\n"
            f"startxref\n{start}\n%%EOF\n"
        ).encode()

    def _begin(self) -> bytes:
        return b"" if self._at else self._put(_HEAD)

    def _object(self, number: int, text: str) -> bytes:
        self._where[number] = self._at
        return self._put(f"{number} 0 obj\n{text}\nendobj\n".encode())

    def _stream(self, number: int, entries: str, data: bytes) -> bytes:
        packed = zlib.compress(data, 6)
        self._where[number] = self._at
        head = (
            f"{number} 0 obj\n<< {entries} /Filter /FlateDecode /Length {len(packed)} >>\nstream\n"
        )
        return self._put(head.encode() + packed + b"\nendstream\nendobj\n")

    def _put(self, data: bytes) -> bytes:
        self._at += len(data)
        self._digest.update(data)
        return data


def _placed(word: Word) -> str:
    """Return the operators that show a word at its place; a space after it keeps words apart."""
    text = "".join(sign if sign <= _LAST_OF_PLANE else "\ufffd" for sign in word.text)
    codes, count = f"{text} ".encode("utf-16-be", "replace").hex(), len(text)
    left, bottom, wide, high = word.left, word.bottom, word.width, word.height
    along = max(high if word.turned else wide, 0.01) / (_WIDTH * max(count, 1))
    across = max(wide if word.turned else high, 0.01)
    if word.turned > 0:
        matrix = 0.0, along, -across, 0.0, left + (1 - _DEPTH) * wide, bottom
    elif word.turned < 0:
        matrix = 0.0, -along, across, 0.0, left + _DEPTH * wide, bottom + high
    else:
        matrix = along, 0.0, 0.0, across, left, bottom + _DEPTH * high
    return " ".join(f"{number:.4f}" for number in matrix) + f" Tm <{codes}> Tj\n"


def _to_unicode() -> bytes:
    """Return the map of codes to code points of Unicode's first plane, each to itself."""
    ranges = [f"<{high:02x}00> <{high:02x}ff> <{high:02x}00>" for high in range(256)]
    blocks = [ranges[i : i + 100] for i in range(0, 256, 100)]
    body = "\n".join(
        f"{len(block)} beginbfrange\n" + "\n".join(block) + "\nendbfrange" for block in blocks
    )
    return (
        "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n/CMapName /Layer def\n"
        "/CMapType 2 def\n1 begincodespacerange\n<0000> <ffff>\nendcodespacerange\n"
        f"{body}\nendcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n"
    ).encode()


def is_ours(source: Source) -> bool:
    """
    Say whether a source is a copy that was written here and not changed since.

    Of such a copy the pictures of pages are known to show what their texts say, and nothing that
    was covered. Whoever imitates the digest on purpose can have a picture pass as one of those; its
    text, names and all other objects are searched in any case.
    """
    digest, at = hashlib.sha256(_SALT), 0
    with closing(raw_stream(source)) as stream:
        if read(stream, 0, len(_HEAD), source) != _HEAD:
            return False
        tail = read(stream, max(0, source.size - _LONGEST_TAIL), _LONGEST_TAIL, source)
        match = _TAIL.search(tail)
        if match is None:
            return False
        end = max(0, source.size - _LONGEST_TAIL) + match.start()
        while at < end:
            block = read(stream, at, min(_BLOCK, end - at), source)
            digest.update(block)
            at += len(block) or end
    return digest.hexdigest() == match[1].decode()

"""TIFF: of each page the pixels and the numbers that decode them, in a new file."""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from phisweep.formats.picture.bare.jpeg import jpeg
from phisweep.formats.picture.bare.model import (
    MOST_PIXELS,
    PROFILE,
    SMALL,
    Bare,
    DamagedError,
    RefusedError,
    TooLargeError,
    fits,
)

_SIZES = {1: 1, 3: 2, 4: 4, 5: 8, 6: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8}  # numbers alone
_Entries = Mapping[int, tuple[int, int, bytes]]
_Spans = list[
    tuple[int, int, bool]
]  # half-open bytes, and whether they are pixels or their colours
_SHORT, _LONG = 3, 4
_OFFSETS, _COUNTS, _TABLES, _COLOURS = (273, 324), (279, 325), 347, 320
_WIDTH, _HEIGHT, _BITS, _PACKING, _PLAN, _SAMPLES, _ROWS, _PREVIEW, _PROFILE = (
    256, 257, 258, 259, 284, 277, 278, 254, 34675,
)  # fmt: skip
#: What says how the pixels are to be decoded, turned and shown: numbers, few of each.
_KEPT = frozenset({
    254, 255, 256, 257, 258, 259, 262, 263, 266, 274, 277, 278, 280, 281, 282, 283, 284, 290, 292,
    293, 296, 297, 317, 318, 319, 322, 323, 332, 334, 336, 338, 339, 340, 341, 530, 531, 532,
})  # fmt: skip
_FEW = 16  # numbers of such a tag
_RAW = frozenset({33421, 33422, 50706, 50717})  # of a camera's sensor
_PLAIN, _JPEG, _DEFLATE = 1, 7, (8, 32946)
_PACKINGS = frozenset({_PLAIN, 2, 3, 4, 5, _JPEG, *_DEFLATE, 32773})
_UNDEFINED, _SUBSAMPLED = 7, 530  # a kind; a tag: colours at half the width
_PAGES = 1_000


@dataclass(frozen=True, slots=True)
class Page:
    """One page: kind, count and bytes of each number that is kept, and its strips or tiles."""

    tags: Mapping[int, tuple[int, int, bytes]] = field(repr=False)
    pixels: Sequence[bytes] = field(repr=False)
    tiled: bool

    def number(self, tag: int, order: str, otherwise: int = 0) -> int:
        """Return the first number of a tag."""
        kind, count, data = self.tags.get(tag, (_LONG, 0, b""))
        return _number(data[: _SIZES[kind]], order) if count else otherwise


def tiff(data: bytes) -> Bare:
    """Return the TIFF with its pages alone. Raises DamagedError, RefusedError, TooLargeError."""
    pages, order, notes = pages_of(data)
    kept = [i for i, page in enumerate(pages) if not page.number(_PREVIEW, order) & 1]
    if not kept:
        raise DamagedError("a TIFF without a page")
    if len(kept) < len(pages):
        notes = (*notes, SMALL)
    return Bare(joined([pages[i] for i in kept], order), notes=notes, pages=tuple(kept))


def pages_of(data: bytes) -> tuple[list[Page], str, tuple[str, ...]]:
    """Return the pages, the order of their bytes, and notes. Raises DamagedError, RefusedError."""
    order = {b"II*\0": "little", b"MM\0*": "big"}.get(data[:4], "")
    if not order:
        raise DamagedError("it does not begin as a TIFF does")
    pages: list[Page] = []
    seen: set[int] = set()
    notes: dict[str, None] = {}
    at, used = _number(data[4:8], order), 0
    spans: _Spans = []
    while at:
        if at in seen or len(seen) >= _PAGES:
            raise DamagedError("a TIFF whose pages lead in circles")
        seen.add(at)
        entries, at = _entries(data, at, order, spans)
        if _RAW & entries.keys():
            raise RefusedError("the raw picture of a camera")
        if _PROFILE in entries:
            notes[PROFILE] = None
        page = _page(data, entries, order, spans)
        used += sum(map(len, page.pixels))
        pages.append(page)
    if used > len(data) or _lie_over(spans):
        raise DamagedError("a TIFF whose parts lie over each other")
    return [_cut(page, order) for page in pages], order, tuple(notes)


def joined(pages: Sequence[Page], order: str) -> bytes:
    """Return a TIFF of the pages."""
    out = bytearray(b"II*\0" if order == "little" else b"MM\0*") + bytes(4)
    link = 4
    for page in pages:
        places = []
        for piece in page.pixels:
            places.append(len(out))
            out += piece + b"\0" * (len(piece) % 2)
        if len(out) >= 1 << 32:
            raise RefusedError("larger than a TIFF may be")
        tags = {
            **page.tags,
            _OFFSETS[page.tiled]: _longs(places, order),
            _COUNTS[page.tiled]: _longs([len(piece) for piece in page.pixels], order),
        }
        rows = []
        for tag, (kind, count, value) in sorted(tags.items()):
            shown = value.ljust(4, b"\0")
            if len(value) > 4:  # noqa: PLR2004 - bytes that stand in the entry
                shown = _packed(len(out), 4, order)
                out += value + b"\0" * (len(value) % 2)
            head = _packed(tag, 2, order) + _packed(kind, 2, order) + _packed(count, 4, order)
            rows.append(head + shown)
        out[link : link + 4] = _packed(len(out), 4, order)
        out += _packed(len(rows), 2, order) + b"".join(rows)
        link = len(out)
        out += bytes(4)
    return bytes(out)


def _entries(
    data: bytes, at: int, order: str, spans: _Spans
) -> tuple[dict[int, tuple[int, int, bytes]], int]:
    """Return kind, count and bytes of each tag, and where the next page's stand."""
    count = _number(_bytes(data, at, 2), order)
    table = _bytes(data, at + 2, 12 * count + 4)
    spans.append((at, at + 6 + 12 * count, False))
    found = {}
    for i in range(0, 12 * count, 12):
        tag, kind = _number(table[i : i + 2], order), _number(table[i + 2 : i + 4], order)
        number = _number(table[i + 4 : i + 8], order)
        size, start = number * _SIZES.get(kind, 1), _number(table[i + 8 : i + 12], order)
        if size > 4:  # noqa: PLR2004 - else the value stands in the entry
            spans.append((start, start + size, tag in (_COLOURS, _TABLES)))
        value = b""
        if _wanted(tag, kind, number):
            value = table[i + 8 : i + 8 + size] if size <= 4 else _bytes(data, start, size)  # noqa: PLR2004
        found[tag] = kind, number, value
    return found, _number(table[-4:], order)


def _lie_over(spans: _Spans) -> bool:
    """Say whether pixels or their colours lie where something else does."""
    reached = {True: 0, False: 0}
    for start, end, pixels in sorted(spans):
        if start < reached[not pixels] and start < end:
            return True
        reached[pixels] = max(reached[pixels], end)
    return False


def _wanted(tag: int, kind: int, number: int) -> bool:
    if tag == _TABLES:
        return True
    if tag in _OFFSETS or tag in _COUNTS:
        return kind in (_SHORT, _LONG)
    if tag == _COLOURS:
        return kind == _SHORT and number <= 3 << 16
    return tag in _KEPT and kind in _SIZES and number <= _FEW


def _page(data: bytes, entries: _Entries, order: str, spans: _Spans) -> Page:
    tiled = _OFFSETS[1] in entries
    kept = {
        tag: entry
        for tag, entry in entries.items()
        if entry[2] and (tag in _KEPT or tag in (_COLOURS, _TABLES))
    }
    starts, sizes = (_numbers(entries.get(pair[tiled]), order) for pair in (_OFFSETS, _COUNTS))
    page = Page(kept, (), tiled)
    if page.number(_PACKING, order, _PLAIN) not in _PACKINGS:
        raise RefusedError("a TIFF whose pixels are packed in a rare way")
    if not starts or len(starts) != len(sizes) or not (_WIDTH in kept and _HEIGHT in kept):
        raise DamagedError("a TIFF whose pixels are nowhere")
    fits(page.number(_WIDTH, order), page.number(_HEIGHT, order))
    spans += [(start, start + size, True) for start, size in zip(starts, sizes, strict=True)]
    colours = kept.get(_COLOURS)
    if colours and colours[1] != 3 << page.number(_BITS, order, 1):
        raise DamagedError("a TIFF with more or fewer colours than it has")
    pieces = [_bytes(data, start, size) for start, size in zip(starts, sizes, strict=True)]
    return replace(page, pixels=pieces)


def _cut(page: Page, order: str) -> Page:
    """Return a page without what stands behind the pixels in its strips."""
    packing = page.number(_PACKING, order, _PLAIN)
    pixels, tags = page.pixels, dict(page.tags)
    if packing == _JPEG:
        pixels = [jpeg(piece).data for piece in pixels]
        if _TABLES in tags:
            tables = jpeg(tags[_TABLES][2]).data
            tags[_TABLES] = _UNDEFINED, len(tables), tables
    elif packing == _PLAIN:
        sizes = _plain_sizes(page, order)
        pixels = [piece[:size] for piece, size in zip(pixels, sizes, strict=False)]
        if [*map(len, pixels)] != sizes:
            raise DamagedError("the pixels of the TIFF end too soon")
    elif packing in _DEFLATE:
        pixels = [_deflated(piece) for piece in pixels]
    return replace(page, pixels=pixels, tags=tags)


def _plain_sizes(page: Page, order: str) -> list[int]:
    """Return how many bytes each strip or tile takes that is not packed."""
    samples = page.number(_SAMPLES, order, 1)
    apart = page.number(_PLAN, order, 1) == 2  # noqa: PLR2004 - each colour by itself
    bits = page.number(_BITS, order, 1) * (1 if apart else samples)
    if _SUBSAMPLED in page.tags:
        raise RefusedError("a TIFF whose colours are stored in a rare way")
    width, height = page.number(_WIDTH, order), page.number(_HEIGHT, order)
    if page.tiled:
        across, down = page.number(322, order), page.number(323, order)
        return [(across * bits + 7) // 8 * down] * len(page.pixels)
    row = (width * bits + 7) // 8
    rows = min(page.number(_ROWS, order, height), height) or height
    each = [row * min(rows, height - top) for top in range(0, height, rows)]
    return each * (samples if apart else 1)


def _deflated(piece: bytes) -> bytes:
    stream = zlib.decompressobj()
    rest, total = piece, 0
    try:
        while rest and not stream.eof:
            total += len(stream.decompress(rest, 1 << 20))
            if total > 8 * MOST_PIXELS:
                raise TooLargeError
            rest = stream.unconsumed_tail
    except zlib.error:
        raise DamagedError("a TIFF with pixels that cannot be unpacked") from None
    if not stream.eof:
        raise DamagedError("the pixels of the TIFF end too soon")
    return piece[: len(piece) - len(stream.unused_data)]


def _numbers(entry: tuple[int, int, bytes] | None, order: str) -> list[int]:
    if entry is None:
        return []
    kind, _, data = entry
    step = _SIZES.get(kind, 4)
    return [_number(data[i : i + step], order) for i in range(0, len(data), step)]


def _longs(numbers: Sequence[int], order: str) -> tuple[int, int, bytes]:
    return _LONG, len(numbers), b"".join(_packed(number, 4, order) for number in numbers)


def _bytes(data: bytes, at: int, size: int) -> bytes:
    found = data[at : at + size]
    if len(found) < size:
        raise DamagedError("the TIFF ends too soon")
    return found


def _packed(number: int, size: int, order: str) -> bytes:
    return number.to_bytes(size, "little" if order == "little" else "big")


def _number(data: bytes, order: str) -> int:
    return int.from_bytes(data, "little" if order == "little" else "big")

"""The codes of a GIF's pixels: where they end, and the pixels themselves."""

from __future__ import annotations

from phisweep.formats.picture.bare.model import DamagedError

_WIDEST = 12  # bits of a code
_SIZES = range(1, 9)


class _Bits:
    """Codes of so many bits, the lowest first."""

    __slots__ = ("_at", "_bits", "_data", "_held")

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = self._held = self._bits = 0

    def code(self, width: int) -> int | None:
        """Return the next code, None behind the end."""
        while self._bits < width:
            if self._at >= len(self._data):
                return None
            self._held |= self._data[self._at] << self._bits
            self._at += 1
            self._bits += 8
        found = self._held & ((1 << width) - 1)
        self._held >>= width
        self._bits -= width
        return found

    @property
    def used(self) -> int:
        """How many bytes were read, the last one in part."""
        return self._at - self._bits // 8


def decoded(codes: bytes, minimum: int, count: int) -> tuple[bytes, int | None]:
    """
    Return so many indices of colours, and how many bytes of the codes they and their end take.

    None for the bytes where no end stands behind the pixels. Raises DamagedError.
    """
    if minimum not in _SIZES:
        raise DamagedError("a GIF with codes of no size that may be")
    clear = 1 << minimum
    roots = [bytes((i,)) for i in range(clear)] + [b"", b""]
    bits, table, width = _Bits(codes), roots[:], minimum + 1
    found: list[bytes] = []
    got, previous = 0, b""
    while got < count:
        code = bits.code(width)
        if code is None or code == clear + 1:
            raise DamagedError("the pixels of the GIF end too soon")
        if code == clear:
            table, width, previous = roots[:], minimum + 1, b""
            continue
        entry = _entry(table, code, previous)
        if previous and len(table) < 1 << _WIDEST:
            table.append(previous + entry[:1])
            if len(table) == 1 << width and width < _WIDEST:
                width += 1
        found.append(entry)
        got += len(entry)
        previous = entry
    ended = got == count and bits.code(width) == clear + 1
    return b"".join(found)[:count], bits.used if ended else None


def encoded(indices: bytes, minimum: int) -> bytes:
    """Return the codes of the indices, with their end."""
    clear = 1 << minimum
    out, held, bits = bytearray(), clear, minimum + 1
    table: dict[tuple[int, int], int] = {}
    following, width, prefix = clear + 2, minimum + 1, -1

    def put(code: int) -> None:
        nonlocal held, bits
        held |= code << bits
        bits += width
        while bits >= 8:  # noqa: PLR2004 - bits of a byte
            out.append(held & 0xFF)
            held >>= 8
            bits -= 8

    for index in indices:
        known = index if prefix < 0 else table.get((prefix, index))
        if known is not None:
            prefix = known
            continue
        put(prefix)
        table[prefix, index] = following
        if following == 1 << width:
            width += 1
        following += 1
        prefix = index
        if following == 1 << _WIDEST:
            put(prefix)
            put(clear)
            table.clear()
            following, width, prefix = clear + 2, minimum + 1, -1
    if prefix >= 0:
        put(prefix)
        if following == 1 << width and width < _WIDEST:
            width += 1
    put(clear + 1)
    if bits:
        out.append(held & 0xFF)
    return bytes(out)


def _entry(table: list[bytes], code: int, previous: bytes) -> bytes:
    entry = table[code] if code < len(table) else b""
    if not entry and previous and code == len(table):
        entry = previous + previous[:1]
    if not entry:
        raise DamagedError("a GIF with codes that stand for nothing")
    return entry

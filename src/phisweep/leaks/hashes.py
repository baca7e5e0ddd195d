"""
Unkeyed hashes of identifiers, known by the first four bytes of them.

Four bytes are what a hash cut to eight hex digits has left, and the whole of a CRC-32. One value
hits one of n hashes by chance once in 2**32 / n times, so several hits are no chance.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
import zlib
from collections.abc import Callable, Iterable, Iterator

from phisweep.keys import fold

PREFIX_BYTES = 4
#: Hits that make a match, besides ten times those that chance would make.
LEAST_HITS = 3
#: What is written before an identifier before it is hashed.
_BEFORE = ("MRN", "MRN-", "MRN:", "PT", "PT-", "P", "ID-", "SSN:", "Patient/")
_HEX = re.compile(r"(?:0x|[a-z0-9-]{2,12}:)?([0-9a-f]{8,128})", re.IGNORECASE)
_UUID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}", re.IGNORECASE)
_BASE64 = re.compile(r"([A-Za-z0-9+/_-]{6,88})={0,2}")
_BLOCK = 8  # characters of base64 that hold the first four bytes, in whole groups of four


def _crc32(data: bytes) -> bytes:
    return zlib.crc32(data).to_bytes(PREFIX_BYTES, "big")


def _blake2b_256(data: bytes) -> bytes:
    return hashlib.blake2b(data, digest_size=32).digest()


_HASHES: tuple[Callable[[bytes], bytes], ...] = (
    lambda data: hashlib.md5(data, usedforsecurity=False).digest(),
    lambda data: hashlib.sha1(data, usedforsecurity=False).digest(),
    lambda data: hashlib.sha224(data).digest(),
    lambda data: hashlib.sha256(data).digest(),
    lambda data: hashlib.sha384(data).digest(),
    lambda data: hashlib.sha512(data).digest(),
    lambda data: hashlib.blake2b(data).digest(),
    _blake2b_256,
    _crc32,
)


def digests(value: str) -> frozenset[bytes]:
    """
    Return the first four bytes of every hash that somebody may have made of the value.

    That is of the value as it stands, stripped, in lower and upper case, its letters and digits,
    its digits alone, without leading zeros, with a common word before it and with the line feed
    that `echo` adds, by MD5, SHA-1, SHA-2, BLAKE2b and CRC-32.
    """
    forms = {form.encode(errors="surrogatepass") for form in _forms(value) if form.strip()}
    return frozenset(hashed(form)[:PREFIX_BYTES] for form in forms for hashed in _HASHES)


def hashes_of(values: Iterable[str]) -> frozenset[bytes]:
    """Return `digests` of all distinct values, to be asked by `matches` about another file."""
    return frozenset().union(*map(digests, frozenset(values)))


def matches(values: Iterable[str], hashes: frozenset[bytes]) -> bool:
    """
    Say whether a column holds hashes out of `hashes_of` identifiers that stand elsewhere.

    The two may be samples that share few rows: three distinct values that hit are enough, and ten
    times what chance would hit beyond them.
    """
    written = [found for found in map(prefixes, frozenset(values)) if found]
    hits = sum(not found.isdisjoint(hashes) for found in written)
    chance = 2 * len(written) * len(hashes) / 2.0 ** (8 * PREFIX_BYTES)
    return hits >= LEAST_HITS + int(10 * chance)


def prefixes(value: str) -> frozenset[bytes]:
    """Return the first four bytes that the value stands for in hex or base64; none for neither."""
    return frozenset(_decoded(value.strip()))


def _decoded(text: str) -> Iterator[bytes]:
    hexadecimal = _HEX.fullmatch(text.replace("-", "") if _UUID.fullmatch(text) else text)
    if hexadecimal:
        yield bytes.fromhex(hexadecimal[1][: 2 * PREFIX_BYTES])
    coded = _BASE64.fullmatch(text)
    if coded:
        block = coded[1][:_BLOCK].replace("-", "+").replace("_", "/")
        try:
            yield base64.b64decode(block + "=" * (-len(block) % 4))[:PREFIX_BYTES]
        except binascii.Error:
            return


def looks_hashed(values: Iterable[str]) -> bool:
    """Say whether most values could be hashes: hex or base64, and half of them with a digit."""
    distinct = frozenset(values)
    could = [value for value in distinct if prefixes(value)]
    digits = sum(any(c.isdigit() for c in value) for value in could)
    return 5 * len(could) >= 4 * len(distinct) > 0 and 2 * digits >= len(could)


def _forms(value: str) -> Iterator[str]:
    """Yield the ways to write a value before it is hashed."""
    bare = value.strip()
    folded = fold(bare)
    digits = "".join(c for c in bare if c.isdecimal())
    short = {bare.lstrip("0"), digits.lstrip("0")}
    bases = {bare, bare.lower(), bare.upper(), folded, folded.upper(), digits, *short}
    yield value
    for base in bases - {""}:
        yield base
        yield base + "\n"
    for base in {bare, digits} - {""}:
        for before in _BEFORE:
            yield before + base
            yield (before + base).lower()

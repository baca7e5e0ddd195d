"""
Surrogates of keys, of which no two values may get the same: two patients must not become one.

Where seeds are drawn, a surrogate is drawn until it is nobody else's, and kept for its value. Where
they are derived nothing is kept, so that workers need not know of each other: the values of one
shape are permuted under the key (a Feistel network, Luby and Rackoff 1988, of ten rounds, walked
until it ends in the domain, as in NIST SP 800-38G), which is one to one by itself.
"""

from __future__ import annotations

import hmac
from collections.abc import Sequence

from phisweep.keys import fold
from phisweep.marks import CODE_LETTERS
from phisweep.transform.operators import Seeds
from phisweep.transform.surrogates.alike import alike, resembles
from phisweep.transform.surrogates.draws import Draw
from phisweep.transform.surrogates.pools import Pools

#: Below, a key has too few others to become, and its surrogate would be a list of a hundred.
LEAST = 4
TRIES = 256
_ROUNDS = 10
_PURPOSE = "id"
_DIGITS = "0123456789"
_LETTERS = "abcdefghijklmnopqrstuvwxyz"


def key(text: str, places: Sequence[int], seeds: Seeds, pools: Pools) -> str | None:
    """
    Return the text with other letters and digits at these places (code points), None for a code.

    None where the key is too short, holds other letters than Latin ones, or no surrogate of its
    shape is free that occurs nowhere in the data.
    """
    bare = "".join(text[i] for i in places)
    if len(bare) < LEAST or not bare.isascii():
        return None
    new = _permuted(bare, seeds, pools) if seeds.derived else _drawn(bare, seeds, pools)
    if new is None:
        return None
    made = list(text)
    for i, c in zip(places, new, strict=True):
        made[i] = c.upper() if text[i].isupper() else c.lower()
    return "".join(made)


def _drawn(bare: str, seeds: Seeds, pools: Pools) -> str | None:
    draw = Draw(seeds.seed(_PURPOSE, bare, ""))
    for _ in range(TRIES):
        candidate = alike(bare.upper(), draw, CODE_LETTERS)
        if resembles(bare, candidate) or pools.occurs(candidate):
            continue
        held = seeds.claim(_PURPOSE, fold(bare), candidate)
        if held is not None:
            return held if len(held) == len(bare) else None
    return None


def _permuted(bare: str, seeds: Seeds, pools: Pools) -> str | None:
    folded = bare.lower()
    alphabets = [_alphabet(c, first=not i) for i, c in enumerate(folded)]
    size, rank = 1, 0
    for c, alphabet in zip(folded, alphabets, strict=True):
        size, rank = size * len(alphabet), rank * len(alphabet) + alphabet.index(c)
    shape = "".join("d" if len(a) != len(_LETTERS) else "a" for a in alphabets) + alphabets[0][0]
    secret = seeds.seed("permutation", shape, "")
    new = permuted(rank, size, secret)
    out = []
    for alphabet in reversed(alphabets):
        new, place = divmod(new, len(alphabet))
        out.append(alphabet[place])
    made = "".join(reversed(out))
    return None if resembles(bare, made) or pools.occurs(made) else made


def _alphabet(c: str, *, first: bool) -> str:
    """A first digit is 0 where it was, and else is not: a number stays as long as it is."""
    if not c.isdigit():
        return _LETTERS
    if not first:
        return _DIGITS
    return "0" if c == "0" else "123456789"


def permuted(number: int, size: int, secret: bytes) -> int:
    """Return the place of 0 <= number < size in a permutation of them all that a secret decides."""
    half = max(1, ((size - 1).bit_length() + 1) // 2)
    mask = (1 << half) - 1
    while True:
        left, right = number >> half, number & mask
        for round_ in range(_ROUNDS):
            left, right = right, left ^ (_round(secret, round_, right) & mask)
        number = left << half | right
        if number < size:
            return number


def _round(secret: bytes, round_: int, right: int) -> int:
    message = bytes([round_]) + right.to_bytes(32, "big")
    return int.from_bytes(hmac.digest(secret, message, "sha256"), "big")

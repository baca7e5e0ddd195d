"""The arithmetic of check digits, each over a string of the characters that its standard names."""

from __future__ import annotations

import hashlib

_BASE36 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_CODE39 = _BASE36 + "-. $/+%"  # ANSI/HIBC 2.6, table of numerical values
_BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_VIN_VALUES = dict(
    zip("ABCDEFGHJKLMNPRSTUVWXYZ", (*range(1, 9), *range(1, 6), 7, 9, *range(2, 10)), strict=True)
) | {str(n): n for n in range(10)}
_VIN_WEIGHTS = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)
_VIN_CHECK = 8  # position of the check digit, from 0
_ADDRESS_BYTES = 25  # version, 20 bytes of digest, 4 of checksum


def luhn(number: str) -> bool:
    """Say whether the digits pass ISO/IEC 7812-1 annex B (mod 10, every second one doubled)."""
    total = 0
    for i, digit in enumerate(map(int, reversed(number))):
        total += digit if i % 2 == 0 else digit * 2 - 9 * (digit > 4)  # noqa: PLR2004
    return total % 10 == 0


def weighted(number: str, weights: tuple[int, ...]) -> int:
    """Return the sum of the digits, each times its weight; the weights repeat."""
    return sum(int(d) * weights[i % len(weights)] for i, d in enumerate(number))


def gtin(number: str) -> bool:
    """Say whether the digits pass GS1's mod 10 (weights 3 and 1, from the right)."""
    return weighted(number[::-1], (1, 3)) % 10 == 0


def mod97(account: str) -> bool:
    """Say whether letters and digits pass ISO 7064 MOD 97-10, as an IBAN has it (ISO 13616)."""
    turned = account[4:] + account[:4]
    return int("".join(str(_BASE36.index(c)) for c in turned)) % 97 == 1


def mod43(code: str) -> bool:
    """Say whether the last character is the HIBC mod 43 check character of the others."""
    if not code or any(c not in _CODE39 for c in code):
        return False
    return sum(map(_CODE39.index, code[:-1])) % 43 == _CODE39.index(code[-1])


def vin_digit(number: str) -> bool:
    """Say whether position 9 of 17 is what 49 CFR 565.15(c) computes from the others."""
    total = sum(_VIN_VALUES[c] * w for c, w in zip(number, _VIN_WEIGHTS, strict=True))
    return "0123456789X"[total % 11] == number[_VIN_CHECK]


def base58check(address: str) -> bool:
    """Say whether a Base58Check string of 25 bytes ends with its own double SHA-256."""
    value = 0
    for c in address:
        if c not in _BASE58:
            return False
        value = value * 58 + _BASE58.index(c)
    if value.bit_length() > _ADDRESS_BYTES * 8:
        return False
    data = value.to_bytes(_ADDRESS_BYTES, "big")
    return hashlib.sha256(hashlib.sha256(data[:-4]).digest()).digest()[:4] == data[-4:]

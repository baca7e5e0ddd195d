"""
Whether a number passes the check of its kind, and so may be somebody's.

Detection has the same arithmetic to tell that a number is one; rooms on one floor do not know each
other, and here it serves the opposite end: what passes is never written.
"""

from __future__ import annotations

import re

_BASE36 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_VIN_VALUES = dict(
    zip("ABCDEFGHJKLMNPRSTUVWXYZ", (*range(1, 9), *range(1, 6), 7, 9, *range(2, 10)), strict=True)
) | {str(n): n for n in range(10)}
_VIN_WEIGHTS = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)
#: 45 CFR 162.406: a US health number is checked as a card of issuer 80840.
_NPI_ISSUER = "80840"


def passes(code: str) -> bool:
    """
    Say whether capitals and digits, no separators, pass the check that their shape has.

    Cards of 12 to 19 digits and IMEI (ISO/IEC 7812-1), NPI (45 CFR 162.406), routing numbers of
    the ABA (weights 3, 7, 1), DEA registrations, VIN (49 CFR 565.15(c)) and IBAN (ISO 13616).
    """
    return any(
        re.fullmatch(shape, code, re.ASCII) is not None and check(code) for shape, check in _CHECKS
    )


def _luhn(number: str) -> bool:
    total = 0
    for i, digit in enumerate(map(int, reversed(number))):
        total += digit if i % 2 == 0 else digit * 2 - 9 * (digit > 4)  # noqa: PLR2004
    return total % 10 == 0


def _npi(number: str) -> bool:
    return _luhn(_NPI_ISSUER + number)


def _routing(number: str) -> bool:
    return sum(int(d) * (3, 7, 1)[i % 3] for i, d in enumerate(number)) % 10 == 0


def _dea(code: str) -> bool:
    d = [int(c) for c in code[2:]]
    return (d[0] + d[2] + d[4] + 2 * (d[1] + d[3] + d[5])) % 10 == d[6]


def _vin(code: str) -> bool:
    total = sum(_VIN_VALUES[c] * w for c, w in zip(code, _VIN_WEIGHTS, strict=True))
    return "0123456789X"[total % 11] == code[8]


def _iban(code: str) -> bool:
    turned = code[4:] + code[:4]
    return int("".join(str(_BASE36.index(c)) for c in turned)) % 97 == 1


_CHECKS = (
    (r"\d{12,19}", _luhn),
    (r"[12]\d{9}", _npi),
    (r"\d{9}", _routing),
    (r"[A-Z][A-Z9]\d{7}", _dea),
    (r"[A-HJ-NPR-Z\d]{17}", _vin),
    (r"[A-Z]{2}\d{2}[A-Z\d]{11,30}", _iban),
)

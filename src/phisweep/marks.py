"""
The marks that operators leave in a text, and how to know one again.

They stand on a floor of their own because two rooms need them that do not know each other:
transform writes marks, and detect leaves them alone, so that a second pass finds nothing new.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping

from phisweep.model import IDENTIFIERS

#: Consonants only: no code spells a word or a name, and none has a digit in it.
CODE_LETTERS = "BCDFGHJKLMNPQRSTVWXZ"
CODE_LENGTH = 10
#: A token is derived, not drawn, so two values may share one: 69 bits make that rare.
TOKEN_LENGTH = 16
#: What is encrypted fills whole blocks of 16 bytes, and a tag of one more block ends it.
SEALED_BLOCK = 16
REMOVED = "[REMOVED]"
#: 45 CFR 164.514(b)(2)(i)(C): ages over 89 "aggregated into a single category of age 90 or older".
OLD = "90+"
#: A birth this many years before the reference year tells an age of 90 or more.
OLD_YEARS = 90

_KINDS = "|".join(identifier.upper() for identifier in IDENTIFIERS)
_CODE = rf"\[(?:{_KINDS})-[{CODE_LETTERS}]{{{CODE_LENGTH}}}\]"
_TOKEN = rf"\[(?:{_KINDS})-[{CODE_LETTERS}]{{{TOKEN_LENGTH}}}\]"
#: base64url of two blocks of 16 bytes or more is 43 characters or more.
_SEALED = rf"\[(?P<kind>{_KINDS}):e1\.(?P<sealed>[A-Za-z0-9_-]{{43,}})\]"
_YEAR = r"(?:1[89]|2[01])\d\d"
#: Exactly what our operators write and nothing else would: tags, codes, tokens, what is encrypted, `90+`, `<=1936`.
MARK = re.compile(
    rf"\[(?:REMOVED|{_KINDS})\]|{_CODE}|{_TOKEN}|{_SEALED}"
    rf"|(?<![\w.])90\+(?![\w+])|(?<![<\w])<={_YEAR}(?!\d)"
)
#: How every mark begins, a UID of ours too.
BEGINS = r"\[|<|90\+|2\.25\."
CODE = re.compile(_CODE)
_UUID_ROOT = "2.25."
_UUID = re.compile(r"2\.25\.([1-9][0-9]{0,38})")
_DRAWN_BITS, _DRAWN_BYTES, _CHECK_BITS = 90, 12, 32
SEALED = re.compile(_SEALED)
#: What is a mark only where a rule takes it for the identifier: a year, two of them, a ZIP3.
_GENERAL: Mapping[str, re.Pattern[str]] = {
    "date": re.compile(rf"{_YEAR}(?:-{_YEAR})?"),
    "zip": re.compile(r"[0-9]{3}"),
}


def tag(identifier: str) -> str:
    """Return the typed tag of an identifier: `[NAME]`."""
    return f"[{identifier.upper()}]"


def code(identifier: str, letters: str) -> str:
    """Return the mark that holds a code or a token: `[MRN-BCDFGHJKLM]`."""
    return f"[{identifier.upper()}-{letters}]"


def sealed(identifier: str, data: str) -> str:
    """Return the mark that holds an encrypted text in base64url: `[MRN:e1.4xJq...]`."""
    return f"[{identifier.upper()}:e1.{data}]"


def unsealed(text: str) -> tuple[str, str] | None:
    """Return the identifier and the base64url of a mark that `sealed` made, or None."""
    match = SEALED.fullmatch(text.strip())
    return (match["kind"].lower(), match["sealed"]) if match else None


def letters(number: int, length: int) -> str:
    """Return the last `length` digits of a number to the base of CODE_LETTERS."""
    out = []
    for _ in range(length):
        number, letter = divmod(number, len(CODE_LETTERS))
        out.append(CODE_LETTERS[letter])
    return "".join(out)


def uid(seed: bytes) -> str:
    """
    Return a UID of its own for 32 bytes, known again as ours: "2.25." and at most 39 digits.

    It is a UUID in the form that DICOM PS3.5 B.2 gives it, of version 8 (RFC 9562): 90 bits of the
    seed, and 32 of a digest of these, which chance would not make.
    """
    drawn = int.from_bytes(seed[:_DRAWN_BYTES], "big") >> (8 * _DRAWN_BYTES - _DRAWN_BITS)
    free = drawn << _CHECK_BITS | _check(drawn)
    high, middle, low = free >> 74, free >> 62 & 0xFFF, free & ((1 << 62) - 1)
    return f"{_UUID_ROOT}{high << 80 | 8 << 76 | middle << 64 | 2 << 62 | low}"


def is_uid(text: str) -> bool:
    """Say whether the text is a UID that only we make."""
    match = _UUID.fullmatch(text)
    if match is None:
        return False
    number = int(match[1])
    if number >> 128 or number >> 76 & 0xF != 8 or number >> 62 & 3 != 2:  # noqa: PLR2004 - RFC 9562
        return False
    free = number >> 80 << 74 | (number >> 64 & 0xFFF) << 62 | number & ((1 << 62) - 1)
    return free & ((1 << _CHECK_BITS) - 1) == _check(free >> _CHECK_BITS)


def _check(drawn: int) -> int:
    digest = hashlib.sha256(b"phisweep/uid/1" + drawn.to_bytes(_DRAWN_BYTES, "big")).digest()
    return int.from_bytes(digest[: _CHECK_BITS // 8], "big")


def on_or_before(year: int) -> str:
    """Return the mark of a year that would tell an age of 90 or more: `<=1936`."""
    return f"<={year}"


def is_mark(text: str) -> bool:
    """Say whether the text is one mark that only our operators write."""
    bare = text.strip()
    return MARK.fullmatch(bare) is not None or is_uid(bare)


def is_code(text: str) -> bool:
    """Say whether the text is one random code in its mark."""
    return CODE.fullmatch(text.strip()) is not None


def is_general(identifier: str, text: str) -> bool:
    """
    Say whether the text is already as general as our operators make the identifier.

    That is a mark, a year or two where a date is looked for, three digits where a ZIP code is.
    """
    pattern = _GENERAL.get(identifier)
    return is_mark(text) or (pattern is not None and pattern.fullmatch(text.strip()) is not None)


def general_form(identifier: str) -> str:
    """Return the pattern of what is as general as our operators make an identifier, "" for none."""
    pattern = _GENERAL.get(identifier)
    return pattern.pattern if pattern else ""

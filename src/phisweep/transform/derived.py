"""
Seeds and codes that are derived under a key, the same in every run with it, and kept nowhere.

They are derived from information about the individual, which 45 CFR 164.514(c) forbids: not for the
method safe-harbor.
"""

from __future__ import annotations

import unicodedata

from phisweep.errors import InternalError
from phisweep.keys import Key, Mac, fold
from phisweep.marks import CODE_LENGTH, letters
from phisweep.marks import code as mark


def folded(value: str) -> bytes:
    """
    Return what two ways to write one value share, in UTF-8.

    That is its letters and digits (`keys.fold`); where it has none, it stands for itself.
    """
    return (fold(value) or unicodedata.normalize("NFKC", value)).encode(errors="surrogatepass")


def seed_message(purpose: str, value: str, subject: str) -> bytes:
    """Return purpose, folded value and folded subject as one message, which no other three make."""
    parts = (purpose.encode(), folded(value), folded(subject))
    return b"".join(len(part).to_bytes(8, "big") + part for part in parts)


class DerivedSeeds:
    """Seeds derived under a key."""

    derived = True

    def __init__(self, key: Key) -> None:
        self._mac = Mac(key.derive("seeds"))

    def seed(self, purpose: str, value: str, subject: str) -> bytes:
        """Return HMAC-SHA256 of purpose, folded value and folded subject: 32 bytes."""
        return self._mac(seed_message(purpose, value, subject))

    def claim(self, purpose: str, value: str, candidate: str) -> str | None:  # noqa: ARG002 - none
        """Raise InternalError: nothing is kept that could tell what is claimed."""
        raise InternalError("E707", "derived seeds were asked to keep a claim")


class DerivedCodes:
    """Codes for the names of files, where they may be derived and the same key is to give the same."""

    def __init__(self, key: Key) -> None:
        self._mac = Mac(key.derive("names-of-files"))

    def code(self, identifier: str, value: str) -> str:
        """Return HMAC-SHA256 of the folded value as letters in a mark: `[MRN-BCDFGHJKLM]`."""
        digest = self._mac(folded(value))
        return mark(identifier, letters(int.from_bytes(digest, "big"), CODE_LENGTH))

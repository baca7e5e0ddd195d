"""How numbers are written for a reader: thousands, sizes, durations, plurals, short digests."""

from __future__ import annotations

import datetime as dt

_KILO = 1000
_MINUTE = 60
SHORT_DIGEST = 12


def stamp(at: dt.datetime | None = None) -> str:
    """Return a time of UTC, by default the present, to the second: `2026-11-22T09:30:00Z`."""
    return f"{at or dt.datetime.now(dt.UTC):%Y-%m-%dT%H:%M:%SZ}"


def number(n: int) -> str:
    """`48213` -> `48,213`."""
    return f"{n:,}"


def plural(n: int, noun: str, several: str = "") -> str:
    """`(12, "file")` -> `12 files`, `(1, "copy", "copies")` -> `1 copy`."""
    return f"{n:,} {noun if n == 1 else several or noun + 's'}"


def size(n: int) -> str:
    """Return bytes in decimal units: `812 B`, `3.1 MB`."""
    if n < _KILO:
        return f"{n} B"
    amount = float(n)
    for unit in ("kB", "MB", "GB"):
        amount /= _KILO
        if round(amount, 1) < _KILO:
            return f"{amount:,.1f} {unit}"
    return f"{amount / _KILO:,.1f} TB"


def duration(seconds: float) -> str:
    """Return `4.2 s`, or `3 min 20 s` from a minute on."""
    if round(seconds, 1) < _MINUTE:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), _MINUTE)
    return f"{minutes:,} min {rest} s"


def short(digest: str) -> str:
    """Return the first 12 characters of a digest."""
    return digest[:SHORT_DIGEST]

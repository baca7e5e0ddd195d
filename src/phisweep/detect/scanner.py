"""
Where patterns may match, by Hyperscan: all of a text's places in one pass over it, from behind.

Hyperscan reads whole patterns, where `prefilter` reads short literals: of its places one in two is
a match. Its databases take seconds to compile and milliseconds to load, so they are kept between
runs, and made in a run that has searched for so long that it is worth while. Without the library,
and for a site's own patterns, all works the same, more slowly.
"""

from __future__ import annotations

import hashlib
import os
from collections import defaultdict
from collections.abc import Sequence
from contextlib import suppress
from importlib import import_module
from threading import Lock
from typing import Any, get_args

from phisweep import caches
from phisweep.detect.backwards import backwards, place, turned
from phisweep.detect.rules import Sought
from phisweep.model import Kind
from phisweep.values import dataclass

hyperscan: Any = None
with suppress(ImportError):  # mypy need not have it, either
    hyperscan = import_module("hyperscan")

_PART = 160  # patterns of a database
_KIND = "places"
#: Patterns of which only so many first code points are read: as a whole they have no literal that
#: Hyperscan could look for, or are too large for it. `benchmarks/engines.py` tells which.
_BEGINNINGS = {
    4: (
        *("name/credential", "name/initial-before", "name/initial-without-stop"),
        *("name/glued-last-first", "name/relation-and-contact", "age/with-unit"),
        *("location/at-name-more", "location/city-listed", "location/street"),
        *("mrn/labelled", "mrn/labelled-in-code", "mrn/weakly-labelled"),
        *("health_plan/programme", "location/letterhead-over-street", "other_id/surely-labelled"),
    ),
    6: (
        *("email/address", "email/address-in-code", "location/facility"),
        *("location/street-scanned", "location/town-behind-facility"),
        *("name/bed-last-first", "name/label-last-first", "name/label-last-first-and-number"),
        *("name/patient-in-code", "name/patient-last-first", "name/scanned-surname"),
        *("name/sign-off", "phone/in-words", "ssn/doubtful-digits", "ssn/labelled"),
    ),
    8: ("date/holiday-beside", "health_plan/hicn", "location/address-tail", "location/city"),
}
_LEAST = {pattern: least for least, patterns in _BEGINNINGS.items() for pattern in patterns}
#: Patterns that Hyperscan refuses or reads slowly, and that literals find as well.
_APART = frozenset(
    {
        "date/holiday",
        "health_plan/labelled",
        "location/facility-head",
        "location/facility-small",
        "name/by-lists",
        "name/dash-signature",
        "name/dash-signature-in-lower-case",
        "name/not/instrument",
        "name/not/term",
        "other_id/labelled",
        "vehicle/behind-vehicle",
    }
)


@dataclass(slots=True)
class _Part:
    """A database in its file, and whether its patterns hold in source code, and elsewhere."""

    file: str
    in_code: bool
    elsewhere: bool
    database: Any = None

    def load(self) -> bool:
        """Load the database; say whether it is there."""
        self.database = self.database or caches.load_bytes(self.file, _loaded)
        return self.database is not None


class Scanner:
    """The places of some patterns, by their indexes. A lock keeps its working memory to one scan."""

    def __init__(self, parts: Sequence[_Part]) -> None:
        self._parts = parts
        self._lock = Lock()

    def places(self, texts: Sequence[str], kind: Kind) -> dict[int, list[int]] | None:
        """
        Return, for each pattern that may match normalised texts, where, last places first.

        Places are of the texts as one, each a code point behind the one before. None where a
        database cannot be loaded any more.
        """
        found: dict[int, list[int]] = defaultdict(list)
        data = turned(*texts)
        last = place(0, len(data) - 2)

        def met(index: int, _start: int, end: int, _flags: int, _context: object) -> None:
            found[index].append(last - end)

        in_code = kind == "code"
        with self._lock:
            for part in self._parts:
                if part.in_code if in_code else part.elsewhere:
                    if not (part.database or part.load()):
                        return None
                    part.database.scan(data, match_event_handler=met)
        return found


def takes(pattern: Sought) -> bool:
    """Say whether a pattern is left to Hyperscan."""
    return hyperscan is not None and pattern.id not in _APART


def scanner_of(
    patterns: Sequence[tuple[int, Sought]], digest: str, *, make: bool
) -> Scanner | None:
    """
    Return what scans for patterns, each under its index, or None.

    `digest` names them and all that they are made of. What is not kept is compiled if `make` says
    so, which takes seconds. Several processes that do so at a time share the work.
    """
    if hyperscan is None or not patterns:
        return None
    named = hashlib.sha256(f"{digest}{_PART}{sorted(_LEAST.items())}".encode())
    named.update(_compiled([b"x"], [0]).info())  # the version, and what the processor can do
    name = named.hexdigest()[:32]
    groups = _groups(patterns)
    parts = [
        _Part(f"{_KIND}{i}-{name}.bin", group[0][1].holds("code"), _elsewhere(group[0][1]))
        for i, group in enumerate(groups)
    ]
    first = os.getpid() % len(groups)
    for i in (*range(first, len(groups)), *range(first)):
        part = parts[i]
        if part.load() if make else caches.has(part.file):
            continue
        part.database = _made(groups[i]) if make else None
        if part.database is None:
            return None
        caches.save_bytes(part.file, hyperscan.dumpb(part.database))
    return Scanner(parts)


def _groups(patterns: Sequence[tuple[int, Sought]]) -> list[list[tuple[int, Sought]]]:
    """Part the patterns by where they hold, and so that each part is compiled fast."""
    groups = []
    for wanted in ((True, True), (True, False), (False, True)):
        held = [(i, p) for i, p in patterns if (p.holds("code"), _elsewhere(p)) == wanted]
        groups += [held[at : at + _PART] for at in range(0, len(held), _PART)]
    return groups


def _elsewhere(pattern: Sought) -> bool:
    return any(pattern.holds(kind) for kind in get_args(Kind) if kind != "code")


def _made(group: Sequence[tuple[int, Sought]]) -> Any:
    """Compile a database; None where Hyperscan refuses one of the patterns."""
    written = [backwards(p.source, p.flags, _LEAST.get(p.id)) for _, p in group]
    try:
        return _ready(_compiled(written, [i for i, _ in group]))
    except hyperscan.error:
        return None


def _compiled(expressions: Sequence[bytes], indexes: Sequence[int]) -> Any:
    database = hyperscan.Database(mode=hyperscan.HS_MODE_BLOCK)
    flags = [hyperscan.HS_FLAG_ALLOWEMPTY] * len(indexes)
    database.compile(expressions=list(expressions), ids=list(indexes), flags=flags)
    return database


def _loaded(data: bytes) -> Any:
    """Return a database; None where it is another processor's. Its own checksum guards it."""
    try:
        return _ready(hyperscan.loadb(data, mode=hyperscan.HS_MODE_BLOCK))
    except hyperscan.error:
        return None


def _ready(database: Any) -> Any:
    database.scratch = hyperscan.Scratch(database)
    return database

"""What readers of tables and of JSON share: the names that may be told, and the count of a value."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatch

from phisweep.decide import resolve
from phisweep.detect.detector import Detector
from phisweep.detect.fields import normal_name
from phisweep.detect.shapes import says_nothing
from phisweep.formats.base import ReadOptions
from phisweep.marks import is_mark
from phisweep.model import Finding, Location, Source, Text
from phisweep.places import looks_like_data
from phisweep.proposal.evidence import Digests, Gathered, Words, could_be_key, traits
from phisweep.proposal.values import DISTINCT
from phisweep.ruleset.schema import PolicyFile, Treatment

KEYS = 50_000  # names of keys that are remembered
_PROSE = 1 << 20  # code points of distinct running text that are searched, for each place
_Searched = tuple[tuple[str, ...], tuple[tuple[str, str], ...]]
Search = Callable[[], Sequence[Finding]]


@dataclass(slots=True)
class Reading:
    """
    What was read of a source. `hidden` counts places beyond the first 2,000.

    `standard`: a standard says what becomes of its places; `held` is why no copy would be written.
    """

    source: Source
    format: str
    rows: int = 0
    cut: str = ""
    error: str = ""
    places: dict[str, Gathered] = field(default_factory=dict)
    hidden: int = 0
    table: bool = False
    standard: bool = False
    held: str = ""


@dataclass(slots=True)
class Memo:
    """What was found in the values of a place that were searched before; None: not searched."""

    seen: dict[int, _Searched | None] = field(default_factory=dict)
    prose: int = 0

    def look(self, stripped: str, search: Search, *, prose: bool) -> _Searched | None:
        """Search a value, unless enough running text of its place was."""
        if is_mark(stripped):
            return (), ()
        if prose:
            if self.prose > _PROSE:
                return None
            self.prose += len(stripped)
        found = resolve(search())
        whole = [f for f in found if f.end - f.start >= len(stripped)]
        return (
            tuple(dict.fromkeys(f.identifier for f in found)),
            tuple(dict.fromkeys((f.identifier, f.rule) for f in whole)),
        )


@dataclass(slots=True)
class Reader:
    """Reads sources, one after the other; `rows` is the most that is read of each table."""

    detector: Detector
    policy: PolicyFile
    options: ReadOptions
    digests: Digests
    words: Words
    rows: int
    _unnamed: dict[str, bool] = field(default_factory=dict)

    def treatment(self, name: str, place: str) -> Treatment | None:
        """Return what the policy already says of a column's name or a pointer of a file."""
        for glob, columns in self.policy.columns.items():
            if fnmatch(name, glob) or fnmatch(name.rsplit("/", 1)[-1], glob):
                for column, treatment in columns.items():
                    if column == place or (
                        not place.startswith("/") and normal_name(column) == normal_name(place)
                    ):
                        return treatment
        return None

    def unnamed(self, key: str) -> bool:
        """Say whether the name of a column or key may be data, so that it is not shown."""
        known = self._unnamed.get(key)
        if known is None:
            if len(self._unnamed) > KEYS:
                self._unnamed.clear()
            block = Text(Location("", ""), key, kind="key")
            known = self._unnamed[key] = looks_like_data(key) or bool(self.detector.find(block))
        return known

    def enter(
        self, place: Gathered, memo: Memo, value: str, times: int, search: Search, *, prose: bool
    ) -> None:
        """Count a value that stands `times` times in a place."""
        stripped = value.strip()
        place.rows += times
        if says_nothing(stripped):
            return
        place.filled += times
        digest = self.digests.of(stripped)
        searched = memo.seen.get(digest)
        if searched is None:
            kind = traits(stripped, self.words, prose=prose)
            searched = memo.look(stripped, search, prose=prose)
            if len(place.kinds) < DISTINCT:
                memo.seen[digest] = searched
                place.kinds[digest] = int(kind)
                if stripped.isdigit():
                    place.lengths[len(stripped)] += 1
                if could_be_key(kind, searched[0] if searched else ()):
                    place.keys.add(self.digests.of_key(stripped))
            else:
                place.many = True
        if searched is None:
            return
        place.examined += times
        for identifier in searched[0]:
            place.found[identifier] += times
        for whole in searched[1]:
            place.whole[whole] += times

"""
What ages, birth years and events of one subject tell of its age, put together over all tables.

45 CFR 164.514(b)(2)(i)(C) names "all ages over 89 and all elements of dates (including year)
indicative of such age". Of a subject are kept only the least and the greatest of what was told,
so rows may come in any order, from any process, and 50 bytes a subject are enough.

A person of age a in year y was born in y - a, or in y - a - 1 where the birthday was still to
come. Told at several times, ages narrow that down: born in the least y - a at the latest, in the
greatest y - a - 1 at the earliest. Where no age is told in the year of the latest event the
earlier of these is taken, the stricter one; where one is, it says itself whether it is over 89,
and only a birth year that is certain, told or implied, goes beyond it. So 89 in the year of the
latest event alone is not old, 88 in the year before it alone is.
"""

from __future__ import annotations

import hashlib
import os
from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from math import isfinite
from pathlib import Path
from typing import Any

import numpy as np
from numpy.lib.format import read_array_header_1_0, read_magic
from numpy.typing import NDArray

from phisweep.marks import OLD_YEARS
from phisweep.sortedfile import SortedFile

#: A subject is known by this many bytes of a keyed digest; what is longer is cut.
SUBJECT_BYTES = 16
BIRTH_BYTES = 8
#: Years outside are a placeholder or a slip: 0001, 1066, 9999.
FIRST_YEAR, LAST_YEAR = 1800, 2199
_OLDEST = 999  # years; an age of 300 is a code for one over 89 in some tables
_BATCH = 65_536  # rows
_NEVER = np.iinfo(np.int16).max
_UNBORN = np.iinfo(np.uint64).max
_LEAST = {"birth_least": "<i2", "born_least": "<u8", "implied_least": "<i2", "first": "<i2"}
_MOST = {
    "birth_most": "<i2",
    "born_most": "<u8",
    "implied_most": "<i2",
    "aged": "<i2",
    "age": "<i2",
    "last": "<i2",
}
_ROW = np.dtype([("subject", f"S{SUBJECT_BYTES}"), *_LEAST.items(), *_MOST.items()])
_OLD_ROW = np.dtype([("subject", f"S{SUBJECT_BYTES}"), ("old", "?"), ("span", "<i2")])
Rows = NDArray[np.void]
Flags = NDArray[np.bool_]
Numbers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Old:
    """
    Why a subject is old: an age of 90 or more, a birth year, or an age and a later event.

    `birth_told` says that a birth year of the subject stands somewhere, old by itself or not.
    """

    by_age: bool
    by_birth: bool
    by_event: bool
    birth_told: bool


@dataclass(frozen=True, slots=True, eq=False)
class OldSubjects:
    """
    Which subjects are old, and how many years their events span: 19 bytes a subject, sorted.

    It may be pickled, or saved once for all workers, each of which reads it by `FiledOld`.
    """

    rows: Rows = field(repr=False)

    def __len__(self) -> int:
        """Return how many subjects are old."""
        return int(np.count_nonzero(self.rows["old"]))

    def is_old(self, digest: bytes) -> bool:
        """Say whether the subject is over 89; of one that nothing was told of, False."""
        place = _place(self.rows, digest)
        return place is not None and bool(self.rows["old"][place])

    def span(self, digest: bytes) -> int:
        """Return the years between the subject's earliest and latest event, 0 where unknown."""
        place = _place(self.rows, digest)
        return 0 if place is None else int(self.rows["span"][place])

    def save(self, path: Path) -> None:
        """Write a file that only its owner can read. Raises OSError."""
        _write(path, self.rows)


class FiledOld:
    """What `OldSubjects.save` wrote, in its file. Raises OSError, or ValueError where it is another."""

    def __init__(self, path: Path) -> None:
        with path.open("rb") as file:
            kind = read_magic(file)
            shape, _, dtype = read_array_header_1_0(file)
            begin = file.tell()
        if kind != (1, 0) or dtype != _OLD_ROW:
            raise ValueError("not a file of this kind")
        self._rows = SortedFile(path, _OLD_ROW, key="subject", begin=begin)
        if shape != (len(self._rows),):
            raise ValueError("rows are missing")

    def __len__(self) -> int:
        """Return how many subjects are old."""
        return sum(map(len, map(OldSubjects, self._rows.blocks())))

    def __bool__(self) -> bool:
        """Say whether there is one."""
        return any(map(len, map(OldSubjects, self._rows.blocks())))

    def is_old(self, digest: bytes) -> bool:
        """As `OldSubjects.is_old`."""
        return self._near(digest).is_old(digest)

    def span(self, digest: bytes) -> int:
        """As `OldSubjects.span`."""
        return self._near(digest).span(digest)

    def _near(self, digest: bytes) -> OldSubjects:
        """Return the rows among which a subject's is, if there is one."""
        return OldSubjects(self._rows.block(np.bytes_(digest[:SUBJECT_BYTES])))


class Years:
    """
    What was told of the years of each subject: added row by row, merged, saved, judged.

    Events of a year after `until` are left out: a validity that ends in 2099 is no event.
    """

    def __init__(self, *, until: int = LAST_YEAR) -> None:
        self._until = until
        self._pending: list[tuple[bytes, int, int, int, bytes]] = []
        self._runs: list[Rows] = []

    def __len__(self) -> int:
        """Return how many subjects something was told of."""
        return len(self._table())

    @property
    def held(self) -> int:
        """How many rows are in memory; of a subject there may be several."""
        return len(self._pending) + sum(map(len, self._runs))

    def add(
        self,
        subject_digest: bytes,
        *,
        birth: int | None = None,
        age: float | None = None,
        year: int | None = None,
        born: bytes = b"",
    ) -> None:
        """
        Add what one row tells: a birth year, an age in years, the year of its latest event.

        `born` is a keyed digest of a birth date that is told whole: two that differ conflict.
        What is None, out of range or no number is not told.
        """
        whole = age is not None and isfinite(age) and age >= 0
        self._pending.append(
            (
                subject_digest,
                -1 if birth is None else max(-1, min(birth, LAST_YEAR + 1)),
                min(int(age), _OLDEST) if age is not None and whole else -1,
                -1 if year is None else max(-1, min(year, LAST_YEAR + 1)),
                born,
            )
        )
        if len(self._pending) >= _BATCH:
            self._settle()

    def add_all(
        self,
        subjects: Sequence[bytes],
        births: Numbers,
        ages: Numbers,
        years: Numbers,
        born: Sequence[bytes],
    ) -> None:
        """Add what many rows tell, as `add` does; what is negative is not told."""
        told = (births >= FIRST_YEAR) & (births <= LAST_YEAR)
        dated = (years >= FIRST_YEAR) & (years <= self._until)
        aged = ages >= 0
        old = np.where(aged, np.minimum(ages, _OLDEST), -1)
        implied = np.where(dated & aged, years - old, -1)
        days = {day: _number(day) for day in set(born)}
        whole = np.array([days[day] for day in born], dtype=np.uint64)
        rows = np.zeros(len(subjects), _ROW)
        rows["subject"] = [subject[:SUBJECT_BYTES] for subject in subjects]
        rows["birth_least"] = np.where(told, births, _NEVER)
        rows["born_least"] = np.where(whole > 0, whole, np.uint64(_UNBORN))
        rows["implied_least"] = np.where(implied >= 0, implied, _NEVER)
        rows["first"] = np.where(dated, years, _NEVER)
        rows["birth_most"] = np.where(told, births, -1)
        rows["born_most"] = whole
        rows["implied_most"] = implied
        rows["aged"] = np.where(dated & aged, years, -1)
        rows["age"] = old
        rows["last"] = np.where(dated, years, -1)
        if len(rows):
            self._push(_reduced(rows))

    def merge(self, other: Years) -> None:
        """Add all that was told to another; the order of merging does not matter."""
        self._settle()
        self._push(other._table())

    def named(self, name: Callable[[bytes], bytes], size: int) -> Years:
        """
        Return the same with each subject under another digest; those that get the same are one.

        `size` is that of the digests, in bytes.
        """
        table = self._table().copy()  # numpy drops zero bytes at an end
        table["subject"] = [name(d.ljust(size, b"\0")) for d in table["subject"].tolist()]
        renamed = Years(until=self._until)
        renamed._push(_reduced(table))
        return renamed

    def told(self) -> bytes:
        """Return a digest of all that is told: two that tell the same have the same."""
        return hashlib.sha256(self._table().tobytes()).digest()

    def save(self, path: Path) -> None:
        """Write a file that only its owner can read, sorted by subject. Raises OSError."""
        _write(path, self._table())

    @classmethod
    def load(cls, path: Path) -> Years:
        """Read what `save` wrote. Raises OSError, or ValueError where it is another file."""
        years = cls()
        years._push(_read(path, _ROW, mapped=False))
        return years

    @classmethod
    def between(cls, path: Path, least: bytes, most: bytes | None) -> Years:
        """Read the subjects from one digest on, and before another; raises as `load` does."""
        rows = _read(path, _ROW, mapped=True)
        first = bisect_left(rows["subject"], least)
        last = len(rows) if most is None else bisect_left(rows["subject"], most)
        years = cls()
        years._push(np.array(rows[first:last]))
        return years

    @staticmethod
    def counted(path: Path) -> int:
        """Return how many subjects a file tells of; raises as `load` does."""
        return len(_read(path, _ROW, mapped=True))

    def verdict(
        self, subject: bytes, reference_year: int, *, latest_event: bool = False
    ) -> Old | None:
        """Return why the subject is old, None where it is not; parameters as for `old`."""
        table = self._table()
        place = _place(table, subject)
        if place is None:
            return None
        row = table[place : place + 1]
        by_age, by_birth, by_event = _judged(row, reference_year, latest_event=latest_event)
        if not (by_age[0] or by_birth[0] or by_event[0]):
            return None
        return Old(bool(by_age[0]), bool(by_birth[0]), bool(by_event[0]), bool(_birth_told(row)[0]))

    def old(self, reference_year: int, *, latest_event: bool = False) -> OldSubjects:
        """
        Return which subjects are old.

        A birth year is held against the reference year or the subject's latest event, whichever
        is later; with `latest_event` against that event alone, wherever there is one: who died at
        70 in 1990 never was 90.
        """
        table = self._table()
        by_age, by_birth, by_event = _judged(table, reference_year, latest_event=latest_event)
        rows = np.zeros(len(table), _OLD_ROW)
        rows["subject"] = table["subject"]
        rows["old"] = by_age | by_birth | by_event
        rows["span"] = np.where(table["last"] >= 0, table["last"] - table["first"], 0)
        return OldSubjects(rows)

    def tally(self, reference_year: int, *, latest_event: bool = False) -> dict[str, int]:
        """Return the number of subjects by name of a leak; parameters as for `old`."""
        table = self._table()
        by_age, _, by_event = _judged(table, reference_year, latest_event=latest_event)
        told = _birth_told(table)
        found = {
            "age-capped-birth-year-left": by_age & told,
            "age-and-later-event": by_event & ~by_age,
            "conflicting-birth-dates": (told & (table["birth_least"] != table["birth_most"]))
            | ((table["born_most"] > 0) & (table["born_least"] != table["born_most"])),
        }
        return {name: int(np.count_nonzero(flags)) for name, flags in found.items()}

    def _table(self) -> Rows:
        """Return one row a subject, sorted by subject."""
        self._settle()
        if len(self._runs) != 1:
            whole = np.concatenate([np.empty(0, _ROW), *self._runs])
            self._runs = [_reduced(whole)]
        return self._runs[0]

    def _settle(self) -> None:
        """Turn the rows that wait into a sorted run of one row a subject."""
        if self._pending:
            subjects, births, ages, years, born = zip(*self._pending, strict=True)
            self._pending = []
            self.add_all(subjects, np.array(births), np.array(ages), np.array(years), born)

    def _push(self, run: Rows) -> None:
        """Add a sorted run; runs of like length become one, so that there are few of them."""
        self._runs.append(run)
        while len(self._runs) > 1 and len(self._runs[-2]) <= 2 * len(self._runs[-1]):
            last, before = self._runs.pop(), self._runs.pop()
            self._runs.append(_reduced(np.concatenate([before, last])))


def _number(born: bytes) -> int:
    """Return a digest of a birth date as a number, 0 where none is told."""
    whole = int.from_bytes(born[:BIRTH_BYTES].ljust(BIRTH_BYTES, b"\0"), "little") or 1
    return min(whole, int(_UNBORN) - 1) if born else 0


def births_elsewhere(documents: Sequence[Years]) -> int:
    """Return how many subjects of 90 and more have their birth year in a document without that age."""
    tables = [years._table() for years in documents]  # noqa: SLF001 - ours
    old = [t["subject"][t["age"] >= OLD_YEARS] for t in tables]
    everyone = np.unique(np.concatenate([np.empty(0, _ROW["subject"]), *old]))
    elsewhere: set[bytes] = set()
    for table, here in zip(tables, old, strict=True):
        told = table["subject"][_birth_told(table)]
        elsewhere.update(told[np.isin(told, everyone) & ~np.isin(told, here)].tolist())
    return len(elsewhere)


def _reduced(rows: Rows) -> Rows:
    """Return one row a subject: the least of what is least, the greatest of what is greatest."""
    rows = rows[np.argsort(rows["subject"], kind="stable")]
    subjects = rows["subject"]
    starts = np.flatnonzero(np.concatenate([[True], subjects[1:] != subjects[:-1]])[: len(rows)])
    out: Rows = rows[starts]
    for name in _LEAST if len(rows) else ():
        out[name] = np.minimum.reduceat(rows[name], starts)
    for name in _MOST if len(rows) else ():
        out[name] = np.maximum.reduceat(rows[name], starts)
    return out


def _birth_told(rows: Rows) -> Flags:
    told: Flags = rows["birth_most"] >= 0
    return told


def _judged(rows: Rows, reference: int, *, latest_event: bool) -> tuple[Flags, Flags, Flags]:
    """Return, by row, whether it is old by an age, by a birth year, by an age and an event."""
    last = rows["last"].astype(np.int64)
    against = np.where(latest_event & (last >= 0), last, np.maximum(last, reference))
    least = rows["implied_least"].astype(np.int64)
    earliest = np.minimum(least, rows["implied_most"].astype(np.int64) - 1)
    implied = np.where(rows["aged"] == last, least, earliest)
    by_age: Flags = rows["age"] >= OLD_YEARS
    by_birth: Flags = _birth_told(rows) & (against - rows["birth_least"] >= OLD_YEARS)
    by_event: Flags = (rows["implied_most"] >= 0) & (last - implied >= OLD_YEARS)
    return by_age, by_birth, by_event


def _place(rows: Rows, digest: bytes) -> int | None:
    """Return the subject's row, None where there is none; a mapped file is not read whole."""
    wanted = digest[:SUBJECT_BYTES].rstrip(b"\0")  # as numpy gives bytes of a fixed length back
    subjects = rows["subject"]
    place = bisect_left(subjects, wanted)
    return place if place < len(subjects) and subjects[place] == wanted else None


def _write(path: Path, rows: Rows) -> None:
    handle = os.open(path, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as file:
        np.save(file, rows, allow_pickle=False)


def _read(path: Path, dtype: np.dtype[Any], *, mapped: bool) -> Rows:
    mode = "r" if mapped and path.stat().st_size else None
    rows: Rows = np.load(path, mmap_mode=mode, allow_pickle=False)  # type: ignore[arg-type]
    if rows.dtype != dtype or rows.ndim != 1:
        raise ValueError("not a file of this kind")
    return rows

"""Findings that a baseline knows, taken out of the outcomes of a scan; what it knows in vain, told."""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

from phisweep.errors import ComponentError, DocumentError
from phisweep.formats.stream import raw_stream
from phisweep.gate.baseline import Baseline, Entry
from phisweep.keys import Key
from phisweep.model import BaselineUse, Outcome, Record, Suppressed, Tally
from phisweep.records import RecordFile, bin_of, records_of

_COLUMN = re.compile(r"column \d+ \((.*)\)$", re.DOTALL)
_BLOCK = 1 << 20


@dataclass(frozen=True, slots=True)
class Known:
    """
    The outcomes without what the baseline knows.

    `stale` are entries of files that were read in which nothing, or less, was found; `expired` those
    that hold no more; `lapsed` those that hold for other contents of their file than there are now,
    where the key is not at hand.
    """

    outcomes: tuple[Outcome, ...]
    stale: tuple[Entry, ...] = ()
    expired: tuple[Entry, ...] = ()
    lapsed: tuple[Entry, ...] = ()


def without_known(
    outcomes: Sequence[Outcome], baseline: Baseline, key: Key, spool: Path, today: dt.date
) -> Known:
    """
    Take out of outcomes, whose records are kept, what the baseline knows.

    Where `key` outlives the run it must be the baseline's (ComponentError E425); else entries hold by
    the blob of their file. `spool` is the folder for records that are too many to hold.
    """
    keyed = key.kept
    if keyed and baseline.key_id and baseline.key_id != key.key_id:
        raise ComponentError(
            "E425",
            "the baseline was made under another key",
            todo=f"Give the key {baseline.key_id}, or none: entries then hold while files stay the same.",
        )
    by_path: dict[str, list[Entry]] = {}
    for entry in baseline.entries:
        by_path.setdefault(entry.path, []).append(entry)
    result, stale, lapsed = [], [], []
    for outcome in outcomes:
        entries = by_path.get(outcome.source.shown, [])
        live = [entry for entry in entries if not entry.expired(today)]
        if live and not keyed and _blob(outcome) != baseline.blobs.get(outcome.source.shown):
            lapsed += live
            live = []
        room = _Room(live, keyed=keyed)
        result.append(_taken(outcome, room, spool) if live else outcome)
        if outcome.status in ("clean", "changed"):
            stale += room.left()
    expired = [entry for entry in baseline.entries if entry.expired(today)]
    return Known(tuple(result), tuple(stale), tuple(expired), tuple(lapsed))


def where_of(place: str) -> str:
    """Return a place as a baseline writes it: a column by its name, wherever it stands."""
    match = _COLUMN.search(place)
    return f"{place[: match.start()]}column:{match[1]}" if match else place


def entries_of(outcomes: Sequence[Outcome]) -> list[Entry]:
    """Return an entry for each distinct finding of the outcomes, with how often it is there."""
    counts: Counter[tuple[str, str, str, str]] = Counter()
    for outcome in outcomes:
        for record in records_of(outcome):
            counts[
                outcome.source.shown, where_of(record.place), record.rule, record.fingerprint
            ] += 1
    return sorted(Entry(*key, n=n) for key, n in counts.items())


def blobs_of(outcomes: Sequence[Outcome], paths: set[str]) -> dict[str, str]:
    """Return the git blob ids of the sources of these shown names."""
    return {o.source.shown: _blob(o) for o in outcomes if o.source.shown in paths}


class _Room:
    """How many findings the entries of a file still have room for."""

    def __init__(self, entries: Sequence[Entry], *, keyed: bool) -> None:
        self._keyed = keyed
        self._left: Counter[tuple[str, ...]] = Counter()
        self._entries: dict[tuple[str, ...], list[Entry]] = {}
        for entry in entries:
            key = entry.key[1:] if keyed else entry.key[1:3]
            self._left[key] += entry.n
            self._entries.setdefault(key, []).append(entry)

    def take(self, record: Record) -> Entry | None:
        """Return the entry that knows a record, None where none does or its ceiling is reached."""
        where = where_of(record.place)
        key: tuple[str, ...] = (where, record.rule, record.fingerprint)
        if not self._keyed:
            key = (where, record.rule)
        if self._left[key] <= 0:
            return None
        self._left[key] -= 1
        return self._entries[key][0]

    def left(self) -> list[Entry]:
        """Return the entries of which fewer were found than they say."""
        return [e for key, n in self._left.items() if n > 0 for e in self._entries[key]]


def _taken(outcome: Outcome, room: _Room, spool: Path) -> Outcome:
    """Return an outcome without what there is room for."""
    gone: dict[tuple[str, ...], Counter[int]] = {}
    told: Counter[tuple[str, str]] = Counter()
    held: list[Record] = []
    file = RecordFile(spool) if outcome.records_file is not None else None
    for record in records_of(outcome):
        entry = room.take(record)
        if entry is None:
            if file is None:
                held.append(record)
            else:
                file.add(record)
            continue
        group = (record.place, record.rule, record.identifier, record.severity)
        gone.setdefault(group, Counter())[bin_of(record.score)] += 1
        told[entry.reason or entry.status, record.identifier] += 1
    tallies = tuple(left for tally in outcome.tallies if (left := _left(tally, gone)).count > 0)
    found = outcome.status == "changed" and not tallies
    return replace(
        outcome,
        status="clean" if found else outcome.status,
        tallies=tallies,
        records=tuple(held),
        records_file=file.close() if file is not None else None,
        suppressed=(
            *outcome.suppressed,
            *(Suppressed("baseline", why, what, n) for (why, what), n in sorted(told.items())),
        ),
    )


def _left(tally: Tally, gone: Mapping[tuple[str, ...], Counter[int]]) -> Tally:
    """Return a tally without the findings that are gone, which are counted down."""
    taken = gone.get((tally.place, tally.rule, tally.identifier, tally.severity))
    if not taken:
        return tally
    here = Counter({number: min(taken[number], n) for number, n in tally.scores})
    taken -= here
    scores = Counter(dict(tally.scores)) - here
    return replace(tally, count=tally.count - here.total(), scores=(*sorted(scores.items()),))


def _blob(outcome: Outcome) -> str:
    """Return the git blob id (SHA-1) of a source's bytes; "" where it cannot be read any more."""
    source = outcome.source
    digest = hashlib.sha1(usedforsecurity=False)  # what git calls a file by
    try:
        with closing(raw_stream(source)) as stream:
            size = stream.seek(0, os.SEEK_END)
            digest.update(b"blob %d\0" % size)
            stream.seek(0)
            while block := stream.read(_BLOCK):
                digest.update(block)
    except (OSError, DocumentError):
        return ""
    return digest.hexdigest()


def used(baseline: Baseline, known: Known) -> BaselineUse:
    """Return what a report tells of a baseline."""

    def told(entries: Sequence[Entry]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(f"{e.path}: {e.where}: {e.rule}" for e in entries))

    return BaselineUse(
        len(baseline.entries), told(known.stale), told(known.expired), told(known.lapsed)
    )

"""
What is kept of a document's findings: counts by place, and single records while they are few.

A record holds shape, place and fingerprint, never the value. Beyond LIMIT records they go to a
file of JSON lines (mode 0600), so that memory stays bounded.
"""

from __future__ import annotations

import json
import os
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import field, fields, replace
from functools import cached_property
from itertools import repeat
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from phisweep.formats.base import addresses
from phisweep.keys import Key, shape
from phisweep.model import RUNNING, Column, Decision, Outcome, Record, Tally, Text
from phisweep.places import column_place, place_of
from phisweep.spool import new_file
from phisweep.values import dataclass

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

LIMIT = 20_000
#: Places and rules that are counted apart in one document: keys of JSON may be data.
GROUPS = 100_000
REST = "other places"
_SHAPES, _SHOWN = 200, 3  # shapes of one group that are counted, and told
_DIGITS = re.compile(r"(\d+)")
_KEPT = tuple(f.name for f in fields(Record) if f.name != "reveal")
_ALIKE = ("format", "encoding", "warnings", "unread", "linking", "kept")
_Value = TypeVar("_Value")
_TALLIED = 100  # documents whose tallies are kept
Tallied = dict[tuple[object, ...], tuple[Tally, ...]]
_Group = tuple[str, str, str, str, str, str, str]
#: Bins of scores: the last holds 1.0 too.
BINS = 20


@dataclass(frozen=True, slots=True)
class Keeping:
    """
    What is kept beside counts: single records, their values, what is done with each, and shapes.

    `spool` is the folder for records that are too many to hold; `most` is how many are kept at all,
    the first ones, 0 for all of them.
    """

    records: bool = True
    reveal: bool = False
    actions: bool = False
    spool: Path | None = None
    shapes: bool = False
    most: int = 0


class Decided(Mapping[int, Sequence[Decision]]):
    """
    What is decided of the distinct values of a column, by their index.

    `which` says for each value which of `outcomes` is its, -1 where it has none: values of which
    the same is decided share one, and are counted at once.
    """

    def __init__(
        self, which: npt.NDArray[np.int64], outcomes: Sequence[Sequence[Decision]]
    ) -> None:
        self.which = which
        self.outcomes = outcomes

    def __getitem__(self, index: int) -> Sequence[Decision]:
        number = int(self.which[index]) if 0 <= index < len(self.which) else -1
        if number < 0:
            raise KeyError(index)
        return self.outcomes[number]

    def __iter__(self) -> Iterator[int]:
        return iter((self.which >= 0).nonzero()[0].tolist())

    def __len__(self) -> int:
        return int((self.which >= 0).sum())

    def rows(self, block: Column) -> npt.NDArray[np.int64]:
        """Return in how many rows of a column each outcome stands."""
        import numpy as np  # noqa: PLC0415 - 0.1 s, which only tables pay

        from phisweep.arrays import numbers  # noqa: PLC0415 - as above

        by_row = self.which[numbers(block.values.indices)]
        rows: npt.NDArray[np.int64] = np.bincount(by_row + 1, minlength=len(self.outcomes) + 1)
        return rows[1:]


class Ledger:
    """
    The records and tallies of one document.

    `tallied` are the tallies of documents before it, by their counts: of one kind all have the same.
    """

    def __init__(
        self, source: str, key: Key, keeping: Keeping, tallied: Tallied | None = None
    ) -> None:
        self._source = source
        self._key = key
        self._keeping = keeping
        self._records: list[Record] = []
        self._file: RecordFile | None = None
        self._counts: dict[_Group, Counter[float]] = {}
        self._shapes: dict[_Group, Counter[str]] = {}
        self._tallied = {} if tallied is None else tallied
        self._hidden: dict[str, str] = {}
        self._prefix = ""

    def begin(self, part: str) -> None:
        """Say which part of the document comes now, by the name that it is shown by; "" for all."""
        self._prefix = f"{part}!" if part else ""

    def hide(self, key: str) -> None:
        """Keep a key or column name that may be data out of every address and place."""
        if len(self._hidden) < 100_000:  # noqa: PLR2004 - keys may be data
            self._hidden.setdefault(key, f"[KEY {len(self._hidden) + 1}]")

    @property
    def hides(self) -> bool:
        """Say whether a key or name is kept out of places."""
        return bool(self._hidden)

    def text(self, block: Text, decisions: Sequence[Decision]) -> None:
        """Enter the findings of a text."""
        where = self.shown(block.location.address)
        place = self._prefix + (block.place or place_of(where))
        where = self._prefix + where
        lines = Lines(block)
        for decision in decisions:
            self._count(place, decision, 1, block.text)
            if self._keeping.records and self._left:
                line, col = lines.at(decision.finding.start)
                self._add(self._record(block.text, where, place, decision, line, col))

    def column(self, block: Column, decided: Mapping[int, Sequence[Decision]]) -> None:
        """Enter the findings of a chunk of a column: `decided` is by index of its dictionary."""
        import numpy as np  # noqa: PLC0415 - 0.1 s, which only tables pay

        from phisweep.arrays import numbers  # noqa: PLC0415 - as above

        place = self.column_place(block)
        indices = numbers(block.values.indices)
        counted: Iterable[tuple[Sequence[Decision], int, str]]
        if isinstance(decided, Decided) and not self._keeping.shapes:
            counted = zip(decided.outcomes, decided.rows(block).tolist(), repeat(""))
        else:
            counts = np.bincount(indices, minlength=len(block.values.dictionary))
            values = block.values.dictionary
            counted = (
                (decisions, int(counts[i]), values[i].as_py() if self._keeping.shapes else "")
                for i, decisions in decided.items()
            )
        for decisions, count, value in counted:
            for decision in decisions:
                self._count(place, decision, count, value)
        if self._keeping.records and self._left:
            rows = np.flatnonzero(np.isin(indices, [*decided]))
            self._enter(block, place, rows[: self._left], decided)

    def _enter(
        self,
        block: Column,
        place: str,
        rows: npt.NDArray[np.int64],
        decided: Mapping[int, Sequence[Decision]],
    ) -> None:
        """Enter the records of those rows of a column; shape and fingerprint are those of values."""
        import numpy as np  # noqa: PLC0415 - as above

        from phisweep.arrays import numbers  # noqa: PLC0415 - as above

        values = block.values.dictionary.to_pylist()
        lines = None if block.lines is None else np.asarray(block.lines)[rows].tolist()
        cols = None if block.cols is None else np.asarray(block.cols)[rows].tolist()
        address = addresses(block)
        made: dict[int, list[Entry]] = {}
        for at, (row, i) in enumerate(
            zip(rows.tolist(), numbers(block.values.indices)[rows].tolist(), strict=True)
        ):
            entries = made.get(i)
            if entries is None:
                value = values[i]
                entries = made[i] = [
                    Entry(
                        self._record(value, "", place, decision, None, None),
                        "\n" in value[: decision.finding.start],
                    )
                    for decision in decided[i]
                ]
            line = None if lines is None else lines[at]
            where = self._prefix + address(row, line)
            for entry in entries:
                broken = cols is None or entry.broken
                col = None if broken or cols is None else cols[at] + entry.record.start
                if self._file is None:
                    self._add(replace(entry.record, where=where, line=line, col=col))
                else:
                    self._file.write(entry.written(where, line, col))

    @property
    def _left(self) -> int:
        """How many records may still be kept."""
        most = self._keeping.most
        return max(0, most - len(self._records)) if most else sys.maxsize

    def column_place(self, block: Column) -> str:
        """Return `column 4 (dob)`; the name is shown where it is a name and holds no finding."""
        return self._prefix + column_place(block, hidden=block.label in self._hidden)

    def shown(self, address: str) -> str:
        """Return an address without keys that hold a finding."""
        if not self._hidden or "/" not in address:
            return address
        head, _, pointer = address.partition("/")
        tail = " (key)" if pointer.endswith(" (key)") else ""
        parts = pointer.removesuffix(" (key)").split("/")
        return head + "/" + "/".join(map(self._part, parts)) + tail

    def _part(self, part: str) -> str:
        """Return a key of a pointer or a step of an XPath (`name[2]`, `@name`), hidden if it must be."""
        key = _unescape(part)
        if key not in self._hidden:
            key = _STEP.sub("", key)
        return self._hidden.get(key, part)

    def tallies(self) -> tuple[Tally, ...]:
        """Return the counts, by place, in a stable order."""
        told = tuple((group, *seen.items()) for group, seen in self._counts.items())
        if (known := self._tallied.get(told)) is not None:
            return known
        out = []
        for group, seen in sorted(self._counts.items(), key=_by_place):
            place, identifier, letter, rule, severity, action, operator = group
            out.append(
                Tally(
                    place,
                    identifier,
                    letter,
                    rule,
                    severity,  # type: ignore[arg-type]  # came from a Finding
                    action,
                    operator,
                    seen.total(),
                    min(seen),
                    max(seen),
                    self._commonest(group),
                    _binned(seen),
                )
            )
        tallies = tuple(out)
        if not self._keeping.shapes:  # which are told apart nowhere else
            if len(self._tallied) >= _TALLIED:
                self._tallied.clear()
            self._tallied[told] = tallies
        return tallies

    def _commonest(self, group: _Group) -> tuple[tuple[str, int], ...]:
        """Return the commonest shapes of a group, in a stable order."""
        seen = self._shapes.get(group, Counter())
        return (*sorted(seen.items(), key=lambda item: (-item[1], item[0]))[:_SHOWN],)

    def close(self) -> tuple[tuple[Record, ...], Path | None]:
        """Return the records, or the file that holds them all."""
        if self._file is None:
            return tuple(self._records[: self._keeping.most or None]), None
        self._flush()
        return (), self._file.close()

    def _record(  # noqa: PLR0917 - a record has as many parts
        self,
        text: str,
        where: str,
        place: str,
        decision: Decision,
        line: int | None,
        col: int | None,
    ) -> Record:
        finding = decision.finding
        value = text[finding.start : finding.end]
        return Record(
            source=self._source,
            where=where,
            place=place,
            start=finding.start,
            end=finding.end,
            line=line,
            col=col,
            identifier=finding.identifier,
            letter=finding.letter,
            rule=finding.rule,
            score=round(finding.score, 3),
            severity=finding.severity,
            shape=shape(value),
            fingerprint=self._key.fingerprint(finding.rule, value),
            explain=finding.explanation,
            action=decision.action if self._keeping.actions else "",
            operator=decision.operator if self._keeping.actions else "",
            citation=decision.citation,
            reveal=value if self._keeping.reveal else "",
        )

    def _count(self, place: str, decision: Decision, n: int, text: str) -> None:
        f = decision.finding
        group = (
            place,
            f.identifier,
            f.letter,
            f.rule,
            f.severity,
            decision.action if self._keeping.actions else "",
            decision.operator if self._keeping.actions else "",
        )
        if len(self._counts) >= GROUPS and group not in self._counts:
            group = (REST, *group[1:])
        self._counts.setdefault(group, Counter())[round(f.score, 3)] += n
        if self._keeping.shapes:
            seen = self._shapes.setdefault(group, Counter())
            form = shape(text[f.start : f.end])
            if form in seen or len(seen) < _SHAPES:
                seen[form] += n

    def _add(self, record: Record) -> None:
        self._records.append(record)
        if len(self._records) > LIMIT and self._keeping.spool is not None:
            self._flush()

    def _flush(self) -> None:
        if self._file is None:
            assert self._keeping.spool is not None  # noqa: S101 - _add asked
            self._file = RecordFile(self._keeping.spool)
        for record in self._records:
            self._file.add(record)
        self._records.clear()


class Common:
    """
    What many outcomes have alike, held once.

    Files of one kind have the same tallies, but for counts; ten thousand of them are little then.
    """

    def __init__(self) -> None:
        self._held: dict[Any, Any] = {}

    def of(self, outcome: Outcome) -> Outcome:
        """Return an outcome that holds what others hold too."""
        tallies = self._held.get(outcome.tallies)
        if tallies is None:
            tallies = self._one(tuple(map(self._one, outcome.tallies)))
        rest = {name: self._one(getattr(outcome, name)) for name in _ALIKE}
        return replace(outcome, tallies=tallies, **rest)

    def _one(self, value: _Value) -> _Value:
        one: _Value = self._held.setdefault(value, value)
        return one


@dataclass(frozen=True)
class Entry:
    """The record of a value, wherever it stands; `broken`: its line breaks before the finding."""

    record: Record = field(repr=False)
    broken: bool

    @cached_property
    def _pieces(self) -> tuple[str, str, str]:
        """What stands in its line before `where`, from there to `line`, and behind `col`."""
        told = [f"{json.dumps(name)}: {json.dumps(getattr(self.record, name))}" for name in _KEPT]
        where, line, col = (_KEPT.index(name) for name in ("where", "line", "col"))
        return (
            "{" + "".join(f"{each}, " for each in told[:where]) + '"where": ',
            "".join(f", {each}" for each in told[where + 1 : line]) + ', "line": ',
            "".join(f", {each}" for each in told[col + 1 :]) + "}\n",
        )

    def written(self, where: str, line: int | None, col: int | None) -> str:
        """Return its line in a file of records at one place."""
        head, middle, tail = self._pieces
        at = "null" if line is None else line
        return (
            f'{head}{json.dumps(where)}{middle}{at}, "col": {"null" if col is None else col}{tail}'
        )


class RecordFile:
    """Records as lines of JSON, in a new file of a folder that its owner alone can read."""

    def __init__(self, spool: Path) -> None:
        self._path = new_file(spool, ".records")
        descriptor = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        self._file = os.fdopen(descriptor, "w", encoding="utf-8")

    def add(self, record: Record) -> None:
        """Write a record, without what a terminal alone may show."""
        self._file.write(json.dumps({name: getattr(record, name) for name in _KEPT}) + "\n")

    def write(self, line: str) -> None:
        """Write the line that an entry has made."""
        self._file.write(line)

    def close(self) -> Path:
        """Return the file."""
        self._file.close()
        return self._path


def records_of(outcome: Outcome) -> Iterator[Record]:
    """Yield the records of an outcome, held or in their file."""
    if outcome.records_file is None:
        yield from outcome.records
        return
    with outcome.records_file.open(encoding="utf-8") as lines:
        for line in lines:
            data = json.loads(line)
            yield Record(**data | {"explain": tuple(data["explain"])})


class Lines:
    """Lines and columns (1-based, code points) of rising offsets in a block, in one walk."""

    def __init__(self, block: Text) -> None:
        self._text = block.text
        self._line = block.line
        self._col = block.col
        # An escaped line feed of a JSON string is none in its source.
        self._breaks = block.kind in RUNNING and place_of(block.location.address) == "text"
        self._at = 0

    def at(self, start: int) -> tuple[int | None, int | None]:
        """Return the line and column of an offset that is not before the one asked for last."""
        if self._line is None or self._col is None:
            return None, None
        breaks = self._text.count("\n", self._at, start) if self._breaks else 0
        if breaks:
            self._line += breaks
            self._col = start - self._text.rfind("\n", self._at, start)
        else:
            self._col += start - self._at
        self._at = start
        return self._line, self._col


def joined(tallies: Iterable[Tally]) -> tuple[Tally, ...]:
    """Return the tallies of a document from those of its pieces, in which no shapes are counted."""
    groups: dict[_Group, list[Tally]] = {}
    for t in tallies:
        group = t.place, t.identifier, t.letter, t.rule, t.severity, t.action, t.operator
        groups.setdefault(group, []).append(t)
    out = []
    for some in (
        groups[group] for group in sorted(groups, key=lambda g: _by_place((g, Counter())))
    ):
        bins: Counter[int] = Counter()
        for t in some:
            bins.update(dict(t.scores))
        out.append(
            replace(
                some[0],
                count=sum(t.count for t in some),
                min_score=min(t.min_score for t in some),
                max_score=max(t.max_score for t in some),
                scores=(*sorted(bins.items()),),
            )
        )
    return tuple(out)


def _binned(seen: Mapping[float, int]) -> tuple[tuple[int, int], ...]:
    """Return the counts by bins of scores, the bins by number."""
    bins: Counter[int] = Counter()
    for score, n in seen.items():
        bins[bin_of(score)] += n
    return (*sorted(bins.items()),)


def bin_of(score: float) -> int:
    """Return the number of a score's bin, as `Tally.scores` counts them."""
    return min(int(score * BINS + 1e-9), BINS - 1)  # 0.55 * 20 may fall short of 11


def _by_place(item: tuple[_Group, Counter[float]]) -> tuple[object, ...]:
    """Order `column 2` before `column 10`."""
    place, *rest = item[0]
    parts = _DIGITS.split(place)
    return ([int(p) if p.isdigit() else p for p in parts], *rest)


#: What an XPath adds to a name.
_STEP = re.compile(r"^@|\[\d+\]$")


def _unescape(part: str) -> str:
    return part.replace("~1", "/").replace("~0", "~")

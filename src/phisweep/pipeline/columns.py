"""
The columns of one document: each judged once, each distinct value of it examined once.

Where the subject of a row matters - its dates are moved, its names are known - a value is looked at
once for each subject that it stands beside.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from phisweep.analysis import ALONE, BOUND, Analysis, Job
from phisweep.detect.columns import ColumnJudge
from phisweep.formats.base import Replaced
from phisweep.marks import is_mark, tag
from phisweep.model import Column, Decision, Finding, Kind, Text
from phisweep.pipeline.linked import RowSubjects
from phisweep.pipeline.traces import Traces
from phisweep.records import Ledger
from phisweep.ruleset.schema import Treatment
from phisweep.splicing import splice
from phisweep.suppression import Suppressor
from phisweep.usefulness import Usefulness

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

#: Parts of a record of which the figures tell the distribution.
_DISTRIBUTED = {"birth": "date", "event": "date", "death": "date", "age": "age"}
#: What reads like a text: two words and more.
_WORDS = re.compile(r"\S\s+\S*[^\W\d_]|[^\W\d_]\s+\S")
#: What `date-shift` writes for a date of a known subject that it cannot read.
UNREAD = tag("date")
_HELD = 20_000  # findings of whole values whose decisions are held
#: Operators whose result is the same for every value of an identifier.
_CONSTANT = frozenset({"tag", "redact"})


@dataclass(slots=True)
class _Entries:
    """What becomes of the distinct values of a chunk's column, by their index."""

    values: list[str]
    replaced: list[str | None]
    decided: dict[int, Sequence[Decision]]
    indices: npt.NDArray[np.int64] | None = None


class Tabular:
    """The columns of one document; `traces` is there where copies are written."""

    def __init__(  # noqa: PLR0917 - the parts of one document, made in one place
        self,
        worker: Analysis,
        job: Job,
        ledger: Ledger,
        traces: Traces | None,
        kept: Usefulness,
        is_key: Callable[[Column], bool],
        suppressor: Suppressor | None,
    ) -> None:
        self.worker = worker
        self.job = job
        self.ledger = ledger
        self.traces = traces
        self.kept = kept
        self.is_key = is_key
        self.suppressor = suppressor
        self.alone = 0  # findings whose operator wanted a subject, and had none
        self.unread = 0  # dates of a subject that could not be read
        self.judges: dict[int, ColumnJudge] = {}
        self.treatments: dict[int, Treatment | None] = {}
        self.held: dict[int, tuple[Sequence[Finding], Sequence[Decision], str | None]] = {}

    def judge(self, block: Column, sample: Sequence[str] | None = None) -> ColumnJudge:
        """Return the column's judge, built from its sample, else from its first chunk."""
        judge = self.judges.get(block.index)
        if judge is None:
            treatment = self.worker.column_treatment(self.job.source, block.label)
            treatment = self.worker.stricter(self.job.source, block.index) or treatment
            if treatment is None and self.is_key(block):
                treatment = self.worker.key_treatment
            values = block.values.dictionary.to_pylist() if sample is None else sample
            judge = ColumnJudge(self.worker.detector, block.label, values, treatment)
            self.judges[block.index] = judge
            self.treatments[block.index] = treatment
        return judge

    def identifier(self, block: Column) -> str:
        """Return what all values of a column are, "" where they are judged one by one."""
        verdict = self.judge(block).verdict
        return verdict.identifier if verdict else ""

    def column(self, block: Column, subjects: RowSubjects | None) -> Replaced | None:
        """Find, decide and note; return what stands in the cells, None where all stay."""
        judge = self.judge(block)
        values: list[str] = block.values.dictionary.to_pylist()
        entries = _Entries(values, [None] * len(values), {})
        self._prepare(block, values)
        bound: dict[int, Sequence[Finding]] = {}
        rows: Mapping[int, int] = {}
        for i, value in enumerate(values):
            found = self._found(judge, block, value)
            if found and self.suppressor is not None:
                rows = rows or self._rows(block)
                wanted = self.worker.wanted(found)
                found = self.suppressor.of_value(value, wanted, rows.get(i, 0))
            if subjects is not None and self._wants_subject(judge, value, found, block):
                bound[i] = found
            elif found:
                self._enter(entries, i, block, found)
        if bound and subjects is not None:
            self._by_subject(entries, bound, block, subjects)
        return self._done(block, entries)

    @staticmethod
    def _rows(block: Column) -> Mapping[int, int]:
        """Return in how many rows each value stands, by its index."""
        import pyarrow.compute as pc  # noqa: PLC0415 - as above; numpy's way would import pandas

        counts = pc.value_counts(block.values.indices)
        return dict(zip(counts.field(0).to_pylist(), counts.field(1).to_pylist(), strict=True))

    def _prepare(self, block: Column, values: Sequence[str]) -> None:
        """Draw the codes of a whole column at once, where a vault keeps them."""
        codes, identifier = self.worker.spec.codes, self.identifier(block)
        if self.traces is None or codes is None or not codes.lasting or not identifier:
            return
        treatment = self.treatments[block.index]
        treatment = treatment or self.worker.spec.policy.treatments.get(identifier)
        if treatment is not None and treatment.operator == "code":
            stripped = (value.strip() for value in values)
            codes.prepare(identifier, (v for v in stripped if v and not is_mark(v)))

    def _found(self, judge: ColumnJudge, block: Column, value: str) -> Sequence[Finding]:
        found: Sequence[Finding] = judge.find(value)
        if self.worker.known is not None:
            found = (*found, *self.worker.known.find(Text(block.location, value)))
        if not found:
            return found
        if self.worker.rescans:  # a finding of a judge says nothing of its place
            found = [replace(f, location=block.location) for f in found]
        treatment = self.treatments[block.index]
        return self.worker.unsettled(found, value, block.label, treatment)

    def _wants_subject(
        self, judge: ColumnJudge, value: str, found: Sequence[Finding], block: Column
    ) -> bool:
        """Say whether what becomes of a value may not be the same for every subject."""
        if found and self.worker.bound:
            operators = {
                d.operator for d in self.worker.decide(found, self.treatments[block.index])
            }
            if operators & BOUND:
                return True
        if self.worker.dossiers is None or not value:
            return False
        if judge.verdict is None and _WORDS.search(value) and self.worker.dossiers.may_name(value):
            return True
        return self.worker.dossiers.any_old and self.worker.dossiers.is_age(value)

    def _by_subject(
        self,
        entries: _Entries,
        bound: Mapping[int, Sequence[Finding]],
        block: Column,
        subjects: RowSubjects,
    ) -> None:
        """Do the bound values once for each subject, as further entries of the column."""
        import numpy as np  # noqa: PLC0415 - 0.1 s, which only tables pay

        indices = np.asarray(block.values.indices, dtype=np.int64)
        chosen = np.isin(indices, list(bound))
        width = len(subjects.names) + 1
        pairs = indices[chosen] * width + subjects.indices[chosen] + 1
        distinct, inverse, counts = np.unique(pairs, return_inverse=True, return_counts=True)
        entries.indices = indices.copy()
        entries.indices[chosen] = len(entries.values) + inverse
        for pair, count in zip(distinct.tolist(), counts.tolist(), strict=True):
            i, whose = divmod(pair, width)
            subject = subjects.names[whose - 1] if whose else ""
            value = entries.values[i]
            entries.values.append(value)
            entries.replaced.append(None)
            found = [replace(f, location=block.location) for f in bound[i]]
            if subject:
                cell = self._cell(block, value, subject)
                found = [*found, *self.worker.of_subject(cell)]
            if found:
                at = len(entries.values) - 1
                self._enter(entries, at, block, found, subject)
                if not subject:
                    self.alone += count * _alone(entries.decided.get(at, ()))
                elif _alone(entries.decided.get(at, ())):
                    self.unread += count * (entries.replaced[at] or "").count(UNREAD)

    def _enter(
        self,
        entries: _Entries,
        at: int,
        block: Column,
        found: Sequence[Finding],
        subject: str = "",
    ) -> None:
        """Decide what becomes of one entry."""
        value = entries.values[at]
        decisions, constant = self._decided(found, block, value)
        if decisions:
            entries.decided[at] = decisions
            if self.traces is not None:
                entries.replaced[at] = self._replaced(block, value, subject, decisions, constant)

    def _done(self, block: Column, entries: _Entries) -> Replaced | None:
        if entries.decided:
            self.ledger.column(self._split(block, entries), entries.decided)
            if entries.indices is None and self.worker.bound:
                self._count_alone(block, entries)
        if self.traces is None:
            return None
        self.kept.column(
            self.ledger.column_place(block),
            self._kinds(block),
            entries.indices if entries.indices is not None else block.values.indices.to_numpy(),
            entries.values,
            entries.replaced,
        )
        if all(after is None for after in entries.replaced):
            return None
        return Replaced(entries.replaced, entries.indices)

    def _kinds(self, block: Column) -> frozenset[str]:
        """Return what a column is, as far as its distribution matters: dates, ages."""
        from phisweep.detect.facts import part_of  # noqa: PLC0415 - only copies have figures

        kind = _DISTRIBUTED.get(part_of(block.label, self.identifier(block)), "")
        return frozenset({kind or self.identifier(block)} - {""})

    def _count_alone(self, block: Column, entries: _Entries) -> None:
        """Count what wanted a subject in a table that has none."""
        import numpy as np  # noqa: PLC0415 - as above

        rows = np.bincount(np.asarray(block.values.indices), minlength=len(entries.values))
        self.alone += sum(int(rows[i]) * _alone(ds) for i, ds in entries.decided.items())

    @staticmethod
    def _split(block: Column, entries: _Entries) -> Column:
        """Return the column with an entry of its dictionary for each subject of a bound value."""
        if entries.indices is None:
            return block
        import pyarrow as pa  # noqa: PLC0415 - as above

        values = pa.DictionaryArray.from_arrays(
            pa.array(entries.indices), pa.array(entries.values, pa.string())
        )
        return replace(block, values=values)

    def _decided(
        self, found: Sequence[Finding], block: Column, value: str
    ) -> tuple[Sequence[Decision], str | None]:
        """
        Return what is decided of a value, and what stands for it where that is always the same.

        A judge gives values of one length the same findings, so that this is done once for them.
        """
        held = self.held.get(id(found))
        if held is not None and held[0] is found:
            return held[1], held[2]
        treatment = self.treatments[block.index]
        decisions = self.worker.decide(self.worker.wanted(found), treatment)
        constant = None
        if len(decisions) == 1 and decisions[0].operator in _CONSTANT:
            finding = decisions[0].finding
            if finding.start == 0 and finding.end == len(value):
                made = self.worker.edits(self._cell(block, value, ""), decisions)
                constant = made[0].text if made else None
        if len(found) == 1:
            if len(self.held) >= _HELD:
                self.held.clear()
            self.held[id(found)] = (found, decisions, constant)
        return decisions, constant

    def _replaced(
        self,
        block: Column,
        value: str,
        subject: str,
        decisions: Sequence[Decision],
        constant: str | None,
    ) -> str | None:
        """Return what stands in a cell's place, None where it stays."""
        assert self.traces is not None  # noqa: S101 - _enter asked
        if constant is not None:
            self.traces.value(value, decisions[0].finding.identifier)
            return constant
        made = self.worker.edits(self._cell(block, value, subject), decisions)
        if not made:
            return None
        self.traces.add(value, made, decisions)
        return splice(value, made)

    @staticmethod
    def _cell(block: Column, value: str, subject: str) -> Text:
        kind: Kind = "prose" if _WORDS.search(value) else "value"
        return Text(block.location, value, block.label, subject, kind)


def _alone(decisions: Sequence[Decision]) -> int:
    """Return how many decisions can do nothing without a subject."""
    return sum(decision.operator == ALONE for decision in decisions)

"""
The columns of one document: each judged once, each distinct value of it examined once.

Where the subject of a row matters - its dates are moved, its names are known - a value is looked at
once for each subject that it stands beside.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from itertools import repeat
from typing import TYPE_CHECKING

from phisweep.analysis import ALONE, BOUND, Analysis, Job, moved
from phisweep.detect.columns import ColumnJudge
from phisweep.formats.base import Replaced
from phisweep.marks import CODE, is_mark, tag
from phisweep.model import Column, Decision, Finding, Kind, Text
from phisweep.pipeline.linked import RowSubjects
from phisweep.pipeline.traces import Traces
from phisweep.records import Decided, Ledger
from phisweep.ruleset.schema import Treatment
from phisweep.splicing import splice
from phisweep.suppression import Suppressor
from phisweep.usefulness import Usefulness

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from phisweep.detect.screening import Kinds

#: Parts of a record of which the figures tell the distribution.
_DISTRIBUTED = {"birth": "date", "event": "date", "death": "date", "age": "age"}
#: What reads like a text: two words and more.
_WORDS = re.compile(r"\S\s+\S*[^\W\d_]|[^\W\d_]\s+\S")
#: What `date-shift` writes for a date of a known subject that it cannot read.
UNREAD = tag("date")
#: So few letters and digits are no trace of a removed value (`detect.known.tells`).
_SHORT = r"^(?:[^0-9A-Za-z\x80-\x{10FFFF}]*[0-9A-Za-z]){0,4}[^0-9A-Za-z\x80-\x{10FFFF}]*$"
_CODE = f"^(?:{CODE.pattern})$"
_TWO_DIGITS = r"^[0-9]{2}(?:\.[0-9]{1,2})?$"  # `subjects.dossiers.AGE`
_CLEAR = 20_000  # values of a column that are remembered as clear
_HELD = 20_000  # findings of whole values whose decisions are held
#: Operators whose result is the same for every value of an identifier.
_CONSTANT = frozenset({"tag", "redact"})


class _Entries:
    """What becomes of the distinct values of a chunk's column, by their index."""

    def __init__(self, block: Column) -> None:
        import numpy as np  # noqa: PLC0415 - 0.1 s, which only tables pay

        self._block = block
        self._numbers = np.full(len(block.values.dictionary), -1, dtype=np.int64)
        self._further: list[int] = []
        self._outcomes: list[Sequence[Decision]] = []
        self.indices: npt.NDArray[np.int64] | None = None

    @cached_property
    def values(self) -> list[str]:
        """The values; those of subjects stand behind."""
        values: list[str] = self._block.values.dictionary.to_pylist()
        return values

    @cached_property
    def replaced(self) -> list[str | None]:
        """What stands in their place, None where they stay."""
        return [None] * len(self.values)

    def append(self, value: str) -> int:
        """Add a value for one subject; return its index."""
        self.replaced.append(None)
        self.values.append(value)
        self._further.append(-1)
        return len(self.values) - 1

    def decide(self, at: int | npt.NDArray[np.int64], decisions: Sequence[Decision]) -> None:
        """Enter what is decided of values."""
        if isinstance(at, int) and at >= len(self._numbers):
            self._further[at - len(self._numbers)] = len(self._outcomes)
        else:
            self._numbers[at] = len(self._outcomes)
        self._outcomes.append(decisions)

    def decided(self) -> Decided:
        """Return what is decided of each value."""
        import numpy as np  # noqa: PLC0415 - as above

        further = np.array(self._further, dtype=np.int64)
        return Decided(np.concatenate((self._numbers, further)), self._outcomes)


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
        #: Values of a column of which nothing becomes, by whether subjects are known.
        self.clear: dict[tuple[int, bool], set[str]] = {}
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
        import numpy as np  # noqa: PLC0415 - 0.1 s, which only tables pay

        from phisweep.detect.screening import ASK  # noqa: PLC0415 - as above

        judge = self.judge(block)
        entries = _Entries(block)
        self._prepare(block, entries)
        kinds = self._screened(judge, block)
        bound: dict[int, Sequence[Finding]] = {}
        for length in np.unique(kinds[kinds >= 0]).tolist():
            same = np.flatnonzero(kinds == length)
            found = judge.whole(length)
            if subjects is not None and self._is_bound(found, block):
                bound.update(dict.fromkeys(same.tolist(), found))
            else:
                self._enter_all(entries, same, block, found)
        asked = np.flatnonzero(kinds == ASK).tolist()
        if asked:
            self._ask(entries, asked, block, subjects, bound)
        if bound and subjects is not None:
            self._by_subject(entries, dict(sorted(bound.items())), block, subjects)
        return self._done(block, entries)

    def _screened(self, judge: ColumnJudge, block: Column) -> Kinds:
        """Return what is sure of each value: of others their text says more than their judge."""
        import pyarrow as pa  # noqa: PLC0415 - as above

        from phisweep.detect.screening import ASK, CLEAR, matching  # noqa: PLC0415 - as above

        values, worker = block.values.dictionary, self.worker
        if not pa.types.is_string(values.type):
            values = values.cast(pa.string())
        kinds = judge.screened(values)
        told = self.suppressor is not None and not self.suppressor.idle
        if told or worker.known is not None or worker.settles(self.treatments[block.index]):
            kinds[kinds >= 0] = ASK
        if worker.known is not None:
            kinds[~matching(values, _SHORT)] = ASK
            kinds[matching(values, _CODE)] = CLEAR  # a value stands in one by chance
        if worker.dossiers is not None and worker.dossiers.any_old:
            kinds[matching(values, _TWO_DIGITS)] = ASK
        return kinds

    def _ask(
        self,
        entries: _Entries,
        asked: Sequence[int],
        block: Column,
        subjects: RowSubjects | None,
        bound: dict[int, Sequence[Finding]],
    ) -> None:
        """Examine values one by one; `bound` gets those for which the subject of a row matters."""
        judge = self.judge(block)
        clear = self.clear.setdefault((block.index, subjects is None), set())
        rows: Mapping[int, int] = {}
        values = entries.values
        for i in asked:
            value = values[i]
            if value in clear:
                continue
            found = seen = self._found(judge, block, value)
            if found and self.suppressor is not None:
                rows = rows or self._rows(block)
                wanted = self.worker.wanted(found)
                found = self.suppressor.of_value(value, wanted, rows.get(i, 0))
            if subjects is not None and self._wants_subject(judge, value, found, block):
                bound[i] = found
            elif found:
                self._enter(entries, i, block, found)
            elif not seen:
                if len(clear) >= _CLEAR:
                    clear.clear()
                clear.add(value)

    def _enter_all(
        self,
        entries: _Entries,
        same: npt.NDArray[np.int64],
        block: Column,
        found: Sequence[Finding],
    ) -> None:
        """Decide what becomes of entries that have the same findings."""
        first = int(same[0])
        example = block.values.dictionary[first].as_py()
        decisions, constant = self._decided(found, block, example)
        if not decisions:
            return
        entries.decide(same, decisions)
        if self.traces is not None:
            places = same.tolist()
            values = [entries.values[at] for at in places]
            new = self._replaced_all(block, values, decisions, constant)
            for at, text in zip(places, new, strict=True):
                entries.replaced[at] = text

    @staticmethod
    def _rows(block: Column) -> Mapping[int, int]:
        """Return in how many rows each value stands, by its index."""
        import pyarrow.compute as pc  # noqa: PLC0415 - as above; numpy's way would import pandas

        counts = pc.value_counts(block.values.indices)
        return dict(zip(counts.field(0).to_pylist(), counts.field(1).to_pylist(), strict=True))

    def _prepare(self, block: Column, entries: _Entries) -> None:
        """Draw the codes of a whole column at once, where a vault keeps them."""
        codes, identifier = self.worker.spec.codes, self.identifier(block)
        if self.traces is None or codes is None or not codes.lasting or not identifier:
            return
        treatment = self.treatments[block.index]
        treatment = treatment or self.worker.spec.policy.treatments.get(identifier)
        if treatment is not None and treatment.operator == "code":
            stripped = (value.strip() for value in entries.values)
            codes.prepare(identifier, (v for v in stripped if v and not is_mark(v)))

    def _found(self, judge: ColumnJudge, block: Column, value: str) -> Sequence[Finding]:
        found: Sequence[Finding] = judge.find(value)
        if self.worker.known is not None:
            found = (*found, *self.worker.known.find(Text(block.location, value)))
        if not found:
            return found
        if self.worker.rescans:  # a finding of a judge says nothing of its place
            found = [moved(f, block.location) for f in found]
        treatment = self.treatments[block.index]
        return self.worker.unsettled(found, value, block.label, treatment)

    def _wants_subject(
        self, judge: ColumnJudge, value: str, found: Sequence[Finding], block: Column
    ) -> bool:
        """Say whether what becomes of a value may not be the same for every subject."""
        if self._is_bound(found, block):
            return True
        if self.worker.dossiers is None or not value:
            return False
        if judge.verdict is None and _WORDS.search(value) and self.worker.dossiers.may_name(value):
            return True
        return self.worker.dossiers.any_old and self.worker.dossiers.is_age(value)

    def _is_bound(self, found: Sequence[Finding], block: Column) -> bool:
        """Say whether what an operator makes of findings is not the same for every subject."""
        if not found or not self.worker.bound:
            return False
        decisions = self.worker.decide(found, self.treatments[block.index])
        return not BOUND.isdisjoint(d.operator for d in decisions)

    def _by_subject(
        self,
        entries: _Entries,
        bound: Mapping[int, Sequence[Finding]],
        block: Column,
        subjects: RowSubjects,
    ) -> None:
        """Do the bound values once for each subject, as further entries of the column."""
        import numpy as np  # noqa: PLC0415 - 0.1 s, which only tables pay

        from phisweep.arrays import numbers  # noqa: PLC0415 - as above

        indices = numbers(block.values.indices).astype(np.int64)
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
            at = entries.append(value)
            found = [moved(f, block.location) for f in bound[i]]
            if subject:
                cell = self._cell(block, value, subject)
                found = [*found, *self.worker.of_subject(cell)]
            if found:
                alone = _alone(self._enter(entries, at, block, found, subject))
                if not subject:
                    self.alone += count * alone
                elif alone:
                    self.unread += count * (entries.replaced[at] or "").count(UNREAD)

    def _enter(
        self,
        entries: _Entries,
        at: int,
        block: Column,
        found: Sequence[Finding],
        subject: str = "",
    ) -> Sequence[Decision]:
        """Decide what becomes of one entry."""
        value = entries.values[at]
        decisions, constant = self._decided(found, block, value)
        if decisions:
            entries.decide(at, decisions)
            if self.traces is not None:
                entries.replaced[at] = self._replaced(block, value, subject, decisions, constant)
        return decisions

    def _done(self, block: Column, entries: _Entries) -> Replaced | None:
        decided = entries.decided()
        if decided.outcomes:
            self.ledger.column(self._split(block, entries), decided)
            if entries.indices is None and self.worker.bound:
                rows = decided.rows(block)
                pairs = zip(rows.tolist(), decided.outcomes, strict=True)
                self.alone += sum(count * _alone(decisions) for count, decisions in pairs)
        if self.traces is None:
            return None
        from phisweep.arrays import numbers  # noqa: PLC0415 - numpy, which only tables pay

        self.kept.column(
            self.ledger.column_place(block),
            self._kinds(block),
            entries.indices if entries.indices is not None else numbers(block.values.indices),
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

    @staticmethod
    def _split(block: Column, entries: _Entries) -> Column:
        """Return the column with an entry of its dictionary for each subject of a bound value."""
        if entries.indices is None:
            return block
        import pyarrow as pa  # noqa: PLC0415 - as above

        from phisweep.arrays import of_numbers, of_texts  # noqa: PLC0415 - as above

        values = pa.DictionaryArray.from_arrays(
            of_numbers(entries.indices), of_texts(entries.values)
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

    def _replaced_all(
        self,
        block: Column,
        values: Sequence[str],
        decisions: Sequence[Decision],
        constant: str | None,
    ) -> Iterable[str | None]:
        """Return what stands in the place of values of one length; codes are drawn together."""
        assert self.traces is not None  # noqa: S101 - _enter_all asked
        finding, codes = decisions[0].finding, self.worker.spec.codes
        whole = len(decisions) == 1 and (finding.start, finding.end) == (0, len(values[0]))
        if constant is not None:
            self.traces.values(values, finding.identifier)
            return repeat(constant, len(values))
        if not whole or decisions[0].operator != "code" or codes is None:
            return (self._replaced(block, value, "", decisions, None) for value in values)
        self.traces.values(values, finding.identifier)
        return codes.codes_of(finding.identifier, values)

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

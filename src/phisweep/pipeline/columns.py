"""
The columns of one document: each judged once, each distinct value of it examined once.

Where the subject of a row matters - its dates are moved, its names are known - a value is looked at
once for each subject that it stands beside.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from phisweep.analysis import ALONE, Analysis, Job, moved
from phisweep.detect.columns import ColumnJudge
from phisweep.formats.base import Replaced
from phisweep.marks import CODE, is_mark, tag
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

    from phisweep.detect.screening import Kinds
    from phisweep.pipeline.entries import Entries

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
        #: None where it leaves out no finding of a single value.
        self.suppressor = None if suppressor is None or suppressor.idle else suppressor
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
        from phisweep.pipeline.entries import Entries  # noqa: PLC0415 - as above

        judge = self.judge(block)
        entries = Entries(block)
        self._prepare(block, entries)
        kinds = self._screened(judge, block, entries)
        bound: dict[int, Sequence[Finding]] = {}
        claimed = np.flatnonzero(kinds >= 0)
        if len(claimed):
            if subjects is not None and self._is_bound(judge.whole(1), block):
                bound.update((i, judge.whole(int(kinds[i]))) for i in claimed.tolist())
            else:
                self._enter_all(entries, claimed, kinds[claimed], block)
        asked = np.flatnonzero(kinds == ASK).tolist()
        if asked:
            self._ask(entries, asked, block, subjects, bound)
        if bound and subjects is not None:
            self._by_subject(entries, dict(sorted(bound.items())), block, subjects)
        return self._done(block, entries)

    def _screened(self, judge: ColumnJudge, block: Column, entries: Entries) -> Kinds:
        """Return what is sure of each value: of others their text says more than their judge."""
        from phisweep.detect.screening import ASK, CLEAR, matching  # noqa: PLC0415 - as above

        values, worker = entries.own, self.worker
        kinds = judge.screened(values)
        told = self.suppressor is not None
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
        entries: Entries,
        asked: Sequence[int],
        block: Column,
        subjects: RowSubjects | None,
        bound: dict[int, Sequence[Finding]],
    ) -> None:
        """Examine values one by one; `bound` gets those for which the subject of a row matters."""
        judge = self.judge(block)
        clear = self.clear.setdefault((block.index, subjects is None), set())
        rows: Mapping[int, int] = {}
        for i in asked:
            value = entries.value(i)
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
        entries: Entries,
        claimed: npt.NDArray[np.int64],
        lengths: npt.NDArray[np.int64],
        block: Column,
    ) -> None:
        """Decide what becomes of values that are claimed whole; those of one length at once."""
        import numpy as np  # noqa: PLC0415 - as above

        from phisweep.arrays import of_numbers  # noqa: PLC0415 - as above

        judge = self.judge(block)
        by_length: dict[int, Sequence[Decision]] = {}
        constant: str | None = None
        for length in np.unique(lengths).tolist():
            same = claimed[lengths == length]
            example = entries.own[int(same[0])].as_py()
            decisions, constant = self._decided(judge.whole(length), block, example)
            if not decisions:
                return
            entries.decide(same, decisions)
            by_length[length] = decisions
        if self.traces is not None and constant is not None:
            identifier = next(iter(by_length.values()))[0].finding.identifier
            self.traces.values(entries.own.take(of_numbers(claimed)), identifier)
            entries.put(claimed, constant)
        elif self.traces is not None:
            self._replace_all(entries, claimed, block, by_length)

    @staticmethod
    def _rows(block: Column) -> Mapping[int, int]:
        """Return in how many rows each value stands, by its index."""
        import pyarrow.compute as pc  # noqa: PLC0415 - as above; numpy's way would import pandas

        counts = pc.value_counts(block.values.indices)
        return dict(zip(counts.field(0).to_pylist(), counts.field(1).to_pylist(), strict=True))

    def _prepare(self, block: Column, entries: Entries) -> None:
        """Draw the codes of a whole column at once, where a vault keeps them."""
        codes, identifier = self.worker.spec.codes, self.identifier(block)
        if self.traces is None or codes is None or not codes.lasting or not identifier:
            return
        treatment = self.treatments[block.index]
        treatment = treatment or self.worker.spec.policy.treatments.get(identifier)
        if treatment is not None and treatment.operator == "code":
            stripped = (value.strip() for value in entries.own.to_pylist())
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
        return any(map(self.worker.is_bound, decisions))

    def _by_subject(
        self,
        entries: Entries,
        bound: Mapping[int, Sequence[Finding]],
        block: Column,
        subjects: RowSubjects,
    ) -> None:
        """Do the bound values once for each subject, as further entries of the column."""
        import numpy as np  # noqa: PLC0415 - 0.1 s, which only tables pay

        indices = entries.rows.astype(np.int64)
        chosen = np.isin(indices, list(bound))
        count = len(entries.own)  # by subject, for what is known of one lies together
        pairs = (subjects.indices[chosen] + 1) * count + indices[chosen]
        distinct, inverse, counts = np.unique(pairs, return_inverse=True, return_counts=True)
        told = [divmod(pair, count) for pair in distinct.tolist()]
        first = entries.append([entries.value(i) for _, i in told])
        indices[chosen] = first + inverse
        entries.indices = indices
        for at, ((whose, i), rows) in enumerate(zip(told, counts.tolist(), strict=True), first):
            subject = subjects.names[whose - 1] if whose else ""
            found = bound[i]
            known = self.worker.of_subject(self._cell(block, entries.value(i), subject))
            if known:
                found = [*(moved(f, block.location) for f in found), *known]
            if found:
                decisions, new = self._enter(entries, at, block, found, subject)
                alone = _alone(decisions)
                if not subject:
                    self.alone += rows * alone
                elif alone:
                    self.unread += rows * (new or "").count(UNREAD)

    def _enter(
        self,
        entries: Entries,
        at: int,
        block: Column,
        found: Sequence[Finding],
        subject: str = "",
    ) -> tuple[Sequence[Decision], str | None]:
        """Decide what becomes of one entry; return what stands in its place, too."""
        value, new = entries.value(at), None
        decisions, constant = self._decided(found, block, value)
        if decisions:
            entries.decide(at, decisions)
            if self.traces is not None:
                new = self._replaced(block, value, subject, decisions, constant)
                if new is not None:
                    entries.put(at, new)
        return decisions, new

    def _done(self, block: Column, entries: Entries) -> Replaced | None:
        decided = entries.decided()
        if decided.outcomes:
            self.ledger.column(entries.column(), decided)
            if entries.indices is None and self.worker.bound:
                rows = decided.rows(block)
                pairs = zip(rows.tolist(), decided.outcomes, strict=True)
                self.alone += sum(count * _alone(decisions) for count, decisions in pairs)
        if self.traces is None:
            return None
        place = self.ledger.column_place(block)
        self.kept.column(place, self._kinds(block), entries.rows, entries.texts, entries.after())
        return entries.replaced()

    def _kinds(self, block: Column) -> frozenset[str]:
        """Return what a column is, as far as its distribution matters: dates, ages."""
        from phisweep.detect.facts import part_of  # noqa: PLC0415 - only copies have figures

        kind = _DISTRIBUTED.get(part_of(block.label, self.identifier(block)), "")
        return frozenset({kind or self.identifier(block)} - {""})

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
        if self.traces is not None and len(decisions) == 1 and decisions[0].operator in _CONSTANT:
            finding = decisions[0].finding
            if finding.start == 0 and finding.end == len(value):
                made = self.worker.edits(self._cell(block, value, ""), decisions)
                constant = made[0].text if made else None
        if len(self.held) >= _HELD:
            self.held.clear()
        self.held[id(found)] = (found, decisions, constant)
        return decisions, constant

    def _replace_all(
        self,
        entries: Entries,
        claimed: npt.NDArray[np.int64],
        block: Column,
        by_length: Mapping[int, Sequence[Decision]],
    ) -> None:
        """Put what stands in the place of values that are claimed whole; codes are drawn together."""
        import numpy as np  # noqa: PLC0415 - as above

        from phisweep.arrays import alike, of_numbers  # noqa: PLC0415 - as above
        from phisweep.transform.operators import ALIKE  # noqa: PLC0415 - as above

        assert self.traces is not None  # noqa: S101 - _enter_all asked
        decision, codes = next(iter(by_length.values()))[0], self.worker.spec.codes
        identifier = decision.finding.identifier
        values = entries.own.take(of_numbers(claimed))
        if decision.operator == "code" and codes is not None:
            self.traces.values(values, identifier)
            made = codes.codes_of(identifier, values.to_pylist())
            entries.put_all(claimed, made, np.arange(len(made)))
        elif decision.operator in ALIKE:
            which, asked = alike(values, ALIKE[decision.operator])
            cells = (self._cell(block, value, "") for value in asked)
            edits = [self.worker.edits(cell, by_length[len(cell.text)]) for cell in cells]
            changed = np.array([bool(each) for each in edits])[which]
            self.traces.values(values.take(of_numbers(np.flatnonzero(changed))), identifier)
            texts = [each[0].text if each else "" for each in edits]
            entries.put_all(claimed[changed], texts, which[changed])
        else:
            for at, value in zip(claimed.tolist(), values.to_pylist(), strict=True):
                new = self._replaced(block, value, "", by_length[len(value)], None)
                if new is not None:
                    entries.put(at, new)

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

"""The columns of one table, counted: each judged by its name and first values, as in a run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from phisweep.detect.columns import ColumnJudge
from phisweep.detect.shapes import says_nothing
from phisweep.formats.base import Part
from phisweep.model import Column
from phisweep.places import column_place
from phisweep.proposal.counting import Memo, Reader, Reading, Search
from phisweep.proposal.evidence import Gathered

_PROSE = 80  # code points of a value with spaces, beyond which it is running text


class Table:
    """The columns of one table."""

    def __init__(self, reader: Reader, reading: Reading) -> None:
        self.reader = reader
        self.reading = reading
        self.judges: dict[int, ColumnJudge] = {}
        self.memos: dict[int, Memo] = {}
        reading.table = True

    def read(self, part: Part, sample: Sequence[Column]) -> None:
        """Count the first rows; `sample` is the part's. Raises DocumentError."""
        for column in sample:
            values = column.values.dictionary.to_pylist()
            self._judge(column, [values[i] for i in column.values.indices.to_pylist()])
        most, taken = self.reader.rows, 0
        for chunk in part.chunks():
            columns = [block for block in chunk.blocks if isinstance(block, Column)]
            rows = max((len(column.values) for column in columns), default=0)
            for column in columns if taken < most else ():
                self._column(column, most - taken)
            if rows > most - taken:
                self.reading.cut = f"first {most:,} rows"
            taken = min(most, taken + rows)
            if self.reading.cut:
                break
        self.reading.rows = taken

    def _judge(self, column: Column, sample: Sequence[str]) -> Gathered:
        """Build the judge of a column, and its counts."""
        label, reader = column.label.strip(), self.reader
        place = column_place(column, hidden=reader.unnamed(column.label))
        named = place.endswith(")")
        treatment = reader.treatment(self.reading.source.name, label) if label else None
        judge = ColumnJudge(reader.detector, column.label, sample, treatment)
        self.judges[column.index], self.memos[column.index] = judge, Memo()
        gathered = Gathered(label, place, label if named else "", treatment)
        gathered.judged = int(any(not says_nothing(value) for value in sample))
        if judge.verdict:
            verdict = judge.verdict
            gathered.verdicts[verdict.identifier, verdict.rule, verdict.why] += 1
        self.reading.places[str(column.index)] = gathered
        return gathered

    def _column(self, column: Column, most: int) -> None:
        values = column.values.dictionary.to_pylist()
        indices = column.values.indices.to_pylist()[:most]
        place = self.reading.places.get(str(column.index)) or self._judge(
            column, [values[i] for i in indices]
        )
        judge, memo = self.judges[column.index], self.memos[column.index]
        for i, times in Counter(indices).items():
            value = values[i]
            prose = judge.verdict is None and " " in value and len(value) > _PROSE
            self.reader.enter(place, memo, value, times, _finder(judge, value), prose=prose)


def _finder(judge: ColumnJudge, value: str) -> Search:
    return lambda: judge.find(value)

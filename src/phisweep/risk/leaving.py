"""The rows that a suggestion leaves out, by their numbers: for who takes them out of the data."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from phisweep.risk.counted import Counted, of_classes
from phisweep.risk.gathering import Gatherer
from phisweep.risk.grouping import Codes, Table, dense, joined, reduced
from phisweep.risk.hierarchies import Step


class LeftOut:
    """Knows the classes of fewer than k people under the steps of a suggestion."""

    def __init__(self, counted: Counted, steps: Sequence[Step], k: int) -> None:
        self._quasi = counted.quasi
        self._steps = steps
        lead = int(counted.by_subject)
        made = Gatherer(len(steps))
        for table in counted.cells():
            columns = (*table.columns[:lead], *self._raised(table.columns[lead:]))
            cells = reduced(Table(columns, table.weights))
            made.add(of_classes(cells, by_subject=counted.by_subject))
        small = [_below(table, k) for table in made.finish()]
        self._small = joined(small)

    def rows(self, columns: Sequence[pa.DictionaryArray]) -> npt.NDArray[np.bool_]:
        """Say of each row whether it is left out."""
        codes = [coder.codes(column) for coder, column in zip(self._quasi, columns, strict=True)]
        mine = self._raised(codes)
        both = [
            np.concatenate([one, other])
            for one, other in zip(self._small.columns, mine, strict=True)
        ]
        small = len(self._small)
        ids, _ = dense(both, small + len(columns[0]))
        found: npt.NDArray[np.bool_] = np.isin(ids[small:], ids[:small])
        return found

    def _raised(self, columns: Sequence[Codes]) -> list[Codes]:
        return [step.of(codes) for step, codes in zip(self._steps, columns, strict=True)]


def _below(classes: Table, k: int) -> Table:
    small = classes.people < k
    return Table(
        tuple(column[small] for column in classes.columns),
        tuple(weight[small] for weight in classes.weights),
    )

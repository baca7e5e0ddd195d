"""
Bounds by drawing documents anew (Efron 1979), for what is no share of independent things.

Entities of one document are alike; where one is missed, others are. So whole documents are drawn,
with replacement, as many as there are; the bounds are percentiles of what the draws give. Two tools
are compared over the same draws. The seed makes it the same every time.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from phisweep.evaluate.matching import READINGS
from phisweep.evaluate.tally import FIELDS

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

DRAWS = 1000
SEED = 20_260_101
_TAIL = 2.5  # per cent on each side


@dataclass(frozen=True, slots=True)
class Drawn:
    """
    Measures over all documents, and over each draw of them; not a number where nothing is counted.

    `at` has one value a measure, `draws` one row of them a draw.
    """

    at: Mapping[str, float]
    draws: Mapping[str, Floats]


def draw(rows: npt.NDArray[np.int32], draws: int = DRAWS, seed: int = SEED) -> Drawn:
    """Return the measures of documents, and of as many draws of them."""
    import numpy as np  # noqa: PLC0415 - as in tally

    counts = rows.astype(np.float64)
    n = len(counts)
    random = np.random.default_rng(seed)
    totals = np.zeros((draws if n else 0, len(FIELDS)))
    for i in range(len(totals)):
        often = np.bincount(random.integers(0, n, n), minlength=n)
        totals[i] = often @ counts
    whole = counts.sum(axis=0, keepdims=True)
    return Drawn(
        {name: float(values[0]) for name, values in measures(whole).items()}, measures(totals)
    )


def measures(totals: Floats) -> dict[str, Floats]:
    """Return every measure of rows of counts, in a stable order."""
    import numpy as np  # noqa: PLC0415 - as in tally

    column = {name: totals[:, i] for i, name in enumerate(FIELDS)}

    def share(part: Floats, of: Floats) -> Floats:
        return np.divide(part, of, out=np.full_like(part, np.nan), where=of > 0)

    out: dict[str, Floats] = {}
    for prefix, found, right in (("", "found", "right"), ("typed ", "typed", "alike")):
        for reading in READINGS:
            recall = share(column[f"{found}_{reading}"], column["gold"])
            precision = share(column[f"{right}_{reading}"], column["predicted"])
            out[f"{prefix}{reading} recall"] = recall
            out[f"{prefix}{reading} precision"] = precision
            out[f"{prefix}{reading} F1"] = share(2 * recall * precision, recall + precision)
    out["leaked documents"] = share(column["leaked"], column["with_gold"])
    out["telling documents"] = share(column["telling"], column["with_gold"])
    false = column["predicted"] - column["right_touched"]
    out["false per 1,000 words"] = share(1000 * false, column["words"])
    return out


def bounds(values: Floats) -> tuple[float, float] | None:
    """Return the percentiles 2.5 and 97.5 of draws, None where most have no value."""
    import numpy as np  # noqa: PLC0415 - as in tally

    known = values[~np.isnan(values)]
    if len(known) * 2 < len(values) or not len(known):
        return None
    low, high = np.percentile(known, [_TAIL, 100 - _TAIL])
    return float(low), float(high)

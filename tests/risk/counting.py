"""Tables for the tests of risk: counted as a run counts them, and public ones."""

from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa

from phisweep.risk.counted import Counter
from phisweep.risk.hierarchies import Circumstance, hierarchy
from phisweep.risk.lattice import Grid

HERE = Circumstance(2026, frozenset({"123", "902"}))


def encoded(values):
    """A column as formats give it."""
    return pa.array([str(v) for v in values], pa.string()).dictionary_encode()


def counted(frame, quasi, sensitive=(), subject=None, *, chunk=500, **more):
    """The rows of a data frame, counted chunk by chunk."""
    counter = Counter(quasi, sensitive, by_subject=subject is not None, **more)
    names = [*quasi, *sensitive, *([subject] if subject else [])]
    for at in range(0, len(frame), chunk):
        counter.add([encoded(frame[name].iloc[at : at + chunk]) for name in names])
    return counter.finish()


def grid_of(rows, folder=None):
    columns = (hierarchy(column, rows.spread(i), HERE) for i, column in enumerate(rows.quasi))
    return Grid(rows, tuple(columns), folder)


def adult_like(rows=4_000, seed=11):
    """An invented table with the columns of the census extract that papers use."""
    rng = np.random.default_rng(seed)
    return pd.DataFrame(
        {
            "age": np.clip(rng.normal(38, 14, rows), 17, 90).astype(int),
            "workclass": rng.choice(["Private", "Self-emp", "Gov", "None"], rows, p=[0.7, 0.1, 0.15, 0.05]),
            "education": rng.choice(["HS", "College", "Bachelor", "Master", "Doctor"], rows),
            "race": rng.choice(["White", "Black", "Asian", "Native"], rows, p=[0.8, 0.1, 0.08, 0.02]),
            "sex": rng.choice(["Male", "Female"], rows),
            "hours": rng.choice([20, 25, 35, 40, 45, 60], rows),
            "occupation": rng.choice(["Sales", "Tech", "Craft", "Service", "Farming"], rows),
        }
    )  # fmt: skip


def public_table():
    """Fair's survey of 1974 on marriages, 6,366 rows, public domain; None where it is absent."""
    found = find_spec("statsmodels")
    if found is None or not found.submodule_search_locations:
        return None
    path = Path(found.submodule_search_locations[0]) / "datasets" / "fair" / "fair.csv"
    return pd.read_csv(path).dropna() if path.is_file() else None

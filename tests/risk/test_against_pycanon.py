"""Our figures are those of pycanon, on a public table and an invented one."""

import math

import pandas as pd
import pytest

from phisweep.risk.closeness import closeness
from phisweep.risk.diversity import diversity
from phisweep.risk.sizes import sizes_of
from risk.counting import adult_like, counted, public_table

anonymity = pytest.importorskip("pycanon.anonymity", reason="make test installs pycanon")
metrics = pytest.importorskip("pycanon.metrics", reason="make test installs pycanon")
pytestmark = [
    pytest.mark.filterwarnings("ignore::Warning:pandas.*"),  # pycanon was written for an older one
    pytest.mark.filterwarnings("ignore::Warning:pycanon.*"),
]

ADULT = [
    (["sex"], ["occupation", "hours"]),
    (["race", "sex"], ["occupation", "hours"]),
    (["age", "race", "sex"], ["occupation", "hours"]),
    (["age", "workclass", "education", "race", "sex"], ["occupation", "hours"]),
]
FAIR = [
    (["age"], ["rate_marriage", "affairs"]),
    (["age", "religious"], ["rate_marriage", "occupation"]),
    (["age", "children", "educ"], ["rate_marriage", "affairs"]),
    (["age", "yrs_married", "children", "religious", "educ"], ["occupation", "affairs"]),
]


@pytest.fixture(scope="module")
def adult():
    return adult_like(500)  # pycanon takes seconds for more


@pytest.fixture(scope="module")
def fair():
    table = public_table()
    if table is None:
        pytest.skip("statsmodels, which ships the public table, is not installed")
    return table.iloc[:400]


@pytest.mark.parametrize(("quasi", "sensitive"), ADULT)
def test_an_invented_census_extract_has_the_same_figures(adult, quasi, sensitive):
    same_figures(adult, quasi, sensitive)


@pytest.mark.parametrize(("quasi", "sensitive"), FAIR)
def test_a_public_survey_has_the_same_figures(fair, quasi, sensitive):
    same_figures(fair, quasi, sensitive)


def same_figures(frame, quasi, sensitive):
    rows = counted(frame, quasi, sensitive)
    found = sizes_of(rows, rows.classes())
    assert found.least == anonymity.k_anonymity(frame, quasi)
    theirs = metrics.sizes_ec(frame, quasi)
    assert found.count == theirs["n_ec"]
    assert int(found.sizes[-1]) == theirs["max_ec"]
    assert math.isclose(1 / found.least, metrics.max_rir(frame, quasi))
    by_class = float((found.classes / found.sizes).sum() / found.count)
    assert math.isclose(by_class, metrics.average_rir(frame, quasi))
    for which, name in enumerate(sensitive):
        told = rows.told(which)
        ours = diversity(told, len(quasi))
        assert ours.distinct == anonymity.l_diversity(frame, quasi, [name])
        their_entropy = anonymity.entropy_l_diversity(frame, quasi, [name])  # rounded down
        assert their_entropy in {math.floor(ours.entropy - 1e-9), math.floor(ours.entropy + 1e-9)}
        near = closeness(told, len(quasi), rows.sensitive[which])
        assert near.ordered == pd.api.types.is_numeric_dtype(frame[name])
        assert math.isclose(
            near.distance, anonymity.t_closeness(frame, quasi, [name]), abs_tol=1e-9
        )


def test_recursive_diversity_begins_with_the_most_frequent_value_where_pycanon_begins_with_the_rarest():
    """
    r1 is the most frequent value (Machanavajjhala and others, definition 4.5).

    pycanon 1.3.6 sorts upward, so its c agrees only where all values are equally frequent.
    """
    frame = adult_like(400)
    even = frame.assign(s=["p", "q", "r", "s"] * 100, g=["a"] * 200 + ["b"] * 200)
    ours = dict(diversity(counted(even, ["g"], ["s"]).told(0), 1).recursive)
    c, distinct = anonymity.recursive_c_l_diversity(even, ["g"], ["s"])
    assert distinct == 4
    assert c == math.floor(50 / 50 + 1)  # 50 of each: r1 = r4
    assert math.isclose(ours[2], 50 / 150)
    skewed = even.assign(s=["p"] * 97 + ["q", "r", "s"] + ["p"] * 300, g="a")
    ours = dict(diversity(counted(skewed, ["g"], ["s"]).told(0), 1).recursive)
    assert math.isclose(ours[2], 397 / 3)  # one value is nearly all of it
    assert anonymity.recursive_c_l_diversity(skewed, ["g"], ["s"])[0] == 1

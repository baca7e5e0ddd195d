"""Generalisations: steps that operators make, and the search that finds the best of them."""

import itertools

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from phisweep.risk.hierarchies import hierarchy, treated
from phisweep.risk.kinds import kind_of
from phisweep.risk.lattice import DROPPED
from phisweep.risk.leaving import LeftOut
from phisweep.risk.search import Search
from phisweep.risk.sizes import sizes_of
from phisweep.risk.subsets import driven
from phisweep.risk.suggest import suggest
from risk.counting import HERE, adult_like, counted, encoded, grid_of


def steps_of(name, values):
    rows = counted(pd.DataFrame({name: values}), [name])
    made = hierarchy(rows.quasi[0], rows.spread(0), HERE)
    groups = []
    for step in made.steps:
        found = {}
        for value, group in zip(rows.quasi[0].values[1:], step.groups[1:], strict=True):  # noqa: PD011 - no frame of pandas
            found.setdefault(int(group), []).append(value)
        groups.append((step.words, sorted(map(sorted, found.values()))))
    return made, dict(groups)


def test_ages_go_to_bands_and_90_and_more_are_one():
    made, groups = steps_of("age", ["3", "4", "41", "44", "89", "90", "103"])
    assert made.kind == "age"
    assert list(groups) == [
        "as it is", "single years, 90+", "5-year bands, 90+", "10-year bands, 90+",
        "20-year bands, 90+", "removed",
    ][:2] + list(groups)[2:]  # fmt: skip
    assert ["103", "90"] in groups["single years, 90+"]
    assert ["41", "44"] in groups["5-year bands, 90+"]
    assert ["89"] in groups["5-year bands, 90+"]
    assert len(groups["removed"]) == 1


def test_zip_codes_go_to_three_digits_as_the_operator_writes_them():
    made, groups = steps_of("home_zip", ["12345", "12399", "90210", "03601", "55555"])
    assert made.kind == "zip"
    assert groups["three digits"] == [["03601", "55555"], ["12345", "12399"], ["90210"]]  # 000


def test_prefixes_go_to_their_first_digit():
    made, groups = steps_of("zip3", ["123", "129", "902", "000"])
    assert made.steps[1].operator == "truncate"
    assert groups["first digit"] == [["000"], ["123", "129"], ["902"]]


def test_dates_go_to_month_quarter_and_year():
    made, groups = steps_of(
        "admitted", ["2021-01-03", "2021-01-30", "2021-03-01", "2021-11-01", "2022-01-01"]
    )
    assert made.kind == "date"
    assert ["2021-01-03", "2021-01-30"] in groups["month"]
    assert ["2021-01-03", "2021-01-30", "2021-03-01"] in groups["quarter"]
    assert len(groups["year"]) == 2


def test_numbers_go_to_bands_of_about_as_many_rows():
    rng = np.random.default_rng(0)
    made, groups = steps_of("bmi", [f"{x:.1f}" for x in rng.normal(27, 5, 800)])
    assert made.kind == "number"
    assert [len(groups[step.words]) for step in made.steps[1:]] == sorted(
        (len(groups[step.words]) for step in made.steps[1:]), reverse=True
    )
    assert made.steps[1].operator == "bucket"


def test_rare_values_of_a_category_are_put_together_by_hand():
    made, groups = steps_of("race", ["W"] * 900 + ["B"] * 90 + ["A"] * 6 + ["N"] * 4)
    assert ["A", "N"] in groups["values in under 1% of rows as one, other"]
    assert [step.by_hand for step in made.steps] == [False, True, True, False]
    assert all(not step.by_hand for step in made.without_hands().steps)


@pytest.mark.parametrize(
    ("name", "values", "kind"),
    [
        ("age", ["45-49", "50-54", "90+"], "age"),
        ("age_at_visit", ["1", "2"], "age"),
        ("stage", ["1", "2"], "category"),
        ("postal_code", ["12345", "12345-6789"], "zip"),
        ("yob", ["1950", "1961"], "year"),
        ("dob", ["1950-01-01", "03/04/1961"], "date"),
        ("sex", ["F", "M"], "category"),
        ("height_cm", [str(n) for n in range(140, 200)], "number"),
        ("note", [], "category"),
    ],
)
def test_what_a_column_holds_is_told_by_name_and_values(name, values, kind):
    assert kind_of(name, values) == kind


def test_what_says_nothing_stays_as_a_copy_leaves_it():
    assert treated("unknown", "redact", {}, "race", HERE) == "unknown"
    assert treated("[ZIP]", "redact", {}, "zip", HERE) == "[ZIP]"
    assert treated("White", "redact", {}, "race", HERE) == "[REMOVED]"


def test_each_step_is_coarser_than_the_one_before():
    rows = counted(adult_like(800), ["age", "workclass", "hours"])
    for which, column in enumerate(rows.quasi):
        made = hierarchy(column, rows.spread(which), HERE)
        for finer, coarser in itertools.pairwise(made.steps):
            pairs = {*zip(finer.groups.tolist(), coarser.groups.tolist(), strict=True)}
            assert len(pairs) == len(set(finer.groups.tolist()))
            assert (coarser.loss >= finer.loss).all()
        assert made.steps[-1].words == "removed"


TABLES = st.lists(
    st.tuples(
        st.integers(0, 95).map(str),
        st.sampled_from(["12345", "12399", "90210", "54321", ""]),
        st.sampled_from(["F", "M"]),
        st.sampled_from(["a", "a", "a", "b", "c", "d"]),
    ),
    min_size=6,
    max_size=80,
)


@settings(max_examples=40, deadline=None)
@given(TABLES, st.integers(2, 6), st.sampled_from([0.0, 0.1, 0.3]))
def test_the_search_finds_what_trying_all_combinations_finds(rows, k, left_out):
    frame = pd.DataFrame(rows, columns=["age", "zip", "sex", "kind"])
    grid = grid_of(counted(frame, list(frame)))
    found = Search(grid, k, left_out).run()
    tried = [
        judged
        for node in itertools.product(*(range(len(h.steps)) for h in grid.hierarchies))
        if (judged := grid.judged(node, k, left_out)) is not None
    ]
    best = sorted(tried, key=lambda judged: (judged.loss, judged.node))[:3]
    assert found.exact
    assert list(found.best) == best
    for judged in found.best:
        assert judged.least >= k
        assert judged.left_out <= left_out * len(frame)


def test_a_lattice_too_large_for_all_is_climbed_and_says_so(monkeypatch):
    monkeypatch.setattr("phisweep.risk.search.NODES", 10)
    grid = grid_of(counted(adult_like(600), ["age", "workclass", "hours"]))
    found = Search(grid, 5, 0.05).run()
    assert not found.exact
    assert found.best[0].least >= 5


def test_a_search_that_is_cut_short_says_that_others_may_be_better():
    grid = grid_of(counted(adult_like(600), ["age", "workclass", "hours"]))
    assert not Search(grid, 5, 0.05, judged=2).run().exact


def test_a_suggestion_tells_k_loss_and_rows_that_are_left_out():
    frame = adult_like(2_000)
    grid = grid_of(counted(frame, ["age", "race", "sex"]))
    told = suggest(grid, 11, 0.05)
    assert not told.reached
    assert told.exact
    assert all(best.least >= 11 for best in told.best)
    assert any(best.left_out == 0 for best in told.best)
    assert [b.loss for b in told.best[:3]] == sorted(b.loss for b in told.best[:3])


def test_nothing_is_suggested_where_k_is_reached():
    grid = grid_of(counted(adult_like(2_000), ["sex"]))
    assert suggest(grid, 11, 0.05).reached


def test_where_nothing_reaches_k_columns_that_do_are_told():
    frame = pd.DataFrame({"a": ["x"] * 30, "b": ["", "y", "y"] + ["y"] * 27})  # one without b
    told = suggest(grid_of(counted(frame, ["a", "b"])), 11, 0.0)
    assert not told.best
    assert told.without == (0,)


def test_the_rows_that_are_left_out_are_those_of_small_classes():
    frame = adult_like(1_500)
    names = ["age", "race", "sex"]
    rows = counted(frame, names)
    told = suggest(grid_of(rows), 11, 0.1)
    best = told.best[0]
    left = LeftOut(rows, best.steps, 11)
    chosen = np.concatenate(
        [
            left.rows([encoded(frame[n].iloc[at : at + 400]) for n in names])
            for at in range(0, len(frame), 400)
        ]
    )
    raised = pd.DataFrame(
        {
            name: step.of(column.codes(encoded(frame[name])))
            for name, step, column in zip(names, best.steps, rows.quasi, strict=True)
        }
    )
    sizes = raised.groupby(names)[names[0]].transform("size")
    assert (chosen == (sizes < 11).to_numpy()).all()
    assert sizes[~chosen].min() == best.least


def test_the_parts_of_the_columns_in_the_risk_add_up():
    rows = counted(adult_like(1_000), ["age", "race", "sex", "education"])
    grid = grid_of(rows)
    found = sizes_of(rows, rows.classes())
    told = driven(grid, 11, found)
    assert len(told.subsets) == 15
    assert sum(told.parts) == pytest.approx(found.below(11) / 1_000)
    assert max(range(4), key=told.parts.__getitem__) == 0  # age
    alone = next(s for s in told.subsets if s.columns == (2,))
    assert alone.least == grid.sizes((DROPPED, DROPPED, 0, DROPPED)).least


def test_of_many_columns_the_single_ones_and_all_but_one_are_told():
    frame = pd.DataFrame(np.random.default_rng(0).integers(0, 3, (200, 7)).astype(str))
    frame.columns = [f"c{i}" for i in range(7)]
    rows = counted(frame, list(frame))
    told = driven(grid_of(rows), 11, sizes_of(rows, rows.classes()))
    assert told.parts is None
    assert sorted(len(s.columns) for s in told.subsets) == [1] * 7 + [6] * 7 + [7]

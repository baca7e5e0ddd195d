"""What a copy kept: exact by hand, the same by any chunks, bounded, and never a small count."""

import random
from collections import Counter

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from phisweep.model import Edit
from phisweep.usefulness import Usefulness, touched
from phisweep.usefulness.distinct import Distinct, digests
from phisweep.usefulness.floor import shown, shown_together
from phisweep.usefulness.intervals import QUANTILES, Sample, ranks
from phisweep.usefulness.reading import EMPTY, NONE, OTHER, Ages, Dates
from phisweep.usefulness.spread import of_ages, of_years, year_bands
from phisweep.usefulness.tables import COLUMNS, DATES, Tables

YEAR = 2026
NAMES = ("", "2014-03-05", "2015-01-31", "2015-12-31", "unknown")


def texts(values):
    return pa.array([*values], pa.string())


def encoded(values):
    entries = list(dict.fromkeys(values))
    places = {value: i for i, value in enumerate(entries)}
    return np.array([places[value] for value in values], np.int32), entries


def fed(table, size=10**9, *, into=None):
    """`table` maps a place to identifiers, values, and what each value becomes (None: stays)."""
    kept = into or Usefulness(YEAR)
    rows = len(next(iter(table.values()))[1])
    for start in range(0, rows, size):
        for place, (identifiers, values, change) in table.items():
            indices, entries = encoded(values[start : start + size])
            after = texts(change.get(v) for v in entries) if change else None
            kept.column(place, identifiers, indices, texts(entries), after)
        kept.rows()
    return kept


def figures(table, size=10**9):
    return fed(table, size).finish()


def days(n, start=0):
    return [str(np.datetime64("2014-01-01") + start + i) for i in range(n)]


# Columns


def test_the_cells_of_a_column_are_counted_by_hand():
    values = ["a"] * 30 + ["b"] * 20 + ["", " "] * 10 + ["c"] * 30
    (column,) = figures({"x": (set(), values, {"a": "[CODE]", "b": "[CODE]"})}).columns
    assert (column.rows, column.empty, column.unchanged, column.changed) == (100, 20, 30, 50)
    assert (column.distinct_before, column.distinct_after, column.estimated) == (3, 2, False)


def test_what_is_replaced_by_itself_is_not_changed():
    (column,) = figures({"x": (set(), ["a"] * 20, {"a": "a"})}).columns
    assert (column.unchanged, column.changed) == (20, 0)


def test_a_value_that_is_emptied_is_changed_and_no_longer_counted_as_distinct():
    (column,) = figures({"x": (set(), ["a"] * 20 + ["b"] * 20, {"a": ""})}).columns
    assert (column.empty, column.changed) == (0, 20)
    assert (column.distinct_before, column.distinct_after) == (2, 1)


def test_an_entry_that_stands_in_no_row_does_not_count():
    kept = Usefulness(YEAR)
    kept.column("x", set(), np.zeros(20, np.int64), texts("ab"), texts([None, "c"]))
    (column,) = kept.finish().columns
    assert (column.changed, column.distinct_before, column.distinct_after) == (0, 1, 1)


def test_codes_that_begin_in_a_later_chunk_keep_what_went_before():
    kept = Usefulness(YEAR)
    kept.column("x", set(), np.arange(20), texts(f"a{i}" for i in range(20)))
    kept.column("x", set(), np.arange(20), texts(f"b{i}" for i in range(20)), texts(["[X]"] * 20))
    (column,) = kept.finish().columns
    assert (column.distinct_before, column.distinct_after) == (40, 21)


def test_a_table_of_fewer_than_eleven_rows_has_no_figures():
    told = figures({"x": ({"date"}, days(10), None), "y": ({"date"}, days(10), None)})
    assert (told.columns, told.spreads, told.left_out) == ((), (), 2)
    assert all(q is None for i in told.intervals for side in i.sides for q in side.quantiles)


def test_columns_beyond_a_thousand_are_counted_and_not_held():
    tables = Tables(YEAR)
    for _ in range(2):
        for n in range(COLUMNS + 7):
            tables.column(f"column {n}", (), np.zeros(20, np.int64), texts("a"), None)
    columns, *_, left_out = tables.finish()
    assert (len(columns), left_out, len(tables._columns)) == (COLUMNS, 7, COLUMNS)


# Distinct values


def test_distinct_values_are_exact_up_to_the_cap_and_then_four_kibibytes():
    few, many = Distinct(1000), Distinct(1000)
    for start in range(0, 1000, 100):
        few.add(digests(texts(str(i) for i in range(start, start + 150) if i < 1000)))
    for start in range(0, 30_000, 3000):
        many.add(digests(texts(str(i) for i in range(start, start + 3000))))
    assert (few.count(), few.estimated) == (1000, False)
    assert many.estimated
    assert (many._seen.nbytes, many._registers.nbytes) == (0, 4096)
    assert abs(many.count() - 30_000) < 30_000 * 4 * 0.0163


def test_an_estimate_does_not_depend_on_order_or_repetition():
    values = digests(texts(str(i) for i in range(50_000)))
    one, other = Distinct(100), Distinct(100)
    one.add(values)
    for part in (values[30_000:], values[:40_000], values[::-1]):
        other.add(part)
    assert one.count() == other.count()


def test_a_copy_goes_its_own_way():
    for exact in (10, 1000):
        one = Distinct(exact)
        one.add(digests(texts(str(i) for i in range(100))))
        before, other = one.count(), one.copy()
        other.add(digests(texts(str(i) for i in range(100, 5000))))
        assert one.count() == before < other.count()


# Spreads


def test_ages_are_counted_by_hand_before_and_after():
    values = ["3"] * 20 + ["4"] * 5 + ["42 years"] * 30 + ["91"] * 12 + ["102"] * 8 + ["n/a"] * 15
    (spread,) = figures({"age": ({"age"}, values, {"91": "90+", "102": "90+"})}).spreads
    told = {band.label: (band.before, band.after) for band in spread.bands}
    assert len(told) == 20
    assert {label: n for label, n in told.items() if any(n)} == {
        "0-4": (25, 25), "40-44": (30, 30), "90+": (20, 20), "other": (15, 15),
    }  # fmt: skip


def test_years_are_counted_by_hand_and_old_ones_are_one_band():
    born = ["1930-02-01"] * 12 + ["1936-05-05"] * 13 + ["01/31/1940"] * 20 + [""] * 11
    change = {"1930-02-01": "<=1936", "1936-05-05": "<=1936", "01/31/1940": "1940"}
    (spread,) = figures({"dob": ({"date"}, born, change)}).spreads
    assert [(b.label, b.before, b.after) for b in spread.bands] == [
        ("to 1936", 25, 25), ("1937", 0, 0), ("1938", 0, 0), ("1939", 0, 0), ("1940", 20, 20),
        ("empty", 11, 11),
    ]  # fmt: skip


def test_a_small_table_has_wider_bands_rather_than_none():
    values = [str(age) for age in range(90)]
    (spread,) = figures({"age": ({"age"}, values, None)}).spreads
    assert [band.label for band in spread.bands] == ["0-29", "30-59", "60-89", "90+"]
    dates = [f"{year}-01-01" for year in range(1940, 2000)] * 2
    (spread,) = figures({"dob": ({"date"}, dates, None)}).spreads
    assert [band.label for band in spread.bands][:2] == ["1940-1949", "1950-1959"]


def test_dates_that_are_removed_are_other_than_dates():
    values = ["2014-03-05"] * 40 + ["2015-03-05"] * 40
    told = figures({"d": ({"date"}, values, {"2014-03-05": "[DATE]", "2015-03-05": "2015"})})
    assert [(b.label, b.before, b.after) for b in told.spreads[0].bands] == [
        ("2014", 40, 0), ("2015", 40, 40), ("other", 0, 40),
    ]  # fmt: skip


def test_a_column_without_a_date_or_an_age_has_no_spread():
    assert figures({"x": ({"date", "age"}, ["seen at noon"] * 30, None)}).spreads == ()
    assert figures({"x": (set(), ["2014-03-05"] * 30, None)}).spreads == ()


def test_rows_before_a_column_is_known_to_hold_dates_are_not_forgotten():
    kept = Usefulness(YEAR)
    kept.column("d", set(), np.repeat([0, 1], 20), texts(["2013-01-01", ""]))
    kept.column("d", {"date"}, np.zeros(40, np.int64), texts(["2014-01-01"]))
    (spread,) = kept.finish().spreads
    assert [(b.label, b.before) for b in spread.bands] == [
        ("2014", 40), ("other", 20), ("empty", 20),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("value", "day", "year"),
    [
        ("2014-03-05", "2014-03-05", 2014),
        ("2014/3/5", "2014-03-05", 2014),
        ("2014-03-05T13:45:00Z", "2014-03-05", 2014),
        ("2014-03-05 13:45", "2014-03-05", 2014),
        ("3/5/2014", "2014-03-05", 2014),
        ("03-05-2014", "2014-03-05", 2014),
        ("25/3/2014", "2014-03-25", 2014),
        ("5.3.2014", "2014-03-05", 2014),
        ("3/5/14", "2014-03-05", 2014),
        ("3/5/61", "1961-03-05", 1961),
        ("20140305", "2014-03-05", 2014),
        ("20140305134500.000-0500", "2014-03-05", 2014),
        ("5 March 2014", "2014-03-05", 2014),
        ("05-MAR-2014", "2014-03-05", 2014),
        ("Mar 5, 2014", "2014-03-05", 2014),
        ("March 5th, 2014 13:45", "2014-03-05", 2014),
        ("2016-02-29", "2016-02-29", 2016),
        ("2015-02-29", None, None),
        ("13/13/2014", None, None),
        ("0/1/2014", None, None),
        ("5 Mud 2014", None, None),
        ("1234-01-01", None, None),
        ("20141350", None, None),
        ("2014", None, 2014),
        ("2014-03", None, 2014),
        ("2014-Q1", None, 2014),
        ("2014-2015", None, None),
        ("<=1936", None, 1936),
        ("<=2010", None, None),
        ("1921-03-05", "1921-03-05", 1936),
        ("[DATE]", None, None),
        ("", None, None),
    ],
)
def test_a_date_is_read_from_the_forms_that_tables_have(value, day, year):
    read = Dates.of(texts(["x", value]), YEAR)
    expect = NONE if day is None else np.datetime64(day).astype(int)
    assert read.days.tolist() == [NONE, expect]
    assert read.years.tolist() == [NONE, NONE if year is None else year]


@pytest.mark.parametrize(
    ("value", "label", "band"),
    [
        ("0", "age", 0), ("4.9", "age", 0), ("89", "age", 17), ("90", "age", 18), ("90+", "age", 18),
        ("118", "age", 18), ("45-49", "age", 9), ("18-44", "age", OTHER), ("<=17", "age", OTHER),
        ("999", "age", OTHER), ("60", "column 2 (age_months)", 1), ("6 mo", "age", 0),
        ("unknown", "age", OTHER), ("[AGE]", "age", OTHER),
    ],
)  # fmt: skip
def test_an_age_is_read_into_its_band(value, label, band):
    assert Ages(label, YEAR).of(texts([value])).tolist() == [band]


# Intervals


def test_the_quantiles_of_an_interval_are_those_by_hand():
    first = days(400)
    second = [str(np.datetime64(day) + i) for i, day in enumerate(first)]
    (told,) = figures({"a": ({"date"}, first, None), "b": ({"date"}, second, None)}).intervals
    before, after = told.sides
    assert (told.first, told.second) == ("a", "b")
    assert (before.when, before.unit, before.rows) == ("before", "days", 400)
    assert before.quantiles == (19, 99, 199, 299, 379)
    assert (after.when, after.rows, after.quantiles) == ("after", 400, before.quantiles)


def test_a_shift_keeps_the_days_between_two_dates():
    first, second = days(400), [str(np.datetime64(d) + 7) for d in days(400)]
    moved = {day: str(np.datetime64(day) - 211) for day in {*first, *second}}
    (told,) = figures({"a": ({"date"}, first, moved), "b": ({"date"}, second, moved)}).intervals
    assert [side.quantiles for side in told.sides] == [(7,) * 5] * 2


def test_where_only_years_are_left_the_time_is_in_years():
    first, second = days(400), [str(np.datetime64(d) + 365) for d in days(400)]
    to_year = {day: day[:4] for day in {*first, *second}}
    (told,) = figures({"a": ({"date"}, first, to_year), "b": ({"date"}, second, to_year)}).intervals
    assert [(side.when, side.unit, side.quantiles) for side in told.sides] == [
        ("before", "days", (365,) * 5), ("before", "years", (1,) * 5), ("after", "years", (1,) * 5),
    ]  # fmt: skip


def test_the_mark_of_old_years_is_no_year_to_reckon_with():
    first = ["1936-02-01"] * 300
    table = {"a": ({"date"}, first, {first[0]: "<=1936"}), "b": ({"date"}, days(300), None)}
    (told,) = figures(table).intervals
    assert [(side.when, side.unit, side.rows) for side in told.sides] == [
        ("before", "days", 300), ("after", "days", 0),
    ]  # fmt: skip


def test_no_interval_tells_an_age_of_ninety_or_more():
    first = ["1921-03-05"] * 300
    (told,) = figures({"a": ({"date"}, first, None), "b": ({"date"}, days(300), None)}).intervals
    assert all(side.quantiles == (32_872,) * 5 for side in told.sides)


@pytest.mark.parametrize(
    ("rows", "expect"),
    [(21, ()), (22, (0.5,)), (44, (0.25, 0.5, 0.75)), (219, (0.25, 0.5, 0.75)), (220, QUANTILES)],
)
def test_a_quantile_is_shown_only_where_eleven_rows_lie_on_either_side(rows, expect):
    sample = Sample()
    sample.add(ranks(0, rows), np.arange(rows))
    told = [q for q, n in zip(QUANTILES, sample.quantiles(10**6), strict=True) if n is not None]
    assert tuple(told) == expect


def test_a_sample_holds_no_more_than_its_size_and_is_uniform():
    sample = Sample(1000)
    for first in range(0, 50_000, 777):
        sample.add(ranks(first, 777), np.arange(first, first + 777))
    assert len(sample._values) == len(sample._rank) == 1000
    tenths = Counter(sample._values // 5050)
    assert len(tenths) == 10
    assert all(60 < n < 140 for n in tenths.values())


def test_no_more_than_four_columns_of_dates_are_paired():
    told = fed({f"d{n}": ({"date"}, days(30), None) for n in range(7)})
    assert len(told._tables._dates) == DATES
    assert len(told.finish().intervals) == 6
    assert told._tables._chunk == {}


# Texts


@pytest.mark.parametrize(
    ("edits", "expect"),
    [
        ([], 0),
        ([Edit(0, 4, "")], 1),
        ([Edit(8, 15, "2014")], 2),
        ([Edit(1, 2, "")], 1),
        ([Edit(1, 2, ""), Edit(3, 4, "")], 1),
        ([Edit(4, 5, "")], 2),
        ([Edit(0, 34, "")], 8),
    ],
)
def test_a_word_that_an_edit_covers_in_part_is_touched(edits, expect):
    text = "Seen on 3 March by Dr Sam Specimen"
    assert touched(text, edits) == expect
    kept = Usefulness(YEAR)
    kept.text(text, edits)
    assert (kept.finish().words, kept.finish().untouched) == (8, 8 - expect)


def test_texts_need_neither_numpy_nor_arrow():
    kept = Usefulness(YEAR)
    kept.text("nothing here", [])
    assert kept._tables is None


# Floors

COUNTS = st.lists(st.integers(0, 40), min_size=1, max_size=9)


def every_reading(counts, told):
    """Which numbers each hidden small count could be, the sum and all that is shown being known."""
    hidden = [i for i, n in enumerate(told) if isinstance(n, str)]
    total = sum(counts[i] for i in hidden)
    out = {}
    for i in hidden:
        if told[i] != "<11":
            continue
        others = [told[j] for j in hidden if j != i]
        least = sum(1 if n == "<11" else 11 for n in others)
        most = sum(10 if n == "<11" else 10**9 for n in others)
        out[i] = {n for n in range(1, 11) if least <= total - n <= most}
    return out


@given(COUNTS)
def test_no_small_count_is_shown_nor_told_by_the_sum(counts):
    told = shown(counts)
    assert not any(isinstance(n, int) and 0 < n < 11 for n in told)
    assert all(n == m for n, m in zip(told, counts, strict=True) if isinstance(n, int))
    for possible in every_reading(counts, told).values():
        assert possible == set(range(1, 11))


@given(st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), min_size=1, max_size=8))
def test_what_one_side_hides_the_other_does_not_tell(pairs):
    stay = [0] * len(pairs)
    before, after = zip(*pairs, strict=True)
    told = shown_together(before, after, stay)
    if told is None:
        return
    for counts, side in zip((before, after), told, strict=True):
        assert not any(isinstance(n, int) and 0 < n < 11 for n in side)
        assert all(len(p) == 10 for p in every_reading(counts, side).values())
    for (old, new), one, other in zip(pairs, *told, strict=True):
        if old and new:
            assert isinstance(one, str) == isinstance(other, str)


def test_a_difference_does_not_tell_how_few_were_removed():
    before, after = shown_together([100, 50, 60, 0], [100, 47, 60, 3], [100, 47, 60, 0])
    assert (before[1], after[1], after[3]) == ("11+", "11+", "<11")
    assert (before[0], after[0]) == (100, 100)


def test_where_nothing_can_be_hidden_well_enough_nothing_is_shown():
    assert shown([1, 0, 11]) == ["not shown"] * 3
    assert shown_together([1, 11], [1, 11], [1, 11]) is None


# Laws

ROW = st.tuples(
    st.sampled_from(["", "A-1", "A-2", "B-3", "B-4"]),
    st.sampled_from(["", "5", "33", "34", "88", "91", "old"]),
    st.sampled_from(NAMES),
    st.sampled_from(NAMES),
)
CHANGE = {
    "A-1": "[MRN-X]", "A-2": "[MRN-Y]", "91": "90+", "2014-03-05": "2014", "2015-01-31": "2015-03-02",
}  # fmt: skip


def as_table(rows):
    names = (("id", set()), ("age", {"age"}), ("one", {"date"}), ("two", {"date"}))
    columns = zip(*rows, strict=True)
    return {
        name: (kinds, list(values), CHANGE)
        for (name, kinds), values in zip(names, columns, strict=True)
    }


def many(seed, n):
    chance = random.Random(seed)  # noqa: S311 - chance here is for variety
    return [tuple(chance.choice(s) for s in (["", "A-1", "B-3"], ["5", "33", "91"], NAMES, NAMES)) for _ in range(n)]  # fmt: skip


@settings(deadline=None, max_examples=25)
@given(st.integers(0, 999), st.integers(1, 400), st.integers(1, 97))
def test_the_borders_of_chunks_do_not_matter(seed, n, size):
    table = as_table(many(seed, n))
    assert figures(table, size) == figures(table)


@settings(deadline=None, max_examples=50)
@given(st.lists(ROW, min_size=1, max_size=60))
def test_figures_add_up_and_no_small_count_is_among_them(rows):
    told = figures(as_table(rows * 3))
    for column in told.columns:
        cells = (column.empty, column.unchanged, column.changed)
        known = [n for n in cells if isinstance(n, int)]
        assert sum(known) == column.rows if len(known) == 3 else sum(known) <= column.rows
        assert column.distinct_after <= column.rows
        assert not any(0 < n < 11 for n in known)
    for spread in told.spreads:
        for side in ("before", "after"):
            counts = [getattr(band, side) for band in spread.bands]
            known = [n for n in counts if isinstance(n, int)]
            assert not any(0 < n < 11 for n in known)
            assert sum(known) == len(rows) * 3 if len(known) == len(counts) else True
    for interval in told.intervals:
        for side in interval.sides:
            assert isinstance(side.rows, str) or side.rows == 0 or 11 <= side.rows <= len(rows) * 3
            assert list(filter(None, side.quantiles)) == sorted(filter(None, side.quantiles))


def test_figures_hold_no_value_and_no_number_of_numpy():
    told = figures(as_table(many(1, 300)))
    for value in ("A-1", "MRN-X", "2014-03-05", "old", "unknown", "np."):
        assert value not in repr(told)


def test_the_bands_of_years_and_ages_take_what_is_read():
    years, ages = of_years(YEAR), of_ages()
    read = Dates.of(texts(["2014", "", "x"]), YEAR)
    bands = year_bands(read.years, np.array([True, False, True]))
    assert bands.tolist() == [214, EMPTY, OTHER]
    years.add(bands, bands, np.array([40, 20, 30]))
    assert [band.before for band in years.figures("x").bands] == [40, 30, 20]
    assert ages.figures("x") is None


@settings(deadline=None)
@given(
    st.lists(st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=30), max_size=8)
)
def test_no_cell_is_too_odd_to_be_counted(values):
    indices = np.arange(len(values), dtype=np.int32)
    kept = Usefulness(YEAR)
    kept.column("x", {"age", "date"}, indices, texts(values), texts([None] * len(values)))
    kept.rows()
    assert kept.finish().left_out == 1

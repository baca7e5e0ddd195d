"""The section "What was kept": floors hold in every rendering, and a search has no such section."""

import json
import re
from dataclasses import replace

import pytest
from pydantic import ValidationError

from phisweep.model import Run, UsefulnessFigures
from phisweep.report import base, html, kept, markdown
from phisweep.report.parts import ColumnKeptRecord, IntervalRecord, SpreadRecord
from report import runs

RENDERERS = base.load()
RECORD = runs.record_of_run(runs.verified())
TOLD = RECORD.files[0].kept


def cells(empty, unchanged, changed, rows=2000, before=9, after=9, *, estimated=False):
    return ColumnKeptRecord(
        place="column 1", rows=rows, empty=empty, unchanged=unchanged, changed=changed,
        distinct_before=before, distinct_after=after, estimated=estimated,
    )  # fmt: skip


def spread(*bands, kind="age"):
    told = [dict(zip(("label", "before", "after"), band, strict=True)) for band in bands]
    return SpreadRecord.model_validate_json(
        json.dumps({"place": "column 1", "kind": kind, "bands": told})
    )


@pytest.mark.parametrize("name", ["html", "md"])
def test_a_run_with_copies_says_what_they_kept(name):
    text = RENDERERS[name](RECORD)
    assert "What was kept" in text
    for place in ("column 5 (age)", "column 6 (note_id)"):
        assert place.split()[0] in text
    assert "1,980" in text


@pytest.mark.parametrize("kind", ["searched", "empty"])
@pytest.mark.parametrize("name", ["html", "md"])
def test_a_search_has_no_such_section(kind, name):
    run = runs.RUNS[kind]()
    assert "What was kept" not in RENDERERS[name](runs.record_of_run(run))
    assert all(file.kept is None for file in runs.record_of_run(run).files)


def test_a_file_without_a_copy_or_without_figures_has_none():
    without = runs.outcome("a.txt", kept=UsefulnessFigures())
    failed = runs.outcome("b.txt", "incomplete", kept=runs.PROSE)
    record = runs.record_of_run(Run(runs.MANIFEST, (without, failed)))
    assert [file.kept for file in record.files] == [None, None]


@pytest.mark.parametrize("count", range(1, 11))
@pytest.mark.parametrize("name", ["empty", "unchanged", "changed"])
def test_the_record_refuses_a_small_count(name, count):
    with pytest.raises(ValidationError):
        cells(**{"empty": 0, "unchanged": 0, "changed": 2000} | {name: count})


@pytest.mark.parametrize("told", [(0, 1000, 999), (0, 1500, 501), ("<11", 2000, 11)])
def test_the_record_refuses_cells_that_are_not_the_rows(told):
    with pytest.raises(ValidationError, match="not its rows"):
        cells(*told)


@pytest.mark.parametrize("name", ["html", "md"])
def test_sections_are_numbered_without_a_gap_with_and_without_it(name):
    for run in (runs.verified(), runs.searched()):
        text = RENDERERS[name](runs.record_of_run(run))
        found = re.findall(r'class="no">(\d+)<|^## (\d+)\.', text, re.MULTILINE)
        assert [int(a or b) for a, b in found] == list(range(1, len(found) + 1))
        # What was kept, subjects, what fields tell together, codes.
        assert len(found) == 12 + 4 * (run.manifest.command == "deid")


@pytest.mark.parametrize(
    ("told", "expect"),
    [
        ((0, 0, 2000), "100%"),
        ((0, 2000, 0), "0%"),
        ((0, 1000, 1000), "50%"),
        ((0, 1995 + 4, "<11"), "under 1%"),
        (("<11", 0, "11+"), "over 99%"),
        (("11+", 980, "11+"), "1 to 50%"),
        (("not shown", "not shown", "not shown"), "0 to 100%"),
        ((0, 1989, 11), "1%"),
        ((0, 11, 1989), "99%"),
        (("<11", "11+", 500), "25%"),
    ],
)
def test_the_share_is_no_more_exact_than_the_counts_shown(told, expect):
    assert kept.share(cells(*told)) == expect


def test_a_share_between_two_that_are_rounded_alike_is_about_that():
    assert kept.share(cells("<11", 10_000, "11+", rows=20_000)) == "about 50%"


def test_the_parts_of_a_bar_lie_in_it():
    for told in ((0, 0, 2000), ("<11", "11+", "11+"), ("not shown",) * 3, (500, 500, 1000)):
        first, second = kept.parts(cells(*told))
        assert 0 <= first <= second <= 100


@pytest.mark.parametrize(
    ("before", "after", "estimated", "words"),
    [
        (9, 9, False, "still told apart"),
        (90_000, 92_000, True, "about as many"),
        (9, 4, False, "some now alike"),
        (9, 0, False, "none left"),
        (4, 9, False, "more"),
    ],
)
def test_what_became_of_the_distinct_values_is_said(before, after, estimated, words):
    entry = cells(0, 0, 2000, before=before, after=after, estimated=estimated)
    assert kept.distinct(entry) == words
    assert kept.distinct(cells(0, 2000, 0)) == "as they were"


def drawn(*bands):
    return [chart for _, chart in kept.charts(spread(*bands))]


def heights(chart):
    return [height for _, _, _, height, _ in chart.drawn]


def test_a_count_that_is_not_shown_has_a_bar_that_does_not_tell_it():
    (chart,) = drawn(("0-4", "<11", "<11"), ("5-9", "11+", "11+"), ("10-14", 40, 40))
    first, second, third = heights(chart)
    assert first == second < third
    assert [row.exact for row in chart.rows] == [False, False, True]
    ((when, _),) = kept.charts(spread(("0-4", "<11", "<11")))
    assert when == "before and after; hollow: the count is not shown"


def test_both_sides_have_one_scale_and_one_chart_where_they_are_the_same():
    told = spread(("0-4", 100, 50), ("5-9", 0, 50))
    assert [when for when, _ in kept.charts(told)] == ["before", "after"]
    before, after = drawn(("0-4", 100, 50), ("5-9", 0, 50))
    assert heights(after)[0] == heights(before)[0] / 2
    ((when, _),) = kept.charts(spread(("0-4", 100, 100)))
    assert when == "before and after"


def test_bands_of_which_no_count_is_shown_make_a_chart_all_the_same():
    (chart,) = drawn(("0-4", "11+", "11+"), ("5-9", "<11", "<11"))
    assert chart.most == ""
    assert chart.description == "2 bands, of none of which the count is shown."


def test_the_numbers_stand_in_tables_of_a_size():
    told = spread(*((f"{year}", 20, 20) for year in range(1937, 2027)), kind="year")
    pieces = kept.tables(told)
    assert [len(piece) for piece in pieces] == [23, 23, 23, 21]
    assert tuple(band for piece in pieces for band in piece) == told.bands


def test_every_count_of_a_chart_stands_in_a_table_too():
    text = html.render(RECORD)
    for band in TOLD.spreads[0].bands:
        row = f'<th scope="row">{band.label}</th><td class="num">'
        assert row in text
    assert "<title>1937: &lt;11</title>" in text


def test_every_chart_has_a_title_and_a_description_of_its_own():
    text = html.render(RECORD)
    charts = re.findall(
        r'<svg class="chart".*?aria-labelledby="(.*?)" aria-describedby="(.*?)"', text
    )
    assert len(charts) == 4  # the scores, and those of what was kept
    for title, description in charts:
        assert f'<title id="{title}">' in text
        assert f'<desc id="{description}">' in text


@pytest.mark.parametrize(("number", "words"), [(0, "only years are left"), (1, "nothing is left of one of the dates")])  # fmt: skip
def test_a_time_that_cannot_be_computed_says_why(number, words):
    assert kept.left(TOLD.intervals[number]) == words
    assert f"cannot be computed after: {words}" in html.render(RECORD)


def test_a_time_that_can_be_computed_says_nothing():
    side = {"unit": "days", "rows": 400, "quantiles": (1, 2, 3, 4, 5)}
    sides = [dict(side, when=when) for when in ("before", "after")]
    told = {"first": "a", "second": "b", "sides": sides}
    assert kept.left(IntervalRecord.model_validate_json(json.dumps(told))) == ""


@pytest.mark.parametrize(("value", "words"), [(None, "-"), (0, "0"), (1234, "1,234"), (-3, "\u22123")])  # fmt: skip
def test_a_quantile_has_a_sign_of_its_own(value, words):
    assert kept.quantile(value) == words


def test_a_hostile_name_of_a_column_stays_a_name():
    hostile = 'x|`<script>alert(1)</script>\n"'
    columns = (replace(runs.KEPT.columns[0], place=hostile),)
    spreads = (replace(runs.KEPT.spreads[0], place=hostile),)
    intervals = (replace(runs.KEPT.intervals[0], first=hostile),)
    figures = replace(runs.KEPT, columns=columns, spreads=spreads, intervals=intervals)
    record = runs.record_of_run(Run(runs.MANIFEST, (runs.outcome("a.csv", kept=figures),)))
    assert "<script>alert" not in html.render(record)
    for line in markdown.render(record).splitlines():
        assert not line.startswith('"')

"""Charts keep their promise at every size: nothing outside its frame, every figure written."""

import re
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phisweep import pages
from phisweep.pages.charts import (
    WIDTH,
    Bars,
    Curve,
    Estimate,
    Heat,
    Histogram,
    Intervals,
    Line,
    Row,
    described,
    shade,
)

TEMPLATE = """{% extends "page.html.j2" %}{% block title %}t{% endblock %}{% block body %}
{% import "charts.html.j2" as charts %}{{ charts[kind](chart, "it") }}{% endblock %}"""
HOSTILE = "<script>alert(1)</script>"
ROWS = st.lists(
    st.builds(Row, st.text(max_size=9), st.floats(0, 1e9), exact=st.booleans()), max_size=60
).map(tuple)


def page(tmp_path, kind, chart):
    (tmp_path / "made.html.j2").write_text(TEMPLATE, encoding="utf-8")
    return pages.render(tmp_path, "made.html.j2", {"kind": kind, "chart": chart})


CHARTS = {
    "bars": Bars(HOSTILE, HOSTILE, (Row(HOSTILE, 3), Row("b", 0), Row("c", 9, "nine"))),
    "intervals": Intervals(
        HOSTILE, HOSTILE, (Estimate(HOSTILE, 0.9, 0.8, 0.95, "90%"), Estimate("b", None, 0, 1)), 0.5
    ),
    "histogram": Histogram(HOSTILE, HOSTILE, (Row(HOSTILE, 3), Row("b", 0, "<11", exact=False))),
    "curve": Curve(HOSTILE, HOSTILE, (Line(HOSTILE, ((0, 0, "a"), (1, 1, HOSTILE))),), "x", "y"),
    "heat": Heat(HOSTILE, HOSTILE, ("(A)", HOSTILE), ((HOSTILE, (0, 7)), ("b", (1_000, 0)))),
}


@pytest.mark.parametrize("kind", sorted(CHARTS))
def test_every_chart_says_what_it_shows_and_writes_its_figures(kind, tmp_path):
    text = page(tmp_path, kind, CHARTS[kind])
    assert HOSTILE not in text
    assert "<caption>" in text
    for tag in re.findall(r"<svg[^>]*>", text):
        assert 'aria-hidden="true"' in tag or (
            'aria-labelledby="it-title" aria-describedby="it-desc"' in tag
            and '<title id="it-title">' in text
            and '<desc id="it-desc">' in text
        )
    figures = {"bars": "nine", "intervals": "90.0%", "histogram": "&lt;11", "curve": "100.0%"}
    assert figures.get(kind, "1,000") in text
    assert 'style="' not in text  # the page's own policy would not let it


@given(ROWS)
def test_no_bar_is_longer_than_the_longest(rows):
    drawn = Bars("t", "d", rows).drawn
    assert all(0 <= width <= 100 for width, _ in drawn)
    assert not any(row.value for row in rows) or max(width for width, _ in drawn) == 100
    assert [row for _, row in drawn] == list(rows)


@given(ROWS, st.floats(0, 1e9))
def test_bars_of_a_histogram_stand_in_its_frame_and_apart(rows, top):
    most = max((row.value for row in rows), default=0)
    chart = Histogram("t", "d", rows, top=max(top, most) if top else 0.0)
    spans = [(x, x + width, y, y + height) for x, y, width, height, _ in chart.drawn]
    assert all(0 <= y <= foot <= 150.2 for _, _, y, foot in spans)
    assert all(x >= 44 and end <= WIDTH for x, end, _, _ in spans)
    assert all(end <= x for (_, end, _, _), (x, _, _, _) in pairwise(spans))


@given(st.integers(0, 10**9), st.integers(0, 10**9))
def test_more_is_never_lighter(one, other):
    low, high = sorted((one, other))
    assert 0 <= shade(low, high) <= shade(high, high) <= 8
    assert (shade(low, high) == 0) == (low == 0)


@given(st.floats(0, 1), st.floats(0, 0.99))
def test_a_share_stands_on_its_axis(share, start):
    chart = Intervals("t", "d", (), start=start)
    assert 0 <= chart.at(share) <= chart.at(1.0)


def test_those_who_do_not_see_are_told_the_longest():
    rows = [Row("a", 1), Row("b", 30), Row("c", 0), Row("d", 4), Row("e", 2)]
    assert described(rows, several="letters") == "5 letters. Most: b 30, d 4, e 2."
    assert described([Row("a", 0)], several="files") == "1 files, all zero."


def test_the_style_of_every_shade_is_there():
    style = (Path(pages.FOLDER) / "style.css").read_text(encoding="utf-8")
    assert all(f".h{n} {{" in style for n in range(1, 9))

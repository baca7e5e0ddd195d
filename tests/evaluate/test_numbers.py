"""One small set, whose every number was reckoned by hand; bounds; draws; scores."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from phisweep import intervals
from phisweep.evaluate import drawing, figures, measuring
from phisweep.evaluate.matching import Matcher
from phisweep.evaluate.stays import Stays
from phisweep.evaluate.tally import FIELDS, Row, Scores, Tally
from phisweep.evaluate.values import IGNORE, Document, Span
from phisweep.ruleset.load import load_ruleset

STAYS = Stays.load(load_ruleset())

#: Three documents of 10, 4 and 6 words: text, gold, and what a tool predicted, by value.
SET = (
    (
        "Dr. Ada Quill saw Bo Reed on April 2, 2024.",
        [("Dr. Ada Quill", "NAME"), ("Bo Reed", "NAME"), ("April 2", "DATE"), ("2024", IGNORE)],
        [("Ada Quill", "NAME", 0.9), ("Bo Reed", "NAME", 0.8), ("April 2", "NAME", 0.4), ("2024", "DATE", 0.7)],
    ),
    ("Call Cy Munk today.", [("Cy Munk", "NAME")], [("Cy", "NAME", 0.6), ("today", "DATE", 0.3)]),
    ("Nothing stands here but plain words.", [], [("plain", "OTHER_ID", 0.9)]),
)  # fmt: skip


class Tool:
    def of(self, document):
        return [span(document.text, *each) for each in SET[document.number - 1][2]]


def span(text, value, kind, score=None):
    start = text.index(value)
    return Span(((start, start + len(value)),), kind, score, f"{kind.lower()}/x")


@pytest.fixture(scope="module")
def counts():
    made = measuring.measured(["tool"], Matcher(STAYS))
    documents = [
        Document(f"d{n}", n, text, [span(text, *g) for g in gold])
        for n, (text, gold, _) in enumerate(SET, 1)
    ]
    measuring.go_through(documents, {"tool": Tool()}, made, None)
    return made


@pytest.fixture(scope="module")
def tally(counts):
    return counts.tallies["tool"]


def shares(readings):
    parts = ("strict", "covered", "cleared", "touched")
    return [(getattr(readings, p).recall.hits, getattr(readings, p).precision.hits) for p in parts]


def test_the_corpus(counts):
    assert (counts.documents, counts.words, counts.ignored) == (3, 20, 1)


def test_all_classes_together(tally):
    group, leaked, telling = figures.total(tally, figures.Shares("exact"))
    # Gold: Dr. Ada Quill (cleared), Bo Reed (strict), April 2 (strict, as a name), Cy Munk (touched).
    # Predictions: 2024 counts for nothing; today and plain are false; four touch gold.
    assert (group.gold, group.predicted, group.false) == (4, 6, 2)
    assert shares(group.blind) == [(2, 2), (2, 4), (3, 4), (4, 4)]
    assert shares(group.typed) == [(1, 1), (1, 3), (2, 3), (3, 3)]
    assert group.blind.strict.f1 == pytest.approx(2 * (2 / 4) * (2 / 6) / (2 / 4 + 2 / 6))
    assert (leaked.hits, leaked.of) == (2, 2)
    assert (telling.hits, telling.of) == (1, 2)


def test_by_class_and_letter(tally):
    made = figures.Shares("exact")
    classes = {group.name: group for group in figures.classes(tally, made)}
    assert list(classes) == ["NAME", "DATE", "OTHER_ID"]
    assert (classes["NAME"].gold, classes["NAME"].predicted, classes["NAME"].false) == (3, 4, 0)
    assert (classes["DATE"].gold, classes["DATE"].predicted, classes["DATE"].false) == (1, 1, 1)
    assert shares(classes["DATE"].typed) == [(0, 0), (0, 0), (0, 0), (0, 0)]
    letters = figures.letters(tally, made)
    assert "".join(group.letter for group in letters) == "ABCDEFGHIJKLMNOPQR"
    assert [group.gold for group in letters[:4]] == [3, 0, 1, 0]
    assert sum(group.false for group in letters) == 2


def test_measures_of_the_whole(tally):
    at = drawing.draw(tally.rows(), 10).at
    assert at["covered recall"] == pytest.approx(2 / 4)
    assert at["touched precision"] == pytest.approx(4 / 6)
    assert at["leaked documents"] == pytest.approx(1)
    assert at["telling documents"] == pytest.approx(1 / 2)
    assert at["false per 1,000 words"] == pytest.approx(100)


def test_scores(tally):
    totals = [int(n) for n in tally.rows().sum(axis=0)]
    made = figures.calibration(tally.scores, totals)
    assert [(b.low, b.predictions, b.right) for b in made.bins] == [
        (0.3, 1, 0), (0.4, 1, 1), (0.6, 1, 1), (0.8, 1, 1), (0.9, 2, 1),
    ]  # fmt: skip
    # |0-.3| + |1-.4| + |1-.6| + |1-.8| + |1-1.8|, over six
    assert made.error == pytest.approx((0.3 + 0.6 + 0.4 + 0.2 + 0.8) / 6)
    steps = {step.score: step for step in made.steps}
    assert steps[0.0].recall == pytest.approx(2 / 4)
    assert steps[0.5].recall == pytest.approx(1 / 4)  # April 2 is gone
    assert steps[0.5].precision == pytest.approx(3 / 4)
    assert steps[0.85].recall == 0
    assert steps[1.0].precision is None
    assert steps[0.5].false_per_1000_words == pytest.approx(50)


def test_without_scores_nothing_is_said_of_them():
    scores = Scores()
    compared = Matcher().compare("Ada", [Span(((0, 3),), "NAME")], [Span(((0, 3),), "NAME")])
    scores.add(compared)
    made = figures.calibration(scores, [1] * len(FIELDS))
    assert (made.bins, made.error, made.steps, made.without) == ((), None, (), 1)


def test_the_rules_that_are_false_are_counted(tally):
    assert tally.rules == {"date/x": 1, "other_id/x": 1}


@given(st.integers(0, 60), st.integers(0, 60), st.sampled_from(["exact", "wilson"]))
def test_bounds_hold_the_share(hits, more, kind):
    share = figures.Shares(kind).of(hits, hits + more)
    assert 0 <= share.low <= share.high <= 1
    if share.of:
        assert share.low <= share.hits / share.of <= share.high
    assert (share.low, share.high) == getattr(intervals, kind)(hits, hits + more)


def test_nothing_has_the_widest_bounds():
    share = figures.Shares("exact").of(0, 0)
    assert (share.low, share.high) == (0, 1)


# Draws

ROWS = np.array(
    [[g, *[f] * 8, p, *[r] * 8, 50, g > 0, f < g, f < g] for g, f, p, r in
     [(4, 4, 5, 4), (2, 1, 1, 1), (0, 0, 1, 0), (3, 2, 3, 3), (6, 6, 6, 5)]],
    dtype=np.int32,
)  # fmt: skip


def test_the_same_seed_draws_the_same():
    first, same = drawing.draw(ROWS, 200, 7), drawing.draw(ROWS, 200, 7)
    other = drawing.draw(ROWS, 200, 8)
    for name, values in first.draws.items():
        assert np.array_equal(values, same.draws[name], equal_nan=True)
    assert not np.array_equal(first.draws["covered recall"], other.draws["covered recall"])


def test_bounds_lie_about_the_value_and_narrow_with_more_documents():
    few = drawing.draw(ROWS, 1000)
    many = drawing.draw(np.tile(ROWS, (40, 1)), 1000)
    for name, value in few.at.items():
        low, high = drawing.bounds(few.draws[name])
        assert low <= value <= high
        narrow = drawing.bounds(many.draws[name])
        assert narrow[1] - narrow[0] < high - low or high == low
        assert many.at[name] == pytest.approx(value)


def test_one_document_has_no_spread_and_none_no_value():
    one = drawing.draw(ROWS[:1], 50)
    assert drawing.bounds(one.draws["covered recall"]) == (1.0, 1.0)
    none = drawing.draw(np.empty((0, len(FIELDS)), dtype=np.int32), 50)
    assert math.isnan(none.at["covered recall"])
    assert drawing.bounds(none.draws["covered recall"]) is None


def test_a_tool_does_not_differ_from_itself():
    drawn = drawing.draw(ROWS, 100)
    for difference in figures.differences("same", drawn, drawn):
        assert (difference.value, difference.low, difference.high) == (0, 0, 0)


def test_tools_are_compared_over_the_same_documents():
    # What one finds and the other does not is the same in every document, whatever is drawn.
    better = ROWS.copy()
    worse = ROWS.copy()
    worse[:, FIELDS.index("found_covered")] = 0
    first, second = drawing.draw(better, 300), drawing.draw(worse, 300)
    apart = {d.measure: d for d in figures.differences("worse", second, first)}
    found = apart["covered recall"]
    assert found.value == pytest.approx(-13 / 15)
    assert found.high < 0


@given(st.lists(st.lists(st.integers(0, 9), min_size=4, max_size=4), min_size=1, max_size=6))
@settings(max_examples=25)
def test_documents_are_held_as_they_were_counted(rows):
    tally = Tally()
    for row in rows:
        counted = Row()
        counted.counts[:4] = row
        tally.close(counted)
    assert tally.documents == len(rows)
    assert tally.rows()[:, :4].tolist() == rows

"""Texts that are searched together have the findings that each has alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phisweep.detect import ahead as module
from phisweep.detect.ahead import Ahead, Joined
from phisweep.detect.detector import Detector
from phisweep.model import Location, Text
from phisweep.ruleset.load import load_policy, load_ruleset

NOTES = [
    "Seen by Dr. Quillfeather on 3/4/2019.\nMRN: 00482913",
    "",
    "Call 555-0142",
    "Dr.",  # what stands at the end of one text is no neighbour of the next
    "Quillfeather was here",
    "\u200bSSN 219-09-9999",
    "Dr. Quillfeather",
    "no identifier here",
    "Call 555-0142",
]


def text(number: int, words: str, kind="prose") -> Text:
    return Text(Location("source", f"text {number}"), words, kind=kind)


@pytest.fixture(scope="module")
def detector():
    ruleset = load_ruleset()
    return Detector(ruleset, load_policy("safe-harbor", ruleset))


@given(st.lists(st.text("ab", max_size=4), min_size=1, max_size=5), st.data())
def test_each_place_of_joined_texts_is_one_place_of_one_of_them(texts, data):
    joined = Joined(texts)
    places = data.draw(st.lists(st.integers(-2, len(joined.text) + 2)))
    inside = {at for at in places if 0 <= at < len(joined.text)}
    told = list(joined.apart(places))
    if len(texts) > 1:
        starts = [sum(len(each) + 1 for each in texts[:n]) for n in range(len(texts))]
        assert {starts[n] + at for n, here in told for at in here} >= inside
        assert all(0 <= at <= len(texts[n]) for n, here in told for at in here)
        assert [n for n, _ in told] == sorted({n for n, _ in told})
    else:
        assert told == [(0, places)]
    assert list(joined.apart(None)) == [(n, None) for n in range(len(texts))]


@pytest.mark.parametrize("at_once", [0, 30, 1 << 17])
@pytest.mark.parametrize("order", [1, -1, 2])
def test_what_is_said_to_come_changes_no_finding(detector, monkeypatch, at_once, order):
    monkeypatch.setattr(module, "_AT_ONCE", at_once)
    blocks = [text(i, words) for i, words in enumerate(NOTES)]
    alone = [detector.find(block) for block in blocks]
    assert sum(map(bool, alone)) > 4
    detector.expect(blocks)
    assert [detector.find(block) for block in blocks[::order]] == alone[::order]
    assert [detector.find(block) for block in blocks] == alone
    other = text(0, NOTES[2])
    detector.expect(blocks[1:])
    assert detector.find(other) == [*detector.find(other)] != []


def test_what_was_found_ahead_of_one_score_is_not_told_of_another(detector):
    blocks = [text(i, words) for i, words in enumerate(NOTES)]
    alone = [detector.engine.find(block, 0.9) for block in blocks]
    detector.expect(blocks)
    detector.engine.find(blocks[0], 0.0)
    assert [detector.engine.find(block, 0.9) for block in blocks] == alone


def test_texts_of_two_kinds_are_not_searched_together():
    ahead = Ahead()
    blocks = [text(0, "a"), text(1, "b"), text(2, "c", kind="value"), text(3, "d")]
    ahead.expect(blocks)
    assert ahead.with_next(blocks[0]) == blocks[:2]
    assert ahead.with_next(blocks[2]) == blocks[2:3]
    assert ahead.with_next(blocks[0]) == blocks[:1]  # it was asked for


def test_what_was_found_ahead_is_told_once():
    ahead = Ahead()
    ahead.expect([text(0, "a"), text(1, "b")])
    ahead.keep([text(1, "b")], [[]])
    assert ahead.take(text(1, "b")) == []
    assert ahead.take(text(1, "b")) is None

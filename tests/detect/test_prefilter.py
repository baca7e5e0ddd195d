"""Where a pattern may match: nothing is lost by looking only there."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phisweep.detect import prefilter
from phisweep.detect.prefilter import Prefilter
from phisweep.detect.triggers import read


@pytest.mark.parametrize(
    ("regexes", "text", "expect"),
    [
        (["kiwi"], "", []),
        (["kiwi"], "no fruit here", []),
        ([], "kiwi", []),
        (["kiwi"], "a kiwi and a KIWI", [(0, [(2, 3), (13, 14)])]),
        (["kiwi", "jam"], "jam", [(1, [(0, 1)])]),
        ([r"[a-z]?"], "ab", [(0, [(0, 2)])]),
    ],
)
def test_a_pattern_may_match_only_where_its_literals_stand(regexes, text, expect):
    found = Prefilter([read(regex) for regex in regexes]).spans(text)
    assert [(i, spans) for i, spans in found] == expect


@given(st.lists(st.integers(0, 60), max_size=8))
def test_spans_are_sorted_apart_and_within_the_text(places):
    text = "".join("k" if i in places else "." for i in range(50))
    for _, spans in Prefilter([read("kk?"), read("(?<=k)[.]k")]).spans(text):
        flat = [bound for span in spans for bound in span]
        assert flat == sorted(set(flat))
        assert all(0 <= bound <= len(text) for bound in flat)


@pytest.mark.parametrize(
    ("text", "expect"),
    [("", False), ("nothing", False), ("kiwi", True), ("\u212aiwi", True), ("wi" * 999, False)],
)
def test_it_fires_where_anything_may_match(text, expect):
    assert Prefilter([read("(?i)kiwi")]).fires(text) is expect


def test_without_the_automaton_every_pattern_runs_over_the_whole_text(monkeypatch):
    monkeypatch.setattr(prefilter, "ahocorasick_rs", None)
    some = Prefilter([read("kiwi"), read("jam")])
    assert list(some.spans("abc")) == list(some.everywhere("abc"))
    assert list(some.everywhere("abc")) == [(0, [(0, 3)]), (1, [(0, 3)])]

"""The readings of a match, by example and by law."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phisweep.evaluate.matching import CLEARED, COVERED, READINGS, STRICT, TOUCHED, Matcher
from phisweep.evaluate.stays import Stays
from phisweep.evaluate.values import IGNORE, UNKNOWN, Span
from phisweep.ruleset.load import load_ruleset

STAYS = Stays.load(load_ruleset())
MATCHER = Matcher(STAYS)
TEXT = "Dr. Ada Quill of Northmere, OH came on April 2, 2024."
ALPHABET = "ab .,-'é\u0301"


def at(value, kind="NAME", text=TEXT, **more):
    start = text.index(value)
    return Span(((start, start + len(value)),), kind, **more)


def readings(gold, *predictions, matcher=MATCHER, text=TEXT):
    (judged,) = matcher.compare(text, [gold], predictions).gold
    return "".join(r[0:2] + " " for r, yes in zip(READINGS, judged.blind, strict=True) if yes)


@pytest.mark.parametrize(
    ("gold", "found", "expected"),
    [
        ("Ada Quill", ["Ada Quill"], "st co cl to "),
        ("Ada Quill", ["Dr. Ada Quill of"], "co cl to "),
        ("Ada Quill", ["Ada", "Quill"], "co cl to "),
        ("Ada Quill", ["Quill"], "to "),
        ("Ada Quill", ["Qui"], "to "),
        ("Dr. Ada Quill", ["Ada Quill"], "cl to "),
        ("Dr. Ada Quill", ["Dr. Ada"], "to "),
        ("Ada Quill", ["April"], ""),
        ("Ada Quill", [], ""),
    ],
)
def test_readings_of_a_name(gold, found, expected):
    assert readings(at(gold), *map(at, found)) == expected


@pytest.mark.parametrize(
    ("gold", "found", "kind", "expected"),
    [
        ("Northmere, OH", ["Northmere"], "LOCATION", "cl to "),
        ("Northmere, OH", ["Northmere"], "NAME", "to "),
        ("April 2, 2024", ["April 2"], "DATE", "cl to "),
        ("April 2, 2024", ["April"], "DATE", "to "),
        ("OH", [], "LOCATION", "cl "),
        ("OH", [], "NAME", ""),
    ],
)
def test_what_may_stay_depends_on_what_it_is(gold, found, kind, expected):
    assert readings(at(gold, kind), *(at(each, kind) for each in found)) == expected


def test_half_a_word_may_not_stay():
    text = "in Oho"
    gold = Span(((3, 6),), "LOCATION")
    assert readings(gold, Span(((3, 4),), "LOCATION"), text="in Xoh") == "to "
    assert readings(gold, Span(((3, 5),), "LOCATION"), text=text) == "to "


def test_a_span_in_parts_is_found_in_parts():
    gold = Span(((4, 7), (17, 26)), "NAME")
    assert readings(gold, at("Ada"), at("Northmere")) == "st co cl to "
    assert readings(gold, at("Ada Quill of Northmere")) == "co cl to "
    assert readings(gold, at("Ada")) == "to "


def test_the_class_counts_where_it_is_asked_for():
    (judged,) = MATCHER.compare(TEXT, [at("Ada Quill")], [at("Ada Quill", "DATE")]).gold
    assert judged.blind == (True,) * 4
    assert judged.typed == (False,) * 4
    both = [at("Ada Quill", "DATE"), at("Ada")]
    (judged,) = MATCHER.compare(TEXT, [at("Ada Quill")], both).gold
    assert judged.typed == (False, False, False, True)


def predictions(gold, found, matcher=MATCHER):
    return [
        (p.blind[STRICT], p.blind[COVERED], p.blind[CLEARED], p.blind[TOUCHED])
        for p in matcher.compare(TEXT, gold, found).predictions
    ]


def test_predictions_are_right_where_they_lie_in_gold():
    gold = [at("Ada Quill")]
    assert predictions(gold, [at("Ada Quill")]) == [(True, True, True, True)]
    assert predictions(gold, [at("Ada")]) == [(False, True, True, True)]
    assert predictions(gold, [at("Dr. Ada Quill")]) == [(False, False, True, True)]
    assert predictions(gold, [at("Quill of Northmere")]) == [(False, False, False, True)]
    assert predictions(gold, [at("came")]) == [(False, False, False, False)]


def test_what_touches_only_what_is_ignored_counts_for_nothing():
    gold = [at("Ada Quill"), at("2024", IGNORE)]
    assert predictions(gold, [at("April 2, 2024", "DATE"), at("2024", "DATE")]) == []
    assert predictions(gold, [at("of"), at("2024", "DATE")]) == [(False, False, False, False)]
    assert len(MATCHER.compare(TEXT, gold, []).gold) == 1


def test_gold_beside_something_ignored_still_counts():
    gold = [at("April 2, ", "DATE"), at("2024", IGNORE)]
    assert predictions(gold, [at("April 2, 2024", "DATE")]) == [(False, True, True, True)]


def test_a_scope_leaves_all_else_out():
    matcher = Matcher(STAYS, frozenset({"NAME"}))
    gold = [at("Ada Quill"), at("April 2", "DATE")]
    found = [at("April", "DATE"), at("came", "DATE"), at("of", UNKNOWN), at("on")]
    compared = matcher.compare(TEXT, gold, found)
    assert [judged.span.kind for judged in compared.gold] == ["NAME"]
    assert [judged.span for judged in compared.predictions] == [at("on")]
    covering = matcher.compare(TEXT, gold, [at("Ada Quill", "DATE")])
    assert covering.gold[0].blind[COVERED]


def test_without_a_text_every_character_counts():
    gold = [Span(((4, 13),), "NAME")]
    (judged,) = MATCHER.compare(
        None, gold, [Span(((4, 7),), "NAME"), Span(((8, 13),), "NAME")]
    ).gold
    assert judged.blind == (False, False, False, True)


def test_the_score_that_is_needed_is_that_of_the_weakest_piece():
    found = [at("Ada", score=0.9), at("Quill", score=0.6), at("Quill of", score=0.5)]
    (judged,) = MATCHER.compare(TEXT, [at("Ada Quill")], found).gold
    assert judged.needed == 0.6
    (judged,) = MATCHER.compare(TEXT, [at("Ada Quill")], found[:1]).gold
    assert judged.needed is None


# Laws


@st.composite
def texts(draw):
    text = draw(st.text(ALPHABET, min_size=1, max_size=40))

    def spans(kinds):
        bounds = st.tuples(st.integers(0, len(text) - 1), st.integers(1, len(text)))
        inside = bounds.map(sorted).filter(lambda b: b[0] < b[1])
        one = st.builds(
            lambda b, kind, score: Span(((b[0], b[1]),), kind, score),
            inside,
            st.sampled_from(kinds),
            st.floats(0, 1),
        )
        return st.lists(one, max_size=6)

    return text, draw(spans(["NAME", "DATE", IGNORE])), draw(spans(["NAME", "DATE", UNKNOWN]))


@given(texts())
def test_no_reading_is_stricter_than_the_one_before_and_none_kinder_than_blind(given_):
    text, gold, found = given_
    compared = MATCHER.compare(text, gold, found)
    for judged in (*compared.gold, *compared.predictions):
        for verdict in (judged.blind, judged.typed):
            assert verdict[STRICT] <= verdict[COVERED] <= verdict[CLEARED]
            assert verdict[COVERED] <= verdict[TOUCHED]
        assert all(typed <= blind for typed, blind in zip(judged.typed, judged.blind, strict=True))


@given(texts())
def test_to_say_what_is_gold_is_to_be_right(given_):
    text, gold, _ = given_
    compared = MATCHER.compare(text, gold, [g for g in gold if g.kind != IGNORE])
    assert all(all(judged.blind + judged.typed) for judged in compared.gold)
    assert all(all(judged.blind + judged.typed) for judged in compared.predictions)


@given(texts(), st.text(ALPHABET, max_size=10))
def test_all_moved_alike_is_judged_alike(given_, before):
    text, gold, found = given_

    def moved(spans):
        by = len(before) + 1
        return [Span(tuple((a + by, b + by) for a, b in s.parts), s.kind, s.score) for s in spans]

    there = MATCHER.compare(text, gold, found)
    here = MATCHER.compare(before + " " + text, moved(gold), moved(found))
    assert [(j.blind, j.typed, j.needed) for j in here.gold] == [
        (j.blind, j.typed, j.needed) for j in there.gold
    ]


@given(texts())
def test_what_is_ignored_changes_no_recall_and_adds_no_false_find(given_):
    text, gold, found = given_
    without = MATCHER.compare(text, [g for g in gold if g.kind != IGNORE], found)
    judged = MATCHER.compare(text, gold, found)
    assert judged.gold == without.gold
    wrong = [[j.span for j in c.predictions if not j.blind[TOUCHED]] for c in (judged, without)]
    assert len(wrong[0]) <= len(wrong[1])


@given(texts())
def test_more_predictions_never_lower_recall(given_):
    text, gold, found = given_
    less = MATCHER.compare(text, gold, found[1:]).gold
    more = MATCHER.compare(text, gold, found).gold
    assert all(
        all(a <= b for a, b in zip(x.blind, y.blind, strict=True))
        for x, y in zip(less, more, strict=True)
    )


@given(texts())
def test_covered_is_what_a_mask_over_the_text_says(given_):
    text, gold, found = given_
    mask = bytearray(len(text))
    for span in found:
        mask[span.start : span.end] = b"\1" * (span.end - span.start)
    for judged in MATCHER.compare(text, gold, found).gold:
        start, end = judged.span.parts[0]
        letters = [i for i in range(start, end) if re.match(r"\w|\u0301", text[i])]
        left = [i for i in letters or range(start, end) if not mask[i]]
        assert judged.blind[COVERED] == (not left)


@given(texts())
def test_what_a_score_needs_is_what_a_threshold_leaves(given_):
    text, gold, found = given_
    for judged in MATCHER.compare(text, gold, found).gold:
        if judged.needed is not None:
            kept = [span for span in found if span.score >= judged.needed]
            less = [span for span in found if span.score > judged.needed]
            assert MATCHER.compare(text, [judged.span], kept).gold[0].blind[COVERED]
            assert not MATCHER.compare(text, [judged.span], less).gold[0].blind[COVERED]

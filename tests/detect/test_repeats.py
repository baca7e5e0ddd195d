"""A number found once is found wherever it stands alone, and no other number is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phisweep.detect.repeats import repeats
from phisweep.model import Finding, Location

HEAD = "subject 117-0042. "


def repeated(text, number="117-0042", identifier="other_id", score=0.9):
    """Return where a number is found again that is found at its first place."""
    start = text.index(number)
    place = Location("a.txt", "text")
    first = Finding(place, start, start + len(number), identifier, "other_id/labelled", score)
    return [(f.start, text[f.start : f.end], f.rule) for f in repeats(text, [first])]


@pytest.mark.parametrize(
    "around", ["117-0042 = hers", "(117-0042)", "no 117-0042.", "117-0042, 3", "117-0042"]
)
def test_a_number_is_found_again(around):
    text = HEAD + around
    at = text.rindex("117-0042")
    assert repeated(text) == [(at, "117-0042", "other_id/propagated")]


@pytest.mark.parametrize(
    "around",
    [
        "117-00421",
        "2117-0042",
        "A-117-0042",
        "117-0042-B",
        "117-0042.5",
        "/117-0042",
        "$117-0042",
        "117 0042",
    ],
)
def test_part_of_another_number_is_none(around):
    assert repeated(HEAD + around) == []


@pytest.mark.parametrize(
    ("number", "identifier", "score"),
    [
        ("4417", "mrn", 0.9),
        ("12/14/2020", "date", 0.9),
        ("jquill", "other_id", 0.9),
        ("117-0042", "mrn", 0.4),
    ],
)
def test_short_numbers_words_days_and_guesses_are_not_spread(number, identifier, score):
    assert repeated(f"{number} and {number}", number, identifier, score) == []


@pytest.mark.parametrize(
    ("number", "other"),
    [("117-0042", "117-0039"), ("H2310-00418", "K1104-00999")],
)
def test_a_number_of_the_same_form_is_found(number, other):
    text = f"subject {number}, not {other} (another)"
    assert repeated(text, number) == [(text.index(other), other, "other_id/propagated")]


@pytest.mark.parametrize(
    ("number", "other"),
    [
        *[("1170042", "2281153"), ("12-34", "56-78"), ("117-0042", "117-004")],
        *[("117-0042", "117/0042"), ("AB:20.7781", "AB:20.7782")],
    ],
)
def test_a_bare_number_or_another_form_is_not(number, other):
    assert repeated(f"mrn {number}, then {other}.", number, "mrn") == []


def test_a_form_of_a_guess_or_of_the_names_model_is_not_spread():
    text = "no 117-0042, then 117-0039."
    place = Location("a.txt", "text")
    for rule, score in (("other_id/labelled", 0.6), ("names-model/id", 0.99)):
        first = Finding(place, 3, 11, "other_id", rule, score)
        assert list(repeats(text, [first])) == []


def test_what_was_found_in_part_is_found_whole():
    text = "id 117-0042, later 117-0042 too"
    place = Location("a.txt", "text")
    first = Finding(place, 3, 11, "other_id", "other_id/labelled", 0.9)
    part = Finding(place, 23, 27, "phone", "names-model/contact", 0.5)
    assert [(f.start, f.end) for f in repeats(text, [first, part])] == [(19, 27)]


def test_what_is_found_already_is_not_found_twice():
    text = "id 117-0042, later 117-0042 too"
    place = Location("a.txt", "text")
    found = [Finding(place, at, at + 8, "other_id", "other_id/labelled", 0.9) for at in (3, 19)]
    assert list(repeats(text, found)) == []


@given(st.text("01-. a", max_size=60), st.text("01-. a", max_size=60))
def test_each_further_place_holds_the_number_and_touches_no_other_finding(before, behind):
    text = f"{before} 110-1001 {behind} 110-1001"
    start = text.index("110-1001")
    place = Location("a.txt", "text")
    first = Finding(place, start, start + 8, "mrn", "mrn/labelled", 0.9)
    found = list(repeats(text, [first]))
    assert all(text[f.start : f.end] == "110-1001" and f.identifier == "mrn" for f in found)
    assert all(f.end <= first.start or first.end <= f.start for f in found)
    starts = [f.start for f in found]
    assert starts == sorted(set(starts))
    assert all(f.score < first.score for f in found)


def test_very_many_numbers_that_begin_alike_are_looked_for_in_one_pass():
    place = Location("a.txt", "text")
    numbers = [f"2024-{number:05d}" for number in range(20_000)]
    text = " ".join(f"case {number};" for number in numbers) + " again 2024-00007."
    starts = [17 * number + 5 for number in range(20_000)]
    given = [Finding(place, at, at + 10, "other_id", "other_id/labelled", 0.9) for at in starts]
    assert [text[f.start : f.end] for f in repeats(text, given)] == ["2024-00007"]

"""Scores of words become spans: neighbours are one, halves are whole, signs at the ends are out."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from phisweep.detect.names.spans import GROUPS, spans
from phisweep.detect.names.words import words
from phisweep.model import IDENTIFIERS

LABELS = ["O", "NAME", "PLACE", "FACILITY", "DATE"]
LEAST = {"NAME": 0.5, "PLACE": 0.5}


def scored(text, given_):
    """Scores for a text's words, by word; what is not given is no identifier."""
    seen = words(text)
    rows = np.zeros((len(seen.spans), len(LABELS)), np.float32)
    for i, (a, b) in enumerate(seen.spans):
        label, score = given_.get(text[a:b], ("O", 1.0))
        rows[i, LABELS.index(label)] = score
        rows[i, 0] += 1 - score
    return seen, rows


def found(text, **given_):
    return found_of(text, given_)


def found_of(text, given_):
    seen, rows = scored(text, given_)
    return [(text[s.start : s.end], s.label) for s in spans(text, seen, rows, LABELS, LEAST)]


NAME, PLACE = ("NAME", 0.9), ("PLACE", 0.9)


@pytest.mark.parametrize(
    ("text", "given_", "expected"),
    [
        ("", {}, []),
        ("seen today", {}, []),
        ("Jane Doe came", {"Jane": NAME, "Doe": NAME}, [("Jane Doe", "NAME")]),
        ("Jane, Doe", {"Jane": NAME, "Doe": NAME}, [("Jane", "NAME"), ("Doe", "NAME")]),
        ("Jane\nDoe", {"Jane": NAME, "Doe": NAME}, [("Jane", "NAME"), ("Doe", "NAME")]),
        ("Jane in Saltmarsh", {"Jane": NAME, "Saltmarsh": PLACE},
         [("Jane", "NAME"), ("Saltmarsh", "PLACE")]),
        ("(Jane)", {"(": NAME, "Jane": NAME, ")": NAME}, [("Jane", "NAME")]),
        ("- ,", {"-": NAME, ",": NAME}, []),
        ("Jane", {"Jane": ("NAME", 0.4)}, []),
        ("O'Hara", {"O": NAME, "'": NAME, "Hara": NAME}, [("O'Hara", "NAME")]),
        ("Day-Baptist", {"Day": NAME, "Baptist": ("NAME", 0.2)}, [("Day-Baptist", "NAME")]),
        ("Day-Baptist-Shaw", {"Day": NAME, "Baptist": ("NAME", 0.2), "Shaw": ("NAME", 0.2)},
         [("Day-Baptist-Shaw", "NAME")]),
        ("Day-old", {"Day": NAME}, [("Day", "NAME")]),
        ("Day - Baptist", {"Day": NAME, "Baptist": ("NAME", 0.2)}, [("Day", "NAME")]),
        ("yesterday", {"yesterday": ("DATE", 0.99)}, []),
    ],
)  # fmt: skip
def test_neighbours_are_one_and_signs_at_the_ends_are_out(text, given_, expected):
    assert found_of(text, given_) == expected


def test_a_place_and_a_facility_count_together():
    text = "Saltmarsh"
    seen, rows = scored(text, {})
    rows[0] = [0.3, 0, 0.35, 0.35, 0]
    (span,) = spans(text, seen, rows, LABELS, LEAST)
    assert (span.label, round(span.score, 2)) == ("PLACE", 0.7)


def test_a_doubt_between_a_place_and_an_organisation_is_none():
    text = "Larkwing Partners"
    labels = [*LABELS, "ORG"]
    rows = np.array([[0.1, 0, 0.3, 0.2, 0, 0.4], [0.2, 0, 0.2, 0, 0, 0.6]], np.float32)
    (span,) = spans(text, words(text), rows, labels, LEAST | {"ORG": 0.5})
    assert (text[span.start : span.end], span.label) == (text, "PLACE")
    assert span.score == pytest.approx(0.85)


def test_the_score_is_the_mean_of_its_words():
    text = "Jane Doe"
    seen, rows = scored(text, {"Jane": ("NAME", 1.0), "Doe": ("NAME", 0.6)})
    (span,) = spans(text, seen, rows, LABELS, LEAST)
    assert span.score == pytest.approx(0.8)


def test_every_label_becomes_an_identifier_that_there_is():
    assert set(GROUPS.values()) <= set(IDENTIFIERS)


@given(st.text(alphabet="ab J-'.\n\u0301", max_size=60), st.randoms(use_true_random=False))
def test_spans_lie_in_the_text_begin_and_end_with_letters_and_do_not_overlap(text, chance):
    seen = words(text)
    rows = np.array([[chance.random() + 0.01 for _ in LABELS] for _ in seen.spans], np.float32)
    rows = rows.reshape(-1, len(LABELS))
    rows /= rows.sum(1, keepdims=True)
    last = 0
    for span in spans(text, seen, rows, LABELS, LEAST):
        assert last <= span.start < span.end <= len(text)
        assert text[span.start].isalnum()
        assert 0 <= span.score <= 1
        assert "\n" not in text[span.start : span.end]
        last = span.end

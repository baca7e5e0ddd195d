"""Words and what parts them: every letter in one word, none in two, offsets those of the text."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phisweep.detect.names.words import GAPS, SHAPES, shape, words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        (" \t\r\n", []),
        ("Jane Doe", ["Jane", "Doe"]),
        ("O'Hara-Doe", ["O", "'", "Hara", "-", "Doe"]),
        ("pt_name", ["pt", "_", "name"]),
        ("555-0123", ["555", "-", "0123"]),
        ("Zoe\u0308 came", ["Zoe\u0308", "came"]),
        ("Andre\u0301s", ["Andre\u0301s"]),
        ("日本 語", ["日本", "語"]),
        ("أحمد علي", ["أحمد", "علي"]),
        ("a😀b", ["a", "😀", "b"]),
    ],
)
def test_words_are_runs_of_letters_and_digits_and_single_signs(text, expected):
    assert [text[a:b] for a, b in words(text).spans] == expected


@pytest.mark.parametrize(
    ("between", "gap"),
    [
        ("-", "nothing"),
        (" ", "blank"),
        ("  ", "blanks"),
        ("\t ", "blanks"),
        ("\n", "line"),
        ("\r", "line"),
        ("\r\n", "line"),
        (" \n ", "line"),
        ("\n\n", "paragraph"),
        ("\r\n\r\n", "paragraph"),
    ],
)
def test_what_stands_between_two_words_is_seen(between, gap):
    seen = words(f"a{between}b")
    assert GAPS[seen.gaps[-1]] == gap


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("12", "digits"),
        ("-", "sign"),
        ("😀", "sign"),
        ("J", "letter"),
        ("MRN", "CAPITALS"),
        ("seen", "small"),
        ("Doe", "Capital"),
        ("McDoe", "miXed"),
        ("A1c", "l3tters"),
        ("Zoe\u0308", "Capital"),
        ("日本", "miXed"),
    ],
)
def test_the_shape_of_a_word(word, expected):
    assert SHAPES[shape(word)] == expected


@given(st.text())
def test_every_sign_that_is_no_blank_lies_in_a_word_and_none_in_two(text):
    seen = words(text)
    covered = [i for a, b in seen.spans for i in range(a, b)]
    assert len(covered) == len(set(covered))
    assert covered == sorted(covered)
    assert all(text[i].isspace() for i in set(range(len(text))) - set(covered))
    assert not any(re.search(r"\s", text[a:b]) for a, b in seen.spans)


@given(st.text())
def test_each_word_has_a_gap_and_a_shape_that_there_are(text):
    seen = words(text)
    assert len(seen.gaps) == len(seen.spans)
    assert all(0 <= gap < len(GAPS) for gap in seen.gaps)
    assert all(0 <= shape(text[a:b]) < len(SHAPES) for a, b in seen.spans)
    assert all(GAPS[gap] == "paragraph" for gap in seen.gaps[:1])


def test_no_word_is_shown_by_repr():
    assert "3" not in repr(words("Doe"))

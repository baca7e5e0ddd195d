"""Long choices, written by their first letters, match what they matched."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phisweep.detect.factor import factored

_WORD = st.text("abAB ", min_size=1, max_size=4)


@pytest.mark.parametrize(
    "source",
    [
        "cat|car|dog",  # few
        "(?:ab|ac|ad?|ae|af|ag|ah)",  # interrupted
        r"(?:ab|ac\||ad|ae|af\w|ag|ah)",
        "[ab|ac|ad|ae|af|ag|ah|ai]",  # a class
    ],
)
def test_what_is_no_long_choice_stays(source: str) -> None:
    assert factored(source) == source


@pytest.mark.parametrize(
    ("source", "short"),
    [
        ("(?:ab|ac|ad|be|bf|c|d)x", "(?:a(?:b|c|d)|b(?:e|f)|c|d)x"),
        ("(?:q?|ab|ac|ad|ae|af|ag|zz)", "(?:q?|a(?:b|c|d|e|f|g)|zz)"),
        ("(?i:ab|Ab|c|d|e|f)", "(?i:ab|Ab|c|d|e|f)"),
        ("(?:ab|abc|abd|c|d|e)", "(?:ab(?:|c|d)|c|d|e)"),
        (r"(?:a[ ]b|a[ ]c|a\ d|e|f|g)", r"(?:a(?:[ ](?:b|c)|\ d)|e|f|g)"),
    ],
)
def test_a_long_choice_begins_with_what_its_words_share(source: str, short: str) -> None:
    assert factored(source) == short


@given(st.lists(_WORD, min_size=6, max_size=14), st.text("abAB z", max_size=7), st.booleans())
def test_a_rewritten_choice_matches_the_same(words: list[str], text: str, fold: bool) -> None:  # noqa: FBT001
    source = f"(?:q?|{'|'.join(words)}|zz)b?"
    flags = re.IGNORECASE if fold else 0
    found = [match.span() for match in re.finditer(factored(source), text, flags)]
    assert found == [match.span() for match in re.finditer(source, text, flags)]

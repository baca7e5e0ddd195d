"""Initials stand for who is named in full where only a person stands, and for nothing elsewhere."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phisweep.detect.propagate import propagate
from phisweep.detect.signatures import RULE, _places
from phisweep.detect.vocabulary import Vocabulary
from phisweep.model import Finding, Location

NAMED = "Seen by Quill Vexelby.\n"
WORDS = Vocabulary(abbreviations=frozenset({"qv"}))


def signed(text, vocabulary=None):
    """Return what is found beside the name itself."""
    start = text.index("Quill Vexelby")
    end = start + len("Quill Vexelby")
    name = Finding(Location("a", "text"), start, end, "name", "name/title", 0.9)
    found = propagate(text, [name], vocabulary)
    assert all(f.rule == RULE for f in found[1:])
    return [text[f.start : f.end] for f in found[1:]]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("QV lic 6127-125", ["QV"]),
        ("QV 13Jan25", ["QV"]),
        ("qv noted 12/4 0940", ["qv"]),
        ("QV:gw     Encl.", ["QV", "gw"]),
        ("qv/mt", ["qv", "mt"]),
        ("| 900 | QV\n", ["QV"]),
        ("charted QV / T. Pell", ["QV"]),
        ("called back by QV at 1712", ["QV"]),
        ("the QV was changed", []),
        ("QVX:gw     Encl.", []),
        ("QV:80 and QV 8 mg/dL", []),
        ("ratio V/QV scan", []),
    ],
)
def test_initials_of_who_is_named_are_found_where_only_a_person_stands(text, expected):
    assert signed(NAMED + text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("QV 13Jan25", []),
        ("called back by QV at 1712", []),
        ("QV:gw     Encl.", ["QV", "gw"]),
        ("qv noted 12/4 0940", ["qv"]),
    ],
)
def test_an_abbreviation_is_somebody_only_beside_another_who_signs(text, expected):
    assert signed(NAMED + text, WORDS) == expected


PIECES = [
    "QV",
    "qv",
    "QV:gw",
    "/",
    ":",
    " ",
    "  ",
    "\n",
    "12/4",
    "noted",
    "by ",
    ". ",
    "Quill Vexelby",
    "é",
]


@given(st.lists(st.sampled_from(PIECES), max_size=25).map("".join))
def test_what_is_signed_touches_nothing_else_that_is_found(text):
    text = NAMED + text
    start = text.index("Quill Vexelby")
    name = Finding(Location("a", "text"), start, start + 13, "name", "name/title", 0.9)
    spans = sorted((f.start, f.end) for f in propagate(text, [name], Vocabulary()))
    assert all(a[1] <= b[0] for a, b in itertools.pairwise(spans))
    assert all(0 <= start < end <= len(text) for start, end in spans)


@given(st.lists(st.sampled_from([*PIECES, "AB", "ab:", "abc"]), max_size=25).map("".join))
def test_initials_stand_in_the_same_places_whether_few_are_known_or_many(text):
    few = {"qv", "ab", "abc"}
    many = few | {f"{a}{b}z" for a in "cdefghij" for b in "klmnopq"}
    assert list(_places(text, few)) == list(_places(text, many))

"""Splicing touches what is covered and nothing else."""

import pytest

from phisweep.errors import InternalError, RuleError
from phisweep.model import Decision, Edit, Finding, Location
from phisweep.splicing import splice
from phisweep.transform.edits import edits_for
from phisweep.transform.operators import OPERATORS, Context, load

PLACE = Location("a.txt", "text")


def decision(start, end, operator="tag", action="remove", identifier="name"):
    return Decision(
        Finding(PLACE, start, end, identifier, f"{identifier}/p", 0.9), action, operator, {}, ""
    )


def context(finding):
    return Context(finding.identifier, reference_year=2026)


@pytest.mark.parametrize("text", ["", "a", "seen \U0001f600\r\n"])
def test_no_edits_means_the_same_text(text):
    assert splice(text, []) is text


@pytest.mark.parametrize(
    ("edits", "expect"),
    [
        ([Edit(0, 0, "x")], "xabcdef"),
        ([Edit(0, 6, "")], ""),
        ([Edit(0, 2, "X"), Edit(2, 3, "Y")], "XYdef"),
        ([Edit(1, 2, "long"), Edit(5, 6, "")], "alongcde"),
    ],
)
def test_edits_replace_what_they_cover(edits, expect):
    assert splice("abcdef", edits) == expect


@pytest.mark.parametrize(
    "edits",
    [
        [Edit(0, 3, "x"), Edit(2, 4, "y")],
        [Edit(3, 4, "x"), Edit(0, 1, "y")],
        [Edit(0, 7, "x")],
        [Edit(-1, 2, "x")],
        [Edit(3, 2, "x")],
    ],
)
def test_edits_that_contradict_each_other_are_refused(edits):
    with pytest.raises(InternalError, match="E702"):
        splice("abcdef", edits)


def test_decisions_become_edits_in_their_order():
    text = "Doe seen 3/14/2014"
    decisions = [decision(0, 3), decision(9, 18, "year", "generalize", "date")]
    edits = edits_for(text, decisions, context)
    assert edits == [Edit(0, 3, "[NAME]"), Edit(9, 18, "2014")]
    assert splice(text, edits) == "[NAME] seen 2014"


@pytest.mark.parametrize(
    "kept", [decision(0, 2, "keep", "keep"), decision(0, 2, "age", "generalize", "age")]
)
def test_what_stays_makes_no_edit(kept):
    assert edits_for("72 years", [kept], context) == []


def test_a_finding_outside_its_text_is_refused():
    with pytest.raises(InternalError, match="E703"):
        edits_for("abc", [decision(0, 4)], context)


def test_an_unknown_operator_is_a_rule_error():
    with pytest.raises(RuleError, match="E160"):
        edits_for("abc", [decision(0, 3, "yaer")], context)


def test_an_operator_that_fails_tells_no_value(monkeypatch):
    def broken(text, _context, _params):
        raise ValueError(text)

    load()
    monkeypatch.setitem(OPERATORS, "broken", broken)
    with pytest.raises(InternalError, match="E704") as error:
        edits_for("abcxyz", [decision(0, 6, "broken")], context)
    assert "abcxyz" not in str(error.value)
    assert error.value.__cause__ is None
    assert error.value.__context__ is None

"""What became of a canary, and how it is told."""

import pytest

from phisweep.canary import counting
from phisweep.canary.copying import _inserted, _joined
from phisweep.canary.counting import Counted
from phisweep.canary.finding import Finder
from phisweep.canary.model import Canary
from phisweep.canary.seeking import Hit, _hit
from phisweep.model import Decision, Edit, Finding, Location, Text
from phisweep.report.companions import canary as companion
from phisweep.report.companions.canary import Rate
from phisweep.splicing import splice

WHERE = Location("note.txt", "text")


def canary(snippet="Seen by Benton, MD today.", value="Benton, MD", **more):
    start = snippet.index(value)
    values = {
        "number": 1, "round": 0, "source": 0, "format": "plain", "place": "text-within",
        "identifier": "name", "style": "with credentials", "noise": "none", "carrier": "no label",
        "snippet": snippet, "start": start, "end": start + len(value),
    }  # fmt: skip
    return Canary(**values | more)


def decided(start, end, identifier="name", action="remove"):
    finding = Finding(WHERE, start, end, identifier, f"{identifier}/x", 0.9)
    return Decision(finding, action, "tag", {}, "")


FREE = ((16, 18),)  # MD


@pytest.mark.parametrize(
    ("decisions", "left", "letters"),
    [
        ([], 6, set()),
        ([decided(8, 14)], 0, {"A"}),  # the degree may stay
        ([decided(8, 11)], 3, {"A"}),
        ([decided(8, 11), decided(11, 14, "location")], 0, {"A", "B"}),
        ([decided(0, 8)], 6, set()),
    ],
)
def test_a_hit_counts_the_telling_characters_that_are_left(decisions, left, letters):
    hit = _hit(canary(free=FREE), 0, decisions)
    assert (hit.left, hit.telling, hit.letters) == (left, 6, letters)


def hit(left, letters="A", *, kept=False):
    return Hit(1, left, 6, frozenset(letters), kept)


@pytest.mark.parametrize(
    ("stands", "hits", "fate"),
    [
        (1, [hit(0)], "found"),
        (1, [hit(0, "B")], "elsewhere"),
        (1, [hit(2)], "partly"),
        (1, [hit(6, "")], "missed"),
        (1, [], "missed"),
        (2, [hit(0)], "partly"),  # it stands in two places, and was found in one
        (2, [hit(0), hit(0)], "found"),
    ],
)
def test_a_canary_is_found_where_nothing_telling_of_it_is_left_anywhere(stands, hits, fate):
    assert counting.fate(canary(), stands, hits).fate == fate


def test_what_the_policy_keeps_is_found_and_told():
    assert counting.fate(canary(), 1, [hit(0, kept=True)]).kept
    assert not counting.fate(canary(), 1, [hit(0), hit(0, kept=True)]).kept


def test_recall_counts_what_is_removed_under_another_letter():
    c = canary()
    rate = counting.rate([Counted(c, "found"), Counted(c, "elsewhere"), Counted(c, "missed")])
    assert (rate.planted, rate.recall) == (3, 2 / 3)
    assert rate.low < 0.1
    assert rate.high > 0.99


def test_a_letter_without_canaries_has_no_recall_and_a_reason():
    rates = {entry.letter: entry for entry in counting.letters([Counted(canary(), "found")])}
    assert rates["A"].rate.recall == 1
    assert (rates["B"].state, rates["B"].rate.recall) == ("no place", None)
    assert rates["P"].state == "not plantable"
    assert rates["Q"].reason


def rate(k, n):
    return counting.rate([Counted(canary(), "found")] * k + [Counted(canary(), "missed")] * (n - k))


@pytest.mark.parametrize(
    ("share", "text"),
    [(None, "-"), (1.0, "100%"), (0.99999, "99.9%"), (0.5, "50.0%"), (0.0, "0%")],
)
def test_only_a_whole_is_a_hundred_per_cent(share, text):
    assert companion.percent(share) == text


def test_bounds_are_rounded_outwards():
    low, high = companion.bounds(rate(306, 320)).removesuffix("%").split("% to ")
    exact: Rate = rate(306, 320)
    assert float(low) / 100 <= exact.low
    assert float(high) / 100 >= exact.high
    assert companion.bounds(rate(20, 20)).endswith("to 100%")


@pytest.mark.parametrize(
    ("text", "at", "gap", "expect"),
    [
        ("No fever.", 9, " ", "No fever. Age: 94"),
        ("Croup", 5, " ", "Croup. Age: 94"),
        ("Croup", 0, " ", "Age: 94. Croup"),
        ("No fever. Well.", 10, " ", "No fever. Age: 94. Well."),
        ("a\nb", 2, "\n", "a\nAge: 94\nb"),
        ("", 0, " ", "Age: 94"),
    ],
)
def test_what_is_planted_is_parted_from_the_text_around_it(text, at, gap, expect):
    edit = _inserted(text, at, _joined(text, at, "Age: 94", gap), 0)
    assert splice(text, [edit]) == expect


def test_an_insertion_never_reaches_into_the_one_before():
    first = _inserted("ab", 1, "X", 0)
    second = _inserted("ab", 2, "Y", first.end)
    assert splice("ab", [first, second]) == "aXbY"
    assert first == Edit(0, 1, "aX")


def test_a_short_whole_value_is_found_under_its_own_name_alone():
    age = canary("94", "94", whole=True, scope="age", identifier="age")
    finder = Finder([age])
    for label, count in (("age", 1), ("weight", 0)):
        block = Text(WHERE, " 94 ", label, kind="value")
        assert sum(finder.counts([block]).values()) == count
    assert not [*finder.find(Text(WHERE, "", "age"), "194")]

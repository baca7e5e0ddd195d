"""Bounds that hold: against figures that are known, laws, and truths that were made up and drawn."""

from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from phisweep.intervals import exact_upper
from phisweep.review.estimates import Tally, precision, recall, share_of_removed, share_wrong
from phisweep.review.strata import Stratum, allocate


@pytest.fixture(autouse=True, scope="module")
def _reckoned_once():
    """A bound is reckoned once for each k and n: that is most of the time here."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("phisweep.review.estimates.exact_upper", cache(exact_upper))
        yield


def tally(group, population, drawn, decided, wrong, letter="", most=1):
    stretches = wrong * most
    return Tally(
        Stratum(group, letter), population, drawn, decided, wrong,
        stretches=stretches, most=most if wrong else 0,
    )  # fmt: skip


def test_of_no_miss_in_n_the_bound_is_about_three_in_n():
    share = share_wrong([tally("text", 100_000, 300, 300, 0)])
    assert share.estimate == 0.0
    assert share.high == pytest.approx(3 / 300, rel=0.01)
    assert share.low == 0.0


def test_what_was_drawn_whole_has_no_bound_but_its_share():
    share = share_wrong([tally("text", 40, 40, 40, 4)])
    assert (share.low, share.estimate, share.high) == pytest.approx((0.1, 0.1, 0.1))


def test_what_is_not_answered_counts_against_the_run_in_the_bound_and_not_in_the_estimate():
    half = share_wrong([tally("text", 100_000, 300, 150, 3)])
    assert half.estimate == pytest.approx(0.02)
    assert half.high == pytest.approx(exact_upper(153, 300))
    assert half.low <= 0.02


def test_a_stratum_of_which_nothing_was_drawn_counts_as_wholly_wrong():
    share = share_wrong([tally("removed", 90, 90, 90, 0, "A"), tally("removed", 10, 0, 0, 0, "B")])
    assert share.high == pytest.approx(0.1)


def test_letters_are_weighed_by_their_size():
    # Half of the sample is of a letter that is a hundredth of all, and all of it is wrong.
    seen = [tally("removed", 99_000, 100, 100, 0, "A"), tally("removed", 1_000, 100, 100, 100, "J")]
    assert share_of_removed(seen).estimate == pytest.approx(0.01)
    assert precision(seen).estimate == pytest.approx(0.99)


def test_a_passage_counts_with_as_many_misses_as_the_worst_that_was_seen():
    removed = tally("removed", 1_000, 1_000, 1_000, 0, "A")
    one = recall([removed, tally("text", 1_000, 1_000, 1_000, 10)])
    three = recall([removed, tally("text", 1_000, 1_000, 1_000, 10, most=3)])
    assert one.low == pytest.approx(1_000 / 1_010)
    assert three.low == pytest.approx(1_000 / 1_030)
    assert three.estimate == pytest.approx(1_000 / 1_030)


def test_without_an_answer_there_is_no_estimate_and_no_bound_worth_the_name():
    none = [tally("removed", 100, 30, 0, 0, "A"), tally("text", 100, 30, 0, 0)]
    assert (recall(none).estimate, precision(none).estimate) == (None, None)
    assert (recall(none).low, recall(none).high) == (0.0, 1.0)


def test_a_run_that_removed_nothing_has_no_precision():
    assert precision([tally("text", 100, 30, 30, 0)]).estimate is None
    assert recall([tally("text", 100, 30, 30, 1)]).estimate == 0.0
    assert recall([tally("text", 100, 30, 30, 0)]).estimate is None


@st.composite
def _strata(draw):
    out = []
    for group in ("removed", "above", "below", "text", "cell"):
        for letter in draw(st.sets(st.sampled_from(["A", "B", "C"]), max_size=3)):
            population = draw(st.integers(1, 5_000))
            drawn = draw(st.integers(0, min(population, 200)))
            decided = draw(st.integers(0, drawn))
            wrong = draw(st.integers(0, decided))
            out.append(tally(group, population, drawn, decided, wrong, letter))
    return out


@settings(max_examples=40)
@given(_strata())
def test_bounds_are_shares_and_enclose_the_estimate(strata):
    for share in (recall(strata), precision(strata), share_of_removed(strata)):
        assert -1e-9 <= share.low <= share.high + 1e-9 <= 1 + 2e-9


@settings(max_examples=40)
@given(_strata())
def test_every_answer_that_speaks_for_the_run_raises_its_lower_bounds(strata):
    better = [
        Tally(
            t.stratum, t.population, t.drawn, t.drawn, t.wrong, stretches=t.stretches, most=t.most
        )
        for t in strata
    ]
    assert recall(better).low >= recall(strata).low - 1e-9
    assert precision(better).low >= precision(strata).low - 1e-9


@settings(max_examples=40)
@given(_strata())
def test_no_answer_that_speaks_against_the_run_raises_its_lower_bounds(strata):
    worse = [
        Tally(
            t.stratum, t.population, t.drawn, t.drawn, t.wrong + t.unsettled,
            stretches=t.wrong + t.unsettled, most=t.most or int(t.drawn > t.decided),
        )
        for t in strata
    ]  # fmt: skip
    assert recall(worse).low <= recall(strata).low + 1e-9
    assert precision(worse).low <= precision(strata).low + 1e-9


# Truths of many units, drawn and judged again and again: the bounds hold at least as often as they say.

TRUTHS = {
    "good": {
        Stratum("removed", "A"): (4_000, 0.01), Stratum("removed", "C"): (6_000, 0.02),
        Stratum("removed", "J"): (30, 0.4), Stratum("above", "A"): (200, 0.3),
        Stratum("below", "A"): (150, 0.2), Stratum("text"): (5_000, 0.004),
        Stratum("cell"): (20_000, 0.0005),
    },
    "middling": {
        Stratum("removed", "A"): (900, 0.1), Stratum("below", "B"): (300, 0.5),
        Stratum("text"): (3_000, 0.03), Stratum("cell"): (600, 0.05),
    },
    "small": {
        Stratum("removed", "A"): (60, 0.05), Stratum("text"): (90, 0.05),
    },
    "rare misses": {
        Stratum("removed", "A"): (500, 0.0), Stratum("text"): (100_000, 0.02),
    },
}  # fmt: skip
TRIALS, CONFIDENCE = 400, 0.95


@pytest.mark.parametrize("name", TRUTHS)
def test_the_lower_bounds_hold_in_ninety_five_of_a_hundred_draws(name):
    chance = np.random.default_rng(20_260_714)
    truth = {
        stratum: np.arange(size) < round(size * share)
        for stratum, (size, share) in TRUTHS[name].items()
    }
    sizes = {stratum: len(units) for stratum, units in truth.items()}
    wrong = {stratum: int(units.sum()) for stratum, units in truth.items()}
    right = sum(sizes[s] - wrong[s] for s in truth if s.group in ("removed", "above"))
    removed = sum(sizes[s] for s in truth if s.group in ("removed", "above"))
    missed = sum(wrong[s] for s in truth if s.group in ("below", "text", "cell"))
    true_recall, true_precision = right / (right + missed), right / removed
    counts = allocate(sizes, 300)
    held = {"recall": 0, "precision": 0, "share": 0}
    for _ in range(TRIALS):
        seen = []
        for stratum, n in counts.items():
            k = int(chance.hypergeometric(wrong[stratum], sizes[stratum] - wrong[stratum], n))
            seen.append(tally(stratum.group, sizes[stratum], n, n, k, stratum.letter))
        held["recall"] += recall(seen).low <= true_recall + 1e-12
        held["precision"] += precision(seen).low <= true_precision + 1e-12
        texts = [t for t in seen if t.stratum.group == "text"]
        held["share"] += (
            share_wrong(texts).high >= wrong[Stratum("text")] / sizes[Stratum("text")] - 1e-12
        )
    noise = 2.6 * (CONFIDENCE * (1 - CONFIDENCE) / TRIALS) ** 0.5
    assert {what: n / TRIALS >= CONFIDENCE - noise for what, n in held.items()} == {
        "recall": True, "precision": True, "share": True,
    }, held  # fmt: skip

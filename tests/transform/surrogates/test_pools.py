"""Pools: entries of the pinned lists, in a seed's order, none that occurs in the data."""

import pickle
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phisweep.keys import fold
from phisweep.ruleset.load import load_ruleset
from phisweep.transform.surrogates.draws import Draw
from phisweep.transform.surrogates.pools import KINDS, Pools, telling

RULESET = load_ruleset()
POOLS = Pools.of(RULESET)
SIZES = {
    "female": 600,
    "male": 600,
    "neutral": 150,
    "surnames": 3000,
    "cities": 400,
    "streets": 300,
    "facilities": 200,
    "counties": 100,
}


@pytest.mark.parametrize("kind", KINDS)
def test_a_list_is_long_enough_and_tells_its_entries_apart(kind):
    entries = POOLS.entries(kind)
    assert len(entries) >= SIZES[kind]
    assert len({telling(entry) for entry in entries}) == len(entries)


def test_no_word_tells_entries_of_two_lists():
    assert len(POOLS.words()) == sum(len(POOLS.entries(kind)) for kind in KINDS)


@pytest.mark.parametrize("kind", ["female", "male", "neutral", "surnames"])
def test_a_name_is_one_that_the_rules_know_and_no_word(kind):
    known = RULESET.members("given-names" if kind != "surnames" else "surnames")
    words = RULESET.members("ordinary-words") | RULESET.members("names-that-are-words")
    named = {telling(entry) for entry in POOLS.entries(kind)}
    assert named <= known
    assert not named & words
    assert not named & RULESET.members("eponyms")


@pytest.mark.parametrize("kind", ["cities", "streets", "facilities", "counties"])
def test_a_place_is_called_as_none_that_the_rules_know(kind):
    lists = ("us-cities", "world-cities", "us-counties", "us-states", "countries", "facilities")
    lists += ("surnames", "given-names", "ordinary-words", "names-that-are-words", "eponyms")
    known = {
        fold(word) for name in lists for entry in RULESET.entries(name) for word in entry.split()
    }
    assert not {telling(entry) for entry in POOLS.entries(kind)} & known


def test_streets_and_counties_end_as_such():
    suffixes = RULESET.members("street-suffixes")
    assert all(street.split()[1].casefold() in suffixes for street in POOLS.streets)
    assert all(county.endswith(" County") for county in POOLS.counties)


@given(seed=st.binary(min_size=32, max_size=32), kind=st.sampled_from(KINDS))
def test_a_pick_is_the_seeds_own_and_occurs_nowhere(seed, kind):
    first = POOLS.pick(kind, Draw(seed))
    assert first == POOLS.pick(kind, Draw(seed))
    second = replace(POOLS, present=frozenset({telling(first)})).pick(kind, Draw(seed))
    third = POOLS.pick(kind, Draw(seed), {telling(first)})
    assert second == third != first
    assert POOLS.pick(kind, Draw(seed), suits=lambda word: word != telling(first)) == third


def test_words_that_occur_leave_other_picks_as_they_were():
    seeds = [bytes([n]) * 32 for n in range(100)]
    gone = POOLS.pick("surnames", Draw(seeds[0]))
    fewer = replace(POOLS, present=frozenset({telling(gone)}))
    changed = [
        s for s in seeds if POOLS.pick("surnames", Draw(s)) != fewer.pick("surnames", Draw(s))
    ]
    assert seeds[0] in changed
    assert len(changed) < 5


def test_a_generic_word_that_occurs_bars_no_entry():
    pools = replace(POOLS, present=frozenset({"lane", "street", "hospital", "county", "center"}))
    for kind in KINDS:
        assert pools.pick(kind, Draw(bytes(32))) == POOLS.pick(kind, Draw(bytes(32)))


def test_nothing_is_picked_where_nothing_is_left():
    pools = replace(POOLS, present=POOLS.words())
    assert all(pools.pick(kind, Draw(bytes(32))) is None for kind in KINDS)


def test_a_name_is_borne_by_women_men_or_both():
    assert POOLS.borne_by("patricia") == "female"
    assert POOLS.borne_by("kevin") == "male"
    assert POOLS.borne_by("jamie") == "neutral"
    assert POOLS.borne_by("marlowick") is None


def test_what_occurs_in_the_data_is_not_shown_but_travels():
    pools = replace(POOLS, present=frozenset({"canaryword"}))
    assert "canaryword" not in repr(pools)
    again = pickle.loads(pickle.dumps(pools))  # noqa: S301 - our own bytes
    assert again == pools
    assert not again.occurs("5550100")

"""What is invented: never issued, in the style it says, and without a word of what stands there."""

import ipaddress
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from phisweep.canary import noise, phrases
from phisweep.canary.chance import Chance
from phisweep.canary.sampling import Sample
from phisweep.canary.values import LIKE, TELLING, WRITTEN, dates
from phisweep.canary.values.base import Kit
from phisweep.canary.values.dates import STYLES, style_of
from phisweep.keys import fold
from phisweep.model import IDENTIFIERS, LETTERS
from phisweep.ruleset.load import load_ruleset
from phisweep.transform.surrogates.pools import Pools
from phisweep.transform.surrogates.postal import FREE_PREFIXES

SEEDS = st.integers(0, 10**6)
CANNOT = {"biometric", "photo"}


@pytest.fixture(scope="module")
def kit():
    return Kit(Pools.of(load_ruleset()), ("DD-Mon-YYYY",), {"mrn": ("QX-0041776",)})


def digits(text):
    return "".join(c for c in text if c.isdigit())


def test_every_identifier_that_can_be_written_is_invented():
    assert set(WRITTEN) == set(TELLING) == set(LIKE) == set(IDENTIFIERS) - CANNOT


@given(seed=SEEDS)
@settings(max_examples=60, deadline=None)
def test_numbers_are_of_ranges_that_nobody_has(kit, seed):
    def made(identifier):
        return WRITTEN[identifier](Chance(seed, identifier), kit).text

    ssn = digits(made("ssn"))
    assert len(ssn) == 4 or ssn[0] == "9"
    for identifier in ("phone", "fax"):
        number = digits(re.sub(r"\s*x\d+$", "", made(identifier)))
        assert number[-7:-2] == "55501"
    assert re.search(r"example\.(org|com|net)$", made("email").lower())
    assert re.search(r"(www\.|//)(\w+\.)?example\.(org|com|net)/|//example\.org/", made("url"))
    host = made("ip").removesuffix(":8080")
    kept = ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32")
    assert any(ipaddress.ip_address(host) in ipaddress.ip_network(net) for net in kept)
    assert made("zip")[:3] in FREE_PREFIXES
    assert int(made("age")) >= 90


@pytest.mark.parametrize("style", STYLES)
@given(seed=SEEDS)
@settings(max_examples=10, deadline=None)
def test_a_date_is_of_the_style_that_it_says(kit, style, seed):
    made = dates._written(style, Chance(seed, style), kit)
    assert re.fullmatch(STYLES[style][0], made.text)
    assert made.style == style


@pytest.mark.parametrize("style", sorted(set(STYLES) - {"M/D/YYYY"}))
def test_a_date_that_stands_there_gives_its_style(kit, style):
    text = dates._written(style, Chance(1, style), kit).text
    assert style_of(text) in {style, "M/D/YYYY", "MM/DD/YYYY", "YYYYMMDD", "M/D"}
    assert re.fullmatch(STYLES[style_of(text)][0], text)


LIKES = {
    "name": "QUILLFEATHER, ZEPHYRINE (VIP 41776)",
    "location": "12 Oystercatcher Lane, Brambleshade",
    "mrn": "QXVIP-0041776",
    "health_plan": "ZEPHYRINE 41776",
    "account": "Brambleshade 0041776",
    "other_id": "quillfeather-41776",
    "phone": "617-555-0123 ask for Zephyrine",
    "email": "zephyrine@brambleshade.example.org",
    "url": "https://brambleshade.example.org/zephyrine",
}


@pytest.mark.parametrize("identifier", sorted(LIKE))
def test_nothing_of_what_stands_there_is_in_what_is_invented_like_it(kit, identifier):
    like = LIKES.get(identifier, "Brambleshade 0041776")
    words = [w.lower() for w in re.findall(r"[^\W\d_]{4,}|\d{4,}", like)]
    for seed in range(20):
        made = LIKE[identifier](Chance(seed), kit, like, "").text.lower()
        assert not [
            word for word in words if word in made and word not in {"lane", "example", "https"}
        ]


@given(
    identifier=st.sampled_from(sorted(WRITTEN)),
    seed=SEEDS,
    make=st.sampled_from((WRITTEN, TELLING)),
)
@settings(max_examples=150, deadline=None)
def test_what_is_invented_has_phrases_and_something_that_tells(kit, identifier, seed, make):
    made = make[identifier](Chance(seed, identifier), kit)
    kept = {i for a, b in made.free for i in range(a, b)}
    assert any(c.isalnum() for i, c in enumerate(made.text) if i not in kept)
    for line in (True, False):
        found = phrases.suited(made.topic, line=line, told=made.told)
        assert found
        assert all(phrase.words.count("{}") == 1 for phrase in found)
        assert not made.told or {phrase.carrier for phrase in found} == {"label"}


def test_every_topic_of_the_phrases_is_used(kit):
    used = {
        make[identifier](Chance(seed, identifier), kit).topic
        for make in (WRITTEN, TELLING)
        for identifier in make
        for seed in range(80)
    }
    assert used == set(phrases.PHRASES)


@given(identifier=st.sampled_from(sorted(WRITTEN)), seed=SEEDS, lines=st.booleans())
@settings(max_examples=150, deadline=None)
def test_noise_leaves_a_value_and_says_what_it_did(kit, identifier, seed, lines):
    value = WRITTEN[identifier](Chance(seed, identifier), kit).text
    written = ("Name: ", value, " and more.")
    kind, noisy = noise.add(identifier, written, Chance(seed), lines=lines)
    assert (kind == noise.NONE) == (noisy == written)
    assert kind == noise.NONE or kind in noise.NOISES
    assert lines or "\n" not in "".join(noisy)
    assert abs(len(fold(noisy[1])) - len(fold(value))) <= 1


def test_no_two_identifiers_lack_a_letter():
    assert {IDENTIFIERS[name] for name in WRITTEN} == set(LETTERS) - {"P", "Q"}


@given(st.lists(st.floats(0, 0.999), max_size=60, unique=True), st.integers(1, 9))
def test_a_sample_keeps_the_lowest_priorities_in_their_order(priorities, size):
    sample = Sample(size)
    for priority in priorities:
        sample.offer(priority, priority)
    assert sample.kept() == sorted(priorities)[:size]
    assert sample.kept(1) == sorted(priorities)[:1]


def test_the_same_seed_and_purpose_give_the_same_chance():
    def drawn(*purpose):
        chance = Chance(*purpose)
        return [chance.below(10**9) for _ in range(5)], chance.digits(9), chance.fraction()

    assert drawn(1, "a") == drawn(1, "a") != drawn(1, "b") != drawn(2, "b")

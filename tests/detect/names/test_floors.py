"""Of what the network is sure for no good reason it must be surer."""

import pytest

from phisweep.detect.names.floors import (
    CERTAIN,
    INITIALS,
    NEVER,
    PLACES,
    SMALL,
    SURE,
    TOLD,
    UNKNOWN,
    Floors,
)
from phisweep.detect.names.kinds import Kinds
from phisweep.ruleset.load import load_ruleset


@pytest.fixture(scope="module")
def floors():
    ruleset = load_ruleset()
    return Floors(Kinds.of_rules(ruleset), ruleset.members("abbreviations"))


@pytest.mark.parametrize(
    ("label", "text", "floor"),
    [
        ("NAME", "Quimblewick", 0.0),
        ("NAME", "Foley", SURE),
        ("NAME", "swelling", SURE),
        ("NAME", "MRI", NEVER),
        ("NAME", "mri", NEVER),
        ("NAME", "CS", SURE),
        ("NAME", "Q X", INITIALS),
        ("NAME", "a.m", CERTAIN),
        ("NAME", "MRI Quimblewick", 0.0),
        ("PLACE", "the blue swelling", PLACES),
        ("PLACE", "Quimblewick", 0.0),
        ("NAME", "rose", SMALL),
        ("NAME", "quimblewick", UNKNOWN),
        ("NAME", "diaz", 0.0),
        ("ORG", "MRI", PLACES),
        ("DATE", "Quimble", TOLD),
        ("DATE", "on her birthday", 0.0),
        ("DATE", "Diwali", 0.0),
    ],
)
def test_words_that_are_no_name_by_themselves_ask_for_more(floors, label, text, floor):
    words = text.replace(".", " ").split()
    assert floors.of(label, text, words) == floor

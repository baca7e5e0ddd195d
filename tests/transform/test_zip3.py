"""The ZIP3 table says what the census said."""

import pytest

from phisweep.errors import RuleError
from phisweep.ruleset.load import Ruleset, default_folder, read_file
from phisweep.ruleset.schema import ListsFile
from phisweep.transform.zip3 import PEOPLE, allowed_prefixes, populations, small_prefixes

#: HHS guidance of 26 November 2012 for 2000; the counts of the 2010 and 2020 censuses.
IN_ALL = {"036", "059", "102", "203", "556", "692", "821", "823", "878", "879", "884", "893"}
SMALL_2000 = IN_ALL | {"063", "790", "830", "831", "890"}
SMALL_2010 = IN_ALL | {"205", "369"}
SMALL_2020 = IN_ALL | {"202", "204", "205", "369", "753", "772"}


@pytest.fixture(scope="module")
def ruleset():
    folder = default_folder()
    lists = read_file(folder / "lists" / "index.yaml", ListsFile).lists
    return Ruleset(folder, (), {}, lists, "")


def test_the_table_is_the_census_of_2020(ruleset):
    table = populations(ruleset)
    assert len(table) == 894
    assert sum(table.values()) == 334_726_586
    assert {prefix for prefix, people in table.items() if people <= PEOPLE} == SMALL_2020
    assert len(SMALL_2020) == 18


def test_strict_zeroes_the_union_of_three_censuses(ruleset):
    assert small_prefixes(ruleset) == SMALL_2000 | SMALL_2010 | SMALL_2020
    assert len(small_prefixes(ruleset)) == 23
    strict = allowed_prefixes(ruleset, "strict", 0.0)
    assert allowed_prefixes(ruleset, "2020", 0.0) - strict == SMALL_2000 - SMALL_2020


@pytest.mark.parametrize(
    ("prefix", "in_2020", "in_strict"),
    [
        ("100", True, True),
        ("999", True, True),
        ("036", False, False),
        ("059", False, False),
        ("063", True, False),
        ("203", False, False),
        ("821", False, False),
        ("000", False, False),
        ("969", False, False),
        ("192", False, False),
    ],
)
def test_a_prefix_is_kept_or_not(ruleset, prefix, in_2020, in_strict):
    assert (prefix in allowed_prefixes(ruleset, "2020", 0.0)) is in_2020
    assert (prefix in allowed_prefixes(ruleset, "strict", 0.0)) is in_strict


def test_a_margin_of_a_tenth_adds_two(ruleset):
    without = allowed_prefixes(ruleset, "2020", 0.0)
    assert without - allowed_prefixes(ruleset, "2020", 0.1) == {"576", "999"}


@pytest.mark.parametrize(("census", "margin"), [("2010", 0.0), ("2020", -0.1)])
def test_settings_out_of_range_are_rule_errors(ruleset, census, margin):
    with pytest.raises(RuleError, match="E175"):
        allowed_prefixes(ruleset, census, margin)

"""What `{name}` in a pattern stands for."""

import re

import pytest

from phisweep.detect.expand import expand, letters
from phisweep.errors import RuleError
from phisweep.ruleset.load import Ruleset, load_ruleset


class Lists(Ruleset):
    """A rule set with lists of our own."""

    __slots__ = ("mine",)

    def entries(self, name):
        if name in {"few", "many"}:
            return ("St.", "Street", "a b") if name == "few" else tuple(map(str, range(2000)))
        return Ruleset.entries(self, name)


@pytest.fixture(scope="module")
def ruleset(rules_folder):
    given = load_ruleset(rules_folder)
    return Lists(given.folder, given.rules, given.operators, given.lists, given.sha256)


@pytest.mark.parametrize(
    ("regex", "expect"),
    [
        ("abc", "abc"),
        (r"\d{3}", r"\d{3}"),
        (r"a{2,4}", r"a{2,4}"),
        ("{m}x", "(?:[01]\\d)x"),
        ("{nested}", "(?:-(?:[01]\\d)-)"),
        ("{few}", r"(?:Street|St\.|a\ b)"),
    ],
)
def test_definitions_and_lists_take_their_place(ruleset, regex, expect):
    assert expand(regex, {"m": r"[01]\d", "nested": "-{m}-"}, ruleset) == expect


@pytest.mark.parametrize(
    ("kind", "inside", "outside"),
    [
        ("Lu", "AZÉŁΩЖ", "azéω1_ "),
        ("Ll", "azéłωж\u0301", "AZÉ1_ "),
        ("L", "AzÉéŁłΩωЖж\u0301", "1_ -"),
    ],
)
def test_letters_are_those_of_our_scripts(ruleset, kind, inside, outside):
    pattern = re.compile(expand(f"[{{{kind}}}]", {}, ruleset))
    assert [c for c in inside if not pattern.fullmatch(c)] == []
    assert [c for c in outside if pattern.fullmatch(c)] == []
    assert letters(kind) is letters(kind)


@pytest.mark.parametrize(
    ("regex", "define", "code"),
    [
        ("{nonsense}", {}, "E151"),
        ("{many}", {}, "E164"),
        ("{a}", {"a": "{b}", "b": "{a}"}, "E163"),
    ],
)
def test_what_cannot_be_put_in_place_is_a_rule_error(ruleset, regex, define, code):
    with pytest.raises(RuleError) as caught:
        expand(regex, define, ruleset)
    assert caught.value.code == code

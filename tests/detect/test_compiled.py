"""What is kept of compiled expressions is what `re` makes, and nothing depends on it."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phisweep import caches
from phisweep.detect import compiled
from phisweep.detect.compiled import Compiled
from phisweep.detect.factor import factored
from phisweep.detect.patterns import RuleEngine
from phisweep.detect.rules import Pattern, exceptions_of
from phisweep.model import Location, Text
from phisweep.ruleset.load import default_folder, load_ruleset
from phisweep.ruleset.schema import PatternEntry

NOTE = Text(Location("source", "text"), "SSN 987-65-4320, fax 555-0142, Fax: (202) 555-0142")
PARTS = ("kiwi", "[a-z]{2,5}", r"\d+", "(?P<phi>x|yy)", "(?i:Jam)", "(?<=a)", r"\b", "é", "(?:a|)")


@pytest.fixture(scope="module")
def ruleset():
    return load_ruleset(default_folder())


@pytest.fixture
def cache(tmp_path, monkeypatch):
    monkeypatch.setattr(caches, "folder", lambda: tmp_path / "cache")
    return tmp_path / "cache"


def kept(cache):
    return sorted(cache.glob("regexes-*"))


def fail():
    raise AssertionError


def same(one, other):
    return one == other and one.groupindex == other.groupindex and one.pattern == other.pattern


def through(sources, flags=0):
    """What a second run gets of expressions that a first one has compiled."""
    first = Compiled("kiwi")
    made = [first.get(source, lambda source=source: source, flags) for source in sources]
    del first
    second = Compiled("kiwi")
    return made, [second.get(source, fail, flags) for source in sources]


def test_every_expression_of_the_rules_is_had_again_as_re_makes_it(cache, ruleset):
    patterns = [
        Pattern(rule, entry, ruleset)
        for rule in ruleset.rules
        for entry in rule.detect
        if isinstance(entry, PatternEntry)
    ]
    sources = {}
    for sought in (*patterns, *exceptions_of(ruleset.rules, ruleset)):
        plain = sought.source if sought.flags & re.VERBOSE else factored(sought.source)
        sources.setdefault(sought.flags, []).append(plain)
    for flags, some in sources.items():
        made, again = through(some, flags)
        truth = [re.compile(source, flags) for source in some]
        assert all(map(same, made, truth))
        assert all(map(same, again, truth))


@given(st.lists(st.sampled_from(PARTS), max_size=6, unique=True), st.sampled_from([0, 2, 64, 66]))
def test_whatever_is_kept_equals_what_re_makes(tmp_path_factory, parts, flags):
    with pytest.MonkeyPatch.context() as patch:
        folder = tmp_path_factory.mktemp("kept")
        patch.setattr(caches, "folder", lambda: folder)
        text = "".join(parts)
        for source in (text, text.encode() if text.isascii() else text):
            (made,), (again,) = through([source], flags)
            assert same(made, re.compile(source, flags))
            assert same(again, made)


def test_a_run_finds_the_same_by_what_is_kept(cache, ruleset):
    rules = [rule for rule in ruleset.rules if rule.id in {"ssn", "fax"}]
    engine = RuleEngine(rules, ruleset)
    first = engine.find(NOTE, 0.0)
    del engine
    assert len(kept(cache)) == 1
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(compiled, "_record", None)
        assert RuleEngine(rules, ruleset).find(NOTE, 0.0) == first
    assert first


def test_what_two_runs_compile_at_a_time_is_all_kept(cache):
    one, other = Compiled("kiwi"), Compiled("kiwi")
    one.get("a", lambda: "a")
    other.get("b", lambda: "b")
    del one, other
    third = Compiled("kiwi")
    assert [third.get(x, fail).pattern for x in "ab"] == ["a", "b"]


def test_what_is_made_of_other_things_is_compiled_anew(cache):
    through(["a"])
    assert Compiled("kiwi").get("a", lambda: "b", re.IGNORECASE) == re.compile("b", re.IGNORECASE)
    assert Compiled("other").get("a", lambda: "c") == re.compile("c")


def test_another_python_compiles_anew(cache, monkeypatch):
    through(["a"])
    monkeypatch.setattr("sys.version", "3.99")
    assert Compiled("kiwi").get("a", lambda: "b") == re.compile("b")


@pytest.mark.parametrize("spoil", ["nothing", "head", "code", "text", "short"])
def test_a_damaged_file_is_as_none(cache, spoil):
    through(["kiwi|jam"])
    (file,) = kept(cache)
    data = bytearray(file.read_bytes())
    at = {"head": 40, "code": data.index(b"\n", 20) + 8, "text": len(data) - 2}.get(spoil)
    if at:
        data[at] ^= 1
    file.write_bytes({"nothing": b"", "short": data[:-9]}.get(spoil, bytes(data)))
    assert Compiled("kiwi").get("kiwi|jam", lambda: "kiwi|jam") == re.compile("kiwi|jam")


def test_a_python_without_that_way_in_compiles_as_ever(cache, monkeypatch):
    monkeypatch.setattr(compiled, "_sre", None)
    assert Compiled("kiwi").get("a", lambda: "a", re.IGNORECASE) == re.compile("a", re.IGNORECASE)
    assert not kept(cache)


def test_the_expressions_of_a_site_are_never_kept(cache, ruleset):
    mine = next(rule for rule in ruleset.rules if rule.id == "ssn").model_copy()
    engine = RuleEngine([mine], ruleset)
    assert engine.find(NOTE, 0.0)
    del engine
    assert not kept(cache)


def test_what_is_no_expression_is_an_error_as_ever(cache):
    with pytest.raises(re.error):
        Compiled("kiwi").get("(", lambda: "(")

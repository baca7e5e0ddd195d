"""Searching by Hyperscan finds the same, and nothing depends on what is kept for it."""

import pytest

from phisweep import caches
from phisweep.detect import patterns, scanner
from phisweep.detect.patterns import RuleEngine
from phisweep.model import Location, Text
from phisweep.ruleset.load import default_folder, load_ruleset
from phisweep.ruleset.schema import PatternEntry

pytest.importorskip("hyperscan")

TEXT = "SSN 987-65-4320 and ssn: 987 65 4320. Fax: (202) 555-0142, grade 3 of 4, fax 555-0142"
BLOCK = Text(Location("source", "text"), TEXT)


@pytest.fixture(scope="module")
def ruleset():
    return load_ruleset(default_folder())


@pytest.fixture
def rules(ruleset, tmp_path, monkeypatch):
    monkeypatch.setattr(caches, "folder", lambda: tmp_path / "cache")
    return [rule for rule in ruleset.rules if rule.id in {"ssn", "fax"}]


@pytest.fixture
def truth(rules, ruleset):
    """The findings of literals alone."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(scanner, "hyperscan", None)
        engine = RuleEngine(rules, ruleset)
        assert not engine.scan()
        return engine.find(BLOCK, 0.0)


def kept(tmp_path):
    return sorted((tmp_path / "cache").glob("places*"))


def test_it_is_made_when_asked_for_and_kept(rules, ruleset, truth, tmp_path, monkeypatch):
    engine = RuleEngine(rules, ruleset)
    assert not kept(tmp_path)
    assert engine.scan()
    assert kept(tmp_path)
    monkeypatch.setattr(scanner, "_made", None)
    again = RuleEngine(rules, ruleset)
    assert again.scan()
    assert truth
    assert engine.find(BLOCK, 0.0) == again.find(BLOCK, 0.0) == truth


def test_what_is_kept_is_read_when_the_first_text_comes(rules, ruleset, tmp_path, monkeypatch):
    assert RuleEngine(rules, ruleset).scan()
    read = []
    load = caches.load_bytes
    monkeypatch.setattr(caches, "load_bytes", lambda *a: read.append(a[0]) or load(*a))
    engine = RuleEngine(rules, ruleset)
    assert not [name for name in read if name.startswith("places")]
    engine.find(Text(Location("source", "text"), TEXT, kind="code"), 0.0)
    code = [name for name in read if name.startswith("places")]
    engine.find(BLOCK, 0.0)
    assert set(code) < {name for name in read if name.startswith("places")}


def test_a_run_that_searches_for_long_makes_it(rules, ruleset, truth, tmp_path, monkeypatch):
    monkeypatch.setattr(patterns, "_PATIENCE", 0.0)
    engine = RuleEngine(rules, ruleset)
    assert engine.find(BLOCK, 0.0) == truth
    assert kept(tmp_path)
    assert engine.find(BLOCK, 0.0) == truth


@pytest.mark.parametrize("content", [b"", b"kiwi", None])
def test_a_damaged_file_is_as_none(rules, ruleset, truth, tmp_path, content):
    assert RuleEngine(rules, ruleset).scan()
    engine = RuleEngine(rules, ruleset)
    for file in kept(tmp_path):
        data = bytearray(file.read_bytes())
        data[len(data) // 2] ^= 1
        file.write_bytes(data if content is None else content)
    assert engine.find(BLOCK, 0.0) == truth
    assert RuleEngine(rules, ruleset).scan()
    assert RuleEngine(rules, ruleset).find(BLOCK, 0.0) == truth


def test_a_file_that_goes_while_it_is_used_is_missed_by_nobody(rules, ruleset, truth, tmp_path):
    assert RuleEngine(rules, ruleset).scan()
    engine = RuleEngine(rules, ruleset)
    for file in kept(tmp_path):
        file.unlink()
    assert engine.find(BLOCK, 0.0) == truth


def test_a_folder_that_others_may_write_to_is_not_believed(rules, ruleset, truth, tmp_path):
    assert RuleEngine(rules, ruleset).scan()
    (tmp_path / "cache").chmod(0o777)
    engine = RuleEngine(rules, ruleset)
    assert engine.find(BLOCK, 0.0) == truth


def test_a_pattern_that_hyperscan_refuses_leaves_all_to_literals(
    rules, ruleset, truth, monkeypatch
):
    monkeypatch.setattr(scanner, "backwards", lambda *_: b"(")
    engine = RuleEngine(rules, ruleset)
    assert not engine.scan()
    assert engine.find(BLOCK, 0.0) == truth


def test_a_sites_own_patterns_are_sought_beside_it(rules, ruleset, tmp_path):
    entry = next(entry for entry in rules[0].detect if isinstance(entry, PatternEntry))
    entry = entry.model_copy(update={"regex": "kiwi jam", "context": (), "check": None})
    own = rules[0].model_copy(update={"detect": (entry,), "exceptions": ()})
    engine = RuleEngine([*rules, own], ruleset)
    assert engine.scan()
    text = f"kiwi jam, {TEXT}"
    found = engine.find(Text(Location("source", "text"), text), 0.0)
    assert "kiwi jam" in {text[f.start : f.end] for f in found}
    assert {f.identifier for f in found} >= {"ssn", "fax"}

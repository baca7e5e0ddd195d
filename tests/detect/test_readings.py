"""What is kept between runs is kept safely, and nothing depends on it."""

import json
import stat

import pytest

from phisweep.detect import readings
from phisweep.detect.patterns import RuleEngine
from phisweep.detect.readings import cache_folder, read_patterns
from phisweep.ruleset.load import default_folder, load_ruleset


@pytest.fixture(scope="module")
def ruleset():
    return load_ruleset(default_folder())


@pytest.fixture
def patterns(ruleset, tmp_path, monkeypatch):
    monkeypatch.setattr(readings, "cache_folder", lambda: tmp_path / "cache")
    return RuleEngine([r for r in ruleset.rules if r.id in {"ssn", "fax"}], ruleset).patterns


def kept(tmp_path):
    return sorted((tmp_path / "cache").glob("*"))


def test_the_second_run_reads_what_the_first_has_kept(patterns, ruleset, tmp_path, monkeypatch):
    fresh = read_patterns(patterns, ruleset)
    for pattern in patterns:
        monkeypatch.setattr(type(pattern), "read", None)
    assert read_patterns(patterns, ruleset) == fresh
    assert len(kept(tmp_path)) == 1


def test_only_its_owner_may_read_it(patterns, ruleset, tmp_path):
    read_patterns(patterns, ruleset)
    for path in (tmp_path / "cache", *kept(tmp_path)):
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0


@pytest.mark.parametrize("content", ["", "{", "[]", "null", '{"a": 1}', '{"a": [1, 2, [9], 3]}'])
def test_a_damaged_file_is_as_none(patterns, ruleset, tmp_path, content):
    fresh = read_patterns(patterns, ruleset)
    kept(tmp_path)[0].write_text(content)
    assert read_patterns(patterns, ruleset) == fresh


def test_a_folder_that_others_may_write_to_is_not_believed(patterns, ruleset, tmp_path):
    fresh = read_patterns(patterns, ruleset)
    file = kept(tmp_path)[0]
    file.write_text(json.dumps({key: [1, 1, None, None] for key in json.loads(file.read_text())}))
    (tmp_path / "cache").chmod(0o777)
    assert read_patterns(patterns, ruleset) == fresh


def test_a_folder_that_cannot_be_written_is_no_error(patterns, ruleset, tmp_path, monkeypatch):
    (tmp_path / "file").write_text("")
    monkeypatch.setattr(readings, "cache_folder", lambda: tmp_path / "file" / "cache")
    assert read_patterns(patterns, ruleset) == [p.read({}) for p in patterns]


def test_a_changed_pattern_is_read_anew(patterns, ruleset, tmp_path):
    read_patterns(patterns, ruleset)
    rule = patterns[0].rule
    entry = rule.detect[0].model_copy(update={"regex": "kiwi"})
    changed = rule.model_copy(update={"detect": (entry, *rule.detect[1:])})
    engine = RuleEngine([changed], ruleset)
    assert set(read_patterns(engine.patterns, ruleset)[0].trigger.literals) == {b"kiwi"}


def test_the_rules_of_a_site_are_never_kept(ruleset, tmp_path, monkeypatch):
    monkeypatch.setattr(readings, "cache_folder", lambda: tmp_path / "cache")
    mine = ruleset.rules[0].model_copy()
    RuleEngine([mine], ruleset)
    assert kept(tmp_path) == []


def test_readings_of_old_versions_go(patterns, ruleset, tmp_path):
    kept(tmp_path)[0].unlink()
    for i in range(9):
        (tmp_path / "cache" / f"readings-{i}.json").write_text("{}")
    read_patterns(patterns, ruleset)
    assert len(kept(tmp_path)) == 4


def test_caches_stand_where_the_system_wants_them(monkeypatch, tmp_path):
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert cache_folder() == tmp_path / "phisweep"
    monkeypatch.delenv("XDG_CACHE_HOME")
    assert cache_folder().parts[-2:] == (".cache", "phisweep")

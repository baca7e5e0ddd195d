"""What is kept between runs is kept safely, and nothing depends on it."""

import json
import stat

import pytest

from phisweep import caches
from phisweep.detect.patterns import RuleEngine
from phisweep.detect.prefilter import Prefilter, merge
from phisweep.detect.readings import prepared, read_patterns
from phisweep.ruleset.load import default_folder, load_policy, load_ruleset

TEXTS = ["SSN 987-65-4320, fax 555-0142", "Fax: (202) 555-0142", "nothing here", "ssn 987654320"]


@pytest.fixture(scope="module")
def ruleset():
    return load_ruleset(default_folder())


@pytest.fixture
def patterns(ruleset, tmp_path, monkeypatch):
    monkeypatch.setattr(caches, "folder", lambda: tmp_path / "cache")
    return RuleEngine([r for r in ruleset.rules if r.id in {"ssn", "fax"}], ruleset).patterns


def kept(tmp_path, kind="*"):
    return sorted((tmp_path / "cache").glob(f"{kind}-*"))


def sealed(file, data):
    text = json.dumps(data).encode()
    file.write_bytes(caches._seal(text) + b"\n" + text)


def spans(readings, merged):
    found = Prefilter(readings, merged)
    return [sorted(found.spans(text)) for text in TEXTS]


def test_the_second_run_reads_what_the_first_has_kept(patterns, ruleset, tmp_path, monkeypatch):
    fresh = read_patterns(patterns, ruleset)
    monkeypatch.setattr(type(patterns[0]), "read", None)
    assert read_patterns(patterns, ruleset) == fresh
    assert [len(kept(tmp_path, kind)) for kind in ("readings", "patterns")] == [1, 1]


def test_what_is_kept_ready_for_use_finds_the_same_places(patterns, ruleset, monkeypatch):
    fresh = [pattern.read({}) for pattern in patterns]
    expected = spans(fresh, merge(fresh))
    assert expected == spans(fresh, None)
    assert any(found for found in expected)
    monkeypatch.setattr(type(patterns[0]), "read", None)
    readings, merged = prepared(patterns, ruleset)
    assert merged is not None
    assert not any(reading.trigger.literals for reading in readings if reading.trigger)
    assert spans(readings, merged) == expected


def test_rules_are_the_same_from_their_files_and_from_the_last_run(tmp_path, monkeypatch):
    monkeypatch.setattr(caches, "folder", lambda: tmp_path / "cache")
    runs = []
    for _ in range(2):
        ruleset = load_ruleset(default_folder())
        policy = load_policy("limited-data-set", ruleset)
        runs.append((ruleset.rules, ruleset.fields, ruleset.operators, ruleset.lists, policy))
    assert runs[0] == runs[1]
    assert len(kept(tmp_path, "rules")) == 1


def test_only_its_owner_may_read_it(patterns, ruleset, tmp_path):
    for path in (tmp_path / "cache", *kept(tmp_path)):
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0


@pytest.mark.parametrize("content", ["", "{", "[]", "null", '{"a": 1}', '{"a": [1, 2, [9], 3]}'])
@pytest.mark.parametrize("seal", [False, True])
def test_a_damaged_file_is_as_none(patterns, ruleset, tmp_path, content, seal):
    fresh = read_patterns(patterns, ruleset)
    for file in kept(tmp_path):
        text = content.encode()
        file.write_bytes(caches._seal(text) + b"\n" + text if seal else text)
    assert read_patterns(patterns, ruleset) == fresh
    for file in kept(tmp_path, "patterns"):
        file.write_text(content)
    assert spans(*prepared(patterns, ruleset)) == spans(fresh, None)


def test_a_file_of_which_a_byte_has_changed_is_not_believed(patterns, ruleset, tmp_path):
    fresh = read_patterns(patterns, ruleset)
    for file in kept(tmp_path):
        data = bytearray(file.read_bytes())
        data[len(data) // 2] ^= 1
        file.write_bytes(data)
    assert read_patterns(patterns, ruleset) == fresh
    assert spans(*prepared(patterns, ruleset)) == spans(fresh, None)


def test_a_folder_that_others_may_write_to_is_not_believed(patterns, ruleset, tmp_path):
    fresh = read_patterns(patterns, ruleset)
    (file,) = kept(tmp_path, "readings")
    data = json.loads(file.read_bytes().partition(b"\n")[2])
    sealed(file, {key: [1, 1, 1, 1, None, None, 0, 0] for key in data})
    assert read_patterns(patterns, ruleset) != fresh
    (tmp_path / "cache").chmod(0o777)
    assert read_patterns(patterns, ruleset) == fresh


def test_a_folder_that_cannot_be_written_is_no_error(patterns, ruleset, tmp_path, monkeypatch):
    (tmp_path / "file").write_text("")
    monkeypatch.setattr(caches, "folder", lambda: tmp_path / "file" / "cache")
    assert read_patterns(patterns, ruleset) == [p.read({}) for p in patterns]


def test_a_changed_pattern_is_read_anew(patterns, ruleset, tmp_path):
    read_patterns(patterns, ruleset)
    rule = patterns[0].rule
    entry = rule.detect[0].model_copy(update={"regex": "kiwi"})
    changed = rule.model_copy(update={"detect": (entry, *rule.detect[1:])})
    engine = RuleEngine([changed], ruleset)
    assert set(read_patterns(engine.patterns, ruleset)[0].trigger.literals) == {b"kiwi"}


def test_the_rules_of_a_site_are_never_kept(ruleset, tmp_path, monkeypatch):
    monkeypatch.setattr(caches, "folder", lambda: tmp_path / "cache")
    mine = ruleset.rules[0].model_copy()
    RuleEngine([mine], ruleset)
    assert kept(tmp_path) == []


def test_readings_of_old_versions_go(patterns, ruleset, tmp_path):
    kept(tmp_path, "readings")[0].unlink()
    for i in range(9):
        (tmp_path / "cache" / f"readings-{i}.json").write_text("{}")
    read_patterns(patterns, ruleset)
    assert len(kept(tmp_path, "readings")) == 4


def test_caches_stand_where_the_system_wants_them(monkeypatch, tmp_path):
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert caches.folder() == tmp_path / "phisweep"
    monkeypatch.delenv("XDG_CACHE_HOME")
    assert caches.folder().parts[-2:] == (".cache", "phisweep")

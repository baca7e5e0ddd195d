"""What `phisweep doctor` promises: what is installed, what is missing, what to do."""

from importlib.metadata import PackageNotFoundError, version

import pytest


def test_all_that_is_needed_is_listed_with_its_version(run):
    ran = run("doctor")
    assert ran.status == 0
    for words in ("python", "presidio-analyzer", "rules 2026.1", "format delimited", "network"):
        assert words in ran.out
    assert "MISSING" not in ran.out
    assert "no names model is configured" in ran.out


@pytest.mark.parametrize("missing", ["ahocorasick_rs", "spacy"])
def test_a_missing_component_is_named_with_the_command_and_exits_4(run, monkeypatch, missing):
    def version_(name):
        if name == missing:
            raise PackageNotFoundError
        return version(name)

    monkeypatch.setattr("phisweep.cli.doctor.version", version_)
    ran = run("doctor")
    assert ran.status == 4
    assert f"MISSING  {missing}: pip install {missing}" in ran.out


def test_the_configuration_that_holds_is_named(run, tmp_path):
    (tmp_path / "phisweep.toml").write_text('[nlp]\nmodel = "some-model"\n')
    out = run("doctor").out
    assert "phisweep.toml" in out
    assert "model: some-model" in out

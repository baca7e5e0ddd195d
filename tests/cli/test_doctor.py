"""What `phisweep doctor` promises: what is installed, what is missing, what to do."""

import importlib.util
import sys
from importlib.metadata import PackageNotFoundError, version

import pytest

from phisweep.detect.names.store import open_store
from weights import changed, without_weights


def test_all_that_is_needed_is_listed_with_its_version(run):
    ran = run("doctor")
    assert ran.status == 0
    for words in ("python", "presidio-analyzer", "rules 2026.1", "format delimited", "network"):
        assert words in ran.out
    assert "MISSING" not in ran.out


def test_the_names_model_is_named_with_version_size_and_that_it_is_the_measured_one(run):
    store = open_store()
    (line,) = [each for each in run("doctor").out.splitlines() if "names model" in each]
    assert line.startswith("ok")
    assert store.name in line
    assert store.manifest["version"] in line
    size = sum((store.folder / name).stat().st_size for name in store.manifest["files"])
    assert f"{size / 1e6:.1f} MB" in line
    assert "those that were measured" in line


@pytest.mark.parametrize("broken", [changed, without_weights])
def test_a_names_model_that_is_not_the_measured_one_is_missing(run, tmp_path, monkeypatch, broken):
    folder = broken(tmp_path / "weights")
    monkeypatch.setattr("phisweep.detect.names.store.default_folder", lambda: folder)
    ran = run("doctor")
    assert ran.status == 4
    assert "MISSING  names model" in ran.out
    (tmp_path / "phisweep.toml").write_text("[nlp]\nbundled = false\n")
    ran = run("doctor")
    assert ran.status == 0
    assert "note     names model" in ran.out
    assert "by rules and lists alone" in ran.out


@pytest.mark.parametrize("missing", ["ahocorasick_rs", "onnxruntime", "spacy"])
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
    assert "model of the configuration: some-model" in out
    (line,) = [each for each in out.splitlines() if "names model" in each]
    assert "not used" in line


def test_a_format_whose_extra_is_missing_is_told_with_what_to_install(run, monkeypatch):
    there = importlib.util.find_spec

    def without(name, *rest):
        return None if name == "pypdfium2" else there(name, *rest)

    monkeypatch.setattr("phisweep.cli.doctor.find_spec", without)
    ran = run("doctor")
    (line,) = [each for each in ran.out.splitlines() if "format pdf" in each]
    assert line.startswith("note")
    assert "pip install 'phisweep[pdf]'" in line


def test_a_file_whose_extra_is_missing_is_incomplete_and_says_what_to_install(
    run, tmp_path, monkeypatch
):
    monkeypatch.setitem(sys.modules, "pypdfium2", None)
    (tmp_path / "a.pdf").write_bytes(b"%PDF-1.7\n")
    ran = run("scan", "a.pdf", "--engine", "rules")
    assert ran.status == 3
    assert "pip install 'phisweep[pdf]'" in ran.out
    assert run("deid", "a.pdf", "-o", "out", "--engine", "rules").status == 3
    assert not (tmp_path / "out" / "a.pdf").exists()

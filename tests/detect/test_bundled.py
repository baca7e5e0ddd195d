"""The bundled model runs where it is asked for, is built once, and is never left out in silence."""

import json

import pytest

from phisweep.detect import bundled
from phisweep.detect.names import store
from phisweep.detect.names.model import NamesModel
from phisweep.ruleset.load import load_ruleset
from weights import WEIGHTS, changed, copied, digest_of_manifest, nonsense, without_weights

NOTE = "Patient Ulrica Penhallow was seen by Dr. Agnes Quillfeather today, ssn 987-65-4320.\n"
RULES_ALONE = ("--engine", "rules", "--format", "jsonl")
FULL = ("--engine", "full", "--format", "jsonl")


@pytest.mark.parametrize(
    ("nlp", "expected"),
    [
        ({}, True),
        ({"bundled": None, "model": "", "configuration": ""}, True),
        ({"recognizers": "ours.yaml"}, True),
        ({"model": "a-model"}, False),
        ({"configuration": "nlp.yaml"}, False),
        ({"model": "a-model", "bundled": True}, True),
        ({"bundled": False}, False),
    ],
)
def test_it_runs_unless_another_model_is_named_or_the_configuration_says(nlp, expected):
    assert bundled.asked(nlp) is expected


def test_one_model_a_process_and_folder(rules_folder, tmp_path, monkeypatch):
    first = bundled.names_model(load_ruleset(rules_folder))
    assert bundled.names_model(load_ruleset(rules_folder)) is first
    folder = copied(tmp_path)
    monkeypatch.setattr(store, "default_folder", lambda: folder)
    other = bundled.names_model(load_ruleset(rules_folder))
    assert other is not first
    assert other.store.folder == folder


def test_rounds_of_verification_build_no_second_model(run, tmp_path, monkeypatch):
    built = []
    load = NamesModel.load

    def counted(*arguments):
        built.append(arguments)
        return load(*arguments)

    folder = copied(tmp_path / "weights")
    monkeypatch.setattr(store, "default_folder", lambda: folder)
    monkeypatch.setattr(NamesModel, "load", counted)
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "n.txt").write_text(NOTE * 3)
    assert run("deid", "data", "-o", "out", "--engine", "full", "--jobs", 1).status == 0
    assert len(built) == 1


def test_what_the_model_finds_is_removed_and_the_report_names_it(run, tmp_path):
    (tmp_path / "n.txt").write_text(NOTE)
    full, alone = run("scan", "n.txt", *FULL), run("scan", "n.txt", *RULES_ALONE)
    rules = {(f["start"], f["end"], f["rule"]) for f in alone.findings}
    both = {(f["start"], f["end"], f["rule"]) for f in full.findings}
    start = NOTE.index("Ulrica")
    assert (start, start + len("Ulrica Penhallow"), "names-model/name") in both - rules
    assert run("deid", "n.txt", "-o", "out", "--engine", "full").status == 0
    text = (tmp_path / "out" / "n.txt").read_text()
    assert "Ulrica" not in text
    assert "Penhallow" not in text
    manifest = json.loads((tmp_path / "out" / "phisweep-report" / "run.json").read_text())[
        "manifest"
    ]
    assert manifest["model"] == store.open_store().name
    assert store.open_store().manifest["files"][WEIGHTS][:12] in manifest["model"]
    assert manifest["components"]["onnxruntime"] not in {"", "unknown"}


def test_a_run_by_rules_names_no_model(run, tmp_path):
    (tmp_path / "n.txt").write_text(NOTE)
    assert run("deid", "n.txt", "-o", "out", "--engine", "rules").status == 0
    manifest = json.loads((tmp_path / "out" / "phisweep-report" / "run.json").read_text())[
        "manifest"
    ]
    assert manifest["model"] == ""
    assert "onnxruntime" not in manifest["components"]


@pytest.mark.parametrize("rule", ["names-model/name", "name"])
def test_its_findings_can_be_asked_for_and_left_out_by_name(run, tmp_path, rule):
    (tmp_path / "n.txt").write_text(NOTE)
    only = run("scan", "n.txt", *FULL, "--rule", rule)
    assert "names-model/name" in {f["rule"] for f in only.findings}
    assert {f["identifier"] for f in only.findings} == {"name"}
    without = run("scan", "n.txt", *FULL, "--ignore-rule", rule)
    assert "names-model/name" not in {f["rule"] for f in without.findings}
    number = NOTE.index("987")
    assert any(f["start"] <= number < f["end"] for f in without.findings)


@pytest.mark.parametrize(
    ("broken", "code"), [(without_weights, "E410"), (changed, "E410"), (nonsense, "E411")]
)
@pytest.mark.parametrize("jobs", [1, 2])
def test_a_model_that_is_missing_or_changed_stops_the_full_engine_alone(
    run, tmp_path, monkeypatch, broken, code, jobs
):
    folder = broken(tmp_path / "weights")
    monkeypatch.setattr(store, "default_folder", lambda: folder)
    if code == "E411":  # released so, by mistake
        monkeypatch.setattr(store, "MANIFEST", digest_of_manifest(folder))
    (tmp_path / "n.txt").write_text(NOTE)
    (tmp_path / "o.txt").write_text(NOTE)
    ran = run("scan", "n.txt", "o.txt", "--engine", "full", "--jobs", jobs)
    assert ran.status == 4
    assert code in ran.err
    assert "Ulrica" not in ran.out + ran.err
    ran = run("deid", "n.txt", "o.txt", "-o", "out", "--engine", "full", "--jobs", jobs)
    assert (ran.status, code in ran.err) == (4, True)
    assert not (tmp_path / "out").exists()
    assert run("scan", "n.txt", *RULES_ALONE).status == 1
    assert run("deid", "n.txt", "-o", "by-rules", "--engine", "rules").status == 0


def test_thresholds_that_somebody_changed_stop_the_full_engine(run, tmp_path, monkeypatch):
    folder = copied(tmp_path / "weights")
    manifest = folder / "model.json"
    manifest.write_text(manifest.read_text().replace('"NAME": 0.', '"NAME": 0.9'))
    monkeypatch.setattr(store, "default_folder", lambda: folder)
    (tmp_path / "n.txt").write_text(NOTE)
    ran = run("scan", "n.txt", "--engine", "full")
    assert (ran.status, "E410" in ran.err) == (4, True)


def test_a_folder_that_is_not_there_stops_the_full_engine(run, tmp_path, monkeypatch):
    monkeypatch.setattr(store, "default_folder", lambda: tmp_path / "nowhere")
    (tmp_path / "n.txt").write_text(NOTE)
    ran = run("scan", "n.txt", "--engine", "full")
    assert ran.status == 4
    assert "E410" in ran.err


def test_a_broken_model_that_nobody_asks_for_stops_nothing(run, tmp_path, monkeypatch):
    monkeypatch.setattr(store, "default_folder", lambda: tmp_path / "nowhere")
    (tmp_path / "n.txt").write_text(NOTE)
    (tmp_path / "phisweep.toml").write_text("[nlp]\nbundled = false\n")
    assert run("scan", "n.txt", *FULL).spans() == run("scan", "n.txt", *RULES_ALONE).spans()

"""Runs over files by `--runner spark`: what the local runner gives, once, whatever happens."""

import json
import re
from pathlib import Path

import pytest

import spark_jobs as jobs
from derived_policy import DERIVED
from phisweep import survey
from phisweep.analysis import Job
from phisweep.apart import documents
from phisweep.config import Config
from phisweep.keys import key_from_bytes
from phisweep.model import Outcome, Source
from phisweep.runs import working
from phisweep.runs.copying import deidentify
from phisweep.runs.searching import scan
from phisweep.runs.settings import Settings
from phisweep.transform.vault import Vault

pytestmark = pytest.mark.usefixtures("context")
KEY = key_from_bytes(b"a secret that is long enough", "a test")
CODE = re.compile(r"\[[A-Z_]+-[B-Z]{10}\]")


@pytest.fixture
def data(tmp_path):
    """A table, lines of JSON, and notes of two people, one of them in two files."""
    folder = tmp_path / "data"
    folder.mkdir()
    rows = [f"A10{i:05},Ida Brambleton{i},1961-03-{i % 28 + 1:02}" for i in range(60)]
    (folder / "patients.csv").write_text("\n".join(["mrn,name,dob", *rows]) + "\n")
    lines = [
        {"mrn": f"A10{i:05}", "note": f"MRN A10{i:05}, seen 2021-04-{i + 1:02}"} for i in (1, 2)
    ]
    (folder / "notes.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    for name in ("killed", "failed", "between", "a", "b"):
        (folder / f"{name}.txt").write_text(
            "MRN: A1000001. Ida Brambleton1 was seen on 2021-04-05; call 212-555-0187.\n"
        )
    return folder


def settings(runner, *, verify=True, **given):
    config = {"engine": "rules", "master": "local[2]", "runner": runner, **given}
    return Settings(config=Config(**config), key=KEY, records=False, verify=verify)


def copies(out):
    return {
        str(path.relative_to(out)): path.read_bytes()
        for path in out.rglob("*")
        if path.is_file() and "phisweep-report" not in path.parts
    }


def by_code(files):
    """Codes by the order in which they first stand, over all files."""
    seen = {}
    text = json.dumps({name: data.decode() for name, data in sorted(files.items())})
    return CODE.sub(lambda match: f"<{seen.setdefault(match[0], len(seen))}>", text)


def told(run):
    return [
        (o.source.name, o.status, o.tallies, o.output, o.linking, o.rows, o.sha256)
        for o in run.outcomes
    ]


def test_where_the_method_derives_the_copies_have_the_same_bytes(data, tmp_path):
    (tmp_path / "derived.yaml").write_text(DERIVED)
    given = {"profile": str(tmp_path / "derived.yaml")}
    there = deidentify([str(data)], tmp_path / "there", settings("spark", **given))
    here = deidentify([str(data)], tmp_path / "here", settings("local", **given))
    assert copies(tmp_path / "there") == copies(tmp_path / "here")
    assert told(there) == told(here)
    assert there.survey == here.survey
    assert there.verification.ok
    assert there.manifest.runner == "spark"


def test_under_safe_harbor_only_the_drawn_codes_differ(data, tmp_path, monkeypatch, mishaps):
    monkeypatch.setattr(working, "Worker", jobs.Mishap)
    monkeypatch.setenv("MISHAPS", str(mishaps))
    deidentify([str(data)], tmp_path / "there", settings("spark"))
    monkeypatch.undo()
    deidentify([str(data)], tmp_path / "here", settings("local"))
    there, here = copies(tmp_path / "there"), copies(tmp_path / "here")
    assert there != here
    assert by_code(there) == by_code(here)
    assert len(set(CODE.findall(there["patients.csv"].decode()))) == 60
    # One was killed and one failed when its copy was whole: they were done again, once.
    assert jobs.attempts(mishaps, "killed") == jobs.attempts(mishaps, "failed") == 2
    assert jobs.attempts(mishaps, "a") == 1
    # One process was killed when the codes were drawn that it had wished for.
    assert jobs.attempts(mishaps, "calls") == 3
    assert {path.name for path in tmp_path.iterdir()} == {"data", "there", "here"}


@pytest.mark.parametrize("deadly", ["Worker", "Surveyor"])
def test_a_small_document_that_always_kills_its_process_costs_none_of_those_beside_it(
    tmp_path, monkeypatch, deadly
):
    (tmp_path / "derived.yaml").write_text(DERIVED)
    folder = tmp_path / "data"
    folder.mkdir()
    for i in range(34):  # so many that two go together
        name = "deadly" if i == 20 else f"n{i:02}"
        note = f"MRN: A10{i:05}. Ida Brambleton{i} was seen on 2021-04-05.\n"
        (folder / f"{name}.txt").write_text(note)
    given = {"profile": str(tmp_path / "derived.yaml"), "verify": False}
    here = deidentify([str(folder)], tmp_path / "here", settings("local", **given))
    if deadly == "Worker":
        monkeypatch.setattr(working, "Worker", jobs.DeadlyWorker)
    else:
        monkeypatch.setattr(survey, "Surveyor", jobs.DeadlySurveyor)
    there = deidentify([str(folder)], tmp_path / "there", settings("spark", **given))
    states = {o.source.name: o.status for o in there.outcomes}
    wanted = copies(tmp_path / "here")
    assert len(wanted) == 34
    if deadly == "Worker":
        assert states.pop("deadly.txt") == "incomplete"
        del wanted[next(o.output for o in here.outcomes if o.source.name == "deadly.txt")]
    assert {*states.values()} == {"changed"}
    assert copies(tmp_path / "there") == wanted


def test_the_names_model_is_loaded_once_a_process_and_copies_have_the_same_bytes(
    data, tmp_path, monkeypatch, mishaps
):
    note = "Ulrica Penhallow was seen by Agnes Quillfeather today; her MRN: A1000001.\n"
    (data / "full.txt").write_text(note)
    (tmp_path / "derived.yaml").write_text(DERIVED)
    given = {"profile": str(tmp_path / "derived.yaml"), "engine": "full", "verify": False}
    monkeypatch.setattr(working, "Worker", jobs.Counted)
    monkeypatch.setenv("MISHAPS", str(mishaps))
    there = deidentify([str(data)], tmp_path / "there", settings("spark", **given))
    monkeypatch.undo()
    here = deidentify([str(data)], tmp_path / "here", settings("local", **given))
    assert copies(tmp_path / "there") == copies(tmp_path / "here")
    assert told(there) == told(here)
    assert b"Penhallow" not in copies(tmp_path / "there")["full.txt"]
    assert there.manifest.model == here.manifest.model != ""
    loads = [path.name.split("-")[1] for path in mishaps.glob("loaded-*")]
    assert 1 <= len(loads) == len({*loads})
    threads = {int(path.name.split("-")[1]) for path in mishaps.glob("threads-*")}
    assert threads
    assert max(threads) <= 8


def test_a_search_finds_what_the_local_runner_finds(data):
    there, here = (scan([str(data)], settings(runner)) for runner in ("spark", "local"))
    assert told(there) == told(here)


def test_a_vault_hears_of_every_code_and_surrogate_and_gives_them_again(data, tmp_path):
    policy = DERIVED.replace("expert", "safe-harbor").replace("(b)(1)", "(b)(2)")
    policy = policy.replace("date: {action: replace, operator: date-shift}", "")
    (tmp_path / "drawn.yaml").write_text(policy)
    with Vault.create(tmp_path / "vault", KEY) as vault:
        given = settings("spark", profile=str(tmp_path / "drawn.yaml"))
        given = Settings(
            config=given.config, key=vault.key, records=False, verify=False, vault=vault
        )
        deidentify([str(data)], tmp_path / "there", given)
        first = copies(tmp_path / "there")
        new = first["patients.csv"].decode().splitlines()[2].split(",")
        assert [o.text for o in vault.originals(new[0])] == ["A1000001"]
        assert [o.text for o in vault.originals(new[1])] == ["Ida Brambleton1"]
    with Vault.open(tmp_path / "vault", KEY) as vault:
        given = Settings(
            config=given.config, key=vault.key, records=False, verify=False, vault=vault
        )
        deidentify([str(data)], tmp_path / "again", given)
    assert copies(tmp_path / "again") == first


def test_two_copies_of_one_name_are_one_copy_and_an_error(tmp_path):
    (tmp_path / ".parts").mkdir()
    source = Source(Path("a"), "a", 1, "a")
    done = []
    for part in ("x", "y"):
        (tmp_path / ".parts" / part).write_text(part)
        job = Job(source, tmp_path / part, part)
        done.append(documents._placed(Outcome(source, "changed", output="same"), job, part))
    assert [outcome.status for outcome in done] == ["changed", "incomplete"]
    assert "E215" in done[1].error
    assert (tmp_path / "same").read_text() == "x"


def test_events_of_spark_hold_no_value(spark_settings, context):
    logs = [path for path in (spark_settings / "events").rglob("*") if path.is_file()]
    text = b"".join(path.read_bytes() for path in logs)
    assert b"SparkListenerTaskEnd" in text
    for value in ("Brambleton", "A1000001", "212-555", KEY.secret.hex(), "patients.csv"):
        assert value.encode() not in text

"""What records.jsonl of a run promises: every finding once, no value, no more memory than needed."""

import json
from collections import Counter

import pytest

from integrity.conftest import NOTE
from phisweep.config import Config
from phisweep.integrity.records import faults
from phisweep.keys import Key
from phisweep.runs import working
from phisweep.runs.copying import deidentify
from phisweep.runs.searching import scan
from phisweep.runs.settings import Settings

CHOSEN = Settings(config=Config(engine="rules", jobs=1), key=Key(b"k" * 32, "the test"))
VALUES = ("Quillfeather", "0041776", "987-65", "617-555")


@pytest.fixture
def data(small_rules, tmp_path):
    folder = tmp_path / "data"
    (folder / "sub").mkdir(parents=True)
    (folder / "note.txt").write_text(NOTE * 3)
    rows = "".join(f"{41776 + i},Ms. Quillfeather\n" for i in range(30))
    (folder / "sub" / "t.csv").write_text("mrn,note\n" + rows)
    (folder / "bad.json").write_text('{"ssn": "987-65-4320"')
    return folder


def lines(path):
    return [json.loads(line) for line in path.read_text().splitlines()]


def of_copies(data, out, **more):
    settings = Settings(config=CHOSEN.config, key=CHOSEN.key, **more)
    return deidentify([str(data)], out, settings)


def test_every_finding_of_a_release_is_a_line_and_no_line_holds_a_value(data, tmp_path):
    run = of_copies(data, tmp_path / "out", audit=True)
    path = tmp_path / "out" / "phisweep-report" / "records.jsonl"
    first, *records, last = lines(path)
    assert first["run"] == run.manifest.run_id
    assert last["records"] == len(records) == sum(o.findings for o in run.outcomes) > 30
    told = Counter((r["path"], r["rule"], r["action"], r["operator"]) for r in records)
    counted = Counter()
    for outcome in run.outcomes:
        for tally in outcome.tallies:
            key = (outcome.source.shown, tally.rule, tally.action, tally.operator)
            counted[key] += tally.count
    assert told == counted
    assert not any(value in path.read_text() for value in VALUES)
    assert all("fingerprint" not in r and r["citation"] and r["explain"] for r in records)


def test_the_record_and_the_copies_are_the_same_with_records_and_without(data, tmp_path):
    with_, without = (of_copies(data, tmp_path / str(n), audit=bool(n)) for n in (1, 0))
    assert [o.tallies for o in with_.outcomes] == [o.tallies for o in without.outcomes]
    assert [(o.records, o.records_file) for o in with_.outcomes] == [((), None)] * 3
    folders = [tmp_path / str(n) / "phisweep-report" for n in (1, 0)]
    files = [json.loads((f / "run.json").read_text())["files"] for f in folders]
    for each in (file for of in files for file in of):  # codes are random
        each.update(output_sha256="", output_bytes=0, kept=None)
    assert files[0] == files[1]
    assert not (folders[1] / "records.jsonl").exists()


def test_what_is_removed_from_a_copy_later_is_told_with_the_place_in_the_copy(
    small_rules, tmp_path
):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "a.txt").write_text("Ms. Quillfeather came")
    (tmp_path / "data" / "b.txt").write_text("as Quillfeather told")
    run = of_copies(tmp_path / "data", tmp_path / "out", audit=True)
    records = lines(tmp_path / "out" / "phisweep-report" / "records.jsonl")[1:-1]
    assert len(records) == sum(o.findings for o in run.outcomes)
    assert {r["of"] for r in records} <= {"source", "copy"}
    assert (tmp_path / "out" / "b.txt").read_text() == "as [NAME] told"


def test_a_search_writes_the_same_form_whatever_it_holds_in_memory(
    data, tmp_path, run, monkeypatch
):
    monkeypatch.setattr("phisweep.cli._searching.Progress", _Quiet)
    for name, held in (("all", 100_000), ("none", 0)):
        monkeypatch.setattr(working, "HELD", held)
        ran = run("scan", data, "--engine", "rules", "-o", f"records:{name}.jsonl")
        assert ran.status == 1
        assert ran.out == ""
    written = [(tmp_path / f"{name}.jsonl").read_text().splitlines() for name in ("all", "none")]
    bare = [
        [{k: v for k, v in json.loads(line).items() if k not in ("before", "run")} for line in of]
        for of in written
    ]
    assert bare[0] == bare[1]
    assert faults(tmp_path / "all.jsonl", "", None) == []
    assert not any(value in "".join(written[0]) for value in VALUES)
    assert (tmp_path / "all.jsonl").stat().st_mode & 0o777 == 0o600


class _Quiet:
    def __enter__(self):
        return None

    def __exit__(self, *_):
        return None

    def __bool__(self):
        return False


def test_records_that_a_search_puts_aside_keep_their_first_places(data, tmp_path, monkeypatch):
    monkeypatch.setattr(working, "HELD", 0)
    spool = tmp_path / "spool"
    spool.mkdir()
    run = scan([str(data)], Settings(config=CHOSEN.config, key=CHOSEN.key, spool=spool))
    plain = scan([str(data)], CHOSEN)
    for aside, held in zip(run.outcomes, plain.outcomes, strict=True):
        assert len(aside.records) <= len(held.records)
        firsts = {(r.place, r.rule): r.line for r in reversed(held.records)}
        assert {(r.place, r.rule): r.line for r in aside.records} == firsts

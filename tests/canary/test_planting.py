"""Canaries planted in a copy of data in ten formats, and looked for."""

import io
import json
import stat
import sys
import tempfile
from collections import defaultdict
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest

from canary import hospital
from phisweep.canary import folder as folders
from phisweep.canary import telling
from phisweep.canary.finding import Finder, standing
from phisweep.canary.model import PLACES
from phisweep.config import Config
from phisweep.errors import UsageError
from phisweep.formats.base import ReadOptions
from phisweep.model import LETTERS, Source
from phisweep.report.companions import canary as companion
from phisweep.runs import planting
from phisweep.runs.copying import deidentify
from phisweep.runs.planting import LIST, Wanted, canary
from phisweep.runs.settings import Settings

SETTINGS = Settings(config=Config(engine="rules", jobs=1))


def digests(folder):
    return {p.name: sha256(p.read_bytes()).hexdigest() for p in sorted(folder.iterdir())}


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    return hospital.build(tmp_path_factory.mktemp("data") / "hospital")


@pytest.fixture(scope="module")
def kept(data, tmp_path_factory):
    """A measurement whose copies were kept, and where."""
    place = tmp_path_factory.mktemp("kept") / "copies"
    before = digests(data)
    measured = canary([str(data)], Wanted(per_letter=20, seed=3, keep=place), SETTINGS)
    assert digests(data) == before  # the data are only read
    return measured, place


def listed(place):
    return [json.loads(line) for line in (place / LIST).read_text().splitlines()]


def test_every_planted_value_stands_in_the_copy_that_its_own_reader_opens(kept):
    _, place = kept
    by_file = defaultdict(list)
    for line in listed(place):
        by_file[place / "copies" / str(line["round"]) / line["file"]].append(line["planted"])
    assert {path.name for path in by_file} == {p.name for p in (place / "copies/1").iterdir()}
    for path, planted in by_file.items():
        texts = hospital.texts(path)
        missing = [each for each in planted if not any(each in text for text in texts)]
        assert not missing, path.name


def test_all_ten_formats_and_all_letters_but_two_are_planted(kept):
    record = kept[0].record
    assert {group.name for group in record.formats} >= {
        *("delimited", "json", "jsonl", "plain", "hl7v2", "fhir", "parquet", "xlsx", "sqlite"),
        "docx",
    }
    planted = {entry.letter for entry in record.letters if entry.rate.planted}
    assert planted == set(LETTERS) - {"P", "Q"}
    assert [e.state for e in record.letters if e.letter in "PQ"] == ["not plantable"] * 2


def test_every_kind_of_place_is_planted_in(kept):
    assert {group.name for group in kept[0].record.places} == set(PLACES.values())


def test_what_the_formats_did_not_keep_is_little_and_is_told(kept):
    record = kept[0].record
    assert record.unwritten <= 0.02 * record.total.planted
    assert record.unread == []


def test_the_counts_add_up_in_every_table(kept):
    record = kept[0].record
    tables = [g for _, g in companion.tables(record)] + [record.letters]
    for table in tables:
        for name in ("planted", "found", "elsewhere", "partly", "missed"):
            assert sum(getattr(row.rate, name) for row in table) == getattr(record.total, name)
    total = record.total
    assert total.planted == total.found + total.elsewhere + total.partly + total.missed
    assert sum(miss.count for miss in record.missed) == total.partly + total.missed
    assert total.low <= total.recall <= total.high


def test_what_was_found_does_not_stand_in_the_copies_that_deid_makes(kept, tmp_path):
    measured, place = kept
    out = tmp_path / "out"
    settings = replace(SETTINGS, verify=False)
    deidentify([str(place / "copies" / "1")], out, settings)
    by_file = defaultdict(list)
    for line, counted in zip(listed(place), measured.counted, strict=True):
        if counted.fate in {"found", "elsewhere"} and counted.canary.round == 0:
            by_file[out / line["file"]].append(counted.canary)
    assert by_file
    for path, canaries in by_file.items():
        source = Source(path, path.name, path.stat().st_size, path.name)
        assert not standing(source, Finder(canaries), ReadOptions()), path.name


def test_the_copies_and_their_list_are_for_their_owner_alone(kept):
    _, place = kept
    for path in (place, place / "copies", place / "copies" / "1"):
        assert stat.S_IMODE(path.stat().st_mode) == 0o700
    for path in (place / LIST, *(place / "copies" / "1").iterdir()):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert not (place / "spool").exists()


def test_nothing_of_the_data_is_in_any_output(kept):
    measured, place = kept
    record = measured.record
    outputs = [
        *telling.text(record, 80),
        *telling.markdown(record),
        *telling.revealed(measured.counted),
        telling.page(record),
        record.model_dump_json(),
        repr(measured),
        (place / LIST).read_text(),
    ]
    for output in outputs:
        assert not [secret for secret in hospital.SECRETS if secret in output]


def test_no_output_but_the_list_beside_the_copies_holds_a_planted_value(kept):
    measured, place = kept
    record = measured.record
    written = "\n".join(
        [*telling.text(record, 80), *telling.markdown(record), telling.page(record)]
    )
    values = [line["value"] for line in listed(place) if len(line["value"]) > 5]
    assert values
    assert not [value for value in values if value in written + record.model_dump_json()]


def test_the_same_seed_plants_the_same_and_another_seed_others(data, tmp_path):
    few = [str(data / name) for name in ("patients.csv", "note.txt", "adt.hl7", "bundle.json")]
    lists = []
    for name, seed in (("a", 3), ("b", 3), ("c", 4)):
        canary(few, Wanted(per_letter=3, seed=seed, keep=tmp_path / name), SETTINGS)
        lists.append((tmp_path / name / LIST).read_text())
    assert lists[0] == lists[1] != lists[2]


def test_a_rule_that_is_switched_off_is_seen(data):
    few, files = Wanted(per_letter=6), [str(data / n) for n in ("patients.csv", "note.txt")]
    off = replace(SETTINGS, ignored_rules=("email", "url"))
    whole, without = (canary(files, few, s).record for s in (SETTINGS, off))
    rates = {e.letter: e.rate for e in whole.letters}, {e.letter: e.rate for e in without.letters}
    assert rates[0]["F"].recall == 1
    assert rates[1]["F"].found == 0
    assert rates[1]["F"].recall < 0.5
    assert rates[0]["G"] == rates[1]["G"]
    assert without.ignored_rules == ["email", "url"]
    assert any(miss.letter == "F" for miss in without.missed)


def test_no_folder_is_left_behind(data, tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    canary([str(data / "note.txt")], Wanted(per_letter=1), SETTINGS)
    assert not [p for p in tmp_path.iterdir() if p.name.startswith(folders.PREFIX)]


@pytest.mark.parametrize("problem", [KeyboardInterrupt, RuntimeError])
def test_no_folder_is_left_behind_where_the_run_ends_early(data, tmp_path, monkeypatch, problem):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    seen = []

    def interrupted(*_, **__):
        seen.extend(p.name for p in tmp_path.rglob("note.txt"))
        raise problem

    monkeypatch.setattr(planting, "Seeker", interrupted)
    with pytest.raises(problem):
        canary([str(data / "note.txt")], Wanted(per_letter=1), SETTINGS)
    assert set(seen) == {"note.txt"}
    assert not [p for p in tmp_path.iterdir() if p.name.startswith(folders.PREFIX)]


def test_what_a_killed_run_left_is_removed_by_the_next_and_what_a_running_one_holds_is_not(
    tmp_path, monkeypatch
):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    dead = tmp_path / f"{folders.PREFIX}dead"
    dead.mkdir()
    (dead / "lock").touch()
    (dead / "copy.txt").write_text("left")
    with folders.copies(None, []) as first:
        assert not dead.exists()
        with folders.copies(None, []):
            assert first.is_dir()


def test_a_document_that_cannot_be_read_is_told_and_not_counted(data, tmp_path):
    here = tmp_path / "mixed"
    here.mkdir()
    (here / "note.txt").write_text(hospital.NOTE)
    (here / "broken.parquet").write_bytes(b"PAR1" + b"\0" * 90 + b"PAR1")
    measured = canary([str(here)], Wanted(per_letter=2), SETTINGS)
    assert measured.incomplete
    assert len(measured.record.unread) == 1
    assert "broken.parquet" in measured.record.unread[0]
    assert [group.name for group in measured.record.formats] == ["plain"]


def test_small_data_are_planted_in_several_rounds(data):
    record = canary([str(data / "note.txt")], Wanted(per_letter=5), SETTINGS).record
    assert record.rounds > 1
    assert {e.rate.planted for e in record.letters if e.state != "not plantable"} == {5}


def test_there_is_an_error_where_nothing_can_be_planted(tmp_path):
    (tmp_path / "blank.txt").write_text("\n\n")
    with pytest.raises(UsageError, match="E170"):
        canary([str(tmp_path)], Wanted(per_letter=1), SETTINGS)


def test_copies_are_not_kept_inside_the_data(data):
    with pytest.raises(UsageError, match="E104"):
        canary([str(data)], Wanted(per_letter=1, keep=data / "copies"), SETTINGS)


def test_the_measurement_is_attached_to_a_release(data, tmp_path):
    out = tmp_path / "out"
    deidentify([str(data / "note.txt")], out, SETTINGS)
    run = (out / "phisweep-report/run.json").read_bytes()
    measured = canary([str(data / "note.txt")], Wanted(per_letter=2, out=out), SETTINGS)
    report = out / "phisweep-report"
    assert (report / "run.json").read_bytes() == run
    record = companion.Record.model_validate_json((report / "canary.json").read_bytes())
    assert record == measured.record
    assert record.run_sha256 == sha256(run).hexdigest()
    assert record.same_rules
    assert companion.TITLE in (report / "report.html").read_text()
    assert companion.TITLE in (report / "report.md").read_text()
    steps = [
        json.loads(line)["step"] for line in (report / "custody.jsonl").read_text().splitlines()
    ]
    assert steps[-1] == "canary"


def test_standard_input_is_planted_like_a_file(monkeypatch, tmp_path):

    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(hospital.NOTE.encode())))
    record = canary(["-"], Wanted(per_letter=1, keep=tmp_path / "k"), SETTINGS).record
    assert record.total.planted == 16
    assert Path(tmp_path / "k/copies/1/standard-input").is_file()

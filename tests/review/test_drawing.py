import json
import stat

import pytest

from phisweep.errors import UsageError, VerificationError
from phisweep.review.reading import read_views
from phisweep.review.sample import load_sample
from phisweep.runs.reviewing import draw
from review import hospital


@pytest.fixture
def drawn(sample):
    return load_sample(sample)[0]


def test_all_that_the_run_removed_is_there_to_be_drawn(drawn, release):
    record = json.loads((release / "phisweep-report/run.json").read_text())
    removed = [entry for entry in drawn.strata if entry.group in ("removed", "above")]
    assert sum(entry.population for entry in removed) == record["totals"]["findings"]
    by_letter = {letter["letter"]: letter["count"] for letter in record["letters"]}
    for entry in removed:
        assert entry.population == by_letter[entry.letter]


def test_what_was_kept_is_drawn_in_passages_and_cells(drawn):
    views = read_views(drawn, ["data"])
    shown = {view.unit.group: [] for view in views.values()}
    for view in views.values():
        shown[view.unit.group].append(view.text[view.unit.start : view.unit.end])
    assert "No fracture. Rest, ice, and paracetamol for one week." in shown["text"]
    assert "came by bus" in shown["cell"]
    assert "12" in shown["cell"]
    assert not [text for text in shown["cell"] if text in hospital.NAMES]  # wholly removed


def test_what_scores_a_little_below_the_threshold_is_a_stratum_of_its_own(drawn):
    views = read_views(drawn, ["data"])
    below = [v for v in views.values() if v.unit.group == "below"]
    assert [v.text[v.unit.start : v.unit.end] for v in below] == ["WK123456"]
    (around,) = (
        v for v in views.values() if v.unit.group == "text" and "brace" in v.text[v.start : v.end]
    )
    assert around.unit.told  # and no miss of the passage that it stands in


def test_what_was_removed_elsewhere_was_removed_here(run, tmp_path):
    folder = tmp_path / "data"
    folder.mkdir()
    (folder / "a.txt").write_text("Ms. Quillfeather came.\n")
    (folder / "b.txt").write_text("It was Quillfeather who came again.\n")
    assert run("deid", "data", "-o", "out", "--engine", "rules").status == 0
    assert "Quillfeather" not in (tmp_path / "out/b.txt").read_text()
    sample = draw(tmp_path / "out", ["data"], n=100, seed=1)
    (unit,) = (
        u for u in sample.units if u.group == "text" and sample.files[u.file].path == "b.txt"
    )
    assert unit.removed == ((7, 19),)


def test_one_seed_draws_one_sample_and_another_one_another(release):
    one, same, other = (draw(release, ["data"], n=12, seed=seed) for seed in (5, 5, 6))
    assert one.units == same.units
    assert one.units != other.units
    assert len(one.units) == 12


def test_a_smaller_sample_is_part_of_a_larger_one_of_the_same_seed(release):
    def places(sample):
        return {(u.file, u.block, u.row, u.start, u.group) for u in sample.units}

    small, large = (draw(release, ["data"], n=n, seed=5) for n in (10, 20))
    assert places(small) <= places(large)


def test_the_order_says_nothing_of_the_groups(drawn):
    groups = [unit.group for unit in drawn.units]
    assert groups != sorted(groups)


def test_a_sample_holds_no_value(sample):
    text = sample.read_text()
    for value in (
        *hospital.FOUND,
        *hospital.MISSED,
        *hospital.NAMES,
        "417701",
        "WK123456",
        "fracture",
    ):
        assert value not in text
    assert stat.S_IMODE(sample.stat().st_mode) == 0o600


def test_a_key_that_may_be_data_is_in_no_place(run, tmp_path):
    (tmp_path / "data").mkdir()
    (tmp_path / "data/a.json").write_text(json.dumps({"Ms. Quillfeather": {"note": "came by bus"}}))
    assert run("deid", "data", "-o", "out", "--engine", "rules").status == 0
    sample = draw(tmp_path / "out", ["data"], n=100, seed=1)
    assert "Quillfeather" not in sample.model_dump_json()
    assert any(unit.group == "cell" for unit in sample.units)


def test_a_file_whose_name_holds_a_finding_is_called_as_in_the_report(run, tmp_path):
    (tmp_path / "data").mkdir()
    (tmp_path / "data/Ms. Quillfeather.txt").write_text("No fracture was seen in the clinic.\n")
    assert run("deid", "data", "-o", "out", "--engine", "rules").status == 0
    sample = draw(tmp_path / "out", ["data"], n=10, seed=1)
    assert "Quillfeather" not in sample.model_dump_json()
    (view,) = read_views(sample, ["data"]).values()
    assert view.text == "No fracture was seen in the clinic.\n"


def test_units_of_documents_in_parts_are_found_again(run, tmp_path):
    openpyxl = pytest.importorskip("openpyxl")
    (tmp_path / "data").mkdir()
    book = openpyxl.Workbook()
    for title, name in (("First", "Quillfeather"), ("Second", "Larkspur")):
        sheet = book.create_sheet(title)
        sheet.append(["patient", "how"])
        for how in ("by bus", "by car", "on foot"):
            sheet.append([name, how])
    book.save(tmp_path / "data/visits.xlsx")
    done = run("deid", "data", "-o", "out", "--engine", "rules")
    assert done.status in {0, 5}, (
        done.err
    )  # the small rules find the dates that a workbook must have
    sample = draw(tmp_path / "out", ["data"], n=100, seed=1)
    views = read_views(sample, ["data"])
    removed = {view.text for view in views.values() if view.unit.group == "removed"}
    assert removed >= {"Quillfeather", "Larkspur"}
    assert "by car" in {view.text for view in views.values()}


def test_an_original_that_changed_is_named(sample, data):
    with (data / "note.txt").open("a") as file:
        file.write("One line more.\n")
    with pytest.raises(VerificationError) as error:
        read_views(load_sample(sample)[0], ["data"])
    assert (error.value.code, error.value.where) == ("E505", "note.txt")


def test_a_release_without_copies_has_nothing_to_draw(release):
    path = release / "phisweep-report/run.json"
    record = json.loads(path.read_text())
    for file in record["files"]:
        file |= {"output": "", "output_sha256": "", "output_bytes": 0, "kept": None}
    record["totals"] |= {"copies": 0, "output_bytes": 0}
    path.write_text(json.dumps(record))
    with pytest.raises(UsageError) as error:
        draw(release, ["data"], n=5, seed=1)
    assert error.value.code == "E196"


def test_the_policy_that_is_not_where_it_was_can_be_named(run, tmp_path, data):
    policy = tmp_path / "ours.yaml"
    policy.write_text("id: ours\nextends: safe-harbor\nmethod: safe-harbor\ntitle: Ours\n")
    done = run("deid", "data", "-o", "out", "--engine", "rules", "--profile", policy)
    assert done.status == 0, done.err
    policy.rename(tmp_path / "moved.yaml")
    with pytest.raises(UsageError):
        draw(tmp_path / "out", ["data"], n=5, seed=1)
    assert draw(tmp_path / "out", ["data"], n=5, seed=1, profile=str(tmp_path / "moved.yaml")).units


def test_other_rules_than_those_of_the_run_are_told(release, monkeypatch):
    assert not draw(release, ["data"], n=5, seed=1).notes
    path = release / "phisweep-report/run.json"
    record = json.loads(path.read_text())
    record["manifest"]["ruleset_sha256"] = "0" * 64
    path.write_text(json.dumps(record))
    assert any("rules" in note for note in draw(release, ["data"], n=5, seed=1).notes)


def test_one_process_and_several_draw_the_same(release, monkeypatch):
    alone = draw(release, ["data"], n=12, seed=5)
    monkeypatch.setattr("phisweep.runs.working.WORTH_PROCESSES", 1)
    monkeypatch.setattr("phisweep.session.os.cpu_count", lambda: 2)
    assert draw(release, ["data"], n=12, seed=5).units == alone.units

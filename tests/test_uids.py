"""A UID has one other in all files of a release, and the release is known for clean without its key."""

import csv

import pytest

from phisweep.config import Config
from phisweep.keys import Key
from phisweep.runs.checking import verify
from phisweep.runs.copying import deidentify
from phisweep.runs.settings import Settings

STUDIES = ["1.2.826.0.1.3680043.8.498.4711.1", "2.25.102030405060708090102030405060708090"]
CLASS = "1.2.840.10008.5.1.4.1.1.2"


@pytest.fixture
def data(tmp_path):
    folder = tmp_path / "data"
    folder.mkdir()
    rows = "".join(f"{study},{CLASS}\n" for study in STUDIES)
    (folder / "studies.csv").write_text(f"study_instance_uid,sop_class_uid\n{rows}")
    rows = "".join(f"1.2.826.0.1.99.{n},{study}\n" for n, study in enumerate(STUDIES))
    (folder / "series.csv").write_text(f"series_uid,study_instance_uid\n{rows}")
    return folder


def settings(method, secret=b"k"):
    config = Config(engine="rules", jobs=1, profile=method)
    return Settings(config=config, key=Key(secret * 32, "the test"))


def column(path, name):
    with path.open(newline="") as file:
        return [row[name] for row in csv.DictReader(file)]


@pytest.mark.parametrize("method", ["safe-harbor", "limited-data-set"])
def test_references_between_files_hold_and_nothing_is_found_again(method, data, tmp_path):
    out = tmp_path / "out"
    deidentify([str(data)], out, settings(method))
    studies = column(out / "studies.csv", "study_instance_uid")
    assert studies == column(out / "series.csv", "study_instance_uid")
    assert len({*studies}) == len(STUDIES)
    assert not {*studies} & {*STUDIES}
    assert column(out / "studies.csv", "sop_class_uid") == [CLASS] * len(STUDIES)
    assert verify(out, settings(method)).verification.ok
    assert verify(out, settings(method, b"l")).verification.ok  # without the key of the run


@pytest.mark.parametrize(("method", "same"), [("safe-harbor", False), ("limited-data-set", True)])
def test_uids_are_drawn_where_the_law_wants_it_else_made_under_the_key(
    method, same, data, tmp_path
):
    for name in ("one", "two"):
        deidentify([str(data)], tmp_path / name, settings(method))
    one, two = (
        column(tmp_path / name / "studies.csv", "study_instance_uid") for name in ("one", "two")
    )
    assert (one == two) is same

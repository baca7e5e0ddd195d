"""A study as a whole: whose it is, and what stays where an option keeps it."""

import pydicom
import pytest

from formats.imaging.invented import part_10, quietly, slice_of
from phisweep.cli import main
from phisweep.config import Config
from phisweep.runs.copying import deidentify
from phisweep.runs.settings import Settings


def settings(**told):
    return Settings(config=Config.model_validate({"engine": "rules", "jobs": 1, **told}))


def copies(folder):
    return [
        quietly(lambda path=path: pydicom.dcmread(path)) for path in sorted(folder.rglob("*.dcm"))
    ]


def test_of_a_study_of_two_patients_nothing_is_copied_and_the_rest_is(tmp_path):
    data = tmp_path / "data"
    data.mkdir()
    (data / "a.dcm").write_bytes(part_10(slice_of(1)))
    (data / "b.dcm").write_bytes(part_10(slice_of(2, patient="0099999")))
    (data / "c.dcm").write_bytes(part_10(slice_of(1, patient="0099999", study=2)))
    run = deidentify([str(data)], tmp_path / "out", settings())
    assert [o.status for o in run.outcomes] == ["incomplete", "incomplete", "changed"]
    assert ["E245" in o.error for o in run.outcomes] == [True, True, False]
    assert len(copies(tmp_path / "out")) == 1


@pytest.mark.parametrize("typed", ["201-555-0178", "QUAYLE IMOGEN", "0041776"])
def test_what_an_option_keeps_stays_only_where_it_looks_like_what_it_is(tmp_path, typed):
    made = slice_of()
    for keyword in ("StudyDate", "StudyTime"):
        made[keyword].value = None
        made[keyword] = pydicom.DataElement(made[keyword].tag, "LO", typed)
    made.TimezoneOffsetFromUTC = typed
    (tmp_path / "data").mkdir()
    source = part_10(made)
    for vr in (b"\x08\x00\x20\x00LO", b"\x08\x00\x30\x00LO"):
        source = source.replace(vr, vr[:4] + (b"DA" if vr[2:3] == b"\x20" else b"TM"))
    (tmp_path / "data" / "a.dcm").write_bytes(source)
    run = deidentify(
        [str(tmp_path / "data")], tmp_path / "out", settings(profile="limited-data-set")
    )
    assert run.verification.ok
    (copy,) = (path.read_bytes() for path in (tmp_path / "out").rglob("*.dcm"))
    assert typed.encode() not in copy


def test_a_time_zone_that_an_option_keeps_stays(tmp_path):
    (tmp_path / "data").mkdir()
    source = part_10(slice_of(TimezoneOffsetFromUTC="-0500"))
    (tmp_path / "data" / "a.dcm").write_bytes(source)
    deidentify([str(tmp_path / "data")], tmp_path / "out", settings(profile="limited-data-set"))
    (copy,) = copies(tmp_path / "out")
    assert (copy.TimezoneOffsetFromUTC, copy.StudyDate) == ("-0500", "20190304")


@pytest.mark.parametrize(("on_skip", "status"), [("fail", 3), ("warn", 0), ("ignore", 0)])
@pytest.mark.parametrize("command", ["scan", "deid"])
def test_what_is_held_back_makes_a_run_incomplete_unless_it_may_be(
    tmp_path, monkeypatch, command, on_skip, status, capsys
):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "data").mkdir()
    gif = b"GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff,\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;"
    (tmp_path / "data" / "a.gif").write_bytes(gif)
    out = ["-o", "out"] if command == "deid" else []
    with pytest.raises(SystemExit) as left:
        main([command, "data", *out, "--engine", "rules", "--on-skip", on_skip])
    assert left.value.code == status

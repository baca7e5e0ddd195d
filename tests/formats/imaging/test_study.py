"""A study as a whole: whose it is, and what stays where an option keeps it."""

from dataclasses import replace

import pydicom
import pytest

from formats.imaging.invented import part_10, quietly, slice_of
from phisweep.cli import main
from phisweep.config import Config
from phisweep.keys import Key
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


def shifting(tmp_path):
    path = tmp_path / "policy.yaml"
    path.write_text(
        "id: shifted\ntitle: shifted\nmethod: expert\nextends: expert\n"
        "treatments:\n  date: {action: generalize, operator: date-shift, reason: intervals matter}\n"
        "imaging:\n  options: [clean-descriptors, retain-longitudinal-modified-dates]\n"
    )
    return settings(profile=str(path))


def test_the_same_value_of_two_patients_becomes_what_each_of_them_has(tmp_path):
    (tmp_path / "data").mkdir()
    for number in range(8):  # one after the other, in one process
        made = slice_of(number, patient="0012345" if number % 2 else "0098765", study=number % 2)
        (tmp_path / "data" / f"{number}.dcm").write_bytes(part_10(made))
    run = deidentify([str(tmp_path / "data")], tmp_path / "out", shifting(tmp_path))
    assert run.verification.ok
    days = {}
    for copy in copies(tmp_path / "out"):
        days.setdefault(copy.PatientID, set()).add((copy.StudyDate, copy.StudyInstanceUID))
    assert len(days) == 2
    assert all(len(told) == 1 for told in days.values())
    (one,), (other,) = days.values()
    assert one[0] != other[0]
    assert one[1] != other[1]


def test_a_file_has_the_same_copy_alone_as_among_others_of_its_kind(tmp_path):
    key = Key(b"k" * 32, "a test")
    for name, numbers in (("alone", [3]), ("all", range(1, 9))):
        (tmp_path / name).mkdir()
        for number in numbers:
            path = tmp_path / name / f"{number}.dcm"
            path.write_bytes(part_10(slice_of(number, InstanceNumber=number % 3)))
        given = replace(shifting(tmp_path), key=key)
        deidentify([str(tmp_path / name)], tmp_path / f"{name}-out", given)
    (alone,) = copies(tmp_path / "alone-out")
    (same,) = [c for c in copies(tmp_path / "all-out") if c.SOPInstanceUID == alone.SOPInstanceUID]
    for code in ("PatientID", "AccessionNumber", "StudyID"):  # drawn by each run
        for copy in (alone, same):
            if code in copy:
                delattr(copy, code)
    assert alone == same

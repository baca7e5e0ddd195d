"""What the commands say of a study: `explain`, `plan`, and the baseline."""

import json

import pytest

from conftest import Ran
from formats.imaging.drawn import SC, ground, with_pixels
from formats.imaging.invented import of, part_10, slice_of
from phisweep.cli import main

VALUES = ("Brambleton", "Thessaly", "Quillfeather", "0012345", "19700506", "1970-05-06", "A77")
RULES = ("--engine", "rules")


@pytest.fixture
def cli(capsys, monkeypatch, tmp_path):
    """Run a command with the rules that are shipped, in a folder with a study."""
    monkeypatch.chdir(tmp_path)
    for name in ("CI", "PHISWEEP_CONFIG", "PRE_COMMIT", "FORCE_COLOR", "GITHUB_ACTIONS"):
        monkeypatch.delenv(name, raising=False)
    study(tmp_path / "study")

    def run_(*arguments):
        capsys.readouterr()
        with pytest.raises(SystemExit) as stop:
            main([str(a) for a in arguments])
        ran = Ran(stop.value.code, *capsys.readouterr())
        assert not [v for v in VALUES if v in ran.out + ran.err]
        return ran

    return run_


def study(folder):
    """Three slices and a screen, of which a slice has a private block and a request."""
    folder.mkdir()
    for number in (1, 2, 3):
        made = slice_of(number, InstitutionName="Quillfen Clinic", Manufacturer="X, Inc.")
        request = of(RequestedProcedureID="RP88", RequestingPhysician="Quillfeather^Odalys")
        made.RequestAttributesSequence = [request]
        made.private_block(0x0009, "QUILLFEN", create=True).add_new(1, "LO", "Brambleton")
        (folder / f"IM00000{number}").write_bytes(part_10(made))
    screen = with_pixels(
        slice_of(9, SOPClassUID=SC, Modality="OT", PhotometricInterpretation="MONOCHROME2"),
        ground(),
    )
    screen.SamplesPerPixel = 1
    (folder / "IM000009").write_bytes(part_10(screen))


@pytest.mark.parametrize(
    ("where", "says"),
    [
        ("(0010,0010)", ["PatientName  emptied or replaced", "table E.1-1: Z", "FOUND  (A) name/dicom-person"]),
        ("PatientName", ["PatientName.given name  FOUND", "policy safe-harbor: remove, tag"]),
        ("(0008,0080)", ["InstitutionName  removed", "X/Z/D", "of type 3 (PS3.3): X", "left out"]),
        ("(0008,1030)", ["StudyDescription  cleaned", "option clean-descriptors", "FOUND  (A) name/title"]),
        ("(0040,0275).(0032,1032)", ["[1].(0032,1032) RequestingPhysician  removed"]),
        ("(0040,0275)[1].(0032,1032)", ["[1].(0032,1032) RequestingPhysician  removed"]),
        ("(0040,0275)", ["RequestAttributesSequence", "RequestedProcedureID  removed"]),
        ("(0009,1001)", ["removed", "table E.3.10-1"]),
        ("(0008,0070)", ["Manufacturer", "does not name it"]),
        ("(0020,0013)", ["InstanceNumber", "as it is"]),
        ("(0010,0010) PatientName.family name", ["FOUND  (A) name/dicom-person"]),
    ],
)  # fmt: skip
def test_an_attribute_is_explained_with_what_becomes_of_it_and_why(cli, where, says):
    ran = cli("explain", f"study/IM000001:{where}", *RULES)
    assert ran.status == 0
    assert [words for words in says if words not in ran.out] == []


def test_what_is_not_there_is_said_not_to_be(cli):
    assert "no pattern of any rule" in cli("explain", "study/IM000001:(0010,1040)", *RULES).out


def test_a_file_is_explained_whole_and_why_it_gets_no_copy(cli):
    ran = cli("explain", "study/IM000009", *RULES)
    assert ran.out.startswith("held\n    no copy is written: text in its pixels")
    assert "(7FE0,0010) PixelData  held" in ran.out
    assert "(0028,0010) Rows" not in ran.out


def test_a_place_of_a_file_without_lines_can_be_asked_about_too(cli, tmp_path):
    data = {"00100010": {"vr": "PN", "Value": [{"Alphabetic": "Brambleton^Thessaly"}]}}
    (tmp_path / "one.json").write_text(json.dumps([data, data]))
    ran = cli("explain", "one.json:data set 2, (0010,0010)", *RULES)
    assert "data set 2, (0010,0010) PatientName  emptied or replaced" in ran.out
    assert "data set 1" not in ran.out


def test_a_plan_says_of_each_attribute_what_becomes_of_it_and_what_is_held(cli):
    ran = cli("plan", "study", "--format", "text")
    assert ran.status == 0
    lines = " ".join(ran.out.split())
    for words in (
        "study/* (4 files",
        "(0010,0010) PatientName (A) name: emptied or replaced 4 filled, 1 distinct",
        "(0008,0080) InstitutionName (B) location: removed 3 filled, 1 distinct",
        "(0008,1030) StudyDescription cleaned 4 filled, 1 distinct found in 4 values: name 4",
        "private elements removed",
        "(0040,0275).(0032,1032) RequestingPhysician (A) name: removed",
        "held back: no copy is written, until somebody decides",
        "text in its pixels: it is a secondary capture",
        "in which nothing was found",
    ):
        assert words.removeprefix("study/") in lines, words
    assert "key not shown" not in ran.out
    written = " ".join(cli("plan", "study").out.replace("\n#", "\n").split())
    assert "PatientName direct identifier: (A) name: emptied or replaced" in written
    assert "Held back: no copy is written" in written


def test_a_plan_says_that_pictures_are_held_and_not_that_they_are_text(cli, tmp_path):
    (tmp_path / "study" / "photo.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(40))
    out = cli("plan", "study", "--format", "text").out
    assert "photo.png: 1 file, a picture cannot be assessed" in " ".join(out.split())
    assert "searched as running text" not in out


def test_a_plan_shows_no_folder_that_may_be_called_by_a_patient(cli, tmp_path):
    (tmp_path / "study").rename(tmp_path / "Brambleton^Thessaly")
    (tmp_path / "all").mkdir()
    (tmp_path / "Brambleton^Thessaly").rename(tmp_path / "all" / "Brambleton^Thessaly")
    (tmp_path / "all" / "Brambleton^Thessaly" / "x.dcm").write_bytes(b"no DICOM")
    assert "*/" in cli("plan", "all", "--format", "text").out


def test_a_baseline_knows_attributes_and_nothing_that_came_later(cli, tmp_path):
    key = tmp_path / "key"
    key.write_bytes(b"k" * 32)
    key.chmod(0o600)
    (tmp_path / "study" / "IM000009").unlink()
    known = ("study", "--baseline", "b.json", "--key-file", "key")
    assert cli("baseline", "create", *known).status == 0
    count = len(json.loads((tmp_path / "b.json").read_text())["entries"])
    assert cli("gate", *known).status == 0
    for command in ("gate", "scan"):
        ran = cli(command, *known, *RULES)
        assert ran.status == 0
        assert "0 findings" in ran.out
    changed = slice_of(1, PatientAddress="12 Elm Street")
    (tmp_path / "study" / "IM000001").write_bytes(part_10(changed))
    ran = cli("gate", *known)
    assert ran.status == 1
    assert "(0010,1040) PatientAddress" in ran.out
    pruned = cli("baseline", "prune", *known)
    assert f"{count - 4} entries, 4 less" in pruned.out  # institution, request twice, private
    assert cli("baseline", "update", *known).status == 0
    assert cli("gate", *known, "--strict-baseline").status == 0

"""DICOMDIR: it names the copies, and of files without one it says nothing."""

import io
import json
import warnings

import pydicom
import pytest
from pydicom.fileset import FileSet
from pydicom.uid import ExplicitVRLittleEndian, RLELossless

from formats.imaging.drawn import US, ground, ink, inked, with_pixels
from formats.imaging.invented import naked, part_10, quietly, slice_of
from phisweep.api import deidentify, scan, verify
from phisweep.formats.imaging import directory, document, judging
from phisweep.formats.imaging.elements import SOP_CLASS
from phisweep.formats.imaging.pixels import Box, Judged


def study(folder):
    """A folder with a DICOMDIR, two patients' slices and one file that is held."""
    files = FileSet()
    for number, patient in enumerate(("0012345", "0067890", "0067890"), 1):
        made = slice_of(number, patient=patient, study=patient[-1])
        path = folder / f"source{number}.dcm"
        path.write_bytes(part_10(made))
        quietly(lambda path=path: files.add(path))
    quietly(lambda: files.write(folder / "disc"))
    files._stage["t"].cleanup()
    for path in folder.glob("source*"):
        path.unlink()
    return folder / "disc"


@pytest.fixture
def disc(tmp_path):
    return study(tmp_path)


def instances(path):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        files = FileSet(path)
        files._stage["t"].cleanup()
        return [(i, i.load()) for i in files]


def test_its_records_lead_to_the_copies(disc, tmp_path):
    out = tmp_path / "out"
    run = deidentify([str(disc)], out)
    assert not run.incomplete
    assert run.verification.ok
    found = instances(out / "DICOMDIR")
    assert len(found) == 3
    for record, copy in found:
        assert record.SOPInstanceUID == copy.SOPInstanceUID
        assert record.StudyInstanceUID == copy.StudyInstanceUID
        assert record.PatientID == copy.PatientID
        assert record.StudyDate == copy.StudyDate == "20190101"
    every = b"".join(
        p.read_bytes() for p in out.rglob("*") if p.is_file() and "report" not in str(p)
    )
    assert not any(word in every for word in (b"0012345", b"0067890", b"Brambleton", b".5962."))
    names = json.dumps([str(p.relative_to(out)) for p in out.rglob("*")])
    assert "PT0" not in names


def test_files_without_a_copy_are_left_out_and_told(disc, tmp_path):
    (gone,) = [p for p in disc.rglob("*") if p.is_file() and b"0012345" in p.read_bytes()][1:]
    gone.write_bytes(gone.read_bytes()[:-30])
    out = tmp_path / "out"
    run = deidentify([str(disc)], out)
    assert len(instances(out / "DICOMDIR")) == 2
    told = [o.warnings for o in run.outcomes if o.output == "DICOMDIR"]
    assert told == [("files without a copy, left out of the directory: 1",)]
    assert b"0012345" not in (out / "DICOMDIR").read_bytes()


def test_a_directory_deeper_down_is_still_at_the_root_of_the_copies(disc, tmp_path):
    deeper = tmp_path / "all" / "cd"
    deeper.parent.mkdir()
    disc.rename(deeper)
    out = tmp_path / "out"
    deidentify([str(deeper.parent)], out)
    (directory,) = out.glob("DICOMDIR-*")
    assert len(instances(directory)) == 3


def test_copies_pass_a_second_search_and_a_check_without_the_key(disc, tmp_path):
    out = tmp_path / "out"
    deidentify([str(disc)], out)
    assert verify(out).verification.ok
    assert [t for o in scan([str(out)]).outcomes for t in o.tallies] == []


def test_offsets_that_lead_nowhere_are_an_error(disc, tmp_path):
    path = disc / "DICOMDIR"
    data = path.read_bytes()
    at = data.index(b"\4\0\0\x12UL\4\0") + 8
    path.write_bytes(data[:at] + b"\7\0\0\0" + data[at + 4 :])
    run = deidentify([str(disc)], tmp_path / "out")
    assert any("E235" in o.error for o in run.outcomes)
    assert not (tmp_path / "out" / "DICOMDIR").exists()


def test_names_of_persons_stand_in_no_report(tmp_path):
    folder = tmp_path / "in" / "BRAMBLETON^THESSALY" / "CT"
    folder.mkdir(parents=True)
    (folder / "IM000001").write_bytes(naked(slice_of(1)))
    (folder / "quillfeather_o.dcm").write_bytes(part_10(slice_of(2))[:-8])
    (folder.parent / "letter.txt").write_text("nothing of note\n")
    run = deidentify([str(tmp_path / "in")], tmp_path / "out")
    shown = [o.source.shown for o in run.outcomes]
    assert any(name.endswith("/IM000001") for name in shown)
    assert not any("BRAMBLETON" in name or "quillf" in name for name in shown)
    for path in (tmp_path / "out").rglob("*"):
        assert "BRAMBLETON" not in str(path)
        assert path.is_dir() or b"quillfeather" not in path.read_bytes()


def test_one_patient_in_a_table_a_note_and_a_study_is_one(tmp_path):
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "patients.csv").write_text(
        "mrn,first_name,last_name,visit_date\n0012345,Thessaly,Brambleton,2019-03-04\n"
    )
    (folder / "note.txt").write_text("MRN: 0012345\nThessaly was seen on 2019-03-04.\n")
    (folder / "image.dcm").write_bytes(
        part_10(slice_of(StudyDescription="abdomen of Brambleton", SeriesDescription="axial"))
    )
    policy = tmp_path / "moved.yaml"
    policy.write_text(
        "id: moved\nextends: expert\ntitle: Dates are moved\ncitation: 45 CFR 164.514(b)(1)\n"
        "method: expert\nreading: Dates are moved.\nreviewed: 2026-11-22\n"
        "treatments:\n  date: {action: generalize, operator: date-shift, reason: intervals matter}\n"
        "imaging:\n  options: [clean-descriptors, retain-longitudinal-modified-dates]\n"
    )
    out = tmp_path / "out"
    run = deidentify([str(folder)], out, profile=str(policy))
    assert not run.incomplete
    (path,) = out.glob("*/*/*.dcm")
    image = pydicom.dcmread(path)
    code, _, _, day = (out / "patients.csv").read_text().splitlines()[1].split(",")
    assert image.PatientID == code
    assert image.StudyDate == day.replace("-", "") != "20190304"
    assert day in (out / "note.txt").read_text()
    assert code in (out / "note.txt").read_text()
    assert image.StudyDescription == "abdomen of [NAME]"
    assert image.LongitudinalTemporalInformationModified == "MODIFIED"


def drawn_file(number, picture, **elements):
    """A file of the study with pixels, coded as RLE."""
    made = slice_of(number, Rows=1, Columns=1, **elements)
    made.SamplesPerPixel, made.PhotometricInterpretation = 1, "MONOCHROME2"
    made = pydicom.dcmread(io.BytesIO(part_10(with_pixels(made, picture))))
    made.compress(RLELossless, generate_instance_uid=False)
    out = io.BytesIO()
    made.save_as(out)
    return out.getvalue()


def test_what_became_of_pixels_stands_in_the_records_too(tmp_path):
    files = FileSet()
    words = inked(ground(), ink(size=16), 255)
    for number, data in enumerate(
        (
            drawn_file(
                1, words, ImageType=["ORIGINAL", "PRIMARY", "LOCALIZER"]
            ),  # held for its words
            drawn_file(2, ground(), SOPClassUID=US, Modality="US"),
            part_10(slice_of(3)),
        )
    ):
        path = tmp_path / f"{number}.dcm"
        path.write_bytes(data)
        quietly(lambda path=path: files.add(path))
    quietly(lambda: files.write(tmp_path / "disc"))
    files._stage["t"].cleanup()
    recipe = Judged(blank=(Box(0, 0, 30, 256),))
    real = judging.judged_of

    def judged_of(dicom, imaging):
        us = dicom.data.told(SOP_CLASS) == US
        return ("", recipe) if us else real(dicom, imaging)

    with pytest.MonkeyPatch.context() as patch:
        for module in (document, directory):
            patch.setattr(module, "judged_of", judged_of)
        run = deidentify([str(tmp_path / "disc")], tmp_path / "out", profile="safe-harbor")
    assert sorted(o.status for o in run.outcomes).count("skipped") == 1
    found = instances(tmp_path / "out" / "DICOMDIR")
    assert len(found) == 2
    told = {i.SOPClassUID: i.ReferencedTransferSyntaxUIDInFile for i, _ in found}
    assert told == {i.SOPClassUID: copy.file_meta.TransferSyntaxUID for i, copy in found}
    assert told[US] == ExplicitVRLittleEndian

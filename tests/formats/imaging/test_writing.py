"""Writing: the effective action of an element decides, whatever an operator gave."""

import io

import pydicom
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from formats.imaging.invented import ROOT, of, opened, part_10, quietly, slice_of
from phisweep.errors import DocumentError
from phisweep.formats.imaging import values
from phisweep.formats.imaging.paths import component, of_uids, persons
from phisweep.model import Edit, Source, Text

CODE = "[MRN-BCDFGHJKLM]"


def written(made, edits=(), **imaging):
    """Return the copy with whole values replaced, by keyword."""
    document = opened(part_10(made), **imaging)
    changes = {}
    for block in document.blocks:
        new = dict(edits).get(block.location.address.partition(" ")[2].partition(".")[0])
        if isinstance(block, Text) and new is not None:
            changes[block.location.address] = [Edit(0, len(block.text), new)]
    copy = document.write(changes, {}) + b"".join(document.finish())
    return quietly(lambda: pydicom.dcmread(io.BytesIO(copy)))


def test_what_goes_goes_whatever_was_found_in_it():
    found = written(slice_of(InstitutionName="x", OperatorsName="a^b", AdmittingDate="20190101"))
    assert [k for k in ("OperatorsName", "AdmittingDate") if k in found] == []


@pytest.mark.parametrize(
    ("new", "stands"), [(CODE, CODE), ("[MRN]", ""), ("short", "short"), ("x" * 70, "")]
)
def test_what_is_emptied_may_hold_what_an_operator_gave_but_no_tag(new, stands):
    assert written(slice_of(), {"PatientID": new}.items()).PatientID == stands


def test_what_is_emptied_is_empty_where_nothing_was_found():
    found = written(slice_of())
    told = [found[key].value for key in ("PatientID", "PatientBirthDate", "AccessionNumber")]
    assert [value or "" for value in told] == ["", "", ""]


def test_an_edit_of_a_part_of_such_a_value_is_not_enough():
    document = opened(part_10(slice_of(PatientID="0012345 Brambleton")))
    copy = document.write({"(0010,0020) PatientID": [Edit(0, 7, CODE)]}, {})
    assert b"Brambleton" not in copy


@pytest.mark.parametrize(
    ("new", "stands"),
    [("2019", "20190101"), ("2018-11-30", "20181130"), ("20181130", "20181130"), ("<=1936", ""),
     ("[DATE]", ""), ("2018-2019", "")],
)  # fmt: skip
def test_dates_are_written_as_dates(new, stands):
    assert (written(slice_of(), {"StudyDate": new}.items()).StudyDate or "") == stands


def test_a_moment_keeps_its_time_only_with_its_day():
    made = slice_of(ContentDate="20190304", AcquisitionDateTime="20190304101500.25+0100")
    kept = frozenset({"retain-longitudinal-modified-dates"})
    edits = {"AcquisitionDateTime": "20181130"}.items()
    assert written(made, edits, options=kept).AcquisitionDateTime == "20181130101500.25+0100"
    edits = {"AcquisitionDateTime": "2018"}.items()
    assert written(made, edits, options=kept).AcquisitionDateTime == "20180101000000"


@pytest.mark.parametrize(("new", "stands"), [("48", "048Y"), ("90+", "090Y")])
def test_ages_are_written_as_ages(new, stands):
    kept = frozenset({"retain-patient-characteristics"})
    assert written(slice_of(), {"PatientAge": new}.items(), options=kept).PatientAge == stands


def test_a_uid_is_replaced_by_a_uid_or_by_nothing_at_all():
    made = slice_of()
    edits = {"SOPInstanceUID": "2.25.7", "StudyInstanceUID": "2.25.8"}.items()
    found = written(made, edits)
    assert (found.SOPInstanceUID, found.file_meta.MediaStorageSOPInstanceUID) == (
        "2.25.7",
        "2.25.7",
    )
    with pytest.raises(DocumentError) as caught:
        written(made, {"SOPInstanceUID": "[OTHER_ID]"}.items())
    assert caught.value.code == "E244"
    assert ROOT not in str(caught.value)


def test_what_replaces_a_component_ends_no_value():
    edits = {"ReferringPhysicianName": "a^b\\c=d"}.items()
    found = written(slice_of(), edits)
    assert str(found.ReferringPhysicianName) == "a b c d^a b c d"


def test_a_name_is_no_longer_than_one_may_be():
    found = written(slice_of(PatientName="a^b^c^d^e"), {"PatientName": "[NAME-BCDFGHJKLM]"}.items())
    assert len(str(found.PatientName)) <= 64


def test_no_edits_change_nothing_that_nothing_was_asked_of():
    made = of(
        Modality="CT", SliceThickness="2.5", PixelSpacing=[1, 2], Rows=3, FilterType="flat",
        AnatomicRegionSequence=[of(CodeValue="1", CodeMeaning="x y")], ImageComments="a\r\nb",
    )  # fmt: skip
    found = written(made, options=frozenset({"clean-descriptors"}))
    assert [found[e.tag] for e in made] == [*made]


@given(st.text("0123456789-. <=[]DATE", max_size=24), st.sampled_from(sorted(values.DUMMIES)))
@settings(max_examples=300, deadline=None)
def test_no_value_is_written_that_its_type_does_not_take(new, vr):
    old = {"DT": "20190304101500", "AS": "048Y"}.get(vr, "20190304")
    got = values.replaced(vr, old, old, [Edit(0, len(old), new)])
    assert got is None or values.fits(vr, got)
    if got and vr == "DA":
        assert len(got) == 8
        assert got.isdigit()


@given(st.text("AB^=\\ ", max_size=20), st.sampled_from(["PN", "LO", "LT"]))
def test_pieces_put_together_are_the_value(text, vr):
    pieces = values.split(vr, text)
    assert "".join(pieces) == text
    assert len(values.steps(vr, pieces)) == len(pieces)


def test_paths_of_copies_are_letters_and_tell_uids_apart():
    uids = [f"2.25.{n}" for n in range(2000)]
    names = {component(uid) for uid in uids}
    assert len(names) == len(uids)
    assert of_uids(uids[:3], "x.DCM").count("/") == 2
    assert of_uids(uids[:3], "x.DCM").endswith(".dcm")
    assert not set("AEIOU0123456789") & set("".join(names))


@pytest.mark.parametrize(
    ("name", "plain"),
    [("IM000001", True), ("IM00000A", True), ("series-2", True), ("CT_small.dcm", True),
     ("DICOMDIR", True), ("BCDFGHJK.dcm", True), ("img", True), ("DOE^JOHN", False),
     ("SMITH", False), ("98892003", False), ("1.2.840.113619.2.5.dcm", False), ("STEIN", False)],
)  # fmt: skip
def test_only_plainly_technical_names_are_shown(tmp_path, name, plain):
    path = tmp_path / name.replace("^", "_")
    path.write_bytes(part_10(slice_of()))
    assert (persons([Source(path, name, 9)]) == frozenset()) is plain

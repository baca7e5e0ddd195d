"""DICOM as JSON: told from other JSON by its tags, cleaned like a file, and still the model."""

import base64
import json

import pytest
from pydicom.dataset import Dataset

from formats.imaging.invented import of, quietly, slice_of, source_of
from phisweep.errors import DocumentError
from phisweep.formats.base import ReadOptions
from phisweep.formats.choose import choose_format
from phisweep.marks import is_code, is_uid


def model(*made):
    told = [quietly(lambda each=each: each.to_json_dict()) for each in made]
    return json.dumps(told if len(told) > 1 else told[0]).encode()


def copied(office, data):
    outcome, copy = office.copy(data, "answer.json")
    assert copy is not None, (outcome.error, outcome.reason)
    return json.loads(copy)


@pytest.mark.parametrize("blank", ["", " \n"])
@pytest.mark.parametrize("listed", [False, True])
def test_it_is_told_by_its_tags(blank, listed):
    text = blank + '{"00080005": {"vr": "CS", "Value": ["ISO_IR 192"]}}'
    data = (f"[{text}]" if listed else text).encode()
    assert choose_format(source_of(data, "x.json"), ReadOptions()).name == "dicom-json"
    other = source_of(b'{"00080005": "a number of a part"}', "x.json")
    assert choose_format(other, ReadOptions()).name == "json"


def test_nothing_of_the_patient_is_left_and_it_is_read_by_others(office):
    found = copied(office, model(slice_of(PatientName="Brambleton^Thessaly=太郎")))
    text = json.dumps(found, ensure_ascii=False)
    assert not any(word in text for word in ("Brambleton", "太郎", "0012345", "19700506"))
    made = Dataset.from_json(found)
    assert is_code(made.PatientID)
    assert is_uid(made.SOPInstanceUID)
    assert (made.StudyDate, made.Modality, made.InstanceNumber) == ("20190101", "CT", 1)
    assert made.PatientIdentityRemoved == "YES"
    assert found["00100010"] == {"vr": "PN"}


def test_several_data_sets_stay_several_and_each_has_its_patient(office):
    found = copied(office, model(slice_of(1), slice_of(2, patient="0067890")))
    codes = [Dataset.from_json(each).PatientID for each in found]
    assert len(set(codes)) == 2
    places = {r.where for r in office.found(model(slice_of(1), slice_of(2)), "a.json")}
    assert "data set 2, (0010,0020) PatientID" in places


def test_what_lies_elsewhere_is_not_named(office):
    told = json.loads(model(slice_of()))
    told["00204000"] = {"vr": "LT", "BulkDataURI": "https://pacs.example.org/0012345/notes"}
    outcome, copy = office.copy(json.dumps(told).encode(), "answer.json")
    assert b"pacs" not in copy
    assert any("BulkDataURI" in each for each in outcome.unread)


def test_words_in_packed_bytes_are_found(office):
    told = json.loads(model(slice_of()))
    packed = base64.b64encode(b"write to o.quill@northfield-clinic.org").decode()
    told["00204000"] = {"vr": "LT", "InlineBinary": packed}
    found = copied(office, json.dumps(told).encode())
    assert found["00204000"]["Value"] == ["write to [EMAIL]"]


def test_numbers_stay_as_they_are_written(office):
    made = slice_of(
        SliceThickness="2.50", Rows=512, ImagePositionPatient=[1, -2.5, 3], RescaleSlope="1"
    )
    data = model(made)
    before, after = json.loads(data), copied(office, data)
    for tag in ("00180050", "00280010", "00200032", "00281053"):
        assert after[tag] == before[tag]


def test_a_second_search_of_a_copy_finds_nothing(office):
    data = model(slice_of(RequestAttributesSequence=[of(ScheduledProcedureStepDescription="x")]))
    _, copy = office.copy(data, "answer.json")
    assert office.found(copy, "answer.json") == ()


@pytest.mark.parametrize(
    "bad",
    [
        b'{"00080005": {"vr": "CS", "Value": "no list"}}',
        b'{"00080005": {"vr": "??", "Value": []}}',
        b'{"00080005": {"vr": "CS"}, "note": {"vr": "LT"}}',
        b'{"00280010": {"vr": "US", "Value": ["Brambleton"]}}',
        b'{"00100010": {"vr": "PN", "Value": [{"Nickname": "Thess"}]}}',
        b'{"00204000": {"vr": "LT", "InlineBinary": "?"}}',
        b'{"00080005": {"vr": "CS", "Value": ["ISO_IR 192"]}',
        b'[{"00080005": {"vr": "CS"}}, 7]',
    ],
)
def test_what_is_not_as_the_standard_has_it_is_an_error_without_a_value(bad):
    source = source_of(bad, "x.json")
    with pytest.raises(DocumentError) as caught:
        choose_format(source, ReadOptions()).open(source, ReadOptions())
    assert caught.value.code == "E236"
    assert not any(word in str(caught.value) for word in ("Brambleton", "Thess"))

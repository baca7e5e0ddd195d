"""Character sets: names are read in each, and what is new is written in one that holds it."""

import io

import pydicom
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from formats.imaging.invented import of, opened, part_10, quietly, slice_of
from phisweep.formats.imaging.charset import charset
from phisweep.model import Edit, Text

#: The names that PS3.5 annexes H to K give as examples, and others of nobody.
NAMES = [
    ("ISO_IR 100", "Buc^Jérôme"),
    ("ISO_IR 126", "Διονυσιος"),
    ("ISO_IR 127", "قباني^لنزار"),
    ("ISO_IR 144", "Люксембург"),
    ("ISO_IR 138", "שרון^דבורה"),
    ("ISO_IR 13\\ISO 2022 IR 87", "ﾔﾏﾀﾞ^ﾀﾛｳ=山田^太郎=やまだ^たろう"),
    ("\\ISO 2022 IR 87", "Yamada^Tarou=山田^太郎=やまだ^たろう"),
    ("\\ISO 2022 IR 149", "Hong^Gildong=洪^吉洞=홍^길동"),
    ("ISO_IR 192", "Wang^XiaoDong=王^小东"),
    ("GB18030", "Wang^XiaoDong=王^小东"),
    ("GBK", "王^小东"),
    ("ISO_IR 203", "Œuvré^Žofie"),
    ("ISO_IR 166", "นามสกุล"),
]


def names_in(data):
    return [b.text for b in opened(data).blocks if isinstance(b, Text) and "PatientName" in b.path]


@pytest.mark.parametrize(("declared", "name"), [n for n in NAMES if n[0] != "ISO_IR 203"])
def test_every_component_of_a_name_is_read_and_gone(office, declared, name):
    made = slice_of(SpecificCharacterSet=declared.split("\\"), PatientName=name)
    data = quietly(lambda: part_10(made))
    wanted = [part for group in name.split("=") for part in group.split("^")]
    assert names_in(data) == wanted
    found = office.read(data)
    assert found.PatientName == ""
    assert not any(part in repr(found) for part in wanted)


@pytest.mark.parametrize(("declared", "name"), NAMES)
def test_what_is_not_ascii_is_written_as_it_was_read(declared, name):
    own = charset(declared)
    raw = own.encode(name)
    assert raw is not None
    assert own.decode(raw) == (name, True)


@pytest.mark.parametrize("declared", ["", "ISO_IR 100", "ISO_IR 144", "\\ISO 2022 IR 87"])
def test_a_text_that_a_set_cannot_hold_turns_all_of_it_to_utf_8(declared):
    said = "été" if declared == "ISO_IR 100" else "plain"
    made = slice_of(
        SpecificCharacterSet=declared.split("\\"),
        StudyDescription="one two",
        SeriesDescription=said,
        ContentSequence=[of(TextValue=said)],
    )
    document = opened(quietly(lambda: part_10(made)), options=frozenset({"clean-descriptors"}))
    edits = {"(0008,1030) StudyDescription": [Edit(0, 3, "Žofie ☃")]}
    copy = document.write(edits, {}) + b"".join(document.finish())
    found = quietly(lambda: pydicom.dcmread(io.BytesIO(copy)))
    assert found.SpecificCharacterSet == "ISO_IR 192"
    assert found.StudyDescription == "Žofie ☃ two"
    assert found.SeriesDescription == said


def test_bytes_that_are_not_what_they_declare_are_searched_all_the_same(office):
    data = part_10(slice_of(StudyDescription="abdomen, xx for Dr. Brambleton"))
    data = data.replace(b"xx for", b"\xe9\xff for")
    outcome, copy = office.copy(data)
    assert b"Brambleton" not in copy
    assert "text that is not in the character set that it declares" in outcome.warnings


@given(text=st.text(max_size=40), declared=st.sampled_from([d for d, _ in NAMES]))
@settings(max_examples=300, deadline=None)
def test_what_is_encoded_is_decoded_to_the_same_or_not_encoded(text, declared):
    own = charset(declared)
    raw = own.encode(text)
    assert raw is None or own.decode(raw) == (text, True) or text.isascii()


@given(
    raw=st.binary(max_size=60), declared=st.sampled_from(["", "nonsense", *[d for d, _ in NAMES]])
)
@settings(max_examples=300, deadline=None)
def test_no_bytes_are_beyond_reading(raw, declared):
    text, sure = charset(declared).decode(raw)
    assert isinstance(text, str)
    assert sure or text or not raw

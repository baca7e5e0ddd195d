"""HL7 v2: what each value is called, that nothing else changes, and what is refused."""

import base64
import re
from pathlib import Path

import pytest

from formats.reading import DEFAULT, edited, open_bytes, read, read_until_error, rewritten, texts
from phisweep.detect.standards import Standards
from phisweep.formats.base import EMPTIED, ReadOptions
from phisweep.formats.choose import choose_format
from phisweep.formats.hl7.escapes import Separators, resolved
from phisweep.formats.hl7.fields import FIELDS, SEGMENTS
from phisweep.model import Edit, Location, Media, Source, Text
from phisweep.ruleset.load import load_ruleset
from phisweep.transform.operators import Context
from phisweep.transform.operators.date_shift import date_shift
from phisweep.transform.operators.year import year

MSH = "MSH|^~\\&|LAB|NORTH|EHR|SOUTH|20240105113000-0500||ADT^A01|M0001|P|2.5.1"
PID = (
    "PID|1|OLD7|900123456^^^SSA^SS~0047113^^^NORTH^MR||Quillfeather&van^Oona^B^^Dr^^L|Ashgrove|194806121230"
    '|F|||12 Alder Row^Apt 3^Northfield^MA^02155-1234^USA||(555)555-0142^PRN^PH~^NET^Internet^oona@example.org||""|||A-99120|900-12-3456'
)


def message(*segments, end="\r"):
    return end.join((MSH, *segments, "")).encode()


def by_address(data, name="a.hl7", options=DEFAULT):
    return {block.location.address: block for block in texts(read(name, data, options))}


AWKWARD = {
    "line feeds": message(PID, end="\n"),
    "both": message(PID, end="\r\n"),
    "mixed ends": b"MSH|^~\\&|A|||||ADT|1|1|P|2.3\r\nPID|1\n\nPV1|1\r\rZZZ|\\",
    "no last end": message(PID)[:-1],
    "byte order mark": b"\xef\xbb\xbf" + message(PID),
    "byte order mark within": message(PID) + b"\xef\xbb\xbf" + message(PID),
    "frames": b"\x0b" + message(PID) + b"\x1c\r\x0b" + message(PID) + b"\x1c\r",
    "frames without returns": b"\x0b" + message(PID) + b"\x1c\x0b" + message(PID) + b"\x1c",
    "trailing separators": message("PID|1||a^^^~~b&&|||", 'PV1|""|""^""|~|^|&|'),
    "other separators": b"MSH#*%!+#A######ADT#1#P#2.3\rPID#1##7*b%8!F!+9#\r",
    "no escape named": b"MSH|^~|A||||||ADT|1|P|2.1\rPID|1||a\\F\\b\r",
    "truncation named": b"MSH|^~\\&#|A||||||ADT|1|P|2.7\rPID|1||a#\r",
    "utf-16": message(PID).decode().encode("utf-16"),
    "cp1252": message(PID.replace("Ashgrove", "Müller")).decode().encode("cp1252"),
    "latin-2": (MSH + "||||||8859/2\rPID|1||||Ková\u010d\r").encode("iso8859-2"),
    "comments around": b"# from the lab\n\n" + message(PID) + b"-- end --\n",
    "blank lines": b"\r\r\n" + message(PID) + b"\r\n",
    "lone carets in text": message("OBX|1|TX|a||H&P ^ 2~||||||F"),
    "tail of escapes": message("OBX|1|FT|a||\\H\\bold\\N\\\\.br\\\\X41\\\\Zx\\ \\||||||F"),
}


@pytest.mark.parametrize("chunk", [64, 1 << 20])
@pytest.mark.parametrize("data", AWKWARD.values(), ids=AWKWARD)
def test_without_edits_every_byte_stays(data, chunk):
    chunks = read("a.hl7", data, ReadOptions(chunk_bytes=chunk))
    assert rewritten(chunks) == data
    addresses = [block.location.address for block in texts(chunks)]
    assert len(set(addresses)) == len(addresses)


@pytest.mark.parametrize("data", AWKWARD.values(), ids=AWKWARD)
def test_borders_of_chunks_do_not_matter(data):
    def seen(chunk):
        blocks = texts(read("a.hl7", data * 3, ReadOptions(chunk_bytes=chunk)))
        return [(b.location.address, b.text, b.path, b.owner, b.line, b.col) for b in blocks]

    if data.startswith(b"\xff\xfe"):
        pytest.skip("a mark stands once")
    assert seen(1 << 20) == seen(2400)


def test_every_value_is_called_by_its_place_and_in_words():
    blocks = by_address(message(PID) + message("PID|1||8"))
    one = {a.removeprefix("message 1, "): b for a, b in blocks.items()}
    assert {
        a: (b.text, b.path, b.place, b.label) for a, b in one.items() if a.startswith("PID")
    } == {
        "PID-1": ("1", "hl7v2:PID-1", "PID-1", "set id"),
        "PID-2.1": ("OLD7", "hl7v2:PID-2.1", "PID-2.1", "patient id"),
        "PID-3.1": ("900123456", "hl7v2:PID-3[SS].1", "PID-3.1", "patient identifier"),
        "PID-3.4": ("SSA", "hl7v2:PID-3.4", "PID-3.4", "assigning authority"),
        "PID-3.5": ("SS", "hl7v2:PID-3.5", "PID-3.5", "id type"),
        "PID-3[2].1": ("0047113", "hl7v2:PID-3[MR].1", "PID-3.1", "patient identifier"),
        "PID-3[2].4": ("NORTH", "hl7v2:PID-3.4", "PID-3.4", "assigning authority"),
        "PID-3[2].5": ("MR", "hl7v2:PID-3.5", "PID-3.5", "id type"),
        "PID-5.1.1": ("Quillfeather", "hl7v2:PID-5.1.1", "PID-5.1.1", "family name"),
        "PID-5.1.2": ("van", "hl7v2:PID-5.1.2", "PID-5.1.2", "family name"),
        "PID-5.2": ("Oona", "hl7v2:PID-5.2", "PID-5.2", "given name"),
        "PID-5.3": ("B", "hl7v2:PID-5.3", "PID-5.3", "middle name"),
        "PID-5.5": ("Dr", "hl7v2:PID-5.5", "PID-5.5", "prefix"),
        "PID-5.7": ("L", "hl7v2:PID-5.7", "PID-5.7", "name type"),
        "PID-6.1": ("Ashgrove", "hl7v2:PID-6.1", "PID-6.1", "mother's maiden family name"),
        "PID-7": ("194806121230", "hl7v2:PID-7", "PID-7", "birth date"),
        "PID-8": ("F", "hl7v2:PID-8", "PID-8", "sex"),
        "PID-11.1": ("12 Alder Row", "hl7v2:PID-11.1", "PID-11.1", "street"),
        "PID-11.2": ("Apt 3", "hl7v2:PID-11.2", "PID-11.2", "address line2"),
        "PID-11.3": ("Northfield", "hl7v2:PID-11.3", "PID-11.3", "city"),
        "PID-11.4": ("MA", "hl7v2:PID-11.4", "PID-11.4", "state"),
        "PID-11.5": ("02155-1234", "hl7v2:PID-11.5", "PID-11.5", "zip"),
        "PID-11.6": ("USA", "hl7v2:PID-11.6", "PID-11.6", "country"),
        "PID-13.1": ("(555)555-0142", "hl7v2:PID-13.1", "PID-13.1", "phone"),
        "PID-13.2": ("PRN", "hl7v2:PID-13.2", "PID-13.2", "phone use"),
        "PID-13.3": ("PH", "hl7v2:PID-13.3", "PID-13.3", "phone equipment"),
        "PID-13[2].2": ("NET", "hl7v2:PID-13.2", "PID-13.2", "phone use"),
        "PID-13[2].3": ("Internet", "hl7v2:PID-13.3", "PID-13.3", "phone equipment"),
        "PID-13[2].4": ("oona@example.org", "hl7v2:PID-13.4", "PID-13.4", "phone email"),
        "PID-18.1": ("A-99120", "hl7v2:PID-18.1", "PID-18.1", "account number"),
        "PID-19": ("900-12-3456", "hl7v2:PID-19", "PID-19", "ssn"),
    }
    assert blocks["message 2, PID-3.1"].owner == "8"
    # Of several identifiers the record number's is the owner, for the segments before PID too.
    assert {b.owner for b in one.values() if not b.location.address.startswith("message 2")} == {
        "0047113"
    }
    assert (one["PID-5.2"].line, one["PID-5.2"].col) == (2, PID.index("Oona") + 1)


def test_a_message_with_several_patients_follows_the_last_one():
    blocks = by_address(message("PID|1||A7", "OBX|1|ST|x||one", "PID|2||B8", "OBX|2|ST|x||two"))
    assert blocks["message 1, OBX-5"].owner == "A7"
    assert blocks["message 1, OBX[2]-5"].owner == "B8"
    assert blocks["message 1, PID[2]-3.1"].owner == "B8"
    assert by_address(message("PID|1|C9"))["message 1, PID-2.1"].owner == "C9"


def test_one_edit_changes_one_value_and_is_escaped():
    data = message(PID, "ZPI|a\\T\\b \\H\\Oona\\N\\ \\X41\\|x")
    chunks = read("a.hl7", data)
    block = by_address(data)["message 1, ZPI-1"]
    assert block.text == "a&b Oona A"
    at = block.text.index("Oona")
    new = edited(chunks, {"message 1, ZPI-1": [Edit(at, at + 4, "A|B^C~D\\E&F\nG")]})
    told = "A\\F\\B\\S\\C\\R\\D\\E\\E\\T\\F\\.br\\G"
    assert new == data.replace(b"\\H\\Oona\\N\\", f"\\H\\{told}\\N\\".encode())
    assert by_address(new)["message 1, ZPI-1"].text == "a&b A|B^C~D\\E&F\nG A"


def test_without_an_escape_character_a_separator_becomes_a_blank():
    data = b"MSH|^~|A||||||ADT|1|P|2.1\rPID|1||||Oona\r"
    new = edited(read("a.hl7", data), {"message 1, PID-5.1": [Edit(0, 4, "[A|B]")]})
    assert new == data.replace(b"Oona", b"[A B]")


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("a\\F\\b\\S\\c\\T\\d\\R\\e\\E\\f", "a|b^c&d~e\\f"),
        ("one\\.br\\two\\.sp2\\three\\.ce\\four", "one\ntwo\n\nthree\nfour"),
        ("\\.in+4\\\\.ti-2\\\\.fi\\\\.nf\\x\\.sk3\\y", "x   y"),
        ("\\X4F6F6E61\\ \\XC3BC\\ \\XFC\\", "Oona ü ü"),
        ("\\C2842\\\\M2442\\\\H\\a\\N\\", "a"),
        ("C:\\temp\\x", "C:\\temp\\x"),
        ("\\", "\\"),
        ("\\Zlocal\\", "\\Zlocal\\"),
    ],
)
def test_escapes_are_resolved_and_lead_back_to_their_places(raw, text):
    separators = Separators("|", "^", "~", "\\", "&")
    stretch = resolved(raw, 0, len(raw), separators)
    assert stretch.text == text
    for i, character in enumerate(text):
        start, end = stretch.raw(i, i + 1)
        assert raw[start:end] == character or resolved(raw, start, end, separators).text.count(
            character
        )
    assert resolved(separators.written(text), 0, 10_000, separators).text.startswith(text[:1])


def test_a_note_over_several_segments_is_one_text_and_its_edits_map_back():
    data = message(
        "PID|1||7",
        "OBX|1|TX|n^note||seen with Oona~and||||||F",
        "OBX|2|TX|n^note||her son Bram Quill\\T\\||||||F",
        "OBX|3|TX|n^note||feather today||||||F",
        "OBX|4|NM|w^weight||70|kg",
        "OBX|5|TX|n^note||the end||||||F",
        "NTE|1||first line",
        "NTE|2||second line",
    )
    chunks, blocks = read("a.hl7", data), by_address(data)
    note = blocks["message 1, OBX-5"]
    assert note.text == "seen with Oona\nand\nher son Bram Quill&\nfeather today"
    assert (note.kind, note.path, note.label) == ("prose", "hl7v2:OBX-5(TX)", "note")
    assert blocks["message 1, OBX[5]-5"].text == "the end"
    assert blocks["message 1, NTE-3"].text == "first line\nsecond line"
    start, end = note.text.index("Quill"), note.text.index(" today")
    new = edited(chunks, {"message 1, OBX-5": [Edit(start, end, "[NAME]")]})
    assert new == data.replace(b"Quill\\T\\", b"[NAME]").replace(b"feather", b"")


def test_lines_that_are_no_segments_go_on_with_the_text_above():
    data = message("OBX|1|TX|n||seen with", "PID|1||7").replace(b"with\r", b"with\nOona|||F\r")
    blocks = by_address(data)
    assert blocks["message 1, OBX-5"].text == "seen with\nOona|||F"
    document = open_bytes("a.hl7", data)
    list(document.chunks())
    assert document.warnings == ["lines within messages that are no segments: searched as text"]


def test_text_outside_of_messages_is_searched():
    data = b"export for Oona\nof today\n" + message(PID) + b"\x1c\rthe end"
    blocks = by_address(data)
    assert blocks["line 1"].text == "export for Oona\nof today"
    assert edited(read("a.hl7", data), {"line 1": [Edit(11, 15, "[NAME]")]}) == data.replace(
        b"for Oona", b"for [NAME]"
    )


def test_batches_and_unknown_segments_are_searched():
    data = (
        b"FHS|^~\\&|LAB\rBHS|^~\\&|LAB|||||||note\r"
        + message("ZXX|1|a^b&c", "QQ7|d")
        + b"BTS|1|x\rBHS|^~\\&|LAB|||||||two\rBTS|0\rFTS|1\r"
    )
    blocks = by_address(data)
    assert blocks["BHS-10"].text == "note"
    assert blocks["BHS[2]-10"].text == "two"
    assert blocks["message 1, ZXX-2.2.2"].path == "hl7v2:ZXX-2.2.2"
    assert blocks["message 1, other-1"].text == "d"


def test_values_of_unknown_fields_are_told_by_their_components():
    blocks = by_address(
        message(
            "ZPX|7^Quillfeather^Oona^^^^^^NORTH^L|Quillfeather^Oona^^^^^L|12 Alder Row^^Northfield"
            "^MA^02155|0047113^^^NORTH^MR|a^b"
        )
    )
    assert {
        a.removeprefix("message 1, "): (b.path, b.label)
        for a, b in blocks.items()
        if b.text in ("Quillfeather", "12 Alder Row", "0047113", "b")
    } == {
        "ZPX-1.2": ("hl7v2:ZPX-1.2", "provider family name"),
        "ZPX-2.1": ("hl7v2:ZPX-2.1", "contact family name"),
        "ZPX-3.1": ("hl7v2:ZPX-3.1", "other street"),
        "ZPX-4.1": ("hl7v2:ZPX-4[MR].1", "identifier"),
        "ZPX-5.2": ("hl7v2:ZPX-5.2", ""),
    }


def packed(data):
    return base64.b64encode(data).decode()


@pytest.mark.parametrize(
    ("value", "where"),
    [
        (f"LAB^TEXT^plain^Base64^{packed(b'seen with Oona')}", "OBX-5.5!text"),
        (f"^TEXT^plain^Hex^{b'seen with Oona'.hex()}", "OBX-5.5!text"),
    ],
)
def test_documents_in_a_field_are_searched_and_packed_again(value, where):
    data = message(f"OBX|1|ED|d^report||{value}||||||F", "PID|1||7")
    chunks = read("a.hl7", data)
    (block,) = [b for b in texts(chunks) if b.text == "seen with Oona"]
    assert (block.location.address, block.owner) == (f"message 1, {where}", "7")
    assert rewritten(chunks) == data
    new = edited(chunks, {block.location.address: [Edit(10, 14, "[NAME]")]})
    assert by_address(new)[f"message 1, {where}"].text == "seen with [NAME]"
    assert b"Oona" not in new


JPEG = b"\xff\xd8\xff\xe0" + b"x" * 40


@pytest.mark.parametrize(
    "value",
    [
        f"^IM^JPEG^Base64^{packed(JPEG)}",
        "^AP^Octet-stream^Base64^@@@@ not base64 @@@@",
        f"^AU^basic^Base64^{packed(bytes(range(256)))}",
    ],
)
def test_what_cannot_be_assessed_is_media_and_is_emptied(value):
    data = message(f"OBX|1|ED|d^picture||{value}|||||F")
    chunks = read("a.hl7", data)
    media = [b for chunk in chunks for b in chunk.blocks if isinstance(b, Media)]
    (address,) = [block.location.address for block in media]
    assert address.startswith("message 1, OBX-5.5!")
    new = b"".join(chunk.write({address: EMPTIED}, {}) for chunk in chunks)
    assert new == data.replace(value.rpartition("^")[2].encode(), b"")


def test_a_document_that_cannot_be_read_makes_the_message_incomplete():
    bad = packed(b'{"a": 1, ')
    data = message(f"OBX|1|ED|d||^AP^json^Base64^{bad}||||||F", PID)
    chunks, error = read_until_error("a.hl7", data)
    assert error.startswith("error[")
    assert "message 1, PID-5.2" in {b.location.address for b in texts(chunks)}


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"PID|1||7||Oona\r", "E237"),
        (b"no messages here, Oona", "E237"),
        (b"MSH", "E238"),
        (b"MSH|\rPID|1||||Oona\r", "E238"),
        (b"MSH|PID|A\rPID|1||||Oona\r", "E238"),
        (b"MSH|^^\\&|A||||||ADT\rPID|1||||Oona\r", "E238"),
        (b"MSH|^~\\&|LAB\rPID|1||||Oona\r", "E238"),
        (message("PID^1^^^^Oona"), "E238"),
        (b"\x0b" + message("PID|1||||Oona"), "E239"),
        (b"\x0b" + message("PID|1||||Oona") + b"\x0b" + message() + b"\x1c\r", "E239"),
        (b"BHS|^~\\&|A\r" + message("PID|1||||Oona"), "E239"),
    ],
)
def test_what_is_malformed_is_searched_all_the_same_and_then_an_error(data, code):
    chunks, error = read_until_error("a.hl7", data)
    assert error.startswith(f"error[{code}]: a.hl7: ")
    assert "Oona" not in error
    assert b"Oona" not in data or any("Oona" in block.text for block in texts(chunks))


@pytest.mark.parametrize(
    ("data", "options", "code"),
    [
        (message("PID|1||\0"), ReadOptions(), "E204"),
        (
            message("PID|1||||\u00fc".encode().decode() + "\u0081"),
            ReadOptions(encoding="ascii"),
            "E203",
        ),
        (message("PID|" + "x" * 900), ReadOptions(max_line_bytes=500), "E205"),
        (b"MSH|^~\\&|\x01\x02" + b"\x03\xfc" * 99, ReadOptions(), "E203"),
    ],
)
def test_what_is_no_text_is_an_error(data, options, code):
    assert read_until_error("a.hl7", data, options)[1].startswith(f"error[{code}]")


def test_a_field_in_the_set_that_msh_names_is_read_in_it():
    text = MSH + "||||||~ISO IR87\rPID|1||||山田^太郎\r"
    blocks = by_address(text.encode("iso2022_jp_2"))
    assert blocks["message 1, PID-5.1"].text == "山田"
    data = text.encode("iso2022_jp_2")
    assert rewritten(read("a.hl7", data)) == data
    two = (MSH + "||||||8859/2\rPID|1||||Kov\u00e1\u010d\r").encode("iso8859-2")
    assert by_address(two)["message 1, PID-5.1"].text == "Kov\u00e1\u010d"


@pytest.mark.parametrize("name", ["a", "a.txt", "a.csv", "a.json"])
@pytest.mark.parametrize("before", [b"", b"\xef\xbb\xbf", b"\x0b", b"\r\n"])
def test_content_goes_before_the_suffix(name, before):
    data = before + message(PID)
    assert choose_format(Source(Path(name), name, len(data), name, data), ReadOptions()).name == (
        "hl7v2"
    )


def test_prose_that_begins_with_the_letters_is_no_message():
    for data in (b"MSH is short for message header.", b"MSH (thyroid) 3.2\n", b"MSH||x|"):
        source = Source(Path("a.txt"), "a.txt", len(data), "a.txt", data)
        assert choose_format(source, ReadOptions()).name == "plain"


def test_an_empty_file_is_no_error():
    document = open_bytes("a.hl7", b"")
    assert list(document.chunks()) == []
    assert document.warnings == ["the document is empty"]


def test_what_an_address_is_made_of_is_the_standard_s():
    blocks = by_address(message(PID, "OBX|1|Oona|x||y", "OON|a", "PV1|1||||z^^^^Oona"))
    for block in blocks.values():
        told = block.location.address + block.place + block.path
        assert "Oona" not in told
        assert "OON" not in told


STANDARDS = Standards(load_ruleset())
EXPECTED = {
    "XPN": ((1, "Quillfeather", "name"), (2, "Oona", "name")),
    "XCN": ((2, "Quillfeather", "name"), (3, "Oona", "name")),
    "XAD": ((1, "12 Alder Row", "location"), (3, "Northfield", "location"), (5, "02155", "zip")),
    "XTN": ((1, "(555)555-0142", "phone"), (4, "oona@example.org", "email")),
    "TS": ((1, "20240105", "date"),),
    "DT": ((1, "20240105", "date"),),
    "DR": ((1, "20240105", "date"),),
}


@pytest.mark.parametrize("type_", EXPECTED)
def test_the_rules_know_every_field_of_a_type_that_identifies(type_):
    places = [
        f"{segment}-{number}"
        for segment, fields in FIELDS.items()
        for number, field in enumerate(fields, 1)
        if field.type == type_
    ]
    assert places
    for place in [*places, f"OBX-5({type_})"]:
        for component, value, expect in EXPECTED[type_]:
            block = Text(Location("", ""), value, kind="value", path=f"hl7v2:{place}.{component}")
            assert [f.identifier for f in STANDARDS.find(block) or ()] == [expect], place


def test_every_segment_is_named_by_three_characters():
    assert all(re.fullmatch(r"[A-Z][A-Z0-9]{2}", segment) for segment in SEGMENTS)


@pytest.mark.parametrize(
    ("value", "generalised"),
    [
        ("20080101123000.000-0500", "2008"),
        ("20080101123000-0500", "2008"),
        ("20080101123000.1234", "2008"),
        ("200801011230+0100", "2008"),
        ("2008010112", "2008"),
        ("20080101", "2008"),
        ("2008", "2008"),
        ("19200101", "<=1934"),
    ],
)
def test_a_timestamp_becomes_its_year_and_keeps_its_form_when_it_is_shifted(value, generalised):
    context = Context("date", subject="s", reference_year=2024)
    assert year(value, context, {}) == generalised
    moved = date_shift(value, context, {})
    if len(value) > 7 and generalised == "2008":
        assert len(moved) == len(value)
        assert moved[8:] == value[8:]
        assert moved[:8] != value[:8]

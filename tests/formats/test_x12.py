"""X12: what each element is called, that the envelope stays whole, and what is refused."""

from pathlib import Path

import pytest

from formats.reading import DEFAULT, edited, open_bytes, read, read_until_error, rewritten, texts
from phisweep.formats.base import ReadOptions
from phisweep.formats.choose import choose_format
from phisweep.model import Edit, Source

ISA = (
    "ISA*00*          *00*          *ZZ*NFCLINIC       *30*900000017      "
    "*240105*1130*^*00501*000000017*0*T*:~"
)
CLAIM = (
    "ST*837*0001*005010X222A1~BHT*0019*00*B7731*20240105*1023*CH~HL*1**20*1~"
    "NM1*85*2*NORTHFIELD CLINIC*****XX*1234567893~N3*12 ALDER ROW~N4*NORTHFIELD*MA*021551234~"
    "HL*2*1*22*1~SBR*P**2222-SJ******CI~NM1*IL*1*QUILLFEATHER*OONA*B***MI*XQ1200934~"
    "DMG*D8*19480612*F~REF*SY*900123456~NM1*PR*2*ALDER MUTUAL INSURANCE*****PI*54321~"
    "HL*3*2*23*0~PAT*19~NM1*QC*1*QUILLFEATHER*BRAM~DMG*D8*19730501*M~"
    "CLM*A-99120*100***11:B:1*Y*A*Y*I~DTP*435*RD8*20231229-20240103~REF*EA*0047113~"
    "NTE*ADD*SEEN WITH OONA~NTE*ADD*QUILLFEATHER TODAY~HI*ABK:J45909*BH:11:D8:20231201^BG:02~"
    "SBR*S*18*******CI~NM1*IL*1*OSGOODBY*MARTA****MI*ZX99871~"
    "LX*1~SV1*HC:99213:::::VISIT OF BRAM*100*UN*1~SE*27*0001~"
)


def interchange(*transactions, isa=ISA):
    return (
        isa
        + "GS*HC*NF*AM*20240105*1130*1*X*005010X222A1~"
        + "".join(transactions)
        + f"GE*{len(transactions)}*1~IEA*1*000000017~"
    ).encode()


DATA = interchange(CLAIM)


def lines(data, end):
    return data.replace(b"~", b"~" + end)


def other(data, element, component, repetition, terminator):
    old, new = b"*:^~", (element + component + repetition + terminator).encode()
    return data.translate(bytes.maketrans(old, new))


def by_address(data, options=DEFAULT):
    return {block.location.address: block for block in texts(read("a.x12", data, options))}


AWKWARD = {
    "one line": DATA,
    "line feeds": lines(DATA, b"\n"),
    "both": lines(DATA, b"\r\n"),
    "terminator is a line feed": other(DATA, "|", ">", "!", "\n"),
    "terminator is a return": lines(DATA, b"\n").replace(b"~", b"\r"),
    "two interchanges": lines(DATA, b"\n") + other(DATA, "|", ">", "!", "'"),
    "byte order mark": b"\xef\xbb\xbf" + DATA,
    "text around": b"sent on Friday\n" + DATA + b"\nthe end\n",
    "older version": DATA.replace(b"*^*00501*", b"*U*00401*"),
    "empty elements": interchange("ST*837*1~NM1*IL*1***~REF*~REF*SY*~ ~SE*5*1~"),
    "cp1252": DATA.replace(b"OONA", b"M\xdcLLER"),
    "several transactions": interchange(CLAIM, CLAIM, CLAIM),
}


@pytest.mark.parametrize("chunk", [8, 1000, 1 << 20])
@pytest.mark.parametrize("data", AWKWARD.values(), ids=AWKWARD)
def test_without_edits_every_byte_stays(data, chunk):
    chunks, _ = read_until_error("a.x12", data, ReadOptions(chunk_bytes=chunk))
    assert rewritten(chunks) == data
    addresses = [block.location.address for block in texts(chunks)]
    assert len(set(addresses)) == len(addresses)


@pytest.mark.parametrize("data", AWKWARD.values(), ids=AWKWARD)
def test_borders_of_chunks_do_not_matter(data):
    def seen(chunk):
        chunks, error = read_until_error("a.x12", data, ReadOptions(chunk_bytes=chunk))
        return error, [
            (b.location.address, b.path, b.owner, b.line, b.col)
            for b in texts(chunks)
            if b.kind == "value"
        ]

    assert seen(1 << 20) == seen(800) == seen(8)


def test_every_element_is_called_by_its_place_and_in_words():
    blocks = by_address(lines(DATA, b"\n"))
    told = {
        a.removeprefix("transaction 1, segment "): (b.text, b.path.removeprefix("x12:"), b.label)
        for a, b in blocks.items()
    }
    for address, expect in {
        "interchange 1, ISA-06": ("NFCLINIC       ", "ISA-06[ZZ]", ""),
        "interchange 1, ISA-08": ("900000017      ", "ISA-08[30]", ""),
        "interchange 1, GS-04": ("20240105", "GS-04", "date"),
        "4, NM1-03": ("NORTHFIELD CLINIC", "NM1[85.org]-03", "provider name"),
        "4, NM1-09": ("1234567893", "NM1[85.org]-09[XX]", "provider id number"),
        "5, N3-01": ("12 ALDER ROW", "N3-01", "provider street"),
        "6, N4-03": ("021551234", "N4-03", "provider zip"),
        "9, NM1-03": ("QUILLFEATHER", "NM1[IL]-03", "family name"),
        "9, NM1-09": ("XQ1200934", "NM1[IL]-09[MI]", "id number"),
        "10, DMG-02": ("19480612", "DMG-02", "birth date"),
        "10, DMG-03": ("F", "DMG-03", "sex"),
        "11, REF-02": ("900123456", "REF[SY]-02", "ssn"),
        "12, NM1-03": ("ALDER MUTUAL INSURANCE", "NM1[PR.org]-03", "payer name"),
        "15, NM1-04": ("BRAM", "NM1[QC]-04", "given name"),
        "17, CLM-01": ("A-99120", "CLM-01", "patient account number"),
        "17, CLM-05.1": ("11", "CLM-05.1", ""),
        "18, DTP-03": ("20231229-20240103", "DTP[435]-03[RD8]", "date"),
        "22, HI-01.2": ("J45909", "HI-01.2", ""),
        "22, HI-02.4": ("20231201", "HI-02.4", ""),
        "22, HI-02[2].2": ("02", "HI-02.2", ""),
        "24, NM1-03": ("OSGOODBY", "NM1[IL]-03", "responsible person parent family name"),
    }.items():
        assert told[address] == expect
    assert (blocks["transaction 1, segment 9, NM1-04"].line) == 11
    assert blocks["transaction 1, segment 9, NM1-04"].col == len("NM1*IL*1*QUILLFEATHER*") + 1


def test_the_owner_is_the_member_of_the_loop_else_its_account():
    owners = {a.rpartition("segment ")[2]: b.owner for a, b in by_address(DATA).items()}
    assert owners["4, NM1-03"] == ""
    assert owners["8, SBR-03"] == owners["9, NM1-03"] == owners["10, DMG-02"] == "XQ1200934"
    assert owners["15, NM1-04"] == owners["17, CLM-01"] == owners["24, NM1-03"] == "A-99120"
    paid = interchange(
        "ST*835*1~CLP*7722*1*226~NM1*QC*1*QUILLFEATHER*OONA****MI*SJD1~CLP*7723*1*2~SE*5*1~"
    )
    owners = {a.rpartition("segment ")[2]: b.owner for a, b in by_address(paid).items()}
    assert owners["2, CLP-01"] == owners["3, NM1-03"] == "SJD1"
    assert owners["4, CLP-01"] == "7723"


def test_notes_on_consecutive_segments_are_one_text():
    (note,) = [b for b in texts(read("a.x12", DATA)) if b.place == "NTE[ADD]-02"]
    assert note.text == "SEEN WITH OONA\nQUILLFEATHER TODAY"
    new = edited(read("a.x12", DATA), {note.location.address: [Edit(10, 27, "[NAME]")]})
    assert new == DATA.replace(b"WITH OONA", b"WITH [NAME]").replace(
        b"*QUILLFEATHER TODAY", b"* TODAY"
    )


def test_a_replacement_holds_no_separator():
    address = "transaction 1, segment 9, NM1-03"
    new = edited(read("a.x12", DATA), {address: [Edit(0, 12, "a*b:c~d^e\nf")]})
    assert new == DATA.replace(b"*IL*1*QUILLFEATHER*", b"*IL*1*a b c d e f*")


@pytest.mark.parametrize(
    ("new", "stands"),
    [
        ("[NAME]", b"[NAME]         "),
        ("exactly15charac", b"exactly15charac"),
        ("[OTHER_ID-BCDFGHJKLM]", b"[REMOVED]      "),
        ("", b"               "),
    ],
)
def test_the_isa_keeps_its_width_whatever_stands_in_it(new, stands):
    address = "interchange 1, ISA-06"
    copy = edited(read("a.x12", DATA), {address: [Edit(0, 8, new)]})
    assert copy == DATA.replace(b"NFCLINIC       ", stands)
    assert copy[103:106] == b"*:~"[-3:]
    assert rewritten(read("a.x12", copy)) == copy


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"ST*837*1~NM1*IL*1*OONA~SE*3*1~", "E240"),
        (b"a note on OONA", "E240"),
        (b"ISA*00*OONA~", "E240"),
        (DATA.replace(b"*ZZ*NFCLINIC       *", b"*ZZ*NFCLINIC*"), "E240"),
        (DATA[:300], "E241"),
        (DATA[: DATA.index(b"~SE*") + 1], "E241"),
        (DATA[: DATA.index(b"IEA*")], "E241"),
        (DATA[: DATA.index(b"IEA*")] + DATA, "E241"),
        (DATA.replace(b"~PAT*19~", b"~?*OONA~"), "E241"),
    ],
)
def test_what_is_malformed_is_searched_all_the_same_and_then_an_error(data, code):
    chunks, error = read_until_error("a.x12", data)
    assert error.startswith(f"error[{code}]: a.x12: ")
    assert "OONA" not in error
    assert rewritten(chunks) == data
    assert b"OONA" not in data or any("OONA" in block.text for block in texts(chunks))


def test_a_segment_longer_than_the_limit_is_an_error():
    data = interchange("ST*837*1~NTE*ADD*" + "x" * 5000 + "~SE*3*1~")
    options = ReadOptions(chunk_bytes=800, max_line_bytes=2000)
    assert read_until_error("a.x12", data, options)[1].startswith("error[E205]")


def test_a_nul_is_an_error():
    assert read_until_error("a.x12", DATA.replace(b"OONA", b"O\0NA"))[1].startswith("error[E204]")


def test_a_trailer_that_counts_otherwise_is_a_warning():
    document = open_bytes("a.x12", DATA.replace(b"SE*27*", b"SE*28*"))
    list(document.chunks())
    assert document.warnings == ["a trailer (SE01) does not count its segments right"]
    document = open_bytes("a.x12", DATA)
    list(document.chunks())
    assert (document.warnings, document.rows) == ([], 1)


def test_what_an_address_is_made_of_is_the_standard_s():
    data = interchange("ST*837*1~OON*OONA~NM1*OONA*1*OONA~REF*OONA*1~SE*5*1~")
    for block in by_address(data).values():
        told = block.location.address + block.place + block.path
        assert "OONA" not in told
        assert "OON" not in told


@pytest.mark.parametrize("name", ["a", "a.txt", "a.csv", "a.dat"])
def test_content_goes_before_the_suffix(name):
    for data in (DATA, b"\xef\xbb\xbf" + DATA, b"\r\n" + lines(DATA, b"\n")):
        source = Source(Path(name), name, len(data), name, data)
        assert choose_format(source, ReadOptions()).name == "x12"


@pytest.mark.parametrize("data", [b"ISA is short.", b"ISA*00*", b"ISA-compatible, ", b"ISA"])
def test_prose_that_begins_with_the_letters_is_no_interchange(data):
    source = Source(Path("a.txt"), "a.txt", len(data), "a.txt", data)
    assert choose_format(source, ReadOptions()).name == "plain"

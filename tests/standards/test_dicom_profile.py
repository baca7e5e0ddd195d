"""The generator reads the tables of a book, keeps what is written by hand, and writes the same again."""

import importlib.util
import json
import sys
from pathlib import Path

import pytest

PATH = Path(__file__).parents[2] / "standards" / "dicom_profile.py"
HEAD = ("Name", "Tag", "Retired", "In IOD", "Basic", *("Option",) * 10)
BOOK = """<book xmlns="http://docbook.org/ns/docbook"><subtitle>DICOM PS3.15 2099b - Security</subtitle>
<table label="E.1-1"><thead>{head}</thead><tbody>{rows}</tbody></table>
<table label="E.3.4-1"><tbody>{concepts}</tbody></table>
<table label="E.3.10-1"><tbody>{safe}</tbody></table></book>"""
ROWS = [
    ("Series Date", "(0008,0021)", "N", "Y", "X/D", *("",) * 5, "K", "C", "", "", ""),
    ("Patient's\u200b Name", "(0010,0010)", "N", "Y", "Z", *("",) * 10),
    ("Image Sequence", "(0008,1140)", "N", "Y", "X/Z/U*", "", "K", *("",) * 8),
    ("Overlay Data", "(60xx,3000)", "N", "Y", "X", *("",) * 9, "C"),
    ("Private", "(gggg,eeee) where gggg is odd", "N", "N", "X", "C", *("",) * 9),
]
CONCEPTS = [
    ("Accession Number", "121022", "DCM", "TEXT", "N", "Y", "X", *("",) * 7),
    (
        "Procedure DateTime",
        "52",
        "NCDR [2.0b]",
        "DATETIME",
        "N",
        "Y",
        "D",
        *("",) * 4,
        "K",
        "C",
        "",
    ),
]
SAFE = [("(0019,xx9e)", "ACME 1", "LO", "1", "A setting"), ("(0019,xx9F)", "ACME 1", "", "1", "")]
MODULES = {
    "ciods": [{"name": "Pet Image", "id": "pet"}],
    "sops": [{"ciod": "Pet Image", "id": "1.2.840.10008.5.1.4.1.1.128"}],
    "ciod_to_modules": [{"ciodId": "pet", "moduleId": "pet-series"}],
    "module_to_attributes": [
        {"path": "pet-series:00080021", "type": "1C"},
        {"path": "other:00080096:00080021", "type": "2"},
        {"path": "other:00080096:00100010", "type": "1"},
    ],
    "macro_to_attributes": [{"path": "macro:00081140", "type": None}],
}


@pytest.fixture
def script(tmp_path, monkeypatch):
    spec = importlib.util.spec_from_file_location("dicom_profile", PATH)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    target = tmp_path / "dicom.yaml"
    target.write_text(f"id: mine\n\n{module.MARK}profile: old\n")
    monkeypatch.setattr(module, "TARGET", target)
    return module


def line(cells):
    return "<tr>" + "".join(f"<td><para>{cell}</para></td>" for cell in cells) + "</tr>"


@pytest.fixture
def asked(tmp_path, monkeypatch):
    def write(rows=ROWS, concepts=CONCEPTS):
        book = BOOK.format(
            head=line(HEAD),
            rows="".join(map(line, rows)),
            safe="".join(map(line, SAFE)),
            concepts="".join(map(line, concepts)),
        )
        (tmp_path / "part15.xml").write_text(book, encoding="utf-8")
        for name, entries in MODULES.items():
            (tmp_path / f"{name}.json").write_text(json.dumps(entries))

    def run(*options):
        monkeypatch.setattr(
            sys, "argv", ["dicom_profile", str(tmp_path / "part15.xml"), str(tmp_path), *options]
        )

    write()
    run()
    return write, run


def test_it_writes_the_rows_of_the_book_below_what_is_written_by_hand(script, asked):
    assert script.main() == 0
    text = script.TARGET.read_text()
    assert text.startswith(f"id: mine\n\n{script.MARK}profile:\n  edition: PS3.15 2099b")
    told = [line.strip() for line in text.splitlines()]
    for row in (
        "- 00080021 DA SeriesDate X/D full-dates=K modified-dates=C",
        "- 00100010 PN PatientName Z",
        "- 00081140 SQ ReferencedImageSequence X/Z/U uids=K",
        "- 60xx3000 OW OverlayData X graphics=C",
        "- TEXT DCM 121022 X",
        "- DATETIME NCDR_[2.0b] 52 D full-dates=K modified-dates=C",
        "- 00080021 1 top 1.1.128",
        "- 00080021 2 in 00080096",
        '["1.1.128"]',
        "- 0019 9E LO ACME 1",
        "- 0019 9F UN ACME 1",
    ):
        assert row in told
    assert "old" not in text
    assert "00100010 1" not in text  # an action that is not combined asks for no type


def test_it_writes_the_same_again_and_says_when_it_would_not(script, asked, capsys):
    write, run = asked
    script.main()
    run("--check")
    assert script.main() == 0
    write(ROWS[1:])
    assert script.main() == 1
    assert capsys.readouterr().out.splitlines() == ["the same", "it would change"]


@pytest.mark.parametrize(
    "row",
    [
        ("Patient's Name", "(0010,0010)", "N", "Y", "Q", *("",) * 10),
        ("Patient's Name", "(0010,0010)", "N", "Y", "Z"),
        ("Patient's Name", "0010,0010", "N", "Y", "Z", *("",) * 10),
    ],
)
def test_a_row_that_it_cannot_read_stops_it(script, asked, row):
    write, _ = asked
    write([row])
    with pytest.raises(SystemExit, match="cannot be read"):
        script.main()
    assert "old" in script.TARGET.read_text()

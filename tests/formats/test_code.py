"""Source code: its own kind of block, where only rules with evidence of their own hold."""

import pytest

from formats.reading import open_bytes, read, rewritten, texts
from phisweep.detect.detector import Detector
from phisweep.formats.base import ReadOptions
from phisweep.formats.choose import choose_format
from phisweep.model import Location, Source, Text
from phisweep.ruleset.load import default_folder, load_ruleset
from phisweep.ruleset.schema import PolicyFile

NAMES = (
    *(
        "a.py",
        "a.js",
        "a.R",
        "a.h",
        "a.cmake",
        "a.lock",
        "a.toml",
        "a.rst",
        "a.patch",
        ".golangci.yml",
        ".babelrc",
        "Makefile",
        "x/Dockerfile",
    ),
    *("package.json", "LICENSE", "CHANGELOG.md", "AUTHORS", ".github/workflows/test.yml"),
    *(
        "requirements.txt",
        ".gitignore",
        "licence-mit",
        "x/README.md",
        "README",
        "SECURITY.md",
        ".phisweep-baseline.json",
    ),
)


@pytest.fixture(scope="module")
def found():
    detector = Detector(load_ruleset(default_folder()), PolicyFile(id="test", method="safe-harbor"))

    def search(text, kind="code"):
        block = Text(Location("f", "text"), text, kind=kind)
        return {text[f.start : f.end] for f in detector.find(block)}

    return search


@pytest.mark.parametrize("name", NAMES)
def test_code_is_one_block_of_its_own_kind(name):
    (block,) = texts(read(name, b"one\r\ntwo\n"))
    assert (block.text, block.kind, block.line, block.col) == ("one\r\ntwo\n", "code", 1, 1)
    assert block.location.address == "text"


@pytest.mark.parametrize(
    "name", ["note.md", "readme-visit.md", "history.txt", "data.json", "a.csv", "a.yml", ".a.json"]
)
def test_prose_and_data_are_none(tmp_path, name):
    (tmp_path / name).write_bytes(b'{"a": 1}')
    source = Source(tmp_path / name, name, 8, shown=name)
    assert choose_format(source, ReadOptions()).name != "code"


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (b"#!/usr/bin/env python3\nx\n", "code"),
        (b"#!/bin/sh -e\nx\n", "code"),
        (b"#!/usr/bin/Rscript\nx\n", "code"),
        (b"# Patient\nx\n", "prose"),
        (b"#1 CHF\nx\n", "prose"),
    ],
)
def test_a_script_without_a_suffix_is_known_by_its_first_line(head, kind):
    assert texts(read("run", head))[0].kind == kind
    assert texts(read("run.txt", head))[0].kind == "prose"


@pytest.mark.parametrize(
    "data", [b"", b"\xef\xbb\xbfx = 1\n", b"a\rb\n", "x = 'ü'\n".encode("utf-16")]
)
def test_without_changes_the_bytes_are_the_source_s(data):
    assert rewritten(read("t.py", data)) == data
    assert open_bytes("t.py", data).fidelity == "splice"


@pytest.mark.parametrize(
    "text",
    [
        "# Author: Ada Ashgrover <ada.ashgrover@gmail.com>, 2019-03-04",
        "# Copyright (c) 2019 Ada Ashgrover. See https://ashgrover.dev/x",
        "if (x == y) { f(x, 1234567) } // (abc) @override #12345",
        "version = '3.4.2020'; released = '2019-03-04'; name = 'Ada'",
        "host = '10.1.2.3'; id = '8bc9ceb8-8b4a-11d0-8d11-00a0c91bc942'",
        "# the Free Software Foundation, Inc., 51 Franklin Street, Boston, MA 02110-1301",
        "class Patient:\n    patient_id: int\n    mrn = None\n    dob = field(default=None)",
    ],
)
def test_what_code_is_full_of_is_left_alone(found, text):
    assert found(text) == set()


@pytest.mark.parametrize(
    ("text", "expect"),
    [
        ('p.setSsn("219099999");', {"219099999"}),
        ("birth = datetime.date(1961, 3, 4)\n", set()),
        ("dob = datetime.date(1961, 3, 4)\n", {"1961, 3, 4"}),
        ("const mrn: string = 'AB10203';", {"AB10203"}),
        ('{"dob": "1961-03-04"}', {"1961-03-04"}),
        ("'dob' => '1961-03-04'", {"1961-03-04"}),
        ("put('mrn', '4471209')", {"4471209"}),
        ("q(`DELETE FROM p WHERE patient_name = 'Ada Ashgrover'`)", {"Ada", "Ada Ashgrover"}),
        ("INSERT INTO p (n, mrn) VALUES (1, '4471209'), (2, '4471210')", {"4471209", "4471210"}),
    ],
)
def test_a_literal_under_a_telling_name_is_found(found, text, expect):
    assert found(text) == expect


def test_near_what_tells_of_a_patient_every_rule_holds(found):
    record = '"name": "Ada Ashgrover", "phone": "6174238841", "city": "Elowen"'
    assert found("{" + record + "}") == {"6174238841"}
    near = found('{"mrn": "4471209", ' + record + "}")
    assert {"4471209", "Ada Ashgrover", "6174238841"} <= near
    far = found('{"mrn": "4471209"}' + "\n" * 20 + '{"name": "Ada Ashgrover"}')
    assert far == {"4471209"}

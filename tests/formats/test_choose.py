"""Which format reads what, and what is refused rather than guessed."""

import pytest

from formats.reading import read_until_error
from phisweep.errors import DocumentError
from phisweep.formats.base import ReadOptions, load
from phisweep.formats.choose import choose_format
from phisweep.model import Source


def chosen(tmp_path, name, data, encoding=""):
    path = tmp_path / name
    path.write_bytes(data)
    source = Source(path, name, len(data), shown=name)
    return choose_format(source, ReadOptions(encoding=encoding)).name


@pytest.mark.parametrize(
    ("name", "data", "expect"),
    [
        ("a.txt", b"", "plain"),
        ("a", b"", "plain"),
        ("a.md", b"[link](x)", "plain"),
        ("NOTES.TXT", b"\0", "plain"),
        ("a.csv", b"{}", "delimited"),
        ("a.TSV", b"", "delimited"),
        ("a.json", b"prose", "json"),
        ("a.geojson", b"", "json"),
        ("a.jsonl", b"", "jsonl"),
        ("a.ndjson", b"", "jsonl"),
        ("a", b'{"a": [1, 2]}', "json"),
        ("a.dat", b"\xef\xbb\xbf [1, 2", "json"),
        ("a", b'{"a": "' + b"x" * 70_000 + b'"}', "json"),
        ("a", b'{"a": 1}\n{"a": 2}\n', "jsonl"),
        ("a", b"[**2019-01-01**] seen", "plain"),
        ("a", b"{curly} prose", "plain"),
        ("a.hl7", b"MSH|^~\\&|A\rPID|1\r", "hl7v2"),
        ("a", b"a,b\n1,2\n", "plain"),
        ("a", b"caf\xe9", "plain"),
        ("a", "naïve".encode("utf-16"), "plain"),
    ],
)
def test_the_suffix_decides_and_else_the_first_bytes(tmp_path, name, data, expect):
    assert chosen(tmp_path, name, data) == expect


@pytest.mark.parametrize(
    "data",
    [b"a\0b", b"\x7fELF\x02\x01", b"\x01\x02\x03\xff" * 20],
)
@pytest.mark.parametrize("name", ["scan", "scan.xyz"])
def test_what_no_format_takes_is_an_error_of_its_own(tmp_path, name, data):
    with pytest.raises(DocumentError, match=r"error\[E202\]: scan.*no reader for this kind"):
        chosen(tmp_path, name, data)


def test_an_encoding_of_the_user_s_opens_what_looks_binary(tmp_path):
    assert chosen(tmp_path, "a.dat", b"a\0b\0", "utf-16-le") == "plain"


@pytest.mark.parametrize("name", ["a.txt", "a.csv", "a.json", "a.jsonl"])
def test_binary_content_under_a_text_s_suffix_is_an_error(name):
    assert read_until_error(name, b"\x7fELF\x02\x01\0\0")[1].startswith(f"error[E204]: {name}: ")
    assert "E204" in read_until_error(name, b'"a\0"')[1]


@pytest.mark.parametrize("name", ["a.txt", "a.csv", "a.json", "a.jsonl", "a"])
def test_a_file_that_vanished_is_an_error(tmp_path, name):
    source = Source(tmp_path / name, name, 3, shown=name)
    with pytest.raises(DocumentError, match=rf"error\[E201\]: {name}: cannot be read: No such"):
        choose_format(source, ReadOptions()).open(source, ReadOptions())


def test_a_folder_where_a_file_was_is_an_error(tmp_path):
    source = Source(tmp_path, "a.txt", 3, shown="a.txt")
    with pytest.raises(DocumentError, match=r"error\[E201\]"):
        choose_format(source, ReadOptions()).open(source, ReadOptions())


def test_the_registry_is_whole_whoever_imported_what_before():
    assert {"plain", "delimited", "json", "jsonl"} <= set(load())
    assert all(format_.unread for format_ in load().values())
    suffixes = [suffix for format_ in load().values() for suffix in format_.suffixes]
    assert len(set(suffixes)) == len(suffixes)

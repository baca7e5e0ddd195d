"""Plain text: one block, or pieces that end where nothing is cut in two."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from formats.reading import edited, open_bytes, read, read_until_error, rewritten, texts
from phisweep.errors import DocumentError
from phisweep.formats.base import ReadOptions
from phisweep.model import Edit

UNCHANGED = {
    "empty": b"",
    "lf": b"one\ntwo\n",
    "crlf": b"one\r\n\r\ntwo\r\n",
    "cr": b"one\rtwo\r",
    "mixed": b"one\r\ntwo\nthree\rfour",
    "byte order mark": b"\xef\xbb\xbfone\n",
    "only a byte order mark": b"\xef\xbb\xbf",
    "utf-8": "naïve \U0001f600\n".encode(),
    "utf-16": "naïve \U0001f600\r\n".encode("utf-16"),
    "utf-16 big-endian": b"\xfe\xff" + "naïve\n".encode("utf-16-be"),
    "utf-32": "naïve \U0001f600\n".encode("utf-32"),
    "cp1252": b"M\xfcller \x80 5\n",
    "form feed and vertical tab": b"one\x0c\x0btwo\n",
}


@pytest.mark.parametrize("data", UNCHANGED.values(), ids=UNCHANGED)
@pytest.mark.parametrize("size", [4, 1 << 20])
def test_without_changes_the_bytes_are_the_source_s(data, size):
    assert rewritten(read("t.txt", data, ReadOptions(chunk_bytes=size))) == data


@pytest.mark.parametrize("name", ["t.txt", "t.MD", "t.log", "NOTES", "t.unknown"])
def test_text_is_one_block_by_any_name(name):
    (block,) = texts(read(name, b"one\ntwo\n"))
    assert (block.text, block.kind, block.line, block.col) == ("one\ntwo\n", "prose", 1, 1)
    assert block.location.address == "text"


def test_an_edit_changes_its_span_alone_and_keeps_the_code():
    data = "Größe: 5\r\n".encode("utf-16")
    chunks = read("t.txt", data)
    out = edited(chunks, {"text": [Edit(0, 5, "Höhe"), Edit(7, 8, "")]})
    assert out == "Höhe: \r\n".encode("utf-16")
    with pytest.raises(DocumentError, match="E206"):
        edited(read("t.txt", b"caf\xe9"), {"text": [Edit(0, 1, "\u4e00")]})


@settings(max_examples=100, deadline=None)
@example("\U0001f600\r\n", 2)
@given(st.text(st.sampled_from("ab é\n\r\U0001f600"), max_size=80), st.integers(2, 30))
def test_pieces_are_the_text_in_order_at_their_own_offsets(text, size):
    data = text.encode()
    chunks = read("t.txt", data, ReadOptions(chunk_bytes=size))
    assert rewritten(chunks) == data
    blocks = texts(chunks)
    assert "".join(block.text for block in blocks) == text
    at = 0
    for block in blocks:
        assert block.location.address == ("text" if len(blocks) == 1 else f"text@{at}")
        before = text[:at].replace("\r\n", "\n").replace("\r", "\n")
        assert block.line == 1 + before.count("\n")
        assert not before or before.endswith("\n")
        at += len(block.text)
        assert not (block.text.endswith("\r") and text[at : at + 1] == "\n")


def test_a_piece_ends_at_a_blank_line_where_there_is_one():
    data = b"first line\nsecond line\n\nthird\nfourth\nfifth, and then some more of it\n"
    blocks = texts(read("t.txt", data, ReadOptions(chunk_bytes=34)))
    assert blocks[0].text == "first line\nsecond line\n\n"
    assert blocks[1].location.address == "text@24"
    assert blocks[1].line == 4


def test_no_piece_is_larger_than_a_chunk_where_lines_are_short():
    data = b"line of text\n" * 1000
    blocks = texts(read("t.txt", data, ReadOptions(chunk_bytes=100)))
    assert len(blocks) > 100
    assert max(len(block.text) for block in blocks[:-1]) <= 100


@pytest.mark.parametrize("size", [8, 1 << 20])
def test_a_line_over_the_limit_is_an_error_that_names_it(size):
    options = ReadOptions(chunk_bytes=size, max_line_bytes=40)
    assert read_until_error("t.txt", b"x\ny\n" + b"z" * 39 + b"\n", options)[1] == ""
    error = read_until_error("t.txt", b"x\ny\n" + b"z" * 99 + b"\n", options)[1]
    assert error.startswith("error[E205]: t.txt: line 3 is longer than 40 bytes")


def test_a_text_has_no_columns():
    document = open_bytes("t.txt", b"a,b\n")
    assert (document.sample(), document.rows, document.columns) == ((), None, None)

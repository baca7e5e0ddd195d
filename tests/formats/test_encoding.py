"""Which code a text is in: never a guess without a word, never a letter turned into another."""

import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from formats.reading import open_bytes, read_until_error, texts
from phisweep.errors import DocumentError, UsageError
from phisweep.formats import encoding
from phisweep.formats.base import ReadOptions
from phisweep.formats.encoding import detect
from phisweep.model import Source

SOURCE = Source(Path("t.txt"), "t.txt", 0, shown="t.txt")


def label(data, chosen=""):
    return detect(io.BytesIO(data), SOURCE, chosen).label


@pytest.mark.parametrize(
    ("data", "chosen", "expect"),
    [
        (b"", "", "utf-8"),
        (b"plain", "", "utf-8"),
        ("é".encode(), "", "utf-8"),
        (b"\xef\xbb\xbfa", "", "utf-8-sig"),
        ("a".encode("utf-16"), "", "utf-16"),
        ("a".encode("utf-32"), "", "utf-32"),
        (b"\xfe\xff\0a", "", "utf-16"),
        (b"caf\xe9", "", "cp1252"),
        (b"caf\xe9", "latin-1", "iso8859-1"),
        ("é".encode(), "cp1252", "cp1252"),
        (b"a\0b\0", "utf-16", "utf-16-le"),
        (b"a\0b\0", "utf-16-le", "utf-16-le"),
        ("a".encode("utf-16"), "utf-16-le", "utf-16"),
        ("a".encode("utf-16"), "utf-16", "utf-16"),
        (b"\xef\xbb\xbfa", "utf8", "utf-8-sig"),
        (b"\xef\xbb\xbfa", "utf-8-sig", "utf-8-sig"),
        (b"a", "utf-8-sig", "utf-8"),
    ],
)
def test_mark_then_choice_then_utf8_then_cp1252(data, chosen, expect):
    assert label(data, chosen) == expect


def test_cp1252_is_a_guess_and_says_so():
    document = open_bytes("t.txt", b"caf\xe9")
    assert document.encoding == "cp1252"
    assert document.warnings == ["not utf-8; read as cp1252, which is a guess"]
    assert not open_bytes("t.txt", b"caf\xe9", ReadOptions(encoding="cp1252")).warnings


@pytest.mark.parametrize(
    ("data", "chosen", "expect"),
    [
        ("é é".encode() + b" \xe9 ", "", "E203]: t.txt: not valid utf-8 at byte 6. Set --encoding"),
        (b"\xe9 " + "é".encode(), "", "E203]: t.txt: not valid utf-8 at byte 0"),
        ("é é".encode()[:-1], "", "E203]: t.txt: not valid utf-8 at byte 3"),
        (b"\x81 undefined in cp1252", "", "E203"),
        (b"caf\xe9", "utf-8", "E203]: t.txt: not valid utf-8 at byte 3"),
        (b"caf\xe9", "ascii", "E203]: t.txt: not valid ascii at byte 3"),
        (b"\xef\xbb\xbfa", "cp1252", "E203]: t.txt: the byte order mark says utf-8, the option"),
        ("a".encode("utf-16"), "utf-8", "E203"),
        (b"\xff\xfea", "", "E203]: t.txt: not valid utf-16-le at byte 2"),
        (b"a\0b", "", "E204]: t.txt: binary content: a NUL at byte 1"),
        (b"\xe9\0", "", "E204"),
        (b"caf\xe9 \0", "cp1252", "E204]: t.txt: binary content: a NUL at byte 5"),
        (b"\x01\x02\x03\xff\x04" * 20, "", "E203"),
    ],
)
@pytest.mark.parametrize("block", [1, 3, 1 << 20])
def test_what_is_no_text_in_that_code_is_an_error(data, chosen, expect, block, monkeypatch):
    monkeypatch.setattr(encoding, "BLOCK", block)
    error = read_until_error("t.txt", data, ReadOptions(encoding=chosen, chunk_bytes=block))[1]
    assert f"error[{expect}" in error or f"error[{expect[:4]}]" in error


@pytest.mark.parametrize("name", ["klingon", "rot13", "base64", "a\0b"])
def test_an_unknown_encoding_is_a_usage_error(name):
    with pytest.raises(UsageError, match="E125"):
        label(b"a", name)


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=50))
def test_any_text_in_utf8_is_read_as_such(text):
    for head in encoding.MAGIC:
        if text.encode().startswith(head[0]):
            return
    assert detect(io.BytesIO(text.encode()), SOURCE).codec == "utf-8"


def test_a_code_that_does_not_give_the_same_bytes_back_is_an_error():
    data = b'\x1b$B$"\x1b(B\x1b(B a'  # iso-2022-jp with a needless escape sequence
    _, error = read_until_error("t.txt", data, ReadOptions(encoding="iso2022_jp"))
    assert "E203" in error
    assert "byte for byte" in error


def test_a_multibyte_code_of_the_user_s_is_read():
    data = "日本\n".encode("shift_jis")
    chunks, error = read_until_error("t.txt", data, ReadOptions(encoding="shift_jis"))
    assert not error
    assert texts(chunks)[0].text == "日本\n"


def test_errors_hold_nothing_of_the_text():
    with pytest.raises(DocumentError) as caught:
        detect(io.BytesIO("Zzyzx é".encode() + b"\xe9"), SOURCE)
    assert "Zzyzx" not in str(caught.value)
    assert caught.value.__suppress_context__ or caught.value.__context__ is None

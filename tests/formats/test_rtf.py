r"""RTF: words over runs, codes, \u, destinations, and what is cut off."""

import pytest

from formats.reading import edited, open_bytes, read, read_until_error, rewritten, texts
from phisweep.formats.base import EMPTIED, ReadOptions
from phisweep.model import Edit, Media

HEAD = r"{\rtf1\ansi\ansicpg1252\deff0\uc1{\fonttbl{\f0\fcharset0 A;}{\f1\fcharset204 B;}{\f2\fcharset128 C;}}"
AWKWARD = (
    "{\\rtf1}",
    "{\\rtf1 a}\0\0",
    "{\\rtf1 a}} b",
    "{\\rtf1 \\bin3 }{}x}",
    "{\\rtf1 {\\*\\x \\'zz\\\n}\\u-1?\\uc0\\u9}",
    HEAD + "\\par\r\n\\par x\\~y\\_z\\-w}",
)


def page(body):
    return read("x.rtf", f"{HEAD}{body}}}".encode("latin-1"))


def words(body):
    return [t.text for t in texts(page(body)) if t.path != "rtf:font"]


def replaced(body, find, new):
    chunks = page(body)
    text = next(t for t in texts(chunks) if find in t.text)
    at = text.text.index(find)
    out = edited(chunks, {text.location.address: [Edit(at, at + len(find), new)]})
    return out.decode("latin-1").removeprefix(HEAD).removesuffix("}")


@pytest.mark.parametrize("data", AWKWARD)
def test_without_edits_every_byte_stays(data):
    raw = data.encode("latin-1")
    assert rewritten(read("x.rtf", raw)) == raw


def test_a_name_over_runs_is_one_text_and_its_formatting_stays():
    body = r"\f0\fs24 Seen: Zeph{\b yr}\i ine\i0  Quill.\par"
    assert words(body) == ["Seen: Zephyrine Quill."]
    assert replaced(body, "Zephyrine Quill", "[NAME]") == r"\f0\fs24 Seen: [NAME]{\b }\i \i0 .\par"


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (r"Qu\'eel", "Qu\u00eel"),
        (r"\f1 \'cf\'f0", "\u041f\u0440"),
        (r"\f2 \'93\'fa\'96\'7b", "\u65e5\u672c"),
        (r"a\u233?b", "a\u00e9b"),
        (r"{\uc2 a\u233\'e9eb}", "a\u00e9b"),
        (r"\u-10179?\u-8704?x", "\U0001f600x"),
        (r"a\{b\}\\c", "a{b}\\c"),
        (r"a\tab b\line c", "a\tb\nc"),
        ("a\r\nb", "ab"),
        (r"a{\v b}c{\deleted d}", "abcd"),
    ],
)
def test_characters_are_read_as_what_they_mean(body, text):
    assert words(body) == [text]


def test_what_is_written_is_ascii_and_runs_on_no_control_word():
    assert replaced(r"\fs24\'e9x", "\u00e9x", "2019") == r"\fs24 2019"
    assert replaced(r"one", "one", "\u00e9{\U0001f600") == r"\u233?\{\u-10179?\u-8704?"
    assert replaced(r"\uc0 one", "one", "\u00e9") == r"\uc0 \u233 "


def test_headers_notes_properties_and_fields_are_texts_of_their_own():
    body = (
        r"{\info{\author Thorn}{\creatim\yr2019\mo3\dy4\hr5\min6}}{\header Quill\par}one{\footnote two}"
        r" three{\*\atnauthor Thorn}{\*\annotation four}{\*\oldcprops five}"
        r"{\field{\*\fldinst HYPERLINK six}{\fldrslt seven}}{\*\revtbl {Unknown;}{Quill;}}"
    )
    found = words(body)
    assert {"Thorn", "2019-03-04 05:06", "Quill", "two", "four", "five", "HYPERLINK six"} <= {
        *found
    }
    assert "one threeseven" in found
    assert replaced(body, "2019-03-04 05:06", "2019").count(r"{\creatim\yr2019}") == 1
    labels = {t.text: t.label for t in texts(page(body))}
    assert (labels["Thorn"], labels["Quill"]) == ("author", "author")


def test_cells_have_the_labels_of_a_row_of_headings():
    row = r"\trowd\pard\intbl {0}\cell {1}\cell\row"
    body = row.format("Name", "DOB").replace(r"\trowd", r"\trowd\trhdr") + row.format(
        "Quill", "1948"
    )
    labels = {t.text: t.label for t in texts(page(body))}
    assert (labels["Quill"], labels["1948"]) == ("Name", "DOB")


def test_pictures_and_objects_are_media_and_become_empty():
    body = "{\\pict\\jpegblip ffd8\nffe0}{\\object{\\*\\objdata 0105}}{\\pict\\bin4 {}{}}x"
    chunks = page(body)
    media = [b for c in chunks for b in c.blocks if isinstance(b, Media)]
    assert [m.what for m in media] == ["picture", "embedded object", "picture"]
    out = edited(chunks, {m.location.address: EMPTIED for m in media})
    assert b"ffd8" not in out
    assert b"0105" not in out
    assert rb"\bin0 }" in out


@pytest.mark.parametrize(
    ("data", "code"),
    [(b"{\\rtf1 {quill", "E242"), (b"quill", "E243"), (b"{\\rtf1" + b"{" * 300, "E209")],
)
def test_what_is_wrong_is_an_error_without_a_value(data, code):
    chunks, error = read_until_error("x.rtf", data)
    assert f"[{code}]" in error
    assert "quill" not in error
    assert code != "E242" or [t.text for t in texts(chunks)] == ["quill"]


def test_content_decides_before_the_suffix_and_chunks_join():
    data = HEAD.encode() + b"".join(b"word %d\\par\n" % i for i in range(500)) + b"}"
    assert open_bytes("x.txt", data).encoding == "rtf"
    small = read("x.rtf", data, ReadOptions(chunk_bytes=4096))
    assert len(small) > 5
    assert rewritten(small) == data

"""HTML: words over tags, attributes, what hides in URLs, and pages that are broken."""

import base64

import pytest

from formats.reading import edited, open_bytes, read, rewritten, texts
from phisweep.formats.base import EMPTIED
from phisweep.model import Edit, Media

AWKWARD = (
    b"",
    b"<p>one<p>two</b></div><td>three",
    b"<!doctype html><!-- x --!><![if x]><p title=a b='c' d=\"e\">&amp;&nbsp;&#120;&notit;</p",
    b"<script>if (a < b) { '</p>' }</script><style>p{}</style><textarea><b></textarea><!-- open",
    b"\xef\xbb\xbf<html>\r\n<body onload=x()>\r\n</body></html>\r\n",
    "<meta charset=iso-8859-1><p>\u00e9\u2019".encode("cp1252"),
    "<html><p>\u00e9</p></html>".encode("utf-16"),
    b"<" * 50 + b"a" * 5 + b">" * 50 + b"<div>" * 400,
)


def found(data, name="x.html"):
    return {text.text: text for text in texts(read(name, data))}


@pytest.mark.parametrize("data", AWKWARD)
def test_without_edits_every_byte_of_any_page_stays(data):
    assert rewritten(read("x.html", data)) == data


def test_a_name_over_tags_entities_and_lines_is_one_text_and_is_replaced_as_one():
    data = b"<p>Zeph<b>yr&#105;ne</b>\n   Quill came</p><p>next</p>"
    chunks = read("x.html", data)
    first = texts(chunks)[0]
    assert first.text == "Zephyrine Quill came"
    out = edited(chunks, {first.location.address: [Edit(0, 15, "<N>")]})
    assert out == b"<p>&lt;N&gt;<b></b> came</p><p>next</p>"


def test_cells_have_the_labels_of_their_headings():
    page = found(
        b"<table><tr><th>Name<th>DOB<tr><td>Quill<td>1948</table><table><tr><td>MRN:<td>55"
    )
    assert (page["Quill"].label, page["1948"].label, page["55"].label) == ("Name", "DOB", "MRN")


def test_attributes_comments_scripts_and_what_is_no_tag_are_searched():
    page = found(
        b"<a href='mailto:quill%40example.org' title=\"A&amp;B\">x</a><!-- note --><Smith>"
        b"<input name=mrn value=5521><meta name=author content=Thorn><script>var a</script>"
        b"<b data-quill=1><jo@example.org><p Zephyrine>"
    )
    assert {"mailto:quill@example.org", "A&B", " note ", "var a", "data-quill"} <= set(page)
    assert "zephyrine" in {text.lower() for text in page}
    assert (page["5521"].label, page["Thorn"].label) == ("mrn", "author")
    assert any("<Smith>" in text for text in page)
    assert any("<jo@example.org>" in text for text in page)


def test_no_address_holds_a_word_of_the_page():
    for text in texts(read("x.html", b"<quill><p data-quill=1 quill>x</p><quill:y>z</quill:y>")):
        assert "quill" not in text.location.address + text.place


def test_pictures_in_urls_become_empty_ones_and_texts_are_opened():
    inner = base64.b64encode(b"words of quill@example.org")
    data = b"<img src='data:image/png;base64,iVBORw0KGgoAAAAN'><a href='data:text/plain;base64,"
    data += inner + b"'>x</a>"
    chunks = read("x.html", data)
    media = [b for c in chunks for b in c.blocks if isinstance(b, Media)]
    assert [m.what for m in media] == ["picture, image/png"]
    text = next(t for t in texts(chunks) if "quill" in t.text)
    made = {media[0].location.address: EMPTIED, text.location.address: [Edit(9, 26, "[E]")]}
    out = edited(chunks, made)
    assert b"iVBORw0KGgoAAAAN'" not in out
    assert base64.b64encode(b"words of [E]") not in out or inner not in out


def test_json_in_a_script_is_read_by_its_keys():
    data = b'<script type="application/ld+json">{"birthDate": "1948-03-25"}</script>'
    assert found(data)["1948-03-25"].label == "birthDate"


def test_content_decides_before_the_suffix():
    assert open_bytes("x.txt", b"<!DOCTYPE html><p>one").encoding == "utf-8"
    assert "one" in found(b"<?xml version='1.0'?>\n<html><p>one</p></html>", "x.txt")

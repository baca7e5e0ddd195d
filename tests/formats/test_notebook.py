"""Notebooks: every source, output and member of metadata, and nothing of a picture."""

import base64
import json
from pathlib import Path

import pytest

from formats.reading import edited, read, read_until_error, rewritten, texts
from phisweep.formats.base import EMPTIED, ReadOptions
from phisweep.formats.choose import choose_format
from phisweep.model import Edit, Media, Source

TINY = ReadOptions(chunk_bytes=8)
PNG = base64.b64encode(b"\x89PNG\r\n\x1a\n" + b"pixels of Tam" * 9).decode()
FRAME = """<div>
<style scoped>.dataframe tbody tr th {vertical-align: top;}</style>
<table border="1" class="dataframe">
  <thead>
    <tr style="text-align: right;"><th></th><th>name</th><th>dob</th></tr>
  </thead>
  <tbody>
    <tr><th>0</th><td>Tam Quill</td><td>1950-03-04</td></tr>
  </tbody>
</table></div>"""


def code(*outputs, **more):
    cell = {
        "cell_type": "code",
        "execution_count": 1,
        "metadata": {},
        "source": [],
        "outputs": outputs,
    }
    return cell | more


def notebook(*cells, **metadata):
    return {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}


def result(**data):
    data = {key.replace("__", "/"): value for key, value in data.items()}
    return {"output_type": "execute_result", "execution_count": 1, "metadata": {}, "data": data}


def raw(value):
    return json.dumps(value, indent=1).encode()


def found(value, **options):
    return {t.location.address: t for t in texts(read("x.ipynb", raw(value), **options))}


def change(value, address, start, end, new):
    chunks = read("x.ipynb", raw(value))
    return json.loads(edited(chunks, {address: [Edit(start, end, new)]}))


MIXED = notebook(
    {"cell_type": "markdown", "id": "a1b2c3d4", "metadata": {}, "source": "# \u00fc \\n <b>T</b>"},
    code(
        {"output_type": "stream", "name": "stdout", "text": ["a\n", "\x1b[31mb\x1b[0m"]},
        result(text__html=FRAME, image__png=PNG, **{"application/json": {"a": [1.50, "b"]}}),
        source=["x = 1\n", ""],
    ),
    authors=[{"name": "Tam Quill"}],
)


@pytest.mark.parametrize("options", [ReadOptions(), TINY], ids=["one chunk", "many chunks"])
@pytest.mark.parametrize("indent", [None, 1, 4])
def test_without_changes_the_bytes_are_the_source_s(options, indent):
    for ascii_only in (True, False):
        data = json.dumps(MIXED, indent=indent, ensure_ascii=ascii_only).encode() + b"\n"
        chunks = read("x.ipynb", data, options)
        assert rewritten(chunks) == data
        addresses = [b.location.address for c in chunks for b in c.blocks]
        assert len(set(addresses)) == len(addresses)


@pytest.mark.parametrize(
    ("name", "value", "expect"),
    [
        ("x.json", MIXED, "notebook"),
        ("x.txt", MIXED, "notebook"),
        ("x.ipynb", {"cells": []}, "notebook"),
        ("x.json", {"nbformat": 4, "cells": []}, "notebook"),
        ("x.json", {"cells": [{"cell_type": "code"}]}, "notebook"),
        ("x.json", {"cells": [{"cell_type": "nerve"}]}, "json"),
        ("x.json", {"a": {"nbformat": 4}}, "json"),
    ],
)
def test_its_content_decides_whatever_it_is_called(name, value, expect):
    data = raw(value)
    source = Source(Path(name), name, len(data), name, data)
    assert choose_format(source, ReadOptions()).name == expect


def test_a_text_in_lines_is_one_text_and_stays_lines():
    value = notebook(code(source=["name = 'Tam", "sin Quill'\n", "\n", "print(name)"]))
    seen = found(value)
    assert seen["cells[0].source"].text == "name = 'Tamsin Quill'\n\nprint(name)"
    assert seen["cells[0].source"].place == "cells[*].source"
    out = change(value, "cells[0].source", 8, 20, "[NAME]")
    assert out["cells"][0]["source"] == ["name = '[NAME]", "'\n", "\n", "print(name)"]
    out = change(value, "cells[0].source", 20, 25, "")
    assert out["cells"][0]["source"] == ["name = 'Tam", "sin Quill", "", "int(name)"]


def test_outputs_of_every_kind_are_read():
    trace = {
        "output_type": "error",
        "ename": "KeyError",
        "evalue": "Tam",
        "traceback": ["\x1b[0;31mKeyError\x1b[0m", "Ta\x1b[1mm\x1b[0m Quill"],
    }
    data = {
        "text/plain": ["a\n", "b"],
        "text/markdown": "**Tam**",
        "text/latex": "$x$",
        "application/javascript": "var a = 'Tam'",
        "application/vnd.plotly.v1+json": {"data": [{"name": "Tam", "y": [1, 2]}]},
        "application/vnd.quill": "Tam",
        "image/svg+xml": ["<svg><text>Ta", "m</text></svg>"],
    }
    seen = found(notebook(code(trace, result(**data))))
    at = "cells[0].outputs[1].data"
    told = {a: t.text.strip() for a, t in seen.items() if a.startswith("cells[0].outputs")}
    assert told == {
        "cells[0].outputs[0].traceback": "KeyError\nTam Quill",
        f"{at}[text/plain]": "a\nb",
        f"{at}[text/markdown]": "**Tam**",
        f"{at}[text/latex]": "$x$",
        f"{at}[application/javascript]": "var a = 'Tam'",
        f"{at}[4]": "Tam",
        f"{at}[image/svg+xml]/text/1": "Tam",
    }
    plotly = "/cells/0/outputs/1/data/application~1vnd.plotly.v1+json/data/0"
    assert (seen[f"{plotly}/name"].text, seen[f"{plotly}/name"].label) == ("Tam", "name")
    assert seen["/cells/0/outputs/0/evalue"].text == "Tam"


def test_colours_of_a_terminal_split_no_name_and_stay():
    line = "\x1b[31mTam\x1b[0m\x1b[1msin\x1b[0m\n"
    value = notebook(code({"output_type": "stream", "name": "stderr", "text": [line]}))
    assert found(value)["cells[0].outputs[0].text"].text == "Tamsin\n"
    out = change(value, "cells[0].outputs[0].text", 0, 6, "X")
    assert out["cells"][0]["outputs"][0]["text"] == ["\x1b[31mX\x1b[0m\x1b[1m\x1b[0m\n"]


def test_cells_of_a_frame_have_the_head_of_their_column():
    value = notebook(code(result(text__html=FRAME.splitlines(keepends=True))))
    at = "cells[0].outputs[0].data[text/html]/table/1/row/2/cell"
    seen = found(value)
    assert (seen[f"{at}/2"].text, seen[f"{at}/2"].label) == ("Tam Quill", "name")
    assert (seen[f"{at}/3"].text, seen[f"{at}/3"].label) == ("1950-03-04", "dob")
    assert seen[f"{at}/2"].place == "cells[*].outputs[*].data[text/html]/table/*/row/*/cell/*"
    html = "".join(
        change(value, f"{at}/2", 0, 9, "<X>")["cells"][0]["outputs"][0]["data"]["text/html"]
    )
    assert html == FRAME.replace("Tam Quill", "&lt;X&gt;")


def media(chunks):
    return [b for c in chunks for b in c.blocks if isinstance(b, Media)]


def test_pictures_are_replaced_by_what_is_empty_of_their_kind():
    drawing = '<svg><defs><path d="M1 2"/></defs><use href="#T"/></svg>'
    attached = {
        "cell_type": "markdown",
        "metadata": {},
        "attachments": {"Tam.png": {"image/png": PNG}},
        "source": [f"![a](data:image/png;base64,{PNG})"],
    }
    value = notebook(
        code(result(image__png=[PNG], image__jpeg=PNG, **{"image/svg+xml": drawing})), attached
    )
    chunks = read("x.ipynb", raw(value))
    seen = media(chunks)
    assert len(seen) == 5
    assert {"picture, image/png", "picture, image/jpeg", "picture, image/svg+xml"} == {
        m.what for m in seen
    }
    assert not any("Tam" in m.location.address for m in seen)
    out = json.loads(edited(chunks, {m.location.address: EMPTIED for m in seen}))
    data = out["cells"][0]["outputs"][0]["data"]
    assert base64.b64decode(data["image/png"][0]).startswith(b"\x89PNG")
    assert base64.b64decode(data["image/jpeg"]).startswith(b"\xff\xd8")
    assert data["image/svg+xml"] == '<svg xmlns="http://www.w3.org/2000/svg"/>'
    assert PNG not in json.dumps(out)
    assert "Tam.png" in {t.text for t in texts(chunks) if t.kind == "key"}


def test_a_drawing_in_a_page_is_a_picture_and_the_page_is_read():
    page = '<p>Tam</p><svg viewBox="0 0 1 1"><use/><svg></svg><text>x</text></svg><p>Odo</p>'
    chunks = read("x.ipynb", raw(notebook(code(result(text__html=page)))))
    (picture,) = media(chunks)
    seen = " ".join(t.text for t in texts(chunks) if "text/html" in t.location.address)
    assert "Tam" in seen
    assert "Odo" in seen
    out = json.loads(edited(chunks, {picture.location.address: EMPTIED}))
    page = out["cells"][0]["outputs"][0]["data"]["text/html"]
    assert page == '<p>Tam</p><svg xmlns="http://www.w3.org/2000/svg"/><p>Odo</p>'


def test_packed_values_of_widgets_are_opened_or_emptied():
    text = base64.b64encode(b"Dear Tam Quill, " * 12).decode()
    binary = base64.b64encode(bytes(range(256))).decode()
    widgets = {
        "application/vnd.jupyter.widget-state+json": {"state": {"a": {"b": text, "c": binary}}}
    }
    chunks = read("x.ipynb", raw(notebook(widgets=widgets)))
    assert any("Dear Tam" in t.text for t in texts(chunks))
    (left,) = media(chunks)
    out = edited(chunks, {left.location.address: EMPTIED}).decode()
    assert binary not in out
    assert text in out


def test_metadata_are_read_at_their_pointers():
    value = notebook(
        code(metadata={"papermill": {"parameters": {"mrn": "10203040"}}}, id="tam-quill"),
        authors=[{"name": "Tam Quill"}],
        widgets={"a": {"value": "<p>Tam <b>Q</b>uill and some more words of hers</p>"}},
    )
    seen = found(value)
    mrn = seen["/cells/0/metadata/papermill/parameters/mrn"]
    assert (mrn.text, mrn.label) == ("10203040", "mrn")
    assert seen["/metadata/authors/0/name"].path == "notebook:metadata.authors.name"
    assert seen["/metadata/widgets/a/value/text/1"].text.startswith("Tam Quill and")
    out = change(value, "/cells/0/id", 0, 9, "[OTHER_ID-B\u00e9]")
    assert out["cells"][0]["id"] == "OTHER_ID-B"


def test_version_3_is_read():
    cell = {
        "cell_type": "code",
        "input": ["a = 'Tam'\n", "b"],
        "language": "python",
        "prompt_number": 1,
        "outputs": [
            {"output_type": "pyout", "text": ["Tam\n"], "html": ["<b>T</b>am"], "png": PNG}
        ],
    }
    value = {"nbformat": 3, "metadata": {"name": ""}, "worksheets": [{"cells": [cell]}]}
    chunks = read("x.ipynb", raw(value))
    seen = {t.location.address: t.text for t in texts(chunks)}
    assert seen["worksheets[0].cells[0].input"] == "a = 'Tam'\nb"
    assert seen["worksheets[0].cells[0].outputs[0].text"] == "Tam\n"
    assert seen["worksheets[0].cells[0].outputs[0].html/text/1"] == "Tam"
    assert [m.what for m in media(chunks)] == ["picture, image/png"]
    assert rewritten(chunks) == raw(value)


@pytest.mark.parametrize("options", [ReadOptions(), TINY], ids=["one chunk", "many chunks"])
def test_a_broken_notebook_is_searched_and_then_fails(options):
    data = raw(MIXED)
    chunks, error = read_until_error("x.ipynb", data[:-200], options)
    assert "E210" in error
    assert "Tam" not in error
    assert any("Tam Quill" in t.text for t in texts(chunks))
    assert rewritten(chunks) == data[:-200]


@pytest.mark.parametrize(
    "data",
    [b'{"cells": [{"cell_type": "code", "source": "Tam"}]}', b'{"nbformat": 9, "a": "Tam"}', b"[]"],
)
def test_what_is_no_notebook_is_searched_and_then_fails(data):
    chunks, error = read_until_error("x.ipynb", data)
    assert error.startswith("error[E232]: x.ipynb: ")
    assert data == b"[]" or "Tam" in {t.text for t in texts(chunks)}
    assert "E210" in read_until_error("x.ipynb", b" \n")[1]


def test_markup_is_read_in_a_time_that_grows_with_its_length():
    for bad in ("<!", "<a ", '<a "', "<svg>", "<!--", "&amp", "<script>", "<table><td>"):
        page = bad * 30_000
        chunks = read("x.ipynb", raw(notebook(code(result(text__html=page)))))
        assert rewritten(chunks) == raw(notebook(code(result(text__html=page))))


@pytest.mark.parametrize(
    "page",
    [
        "<tam.quill@x.example>",
        "<Tam Quill>",
        "a < Tam Quill",
        "<p Tam-Quill>",
        "<p title=Tam-Quill>",
        "</p Tam-Quill>",
        "<p title='Tam Quill",
        "<!-- Tam Quill",
        "<script>Tam Quill",
        "<![CDATA[Tam Quill]]>",
        "<textarea>Tam Quill",
        "<td>Tam Quill",
        "<?php Tam Quill ?>",
        "T&#97;m Quill",
        "Tam<wbr>&nbsp;<i>Qu</i>ill",
    ],
)
def test_nothing_in_a_page_is_left_unread(page):
    chunks = read("x.ipynb", raw(notebook(code(result(text__html=page)))))
    seen = "".join(t.text for t in texts(chunks)).lower().replace("\xa0", " ")
    assert "tam" in seen
    assert "quill" in seen

"""JSON and JSON lines: every leaf found, every unchanged character as it was."""

import json
import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from formats.reading import edited, open_bytes, read, read_until_error, rewritten, texts
from phisweep.formats.base import ReadOptions
from phisweep.formats.escapes import offsets, resolve
from phisweep.formats.trees import document
from phisweep.model import Edit

UNCHANGED = {
    "numbers as they are written": b'{"a": 1.7E+2, "b": 476.90, "c": -0, "d": 1e5}',
    "escapes as they are written": rb'{"\u0061": "\u00e9\/\n", "b": "\ud83d\ude00 \""}',
    "lone surrogates": rb'["\ud800", "\udc00\ud800x"]',
    "spaces": b' \r\n\t{ "a" :\t[ 1 ,2 ] }\n\n',
    "empty containers": b'{"a": {}, "b": [], "c": [[], {}], "": ""}',
    "literals": b"[true, false, null, NaN, Infinity, -Infinity]",
    "a string alone": b'"text"',
    "a number alone": b"12",
    "duplicate keys": b'{"a": 1, "a": {"a": 2, "a": 3}, "a (key)": 4, "a (2)": 5}',
    "byte order mark": b'\xef\xbb\xbf{"a": "b"}',
    "utf-16": '{"ö": "\U0001f600"}'.encode("utf-16"),
    "cp1252": b'{"a": "M\xfcller"}',
    "utf-8": '{"é": "naïve"}'.encode(),
    "empty": b"",
    "only spaces": b" \n",
    "only a byte order mark": b"\xef\xbb\xbf",
}
TINY = ReadOptions(chunk_bytes=8)


@pytest.mark.parametrize("data", UNCHANGED.values(), ids=UNCHANGED)
@pytest.mark.parametrize("options", [ReadOptions(), TINY], ids=["one chunk", "many chunks"])
def test_without_changes_the_bytes_are_the_source_s(data, options):
    chunks = read("t.json", data, options)
    assert rewritten(chunks) == data
    addresses = [t.location.address for t in texts(chunks)]
    assert len(set(addresses)) == len(addresses)


def test_keys_strings_and_numbers_are_found_at_their_pointers():
    data = b'{"patient": [{"name": "Ann",\n "age": 40, "a/b~c": {"x": true}}]}'
    found = [
        (t.location.address, t.text, t.label, t.kind, t.line, t.col)
        for t in texts(read("t.json", data))
    ]
    assert found == [
        ("/patient (key)", "patient", "", "key", 1, 3),
        ("/patient/0/name (key)", "name", "patient", "key", 1, 16),
        ("/patient/0/name", "Ann", "name", "value", 1, 24),
        ("/patient/0/age (key)", "age", "patient", "key", 2, 3),
        ("/patient/0/age", "40", "age", "value", 2, 9),
        ("/patient/0/a~1b~0c (key)", "a/b~c", "patient", "key", 2, 14),
        ("/patient/0/a~1b~0c/x (key)", "x", "a/b~c", "key", 2, 24),
    ]


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        ("one two three four five", "value"),
        ("one two three four five six", "prose"),
        ("x" * 80, "value"),
        ("x" * 81, "prose"),
        ("one\ntwo", "prose"),
        ("", "value"),
    ],
)
def test_what_reads_like_prose_is_prose(value, kind):
    assert texts(read("t.json", json.dumps([value]).encode()))[0].kind == kind


TEXT = st.text(
    st.one_of(st.sampled_from('"\\/\n\té\U0001f600 ~'), st.characters(exclude_categories=["Cs"])),
    max_size=6,
)
VALUES = st.recursive(
    st.one_of(TEXT, st.integers(), st.floats(), st.booleans(), st.none()),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(TEXT, inner, max_size=4)),
    max_leaves=12,
)
WRITTEN = st.fixed_dictionaries(
    {
        "indent": st.sampled_from([None, 0, 2]),
        "separators": st.sampled_from([None, (",", ":"), (" , ", " : ")]),
        "ensure_ascii": st.booleans(),
    }
)


def leaves_of(value, pointer=""):
    """Return pointer and value of every leaf and every key, from what json.loads gives."""
    if isinstance(value, dict):
        for key, inner in value.items():
            below = f"{pointer}/{key.replace('~', '~0').replace('/', '~1')}"
            yield f"{below} (key)", key
            yield from leaves_of(inner, below)
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from leaves_of(inner, f"{pointer}/{index}")
    elif isinstance(value, str) or _is_number(value):
        yield pointer, value


def _is_number(value):
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


@settings(max_examples=200, deadline=None)
@given(VALUES, WRITTEN, st.sampled_from([8, 1 << 20]))
def test_leaves_are_those_of_json_loads(value, how, chunk_bytes):
    data = json.dumps(value, **how).encode()
    if data.startswith(b"\xef\xbb\xbf") or b"\0" in data:
        return
    chunks = read("t.json", data, ReadOptions(chunk_bytes=chunk_bytes))
    assert rewritten(chunks) == data
    expect = list(leaves_of(json.loads(data)))
    found = texts(chunks)
    assert len(found) == len(expect)
    for text, (pointer, leaf) in zip(found, expect, strict=True):
        assert text.text == leaf if isinstance(leaf, str) else json.loads(text.text) == leaf
        if "(" not in pointer.removesuffix(" (key)"):
            assert text.location.address == pointer


@settings(max_examples=150, deadline=None)
@given(TEXT, TEXT, st.data(), st.booleans(), st.sampled_from(["utf-8", "utf-16", "cp1252"]))
def test_an_edit_is_what_json_loads_sees_and_nothing_else(value, new, data, ascii_only, code):
    source = {"before": "\u00e9", "key": value, "after": [1.50, "\u00e9"]}
    raw = json.dumps(source, ensure_ascii=ascii_only or code == "cp1252").encode(code)
    start = data.draw(st.integers(0, len(value)))
    end = data.draw(st.integers(start, len(value)))
    options = ReadOptions(encoding="" if code != "cp1252" else "cp1252")
    out = edited(read("t.json", raw, options), {"/key": [Edit(start, end, new)]})
    assert json.loads(out.decode(code)) == {**source, "key": value[:start] + new + value[end:]}


def test_outside_an_edit_the_escapes_stay_as_they_were():
    raw = rb'{"k": "\u00e9 Ann \/ \ud83d\ude00 Bob\u0021", "n": 1.70E+2}'
    (text,) = [t for t in texts(read("t.json", raw)) if t.location.address == "/k"]
    start = text.text.index("Ann"), text.text.index("Bob")
    edits = [Edit(start[0], start[0] + 3, '"A"'), Edit(start[1], start[1] + 3, "\n\u4e00")]
    out = edited(read("t.json", raw), {"/k": edits})
    expect = rb'{"k": "\u00e9 \"A\" \/ \ud83d\ude00 \n' + "\u4e00".encode() + rb'\u0021", "n": '
    assert out == expect + b"1.70E+2}"


@pytest.mark.parametrize(
    ("edit", "expect"),
    [
        (Edit(0, 3, "12"), b'{"n": 12}'),
        (Edit(0, 3, "[AGE]"), b'{"n": "[AGE]"}'),
        (Edit(0, 3, "007"), b'{"n": "007"}'),
        (Edit(0, 3, ""), b'{"n": ""}'),
        (Edit(1, 3, ""), b'{"n": 9}'),
    ],
)
def test_a_number_stays_one_or_becomes_a_string(edit, expect):
    assert edited(read("t.json", b'{"n": 987}'), {"/n": [edit]}) == expect


def test_a_key_can_be_changed():
    out = edited(read("t.json", b'{"Ann": 1}'), {"/Ann (key)": [Edit(0, 3, "x")]})
    assert out == b'{"x": 1}'


def test_a_replacement_is_escaped_where_the_document_s_code_lacks_it():
    out = edited(read("t.json", b'["caf\xe9"]'), {"/0": [Edit(0, 3, "\u4e00")]})
    assert out == b'["\\u4e00\xe9"]'


def test_a_lone_surrogate_reads_as_a_replacement_character():
    (text,) = texts(read("t.json", rb'["a\ud800b\udc00"]'))
    assert text.text == "a\ufffdb\ufffd"
    assert resolve(r"\ud800") == "\ufffd"
    assert list(offsets(r"a\ud83d\ude00b")) == [0, 1, 13, 14]


BROKEN = [
    (b'{"a": "Ann", "b', "ends before it is complete: byte 13 (line 1)"),
    (b'{"a": "Ann",\n "b": [1, 2', "ends before it is complete: byte 24 (line 2)"),
    (b'{"a": 1}\n{"b": 2}', "something follows the end of the JSON: byte 9 (line 2)"),
    ('{"é": }'.encode(), "not valid JSON: byte 7 (line 1)"),
    (b"{'a': 1}", "not valid JSON"),
    (b'{"a" 1}', "not valid JSON"),
    (b"[1 2]", "not valid JSON"),
    (b"[1, ]", "not valid JSON"),
    (b"[1}", "not valid JSON"),
    (b'{"a": 01}', "not valid JSON"),
    (b'{"a": "\x01"}', "not valid JSON"),
    (rb'["\x"]', "not valid JSON"),
    (rb'["\u12"]', "not valid JSON"),
    (b"[1", "ends before"),
    (b"nul", "ends before"),
    (b"/* */ {}", "not valid JSON"),
]


@pytest.mark.parametrize(("data", "expect"), BROKEN)
def test_broken_json_is_searched_and_then_fails(data, expect):
    with pytest.raises(json.JSONDecodeError):
        json.loads(data)
    chunks, error = read_until_error("t.json", data)
    assert error.startswith("error[E210]: t.json: ")
    assert expect in error
    assert rewritten(chunks) == data
    if b"Ann" in data:
        assert "Ann" in {t.text for t in texts(chunks)}
        assert "Ann" not in error


@settings(max_examples=150, deadline=None)
@given(VALUES, st.data())
def test_what_json_loads_refuses_is_refused(value, data):
    raw = json.dumps(value)
    at = data.draw(st.integers(0, len(raw)))
    broken = (
        raw[:at]
        + data.draw(st.sampled_from(['"', "{", "]", ",", ":", "x", "1", ""]))
        + (raw[at + 1 :])
    )
    if broken.isspace() or not broken:
        return
    try:
        json.loads(broken)
    except json.JSONDecodeError:
        assert "E210" in read_until_error("t.json", broken.encode())[1]
    else:
        assert read_until_error("t.json", broken.encode())[1] == ""


def test_deep_json_neither_recurses_nor_passes():
    deep = b"[" * 100_000 + b"]" * 100_000
    error = read_until_error("t.json", deep)[1]
    assert error.startswith("error[E209]: t.json: nested deeper than 256: byte 256 (line 1)")
    some = b"[" * 3000 + b"]" * 3000
    assert not read_until_error("t.json", some, ReadOptions(max_depth=3000))[1]


def test_json_too_large_to_hold_is_an_error_with_advice(monkeypatch):
    monkeypatch.setattr(document, "LARGEST", 10)
    assert not read_until_error("t.json", b'"8 bytes"')[1]
    error = read_until_error("t.json", b'"11 bytes!"')[1]
    assert "E211" in error
    assert ".jsonl" in error


LINES = b'{"id": 1, "name": "Ann"}\n\n {"id": 2, "name": "Bob"}\r\n[3]\n"x"'


@pytest.mark.parametrize("options", [ReadOptions(), TINY], ids=["one chunk", "many chunks"])
@pytest.mark.parametrize("data", [LINES, b"\xef\xbb\xbf" + LINES, LINES.decode().encode("utf-16")])
def test_json_lines_are_told_by_their_line(data, options):
    document = open_bytes("t.jsonl", data, options)
    chunks = list(document.chunks())
    assert rewritten(chunks) == data
    assert document.rows == 4
    found = {t.location.address: (t.text, t.label, t.line, t.col) for t in texts(chunks)}
    assert found["line 1: /name"] == ("Ann", "name", 1, 20)
    assert found["line 3: /name"] == ("Bob", "name", 3, 21)
    assert found["line 3: /id (key)"] == ("id", "", 3, 4)
    assert found["line 4: /0"] == ("3", "", 4, 2)
    assert found["line 5: "][0] == "x"


@pytest.mark.parametrize("data", [b"", b"\n\n", b"\xef\xbb\xbf", b"1\n\n"])
def test_json_lines_without_changes_stay(data):
    assert rewritten(read("t.ndjson", data)) == data


def test_an_edit_changes_its_line_alone():
    out = edited(read("t.jsonl", LINES, TINY), {"line 3: /name": [Edit(0, 3, 'x"')]})
    assert out == LINES.replace(b"Bob", b'x\\"')


@pytest.mark.parametrize("options", [ReadOptions(), TINY], ids=["one chunk", "many chunks"])
def test_a_broken_line_is_searched_and_the_document_fails_at_its_end(options):
    data = b'{"a": "Ann"}\n{"a": "Bob"\n{"a": "Cyd"}\n{"broken": "too\n'
    chunks, error = read_until_error("t.jsonl", data, options)
    assert error.startswith(
        "error[E210]: t.jsonl: the JSON ends before it is complete: byte 24 (line 2)"
    )
    found = {t.location.address: t.text for t in texts(chunks)}
    assert found["line 2"] == '{"a": "Bob"'
    assert found["line 3: /a"] == "Cyd"
    assert rewritten(chunks) == data


@pytest.mark.parametrize("size", [8, 1 << 20])
def test_a_line_over_the_limit_is_an_error(size):
    options = ReadOptions(chunk_bytes=size, max_line_bytes=60)
    data = b'{"a": 1}\n["' + b"x" * 99 + b'"]\n'
    assert "E205]: t.jsonl: line 2" in read_until_error("t.jsonl", data, options)[1]
    assert not read_until_error("t.jsonl", b'{"a": 1}\n' * 20, options)[1]

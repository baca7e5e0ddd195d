"""Every format of gold gives the same documents, whatever its file is called."""

import json

import pytest

import invented_gold as invented
from invented_gold import MARKS, TEXT, spans
from phisweep.evaluate import gold
from phisweep.evaluate.gold import conll
from phisweep.evaluate.labels import Labels
from phisweep.evaluate.values import IGNORE

LABELS = Labels.load()


def read(path, **more):
    return list(gold.read(path, LABELS, **more))


def marked(document):
    return [
        ("|".join(document.text[a:b] for a, b in span.parts), span.kind) for span in document.spans
    ]


EXPECTED = [(value, label) for label, value in MARKS]


@pytest.mark.parametrize("key", ["class", "identifier", "label", "type", "entity_type"])
def test_json_lines(tmp_path, key):
    path = invented.jsonl(tmp_path / "any.name", {"id": "x", "text": TEXT, "spans": spans(key=key)})
    (document,) = read(path)
    assert (document.id, document.text, document.where) == ("x", TEXT, "line 1: /text")
    assert marked(document) == EXPECTED


def test_json_lines_without_ids_are_numbered(tmp_path):
    rows = [{"text": "a", "spans": []}, {"id": 7, "text": "b", "spans": []}]
    path = invented.jsonl(tmp_path / "x", *rows)
    assert [document.id for document in read(path)] == ["1", "7"]


def test_identifiers_of_ours_and_ignored_spans(tmp_path):
    row = {
        "text": "zip 02139 in 2024",
        "spans": [
            {"start": 4, "end": 9, "identifier": "zip"},
            {"start": 13, "end": 17, "class": "IGNORE"},
        ],
    }
    (document,) = read(invented.jsonl(tmp_path / "x", row))
    assert marked(document) == [("02139", "LOCATION"), ("2024", IGNORE)]


def test_brat(tmp_path):
    (document,) = read(invented.brat(tmp_path / "notes"))
    assert (document.id, document.file, document.where) == ("a", "a.txt", "text")
    assert marked(document) == EXPECTED


def test_brat_counts_line_ends_as_they_are(tmp_path):
    text = "one\r\ntwo Ada Quillfeather"
    folder = invented.brat(tmp_path / "n", text=text, marks=[("NAME", "Ada Quillfeather")])
    assert marked(read(folder)[0]) == [("Ada Quillfeather", "NAME")]


def test_brat_in_parts(tmp_path):
    folder = invented.brat(tmp_path / "n", text="Ada and Bo Quill", marks=[])
    (folder / "a.ann").write_text("T1\tNAME 0 3;11 16\tAda Quill\n")
    (document,) = read(folder)
    assert marked(document) == [("Ada|Quill", "NAME")]


def test_brat_in_folders_and_one_file_of_it(tmp_path):
    invented.brat(tmp_path / "n")
    invented.brat(tmp_path / "n" / "sub", "b")
    assert [document.id for document in read(tmp_path / "n")] == ["a", "sub/b"]
    for name in ("a.ann", "a.txt"):
        assert [document.id for document in read(tmp_path / "n" / name)] == ["a"]


def test_i2b2_of_2014(tmp_path):
    (document,) = read(invented.i2b2_2014(tmp_path / "110-01.xml"))
    assert (document.id, document.where) == ("110-01", "/deIdi2b2[1]/TEXT[1]")
    assert marked(document) == EXPECTED


def test_i2b2_of_2006_and_ages_that_may_stay(tmp_path):
    first, second = read(invented.i2b2_2006(tmp_path / "x.xml"))
    assert first.id == "7"
    assert first.text == "Seen by Quillfeather & co on 03/04, aged 93."
    assert marked(first) == [("Quillfeather", "NAME"), ("03/04", "DATE"), ("93", "AGE")]
    assert marked(second) == [("41", IGNORE)]


def test_i2b2_in_a_folder(tmp_path):
    for name in ("b.xml", "a.xml"):
        invented.i2b2_2014(tmp_path / name)
    assert [document.id for document in read(tmp_path)] == ["a", "b"]


def test_presidio_research(tmp_path):
    first, second = read(invented.presidio(tmp_path / "x.json"))
    assert marked(first) == [("Ada Quillfeather", "NAME")]
    assert first.where == "/0/full_text"
    assert second.spans == ()


def test_an_array_longer_than_what_is_read_at_once(tmp_path, monkeypatch):
    monkeypatch.setattr("phisweep.evaluate.gold.objects._CHUNK", 16)
    rows = [{"full_text": f"text {n} " * n, "spans": []} for n in range(30)]
    for indent in (None, 1):
        path = tmp_path / "x.json"
        path.write_text(json.dumps(rows, indent=indent))
        assert [document.text for document in read(path)] == [row["full_text"] for row in rows]


def test_conll_makes_the_text_again(tmp_path):
    path = tmp_path / "x.conll"
    path.write_text(invented.CONLL)
    first, second = read(path)
    assert first.text == "Ms. Ada Quillfeather (the boss) called 617-555-0123.\nBo lives"
    assert marked(first) == [
        ("Ada Quillfeather", "NAME"),
        ("617-555-0123", "PHONE"),
        ("Bo", "NAME"),
    ]
    assert marked(second) == [("Northmere", "LOCATION")]


@pytest.mark.parametrize(
    "tags",
    [
        ("O", "B-PER", "I-PER", "O", "B-PER"),
        ("O", "B-PER", "L-PER", "O", "U-PER"),
        ("O", "B-PER", "E-PER", "O", "S-PER"),
        ("O", "I-PER", "I-PER", "O", "I-PER"),
    ],
)
def test_every_way_to_tag(tmp_path, tags):
    path = tmp_path / "x"
    words = ("saw", "Ada", "Quill", "and", "Bo")
    path.write_text("".join(f"{w}\t{t}\n" for w, t in zip(words, tags, strict=True)))
    (document,) = read(path)
    assert marked(document) == [("Ada Quill", "NAME"), ("Bo", "NAME")]


def test_neighbours_of_one_class_are_two_where_the_tag_says_so(tmp_path):
    path = tmp_path / "x"
    path.write_text("Ada B-PER\nBo B-PER\nNorthmere I-LOC\n")
    assert marked(read(path)[0]) == [("Ada", "NAME"), ("Bo", "NAME"), ("Northmere", "LOCATION")]


def test_numbered_tokens_and_ids_of_documents(tmp_path):
    path = tmp_path / "x"
    path.write_text(
        "# newdoc id = d1\n# text = Ada came\n1\tAda\tB-PER\t-\n2\tcame\tO\t-\n\n"
        "1\tBo\tB-PER\t-\n\n# newdoc id = d2\n1\tNo\tO\t-\n"
    )
    documents = read(path)
    assert [(d.id, d.text) for d in documents] == [("d1", "Ada came\nBo"), ("d2", "No")]


def test_without_marks_of_documents_each_sentence_is_one(tmp_path):
    path = tmp_path / "x"
    path.write_text("Ada B-PER\n\nBo B-PER\n")
    assert [document.text for document in read(path)] == ["Ada", "Bo"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_encodings_that_a_mark_tells(tmp_path, encoding):
    row = json.dumps({"text": "Zoë came", "spans": [{"start": 0, "end": 3, "class": "NAME"}]})
    (tmp_path / "x").write_text(row.replace("\\u00eb", "ë") + "\n", encoding=encoding)
    assert marked(read(tmp_path / "x")[0]) == [("Zoë", "NAME")]


def test_an_encoding_that_is_given(tmp_path):
    (tmp_path / "x").write_bytes('{"text": "Zo\xeb", "spans": []}\n'.encode("latin-1"))
    assert read(tmp_path / "x", encoding="latin-1")[0].text == "Zoë"


@pytest.mark.parametrize(
    ("tokens", "text"),
    [
        ("10 : 30", "10:30"),
        ("3 / 4 / 2024", "3/4/2024"),
        ("so - called", "so - called"),
        ("it 's $ 5 , too !", "it's $5, too!"),
    ],
)
def test_tokens_stand_as_they_were_written(tokens, text):
    assert conll._sentence([(token, "O") for token in tokens.split()])[0] == text

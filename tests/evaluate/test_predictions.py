"""Predictions in any order and form; those of another corpus are errors, without what stands there."""

import json

import pytest

import invented_gold as invented
from invented_gold import CANARIES, OTHER, TEXT
from phisweep.errors import PhisweepError
from phisweep.evaluate import gold, predictions
from phisweep.evaluate.labels import Labels
from phisweep.evaluate.values import UNKNOWN, Span

LABELS = Labels.load()


@pytest.fixture
def corpus(tmp_path):
    return list(gold.read(invented.gold(tmp_path / "corpus.jsonl"), LABELS))


def predicted(path, documents):
    with predictions.opened(path, LABELS) as made:
        found = [list(made.of(document)) for document in documents]
        made.check_used()
        return found, made.unanswered


def fault(path, documents, code, said=""):
    with pytest.raises(PhisweepError) as stop:
        predicted(path, documents)
    told = str(stop.value)
    assert stop.value.code == code, told
    assert said in told
    assert not any(canary in told for canary in CANARIES)


NAME = {"start": 4, "end": 20, "label": "PERSON", "score": 0.5}


def test_in_any_order_with_or_without_texts(tmp_path, corpus):
    rows = [{"id": "b", "spans": []}, {"id": "a", "text": TEXT, "spans": [NAME]}]
    found, unanswered = predicted(invented.jsonl(tmp_path / "p", *rows), corpus)
    assert found == [[Span(((4, 20),), "NAME", 0.5)], []]
    assert unanswered == 0


def test_documents_that_a_tool_leaves_out_are_counted(tmp_path, corpus):
    found, unanswered = predicted(invented.jsonl(tmp_path / "p", {"id": "b", "spans": []}), corpus)
    assert found == [[], []]
    assert unanswered == 1


def test_a_tool_that_found_nothing_at_all_may_be_an_empty_file(tmp_path, corpus):
    (tmp_path / "p").write_text("")
    assert predicted(tmp_path / "p", corpus) == ([[], []], 2)


def test_labels_that_are_none_of_ours_still_cover(tmp_path, corpus):
    rows = [{"id": "a", "spans": [NAME | {"label": "KENNEL"}, NAME | {"label": "ORG"}]}]
    found, _ = predicted(invented.jsonl(tmp_path / "p", *rows), corpus)
    assert [span.kind for span in found[0]] == [UNKNOWN, UNKNOWN]


def test_predictions_may_overlap_each_other(tmp_path, corpus):
    rows = [{"id": "a", "spans": [NAME, NAME | {"start": 0, "label": "DATE_TIME"}]}]
    found, _ = predicted(invented.jsonl(tmp_path / "p", *rows), corpus)
    assert [(span.start, span.kind) for span in found[0]] == [(4, "NAME"), (0, "DATE")]


@pytest.mark.parametrize(
    ("rows", "code", "said"),
    [
        ([{"id": "z", "spans": []}], "E178", "1 of its documents"),
        ([{"id": "a", "spans": []}, {"id": "a", "spans": []}], "E178", "same id"),
        ([{"id": "a", "text": OTHER, "spans": []}], "E178", "another one"),
        ([{"id": "a", "spans": [NAME | {"end": 999}]}], "E177", "outside"),
        ([{"id": "a", "text": TEXT, "spans": [NAME | {"end": 999}]}], "E177", "outside"),
        ([{"id": "a", "text": TEXT}], "E176", "no list of spans"),
        ([{"id": "a", "spans": [NAME | {"score": "Quillfeather"}]}], "E177", "score"),
    ],
)
def test_predictions_that_are_not_of_this_gold(tmp_path, corpus, rows, code, said):
    fault(invented.jsonl(tmp_path / "p", *rows), corpus, code, said)


def test_files_that_are_no_predictions(tmp_path, corpus):
    (tmp_path / "p").write_text("Quillfeather came")
    fault(tmp_path / "p", corpus, "E176", "no predictions")
    fault(tmp_path / "absent", corpus, "E176", "no such file")


def test_gold_with_two_documents_of_one_id(tmp_path, corpus):
    path = invented.jsonl(tmp_path / "p", {"id": "a", "spans": []})
    fault(path, [corpus[0], corpus[0]], "E178", "another document of this id")


def test_brat_beside_json_lines(tmp_path, corpus):
    folder = invented.brat(tmp_path / "brat")
    found, _ = predicted(folder, corpus[:1])
    assert [span.kind for span in found[0]] == ["NAME", "DATE", "PHONE"]


# What a search found


def finding(path, where, start, end, identifier="name"):
    return {"path": path, "where": where, "start": start, "end": end, "identifier": identifier,
            "rule": "x/y", "score": 0.9}  # fmt: skip


def test_a_search_of_json_lines(tmp_path, corpus):
    rows = [
        finding("data/corpus.jsonl", "line 2: /text", 4, 15),
        finding("data/corpus.jsonl", "line 1: /text", 4, 20),
        finding("data/corpus.jsonl", "line 1: /id", 0, 1, "other_id"),
        finding("data/other.jsonl", "line 1: /text", 0, 1),
    ]
    rows.reverse()
    found, unanswered = predicted(invented.jsonl(tmp_path / "p", *rows), corpus)
    assert found == [[Span(((4, 20),), "NAME", 0.9, "x/y")], [Span(((4, 15),), "NAME", 0.9, "x/y")]]
    assert unanswered == 0


def test_a_search_of_a_folder_of_texts(tmp_path):
    invented.brat(tmp_path / "n")
    invented.brat(tmp_path / "n" / "sub", "b")
    documents = list(gold.read(tmp_path / "n", LABELS))
    rows = [finding("n/a.txt", "text", 4, 20), finding("n/sub/b.txt", "text", 29, 39, "date")]
    found, _ = predicted(invented.jsonl(tmp_path / "p", *rows), documents)
    assert [[span.kind for span in each] for each in found] == [["NAME"], ["DATE"]]


def test_files_of_one_name_are_not_taken_for_each_other(tmp_path):
    (tmp_path / "n").mkdir()
    for sub in ("one", "two"):
        invented.brat(tmp_path / "n" / sub)
    documents = list(gold.read(tmp_path / "n", LABELS))
    rows = [finding("a.txt", "text", 4, 20)]
    fault(invented.jsonl(tmp_path / "p", *rows), documents, "E178", "cannot be told")


def test_a_search_of_another_corpus(tmp_path, corpus):
    rows = [finding("elsewhere.jsonl", "line 1: /text", 4, 20)]
    fault(invented.jsonl(tmp_path / "p", *rows), corpus, "E178", "none of its files")
    rows = [finding("corpus.jsonl", "line 1: /text", 4, 2000)]
    fault(invented.jsonl(tmp_path / "p", *rows), corpus, "E177", "outside")
    path = invented.jsonl(tmp_path / "p", *rows)
    path.write_text(path.read_text() + json.dumps({"path": "Quillfeather"}) + "\n")
    fault(path, corpus, "E176", "line 2")


def test_a_search_of_a_corpus_whose_texts_it_cannot_find_again(tmp_path):
    documents = list(gold.read(invented.i2b2_2006(tmp_path / "x.xml"), LABELS))
    rows = [finding("x.xml", "/ROOT[1]/RECORD[1]/TEXT[1]", 0, 4)]
    fault(invented.jsonl(tmp_path / "p", *rows), documents, "E178", "otherwise")

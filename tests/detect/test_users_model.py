"""A model that the user trained stands in the place of ours, or beside it, by configuration."""

import json
import random
from typing import ClassVar

import pytest
import spacy
from presidio_analyzer.predefined_recognizers.ner import gliner_recognizer
from spacy.training import Example
from spacy.util import fix_random_seed

from documents import blocks, page
from phisweep.detect.names import store

PEOPLE = ("Ulrica Penhallow", "Agnes Quillfeather", "Orla Fenwick", "Basil Thornquist")
MARK = "[NAME], ssn [SSN]"  # what stands in a copy, and is nobody
FRAMES = ("today {} came", "{} was seen today", "we spoke with {} at length")
NOTE = "today Agnes Penhallow came, ssn 987-65-4320\n"


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    """A folder with a pipeline that a few updates have taught fifteen sentences."""
    fix_random_seed(7)
    nlp = spacy.blank("en")
    nlp.add_pipe("ner").add_label("PERSON")
    examples = []
    for who in (*PEOPLE, MARK):
        for frame in FRAMES:
            start = frame.index("{")
            spans = {"entities": [(start, start + len(who), "PERSON")] * (who != MARK)}
            examples.append(Example.from_dict(nlp.make_doc(frame.format(who)), spans))
    nlp.initialize(lambda: examples)
    for _ in range(25):
        random.shuffle(examples)
        nlp.update(examples, drop=0.1)
    folder = tmp_path_factory.mktemp("trained") / "tiny"
    nlp.to_disk(folder)
    return folder


@pytest.fixture
def configured(tmp_path, trained):
    """Write a note, and a configuration that names the trained model."""

    def write(more=""):
        (tmp_path / "n.txt").write_text(NOTE)
        text = f"engine = 'full'\n[nlp]\nmodel = {json.dumps(str(trained))}\n{more}"
        (tmp_path / "phisweep.toml").write_text(text)

    return write


def manifest(tmp_path, out):
    path = tmp_path / out / "phisweep-report" / "run.json"
    return json.loads(path.read_text(encoding="utf-8"))["manifest"]


def test_it_stands_in_the_place_of_ours(run, tmp_path, configured, trained, monkeypatch):
    monkeypatch.setattr(store, "default_folder", lambda: tmp_path / "nowhere")
    configured()
    found = run("scan", "n.txt", "--format", "jsonl").findings
    assert [(f["rule"], f["start"]) for f in found] == [
        ("presidio/person", NOTE.index("Agnes")), ("ssn/dashed", NOTE.index("987")),
    ]  # fmt: skip
    assert run("deid", "n.txt", "-o", "out").status == 0
    assert (tmp_path / "out" / "n.txt").read_text() == "today [NAME] came, ssn [SSN]\n"
    assert manifest(tmp_path, "out")["model"] == str(trained)


def test_both_run_where_the_configuration_asks_for_both(run, tmp_path, configured, trained):
    configured("bundled = true\n")
    assert run("deid", "n.txt", "-o", "out").status == 0
    assert "Penhallow" not in (tmp_path / "out" / "n.txt").read_text()
    assert manifest(tmp_path, "out")["model"] == f"{store.open_store().name}, {trained}"
    only = run("scan", "n.txt", "--format", "jsonl", "--rule", "names-model/name").findings
    more = run("scan", "n.txt", "--format", "jsonl", "--rule", "presidio/person").findings
    assert only
    assert more


def test_a_missing_bundled_model_stops_a_run_that_asks_for_both(
    run, tmp_path, configured, monkeypatch
):
    monkeypatch.setattr(store, "default_folder", lambda: tmp_path / "nowhere")
    configured("bundled = true\n")
    ran = run("scan", "n.txt")
    assert ran.status == 4
    assert "E410" in ran.err


class Gliner:
    """In the place of the library GLiNER, which is not installed here: knows one name."""

    opened: ClassVar[list[str]] = []

    @classmethod
    def from_pretrained(cls, name, **_):
        cls.opened.append(name)
        return cls()

    def predict_entities(self, text, labels, threshold, **_):
        assert "person" in labels
        start = text.find("Agnes Penhallow")
        end = start + len("Agnes Penhallow")
        found = [{"start": start, "end": end, "label": "person", "score": 0.9}]
        return found if start >= 0 and threshold <= 0.9 else []


def test_the_gliner_configuration_that_is_shown_stands_in_the_place_of_ours(
    run, tmp_path, monkeypatch
):
    monkeypatch.setattr(gliner_recognizer, "GLiNER", Gliner)
    monkeypatch.setattr(store, "default_folder", lambda: tmp_path / "nowhere")
    text = page("docs/names-model.md").partition("### GLiNER")[2]
    (recognizers, *_), (toml, *_) = list(blocks(text, "yaml")), list(blocks(text, "toml"))
    (tmp_path / "recognizers.yaml").write_text(recognizers)
    (tmp_path / "phisweep.toml").write_text(toml)
    (tmp_path / "n.txt").write_text(NOTE)
    ran = run("scan", "n.txt", "--engine", "full", "--format", "jsonl")
    assert (ran.status, ran.err[-600:]) == (1, "")
    found = ran.findings
    assert [(f["rule"], f["identifier"]) for f in found] == [
        ("presidio/person", "name"), ("ssn/dashed", "ssn"),
    ]  # fmt: skip
    assert Gliner.opened == ["models/our-gliner"]

"""In a spaCy pipeline: findings as spans with labels and scores, whatever the text is made of."""

import pickle

import pytest
import spacy
from hypothesis import given, settings
from hypothesis import strategies as st
from spacy.tokens import Doc

import phisweep
from phisweep import pipe  # tells spaCy of the component where phisweep is not installed
from phisweep.errors import ComponentError, PhisweepError

NOTE = "Seen 2024-03-04.\nMs. Quillfeather, ssn 987-65-4320; Quillfeather's fax 617-555-0123.\n"


@pytest.fixture(scope="module")
def pipeline(rules_folder):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("phisweep.ruleset.load.default_folder", lambda: rules_folder)
        nlp = spacy.blank("en")
        nlp.add_pipe("phisweep", config={"engine": "rules"})
        return nlp


def found(doc):
    return [(span.text, span.label_) for span in doc.spans["phi"]]


def test_findings_are_spans_labelled_by_identifier_with_their_scores(pipeline):
    doc = pipeline(NOTE)
    assert found(doc) == [
        ("2024-03-04", "date"),
        ("Quillfeather", "name"),
        ("987-65-4320", "ssn"),
        ("Quillfeather", "name"),
        ("617-555-0123", "fax"),
    ]
    scores = doc.spans["phi"].attrs["scores"]
    assert len(scores) == 5
    assert all(0 < score <= 1 for score in scores)


def test_they_are_those_of_the_python_interface(pipeline, small_rules):
    doc = pipeline(NOTE)
    expected = phisweep.scan_text(NOTE)
    assert [s.label_ for s in doc.spans["phi"]] == [f.identifier for f in expected]
    assert doc.spans["phi"].attrs["scores"] == [f.score for f in expected]
    assert all(
        span.start_char <= finding.start and finding.end <= span.end_char
        for span, finding in zip(doc.spans["phi"], expected, strict=True)
    )


def test_a_finding_inside_a_token_is_widened_to_the_token(pipeline):
    doc = pipeline("see MRN0041776 today")
    assert found(doc) == [("MRN0041776", "mrn")]


@pytest.mark.parametrize("text", ["", " ", "\n\n", "nothing here"])
def test_a_text_without_phi_has_an_empty_group(pipeline, text):
    doc = pipeline(text)
    assert found(doc) == []
    assert doc.spans["phi"].attrs == {"scores": []}


def test_what_was_found_before_is_replaced(pipeline):
    doc = pipeline(NOTE)
    assert found(pipeline.get_pipe("phisweep")(doc)) == found(pipeline(NOTE))


PARTS = [
    "ssn 987-65-4320",
    "Ms. Quillfeather",
    "x",
    " ",
    "\r\n",
    "😀",
    "e\u0301",
    "\u200b",
    "—",
    "ألم",
]


@given(st.lists(st.sampled_from(PARTS), max_size=15).map("".join))
@settings(max_examples=40, deadline=None)
def test_every_finding_lies_in_its_span(pipeline, text):
    doc = pipeline(text)
    assert doc.text == text
    analysis = pipeline.get_pipe("phisweep")._analysis
    block = pipe.Text(pipe.Location("text", "text"), text)
    findings = analysis.wanted(analysis.find(block))
    for finding, span in zip(findings, doc.spans["phi"], strict=True):
        assert span.start_char <= finding.start < finding.end <= span.end_char


def test_many_documents_go_through_as_one_by_one(pipeline):
    texts = [NOTE, "", "ssn 987-65-4320"]
    assert [found(d) for d in pipeline.pipe(texts)] == [found(pipeline(t)) for t in texts]


def test_a_document_keeps_its_findings_when_it_is_stored(pipeline):
    doc = pipeline(NOTE)
    again = Doc(pipeline.vocab).from_bytes(doc.to_bytes())
    assert found(again) == found(doc)
    assert again.spans["phi"].attrs == doc.spans["phi"].attrs


def test_a_pipeline_that_is_stored_or_sent_finds_the_same(pipeline, small_rules, tmp_path):
    pipeline.to_disk(tmp_path / "pipeline")
    expected = found(pipeline(NOTE))
    assert found(spacy.load(tmp_path / "pipeline")(NOTE)) == expected
    assert found(pickle.loads(pickle.dumps(pipeline))(NOTE)) == expected  # noqa: S301 - our own


def test_the_default_is_the_full_engine_with_the_names_model(small_rules):
    nlp = spacy.blank("en")
    nlp.add_pipe("phisweep")
    doc = nlp("Patient Ulrica Penhallow was seen today, ssn 987-65-4320.")
    assert ("Ulrica Penhallow", "name") in found(doc)


@pytest.mark.parametrize("settings_", [{"profile": "nonsense"}, {"engine": "nonsense"}])
def test_what_cannot_be_followed_is_raised_when_the_component_is_added(small_rules, settings_):
    with pytest.raises(PhisweepError):
        spacy.blank("en").add_pipe("phisweep", config=settings_)


def test_a_missing_model_is_raised_when_the_component_is_added(small_rules, tmp_path, monkeypatch):
    monkeypatch.setattr("phisweep.detect.names.store.default_folder", lambda: tmp_path)
    with pytest.raises(ComponentError):
        spacy.blank("en").add_pipe("phisweep")

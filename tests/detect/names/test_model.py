"""The model on texts of every kind: right offsets, bounded work, the same answer every time."""

import base64
import sys
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from phisweep.detect.names.model import NamesModel
from phisweep.errors import ComponentError
from phisweep.model import IDENTIFIERS, Location, Text
from phisweep.ruleset.load import load_ruleset
from weights import nonsense

NAME = "Ulrica Penhallow"
SEEN = f"Patient {NAME} was seen by Dr. Agnes Quillfeather today."
#: What a text may hold that makes code points, code units and what is shown three things.
AROUND = {
    "emoji": "😀👩\u200d⚕️ ",
    "combining marks": "Zoe\u0308 a\u0301\u0302 ",
    "CRLF": "BP 120/80.\r\n\r\nHR 72.\r\n",
    "zero width": "no\u200b pain\u2060 \ufeff",
    "right to left": "\u200f\u202bألم في الصدر\u202c ",
    "no-break": "5\u00a0mg\u2003",
    "surrogate": "\ud800 ",
    "null": "\x00\x01 ",
    "nothing": "",
}


@pytest.fixture(scope="module")
def model(rules_folder):
    return NamesModel.load(load_ruleset(rules_folder))


def block(text):
    return Text(Location("s", "text"), text)


def spans(model, text, min_score=0.0):
    return [(f.start, f.end, f.rule, f.score) for f in model.find(block(text), min_score)]


def covered(model, text):
    return {i for f in model.find(block(text), 0.0) for i in range(f.start, f.end)}


@pytest.mark.parametrize("before", AROUND.values(), ids=AROUND)
@pytest.mark.parametrize("after", AROUND.values(), ids=AROUND)
def test_offsets_are_those_of_the_text_that_was_given(model, before, after):
    text = f"{before}{SEEN} {after}"
    start = text.index(NAME)
    assert covered(model, text) >= set(range(start, start + len(NAME))) - {text.index(" ", start)}


def test_hidden_signs_in_a_name_are_covered_with_it(model):
    text = SEEN.replace(NAME, "Ulri\u200bca Pen\u00adhallow")
    (first, *_) = [f for f in model.find(block(text), 0.0) if f.identifier == "name"]
    assert text[first.start : first.end] == "Ulri\u200bca Pen\u00adhallow"


def test_a_finding_is_an_identifier_of_ours_without_its_text(model):
    found = model.find(block(SEEN), 0.0)
    assert found
    for finding in found:
        assert finding.identifier in IDENTIFIERS
        assert finding.rule.startswith("names-model/")
        assert 0 < finding.score <= 1
        assert "Ulrica" not in repr(finding)
    assert spans(model, SEEN, 1.01) == []


BLOB = base64.b64encode(bytes(range(256)) * 400).decode()


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "\n" * 100_000,
        "a" * 1_000_000,
        "A" * 1_000_000,
        "\u0301" * 100_000,
        "a\u0301" * 100_000,
        "한" * 10_000 + " " + "한 " * 1_000,
        "-" * 100_000,
        "😀" * 20_000,
        "<td class='x'>&nbsp;</td>\n" * 5_000,
        BLOB,
    ],
    ids=[
        "empty", "blank", "newlines", "one word", "one word in capitals", "marks alone",
        "marks", "syllables of three pieces", "signs", "emoji", "HTML remains", "base64",
    ],
)  # fmt: skip
def test_what_is_no_prose_is_read_in_bounded_time(model, text):
    started = time.process_time()
    found = model.find(block(text), 0.0)
    assert time.process_time() - started < 20
    assert all(0 <= f.start < f.end <= len(text) for f in found)


@pytest.mark.parametrize("filler", ["a" * 1_000_000, "\n" * 100_000, BLOB], ids=len)
def test_a_name_behind_a_long_nothing_is_found(model, filler):
    text = f"{filler}\n\n{SEEN}"
    start = text.index(NAME)
    assert set(range(start, start + 6)) <= covered(model, text)


def test_every_copy_of_a_sentence_in_a_long_text_is_found(model):
    text = f"{SEEN}\nNo acute distress. Lungs clear, abdomen soft.\n" * 300
    starts = [i for i in range(len(text)) if text.startswith(NAME, i)]
    assert len(starts) == 300
    seen = covered(model, text)
    assert all(set(range(i, i + 6)) <= seen for i in starts)


def test_the_same_text_has_the_same_answer_whatever_was_asked_before(model, rules_folder):
    before = spans(model, SEEN)
    spans(model, "something else " * 50)
    assert spans(model, SEEN) == before
    assert spans(NamesModel.load(load_ruleset(rules_folder)), SEEN) == before


@given(st.text(max_size=200) | st.text(alphabet="JaneDoe Dr.,\n'-\u200b\u0301😀", max_size=200))
@settings(max_examples=50, deadline=None)
def test_findings_of_any_text_lie_in_it_and_do_not_overlap(model, text):
    last = 0
    for finding in sorted(model.find(block(text), 0.0), key=lambda f: f.start):
        assert last <= finding.start < finding.end <= len(text)
        assert any(map(str.isalnum, text[finding.start : finding.end]))
        last = finding.end


def test_weights_that_are_none_are_a_missing_component(rules_folder, tmp_path):
    broken = NamesModel.load(load_ruleset(rules_folder), nonsense(tmp_path))
    with pytest.raises(ComponentError) as caught:
        broken.find(block(SEEN), 0.0)
    assert caught.value.code == "E411"
    assert caught.value.__suppress_context__


def test_without_onnxruntime_the_component_is_named(rules_folder, monkeypatch):
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    fresh = NamesModel.load(load_ruleset(rules_folder))
    with pytest.raises(ComponentError) as caught:
        fresh.find(block(SEEN), 0.0)
    assert caught.value.code == "E411"
    assert "pip install onnxruntime" in str(caught.value)


@pytest.mark.parametrize("text", ["1QV4-QE5-QK73", "QV-4471-QK / 88-QVK-20", "2026-QV-0447.QK"])
def test_a_code_by_itself_is_left_to_rules(model, text):
    assert not [f for f in model.find(block(text), 0.0) if f.identifier != "name"]

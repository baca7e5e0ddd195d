"""What gate and network see of a word is what its parts say, whether it was read before or not."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from phisweep.detect.names import reader
from phisweep.detect.names.kinds import Kinds
from phisweep.detect.names.network import Network
from phisweep.detect.names.pieces import Pieces
from phisweep.detect.names.store import default_folder
from phisweep.detect.names.words import SHAPES, shape, words
from phisweep.ruleset.load import load_ruleset

NOTE = "Ms. Quillfeather-Oduya, seen 3/4/2026:\n\nno pain; HR 72, K+ 4.1. Tenosynovitis."
SHAPES_AT, GAPS_AT, KINDS_AT = -3, -2, -1


@pytest.fixture(scope="module")
def pieces():
    return Pieces.read(default_folder() / "vocab.txt")


@pytest.fixture(scope="module")
def kinds(rules_folder):
    return Kinds.of_rules(load_ruleset(rules_folder))


@pytest.fixture
def read(kinds, pieces):
    return reader.Reader(kinds, pieces)


@given(st.text(alphabet="aZé9- .,\n\u0301", min_size=1, max_size=60) | st.just(NOTE))
def test_a_page_holds_what_is_known_of_each_word(kinds, pieces, text):
    seen = words(text)
    if not seen.spans:
        return
    read = reader.Reader(kinds, pieces)
    for page in (read.page(text, seen), read.page(text, seen)):  # new, and remembered
        rows = page.rows()
        at = 0
        for i, (start, end) in enumerate(seen.spans):
            word = text[start:end]
            ids = pieces.of(word)
            assert page.sizes[i] == len(ids)
            assert page.inputs[SHAPES_AT, i] == shape(word)
            assert page.inputs[GAPS_AT, i] == seen.gaps[i]
            assert page.inputs[KINDS_AT, i] == kinds.of(word)
            own = rows[:, at : at + len(ids)]
            assert own[0].tolist() == list(ids)
            assert own[1, 0] == shape(word)
            assert (own[1, 1:] == shape(word) + len(SHAPES)).all()
            assert own[2].tolist() == [seen.gaps[i], *[0] * (len(ids) - 1)]
            assert (own[3] == kinds.of(word)).all()
            at += len(ids)
        assert at == rows.shape[1]


def test_a_long_number_is_to_the_gate_one_of_its_length(read):
    first, second = (read.page(text, words(text)) for text in ("MRN 481516", "MRN 231842"))
    assert (first.inputs == second.inputs).all()
    assert (first.rows() != second.rows()).any()


def test_what_is_forgotten_is_read_again(read, monkeypatch):
    before = read.page(NOTE, words(NOTE))
    monkeypatch.setattr(reader, "_REMEMBERED", 2)
    after = read.page(NOTE, words(NOTE))
    assert (before.inputs == after.inputs).all()
    assert (before.rows() == after.rows()).all()


def test_a_window_is_answered_alike_whatever_is_asked_beside_it(read, pieces):
    network = Network(str(default_folder() / "names.onnx"), (pieces.start, pieces.end))
    seen = words(NOTE)
    page = read.page(NOTE, seen)
    half, whole = (3, 9), (0, len(seen.spans))
    (alone,) = network.scores(page, [half])
    _, beside, again = network.scores(page, [whole, half, half])
    assert np.array_equal(alone, beside)
    assert again is beside
    assert alone.shape[0] == half[1] - half[0]
    assert np.allclose(alone.sum(1), 1, atol=1e-5)

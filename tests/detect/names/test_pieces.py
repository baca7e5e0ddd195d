"""Words fall into the longest pieces that the vocabulary knows, whatever they are."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phisweep.detect.names.pieces import Pieces

VOCABULARY = [
    "[PAD]",
    "[UNK]",
    "[CLS]",
    "[SEP]",
    "jan",
    "##e",
    "jane",
    "##t",
    "zoe",
    "do",
    "##es",
    "-",
]


@pytest.fixture(scope="module")
def pieces():
    return Pieces(VOCABULARY)


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("jane", ["jane"]),
        ("Jane", ["jane"]),
        ("JANET", ["jane", "##t"]),
        ("jant", ["jan", "##t"]),
        ("Zoë", ["zoe"]),
        ("Zoe\u0308", ["zoe"]),
        ("does", ["do", "##es"]),
        ("doe", ["do", "##e"]),
        ("-", ["-"]),
        ("janx", ["[UNK]"]),  # known to no end is not known
        ("ejan", ["[UNK]"]),
        ("\u0301", ["[UNK]"]),
        ("j" * 41, ["[UNK]"]),
        ("j" * 1_000_000, ["[UNK]"]),
    ],
)
def test_a_word_falls_into_its_longest_pieces(pieces, word, expected):
    assert [VOCABULARY[i] for i in pieces.of(word)] == expected


@given(st.text(min_size=1))
def test_every_word_has_a_piece_and_always_the_same(word):
    pieces = Pieces(VOCABULARY)
    found = pieces.of(word)
    assert found
    assert all(0 <= i < len(VOCABULARY) for i in found)
    assert pieces.of(word) == found


def test_what_is_remembered_is_bounded(pieces, monkeypatch):
    monkeypatch.setattr("phisweep.detect.names.pieces._REMEMBERED", 10)
    for i in range(100):
        pieces.of(f"w{i}")
    assert len(pieces._known) <= 10


def test_a_vocabulary_is_read_a_piece_a_line(tmp_path):
    path = tmp_path / "vocab.txt"
    path.write_text("\n".join(VOCABULARY) + "\n", encoding="utf-8")
    assert Pieces.read(path).of("janet") == Pieces(VOCABULARY).of("janet")

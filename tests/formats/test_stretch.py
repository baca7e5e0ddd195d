"""Arrow's parser and our lexer give the same table, and say where it stands."""

import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from phisweep.formats.base import ReadOptions
from phisweep.formats.choose import choose_format
from phisweep.formats.tables.lexer import lex
from phisweep.formats.tables.stretch import Stretch
from phisweep.model import Column, Source, Text

SIGNS = st.text(st.sampled_from('ab1 ,;"\n\r\t\u00e9\ufeff\u4e2d'), max_size=40)
ROWS = st.lists(
    st.lists(st.text(st.sampled_from('ab1 "\n\u00e9,'), max_size=5), min_size=3, max_size=3),
    min_size=1,
    max_size=30,
)


@settings(max_examples=400, deadline=None)
@given(SIGNS, st.integers(1, 4), st.booleans())
def test_the_parser_gives_what_the_lexer_gives_or_nothing(text, width, header):
    data = text.encode()
    lexed = lex(data, b",", final=True)
    stretch = Stretch(data, b",", lexed)
    parsed = stretch.values(width, header=header)
    if parsed is None:
        return
    records = slice(int(header), None)
    assert (lexed.counts[records] == width).all()
    for index, column in enumerate(parsed):
        slow = stretch.cells.column(stretch.cells.fields(index, records))
        assert column.to_pylist() == slow.to_pylist()
        assert column.dictionary.to_pylist() == slow.dictionary.to_pylist()


@settings(max_examples=60, deadline=None)
@given(ROWS, st.sampled_from(["\n", "\r\n"]), st.integers(8, 60))
def test_every_cell_has_its_value_and_place_whatever_the_chunks(rows, ending, size):
    table = [["first", "second", "third"], *rows]
    text = io.StringIO()
    csv.writer(text, lineterminator=ending).writerows(table)
    source = Source(None, "t.csv", 0, "t.csv", data=text.getvalue().encode())
    options = ReadOptions(chunk_bytes=size)
    document = choose_format(source, options).open(source, options)
    lines = text.getvalue().replace("\r\n", "\n").split("\n")
    seen = {0: [], 1: [], 2: []}
    for chunk in document.chunks():
        for block in chunk.blocks:
            if isinstance(block, Text):
                assert block.kind == "key"
                continue
            assert isinstance(block, Column)
            values = block.values.to_pylist()
            seen[block.index] += values
            places = zip(values, block.lines, block.cols, strict=True)
            if not any("\n" in cell for row in rows for cell in row):
                plain = [place for place in places if not {'"', ","}.intersection(place[0])]
                assert all(lines[y - 1][x - 1 :].startswith(value) for value, y, x in plain)
    if document.dialect.named:
        assert [list(row) for row in zip(*seen.values(), strict=True)] == rows


@pytest.mark.parametrize("text", ["a,b\n1\n", "a,b\n1,2,3\n", 'a,"b\n', "\ufeffa,b\n"])
def test_records_of_unlike_lengths_are_left_to_the_lexer(text):
    data = text.encode()
    assert Stretch(data, b",", lex(data, b",", final=True)).values(2, header=False) is None


def test_without_quotes_no_field_is_looked_for_until_somebody_asks():
    stretch = Stretch(b"1,2\n3,4\n", b",")
    assert [column.to_pylist() for column in stretch.values(2, header=False)] == [
        ["1", "3"],
        ["2", "4"],
    ]
    assert "lexed" not in vars(stretch)

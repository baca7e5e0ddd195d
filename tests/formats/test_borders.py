"""Where records end, found by quotes alone: only where the lexer says the same."""

from hypothesis import given, settings
from hypothesis import strategies as st

from phisweep.formats.tables.borders import records_in, whole_records
from phisweep.formats.tables.lexer import lex

PIECES = st.lists(
    st.sampled_from(
        ["a", ",", '"', "\n", "\r", ";", '"x"', '"a""b"', '"\n"', "\r\n", ',""\n', "é"]
    ),
    max_size=14,
)


@settings(max_examples=1000, deadline=None)
@given(PIECES, st.booleans())
def test_what_is_sure_to_be_whole_records_is_what_the_lexer_reads(signs, final):
    data = "".join(signs).encode()
    end = whole_records(data, b",", final=final)
    if not end:
        return
    all_, some = lex(data, b",", final=final), lex(data[:end], b",", final=True)
    fields, records = len(some.starts), len(some.first)
    assert some.clean
    assert some.rest == end <= all_.rest
    assert list(some.starts) == list(all_.starts[:fields])
    assert list(some.ends) == list(all_.ends[:fields])
    assert list(some.counts) == list(all_.counts[:records])
    assert records_in(data[:end]) == records


def test_tables_without_odd_quotes_are_sure():
    data = b'a,b\r\n"1\n2","say ""no"""\r\n\r\n3,4\r\n'
    assert whole_records(data, b",", final=False) == len(data)
    assert whole_records(data + b'"5', b",", final=False) == len(data)
    assert records_in(data) == 3
    for odd in (b'5,a"b\n', b'"5"x,6\n', b"5,6\r7,8\n", b'"5,6\n'):
        assert whole_records(data + odd, b",", final=True) == 0

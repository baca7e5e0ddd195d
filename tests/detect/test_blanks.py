"""How many blanks a match holds at most."""

from __future__ import annotations

from re import _parser as parser  # type: ignore[attr-defined]

import pytest

from phisweep.detect.blanks import most
from phisweep.detect.literals import FAR

_LISTED = {0xF0000: ("a b c", "d")}


@pytest.mark.parametrize(
    ("regex", "count"),
    [
        ("", 0),
        ("abc", 0),
        ("a b", 1),
        (r"a\sb", 1),
        (".", 1),
        ("[^x]", 1),
        ("[^x ]", 0),
        ("a {0,3}b", 3),
        ("(?:a b|c  d)", 2),
        ("(?:a b){2,4}", 4),
        ("(?= a)b", 1),
        ("(?! a)(?<= )b", 0),
        (r"(a )\1", FAR),
        ("(?: a)*", FAR),
        ("x\U000f0000 ", 3),
    ],
)
def test_blanks_are_counted(regex: str, count: int) -> None:
    assert most(parser.parse(regex), " ", _LISTED) == count

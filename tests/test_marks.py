"""Marks are known again, and nothing else is taken for one."""

import pytest

from phisweep import marks
from phisweep.model import IDENTIFIERS


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[name]",
        "[NAMES]",
        "[NAME",
        "[MRN-ABCDEFGHIJ]",
        "[MRN-BCDFGHJKL]",
        "[MRN-BCDFGHJKLM] and [MRN-BCDFGHJKLN]",
        "190+",
        "90++",
        "B90+",
        "[MRN-BCDFGHJKLMNPQRS]",
        "[MRN-BCDFGHJKLMNPQRSTV]",
        "[MRN:e1.BCDFGHJKLM]",
        f"[MRN:e1.{'A' * 42}]",
        f"[MRN:e1.{'A' * 42}=]",
        f"[MRN:{'A' * 43}]",
        f"[MRNS:e1.{'A' * 43}]",
        f"[MRN:e1.{'A' * 43}] and [MRN:e1.{'A' * 43}]",
        "<=936",
        "<<=1936",
        "2014",
        "000",
    ],
)
def test_what_our_operators_do_not_write_is_no_mark(text):
    assert not marks.is_mark(text)
    assert not marks.is_code(text)


@pytest.mark.parametrize("identifier", IDENTIFIERS)
def test_every_tag_and_code_is_known_again(identifier):
    code = marks.code(identifier, "BCDFGHJKLM")
    assert marks.is_mark(marks.tag(identifier))
    assert marks.is_mark(code)
    assert marks.is_code(code)
    assert not marks.is_code(marks.tag(identifier))


@pytest.mark.parametrize("identifier", IDENTIFIERS)
def test_every_token_and_what_is_encrypted_is_known_again_and_is_no_random_code(identifier):
    token = marks.code(identifier, "BCDFGHJKLMNPQRST")
    sealed = marks.sealed(identifier, "aZ0_-" * 9)
    for mark in (token, sealed):
        assert marks.is_mark(mark)
        assert not marks.is_code(mark)
    assert marks.unsealed(sealed) == (identifier, "aZ0_-" * 9)
    assert marks.unsealed(token) is None


@pytest.mark.parametrize(
    ("number", "length", "expect"),
    [(0, 3, "BBB"), (1, 3, "CBB"), (20, 3, "BCB"), (20**3, 3, "BBB"), (20**2 * 19 + 5, 3, "HBZ")],
)
def test_a_number_is_written_in_consonants_its_last_digit_first(number, length, expect):
    assert marks.letters(number, length) == expect


@pytest.mark.parametrize("text", ["[REMOVED]", "90+", "<=1936", " 90+ "])
def test_untyped_marks_are_known_again(text):
    assert marks.is_mark(text)


def test_marks_are_found_inside_a_text():
    sealed = f"[SSN:e1.{'a-9' * 15}]"
    text = (
        "[NAME], 90+ F, born <=1936, MRN [MRN-BCDFGHJKLM] or [MRN-BCDFGHJKLMNPQRST],"
        f" {sealed}, seen 2014."
    )
    found = [match[0] for match in marks.MARK.finditer(text)]
    assert found == [
        *("[NAME]", "90+", "<=1936", "[MRN-BCDFGHJKLM]", "[MRN-BCDFGHJKLMNPQRST]", sealed)
    ]


@pytest.mark.parametrize(
    ("identifier", "text", "general"),
    [
        ("date", "3/4/2014", False),
        ("date", "2014-03", False),
        ("zip", "02139", False),
        ("age", "92", False),
        ("phone", "2014", False),
        ("date", "2014", True),
        ("date", "2013-2014", True),
        ("date", "<=1936", True),
        ("zip", "021", True),
        ("zip", "000", True),
        ("zip", "[ZIP]", True),
        ("age", "90+", True),
        ("phone", "[PHONE]", True),
    ],
)
def test_what_is_already_general_is_told_by_its_identifier(identifier, text, general):
    assert marks.is_general(identifier, text) is general

"""A mask leaves punctuation and length, and what it is told to keep, and nothing else."""

import pytest

from phisweep.errors import RuleError
from phisweep.transform.operators import Context, get


def mask(text, **params):
    given = {name.replace("_", "-"): value for name, value in params.items()}
    return get("mask")(text, Context("ssn"), given)


@pytest.mark.parametrize(
    ("text", "params"),
    [
        ("***-**-****", {}),
        ("***-**-4320", {"keep_last": 4}),
        ("9**-**-**20", {"keep_first": 1, "keep_last": 2}),
        ("#-#", {"sign": "#"}),
    ],
)
def test_what_is_masked_already_stays_as_it_is(text, params):
    assert mask(text, **params) == text


@pytest.mark.parametrize(
    ("text", "params", "expect"),
    [
        ("987-65-4320", {}, "***-**-****"),
        ("987-65-4320", {"keep_last": 4}, "***-**-4320"),
        ("987-65-4320", {"keep_first": 2}, "98*-**-****"),
        ("987-65-4320", {"keep_first": 1, "keep_last": 1}, "9**-**-***0"),
        ("(617) 555-0123", {"sign": "#"}, "(###) ###-####"),
        ("O'Doe, Zo\u00eb", {"keep_first": 1}, "O'***, ***"),
        ("\u0663\u0661\u0664", {"keep_last": 1}, "**\u0664"),
        ("e\u0301", {}, "**"),
        ("\u4e95\u2460", {}, "**"),
    ],
)
def test_every_letter_and_digit_that_is_not_kept_is_covered(text, params, expect):
    assert mask(text, **params) == expect
    assert len(mask(text, **params)) == len(text)


@pytest.mark.parametrize(
    ("text", "params"),
    [
        ("4320", {"keep_last": 4}),
        ("43", {"keep_last": 4}),
        ("4-3", {"keep_first": 1, "keep_last": 1}),
    ],
)
def test_a_text_as_short_as_what_is_kept_is_masked_whole(text, params):
    assert not any(map(str.isalnum, mask(text, **params)))


@pytest.mark.parametrize("text", ["", "--", "( )"])
def test_where_there_is_nothing_to_cover_stands_the_tag(text):
    assert mask(text) == "[SSN]"


@pytest.mark.parametrize(
    "params",
    [
        *({"sign": sign} for sign in ("", "**", "x", "0", " ", "\n", "\u0301", 7)),
        *({"keep_last": n} for n in (-1, True, "4")),
        {"keep_first": -1},
        {"keeplast": 4},
    ],
)
def test_other_params_are_rule_errors_that_hold_no_value(params):
    with pytest.raises(RuleError, match="E174") as error:
        mask("987-65-4321", **params)
    assert "4321" not in str(error.value)

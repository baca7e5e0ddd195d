"""Of a text its beginning or its end stays, and it says that something is gone."""

import pytest

from phisweep.errors import RuleError
from phisweep.transform.operators import Context, get


def truncate(text, **params):
    return get("truncate")(text, Context("name"), params)


@pytest.mark.parametrize(
    ("text", "params"),
    [("Qui...", {"first": 3}), ("...0123", {"last": 4}), ("Do, ...", {"first": 4})],
)
def test_what_is_truncated_already_stays_as_it_is(text, params):
    assert truncate(text, **params) == text


@pytest.mark.parametrize(
    ("text", "params", "expect"),
    [
        ("Quillfeather", {"first": 3}, "Qui..."),
        ("617-555-0123", {"last": 4}, "...0123"),
        ("Zo\u00eb Doe", {"first": 3}, "Zo\u00eb..."),
        ("\U0001d7d8\U0001d7d9\U0001d7da", {"last": 1}, "...\U0001d7da"),
        ("Quill...", {"first": 3}, "Qui..."),
        ("...90123", {"last": 4}, "...0123"),
    ],
)
def test_so_many_code_points_stay(text, params, expect):
    assert truncate(text, **params) == expect


@pytest.mark.parametrize(
    ("text", "params"),
    [
        *((text, {"first": 3}) for text in ("", "Q", "Qui", "Qui.", "Qui ,")),
        *((text, {"last": 3}) for text in ("123", " 123", "12")),
    ],
)
def test_a_text_that_would_stay_whole_becomes_the_tag(text, params):
    assert truncate(text, **params) == "[NAME]"


@pytest.mark.parametrize(
    "params",
    [
        {},
        {"first": 1, "last": 1},
        *({"first": n} for n in (0, -1, True, "3")),
        {"last": 0},
        {"first": 3, "sign": "."},
    ],
)
def test_other_params_are_rule_errors_that_hold_no_value(params):
    with pytest.raises(RuleError, match="E174") as error:
        truncate("Quillfeather", **params)
    assert "Qui" not in str(error.value)

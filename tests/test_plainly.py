"""What is taken without pydantic is what pydantic makes of it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from phisweep.config import Config
from phisweep.plainly import plainly
from phisweep.ruleset.schema import PolicyFile

PLAIN = {
    "profile": "limited-data-set",
    "engine": "rules",
    "fail-on": "high",
    "paths": ["data", "notebooks"],
    "exclude": ["data/synthetic/**"],
    "jobs": 2,
    "min-score": 0.5,
    "subject-key": {"patients.csv": "mrn", "notes/*.jsonl": ["/patient/id"]},
    "age-reference": "column:visit_date",
    "baseline": ".phisweep-baseline.json",
    "columns": {"patients.csv": {"arm": {"action": "keep", "reason": "randomisation"}}},
    "per-path-ignores": {"tests/**": ["phone"]},
    "patterns": [{"id": "site", "letter": "H", "regex": "M\\d{7}", "examples": ["M0012345"]}],
    "files": {"encoding": "latin-1", "max-file-size": 100},
    "nlp": {"bundled": False},
    "treatments": {"name": {"action": "remove", "operator": "tag", "params": {"x": True}}},
    "pixels": "hold",
}
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-2, 3) | st.floats() | st.text(max_size=6)
    | st.sampled_from(["rules", "high", "fail", "run-date", "run-date\n", "column:x", "A", "A\n"]),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(st.sampled_from(["action", "a", "letter", "encoding"]), inner, max_size=3),
    max_leaves=6,
)  # fmt: skip


def judged(data):
    try:
        return Config.model_validate(data)
    except ValidationError:
        return None


def test_a_usual_configuration_needs_no_pydantic():
    assert plainly(Config, PLAIN) == judged(PLAIN)
    assert plainly(Config, {}) == Config()


@given(st.dictionaries(st.sampled_from([*Config.model_keys().values()]), VALUES, max_size=3))
def test_what_is_taken_is_what_pydantic_makes_of_it(data):
    made = plainly(Config, data)
    if made is not None:
        assert repr(made) == repr(judged(data))


@given(st.sampled_from(sorted(PLAIN)), VALUES)
def test_a_usual_configuration_with_one_odd_value(key, value):
    made = plainly(Config, PLAIN | {key: value})
    if made is not None:
        assert repr(made) == repr(judged(PLAIN | {key: value}))


@pytest.mark.parametrize(
    "data",
    [
        {"jobs": -1}, {"jobs": "2"}, {"jobs": True}, {"min-score": 1}, {"nothing": 1},
        {"fail_on": "high"}, {"age-reference": "column:"}, {"patterns": [{"id": "x"}]}, [],
    ],
)  # fmt: skip
def test_what_is_not_plain_is_left_to_pydantic(data):
    assert plainly(Config, data) is None


def test_dates_are_left_to_pydantic():
    told = {"id": "own", "method": "expert", "reviewed": "2026-11-22"}
    assert plainly(PolicyFile, told) is None

"""What a screen is sure of is what the slow way says, for every rule of a column's name."""

import re
import warnings

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from phisweep.detect.columns import ColumnJudge
from phisweep.detect.detector import Detector
from phisweep.detect.screening import ASK, CLEAR, branches_of, screen_of
from phisweep.ruleset.load import load_policy, load_ruleset

RULESET = load_ruleset()
DETECTOR = Detector(RULESET, load_policy("safe-harbor", RULESET))
FIELDS = DETECTOR.fields._rules
SAMPLES = {
    "mrn": [f"004000{n}" for n in range(42, 72)],
    "ssn": [f"000-47-{n}" for n in range(8400, 8430)],
    "dob": [f"1987-01-{n:02}" for n in range(1, 29)],
    "last_name": ["Okafor", "Lindqvist", "Marrow", "Adeyinka", "Strand", "Vale", "Oduya"],
    "email": [f"m{n}@example.org" for n in range(30)],
    "zip": [f"878{n:02}" for n in range(30)],
    "value": [f"{n / 7:.2f}" for n in range(40)],
    "status": ["final", "corrected"],
    "phone": [f"(312) 555-01{n:02}" for n in range(30)],
    "notes": ["seen on ward 3", "Dr. Vale called"],
}
PIECES = st.one_of(
    st.sampled_from(
        [
            *(v for values in SAMPLES.values() for v in values[:4]),
            *("", "NA", "unknown", "n/a", " ", "[NAME]", "[REMOVED]", "<=1936", "90+", "2.25.12"),
            *(
                "2019",
                "2019-2020",
                "878",
                "000",
                "Ok\u0101for",
                "\u0663\u0664",
                "12.",
                "1e5",
                "12\n",
            ),
        ]
    ),
    st.text(st.characters(codec="utf-8"), max_size=12),
    st.from_regex(r"[-+]?[0-9]{0,4}\.?[0-9]{0,3}", fullmatch=True),
)
VALUES = st.lists(
    st.builds("".join, st.lists(PIECES, min_size=1, max_size=2)), min_size=1, max_size=20
)


@pytest.mark.parametrize("label", SAMPLES)
@settings(max_examples=60, deadline=None)
@given(values=VALUES)
def test_what_is_sure_of_a_value_is_what_is_found_in_it(label, values):
    judge = ColumnJudge(DETECTOR, label, SAMPLES[label])
    kinds = judge.screened(pa.array(values, pa.string()))
    for value, kind in zip(values, kinds.tolist(), strict=True):
        if kind == CLEAR:
            assert not judge.find(value)
        elif kind != ASK:
            assert judge.find(value) == judge.whole(kind)
            assert kind == len(value)


@pytest.mark.parametrize("label", ["mrn", "ssn", "dob", "last_name", "email", "zip", "value"])
def test_plain_values_of_such_columns_are_sure(label):
    judge = ColumnJudge(DETECTOR, label, SAMPLES[label])
    assert (judge.screened(pa.array(SAMPLES[label], pa.string())) != ASK).all()


@pytest.mark.parametrize("rule", FIELDS, ids=lambda rule: rule.id)
@settings(max_examples=25, deadline=None)
@given(values=VALUES)
def test_a_rule_accepts_what_its_screen_claims_and_no_other_plain_value(rule, values):
    screen = screen_of(rule, rule.identifier)
    if screen.claims:
        kinds = screen(pa.array(values, pa.string())).tolist()
        assert all(rule.accepts(v) for v, kind in zip(values, kinds, strict=True) if kind >= 0)


def test_most_rules_of_names_have_a_screen():
    claimed = sum(screen_of(rule, rule.identifier).claims for rule in FIELDS)
    assert claimed >= 0.75 * len(FIELDS)


@pytest.mark.parametrize(
    "pattern", [r"(a)\1", r"a(?<!b)c", r"a*+b", r"(?s:.)x{,3}", r"[[:alpha:]]", r"a{2,2000}"]
)
def test_what_re2_reads_otherwise_has_no_branch(pattern):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        compiled = re.compile(pattern)
    assert branches_of(compiled) == ()

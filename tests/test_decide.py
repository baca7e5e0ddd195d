"""What overlaps is removed whole, what is forgotten too, and the law has the last word."""

import dataclasses
import re

import pytest

from phisweep.decide import EXPLAINED, check_policy, decide, paragraph, resolve
from phisweep.errors import PolicyConflict, RuleError
from phisweep.model import IDENTIFIERS, Finding, Location
from phisweep.ruleset.load import Ruleset, default_folder, load_policy, read_file
from phisweep.ruleset.schema import ListsFile, OperatorsFile, PolicyFile, Treatment
from phisweep.transform.operators import names

PLACE = Location("a.txt", "text")
#: What a version without surrogates has.
BUILT = {*names()} - {"surrogate"}
SHIPPED = ("safe-harbor", "limited-data-set", "expert")


def found(start, end, identifier="name", score=0.5, **more):
    rule = more.pop("rule", f"{identifier}/pattern")
    return Finding(more.pop("at", PLACE), start, end, identifier, rule, score, **more)


@pytest.fixture(scope="module")
def ruleset():
    folder = default_folder()
    operators = read_file(folder / "operators.yaml", OperatorsFile).operators
    lists = read_file(folder / "lists" / "index.yaml", ListsFile).lists
    return Ruleset(folder, (), operators, lists, "")


def policy(method="safe-harbor", columns=None, **treatments):
    made = {key.replace("__", "/"): value for key, value in treatments.items()}
    return PolicyFile(id="mine", method=method, treatments=made, columns=columns or {})


@pytest.mark.parametrize(
    "findings",
    [
        [],
        [found(0, 3)],
        [found(0, 3), found(3, 5, "date")],
        [found(0, 3), found(0, 3, at=Location("a.txt", "other"))],
    ],
)
def test_what_does_not_overlap_stays_as_it_is(findings):
    assert resolve(findings) == findings


@pytest.mark.parametrize(
    ("one", "other", "winner"),
    [
        (found(0, 5, "mrn", 0.6), found(3, 9, "phone", 0.9), "phone"),
        (found(0, 5, "mrn", 0.6), found(3, 9, "phone", 0.6), "phone"),
        (found(0, 5, "mrn", 0.6), found(3, 8, "phone", 0.6, severity="critical"), "phone"),
        (found(0, 5, "mrn", 0.6), found(3, 8, "phone", 0.6), "mrn"),
        (found(0, 9, "mrn", 0.6), found(3, 5, "phone", 0.7), "phone"),
    ],
)
def test_overlaps_become_one_over_their_union_named_by_the_best(one, other, winner):
    for findings in ([one, other], [other, one]):
        (merged,) = resolve(findings)
        assert (merged.start, merged.end) == (0, max(one.end, other.end))
        assert merged.identifier == winner
        assert merged.disputed


def test_overlaps_of_one_identifier_are_not_disputed():
    (merged,) = resolve([found(0, 4, "date", 0.5), found(2, 9, "date", 0.4)])
    assert (merged.start, merged.end, merged.identifier) == (0, 9, "date")
    assert not merged.disputed


def test_a_chain_of_overlaps_is_one_finding():
    chain = [found(6, 9, "zip"), found(0, 4), found(3, 7, "location"), found(9, 12)]
    assert [(f.start, f.end) for f in resolve(chain)] == [(0, 9), (9, 12)]


def test_a_merged_finding_is_as_severe_as_the_most_severe():
    (merged,) = resolve([found(0, 4, "ssn", 0.5, severity="critical"), found(0, 4, score=0.9)])
    assert merged.severity == "critical"


def test_a_dispute_is_not_forgotten_when_resolved_again():
    (once,) = resolve([found(0, 4, "date", 0.9), found(2, 6, "phone", 0.5)])
    (twice,) = resolve([once, found(5, 8, "date", 0.9)])
    assert twice.disputed


def test_explanations_are_joined_and_bounded():
    lines = tuple(f"line {n}" for n in range(10))
    (merged,) = resolve(
        [found(0, 4, explanation=lines), found(2, 6, "date", 0.4, explanation=lines)]
    )
    assert merged.explanation == (*lines, "merged with date/pattern (0.40)")
    many = [found(0, 9, rule=f"name/p{n}", explanation=(f"step {n}",)) for n in range(50)]
    assert len(resolve(many)[0].explanation) == EXPLAINED


def test_places_keep_their_order():
    second, tenth = Location("a", "row 2"), Location("a", "row 10")
    findings = [found(5, 6, at=second), found(0, 3, at=tenth), found(1, 2, at=second)]
    assert [(f.location, f.start) for f in resolve(findings)] == [
        (second, 1),
        (second, 5),
        (tenth, 0),
    ]


def test_what_covers_nothing_is_dropped():
    assert resolve([found(3, 3)]) == []


def test_the_policy_says_what_is_done(ruleset):
    (decision,) = decide([found(0, 8, "date")], load_policy("safe-harbor", ruleset))
    assert (decision.action, decision.operator) == ("generalize", "year")
    assert decision.params == {"pivot": "reference-year"}
    assert decision.citation == "45 CFR 164.514(b)(2)(i)(C)"


@pytest.mark.parametrize("identifier", IDENTIFIERS)
def test_what_the_policy_forgot_is_redacted(identifier):
    (decision,) = decide([found(0, 3, identifier)], policy())
    assert (decision.action, decision.operator) == ("remove", "redact")
    assert decision.citation == paragraph(identifier)


@pytest.mark.parametrize(
    ("operator", "action", "expect"),
    [
        ("year", "generalize", "tag"),
        ("keep", "keep", "tag"),
        ("date-shift", "replace", "tag"),
        ("code", "replace", "code"),
        ("redact", "remove", "redact"),
    ],
)
def test_what_is_disputed_is_removed_whole(operator, action, expect):
    treatment = Treatment(action=action, operator=operator, reason="because")
    finding = dataclasses.replace(found(0, 8, "date"), disputed=True)
    (decision,) = decide([finding], policy("expert", date=treatment))
    assert decision.operator == expect
    assert decision.action != "keep"


def test_a_rule_may_be_treated_otherwise_than_its_identifier():
    tag = Treatment(action="remove", operator="tag")
    keep = Treatment(action="keep", operator="keep", reason="town", citation="45 CFR 164.514(e)")
    mine = policy("limited-data-set", location=tag, location__city=keep)
    city, street = decide(
        [found(0, 4, "location", rule="location/city"), found(5, 9, "location")], mine
    )
    assert (city.operator, city.citation) == ("keep", "45 CFR 164.514(e)")
    assert street.operator == "tag"


def test_a_column_goes_before_its_identifier():
    arm = Treatment(action="keep", operator="keep", reason="randomisation code")
    (decision,) = decide([found(0, 3, "other_id")], policy(), column=arm)
    assert decision.operator == "keep"


def test_thresholds_are_the_identifiers_own_or_the_policys():
    own = Treatment(action="remove", operator="tag", min_score=0.7)
    assert policy(name=own).threshold("name") == 0.7
    assert policy(name=own).threshold("date") == policy().min_score


@pytest.mark.parametrize("name", SHIPPED)
def test_every_shipped_policy_is_permitted_built_and_complete(name, ruleset):
    shipped = load_policy(name, ruleset)
    check_policy(shipped, ruleset.operators, available=names())
    assert {key.partition("/")[0] for key in shipped.treatments} == {*IDENTIFIERS}
    assert shipped.method == name
    assert {"census", "census-margin"} <= {*shipped.settings}


def test_the_expert_policy_is_safe_harbor_until_it_is_relaxed(ruleset):
    expert, strict = (load_policy(name, ruleset) for name in ("expert", "safe-harbor"))
    assert expert.treatments == strict.treatments
    assert expert.citation != strict.citation


def test_the_limited_data_set_removes_the_sixteen_direct_identifiers(ruleset):
    treatments = load_policy("limited-data-set", ruleset).treatments
    paragraphs = {
        t.citation.removeprefix("45 CFR 164.514(e)(2)")
        for t in treatments.values()
        if t.action != "keep"
    } - {""}
    roman = r"\((?:i|ii|iii|iv|v|vi|vii|viii|ix|x|xi|xii|xiii|xiv|xv|xvi)\)"
    assert len(paragraphs) == 16
    assert all(re.fullmatch(roman, paragraph) for paragraph in paragraphs)
    kept = {key for key, t in treatments.items() if t.action == "keep"}
    assert {"zip", "date", "age"} <= kept
    assert not {"name", "location", "ssn", "mrn"} & kept


@pytest.mark.parametrize(
    ("operator", "identifier", "method", "instead"),
    [
        ("date-shift", "date", "safe-harbor", "year"),
        ("month", "date", "safe-harbor", "year"),
        ("quarter", "date", "safe-harbor", "year"),
        ("hmac-token", "mrn", "safe-harbor", "code"),
        ("encrypt", "mrn", "safe-harbor", "code"),
        ("presidio-encrypt", "mrn", "safe-harbor", "code"),
        ("presidio-hash", "mrn", "safe-harbor", "code"),
        ("mask", "ssn", "safe-harbor", "tag"),
        ("truncate", "ssn", "safe-harbor", "tag"),
        ("presidio-mask", "ssn", "limited-data-set", "tag"),
        ("hash", "mrn", "expert", "code"),
        ("hash", "mrn", "safe-harbor", "code"),
        ("presidio-custom", "name", "expert", "operator"),
        ("year", "mrn", "safe-harbor", "tag"),
        ("zip3", "ssn", "expert", "tag"),
    ],
)
def test_what_the_method_does_not_permit_is_a_conflict(
    ruleset, operator, identifier, method, instead
):
    treatment = Treatment(action="replace", operator=operator)
    with pytest.raises(PolicyConflict, match="E601") as conflict:
        check_policy(policy(method, **{identifier: treatment}), ruleset.operators)
    message = str(conflict.value)
    assert conflict.value.status == 6
    for part in (identifier, operator, method, "164.514", "policy mine"):
        assert part in message
    assert instead in conflict.value.todo


@pytest.mark.parametrize(
    ("method", "key", "permitted"),
    [
        ("safe-harbor", "name", False),
        ("safe-harbor", "date", False),
        ("limited-data-set", "name", False),
        ("limited-data-set", "location", False),
        ("limited-data-set", "location/street", False),
        ("limited-data-set", "location/city", True),
        ("limited-data-set", "date", True),
        ("expert", "name", True),
    ],
)
def test_what_may_be_kept_is_the_methods_to_say(ruleset, method, key, permitted):
    keep = Treatment(action="keep", operator="keep", reason="it may stay")
    mine = policy(method, **{key.replace("/", "__"): keep})
    if permitted:
        check_policy(mine, ruleset.operators)
    else:
        with pytest.raises(PolicyConflict, match=re.escape(key)):
            check_policy(mine, ruleset.operators)


@pytest.mark.parametrize(
    ("key", "treatment", "code", "says"),
    [
        ("date", Treatment(action="generalize", operator="yaer"), "E160", "year, "),
        (
            "name",
            Treatment(action="replace", operator="surrogate"),
            "E167",
            "not part of this version",
        ),
        ("date", Treatment(action="keep", operator="keep"), "E171", "reason"),
        ("dates", Treatment(action="remove", operator="tag"), "E172", "Did you mean date?"),
        ("zzz", Treatment(action="remove", operator="tag"), "E172", "Known: name"),
        ("date", Treatment(action="remove", operator="keep", reason="no"), "E173", "contradict"),
        ("date", Treatment(action="keep", operator="tag", reason="no"), "E173", "contradict"),
    ],
)
def test_what_cannot_be_followed_is_a_rule_error(ruleset, key, treatment, code, says):
    with pytest.raises(RuleError, match=code) as error:
        check_policy(policy("expert", **{key: treatment}), ruleset.operators, available=BUILT)
    assert says in str(error.value)


@pytest.mark.parametrize(
    ("treatment", "error"),
    [
        (Treatment(action="remove", operator="tag"), None),
        (Treatment(action="keep", operator="keep", reason="randomisation code"), None),
        (Treatment(action="keep", operator="keep"), RuleError),
        (Treatment(action="replace", operator="hmac-token"), PolicyConflict),
        (Treatment(action="replace", operator="unheard-of"), RuleError),
    ],
)
def test_a_column_is_kept_for_a_reason_and_else_bound_by_the_method(ruleset, treatment, error):
    mine = policy(columns={"patients.csv": {"study_arm": treatment}})
    if error is None:
        check_policy(mine, ruleset.operators)
    else:
        with pytest.raises(error, match="study_arm"):
            check_policy(mine, ruleset.operators)

"""A policy has only those options for DICOM that its legal method permits, and none against another."""

from typing import get_args

import pytest

from phisweep.errors import PolicyConflict
from phisweep.ruleset.imaging import check_imaging, options_of
from phisweep.ruleset.load import load_policy, load_ruleset
from phisweep.ruleset.schema import ImagingOption

RULESET = load_ruleset()
OPTIONS = get_args(ImagingOption)
NEVER = {
    "safe-harbor": {
        "retain-longitudinal-full-dates",
        "retain-uids",
        "retain-device-identity",
        "retain-institution-identity",
    },
    "limited-data-set": {"retain-device-identity", "retain-institution-identity"},
    "expert": set(),
}
FULL, MODIFIED = "retain-longitudinal-full-dates", "retain-longitudinal-modified-dates"


def asking(tmp_path, name, *options, date=""):
    path = tmp_path / "mine.yaml"
    path.write_text(
        f"id: mine\nextends: {name}\nmethod: {name}\nimaging: {{options: [{', '.join(options)}]}}\n"
        + (f"treatments: {{date: {date}}}\n" if date else "")
    )
    return load_policy(str(path), RULESET)


def date_of(name, option):
    kept = option == FULL or (name == "limited-data-set" and option != MODIFIED)
    return (
        "{action: keep, operator: keep, reason: so}"
        if kept
        else "{action: generalize, operator: year}"
    )


@pytest.mark.parametrize("name", NEVER)
@pytest.mark.parametrize("option", OPTIONS)
def test_a_method_permits_what_the_law_lets_it(name, option, tmp_path):
    policy = asking(tmp_path, name, option, date=date_of(name, option))
    if option not in NEVER[name]:
        check_imaging(policy, RULESET.imaging)
        return
    with pytest.raises(PolicyConflict, match=f"E602.*{option}.*164.514") as refused:
        check_imaging(policy, RULESET.imaging)
    assert refused.value.status == 6
    assert refused.value.todo


@pytest.mark.parametrize("name", NEVER)
def test_shipped_policies_keep_the_law(name):
    policy = load_policy(name, RULESET)
    check_imaging(policy, RULESET.imaging)
    assert "clean-descriptors" in policy.imaging.options
    assert policy.imaging.pixels == policy.imaging.faces == "hold"


def test_every_option_has_a_rule_with_a_citation():
    assert RULESET.imaging.keys() == {*OPTIONS}
    for rule in RULESET.imaging.values():
        assert "164.514" in rule.citation
        assert len(rule.permits) == 3 or rule.instead


@pytest.mark.parametrize(
    ("options", "date", "told"),
    [
        ((FULL, MODIFIED), "{action: keep, operator: keep, reason: so}", "exclude each other"),
        ((MODIFIED,), "{action: keep, operator: keep, reason: so}", "changes dates"),
    ],
)
def test_options_and_treatments_do_not_contradict_each_other(options, date, told, tmp_path):
    with pytest.raises(PolicyConflict, match=f"E603.*{told}"):
        check_imaging(asking(tmp_path, "expert", *options, date=date), RULESET.imaging)


def test_a_policy_that_shifts_dates_keeps_shifted_dates(tmp_path):
    policy = asking(tmp_path, "expert", FULL, date="{action: replace, operator: date-shift}")
    check_imaging(policy, RULESET.imaging)
    assert options_of(policy) == {MODIFIED}
    limited = load_policy("limited-data-set", RULESET)
    assert options_of(limited) == {*limited.imaging.options} >= {FULL}


def test_what_the_rules_do_not_name_is_not_permitted(tmp_path):
    with pytest.raises(PolicyConflict, match="E602"):
        check_imaging(asking(tmp_path, "expert", "clean-graphics"), {})


def test_a_policy_that_extends_another_says_only_what_it_changes(tmp_path):
    path = tmp_path / "mine.yaml"
    path.write_text("id: mine\nextends: safe-harbor\nmethod: safe-harbor\nimaging: {pixels: ocr}\n")
    policy = load_policy(str(path), RULESET)
    assert policy.imaging.pixels == "ocr"
    assert policy.imaging.options == load_policy("safe-harbor", RULESET).imaging.options

"""Surrogates and codes: counted by identifier, and said to be drawn or derived as they are."""

from dataclasses import replace
from typing import get_args

import pytest

from phisweep.model import IDENTIFIERS, Run, Survey
from phisweep.report import base, phrases
from phisweep.report.parts import Keeping
from phisweep.ruleset.load import default_folder, load_ruleset
from phisweep.ruleset.schema import PolicyFile, Treatment
from report import runs

RENDERERS = base.load()
KEEPING = get_args(Keeping)


def record(*tallies, method="expert", keeping="not told", names=("name", "ssn/dashed")):
    treatments = {name: Treatment(action="replace", operator="surrogate") for name in names}
    policy = PolicyFile(id="x", method=method, treatments=treatments)
    met = runs.outcome("a.txt", tallies=tallies)
    run = Run(replace(runs.MANIFEST, policy="x"), (met,), survey=Survey())
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(runs.POLICIES, "x", policy)
        return runs.record_of_run(run, keeping)


def by(operator, identifier, count, place="text"):
    return replace(runs.tally(place, identifier, count), action="replace", operator=operator)


def test_identifiers_that_the_policy_asks_for_stand_there_with_their_zeros():
    kinds = record(by("surrogate", "name", 7), by("surrogate", "url", 2)).surrogates.kinds
    assert [(kind.identifier, kind.count) for kind in kinds] == [
        ("name", 7),
        ("ssn", 0),
        ("url", 2),
    ]


def test_counts_by_identifier_are_the_sum_and_names_of_files_stand_apart():
    told = record(by("surrogate", "name", 7), by("surrogate", "mrn", 1, "filename"))
    assert told.surrogates.count == 7
    assert (told.codes.count, told.codes.in_names) == (0, 1)
    (operator,) = told.operators
    assert operator.count == told.surrogates.count + told.codes.in_names


def test_columns_that_the_policy_names_count_by_their_identifier():
    kinds = runs.record_of_run(runs.linked()).surrogates.kinds
    assert [kind.identifier for kind in kinds] == ["name", "phone", "email", "ssn"]


@pytest.mark.parametrize("keeping", KEEPING)
@pytest.mark.parametrize("method", ["safe-harbor", "limited-data-set", "expert"])
def test_they_are_drawn_or_derived_as_the_method_and_the_vault_have_it(method, keeping):
    told = record(method=method, keeping=keeping).surrogates
    drawn = method == "safe-harbor" or keeping == "vault"
    unknown = keeping == "not told" and not drawn
    assert told.made == ("drawn" if drawn else "not told" if unknown else "derived")
    assert ("qualified expert" in told.words) == (not drawn)
    assert ("GDPR" in told.words) == (keeping in {"vault", "not told"})
    assert "164.514(c)" in told.words
    assert "{" not in told.words


@pytest.mark.parametrize("keeping", KEEPING)
def test_the_fate_of_codes_is_told(keeping):
    words = record(by("code", "mrn", 3), keeping=keeping).codes.words
    assert ("pseudonymous" in words) == (keeping in {"vault", "not told"})
    assert ("gone" in words) == (keeping != "vault")


def test_codes_in_names_of_files_are_derived_where_the_method_lets_them_be():
    named = by("code", "mrn", 1, "filename")
    assert "names of files" in record(named, keeping="key").codes.words
    assert "names of files" not in record(named, keeping="key", method="safe-harbor").codes.words
    assert "names of files" not in record(named, keeping="vault").codes.words


def test_without_any_there_is_no_section():
    told = record(names=())
    assert (told.surrogates, told.codes) == (None, None)
    for name in ("html", "md"):
        assert "Surrogates and codes" not in RENDERERS[name](told)


def test_only_ranges_that_nobody_is_given_are_said_to_be_such():
    kinds = record(names=tuple(IDENTIFIERS)).surrogates.kinds
    assert {kind.identifier for kind in kinds if kind.reserved} == {
        "phone", "fax", "email", "ssn", "url", "ip",
    }  # fmt: skip
    assert all(kind.made_of for kind in kinds)


def test_every_identifier_that_a_surrogate_may_be_of_has_words():
    allowed = load_ruleset(default_folder()).operators["surrogate"].identifiers
    own = {*phrases.RESERVED, *phrases.INVENTED}
    assert own <= {*allowed}
    assert {*allowed} - own == {
        "mrn", "health_plan", "account", "license", "vehicle", "other_id",
    }  # fmt: skip


@pytest.mark.parametrize("name", ["html", "md"])
def test_a_reader_finds_the_counts_and_what_they_are_made_of(name):
    text = RENDERERS[name](runs.record_of_run(runs.linked(), "key"))
    assert "555-0100 to 555-0199" in text
    assert "needs the view of a qualified expert" in text
    assert "320" in text

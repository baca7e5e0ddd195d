"""Every record leads to its rule, the law's words and a reason; nothing is left without one."""

import re

import pytest

from phisweep.detect import logs
from phisweep.detect.code import RULE as PROPAGATED
from phisweep.detect.strict import RULE as STRICT
from phisweep.model import IMPLIED_AGE
from phisweep.report import explained, html, markdown
from phisweep.ruleset.load import load_ruleset
from phisweep.ruleset.schema import PatternEntry, PlaceEntry
from report import runs


@pytest.fixture(scope="module")
def ruleset():
    return load_ruleset()


def test_every_rule_of_the_folder_has_its_own_reason(ruleset):
    why = explained.whys(ruleset)
    for rule in ruleset.rules:
        for entry in rule.detect:
            name = entry.pattern if isinstance(entry, PatternEntry) else entry.name
            assert entry.why.strip() in why(f"{rule.id}/{name}")
    for file in ruleset.fields:
        for place in file.places:
            if isinstance(place, PlaceEntry):
                told = why(f"{place.identifier}/{file.id}-{place.name}")
                assert place.why.strip() in told
                assert file.title in told


def test_every_rule_that_stands_in_no_file_has_one_too(ruleset):
    why = explained.whys(ruleset)
    own = {PROPAGATED, STRICT, IMPLIED_AGE, logs.DAY, logs.ROOM, logs.INITIALS}
    own |= {f"other_id/{name}" for name in explained.DERIVED}
    beside = {"names-model/place", "presidio/person"}
    told = {why(name) for name in own | beside}
    assert why("other_id/of-the-site") not in told  # what is left is the site's
    assert "site's own" in why("other_id/of-the-site")
    assert len(told) == len({name.partition("/")[2] for name in own}) + len(beside)


@pytest.mark.parametrize("kind", sorted(runs.RUNS))
def test_every_rule_in_a_place_leads_to_an_entry_with_law_reading_and_reason(kind):
    record = runs.record_of_run(runs.RUNS[kind]())
    text = html.render(record)
    links = re.findall(r'<a href="#(r\d+)">([^<]+)</a>', text)
    places = sum(len(file.found) for file in record.files)
    assert len(links) >= places + len(record.rules)
    for target, rule in set(links):
        row = re.search(rf'<tr id="{target}">.*?</tr>', text, re.DOTALL)[0]
        assert f") {rule}</th>" in row
    for family in re.findall(r"<details[^>]*>\n<summary>\([A-R]\).*?</details>", text, re.DOTALL):
        for told in ("<dt>Law</dt>", "45 CFR 164.514(b)(2)(i)(", "as the regulation says"):
            assert told in family
        assert ("<dt>Under the policy</dt>" in family) <= bool(record.operators)


def test_the_policys_reason_stands_before_that_of_the_law():
    record = runs.record_of_run(runs.verified())
    operators = {entry.operator: entry for entry in record.operators}
    treatment = explained.treatment_of(record.policy, "date")
    law = operators["year"].model_copy(update={"why": "The law.", "citation": "(C)"})
    operators["year"] = law
    assert explained.reason_of(treatment, operators) == "The law. (C)"
    own = treatment.model_copy(update={"reason": "Ours.", "citation": "(b)"})
    assert explained.reason_of(own, operators) == "Ours. (b)"
    assert explained.treatment_of(record.policy, "url") is None


def test_a_rule_with_a_treatment_of_its_own_says_so():
    run = runs.linked()
    text = html.render(runs.record_of_run(run))
    assert text.count("Under the policy") >= 3
    record = runs.record_of_run(run)
    tallies = [runs.tally("column 1", "date", 4, "birth")]
    both = runs.Run(run.manifest, (*run.outcomes, runs.table("b.csv", tallies, 4, 1)))
    assert "Under the policy: generalized: date-shift" in html.render(runs.record_of_run(both))
    assert record.policy is not None


def test_markdown_tells_the_reasons_too():
    text = markdown.render(runs.record_of_run(runs.verified()))
    assert "Why it finds what it finds" in text
    assert "Our reading" in text

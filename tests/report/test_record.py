import hashlib
import json
from dataclasses import fields, replace
from pathlib import Path

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from phisweep.errors import UsageError
from phisweep.model import IDENTIFIERS, LETTERS, Run, RunManifest, Source
from phisweep.report import json_
from phisweep.report.record import RunRecord, load_record, record_of
from report import runs

SCHEMA = Path(__file__).parents[2] / "docs" / "schema" / "run.schema.json"


def letter(record, name):
    return record.letters[LETTERS.index(name)]


def test_the_record_holds_all_of_the_manifest():
    record = runs.record_of_run(runs.verified())
    for field in fields(RunManifest):
        assert getattr(record.manifest, field.name) == getattr(runs.MANIFEST, field.name)


def test_every_source_met_is_in_the_inventory_in_order():
    run = runs.incomplete()
    record = runs.record_of_run(run)
    assert [file.path for file in record.files] == [met.source.shown for met in run.outcomes]
    assert record.incomplete
    assert [entry.path for entry in record.skipped] == ["images/ct_head.dcm"]
    assert [entry.path for entry in record.not_whole] == ["export/visits_old.csv"]


def test_every_letter_is_there_with_an_explicit_zero():
    record = runs.record_of_run(runs.empty())
    assert [(entry.letter, entry.count) for entry in record.letters] == [(x, 0) for x in LETTERS]
    assert {entry.state for entry in record.letters} == {"not assessable"}


@pytest.mark.parametrize("name", ["P", "Q"])
def test_biometrics_and_pictures_are_never_silently_none_found(name):
    entry = letter(runs.record_of_run(runs.verified()), name)
    assert (entry.count, entry.state) == (0, "not assessable")
    assert entry.reason


def test_a_letter_without_a_rule_is_not_assessable():
    record = record_of(
        runs.verified(), runs.ruleset(letters="G"), describe=runs.OPERATORS.__getitem__
    )
    assert letter(record, "J").state == "not assessable"
    assert letter(record, "A").state == "found"


def test_none_found_says_how_much_was_not_read():
    assert letter(runs.record_of_run(runs.verified()), "J").reason == ""
    assert "2 files" in letter(runs.record_of_run(runs.incomplete()), "J").reason


def test_a_run_without_a_model_says_so():
    assert runs.record_of_run(runs.verified()).statements.model.startswith("No model was used")
    run = replace(runs.verified(), manifest=replace(runs.MANIFEST, model="en-clinical 1.0"))
    assert "en-clinical 1.0" in runs.record_of_run(run).statements.model


def test_the_attestation_is_left_to_a_person():
    attestation = runs.record_of_run(runs.verified()).attestation
    assert (attestation.answer, attestation.signed_by, attestation.signed_on) == (None, None, None)


def test_the_census_table_is_told_with_vintage_and_digest():
    census = runs.record_of_run(runs.verified()).census
    assert (census.vintage, census.sha256) == ("2020 census", runs.sha("zip3"))


def test_a_shipped_policy_is_found_by_its_name(tmp_path):
    (tmp_path / "policies").mkdir()
    (tmp_path / "policies" / "safe-harbor.yaml").write_text(
        "{id: safe-harbor, title: Shipped, method: safe-harbor}"
    )
    record = record_of(runs.verified(), runs.ruleset(tmp_path), describe=runs.OPERATORS.__getitem__)
    assert record.policy.title == "Shipped"


def test_residual_findings_are_counted_by_place_and_not_among_the_findings():
    record = runs.record_of_run(runs.failed())
    assert [(trace.place, trace.count) for trace in record.verification.residual] == [
        ("column 4", 2)
    ]
    assert record.totals == runs.record_of_run(runs.verified()).totals


def test_the_first_place_of_a_rule_is_told_where_records_were_kept():
    met = runs.outcome(
        "a.txt",
        tallies=[runs.tally("text", "ssn", 2, "dashed")],
        records=(runs.record(line=3), runs.record(line=9)),
    )
    (found,) = runs.record_of_run(Run(runs.MANIFEST, (met,))).files[0].found
    assert (found.line, found.col) == (3, 9)


def test_a_name_that_is_not_utf8_is_written_down():
    met = runs.outcome("a.txt")
    odd = replace(met, source=Source(Path("x"), "x", 1, "caf\udce9.txt"))
    record = runs.record_of_run(Run(runs.MANIFEST, (odd,)))
    assert record.files[0].path == "caf\\udce9.txt"
    json_.render(record).encode()


TALLIES = st.builds(
    runs.tally,
    st.sampled_from(["text", "column 1", "filename"]),
    st.sampled_from(sorted(IDENTIFIERS)),
    st.integers(0, 10**6),
    st.sampled_from(["", "one", "two"]),
    st.sampled_from(["low", "medium", "high", "critical"]),
    done=st.booleans(),
)
OUTCOMES = st.builds(
    runs.outcome,
    st.sampled_from(["a.txt", "b/c.csv"]),
    st.sampled_from(["clean", "changed", "incomplete", "skipped"]),
    st.lists(TALLIES, max_size=4),
    rows=st.none() | st.integers(0, 9),
)


@settings(deadline=None, max_examples=40)
@given(st.lists(OUTCOMES, max_size=4))
def test_sums_over_files_letters_identifiers_and_rules_are_the_same(outcomes):
    record = runs.record_of_run(Run(runs.MANIFEST, tuple(outcomes)))
    n = sum(outcome.findings for outcome in outcomes)
    assert n == sum(file.findings for file in record.files)
    assert n == sum(entry.count for entry in record.letters)
    assert n == sum(entry.count for entry in record.identifiers)
    assert n == sum(entry.count for entry in record.rules)
    assert n == record.totals.findings
    done = sum(tally.count for met in outcomes for tally in met.tallies if tally.action)
    assert done == sum(record.totals.actions.values())
    assert done == sum(entry.count for entry in record.operators)
    assert done == sum(h.count for entry in record.letters for h in entry.handling)
    assert RunRecord.model_validate_json(json_.render(record)) == record


@pytest.mark.parametrize("name", sorted(runs.RUNS))
def test_what_is_written_is_read_back_the_same(name, tmp_path):
    record = runs.record_of_run(runs.RUNS[name]())
    path = tmp_path / "run.json"
    path.write_text(json_.render(record), encoding="utf-8")
    assert load_record(path) == record


@pytest.mark.parametrize("name", sorted(runs.RUNS))
def test_the_text_of_a_record_is_json_of_one_form(name):
    record = runs.record_of_run(runs.RUNS[name]())
    data = record.model_dump(mode="json", by_alias=True)
    assert json.loads(json_.render(record)) == data
    lines = [json.dumps(each, ensure_ascii=False, separators=(",", ":")) for each in data["files"]]
    told = json.dumps(data | {"files": ["@"] * len(lines)}, indent=2, ensure_ascii=False) + "\n"
    for line in lines:  # each file is one line
        told = told.replace('    "@"', f"    {line}", 1)
    assert json_.render(record) == told
    assert json_.digest(record) == hashlib.sha256(json_.render(record).encode()).hexdigest()


def test_scores_are_counted_by_rule_in_bins():
    record = runs.record_of_run(runs.verified())
    by_name = {rule.rule: rule for rule in record.rules}
    assert by_name["name/label"].scores == {"0.60": 31}
    assert by_name["ssn/dashed"].scores == {"0.85": 109}
    assert all(sum(rule.scores.values()) == rule.count for rule in record.rules)


def test_the_published_schema_is_that_of_the_models(update_golden):
    text = json.dumps(RunRecord.model_json_schema(), indent=2) + "\n"
    if update_golden:
        SCHEMA.write_text(text, encoding="utf-8")
    assert SCHEMA.read_text(encoding="utf-8") == text


@pytest.mark.parametrize("name", sorted(runs.RUNS))
def test_records_satisfy_the_published_schema(name):
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    checker = jsonschema.Draft202012Validator
    checker.check_schema(schema)
    checker(schema).validate(json.loads(json_.render(runs.record_of_run(runs.RUNS[name]()))))


def test_the_published_schema_refuses_a_key_that_it_does_not_know():
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    data = json.loads(json_.render(runs.record_of_run(runs.verified())))
    data["files"][0]["value"] = "219-09-9999"
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft202012Validator(schema).validate(data)


def broken(change, run=runs.verified):
    data = json.loads(json_.render(runs.record_of_run(run())))
    change(data)
    return json.dumps(data)


BROKEN = {
    "not json": "SSN 219-09-9999",
    "truncated": '{"schema": "phisweep-run/1", "note": "219-09-9999',
    "a data file": '{"Specimen, Sam": {"ssn": "219-09-9999"}}',
    "a list": '["219-09-9999"]',
    "another schema": broken(lambda d: d.update(schema="219-09-9999")),
    "another key": broken(lambda d: d["files"][0].update({"219-09-9999": 1})),
    "a wrong type": broken(lambda d: d["files"][0].update(rows="219-09-9999")),
    "a key of a table": broken(lambda d: d["manifest"]["lists"].update({"219-09-9999": 1})),
    "a changed count": broken(lambda d: d["letters"][0].update(count=1)),
    "a changed total": broken(lambda d: d["totals"].update(findings=1)),
    "a letter less": broken(lambda d: d["letters"].pop(9)),
    "a file less": broken(lambda d: d["files"].pop(9 - 1)),
    "a changed file": broken(lambda d: d["files"][0].update(findings=1)),
    "a row without a subject more": broken(lambda d: d["subjects"].update(unkeyed=9)),
    "a leak less": broken(lambda d: d["leaks"].update(found=1)),
    "a leak without a place": broken(lambda d: d["leaks"]["kinds"][1].update(places=[])),
    "a small count of a leak": broken(
        lambda d: d["leaks"]["kinds"][1]["places"][0].update(count=3)
    ),
    "a score more": broken(lambda d: d["rules"][0]["scores"].update({"0.10": 9})),
    "a score of no bin": broken(lambda d: d["rules"][0].update(scores={"219-09-9999": 1})),
    "a code more": broken(lambda d: d["codes"].update(count=1)),
    "a surrogate more": broken(lambda d: d["surrogates"].update(count=1), runs.linked),
    "a surrogate of another kind": broken(
        lambda d: d["surrogates"]["kinds"][0].update(count=1), runs.linked
    ),
    "a date more": broken(lambda d: d["moved"].update(found=999), runs.linked),
    "dates that were not found": broken(lambda d: d["moved"].update(alone=999), runs.linked),
    "not text": b"\xff\xfe\x00",
}


@pytest.mark.parametrize("name", sorted(BROKEN))
def test_a_broken_record_is_a_usage_error_without_values(name, tmp_path):
    path = tmp_path / "run.json"
    content = BROKEN[name]
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(UsageError) as caught:
        load_record(path)
    assert caught.value.code == "E132"
    assert "219-09-9999" not in str(caught.value)
    assert "Specimen" not in str(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__ or caught.value.__context__ is None


@pytest.mark.parametrize("number", [2, 17])
def test_a_record_of_a_newer_schema_says_so(number, tmp_path):
    path = tmp_path / "run.json"
    more = {"schema": f"phisweep-run/{number}", "219-09-9999": "Specimen"}
    path.write_text(broken(lambda d: d.update(more)), encoding="utf-8")
    with pytest.raises(UsageError) as caught:
        load_record(path)
    assert caught.value.code == "E139"
    assert f"its schema is phisweep-run/{number}, this one reads phisweep-run/1" in str(
        caught.value
    )
    assert "219-09-9999" not in str(caught.value)


@pytest.mark.parametrize(
    "schema", ["phisweep-run/0", "phisweep-run/1", "phisweep-run/02", "phisweep-run/2 219", 2, None]
)
def test_what_names_no_newer_schema_is_no_record(schema, tmp_path):
    path = tmp_path / "run.json"
    path.write_text(json.dumps({"schema": schema}), encoding="utf-8")
    with pytest.raises(UsageError, match="E132"):
        load_record(path)


def test_a_record_that_is_not_there_is_a_usage_error(tmp_path):
    with pytest.raises(UsageError, match="E131"):
        load_record(tmp_path / "run.json")

"""What a policy may ask for, by the door that users come in by: before anything is written."""

import json

import pytest
import yaml

from phisweep.decide import paragraph
from phisweep.keys import key_from_file
from phisweep.model import IDENTIFIERS
from phisweep.ruleset.load import default_folder, read_file
from phisweep.ruleset.schema import OperatorsFile
from phisweep.transform.operators import names
from phisweep.transform.operators.encrypt import decrypt

LAW = read_file(default_folder() / "operators.yaml", OperatorsFile).operators
KEEPING = ("keep", "presidio-keep")
NOTE = (
    "Seen 2024-03-04 and 2024-05-06.\nMs. Quillfeather, MRN 0041776,\n"
    "ssn 987-65-4320; zip 59999; call 617-555-0123.\n"
)
TABLE = "id,age,dob,zip\n1,45,1980-02-03,59999\n2,93,1931-05-06,59718\n3,7,2019-11-30,02139\n"


def conflicts(method):
    """Every operator with an identifier for which the method does not permit it."""
    for name, law in LAW.items():
        limits = {*law.limits.get(method, ()), *(law.identifiers or IDENTIFIERS)}
        for identifier in IDENTIFIERS:
            works = not law.identifiers or identifier in law.identifiers
            limited = method in law.limits and identifier not in law.limits[method]
            if method not in law.permits or not works or limited or identifier not in limits:
                yield name, identifier


def policy(folder, method, treatments, **more):
    path = folder / "policy.yaml"
    asked = {"id": "mine", "extends": method, "method": method, "treatments": treatments, **more}
    path.write_text(yaml.safe_dump(asked), encoding="utf-8")
    return path


def treatment(operator, **params):
    action = "keep" if operator in KEEPING else "replace"
    return {"action": action, "operator": operator, "reason": "because", "params": params}


@pytest.fixture
def data(tmp_path):
    folder = tmp_path / "data"
    folder.mkdir()
    (folder / "note.txt").write_text(NOTE)
    (folder / "t.csv").write_text(TABLE)
    return folder


def test_what_a_method_permits_is_not_refused(deid, data, tmp_path):
    treatments = {
        "date": treatment("year"), "zip": treatment("zip3"), "mrn": treatment("code"),
        "age": treatment("age"), "name": treatment("tag"), "ssn": treatment("redact"),
    }  # fmt: skip
    assert deid(data, "--profile", policy(tmp_path, "safe-harbor", treatments)).status == 0


def refused(ran, tmp_path, operator, identifier, method):
    """See that the run was refused with all that it takes to mend the policy, and left nothing."""
    law = LAW[operator]
    assert ran.status == 6
    assert ran.out == ""
    for part in ("E601", "policy mine", f"{identifier}: ", f"operator {operator} ", method):
        assert part in ran.err
    assert law.citation in ran.err
    assert paragraph(identifier) in ran.err
    assert " ".join(law.instead.split()) in " ".join(ran.err.split())
    assert law.instead.startswith(("Choose ", "Write "))
    assert sorted(p.name for p in tmp_path.iterdir()) == ["data", "policy.yaml"]
    assert (tmp_path / "data" / "note.txt").read_text() == NOTE


@pytest.mark.parametrize(("operator", "identifier"), [*conflicts("safe-harbor")])
def test_every_conflict_with_safe_harbor_is_refused_before_anything_is_written(
    deid, data, tmp_path, operator, identifier
):
    path = policy(tmp_path, "safe-harbor", {identifier: treatment(operator)})
    ran = deid(data, "--profile", path)
    refused(ran, tmp_path, operator, identifier, "safe-harbor")


@pytest.mark.parametrize("method", ["limited-data-set", "expert"])
def test_so_is_one_of_each_operator_with_the_other_methods(deid, data, tmp_path, method):
    for operator, identifier in dict(conflicts(method)).items():
        path = policy(tmp_path, method, {identifier: treatment(operator)})
        ran = deid(data, "--profile", path)
        refused(ran, tmp_path, operator, identifier, method)


def test_the_conflicts_with_safe_harbor_are_these():
    whole = {name for name, law in LAW.items() if "safe-harbor" not in law.permits}
    assert whole == {
        *("keep", "truncate", "mask", "date-shift", "month", "quarter", "bucket", "hmac-token"),
        *("encrypt", "hash", "presidio-keep", "presidio-mask", "presidio-hash"),
        *("presidio-encrypt", "presidio-custom"),
    }
    assert {name for name, _ in conflicts("safe-harbor")} == whole | {
        name for name, law in LAW.items() if law.identifiers
    }


@pytest.mark.parametrize(
    "operator",
    [name for name, law in LAW.items() if "safe-harbor" not in law.permits and name not in KEEPING],
)
def test_a_column_is_bound_by_the_method_too(deid, data, tmp_path, operator):
    columns = {"t.csv": {"dob": treatment(operator)}}
    ran = deid(data, "--profile", policy(tmp_path, "safe-harbor", {}, columns=columns))
    assert ran.status == 6
    assert f"t.csv: dob: safe-harbor does not permit the operator {operator} here" in ran.err
    assert " ".join(LAW[operator].instead.split()) in " ".join(ran.err.split())
    assert not (tmp_path / "out").exists()


def test_scan_and_a_dry_run_are_refused_as_well(run, deid, data, tmp_path):
    path = policy(tmp_path, "safe-harbor", {"mrn": treatment("hmac-token")})
    assert run("scan", data, "--profile", path, "--engine", "rules").status == 6
    assert deid(data, "--profile", path, "--dry-run").status == 6


@pytest.mark.parametrize(
    ("identifier", "operator", "params"),
    [
        ("ssn", "mask", {"sign": "xx"}),
        ("ssn", "truncate", {}),
        ("date", "month", {"order": "mdy"}),
        ("date", "quarter", {"order": 7}),
        ("age", "bucket", {"edges": "18,45,95"}),
        ("mrn", "hmac-token", {"key": "0123456789abcdef"}),
        ("mrn", "encrypt", {"key": "0123456789abcdef"}),
    ],
)
def test_params_that_an_operator_does_not_take_stop_the_run_before_anything_is_written(
    deid, data, tmp_path, identifier, operator, params
):
    path = policy(tmp_path, "expert", {identifier: treatment(operator, **params)})
    ran = deid(data, "--profile", path)
    assert ran.status == 2
    assert f"E174]: policy mine, {identifier}: {operator}: " in ran.err
    assert "0123456789abcdef" not in ran.err
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("treatments", "expect"),
    [
        ({"date": treatment("month")}, "Seen 2024-03 and 2024-05."),
        ({"date": treatment("quarter")}, "Seen 2024-Q1 and 2024-Q2."),
        ({"date": treatment("bucket", width=5)}, "Seen 2020-2024 and 2020-2024."),
        ({"ssn": treatment("mask", **{"keep-last": 4})}, "ssn ***-**-4320;"),
        ({"name": treatment("truncate", first=1)}, "Ms. Q..., MRN"),
        ({"name": treatment("truncate", first=5)}, "Ms. Quill..., MRN"),
        ({"zip": treatment("bucket", width=1000)}, "zip 59000-59999;"),
        ({"phone": treatment("truncate", last=4)}, "call ...0123."),
        ({"mrn": treatment("hmac-token")}, "MRN [MRN-"),
        ({"mrn": treatment("encrypt")}, "MRN [MRN:e1."),
    ],
)
def test_what_is_coarsened_stands_the_check_of_its_copies(
    deid, run, data, tmp_path, key_file, treatments, expect
):
    """Twice: when the release is made, and when it is verified, and as the input of another run."""
    path = policy(tmp_path, "expert", treatments)
    ran = deid(data, "--profile", path, "--key-file", key_file)
    assert (ran.status, ran.err) == (0, "")
    assert expect in (tmp_path / "out" / "note.txt").read_text()
    checked = run("verify", "out", "--profile", path, "--key-file", key_file, "--engine", "rules")
    assert checked.status == 0, checked.out + checked.err
    again = deid("out/note.txt", "out/t.csv", "--profile", path, out="again")
    assert again.status == 0
    for name in ("note.txt", "t.csv"):
        assert (tmp_path / "again" / name).read_bytes() == (tmp_path / "out" / name).read_bytes()


def test_columns_can_be_cut_into_ranges_that_split_no_age_over_89(deid, run, data, tmp_path):
    columns = {
        "t.csv": {
            "age": treatment("bucket", width=10, bottom=17),
            "dob": treatment("month", identifier="date"),
            "zip": treatment("bucket", width=1000, identifier="zip"),
        }
    }
    path = policy(tmp_path, "expert", {}, columns=columns)
    ran = deid(data, "--profile", path, "--reference-date", "2026")
    assert (ran.status, ran.err) == (0, "")
    assert (tmp_path / "out" / "t.csv").read_text() == (
        "id,age,dob,zip\n1,40-49,1980-02,59000-59999\n2,90+,<=1936,59000-59999\n"
        "3,<=17,2019-11,02000-02999\n"
    )


def test_what_was_encrypted_comes_back_with_the_key_of_the_run(deid, data, tmp_path, key_file):
    path = policy(tmp_path, "expert", {"ssn": treatment("encrypt")})
    assert deid(data, "--profile", path, "--key-file", key_file).status == 0
    mark = (tmp_path / "out" / "note.txt").read_text().partition("ssn ")[2].partition(";")[0]
    assert decrypt(mark, key_from_file(key_file)) == "987-65-4320"
    report = (tmp_path / "out" / "phisweep-report" / "run.json").read_text()
    assert "987-65-4320" not in report
    assert "encrypt" in json.dumps(json.loads(report))


def test_one_value_has_one_token_in_all_runs_under_one_key(deid, data, tmp_path, key_file):
    path = policy(tmp_path, "expert", {"mrn": treatment("hmac-token")})
    for out in ("one", "two"):
        assert deid(data, "--profile", path, "--key-file", key_file, out=out).status == 0
    assert deid(data, "--profile", path, out="three").status == 0
    notes = [(tmp_path / out / "note.txt").read_text() for out in ("one", "two", "three")]
    assert notes[0] == notes[1] != notes[2]


def test_every_operator_that_is_built_can_be_asked_for_by_some_method():
    assert {*names()} <= {name for name, law in LAW.items() if law.permits}

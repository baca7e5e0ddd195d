"""What a proposal promises: a role for every place, counts, and no value of the data."""

import json
import tomllib

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from phisweep.config import Config
from phisweep.decide import check_policy
from phisweep.detect.linking import Links
from phisweep.formats.base import ReadOptions
from phisweep.keys import Key
from phisweep.model import Source
from phisweep.proposal.draft import as_json, draft, toml
from phisweep.proposal.names import common, family, fits, pattern
from phisweep.proposal.propose import Asked, propose
from phisweep.proposal.table import render
from phisweep.report.text import Style
from phisweep.ruleset.load import load_policy
from phisweep.ruleset.schema import PolicyFile, Treatment
from phisweep.ruleset.writing import policy_text
from phisweep.session import Session
from phisweep.transform.operators import names

SESSION = Session(Config(engine="rules"), Key.draw())
DETECTOR = SESSION.detector
WIDE = Style(width=100, colour=False, unicode=True)


def proposed(folder, *, rows=10_000, policy=None, profile="safe-harbor"):
    sources = [
        Source(path, path.relative_to(folder).as_posix(), path.stat().st_size)
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    ]
    policy = policy or SESSION.policy
    return propose(sources, Asked(DETECTOR, policy, profile, ReadOptions(), Key.draw(), rows))


def table(folder, name, *columns):
    """Write a table of columns, each a name and its cells."""
    heads, cells = zip(*columns, strict=True)
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = [",".join(heads), *(",".join(map(str, row)) for row in zip(*cells, strict=True))]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def lines(folder, name, records):
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(r) + "\n" for r in records), encoding="utf-8")
    return path


def plan_of(proposal, name, file=0):
    (found,) = [c for c in proposal.files[file].columns if name in (c.name, c.place)]
    return found


N = 40
SURNAMES = ["Okafor", "Alvarez", "Nguyen", "Kowalski", "Schultz"]


@pytest.mark.parametrize(
    ("name", "values", "role", "identifier"),
    [
        ("mrn", [f"00{400042 + 7 * i}" for i in range(N)], "direct identifier", "mrn"),
        ("dob", [f"19{40 + i}-03-04" for i in range(N)], "date", "date"),
        ("age", [20 + i for i in range(N)], "age", "age"),
        ("zip", ["02139"] * N, "geography", "zip"),
        ("state", ["MA"] * N, "geography", ""),
        ("sex", ["F", "M"] * (N // 2), "quasi-identifier", ""),
        ("ethnic_group", ["hispanic", "not hispanic"] * (N // 2), "quasi-identifier", ""),
        ("note", ["seen today and sent home well with no new complaints"] * N, "free text", ""),
        ("diagnosis", ["asthma", "gout"] * (N // 2), "clinical", ""),
        ("icd10", ["G20", "K50.00"] * (N // 2), "code", ""),
        ("reaction", [271807003 + i for i in range(N)], "code", ""),
        ("hgb", [6.7 + i / 10 for i in range(N)], "measurement", ""),
        ("reading", [f"{i} mg" for i in range(N)], "measurement", ""),
        ("arm", ["a", "b"] * (N // 2), "category", ""),
        ("blank", ["NA"] * N, "empty", ""),
        ("lab_seq_no", [f"{i:03}" for i in range(N)], "unknown", ""),
        ("desk", SURNAMES * (N // 5), "unknown", ""),
        ("brand", ["Zoltanfi", "Qwvex"] * (N // 2), "unknown", ""),
        ("desk_line", [5082225200 + 13 * i for i in range(N)], "unknown", ""),
        ("thing", [f"{a}q {b}x" for a in "bcdfghjk" for b in "zvkpq"], "unknown", ""),
    ],
)  # fmt: skip
def test_the_role_of_a_column(tmp_path, name, values, role, identifier):
    table(tmp_path, "t.csv", (name, values), ("other", ["yes"] * N))
    plan = plan_of(proposed(tmp_path), name)
    assert plan.sort.role == role
    assert identifier is None or plan.sort.identifier == identifier
    assert plan.sort.how


def test_an_identifier_has_letter_rule_and_the_operator_of_the_policy(tmp_path):
    table(tmp_path, "t.csv", ("zip", ["02139"] * 30), ("mrn", range(400100, 400130)))
    zip_, mrn = (plan_of(proposed(tmp_path), name) for name in ("zip", "mrn"))
    assert (zip_.letter, zip_.action, zip_.operator) == ("B", "generalize", "zip3")
    assert (mrn.letter, mrn.operator, mrn.sort.rule) == ("H", "code", "mrn/field")
    limited = load_policy("limited-data-set", SESSION.ruleset)
    assert plan_of(proposed(tmp_path, policy=limited), "zip").operator == "keep"


def test_counts_are_of_rows_filled_distinct_and_found(tmp_path):
    cells = ["Call 617-555-0123 at once", "", "no answer", "no answer", "NA"]
    table(tmp_path, "t.csv", ("remark", cells), ("x", "abcde"))
    evidence = plan_of(proposed(tmp_path), "remark").evidence
    assert (evidence.rows, evidence.filled, evidence.distinct) == (5, 3, 2)
    assert evidence.found == (("phone", 1),)


def test_many_distinct_values_are_counted_to_ten_thousand(tmp_path):
    table(tmp_path, "t.csv", ("hgb", [i / 7 for i in range(10_002)]), ("x", [1] * 10_002))
    proposal = proposed(tmp_path, rows=20_000)
    assert plan_of(proposal, "hgb").evidence.distinct_shown == ">10,000"


def test_rows_limit_what_is_read_and_it_is_said(tmp_path):
    table(tmp_path, "t.csv", ("hgb", range(50)), ("x", [1] * 50))
    (file,) = proposed(tmp_path, rows=20).files
    assert (file.rows, file.read) == (20, "first 20 rows")
    assert plan_of(proposed(tmp_path, rows=20), "hgb").evidence.rows == 20
    assert proposed(tmp_path, rows=50).files[0].read == ""


def test_of_json_the_first_two_megabytes_are_read_and_it_is_said(tmp_path):
    lines(tmp_path, "t.jsonl", [{"n": i, "pad": "x y " * 25} for i in range(25_000)])
    (file,) = proposed(tmp_path).files
    assert file.read == "first 2 MB"
    assert 10_000 < file.rows < 25_000


# Files


def test_files_of_one_pattern_and_like_columns_are_one_entry(tmp_path):
    for site in ("a", "b"):
        table(tmp_path, f"visits/{site}.csv", ("mrn", range(9)), ("hgb", range(9)))
    for i in range(3):
        lines(tmp_path, f"notes/n{i}.jsonl", [{"body": "a b c"}])
    table(tmp_path, "labs.csv", ("mrn", range(9)), ("k", range(9)))
    proposal = proposed(tmp_path)
    assert {(f.glob, f.files) for f in proposal.files} == {
        ("labs.csv", 1), ("visits/*.csv", 2), ("notes/n*.jsonl", 3),
    }  # fmt: skip


def test_a_pattern_that_would_fit_other_files_is_not_used(tmp_path):
    table(tmp_path, "east.csv", ("mrn", range(9)), ("hgb", range(9)))
    table(tmp_path, "west.csv", ("mrn", range(9)), ("hgb", range(9)))
    table(tmp_path, "other.csv", ("site", range(9)), ("k", range(9)))
    proposal = proposed(tmp_path)
    assert [f.glob for f in proposal.files] == ["east.csv", "other.csv", "west.csv"]
    assert not any(f.also for f in proposal.files)


@pytest.mark.parametrize(
    ("name", "glob"),
    [
        ("patients.csv", "patients.csv"),
        ("notes/a b.jsonl", "notes/a b.jsonl"),
        ("labs_0041776.csv", "labs_*.csv"),
        ("mrn 0041776 Quill7.csv", "mrn * *.csv"),
        ("a[1]*.csv", "a[[]1][*].csv"),
        ("2024/x.csv", "*/x.csv"),
    ],
)
def test_no_number_of_a_name_stands_in_a_pattern(name, glob):
    assert pattern(name, DETECTOR) == glob
    assert fits(glob, name)


@given(st.text(st.characters(codec="utf-8", exclude_characters="\0/"), min_size=1, max_size=30))
def test_a_pattern_fits_its_own_name(name):
    assert fits(pattern(name, DETECTOR), name)


def test_one_pattern_for_several_names():
    assert family("notes/visit_12.jsonl") == "notes/visit_*.jsonl"
    assert common(["n/visit_a.csv", "n/visit_b.csv"]) == "n/visit_*.csv"
    assert common(["n/ab.csv", "n/ac.csv"]) == "n/*.csv"
    assert common(["n/a.csv", "n/b.tsv"]) == "n/*"


def test_texts_and_what_cannot_be_read_are_told(tmp_path):
    (tmp_path / "a.txt").write_text("well")
    (tmp_path / "b.json").write_text('{"a": ')
    (tmp_path / "c.bin").write_bytes(bytes(range(256)) * 9)
    proposal = proposed(tmp_path)
    assert [o.glob for o in proposal.texts] == ["a.txt"]
    assert [o.glob for o in proposal.unread] == ["b.json", "c.bin"]
    assert "not read whole" in proposal.unread[0].what


# JSON


def test_paths_have_stars_for_indices(tmp_path):
    records = [{"visits": [{"dob": "1980-01-02"}, {"dob": "1931-04-05"}], "ok": True}] * 5
    lines(tmp_path, "t.jsonl", records)
    proposal = proposed(tmp_path)
    assert plan_of(proposal, "/visits/*/dob").sort.identifier == "date"
    assert plan_of(proposal, "/ok").sort.role == "empty"
    assert len(proposal.files[0].columns) == 2


def test_what_the_rules_remove_of_a_vocabulary_could_be_kept(tmp_path):
    coding = {"system": "http://codes.example.net/x/y", "code": "K50.00", "display": "colitis"}
    lines(tmp_path, "t.jsonl", [{"code": {"coding": [coding]}}] * 30)
    proposal = proposed(tmp_path)
    plan = plan_of(proposal, "/code/coding/*/system")
    assert (plan.sort.role, plan.sort.advice, plan.operator) == ("code", "keep", "tag")
    assert plan in proposal.files[0].removed
    assert plan not in proposal.files[0].undecided


def test_encoded_files_within_json_are_to_be_decided(tmp_path):
    lines(tmp_path, "t.jsonl", [{"data": f"{i}VBORw0KGgo" * 60} for i in range(9)])
    assert plan_of(proposed(tmp_path), "/data").sort.role == "unknown"


# What may be data is not told


def everything(proposal):
    """All that a proposal is written as."""
    policy = policy_text(draft(proposal, SESSION.policy))
    return policy + as_json(proposal) + "\n".join(render(proposal, WIDE)) + repr(proposal)


def test_no_value_of_the_data_is_told(tmp_path):
    canaries = ["Quillfeather", "617-555-0123", "0041776", "1931-04-05", "zq8canary"]
    row = dict(zip("abcde", canaries, strict=True))
    lines(tmp_path, "j.jsonl", [row] * 12)
    table(tmp_path, "t.csv", *((name, [value] * 12) for name, value in row.items()))
    (tmp_path / "0041776.txt").write_text("x")
    told = everything(proposed(tmp_path))
    assert not [canary for canary in canaries if canary in told]


def test_names_that_may_be_data_are_not_told_and_cannot_be_chosen(tmp_path):
    table(
        tmp_path,
        "t.csv",
        ("617-555-0123", ["zq ww"] * 9),
        ("k 20481", ["ab cd"] * 9),
        ("k", [1] * 9),
    )
    lines(
        tmp_path,
        "j.jsonl",
        [
            {
                "people": {"0041776": {"remark": "zq"}, "0041777": {"remark": "y"}},
                "of 0041776": {"remark": "y"},
            }
        ],
    )
    proposal = proposed(tmp_path)
    told = everything(proposal)
    for canary in ("555-0123", "20481", "004177"):
        assert canary not in told
    paths, columns = proposal.files if proposal.files[0].format == "jsonl" else proposal.files[::-1]
    assert {c.place for c in columns.columns} == {"column 1", "column 2", "column 3 (k)"}
    assert [c.place for c in paths.columns] == ["/people/*/remark", "/(key not shown)/remark"]


# The policy file


def data_set(folder):
    patients = [f"00{400042 + 7 * i}" for i in range(N)]
    table(folder, "patients.csv", ("mrn", patients), ("lab_seq_no", range(100, 100 + N)),
          ("desk", SURNAMES * (N // 5)))  # fmt: skip
    lines(folder, "m.jsonl", [{"patient": {"mrn": p}, "topic": f"{p[-1]}q x"} for p in patients])
    return folder


def test_the_policy_is_one_as_it_stands_and_after_every_choice(tmp_path):
    proposal = proposed(data_set(tmp_path / "data"))
    text = policy_text(draft(proposal, SESSION.policy))
    path = tmp_path / "p.yaml"
    choices = [
        i for i, line in enumerate(text.splitlines()) if '# "' in line and "{action:" in line
    ]
    assert len(choices) == 3 * proposal.undecided > 6
    for chosen in (None, *choices):
        edited = text.splitlines()
        if chosen is not None:
            edited[chosen] = edited[chosen].replace("# ", "", 1)
        path.write_text("\n".join(edited), encoding="utf-8")
        policy = load_policy(str(path), SESSION.ruleset)
        check_policy(policy, SESSION.ruleset.operators, available=names())
        assert policy.treatments == SESSION.policy.treatments
        assert sum(map(len, policy.columns.values())) == (chosen is not None)


def test_what_the_extended_policy_says_of_columns_is_said_again(tmp_path):
    table(tmp_path, "t.csv", ("lab_seq_no", range(N)), ("k", [1] * N))
    kept = Treatment(action="keep", operator="keep", reason='numbers of "beds", not people')
    policy = SESSION.policy.model_copy(update={"columns": {"t.csv": {"lab_seq_no": kept}}})
    proposal = proposed(tmp_path, policy=policy)
    assert proposal.undecided == 0
    assert plan_of(proposal, "lab_seq_no").decided
    written = PolicyFile.model_validate(yaml.safe_load(policy_text(draft(proposal, policy))))
    assert written.columns == {"t.csv": {"lab_seq_no": kept}}


def test_the_same_data_give_the_same_text(tmp_path):
    data_set(tmp_path)
    assert everything(proposed(tmp_path)) == everything(proposed(tmp_path))


def test_without_files_the_policy_is_still_one(tmp_path):
    text = policy_text(draft(proposed(tmp_path), SESSION.policy))
    assert PolicyFile.model_validate(yaml.safe_load(text)).columns == {}


@pytest.mark.parametrize("width", [40, 60, 80, 200])
def test_the_table_keeps_to_the_terminal(tmp_path, width):
    proposal = proposed(data_set(tmp_path))
    text = list(render(proposal, Style(width=width, colour=False, unicode=True)))
    assert max(map(len, text)) <= width
    assert text[0].startswith("decide these: 3 of 5")
    assert text.index("patients.csv  (1 file, 40 rows)") > 0


# Keys of subjects


def test_the_keys_of_subjects_are_found_by_rule_and_by_values(tmp_path):
    data_set(tmp_path)
    people = [f"00{400042 + 7 * i}" for i in range(N)]
    table(tmp_path, "people.csv", ("own", people), ("k", [1] * N))
    proposal = proposed(tmp_path)
    assert {(k.glob, k.key) for k in proposal.keys} == {
        ("patients.csv", "mrn"), ("m.jsonl", "/patient/mrn"), ("people.csv", "own"),
    }  # fmt: skip
    assert min(k.shared for k in proposal.keys) >= 1


def test_an_id_that_files_share_by_name_and_values_is_one(tmp_path):
    ids = [f"C{i:05}" for i in range(300, 300 + N)]
    table(tmp_path, "a.csv", ("case_id", ids), ("k", [1] * N))
    table(tmp_path, "b.csv", ("case_id", ids * 2), ("j", [1] * 2 * N))
    assert {(k.glob, k.key) for k in proposed(tmp_path).keys} == {
        ("a.csv", "case_id"), ("b.csv", "case_id"),
    }  # fmt: skip


@pytest.mark.parametrize("count", [1, 9])
def test_the_keys_are_lines_of_the_configuration(count):
    keys = {f"folder/visits_{i}.csv": "mrn" for i in range(count)}
    config = Config.model_validate(tomllib.loads("\n".join(toml(keys))))
    assert dict(config.subject_key) == keys
    assert Links.of(config.subject_key).of_file("folder/visits_0.csv") is not None

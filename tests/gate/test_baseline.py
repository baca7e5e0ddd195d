"""The file of known findings: what is in it, what it refuses, how two of them become one."""

import base64
import datetime as dt
import hashlib
import json
import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from phisweep.errors import UsageError
from phisweep.gate.baseline import SCHEMA, Baseline, Entry, load, merged, parsed
from phisweep.keys import Key

KEY = Key(b"k" * 32, "a test")
FP = "A" * 26


def entry(path="a.csv", rule="ssn/field", fp=FP, **more):
    return Entry(path, "column:ssn", rule, fp, **more)


def baseline(*entries, **more):
    return Baseline(KEY.key_id, "2026.1", tuple(sorted(entries)), **more)


def test_it_is_read_as_it_was_written(tmp_path):
    path = tmp_path / "b.json"
    made = baseline(
        entry(
            n=3,
            status="false-positive",
            reason="assay lot \u00fc",
            by="handle",
            expires="2027-06-30",
        ),
        entry(path="b.csv"),
        blobs={"a.csv": "0" * 40},
    )
    path.write_text(made.dump())
    assert load(path) == made
    assert load(path).dump() == made.dump()


def test_one_entry_stands_on_one_line_in_order():
    lines = (
        baseline(entry(path="b"), entry(path="a"), entry(path="a", rule="name/x"))
        .dump()
        .splitlines()
    )
    found = [json.loads(line.strip().rstrip(",")) for line in lines if '"path"' in line]
    assert [(e["path"], e["rule"]) for e in found] == [
        ("a", "name/x"),
        ("a", "ssn/field"),
        ("b", "ssn/field"),
    ]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "E180"),
        ("[]", "E180"),
        ("{", "E180"),
        ("[" * 5000, "E180"),
        ('{"schema": "phisweep-baseline/2"}', "E181"),
        ('{"entries": []}', "E180"),
        (json.dumps({"schema": SCHEMA}), "E180"),
        (json.dumps({"schema": SCHEMA, "entries": [{"path": "a"}]}), "E180"),
        ("{\n<<<<<<< ours\n=======\n>>>>>>> theirs\n}", "E182"),
    ],
)
def test_what_is_no_baseline_is_an_error_with_a_code(tmp_path, text, code):
    path = tmp_path / "b.json"
    path.write_text(text)
    with pytest.raises(UsageError, match=code):
        load(path)


@pytest.mark.parametrize(
    "change",
    [
        {"fp": "short"},
        {"fp": FP, "n": 0},
        {"fp": FP, "n": True},
        {"fp": FP, "status": "fine"},
        {"fp": FP, "expires": "soon"},
        {"fp": FP, "value": "219-09-9999"},
        {"fp": 7},
    ],
)
def test_an_entry_that_is_none_is_an_error_without_its_words(tmp_path, change):
    path = tmp_path / "b.json"
    given_ = {"path": "a", "where": "w", "rule": "r"} | change
    path.write_text(json.dumps({"schema": SCHEMA, "entries": [given_]}))
    with pytest.raises(UsageError, match="E180") as error:
        load(path)
    assert "219" not in str(error.value)
    assert "soon" not in str(error.value)


def test_a_missing_file_and_one_that_is_no_text_are_errors(tmp_path):
    with pytest.raises(UsageError, match="E180"):
        load(tmp_path / "none.json")
    (tmp_path / "b.json").write_bytes(b"\xff\xfe")
    with pytest.raises(UsageError, match="E180"):
        load(tmp_path / "b.json")


# Merging

entries = st.builds(
    Entry,
    st.sampled_from(["a", "b"]),
    st.just("text"),
    st.sampled_from(["ssn/x", "name/y"]),
    st.sampled_from([FP, "B" * 26]),
    st.integers(1, 3),
    st.sampled_from(["unreviewed", "false-positive", "accepted"]),
    st.sampled_from(["", "why"]),
    st.just(""),
    st.sampled_from(["", "2027-01-01"]),
)
baselines = st.lists(entries, max_size=6, unique_by=lambda e: e.key).map(lambda es: baseline(*es))


@settings(max_examples=200, deadline=None)
@given(baselines, baselines)
def test_a_merge_with_the_base_is_the_other_side(base, other):
    assert merged(base, base, other) == merged(base, other, base) == other


@settings(max_examples=200, deadline=None)
@given(baselines, baselines, baselines)
def test_a_merge_is_the_same_from_both_sides_and_never_laxer(base, ours, theirs):
    one, two = merged(base, ours, theirs), merged(base, theirs, ours)
    assert one == two
    for each in one.entries:
        sides = [e for side in (ours, theirs) for e in side.entries if e.key == each.key]
        assert each.n <= max(e.n for e in sides)
        if each.status == "accepted":
            assert any(e.status == "accepted" for e in sides)


def test_baselines_of_two_keys_do_not_merge():
    with pytest.raises(UsageError, match="E183"):
        merged(baseline(), baseline(), Baseline("k1:other", "2026.1"))


def test_git_merges_two_branches_by_the_driver(tmp_path):
    def git(*arguments, status=0):
        done = subprocess.run(
            ["git", "-c", "user.name=t", "-c", "user.email=t@example.com", *arguments],
            cwd=tmp_path, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == status, done.stderr
        return done.stdout

    def commit(*entries_):
        (tmp_path / "b.json").write_text(baseline(*entries_).dump())
        git("add", "-A")
        git("commit", "-qm", "x")

    git("init", "-qb", "main")
    driver = f"{sys.executable} -m phisweep baseline merge %O %A %B"
    git("config", "merge.phisweep-baseline.driver", driver)
    (tmp_path / ".gitattributes").write_text("b.json merge=phisweep-baseline\n")
    first, gone = entry(), entry(path="gone.csv")
    commit(first, gone)
    git("switch", "-qc", "other")
    commit(first, gone, entry(path="theirs.csv"))
    git("switch", "-q", "main")
    commit(first, entry(path="ours.csv"))
    git("merge", "-q", "other", "-m", "both")
    assert [e.path for e in load(tmp_path / "b.json").entries] == [
        "a.csv",
        "ours.csv",
        "theirs.csv",
    ]


# What the file gives away


def test_no_ssn_of_a_whole_area_is_found_by_trying_them_all_without_the_key():
    """One area and group: ten thousand numbers, hashed in every way that does not use the key."""
    value = "219-09-9999"
    known = baseline(entry(fp=KEY.fingerprint("ssn/field", value))).dump()
    (told,) = (e["fp"] for e in json.loads(known)["entries"])
    public = Key(KEY.key_id.encode().ljust(32, b"0"), "what the file shows")
    for serial in range(10_000):
        tried = f"219-09-{serial:04d}"
        forms = (tried, tried.replace("-", ""), f"ssn/field\x1f{tried}")
        for form in forms:
            for name in ("sha256", "sha1", "md5"):
                digest = hashlib.new(name, form.encode(), usedforsecurity=False).digest()
                assert not base64.b32encode(digest).decode().startswith(told[:12])
        assert public.fingerprint("ssn/field", tried) != told
    assert KEY.fingerprint("ssn/field", "219 09 9999") == told


def test_days_are_over_after_their_last():
    assert not entry(expires="2026-11-22").expired(dt.date(2026, 11, 22))
    assert entry(expires="2026-11-22").expired(dt.date(2026, 11, 23))
    assert not entry().expired(dt.date(2999, 1, 1))


def test_an_entry_stands_in_it_once(tmp_path):
    twice = {"path": "a", "where": "w", "rule": "r", "fp": FP}
    with pytest.raises(UsageError, match="E180"):
        parsed(json.dumps({"schema": SCHEMA, "entries": [twice, twice]}), tmp_path / "b.json")

"""What `verify` promises: whatever is changed in a release is found, and named."""

import hashlib
import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from integrity.conftest import NOTE
from phisweep.config import Config
from phisweep.integrity import custody
from phisweep.integrity.signatures import public_key_from
from phisweep.keys import Key
from phisweep.model import Verification
from phisweep.runs.checking import verify
from phisweep.runs.copying import deidentify
from phisweep.runs.settings import Settings
from phisweep.runs.signing import Signing, answers_of, blank, sign_off

CHOSEN = Settings(config=Config(engine="rules", jobs=1), key=Key(b"k" * 32, "the test"))
FINE = Verification(ok=True, files=2)


@pytest.fixture(scope="module")
def patched(rules_folder):
    with pytest.MonkeyPatch.context() as patch:
        for module in ("ruleset.load", "runs.checking", "detect.selfcheck"):
            patch.setattr(f"phisweep.{module}.default_folder", lambda: rules_folder)
        yield


@pytest.fixture(scope="module")
def release(tmp_path_factory, patched, signing):
    """A release with all that one can hold: records, digests of values, two sign-offs."""
    folder = tmp_path_factory.mktemp("release")
    data = folder / "data"
    (data / "sub").mkdir(parents=True)
    (data / "note.txt").write_text(NOTE)
    (data / "sub" / "t.csv").write_text("mrn,note\n0041776,as told\n0041777,none\n")
    (data / "plain.txt").write_text("nothing here")
    chosen = Settings(config=CHOSEN.config, key=CHOSEN.key, audit=True, signer=signing)
    run = deidentify([str(data)], folder / "out", chosen)
    assert run.verification.ok
    given_ = blank(folder / "out") | {
        "purpose": "a study", "recipient": "a group", "actual_knowledge": "no",
        "reassess": "2199-01-01",
    }  # fmt: skip
    given_["questions"] = tuple(q | {"answer": "no"} for q in given_["questions"])
    for name in ("A. Specimen", "B. Sample"):
        decided = Signing(name, "officer", "release", answers_of(given_))
        sign_off(folder / "out", decided, FINE, chosen)
    return folder / "out"


def files(release):
    return sorted(p for p in release.rglob("*") if p.is_file())


def told(release, *, rescan=False, trusted=None):
    seen = verify(release, CHOSEN, rescan=rescan, trusted=trusted).verification
    return seen.ok, seen.problems


def name_in(path, release):
    """What a file is called in a problem: in the report's folder, by its name there."""
    name = path.relative_to(release).as_posix()
    return name.removeprefix("phisweep-report/")


def test_a_release_with_all_it_can_hold_verifies(release, signer):
    assert {p.name for p in files(release)} == {
        "note.txt", "plain.txt", "t.csv", "custody.jsonl", "records.jsonl", "removed-values.npz",
        "report.html", "report.md", "run.json", "signoff.json",
    }  # fmt: skip
    key = public_key_from(signer.with_name("site.key.pub"))
    assert told(release, rescan=True, trusted=(key,)) == (True, ())


@settings(max_examples=120, deadline=None)
@given(data=st.data())
def test_one_changed_byte_anywhere_is_found_and_its_file_named(release, data):
    path = data.draw(st.sampled_from(files(release)))
    whole = path.read_bytes()
    at = data.draw(st.integers(0, len(whole) - 1))
    byte = data.draw(st.integers(0, 255).filter(lambda b: b != whole[at]))
    try:
        path.write_bytes(whole[:at] + bytes([byte]) + whole[at + 1 :])
        ok, problems = told(release)
    finally:
        path.write_bytes(whole)
    assert not ok
    assert any(problem.startswith(f"{name_in(path, release)}: ") for problem in problems)
    if path.suffix == ".jsonl":
        line = whole.count(b"\n", 0, at) + 1
        lines = {f"{path.name}: line {n}: " for n in (line, line + 1 if 10 in (whole[at], byte) else line)}  # fmt: skip
        assert any(problem.startswith(tuple(lines)) for problem in problems)


@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_a_shortened_or_a_lengthened_file_is_named(release, data):
    path = data.draw(st.sampled_from(files(release)))
    whole = path.read_bytes()
    other = data.draw(
        st.sampled_from([whole[: len(whole) // 2], whole + b"x", whole + whole, b""])
        if whole
        else st.just(b"x")
    )
    try:
        path.write_bytes(other)
        ok, problems = told(release)
    finally:
        path.write_bytes(whole)
    assert not ok
    assert any(problem.startswith(f"{name_in(path, release)}: ") for problem in problems)


def test_a_removed_file_is_named_whichever_it_is(release):
    for path in files(release):
        whole = path.read_bytes()
        mode = path.stat().st_mode
        path.unlink()
        try:
            ok, problems = told(release)
        finally:
            path.write_bytes(whole)
            path.chmod(mode)
        assert not ok, path.name
        named = f"{name_in(path, release)}: "
        assert any(problem.startswith(named) for problem in problems), path.name


def test_an_added_file_is_found_wherever_it_is_put(release):
    for folder in (release, release / "sub", release / "phisweep-report"):
        path = folder / "more of ssn 987-65-4321.txt"
        path.write_text("x")
        try:
            ok, problems = told(release)
        finally:
            path.unlink()
        assert not ok
        assert any("more of ssn SSN" in problem for problem in problems), problems
        assert "987-65" not in " ".join(problems)


def test_a_changed_record_is_told_with_the_search_of_the_copies_too(release):
    path = release / "phisweep-report" / "run.json"
    whole = path.read_bytes()
    try:
        path.write_bytes(whole.replace(b'"state": "verified"', b'"state": "complete"', 1))
        ok, problems = told(release, rescan=True)
    finally:
        path.write_bytes(whole)
    assert not ok
    assert any("run.json: is not as the last line" in problem for problem in problems)


def test_who_makes_everything_anew_lacks_the_key(release, copied, signer):
    out = Path(copied(release))
    (out / "plain.txt").write_text("anything else")
    report = out / "phisweep-report"
    record = json.loads((report / "run.json").read_text())
    for file in record["files"]:
        if file["output"] == "plain.txt":
            data = (out / "plain.txt").read_bytes()
            file["output_sha256"] = hashlib.sha256(data).hexdigest()
            file["output_bytes"] = len(data)
            record["totals"]["output_bytes"] += len(data) - len("nothing here")
    (report / "run.json").write_text(json.dumps(record))
    run = hashlib.sha256((report / "run.json").read_bytes()).hexdigest()
    signed = json.loads((report / "signoff.json").read_text()) | {"run_sha256": run}
    (report / "signoff.json").write_text(json.dumps(signed))
    (report / "custody.jsonl").unlink()
    custody.append(report, custody.entry_of(report, "deid", custody.digests(report)))
    assert told(out) == (True, ())
    key = public_key_from(signer.with_name("site.key.pub"))
    assert told(out, trusted=(key,)) == (
        False,
        ("custody.jsonl: no line is signed by a key that was given",),
    )

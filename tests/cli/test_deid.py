"""What `phisweep deid` promises on the command line."""

import json
import os
import signal
import subprocess
import sys
import time

import pytest

NOTE = "Seen 2024-03-04.\nMs. Quillfeather, MRN 0041776,\nssn 987-65-4320; call 617-555-0123.\n"
PLANTED = ["2024-03-04", "Quillfeather", "0041776", "987-65-4320", "617-555-0123"]


@pytest.fixture
def data(tmp_path):
    """A folder with a note, a table and a file without PHI."""
    folder = tmp_path / "data"
    (folder / "sub").mkdir(parents=True)
    (folder / "note.txt").write_text(NOTE)
    (folder / "sub" / "t.csv").write_text("mrn,dob,n\n0041776,2024-03-04,1\n0041777,1999-01-02,2\n")
    (folder / "clean.txt").write_bytes(b"no\r\nPHI \xc3\xa9\n")
    return folder


def copies(out):
    return {
        path.relative_to(out).as_posix(): path.read_bytes()
        for path in sorted(out.rglob("*"))
        if path.is_file() and "phisweep-report" not in path.parts
    }


def record(out):
    return json.loads((out / "phisweep-report" / "run.json").read_text())


def test_copies_stand_in_out_without_phi_and_the_report_beside_them(deid, data, tmp_path):
    ran = deid(data)
    assert (ran.status, ran.err) == (0, "")
    made = copies(tmp_path / "out")
    assert list(made) == ["clean.txt", "note.txt", "sub/t.csv"]
    assert made["clean.txt"] == (data / "clean.txt").read_bytes()
    text = b"".join(made.values()).decode()
    assert not [value for value in PLANTED if value in text]
    assert "Seen 2024.\nMs. [NAME], MRN [MRN-" in text
    assert sorted(p.name for p in (tmp_path / "out" / "phisweep-report").iterdir()) == [
        "custody.jsonl", "report.html", "report.md", "run.json",
    ]  # fmt: skip
    assert "report.html" in ran.out


def test_one_value_has_one_code_in_all_files_of_a_run_and_another_in_the_next(deid, data, tmp_path):
    deid(data)
    deid(data, out="out2")
    first, second = (copies(tmp_path / name) for name in ("out", "out2"))
    code = first["note.txt"].decode().split("MRN ")[1][:16]
    assert code in first["sub/t.csv"].decode()
    assert code not in b"".join(second.values()).decode()


def test_nothing_that_deid_writes_can_be_read_by_others(deid, data, tmp_path):
    deid(data)
    out = tmp_path / "out"
    assert out.stat().st_mode & 0o077 == 0
    assert not [p for p in out.rglob("*") if p.is_file() and p.stat().st_mode & 0o077]


def test_a_dry_run_counts_with_operators_and_writes_nothing(deid, data, tmp_path):
    ran = deid(data, "--dry-run")
    assert ran.status == 0
    assert not (tmp_path / "out").exists()
    assert sorted(p.name for p in tmp_path.iterdir()) == ["data"]
    assert "year" in ran.out
    assert "code" in ran.out


def test_a_dry_run_says_what_the_findings_look_like_and_a_run_does_not(deid, data):
    assert "ddd-dd-dddd (" in deid(data, "--dry-run").out
    assert "ddd-dd-dddd" not in deid(data).out


@pytest.mark.parametrize(
    ("out", "code"),
    [
        ("data/out", "E104"),
        ("data", "E105"),
        ("data/sub/deep/out", "E104"),
        ("data/note.txt", "E105"),
    ],
)
def test_out_inside_an_input_or_taken_is_refused_before_anything_is_written(
    deid, data, tmp_path, out, code
):
    before = sorted(tmp_path.rglob("*"))
    ran = deid(data, out=out)
    assert ran.status == 2
    assert code in ran.err
    assert sorted(tmp_path.rglob("*")) == before


def test_out_inside_a_folder_that_a_glob_names_is_refused(deid, data, tmp_path):
    assert deid("data/*", out="data/sub/out").status == 2
    assert not (data / "sub" / "out").exists()


def test_an_input_inside_out_is_refused(deid, data, tmp_path):
    assert deid(data, out=".").status == 2


def test_an_empty_out_is_taken_over_even_the_working_folder(deid, data, tmp_path, monkeypatch):
    (tmp_path / "out").mkdir()
    assert deid(data).status == 0
    here = tmp_path / "elsewhere"
    here.mkdir()
    monkeypatch.chdir(here)
    ran = deid(data, out=".")
    assert ran.status == 0
    assert (here / "note.txt").exists()


def test_out_that_cannot_be_made_is_a_usage_error(deid, data, tmp_path):
    (tmp_path / "file").write_text("x")
    assert deid(data, out="file/out").status == 2


def write_policy(tmp_path, treatments):
    policy = {
        "id": "mine",
        "extends": "safe-harbor",
        "method": "safe-harbor",
        "treatments": treatments,
    }
    (tmp_path / "policy.yaml").write_text(json.dumps(policy))
    return tmp_path / "policy.yaml"


@pytest.mark.parametrize(
    ("identifier", "action", "operator", "status"),
    [
        ("date", "generalize", "year", 0),
        ("mrn", "remove", "tag", 0),
        ("date", "generalize", "date-shift", 6),  # not built, but the law's answer goes before
        ("mrn", "replace", "presidio-hash", 6),
        ("ssn", "remove", "presidio-mask", 6),
        ("phone", "keep", "keep", 2),  # without a reason
        ("phone", "generalize", "year", 6),
        ("phone", "remove", "nonsense", 2),
    ],
)
def test_a_policy_that_the_method_forbids_exits_6_before_anything_is_written(
    deid, data, tmp_path, identifier, action, operator, status
):
    policy = write_policy(tmp_path, {identifier: {"action": action, "operator": operator}})
    ran = deid(data, "--policy", policy)
    assert ran.status == status
    assert (tmp_path / "out").exists() == (status == 0)
    assert sorted(p.name for p in tmp_path.iterdir() if p.name.startswith(".")) == []


def test_a_document_that_cannot_be_read_whole_gets_no_copy_and_the_others_do(deid, data, tmp_path):
    (data / "bad.json").write_text('{"ssn": "987-65-4320", "cut')
    ran = deid(data)
    assert ran.status == 3
    assert list(copies(tmp_path / "out")) == ["clean.txt", "note.txt", "sub/t.csv"]
    assert not list((tmp_path / "out").rglob("*.part"))
    files = {f["path"]: f for f in record(tmp_path / "out")["files"]}
    assert files["bad.json"]["status"] == "incomplete"
    assert files["bad.json"]["output"] in ("", None)


def test_a_name_with_phi_has_one_code_in_the_report_and_as_the_copys_name(deid, tmp_path):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "ssn_987-65-4320_Ms. Quillfeather.txt").write_text("ssn 987-65-4320")
    ran = deid("data")
    assert ran.status == 0
    out = tmp_path / "out"
    (name,) = copies(out)
    assert name.startswith("ssn_SSN-")
    assert name.endswith(".txt")
    assert name in ran.out
    (listed,) = record(out)["files"]
    assert (listed["path"], listed["output"]) == (name, name)
    everything = b"".join(p.read_bytes() for p in out.rglob("*") if p.is_file()) + ran.out.encode()
    assert b"987-65-4320" not in everything
    assert b"Quillfeather" not in everything


def test_names_that_fold_to_one_code_stay_two_files(deid, tmp_path):
    (tmp_path / "data").mkdir()
    for name in ("a 987-65-4320.txt", "a 987 65 4320.txt"):
        (tmp_path / "data" / name).write_text(name)
    assert deid("data").status == 0
    assert len(copies(tmp_path / "out")) == 2


def test_column_names_and_keys_with_phi_are_replaced_in_the_copy(deid, tmp_path):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "t.csv").write_text("id,ssn 987-65-4320,x\n1,a,b\n2,c,d\n")
    (tmp_path / "data" / "x.json").write_text('{"987-65-4320": {"a": "617-555-0123"}}')
    assert deid("data").status == 0
    out = tmp_path / "out"
    assert not [p for p in out.rglob("*") if p.is_file() and b"987-65-4320" in p.read_bytes()]
    assert json.loads((out / "x.json").read_text()) == {"[SSN]": {"a": "[PHONE]"}}


def test_standard_input_has_a_copy_too(deid, tmp_path):
    assert deid("-", stdin=NOTE.encode()).status == 0
    assert b"987-65-4320" not in copies(tmp_path / "out")["standard-input"]


def test_the_report_of_an_earlier_release_is_no_data(deid, data, tmp_path):
    deid(data)
    ran = deid("out", out="again")
    assert ran.status == 0
    assert copies(tmp_path / "again") == copies(tmp_path / "out")
    assert (
        record(tmp_path / "again")["manifest"]["run_id"]
        != record(tmp_path / "out")["manifest"]["run_id"]
    )


def test_two_processes_write_what_one_writes(deid, data, tmp_path, monkeypatch):
    monkeypatch.setattr("phisweep.runs.working.WORTH_PROCESSES", 0)
    policy = write_policy(tmp_path, {"mrn": {"action": "remove", "operator": "tag"}})
    for n in (1, 2):
        assert deid(data, "--jobs", n, "--policy", policy, out=f"out{n}").status == 0
    assert copies(tmp_path / "out1") == copies(tmp_path / "out2")
    one, two = (record(tmp_path / f"out{n}")["files"] for n in (1, 2))
    assert [{**f, "seconds": 0} for f in one] == [{**f, "seconds": 0} for f in two]


def test_no_verify_says_so_in_the_report(deid, data, tmp_path):
    assert deid(data, "--no-verify").status == 0
    assert record(tmp_path / "out")["verification"] is None
    assert deid(data, out="out2").status == 0
    assert record(tmp_path / "out2")["verification"]["ok"] is True


def test_a_copy_in_which_phi_is_left_exits_5(deid, data, monkeypatch, tmp_path):
    monkeypatch.setattr("phisweep.pipeline.Worker.edits", lambda *_: [])
    ran = deid(data)
    assert ran.status == 5
    assert "E501" in ran.err
    assert not [value for value in PLANTED if value in ran.out + ran.err]


def test_a_column_policy_of_the_configuration_is_carried_out(deid, tmp_path):
    (tmp_path / "data").mkdir()
    rows = "\n".join(f"00417{i:02},{1950 + i}-02-03,A{i:05}X{i}9" for i in range(30))
    (tmp_path / "data" / "t.csv").write_text(f"mrn,dob,study_arm\n{rows}\n")
    (tmp_path / "phisweep.toml").write_text(
        '[columns."*.csv"]\n'
        'dob = { letter = "C", action = "redact" }\n'
        'study_arm = { action = "keep", reason = "drawn, not derived" }\n'
    )
    ran = deid("data", "--config", "phisweep.toml")
    assert ran.status == 0
    _, first, *_ = (tmp_path / "out" / "t.csv").read_text().splitlines()
    mrn, dob, arm = first.split(",")
    assert mrn.startswith("[MRN-")
    assert dob in ("", "[REMOVED]")
    assert arm == "A00000X09"


def test_an_error_in_an_option_is_told_before_the_data_are_read(deid, data):
    assert deid(data, "--key-env", "PHISWEEP_NO_SUCH").status == 4
    assert deid(data, "--policy", "no-such.yaml").status == 2
    assert deid("no-such-folder").status == 2


def test_an_internal_error_exits_70_and_leaves_nothing(deid, data, tmp_path, monkeypatch):
    def broken(*_, **__):
        raise ValueError(NOTE)

    monkeypatch.setattr("phisweep.runs.copying.write_record", broken)
    ran = deid(data)
    assert ran.status == 70
    assert not [value for value in PLANTED if value in ran.out + ran.err]
    assert [p.name for p in tmp_path.iterdir()] == ["data"]


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("jobs", [1, 2])
def test_an_interrupted_run_exits_130_and_leaves_neither_out_nor_staging(
    tmp_path, rules_folder, sign, jobs
):
    data = tmp_path / "data"
    data.mkdir()
    for i in range(4):
        (data / f"n{i}.txt").write_text(NOTE * 40_000)
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    program = (
        "import sys, pathlib, phisweep.ruleset.load as load\n"
        f"load.default_folder = lambda: pathlib.Path({str(rules_folder)!r})\n"
        "from phisweep.cli import main\n"
        "if __name__ == '__main__': main(sys.argv[1:])\n"
    )
    (tmp_path / "program.py").write_text(program)
    process = subprocess.Popen(
        [sys.executable, str(tmp_path / "program.py"), "deid", str(data), "-o",
         str(tmp_path / "out"), "--engine", "rules", "--jobs", str(jobs)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env={**os.environ, "TMPDIR": str(temporary)},
    )  # fmt: skip
    deadline = time.monotonic() + 60
    while not list(tmp_path.glob(".out.phisweep-*/.*.part")):
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < deadline
        time.sleep(0.01)
    process.send_signal(sign)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert err.strip() == "phisweep: interrupted; nothing half-written is left"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["data", "program.py", "tmp"]
    assert list(temporary.iterdir()) == []


def test_the_next_command_verifies_under_the_key_and_policy_of_the_run(deid, data, tmp_path):
    (tmp_path / "a key").write_text("a secret of sixteen bytes and more")
    (tmp_path / "a key").chmod(0o600)
    (tmp_path / "own.yaml").write_text("id: own\nextends: expert\nmethod: expert\ntitle: Ours\n")
    ran = deid(data, "--key-file", tmp_path / "a key", "--policy", tmp_path / "own.yaml")
    last = ran.out.splitlines()[-1]
    assert last.endswith(f"--profile {tmp_path}/own.yaml --key-file '{tmp_path}/a key'")

"""The gate and its baseline from the command line: quiet where all is known, closed where not."""

import json
import subprocess
from pathlib import Path

import pytest

NOTE = "Ms. Quillfeather, ssn 987-65-4320.\n"


@pytest.fixture
def repository(tmp_path):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "a.txt").write_text(NOTE)
    (tmp_path / "data" / "clean.txt").write_text("nothing\n")
    key = tmp_path / "key"
    key.write_bytes(b"k" * 32)
    key.chmod(0o600)
    return tmp_path


@pytest.fixture
def gate(run, repository, monkeypatch):
    for name in ("GITHUB_ACTIONS", "GITLAB_CI", "GITHUB_STEP_SUMMARY"):
        monkeypatch.delenv(name, raising=False)

    def gate_(*arguments, key=True):
        return run("gate", "data", *(("--key-file", "key") if key else ()), *arguments)

    gate_.baseline = lambda *arguments: run("baseline", *arguments, "data", "--key-file", "key")
    return gate_


def test_a_finding_closes_it_and_a_clean_folder_opens_it(gate, repository):
    assert gate().status == 1
    (repository / "data" / "a.txt").unlink()
    assert gate().status == 0


def test_what_is_not_read_closes_it(gate, repository):
    (repository / "data" / "a.txt").write_bytes(b"a\0b")
    assert gate().status == 3


def test_a_baseline_opens_it_and_a_new_finding_closes_it(gate, repository):
    assert gate.baseline("create").status == 0
    ran = gate()
    assert ran.status == 0
    assert "0 findings (2 baseline)" in ran.out
    (repository / "data" / "b.txt").write_text("Ms. Fernsby.\n")
    ran = gate()
    assert ran.status == 1
    assert "data/b.txt" in ran.out


def test_one_more_of_the_same_is_over_the_ceiling(gate, repository):
    gate.baseline("create")
    (repository / "data" / "a.txt").write_text(NOTE + NOTE)
    ran = gate()
    assert ran.status == 1
    assert "2 findings (2 baseline)" in ran.out


def test_another_value_in_the_same_place_is_not_known(gate, repository):
    gate.baseline("create")
    (repository / "data" / "a.txt").write_text(NOTE.replace("4320", "4321"))
    assert gate().status == 1


def test_without_the_key_entries_hold_while_the_file_is_the_same(gate, repository):
    gate.baseline("create")
    assert gate(key=False).status == 0
    (repository / "data" / "a.txt").write_text(NOTE.replace("4320", "4321"))
    ran = gate(key=False)
    assert ran.status == 1
    assert "its file has changed" in ran.out


def test_a_blob_is_called_as_git_calls_it(gate, repository):
    gate.baseline("create")
    made = json.loads((repository / ".phisweep-baseline.json").read_text())
    told = subprocess.run(
        ["git", "hash-object", "data/a.txt"],
        cwd=repository,
        capture_output=True,
        text=True,
        check=True,
    )
    assert made["blobs"] == {"data/a.txt": told.stdout.strip()}


def test_another_key_is_an_error_and_not_a_pass(gate, repository, run):
    gate.baseline("create")
    other = repository / "other"
    other.write_bytes(b"o" * 32)
    other.chmod(0o600)
    ran = run("gate", "data", "--key-file", "other")
    assert ran.status == 4
    assert "E425" in ran.err


def test_strict_fails_on_entries_that_nothing_has_any_more(gate, repository):
    gate.baseline("create")
    (repository / "data" / "a.txt").write_text("gone\n")
    assert gate().status == 0
    assert gate("--strict-baseline").status == 1
    assert gate.baseline("prune").status == 0
    assert gate("--strict-baseline").status == 0


def test_an_expired_entry_holds_no_more(gate, repository):
    gate.baseline("create")
    path = repository / ".phisweep-baseline.json"
    path.write_text(path.read_text().replace('"n": 1', '"n": 1, "expires": "2020-01-01"'))
    ran = gate()
    assert ran.status == 1
    assert "past its day" in ran.out


def test_update_keeps_reviews_and_adds_what_is_new(gate, repository):
    gate.baseline("create")
    path = repository / ".phisweep-baseline.json"
    text = path.read_text().replace('"unreviewed"', '"accepted", "reason": "specimen"', 1)
    path.write_text(text)
    (repository / "data" / "b.txt").write_text("Ms. Fernsby.\n")
    assert "1 new" in gate.baseline("update").out
    entries = json.loads(path.read_text())["entries"]
    assert [e.get("reason", "") for e in entries].count("specimen") == 1
    assert len(entries) == 3


def test_create_writes_over_nothing(gate):
    assert gate.baseline("create").status == 0
    ran = gate.baseline("create")
    assert (ran.status, "E184" in ran.err) == (2, True)


def test_a_baseline_wants_a_key_that_lasts(run, repository):
    ran = run("baseline", "create", "data")
    assert (ran.status, "E185" in ran.err) == (2, True)


def test_the_file_holds_no_value(gate, repository):
    gate.baseline("create")
    text = (repository / ".phisweep-baseline.json").read_text()
    assert "uillfeather" not in text
    assert "4320" not in text


def test_a_repository_of_which_all_is_known_passes_with_the_files_of_the_gate_in_it(
    run, repository
):
    subprocess.run(["git", "init", "-q"], cwd=repository, check=True)
    assert run("baseline", "create", ".", "--key-file", "key").status == 0
    assert run("gate", "--approve", "--key-file", "key").status == 0
    ran = run("gate", "--key-file", "key")
    assert (ran.status, "0 findings (2 baseline)" in ran.out) == (0, True)


def test_what_is_skipped_because_it_was_wanted_is_told_together(gate, repository):
    (repository / ".phisweepignore").write_text("*.tmp\n")
    for number in range(9):
        (repository / "data" / f"{number}.tmp").write_text(NOTE)
    told = gate().out
    names = "data/0.tmp, data/1.tmp, data/2.tmp and 6 more"
    assert f"skipped, ignored by .phisweepignore: {names}" in told
    assert "data/3.tmp" not in told


@pytest.mark.parametrize(
    ("variable", "sign"),
    [
        ("GITHUB_ACTIONS", "::error file=data/a.txt,line=1,col=5,title="),
        ("GITLAB_CI", '"check_name"'),
    ],
)
def test_it_speaks_as_the_ci_system_wants_it(gate, monkeypatch, variable, sign):
    monkeypatch.setenv(variable, "true")
    assert sign in gate().out


def test_the_summary_of_a_step_holds_the_table_by_letter_alone(gate, monkeypatch, repository):
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(repository / "summary.md"))
    gate()
    text = (repository / "summary.md").read_text()
    assert "| (G) |" in text
    assert "a.txt" not in text


# What else leaves out


def test_specimen_values_pass_the_gate_and_not_a_scan_nor_a_copy(gate, run, repository):
    (repository / "data" / "a.txt").write_text("Call 617-555-0123 or a@example.com\n")
    ran = gate()
    assert ran.status == 0
    assert "2 findings left out: kept for examples" in ran.out
    assert run("scan", "data", "--engine", "rules").status == 1
    assert run("scan", "data", "--engine", "rules", "--specimens", "allow").status == 0
    assert run("deid", "data", "-o", "out", "--engine", "rules").status == 0
    assert "0123" not in (repository / "out" / "a.txt").read_text()


def test_a_mark_in_a_line_leaves_out_what_stands_on_it(gate, repository):
    allowed = NOTE.strip() + '  # phisweep: allow ssn, name reason="invented for the manual"\n'
    (repository / "data" / "a.txt").write_text(allowed)
    ran = gate()
    assert ran.status == 0
    assert "2 findings left out: a mark in its line, invented for the manual" in ran.out
    (repository / "data" / "a.txt").write_text(allowed + NOTE)
    assert gate().status == 1


def test_a_mark_that_leaves_nothing_out_is_told(gate, repository):
    (repository / "data" / "a.txt").write_text(
        '# phisweep: allow ssn reason="not there any more"\n'
    )
    assert "leaves nothing out any more" in gate().out


@pytest.mark.parametrize(
    "mark", ["phisweep: allow", "phisweep: allow ssn", 'phisweep: allow all reason="x y"']
)
def test_a_bare_mark_is_an_error(gate, repository, mark):
    (repository / "data" / "a.txt").write_text(f"{NOTE.strip()} # {mark}\n")
    ran = gate()
    assert ran.status in (1, 3)
    assert "E270" in ran.out


def test_rules_by_path_leave_out_and_copies_do_not(gate, run, repository):
    (repository / "phisweep.toml").write_text(
        '[per-path-ignores]\n"data/*.txt" = ["ssn", "name"]\n'
    )
    ran = gate()
    assert ran.status == 0
    assert "the configuration, by path, data/*.txt" in ran.out
    assert run("deid", "data", "-o", "out", "--engine", "rules").status == 0
    assert "4320" not in (repository / "out" / "a.txt").read_text()


def test_what_leaves_nothing_out_any_more_is_told(gate, repository, run, monkeypatch):
    (repository / "phisweep.toml").write_text(
        '[per-path-ignores]\n"data/*.txt" = ["ssn"]\n"gone/**" = ["name"]\n'
    )
    monkeypatch.setattr("click.prompt", lambda *_, **__: "Fernsby")
    for reason, last in (("a street of ours", ""), ("a pilot", "2020-01-01")):
        options = ["--reason", reason, "--key-file", "key", "--expires", last]
        assert run("allow", "name", *options[: None if last else -2]).status == 0
    told = gate().err
    assert "per-path-ignores, gone/**: leaves nothing out any more" in told
    assert "data/*.txt" not in told
    assert ("past its day: a pilot" in told) is True
    assert "a street of ours: leaves nothing out" not in told or "Fernsby" not in told


def test_a_baseline_of_a_folder_above_is_not_used_and_that_is_told(gate, repository, monkeypatch):
    subprocess.run(["git", "init", "-q", repository], check=True)
    gate.baseline("create")
    (repository / "sub").mkdir()
    (repository / "data").rename(repository / "sub" / "data")
    monkeypatch.chdir(repository / "sub")
    ran = gate("--key-file", "../key", key=False)
    assert ran.status == 1
    assert "phisweep: ../.phisweep-baseline.json is that of another folder and not used" in ran.err
    (repository / "sub" / ".phisweep-baseline.json").write_bytes(
        (repository / ".phisweep-baseline.json").read_bytes()
    )
    ran = gate("--key-file", "../key", key=False)
    assert ran.status == 0
    assert "another folder" not in ran.err


def test_all_that_was_left_out_stands_in_every_report(gate, repository):
    gate.baseline("create")
    ran = gate("-o", "html:r.html", "-o", "md:r.md", "-o", "json:r.json")
    assert ran.status == 0
    for name in ("r.html", "r.md"):
        text = (repository / name).read_text()
        assert "Left out on purpose" in text
        assert "unreviewed" in text
        assert "1 finding left out on purpose." in text


def test_forty_thousand_findings_are_bounded_output(gate, repository):
    (repository / "data" / "a.txt").write_text(NOTE * 20_000)
    ran = gate()
    assert ran.status == 1
    assert len(ran.out.splitlines()) < 60
    assert gate.baseline("create").status == 0
    assert (repository / ".phisweep-baseline.json").stat().st_size < 2000
    assert gate().status == 0


def test_names_do_not_depend_on_what_else_is_given(run, repository):
    runs = [run("gate", path, "--format", "jsonl") for path in ("data", "data/a.txt", ".")]
    found = [{f["path"] for f in ran.findings} for ran in runs]
    assert found[0] == found[1] == {"data/a.txt"}
    assert Path("data/a.txt").exists()


# A single value


def test_an_allowed_value_is_asked_for_without_echo_and_stands_in_no_file(
    run, repository, monkeypatch
):
    monkeypatch.setattr("click.termui.hidden_prompt_func", lambda _: "987 65 4320")
    ran = run("allow", "ssn", "--reason", "of the manual", "--key-file", "key")
    assert (ran.status, "4320" in ran.out + ran.err) == (0, False)
    assert "4320" not in (repository / ".phisweep-allow.json").read_text()
    ran = run("gate", "data", "--key-file", "key", "--format", "jsonl")
    assert {f["identifier"] for f in ran.findings} == {"name"}
    assert {f["identifier"] for f in run("gate", "data", "--format", "jsonl").findings} == {
        "name",
        "ssn",
    }
    assert run("deid", "data", "-o", "out", "--engine", "rules", "--key-file", "key").status == 0
    assert "4320" not in (repository / "out" / "a.txt").read_text()


def test_a_list_of_another_key_and_what_is_none_are_errors(run, repository, monkeypatch):
    monkeypatch.setattr("click.termui.hidden_prompt_func", lambda _: "987 65 4320")
    assert run("allow", "ssn", "--reason", "x y z", "--key-file", "key").status == 0
    other = repository / "other"
    other.write_bytes(b"o" * 32)
    other.chmod(0o600)
    assert run("gate", "data", "--key-file", "other").status == 4
    assert run("allow", "ssn", "--reason", "it is 987 65 4320", "--key-file", "key").status == 2
    assert (
        run("allow", "ssn", "--reason", "why", "--expires", "soon", "--key-file", "key").status == 2
    )
    (repository / ".phisweep-allow.json").write_text("{}")
    assert run("gate", "data", "--key-file", "key").status == 2


def test_a_baseline_is_reviewed_on_a_terminal_where_alone_values_are_shown(
    gate, repository, on_terminal
):
    gate.baseline("create")
    before = (repository / ".phisweep-baseline.json").read_text()
    asked = ("baseline", "review", "data", "--key-file", "key", "--by", "reviewer")
    typed = "f\nan invented person\n2199-01-01\ns\n"
    status, seen = on_terminal(*asked, typed=typed)
    assert status == 0
    assert "987-65-4320" in seen or "Quillfeather" in seen
    assert "1 unreviewed" in seen
    after = (repository / ".phisweep-baseline.json").read_text()
    (entry,) = [e for e in json.loads(after)["entries"] if e["status"] == "false-positive"]
    assert (entry["reason"], entry["by"], entry["expires"]) == (
        "an invented person", "reviewer", "2199-01-01",
    )  # fmt: skip
    assert not [v for v in ("987-65-4320", "Quillfeather") if v in before + after]
    assert on_terminal(*asked, typed="q\n", CI="true")[0] == 2


def test_a_hundred_thousand_findings_are_told_in_bounded_words(run, tmp_path):
    rows = "".join(f"987-65-{n % 10000:04d}\n" for n in range(100_000))
    (tmp_path / "t.csv").write_text("ssn\n" + rows)
    (tmp_path / "n.txt").write_text("ssn 987-65-4320\n" * 2_000)
    for format_, most in (("text", 20_000), ("github", 20_000), ("sarif", 2_000_000)):
        ran = run("scan", ".", "--engine", "rules", "--format", format_)
        assert ran.status == 1
        assert len(ran.out) < most, format_

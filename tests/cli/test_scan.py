"""What `phisweep scan` promises on the command line."""

import json
import subprocess
import sys
from itertools import pairwise

import pytest

from phisweep.model import IDENTIFIERS, LETTERS
from phisweep.report.findings import KEYS

NOTE = "Seen 2024-03-04.\nMs. Quillfeather, MRN 0041776,\nssn 987-65-4320; call 617-555-0123.\n"
PLANTED = ["2024-03-04", "Quillfeather", "0041776", "987-65-4320", "617-555-0123"]


@pytest.fixture
def note(tmp_path):
    path = tmp_path / "note.txt"
    path.write_text(NOTE)
    return path


@pytest.mark.parametrize(
    ("text", "options", "status"),
    [
        ("nothing here\n", [], 0),
        ("", [], 0),
        (NOTE, [], 1),
        (NOTE, ["--fail-on", "none"], 0),
        (NOTE, ["--fail-on", "critical"], 1),
        ("STU-417768", [], 0),  # low, and medium is the least that counts
        ("STU-417768", ["--fail-on", "low"], 1),
        ("call 617-555-0123", ["--fail-on", "critical"], 0),
        ("call 617-555-0123", ["--fail-on", "high"], 1),
    ],
)
def test_the_exit_status_says_whether_something_at_or_above_fail_on_was_found(
    run, tmp_path, text, options, status
):
    (tmp_path / "x.txt").write_text(text)
    assert run("scan", "x.txt", "--engine", "rules", *options).status == status


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("before", ["", "Größe \U0001f600\n", "\ufeff"])
def test_start_and_end_cover_exactly_the_planted_value(scan, tmp_path, before, end):
    text = (before + NOTE).replace("\n", end)
    (tmp_path / "note.txt").write_bytes(text.encode())
    found = scan("note.txt").findings
    body = text.removeprefix("\ufeff")
    assert [body[f["start"] : f["end"]] for f in found] == PLANTED
    lines = body.split(end)
    assert [
        lines[f["line"] - 1][f["col"] - 1 :].startswith(p)
        for f, p in zip(found, PLANTED, strict=True)
    ]


def test_every_line_of_jsonl_has_all_keys_in_their_order_and_no_other(scan, note):
    ran = scan(note)
    assert ran.findings
    for line in ran.out.splitlines():
        entry = json.loads(line)
        assert tuple(entry) == KEYS
        assert entry["path"] == "note.txt"
        assert entry["letter"] == IDENTIFIERS[entry["identifier"]]
        assert isinstance(entry["explain"], list)
        assert not set(PLANTED) & {str(v) for v in entry.values()}


def test_findings_do_not_overlap(scan, tmp_path):
    (tmp_path / "x.txt").write_text("fax 617-555-0124 MRN 987654321 ssn 987654321 617-555-0124")
    found = scan("x.txt").findings
    assert [f["identifier"] for f in found] == ["fax", "mrn", "ssn", "phone"]
    assert all(a["end"] <= b["start"] for a, b in pairwise(found))


@pytest.mark.parametrize(
    ("options", "expect"),
    [
        (["--letter", "G"], ["ssn"]),
        (["--letter", "g", "--letter", "D"], ["ssn", "phone"]),
        (["--rule", "ssn"], ["ssn"]),
        (["--rule", "ssn/dashed"], ["ssn"]),
        (["--rule", "ssn/bare"], []),
        (["--rule", "ssn", "--letter", "A"], ["name", "ssn"]),
        (["--ignore-rule", "ssn"], ["date", "name", "mrn", "phone"]),
        (["--ignore-rule", "ssn/bare"], ["date", "name", "mrn", "ssn", "phone"]),
        (["--ignore-rule", "ssn/dashed"], ["date", "name", "mrn", "phone"]),
        (["--letter", "G", "--ignore-rule", "ssn"], []),
        (["--min-score", "0.91"], ["date", "name"]),
        (["--min-score", "1"], []),
    ],
)
def test_rules_letters_and_scores_choose_among_the_findings(scan, note, options, expect):
    ran = scan(note, *options)
    assert [f["identifier"] for f in ran.findings] == expect
    assert ran.status == bool(expect)


def test_a_choice_of_rules_holds_for_columns_too(scan, tmp_path):
    rows = "\n".join(f"{41776000 + i},617-555-01{i:02},x" for i in range(30))
    (tmp_path / "t.csv").write_text("mrn,phone,note\n" + rows + "\n")
    assert {f["identifier"] for f in scan("t.csv").findings} == {"mrn", "phone"}
    assert {f["identifier"] for f in scan("t.csv", "--rule", "phone").findings} == {"phone"}
    assert not scan("t.csv", "--min-score", "0.99").findings


def test_a_key_that_holds_phi_is_hidden_whatever_rules_were_asked_for(scan, tmp_path):
    data = {"987-65-4320": {"phone": "617-555-0123"}, "00417768": {"phone": "617-555-0124"}}
    (tmp_path / "x.json").write_text(json.dumps(data))
    for options in ([], ["--rule", "phone"], ["--min-score", "0.9"]):
        ran = scan("x.json", *options)
        assert len(ran.findings) >= 2
        assert "987-65-4320" not in ran.out
        assert "00417768" not in ran.out


def test_a_lower_score_finds_more(scan, tmp_path):
    (tmp_path / "x.txt").write_text("see WK123456")
    assert scan("x.txt").findings == []
    assert [f["rule"] for f in scan("x.txt", "--min-score", "0.3").findings] == ["other_id/weak"]


@pytest.mark.parametrize(
    "arguments",
    [
        ["scan"],
        ["scan", "note.txt", "--nonsense"],
        ["scan", "note.txt", "--format", "nonsense"],
        ["scan", "note.txt", "--profile", "nonsense"],
        ["scan", "note.txt", "--engine", "nonsense"],
        ["scan", "note.txt", "--fail-on", "nonsense"],
        ["scan", "note.txt", "--on-skip", "nonsense"],
        ["scan", "note.txt", "--letter", "S"],
        ["scan", "note.txt", "--rule", "nonsense"],
        ["scan", "note.txt", "--rule", "ssn/nonsense"],
        ["scan", "note.txt", "--ignore-rule", "ssn/dashd"],
        ["scan", "note.txt", "--min-score", "1.5"],
        ["scan", "note.txt", "--jobs", "0"],
        ["scan", "note.txt", "--reference-date", "20xx"],
        ["scan", "note.txt", "--reference-date", "2026nonsense"],
        ["scan", "note.txt", "-o", "jsonl"],
        ["scan", "note.txt", "-o", "nonsense:x"],
        ["scan", "note.txt", "-o", "jsonl:no/such/folder/x"],
        ["scan", "note.txt", "--config", "no-such.toml"],
        ["scan", "note.txt", "--key-env", "A", "--key-file", "B"],
        ["scan", "no-such-file"],
        ["scan", "*.nothing"],
        ["nonsense"],
    ],
)
def test_what_cannot_be_followed_exits_2_and_says_why(run, note, arguments):
    ran = run(*arguments)
    assert ran.status == 2
    assert ran.err.startswith("phisweep: error[E1")
    assert "Traceback" not in ran.err
    assert ran.out == ""


def test_a_misspelt_rule_is_told_the_right_one(run, note):
    assert "ssn/dashed" in run("scan", note, "--rule", "ssn/dashd").err


@pytest.mark.parametrize("name", ["PHISWEEP_NO_SUCH_KEY"])
def test_a_missing_key_exits_4(run, note, name):
    ran = run("scan", note, "--key-env", name)
    assert ran.status == 4
    assert name in ran.err
    assert run("scan", note, "--key-file", "no-such-key").status == 4


def test_a_short_key_exits_4_and_one_that_others_can_read_exits_2(run, note, tmp_path, key_file):
    (tmp_path / "short").write_text("short")
    (tmp_path / "short").chmod(0o600)
    assert run("scan", note, "--key-file", "short").status == 4
    key_file.chmod(0o640)
    ran = run("scan", note, "--key-file", key_file)
    assert ran.status == 2
    assert "E103" in ran.err


def test_one_key_gives_one_fingerprint_and_another_key_another(scan, note, key_file):
    first, again = (scan(note, "--key-file", key_file).out for _ in range(2))
    assert first == again
    drawn = {f["fingerprint"] for f in scan(note).findings}
    assert not drawn & {json.loads(line)["fingerprint"] for line in first.splitlines()}


def test_include_and_exclude_choose_files_and_named_files_too(scan, tmp_path):
    for name in ("a.txt", "b.txt", "sub/c.txt", "sub/d.log"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("ssn 987-65-4320")

    def paths(*options):
        return [f["path"] for f in scan(".", *options).findings]

    assert paths() == ["a.txt", "b.txt", "sub/c.txt", "sub/d.log"]
    assert paths("--include", "*.txt") == ["a.txt", "b.txt", "sub/c.txt"]
    assert paths("--exclude", "sub/") == ["a.txt", "b.txt"]
    assert paths("--include", "*.txt", "--exclude", "b.*") == ["a.txt", "sub/c.txt"]
    assert scan("a.txt", "b.txt", "--exclude", "b.txt").spans()[0][0] == "a.txt"


@pytest.mark.parametrize(
    ("on_skip", "status"), [(None, 3), ("fail", 3), ("warn", 0), ("ignore", 0)]
)
def test_on_skip_says_what_an_unknown_kind_of_file_means(run, tmp_path, on_skip, status):
    (tmp_path / "x.bin").write_bytes(bytes(range(256)) * 8)
    (tmp_path / "x.txt").write_text("nothing")
    options = ["--on-skip", on_skip] if on_skip else []
    ran = run("scan", ".", "--engine", "rules", *options)
    assert ran.status == status
    assert "x.bin" in ran.out


def test_a_file_over_the_limit_is_incomplete(run, note):
    ran = run("scan", note, "--engine", "rules", "--max-file-size", 10)
    assert ran.status == 3
    assert "larger than 10 bytes" in ran.out


def test_findings_outweigh_what_could_not_be_read(run, tmp_path):
    (tmp_path / "a.txt").write_text(NOTE)
    (tmp_path / "b.json").write_text('{"a": ')
    ran = run("scan", ".", "--engine", "rules", "--format", "json")
    assert ran.status == 1
    assert json.loads(ran.out)["incomplete"] is True


def test_standard_input_is_read_and_named_so(scan):
    ran = scan("-", stdin=NOTE.encode())
    assert [NOTE[f["start"] : f["end"]] for f in ran.findings] == PLANTED
    assert {f["path"] for f in ran.findings} == {"standard input"}
    assert scan("-", stdin=b"nothing").status == 0


def test_renderings_go_to_every_file_named_and_to_nobody_else(run, note, tmp_path):
    ran = run("scan", note, "--engine", "rules", "-o", "jsonl:a.jsonl", "-o", "sarif:b.sarif")
    assert ran.status == 1
    assert ran.out == ""
    assert len((tmp_path / "a.jsonl").read_text().splitlines()) == len(PLANTED)
    assert json.loads((tmp_path / "b.sarif").read_text())["version"] == "2.1.0"
    for name in ("a.jsonl", "b.sarif"):
        assert (tmp_path / name).stat().st_mode & 0o777 == 0o600
    both = run("scan", note, "--engine", "rules", "-o", "jsonl:c.jsonl", "--format", "json")
    assert json.loads(both.out)["findings"]
    assert (tmp_path / "c.jsonl").exists()


def test_a_rendering_is_never_written_over_the_data(run, note):
    for path in (note, "note.txt"):
        ran = run("scan", ".", "--engine", "rules", "-o", f"text:{path}")
        assert ran.status == 2
    assert note.read_text() == NOTE


@pytest.mark.parametrize(
    "format_", ["text", "json", "jsonl", "sarif", "junit", "github", "gitlab", "md", "html", "csv"]
)
def test_every_format_renders_and_none_holds_a_value(run, note, format_):
    ran = run("scan", note, "--engine", "rules", "--format", format_)
    assert ran.status == 1
    assert ran.out
    assert not [value for value in PLANTED if value in ran.out]


def test_the_json_document_counts_every_letter(run, note):
    document = json.loads(run("scan", note, "--engine", "rules", "--format", "json").out)
    assert tuple(document["letters"]) == LETTERS
    assert document["letters"]["G"]["count"] == 1
    assert document["letters"]["Q"]["count"] == 0
    assert document["files"][0]["status"] == "changed"
    assert len(document["files"][0]["sha256"]) == 64


def test_two_processes_say_what_one_says(scan, tmp_path, key_file, monkeypatch):
    monkeypatch.setattr("phisweep.runs.working.WORTH_PROCESSES", 0)
    for i in range(4):
        (tmp_path / f"n{i}.txt").write_text(NOTE * (i + 1))
    (tmp_path / "bad.json").write_text("[1,")
    one, two = (scan(".", "--key-file", key_file, "--jobs", n) for n in (1, 2))
    assert one.findings
    assert (one.out, one.status) == (two.out, two.status)


def test_reveal_is_refused_in_a_pipe_and_with_a_file(run, note):
    for options in ([], ["-o", "text:x.txt"], ["--format", "jsonl"]):
        ran = run("scan", note, "--reveal", *options)
        assert ran.status == 2
        assert "E119" in ran.err
        assert ran.out == ""


@pytest.mark.parametrize(("ci", "status"), [({}, 1), ({"CI": "true"}, 2)])
def test_reveal_shows_values_on_a_terminal_outside_ci_alone(note, on_terminal, ci, status):
    ended, seen = on_terminal("scan", note, "--engine", "rules", "--reveal", **ci)
    assert ended == status
    assert ("987-65-4320" in seen) == (status == 1)


def test_a_name_with_phi_is_shown_as_a_code_in_a_pipe(run, scan, tmp_path):
    (tmp_path / "Ms. Quillfeather 987-65-4320.txt").write_text("seen 2024-03-04")
    ran = scan(".")
    name, content = [f for f in ran.findings if f["where"] == "filename"], ran.findings[-1]
    assert {f["identifier"] for f in name} == {"name", "ssn"}
    assert content["identifier"] == "date"
    for format_ in ("text", "jsonl", "json", "sarif", "html", "junit"):
        out = run("scan", ".", "--engine", "rules", "--format", format_).out
        assert "Quillfeather" not in out
        assert "987-65-4320" not in out
        assert "SSN-" in out


def test_column_names_with_phi_are_found_and_not_repeated(scan, tmp_path):
    (tmp_path / "t.csv").write_text("id,ssn 987-65-4320,note\n1,x,call 617-555-0123\n2,y,z\n")
    ran = scan("t.csv")
    assert {(f["identifier"], f["where"]) for f in ran.findings} >= {("ssn", "header, column 2")}
    assert "987-65-4320" not in ran.out


def test_the_data_are_not_touched(scan, note):
    before = note.stat()
    scan(note)
    assert (note.read_text(), note.stat().st_mtime_ns) == (NOTE, before.st_mtime_ns)
    assert [p.name for p in note.parent.iterdir()] == ["note.txt"]


def test_an_internal_error_of_a_document_makes_it_incomplete_and_is_value_free(
    scan, tmp_path, monkeypatch
):
    def broken(_, block):
        raise ValueError(block.text)

    monkeypatch.setattr("phisweep.detect.detector.Detector.find", broken)
    (tmp_path / "n.txt").write_text(NOTE)
    monkeypatch.setattr("phisweep.naming.Naming.shown", lambda _self, name: name)
    ran = scan("n.txt")
    assert ran.status == 3
    assert "987-65-4320" not in ran.out + ran.err


def test_an_internal_error_exits_70_without_its_message(run, note, monkeypatch):
    def broken(*_, **__):
        raise ValueError(NOTE)

    monkeypatch.setattr("phisweep.cli._searching.record_of", broken)
    ran = run("scan", note, "--engine", "rules")
    assert ran.status == 70
    assert ran.err.startswith("phisweep: error[E700]: ValueError at ")
    assert "Traceback" not in ran.err
    assert not [value for value in PLANTED if value in ran.out + ran.err]


def test_an_interrupted_scan_exits_130(run, note, monkeypatch):
    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr("phisweep.cli._searching.scan", interrupted)
    assert run("scan", note).status == 130


def test_the_environment_and_options_go_over_the_file(run, scan, note, tmp_path, monkeypatch):
    (tmp_path / "phisweep.toml").write_text('fail-on = "none"\nengine = "rules"\n')
    assert run("scan", note).status == 0
    assert run("scan", note, "--fail-on", "high").status == 1
    (tmp_path / "other.toml").write_text('fail-on = "high"\nengine = "rules"\n')
    monkeypatch.setenv("PHISWEEP_CONFIG", "other.toml")
    assert run("scan", note).status == 1


def test_paths_of_the_configuration_are_read_where_none_is_given(run, tmp_path):
    (tmp_path / "phisweep.toml").write_text('paths = ["data"]\nengine = "rules"\n')
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "n.txt").write_text(NOTE)
    assert run("scan").status == 1


def test_help_and_version_exit_0(run):
    assert run("--help").status == 0
    assert run("scan", "--help").status == 0
    assert run("--version").status == 0


def test_a_real_process_keeps_the_contract(note):
    done = subprocess.run(
        [sys.executable, "-m", "phisweep", "scan", str(note), "--engine", "rules", "--format", "jsonl"],
        capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert done.returncode == 1
    assert done.stderr == ""
    spans = [json.loads(line) for line in done.stdout.splitlines()]
    assert {NOTE[f["start"] : f["end"]] for f in spans} >= set(PLANTED)

"""What `phisweep verify` promises: what was released is what the report says, and clean."""

import json

import pytest

NOTE = "Seen 2024-03-04.\nMs. Quillfeather, MRN 0041776,\nssn 987-65-4320; call 617-555-0123.\n"


@pytest.fixture
def release(deid, made_once, tmp_path, key_file):
    """A release with a kept key."""

    def make():
        (tmp_path / "data").mkdir()
        (tmp_path / "data" / "note.txt").write_text(NOTE)
        (tmp_path / "data" / "other.txt").write_text("nothing here\n")
        assert deid("data", "--key-file", key_file).status == 0

    made_once(make)
    return tmp_path / "out"


@pytest.fixture
def verify(run, release):
    return lambda *options: run("verify", release, "--engine", "rules", *options)


def test_an_untouched_release_is_verified(verify):
    ran = verify()
    assert ran.status == 0
    assert "2 files checked" in ran.out
    assert ran.out.endswith("verified\n")
    assert "NOT" not in ran.out


def test_a_changed_byte_is_named(verify, release):
    path = release / "note.txt"
    path.write_bytes(path.read_bytes().replace(b"call", b"Call"))
    ran = verify()
    assert ran.status == 5
    assert "note.txt: its SHA-256 is not the one that was written" in ran.out


def test_a_missing_copy_is_named(verify, release):
    (release / "note.txt").unlink()
    ran = verify()
    assert ran.status == 5
    assert "note.txt: is missing" in ran.out


def test_an_added_file_is_told_and_its_name_is_not(verify, release):
    (release / "Ms. Quillfeather.txt").write_text("x")
    ran = verify()
    assert ran.status == 5
    assert "1 file is there that no report lists" in ran.out
    assert "Quillfeather" not in ran.out


def test_phi_put_back_is_found_and_not_repeated(verify, release):
    path = release / "other.txt"
    path.write_text("nothing here\nssn 987-65-4321\n")
    ran = verify()
    assert ran.status == 5
    assert "other.txt: 2:5: (G) ssn/dashed" in ran.out
    assert "987-65" not in ran.out


def test_removed_values_are_looked_for_with_the_key_of_the_run(verify, release, key_file):
    (release / "other.txt").write_text("as Quillfeather told, room 0041776\n")
    assert "known-value" not in verify().out
    ran = verify("--key-file", key_file)
    assert ran.status == 5
    assert "(A) name/known-value" in ran.out
    assert "(H) mrn/known-value" in ran.out
    assert "removed values looked for" in ran.out


def test_without_the_key_it_says_that_removed_values_were_not_looked_for(verify):
    assert "removed values were not looked for" in verify().out


def test_fingerprints_of_removed_values_say_nothing_without_the_key(release):
    data = (release / "phisweep-report" / "removed-values.npz").read_bytes()
    assert b"Quillfeather" not in data
    assert b"0041776" not in data


@pytest.mark.parametrize("what", ["no report", "broken report", "no folder"])
def test_what_is_no_release_is_a_usage_error(run, tmp_path, what):
    out = tmp_path / "x"
    if what != "no folder":
        (out / "phisweep-report").mkdir(parents=True)
    if what == "broken report":
        (out / "phisweep-report" / "run.json").write_text("{")
    ran = run("verify", out, "--engine", "rules")
    assert ran.status == 2
    assert "Traceback" not in ran.err
    assert ran.err.startswith("phisweep: error[E")


def test_a_release_is_checked_under_the_policy_that_it_was_made_under(deid, run, tmp_path):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "note.txt").write_text(NOTE)
    assert deid("data", "--profile", "limited-data-set").status == 0
    assert "2024-03-04" in (tmp_path / "out" / "note.txt").read_text()
    assert run("verify", "out", "--engine", "rules").status == 0
    strict = run("verify", "out", "--engine", "rules", "--profile", "safe-harbor")
    assert strict.status == 5
    assert "limited-data-set" in strict.out


def test_an_incomplete_file_has_no_copy_to_verify(deid, run, tmp_path):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "note.txt").write_text(NOTE)
    (tmp_path / "data" / "bad.json").write_text("[1")
    assert deid("data").status == 3
    assert run("verify", "out", "--engine", "rules").status == 0
    listed = json.loads((tmp_path / "out" / "phisweep-report" / "run.json").read_text())["files"]
    assert [f["status"] for f in listed] == ["incomplete", "changed"]


# The report itself, by its chain of custody


def test_a_report_that_is_not_signed_says_so(verify):
    assert "nothing in custody.jsonl is signed" in " ".join(verify().out.split())


@pytest.mark.parametrize("name", ["report.html", "report.md", "run.json", "removed-values.npz"])
def test_a_changed_byte_of_the_report_is_named(verify, release, key_file, name):
    path = release / "phisweep-report" / name
    data = path.read_bytes()
    path.write_bytes(data[:-9] + bytes([data[-9] ^ 1]) + data[-8:])
    for options in ((), ("--key-file", key_file), ("--no-rescan",)):
        ran = verify(*options)
        assert ran.status == 5, options
        assert f"problem: {name}: is not as the last line of custody.jsonl says" in ran.out


def test_a_record_that_cannot_be_read_any_more_is_named_too(verify, release):
    (release / "phisweep-report" / "run.json").write_text("{")
    ran = verify()
    assert ran.status == 5
    assert "problem: run.json: is not as" in ran.out
    assert "0 files checked" in ran.out


def test_a_report_that_lost_its_chain_is_told(verify, release):
    (release / "phisweep-report" / "custody.jsonl").unlink()
    ran = verify()
    assert ran.status == 5
    assert "problem: custody.jsonl: is missing" in ran.out


def test_a_release_of_an_earlier_version_verifies_with_a_note(verify, release):
    report = release / "phisweep-report"
    (report / "custody.jsonl").unlink()
    record = json.loads((report / "run.json").read_text())
    del record["custody"]["chain"]
    (report / "run.json").write_text(json.dumps(record))
    ran = verify()
    assert ran.status == 0
    assert "note: custody.jsonl: there is none: the report is of an earlier version" in ran.out


def test_a_record_of_a_newer_schema_is_told_as_such(verify, release):
    report = release / "phisweep-report"
    (report / "custody.jsonl").unlink()
    record = json.loads((report / "run.json").read_text()) | {"schema": "phisweep-run/9"}
    (report / "run.json").write_text(json.dumps(record))
    ran = verify()
    assert ran.status == 2
    assert "phisweep-run/9" in ran.err


def test_a_companion_of_another_run_is_told(verify, release):
    report = release / "phisweep-report"
    (report / "review.json").write_text('{"schema": "phisweep-review/9"}')
    ran = verify()
    assert ran.status == 5
    assert "problem: review.json: " in ran.out


def test_signed_with_a_key_that_is_trusted(deid, run, tmp_path):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "note.txt").write_text(NOTE)
    for name in ("site", "other"):
        assert run("keygen", f"{name}.key").status == 0
    assert deid("data", "--sign-key", "site.key").status == 0
    ran = run("verify", "out", "--engine", "rules", "--public-key", "site.key.pub")
    assert ran.status == 0
    assert "note: signed: ed25519:" in ran.out
    ran = run("verify", "out", "--engine", "rules", "--public-key", "other.key.pub")
    assert ran.status == 5
    assert "no line is signed by a key that was given" in ran.out
    assert run("verify", "out", "--public-key", "site.key").status == 4
    assert run("verify", "out", "--public-key", "none.pub").status == 4


def test_a_key_that_cannot_sign_stops_the_run_before_a_file_is_read(deid, tmp_path):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "note.txt").write_text(NOTE)
    assert deid("data", "--sign-key", "no.key").status == 4
    assert not (tmp_path / "out").exists()
    assert deid("data", "--passphrase-env", "X").status == 2


def test_only_digests_are_checked_where_that_is_asked_for(verify, release):
    ran = verify("--no-rescan")
    assert ran.status == 0
    assert "2 files checked (hashes); verified" in ran.out
    (release / "note.txt").write_text("x")
    ran = verify("--no-rescan")
    assert ran.status == 5
    assert "note.txt: its SHA-256 is not the one that was written" in ran.out

"""What `phisweep vault` promises: nothing is shown before it is recorded, and nothing by accident."""

import hashlib
import json
import stat
import sys

import pytest

from phisweep import marks
from phisweep.keys import key_from_file
from phisweep.transform.vault import Vault

WHO = ("--who", "Dr. Officer", "--reason", "recall of a device")


@pytest.fixture
def vault(run, tmp_path, key_file):
    """The path of a vault that the command made."""
    path = tmp_path / "site.vault"
    assert run("vault", "init", path, "--key-file", key_file).status == 0
    return path


@pytest.fixture
def codes(vault, key_file):
    """A code of the vault for each of some values; `Marlow` stands for a name."""
    with Vault.open(vault, key_from_file(key_file)) as opened:
        opened.remember("name", "Quillfeather", "Marlow")
        return {v: opened.code("mrn", v) for v in ("0012345", "0041776", "Zoë\tÜnlü")}


@pytest.fixture
def reidentify(run, vault, key_file):
    return lambda *arguments: run(
        "vault", "reidentify", vault, *arguments, "--key-file", key_file, *WHO
    )


@pytest.fixture
def terminal(monkeypatch, run):
    """Make standard output a terminal, for as long as the command runs."""

    def on_terminal():
        monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)

    return on_terminal


def audit(vault):
    path = vault.with_name("site.vault.audit.jsonl")
    if not path.exists():
        return []
    return [json.loads(line) for line in path.read_text().splitlines()]


def test_init_makes_a_vault_of_its_owners_and_never_overwrites_one(run, vault, key_file):
    assert stat.S_IMODE(vault.stat().st_mode) == 0o600
    before = vault.read_bytes()
    again = run("vault", "init", vault, "--key-file", key_file)
    assert again.status == 2
    assert "E140" in again.err
    assert vault.read_bytes() == before


@pytest.mark.parametrize("what", ["init", "reidentify", "rotate"])
def test_a_key_is_asked_for(run, vault, what):
    more = {"reidentify": ("x", "--out", "o", *WHO), "rotate": ("--new-key-file", "n")}
    ran = run("vault", what, vault, *more.get(what, ()))
    assert ran.status == 2
    assert "--key-file or --key-env is needed" in ran.err


def test_the_key_may_come_from_the_environment(run, tmp_path, monkeypatch):
    monkeypatch.setenv("SITE_KEY", "a secret that is long enough")
    assert run("vault", "init", tmp_path / "v", "--key-env", "SITE_KEY").status == 0
    monkeypatch.setenv("SITE_KEY", "short")
    ran = run("vault", "show", tmp_path / "v", "--key-env", "SITE_KEY")
    assert ran.status == 4
    assert "E403" in ran.err


@pytest.mark.parametrize("what", ["init", "reidentify", "rotate", "new"])
def test_a_key_beside_the_vault_is_refused(run, tmp_path, vault, key_file, what):
    near = tmp_path / "near.key"
    near.write_text("another secret that is long enough")
    near.chmod(0o600)
    arguments = {
        "init": ("init", tmp_path / "other", "--key-file", near),
        "reidentify": ("reidentify", vault, "x", "--key-file", near, "--out", "o", *WHO),
        "rotate": ("rotate", vault, "--key-file", near, "--new-key-file", key_file),
        "new": ("rotate", vault, "--key-file", key_file, "--new-key-file", near),
    }[what]
    ran = run("vault", *arguments)
    assert ran.status == 2
    assert "E141" in ran.err
    assert not (tmp_path / "other").exists()


def test_on_a_terminal_originals_are_shown_and_recorded(vault, reidentify, codes, terminal):
    terminal()
    ran = reidentify(codes["0012345"], codes["0041776"].strip("[]"), "Marlow", "Thornbury")
    assert ran.status == 0
    assert ran.out.splitlines() == [
        f"{codes['0012345']}  mrn  0012345",
        f"{codes['0041776'].strip('[]')}  mrn  0041776",
        "Marlow  name  Quillfeather",
        "Thornbury  not in this vault",
    ]
    assert "4 asked, 3 found" in ran.err
    (entry,) = audit(vault)
    assert (entry["asked"], entry["found"], entry["who"]) == (4, 3, "Dr. Officer")
    assert entry["reason"] == "recall of a device"
    assert entry["sha256_in"] == entry["hmac_sha256_out"] == ""


def test_what_a_terminal_would_act_on_is_written_as_an_escape(reidentify, codes, terminal):
    terminal()
    assert "Zoë\\x09Ünlü" in reidentify(codes["Zoë\tÜnlü"]).out


@pytest.mark.parametrize("where", ["a pipe", "CI"])
def test_nothing_is_shown_where_no_person_reads(
    vault, reidentify, codes, terminal, monkeypatch, where
):
    if where == "CI":
        monkeypatch.setenv("CI", "1")
        terminal()
    ran = reidentify(codes["0012345"])
    assert ran.status == 2
    assert "E143" in ran.err
    assert "0012345" not in ran.out + ran.err
    assert audit(vault) == []


def test_originals_go_into_a_new_file_of_its_owners(vault, reidentify, codes, tmp_path):
    out = tmp_path / "answers.jsonl"
    ran = reidentify(codes["0012345"], "Marlow", "Thornbury", "--out", out)
    assert ran.status == 0
    assert ran.out == ""
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    assert [json.loads(line) for line in out.read_text().splitlines()] == [
        {"asked": codes["0012345"], "originals": [{"identifier": "mrn", "text": "0012345"}]},
        {"asked": "Marlow", "originals": [{"identifier": "name", "text": "Quillfeather"}]},
        {"asked": "Thornbury", "originals": []},
    ]
    assert (audit(vault)[0]["asked"], audit(vault)[0]["found"]) == (3, 2)


def test_a_file_is_copied_with_its_originals_and_nothing_else_changes(
    vault, reidentify, codes, tmp_path, key_file
):
    one, two = codes["0012345"], codes["0041776"]
    unknown = "[MRN-BBBBBBBBBB]"
    pattern = "\ufeffid,note\r\n{},saw {} é\n\x0b\u2028{},[NAME] [MRN-{}\n\nlast {}"
    source, out = tmp_path / "in.csv", tmp_path / "out.csv"
    source.write_bytes(pattern.format(one, two, one, "BCD", unknown).encode())
    ran = reidentify("--in", source, "--out", out)
    assert ran.status == 0
    expected = pattern.format("0012345", "0041776", "0012345", "BCD", unknown).encode()
    assert out.read_bytes() == expected
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    (entry,) = audit(vault)
    assert (entry["asked"], entry["found"]) == (4, 3)
    assert entry["sha256_in"] == hashlib.sha256(source.read_bytes()).hexdigest()
    with Vault.open(vault, key_from_file(key_file)) as opened:
        digest = opened.digester()
    digest.update(expected)
    assert entry["hmac_sha256_out"] == digest.hexdigest()
    assert hashlib.sha256(expected).hexdigest() not in json.dumps(entry)


@pytest.mark.parametrize("asked", ["a file", "codes"])
def test_a_file_that_is_there_is_never_overwritten(vault, reidentify, codes, tmp_path, asked):
    source = tmp_path / "in.txt"
    source.write_text(codes["0012345"])
    arguments = ("--in", source, "--out", source) if asked == "a file" else ("x", "--out", source)
    ran = reidentify(*arguments)
    assert ran.status == 2
    assert "E140" in ran.err
    assert source.read_text() == codes["0012345"]
    assert audit(vault) == []


@pytest.mark.parametrize(
    ("content", "why"),
    [(None, "No such file"), (b"ab\n\xff Quillfeather", "byte 3 is not UTF-8")],
)
def test_a_file_that_cannot_be_read_leaves_nothing(vault, reidentify, tmp_path, content, why):
    if content:
        (tmp_path / "in.txt").write_bytes(content)
    ran = reidentify("--in", tmp_path / "in.txt", "--out", tmp_path / "out.txt")
    assert ran.status == 2
    assert "E144" in ran.err
    assert why in ran.err
    assert "Quillfeather" not in ran.err
    assert not (tmp_path / "out.txt").exists()
    assert audit(vault) == []


def test_a_file_that_changes_while_it_is_read_is_not_handed_out(
    vault, reidentify, codes, tmp_path, monkeypatch
):
    source, out = tmp_path / "in.txt", tmp_path / "out.txt"
    source.write_text("one")
    done = []

    def record(*_):
        source.write_text(codes["0012345"])
        done.append(out.read_bytes())

    monkeypatch.setattr("phisweep.transform.vault.reidentify.record", record)
    ran = reidentify("--in", source, "--out", out)
    assert ran.status == 2
    assert "it changed while it was read" in ran.err
    assert not out.exists()
    assert done == [b""]  # nothing was written before the audit was


@pytest.mark.parametrize("how", ["terminal", "file", "in"])
def test_without_its_audit_nothing_is_shown(vault, reidentify, codes, terminal, tmp_path, how):
    vault.with_name("site.vault.audit.jsonl").mkdir()
    out = tmp_path / "out.txt"
    (tmp_path / "in.txt").write_text(codes["0012345"])
    terminal()
    more = {
        "file": (codes["0012345"], "--out", out),
        "in": ("--in", tmp_path / "in.txt", "--out", out),
    }
    ran = reidentify(*more.get(how, (codes["0012345"],)))
    assert ran.status == 4
    assert "E439" in ran.err
    assert "0012345" not in ran.out + ran.err
    assert not out.exists()


@pytest.mark.parametrize("option", ["--who", "--reason"])
def test_a_value_in_the_reason_is_refused(run, vault, codes, key_file, terminal, tmp_path, option):
    terminal()
    given = {"--who": "Dr. Officer", "--reason": "recall"} | {option: "for QUILL-FEATHER"}
    words = [word for pair in given.items() for word in pair]
    (tmp_path / "in.txt").write_text("x")
    ran = run("vault", "reidentify", vault, "Marlow", "--key-file", key_file, *words)
    assert ran.status == 2
    assert "E142" in ran.err
    assert "uill" not in ran.out + ran.err
    assert audit(vault) == []


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("x", "--in", "y", "--out", "z"),
        ("--in", "y"),
        ("x", "--out", "z", "--who", " "),
        ("x", "--out", "z", "--reason", ""),
    ],
)
def test_what_is_not_understood_is_a_usage_error(run, vault, key_file, arguments):
    ran = run("vault", "reidentify", vault, "--key-file", key_file, *WHO, *arguments)
    assert ran.status == 2
    assert ran.err.startswith("phisweep: error[E100]")
    assert audit(vault) == []


@pytest.mark.parametrize("missing", ["--who", "--reason"])
def test_who_and_why_must_be_said(run, vault, key_file, missing):
    given = {"--who": "w", "--reason": "r", "--out": "z", "--key-file": key_file}
    del given[missing]
    ran = run("vault", "reidentify", vault, "x", *[word for pair in given.items() for word in pair])
    assert ran.status == 2
    assert missing in ran.err


def test_rotation_changes_the_key_and_no_code(run, vault, codes, key_file, tmp_path_factory):
    new = tmp_path_factory.mktemp("new") / "new.key"
    new.write_text("another secret that is long enough")
    new.chmod(0o600)
    same = run("vault", "rotate", vault, "--key-file", key_file, "--new-key-file", key_file)
    assert same.status == 2
    assert run("vault", "rotate", vault, "--key-file", key_file, "--new-key-file", new).status == 0
    old = run("vault", "show", vault, "--key-file", key_file)
    assert old.status == 4
    assert "E435" in old.err
    with Vault.open(vault, key_from_file(new)) as opened:
        assert {value: opened.code("mrn", value) for value in codes} == codes
    assert "rotated 2" in run("vault", "show", vault).out


def test_show_needs_the_key_only_to_count_by_identifier(
    run, vault, reidentify, codes, key_file, tmp_path
):
    for number in range(12):
        reidentify(codes["0012345"], "--out", tmp_path / f"o{number}")
    plain = run("vault", "show", vault)
    assert plain.status == 0
    assert key_from_file(key_file).key_id in plain.out
    assert "codes                 3" in plain.out
    assert "mrn" not in plain.out
    assert "re-identifications: 12" in plain.out
    assert plain.out.count("Dr. Officer: 1 of 1 found") == 10
    full = run("vault", "show", vault, "--key-file", key_file)
    assert "  mrn                 3" in full.out
    assert "  name                1" in full.out
    for shown in (plain, full):
        assert not any(value in shown.out + shown.err for value in ("0012345", "Quillfeather"))


@pytest.mark.parametrize("what", ["show", "reidentify"])
def test_what_is_no_vault_exits_4(run, tmp_path, key_file, what):
    (tmp_path / "note.txt").write_text("Quillfeather")
    more = (
        ("x", "--out", tmp_path / "o", *WHO, "--key-file", key_file) if what == "reidentify" else ()
    )
    for path, code in ((tmp_path / "note.txt", "E433"), (tmp_path / "gone", "E432")):
        ran = run("vault", what, path, *more)
        assert ran.status == 4
        assert code in ran.err
        assert "Quillfeather" not in ran.err


def test_codes_of_the_vault_are_marks(codes):
    assert all(marks.is_code(code) for code in codes.values())

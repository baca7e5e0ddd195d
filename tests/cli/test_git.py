"""What git knows: the index is read and not the work tree, and a pointer is not what it stands for."""

import hashlib
import json
import os
import subprocess

import pytest

from phisweep.naming import Naming

NOTE = "Ms. Quillfeather, ssn 987-65-4320.\n"
LFS = "version https://git-lfs.github.com/spec/v1\noid sha256:{}\nsize {}\n"


@pytest.fixture
def git(tmp_path, run):
    def git_(*arguments):
        done = subprocess.run(
            ["git", "-c", "user.name=t", "-c", "user.email=t@example.com", *arguments],
            cwd=tmp_path, capture_output=True, check=True,
        )  # fmt: skip
        return done.stdout

    git_("init", "-qb", "main")
    return git_


@pytest.fixture
def scan(run):
    return lambda *arguments: run("scan", "--engine", "rules", *arguments)


def test_what_is_staged_is_read_and_not_the_work_tree(git, scan, tmp_path):
    path = tmp_path / "a.txt"
    path.write_text(NOTE)
    git("add", "a.txt")
    path.write_text("clean\n")
    assert scan("--staged").status == 1
    git("add", "a.txt")
    path.write_text(NOTE)
    assert scan("--staged").status == 0


def test_a_repository_without_commits_and_one_with_nothing_staged_pass(git, scan, tmp_path):
    ran = scan("--staged")
    assert (ran.status, "nothing was read" in ran.out) == (0, True)
    (tmp_path / "a.txt").write_text(NOTE)
    assert scan("--staged").status == 0
    git("add", "-A")
    assert scan("--staged").status == 1


def test_renamed_and_deleted_files(git, scan, tmp_path):
    (tmp_path / "old.txt").write_text(NOTE)
    (tmp_path / "gone.txt").write_text(NOTE)
    git("add", "-A")
    git("commit", "-qm", "x")
    git("rm", "-q", "gone.txt")
    assert scan("--staged").status == 0
    git("mv", "old.txt", "new.txt")
    ran = scan("--staged", "--format", "jsonl")
    assert {f["path"] for f in ran.findings} == {"new.txt"}


def test_names_of_any_bytes_are_read(git, scan, tmp_path):
    names = [b"with space.txt", b"line\nend.txt", b"caf\xe9.txt"]
    for name in names:
        with open(os.path.join(os.fsencode(tmp_path), name), "wb") as file:  # noqa: PTH118, PTH123 - bytes
            file.write(NOTE.encode())
    git("add", "-A")
    ran = scan("--staged")
    assert ran.status == 1
    assert "3 files" in ran.out


def test_ignore_files_of_the_repository_hold_for_what_is_staged(git, scan, tmp_path):
    (tmp_path / ".phisweepignore").write_text("fixtures/\n")
    git("add", "-A")
    git("commit", "-qm", "x")
    (tmp_path / "fixtures").mkdir()
    (tmp_path / "fixtures" / "a.txt").write_text(NOTE)
    git("add", "-A")
    assert scan("--staged").status == 0


def test_since_reads_what_changed_and_what_is_new(git, scan, tmp_path):
    for name in ("same.txt", "changed.txt"):
        (tmp_path / name).write_text(NOTE)
    git("add", "-A")
    git("commit", "-qm", "x")
    assert scan("--since", "HEAD").status == 0
    (tmp_path / "changed.txt").write_text(NOTE * 2)
    (tmp_path / "new.txt").write_text(NOTE)
    (tmp_path / ".gitignore").write_text("ignored.txt\n")
    (tmp_path / "ignored.txt").write_text(NOTE)
    ran = scan("--since", "HEAD", "--format", "jsonl")
    assert {f["path"] for f in ran.findings} == {"changed.txt", "new.txt"}


@pytest.mark.parametrize(
    "arguments",
    [
        ("--since", "nowhere"),
        ("--since", "--output=x"),
        ("--staged", "a"),
        ("--staged", "--since", "HEAD"),
    ],
)
def test_what_cannot_be_asked_is_an_error(git, scan, arguments):
    assert scan(*arguments).status == 2


def test_outside_of_a_repository_is_an_error(run):
    ran = run("scan", "--staged")
    assert (ran.status, "E187" in ran.err) == (2, True)


# Pointers


def test_an_lfs_pointer_without_its_file_is_incomplete(git, scan, tmp_path):
    (tmp_path / "a.csv").write_text(LFS.format("0" * 64, 7))
    ran = scan("a.csv")
    assert ran.status == 3
    assert "git lfs pull" in ran.out


def test_what_an_lfs_pointer_stands_for_is_read(git, scan, tmp_path):
    oid = hashlib.sha256(NOTE.encode()).hexdigest()
    held = tmp_path / ".git" / "lfs" / "objects" / oid[:2] / oid[2:4] / oid
    held.parent.mkdir(parents=True)
    held.write_text(NOTE)
    (tmp_path / "a.txt").write_text(LFS.format(oid, len(NOTE)))
    ran = scan("a.txt", "--format", "jsonl")
    assert {f["path"] for f in ran.findings} == {"a.txt"}
    git("add", "-A")
    assert scan("--staged").status == 1


def test_a_dvc_file_leads_to_its_data(git, scan, tmp_path):
    md5 = hashlib.md5(NOTE.encode(), usedforsecurity=False).hexdigest()
    (tmp_path / "a.txt.dvc").write_text(f"outs:\n- md5: {md5}\n  size: 36\n  path: a.txt\n")
    ran = scan("a.txt.dvc")
    assert (ran.status, "dvc pull" in ran.out) == (3, True)
    cache = tmp_path / ".dvc" / "cache" / "files" / "md5" / md5[:2] / md5[2:]
    cache.parent.mkdir(parents=True)
    cache.write_text(NOTE)
    assert scan("a.txt.dvc").status == 1
    (tmp_path / "a.txt").write_text(NOTE)
    ran = scan("a.txt.dvc", "a.txt")
    assert ran.status == 1
    assert "4 findings" not in ran.out


def test_a_file_that_became_a_link_is_not_followed(scan, tmp_path, monkeypatch):
    (tmp_path / "secret").write_text(NOTE)
    path = tmp_path / "a.txt"
    path.write_text("x")
    real = Naming.shown

    def swap(naming, name):  # it is listed, and not yet read
        if not path.is_symlink():
            path.unlink()
            path.symlink_to(tmp_path / "secret")
        return real(naming, name)

    monkeypatch.setattr(Naming, "shown", swap)
    assert scan("a.txt").status == 3


def test_a_gate_without_paths_reads_what_the_repository_holds_and_may_hold(git, run, tmp_path):
    (tmp_path / ".gitignore").write_text("build/\n*.log\n")
    for name in ("kept.txt", "sub/new.txt", "build/out.txt", "sub/x.log"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(NOTE)
    git("add", "kept.txt")
    ran = run("gate", "-o", "json:report.json")
    assert ran.status == 1
    files = {f["path"]: f for f in json.loads((tmp_path / "report.json").read_text())["files"]}
    assert {name for name, f in files.items() if f["findings"]} == {"kept.txt", "sub/new.txt"}
    left = {name: f["reason"] for name, f in files.items() if f["status"] == "skipped"}
    assert left["build"] == left["sub/x.log"] == "git ignores it"
    assert run("gate", "build").status == 1  # what is named is read


def test_a_submodule_is_read_where_it_is_checked_out_and_told_where_it_is_not(
    git, run, tmp_path, tmp_path_factory
):
    other = tmp_path_factory.mktemp("other")
    for arguments in (["init", "-qb", "main"], ["add", "-A"], ["commit", "-qm", "x"]):
        (other / "note.txt").write_text(NOTE)
        (other / ".gitignore").write_text("*.tmp\n")
        subprocess.run(
            ["git", "-c", "user.name=t", "-c", "user.email=t@example.com", *arguments],
            cwd=other, capture_output=True, check=True,
        )  # fmt: skip
    git("-c", "protocol.file.allow=always", "submodule", "add", "-q", str(other), "inner")
    (tmp_path / "inner" / "x.tmp").write_text(NOTE)
    ran = run("gate", "--format", "jsonl")
    assert {f["path"] for f in ran.findings} == {"inner/note.txt"}
    git("commit", "-qm", "x")
    git("submodule", "--quiet", "deinit", "-f", "inner")
    ran = run("gate", "-o", "json:report.json")
    assert ran.status == 0
    files = {f["path"]: f for f in json.loads((tmp_path / "report.json").read_text())["files"]}
    assert "not checked out" in files["inner"]["reason"]


def test_a_gate_without_paths_outside_of_a_repository_asks_for_one(run):
    ran = run("gate")
    assert (ran.status, "E107" in ran.err) == (2, True)

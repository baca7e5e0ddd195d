"""The hooks, by the real pre-commit on a real repository; init; the message of a commit."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from phisweep import caches
from phisweep.formats.base import load

ROOT = Path(__file__).parents[2]
HOOKS = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())
NOTE = "Seen today.\nMs. Quillfeather, ssn 987-65-4320.\n"


@pytest.fixture
def repository(tmp_path, monkeypatch):
    """A repository whose hooks are ours, run from this environment."""
    folder = tmp_path / "repository"
    folder.mkdir()
    hooks = []
    for hook in HOOKS:
        own = dict(hook, language="system")
        own["entry"] = own["entry"].replace("phisweep", f"{sys.executable} -m phisweep", 1)
        hooks.append(own)
    config = {"repos": [{"repo": "local", "hooks": hooks}]}
    (folder / ".pre-commit-config.yaml").write_text(yaml.safe_dump(config))
    (folder / "phisweep.toml").write_text('paths = ["data"]\nengine = "rules"\n')
    kept = caches.folder().parent  # what takes seconds to compile, and is kept for every process
    homes = (("XDG_CACHE_HOME", kept), ("HOME", tmp_path), ("PRE_COMMIT_HOME", tmp_path / "cache"))
    for name, value in homes:
        monkeypatch.setenv(name, str(value))

    def git(*arguments, check=True):
        return subprocess.run(
            ["git", "-c", "user.name=t", "-c", "user.email=t@example.com", *arguments],
            cwd=folder, capture_output=True, text=True, check=check,
        )  # fmt: skip

    git("init", "-qb", "main")
    (folder / "data").mkdir()
    for name in ("clean.txt", "other.txt"):
        (folder / "data" / name).write_text("nothing\n")
    git("add", "-A")
    git("commit", "-qm", "start")
    subprocess.run(
        [sys.executable, "-m", "pre_commit", "install", "-t", "pre-commit", "-t", "commit-msg"],
        cwd=folder, check=True, capture_output=True,
    )  # fmt: skip
    git.folder = folder
    return git


def commit(git, message="change", **files):
    for name, text in files.items():
        path = git.folder / name.replace("__", "/").replace("_txt", ".txt").replace("_csv", ".csv")
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
    git("add", "-A")
    return git("commit", "-qm", message, check=False)


def test_a_commit_with_phi_is_refused_with_its_place_and_how_to_go_on(repository):
    done = commit(repository, data__a_txt=NOTE)
    said = done.stdout + done.stderr
    assert done.returncode == 1
    assert "data/a.txt" in said
    assert re.search(r"2:5 +high +\(A\) name", said)
    assert re.search(r"2:23 +critical +\(G\) ssn .*ddd-dd-dddd", said)
    assert "phisweep explain" in said
    assert "uillfeather" not in said
    assert "4320" not in said


def test_a_clean_commit_and_one_with_specimens_pass(repository):
    assert commit(repository, data__b_txt="call 617-555-0123\n").returncode == 0


def test_what_is_not_staged_does_not_stop_a_commit(repository):
    (repository.folder / "data" / "clean.txt").write_text(NOTE)
    (repository.folder / "data" / "new.txt").write_text("fine\n")
    repository("add", "data/new.txt")
    assert repository("commit", "-qm", "x", check=False).returncode == 0


def test_a_binary_under_a_text_s_name_and_a_mixed_commit_are_refused(repository):
    assert commit(repository, data__c_txt=b"a\0b\xff").returncode == 1


def test_a_renamed_file_is_searched_and_a_deleted_one_is_not(repository):
    repository("rm", "-q", "data/clean.txt")
    assert repository("commit", "-qm", "gone", check=False).returncode == 0
    (repository.folder / "other.txt").write_text(NOTE)
    repository("add", "other.txt")
    repository("commit", "-qm", "x", "--no-verify")
    repository("mv", "other.txt", "moved.txt")
    assert repository("commit", "-qm", "moved", check=False).returncode == 1


def test_excluded_files_pass(repository):
    (repository.folder / ".phisweepignore").write_text("fixtures/\n")
    assert commit(repository, fixtures__a_txt=NOTE).returncode == 0


def test_a_message_with_phi_is_refused(repository):
    done = commit(repository, "chart of Ms. Quillfeather", data__d_txt="fine\n")
    assert done.returncode == 1
    assert "uillfeather" not in done.stdout + done.stderr


def test_five_hundred_files_in_one_commit(repository):
    files = {f"data__f{i}_csv": f"visit,dose\n{i % 7},12\n" for i in range(500)}
    assert commit(repository, **files).returncode == 0


def test_the_hooks_take_every_suffix_that_a_format_knows():
    for hook in HOOKS:
        if "files" in hook:
            pattern = re.compile(hook["files"])
            lacking = [
                suffix
                for format_ in load().values()
                for suffix in format_.suffixes
                if suffix and not pattern.search(f"x{suffix}")
            ]
            assert lacking == []
            assert not pattern.search("x.exe")


def test_the_hooks_are_those_of_the_contract():
    assert [hook["id"] for hook in HOOKS] == [
        "phisweep-scan", "phisweep-scan-full", "phisweep-gate", "phisweep-commit-msg",
    ]  # fmt: skip
    assert HOOKS[0]["require_serial"]
    assert "--engine rules" in HOOKS[0]["entry"]
    assert HOOKS[2]["pass_filenames"] is False


# The message


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("fix the dose\n", 0),
        ("see Ms. Quillfeather\n", 1),
        ("fine\n# Ms. Quillfeather\n", 0),
        ("fine\n# ------------------------ >8 ------------------------\nMs. Quillfeather\n", 0),
    ],
)
def test_git_s_own_comments_are_no_part_of_a_message(run, tmp_path, text, status):
    (tmp_path / "msg").write_text(text)
    assert run("commit-msg", "msg").status == status


# init


def test_init_shows_first_and_writes_only_when_told(run, tmp_path):
    ran = run("init")
    assert ran.status == 0
    assert "Nothing was written" in ran.out
    assert [*tmp_path.iterdir()] == []
    assert run("init", "--yes", "--ci", "github").status == 0
    written = {p.relative_to(tmp_path).as_posix() for p in tmp_path.rglob("*") if p.is_file()}
    assert written == {
        "phisweep.toml", ".pre-commit-config.yaml", ".github/workflows/phisweep.yml", ".gitattributes",
    }  # fmt: skip


def test_init_writes_over_nothing(run, tmp_path):
    (tmp_path / "phisweep.toml").write_text("jobs = 1\n")
    ran = run("init", "--yes", "--ci", "none")
    assert "phisweep.toml is there and stays as it is" in ran.out
    assert (tmp_path / "phisweep.toml").read_text() == "jobs = 1\n"
    assert (tmp_path / ".pre-commit-config.yaml").exists()


def test_what_init_writes_is_understood(run, tmp_path):
    assert run("init", "--yes", "--ci", "gitlab").status == 0
    hooks = yaml.safe_load((tmp_path / ".pre-commit-config.yaml").read_text())
    known = {hook["id"] for hook in HOOKS}
    assert {hook["id"] for repo in hooks["repos"] for hook in repo["hooks"]} <= known
    assert "script" in yaml.safe_load((tmp_path / ".gitlab-ci.yml").read_text())["phisweep"]
    (tmp_path / "a.txt").write_text("nothing\n")
    assert run("gate", "--fail-on", "critical").status == 0


def test_the_action_is_one_that_runs_the_gate():
    action = yaml.safe_load((ROOT / "action.yml").read_text())
    assert action["runs"]["using"] == "composite"
    assert any("phisweep gate" in step.get("run", "") for step in action["runs"]["steps"])

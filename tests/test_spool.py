"""What folders of a run promise: they go with their process, or with the next run."""

import os
import subprocess
import sys
import tempfile

import pytest

from phisweep import spool
from phisweep.spool import held, own_folder, synced

pytest.importorskip("fcntl", reason="without locks nothing of others is removed")

PROGRAM = """
import sys
from phisweep.spool import own_folder
with own_folder() as folder:
    (folder / "codes.sqlite").write_text("codes")
    print(folder, flush=True)
    sys.stdin.read()
"""


@pytest.fixture(autouse=True)
def temporary(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


@pytest.fixture
def other(temporary):
    """Another process with a folder of its own, which it holds."""
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        env={**os.environ, "TMPDIR": str(temporary)}, text=True,
    )  # fmt: skip
    process.stdout.readline()
    yield process
    process.kill()
    process.communicate()


def test_a_folder_is_its_owners_alone_and_gone_at_the_end(temporary):
    with own_folder() as folder:
        assert folder.stat().st_mode & 0o777 == 0o700
        assert {p.stat().st_mode & 0o777 for p in folder.iterdir()} == {0o600}
    assert list(temporary.iterdir()) == []


def test_what_a_killed_process_left_is_removed_by_the_next(temporary, other):
    other.kill()
    other.wait()
    (left,) = temporary.iterdir()
    assert (left / "codes.sqlite").exists()
    with own_folder() as folder:
        assert list(temporary.iterdir()) == [folder]


def test_what_a_living_process_holds_stays(temporary, other):
    with own_folder() as folder:
        assert len(list(temporary.iterdir())) == 2
    assert len(list(temporary.iterdir())) == 1
    assert not folder.exists()


def test_what_is_none_of_ours_stays(temporary, tmp_path_factory):
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    (elsewhere / "lock").touch()
    (temporary / "phisweep-run-link").symlink_to(elsewhere)
    (temporary / "phisweep-run-new").mkdir()  # as it is before its lock has a name
    (temporary / "phisweep-run-file").touch()
    with own_folder():
        pass
    assert len(list(temporary.iterdir())) == 3
    assert (elsewhere / "lock").exists()


def test_a_folder_is_held_by_one_at_a_time(temporary):
    with held(temporary) as first, held(temporary) as second:
        assert (first, second) == (True, False)
    with held(temporary) as again:
        assert again


def test_what_was_written_below_a_folder_is_seen_to_be_on_the_disk(tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "copy.txt").write_text("text")
    synced(tmp_path)
    assert (tmp_path / "a" / "copy.txt").read_text() == "text"


def test_where_the_system_cannot_write_all_at_once_each_file_is_written(tmp_path, monkeypatch):
    (tmp_path / "a").mkdir()
    for name in ("a/one", "two"):
        (tmp_path / name).write_text(name)
    seen = []
    monkeypatch.setattr(spool, "_synced_at_once", lambda _: False)
    monkeypatch.setattr(os, "fsync", lambda handle: seen.append(os.fstat(handle).st_ino))
    synced(tmp_path)
    assert sorted(seen) == sorted((tmp_path / n).stat().st_ino for n in ("a/one", "two"))


def test_a_disk_that_cannot_write_is_an_error(tmp_path):
    with pytest.raises(OSError, match="gone"):
        synced(tmp_path / "gone")

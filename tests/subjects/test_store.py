"""The run's file of subjects, which all of its processes open at once."""

import errno
import multiprocessing
import pickle
import tempfile
from concurrent.futures import ProcessPoolExecutor

import pytest

from phisweep.errors import ComponentError
from phisweep.keys import Key
from phisweep.subjects.store import Subjects

KEY = Key(b"k" * 32, "a test")


def told(pickled, worker):
    subjects = pickle.loads(pickled)  # noqa: S301 - what this test itself pickled
    for i in range(20):
        key = subjects.naming.digest("", f"MRN{worker + 1}x{i}")
        subjects.enter([], [key], [(key, {"surname": [f"Quill{worker}"]})])
    return True


def test_processes_that_open_it_at_once_lose_nothing(tmp_path):
    subjects = Subjects.create(tmp_path / "subjects.sqlite", KEY)
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(4, context) as pool:
        workers = [pool.submit(told, pickle.dumps(subjects), n) for n in range(4)]
        assert all(worker.result() for worker in workers)
    subjects.join()
    for worker in range(4):
        for i in range(20):
            facts = subjects.facts(subjects.subject({"": f"MRN{worker + 1}x{i}"}))
            assert facts == {"surname": [f"Quill{worker}"]}


def test_a_full_disk_is_told_when_keys_are_joined(tmp_path, monkeypatch):
    subjects = Subjects.create(tmp_path / "subjects.sqlite", KEY)
    keys = [subjects.naming.digest("", f"MRN{n}") for n in range(2)]
    subjects.enter([(keys[0], keys[1])], keys, [])

    def full(**_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(tempfile, "TemporaryFile", full)
    with pytest.raises(ComponentError, match=r"E422.*No space left"):
        subjects.join()
    subjects.close()


def test_no_key_and_no_fact_can_be_read_in_it(tmp_path):
    subjects = Subjects.create(tmp_path / "subjects.sqlite", KEY)
    key = subjects.naming.digest("", "0041776")
    subjects.enter([], [key], [(key, {"surname": "Quillfeather"})])
    data = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert b"41776" not in data
    assert b"uillfeather" not in data
    assert (tmp_path / "subjects.sqlite").stat().st_mode & 0o077 == 0

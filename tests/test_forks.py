"""A file of SQLite is open on neither side of a fork: what either process writes then stays."""

import multiprocessing
import os

import pytest

from phisweep.keys import Key
from phisweep.runs.journal import Journal
from phisweep.subjects.store import Subjects
from phisweep.transform.codes import RandomCodes, random_codes
from phisweep.transform.vault import Vault

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="forks are POSIX")
KEY = Key(b"k" * 32, "a test")


def forked(child):
    """Begin something in a forked process; return how to let it go on, which returns its result."""
    fork = multiprocessing.get_context("fork")
    ours, theirs, results = fork.SimpleQueue(), fork.SimpleQueue(), fork.SimpleQueue()

    def pause():
        theirs.put("begun")
        ours.get()

    process = fork.Process(target=lambda: results.put(child(pause)))
    process.start()
    theirs.get()

    def ended():
        ours.put("on")
        process.join(60)
        assert process.exitcode == 0
        return results.get()

    return ended


@pytest.fixture(params=["codes", "vault"])
def codes(request, tmp_path):
    """Codes of a run, or of a vault."""
    if request.param == "codes":
        with random_codes(KEY) as made:
            yield made
    else:
        with Vault.create(tmp_path / "vault", KEY) as made:
            yield made


def test_codes_that_a_child_draws_when_its_parent_has_closed_the_file_are_kept(codes):
    ours = codes.code("mrn", "0012345")

    def child(pause):
        known, new = codes.code("mrn", "0012345"), codes.code("mrn", "new")
        pause()  # the parent closes: of a connection that was inherited, the log would be gone
        theirs = known, new, *(codes.code("mrn", f"{n:07}") for n in range(50))
        codes.close()
        return theirs

    ended = forked(child)
    codes.close()
    known, *theirs = ended()
    assert known == ours
    assert [codes.code("mrn", "new"), *(codes.code("mrn", f"{n:07}") for n in range(50))] == theirs


def test_what_a_child_says_of_subjects_when_its_parent_has_closed_the_file_is_kept(tmp_path):
    subjects = Subjects.create(tmp_path / "subjects.sqlite", KEY)
    keys = [subjects.naming.digest("", f"MRN{n + 1}") for n in range(20)]
    subjects.enter([], keys[:1], [])

    def child(pause):
        subjects.enter([], keys[1:2], [])
        pause()
        for key in keys[2:]:
            subjects.enter([], [key], [])
        subjects.close()

    ended = forked(child)
    subjects.close()
    ended()
    subjects.join()
    assert all(map(subjects.known, keys))
    subjects.close()


def test_a_journal_is_open_in_no_child_and_goes_on_in_the_parent(tmp_path):
    path = tmp_path / "state.sqlite"
    with Journal(path, KEY, ValueError) as journal:
        journal.add({"line": 0})
        codes = RandomCodes(path, b"k" * 32, kept=True)
        assert codes.code("mrn", "1")

        def child(pause):
            nothing = journal._open is None and codes._connection is None
            code = codes.code("mrn", "2")
            pause()
            return nothing, code, codes.code("mrn", "3")

        ended = forked(child)
        journal.add({"line": 1})
        codes.close()
        nothing, *theirs = ended()
        assert nothing
        assert [codes.code("mrn", "2"), codes.code("mrn", "3")] == theirs
        codes.close()
        journal.add({"line": 2})
    with Journal(path, KEY, ValueError) as again:
        again.check()
        assert [line["line"] for line in again.lines(0)] == [0, 1, 2]

"""Codes of very many values: what was given never changes, whatever is merged, killed or forked."""

import multiprocessing
import os
import pickle
import signal
import sqlite3
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from phisweep import marks
from phisweep.keys import Key
from phisweep.transform import codes as module
from phisweep.transform import ledger, runs
from phisweep.transform.codes import RandomCodes, random_codes

KEY = Key.draw()
pytestmark = pytest.mark.usefixtures("_soon")


@pytest.fixture(scope="module", autouse=True)
def _soon():
    """Begin ledger, runs and merges with few codes."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(module, "MOST", 20)
        patched.setattr(module, "COUNTED", 1)
        patched.setattr(ledger, "SEALED", 32)
        patched.setattr(ledger, "STEP", 4)
        patched.setattr(ledger, "_GATHERED", 256)
        yield


def values(first: int, count: int) -> list[str]:
    return [f"{n:07}" for n in range(first, first + count)]


def sizes_of_runs(codes: RandomCodes) -> list[int]:
    with closing(sqlite3.connect(codes._path)) as file:
        return [level for (level,) in file.execute("SELECT level FROM runs ORDER BY level")]


def test_what_was_given_before_the_ledger_and_in_it_stays_and_no_code_is_given_twice():
    with random_codes(KEY) as codes:
        known = {value: codes.code("mrn", value) for value in values(0, 30)}
        for first in range(0, 3_000, 50):
            some = values(first, 100)
            for value, code in zip(some, codes.codes_of("ssn", some), strict=True):
                assert known.setdefault(value, code) == code
        assert {*sizes_of_runs(codes)} >= {0, 1, 2}
        codes.close()
        assert codes.codes_of("mrn", [*known]) == [*known.values()]
        assert [codes.code("mrn", value) for value in known] == [*known.values()]
        assert len({code[-11:] for code in known.values()}) == len(known)
        assert all(map(marks.is_code, known.values()))


def test_the_mark_names_the_identifier_that_came_first_though_it_is_of_the_ledger():
    with random_codes(KEY) as codes:
        codes.codes_of("health_plan", values(0, 300))
        assert all(each.startswith("[HEALTH_PLAN-") for each in codes.codes_of("mrn", values(0, 9)))
        assert codes.code("other_id", "0009999").startswith("[OTHER_ID-")


def test_an_entry_is_in_one_page_or_among_the_newest_which_stay_few():
    with random_codes(KEY) as codes:
        other = pickle.loads(pickle.dumps(codes))  # noqa: S301 - our own
        for first in range(0, 6_000, 60):
            codes.codes_of("mrn", values(first, 60))
            other.codes_of("mrn", values(first, 61))
            assert len(codes._ledger._newest) < 32 + 61 if codes._ledger else first < 60
            assert len(other._ledger._newest) < 32 + 61
        other.close()
        with closing(sqlite3.connect(codes._path)) as file:
            pages = [each for (each,) in file.execute("SELECT entries FROM pages")]
    digests = [digest for page in pages for digest, _ in runs.unpacked(page)]
    assert len({*digests}) == len(digests)
    assert len(digests) > 5_900


def test_runs_stay_few():
    with random_codes(KEY) as codes:
        most = 0
        for first in range(0, 8_000, 64):
            codes.codes_of("mrn", values(first, 64))
            most = max(most, len(sizes_of_runs(codes)))
    assert most <= 4 * 8


def test_a_number_that_was_drawn_before_the_ledger_is_not_given_again(monkeypatch):
    numbers = iter(range(20))
    plain = lambda self, first, count: np.arange(first, first + count, dtype=np.uint64)  # noqa: E731, ARG005
    monkeypatch.setattr("phisweep.transform.ledger.Shuffle.numbers", plain)
    letters = lambda: marks.letters(next(numbers), 10)  # noqa: E731
    monkeypatch.setattr("phisweep.transform.codefile.draw_letters", letters)
    with random_codes(KEY) as codes:
        made = [codes.code("mrn", value) for value in values(0, 20)]
        made += codes.codes_of("mrn", values(20, 30))
        made += [codes.code("mrn", value) for value in values(50, 300)]
        assert len({*made}) == 350


ASKED = st.lists(
    st.tuples(
        st.integers(0, 2),
        st.sampled_from(("one", "many", "reopen", "copy")),
        st.integers(0, 400),
        st.integers(1, 90),
    ),
    max_size=40,
)


@settings(deadline=None, max_examples=60)
@given(ASKED)
def test_several_that_share_a_file_are_one_dictionary(asked):
    known: dict[str, str] = {}
    with random_codes(KEY) as codes:
        handles = [codes, *(pickle.loads(pickle.dumps(codes)) for _ in range(2))]  # noqa: S301
        for which, what, first, count in asked:
            handle, some = handles[which], values(first, count)
            if what == "reopen":
                handle.close()
            elif what == "copy" and which:
                handle.close()
                handles[which] = pickle.loads(pickle.dumps(codes))  # noqa: S301
            made = handle.codes_of("mrn", some)
            if what == "one":
                made = [handle.code("mrn", value) for value in some]
            for value, code in zip(some, made, strict=True):
                assert known.setdefault(value, code) == code
        for handle in handles:
            assert handle.codes_of("mrn", [*known]) == [*known.values()]
            assert handle.well_formed()
            handle.close()
    assert len({*known.values()}) == len(known)


@pytest.mark.parametrize("way", ["fork", "spawn"])
def test_worker_processes_get_the_same_codes(way):
    if way not in multiprocessing.get_all_start_methods():
        pytest.skip("no such processes here")
    with random_codes(KEY) as codes:
        known = dict(zip(values(0, 200), codes.codes_of("mrn", values(0, 200)), strict=True))
        with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context(way)) as pool:
            asked = [values(first, 150) for first in range(0, 1_500, 75)]
            for some, made in zip(
                asked, pool.map(codes.codes_of, ["mrn"] * 20, asked), strict=True
            ):
                for value, code in zip(some, made, strict=True):
                    assert known.setdefault(value, code) == code
        assert codes.codes_of("mrn", [*known]) == [*known.values()]
        assert [codes.code("mrn", value) for value in known] == [*known.values()]
    assert len({*known.values()}) == len(known)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no forks here")
@pytest.mark.parametrize("where", ["_write", "seal", "_step", "_begin"])
@pytest.mark.parametrize("when", [1, 5, 12])
def test_a_process_that_is_killed_leaves_all_that_it_had_given(tmp_path, monkeypatch, where, when):
    told = tmp_path / "given"
    with random_codes(KEY) as codes:
        before = codes.codes_of("mrn", values(0, 100))
        child = os.fork()
        if not child:
            _killed_in(monkeypatch, where, when)
            with told.open("w", encoding="ascii") as file:
                for first in range(0, 4_000, 20):
                    file.write("".join(f"{c}\n" for c in codes.codes_of("mrn", values(first, 20))))
                    file.flush()
            os._exit(0)
        _, status = os.waitpid(child, 0)
        assert os.WIFSIGNALED(status)
        theirs = told.read_text(encoding="ascii").split()
        ours = codes.codes_of("mrn", values(0, 4_000))
        assert ours[: len(theirs)] == theirs
        assert ours[:100] == before
        assert len({*ours}) == len(ours)
        with closing(sqlite3.connect(codes._path)) as file:
            assert file.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def _killed_in(monkeypatch, where, when):
    """Kill this process behind the call of so high a number."""
    real, calls = getattr(runs, where), iter(range(1, 1 << 30))

    def killed(*given):
        made = real(*given)
        if next(calls) == when:
            os.kill(os.getpid(), signal.SIGKILL)
        return made

    monkeypatch.setattr(runs, where, killed)


@pytest.mark.parametrize("where", ["_write", "seal", "_step", "_begin"])
def test_what_fails_in_between_is_as_if_it_had_not_begun(monkeypatch, where):
    with random_codes(KEY) as codes:
        before = codes.codes_of("mrn", values(0, 2_000))
        real, failing = getattr(runs, where), [True]

        def fail(*given):
            real(*given)
            if failing[0]:
                raise KeyError(where)

        monkeypatch.setattr(runs, where, fail)
        with pytest.raises(KeyError):  # noqa: PT012 - some call of many
            for first in range(2_000, 4_000, 100):
                before += codes.codes_of("mrn", values(first, 100))
        failing[0] = False
        ours = codes.codes_of("mrn", values(0, 5_000))
        assert ours[: len(before)] == before
        codes.close()
        assert codes.codes_of("mrn", values(0, 5_000)) == ours


def test_a_run_that_goes_on_finds_its_codes_and_sees_what_is_none(tmp_path):
    path = tmp_path / "kept.sqlite"
    path.touch()
    codes = RandomCodes(path, b"k" * 32, kept=True)
    made = codes.codes_of("mrn", values(0, 500))
    codes.close()
    again = RandomCodes(path, b"k" * 32, kept=True)
    assert again.well_formed()
    assert again.codes_of("mrn", values(0, 500)) == made
    again.close()
    for table in ("given", "pages"):
        with closing(sqlite3.connect(path)) as file:
            query = f"SELECT at, entries FROM {table} LIMIT 1"  # noqa: S608 - one of two
            at, entries = file.execute(query).fetchone()
            change = f"UPDATE {table} SET entries = ? WHERE at = ?"  # noqa: S608 - as above
            for damaged in (entries[:-1] + b"\xff", entries[:-8] + b"\xff" + entries[-7:], b"x"):
                file.execute(change, (damaged, at))
                file.commit()
                assert not again.well_formed()
                again.close()
            file.execute(change, (entries, at))
            file.commit()
        assert again.well_formed()
        again.close()


def test_the_ledger_holds_no_value():
    with random_codes(KEY) as codes:
        codes.codes_of("mrn", [f"CANARY{n:05}" for n in range(500)])
        for file in codes._path.parent.iterdir():
            assert b"canary" not in file.read_bytes().lower()

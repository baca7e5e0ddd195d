"""What runners promise: each job done once, its result under its index, whatever happens."""

import gc
import multiprocessing
import os
import signal
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

import pytest

from phisweep.errors import ComponentError, DetectionError
from phisweep.runners import local, pool
from phisweep.runners.pool import _Plan


def build(factor):
    return partial(work, factor)


def work(factor, job):
    if job == "die":
        os._exit(9)
    if job == "raise":
        raise ComponentError("E404", "a component is missing", where="here")
    if job == "pid":
        return os.getpid()
    if job == "threshold":
        return gc.get_threshold()
    if job == "slow":
        time.sleep(30)
    if isinstance(job, Path):
        return once(job)
    if isinstance(job, tuple):
        return meet(*job)
    return factor * job


def once(path):
    """Kill this process, at the first time."""
    try:
        path.touch(exist_ok=False)
    except FileExistsError:
        return "done again"
    os.kill(os.getpid(), signal.SIGKILL)
    return None


def meet(mode, fifo):
    """Wait for another process at the other end; die where none comes."""
    signal.alarm(60)
    with fifo.open(mode):
        signal.alarm(0)
        return "met"


def unpicklable(_spec):
    return lambda _: lambda: None


def stillborn(_spec):
    os._exit(9)


def refuse(_spec):
    raise ComponentError("E406", "no such model", where="model")


def dead(job):
    return f"dead {job}"


@pytest.mark.parametrize("jobs", [[], [1], [3, 1, 2]])
def test_the_runners_agree(jobs):
    expect = list(enumerate(10 * job for job in jobs))
    assert list(local.run(build, 10, jobs)) == expect
    assert sorted(pool.run(build, 10, jobs, processes=2, dead=dead)) == expect


def test_the_local_runner_keeps_the_order_and_builds_once():
    built = []
    runner = local.run(lambda spec: built.append(spec) or build(spec), 2, [5, 4, 3])
    assert list(runner) == [(0, 10), (1, 8), (2, 6)]
    assert built == [2]


def test_a_job_that_kills_its_process_costs_no_other():
    jobs = [1, "die", 2, 3]
    done = dict(pool.run(build, 10, jobs, processes=2, dead=dead))
    assert done == {0: 10, 1: "dead die", 2: 20, 3: 30}


def test_jobs_of_a_process_that_was_killed_are_done_again_each_once(tmp_path):
    jobs = [1, 2, tmp_path / "a", 3, 4, tmp_path / "b", *range(5, 100)]
    results = list(pool.run(build, 10, jobs, processes=2, dead=dead, sizes=[0] * len(jobs)))
    done = dict(results)
    assert len(results) == len(done) == len(jobs)
    assert (done[2], done[5]) == ("done again", "done again")
    assert all(done[i] == 10 * job for i, job in enumerate(jobs) if not isinstance(job, Path))


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes with names are POSIX")
def test_what_kills_every_process_is_told_and_the_rest_is_done_two_at_a_time(tmp_path):
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    jobs = ["die", "die", ("r", fifo), ("w", fifo), 1, 2]
    done = dict(pool.run(build, 10, jobs, processes=2, dead=dead))
    assert done == {0: "dead die", 1: "dead die", 2: "met", 3: "met", 4: 10, 5: 20}


def test_a_job_that_killed_a_process_is_tried_again_when_all_others_are_done(tmp_path):
    jobs = [tmp_path / "a", *range(20)]
    results = list(pool.run(build, 1, jobs, processes=2, dead=dead))
    assert results[-1] == (0, "done again")


def test_processes_that_die_as_they_start_end_the_run():
    with pytest.raises(DetectionError) as caught:
        list(pool.run(stillborn, 1, [1, 2, 3], processes=2, dead=dead))
    assert caught.value.code == "E308"


def test_a_result_that_cannot_be_sent_is_an_error_and_no_silence():
    with pytest.raises((AttributeError, TypeError)):
        list(pool.run(unpicklable, 1, [1], processes=1, dead=dead))


def test_the_next_stage_is_done_by_the_same_processes_with_a_worker_of_its_own():
    with pool.kept():
        first = {pid for _, pid in pool.run(build, 1, ["pid"] * 8, processes=2, dead=dead)}
        assert dict(pool.run(build, 10, [1, 2], processes=2, dead=dead)) == {0: 10, 1: 20}
        second = {pid for _, pid in pool.run(build, 1, ["pid"] * 8, processes=2, dead=dead)}
        assert second <= first
        assert len(multiprocessing.active_children()) <= 2
    assert multiprocessing.active_children() == []


def test_processes_that_are_not_forked_look_for_garbage_as_seldom_as_their_parent(monkeypatch):
    monkeypatch.setattr("phisweep.runners.crew.may_fork", lambda: False)
    before = gc.get_threshold()
    gc.set_threshold(54_321, 7, 6)
    try:
        asked = list(pool.run(build, 1, ["threshold"], processes=1, dead=dead))
    finally:
        gc.set_threshold(*before)
    assert asked == [(0, (54_321, 7, 6))]


@pytest.mark.parametrize("problem", [KeyboardInterrupt, RuntimeError])
def test_no_process_is_left_where_the_run_ends_early(problem):
    with pytest.raises(problem), pool.kept():  # noqa: PT012 - it is what is tested
        for _ in pool.run(build, 1, [1, "slow", "slow"], processes=2, dead=dead):
            raise problem
    assert multiprocessing.active_children() == []


PROGRAM = """
import os, sys
from multiprocessing.connection import wait
from phisweep.runners import pool

def build(path):
    return lambda job: (os.write(os.open(path, os.O_WRONLY), b"x"), sys.stdin.read(), wait([]))

if __name__ == "__main__":
    list(pool.run(build, sys.argv[1], [1, 2], processes=2, dead=str))
"""


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes with names are POSIX")
def test_processes_end_with_a_parent_that_was_killed(tmp_path):
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    (tmp_path / "program.py").write_text(PROGRAM)
    parent = subprocess.Popen([sys.executable, tmp_path / "program.py", fifo])
    with fifo.open("rb") as ends:
        assert ends.read(2) == b"xx"  # both are at their job, and hold an end of this pipe
        parent.kill()
        parent.wait()
        assert ends.read() == b""  # which closes with the last of them


def handfuls(sizes, processes):
    plan = _Plan.of(sizes, sizes)
    while some := plan.handful(processes, quiet=True):
        yield some


def test_large_jobs_come_first_and_alone_and_small_ones_by_the_handful():
    sizes = [1000] * 500 + [50_000_000]
    given = list(handfuls(sizes, 2))
    assert given[0] == [500]
    assert max(map(len, given)) > 30
    assert len(given[-1]) == 1
    assert sorted(i for some in given for i in some) == list(range(501))


def test_what_a_worker_raises_comes_out_whole():
    with pytest.raises(ComponentError) as caught:
        list(pool.run(build, 1, ["raise"], processes=1, dead=dead))
    assert (caught.value.code, caught.value.where) == ("E404", "here")


def test_a_worker_that_cannot_be_built_says_why_and_prints_nothing(capfd):
    with pytest.raises(ComponentError, match="no such model"):
        list(pool.run(refuse, 1, [1, 2, 3], processes=2, dead=dead))
    assert capfd.readouterr() == ("", "")


def test_a_caller_that_stops_does_not_wait_for_what_is_under_way():
    started = time.monotonic()
    results = pool.run(build, 1, [1, "slow", "slow"], processes=2, dead=dead)
    assert next(results) == (0, 1)
    results.close()
    assert time.monotonic() - started < 20

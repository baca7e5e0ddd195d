"""What runners promise: each job done once, its result under its index, whatever happens."""

import os
import time
from functools import partial

import pytest

from phisweep.errors import ComponentError
from phisweep.runners import local, pool


def build(factor):
    return partial(work, factor)


def work(factor, job):
    if job == "die":
        os._exit(9)
    if job == "raise":
        raise ComponentError("E404", "a component is missing", where="here")
    if job == "slow":
        time.sleep(30)
    return factor * job


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

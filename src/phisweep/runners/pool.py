"""Many processes on one machine; a worker that dies costs the job that it died of, no other."""

from __future__ import annotations

import multiprocessing
import signal
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from typing import Any, TypeVar

S = TypeVar("S")
J = TypeVar("J")
R = TypeVar("R")
_worker: Callable[[Any], Any] | None = None
_refused: Exception | None = None


def run(
    build: Callable[[S], Callable[[J], R]],
    spec: S,
    jobs: Sequence[J],
    *,
    processes: int,
    dead: Callable[[J], R],
) -> Generator[tuple[int, R], None, None]:
    """
    Yield each job's index and result as it is done, in any order.

    The worker is built once in each process, from the spec. When a process dies, what was not
    done is done anew, one job a process; `dead` makes the result of a job that kills its process.
    Raises what `build` raises. Where the caller stops, or is interrupted, the processes are ended.
    """
    left = set(range(len(jobs)))
    with _pool(build, spec, processes) as pool:
        try:
            pending = {pool.submit(_do, jobs[i]): i for i in range(len(jobs))}
            for i, result in _done(pending):
                left.discard(i)
                yield i, result
        except BrokenProcessPool:
            pass
        except BaseException:
            _end(pool)
            raise
    for i in sorted(left):
        with _pool(build, spec, 1) as single:
            try:
                yield i, single.submit(_do, jobs[i]).result()
            except BrokenProcessPool:
                yield i, dead(jobs[i])


def _pool(build: Callable[[S], Callable[[J], R]], spec: S, processes: int) -> ProcessPoolExecutor:
    # spawn: a fork would copy the threads' locks of the libraries below us
    return ProcessPoolExecutor(
        processes, multiprocessing.get_context("spawn"), _start, (build, spec)
    )


def _end(pool: ProcessPoolExecutor) -> None:
    """End the processes now: what they are at may take minutes, and its result is not wanted."""
    processes = list((pool._processes or {}).values())  # noqa: SLF001 - public from 3.14 on
    pool.shutdown(wait=False, cancel_futures=True)
    for process in processes:
        process.terminate()


def _start(build: Callable[[S], Callable[[J], R]], spec: S) -> None:
    global _worker, _refused  # noqa: PLW0603 - a process has one worker
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent hears it, and ends us
    try:
        _worker = build(spec)
    except Exception as error:  # noqa: BLE001 - here it would be printed, and the process die
        _refused = error


def _do(job: Any) -> Any:
    if _refused is not None:
        raise _refused
    assert _worker is not None  # noqa: S101 - _start ran
    return _worker(job)


def _done(pending: dict[Future[R], int]) -> Iterator[tuple[int, R]]:
    while pending:
        finished, _ = wait(pending, return_when=FIRST_COMPLETED)
        for future in finished:
            result = future.result()
            yield pending.pop(future), result

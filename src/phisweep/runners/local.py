"""One job after another, in this process."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from typing import TypeVar

S = TypeVar("S")
J = TypeVar("J")
R = TypeVar("R")


def run(
    build: Callable[[S], Callable[[J], R]], spec: S, jobs: Sequence[J]
) -> Generator[tuple[int, R], None, None]:
    """Yield each job's index and result, in order; the worker is built once."""
    worker = build(spec)
    if (coming := getattr(worker, "coming", None)) is not None:
        coming(jobs)
    for i, job in enumerate(jobs):
        yield i, worker(job)

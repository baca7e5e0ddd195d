"""
Many processes on one machine; one that dies costs no job but the one that it dies of again.

Large jobs are begun first, so that no process waits long for the last; small ones are handed out by
the handful. A process has one handful at a time and answers job by job, so that results wait in its
pipe and not in memory, and it is known what it was at when it died.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, TypeVar

from phisweep.runners import stillborn
from phisweep.runners.crew import Crew, Died, Member

S = TypeVar("S")
J = TypeVar("J")
R = TypeVar("R")
#: Jobs of a handful, and their weight: some tenths of a second, beside which handing out is nothing.
_MOST, _ENOUGH = 64, 1 << 18
#: What a job weighs beside its own size.
_EACH = 1 << 12
#: Handfuls a process that what is left is cut into at least: near the end they become small.
_SHARES = 4
_TRIES = 2  # deaths that a job may cause
# One run of phisweep has several stages, which know nothing of each other.
_kept: ContextVar[Crew | None] = ContextVar("_kept", default=None)


@contextmanager
def kept() -> Iterator[None]:
    """Let the processes of a stage do the next one too; they end with the outermost `with`."""
    if _kept.get() is not None:
        yield
        return
    with Crew() as crew:
        token = _kept.set(crew)
        try:
            yield
        finally:
            _kept.reset(token)


def ready(processes: int, like: object) -> None:
    """
    Fork the processes of the next stages now, as long as no library has started a thread.

    Does nothing where they are not kept, and where they cannot be forked.
    """
    crew = _kept.get()
    if crew is not None:
        crew.like = like
        crew.ready(processes)


def run(
    build: Callable[..., Callable[[J], R]],
    spec: S,
    jobs: Sequence[J],
    *,
    processes: int,
    dead: Callable[[J], R],
    sizes: Sequence[int] = (),
    like: object = None,
    begun: Callable[[], None] | None = None,
) -> Generator[tuple[int, R], None, None]:
    """
    Yield each job's index and result as it is done, in any order.

    The worker is built once in each process, from the spec. When a process dies, another does what
    it had not done; the job that it was at is done again when all others are, by itself, and `dead`
    makes the result of one that kills its process again. `sizes` say what a job weighs, in bytes.
    Workers may be built `like` something that is built here; where processes are forked, they are.
    `begun` is called when the first processes are there: it may start a thread.
    Raises what `build` or a worker raises, and DetectionError E308 where processes die as they
    start. Where the caller stops, or is interrupted, the processes are ended.
    """
    own = _kept.get()
    with Crew() if own is None else nullcontext(own) as crew:
        crew.like = like
        crew.ready(min(processes, len(jobs)))
        if begun is not None:
            begun()
        yield from _run(crew, build, spec, jobs, processes, dead, _Plan.of(jobs, sizes))


@dataclass(slots=True)
class _Plan:
    """What is left to be done: indices of jobs, the heaviest first."""

    weights: Sequence[int]
    left: deque[int]
    weight: int
    again: deque[int] = field(default_factory=deque)
    deaths: Counter[int] = field(default_factory=Counter)

    @classmethod
    def of(cls, jobs: Sequence[object], sizes: Sequence[int]) -> _Plan:
        """Return the plan of all jobs."""
        weights = [size + _EACH for size in sizes] or [_ENOUGH] * len(jobs)
        order = sorted(range(len(jobs)), key=lambda i: -weights[i])
        return cls(weights, deque(order), sum(weights))

    def handful(self, processes: int, *, quiet: bool) -> list[int]:
        """Return the next jobs for a process; what killed one comes when nothing else is done."""
        if not self.left:
            return [self.again.popleft()] if self.again and quiet else []
        most = min(_ENOUGH, self.weight // (_SHARES * processes))
        taken = [self.left.popleft()]
        weight = self.weights[taken[0]]
        while self.left and len(taken) < _MOST and weight + self.weights[self.left[0]] <= most:
            taken.append(self.left.popleft())
            weight += self.weights[taken[-1]]
        self.weight -= weight
        return taken

    def back(self, jobs: Sequence[int]) -> None:
        """Take back what a process was given and has not begun."""
        self.left.extendleft(reversed(jobs))
        self.weight += sum(self.weights[i] for i in jobs)

    def killed(self, job: int) -> bool:
        """Note that a process died of a job; return whether it is given up."""
        self.deaths[job] += 1
        if self.deaths[job] < _TRIES:
            self.again.append(job)
        return self.deaths[job] >= _TRIES


def _run(  # noqa: PLR0917 - called by `run` alone
    crew: Crew,
    build: Callable[..., Callable[[J], R]],
    spec: S,
    jobs: Sequence[J],
    processes: int,
    dead: Callable[[J], R],
    plan: _Plan,
) -> Generator[tuple[int, R], None, None]:
    stillbirths = 0  # one after the other
    idle: list[Member] = []
    busy: dict[Member, deque[int]] = {}
    with crew.begin((build, spec)):
        while True:
            while len(busy) < processes and (some := plan.handful(processes, quiet=not busy)):
                member = idle.pop() if idle else crew.hire()
                busy[member] = deque(some)
                member.give([jobs[i] for i in some])
            if not busy:
                return
            for member, answer in crew.answers(busy):
                given = busy[member]
                if isinstance(answer, Died):
                    del busy[member]
                    if not answer.built:
                        stillbirths += 1
                        if stillbirths > processes:
                            raise stillborn()
                    elif given and plan.killed(suspect := given.popleft()):
                        yield suspect, dead(jobs[suspect])
                    plan.back(given)
                    continue
                stillbirths = 0
                result: Any = answer
                yield given.popleft(), result
                if not given:
                    idle.append(member)
                    del busy[member]

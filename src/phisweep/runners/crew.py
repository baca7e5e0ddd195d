"""
Processes that build a worker of what they are told and do jobs by it, until they are let go.

Where nothing but one thread runs, on Linux, they are forked: what the run has built so far, its rules
above all, is theirs too, and costs nothing again. Elsewhere they are spawned, for a fork would copy
locks that the threads of the libraries below us hold.
"""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection, wait
from pickle import PicklingError
from types import TracebackType
from typing import Any, Literal, Self

_PATIENCE = 5.0  # seconds that a process may take to end
_STOPS = (signal.SIGINT, signal.SIGTERM)
#: What a process sends: that it has built, a result, or what was raised instead.
_Answer = tuple[Literal["built", "done", "raised"], Any]
_Worker = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class Died:
    """In place of an answer: the process is gone. `built` says whether it had begun its first job."""

    built: bool


class Member:
    """
    One process, as its parent sees it.

    Forked, it has what workers may be built `like`, and lets go of the pipes of `others`.
    """

    def __init__(self, like: object = None, others: Sequence[Connection] = ()) -> None:
        self.process: multiprocessing.process.BaseProcess
        forks = may_fork()
        context: Any = multiprocessing.get_context("fork" if forks else "spawn")
        self.pipe, theirs = context.Pipe()
        args: tuple[Any, ...] = (theirs, gc.get_threshold())
        if forks:
            args += (like, (*others, self.pipe))
        with theirs, _frozen() if forks else nullcontext():
            self.process = context.Process(target=_serve, args=args, daemon=True)
            self.process.start()
        self.task: object = None
        self.wanted: object = None
        self.built = False

    def give(self, jobs: Sequence[object]) -> None:
        """Hand it jobs, and what to build where it has built something else."""
        task = None if self.task is self.wanted else self.wanted
        self.built = task is None
        self.task = self.wanted
        with suppress(BrokenPipeError, ConnectionResetError):  # it died; its pipe will say so
            self.pipe.send((task, jobs))

    def answer(self) -> object:
        """Return its next answer, None for word that it has built. Raises what a job raised."""
        try:
            kind, value = self.pipe.recv()
        except (EOFError, OSError):
            return Died(self.built)
        if kind == "raised":
            assert isinstance(value, Exception)  # noqa: S101 - _serve sent it
            raise value
        if kind == "built":
            self.built = True
            return None
        return _Done(value)


@dataclass(frozen=True, slots=True)
class _Done:
    value: Any


class Crew:
    """Processes, hired as they are needed; all are gone when the `with` ends."""

    def __init__(self) -> None:
        self._members: list[Member] = []
        self._resting: list[Member] = []
        self._task: object = None
        #: What workers may be built like, where their processes are forked.
        self.like: object = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._dismiss(at_once=error is not None)

    @contextmanager
    def begin(self, task: object) -> Iterator[None]:
        """Have all that is given in the `with` done by workers of one task."""
        self._task = task
        self._resting = list(self._members)
        try:
            yield
        except BaseException:
            # What they are at may take minutes, and its result is not wanted.
            self._dismiss(at_once=True)
            raise

    def hire(self) -> Member:
        """Return a process that has nothing to do."""
        member = self._resting.pop() if self._resting else self._started()
        member.wanted = self._task
        return member

    def ready(self, processes: int) -> None:
        """Have so many processes there before the first of them is hired, if they can be forked."""
        while len(self._members) < processes and may_fork():
            self._resting.append(self._started())

    def _started(self) -> Member:
        with _uninterrupted():
            member = Member(self.like, [each.pipe for each in self._members])
            self._members.append(member)
        return member

    def answers(self, busy: Iterable[Member]) -> Iterator[tuple[Member, Any]]:
        """Wait, and yield each answer that has come, or that its process died."""
        of = {member.pipe: member for member in busy}
        for pipe in wait(of):
            member = of[pipe]
            answer = member.answer()
            if isinstance(answer, Died):
                self._members.remove(member)
                _bury(member)
                yield member, answer
            elif isinstance(answer, _Done):
                yield member, answer.value

    def _dismiss(self, *, at_once: bool) -> None:
        with _uninterrupted():
            members, self._members, self._resting = self._members, [], []
            for member in members:
                if at_once:
                    member.process.terminate()
                member.pipe.close()
            for member in members:
                _bury(member)


def _bury(member: Member) -> None:
    member.pipe.close()
    member.process.join(_PATIENCE)
    if member.process.exitcode is None:
        member.process.kill()
        member.process.join()
    member.process.close()


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """
    Hear of an interruption afterwards: no process is started and then forgotten.

    The signals are blocked, so that a process that is started begins with them blocked, and kept:
    where a library has threads of its own, the system gives them to one of these.
    """
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    resource_tracker.ensure_running()  # it unblocks them as it starts
    heard: list[int] = []
    main = threading.current_thread() is threading.main_thread()
    handlers = {stop: signal.getsignal(stop) for stop in _STOPS} if main else {}
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _STOPS)
    kept = {stop: handler for stop, handler in handlers.items() if callable(handler)}
    try:
        for stop in kept:
            signal.signal(stop, lambda number, _: heard.append(number))
        yield
    finally:
        for stop, handler in kept.items():
            signal.signal(stop, handler)
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
        for number in heard:
            signal.raise_signal(number)


def may_fork() -> bool:
    """Say whether a process can be forked: on Linux, while no other thread is there."""
    if sys.platform != "linux":
        return False
    try:
        return len(os.listdir("/proc/self/task")) == 1  # noqa: PTH208 - names alone are counted
    except OSError:
        return False


@contextmanager
def _frozen() -> Iterator[None]:
    """Leave what is there alone when garbage is looked for: a fork shares what nobody touches."""
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


def _serve(
    pipe: Connection,
    threshold: tuple[int, int, int],
    like: object = None,
    others: Sequence[Connection] = (),
) -> None:
    """
    Do what comes through the pipe, in a process of its own, until the other end is closed.

    It looks for garbage as seldom as its parent does: a `threshold` of `gc`.
    """
    gc.set_threshold(*threshold)
    for other in others:  # they would stay open through us
        other.close()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent hears it, and ends us
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    if hasattr(signal, "pthread_sigmask"):  # blocked while we were started
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _STOPS)
    threading.Thread(target=_follow, daemon=True).start()
    worker: _Worker | None = None
    with suppress(EOFError, BrokenPipeError, ConnectionResetError):
        while True:
            try:
                task, jobs = pipe.recv()
            except (EOFError, OSError):
                return
            except Exception as error:  # noqa: BLE001 - what was sent cannot be made out
                pipe.send(("raised", error))
                continue
            worker = _work(pipe, worker, task, jobs, like)


def _follow() -> None:
    """End with the parent, whatever it died of: what we write would be in the way of the next run."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)


def _work(
    pipe: Connection,
    worker: _Worker | None,
    task: tuple[Any, Any] | None,
    jobs: Sequence[object],
    like: object,
) -> _Worker | None:
    """Do one handful of jobs, and answer each; return the worker for the next."""
    if task is not None:
        build, spec = task
        worker = None  # what the last one held is free before the next is built
        try:
            worker = build(spec) if like is None else build(spec, like=like)
        except Exception as error:  # noqa: BLE001 - here it would be printed, and the process die
            pipe.send(("raised", error))
            return None
        pipe.send(("built", None))
    assert worker is not None  # noqa: S101 - the first handful names a task
    if (coming := getattr(worker, "coming", None)) is not None:
        coming(jobs)
    for job in jobs:
        try:
            answer: _Answer = ("done", worker(job))
        except Exception as error:  # noqa: BLE001 - as above
            answer = ("raised", error)
        try:
            pipe.send(answer)
        except (AttributeError, TypeError, PicklingError) as error:
            pipe.send(("raised", error))
    return worker

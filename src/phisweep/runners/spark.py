"""
Spark: jobs done by the executors of a cluster, or by processes of this machine.

An attempt at a task may be lost, tried again, or run twice. What it returns counts once, for Spark
takes the result of one attempt alone; what it leaves elsewhere is for the caller to take up then.
"""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from phisweep.errors import DetectionError, PhisweepError, place_of
from phisweep.runners.context import started

S = TypeVar("S")
J = TypeVar("J")
R = TypeVar("R")
#: What a worker is built from: the spec, and a folder with the files that came with it.
Build = Callable[[S, Path], Callable[[J], R]]
#: Small jobs go together, so that a task is worth its start.
_UNIT_BYTES, _UNIT_JOBS = 16 << 20, 64
#: Tasks of a wave for each slot, and waves under way: one that waits for a long task leaves no slot
#: idle, and the results of so many are in memory at once.
_TASKS, _WAVES = 8, 4
_CHUNK = 32 << 20  # bytes of the files that go out at once
#: In an executor's process: the worker of the present call alone, by the call's name.
_built: dict[str, Any] = {}


@dataclass(frozen=True, slots=True)
class Call:
    """What executors are told once, by broadcasts: the worker to build, its spec, its files."""

    name: str
    spec: Any = field(repr=False)
    files: tuple[Any, ...] = field(default=(), repr=False)

    def end(self) -> None:
        """Take it back: nobody works with it any more."""
        for broadcast in (self.spec, *self.files):
            broadcast.destroy()


class FailedError(RuntimeError):
    """An attempt failed; only the error's class and its place in the code are told."""


def run(
    build: Build[S, J, R],
    spec: S,
    jobs: Sequence[J],
    sizes: Sequence[int],
    *,
    master: str = "",
    files: Path | None = None,
) -> Generator[tuple[int, R | None], None, None]:
    """
    Yield each job's index and result as it is done, the largest first; None: its process died.

    The worker is built once in each process. `files` is a tar that is unpacked on every machine.
    What an attempt raises is tried again, but a PhisweepError, which is raised here. Raises
    ComponentError E440 to E446, DetectionError E306.
    """
    if not jobs:
        return
    context = started(master)
    call = shipped(context, build, spec, files)
    waves = ThreadPoolExecutor(_WAVES)
    try:
        yield from _done(context, waves, call, _units(jobs, sizes))
    finally:
        context.cancelJobGroup(call.name)
        waves.shutdown(wait=True, cancel_futures=True)
        call.end()


def parallelism(master: str = "") -> int:
    """Return how many tasks Spark does at once, as far as it knows. Raises ComponentError."""
    return max(int(started(master).defaultParallelism), 1)


def shipped(context: Any, build: Callable[..., Any], spec: object, files: Path | None) -> Call:
    """Tell executors what to work with; `worker` returns there what was built from it."""
    chunks = tuple(context.broadcast(chunk) for chunk in _chunks(files))
    name = f"phisweep-{secrets.token_hex(8)}"
    return Call(name, context.broadcast((build, spec)), chunks)


def _chunks(files: Path | None) -> Iterator[bytes]:
    if files is not None:
        with files.open("rb") as file:
            while chunk := file.read(_CHUNK):
                yield chunk


def _units(jobs: Sequence[J], sizes: Sequence[int]) -> list[list[tuple[int, J]]]:
    """Return the jobs in tasks, the largest first, so that none of those begins last."""
    groups = grouped(range(len(jobs)), sizes, _UNIT_BYTES, _UNIT_JOBS)
    return [[(i, jobs[i]) for i in group] for group in groups]


def grouped(
    chosen: Iterable[int], sizes: Sequence[int], most_bytes: int, most: int
) -> list[list[int]]:
    """Return indices in groups, the largest first; what is larger than a group is one by itself."""
    groups: list[list[int]] = []
    held = most_bytes
    for i in sorted(chosen, key=lambda i: -sizes[i]):
        if held + sizes[i] > most_bytes or len(groups[-1]) >= most:
            groups.append([])
            held = 0
        groups[-1].append(i)
        held += sizes[i]
    return groups


def _done(
    context: Any, waves: ThreadPoolExecutor, call: Call, units: list[list[tuple[int, J]]]
) -> Iterator[tuple[int, Any]]:
    slots = max(context.defaultParallelism, 1)
    many = slots * _TASKS
    units = _finer(units, slots)
    left = iter([units[i : i + many] for i in range(0, len(units), many)])
    pending = {
        waves.submit(_wave, context, call, wave)
        for _, wave in zip(range(_WAVES), left, strict=False)
    }
    while pending:
        finished, pending = wait(pending, return_when=FIRST_COMPLETED)
        for future in finished:
            pending |= {
                waves.submit(_wave, context, call, wave) for wave in (next(left, None),) if wave
            }
            for i, refused, result in future.result():
                if refused:
                    raise result
                yield i, result


def _finer(units: list[list[tuple[int, J]]], slots: int) -> list[list[tuple[int, J]]]:
    """Return more tasks of fewer jobs, where there are fewer tasks than slots."""
    jobs = [job for unit in units for job in unit]
    if len(units) >= 2 * slots or len(jobs) == len(units):
        return units
    size = -(-len(jobs) // (2 * slots))
    return [jobs[i :: -(-len(jobs) // size)] for i in range(-(-len(jobs) // size))]


def _wave(
    context: Any, call: Call, units: list[list[tuple[int, J]]]
) -> list[tuple[int, bool, Any]]:
    """
    Return what became of the jobs of some tasks.

    Where one of them fails as often as Spark tries, each job is done by itself: whichever it was
    costs no other.
    """
    try:
        return _collected(context, call, units)
    except Exception:  # noqa: BLE001 - it names a process that died, or a class
        _see_alive(context)
    done: list[tuple[int, bool, Any]] = []
    for job in (job for unit in units for job in unit):
        try:
            done += _collected(context, call, [[job]])
        except Exception:  # noqa: BLE001 - as above, and now it is known whose
            _see_alive(context)
            done.append((job[0], False, None))
    return done


def _collected(
    context: Any, call: Call, units: list[list[tuple[int, J]]]
) -> list[tuple[int, bool, Any]]:
    context.setJobGroup(call.name, "phisweep", interruptOnCancel=True)
    tasks = context.parallelize(units, len(units))
    return [one for many in tasks.map(partial(_do, call)).collect() for one in many]


def _see_alive(context: Any) -> None:
    """Raise DetectionError where it is not a job that failed but Spark."""
    alive = False
    with suppress(Exception):
        alive = context._jsc is not None and not context._jsc.sc().isStopped()  # noqa: SLF001
    if not alive:
        raise DetectionError(
            "E306",
            "Spark ended before the run was done",
            todo="See the log of the cluster; nothing was written under OUT's name.",
        ) from None


# On the executors


def _do(call: Call, unit: list[tuple[int, Any]]) -> list[tuple[int, bool, Any]]:
    """Do the jobs of a task: index, whether it was refused, result. Raises FailedError."""
    done = []
    for i, job in unit:
        try:
            with safely():
                done.append((i, False, worker(call)(job)))
        except PhisweepError as error:
            return [(i, True, error)]
    return done


@contextmanager
def safely() -> Iterator[None]:
    """Let no error out whose message may hold a value, for Spark logs it. Raises FailedError."""
    try:
        yield
    except PhisweepError:
        raise
    except Exception as error:  # noqa: BLE001 - whatever it was
        raise FailedError(place_of(error)) from None


def worker(call: Call) -> Any:
    """Return the worker of this process, built when it is first asked for."""
    if call.name not in _built:
        _built.clear()
        build, spec = call.spec.value
        _built[call.name] = build(spec, _unpacked(call))
    return _built[call.name]


def _unpacked(call: Call) -> Path:
    """Return the folder of the files that came along, unpacked once for all processes beside us."""
    import tarfile  # noqa: PLC0415 - executors alone
    import tempfile  # noqa: PLC0415

    from pyspark import SparkFiles  # noqa: PLC0415

    root = Path(SparkFiles.getRootDirectory()).resolve()  # "." on a cluster
    folder = root / call.name
    if not folder.is_dir():
        own = Path(tempfile.mkdtemp(dir=root, prefix=f"{call.name}-"))
        (own / "files").mkdir(mode=0o700)
        if call.files:
            with tempfile.TemporaryFile(dir=own) as file:
                for chunk in call.files:
                    file.write(chunk.value)
                file.seek(0)
                with tarfile.open(fileobj=file) as archive:
                    archive.extractall(own / "files", filter="data")
        with suppress(OSError):  # somebody beside us was first
            (own / "files").rename(folder)
        shutil.rmtree(own)
    return folder

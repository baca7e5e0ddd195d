"""Large documents in pieces, which processes share, of a pool or of a cluster."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, Generic, Protocol, TypeVar

from phisweep.analysis import Job
from phisweep.formats.pieces import Cut
from phisweep.model import Source
from phisweep.ticks import tell
from phisweep.values import dataclass

#: Bytes from which on a document is cut.
LARGE = 32 << 20
#: Pieces for each process, so that none waits long for the last one.
_SHARES = 8
#: A document is cut that is more than one of so many parts of what each process has to do.
_PARTS = 4

R = TypeVar("R")
R_co = TypeVar("R_co", covariant=True)


class Joining(Protocol[R_co]):
    """Takes what became of the pieces of one document, in any order."""

    def jobs(self) -> Sequence[Any]:
        """Return what is to be done, all of about the same size."""

    def take(self, number: int, result: Any) -> bool:
        """Take the result of one of the jobs, by its number; return whether it was the last."""

    def outcome(self) -> R_co | None:
        """Return what became of the document, None where it is to be done as a whole."""

    def drop(self) -> None:
        """Leave nothing of the pieces."""


@dataclass(frozen=True, slots=True)
class Divided(Generic[R]):
    """
    How a stage does documents in pieces.

    `build` makes a worker that does jobs of whole documents and of pieces; `join` takes a document and
    its cut, `dead` makes the result of a piece whose process died of it.
    """

    build: Callable[..., Callable[[Any], Any]]
    join: Callable[[Job, Cut], Joining[R]]
    dead: Callable[[Any], Any]


def large(sources: Sequence[Source], processes: int) -> list[int]:
    """
    Return which sources are to be cut, if they can be: those that would keep one process long.

    What lies in a store is not: each piece would have all of it fetched.
    """
    if processes < 2:  # noqa: PLR2004 - alone
        return []
    least = max(LARGE, sum(source.size for source in sources) // (_PARTS * processes))
    here = (i for i, each in enumerate(sources) if each.data is None and each.origin is None)
    return [i for i in here if sources[i].size >= least]


def in_pieces(  # noqa: PLR0917 - called by `spread` alone
    processes: int,
    ticks: Path | None,
    jobs: Sequence[Job],
    chosen: Sequence[int],
    divided: Divided[R],
    run: Callable[..., Generator[tuple[int, Any], None, None]],
) -> Generator[tuple[int, R], None, None]:
    """
    Yield each job's index and result; those of the `chosen` documents that can be cut are joined.

    `run` has jobs done: by what, which, of what sizes, and what stands for one that killed its process.
    A document of which a piece was not done is done as a whole when all else is. Who shows progress
    finds in `ticks` what is read of documents that are not joined yet.
    """
    from phisweep.pipeline.pieces import CutJob, Cutter  # noqa: PLC0415 - few runs cut something

    wanted = _SHARES * processes
    cuts: dict[int, Cut] = {}
    asked = [CutJob(jobs[i].source, wanted, jobs[i].target is not None) for i in chosen]
    with closing(run(Cutter, asked, [job.source.size for job in asked], _uncut)) as results:
        cuts = {chosen[at]: cut for at, cut in results if cut is not None}
    joins = {i: divided.join(jobs[i], cut) for i, cut in cuts.items()}
    tasks: list[tuple[int, int, Any]] = []  # document, number of its job or -1, job
    sizes: list[int] = []
    for i, job in enumerate(jobs):
        parts = [*enumerate(joins[i].jobs())] if i in joins else [(-1, job)]
        tasks += [(i, number, part) for number, part in parts]
        sizes += [job.source.size // len(parts)] * len(parts)
    again: list[int] = []
    read = 0
    try:
        with closing(run(divided.build, [t[2] for t in tasks], sizes, divided.dead)) as results:
            for at, result in results:
                i, number, _ = tasks[at]
                if number < 0:
                    yield i, result
                    continue
                last = joins[i].take(number, result)
                read += sizes[at] if not last else -(len(joins[i].jobs()) - 1) * sizes[at]
                tell(ticks, read)
                if last:
                    outcome = joins.pop(i).outcome()
                    if outcome is None:
                        again.append(i)
                    else:
                        yield i, outcome
    finally:
        for join in joins.values():
            join.drop()
    if not again:
        return
    whole = [jobs[i] for i in again]
    with closing(
        run(divided.build, whole, [j.source.size for j in whole], divided.dead)
    ) as results:
        for at, result in results:
            yield again[at], result


def _uncut(job: object) -> None:
    """Say that a document is not cut."""

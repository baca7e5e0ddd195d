"""Workers that Spark's executors import: they die, fail, dawdle, or do what is asked."""

import os
import signal
import time
from dataclasses import replace
from pathlib import Path

from phisweep.analysis import PieceJob
from phisweep.detect.names.model import NamesModel
from phisweep.errors import ComponentError
from phisweep.pipeline import Worker
from phisweep.pipeline.pieces import PieceWorker
from phisweep.survey import Surveyor

#: An invented name that may stand nowhere but in the data.
CANARY = "Quillon Featherstonehaugh"


def build(folder, _files):
    """Return what does numbers; a word before one says what befalls its first attempt."""

    def do(job):
        what, number = job
        attempt(folder, number)
        if what == "refuse":
            raise ComponentError("E404", "a component is missing", where="here")
        if what == "die" or (what == "die once" and first(folder, number)):
            os.kill(os.getpid(), signal.SIGKILL)
        if what == "fail once" and first(folder, number):
            raise ValueError(CANARY)
        return 10 * number

    return do


def refuse(_spec, _files):
    raise ComponentError("E406", "no such model", where="model")


def reads(_spec, files):
    return lambda _job: (files / "a").read_text()


def attempt(folder, name):
    """Note an attempt."""
    (Path(folder) / f"{name}-{os.getpid()}-{time.time_ns()}").touch()


def attempts(folder, name):
    return len(list(Path(folder).glob(f"{name}-*")))


def first(folder, name):
    return attempts(folder, name) == 1


class Mishap(Worker):
    """
    Does documents; the names of some say what befalls the first attempt at them.

    It befalls when the copy is whole, just before anybody hears of it.
    """

    def __call__(self, job):
        notes, name = Path(os.environ["MISHAPS"]), Path(job.source.name).stem
        if name == "between" and job.target is not None:
            attempt(notes, "calls")
            if attempts(notes, "calls") == 2:  # its codes are drawn now, and it is to take them
                os.kill(os.getpid(), signal.SIGKILL)
        outcome = super().__call__(job)
        if job.target is None or not job.target.exists() or self.wished():
            return outcome
        attempt(notes, name)
        if first(notes, name):
            if name == "killed":
                os.kill(os.getpid(), signal.SIGKILL)
            if name == "lost":  # worker, daemon, executor
                os.kill(parent(os.getppid()), signal.SIGKILL)
                os.kill(os.getpid(), signal.SIGKILL)
            if name == "failed":
                raise ValueError(CANARY)
            if name == "slow":
                await_second(notes, name)
        return outcome

    def wished(self):
        return getattr(self.spec.codes, "wished", False)


class Dying:
    """Does jobs as what it is mixed into does them, and dies of one, whoever does it."""

    def __call__(self, job):
        if job.source.path.stem == "deadly":
            os.kill(os.getpid(), signal.SIGKILL)
        return super().__call__(job)


class DeadlyWorker(Dying, Worker):
    """Does documents, and dies of one."""


class DeadlySurveyor(Dying, Surveyor):
    """Surveys documents, and dies of one."""


class PieceMishap(PieceWorker):
    """
    Does pieces; the name of the document says what befalls piece 1.

    The first attempt at it is killed when it is whole, or the file is not what was cut.
    """

    def __call__(self, job):
        if not isinstance(job, PieceJob) or job.job.target is None or job.piece.number != 1:
            return super().__call__(job)
        notes, name = os.environ["MISHAPS"], job.source.path.stem
        if name == "changed":
            job = replace(job, cut=replace(job.cut, state=()))
        done = super().__call__(job)
        if not self.wished():
            attempt(notes, f"{name}-piece")
            if name == "dying" and first(notes, f"{name}-piece"):
                os.kill(os.getpid(), signal.SIGKILL)
        return done

    def wished(self):
        return getattr(self.worker.spec.codes, "wished", False)


class Counted(Worker):
    """Does documents, and notes when a process loads the names model, and how many threads it has."""

    def __init__(self, spec, like=None):
        load, notes = NamesModel.load, os.environ["MISHAPS"]

        def noted(*arguments):
            attempt(notes, "loaded")
            return load(*arguments)

        NamesModel.load = noted
        try:
            super().__init__(spec, like)
        finally:
            NamesModel.load = load

    def __call__(self, job):
        outcome = super().__call__(job)
        threads = len([*Path("/proc/self").glob("task/*")])
        attempt(os.environ["MISHAPS"], f"threads-{threads}")
        return outcome


def await_second(folder, name):
    """Wait until the same is attempted elsewhere, a hundred seconds at most."""
    until = time.monotonic() + 100
    while attempts(folder, name) == 1 and time.monotonic() < until:
        time.sleep(0.05)


def parent(process):
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return int(fields[1])

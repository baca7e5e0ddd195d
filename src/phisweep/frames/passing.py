"""The second pass over one frame: its CSV searched, decided on, and written as a copy."""

from __future__ import annotations

from dataclasses import dataclass

from phisweep.analysis import Job
from phisweep.frames.records import FrameLedger, Records
from phisweep.model import Outcome
from phisweep.pipeline import Worker
from phisweep.pipeline.worker import Pass


@dataclass(frozen=True, slots=True)
class Passed:
    """
    What became of a frame: the outcome of its copy, and its records.

    `shifted` are the indices of columns in which dates were moved.
    """

    outcome: Outcome
    records: Records
    shifted: frozenset[int]


def pass_frame(worker: Worker, job: Job) -> Passed:
    """
    Do one frame; nothing is written where the job has no target.

    Raises DocumentError, DetectionError.
    """
    ledger = FrameLedger(job.source.shown.removesuffix(".csv"), worker.spec.key)
    pass_ = Pass(worker, job, ledger)
    pass_.run()
    return Passed(
        pass_.outcome("", 0.0),
        ledger.finish(),
        frozenset(i for i, used in ledger.operators.items() if "date-shift" in used),
    )

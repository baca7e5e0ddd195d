"""
Spark data frames: what `phisweep.scan_frame` and `phisweep.deidentify_frame` do for those of pandas.

The session of the frame does the work; a detector is built once in each process of its executors.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from phisweep.calls import Call
from phisweep.frames import cluster
from phisweep.runners.context import started

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

Treatments = Mapping[str, Mapping[str, str]]


def scan(
    frame: DataFrame,
    *,
    profile: str = "safe-harbor",
    engine: str = "rules",
    policy: str | None = None,
    key: bytes | None = None,
    columns: Treatments | None = None,
) -> DataFrame:
    """
    Return a frame with a row for each finding: where, which rule, what shape; never a value.

    Rows are numbered from 1, in the order of the frame's partitions. Options are those of
    `phisweep.scan_frame`. Raises UsageError, RuleError, ComponentError, PolicyConflict.
    """
    started()
    call = Call.of(policy or profile, engine, key)
    return cluster.scan(frame, call, call.session.detector, columns=columns)


def deidentify(
    frame: DataFrame,
    *,
    profile: str = "safe-harbor",
    engine: str = "rules",
    policy: str | None = None,
    key: bytes | None = None,
    vault: str | Path | None = None,
    subject: str | Sequence[str] | None = None,
    columns: Treatments | None = None,
) -> DataFrame:
    """
    Return a new frame without PHI, searched again; Spark holds its rows until `unpersist`.

    Options are those of `phisweep.deidentify_frame`. A column in which something changed holds
    text, but dates that moved stay dates. The frame has to give the same rows whenever it is read.
    Raises as `scan` does, and DetectionError, VerificationError.
    """
    started()
    call = Call.of(policy or profile, engine, key, vault)
    return cluster.deidentify(frame, call, call.session.detector, subject=subject, columns=columns)

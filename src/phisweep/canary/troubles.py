"""What is wrong with a document, in the words that a run has for it; never a value."""

from __future__ import annotations

import traceback
from pathlib import Path

from phisweep.errors import DocumentError, InternalError, PhisweepError
from phisweep.model import Source


def trouble(source: Source, problem: Exception) -> str:
    """Return a problem as an error of the document: "error[E201]: ..."."""
    where = source.shown
    if isinstance(problem, PhisweepError):
        return str(problem)
    if isinstance(problem, OSError):
        reason = problem.strerror or type(problem).__name__
        todo = "Give read permission, or exclude it."
        return str(DocumentError("E201", f"cannot be read: {reason}", where=where, todo=todo))
    if isinstance(problem, MemoryError | RecursionError):
        what = f"too large or too deep to analyse ({type(problem).__name__})"
        return str(DocumentError("E212", what, where=where))
    frame = traceback.extract_tb(problem.__traceback__)[-1]
    place = f"{Path(frame.filename).name}:{frame.lineno}"
    return str(
        InternalError(
            "E701",
            f"{type(problem).__name__} at {place}",
            where=where,
            todo="Report this line; it holds no value of the data.",
        )
    )

"""Where jobs run; runners know nothing of PHI."""

from __future__ import annotations

from phisweep.errors import DetectionError


def died(where: str) -> DetectionError:
    """Return the error of a job, by the name of its source, that killed its process."""
    return DetectionError(
        "E302",
        "the process that analysed it died",
        where=where,
        todo="It may be too large for this machine's memory.",
    )


def stillborn() -> DetectionError:
    """Return the error for processes that die before they begin their first job."""
    return DetectionError(
        "E308",
        "the processes that analyse die as they start",
        todo="Try --jobs 1, which needs less memory, or the rules alone: --engine rules.",
    )

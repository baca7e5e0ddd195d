"""Where planted copies lie: a folder of their owner's alone, which is gone when the run is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from phisweep.spool import own_folder
from phisweep.staging import check_out, staging

PREFIX = "phisweep-canary-"


@contextmanager
def copies(keep: Path | None, inputs: Sequence[str]) -> Iterator[Path]:
    """
    Yield a folder of mode 0700 for copies, which is removed whatever happens.

    Where it is to be kept it gets the name `keep` at the end, and is removed only if the run fails. A
    process that was killed could remove nothing: the next run does. Raises UsageError for a `keep`
    that is taken or lies inside an input.
    """
    if keep is not None:
        check_out(keep, inputs)
        with staging(keep) as folder:
            yield folder
        return
    with own_folder(PREFIX) as folder:
        yield folder

"""The lines of a report's chain of custody, as they stood when a page was made."""

from __future__ import annotations

from pathlib import Path

from phisweep.integrity.custody import Line, read
from phisweep.values import dataclass


@dataclass(frozen=True, slots=True)
class Step:
    """
    One line: what was done, when (UTC), by which tool, over how many files, signed by which key.

    A line that is none has a `fault` and nothing else.
    """

    number: int
    at: str = ""
    step: str = ""
    tool: str = ""
    files: int = 0
    signer: str = ""
    sha256: str = ""
    fault: str = ""


def steps_of(folder: Path) -> tuple[Step, ...]:
    """
    Return the steps that stand in the chain of a folder, none where there is no chain.

    Whether the chain holds is for `verify` to say.
    """
    try:
        lines = read(folder)
    except OSError:
        return ()
    return tuple(_step(number, line) for number, line in enumerate(lines, 1))


def _step(number: int, line: Line) -> Step:
    entry = line.entry
    if entry is None:
        return Step(number, sha256=line.sha256, fault=line.fault)
    return Step(
        number=number,
        at=entry.at,
        step=entry.step,
        tool=entry.tool,
        files=len(entry.files),
        signer=entry.signer.key_id if entry.signer else "",
        sha256=line.sha256,
    )

"""What a report does not say: of the run itself, and of what nobody has measured yet."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from types import MappingProxyType
from typing import Final

from phisweep.figures import plural
from phisweep.report.record import RunRecord

#: What is missing where no companion of that name stands beside the record.
UNMEASURED: Final[Mapping[str, str]] = MappingProxyType(
    {
        "review": (
            "No person has reviewed a sample of it: draw one with phisweep sample, and mark it with"
            " phisweep review."
        ),
        "canary": (
            "Nothing was planted in a copy of these data to see how much is found: phisweep canary"
            " does that."
        ),
        "evaluation": (
            "Recall and precision were not measured on labelled documents like these: phisweep"
            " evaluate does that."
        ),
        "risk": (
            "How far those who are left can be told apart was not computed: phisweep risk does that."
        ),
    }
)
_MISSED: Final = "It does not say how many identifiers were missed: no search knows that of itself."
_MEASURED: Final = "How many identifiers were missed is estimated in a section of its own."
_LAW: Final = (
    "It is no determination under 45 CFR 164.514, and no legal advice: that nobody has actual"
    " knowledge is for a person to say, at the end of this report."
)
_DECIDED: Final = (
    "It is no determination under 45 CFR 164.514, and no legal advice: what people decided stands in"
    " a section of its own."
)


def limits_of(record: RunRecord, beside: Collection[str]) -> Iterator[str]:
    """Yield in sentences what the verdict does not mean; `beside` names the companions."""
    measured = {"review", "canary", "evaluation"} & {*beside}
    yield _MEASURED if measured else _MISSED
    totals = record.totals
    unread = totals.incomplete + totals.skipped
    if unread:
        yield f"It says nothing of {plural(unread, 'file')} not read, or not read whole."
    if record.unread:
        yield "It says nothing of the parts of files that are never looked at; they are listed."
    unseen = [f"({e.letter})" for e in record.letters if e.state == "not assessable"]
    if unseen and totals.clean + totals.changed:
        yield f"It says nothing of {', '.join(unseen)}: these are not assessable here."
    left_out = sum(entry.count for entry in record.suppressed)
    if left_out:
        yield f"It leaves out {plural(left_out, 'finding')} that somebody said to leave out."
    yield _DECIDED if "signoff" in beside else _LAW


def unmeasured(beside: Collection[str]) -> list[str]:
    """Return in sentences what nobody has measured of a run."""
    return [said for name, said in UNMEASURED.items() if name not in beside]

"""How dates were moved: what is kept of them, what is changed, and how many had no subject."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import model_validator

from phisweep.model import Outcome
from phisweep.report import phrases
from phisweep.report.parts import Count, Keeping, Part, PolicyRecord
from phisweep.report.subjects import is_unlinked_table, wanting
from phisweep.transform.shifting import PURPOSE, Shift, properties


class ShiftRecord(Part):
    """What the policy's shift does to the dates that `subjects` names: identifiers or columns."""

    subjects: tuple[str, ...]
    weekday: bool
    kept: tuple[str, ...]
    changed: tuple[str, ...]


class MovedRecord(Part):
    """
    The dates that a shift was to move.

    `found` counts them, outside names of files; of these at least `alone_least` and at most
    `alone_most` had no subject and were not moved. The two differ only where a file's surrogates
    wanted a subject as well. `offset` says what an offset is derived from.
    """

    shifts: tuple[ShiftRecord, ...]
    found: Count
    alone_least: Count
    alone_most: Count
    offset: str

    @model_validator(mode="after")
    def _adds_up(self) -> MovedRecord:
        if not self.alone_least <= self.alone_most <= self.found:
            raise ValueError("more dates have no subject than were found")
        return self


def moved_of(
    policy: PolicyRecord | None, outcomes: Sequence[Outcome], *, key_id: str, keeping: Keeping
) -> MovedRecord | None:
    """Return how dates were moved; None where the policy moves none. Raises RuleError."""
    shifts = _shifts(policy) if policy else ()
    if not shifts:
        return None
    alone = [_alone(outcome) for outcome in outcomes]
    return MovedRecord(
        shifts=shifts,
        found=sum(wanting(outcome, [PURPOSE]) for outcome in outcomes),
        alone_least=sum(least for least, _ in alone),
        alone_most=sum(most for _, most in alone),
        offset=phrases.OFFSET[keeping].format(key=key_id),
    )


def _shifts(policy: PolicyRecord) -> tuple[ShiftRecord, ...]:
    """Return the policy's shifts, those of like parameters once."""
    params = {t.subject: t.params for t in policy.treatments if t.operator == PURPOSE}
    distinct = [p for i, p in enumerate(params.values()) if p not in [*params.values()][:i]]
    return tuple(
        ShiftRecord(
            subjects=tuple(subject for subject, own in params.items() if own == chosen),
            weekday=Shift.of(chosen).weekday,
            kept=(told := properties(chosen)).kept,
            changed=told.changed,
        )
        for chosen in distinct
    )


def _alone(outcome: Outcome) -> tuple[int, int]:
    """Return how many dates of a file had no subject, at least and at most."""
    dates = wanting(outcome, [PURPOSE])
    if is_unlinked_table(outcome) or outcome.linking is None:
        return dates, dates
    alone, others = outcome.linking.alone, wanting(outcome) - dates
    return max(0, min(dates, alone - others)), min(dates, alone)

"""How dates were moved: what is kept of them, what is changed, and how many had no subject."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

from phisweep.figures import number
from phisweep.model import Outcome
from phisweep.report import phrases
from phisweep.report.parts import Count, Guarded, Keeping, PolicyRecord
from phisweep.report.subjects import is_unlinked_table, wanting

#: The operator; what it does is asked of `transform.shifting` where a policy has it.
SHIFT = "date-shift"
Alone = Literal["removed", "left as their year"]


class ShiftRecord(Guarded):
    """
    What a shift of the policy does to the dates that `subjects` names: identifiers or columns.

    `alone` says what becomes of dates without a subject, `kept` and `changed` what is true of these
    dates and not of all.
    """

    subjects: tuple[str, ...]
    weekday: bool
    alone: Alone
    kept: tuple[str, ...]
    changed: tuple[str, ...]


class MovedRecord(Guarded):
    """
    The dates that a shift was to move.

    `found` counts them, outside names of files; of these `alone` had no subject, and `unread` could
    not be read: these were not moved.
    `kept` and `changed` say what is true of all shifts, `offset` what an offset is derived from.
    """

    kept: tuple[str, ...]
    changed: tuple[str, ...]
    shifts: tuple[ShiftRecord, ...]
    found: Count
    alone: Count
    unread: Count
    offset: str

    def _check(self) -> None:
        if self.alone + self.unread > self.found:
            raise ValueError("more dates were not moved than were found")


def moved_of(
    policy: PolicyRecord | None, outcomes: Sequence[Outcome], *, key_id: str, keeping: Keeping
) -> MovedRecord | None:
    """Return how dates were moved; None where the policy moves none. Raises RuleError."""
    shifts = _shifts(policy) if policy else ()
    if not shifts:
        return None
    kept = _common([shift.kept for shift in shifts])
    changed = _common([shift.changed for shift in shifts])
    return MovedRecord(
        kept=kept,
        changed=changed,
        shifts=tuple(
            shift.model_copy(
                update={
                    "kept": tuple(line for line in shift.kept if line not in kept),
                    "changed": tuple(line for line in shift.changed if line not in changed),
                }
            )
            for shift in shifts
        ),
        found=sum(wanting(outcome, [SHIFT]) for outcome in outcomes),
        alone=sum(map(_alone, outcomes)),
        unread=sum(map(_unread, outcomes)),
        offset=phrases.OFFSET[keeping].format(key=key_id),
    )


def dates_moved(told: MovedRecord) -> str:
    """Return how many dates were moved: `15`."""
    return number(told.found - told.alone - told.unread)


def dates_alone(told: MovedRecord) -> str:
    """Return how many dates had no subject: `3`."""
    return number(told.alone)


def instead(told: MovedRecord) -> str:
    """Return what became of dates that had no subject: `removed`."""
    return " or ".join(sorted({shift.alone for shift in told.shifts}, reverse=True))


def weekdays(told: MovedRecord) -> str:
    """Return whether dates keep the day of their week."""
    kept = {shift.weekday for shift in told.shifts}
    return "kept in part" if len(kept) > 1 else "kept" if True in kept else "not kept"


def _shifts(policy: PolicyRecord) -> tuple[ShiftRecord, ...]:
    """Return the policy's shifts, those of like parameters once."""
    params = {t.subject: t.params for t in policy.treatments if t.operator == SHIFT}
    distinct = [p for i, p in enumerate(params.values()) if p not in [*params.values()][:i]]
    return tuple(
        _shift(tuple(subject for subject, own in params.items() if own == chosen), chosen)
        for chosen in distinct
    )


def _shift(subjects: tuple[str, ...], params: Mapping[str, str | int | bool]) -> ShiftRecord:
    from phisweep.transform.shifting import Shift, properties  # noqa: PLC0415 - no search has it

    shift, told = Shift.of(params), properties(params)
    return ShiftRecord(
        subjects=subjects,
        weekday=shift.weekday,
        alone="left as their year" if shift.year_alone else "removed",
        kept=told.kept,
        changed=told.changed,
    )


def _common(told: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """Return the sentences that stand in all, in the order of the first."""
    return tuple(line for line in told[0] if all(line in other for other in told))


def _alone(outcome: Outcome) -> int:
    """Return how many dates of a file had no subject."""
    dates = wanting(outcome, [SHIFT])
    if is_unlinked_table(outcome) or outcome.linking is None:
        return dates
    return min(dates, outcome.linking.alone)


def _unread(outcome: Outcome) -> int:
    """Return how many dates of a file have a subject and could not be read."""
    seen = outcome.linking.unread if outcome.linking else 0
    return min(seen, wanting(outcome, [SHIFT]) - _alone(outcome))

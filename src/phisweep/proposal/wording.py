"""A proposal in words, the same on a terminal and in a policy file."""

from __future__ import annotations

from phisweep.figures import number, plural
from phisweep.proposal.values import ColumnPlan, Evidence, FilePlan


def counts(evidence: Evidence) -> str:
    """`64 filled, 12 distinct`, `53 of 64 filled, 12 distinct`."""
    of = "" if evidence.filled == evidence.rows else f" of {number(evidence.rows)}"
    if not evidence.filled:
        return f"none{of} filled"
    distinct = f", {evidence.distinct_shown} distinct" if evidence.distinct else ""
    return f"{number(evidence.filled)}{of} filled{distinct}"


def holding(plan: ColumnPlan) -> str:
    """Say in how many values something was found: `found in 64 values: date 19 (30%)`; or ""."""
    evidence = plan.evidence
    if not evidence.found or (plan.sort.identifier and not plan.sort.advice):
        return ""
    parts = [
        f"{identifier} {number(times)} ({_share(times, evidence.examined)})"
        for identifier, times in evidence.found
    ]
    return f"found in {plural(evidence.examined, 'value')}: {', '.join(parts)}"


def done(plan: ColumnPlan) -> str:
    """`(H) mrn: code`, `(B) zip: keep, as the policy says of it`, or ""."""
    parts = [f"({plan.letter}) {plan.sort.identifier}"] if plan.letter and plan.operator else []
    parts += [plan.operator] if plan.operator else []
    return ": ".join(parts) + (", as the policy says of it" if plan.decided else "")


def extent(file: FilePlan) -> str:
    """`1 file, 64 rows`, `3 files, 900 records, first 2 MB of each`."""
    noun = "record" if file.format.startswith("json") else "row"
    parts = [plural(file.files, "file")]
    parts += [plural(file.rows, noun)] if file.rows else []
    parts += [file.read] if file.read else []
    if file.hidden:
        nothing = ", in which nothing was found" if file.format.startswith("dicom") else ""
        what = "attributes" if nothing else "paths"
        parts.append(f"{number(file.hidden)} more {what}{nothing}")
    if file.also:
        parts.append(f"the pattern fits {plural(file.also, 'file')} of other entries too")
    return ", ".join(parts)


def _share(times: int, whole: int) -> str:
    share = times / whole if whole else 0.0
    return "under 1%" if share < 0.01 else f"{share:.0%}"  # noqa: PLR2004

"""Decisions -> edits: each operator is asked once, for what it covers."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from phisweep.errors import InternalError, PhisweepError
from phisweep.model import Decision, Edit, Finding
from phisweep.transform.operators import Context, Operator, get


def edits_for(
    text: str, decisions: Sequence[Decision], context: Callable[[Finding], Context]
) -> list[Edit]:
    """
    Return the edits that carry out the decisions, in their order.

    `context` gives an operator what it may know of a finding. What is kept, and what an operator
    leaves as it is, makes no edit. Raises RuleError for an unknown operator, InternalError where
    one fails or a finding lies outside the text.
    """
    operators: dict[str, Operator] = {}
    edits: list[Edit] = []
    for decision in decisions:
        if decision.action == "keep":
            continue
        finding = decision.finding
        if not 0 <= finding.start <= finding.end <= len(text):
            raise InternalError(
                "E703", "a finding lies outside its text", where=finding.location.address
            )
        if decision.operator not in operators:
            operators[decision.operator] = get(decision.operator)
        covered = text[finding.start : finding.end]
        new = _apply(operators[decision.operator], covered, decision, context(finding))
        if new != covered:
            edits.append(Edit(finding.start, finding.end, new))
    return edits


def _apply(operator: Operator, covered: str, decision: Decision, context: Context) -> str:
    try:
        return operator(covered, context, decision.params)
    except PhisweepError:
        raise
    except Exception as error:  # noqa: BLE001 - whatever it was, its message may hold the value
        kind = type(error).__name__
    raise InternalError(
        "E704",
        f"the operator {decision.operator} failed on a finding of {decision.finding.rule} ({kind})",
        where=decision.finding.location.address,
    )

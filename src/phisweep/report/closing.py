"""The parts of the machine record that close it: sentences, and what a human fills in."""

from __future__ import annotations

from typing import Literal

from phisweep.report.parts import Part


class StatementsRecord(Part):
    """Sentences that belong to every report."""

    model: str
    residual_risk: tuple[str, ...]
    method: str


class AttestationRecord(Part):
    """The question of actual knowledge. The tool never answers it."""

    citation: str
    question: str
    prompts: tuple[str, ...]
    answer: None
    signed_by: None
    signed_on: None


class CustodyRecord(Part):
    """
    Who ran what, when: start and end in UTC.

    `chain` is the file of the chain of custody that stands beside the record; empty where there is
    none.
    """

    run_id: str
    tool: str
    key_id: str
    started: str
    finished: str
    seconds: float
    chain: Literal["", "custody.jsonl"] = ""


class SignOffRecord(Part):
    """Fields and roles for a human to fill in and sign."""

    fields: tuple[str, ...]
    roles: tuple[str, ...]


class RetentionRecord(Part):
    """How long the report is kept."""

    years: int
    citations: tuple[str, ...]
    words: str

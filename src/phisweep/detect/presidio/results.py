"""Presidio's results and our findings: what one is called on the other side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from presidio_analyzer import RecognizerResult

from phisweep.model import Finding, Location

#: Our identifier families for Presidio's entities. What stands not here is (R), other_id.
FAMILIES: Mapping[str, str] = {
    "PERSON": "name",
    "LOCATION": "location",
    "ORGANIZATION": "location",
    "PHONE_NUMBER": "phone",
    "EMAIL_ADDRESS": "email",
    "US_SSN": "ssn",
    "US_ITIN": "ssn",
    "CREDIT_CARD": "account",
    "IBAN_CODE": "account",
    "US_BANK_NUMBER": "account",
    "ABA_ROUTING_NUMBER": "account",
    "IP_ADDRESS": "ip",
    "URL": "url",
    "US_DRIVER_LICENSE": "license",
    "MEDICAL_LICENSE": "license",
    "US_NPI": "license",
    "US_MBI": "health_plan",
    "AU_MEDICARE": "health_plan",
    "AGE": "age",
}
#: Dates are decided by the date grammar, groups of people are no identifier.
IGNORED = frozenset({"DATE_TIME", "NRP"})


def entity(identifier: str) -> str:
    """Return what one of our identifiers is called as an entity of Presidio."""
    return f"PHI_{identifier.upper()}"


def is_ours(name: str) -> bool:
    """Say whether an entity is one of ours."""
    return name.startswith("PHI_")


def results(
    findings: Sequence[Finding], asked: Sequence[str], supported: Sequence[str]
) -> list[RecognizerResult]:
    """
    Return our findings as results of Presidio.

    Where `asked` names none of those that are `supported`, nobody chose among them: an engine that
    asks for all does not know what a recognizer brings that was handed in for one text.
    """
    chosen = set(asked) & set(supported)
    return [
        RecognizerResult(entity(f.identifier), f.start, f.end, f.score)
        for f in findings
        if not chosen or entity(f.identifier) in chosen
    ]


def finding(result: Any, location: Location, first: int) -> Finding | None:
    """
    Return a result as a finding, None for an entity that is ignored.

    `first` is where the text that Presidio saw begins, in code points of the whole.
    """
    if result.entity_type in IGNORED:
        return None
    metadata = result.recognition_metadata or {}
    name = str(metadata.get(RecognizerResult.RECOGNIZER_NAME_KEY, "presidio"))
    return Finding(
        location,
        result.start + first,
        result.end + first,
        FAMILIES.get(result.entity_type, "other_id"),
        f"presidio/{result.entity_type.lower().replace('_', '-')}",
        float(result.score),
        "high",
        (f"Presidio's {name}: {result.entity_type} {result.score:.2f}",),
    )

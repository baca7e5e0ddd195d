"""
References between FHIR resources: which part of one is an id, and of which kind of resource.

Only the id is a block, so that "Patient/123", "urn:uuid:...", a full URL and the id of the resource
itself get one replacement, and still name each other in a copy.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

#: What the standard allows, and what an operator of ours may have written in its stead.
_ID = r"(?:[A-Za-z0-9.\-_]{1,64}|\[[^\]\s]{1,300}\])"
_BASE = r"(?P<base>(?:[A-Za-z][A-Za-z0-9+.-]*://[^\s?#]*|\[[A-Z]+(?:-[A-Z]+)?\])?/)?"
_TYPE = r"[A-Z][A-Za-z]{2,40}"
_URN = re.compile(rf"(?P<urn>urn:(?:uuid|oid):)(?P<id>{_ID})")
_LOCAL = re.compile(r"#(?P<id>\S+)")
_RESOURCE = re.compile(
    rf"{_BASE}(?P<type>{_TYPE})/(?P<id>{_ID})"
    rf"(?:/_history/{_ID})?(?P<rest>[/?#].*)?"
)
_SEARCH = re.compile(rf"{_BASE}(?:(?P<type>{_TYPE})\?)?(?P<query>[^?]*=.*)")
_PARAMETER = re.compile(r"(?P<name>[^&=]{1,80})=(?P<value>[^&]*)")
#: Elements whose reference is to a patient, where nothing in it says so.
OF_PATIENT = frozenset({"patient", "beneficiary", "subject"})


@dataclass(frozen=True, slots=True)
class Target:
    """A resource that is referred to."""

    type: str
    id: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Part:
    """
    Half-open code points of a reference that are searched.

    `step` ends its address, "" being that of the reference itself; `path` is what it is, below the
    place of the reference: "Patient" (the id of one), "contained", "base", "Patient.identifier".
    """

    start: int
    end: int
    step: str
    path: str
    label: str = ""


def parts(value: str, targets: Mapping[str, Target], key: str) -> Iterator[Part]:
    """
    Yield the parts of a reference, of which `key` is the element that holds it.

    `targets` are the resources of the same document by their full URLs. What is no reference by
    its form is one part.
    """
    if match := _URN.fullmatch(value):
        yield Part(*match.span("id"), "", type_of(value, targets, key))
    elif match := _LOCAL.fullmatch(value):
        yield Part(*match.span("id"), "", "contained")
    elif match := _RESOURCE.fullmatch(value):
        if match["base"] and match["base"] != "/":
            yield Part(match.start("base"), match.end("base") - 1, "base", "base", "url")
        yield Part(*match.span("id"), "", match["type"])
        if match["rest"]:
            yield Part(*match.span("rest"), "rest", "rest", "url")
    elif "=" in value and (match := _SEARCH.fullmatch(value)):
        if match["base"] and match["base"] != "/":
            yield Part(match.start("base"), match.end("base") - 1, "base", "base", "url")
        yield from _parameters(value, match.start("query"), match["type"] or "any")
    else:
        yield Part(0, len(value), "", "rest")


def type_of(value: str, targets: Mapping[str, Target], key: str) -> str:
    """Return the type of the resource that a reference names, "other" where it is not told."""
    if match := _RESOURCE.fullmatch(value):
        return match["type"]
    if target := targets.get(value):
        return target.type
    if (match := _SEARCH.fullmatch(value)) and match["type"]:
        return match["type"]
    return "Patient" if key in OF_PATIENT else "other"


def target_of(value: str, targets: Mapping[str, Target]) -> Target | None:
    """Return the resource that a reference names, with its id; None where that is not told."""
    if target := targets.get(value):
        return target
    if match := _RESOURCE.fullmatch(value):
        return Target(match["type"], match["id"])
    if match := _URN.fullmatch(value):
        return Target("", match["id"])
    return None


def is_reference(value: str) -> bool:
    """Say whether a string is a reference to one resource, by its form."""
    return _URN.fullmatch(value) is not None or _RESOURCE.fullmatch(value) is not None


def _parameters(value: str, start: int, type_: str) -> Iterator[Part]:
    for number, match in enumerate(_PARAMETER.finditer(value, start), 1):
        begin, end = match.span("value")
        bar = value.rfind("|", begin, end)
        name = re.sub(r"[^A-Za-z]", "", match["name"])[:20] or "parameter"
        step = f"parameter/{number}"
        if bar >= 0:
            yield Part(begin, bar, f"{step}/system", "system", "system")
            begin = bar + 1
        path = f"{type_}.id" if name == "id" else f"{type_}.{name}"
        yield Part(begin, end, step, "search." + path, name)

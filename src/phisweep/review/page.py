"""The page that a review is done on, and what it is told; what phisweep did is never told."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from phisweep import pages
from phisweep.review.desk import Desk

_FOLDER = Path(__file__).parent / "templates"
_POLICY = re.compile(r'http-equiv="Content-Security-Policy" content="([^"]+)"')
#: What may tell who somebody is, in few words: 45 CFR 164.514(b)(2)(i)(A) to (R).
GUIDE = (
    "names, of patients, relatives, employers, and of those who treat them",
    "places smaller than a State: street, city, county, ZIP code",
    "dates but for the year, ages over 89",
    "telephone and fax numbers, e-mail addresses",
    "social security, record, insurance, account and licence numbers",
    "serial numbers of vehicles and devices",
    "web and IP addresses",
    "fingerprints, voices, faces",
    "any other number, code or description that is one person's alone",
)


@dataclass(frozen=True, slots=True)
class Page:
    """The page, and the policy that its own style, script and requests alone are allowed by."""

    html: str = field(repr=False)
    policy: str


def page_of(desk: Desk, token: str) -> Page:
    """Return the page of a desk; it holds the token of its requests, and no text of the data."""
    html = pages.render(_FOLDER, "review.html.j2", {"desk": desk, "token": token, "guide": GUIDE})
    own = _POLICY.search(html)
    assert own is not None  # noqa: S101 - it stands in our template
    policy = f"{own[1]}; frame-ancestors 'none'"
    return Page(html, policy)


def state_of(desk: Desk) -> Mapping[str, object]:
    """Return what the page shows now: how far the review is, and what is asked."""
    state: dict[str, object] = {
        "done": desk.done,
        "total": desk.total,
        "finished": desk.finished,
        "unit": None,
    }
    view = desk.current
    if view is None:
        return state
    unit = view.unit
    if unit.is_candidate:
        pieces: list[tuple[str, object]] = [
            (view.text[view.start : unit.start], None),
            (view.text[unit.start : unit.end], "asked"),
            (view.text[unit.end : view.end], None),
        ]
    else:
        pieces = [*view.pieces]
    state["unit"] = {
        "id": unit.id,
        "kind": "candidate" if unit.is_candidate else "passage",
        "before": view.before,
        "after": view.after,
        "pieces": [piece for piece in pieces if piece[0]],
        "marked": sorted(desk.marked),
        "label": view.label,
        "where": view.where,
    }
    return state

"""Edits -> text: the covered characters go, the others keep their order."""

from __future__ import annotations

from collections.abc import Sequence

from phisweep.errors import InternalError
from phisweep.model import Edit


def splice(text: str, edits: Sequence[Edit]) -> str:
    """
    Return the text with the edits in place, in one pass.

    The edits must be sorted and may touch but not overlap; else InternalError is raised.
    """
    if not edits:
        return text
    parts: list[str] = []
    at = 0
    for edit in edits:
        if not at <= edit.start <= edit.end <= len(text):
            raise InternalError("E702", "edits overlap, are not sorted or lie outside their text")
        parts.append(text[at : edit.start])
        parts.append(edit.text)
        at = edit.end
    parts.append(text[at:])
    return "".join(parts)

"""
Marks in a document that allow what stands on their line: `phisweep: allow date reason="lot expiry"`.

A mark without a reason is an error: nobody could say later why it was left out.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from phisweep.errors import DocumentError
from phisweep.model import IDENTIFIERS, Finding, Text
from phisweep.values import dataclass

_MARK = re.compile(r"phisweep:[ \t]{0,8}allow\b(?P<rest>[^\n]{0,300})")
_REST = re.compile(
    r"""[ \t]{1,8}(?P<rules>[a-z0-9_/-]{2,64}(?:[ \t]{0,2},[ \t]{0,2}[a-z0-9_/-]{2,64}){0,9})"""
    r"""[ \t]{1,8}reason=(?:"(?P<one>[^"\n]{3,200})"|'(?P<two>[^'\n]{3,200})')"""
)


@dataclass(frozen=True, slots=True)
class Mark:
    """A mark, and the half-open code points of the line that it holds for."""

    start: int
    end: int
    rules: tuple[str, ...]
    reason: str

    def allows(self, finding: Finding) -> bool:
        """Say whether it allows a finding: of its identifier or rule, that begins on its line."""
        named = finding.identifier in self.rules or finding.rule in self.rules
        return named and self.start <= finding.start < self.end


def marks_in(block: Text) -> Sequence[Mark]:
    """Return the marks of a text. Raises DocumentError E270 for one that is not whole."""
    if "phisweep:" not in block.text:
        return ()
    found = []
    for match in _MARK.finditer(block.text):
        start = block.text.rfind("\n", 0, match.start()) + 1
        end = block.text.find("\n", match.end())
        rest = _REST.match(match["rest"])
        rules = tuple(re.split(r"[ \t]*,[ \t]*", rest["rules"])) if rest else ()
        if rest is None or any(rule.partition("/")[0] not in IDENTIFIERS for rule in rules):
            line = (block.line or 1) + block.text.count("\n", 0, match.start())
            raise DocumentError(
                "E270",
                f"a mark that allows something is not whole (line {line})",
                where=block.location.source,
                todo='Write it as: phisweep: allow RULE reason="why".',
            )
        reason = rest["one"] or rest["two"]
        found.append(Mark(start, len(block.text) if end < 0 else end, rules, reason))
    return found

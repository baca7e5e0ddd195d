"""
A column judged whole, and every distinct value of it examined all the same.

The verdict comes from the header and the values together; it says what all values are. Where
there is none, each distinct value is searched by the rules: a minority hit is never voted away.
A number is decided by rate and header, never by itself: of random ten-digit numbers one in ten
passes an NPI's check digit.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import field
from typing import TYPE_CHECKING

from phisweep.detect.detector import Detector
from phisweep.detect.fields import normal_name
from phisweep.detect.scales import ends_of_scales, is_score
from phisweep.detect.shapes import says_nothing, shapes
from phisweep.marks import is_general, is_mark
from phisweep.model import Finding, Kind, Location, Severity, Text
from phisweep.ruleset.schema import ShapeName, Treatment
from phisweep.values import dataclass

if TYPE_CHECKING:
    import pyarrow as pa

    from phisweep.detect.rules import FieldRule
    from phisweep.detect.screening import Kinds, Screen

_SHARE = 0.8  # of the distinct values must have a shape for the column to have it
_RATE = 0.8  # of the distinct values must be one identifier for all to be it
_RATE_NUMBER = 0.95  # the same for bare numbers, where chance agrees more often
_FEW, _ENOUGH = 5, 20  # distinct values: below the first, values speak for themselves only
_EXAMINED = 400  # distinct values of the sample that the rules are tried on
_CACHED = 20_000  # distinct values of a column that are remembered between chunks
_UNIQUE = 0.95
_MONTH_DAY = "date/month-day"  # rules of a month and a day without more
_SUBSTANCE = re.compile(r"[A-DGHJLMNPRSV]\d\d[A-Z]{2}\d\d")  # of the ATC classification
_CODED = re.compile(r"(?=.{0,63}[A-Za-z])(?=(?:.{0,63}?\d){3})[A-Za-z0-9][A-Za-z0-9-]{5,63}")
_VOCABULARY = re.compile(
    r"(?:^|_)(?:code|codes|concept|loinc|icd\d*|snomed|cpt|ndc|rxnorm|hcpcs|drg|atc|version|gene"
    r"|variant|unit|units|sop)(?:_|$)"
)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What all values of a column are, and by which rule; `accepts` may leave single ones out."""

    identifier: str
    rule: str
    score: float
    severity: Severity
    why: str
    accepts: Callable[[str], bool] | None = field(default=None, repr=False)


class ColumnJudge:
    """Holds the verdict of one column of one document, and its values' findings."""

    def __init__(
        self,
        detector: Detector,
        label: str,
        sample: Sequence[str],
        treatment: Treatment | None = None,
    ) -> None:
        self._detector = detector
        self._label = label
        self._found: dict[str, tuple[Finding, ...]] = {}
        self._spans: dict[tuple[int, int], tuple[Finding, ...]] = {}
        filled: Counter[str] = Counter()
        for value, count in Counter(sample).items():
            if not says_nothing(stripped := value.strip()):
                filled[stripped] += count
        distinct = list(filled)
        self._judged = bool(distinct)
        self._named: FieldRule | None = None
        self._screen: Screen | None = None
        forms = Counter(shape for value in distinct for shape in shapes(value))
        self.numeric = bool(distinct) and forms["number"] / len(distinct) >= _SHARE
        self._ends = ends_of_scales(distinct)
        self.verdict = self._judge(distinct, forms, filled.total()) if distinct else None
        if treatment is not None and treatment.operator != "keep":
            self.verdict, self._named = _by_policy(treatment), None

    def _judge(
        self, distinct: Sequence[str], forms: Mapping[ShapeName, int], filled: int
    ) -> Verdict | None:
        seen = {shape for shape, n in forms.items() if n >= _SHARE * len(distinct)}
        rule = self._detector.fields.judge(self._label, seen, distinct[:_EXAMINED])
        if rule is not None:
            self._named = rule
            why = f"field {rule.id}: the column's name and values say so"
            score = rule.entry.confidence
            return Verdict(rule.identifier, rule.id, score, rule.severity, why, rule.accepts)
        return self._by_rate(distinct) or self._unique(distinct, filled)

    def _by_rate(self, distinct: Sequence[str]) -> Verdict | None:
        if len(distinct) < _FEW:
            return None
        tried = distinct[:_EXAMINED]
        best: dict[str, list[Finding]] = {}
        for value in tried:
            seen: set[str] = set()
            for finding in self._search(value):
                whole = finding.start == 0 and finding.end == len(value)
                if whole and finding.identifier not in seen:
                    seen.add(finding.identifier)
                    best.setdefault(finding.identifier, []).append(finding)
        if not best:
            return None
        hits = max(best.values(), key=lambda fs: (len(fs), max(f.score for f in fs)))
        if len(hits) < (_RATE_NUMBER if self.numeric else _RATE) * len(tried):
            return None
        if self.numeric and (len(tried) < _ENOUGH or not all(_checked(f) for f in hits)):
            return None
        top = max(hits, key=lambda f: f.score)
        why = f"{len(hits)} of {len(tried)} distinct values examined are {top.identifier}"
        return Verdict(top.identifier, top.rule, top.score, top.severity, why)

    def _unique(self, distinct: Sequence[str], filled: int) -> Verdict | None:
        """Near-unique coded values under a name that no rule knows: fail closed, (R)."""
        if len(distinct) < _ENOUGH or len(distinct) < _UNIQUE * filled:
            return None
        if _VOCABULARY.search(normal_name(self._label)):
            return None
        if _share(distinct, lambda v: bool(_CODED.fullmatch(v))) < _UNIQUE:
            return None
        if _share(distinct, lambda v: bool(_SUBSTANCE.fullmatch(v))) >= _UNIQUE:
            return None
        why = "nearly every record has its own code here, and no rule knows the column"
        return Verdict("other_id", "other_id/unique-column", 0.6, "medium", why)

    def _search(self, value: str) -> list[Finding]:
        kind: Kind = "prose" if "text" in shapes(value) else "value"
        block = Text(Location("", ""), value, self._label, kind=kind)
        found = self._detector.find(block)
        if found and is_score(value.strip(), self._ends):
            found = [f for f in found if not f.rule.startswith(_MONTH_DAY)]
        return found

    def screened(self, values: pa.StringArray) -> Kinds:
        """Return for each value the length of a finding over all of it, CLEAR or ASK."""
        if self._screen is None:
            from phisweep.detect.screening import Screen, screen_of  # noqa: PLC0415 - Arrow, 0.1 s

            if self.verdict is not None:
                self._screen = screen_of(self._named, self.verdict.identifier)
            else:
                self._screen = Screen(numbers=self._judged and self.numeric)
        return self._screen(values)

    def whole(self, length: int) -> tuple[Finding, ...]:
        """Return what `find` finds in the values of which `screened` tells that length."""
        assert self.verdict is not None  # noqa: S101 - nothing else claims a value
        return self._whole(self.verdict, 0, length)

    def find(self, value: str) -> tuple[Finding, ...]:
        """Return the findings of one value; their location is the caller's to set."""
        known = self._found.get(value)
        if known is None:
            if len(self._found) >= _CACHED:
                self._found.clear()
            known = self._found[value] = self._read(value)
        return known

    def _read(self, value: str) -> tuple[Finding, ...]:
        stripped = value.strip()
        if says_nothing(stripped) or is_mark(stripped):
            return ()
        verdict = self.verdict
        if verdict:
            if is_general(verdict.identifier, stripped):
                return ()
            if verdict.accepts is None or verdict.accepts(stripped):
                start = value.index(stripped)
                return self._whole(verdict, start, start + len(stripped))
        return tuple(self._examine(value, stripped))

    def _whole(self, verdict: Verdict, start: int, end: int) -> tuple[Finding, ...]:
        """Return the finding over a whole value; values of one length share it."""
        known = self._spans.get((start, end))
        if known is None:
            if len(self._spans) >= _CACHED:
                self._spans.clear()
            nowhere = Location("", "")
            known = self._spans[start, end] = (
                Finding(
                    nowhere,
                    start,
                    end,
                    verdict.identifier,
                    verdict.rule,
                    verdict.score,
                    verdict.severity,
                    (verdict.why,),
                ),
            )
        return known

    def _examine(self, value: str, stripped: str) -> Sequence[Finding]:
        if self.verdict is None and self._judged and self.numeric and "number" in shapes(stripped):
            return ()
        return self._search(value)


def _by_policy(treatment: Treatment) -> Verdict:
    identifier = str(treatment.params.get("identifier", "other_id"))
    why = "the policy names the column"
    return Verdict(identifier, f"{identifier}/column-policy", 1.0, "high", why)


def _share(values: Sequence[str], test: Callable[[str], bool]) -> float:
    return sum(map(test, values)) / len(values) if values else 0.0


def _checked(finding: Finding) -> bool:
    return any(step.startswith("check ") and " passed" in step for step in finding.explanation)

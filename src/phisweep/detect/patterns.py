"""The rule engine: one multi-pattern pass, exact matches where it fires, checks on candidates."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from phisweep.detect.literals import FAR
from phisweep.detect.normal import Normal, normalise
from phisweep.detect.prefilter import Prefilter
from phisweep.detect.readings import prepared
from phisweep.detect.rules import Pattern
from phisweep.model import Finding, Severity, Text
from phisweep.ruleset.load import Ruleset
from phisweep.ruleset.schema import PatternEntry, RuleFile


@dataclass(frozen=True, slots=True)
class Candidate:
    """A match on its way to a finding: spans of the normalised text; `rejected` says by what."""

    pattern: Pattern
    start: int
    end: int
    score: float
    severity: Severity
    steps: tuple[str, ...]
    rejected: str = ""
    supported: bool = False  # by a context word or a passed check


class RuleEngine:
    """The patterns of some rules over texts. Building it compiles no regular expression of `re`."""

    def __init__(self, rules: Sequence[RuleFile], ruleset: Ruleset) -> None:
        self.patterns = [
            Pattern(rule, entry, ruleset)
            for rule in rules
            for entry in rule.detect
            if isinstance(entry, PatternEntry)
        ]
        readings, merged = prepared(self.patterns, ruleset)
        self.prefilter = Prefilter(readings, merged)
        self._reach = [reading.reach for reading in readings]

    def find(self, block: Text, min_score: float) -> list[Finding]:
        """Return the findings of at least that score, unsorted; they may overlap."""
        normal = normalise(block.text)
        text = normal.text
        label = block.label.replace("_", " ")
        found = []
        for pattern, hits in self._matches(text, block):
            checker = pattern.checker
            for span in _spans(hits, pattern.groups):
                if checker and checker.drops(text[span[0] : span[1]]):  # as most are
                    continue
                candidate = _judge(pattern, text, span, label)
                if not candidate.rejected and candidate.score >= min_score:
                    found.append(_finding(candidate, block, normal))
        return found

    def candidates(self, text: str, block: Text) -> Iterator[Candidate]:
        """Yield every match of every pattern in a normalised text, with what became of it."""
        label = block.label.replace("_", " ")
        for pattern, hits in self._matches(text, block):
            for span in _spans(hits, pattern.groups):
                yield _judge(pattern, text, span, label)

    def _matches(self, text: str, block: Text) -> list[tuple[Pattern, list[re.Match[str]]]]:
        """Return the patterns that match anywhere, and where."""
        found = []
        patterns = self.patterns
        for index, places in self.prefilter.places(text):
            if places is not None and not places:
                continue
            pattern = patterns[index]
            if not pattern.holds(block.kind):
                continue
            hits = _hits(pattern.regex, text, places, self._reach[index])
            if hits:
                found.append((pattern, hits))
        return found


def _hits(
    regex: re.Pattern[str], text: str, places: Sequence[int] | None, reach: int
) -> list[re.Match[str]]:
    """Return what matches at the places, or, at None, at any."""
    if places is None:
        return list(regex.finditer(text))
    if reach >= FAR:
        reach = len(text)
    match = regex.match
    return [hit for at in places if at >= 0 and (hit := match(text, at, at + reach))]


def _spans(hits: Sequence[re.Match[str]], groups: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Yield the groups of those hits that finditer over the whole text would have met."""
    done = 0
    for hit in sorted(hits, key=re.Match.start) if len(hits) > 1 else hits:
        start, end = hit.span()
        if start < done:
            continue
        done = end
        last = (0, 0)
        seen = [last]
        for group in groups:
            last = hit.span(group)
            if last[0] < last[1] and last not in seen:  # groups in groups may have one span
                seen.append(last)
                yield last


def _judge(pattern: Pattern, text: str, span: tuple[int, int], label: str) -> Candidate:
    start, end = span
    entry = pattern.entry
    score = entry.confidence
    severity = pattern.severity
    steps = [pattern.opening]
    supported = False

    def candidate(rejected: str = "") -> Candidate:
        return Candidate(pattern, start, end, score, severity, tuple(steps), rejected, supported)

    checker = pattern.checker
    passed = checker is None or checker(text[start:end])
    if checker and checker.rejects(passed=passed):
        return candidate(f"check {checker.check.name} failed")
    context = pattern.context
    if context and score < entry.in_context:
        word = context.near(text, start, end, entry.window, label)
        if word:
            score, supported = entry.in_context, True
            steps.append(f'context word "{word}" near: {score:.2f}')
    unless = pattern.unless
    word = unless.near(text, start, end, entry.window, label) if unless else ""
    if word:
        return candidate(f'the word "{word}" near says that it is something else')
    if checker:
        score = checker.rescore(score, passed=passed)
        supported = supported or passed
        if not passed and checker.check.failed_severity:
            severity = checker.check.failed_severity
        steps.append(f"check {checker.check.name} {'passed' if passed else 'failed'}: {score:.2f}")
    for exception in pattern.exceptions:
        if exception.covers(text, start, end):
            return candidate(f"exception {exception.entry.exception}")
    return candidate()


def _finding(candidate: Candidate, block: Text, normal: Normal) -> Finding:
    start, end = normal.source_span(candidate.start, candidate.end)
    return Finding(
        block.location,
        start,
        end,
        candidate.pattern.identifier,
        candidate.pattern.id,
        candidate.score,
        candidate.severity,
        candidate.steps,
    )

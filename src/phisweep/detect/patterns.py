"""The rule engine: one multi-pattern pass, exact matches where it fires, checks on candidates."""

from __future__ import annotations

import re
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from operator import itemgetter
from typing import NamedTuple

from phisweep.detect.compiled import Compiled
from phisweep.detect.normal import Normal, normalise
from phisweep.detect.prefilter import Prefilter
from phisweep.detect.readings import compiled_name, name_of, prepared, shipped
from phisweep.detect.rules import Pattern, Sought, exceptions_of
from phisweep.detect.scanner import Scanner, scanner_of, takes
from phisweep.model import Finding, Kind, Severity, Text
from phisweep.ruleset.load import Ruleset
from phisweep.ruleset.schema import PatternEntry, RuleFile

_PATIENCE = 10.0  # seconds of search in a process from which on it is worth while to compile more
_WHOLE = (0,)  # the groups of a pattern without groups that are findings
Places = Sequence[int] | None  # None stands for every place


class Candidate(NamedTuple):  # which is made in a third of the time of a dataclass
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
        exceptions = list(enumerate(exceptions_of(rules, ruleset), len(self.patterns)))
        for pattern in self.patterns:
            pattern.exceptions = [(i, e) for i, e in exceptions if e.applies(pattern)]
        self._ruleset = ruleset
        self._sought: list[Sought] = [*self.patterns, *(exception for _, exception in exceptions)]
        #: What keeps the expressions of the shipped rules; a site's own are compiled each time.
        self.compiled = Compiled(compiled_name(ruleset))
        ours = list(enumerate(zip(self._sought, shipped(self._sought, ruleset), strict=True)))
        for _, (sought, mine) in ours:
            if mine:
                sought.compiled = self.compiled
        self._scanned = [(i, sought) for i, (sought, mine) in ours if mine and takes(sought)]
        self._digest = name_of([s for _, s in self._scanned], ruleset) if self._scanned else ""
        self._spent = 0.0
        self._use(scanner_of(self._scanned, self._digest, make=False) if self._digest else None)

    def scan(self) -> bool:
        """Search by Hyperscan from now on; say whether that can be. The first time takes seconds."""
        if self._scanner is None and self._digest:
            self._use(scanner_of(self._scanned, self._digest, make=True))
        return self._scanner is not None

    def _use(self, scanner: Scanner | None) -> None:
        """Leave to a scanner what it takes, and to literals the others, or all."""
        scanned = {i for i, _ in self._scanned} if scanner else ()
        self._scanner = scanner
        self._apart = [i for i in range(len(self._sought)) if i not in scanned]
        apart = [self._sought[i] for i in self._apart]
        self.prefilter = Prefilter(
            *prepared(apart, self._ruleset), [sought.compiled for sought in apart]
        )

    def find(self, block: Text, min_score: float) -> list[Finding]:
        """Return the findings of at least that score, unsorted; they may overlap."""
        normal = normalise(block.text)
        text = normal.text
        label = block.label.replace("_", " ")
        found = []
        matches, excepted = self._matches(text, block)
        for pattern, hits in matches:
            checker = pattern.checker
            for span in _spans(hits, pattern.groups):
                if checker and checker.drops(text[span[0] : span[1]]):  # as most are
                    continue
                candidate = _judge(pattern, text, span, label, excepted)
                if not candidate.rejected and candidate.score >= min_score:
                    found.append(_finding(candidate, block, normal))
        return found

    def candidates(self, text: str, block: Text) -> Iterator[Candidate]:
        """Yield every match of every pattern in a normalised text, with what became of it."""
        label = block.label.replace("_", " ")
        matches, excepted = self._matches(text, block)
        for pattern, hits in matches:
            for span in _spans(hits, pattern.groups):
                yield _judge(pattern, text, span, label, excepted)

    def _matches(
        self, text: str, block: Text
    ) -> tuple[list[tuple[Pattern, list[re.Match[str]]]], Mapping[int, Places]]:
        """Return the patterns that match, in their order, and where, and where exceptions may."""
        start = time.perf_counter()
        found = []
        excepted: dict[int, Places] = {}
        patterns = self.patterns
        for index, places in self._places(text, block.kind):
            if index >= len(patterns):
                excepted[index] = sorted(places) if places is not None else None
                continue
            pattern = patterns[index]
            if not pattern.holds(block.kind):
                continue
            hits = _hits(pattern.regex, text, places)
            if hits:
                found.append((index, hits))
        if self._scanner is None and self._digest:
            self._spent += time.perf_counter() - start
            if self._spent > _PATIENCE and not self.scan():
                self._digest = ""
        return [
            (patterns[index], hits) for index, hits in sorted(found, key=itemgetter(0))
        ], excepted

    def _places(self, text: str, kind: Kind) -> Iterable[tuple[int, Places]]:
        """Return each pattern that may match with its places; None is every place."""
        scanned = self._scanner.places(text, kind) if self._scanner else {}
        if scanned is None:  # what is kept has gone
            self._use(None)
            scanned = {}
        apart = self._apart
        others = ((apart[i], places) for i, places in self.prefilter.places(text))
        return chain(scanned.items(), others)


def _hits(regex: re.Pattern[str], text: str, places: Places) -> list[re.Match[str]]:
    """Return what matches at the places, or, at None, at any."""
    if places is None:
        return list(regex.finditer(text))
    match = regex.match
    return [hit for at in places if at >= 0 and (hit := match(text, at))]


def _spans(hits: Sequence[re.Match[str]], groups: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Yield the groups of those hits that finditer over the whole text would have met."""
    done = 0
    for hit in sorted(hits, key=re.Match.start) if len(hits) > 1 else hits:
        start, end = hit.span()
        if start < done:
            continue
        done = end
        if groups == _WHOLE:
            if start < end:
                yield start, end
            continue
        last = (0, 0)
        seen = [last]
        for group in groups:
            last = hit.span(group)
            if last[0] < last[1] and last not in seen:  # groups in groups may have one span
                seen.append(last)
                yield last


def _judge(
    pattern: Pattern,
    text: str,
    span: tuple[int, int],
    label: str,
    excepted: Mapping[int, Places],
) -> Candidate:
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
    for index, exception in pattern.exceptions:
        if index in excepted and exception.covers(text, start, end, excepted[index]):
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

"""The rule engine: one multi-pattern pass, exact matches where it fires, checks on candidates."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain
from operator import itemgetter
from typing import NamedTuple

from phisweep.detect.ahead import Ahead, Joined
from phisweep.detect.compiled import Compiled
from phisweep.detect.normal import normalise
from phisweep.detect.prefilter import Prefilter
from phisweep.detect.readings import compiled_name, name_of, prepared, shipped
from phisweep.detect.rules import Pattern, Sought, exceptions_of
from phisweep.detect.scanner import Scanner, scanner_of, takes
from phisweep.model import Finding, Kind, Severity, Text
from phisweep.ruleset.load import Ruleset
from phisweep.ruleset.schema import PatternEntry, RuleFile

_WORD = re.compile(r"[A-Za-z]++(?!['-]|[^\x00-\x7f])").match  # that is whole
_PATIENCE = 10.0  # seconds of search in a process from which on it is worth while to compile more
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


class RuleEngine:
    """The patterns of some rules over texts. Building it compiles no regular expression of `re`."""

    def __init__(self, rules: Sequence[RuleFile], ruleset: Ruleset) -> None:
        self.patterns = [
            Pattern(rule, entry, ruleset)
            for rule in rules
            for entry in rule.detect
            if isinstance(entry, PatternEntry)
        ]
        seen: dict[tuple[str, ...], dict[str, bool]] = {}
        for checker in filter(None, (pattern.checker for pattern in self.patterns)):
            checker.seen = seen.setdefault((checker.check.name, *checker.check.lists), {})
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
        #: Of a site's own expressions nobody knows whether their groups begin where they do.
        self._known = [mine for _, (_, mine) in ours]
        self._held: dict[Kind, Sequence[bool]] = {}
        self._ahead = Ahead()
        self._least = 0.0  # the score of what is found ahead
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

    def expect(self, blocks: Sequence[Text]) -> None:
        """Say which texts will be searched next, so that many are searched at once."""
        self._ahead.expect(blocks)

    def find(self, block: Text, min_score: float) -> list[Finding]:
        """Return the findings of at least that score, unsorted; they may overlap."""
        ahead = self._ahead
        if min_score != self._least:  # what was found ahead was found by another
            self._least = min_score
            ahead.forget()
        found = ahead.take(block)
        if found is None:
            batch = ahead.with_next(block)
            found, *rest = self.find_all(batch, min_score)
            ahead.keep(batch[1:], rest)
        return found

    def find_all(self, blocks: Sequence[Text], min_score: float) -> list[list[Finding]]:
        """Return the findings of each of some texts of one kind."""
        normals = [normalise(block.text) for block in blocks]
        labels = [block.label.replace("_", " ") for block in blocks]
        texts = [normal.text for normal in normals]
        all_found: list[list[Finding]] = [[] for _ in blocks]
        matches, all_excepted = self._matches(texts, blocks[0].kind, every=False)
        for pattern, number, hits in matches:
            text, label, excepted = texts[number], labels[number], all_excepted[number]
            normal, location = normals[number], blocks[number].location
            checker = pattern.checker
            for span in _spans(hits, pattern.groups):
                passed = checker is None or checker(text[span[0] : span[1]])
                if not passed and checker and checker.strict:  # as most are
                    continue
                judged = _judge(pattern, text, span, label, excepted, passed=passed)
                if judged.rejected or judged.score < min_score:
                    continue
                first, last = normal.source_span(*span)
                all_found[number].append(
                    Finding(
                        location,
                        first,
                        last,
                        pattern.identifier,
                        pattern.id,
                        judged.score,
                        judged.severity,
                        judged.steps,
                    )
                )
        return all_found

    def candidates(self, text: str, block: Text) -> Iterator[Candidate]:
        """Yield every match of every pattern in a normalised text, with what became of it."""
        label = block.label.replace("_", " ")
        matches, (excepted,) = self._matches([text], block.kind, every=True)
        for pattern, _, hits in matches:
            checker = pattern.checker
            for span in _spans(hits, pattern.groups):
                passed = checker is None or checker(text[span[0] : span[1]])
                yield _judge(pattern, text, span, label, excepted, passed=passed)

    def _matches(
        self, texts: Sequence[str], kind: Kind, *, every: bool
    ) -> tuple[list[tuple[Pattern, int, list[re.Match[str]]]], Sequence[Mapping[int, Places]]]:
        """
        Return the patterns that match, in their order, and the text and its matches.

        Also, for each text, where exceptions may match. But for `every` match those may be left
        out of which the first word says that a check drops them.
        """
        start = time.perf_counter()
        joined = Joined(texts)
        found = []
        excepted: list[dict[int, Places]] = [{} for _ in texts]
        patterns, held = self.patterns, self._held_in(kind)
        for index, places in self._places(joined, kind):
            if index >= len(patterns):
                for number, here in joined.apart(places):
                    excepted[number][index] = sorted(here) if here is not None else None
            elif held[index]:
                pattern = patterns[index]
                checked = not every and self._known[index] and pattern.checker
                begins = checked.begins if checked else None
                for number, here in joined.apart(places):
                    text = texts[number]
                    if here and begins:
                        here = _begun(here, text, begins)  # noqa: PLW2901 - the rest is of no use
                    hits = _hits(pattern.regex, text, here)
                    if hits:
                        found.append((index, number, hits))
        if self._scanner is None and self._digest:
            self._spent += time.perf_counter() - start
            if self._spent > _PATIENCE and not self.scan():
                self._digest = ""
        found.sort(key=itemgetter(0, 1))
        return [(patterns[index], number, hits) for index, number, hits in found], excepted

    def _held_in(self, kind: Kind) -> Sequence[bool]:
        """Say of each pattern whether it holds in texts of that kind."""
        held = self._held.get(kind)
        if held is None:
            held = self._held[kind] = [pattern.holds(kind) for pattern in self.patterns]
        return held

    def _places(self, joined: Joined, kind: Kind) -> Iterable[tuple[int, Places]]:
        """Return each pattern that may match with its places; None is every place."""
        scanned = self._scanner.places(joined.texts, kind) if self._scanner else {}
        if scanned is None:  # what is kept has gone
            self._use(None)
            scanned = {}
        apart = self._apart
        others = ((apart[i], places) for i, places in self.prefilter.places(joined.text))
        return chain(scanned.items(), others)


def _begun(places: Sequence[int], text: str, begins: Callable[[str], bool]) -> list[int]:
    """Return the places at which no word stands with which nothing that is looked for begins."""
    left = []
    for at in places:
        if at >= 0:
            word = _WORD(text, at)
            if word is None or begins(word[0]):
                left.append(at)
    return left


def _hits(regex: re.Pattern[str], text: str, places: Places) -> list[re.Match[str]]:
    """Return what matches at the places, or, at None, at any."""
    if places is None:
        return list(regex.finditer(text))
    match = regex.match
    return [hit for at in places if at >= 0 and (hit := match(text, at))]


def _spans(hits: Sequence[re.Match[str]], groups: Sequence[int]) -> Iterable[tuple[int, int]]:
    """Return the groups of those hits that finditer over the whole text would have met."""
    if len(hits) == 1 and len(groups) == 1:
        span = hits[0].span(groups[0])
        return (span,) if span[0] < span[1] else ()
    return _all_spans(sorted(hits, key=re.Match.start), groups)


def _all_spans(hits: Sequence[re.Match[str]], groups: Sequence[int]) -> Iterator[tuple[int, int]]:
    done = 0
    for hit in hits:
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


def _judge(
    pattern: Pattern,
    text: str,
    span: tuple[int, int],
    label: str,
    excepted: Mapping[int, Places],
    *,
    passed: bool,
) -> Candidate:
    """Say what becomes of a match that `passed` its check or did not, or has none."""
    start, end = span
    entry = pattern.entry
    checker = pattern.checker
    if not passed and checker and checker.strict:
        reason = f"check {checker.check.name} failed"
        return Candidate(pattern, start, end, *pattern.told("", None), reason)
    context = pattern.context
    word = ""
    if context and entry.confidence < entry.in_context:
        word = context.near(text, start, end, entry.window, label)
    unless = pattern.unless
    other = unless.near(text, start, end, entry.window, label) if unless else ""
    if other:
        reason = f'the word "{other}" near says that it is something else'
        return Candidate(pattern, start, end, *pattern.told(word, None), reason)
    told = pattern.told(word, passed if checker else None)
    for index, exception in pattern.exceptions:
        if index in excepted and exception.covers(text, start, end, excepted[index]):
            return Candidate(pattern, start, end, *told, f"exception {exception.entry.exception}")
    return Candidate(pattern, start, end, *told)

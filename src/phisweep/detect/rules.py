"""Rule files compiled: patterns, contexts, checks and exceptions, each built when first needed."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import field
from functools import cached_property, partial

from phisweep.detect.compiled import Compiled
from phisweep.detect.expand import expand, outline
from phisweep.detect.factor import factored
from phisweep.detect.literals import FAR
from phisweep.detect.triggers import Memo, Reading, read
from phisweep.detect.validators import OPENERS, VALIDATORS
from phisweep.errors import RuleError
from phisweep.model import Kind, Severity
from phisweep.ruleset.load import Ruleset
from phisweep.ruleset.schema import (
    Check,
    ExceptionEntry,
    FieldEntry,
    FieldStandard,
    PatternEntry,
    RuleFile,
)
from phisweep.values import dataclass

WIDEST = 300  # code points a match may cover
_REMEMBERED = 16_384  # texts whose check is remembered
Told = tuple[float, Severity, tuple[str, ...]]  # score, severity, the steps that led there


class Checker:
    """A check of a rule, with the lists that it names."""

    def __init__(self, check: Check, ruleset: Ruleset) -> None:
        if check.name not in VALIDATORS:
            known = ", ".join(sorted(VALIDATORS))
            raise RuleError("E165", f"no check is called {check.name}; known: {known}")
        self.check = check
        self._function = VALIDATORS[check.name]
        self._ruleset = ruleset
        #: Whether a text that fails is dropped, whatever stands around it.
        self.strict = check.failed == "reject"
        #: What lists said of a text; those who ask the same of the same lists may share it.
        self.seen: dict[str, bool] = {}

    @cached_property
    def _lists(self) -> Sequence[Collection[str]]:
        return [self._ruleset.members(name) for name in self.check.lists]

    def __call__(self, text: str) -> bool:
        """Say whether a text passes. What lists say is remembered, for words repeat themselves."""
        passed = self.seen.get(text)
        if passed is None:
            passed = self._function(text, self._lists)
            if self.check.lists:
                if len(self.seen) >= _REMEMBERED:
                    self.seen.clear()
                self.seen[text] = passed
        return passed

    @cached_property
    def begins(self) -> Callable[[str], bool] | None:
        """What says whether a text that passes may begin with a word; None where any may."""
        opener = OPENERS.get(self.check.name) if self.strict else None
        return opener(self._lists) if opener else None

    def rescore(self, score: float, *, passed: bool) -> float:
        """Return the score after the check of a text that is not dropped."""
        result = self.check.passed if passed else self.check.failed
        return score if result == "same" else float(result)


@dataclass(frozen=True, slots=True)
class Words:
    """Context words, found whole, whatever their case, near a match or in its label."""

    regex: re.Pattern[str]

    @classmethod
    def of(cls, words: Sequence[str], compiled: Compiled) -> Words | None:
        """Compile the words; None where there are none."""
        if not words:
            return None

        def source() -> str:
            ordered = sorted(words, key=len)[::-1]
            alternatives = factored("(?:" + "|".join(re.escape(word) for word in ordered) + ")")
            return rf"(?<![\w]){alternatives}(?![\w])".replace(r"\ ", r"\s{1,3}")

        return cls(compiled.get("\n".join(("words", *words)), source, re.IGNORECASE))

    def near(self, text: str, start: int, end: int, window: int, label: str) -> str:
        """
        Return a word that stands within `window` code points of the span, or in the label, or "".

        It is one of the rule's own, in small letters: it tells nothing of the data.
        """
        found = (
            self.regex.search(text, max(0, start - window), start)
            or self.regex.search(text, end, min(len(text), end + window))
            or (self.regex.search(label) if label else None)
        )
        return " ".join(found[0].lower().split()) if found else ""


class Sought:
    """
    A regular expression of a rule file that is sought in texts. Most are never compiled.

    `compiled` may be replaced by what keeps the expressions of its rule set.
    """

    def __init__(
        self, name: str, rule: RuleFile, entry: PatternEntry | ExceptionEntry, ruleset: Ruleset
    ) -> None:
        self.id = f"{rule.id}/{name}"
        self.rule = rule
        self.flags = _flags(entry)
        self.compiled = Compiled()
        self._regex = entry.regex
        self._ruleset = ruleset

    def holds(self, kind: Kind) -> bool:
        """Say whether it holds in a text of that kind."""
        return True

    def read(self, memo: Memo) -> Reading:
        """
        Return how wide the expression is and what its matches hold.

        `memo` may be kept for those of the same ruleset. Raises RuleError.
        """
        try:
            source, lists = outline(self._regex, self.rule.define, self._ruleset)
            return read(source, self.flags, lists, memo)
        except re.error as error:
            raise RuleError("E166", f"not a regular expression: {error}", where=self.id) from None
        except RuleError as error:
            raise error.at(self.id) from None

    @property
    def said(self) -> list[object]:
        """All that the expression says beside the lists."""
        return [self._regex, self.flags, sorted(self.rule.define.items())]

    @cached_property
    def source(self) -> str:
        """The expression with its definitions and lists written out."""
        return expand(self._regex, self.rule.define, self._ruleset)

    @cached_property
    def regex(self) -> re.Pattern[str]:
        """The exact expression, compiled at its first use."""
        return self.compiled.get(
            f"{self.id}\n{self._regex}",
            lambda: self.source if self.flags & re.VERBOSE else factored(self.source),
            self.flags,
        )


class Exception_(Sought):  # noqa: N801 - `Exception` is taken
    """What a candidate of a rule must not be. `places`: where it may match, None for anywhere."""

    def __init__(self, rule: RuleFile, entry: ExceptionEntry, ruleset: Ruleset) -> None:
        super().__init__(f"not/{entry.exception}", rule, entry, ruleset)
        self.entry = entry

    def applies(self, pattern: Pattern) -> bool:
        """Say whether it is one of that pattern's."""
        return pattern.rule is self.rule and pattern.entry.pattern in (
            self.entry.patterns or (pattern.entry.pattern,)
        )

    def covers(
        self, text: str, start: int, end: int, places: Sequence[int] | None, margin: int = 60
    ) -> bool:
        """
        Say whether a match near the span covers it, or overlaps it, as the entry asks.

        The expression may match at the sorted `places` alone; None stands for all.
        """
        low, high = max(0, start - margin), end + margin
        found = (
            self.regex.finditer(text, low, high)
            if places is None
            else self._at(places[bisect_left(places, low) :], text, high)
        )
        for match in found:
            if match.start() >= end:
                return False
            whole = match.start() <= start and match.end() >= end
            if whole or (self.entry.covers == "overlap" and match.end() > start):
                return True
        return False

    def _at(self, places: Sequence[int], text: str, high: int) -> Iterator[re.Match[str]]:
        """Yield what finditer would: the first match of those that overlap."""
        done = 0
        for place in places:
            if place >= high:
                return
            if place >= done:
                match = self.regex.match(text, place, high)
                if match:
                    done = match.end()
                    yield match


class Pattern(Sought):
    """One pattern of a rule file; `in_code` says that it holds in source code by itself."""

    def __init__(self, rule: RuleFile, entry: PatternEntry, ruleset: Ruleset) -> None:
        super().__init__(entry.pattern, rule, entry, ruleset)
        self.identifier = rule.id
        self.entry = entry
        self.kinds = entry.kinds
        self.in_code = "code" in entry.kinds or entry.code == "alone"
        self.severity: Severity = entry.severity or rule.severity
        self.checker = Checker(entry.check, ruleset) if entry.check else None
        #: The exceptions of the file that apply, by their indexes among what an engine seeks.
        self.exceptions: Sequence[tuple[int, Exception_]] = ()
        self._told: dict[tuple[str, bool | None], Told] = {}

    def holds(self, kind: Kind) -> bool:
        """Say whether it holds in a text of that kind."""
        if kind == "code":
            return self.in_code
        return not self.kinds or kind in self.kinds

    def told(self, word: str, passed: bool | None) -> Told:  # noqa: FBT001 - what is known of it
        """
        Return what is said of a match by a context `word` near, "" for none, and by its check.

        `passed` is None where nothing was checked. Of a pattern few answers are possible.
        """
        told = self._told.get((word, passed))
        if told is None:
            told = self._told[word, passed] = self._say(word, passed)
        return told

    def _say(self, word: str, passed: bool | None) -> Told:  # noqa: FBT001 - as told
        score, severity = self.entry.confidence, self.severity
        steps = [f"pattern {self.id}: {score:.2f}"]
        if word:
            score = self.entry.in_context
            steps.append(f'context word "{word}" near: {score:.2f}')
        if self.checker and passed is not None:
            check = self.checker.check
            score = self.checker.rescore(score, passed=passed)
            if not passed and check.failed_severity:
                severity = check.failed_severity
            steps.append(f"check {check.name} {'passed' if passed else 'failed'}: {score:.2f}")
        return score, severity, tuple(steps)

    def read(self, memo: Memo) -> Reading:
        """Return the same as for any expression, if a match is narrow enough. Raises RuleError."""
        reading = super().read(memo)
        if reading.width >= FAR:
            todo = "Write {0,40} for *."
            raise RuleError("E161", "the pattern's width is not bounded", where=self.id, todo=todo)
        if reading.width > WIDEST:
            raise RuleError(
                "E161", f"a match may be {reading.width} wide; at most {WIDEST}", where=self.id
            )
        return reading

    @cached_property
    def groups(self) -> Sequence[int]:
        """The groups that are findings; (0,), the whole match, where none is named phi."""
        named = [i for name, i in self.regex.groupindex.items() if name.startswith("phi")]
        return sorted(named) or (0,)

    @cached_property
    def context(self) -> Words | None:
        """Words that lift the score."""
        return Words.of(self.entry.context, self.compiled)

    @cached_property
    def unless(self) -> Words | None:
        """Words that say that this is something else."""
        return Words.of(self.entry.unless, self.compiled)


def exceptions_of(rules: Sequence[RuleFile], ruleset: Ruleset) -> list[Exception_]:
    """Return the exceptions of some rule files, in their order."""
    return [Exception_(rule, entry, ruleset) for rule in rules for entry in rule.exceptions]


@dataclass(frozen=True, slots=True)
class FieldRule:
    """One `field` entry of a rule file, for names of columns and keys."""

    id: str
    identifier: str
    severity: Severity
    entry: FieldEntry
    names: re.Pattern[str]
    value: re.Pattern[str] | None
    checker: Callable[[str], bool] | None = field(default=None)

    def suits(self, seen: Collection[str]) -> bool:
        """Say whether values of these shapes are asked for; without `when` all are."""
        return not self.entry.when or any(shape in seen for shape in self.entry.when)

    def accepts(self, value: str) -> bool:
        """Say whether a single stripped value may be taken."""
        if self.value is not None and not self.value.fullmatch(value):
            return False
        return self.checker is None or self.checker(value)


def compile_fields(
    rule: RuleFile,
    ruleset: Ruleset,
    standards: Sequence[FieldStandard] = ("csv", "json"),
    compiled: Compiled | None = None,
) -> list[FieldRule]:
    """Return the field rules of a file for tables and JSON, or for other standards."""
    made = (compiled or Compiled()).get
    out = []
    for entry in rule.detect:
        if not isinstance(entry, FieldEntry):
            continue
        names = [name for standard in standards for name in entry.field.get(standard, ())]
        if not names:
            continue
        value = entry.value and made(
            f"{rule.id}\n{entry.value}", partial(expand, entry.value, rule.define, ruleset)
        )
        out.append(
            FieldRule(
                f"{rule.id}/{entry.name}",
                rule.id,
                entry.severity or rule.severity,
                entry,
                made("\n".join(("names", *names)), partial(_names, names)),
                value or None,
                Checker(entry.check, ruleset) if entry.check else None,
            )
        )
    return out


def _names(names: Sequence[str]) -> str:
    """Return a choice between names, in which `*` stands for anything."""
    parts = ([re.escape(part) for part in name.split("*")] for name in names)
    return "|".join("(?:" + ".*".join(written) + ")" for written in parts)


def _flags(entry: PatternEntry | ExceptionEntry) -> int:
    ignore = re.IGNORECASE if entry.ignore_case else 0
    return ignore | (re.VERBOSE if entry.verbose else 0)

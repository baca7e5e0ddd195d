"""What is done to a text or a value: found, filtered, decided, edited. The spec says how."""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fnmatch import fnmatch
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Self

from phisweep.decide import decide, resolve
from phisweep.detect.bundled import SURE
from phisweep.detect.detector import Detector, build_detector
from phisweep.detect.fields import normal_name
from phisweep.detect.propagate import Vocabulary, propagate
from phisweep.formats.base import ReadOptions
from phisweep.keys import Key
from phisweep.model import Decision, Edit, Engine, Finding, Source, Text
from phisweep.ruleset.load import Ruleset, load_ruleset
from phisweep.ruleset.schema import PolicyFile, RuleFile, Treatment
from phisweep.transform.codes import RandomCodes
from phisweep.transform.edits import edits_for
from phisweep.transform.operators import Context
from phisweep.transform.settled import coarse, is_settled
from phisweep.transform.zip3 import allowed_prefixes

if TYPE_CHECKING:
    from phisweep.detect.known import Collector, KnownValues

#: Lists of single words that stand anywhere, whoever was called so once.
_WORDS = (
    "ordinary-words",
    "names-that-are-words",
    "eponyms",
    "us-states",
    "countries",
    "payers",
    "facility-generic",
)


_NEVER = 2.0  # no score is so high


@dataclass(frozen=True, slots=True)
class Spec:
    """
    All that a worker needs to do a run's work, as data: it builds the detector itself, once.

    `write` says whether copies are made, `plan` whether the counts say what would be done,
    `records` whether single findings are kept (else only their counts), `reveal` whether records
    may carry values, for a terminal alone. `only_rules` and `ignored_rules` name identifiers or
    single rules ("ssn", "ssn/dashed").
    """

    rules: Path
    policy: PolicyFile
    key: Key = field(repr=False)
    engine: Engine = "rules"
    options: ReadOptions = field(default_factory=ReadOptions)
    reference_year: int = 0
    write: bool = False
    records: bool = True
    reveal: bool = False
    only_rules: tuple[str, ...] | None = None
    ignored_rules: tuple[str, ...] = ()
    codes: RandomCodes | None = None
    known: Path | None = None
    min_score: float | None = None
    strict: bool = False
    nlp: Mapping[str, object] = field(default_factory=dict)
    spool: Path | None = None
    ticks: Path | None = None
    plan: bool = False
    site: tuple[RuleFile, ...] = ()


@dataclass(frozen=True, slots=True)
class Job:
    """One source, and where its copy goes; the copy is whole or it is not there."""

    source: Source
    target: Path | None = field(default=None, repr=False)
    output: str = ""


class Analysis:
    """
    What is done to a text or value under a spec; built once in each process.

    `like` is a detector of the same rules, whose patterns it may use.
    """

    def __init__(self, spec: Spec, like: Detector | None = None) -> None:
        self.spec = spec
        self.ruleset: Ruleset = like.ruleset if like else load_ruleset(spec.rules)
        self.detector: Detector = build_detector(
            self.ruleset,
            spec.policy,
            spec.engine,
            nlp=spec.nlp,
            min_score=None
            if spec.min_score is None
            else min(spec.min_score, spec.policy.min_score),
            site=spec.site,
            like=like,
            sure=_sure(spec),
            strict=spec.strict,
        )
        self.known = _known(spec)
        settings = spec.policy.settings
        self._context = Context(
            identifier="",
            reference_year=spec.reference_year,
            key=spec.key,
            codes=spec.codes,
            zip3=allowed_prefixes(
                self.ruleset,
                str(settings.get("census", "2020")),
                float(settings.get("census-margin", 0)),
            )
            if spec.write
            else frozenset(),
        )
        self._coarse = coarse()
        self._coarsens = any(t.operator in self._coarse for t in spec.policy.treatments.values())
        self._words: frozenset[str] = frozenset()
        if spec.write:
            self._words = self._words.union(*(self.ruleset.members(name) for name in _WORDS))

    @cached_property
    def _vocabulary(self) -> Vocabulary:
        return Vocabulary.of(self.ruleset)

    def with_codes(self, codes: RandomCodes) -> Self:
        """Return the same with other codes."""
        other = copy.copy(self)
        other._context = replace(self._context, codes=codes)  # noqa: SLF001 - our own copy
        return other

    def find(self, block: Text) -> list[Finding]:
        """Return all findings of a text, whatever was asked for; they may overlap."""
        found = self.detector.find(block)
        if found and block.kind == "prose":
            found = propagate(block.text, found, self._vocabulary)
        if self.known is not None:
            found = [*found, *self.known.find(block)]
        return [*self.unsettled(found, block.text, block.label)]

    def unsettled(
        self,
        findings: Sequence[Finding],
        text: str,
        label: str,
        treatment: Treatment | None = None,
    ) -> Sequence[Finding]:
        """
        Return those that the policy would change: what is the month that it asks for may stay.

        `treatment` is that of the column that the text stands in. The same sequence, where all are.
        """
        if not self._coarsens and (treatment is None or treatment.operator not in self._coarse):
            return findings
        left = [
            decision.finding
            for decision in decide(findings, self.spec.policy, column=treatment)
            if decision.operator not in self._coarse
            or not is_settled(text, decision, self._context_of(label))
        ]
        return findings if len(left) == len(findings) else left

    def _context_of(self, label: str, subject: str = "") -> Callable[[Finding], Context]:
        """Return what tells an operator of a finding under that label."""
        return lambda finding: replace(
            self._context,
            identifier=finding.identifier,
            rule=finding.rule,
            subject=subject,
            label=label,
        )

    def wanted(self, findings: Sequence[Finding]) -> list[Finding]:
        """Return those of the rules and scores that were asked for, sorted, not overlapping."""
        spec = self.spec
        chosen = [
            f
            for f in findings
            if (spec.min_score is None or f.score >= spec.min_score)
            and (spec.only_rules is None or _named(f, spec.only_rules))
            and not _named(f, spec.ignored_rules)
        ]
        return resolve(chosen) if chosen else chosen

    def decide(
        self, findings: Sequence[Finding], column: Treatment | None = None
    ) -> list[Decision]:
        """Return what the policy does with each finding."""
        return decide(findings, self.spec.policy, column=column)

    def column_treatment(self, source: Source, label: str) -> Treatment | None:
        """Return what the policy says of a column by file and name, or None."""
        for glob, columns in self.spec.policy.columns.items():
            if fnmatch(source.name, glob) or fnmatch(source.name.rsplit("/", 1)[-1], glob):
                for name, treatment in columns.items():
                    if normal_name(name) == normal_name(label):
                        return treatment
        return None

    def edits(self, block: Text, decisions: Sequence[Decision]) -> list[Edit]:
        """Return the edits that carry out the decisions on a text."""
        return edits_for(block.text, decisions, self._context_of(block.label, block.subject))

    def collector(self) -> Collector:
        """Return a collector of this run's removed values."""
        from phisweep.detect.known import Collector  # noqa: PLC0415 - as in _known

        return Collector(self.spec.key, self._words, self.spec.spool)


def _sure(spec: Spec) -> float:
    """Return from which score on a rule's finding stands; none does where some are left out."""
    if spec.only_rules is not None or spec.ignored_rules:
        return _NEVER
    return max(spec.min_score or 0.0, SURE)


def _known(spec: Spec) -> KnownValues | None:
    """Return the finder of removed values, where the spec has some."""
    if spec.known is None:
        return None
    from phisweep.detect.known import Digests, KnownValues  # noqa: PLC0415 - numpy takes 0.1 s

    return KnownValues(spec.key, Digests.read(spec.known))


def _named(finding: Finding, names: Sequence[str]) -> bool:
    return finding.identifier in names or finding.rule in names

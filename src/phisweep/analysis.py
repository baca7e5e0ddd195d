"""What is done to a text or a value: found, filtered, decided, edited. The spec says how."""

from __future__ import annotations

import copy
import hmac
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Self

from phisweep.decide import FORGOTTEN, WHOLE, decide, resolve
from phisweep.detect.bundled import SURE
from phisweep.detect.code import spread
from phisweep.detect.detector import Detector, build_detector
from phisweep.detect.fields import normal_name
from phisweep.detect.linking import Links, fits
from phisweep.detect.propagate import propagate
from phisweep.detect.repeats import repeats
from phisweep.detect.shapes import says_nothing
from phisweep.detect.vocabulary import Vocabulary
from phisweep.formats.base import ReadOptions
from phisweep.formats.pieces import Cut, Piece
from phisweep.keys import Key
from phisweep.marks import is_general, is_mark
from phisweep.model import (
    RUNNING,
    Decision,
    Edit,
    Engine,
    Finding,
    Kind,
    Location,
    Source,
    Text,
)
from phisweep.places import place_of
from phisweep.ruleset.load import Ruleset, load_ruleset
from phisweep.ruleset.schema import PolicyFile, RuleFile, Treatment
from phisweep.transform.codes import RandomCodes
from phisweep.transform.derived import DerivedSeeds
from phisweep.transform.edits import edits_for
from phisweep.transform.operators import PERSONAL, Context, Seeds, load
from phisweep.transform.settled import DAYS, coarse, is_settled, is_year
from phisweep.transform.zip3 import allowed_prefixes
from phisweep.values import dataclass

if TYPE_CHECKING:
    from phisweep.detect.known import Collector, KnownValues
    from phisweep.detect.written import Written, WrittenCollector
    from phisweep.subjects.dossiers import Dossiers
    from phisweep.subjects.store import Subjects
    from phisweep.suppression import Asked
    from phisweep.transform.surrogates.pools import Pools
    from phisweep.transform.surrogates.surrogates import OurSurrogates
    from phisweep.transform.vault import Vault

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


_SHORT, _REMEMBERED = 120, 10_000  # code points of a value, and values whose findings are kept
_CONTEXTS = 2_000  # that are kept
Decided = tuple[Sequence[Decision], Sequence[Edit]]
_Remembered = dict[tuple[str, str, Kind, str], list[Finding]]
_NEVER = 2.0  # no score is so high
#: Operators whose result is not the same for every subject.
BOUND = frozenset({"date-shift", "surrogate"})
#: Those of them that can do nothing without a subject, and remove instead.
ALONE = "date-shift"


@dataclass(frozen=True, slots=True)
class Spec:
    """
    All that a worker needs to do a run's work, as data: it builds the detector itself, once.

    `write` says whether copies are made, `plan` whether the counts say what would be done, `shapes`
    of what forms; `records` whether single findings are kept (else only their counts), `reveal`
    whether records may carry values, for a terminal alone. `only_rules` and `ignored_rules` name
    identifiers or single rules ("ssn", "ssn/dashed"). `known` and `written` are files of what was
    removed, and of what operators wrote that reads like an identifier.

    `links` says where the keys of subjects stand, `subjects` is the run's file of them, `old` that
    of those over 89, reckoned as `age_reference` says, `namewords` the words of all their names.
    `surrogates` says whether the policy asks for some, `present` where the words of the data are
    that none may be. `suppress` is what a search leaves out; a copy leaves nothing. `stricter` names,
    by source, the columns that together with others tell more than they may, with the identifier
    that they are treated as. `disputed` are digests of studies of which two are said to be the patient.
    """

    rules: Path
    policy: PolicyFile
    key: Key = field(repr=False)
    engine: Engine = "rules"
    options: ReadOptions = field(default_factory=ReadOptions)
    reference_year: int = 0
    write: bool = False
    records: bool = True
    most_records: int = 0  # of each source; 0: all
    reveal: bool = False
    only_rules: tuple[str, ...] | None = None
    ignored_rules: tuple[str, ...] = ()
    codes: RandomCodes | Vault | None = None
    known: Path | None = None
    written: Path | None = None
    links: Links = field(default_factory=Links)
    subjects: Subjects | None = None
    old: Path | None = None
    namewords: Path | None = None
    surrogates: bool = False
    age_reference: str = "run-date"
    present: Path | None = None
    stricter: Mapping[str, Mapping[int, str]] = field(default_factory=dict)
    disputed: frozenset[bytes] = frozenset()
    min_score: float | None = None
    strict: bool = False
    nlp: Mapping[str, object] = field(default_factory=dict)
    spool: Path | None = None
    ticks: Path | None = None
    plan: bool = False
    shapes: bool = False
    site: tuple[RuleFile, ...] = ()
    suppress: Asked | None = None


@dataclass(frozen=True, slots=True)
class Job:
    """One source, and where its copy goes; the copy is whole or it is not there."""

    source: Source
    target: Path | None = field(default=None, repr=False)
    output: str = ""


@dataclass(frozen=True, slots=True)
class PieceJob:
    """A piece of one source that is cut."""

    job: Job
    cut: Cut = field(repr=False)
    piece: Piece

    @property
    def source(self) -> Source:
        """The source that it is a piece of."""
        return self.job.source


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
        self._seen: _Remembered = {}
        self._known_of: _Remembered = {}
        #: What becomes of short values, by text, label, path and subject.
        self.values: dict[tuple[str, str, str, str], Decided] = {}
        self._contexts: dict[tuple[str, str, str, str], Context] = {}
        self.known = _known(spec)
        self._written = _written(spec)
        self.dossiers = _dossiers(spec, self.ruleset)
        settings = spec.policy.settings
        self._context = Context(
            identifier="",
            reference_year=spec.reference_year,
            key=spec.key,
            codes=spec.codes,
            surrogates=self._surrogates(spec.codes) if spec.write and spec.surrogates else None,
            seeds=self._seeds(spec.codes),
            zip3=allowed_prefixes(
                self.ruleset,
                str(settings.get("census", "2020")),
                float(settings.get("census-margin", 0)),
            )
            if spec.write
            else frozenset(),
        )
        operators = {t.operator for t in _treatments(spec.policy)}
        #: Whether the policy asks for what is not the same for every subject.
        self.bound = bool(operators & BOUND)
        self._paths = any(
            name.startswith("/") for columns in spec.policy.columns.values() for name in columns
        )
        #: Whether the policy names single values of documents.
        self.by_pointer = self._paths
        if spec.write:
            load()  # what is known of operators before one is asked
        self._coarse = coarse()
        self._coarsens = any(t.operator in self._coarse for t in spec.policy.treatments.values())
        self._words: frozenset[str] = frozenset()
        if spec.write:
            self._words = self._words.union(*(self.ruleset.members(name) for name in _WORDS))

    def study_of(self, document: object) -> tuple[bytes, bytes] | None:
        """Return keyed digests of the study that a document is of and of its patient, if it says."""
        study, patient = getattr(document, "study", ("", ""))
        if not study or not patient:
            return None
        secret = self.spec.key.derive("studies")
        return tuple(  # type: ignore[return-value]  # two of two
            hmac.digest(secret, told.encode(errors="surrogatepass"), "sha256")[:16]
            for told in (study, patient)
        )

    @cached_property
    def _vocabulary(self) -> Vocabulary:
        return Vocabulary.of(self.ruleset)

    def with_codes(self, codes: RandomCodes | Vault) -> Self:
        """Return the same with other codes."""
        other = copy.copy(self)
        other._contexts, other.values = {}, {}  # noqa: SLF001 - our own copy
        other._context = replace(  # noqa: SLF001 - our own copy
            self._context,
            codes=codes,
            surrogates=self._surrogates(codes) if self.spec.surrogates else None,
            seeds=self._seeds(codes),
        )
        return other

    def _seeds(self, codes: RandomCodes | Vault | None) -> Seeds | None:
        """
        Return what surrogates and UIDs are made of; None where there are no codes to draw from.

        45 CFR 164.514(c): under Safe Harbor they are drawn, and so wherever a vault is kept;
        elsewhere they may be derived, so that they need no store.
        """
        if self.spec.policy.method == "safe-harbor" or (codes is not None and codes.lasting):
            return codes
        return DerivedSeeds(self.spec.key)

    def _surrogates(self, codes: RandomCodes | Vault | None) -> OurSurrogates:
        """Return what makes surrogates."""
        from phisweep.detect.roster import formal_of  # noqa: PLC0415 - few runs ask for surrogates
        from phisweep.transform.surrogates.surrogates import OurSurrogates  # noqa: PLC0415

        seeds = self._seeds(codes) or DerivedSeeds(self.spec.key)
        return OurSurrogates(seeds, self._pools, formal_of(self.ruleset))

    @cached_property
    def _pools(self) -> Pools:
        from phisweep.presence import without  # noqa: PLC0415 - few runs ask for surrogates
        from phisweep.transform.surrogates.pools import Pools  # noqa: PLC0415

        return without(Pools.of(self.ruleset), self.spec.present, self.spec.key)

    def find(self, block: Text) -> list[Finding]:
        """
        Return all findings of a text, whatever was asked for; they may overlap.

        What its subject's own record knows is searched in prose, where the block has a subject. Short
        values stand in many records: what was found in one is found in all.
        """
        block = self._as_searched(block)
        if len(block.text) > _SHORT:
            return self._found(block, self.detector.find(block))
        if block.subject:
            return self._found(block, _once(self._seen, block, self.detector.find))
        return _once(self._known_of, block, lambda new: self._found(new, self.detector.find(new)))

    def expect(self, blocks: Iterable[object]) -> None:
        """Say what will be asked for next: many texts at once cost less than one by one."""
        coming: dict[object, Text] = {}
        for block in blocks:
            if isinstance(block, Text) and block.kind in RUNNING:
                text = self._as_searched(block)
                key = (text.text, text.label, text.kind, text.path)
                if len(text.text) > _SHORT:
                    coming[text] = text
                elif key not in self._known_of:
                    coming.setdefault(key, text)
        if len(coming) > 1:
            self.detector.expect(list(coming.values()))

    def _as_searched(self, block: Text) -> Text:
        """Return a text as it is searched: a gate is to be quiet, a copy to be safe."""
        if block.kind == "code" and (self.spec.write or self.spec.plan):
            return replace(block, kind="prose")
        return block

    def _found(self, block: Text, found: list[Finding]) -> list[Finding]:
        """Return what was detected with what follows from it, and what is known."""
        if found and block.kind in RUNNING:
            if block.kind == "prose":
                found = propagate(block.text, found, self._vocabulary)
                found = [*found, *repeats(block.text, found)]
            else:
                found = spread(block.text, found, self._vocabulary)
        if self.known is not None:
            found = [*found, *self.known.find(block)]
        if block.subject:
            found = [*found, *self.of_subject(block)]
        return [*self.unsettled(found, block.text, block.label)]

    def of_subject(self, block: Text) -> Sequence[Finding]:
        """Return what the record of a text's subject tells of it: names, numbers, ages too old."""
        if self.dossiers is None or not block.subject:
            return ()
        return self._unwritten(self.dossiers.find(block), block.text)

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
        What an operator of this run wrote is left out as well.
        """
        findings = self._unwritten(findings, text)
        if any(finding.rule == DAYS for finding in findings):
            context = self._context_of(label)
            decided = decide(findings, self.spec.policy, column=treatment)
            findings = [d.finding for d in decided if not is_year(text, d, context)]
        if not self._coarsens and (treatment is None or treatment.operator not in self._coarse):
            return findings
        left = [
            decision.finding
            for decision in decide(findings, self.spec.policy, column=treatment)
            if decision.operator not in self._coarse
            or not is_settled(text, decision, self._context_of(label))
        ]
        return findings if len(left) == len(findings) else left

    def settles(self, treatment: Treatment | None) -> bool:
        """Say whether what is found may be settled already, which its text alone can tell."""
        by_column = treatment is not None and treatment.operator in self._coarse
        return self._written is not None or self._coarsens or by_column

    @property
    def rescans(self) -> bool:
        """Say whether what is searched is a copy, in which operators of this run wrote."""
        return self._written is not None

    def _unwritten(self, findings: Sequence[Finding], text: str) -> Sequence[Finding]:
        """Leave out what an operator of this run wrote, where a copy is searched."""
        if self._written is None or not findings:
            return findings
        written = self._written
        return [f for f in findings if not written.is_ours(f, text)]

    def _context_of(self, label: str, subject: str = "") -> Callable[[Finding], Context]:
        """Return what tells an operator of a finding under that label."""
        dossiers = self.dossiers if subject and self._context.surrogates is not None else None

        def context(finding: Finding) -> Context:
            told = finding.identifier, finding.rule, subject, label
            known = self._contexts.get(told)
            if known is None:
                if len(self._contexts) >= _CONTEXTS:
                    self._contexts.clear()
                asked = dossiers if finding.identifier in PERSONAL else None
                known = self._contexts[told] = replace(
                    self._context,
                    identifier=finding.identifier,
                    rule=finding.rule,
                    subject=subject,
                    label=label,
                    person=asked.person(subject) if asked is not None else None,
                )
            return known

        return context

    def is_bound(self, decision: Decision) -> bool:
        """Say whether what takes the place of a finding may not be the same for every subject."""
        if decision.operator not in BOUND:
            return False
        surrogates = self._context.surrogates
        if decision.operator == ALONE or surrogates is None:
            return True
        return not surrogates.is_key(self._context_of("")(decision.finding))

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
        wanted = normal_name(label)
        return self._of_file(source, lambda name: normal_name(name) == wanted)

    def _of_file(self, source: Source, means: Callable[[str], bool]) -> Treatment | None:
        """Return the first treatment of a place of that file whose name means what is asked for."""
        for glob, columns in self.spec.policy.columns.items():
            if fits(source.name, glob):
                for name, treatment in columns.items():
                    if means(name):
                        return treatment
        return None

    def stricter(self, source: Source, index: int) -> Treatment | None:
        """Return the removal of a column that with others tells more than it may, or None."""
        identifier = self.spec.stricter.get(source.shown, {}).get(index)
        if identifier is None:
            return None
        chosen = self.spec.policy.treatments.get(identifier)
        operator = chosen.operator if chosen is not None and chosen.operator in WHOLE else "tag"
        return Treatment(
            action="remove",
            operator=operator,
            reason="with another column it tells what was removed",
            params={"identifier": identifier},
        )

    @property
    def key_treatment(self) -> Treatment:
        """How a subject's own key is treated, whatever it looks like: as a medical record number."""
        chosen = self.spec.policy.treatments.get("mrn", FORGOTTEN)
        return chosen.model_copy(update={"params": {**chosen.params, "identifier": "mrn"}})

    def path_treatment(self, source: Source, block: Text) -> Treatment | None:
        """
        Return what the policy says of a JSON value by file and pointer ("/visits/*/dob"), or None.

        In the table of columns a name that begins with a slash is a pointer; `*` is every index.
        """
        if not self._paths or block.kind == "key" or "/" not in block.location.address:
            return None
        return self._of_file(source, place_of(block.location.address).__eq__)

    def by_policy(self, block: Text, treatment: Treatment) -> Sequence[Finding]:
        """Return the finding over a whole value whose place the policy names, if it says anything."""
        stripped = block.text.strip()
        identifier = str(treatment.params.get("identifier", "other_id"))
        if says_nothing(stripped) or is_mark(stripped) or is_general(identifier, stripped):
            return ()
        start = block.text.index(stripped)
        rule, why = f"{identifier}/column-policy", "the policy names the place"
        end = start + len(stripped)
        return [Finding(block.location, start, end, identifier, rule, 1.0, "high", (why,))]

    def edits(self, block: Text, decisions: Sequence[Decision]) -> list[Edit]:
        """Return the edits that carry out the decisions on a text."""
        return edits_for(block.text, decisions, self._context_of(block.label, block.subject))

    def collector(self) -> Collector:
        """Return a collector of this run's removed values."""
        from phisweep.detect.known import Collector  # noqa: PLC0415 - as in _known

        return Collector(self.spec.key, self._words, self.spec.spool)

    def written(self) -> WrittenCollector:
        """Return a collector of what operators write that reads like an identifier."""
        from phisweep.detect.written import WrittenCollector  # noqa: PLC0415 - as in _known

        return WrittenCollector(self.spec.key, self.spec.spool)


def _once(seen: _Remembered, block: Text, find: Callable[[Text], list[Finding]]) -> list[Finding]:
    """Return what is found in a short value, from what was `seen` of it before where that is known."""
    key = (block.text, block.label, block.kind, block.path)
    known = seen.get(key)
    if known is None:
        if len(seen) >= _REMEMBERED:
            seen.clear()
        known = seen[key] = find(block)
    return [moved(f, block.location) for f in known]


def moved(finding: Finding, location: Location) -> Finding:
    """Return a finding as one of another place; `dataclasses.replace` takes ten times as long."""
    f = finding
    return Finding(
        location, f.start, f.end, f.identifier, f.rule, f.score, f.severity, f.explanation, f.disputed
    )  # fmt: skip


def _treatments(policy: PolicyFile) -> list[Treatment]:
    """Return every treatment of a policy, of identifiers, rules and columns."""
    return [
        *policy.treatments.values(),
        *(t for columns in policy.columns.values() for t in columns.values()),
    ]


def _dossiers(spec: Spec, ruleset: Ruleset) -> Dossiers | None:
    """Return what is known of subjects, where the data were surveyed."""
    if spec.subjects is None:
        return None
    from phisweep.subjects.dossiers import Dossiers  # noqa: PLC0415 - a scan knows of no subjects

    return Dossiers(spec.subjects, ruleset, spec.old, spec.namewords)


def _written(spec: Spec) -> Written | None:
    """Return what knows the results of operators, where copies are searched."""
    if spec.written is None:
        return None
    from phisweep.detect.digests import Digests  # noqa: PLC0415 - as in _known
    from phisweep.detect.written import Written  # noqa: PLC0415

    return Written(spec.key, Digests.read(spec.written))


def _sure(spec: Spec) -> float:
    """Return from which score on a rule's finding stands; none does where some are left out."""
    if spec.only_rules is not None or spec.ignored_rules:
        return _NEVER
    return max(spec.min_score or 0.0, SURE)


def _known(spec: Spec) -> KnownValues | None:
    """Return the finder of removed values, where the spec has some."""
    if spec.known is None:
        return None
    from phisweep.detect.digests import Digests  # noqa: PLC0415 - numpy
    from phisweep.detect.known import KnownValues  # noqa: PLC0415 - numpy takes 0.1 s

    return KnownValues(spec.key, Digests.read(spec.known))


def _named(finding: Finding, names: Sequence[str]) -> bool:
    return finding.identifier in names or finding.rule in names

"""Blocks -> findings: the rules, the names of fields, and what the user plugs in."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Protocol

from phisweep.detect import bundled
from phisweep.detect.bands import old_band
from phisweep.detect.code import CodeSearch
from phisweep.detect.fields import Fields
from phisweep.detect.logs import logged
from phisweep.detect.misread import unmisread
from phisweep.detect.namewords import Lexicon
from phisweep.detect.normal import normalise
from phisweep.detect.ours import OurSearcher
from phisweep.detect.pasted import Pasted
from phisweep.detect.patterns import Candidate, RuleEngine
from phisweep.detect.rounds import rounds
from phisweep.detect.shapes import shapes
from phisweep.detect.strict import Strict
from phisweep.marks import MARK, is_general
from phisweep.model import Finding, Text
from phisweep.ruleset.load import Ruleset
from phisweep.ruleset.schema import PolicyFile, RuleFile

#: What of the configuration brings something of the user's into Presidio.
_USERS = ("model", "configuration", "recognizers")
_MAY_BE_MARK = re.compile(r"[\[<+]").search


class Searcher(Protocol):
    """What searches a text: the rule engine alone, or within Presidio's AnalyzerEngine."""

    def find(self, block: Text, min_score: float) -> Sequence[Finding]:
        """Return findings in the block's own code points. Raises DetectionError, never hides."""


class Detector:
    """
    Built once, used for every block of a run.

    `min_score` overrides the policy's scores, those of single identifiers too. Building it reads
    the rule files' patterns, unless they are had from a detector `like` it, and compiles none of
    them; the first block pays for what it needs.
    """

    def __init__(
        self,
        ruleset: Ruleset,
        policy: PolicyFile,
        *,
        searcher: Searcher | None = None,
        min_score: float | None = None,
        site: Sequence[RuleFile] = (),
        like: Detector | None = None,
    ) -> None:
        self.ruleset = ruleset
        self.engine: RuleEngine = (
            like.engine if like else RuleEngine([*ruleset.rules, *site], ruleset)
        )
        self.fields: Fields = like.fields if like else Fields(ruleset, self.engine.compiled)
        self.searcher: Searcher = searcher or self.engine
        self.policy = policy
        self.min_score = min_score
        treated = (t.min_score for t in policy.treatments.values() if t.min_score is not None)
        self.strict: Strict | None = None
        self._least = min((policy.min_score, *treated)) if min_score is None else min_score

    def find(self, block: Text) -> list[Finding]:
        """Return every finding of the block at or above the policy's score; they may overlap."""
        if block.kind in ("filename", "key"):  # names of things glue words by underscores
            end = stem_end(block.text) if block.kind == "filename" else None
            block = replace(block, text=block.text[:end].replace("_", " "))
        if block.path:
            told = self.fields.standards.find(block)
            if told is not None:
                return self._without_marks(told, block.text)
        if block.kind == "value":
            field = self.fields.by_name(block)
            if field:
                return self._without_marks(field, block.text)
        found = self._searched(block)
        if block.kind == "code":
            found += self._code.find(block, found, self._least)
        found = [f for f in found if f.score >= self.threshold(f.identifier)]
        if block.label:
            found += old_band(block)
        if self.strict is not None and block.kind != "key":
            found += self.strict.find(block)
        if block.kind == "value" and found and "number" in shapes(block.text.strip()):
            # A bare number means nothing by itself: one in ten passes any check digit.
            found = [f for f in found if any("context word" in step for step in f.explanation)]
        return self._without_marks(found, block.text) if found else found

    def expect(self, blocks: Sequence[Text]) -> None:
        """Say which texts will be searched next: many at once cost less than one by one."""
        self.engine.expect([b for b in blocks if b.kind == "prose" and not b.path])

    @cached_property
    def _pasted(self) -> Pasted:
        return Pasted(self.ruleset, self.engine.compiled)

    @cached_property
    def _code(self) -> CodeSearch:
        return CodeSearch(self.ruleset, self.engine, self.fields)

    def _searched(self, block: Text) -> list[Finding]:
        """Return what is found in a block as it is, and as it stood before a scanner misread it."""
        found = [*self.searcher.find(block, self._least), *self._pasted.find(block)]
        found += logged(block, self._means)
        found += rounds(block, found)
        reading = unmisread(block, self._known)
        if reading is not None:
            read = replace(block, text=reading.text)
            found += reading.in_source(self.searcher.find(read, self._least))
        return found

    def _known(self, word: str) -> bool:
        return self._lexicon.kind(word) != "unknown"

    def _means(self, word: str) -> bool:
        return word.casefold() in self.ruleset.members("abbreviations") or self._known(word)

    @cached_property
    def _lexicon(self) -> Lexicon:
        return Lexicon.of_rules(self.ruleset)

    def candidates(self, block: Text) -> Sequence[Candidate]:
        """Return every match of every pattern with its fate, for `explain`."""
        return list(self.engine.candidates(normalise(block.text).text, block))

    def threshold(self, identifier: str) -> float:
        """Return the score from which an identifier counts, under the policy."""
        return self.policy.threshold(identifier) if self.min_score is None else self.min_score

    @staticmethod
    def _without_marks(found: Sequence[Finding], text: str) -> list[Finding]:
        """Drop what an operator of ours has written, so that a second pass finds nothing new."""
        marks = [match.span() for match in MARK.finditer(text)] if _MAY_BE_MARK(text) else []
        return [
            f
            for f in found
            if not (marks and any(s <= f.start and f.end <= e for s, e in marks))
            and not is_general(f.identifier, text[f.start : f.end])
        ]


def stem_end(name: str) -> int:
    """Return where the suffix of a file's name begins; a name that starts with a dot has none."""
    last = name.rfind("/") + 1
    dot = name.rfind(".", last + 1)
    return dot if dot > 0 else len(name)


def build_detector(
    ruleset: Ruleset,
    policy: PolicyFile,
    engine: str,
    *,
    nlp: Mapping[str, object],
    min_score: float | None = None,
    site: Sequence[RuleFile] = (),
    like: Detector | None = None,
    sure: float = bundled.SURE,
    strict: bool = False,
) -> Detector:
    """
    Return the detector of an engine: `rules` alone, or `full`, with models and within Presidio.

    `nlp` configures the bundled names model, Presidio's NLP engine and further recognizers; `like`
    is another detector of the same rules, whose patterns are used. Raises ComponentError where
    what `nlp` asks for is not installed. Rules' findings from the score `sure` on are not put to
    the names model as well. `strict` takes every word for a name that no list vouches for.
    """
    detector = Detector(ruleset, policy, min_score=min_score, site=site, like=like)
    detector.strict = Strict.of(ruleset) if strict else None
    if engine == "full":
        names = bundled.names_model(ruleset) if bundled.asked(nlp) else None
        if not any(nlp.get(key) for key in _USERS) and nlp.get("language", "en") == "en":
            detector.searcher = OurSearcher(detector.engine, names, sure)
            return detector
        from phisweep.detect.presidio import PresidioSearcher  # noqa: PLC0415 - 3 s to import

        detector.searcher = PresidioSearcher(detector.engine, nlp, names, sure)
    return detector

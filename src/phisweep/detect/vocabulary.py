"""What words are beside being names, for all that spreads a name or takes letters for one's initials."""

from __future__ import annotations

from collections.abc import Collection

from phisweep.ruleset.load import Ruleset
from phisweep.values import dataclass


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """
    What words are beside being names; all casefolded.

    `ordinary` words (rose, young, hope) are names only with a capital inside a sentence, or as
    its subject. A word before one of `heads` (disease, sign, catheter) is part of a term, and so is
    one of `phrases` (young burgess). Nobody is called by one of `abbreviations` (doc, neg) alone.
    `eponyms` in lower case are none (foley).
    """

    ordinary: Collection[str] = frozenset()
    heads: Collection[str] = frozenset()
    eponyms: Collection[str] = frozenset()
    phrases: Collection[str] = frozenset()
    abbreviations: Collection[str] = frozenset()

    @classmethod
    def of(cls, ruleset: Ruleset) -> Vocabulary:
        """Read the words from the lists. Raises RuleError where a list is not its own."""
        ordinary = ruleset.members("ordinary-words") | ruleset.members("names-that-are-words")
        names = ruleset.members("given-names") | ruleset.members("surnames")
        return cls(
            ordinary,
            ruleset.members("eponym-heads"),
            ruleset.members("eponyms"),
            ruleset.members("eponym-phrases"),
            ruleset.members("abbreviations") - names - ruleset.members("names-that-are-words"),
        )

"""What a site adds by configuration: its own patterns, and what to do with single columns."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from typing import Literal

from phisweep.config import ColumnTreatment, Config, SitePattern
from phisweep.errors import UsageError
from phisweep.model import IDENTIFIERS
from phisweep.ruleset.schema import (
    Examples,
    Found,
    NotFound,
    PatternEntry,
    PolicyFile,
    RuleFile,
    Treatment,
)

_QUANTIFIER = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\{(\d+),\}|([*+])", re.DOTALL)
_WIDEST = 64  # what an unbounded repeat of a site's pattern is taken to mean
_BY_LETTER = {letter: identifier for identifier, letter in reversed([*IDENTIFIERS.items()])}
_ACTIONS: Mapping[str, Literal["keep", "remove", "replace"]] = {
    "keep": "keep",
    "tag": "remove",
    "redact": "remove",
    "code": "replace",
}


def site_rules(config: Config) -> list[RuleFile]:
    """Return the configuration's patterns as rules. Raises UsageError where an example fails."""
    return [_rule(pattern) for pattern in config.patterns]


def with_columns(policy: PolicyFile, config: Config) -> PolicyFile:
    """Return the policy with the configuration's settings, columns and treatments over it."""
    columns = {
        glob: {name: _treatment(glob, name, t) for name, t in named.items()}
        for glob, named in config.columns.items()
    }
    settings = dict(policy.settings)
    if config.census:
        settings["census"] = config.census
    return policy.model_copy(
        update={
            "columns": {**policy.columns, **columns},
            "treatments": {**policy.treatments, **config.treatments},
            "settings": settings,
        }
    )


def _treatment(glob: str, name: str, given: ColumnTreatment) -> Treatment:
    if given.action == "keep" and not given.reason:
        raise UsageError(
            "E115", f"columns.{glob}.{name}: to keep a column takes a reason", todo="Add reason."
        )
    action: Literal["keep", "remove", "replace", "generalize"]
    action = _ACTIONS.get(given.action, "generalize")
    return Treatment(
        action=action,
        operator=given.action,
        reason=given.reason,
        params={"identifier": given.identifier or _BY_LETTER.get(given.letter, "other_id")},
    )


def _rule(pattern: SitePattern) -> RuleFile:
    identifier = pattern.identifier or _BY_LETTER[pattern.letter]
    where = f"patterns.{pattern.id}"
    if IDENTIFIERS.get(identifier) != pattern.letter:
        raise UsageError("E116", "letter and identifier do not agree", where=where)
    regex = _QUANTIFIER.sub(_bounded, pattern.regex)
    try:
        compiled = re.compile(regex)
    except re.error as error:
        raise UsageError("E117", f"not a regular expression: {error}", where=where) from None
    for i, example in enumerate(pattern.examples, 1):
        if not compiled.search(example):
            raise UsageError("E118", f"example {i} is not found by its pattern", where=where)
    for i, example in enumerate(pattern.counter_examples, 1):
        if compiled.search(example):
            raise UsageError("E118", f"counter-example {i} is found", where=where)
    found = tuple(Found(text=e, expect=compiled.search(e)[0]) for e in pattern.examples)  # type: ignore[index]  # searched above
    nothing = NotFound(text="", because="an empty text holds nothing")
    entry = PatternEntry(
        pattern=pattern.id,
        regex=regex,
        confidence=pattern.confidence,
        why="A pattern of the site's own configuration.",
    )
    return RuleFile(
        id=identifier,
        letter=pattern.letter,
        title="A pattern of the site",
        citation=f"45 CFR 164.514(b)(2)(i)({pattern.letter})",
        law="as the identifier's own file has it",
        reading="as the site's configuration has it",
        reviewed=dt.datetime.now(dt.UTC).date(),
        severity="high",
        detect=(entry,),
        examples=Examples(found=found, not_found=(nothing,)),
        known_gaps=(),
    )


def _bounded(match: re.Match[str]) -> str:
    """`*` is `{0,64}`, `+` is `{1,64}`, `{3,}` is `{3,64}`; a class or an escape stays."""
    if match[1]:
        return f"{{{match[1]},{max(_WIDEST, int(match[1]))}}}"
    if match[2]:
        if match.start() and match.string[match.start() - 1] in "*+?}" and match[2] == "+":
            return "+"  # possessive
        return f"{{{0 if match[2] == '*' else 1},{_WIDEST}}}"
    return match[0]

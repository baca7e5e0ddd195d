"""
Source code: literals under telling names, and every rule near what a patient's identifier is.

A file of code is full of names, numbers and dates that belong to no patient: authors, versions,
issues, identifiers of the language. Hence patterns that need no more than a shape do not hold there
by themselves. But where one thing is found that belongs to a patient - a record number behind its
label, a birth date under its name - the lines around it are a record that somebody has pasted, and
there all rules hold but those that the code itself would set off.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import field, replace

from phisweep.detect.fields import Fields, normal_name
from phisweep.detect.patterns import RuleEngine
from phisweep.detect.propagate import propagate
from phisweep.detect.rules import FieldRule, compile_fields
from phisweep.detect.signatures import RULE
from phisweep.detect.vocabulary import Vocabulary
from phisweep.model import Finding, Text
from phisweep.ruleset.load import Ruleset
from phisweep.values import dataclass

LINES = 6  # on either side of what was found
WIDEST = 800  # code points on either side of it, whatever its lines
#: What belongs to a patient wherever it stands; an address of e-mail may be an author's.
TELLING = frozenset({"name", "ssn", "mrn", "health_plan", "date", "location", "age", "account"})
_SURE = 0.6  # the score from which on something tells of more beside it
_SPACE = r"[ \t]{0,12}"
_LITERAL = re.compile(
    r"(?<![A-Za-z0-9_$-])(?P<key>[A-Za-z_][A-Za-z0-9_-]{1,40})"
    rf"(?:(?P<quoted>[\"'`])[ \t]?\]?|){_SPACE}"
    rf"(?:(?<=\w:)|:[ \t]?[A-Za-z][\w\[\]|.<>]{{0,24}}[ \t]{{0,2}}(?==)|)"
    rf"(?:=>|:=|->|={{1,3}}|:|(?(quoted),|\()){_SPACE}(?:\r?\n[ \t]{{0,40}})?"
    r"(?:(?:new[ ])?[A-Za-z_][\w.]{0,40}\([ \t]{0,2})?[a-zA-Z@$]{0,2}"
    r"(?=(?P<mark>\\?[\"'`])(?P<value>(?:(?!(?P=mark))[^\n]){1,160})(?P=mark)"
    r"|(?P<parts>\d{4},[ ]?\d{1,2},[ ]?\d{1,2})\)|(?P<bare>\d[\d./-]{3,14})(?![\w.]))"
)
_SMALL = re.compile(r"(?<![^\W_])[a-z]{3,20}(?![a-z])")
_SETTER = re.compile(r"(?:set|with|get|add|has)_(?=[a-z])")
_ROWS = re.compile(
    r"\((?P<columns>[\"'`\[]?\w{1,40}[\"'`\]]?(?:,\s{0,20}[\"'`\[]?\w{1,40}[\"'`\]]?){1,40})\s{0,20}\)"
    r"[\"'\s+]{0,40}VALUES[\"'\s+]{0,40}(?P<rows>\([^;]{1,2000})",
    re.IGNORECASE,
)
_VALUES = re.compile(r"\(|\)|,|'(?P<text>[^'\n]{0,160})'|(?P<bare>[\w.+-]{1,40})")


@dataclass(frozen=True, slots=True)
class Literal:
    """A value in code and the name it stands under; half-open code points of the block."""

    label: str = field(repr=False)
    start: int
    end: int


class CodeSearch:
    """What is found in source code beside the patterns that hold there by themselves."""

    def __init__(self, ruleset: Ruleset, engine: RuleEngine, fields: Fields) -> None:
        self._engine = engine
        self._fields = fields
        self._never = {p.id for p in engine.patterns if p.entry.code == "never"}
        self._rules = [
            field
            for rule in ruleset.rules
            for field in compile_fields(rule, ruleset, ("code",), engine.compiled)
        ]
        self._names: dict[str, Sequence[FieldRule]] = {}

    def find(self, block: Text, found: Sequence[Finding], min_score: float) -> list[Finding]:
        """
        Return what is found beside `found`, which the block's patterns found; they may overlap.

        Literals under names that rules give for code, and around what tells of a patient all that
        any rule finds in prose and under the names of columns.
        """
        literals = list(_literals(block.text))
        mine = [f for each in literals if (f := self._literal(block, each)) is not None]
        telling = [f for f in (*found, *mine) if f.identifier in TELLING and f.score >= _SURE]
        for start, end in _around(block.text, telling):
            mine += self._beside(block, start, end, min_score)
            mine += [
                replace(f, start=each.start, end=each.end)
                for each in literals
                if start <= each.start < end
                for f in self._fields.find(_value(block, each))
            ]
        return mine

    def _literal(self, block: Text, literal: Literal) -> Finding | None:
        value = block.text[literal.start : literal.end].strip()
        for rule in self._named(literal.label):
            if rule.accepts(value):
                step = f"field {rule.id}: the name of its variable, key or argument says so"
                return Finding(
                    block.location,
                    literal.start,
                    literal.end,
                    rule.identifier,
                    rule.id,
                    rule.entry.confidence,
                    rule.severity,
                    (step,),
                )
        return None

    def _named(self, label: str) -> Sequence[FieldRule]:
        known = self._names.get(label)
        if known is None:
            if len(self._names) > 10_000:  # noqa: PLR2004 - names may be data
                self._names.clear()
            name = _SETTER.sub("", normal_name(label), count=1)
            known = self._names[label] = [r for r in self._rules if r.names.fullmatch(name)]
        return known

    def _beside(self, block: Text, start: int, end: int, min_score: float) -> Iterator[Finding]:
        piece = replace(block, text=block.text[start:end], kind="prose")
        for f in self._engine.find(piece, min_score):
            if f.rule not in self._never:
                yield replace(f, start=start + f.start, end=start + f.end)


def spread(text: str, found: Sequence[Finding], vocabulary: Vocabulary) -> list[Finding]:
    """
    Return the findings of a source code, and further occurrences of the names among them.

    A word that the same text also writes in small letters is one of the code's own words.
    """
    own = frozenset(_SMALL.findall(text))
    return [
        f
        for f in propagate(text, found, vocabulary)
        if f.rule != RULE or text[f.start : f.end].lower() not in own
    ]


def _value(block: Text, literal: Literal) -> Text:
    text = block.text[literal.start : literal.end]
    return replace(block, text=text, label=literal.label, kind="value")


def _literals(text: str) -> Iterator[Literal]:
    """Yield values in code that stand under a name, and those of rows for columns in SQL."""
    for match in _LITERAL.finditer(text):
        group = next(name for name in ("value", "parts", "bare") if match[name])
        yield Literal(match["key"], *match.span(group))
    for match in _ROWS.finditer(text):
        yield from _of_rows(match)


def _of_rows(match: re.Match[str]) -> Iterator[Literal]:
    columns = re.findall(r"\w+", match["columns"])
    depth = index = 0
    for part in _VALUES.finditer(match.string, match.start("rows"), match.end("rows")):
        sign = part[0]
        if sign == "(":
            depth, index = depth + 1, 0
        elif sign == ")":
            depth -= 1
        elif sign == ",":
            index += depth == 1
        elif depth == 1 and index < len(columns) and part.lastgroup:
            yield Literal(columns[index], *part.span(part.lastgroup))


def _around(text: str, findings: Sequence[Finding]) -> Iterator[tuple[int, int]]:
    """Yield the lines around findings, as spans of the text that do not overlap."""
    last: tuple[int, int] | None = None
    for f in sorted(findings, key=lambda f: f.start):
        start, end = f.start, f.end
        low, high = max(0, start - WIDEST), min(len(text), end + WIDEST)
        for _ in range(LINES + 1):
            start = text.rfind("\n", low, start)
            if start < 0:
                break
        for _ in range(LINES + 1):
            end = text.find("\n", end, high) + 1
            if not end:
                break
        span = (start + 1 if start >= 0 else low, end or high)
        if last is None:
            last = span
        elif span[0] <= last[1]:
            last = (last[0], max(last[1], span[1]))
        else:
            yield last
            last = span
    if last is not None:
        yield last

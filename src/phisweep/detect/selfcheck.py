"""
`phisweep rules check`: every rule file's own examples, each rule alone.

A compliance officer who reads no Python changes a rule, adds an example and runs this. The
examples are invented by their authors; they are the only texts that phisweep ever prints.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from phisweep.detect.detector import Detector
from phisweep.detect.rules import Checker, compile_fields, exceptions_of
from phisweep.detect.standards import Standards
from phisweep.errors import PhisweepError
from phisweep.model import Location, Text
from phisweep.ruleset.load import Ruleset, default_folder, load_ruleset, read_file
from phisweep.ruleset.schema import (
    FieldEntry,
    Found,
    NotFound,
    PatternEntry,
    PolicyFile,
    RuleFile,
)

_NEUTRAL = PolicyFile(id="self-check", method="safe-harbor")


@dataclass(frozen=True, slots=True)
class Problem:
    """An example that does not hold, or a pattern that cannot be built."""

    rule: str
    example: str
    what: str


def check_rules(ruleset: Ruleset) -> list[Problem]:
    """Return every problem of every rule, list and field; an empty list means that all hold."""
    problems: list[Problem] = []
    for name in ruleset.lists:
        try:
            ruleset.entries(name)
        except PhisweepError as error:
            problems.append(Problem("lists", name, error.what))
    for rule in ruleset.rules:
        try:
            problems += check_rule(rule, ruleset)
        except PhisweepError as error:
            problems.append(Problem(rule.id, error.where, error.what))
    return problems + check_fields(ruleset)


def check_fields(ruleset: Ruleset) -> list[Problem]:
    """Return the examples of rules/fields/ that do not hold."""
    standards = Standards(ruleset)
    problems = []
    for file in ruleset.fields:
        for example in file.examples:
            block = Text(
                Location("", ""), example.text, kind="value", path=f"{file.id}:{example.at}"
            )
            got = "".join(f.identifier for f in standards.find(block) or ())
            if got != example.expect:
                what = f"is {got or 'nothing'} at {example.at}, not {example.expect or 'nothing'}"
                problems.append(Problem(f"fields/{file.id}", example.text, what))
    return problems


def check_rule(rule: RuleFile, ruleset: Ruleset) -> list[Problem]:
    """Return the problems of one rule file."""
    alone = Ruleset(
        ruleset.folder, (rule,), ruleset.operators, ruleset.lists, ruleset.sha256, ruleset.version
    )
    detector = Detector(alone, _NEUTRAL)
    for pattern in detector.engine.patterns:
        _ = (pattern.regex, pattern.groups, pattern.context, pattern.unless)
    for exception in exceptions_of([rule], ruleset):
        _ = exception.regex
    compile_fields(rule, ruleset)
    problems = _names(rule, ruleset)
    for example in rule.examples.found:
        problems += _found(rule, example, detector)
    for none in rule.examples.not_found:
        got = _spans(detector, none)
        if got:
            problems.append(Problem(rule.id, none.text, f"found {got}; {none.because}"))
    return problems


def _names(rule: RuleFile, ruleset: Ruleset) -> list[Problem]:
    names = [e.pattern for e in rule.detect if isinstance(e, PatternEntry)]
    known = {*names, *(e.name for e in rule.detect if isinstance(e, FieldEntry))}
    twice = sorted({n for n in names if names.count(n) > 1})
    problems = [Problem(rule.id, n, "two patterns have this name") for n in twice]
    for exception in rule.exceptions:
        problems += [
            Problem(rule.id, exception.exception, f"names an unknown pattern {p}")
            for p in exception.patterns
            if p not in known
        ]
    for entry in rule.detect:
        if entry.check:
            Checker(entry.check, ruleset)
            problems += [
                Problem(rule.id, entry.check.name, f"names an unknown list {name}")
                for name in entry.check.lists
                if name not in ruleset.lists
            ]
    return problems


def _found(rule: RuleFile, example: Found, detector: Detector) -> list[Problem]:
    expect = [example.expect] if isinstance(example.expect, str) else list(example.expect)
    got = _spans(detector, example, example.pattern)
    if got == expect:
        return []
    return [Problem(rule.id, example.text, f"expected {expect}, found {got}")]


def _spans(detector: Detector, example: Found | NotFound, pattern: str | None = None) -> list[str]:
    block = Text(Location("example", "text"), example.text, example.label, kind=example.kind)
    spans = sorted(
        (f.start, f.end)
        for f in detector.find(block)
        if pattern is None or f.rule.endswith("/" + pattern)
    )
    merged: list[tuple[int, int]] = []
    for start, end in spans:
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return [example.text[start:end] for start, end in merged]


def main(paths: Sequence[str]) -> int:
    """Check the named rule files, or all; print what does not hold; return 0 where all does."""
    folder = default_folder()
    problems: list[Problem] = []
    if paths:
        for path in paths:
            try:
                rule = read_file(Path(path), RuleFile)
                problems += check_rule(rule, _lists_only(folder))
            except PhisweepError as error:
                problems.append(Problem(path, error.where, error.what))
    else:
        problems = check_rules(load_ruleset(folder))
    for problem in problems:
        sys.stdout.write(f"{problem.rule}: {problem.example!r}: {problem.what}\n")
    sys.stdout.write(f"{len(problems)} problems\n")
    return 1 if problems else 0


def _lists_only(folder: Path) -> Ruleset:
    from phisweep.ruleset.schema import ListsFile  # noqa: PLC0415

    lists = read_file(folder / "lists" / "index.yaml", ListsFile).lists
    return Ruleset(folder, (), {}, lists, "")


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))

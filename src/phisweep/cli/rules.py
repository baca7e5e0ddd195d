"""`phisweep rules`: the law as data, listed, shown and checked."""

from __future__ import annotations

import json

import click

from phisweep.cli import _options as options
from phisweep.decide import check_policy
from phisweep.detect.selfcheck import check_rules
from phisweep.errors import RuleError
from phisweep.ruleset.imaging import check_imaging
from phisweep.ruleset.load import Ruleset, load_policy, load_ruleset
from phisweep.ruleset.schema import FieldEntry, PatternEntry, RuleFile, json_schema
from phisweep.transform.operators import names


@click.group("rules", cls=options.Group)
def command() -> None:
    """List, show or check the rules, or print the schema of their files."""


@command.command("list")
def list_() -> int:
    """One line a rule file: letter, id, how much it holds, title."""
    ruleset = load_ruleset()
    for rule in sorted(ruleset.rules, key=lambda r: r.letter):
        patterns = sum(isinstance(e, PatternEntry) for e in rule.detect)
        fields = len(rule.detect) - patterns
        examples = len(rule.examples.found) + len(rule.examples.not_found)
        click.echo(
            f"({rule.letter}) {rule.id:<12} {patterns:>2} patterns {fields:>2} fields"
            f" {examples:>3} examples  {rule.title}"
        )
    for file in ruleset.fields:
        click.echo(
            f"    {file.id:<12} {len(file.places):>2} places {len(file.examples):>13} examples  {file.title}"
        )
    click.echo(f"rules {ruleset.version}, sha256 {ruleset.sha256}")
    return 0


@command.command("show")
@click.argument("name", metavar="ID|LETTER|ID/PATTERN")
def show(name: str) -> int:
    """Show one rule: the law's words, our reading, patterns, examples, gaps."""
    ruleset = load_ruleset()
    wanted, _, pattern = name.partition("/")
    chosen = [r for r in ruleset.rules if wanted in {r.id, r.letter} or wanted.upper() == r.letter]
    if not chosen:
        known = ", ".join(r.id for r in ruleset.rules)
        raise RuleError("E168", "no rule has this id or letter", todo=f"Known: {known}.")
    for rule in chosen:
        _show(rule, ruleset, pattern)
    return 0


@command.command("check")
def check() -> int:
    """Run every rule's own examples, and check lists and policies."""
    ruleset = load_ruleset()
    problems = check_rules(ruleset)
    for problem in problems:
        click.echo(f"{problem.rule}: {problem.example!r}: {problem.what}")
    for path in sorted((ruleset.folder / "policies").glob("*.yaml")):
        policy = load_policy(path.stem, ruleset)
        check_policy(policy, ruleset.operators, available=names())
        check_imaging(policy, ruleset.imaging)
    examples = sum(len(r.examples.found) + len(r.examples.not_found) for r in ruleset.rules)
    examples += sum(len(file.examples) for file in ruleset.fields)
    click.echo(
        f"{len(ruleset.rules)} rules, {len(ruleset.fields)} standards, {examples} examples, {len(ruleset.lists)} lists:"
        f" {len(problems)} problems"
    )
    return 2 if problems else 0


@command.command("schema")
def schema() -> int:
    """Print the JSON schema of the files of rules/, which rules/schema.json holds."""
    click.echo(json.dumps(json_schema(), indent=2, ensure_ascii=False))
    return 0


def _show(rule: RuleFile, ruleset: Ruleset, pattern: str) -> None:
    policy = load_policy("safe-harbor", ruleset)
    treatment = policy.treatments.get(rule.id)
    click.echo(f"({rule.letter}) {rule.id}: {rule.title}")
    click.echo(f"  {rule.citation}, reviewed {rule.reviewed}, severity {rule.severity}")
    click.echo(f'  law:     "{rule.law}"')
    click.echo(f"  reading: {rule.reading.strip()}")
    if treatment:
        click.echo(f"  under safe-harbor: {treatment.operator}")
    for entry in rule.detect:
        if isinstance(entry, PatternEntry) and pattern in {"", entry.pattern}:
            click.echo(f"  pattern {entry.pattern} ({entry.confidence}): {entry.why}")
            if pattern:
                click.echo(f"    {entry.regex}")
        elif isinstance(entry, FieldEntry) and pattern in {"", entry.name}:
            names = ", ".join(n for names in entry.field.values() for n in names)
            click.echo(f"  field {entry.name} ({entry.confidence}): {names}")
    for exception in rule.exceptions:
        click.echo(f"  not {exception.exception}: {exception.why}")
    for found in rule.examples.found:
        click.echo(f"  found:     {found.text!r}")
    for none in rule.examples.not_found:
        click.echo(f"  not found: {none.text!r} ({none.because})")
    for gap in rule.known_gaps:
        click.echo(f"  known gap: {gap}")

"""
What the documents hold, read for their tests, and the tables that are made from the rules.

`python tests/documents.py` writes those tables again.
"""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from functools import cache
from pathlib import Path

import click

from phisweep import errors
from phisweep.cli import SECTIONS, cli
from phisweep.formats.base import load as load_formats
from phisweep.report import words
from phisweep.ruleset.load import load_policy, load_ruleset
from phisweep.ruleset.schema import PatternEntry, PlaceEntry
from phisweep.transform.operators import describe, names

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src" / "phisweep"
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
METHODS = ("safe-harbor", "limited-data-set", "expert")
GENERATED = re.compile(r"(<!-- generated: (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)
FENCE = re.compile(r"^( *)```(\w*)\n(.*?)^ *```$", re.DOTALL | re.MULTILINE)
STATUS = re.compile(r"\s+# exit (\d+)$")
CODE = re.compile(r"E[1-7]\d\d")


def page(name):
    return (ROOT / name).read_text(encoding="utf-8")


def blocks(text, *languages):
    """The contents of fenced blocks, without their indent."""
    for indent, language, body in FENCE.findall(text):
        if language in languages:
            yield "".join(line.removeprefix(indent) for line in body.splitlines(keepends=True))


def rows(text):
    """The rows of all tables of a page: lists of cells, without heads and rules."""
    for table in re.findall(r"(?:^\|.*\|$\n?)+", text, re.MULTILINE):
        for line in table.splitlines()[2:]:
            yield [cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]]


def table(head, lines):
    rule = "|".join(["---"] * len(head))
    return "".join(f"| {' | '.join(line)} |\n" for line in (head, *lines)).replace(
        "\n", f"\n|{rule}|\n", 1
    )


def treated(treatment):
    return f"{words.DONE[treatment.action]}: `{treatment.operator}`"


@cache
def rules_table():
    ruleset = load_ruleset()
    policy = load_policy("safe-harbor", ruleset)
    lines = [
        (f"({rule.letter})", f"`{rule.id}`", rule.title, treated(policy.treatments[rule.id]))
        for rule in sorted(ruleset.rules, key=lambda rule: (rule.letter, rule.id))
    ]
    return table(("", "rule", "what is found", "under Safe Harbor"), lines)


@cache
def treatments_table():
    ruleset = load_ruleset()
    policies = [load_policy(method, ruleset) for method in METHODS]
    lines = [
        (f"({rule.letter})", rule.title, *(treated(p.treatments[rule.id]) for p in policies))
        for rule in sorted(ruleset.rules, key=lambda rule: (rule.letter, rule.id))
    ]
    return table(("", "identifier", *(f"`{method}`" for method in METHODS)), lines)


@cache
def operators_table():
    lines = []
    for name, law in load_ruleset().operators.items():
        what = describe(name) if name in names() else "Not built yet."
        permits = [method + only(law.limits.get(method, ())) for method in law.permits]
        works = only(law.identifiers)
        why = " ".join(f"{law.why} {law.instead}".split())
        lines.append(
            (f"`{name}`", escaped(what) + works, ", ".join(permits) or "none", escaped(why))
        )
    return table(("operator", "what it does", "permitted under", "why, and what instead"), lines)


@cache
def options_table():
    ruleset = load_ruleset()
    policies = {method: load_policy(method, ruleset).imaging.options for method in METHODS}
    lines = []
    for option, law in ruleset.imaging.items():
        cells = [
            "chosen" if option in policies[method] else "may be" if method in law.permits else "no"
            for method in METHODS
        ]
        why = " ".join(f"{law.why} {law.instead}".split())
        lines.append((f"`{option}`", *cells, f"{escaped(why)} {law.citation}."))
    head = ("option", *(f"`{method}`" for method in METHODS), "why, and what instead")
    return table(head, lines)


@cache
def formats_table():
    lines = []
    for name, format_ in sorted(load_formats().items()):
        suffixes = " ".join(f"`{suffix}`" for suffix in sorted(format_.suffixes) if suffix)
        lines.append(
            (
                f"`{name}`",
                suffixes or "by its content",
                f"`{format_.extra}`" if format_.extra else "",
                f"`{format_.copied_as}`" if format_.copied_as else "",
            )
        )
    return table(("format", "suffixes", "extra", "copied as"), lines)


@cache
def law_pages():
    """Every rule as a compliance officer reads it, by letter."""
    ruleset = load_ruleset()
    policy = load_policy("safe-harbor", ruleset)
    told = sorted(ruleset.rules, key=lambda rule: (rule.letter, rule.id))
    titles = [f"({rule.letter}) {rule.title}: `{rule.id}`" for rule in told]
    contents = [f"- [{title}](#{anchor(title)})" for title in titles]
    pages = (line for rule in told for line in rule_page(rule, policy, ruleset.operators))
    return "\n".join(["", *contents, "", *pages, ""])


def rule_page(rule, policy, operators):
    treatment = policy.treatments[rule.id]
    law = operators[treatment.operator]
    reason = treatment.reason or law.why
    patterns = [e for e in rule.detect if isinstance(e, PatternEntry)]
    fields = [e for e in rule.detect if not isinstance(e, PatternEntry)]
    yield from (f"## ({rule.letter}) {rule.title}: `{rule.id}`", "")
    yield from (f"> {flat(rule.law)}", "> ", f"> {rule.citation}", "")
    yield from (f"**Our reading.** {escaped(flat(rule.reading))}", "")
    yield from (f"**Under Safe Harbor.** {treated(treatment)}. {flat(reason)}", "")
    yield from (
        f"Reviewed {rule.reviewed}. Severity {rule.severity}, where nothing else is said.",
        "",
    )
    if patterns:
        rows_ = [(f"`{rule.id}/{e.pattern}`", scored(e), escaped(flat(e.why))) for e in patterns]
        yield table(("pattern", "score", "why"), rows_)
    if fields:
        rows_ = [
            (f"`{rule.id}/{e.name}`", named(e), f"{e.confidence:.2f}", escaped(flat(e.why)))
            for e in fields
        ]
        yield table(("field", "names of columns and keys", "score", "why"), rows_)
    if rule.exceptions:
        rows_ = [(f"`{e.exception}`", escaped(flat(e.why))) for e in rule.exceptions]
        yield table(("what is not taken", "why"), rows_)
    rows_ = [(shown_text(e), ", ".join(span(x) for x in expected(e))) for e in rule.examples.found]
    yield table(("found in", "what"), rows_)
    rows_ = [(shown_text(e), escaped(flat(e.because))) for e in rule.examples.not_found]
    yield table(("nothing found in", "because"), rows_)
    if rule.known_gaps:
        yield from (
            "Known not to be found:",
            "",
            *(f"- {escaped(flat(g))}" for g in rule.known_gaps),
            "",
        )


@cache
def standards_pages():
    """The places of standards: what a field, segment or element holds."""
    return "\n".join(
        ["", *(line for file in load_ruleset().fields for line in standard_page(file)), ""]
    )


def standard_page(file):
    yield from (f"## {file.title}: `{file.id}`", "")
    yield from (f"**Our reading.** {escaped(flat(file.reading))}", "")
    yield from (f"Source: {escaped(flat(file.source))}. Reviewed {file.reviewed}.", "")
    rows_ = [
        (
            ", ".join(span(at) for at in e.at),
            f"`{e.identifier}/{file.id}-{e.name}`" if isinstance(e, PlaceEntry) else "codes only",
            escaped(flat(e.why)),
        )
        for e in file.places
    ]
    yield table(("places", "rule", "why"), rows_)
    if file.known_gaps:
        yield from (
            "Known not to be found:",
            "",
            *(f"- {escaped(flat(g))}" for g in file.known_gaps),
            "",
        )


def anchor(title):
    return re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")


def scored(entry):
    words_ = f"; {entry.in_context:.2f} beside its words" if entry.context else ""
    return f"{entry.confidence:.2f}{words_}"


def named(entry):
    names_ = dict.fromkeys(name for each in entry.field.values() for name in each)
    when = f" (values like: {', '.join(entry.when)})" if entry.when else ""
    return ", ".join(span(name) for name in names_) + when


def expected(example):
    return (example.expect,) if isinstance(example.expect, str) else example.expect


def shown_text(example):
    under = f" under {span(example.label)}" if example.label else ""
    kind = f" ({example.kind})" if example.kind not in {"prose", "value"} else ""
    return (span(example.text) if example.text else "an empty text") + under + kind


def span(text):
    """A text in a code span of a table: its line feeds as escapes."""
    shown = "".join(c if c.isprintable() else repr(c)[1:-1] for c in text)
    ticks = "``" if "`" in shown else "`"
    pad = " " if shown[:1] in "` " or shown[-1:] in "` " else ""
    return f"{ticks}{pad}{shown}{pad}{ticks}".replace("|", "\\|")


def flat(text):
    return " ".join(text.split())


def only(identifiers):
    return f" ({', '.join(identifiers)} only)" if identifiers else ""


def escaped(text):
    return re.sub(r"([<>|\[\]*_])", r"\\\1", text)


def command_pages():
    """Every command as a manual has it: synopsis, what it does, what it takes."""
    root = click.Context(cli, info_name="phisweep")
    lines = []
    for title, named_ in SECTIONS.items():
        lines += ["", f"## {title}"]
        for name in named_:
            lines += command_page(cli.get_command(root, name), root, name, "###")
    return "\n".join([*lines, "", ""])


def command_page(command, parent, name, mark):
    context = click.Context(command, info_name=name, parent=parent)
    full = context.command_path
    pieces = " ".join(piece for piece in command.collect_usage_pieces(context) if piece)
    yield from ("", f"{mark} {full}", "", f"`{full} {pieces}`", "")
    for paragraph in (command.help or "").split("\n\n"):
        yield from (escaped(flat(paragraph)), "")
    found = [p.get_help_record(context) for p in command.get_params(context)]
    told = [record for record in found if record and record[1] and "--help" not in record[0]]
    if told:
        yield table(
            ("option", "what it does"), [(span(o), escaped(flat(h))) for o, h in told]
        ).rstrip("\n")
    for below in getattr(command, "commands", {}):
        yield from command_page(command.get_command(context, below), context, below, mark + "#")


TABLES = {
    "commands": command_pages,
    "formats": formats_table,
    "rules": rules_table,
    "treatments": treatments_table,
    "operators": operators_table,
    "options": options_table,
    "law": law_pages,
    "standards": standards_pages,
}


def regenerated(text):
    return GENERATED.sub(lambda match: match[1] + TABLES[match[2]]() + match[3], text)


def commands(path):
    """The command lines of a page, each with the exit status that it promises."""
    text = path.read_text(encoding="utf-8")
    for body in blocks(text, "console"):
        for line in body.splitlines():
            if line.startswith("$ "):
                yield promise(line[2:])
    for body in blocks(text, "sh"):
        yield from (promise(line) for line in body.splitlines())


def promise(line):
    found = STATUS.search(line)
    return STATUS.sub("", line), int(found[1]) if found else 0


def code_in(text):
    """What stands in code: fenced blocks that are commands, and spans."""
    yield from blocks(text, "console", "sh", "yaml", "")
    yield from re.findall(r"`([^`\n]+)`", FENCE.sub("", text))


@cache
def raised():
    """Every code of the source: the classes that raise it, and its wordings."""
    found = defaultdict(lambda: (set(), set()))
    for path in sorted(SOURCE.rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and (code := code_of(node)):
                kinds, wordings = found[code]
                kinds.add(kind_of(node))
                wordings.add(wording(node))
            elif isinstance(node, ast.Constant | ast.JoinedStr) and (code := printed(node)):
                _ = found[code]
    return found


def code_of(call):
    first = call.args[0] if call.args else None
    text = first.value if isinstance(first, ast.Constant) else None
    return text if isinstance(text, str) and CODE.fullmatch(text) else ""


def kind_of(call):
    name = ast.unparse(call.func).rpartition(".")[2]
    kind = getattr(errors, name, None)
    return kind if kind is not None else errors.DocumentError  # made by formats' `failed`


def wording(call):
    """What is said, with an ellipsis for what is filled in; what a name holds is not seen."""
    for argument in call.args[1:]:
        if isinstance(argument, ast.Constant):
            return argument.value
        if isinstance(argument, ast.JoinedStr):
            parts = [p.value if isinstance(p, ast.Constant) else "..." for p in argument.values]
            return "".join(parts)
    return ""


def printed(node):
    """The code of an error that is printed, or handed on by name."""
    if isinstance(node, ast.Constant) and CODE.fullmatch(str(node.value)):
        return node.value
    parts = node.values if isinstance(node, ast.JoinedStr) else [node]
    text = "".join(
        p.value for p in parts if isinstance(p, ast.Constant) and isinstance(p.value, str)
    )
    found = re.match(r"phisweep: error\[(E\d{3})\]", text)
    return found[1] if found else ""


if __name__ == "__main__":
    for each in PAGES:
        each.write_text(regenerated(each.read_text(encoding="utf-8")), encoding="utf-8")

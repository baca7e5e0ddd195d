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

from phisweep import errors
from phisweep.formats.base import load as load_formats
from phisweep.report import words
from phisweep.ruleset.load import load_policy, load_ruleset
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


def only(identifiers):
    return f" ({', '.join(identifiers)} only)" if identifiers else ""


def escaped(text):
    return re.sub(r"([<>|\[\]*_])", r"\\\1", text)


TABLES = {
    "formats": formats_table,
    "rules": rules_table,
    "treatments": treatments_table,
    "operators": operators_table,
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

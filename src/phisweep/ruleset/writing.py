"""
What a policy file says -> its text, with comments for the person who edits it.

The text is YAML as `load` reads it. Strings stand in double quotes, with the escapes of JSON, which
are those of YAML as well (YAML 1.2.2, 5.7).
"""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from phisweep.ruleset.schema import Treatment

_WIDTH = 100
_EMPTY = "<<: {}"  # a merge of nothing: a mapping of which all entries are comments stays one


@dataclass(frozen=True, slots=True)
class Entry:
    """
    One column or path to decide on: what is told of it, and the choices, as comments.

    `name` is "" where there is nothing to be chosen.
    """

    name: str
    notes: tuple[str, ...]
    choices: Mapping[str, Treatment]


@dataclass(frozen=True, slots=True)
class Section:
    """The columns of the files of one pattern; `standing` ones are no comments."""

    glob: str
    note: str
    entries: tuple[Entry, ...]
    standing: Mapping[str, Treatment]


@dataclass(frozen=True, slots=True)
class Draft:
    """A policy file: its keys, and the comments before, over and after its table of columns."""

    id: str
    extends: str
    title: str
    method: str
    head: tuple[str, ...]
    decide: tuple[str, ...]
    sections: tuple[Section, ...]
    tail: tuple[str, ...]


def policy_text(draft: Draft) -> str:
    """Return the text of the file, which ends with a line feed."""
    lines = [*_comments(draft.head), ""]
    keys = {
        "id": draft.id,
        "extends": draft.extends,
        "title": draft.title,
        "method": draft.method,
    }
    lines += [f"{key}: {_quoted(value)}" for key, value in keys.items()]
    lines += ["", *_comments(draft.decide)]
    if draft.sections:
        lines.append("columns:")
        for section in draft.sections:
            lines += ["", *_section(section)]
    else:
        lines.append("columns: {}")
    if draft.tail:
        lines += ["", *_comments(draft.tail)]
    return "\n".join(lines).rstrip() + "\n"


def _section(section: Section) -> Iterator[str]:
    yield from _comments([section.note], "  ")
    yield f"  {_quoted(section.glob)}:"
    yield f"    {_EMPTY}"
    for name, treatment in section.standing.items():
        yield f"    {_line(name, treatment)}"
    for entry in section.entries:
        yield ""
        yield from _comments(entry.notes, "    ")
        for treatment in entry.choices.values():
            yield f"    # {_line(entry.name, treatment)}"


def _line(name: str, treatment: Treatment) -> str:
    """`"site": {action: replace, operator: code, params: {identifier: "other_id"}}`."""
    parts = [f"action: {treatment.action}", f"operator: {treatment.operator}"]
    if treatment.params:
        params = ", ".join(f"{_key(k)}: {_quoted(v)}" for k, v in treatment.params.items())
        parts.append(f"params: {{{params}}}")
    if treatment.min_score is not None:
        parts.append(f"min_score: {treatment.min_score}")
    parts += [
        f"{key}: {_quoted(value)}"
        for key, value in (("reason", treatment.reason), ("citation", treatment.citation))
        if value
    ]
    return f"{_quoted(name)}: {{{', '.join(parts)}}}"


def _key(name: str) -> str:
    return name if name.replace("_", "").replace("-", "").isalnum() else _quoted(name)


def _quoted(value: str | int | bool) -> str:  # noqa: FBT001 - a value of YAML
    return json.dumps(value, ensure_ascii=False)


def _comments(lines: Sequence[str], indent: str = "") -> Iterator[str]:
    """Yield comments; a line that is too long goes on, further in."""
    for line in lines:
        text = " ".join(line.splitlines())
        inner = " " * (len(text) - len(text.lstrip()))
        wrapped = textwrap.wrap(
            text,
            _WIDTH - len(indent) - 2,
            subsequent_indent=f"{inner}    " if inner else "",
            break_long_words=False,
            break_on_hyphens=False,
            drop_whitespace=True,
        )
        yield from (f"{indent}# {part}".rstrip() for part in (wrapped or [""]))

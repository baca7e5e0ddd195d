r"""
Whose record a row, message or note is: where the key of the subject stands, and which keys are one.

A site says it by file, `subject-key = {"patients.csv" = "mrn", "notes/*.jsonl" = "/patient/id"}`:

    mrn                a column of a table
    /patient/id        a JSON pointer (RFC 6901); `*` stands for every index: /patients/*/id
    name:^(\d+)_       a pattern of the file's name; its group is the key
    text:Case (\d+)    a pattern of the text itself, of which the first 4,096 code points are searched

Several keys of one file are keys of one subject: `"visits.csv" = ["mrn", "visit:visit_id"]`. What
stands before the colon is the kind of key, so that visit 12 is not patient 12; without it the key
is the subject's own. Where nothing is said of a file, the medical record number is the key.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field
from fnmatch import fnmatch
from typing import Literal

from phisweep.detect.fields import normal_name
from phisweep.errors import DocumentError, UsageError
from phisweep.values import dataclass

Where = Literal["column", "pointer", "name", "text"]
HEAD = 4096  # code points of a text in which its key is looked for
_KIND = re.compile(r"([a-z][a-z0-9_]{0,31}):(?=.)")
_PATTERNS = ("name", "text")
_RESERVED = (
    "is no key: a column, /a/pointer, name:PATTERN, text:PATTERN, or one of them after kind:"
)


def fits(name: str, glob: str) -> bool:
    """
    Say whether a pattern means a file, by its whole name with forward slashes or its last part.

    A part of a file, `visits.zip!notes/b.csv`, is meant by patterns of it, of what it is called in
    there, and of the file.
    """
    if fnmatch(name, glob) or fnmatch(name.rsplit("/", 1)[-1], glob):
        return True
    file, _, part = name.rpartition("!")
    return bool(file) and (fits(part, glob) or fits(file, glob))


@dataclass(frozen=True, slots=True)
class Key:
    """
    Where a key stands: a column's name, a pointer, or a pattern with a group.

    `kind` tells keys of different things apart, "" is the subject's own.
    """

    where: Where
    expression: str
    kind: str = ""

    @property
    def shown(self) -> str:
        """How it was written in the configuration, for the report."""
        prefix = f"{self.kind}:" if self.kind else ""
        return f"{prefix}{self.where}:{self.expression}" if self.where in _PATTERNS else (
            f"{prefix}{self.expression}"
        )  # fmt: skip

    def is_column(self, label: str) -> bool:
        """Say whether it is the column of that name."""
        return self.where == "column" and normal_name(self.expression) == normal_name(label)


@dataclass(frozen=True, slots=True)
class Links:
    """The keys by pattern of file names, in their order; the first pattern that fits holds."""

    keys: tuple[tuple[str, tuple[Key, ...]], ...] = ()
    #: Whether a file of which nothing is said is linked by its medical record numbers.
    automatic: bool = True

    @classmethod
    def of(cls, given: Mapping[str, str | Sequence[str]], *, automatic: bool = True) -> Links:
        """Return what a configuration asks for. Raises UsageError for what is no key."""
        parsed = [
            (glob, tuple(_parsed(glob, k) for k in ([keys] if isinstance(keys, str) else keys)))
            for glob, keys in given.items()
        ]
        return cls(tuple(parsed), automatic)

    def of_file(self, name: str) -> tuple[Key, ...] | None:
        """Return the keys of a file by its name, with forward slashes; None where none is told."""
        return next((keys for glob, keys in self.keys if fits(name, glob)), None)


def _parsed(glob: str, written: str) -> Key:
    where = f"subject-key.{glob}"
    kind, rest = "", written.strip()
    match = _KIND.match(rest)
    if match and match[1] not in _PATTERNS:
        kind, rest = match[1], rest[match.end() :]
        match = _KIND.match(rest)
    if match and match[1] in _PATTERNS:
        expression = rest[match.end() :]
        return Key("name" if match[1] == "name" else "text", _pattern(expression, where), kind)
    if not rest or ":" in rest:
        raise UsageError("E145", _RESERVED, where=where)
    return Key("pointer" if rest.startswith("/") else "column", rest, kind)


def _pattern(expression: str, where: str) -> str:
    try:
        compiled = re.compile(expression)
    except re.error as error:
        raise UsageError("E117", f"not a regular expression: {error}", where=where) from None
    if compiled.groups != 1:
        raise UsageError(
            "E146", "a pattern needs one group, which is the key", where=where, todo="Add (...)."
        )
    return expression


def missing(key: Key, labels: Iterable[str], where: str) -> DocumentError:
    """Return the error for a table that has no such column; near names are columns, no values."""
    near = difflib.get_close_matches(key.expression, [*labels], 1)
    todo = f"Did you mean {near[0]!r}?" if near else "See subject-key in the configuration."
    return DocumentError("E214", "its subject-key names no column of it", where=where, todo=todo)


@dataclass(slots=True)
class Pointers:
    """
    The subjects of a JSON document's parts, by the pointer of each record.

    `at` maps the address of a record ("/patients/3", "" for all, "line 7: ") to its keys.
    """

    keys: Sequence[Key]
    at: dict[str, dict[str, str]] = field(default_factory=dict, repr=False)

    def enter(self, prefix: str, pointer: str, value: str) -> None:
        """Take in a leaf of a line ("line 7: ") or document ("") if it is a key."""
        for key in self.keys:
            if key.where in ("pointer", "column") and value.strip():
                record = _record(key, prefix, pointer)
                if record is not None:
                    self.at.setdefault(prefix + record, {}).setdefault(key.kind, value.strip())

    def of(self, prefix: str, pointer: str) -> Mapping[str, str]:
        """Return the keys of the nearest record that a leaf lies in, by kind."""
        while True:
            found = self.at.get(prefix + pointer)
            if found is not None:
                return found
            if not pointer:
                return {}
            pointer = pointer.rpartition("/")[0]


def is_record_key(key: Key, prefix: str, pointer: str) -> bool:
    """Say whether a leaf of a line or document is the key."""
    return key.where in ("pointer", "column") and _record(key, prefix, pointer) is not None


def _record(key: Key, prefix: str, pointer: str) -> str | None:
    """A bare name is the member of that name: of its line, or of the object that it stands in."""
    if key.where == "pointer":
        return record_of(key.expression, pointer)
    above, _, name = pointer.rpartition("/")
    if normal_name(name.replace("~1", "/").replace("~0", "~")) != normal_name(key.expression):
        return None
    return "" if prefix else above


def record_of(expression: str, pointer: str) -> str | None:
    """
    Return the pointer of the record whose key a leaf is, None where it is none.

    `/patients/*/id` makes `/patients/3` the record of `/patients/3/id`; without a `*` the record
    is the whole document.
    """
    want, have = expression.split("/"), pointer.split("/")
    if len(want) != len(have):
        return None
    last = 0
    for i, (w, h) in enumerate(zip(want, have, strict=True)):
        if w == "*" and h.isdigit():
            last = i
        elif w != h:
            return None
    return "/".join(have[: last + 1]) if last else ""

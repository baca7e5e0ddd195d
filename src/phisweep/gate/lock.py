"""
The lock: which columns and fields a data folder has, and what they hold, as somebody approved it.

A file of JSON, one place a line, sorted. It holds names of columns and letters, no value; a name that
may be data stands in it as its number. What differs is drift: nobody has looked at it yet.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import field
from pathlib import Path

from phisweep.errors import UsageError
from phisweep.values import dataclass

SCHEMA = "phisweep-lock/1"
NAME = "phisweep.lock"


@dataclass(frozen=True, slots=True)
class Place:
    """What a column or field was when it was approved: the kind of its values, and letters."""

    kind: str
    letters: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Lock:
    """Places by name, by the pattern of the files that have them."""

    files: Mapping[str, Mapping[str, Place]] = field(default_factory=dict)

    def dump(self) -> str:
        """Return the file: canonical, so that equal locks are equal bytes."""
        blocks = []
        for glob, places in sorted(self.files.items()):
            lines = [
                f"      {json.dumps(name)}: "
                + json.dumps({"kind": place.kind, "letters": list(place.letters)})
                for name, place in sorted(places.items())
            ]
            body = ",\n".join(lines)
            blocks.append(
                f"    {json.dumps(glob)}: {{\n{body}\n    }}"
                if lines
                else f"    {json.dumps(glob)}: {{}}"
            )
        joined = ",\n".join(blocks)
        return f'{{\n  "schema": "{SCHEMA}",\n  "files": {{\n{joined}\n  }}\n}}\n'


def load(path: Path) -> Lock:
    """Read a lock. Raises UsageError E190 where it is none, or of another version."""
    wrong = UsageError(
        "E190", "this is no lock that is read", where=path.name, todo="phisweep gate --approve"
    )
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        raise wrong from None
    if not isinstance(data, dict) or data.get("schema") != SCHEMA:
        raise wrong
    try:
        return Lock(
            {
                str(glob): {
                    str(name): Place(str(place["kind"]), tuple(map(str, place["letters"])))
                    for name, place in places.items()
                }
                for glob, places in data["files"].items()
            }
        )
    except (KeyError, TypeError, AttributeError):
        raise wrong from None


def drift(approved: Lock, present: Lock) -> Iterator[str]:
    """
    Yield a sentence for each thing that nobody has approved: new files, places, kinds and letters.

    What is there no more is no drift.
    """
    for glob, places in sorted(present.files.items()):
        known = approved.files.get(glob)
        if known is None:
            yield f"{glob}: no such file was approved"
            continue
        for name, place in sorted(places.items()):
            before = known.get(name)
            if before is None:
                holds = f", it holds ({'), ('.join(place.letters)})" if place.letters else ""
                yield f"{glob}: {name} is new{holds}"
                continue
            new = [letter for letter in place.letters if letter not in before.letters]
            if new:
                yield f"{glob}: {name} holds ({'), ('.join(new)}), which it did not"
            elif place.kind != before.kind:
                yield f"{glob}: {name} was {before.kind} and is {place.kind}"

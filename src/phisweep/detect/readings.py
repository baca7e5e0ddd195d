"""
The readings of a ruleset's patterns, kept between runs.

To read all patterns takes seconds, and none of it depends on a document. What is kept is made of
the shipped rules alone, never of a site's own, and a file that does not answer to the very same
patterns, lists and code is not used: one file holds each reading with its literals, so that a
changed rule costs no more than itself; the other all of them together, ready for use.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

from phisweep import caches
from phisweep.detect import (
    backwards,
    blanks,
    classes,
    expand,
    factor,
    literals,
    rarity,
    rules,
    runs,
    triggers,
    views,
)
from phisweep.detect.literals import Trigger
from phisweep.detect.prefilter import Merged, merge
from phisweep.detect.rules import Sought
from phisweep.detect.triggers import Memo, Reading
from phisweep.detect.views import View
from phisweep.ruleset.load import Ruleset, default_folder

_SINGLE, _READY = "readings", "patterns"
_APART = "\0"  # which no view holds


def prepared(
    patterns: Sequence[Sought], ruleset: Ruleset
) -> tuple[list[Reading], list[Merged] | None]:
    """
    Return the patterns' readings, in their order, and all their literals where they are at hand.

    Their triggers hold no literals then.
    """
    digest = name_of(patterns, ruleset)
    if not digest:
        return read_patterns(patterns, ruleset), None
    kept = caches.load(_READY, digest, _unpacked)
    if kept is not None and len(kept[0]) == len(patterns):
        return kept
    readings = read_patterns(patterns, ruleset)
    merged = merge(readings)
    caches.save(_READY, digest, _packed(readings, merged))
    return readings, merged


def name_of(patterns: Sequence[Sought], ruleset: Ruleset) -> str:
    """Name what is made of these patterns in this order; "" where not all are of shipped rules."""
    if not all(shipped(patterns, ruleset)):
        return ""
    said = [_digest(ruleset), ruleset.sha256, *(p.id for p in patterns)]
    return hashlib.sha256("\n".join(said).encode()).hexdigest()[:32]


def compiled_name(ruleset: Ruleset) -> str:
    """Name all that the expressions of shipped rules are made of; "" for rules from elsewhere."""
    if ruleset.folder != default_folder():
        return ""
    said = [_digest(ruleset), ruleset.sha256, *(_text(module) for module in (factor, rules))]
    return hashlib.sha256("\n".join(said).encode()).hexdigest()[:32]


def read_patterns(patterns: Sequence[Sought], ruleset: Ruleset) -> list[Reading]:
    """Return the patterns' readings, in their order, as far as possible from the last run."""
    keys = _keys(patterns, ruleset)
    digest = _digest(ruleset) if any(keys) else ""
    kept = (caches.load(_SINGLE, digest, _decoded) if digest else None) or {}
    memo: Memo = {}
    readings = [
        kept[key] if key in kept else pattern.read(memo)
        for key, pattern in zip(keys, patterns, strict=True)
    ]
    new = {key: r for key, r in zip(keys, readings, strict=True) if key and key not in kept}
    if new:
        both = {**kept, **new}
        caches.save(_SINGLE, digest, {key: _encode(reading) for key, reading in both.items()})
    return readings


def _keys(patterns: Sequence[Sought], ruleset: Ruleset) -> list[str]:
    """Name each pattern of the shipped rules by all that it says; "" for any other."""
    ours = shipped(patterns, ruleset)
    return [_key(p) if mine else "" for p, mine in zip(patterns, ours, strict=True)]


def shipped(patterns: Sequence[Sought], ruleset: Ruleset) -> list[bool]:
    """Say of each pattern whether it is of the shipped rules, and not of a site's own."""
    bundled = ruleset.folder == default_folder()
    ours = set(map(id, ruleset.rules))
    return [bundled and id(p.rule) in ours for p in patterns]


def _digest(ruleset: Ruleset) -> str:
    """Name what readings depend on beside the pattern: the code, Python's parser, the lists."""
    total = hashlib.sha256(sys.version.encode())
    for module in (backwards, blanks, classes, expand, literals, rarity, runs, triggers, views):
        total.update(_text(module).encode())
    for name, entry in sorted(ruleset.lists.items()):
        total.update(f"{name}={entry.sha256}\n".encode())
    return total.hexdigest()[:32]


def _text(module: ModuleType) -> str:
    return Path(str(module.__file__)).read_text(encoding="utf-8")


def _key(pattern: Sought) -> str:
    return hashlib.sha256(json.dumps(pattern.said).encode()).hexdigest()[:32]


def _decoded(data: Any) -> Mapping[str, Reading]:
    return {key: _decode(item) for key, item in data.items()}


def _encode(reading: Reading, *, whole: bool = True) -> list[Any]:
    bounds = [reading.width, reading.reach, reading.spaces, reading.lines]
    trigger = _spans(reading.trigger, whole=whole)
    return [*bounds, trigger, _spans(reading.head), reading.behind, reading.widest]


def _spans(trigger: Trigger | None, *, whole: bool = True) -> list[Any] | None:
    if trigger is None:
        return None
    by_span: dict[tuple[int, int], list[str]] = {}
    for literal, span in trigger.literals.items() if whole else ():
        by_span.setdefault(span, []).append(literal.decode("ascii"))
    groups = ([*span, _APART.join(group)] for span, group in by_span.items())
    return [trigger.view, trigger.often, trigger.cost, trigger.fixed, *groups]


def _decode(item: Any) -> Reading:
    width, reach, spaces, lines, trigger, head, behind, widest = item
    return Reading(
        int(width), int(reach), _trigger(trigger), _trigger(head), int(spaces), int(lines),
        int(behind), int(widest),
    )  # fmt: skip


def _trigger(item: Any) -> Trigger | None:
    if item is None:
        return None
    view, often, cost, fixed, *groups = item
    found = {literal: (near, far) for near, far, group in groups for literal in _literals(group)}
    return Trigger(View(view), found, often, cost, bool(fixed))


def _literals(group: str) -> list[bytes]:
    return group.encode("ascii").split(_APART.encode())


def _packed(readings: Sequence[Reading], merged: Sequence[Merged]) -> list[Any]:
    """Return readings without the literals of their triggers, and those of all, by their owners."""
    views_ = []
    for part in merged:
        groups: dict[str, list[str]] = {}
        for literal, owners in zip(part.literals, part.owners, strict=True):
            groups.setdefault(json.dumps(owners), []).append(literal.decode("ascii"))
        views_.append(
            [part.view, [[json.loads(o), _APART.join(group)] for o, group in groups.items()]]
        )
    return [[_encode(reading, whole=False) for reading in readings], views_]


def _unpacked(data: Any) -> tuple[list[Reading], list[Merged]]:
    readings, views_ = data
    merged = []
    for view, groups in views_:
        part = Merged(View(view), [], [])
        for (fixed, loose), group in groups:
            found = _literals(group)
            part.literals.extend(found)
            part.owners.extend([(fixed, loose)] * len(found))
        merged.append(part)
    return [_decode(item) for item in readings], merged

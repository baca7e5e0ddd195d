"""
The readings of a ruleset's patterns, kept between runs.

To read all patterns takes seconds, and none of it depends on a document. What is kept, in the
user's own cache folder, is made of the shipped rules alone, never of a site's own; a folder that
others may write to is not used, and neither is a file that does not answer to the very same
patterns, lists and code. Without it all works the same, and starts more slowly.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from phisweep.detect import blanks, classes, expand, literals, rarity, runs, triggers, views
from phisweep.detect.literals import Trigger
from phisweep.detect.rules import Pattern
from phisweep.detect.triggers import Memo, Reading
from phisweep.detect.views import View
from phisweep.ruleset.load import Ruleset, default_folder

_VERSIONS = 4  # files that are kept, for as many versions of rules and code


def read_patterns(patterns: Sequence[Pattern], ruleset: Ruleset) -> list[Reading]:
    """Return the patterns' readings, in their order, as far as possible from the last run."""
    path = _path(ruleset)
    ours = set(map(id, ruleset.rules))
    keys = [_key(p) if path and id(p.rule) in ours else "" for p in patterns]
    kept = _load(path) if path else {}
    memo: Memo = {}
    readings = [
        kept[key] if key in kept else pattern.read(memo)
        for key, pattern in zip(keys, patterns, strict=True)
    ]
    new = {key: r for key, r in zip(keys, readings, strict=True) if key and key not in kept}
    if path and new:
        _save(path, {**kept, **new})
    return readings


def cache_folder() -> Path:
    """Return the folder that the system gives to a user's caches."""
    if sys.platform == "win32":  # pragma: no cover - one branch a platform
        base = os.environ.get("LOCALAPPDATA")
    elif sys.platform == "darwin":  # pragma: no cover - one branch a platform
        base = str(Path("~/Library/Caches").expanduser())
    else:
        base = os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path("~/.cache").expanduser()) / "phisweep"


def _path(ruleset: Ruleset) -> Path | None:
    """Return where the readings of the shipped rules are kept; None for others, or if nowhere."""
    if ruleset.folder != default_folder():
        return None
    try:
        return cache_folder() / f"readings-{_digest(ruleset)}.json"
    except (OSError, RuntimeError):  # no home, or code that does not lie in files
        return None


def _digest(ruleset: Ruleset) -> str:
    """Name what readings depend on beside the pattern: the code, Python's parser, the lists."""
    total = hashlib.sha256(sys.version.encode())
    for module in (blanks, classes, expand, literals, rarity, runs, triggers, views):
        total.update(Path(str(module.__file__)).read_bytes())
    for name, entry in sorted(ruleset.lists.items()):
        total.update(f"{name}={entry.sha256}\n".encode())
    return total.hexdigest()[:32]


def _key(pattern: Pattern) -> str:
    said = [pattern.entry.regex, pattern.flags, sorted(pattern.rule.define.items())]
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()[:32]


def _load(path: Path) -> Mapping[str, Reading]:
    """Return what is kept; nothing where it cannot be read, or others could have written it."""
    try:
        status = path.parent.stat()
        if sys.platform != "win32" and (status.st_uid != os.getuid() or status.st_mode & 0o022):
            return {}
        return {key: _decode(item) for key, item in json.loads(path.read_bytes()).items()}
    except (OSError, ValueError, TypeError, AttributeError):
        return {}


def _save(path: Path, readings: Mapping[str, Reading]) -> None:
    """Write the file whole or not at all. Where there is no place for it, there is none."""
    data = json.dumps({key: _encode(reading) for key, reading in readings.items()})
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=path.parent) as folder:
            whole = Path(folder) / path.name
            whole.write_text(data)
            whole.chmod(0o600)
            whole.replace(path)
        others = sorted(path.parent.glob("readings-*.json"), key=lambda p: p.stat().st_mtime)
        for old in others[:-_VERSIONS]:
            old.unlink(missing_ok=True)
    except OSError:
        return


def _encode(reading: Reading) -> list[Any]:
    bounds = [reading.width, reading.reach, reading.spaces, reading.lines]
    return [*bounds, _spans(reading.trigger), _spans(reading.head)]


def _spans(trigger: Trigger | None) -> list[Any] | None:
    if trigger is None:
        return None
    by_span: dict[tuple[int, int], list[str]] = {}
    for literal, span in trigger.literals.items():
        by_span.setdefault(span, []).append(literal.decode("ascii"))
    return [trigger.view, trigger.often, trigger.cost, *([*k, *v] for k, v in by_span.items())]


def _decode(item: Any) -> Reading:
    width, reach, spaces, lines, trigger, head = item
    return Reading(
        int(width), int(reach), _trigger(trigger), _trigger(head), int(spaces), int(lines)
    )


def _trigger(item: Any) -> Trigger | None:
    if item is None:
        return None
    view, often, cost, *spans = item
    found = {
        literal.encode("ascii"): (near, far) for near, far, *group in spans for literal in group
    }
    fixed = all(near == far for near, far in found.values())
    return Trigger(View(view), found, often, cost, fixed)

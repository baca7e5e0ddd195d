"""
Which multi-pattern engine? Python's `re`, an RE2 set and Hyperscan, on the patterns of `rules/`.

    python benchmarks/engines.py --notes FOLDER
    python benchmarks/engines.py --slow             what Hyperscan reads slowly, or not at all

Every engine reads the same texts. Those that only say where a pattern may match are followed by
Python's `re` on those places, and the matches of all of them are compared. CPU seconds of the best
of three passes; trust the ratios. `docs/adr/0007` holds what was decided on them.
"""

from __future__ import annotations

import argparse
import re
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TypeVar

import hyperscan
import re2
from supersets import project, superset, width

from corpus import generated_notes, read_notes
from phisweep.detect import scanner
from phisweep.detect.backwards import backwards, turned
from phisweep.detect.patterns import RuleEngine
from phisweep.detect.rules import Pattern
from phisweep.model import Location, Text
from phisweep.ruleset.load import Ruleset, load_ruleset

PASSES = 3
BLOCK = 1024  # code points
MEMORY = 512 << 20  # bytes for the states of an RE2 set
BEHIND = 64  # code points before a match that decide about it
LOOKAHEAD = 64  # code points beyond a match that decide about it
SLOW = 2.5  # microseconds a kilobyte for one pattern alone: a thirtieth of what all of them take
BEGINNINGS = (4, 6, 8)  # code points that are read alone
T = TypeVar("T")
Matches = set[tuple[int, int, int, int]]  # text, pattern, half-open code points


def one_by_one(patterns: Sequence[Pattern], texts: Sequence[str]) -> Matches:
    """Return every match of every pattern: the truth that the others are held to."""
    return {
        (number, index, *match.span())
        for number, text in enumerate(texts)
        for index, pattern in enumerate(patterns)
        for match in pattern.regex.finditer(text)
    }


def ours(engine: RuleEngine, texts: Sequence[str]) -> int:
    """Return how many matches the engine of phisweep judges, checks and all."""
    blocks = [Text(Location("benchmark", "text"), text) for text in texts]
    return sum(1 for block in blocks for _ in engine.candidates(block.text, block))


def alternation(patterns: Sequence[Pattern]) -> re.Pattern[str]:
    """Return all patterns as one; of overlapping matches it sees the first alternative's alone."""
    parts = []
    for pattern in patterns:
        flags = pattern.regex.flags
        letters = "".join(
            letter for letter, flag in (("i", re.IGNORECASE), ("x", re.VERBOSE)) if flags & flag
        )
        body = re.sub(r"^\(\?[a-z]+\)|(?<=\()\?P<\w+>", "", pattern.source)
        parts.append(f"(?{letters}:{body}\n)" if "x" in letters else f"(?{letters}:{body})")
    return re.compile("|".join(parts))


def in_regions(
    patterns: Sequence[Pattern],
    number: int,
    text: str,
    regions: Iterable[tuple[int, Sequence[tuple[int, int]]]],
    reach: int,
) -> Matches:
    """Return the exact matches that start in the regions where a pattern may."""
    found: Matches = set()
    for index, spans in regions:
        for start, end in spans:
            for match in patterns[index].regex.finditer(text, start, min(len(text), end + reach)):
                if match.start() >= end and end < len(text):
                    break
                found.add((number, index, *match.span()))
    return found


def re2_set(supersets: Sequence[str]) -> re2.Set:
    """Compile one RE2 set over all patterns, with a last one that always matches."""
    options = re2.Options()
    options.max_mem, options.log_errors, options.never_capture = MEMORY, False, True
    options.encoding = re2.Options.Encoding.LATIN1  # one byte a code point, as `project` gives
    group = re2.Set.SearchSet(options)
    for loose in (*supersets, ""):
        group.Add(loose)
    group.Compile()
    return group


def set_regions(
    group: re2.Set, text: str, reach: int, last: int
) -> Mapping[int, list[tuple[int, int]]]:
    """Return, by pattern, the blocks in which it fires, neighbours joined; `last` is the guard."""
    found: dict[int, list[tuple[int, int]]] = {}
    for start in range(0, len(text), BLOCK):
        end = min(start + BLOCK, len(text))
        for index in group.Match(project(text[max(0, start - BEHIND) : end + reach])):
            spans = found.setdefault(index, [])
            if spans and spans[-1][1] == start:
                spans[-1] = (spans[-1][0], end)
            else:
                spans.append((start, end))
    found.pop(last, None)
    return found


def hyperscan_takes(superset: str) -> bool:
    """Say whether Hyperscan compiles a pattern: it refuses those of over 16,000 bytes."""
    try:
        hyperscan_database([superset])
    except hyperscan.error:
        return False
    return True


def hyperscan_database(supersets: Sequence[str], *, once: bool = False) -> hyperscan.Database:
    """Compile a Hyperscan database that reports where matches end, or each pattern `once`."""
    database = hyperscan.Database(mode=hyperscan.HS_MODE_BLOCK)
    flags = hyperscan.HS_FLAG_ALLOWEMPTY
    flags |= hyperscan.HS_FLAG_SINGLEMATCH if once else 0
    database.compile(
        expressions=[superset.encode() for superset in supersets],
        ids=list(range(len(supersets))),
        flags=[flags] * len(supersets),
    )
    return database


def hyperscan_regions(
    database: hyperscan.Database, text: str, reach: int
) -> Mapping[int, list[tuple[int, int]]]:
    """Return, by pattern, the places before the ends of matches, overlapping ones joined."""
    found: dict[int, list[tuple[int, int]]] = {}

    def seen(index: int, _start: int, point: int, _flags: int, _context: object) -> None:
        spans = found.setdefault(index, [])
        first = max(0, point - reach)
        if spans and first <= spans[-1][1]:
            spans[-1] = (spans[-1][0], max(point, spans[-1][1]))
        else:
            spans.append((first, point))

    database.scan(project(text), match_event_handler=seen)
    return found


def _ignore(*_seen: object) -> None:
    return None


def by_literals(ruleset: Ruleset) -> RuleEngine:
    """Return the engine of phisweep as it is without Hyperscan."""
    library, scanner.hyperscan = scanner.hyperscan, None
    try:
        return RuleEngine(ruleset.rules, ruleset)
    finally:
        scanner.hyperscan = library


def slow(patterns: Sequence[Pattern], texts: Sequence[str]) -> None:
    """Print what Hyperscan reads slowly alone, as a whole or its beginnings, or refuses."""
    data = [turned(text) for text in texts]
    size = sum(map(len, data)) / 1e3

    def took(pattern: Pattern, least: int | None) -> float:
        try:
            database = scanner._compiled([backwards(pattern.source, pattern.flags, least)], [0])  # noqa: SLF001
        except hyperscan.error:
            return float("inf")
        scan = database.scan
        return best(lambda: [scan(d, match_event_handler=_ignore) for d in data]) * 1e6 / size

    begun = "".join(f"{'first ' + str(least):>9}" for least in BEGINNINGS)
    print(f"{'pattern':<48}{'whole':>8}{begun}  us/KB")
    for pattern in patterns:
        whole = took(pattern, None)
        if whole > SLOW:
            begun = "".join(f"{took(pattern, n):>9.1f}" for n in BEGINNINGS)
            print(f"{pattern.id:<48}{whole:>8.1f}{begun}")


def best(work: Callable[[], object]) -> float:
    """Return the CPU seconds of the fastest of three passes."""
    seconds = []
    for _ in range(PASSES):
        start = time.process_time()
        work()
        seconds.append(time.process_time() - start)
    return min(seconds)


def timed(work: Callable[[], T]) -> tuple[T, float]:
    """Return a result and the CPU seconds that it took."""
    start = time.process_time()
    result = work()
    return result, time.process_time() - start


def main(arguments: Sequence[str]) -> int:
    """Measure and print. Returns 1 where an engine's matches are not those of `re`."""
    parser = argparse.ArgumentParser(description="Compare multi-pattern engines.")
    parser.add_argument("--notes", type=Path, help="a folder of text files; else generated ones")
    parser.add_argument("--rules", type=Path, help="a rules folder; else ours")
    parser.add_argument("--hyperscan", action=argparse.BooleanOptionalAction, default=True)
    parser.add_argument("--megabytes", type=float, default=0.3, help="of generated notes")
    parser.add_argument("--slow", action="store_true", help="only what Hyperscan reads slowly")
    chosen = parser.parse_args(arguments)
    texts = read_notes(chosen.notes) if chosen.notes else generated_notes(chosen.megabytes)
    size = sum(len(text.encode()) for text in texts) / 1e6
    ruleset = load_ruleset(chosen.rules)
    engine = by_literals(ruleset)
    patterns = engine.patterns
    if chosen.slow:
        slow(patterns, texts)
        return 0
    loose = {p.id: superset(p.source, p.flags) for p in patterns}
    refused = [p.id for p in patterns if chosen.hyperscan and not hyperscan_takes(loose[p.id])]
    patterns = [pattern for pattern in patterns if pattern.id not in refused]
    supersets = [loose[pattern.id] for pattern in patterns]
    reach = max(width(pattern.source, pattern.flags) for pattern in patterns) + LOOKAHEAD
    encoded = [project(text) for text in texts]
    pieces = [
        project(text[max(0, at - BEHIND) : at + BLOCK + reach])
        for text in texts
        for at in range(0, len(text), BLOCK)
    ]

    _, compile_re = timed(lambda: [pattern.regex for pattern in patterns])
    whole, compile_whole = timed(lambda: alternation(patterns))
    group, compile_set = timed(lambda: re2_set(supersets))
    _, states = timed(lambda: [group.Match(data) for data in pieces])

    def exact(regions: Callable[[str], Iterable[tuple[int, Sequence[tuple[int, int]]]]]) -> Matches:
        return set().union(
            *(in_regions(patterns, n, text, regions(text), reach) for n, text in enumerate(texts))
        )

    def in_blocks() -> Matches:
        return exact(lambda text: set_regions(group, text, reach, len(patterns)).items())

    truth = one_by_one(patterns, texts)
    alone = best(lambda: one_by_one(patterns, texts))
    rows = [
        ("re, one by one", compile_re, alone, "the truth"),
        ("re, one alternation", compile_whole, best(lambda: [list(whole.finditer(t)) for t in texts]), "loses overlaps"),
        ("RE2 set, whole texts: which fire", compile_set, best(lambda: [group.Match(d) for d in encoded]), "no places"),
        (f"RE2 set, blocks of {BLOCK}: which fire", compile_set, best(lambda: [group.Match(d) for d in pieces]), "blocks"),
        ("Aho-Corasick: places of literals", 0.0, best(lambda: [list(engine.prefilter.places(t)) for t in texts]), "places"),
        ("Aho-Corasick, then re there (ours)", 0.0, best(lambda: ours(engine, texts)), "see tests"),
        ("RE2 set in blocks, then re there", compile_set, best(in_blocks), _same(in_blocks(), truth)),
    ]  # fmt: skip
    if chosen.hyperscan:
        once, compile_once = timed(lambda: hyperscan_database(supersets, once=True))
        database, compile_ends = timed(lambda: hyperscan_database(supersets))

        both = RuleEngine(ruleset.rules, ruleset)
        _, made = timed(both.scan)

        def scan(text: str) -> object:
            return both._scanner.places([text], "prose")  # noqa: SLF001 - what is measured

        def ends() -> Matches:
            return exact(lambda text: hyperscan_regions(database, text, reach).items())

        rows += [
            ("Hyperscan from behind: places", made, best(lambda: [scan(t) for t in texts]), "places"),
            ("both, then re there (ours)", made, best(lambda: ours(both, texts)), "see tests"),
            (f"Hyperscan, blocks of {BLOCK}: which fire", compile_once, best(lambda: [once.scan(d, match_event_handler=_ignore) for d in pieces]), "blocks"),
            ("Hyperscan: ends of matches", compile_ends, best(lambda: [hyperscan_regions(database, t, reach) for t in texts]), "ends"),
            ("Hyperscan, then re there", compile_ends, best(ends), _same(ends(), truth)),
        ]  # fmt: skip
        print(f"left out, since Hyperscan refuses them: {', '.join(refused) or 'none'}")
    print(f"{len(texts)} texts, {size:.2f} MB, {len(patterns)} patterns, {len(truth)} matches")
    print(f"{'engine':<40}{'compile ms':>11}{'MB/s':>9}{'x re':>8}  matches")
    for name, compiled, seconds, note in rows:
        speed, ratio = size / seconds, alone / seconds
        print(f"{name:<40}{compiled * 1000:>11.0f}{speed:>9.2f}{ratio:>8.1f}  {note}")
    print(f"RE2 builds its states while it first reads: {states * 1000:.0f} ms")
    return 0 if in_blocks() == truth else 1


def _same(found: Matches, truth: Matches) -> str:
    if found == truth:
        return "the same"
    return f"{len(truth - found)} missing, {len(found - truth)} more"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

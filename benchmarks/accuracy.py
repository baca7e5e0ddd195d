"""
Measures both engines on labelled corpora and writes the tables of docs/accuracy.md between its marks.

    python benchmarks/accuracy.py CORPORA           a folder of the JSON lines that the page names
    python benchmarks/accuracy.py CORPORA asq_phi   one of them: its rows are printed, nothing is written

It runs the commands that the page shows and takes every figure from their JSON.
"""

from __future__ import annotations

import datetime as dt
import json
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from figures import ROOT, command
from page import fill, table

PAGE = ROOT / "docs" / "accuracy.md"
_SOME = "NAME,LOCATION,PHONE,SSN,ACCOUNT,URL,IP"
#: file -> what it is called, and the classes that its labels are complete for
CORPORA: Mapping[str, tuple[str, str]] = {
    "asq_phi": ("asq-phi", ""),
    "aci_bench_notes": ("aci-bench", "NAME,LOCATION,DATE"),
    "clinical_notes": ("clinical notes", ""),
    "primock57_notes": ("primock57", ""),
    "presidio_synth_v2": ("presidio-research, synth v2", _SOME),
    "presidio_generated_large": ("presidio-research, generated large", _SOME),
    "presidio_tests": ("Presidio's own cases", ""),
    "uner_ewt": ("UniversalNER English EWT", "NAME,LOCATION"),
    "wnut17": ("W-NUT 17", "NAME,LOCATION"),
}
HEAD = (
    *("corpus", "engine", "gold", "found", "95% bounds", "by draws", "cleared", "strict", "right"),
    *("false per 1,000 words", "documents leaked", "but for what may stay"),
)
CLASS_HEAD = (
    *("class", "gold", "rules: found", "95% bounds", "cleared", "right"),
    *("full: found", "95% bounds", "cleared", "right"),
)


def options(classes: str) -> Sequence[str]:
    """Return what follows the corpus in the command that measures it."""
    chosen = ("--classes", classes) if classes else ()
    return (*chosen, "--engine", "rules", "--compare", "full=engine:full")


def measured(path: Path, classes: str) -> dict:
    """Return what `phisweep evaluate` tells of a corpus. Raises CalledProcessError."""
    line = command("evaluate", str(path), *options(classes), "--format", "json")
    return json.loads(subprocess.run(line, check=True, capture_output=True).stdout)


def total_rows(name: str, told: Mapping) -> Iterator[Sequence[str]]:
    """Yield a row for each engine over a whole corpus."""
    for engine, tool in zip(("rules", "full"), told["tools"], strict=True):
        read, drawn = tool["total"]["blind"], tool["estimates"]
        found, draws = read["covered"]["recall"], drawn["covered recall"]
        yield (
            "" if engine == "full" else name,
            engine,
            f"{found['of']:,}",
            _share(found),
            _bounds(found),
            _bounds(draws),
            _share(read["cleared"]["recall"]),
            _share(read["strict"]["recall"]),
            _share(read["touched"]["precision"]),
            f"{drawn['false per 1,000 words']['value']:.2f}",
            _of(tool["leaked"]),
            _of(tool["telling"]),
        )


def class_rows(told: Mapping) -> Iterator[Sequence[str]]:
    """Yield a row for each class that a corpus marks, and one for all."""
    rules, full = told["tools"]
    others = {each["name"]: each for each in full["classes"]}
    for each in (*rules["classes"], rules["total"]):
        if each["blind"]["covered"]["recall"]["of"]:
            other = full["total"] if each["name"] == "all" else others[each["name"]]
            name = f"({each['letter']}) {each['name']}" if each["letter"] else each["name"]
            gold = f"{each['blind']['covered']['recall']['of']:,}"
            yield name, gold, *_figures(each), *_figures(other)


def _figures(each: Mapping) -> Sequence[str]:
    read = each["blind"]
    found = read["covered"]["recall"]
    kept = read["cleared"]["recall"]
    return _share(found), _bounds(found), _share(kept), _share(read["touched"]["precision"])


def _share(part: Mapping) -> str:
    return f"{100 * part['hits'] / part['of']:.1f}%" if part["of"] else "-"


def _bounds(part: Mapping) -> str:
    return f"{100 * part['low']:.1f} - {100 * part['high']:.1f}"


def _of(part: Mapping) -> str:
    return f"{part['hits']} of {part['of']}, {_share(part)}"


def section(name: str, told: Mapping) -> str:
    """Return the section of a corpus: what it holds, and its classes."""
    ignored = f", {told['ignored']:,} ignored" if told["ignored"] else ""
    gold = told["tools"][0]["total"]["gold"]
    return (
        f"### {name}\n\n{told['documents']:,} documents, {told['words']:,} words, {gold:,} gold "
        f"spans{ignored}; {told['format']}\n\n{table(CLASS_HEAD, class_rows(told))}\n"
    )


def versions(told: Mapping) -> str:
    """Return what was measured, and when."""
    about = told["tools"][1]["about"]
    day = dt.date.fromisoformat(told["made"][:10])
    return (
        f"phisweep {about['version']}, policy `{about['policy']}`, rules {about['rules']} (digest "
        f"{about['ruleset_sha256'][:12]}), {about['model']}, {day.day} {day:%B %Y}. "
        "The rules alone (`rules`), and with the names model (`full`, the default).\n"
    )


def main(arguments: Sequence[str]) -> int:
    """Measure, and write the page or print the rows."""
    if not arguments:
        print(__doc__)
        return 2
    folder, chosen = Path(arguments[0]), arguments[1:] or list(CORPORA)
    told = {}
    for file in chosen:
        name, classes = CORPORA[file]
        told[name] = measured(folder / f"{file}.jsonl", classes)
        for row in total_rows(name, told[name]):
            print(" | ".join(row), flush=True)
    if len(chosen) < len(CORPORA):
        return 0
    made = {
        "versions": versions(next(iter(told.values()))),
        "totals": table(HEAD, (r for name, each in told.items() for r in total_rows(name, each))),
        "classes": "".join(section(*each) for each in told.items()),
    }
    fill(PAGE, made)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

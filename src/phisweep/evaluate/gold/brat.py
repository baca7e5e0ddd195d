"""
BRAT: `note.txt` beside `note.ann`, whose lines T mark the text; a mark may be in several parts.

    T1<TAB>NAME 4 13<TAB>Ana Diaz
    T2<TAB>NAME 4 7;12 16<TAB>Ana Diaz
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from phisweep.evaluate import faults
from phisweep.evaluate.checking import Marked
from phisweep.evaluate.gold.lines import lines, whole
from phisweep.evaluate.gold.raw import Raw
from phisweep.legible import legible

_LINE = re.compile(r"T\d+\t(?P<label>\S+) (?P<parts>\d+ \d+(?:;\d+ \d+)*)(?:\t(?P<quote>.*))?")
_FIRST = re.compile(r"[TREAMN*#]\d*\t\S")


def looks_so(path: Path, head: str) -> bool:
    """Say whether a file is one of annotations, or a text that has one beside it."""
    if path.suffix == ".ann":
        return True
    return path.with_suffix(".ann").is_file() or bool(re.match(r"T\d+\t\S+ \d+ \d+", head))


def read(path: Path, _: str = "", encoding: str = "") -> Iterator[Raw]:
    """
    Yield the documents of a folder, or of a file of annotations, or of its text.

    Raises UsageError E176.
    """
    if not path.is_dir():
        yield _document(path.with_suffix(".ann"), path.parent, encoding)
        return
    texts = {p.with_suffix("") for p in path.rglob("*.txt")}
    marks = {p.with_suffix("") for p in path.rglob("*.ann")}
    for lone in sorted(texts ^ marks):
        kind = ".txt" if lone in texts else ".ann"
        raise faults.unreadable(
            legible(lone.relative_to(path).as_posix() + kind),
            "of .txt and .ann one is missing",
            "A text without marks has an empty .ann.",
        )
    for stem in sorted(marks):
        yield _document(_with(stem, ".ann"), path, encoding)


def _document(path: Path, root: Path, encoding: str) -> Raw:
    id_ = path.relative_to(root).with_suffix("").as_posix()
    text_path = path.with_suffix(".txt")
    if not text_path.is_file():
        raise faults.unreadable(legible(id_ + ".ann"), "there is no .txt beside it")
    text = whole(text_path, id_ + ".txt", encoding)
    spans = []
    for number, line in lines(path, id_ + ".ann", encoding):
        line = line.rstrip("\r")  # noqa: PLW2901 - the line itself
        if not line.startswith("T"):
            if line.strip() and not _FIRST.match(line):
                raise faults.unreadable(
                    f"{legible(id_)}.ann: line {number:,}", "it is no line of BRAT's"
                )
            continue
        match = _LINE.fullmatch(line)
        if match is None:
            raise faults.unreadable(
                f"{legible(id_)}.ann: line {number:,}",
                "it is no mark of BRAT's",
                "T1, a tab, label, start and end, a tab, the text.",
            )
        parts = tuple(
            (int(start), int(end)) for start, end in re.findall(r"(\d+) (\d+)", match["parts"])
        )
        spans.append(Marked(parts, match["label"], match["quote"]))
    return Raw(id_, text, tuple(spans), id_ + ".txt", "text")


def _with(stem: Path, suffix: str) -> Path:
    return stem.with_name(stem.name + suffix)

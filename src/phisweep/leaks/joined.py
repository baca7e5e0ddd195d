"""
What all documents tell of the years of their subjects, one part of the subjects after another.

A document has one file of years, or several where it tells of very many: all of them begin alike.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

import numpy as np

from phisweep.leaks.years import OldSubjects, Years, births_elsewhere

SUFFIX = ".years"
#: How the files of pieces of one document begin, wherever those are read.
PIECES = "pieces-"
#: Subjects of a document that are held before they go to a file, and that are judged at once.
MOST = 1 << 18
_PARTS = 256


@dataclass(frozen=True, slots=True)
class Judged:
    """Who is old, and the number of subjects by leak; `told`: somebody's years are known."""

    old: OldSubjects
    counts: Mapping[str, int]
    told: bool


def beside(path: Path, number: int) -> Path:
    """Return the file for further years of a document that has this one."""
    return path.with_name(f"{path.name.partition('.')[0]}.{number:06}{SUFFIX}")


def judged(
    spool: Path, reference_year: int, rename: Callable[[bytes], bytes] | None, size: int
) -> Judged:
    """
    Judge the subjects of all files in a folder; `rename` gives each its digest, of `size` bytes.

    Memory is bounded by the subjects of a part, whatever their number.
    """
    paths = sorted(spool.glob(f"*{SUFFIX}"))
    if rename is not None:
        for path in paths:
            Years.load(path).named(rename, size).save(path)
    documents = [[*some] for _, some in groupby(paths, lambda path: path.name.partition(".")[0])]
    rows = sum(Years.counted(path) for path in paths)
    parts = 1
    while rows // parts > MOST and parts < _PARTS:
        parts *= 2
    old, counts = [], Counter[str]()
    for part in range(parts):
        found, some = _part(documents, reference_year, part, parts)
        old.append(found.rows[found.rows["old"]])
        counts.update(some)
    return Judged(OldSubjects(np.concatenate(old)), counts, told=rows > 0)


def _part(
    documents: Sequence[Sequence[Path]], reference_year: int, part: int, parts: int
) -> tuple[OldSubjects, Mapping[str, int]]:
    """Judge the subjects whose digests lie in one part of the range."""
    wide = _PARTS // parts
    least = bytes([wide * part]) if part else b""
    most = bytes([wide * (part + 1)]) if part + 1 < parts else None
    read = [_document(paths, least, most) for paths in documents]
    years = Years(until=reference_year)
    for document in read:
        years.merge(document)
    counts = years.tally(reference_year)
    counts["birth-year-elsewhere"] = births_elsewhere(read)
    return years.old(reference_year), counts


def _document(paths: Sequence[Path], least: bytes, most: bytes | None) -> Years:
    whole = Years()
    for path in paths:
        whole.merge(Years.between(path, least, most))
    return whole

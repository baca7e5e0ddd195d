"""
Corpora: one module a format. Each yields documents one by one, and holds no more than one.

`read` looks at the content, not at the name. A folder is the corpus of its files.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from phisweep.evaluate import faults
from phisweep.evaluate.checking import Marked, true_of
from phisweep.evaluate.gold import brat, conll, i2b2, objects
from phisweep.evaluate.gold.lines import head
from phisweep.evaluate.gold.raw import Raw
from phisweep.evaluate.labels import Labels
from phisweep.evaluate.values import Document
from phisweep.legible import legible

Reader = Callable[[Path, str, str], Iterator[Raw]]


@dataclass(frozen=True, slots=True)
class Format:
    """A format of corpora: its name, the map of labels that is asked first, how it is read."""

    name: str
    prefer: str
    read: Reader


JSONL = Format("JSON lines", "", objects.read_lines)
ARRAY = Format("JSON of presidio-research", "presidio", objects.read_array)
I2B2 = Format("i2b2 XML", "i2b2-2014", i2b2.read)
CONLL = Format("CoNLL", "newswire", conll.read)
BRAT = Format("BRAT", "", brat.read)


def format_of(path: Path, encoding: str = "") -> Format | None:
    """Return the format of a corpus by its content, None where it is none. Raises UsageError E176."""
    if path.is_dir():
        if next(path.rglob("*.ann"), None) is not None:
            return BRAT
        return next((format_of(file, encoding) for file in files_of(path)), None)
    start = head(path, encoding)
    if brat.looks_so(path, start):
        return BRAT
    if start.startswith("{") and not objects.is_line(start):
        return None
    by_sign = {"<": I2B2, "[": ARRAY, "{": JSONL}.get(start[:1])
    return by_sign or (CONLL if conll.looks_so(start) else None)


def files_of(path: Path) -> list[Path]:
    """Return the files of a corpus, in the order of their names; hidden ones are none."""
    if not path.is_dir():
        return [path]
    found = (p for p in path.rglob("*") if p.is_file())
    return sorted(p for p in found if not any(s.startswith(".") for s in p.relative_to(path).parts))


def raw(path: Path, encoding: str = "") -> Iterator[tuple[Raw, Format]]:
    """Yield the documents of a corpus as they are written. Raises UsageError E176."""
    kind = format_of(path, encoding)
    if kind is BRAT:
        yield from ((each, BRAT) for each in brat.read(path, encoding=encoding))
        return
    for file in files_of(path):
        form = format_of(file, encoding)
        if form is None:
            raise faults.unreadable(
                legible(file.name),
                "this is no corpus that is read",
                "Give JSON lines, BRAT, i2b2 XML, JSON of presidio-research, CoNLL, or a table of"
                " columns.",
            )
        name = file.relative_to(path).as_posix() if path.is_dir() else file.name
        yield from ((each, form) for each in form.read(file, name, encoding))


def read(path: Path, labels: Labels, encoding: str = "") -> Iterator[Document]:
    """
    Yield the documents of a corpus with their gold.

    Raises UsageError: E176 it cannot be read, E177 spans that cannot be true, E179 unknown labels.
    """
    for number, (each, form) in enumerate(raw(path, encoding), 1):
        id_ = each.id or str(number)
        where = faults.of(each.file, number, id_)
        if each.text is None or each.spans is None:
            raise faults.unreadable(
                where,
                "it has no text, or no list of spans",
                "An empty list says that there is none.",
            )
        spans = true_of(each.text, _marked(each), labels, where, form.prefer)
        yield Document(id_, number, each.text, spans, each.file, each.where)


def _marked(each: Raw) -> tuple[Marked, ...]:
    return each.spans or ()

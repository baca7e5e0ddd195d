"""What a copy leaves out of XML parts: caches of cells, and what speaks of parts that are not there."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence

from phisweep.formats.markup import resolve, spans
from phisweep.formats.workbook.book import Book
from phisweep.formats.workbook.elements import Element, elements, outermost
from phisweep.formats.workbook.texts import Change, PartTexts

_BEFORE = re.compile(rb"\s+[^\s=]+\s*=\s*[\"']$")
#: The element that goes with one that names a part that is gone.
_WITH = {"pivotCache": "pivotCaches", "slicerCache": "ext", "slicer": "ext", "timelineCacheRef": "ext", "timelineRef": "ext"}  # fmt: skip
_CACHES = {
    "chart+xml": frozenset({"strCache", "numCache", "multiLvlStrCache"}),
    "chartex+xml": frozenset({"lvl"}),
    "externallink+xml": frozenset({"sheetDataSet"}),
}
_ANCHORS = frozenset({"twoCellAnchor", "oneCellAnchor", "absoluteAnchor"})


def dropped_ids(texts: PartTexts, ids: Collection[str]) -> Iterator[Change]:
    """Yield the changes that take attributes out that name relations."""
    if not ids:
        return
    for span in spans(texts.data, texts.source, texts.options):
        if span.role == "attribute" and span.name == "id":
            value = resolve(texts.data[span.start : span.end].decode(), span.role)
            before = _BEFORE.search(texts.data[max(0, span.start - 200) : span.start])
            if value in ids and before:
                yield span.start - len(before[0]), span.end + 1, b""


def without_ids(data: bytes, book: Book, ids: Collection[str]) -> list[Change]:
    """Return the changes that take elements out that name relations, with what is around them."""
    if not ids:
        return []
    found = elements(data, book.source, book.options)
    named = [e for e in found if e.attributes.get("id") in ids and e.name in _WITH]
    return _without([_around(element, found) for element in named])


def without_caches(data: bytes, book: Book, kind: str) -> list[Change]:
    """Return the changes that take what was copied from cells out of a part of that content type."""
    names = next((names for tail, names in _CACHES.items() if kind.endswith(tail)), frozenset())
    found = elements(data, book.source, book.options) if names else []
    return _without([element for element in found if element.name in names])


def without_slicers(data: bytes, book: Book) -> list[Change]:
    """Return the changes that take the shapes of slicers and timelines out of a drawing."""
    found = elements(data, book.source, book.options)
    shapes = [e for e in found if e.name in ("slicer", "timeslicer")]
    anchors = [e for e in found if e.name in _ANCHORS]
    return _without([a for a in anchors if any(a.start < s.start < a.end for s in shapes)])


def _around(element: Element, found: Sequence[Element]) -> Element:
    above = [
        e
        for e in found
        if e.start < element.start and e.end >= element.end and e.name == _WITH[element.name]
    ]
    return max(above, key=lambda e: e.start, default=element)


def _without(found: Sequence[Element]) -> list[Change]:
    return [(element.start, element.end, b"") for element in outermost(found)]

"""
DICOMDIR: the records of the files that have a copy, each naming where that lies.

Paths are those of the copies from the folder of copies on, so a directory lies in it. Records whose
file has no copy are left out, and with them what nothing is left of.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field

from phisweep.errors import DocumentError
from phisweep.formats.base import Replaced, failed
from phisweep.formats.imaging.document import DicomDocument
from phisweep.formats.imaging.elements import META_INSTANCE, SERIES, STUDY, DataSet, Element
from phisweep.formats.imaging.file import opened
from phisweep.formats.imaging.judging import judged_of
from phisweep.formats.imaging.meta import head
from phisweep.formats.imaging.paths import component, of_uids
from phisweep.formats.imaging.writing import Writer
from phisweep.model import Edit, Source

DIRECTORY = "1.2.840.10008.1.3.10"
_FIRST, _LAST, _RECORDS = 0x00041200, 0x00041202, 0x00041220
_NEXT, _IN_USE, _LOWER = 0x00041400, 0x00041410, 0x00041420
_FILE, _INSTANCE, _SYNTAX = 0x00041500, 0x00041511, 0x00041512
_NAME = "DICOMDIR"
_ACTIVE = 0xFFFF


@dataclass(slots=True)
class _Record:
    """A record, and those below it."""

    item: DataSet = field(repr=False)
    below: list[_Record] = field(default_factory=list, repr=False)
    start: int = 0  # the byte of the copy at which it begins

    def walk(self) -> Iterator[_Record]:
        yield self
        for record in self.below:
            yield from record.walk()


class Directory(DicomDocument):
    """An opened DICOMDIR."""

    def write(
        self,
        edits: Mapping[str, Sequence[Edit]],
        columns: Mapping[str, Replaced],  # noqa: ARG002 - the contract's
    ) -> bytes:
        """Return the directory of the copies. Raises DocumentError E235, E244."""
        data, writer = self.dicom.data, Writer(self.plan, edits)
        sequence = data.get(_RECORDS)
        roots = self._tree(sequence) if sequence is not None else []
        files = _files(roots)
        roots = [r for root in roots if (r := self._present(root, writer, ("", ""))) is not None]
        records = [record for root in roots for record in root.walk()]
        if left_out := files - _files(roots):
            self.warnings.append(f"files without a copy, left out of the directory: {left_out}")
        if sequence is not None:
            sequence.items = [record.item for record in records]
        instance = self._new(writer, self.dicom.meta, META_INSTANCE)
        start = head(self.dicom, instance=instance) if self.dicom.meta is not None else b""
        self.copy_path = self._called(instance)  # type: ignore[misc]
        for _ in range(2):  # where records begin is known when they were written once
            self._link(roots)
            body = self._body(writer, data, records, len(start))
        return start + body

    def _owners(self) -> Mapping[int, DataSet]:
        """Return the records of each patient. Raises DocumentError E235."""
        sequence = self.dicom.data.get(_RECORDS)
        roots = self._tree(sequence) if sequence is not None else []
        return {id(record.item): root.item for root in roots for record in root.walk()}

    def _called(self, instance: str) -> str:
        """Return what the copy is called; a tree of several directories keeps all of them."""
        if self.source.name == _NAME or not instance:
            return _NAME
        return f"{_NAME}-{component(instance)}"

    def _tree(self, sequence: Element) -> list[_Record]:
        """Return the records as their offsets link them. Raises DocumentError E235."""
        items = {item.start: item for item in sequence.items or ()}
        return self._chain(_offset(self.dicom.data, _FIRST, self.dicom.order), items)

    def _chain(self, at: int, items: dict[int, DataSet]) -> list[_Record]:
        found = []
        while at:
            item = items.pop(at, None)
            if item is None:
                raise failed("E235", self.source, "an offset of the directory leads to no record")
            lower = self._chain(_offset(item, _LOWER, self.dicom.order), items)
            if _offset(item, _IN_USE, self.dicom.order, default=_ACTIVE):
                found.append(_Record(item, lower))
            at = _offset(item, _NEXT, self.dicom.order)
        return found

    def _present(self, record: _Record, writer: Writer, above: tuple[str, str]) -> _Record | None:
        """Return a record with those below it that have a copy, None where nothing is left."""
        study, series = (
            self._new(writer, record.item, tag) or known
            for tag, known in zip((STUDY, SERIES), above, strict=True)
        )
        element = record.item.get(_FILE)
        if element is None or not element.value:
            below = (self._present(r, writer, (study, series)) for r in record.below)
            left = [r for r in below if r is not None]
            return _Record(record.item, left) if left else None
        names = [part.strip() for part in element.value.decode("latin-1").split("\\")]
        instance = self._new(writer, record.item, _INSTANCE)
        syntax = self._copied(names)
        if not instance or syntax is None:
            return None
        if syntax and record.item.get(_SYNTAX) is not None:
            record.item.put(Element(_SYNTAX, "UI", syntax.encode()))
        path = of_uids((study, series, instance), names[-1])
        self.plan.planned.pop(id(element), None)  # what stands there is no word of the source
        element.value, element.head = path.replace("/", "\\").encode(), 0
        return _Record(record.item, [])

    def _copied(self, names: Sequence[str]) -> str | None:
        """
        Return the transfer syntax of the copy of a file, None where it has none.

        "": that of the file, as far as its header tells; what its pixels tell is not known yet.
        """
        if self.source.data is not None or any(n in ("", ".", "..") for n in names):
            return None
        path = self.source.path.parent.joinpath(*names)
        if (copies := self.options.imaging.copies) is not None:
            return copies.get(str(path.resolve()))
        if not path.is_file():
            return None
        source = Source(path, path.name, path.stat().st_size, self.source.shown)
        try:
            dicom = opened(source, self.options)
        except DocumentError:
            return None
        with closing(dicom.stream):
            held, _ = judged_of(dicom, self.options.imaging)
        return None if held else ""

    def _link(self, roots: Sequence[_Record]) -> None:
        """Write into the records where those beside and below them begin."""
        self._put(self.dicom.data, _FIRST, roots[0].start if roots else 0)
        self._put(self.dicom.data, _LAST, roots[-1].start if roots else 0)
        for row in (roots, *(r.below for root in roots for r in root.walk())):
            for number, record in enumerate(row, 1):
                after = row[number] if number < len(row) else None
                self._put(record.item, _NEXT, after.start if after else 0)
                self._put(record.item, _LOWER, record.below[0].start if record.below else 0)

    def _put(self, data: DataSet, tag: int, value: int) -> None:
        data.put(Element(tag, "UL", struct.pack(f"{self.dicom.order}L", value)))

    def _body(self, writer: Writer, data: DataSet, records: Sequence[_Record], at: int) -> bytes:
        """Return the data set, and note where each record begins in the copy."""
        parts: list[bytes] = []
        for element in data.elements:
            if element.tag != _RECORDS:
                parts += (p for p in writer.element(data, element) if isinstance(p, bytes))
                continue
            items = [b"".join(_bytes(writer, record.item)) for record in records]
            size = sum(map(len, items)) + 8 * len(items)
            parts.append(writer.header(_RECORDS, "SQ", size, implicit=data.implicit))
            here = at + sum(map(len, parts))
            for record, item in zip(records, items, strict=True):
                record.start = here
                parts += (writer.marker("item", len(item)), item)
                here += 8 + len(item)
        return b"".join(parts)


def _files(roots: Sequence[_Record]) -> int:
    """Return how many files are told of."""
    return sum(record.item.get(_FILE) is not None for root in roots for record in root.walk())


def _bytes(writer: Writer, item: DataSet) -> Iterator[bytes]:
    return (piece for piece in writer.dataset(item) if isinstance(piece, bytes))


def _offset(data: DataSet, tag: int, order: str, default: int = 0) -> int:
    element = data.get(tag)
    if element is None or not element.value:
        return default
    size = len(element.value)
    if size not in (2, 4):
        return default
    return int(struct.unpack(f"{order}{'H' if size == 2 else 'L'}", element.value)[0])  # noqa: PLR2004

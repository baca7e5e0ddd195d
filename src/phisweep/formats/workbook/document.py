"""An opened workbook: its names, its sheets, its strings, and all its other parts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from phisweep.formats.base import Fidelity, Part, ReadOptions
from phisweep.formats.workbook.book import Book
from phisweep.formats.workbook.changes import Changes, SheetChanges
from phisweep.formats.workbook.copying import Copy
from phisweep.formats.workbook.parts import BinaryPart, NamesPart, XmlPart
from phisweep.formats.workbook.sheet import SheetPart
from phisweep.formats.workbook.strings import StringsPart
from phisweep.formats.zips import Zip
from phisweep.model import Source


@dataclass(slots=True)
class WorkbookDocument:
    """
    An opened workbook; `rows` counts the rows below the headers of all sheets.

    What is to change is held until the end, some twenty bytes for a cell, and then the sheets are
    read again and written as a stream. Shared strings and every part but the sheets are held whole.
    """

    zip: Zip
    book: Book
    encoding: str = "UTF-8"
    rows: int | None = None
    columns: int | None = None
    warnings: list[str] = field(default_factory=list)
    held: str = ""
    also_unread: tuple[str, ...] = ()
    copy_path: str = ""
    changes: Changes = field(default_factory=Changes)

    @property
    def fidelity(self) -> Fidelity:
        """The source is copied where nothing changed, unless bytes of it belong to no part."""
        hidden = self.zip.comment or any(i.comment for i in self.zip.infos) or self.zip.residue()
        return "always" if hidden else "copy"

    def parts(self) -> Iterator[Part]:
        """Yield the parts. Raises DocumentError."""
        book, self.changes = self.book, Changes()
        strings = book.strings
        strings.uses = type(strings.uses)("l", bytes(strings.uses.itemsize * len(strings.texts)))
        self.changes.sheets = {sheet.member: SheetChanges() for sheet in book.sheets}
        yield NamesPart(book, self.changes)
        self.rows, self.columns = 0, 0
        for sheet in book.sheets:
            part = SheetPart(book, sheet, self.changes.sheets[sheet.member])
            yield part
            self.rows += part.rows
            self.columns = max(self.columns, part.width)
        yield StringsPart(book.source, strings, self.changes.strings)
        kinds = {r.member: r.kind for o in ("", *book.zip.names()) for r in book.relations(o)}
        read = {book.strings_member, *(sheet.member for sheet in book.sheets)}
        for member in book.zip.names():
            if member in read:
                continue
            if book.is_xml(member):
                yield XmlPart(book, self.changes, member)
            else:
                yield BinaryPart(book, self.changes, member, kinds)

    def finish(self) -> Iterator[bytes]:
        """Yield the copy, whole."""
        yield from Copy(self.book, self.changes).written()

    def position(self) -> int:
        """Return how many bytes of the source were read so far."""
        return 0 if self.zip.stream.closed else self.zip.stream.tell()

    def close(self) -> None:
        """Release the source."""
        self.zip.close()


def open_workbook(source: Source, options: ReadOptions) -> WorkbookDocument:
    """Open a package. Raises DocumentError."""
    zip_ = Zip(source, options)
    try:
        return WorkbookDocument(zip_, Book(source, options, zip_))
    except BaseException:
        zip_.close()
        raise

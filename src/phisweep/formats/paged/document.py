"""An opened PDF: what stands beside its pages, its pages, and the copy of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from phisweep.errors import DocumentError
from phisweep.formats.base import Block, OnePart, ReadOptions, Replaced, failed
from phisweep.formats.paged.copying import Copy, Word
from phisweep.formats.paged.covering import covered
from phisweep.formats.paged.glyphs import Box, Glyphs, glyphs
from phisweep.formats.paged.reading import Line, Reading, lines, paragraphs, rows
from phisweep.formats.paged.silence import silent
from phisweep.formats.paged.streams import REPAIR
from phisweep.formats.paged.structure import Structure
from phisweep.formats.stream import raw_stream, read
from phisweep.model import Edit, Location, Media, Source, Text

MOST_LINES = 2000  # of a page whose rows are looked at
_BATCH = 2000  # blocks of one chunk
_MANY_PATHS = 20  # on a page without a character: letters may be drawn as lines
#: A word that is no wider than its first character, and this many times higher, stands upright.
_SAME, _STEEP = 0.8, 1.5


@dataclass(frozen=True, slots=True)
class AsideChunk:
    """What does not stand on a page: searched, and left out of the copy."""

    blocks: Sequence[Block] = field(repr=False)

    def write(
        self,
        edits: Mapping[str, Sequence[Edit]],  # noqa: ARG002 - nothing of it is written
        columns: Mapping[str, Replaced],  # noqa: ARG002 - no columns here
    ) -> bytes:
        """Return nothing."""
        return b""


@dataclass(frozen=True, slots=True)
class PageChunk:
    """A page: its text, the rows of it that stand side by side, and what cannot be assessed."""

    document: PdfDocument
    number: int
    glyphs: Glyphs = field(repr=False)
    lines: Sequence[Line] = field(repr=False)
    readings: Mapping[str, Reading] = field(repr=False)
    blocks: Sequence[Block] = field(repr=False)
    blind: bool = False

    def write(
        self,
        edits: Mapping[str, Sequence[Edit]],
        columns: Mapping[str, Replaced],  # noqa: ARG002 - no columns here
    ) -> bytes:
        """Return the page as a picture with boxes over what goes. Raises DocumentError E256."""
        found, ours = self.glyphs, self.document.ours
        cover = covered(found.chars, self.lines, self.readings, edits, whole_words=ours)
        with self.document.page(self.number) as page:
            drawing = self.document.drawing(page)
            try:
                drawing.draw()
            except MemoryError:
                raise
            except Exception:  # noqa: BLE001 - what pdfium says may hold a value
                raise failed(
                    "E256", self.document.source, f"page {self.number} cannot be drawn"
                ) from None
            words: list[Word] = []
            if self.blind or cover.whole:
                drawing.cover_all()
            else:
                if not ours:
                    drawing.cover_pictures(found.pictures)
                drawing.cover(cover.boxes())
                for text, box, first in cover.words(found.page):
                    places = drawing.place(box), drawing.place(first)
                    words.append(_word(text, places, drawing.size))
        across, down, dpi = drawing.size
        return self.document.copy.page(drawing.packed(), (across, down), dpi, words)


def _word(text: str, places: tuple[Box, Box], size: tuple[int, int, float]) -> Word:
    """Return a word of the layer for its place, and that of its first character, in pixels."""
    box, first = places
    scale = 72 / size[2]
    wide, high = (box.right - box.left) * scale, (box.bottom - box.top) * scale
    turned = 0
    narrow = first.right - first.left > _SAME * (box.right - box.left)
    if len(text) > 1 and narrow and box.bottom - box.top > _STEEP * (first.bottom - first.top):
        turned = 1 if first.bottom + first.top > box.bottom + box.top else -1
    return Word(text, box.left * scale, (size[1] - box.bottom) * scale, wide, high, turned)


@dataclass(slots=True)
class PdfDocument(OnePart):
    """
    An opened PDF. Raises while it is read DocumentError E209, E218, E252, E256.

    What is wrong with a part of it is told when all is read.
    """

    fidelity = "always"

    source: Source
    options: ReadOptions
    pdf: Any = field(repr=False)
    reader: Any = field(repr=False)
    raw: Any = field(repr=False)
    stream: BinaryIO = field(repr=False)
    ours: bool = False
    encoding: str = ""
    rows: int | None = None
    columns: int | None = None
    warnings: list[str] = field(default_factory=list)
    held: str = ""  # type: ignore[misc]
    copy: Copy = field(default_factory=Copy)
    _flat: set[int] = field(default_factory=set)
    _at: int = 0

    def chunks(self) -> Iterator[AsideChunk | PageChunk]:
        """Yield what stands beside the pages, then the pages."""
        error: DocumentError | None = None
        try:
            yield from self._aside()
        except DocumentError as problem:
            if problem.code == "E218":
                raise
            error = problem
        count, seen, blind = len(self.pdf), 0, 0
        for number in range(1, count + 1):
            try:
                chunk = self._page(number)
            except DocumentError as problem:
                error = error or problem
                continue
            seen += any(char.code and not char.made for char in chunk.glyphs.chars)
            blind += bool(chunk.blind or chunk.glyphs.pictures)
            self._at = self.source.size * number // count
            yield chunk
        if error or (error := self._cut_off()):
            raise error
        if blind and not seen and not self.ours:
            what = "its page is a picture" if count == 1 else "its pages are pictures"
            self.held = f"{what} without text: not assessed, it may hold (Q)"

    def finish(self) -> Iterator[bytes]:
        """Yield the end of the copy."""
        return self.copy.finish()

    def position(self) -> int:
        """Return how many bytes of the source were read so far, by its pages."""
        return self._at

    def close(self) -> None:
        """Release the source."""
        self.pdf.close()
        self.reader.close()
        self.stream.close()

    def drawing(self, page: Any) -> Any:
        """Return what draws a page."""
        from phisweep.formats.paged.drawing import Drawing  # noqa: PLC0415 - numpy takes 0.1 s

        return Drawing(page, self.raw, keep=self.ours)

    @contextmanager
    def page(self, number: int) -> Iterator[Any]:
        """Open a page, counted from 1, with its annotations and fields as part of it."""
        page = None
        try:
            page = self.pdf[number - 1]
            if number not in self._flat:
                self._flat.add(number)
                bounds = page.get_bbox()  # said outright: inherited ones are lost in the next step
                page.set_mediabox(*bounds)
                page.set_cropbox(*bounds)
                if self.raw.FPDFPage_Flatten(page, 0) == 0:
                    self.warnings.append(f"page {number}: its annotations are not drawn")
                page.close()
                page = self.pdf[number - 1]
        except MemoryError:
            raise
        except Exception:  # noqa: BLE001 - what pdfium says may hold a value
            raise failed("E252", self.source, f"page {number} cannot be read", REPAIR) from None
        try:
            yield page
        finally:
            page.close()

    def _page(self, number: int) -> PageChunk:
        with self.page(number) as page:
            found = glyphs(page, self.raw)
        broken = lines(found.chars)
        address, shown = f"page {number}", self.source.shown
        readings = {address: paragraphs(found.chars, broken)}
        for k, row in enumerate(rows(found.chars, broken, MOST_LINES), 1):
            readings[f"{address}, row {k}"] = row
        blocks: list[Block] = [
            Text(Location(shown, where), reading.text, place=place)
            for where, reading in readings.items()
            if reading.text.strip()
            for place in ("page, row" if "row" in where else "page",)
        ]
        some = any(char.code for char in found.chars)
        blind = not some and found.paths > _MANY_PATHS and not found.pictures and not self.ours
        if blind:
            blocks.append(
                Media(Location(shown, f"{address}, drawing"), "a page of lines", "A to R")
            )
        if not self.ours:
            for k, _ in enumerate(found.pictures, 1):
                blocks.append(Media(Location(shown, f"{address}, picture {k}"), "picture"))
        if any(char.code == 0 and not char.made for char in found.chars):
            what = "characters of a font that does not say what they are"
            blocks.append(Media(Location(shown, f"{address}, characters"), what, "A to R"))
        return PageChunk(self, number, found, broken, readings, blocks, blind)

    def _aside(self) -> Iterator[AsideChunk]:
        structure = Structure(self.reader, self.source, self.options)
        held: list[Block] = []
        with silent():
            try:
                for block in structure.blocks():
                    held.append(block)
                    if len(held) >= _BATCH:
                        yield AsideChunk(held)
                        held = []
                self._all_there()
            except (DocumentError, MemoryError, RecursionError, GeneratorExit):
                yield AsideChunk(held)
                raise
            except Exception:  # noqa: BLE001 - what pypdf says may hold a value
                yield AsideChunk(held)
                raise failed("E252", self.source, "its objects cannot be read", REPAIR) from None
            finally:
                for inner in structure.inner:
                    inner.close()
        if structure.patterned:
            self.held = "a picture is drawn as a pattern, which cannot be covered: (Q)"
        if structure.attachments:
            many = structure.attachments
            told = f"{many} attachments are" if many > 1 else "1 attachment is"
            self.warnings.append(f"{told} left out of the copy")
        yield AsideChunk(held)

    def _all_there(self) -> None:
        if len(self.reader.pages) != len(self.pdf):
            raise failed("E252", self.source, "its pages are not all there", REPAIR)

    def _cut_off(self) -> DocumentError | None:
        """Return the error for a file whose end is missing, None where it has one."""
        with closing(raw_stream(self.source)) as stream:
            size = self.source.size
            tail = read(stream, max(0, size - (1 << 16)), 1 << 16, self.source)
        end = tail.rfind(b"%%EOF")
        if end < 0 or b" obj" in tail[end:] or b"startxref" not in tail:
            return failed("E252", self.source, "its end is missing", REPAIR)
        return None

"""
What a format owes: parse to find, splice to write.

A format module defines one object that satisfies `Format` and registers it with `register`; modules
are found by pkgutil. A format opens a source as a `Document`; a document has parts - a workbook its
sheets, an archive its members, most documents one - and a part yields chunks in the order of the
source; a chunk holds blocks to search and writes itself with the replaced blocks in place and every
other byte as it was. What the chunks wrote, joined, and then what `finish` gives, is the copy. Memory
is bounded by the chunk.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import field
from typing import TYPE_CHECKING, ClassVar, Literal, Protocol, Self

from phisweep.errors import DocumentError
from phisweep.model import Column, Edit, Kind, Media, Source, Text
from phisweep.values import dataclass

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

Block = Text | Column | Media
#: How records lie in a part: none, the rows of columns, one a line, or anywhere in a tree of keys.
Structure = Literal["text", "rows", "lines", "tree"]
#: Whether a copy without changes has the bytes of the source because its chunks give them back, or
#: because the source is copied instead; "always": it is never the source, in which bytes may stand
#: that no reader sees.
Fidelity = Literal["splice", "copy", "always"]


@dataclass(frozen=True, slots=True)
class Imaging:
    """
    What becomes of pictures and of DICOM, as the policy says; `ruleset.schema.ImagingPolicy`.

    `options` are those of DICOM PS3.15 E.3. `pixels` are held back ("hold"), blanked by region
    ("blank"), or that and every text box that is seen ("ocr"); `faces` are held back or accepted.
    """

    options: frozenset[str] = frozenset()
    pixels: Literal["hold", "blank", "ocr"] = "hold"
    faces: Literal["hold", "accept"] = "hold"
    policy: str = ""  # its id, for what a copy says of itself
    #: Where the copies of a run are known: the transfer syntax of each, by the path of its source.
    copies: Mapping[str, str] | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """How to read: an encoding that overrides sniffing, and sizes in bytes."""

    encoding: str = ""
    chunk_bytes: int = 2 << 20
    max_line_bytes: int = 32 << 20  # a longer line or record is an error, not a chunk
    max_depth: int = 256
    max_nesting: int = 8  # documents within documents
    max_ratio: int = 200  # bytes that one compressed byte may become, beyond the first chunk_bytes
    max_unpacked: int = 16 << 30  # bytes of all that one source holds packed
    max_members: int = 100_000
    nesting: int = 0  # how many documents this one lies in
    sample_records: int = 10_000
    imaging: Imaging = Imaging()


@dataclass(frozen=True, slots=True)
class Replaced:
    """
    What stands in the cells of a column: `values[indices[row]]` in each row, None where it stays.

    `indices` None: the values are those of the column's own dictionary, in its order.
    """

    values: Sequence[str | None] = field(repr=False)
    indices: npt.NDArray[np.int64] | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Fate:
    """
    What a standard says becomes of one place of a chunk, whatever is found there: `explain` tells it.

    `lines` say why, step by step, and then what is done; `short` says that in a word, "" where what
    is found decides. `texts` are what is searched there.
    """

    address: str
    lines: tuple[str, ...] = ()
    short: str = ""
    texts: tuple[Text, ...] = field(default=(), repr=False)


class Chunk(Protocol):
    """A part of a document that is searched and written at once."""

    @property
    def blocks(self) -> Sequence[Block]:
        """What to search. A block's address is unique in its part of the source."""

    def write(
        self,
        edits: Mapping[str, Sequence[Edit]],
        columns: Mapping[str, Replaced],
    ) -> bytes:
        """
        Return the chunk's bytes with the changes in place.

        `edits` maps the address of a Text to its edits (sorted, not overlapping), that of a Media to
        `EMPTIED`; `columns` the address of a Column to what stands in its cells. Of a document whose
        fidelity is "splice" the bytes are those of the source where both are empty.
        """


def told_fates(chunk: Chunk) -> Iterator[Fate] | None:
    """Return what a standard says becomes of the places of a chunk, None where none does."""
    inner: Chunk | None = chunk
    while inner is not None:
        fates: Callable[[], Iterator[Fate]] | None = getattr(inner, "fates", None)
        if fates is not None:
            return fates()
        inner = getattr(inner, "inner", None)  # what is packed
    return None


#: What `write` is told of a Media: an empty one is to stand in its place.
EMPTIED = (Edit(0, 0, ""),)


class Part(Protocol):
    """
    A part of a document that is judged and linked by itself: a sheet, a table, a member.

    `name` is "" where the document is one part, else what it is called ("Sheet1", "notes/b.csv");
    it is a name like that of a file, may hold PHI, and is not shown where something is found in it.
    """

    @property
    def name(self) -> str:
        """What the part is called."""

    @property
    def structure(self) -> Structure:
        """How its records lie."""

    def sample(self) -> Sequence[Column]:
        """Return the first records of a table, by column, to judge the columns by; else ()."""

    def chunks(self) -> Iterator[Chunk]:
        """Yield the chunks in order. Raises DocumentError where the source cannot be read on."""


class Document(Protocol):
    """
    An opened source. `encoding`, `rows`, `warnings` and `held` are final once the chunks are read.

    `held` says why no copy of it may be written, and that it is not assessed ("a picture: (Q)"); ""
    where one may.
    """

    encoding: str
    rows: int | None
    columns: int | None
    warnings: list[str]

    @property
    def fidelity(self) -> Fidelity:
        """How a copy without changes comes to be that of the source."""

    @property
    def held(self) -> str:
        """Why no copy may be written."""

    @property
    def also_unread(self) -> Sequence[str]:
        """What is not looked at in this document beside what its format says: that of members."""

    @property
    def copy_path(self) -> str:
        """
        The path of its copy relative to the folder of copies; "": that of its source.

        Where the path of a source says too much for a copy, and the document knows a better one.
        """

    def parts(self) -> Iterator[Part]:
        """Yield the parts, in order; each is read to its end before the next. Raises DocumentError."""

    def finish(self) -> Iterator[bytes]:
        """Yield what stands in a copy behind the chunks; asked once, when all of them are written."""

    def position(self) -> int:
        """Return how many bytes of the source were read so far."""

    def close(self) -> None:
        """Release the source."""


class OnePart:
    """A document that is its own only part, and is spliced: what most documents are."""

    __slots__ = ()
    name: ClassVar[str] = ""
    structure: ClassVar[Structure] = "text"
    fidelity: ClassVar[Fidelity] = "splice"
    held: ClassVar[str] = ""
    also_unread: ClassVar[Sequence[str]] = ()
    copy_path: ClassVar[str] = ""

    def parts(self) -> Iterator[Self]:
        """Yield the document itself."""
        yield self

    def sample(self) -> Sequence[Column]:
        """Return nothing: no table."""
        return ()

    def finish(self) -> Iterator[bytes]:
        """Yield nothing: the chunks are all of it."""
        return iter(())


class Format(Protocol):
    """One way of writing data down."""

    name: str
    #: Lower case, with the dot; of two dots ("tar.gz") the longer one is asked first.
    suffixes: tuple[str, ...]
    #: What this format never looks at, in words for the report.
    unread: tuple[str, ...]
    #: Whether values stand under names of columns or keys, in one of its parts at least.
    structured: bool

    @property
    def extra(self) -> str:
        """The extra of pyproject.toml that brings what it needs, ""."""

    @property
    def needs(self) -> tuple[str, ...]:
        """The modules that the extra brings, by the names that they are imported by."""

    @property
    def copied_as(self) -> str:
        """What is added to the name of a copy that is of another format, ""."""

    @property
    def rank(self) -> int:
        """Formats are asked in this order whether they are certain: the special before the general."""

    def certain(self, head: bytes, source: Source) -> bool:
        """
        Say whether the first 64 KiB are of this format beyond doubt, whatever the name says.

        It costs little where it says no, and imports nothing heavy. What cannot be read is not it.
        """

    def sniff(self, head: bytes) -> bool:
        """Say whether the first 64 KiB look like this format; asked where no suffix matches."""

    def open(self, source: Source, options: ReadOptions) -> Document:
        """Open the source. Raises DocumentError."""


class FormatDefaults:
    """What most formats say of themselves."""

    __slots__ = ()
    extra: ClassVar[str] = ""
    needs: ClassVar[tuple[str, ...]] = ()
    copied_as: ClassVar[str] = ""
    rank: ClassVar[int] = 0

    def certain(self, head: bytes, source: Source) -> bool:  # noqa: ARG002 - the contract's
        """Say no: its suffix decides, or its looks."""
        return False

    def sniff(self, head: bytes) -> bool:  # noqa: ARG002 - the contract's
        """Say no: its suffix decides, or certain signs."""
        return False


PROSE_LENGTH = 80  # code points of one value at most
PROSE_WORDS = 6  # of running text at least
FORMATS: dict[str, Format] = {}
#: Modules beside the formats that some of them need, and only for what they read.
_HELP = frozenset(
    {"embedded", "escapes", "extras", "markup", "pieces", "scribe", "spots", "tokens", "zips"}
)
_LOADED: list[bool] = []  # true once every module was imported


def register(format_: Format) -> Format:
    """Add a format to the registry, under its name."""
    FORMATS[format_.name] = format_
    return format_


def load() -> Mapping[str, Format]:
    """
    Import every module of this folder that may be a format, and return the registry.

    A format that somebody imported by name before does not keep the others out.
    """
    if not _LOADED:  # asked for every member of an archive
        package = importlib.import_module("phisweep.formats")
        for module in pkgutil.iter_modules(package.__path__):
            if not module.ispkg and module.name not in _HELP:
                importlib.import_module(f"phisweep.formats.{module.name}")
        _LOADED.append(True)
    return FORMATS


def kind_of(value: str) -> Kind:
    """Return what a string of a document is: running text, or one value."""
    if len(value) > PROSE_LENGTH or "\n" in value or len(value.split()) >= PROSE_WORDS:
        return "prose"
    return "value"


def cell_address(column: Column, row: int, line: int | None = None) -> str:
    """Return where a row's cell stands: `record 12, line 14, column 3`, `C7`; rows count from 0."""
    return addresses(column)(row, line)


def addresses(column: Column) -> Callable[[int, int | None], str]:
    """Return what tells where the cells of a column stand, as `cell_address` does."""
    index, letters = column.index + 1, ""
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(ord("A") + rest) + letters
    written, first, number = column.cell.format, column.first, column.index + 1
    return lambda row, line: written(record=first + row, line=line, column=number, letters=letters)


def failed(code: str, source: Source, what: str, todo: str = "") -> DocumentError:
    """Return the error for a source that cannot be read; the place is its shown name."""
    return DocumentError(code, what, where=source.shown or "standard input", todo=todo)

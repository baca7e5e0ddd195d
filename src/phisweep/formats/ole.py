"""
Old binary Office files and encrypted new ones: told apart, and not read.

Compound files (MS-CFB) are many things; a workbook is the spreadsheet reader's, a message of Outlook
the mail reader's, where there is one.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import field

from phisweep.errors import DocumentError
from phisweep.formats.base import Chunk, FormatDefaults, OnePart, ReadOptions, failed, register
from phisweep.formats.signs import COMPOUND
from phisweep.formats.stream import raw_stream, read
from phisweep.model import Source
from phisweep.values import dataclass

_OTHERS = tuple(name.encode("utf-16-le") for name in ("Workbook", "Book\0", "__substg1.0_"))
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_BLOCK = 1 << 20
_WHAT = "an old binary Office file (.doc, .ppt) or another compound file: not read"


@dataclass(slots=True)
class OleDocument(OnePart):
    """A compound file inside another document: nothing of it is read, and nothing of it is kept."""

    fidelity = "copy"
    held = _WHAT

    encoding: str = ""
    rows: int | None = None
    columns: int | None = None
    warnings: list[str] = field(default_factory=list)

    def chunks(self) -> Iterator[Chunk]:
        """Yield nothing."""
        return iter(())

    def position(self) -> int:
        """Return 0: nothing is read."""
        return 0

    def close(self) -> None:
        """Release nothing."""


@dataclass(slots=True)
class Ole(FormatDefaults):
    """Compound files that no other format reads."""

    rank = 9

    name: str = "ole"
    suffixes: tuple[str, ...] = (".doc", ".dot", ".ppt", ".pps")
    unread: tuple[str, ...] = ("all of it",)
    structured: bool = False

    def certain(self, head: bytes, source: Source) -> bool:
        """Say whether it is a compound file, and neither a workbook nor a message."""
        if not head.startswith(COMPOUND):
            return False
        try:
            return not any(_has(source, name) for name in _OTHERS)
        except DocumentError:
            return False

    def open(self, source: Source, options: ReadOptions) -> OleDocument:
        """Return what stands for an inner document. Raises DocumentError E253, E254 for any other."""
        with closing(raw_stream(source)) as stream:
            compound = read(stream, 0, len(COMPOUND), source) == COMPOUND
        if not compound:
            raise failed("E254", source, "no Office file, whatever its name says", "Rename it.")
        if options.nesting:
            return OleDocument()
        if _has(source, _ENCRYPTED):
            raise failed("E253", source, "it is encrypted", "Save it without a password.")
        todo = "Save it as .docx or .pptx, or exclude it."
        raise failed("E254", source, _WHAT, todo)


def _has(source: Source, name: bytes) -> bool:
    """Say whether a source holds the name of a stream."""
    with closing(raw_stream(source)) as stream:
        at, rest = 0, b""
        while block := read(stream, at, _BLOCK, source):
            if name in rest + block:
                return True
            at, rest = at + len(block), block[-len(name) :]
    return False


register(Ole())

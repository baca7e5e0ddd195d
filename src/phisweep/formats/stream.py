"""An opened source as blocks of UTF-8, whatever its own code is."""

from __future__ import annotations

import codecs
import hashlib
import os
from collections.abc import Iterable, Iterator
from dataclasses import field, replace
from io import BytesIO
from typing import BinaryIO

from phisweep.errors import DocumentError
from phisweep.formats.base import OnePart, ReadOptions, failed
from phisweep.formats.encoding import Encoding, binary, detect, not_valid
from phisweep.model import Source
from phisweep.values import dataclass

_SMALL = 1 << 20  # bytes
_NO_LINKS = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)


@dataclass(frozen=True, slots=True)
class Opened:
    """A source, held open so that what was judged is what is read, and its code."""

    source: Source
    options: ReadOptions
    code: Encoding
    stream: BinaryIO = field(repr=False)

    @property
    def warnings(self) -> list[str]:
        """What to tell the reader of the report of the code."""
        return [self.code.warning] if self.code.warning else []

    def blocks(self, size: int = 0) -> Iterator[bytes]:
        """
        Yield the source from its beginning as UTF-8, without byte order mark.

        A block is read as `size` bytes (the options' chunk_bytes where 0) and may end inside a
        character where the source is UTF-8. Raises DocumentError E201 (reading), E203 (decoding;
        also where the code would not give the same bytes back), E204 (NUL).
        """
        size = size or self.options.chunk_bytes
        for at, block in self._raw(size) if self.code.codec == "utf-8" else self._decoded(size):
            if (nul := block.find(b"\0")) >= 0:
                raise binary(at + nul, self.source)
            yield block

    def text(self, data: bytes) -> str:
        """Return UTF-8 bytes that end at a character as text. Raises DocumentError E203."""
        try:
            return data.decode()
        except UnicodeDecodeError:  # it was valid when it was opened
            raise failed("E203", self.source, "it changed while it was read") from None

    def position(self) -> int:
        """Return how many bytes of the source were read so far."""
        return 0 if self.stream.closed else self.stream.tell()

    def close(self) -> None:
        """Release the source."""
        self.stream.close()

    def _raw(self, size: int) -> Iterator[tuple[int, bytes]]:
        at = len(self.code.mark)
        while block := read(self.stream, at, size, self.source):
            yield at, block
            at += len(block)

    def _decoded(self, size: int) -> Iterator[tuple[int, bytes]]:
        codec = self.code.codec
        decoder = codecs.getincrementaldecoder(codec)()
        taken, given = hashlib.sha256(), hashlib.sha256()
        at = len(self.code.mark)
        more = True
        while more:
            block = read(self.stream, at, size, self.source)
            more = bool(block)
            taken.update(block)
            pending = len(decoder.getstate()[0])
            try:
                text = decoder.decode(block, final=not more)
            except UnicodeDecodeError as error:
                raise not_valid(codec, at - pending + error.start, self.source) from None
            except UnicodeError:  # of codecs such as idna, which do not tell the place
                raise not_valid(codec, at - pending, self.source) from None
            given.update(text.encode(codec, "replace"))
            if text:
                yield at - pending, text.encode()
            at += len(block)
        if taken.digest() != given.digest():
            raise failed("E203", self.source, f"it cannot be written back byte for byte as {codec}")


class TextDocument(OnePart):
    """The text of an opened source, its own only part: what documents of text have in common."""

    def __init__(self, opened: Opened) -> None:
        self.opened = opened
        self.encoding = opened.code.label
        self.warnings = opened.warnings
        self.rows: int | None = None
        self.columns: int | None = None

    def position(self) -> int:
        """Return how many bytes of the source were read so far."""
        return self.opened.position()

    def close(self) -> None:
        """Release the source."""
        self.opened.close()


def opened(source: Source, options: ReadOptions) -> Opened:
    """Open a source and find its code. Raises DocumentError E201, E203, E204."""
    stream = raw_stream(source)
    try:
        return Opened(source, options, detect(stream, source, options.encoding), stream)
    except OSError as error:
        stream.close()
        raise unreadable(source, error) from None
    except BaseException:
        stream.close()
        raise


def and_last(blocks: Iterable[bytes]) -> Iterator[tuple[bytes, bool]]:
    """Yield each block with True where it is the last one."""
    held: bytes | None = None
    for block in blocks:
        if held is not None:
            yield held, False
        held = block
    if held is not None:
        yield held, True


def raw_stream(source: Source) -> BinaryIO:
    """Return the source's bytes as a stream. Raises DocumentError E201."""
    held = source.content if source.data is None else source.data
    if held is not None:
        return BytesIO(held)
    try:
        # Links are followed when sources are met; what is a link now was a file then.
        descriptor = os.open(source.path, os.O_RDONLY | _NO_LINKS)
        return os.fdopen(descriptor, "rb")
    except OSError as error:
        raise unreadable(source, error) from None


def at_hand(source: Source) -> Source:
    """Return a source with its bytes where it is a small file: it is opened once. Raises DocumentError E201."""
    if source.data is not None or source.size > _SMALL:
        return source
    with raw_stream(source) as stream:
        content = read(stream, 0, _SMALL + 1, source)
    return source if len(content) > _SMALL else replace(source, content=content)


def read(stream: BinaryIO, at: int, size: int, source: Source) -> bytes:
    """Return up to `size` bytes from the 0-based byte `at`. Raises DocumentError E201."""
    try:
        stream.seek(at)
        return stream.read(size)
    except OSError as error:
        raise unreadable(source, error) from None


def unreadable(source: Source, error: OSError) -> DocumentError:
    """Return the error for a source that the system does not hand out."""
    return failed(
        "E201", source, f"cannot be read: {error.strerror}", "Check that it is there and readable."
    )

"""Messages and their attachments as parts, and the copy of them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from phisweep.errors import DocumentError
from phisweep.formats.base import (
    Block,
    ReadOptions,
    Replaced,
    Structure,
    failed,
)
from phisweep.formats.container.document import Container, Member
from phisweep.formats.container.inside import InnerPart
from phisweep.formats.container.store import Store
from phisweep.formats.message.letter import Letter
from phisweep.formats.stream import raw_stream, read
from phisweep.model import Column, Edit, Source, Text

LARGEST = 256 << 20  # bytes of one message, which is held whole
_BLOCK = 1 << 20
_BORDER = re.compile(rb"(?<=\n\n)From [^\r\n]*\d\d:\d\d|(?<=\n\r\n)From [^\r\n]*\d\d:\d\d")
_LONGEST = 1 << 12  # bytes of a line that may be such a border


@dataclass(frozen=True, slots=True)
class LetterChunk:
    """The headers and bodies of a message."""

    letter: Letter = field(repr=False)
    document: MailDocument = field(repr=False)

    @property
    def blocks(self) -> Sequence[Block]:
        """What to search."""
        return self.letter.blocks

    def write(
        self,
        edits: Mapping[str, Sequence[Edit]],
        columns: Mapping[str, Replaced],  # noqa: ARG002 - no columns here
    ) -> bytes:
        """Return nothing; note what changes. Raises DocumentError E206."""
        self.document.writing = True
        self.letter.write({address: made for address, made in edits.items() if made})
        return b""


@dataclass(frozen=True, slots=True)
class LetterPart:
    """A message without its attachments."""

    letter: Letter = field(repr=False)
    document: MailDocument = field(repr=False)
    name: str = ""
    structure: Structure = "text"

    def sample(self) -> Sequence[Column]:
        """Return nothing: no table."""
        return ()

    def chunks(self) -> Iterator[LetterChunk]:
        """Yield the one chunk."""
        yield LetterChunk(self.letter, self.document)


class MailDocument(Container):
    """An opened message, or many of them."""

    thing = "part"

    def __init__(self, source: Source, options: ReadOptions, *, many: bool) -> None:
        super().__init__(source, options)
        self._many = many
        self._stream = raw_stream(source)
        self._copy = Store()
        self._letter: Letter | None = None
        self._signed = False
        self._count = 0  # attachments so far

    def words(self) -> Iterator[Text]:
        """Yield nothing: the headers are words of each message."""
        return iter(())

    def read(self) -> Iterator[Member]:
        """Yield nothing: attachments come message by message."""
        return iter(())

    def parts(self) -> Iterator[LetterPart | InnerPart]:  # type: ignore[override]
        """Yield each message, then its attachments. Raises DocumentError."""
        for number, data in enumerate(self._letters(), 1):
            name = f"message {number}" if self._many else ""
            prefix = f"{name}!" if name else ""
            letter = Letter(data, self.source, self.options, self._count + 1, prefix)
            self._count += len(letter.files)
            self._letter = letter
            self._errors += letter.errors
            for warning in letter.warnings:
                self.tell(warning, number)
            yield LetterPart(letter, self, name)
            for member, _ in letter.files:
                yield from self._parts(member)
            if self.writing:
                self._finish(letter)
            letter.close()
        self._tell()

    def finish(self) -> Iterator[bytes]:
        """Yield the copy."""
        yield from self._copy.read(0, self._copy.size)

    def position(self) -> int:
        """Return how many bytes of the source were read so far."""
        return 0 if self._stream.closed else self._stream.tell()

    def close(self) -> None:
        """Release the source."""
        super().close()
        if self._letter is not None:
            self._letter.close()
        self._copy.close()
        self._stream.close()

    def _finish(self, letter: Letter) -> None:
        for member, entity in letter.files:
            result = self.results.pop(member.number, None)
            if result is not None and result.left_out:
                letter.put(entity, b"")
            elif result is not None and result.extent is not None:
                if result.suffix:
                    what = "a copy of an attachment would be of another format"
                    todo = "Save the attachment as a file of its own."
                    self._fail(entity.number, failed("E261", self.source, what, todo))
                letter.put(entity, b"".join(self.store.read(*result.extent)))
        if letter.changes and letter.signed and not self._signed:
            self._signed = True
            self.warnings.append("a signature of a message is not valid in the copy")
        self.store.truncate(0)
        self._copy.write(letter.written())

    def _letters(self) -> Iterator[bytes]:
        """Yield the bytes of each message. Raises DocumentError E201, E211."""
        if not self._many:
            yield self._whole()
            return
        held, at = b"", 0
        while block := read(self._stream, at, _BLOCK, self.source):
            at += len(block)
            searched = max(0, len(held) - _LONGEST)
            held += block
            begin = 0
            for match in _BORDER.finditer(held, searched):
                yield held[begin : match.start()]
                begin = match.start()
            held = held[begin:]
            if len(held) > LARGEST:
                raise self._too_large()
        yield held

    def _whole(self) -> bytes:
        data = read(self._stream, 0, LARGEST + 1, self.source)
        if len(data) > LARGEST:
            raise self._too_large()
        return data

    def _too_large(self) -> DocumentError:
        what = f"a message of more than {LARGEST >> 20} MiB is too large to be held whole"
        return failed("E211", self.source, what, "Take its attachments out.")

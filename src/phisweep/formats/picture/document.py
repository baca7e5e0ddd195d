"""A picture, recording or video as the words that lie beside it."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from phisweep.formats.base import (
    Block,
    Fidelity,
    OnePart,
    Replaced,
)
from phisweep.formats.picture import film, sound, still
from phisweep.formats.picture.kinds import Sort
from phisweep.formats.picture.reader import Reader, SpentError, Word
from phisweep.formats.stream import raw_stream
from phisweep.model import Edit, Location, Source, Text

#: What reads the words in a file, by what its kind is called; in others are none that are read.
_WORDS: Mapping[str, Callable[[Reader], Iterator[Word]]] = {
    "PNG": still.png,
    "JPEG": still.jpeg,
    "GIF": still.gif,
    "TIFF": still.tiff_file,
    "PSD": still.psd,
    "JPEG 2000": still.anywhere,
    "FLAC": sound.flac,
    "Ogg": sound.ogg,
    "MP3": sound.id3,
    "Matroska or WebM": film.matroska,
    "WAV": sound.riff,
    "AVI": sound.riff,
    "WebP": still.webp,
    "HEIF": still.anywhere,
    "MP4": film.mp4,
    "MP4 or QuickTime": film.mp4,
    "AIFF": sound.aiff,
}


@dataclass(frozen=True, slots=True)
class WordsOfMedia:
    """The words beside a picture; nothing is ever written."""

    blocks: Sequence[Block] = field(repr=False)

    def write(self, edits: Mapping[str, Sequence[Edit]], columns: Mapping[str, Replaced]) -> bytes:  # noqa: ARG002 - the contract's
        """Return nothing: no copy is written."""
        return b""


@dataclass(slots=True)
class MediaDocument(OnePart):
    """An opened picture, recording or video."""

    fidelity: Fidelity = field(default="always", init=False)  # type: ignore[misc]
    source: Source
    sort: Sort | None
    held: str  # type: ignore[misc]
    encoding: str = ""
    warnings: list[str] = field(default_factory=list)
    rows: int | None = None
    columns: int | None = None

    def chunks(self) -> Iterator[WordsOfMedia]:
        """Yield the words, in one chunk. Raises DocumentError E201."""
        yield WordsOfMedia([*self._blocks()])

    def position(self) -> int:
        """Return the size: the words lie anywhere."""
        return self.source.size

    def close(self) -> None:
        """Do nothing: the source is not kept open."""

    def _blocks(self) -> Iterator[Text]:
        if self.sort is None:
            return
        stream = raw_stream(self.source)
        try:
            told = _WORDS.get(self.sort.name, film.nothing)(Reader(stream, self.source.size))
            for number, (label, text) in enumerate(told, 1):
                if text.strip():
                    yield _block(self.source, number, label, text)
        except (SpentError, OSError, ValueError, IndexError, RecursionError, zlib.error):
            self.warnings.append("the words beside what is seen or heard were not all read")
        finally:
            stream.close()


def _block(source: Source, number: int, label: str, text: str) -> Text:
    """Return a word as a block; names of fields that may be data stand in no address."""
    known = label.replace(" ", "").isalnum() and label.isascii() and not label.startswith("comment")
    path = f"media:{label.replace(' ', '.')}" if known else ""
    where = Location(source.shown, f"metadata {number}")
    return Text(where, text, label, kind="metadata", path=path, place="metadata")

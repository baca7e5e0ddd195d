"""A picture, recording or video as the words that lie beside it."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field

from phisweep.figures import plural
from phisweep.formats.base import (
    Block,
    Fidelity,
    Imaging,
    OnePart,
    Replaced,
)
from phisweep.formats.picture import film, sound, still
from phisweep.formats.picture.kinds import Sort
from phisweep.formats.picture.reader import Reader, SpentError, Word
from phisweep.formats.stream import raw_stream, read
from phisweep.model import Edit, Location, Media, Source, Text

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


#: What a camera tells of itself, of its place or of what it saw; scanners are taken for one.
_CAMERA = frozenset({"Make", "Model", "LensMake", "LensModel", "MakerNote", "GPSPosition"})
_LARGEST = 512 << 20  # bytes of a picture that is copied


@dataclass(slots=True)
class WordsOfMedia:
    """The words beside a picture. `written` says that a copy was asked for, which has none of them."""

    blocks: Sequence[Block] = field(repr=False)
    written: bool = False

    def write(self, edits: Mapping[str, Sequence[Edit]], columns: Mapping[str, Replaced]) -> bytes:  # noqa: ARG002 - the contract's
        """Return nothing: whatever is found in them, none of them is copied."""
        self.written = True
        return b""


@dataclass(slots=True)
class MediaDocument(OnePart):
    """
    An opened picture, recording or video.

    With `imaging` a copy of it may be written, and `held` says why not once its words are read; one
    that is only searched is held for `unassessed`.
    """

    fidelity: Fidelity = field(default="always", init=False)  # type: ignore[misc]
    source: Source
    sort: Sort | None
    unassessed: str
    imaging: Imaging | None = None
    encoding: str = ""
    held: str = ""  # type: ignore[misc]
    also_unread: Sequence[str] = ()  # type: ignore[misc]
    warnings: list[str] = field(default_factory=list)
    rows: int | None = None
    columns: int | None = None
    _copy: bytes = field(default=b"", repr=False)

    def __post_init__(self) -> None:
        if self.imaging is None:
            self.held = self.unassessed

    def chunks(self) -> Iterator[WordsOfMedia]:
        """
        Yield the words, in one chunk; where that is written, the picture is, and told of.

        Raises DocumentError E201, and what `copying.copied` does.
        """
        chunk = WordsOfMedia([*self._blocks()])
        yield chunk
        if self.imaging is None:
            return
        if not chunk.written:
            self.held = self.unassessed
            return
        yield WordsOfMedia([*self._seen(self.imaging, chunk.blocks)])

    def finish(self) -> Iterator[bytes]:
        """Yield the copy, where one may be written."""
        if not self.held:
            yield self._copy

    def position(self) -> int:
        """Return the size: the words lie anywhere."""
        return self.source.size

    def close(self) -> None:
        """Do nothing: the source is not kept open."""

    def _seen(self, imaging: Imaging, words: Sequence[Block]) -> Iterator[Block]:
        """Make the copy, and yield what was seen in the picture: its words, and that it was copied."""
        from phisweep.formats.picture.copying import copied  # noqa: PLC0415 - where one is written

        assert self.sort is not None  # noqa: S101 - else it is held
        if self.source.size > _LARGEST:
            self.held = f"a picture of more than {_LARGEST >> 20} MiB: not assessed (Q)"
            return
        with closing(raw_stream(self.source)) as stream:
            data = read(stream, 0, self.source.size, self.source)
        told = {word.label.removeprefix("XMP ") for word in words if isinstance(word, Text)}
        result = copied(data, self.sort.name, imaging, self.source, camera=bool(told & _CAMERA))
        for number, text in enumerate(result.words, 1):
            if text:
                where = Location(self.source.shown, f"pixels, frame {number}")
                yield Text(where, text, kind="metadata", place="pixels", done={"*": "cover"})
        self.held, self._copy = result.held, result.data
        if not result.held:
            self.also_unread = result.unread
            self.warnings += result.told
            if words:
                fields = plural(len(words), "field")
                self.warnings.append(f"words beside the picture left out: {fields}")
            place = Location(self.source.shown, "pixels")
            yield Media(place, "a picture, seen by OCR alone", "Q", self.source.size)

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
    done = {"*": "omit"}
    return Text(where, text, label, kind="metadata", path=path, place="metadata", done=done)

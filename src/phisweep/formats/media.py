"""
Pictures, recordings and video: never called clean, never copied.

What is seen and heard in them cannot be assessed: a full face (Q), a voice (P). The words that lie
beside it (EXIF, IPTC, XMP, comments, ID3, tags) are searched, so that what they give away is known.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from phisweep.formats.base import (
    Block,
    Fidelity,
    FormatDefaults,
    OnePart,
    ReadOptions,
    Replaced,
    register,
)
from phisweep.formats.picture.kinds import Sort, sort_of
from phisweep.formats.picture.reader import Reader, SpentError
from phisweep.formats.stream import raw_stream, read
from phisweep.model import Edit, Location, Source, Text

HEAD = 1 << 16
_HELD = {
    "picture": "a picture cannot be assessed: full faces and the like (Q)",
    "recording": "a recording cannot be assessed: voice prints (P)",
    "video": "a video cannot be assessed: voice prints (P), full faces and the like (Q)",
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
            told = self.sort.words(Reader(stream, self.source.size))
            for number, (label, text) in enumerate(told, 1):
                if text.strip():
                    yield _block(self.source, number, label, text)
        except (SpentError, OSError, ValueError, IndexError, RecursionError, zlib.error):
            self.warnings.append("the words beside what is seen or heard were not all read")
        finally:
            stream.close()


@dataclass(slots=True)
class MediaFormat(FormatDefaults):
    """Files of one kind that no one but a person can assess."""

    name: str
    suffixes: tuple[str, ...]
    unread: tuple[str, ...]
    structured: bool = False
    rank: int = 3  # type: ignore[misc] # behind documents that begin like a picture

    def certain(self, head: bytes, source: Source) -> bool:  # noqa: ARG002 - the contract's
        """Say whether the first bytes are of such a file."""
        sort = sort_of(head)
        return sort is not None and sort.format == self.name

    def open(self, source: Source, options: ReadOptions) -> MediaDocument:  # noqa: ARG002 - the contract's
        """Open the file. Raises DocumentError E201."""
        stream = raw_stream(source)
        try:
            sort = sort_of(read(stream, 0, HEAD, source))
        finally:
            stream.close()
        doubt = [] if sort else ["it does not begin as its name says"]
        return MediaDocument(source, sort, _HELD[self.name], warnings=doubt)


def _block(source: Source, number: int, label: str, text: str) -> Text:
    """Return a word as a block; names of fields that may be data stand in no address."""
    known = label.replace(" ", "").isalnum() and label.isascii() and not label.startswith("comment")
    path = f"media:{label.replace(' ', '.')}" if known else ""
    where = Location(source.shown, f"metadata {number}")
    return Text(where, text, label, kind="metadata", path=path, place="metadata")


register(
    MediaFormat(
        "picture",
        (".png", ".jpg", ".jpeg", ".jpe", ".gif", ".tif", ".tiff", ".bmp", ".webp", ".heic",
         ".heif", ".avif", ".ico", ".psd", ".jp2"),
        ("what is seen in a picture, faces and words alike",
         "thumbnails, colour profiles, notes of makers beyond their words"),
    )
)  # fmt: skip
register(
    MediaFormat(
        "recording",
        (".wav", ".mp3", ".flac", ".ogg", ".oga", ".opus", ".m4a", ".aif", ".aiff", ".amr", ".au"),
        ("what is heard in a recording", "covers and chapters"),
    )
)  # fmt: skip
register(
    MediaFormat(
        "video",
        (".mp4", ".m4v", ".mov", ".avi", ".mkv", ".webm", ".mpg", ".mpeg", ".wmv", ".flv", ".3gp"),
        ("what is seen and heard in a video", "subtitles, chapters, covers, metadata of WMV and FLV"),
    )
)  # fmt: skip

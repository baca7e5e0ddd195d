"""
Pictures, recordings and video: never called clean, never copied.

What is seen and heard in them cannot be assessed: a full face (Q), a voice (P). The words that lie
beside it (EXIF, IPTC, XMP, comments, ID3, tags) are searched, so that what they give away is known.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from phisweep.formats.base import (
    FormatDefaults,
    ReadOptions,
    register,
)
from phisweep.formats.picture.kinds import sort_of
from phisweep.formats.stream import raw_stream, read
from phisweep.model import Source

if TYPE_CHECKING:
    from phisweep.formats.picture.document import MediaDocument

HEAD = 1 << 16
_HELD = {
    "picture": "a picture cannot be assessed: full faces and the like (Q)",
    "recording": "a recording cannot be assessed: voice prints (P)",
    "video": "a video cannot be assessed: voice prints (P), full faces and the like (Q)",
}


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
        from phisweep.formats.picture.document import MediaDocument  # noqa: PLC0415 - where one is read

        stream = raw_stream(source)
        try:
            sort = sort_of(read(stream, 0, HEAD, source))
        finally:
            stream.close()
        doubt = [] if sort else ["it does not begin as its name says"]
        return MediaDocument(source, sort, _HELD[self.name], warnings=doubt)


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

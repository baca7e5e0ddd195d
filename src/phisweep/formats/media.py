"""
Pictures, recordings and video: never called clean.

What is seen and heard in them cannot be assessed: a full face (Q), a voice (P). The words that lie
beside it (EXIF, IPTC, XMP, comments, ID3, tags) are searched, so that what they give away is known.
They are held back; where a policy says that OCR is to look at pictures, one gets a copy without
anything beside its pixels, and with the words in them covered.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from phisweep.formats.base import (
    FormatDefaults,
    ReadOptions,
    register,
)
from phisweep.formats.picture.kinds import sort_of
from phisweep.formats.stream import raw_stream, read
from phisweep.model import Source
from phisweep.values import dataclass

if TYPE_CHECKING:
    from phisweep.formats.picture.document import MediaDocument

HEAD = 1 << 16
#: Kinds of pictures of which a copy can be written, as `picture.bare` does.
_COPIED = frozenset({"PNG", "JPEG", "GIF", "TIFF", "WebP", "BMP"})
_HELD = {
    "picture": "a picture cannot be assessed: full faces and the like (Q)",
    "recording": "a recording cannot be assessed: voice prints (P); give what is said as text",
    "video": "a video cannot be assessed: voice prints (P), full faces and the like (Q); give single"
    " pictures of it, and what is said as text",
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

    def open(self, source: Source, options: ReadOptions) -> MediaDocument:
        """Open the file. Raises DocumentError E201."""
        from phisweep.formats.picture.document import MediaDocument  # noqa: PLC0415 - where one is read

        stream = raw_stream(source)
        try:
            sort = sort_of(read(stream, 0, HEAD, source))
        finally:
            stream.close()
        doubt = [] if sort else ["it does not begin as its name says"]
        imaging = options.imaging
        held = _HELD[self.name]
        if sort is None or sort.format != "picture" or imaging.pixels == "hold":
            return MediaDocument(source, sort, held, warnings=doubt)
        if sort.name in _COPIED and imaging.pixels == "ocr":
            return MediaDocument(source, sort, held, imaging)
        return MediaDocument(source, sort, f"{held}; {_why_not(sort.name)}")


def _why_not(name: str) -> str:
    """Say why a picture is held although the policy lets pictures be changed."""
    if name in _COPIED:
        return "no recipe knows where its words stand: --pixels ocr looks for them"
    return f"{name} cannot be stripped exactly: save it as PNG"


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

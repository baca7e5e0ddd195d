"""Documents and pictures inside a document's values: base64, and the URLs that hold their data."""

from __future__ import annotations

import base64
import re
import urllib.parse
from collections.abc import Callable

from phisweep.errors import DocumentError
from phisweep.formats.embedded import decoded, embed, encoded
from phisweep.formats.richtext.held import Builder

#: A URL that holds its data: media type, parameters, the mark of base64, data.
DATA_URL = re.compile(
    r"data:(?P<type>[\w.+-]{1,60}/[\w.+-]{1,80})?(?P<params>(?:;[\w.-]{1,40}=[\w.\"-]{1,60}){0,4})"
    r"(?P<base64>;base64)?,(?P<data>(?(base64)[\w+/=%-]*(?:\s+[\w+/=%-]{20,})*|[^\s\"'()<>]*))",
    re.IGNORECASE | re.ASCII,
)
_TEXTUAL = re.compile(r"text/|application/(?:[\w.]+\+)?(?:json|xml|pdf|rtf)", re.IGNORECASE)
_SPACE = re.compile(r"\s")
_LONG = 200  # code points of base64 that nothing announces
_BASE64 = re.compile(r"[A-Za-z0-9+/]+={0,2}")
_LINE = 16  # code points of a line of base64 at least, the last one excepted
_MIXED = (re.compile("[A-Z]"), re.compile("[a-z]"), re.compile("[0-9]"))
#: Pictures of one clear pixel.
EMPTY = {
    "image/gif": "R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7",
    "image/png": (
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5E"
        "rkJggg=="
    ),
}


def is_hidden(text: str) -> bool:
    """Say whether a long value is base64, though nothing says so; letters of a genome are not."""
    return (
        len(text) >= _LONG
        and all(kind.search(text, 0, 2000) for kind in _MIXED)
        and _is_base64(text)
    )


def _is_base64(text: str) -> bool:
    """Say whether a text is lines of base64, whole or not."""
    lines = text.split()
    return (
        bool(lines)
        and all(len(line) >= _LINE for line in lines[:-1])
        and _BASE64.fullmatch("".join(lines)) is not None
    )


def add_base64(
    builder: Builder,
    address: str,
    start: int,
    end: int,
    *,
    media_type: str = "",
    owner: str = "",
) -> bool:
    """
    Add the document that stands as base64 at half-open code points, or that it is not assessed.

    False where it is no base64: it is a text then. What is wrong with it is kept for the end.
    """
    raw = builder.raw[start:end]
    data = decoded(raw)
    if data is None:
        if not _is_base64(raw):
            return False
        what = "base64 that cannot be decoded"
        builder.media(address, what, [(start, end, "")], letters="R", size=len(raw))
        return True
    _add(builder, address, data, (start, end), encoded, media_type=media_type, owner=owner)
    return True


def add_text(
    builder: Builder,
    address: str,
    text: str,
    span: tuple[int, int],
    wrap: Callable[[bytes], str],
    *,
    media_type: str,
    owner: str = "",
) -> bool:
    """Add the document that a text is; False where it cannot be read as that."""
    try:
        inner = embed(
            text.encode(),
            builder.source,
            builder.options,
            address,
            media_type=f"{media_type}; charset=utf-8",
            owner=owner,
        )
    except (DocumentError, UnicodeEncodeError):
        return False
    builder.inner(inner, *span, wrap)
    return True


def add_data_url(
    builder: Builder, address: str, match: re.Match[str], wrap: Callable[[str], str], owner: str
) -> None:
    """Add what a URL holds; the match is of the raw document. Pictures become one clear pixel."""
    kind = (match["type"] or "text/plain").lower()
    start, end = match.span("data")
    if match["base64"]:
        data = decoded_url(match["data"])
    else:
        data = urllib.parse.unquote_to_bytes(match["data"])

    def back(new: bytes) -> str:
        return wrap(encoded(new) if match["base64"] else urllib.parse.quote(new))

    if data is None or not _TEXTUAL.match(kind):
        if not match["base64"]:
            empty = [(start, end, "")]
        else:
            new = EMPTY.get(kind, EMPTY["image/gif"] if kind.startswith("image/") else "")
            empty = [(start, end, new)]
        what = f"picture, {kind}" if kind.startswith("image/") else f"attachment, {kind}"
        builder.media(address, what, empty, size=len(data or b""))
        return
    _add(builder, address, data, (start, end), back, media_type=kind + match["params"], owner=owner)


def decoded_url(text: str) -> bytes | None:
    """Return the bytes of the base64 of a URL, which may lack its padding; None where it is none."""
    packed = _SPACE.sub("", urllib.parse.unquote(text)).rstrip("=")
    try:
        return base64.b64decode(packed + "=" * (-len(packed) % 4), altchars=None, validate=True)
    except ValueError:
        return None


def _add(
    builder: Builder,
    address: str,
    data: bytes,
    span: tuple[int, int],
    wrap: Callable[[bytes], str],
    *,
    media_type: str,
    owner: str,
) -> None:
    try:
        inner = embed(
            data, builder.source, builder.options, address, media_type=media_type, owner=owner
        )
    except DocumentError as error:
        builder.errors.append(error)
        return
    builder.inner(inner, *span, wrap)

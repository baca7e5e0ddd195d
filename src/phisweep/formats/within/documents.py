"""Documents in strings: base64 and data: URLs, decoded, searched, and written again."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Sequence

from phisweep.errors import DocumentError
from phisweep.formats.embedded import Embedded, embed
from phisweep.formats.within.blank import blank
from phisweep.formats.within.view import Holder, Piece, View, carved, colourless
from phisweep.model import Location, Media

#: RFC 2397, as base64.
DATA_URL = re.compile(
    r"data:(?P<type>[A-Za-z]+/[A-Za-z0-9.+-]+)?(?:;[A-Za-z-]+=[^;,\s\"']*)*;base64,"
    r"(?P<data>[A-Za-z0-9+/=%\s]*[A-Za-z0-9+/=])?",
    re.IGNORECASE,
)
_SPACE = re.compile(r"\s+")
_SEEN = re.compile(r"(?:image|audio|video|font|model)/")
_RECORDINGS = ("audio/", "video/")


def unpacked(text: str) -> bytes | None:
    """Return the bytes of base64, however short, its padding forgotten or not; None for none."""
    packed = _SPACE.sub("", text)
    altchars = b"-_" if "-" in packed or "_" in packed else None
    try:
        return base64.b64decode(packed + "=" * (-len(packed) % 4), altchars, validate=True)
    except (binascii.Error, ValueError):
        return None


def document(
    data: bytes | None,
    holder: Holder,
    step: str,
    media_type: str,
    *,
    name: str = "",
    size: int = 0,
) -> Embedded:
    """
    Return a document of a string, opened; what cannot be assessed, or read whole, is a Media.

    `data` None is base64 that is none, of `size` characters.
    """
    address = f"{holder.address}/{step}" if step else holder.address
    kind = media_type.partition(";")[0].strip().lower()
    if data is None:
        return _media(address, holder, "what is not base64 where base64 has to stand", kind, size)
    if _SEEN.match(kind) and not kind.startswith("image/svg"):
        what = "recording" if kind.startswith(_RECORDINGS) else "picture"
        return _media(address, holder, f"{what}, {_shown(kind)}", kind, len(data))
    try:
        inner = embed(
            data,
            holder.source,
            holder.options,
            address,
            media_type=media_type,
            name=name,
            owner=holder.owner,
        )
    except DocumentError as error:
        what = f"attachment, {_shown(kind)}, which cannot be read ({error.code})"
        return _media(address, holder, what, kind, len(data))
    inner.emptied = inner.emptied or blank(kind, data)
    return inner


def plain_view(string: str, holder: Holder, pieces: Sequence[Piece] = ()) -> View:
    """
    Return the view of a text that is read as it is written, but for documents in `data:` URLs.

    `pieces` are what is read of it, where that is not all.
    """
    view = View(string)
    seen = data_urls(view, holder)
    view.add(holder.text(), carved(pieces or colourless(string), seen))
    return view


def data_urls(
    view: View, holder: Holder, out: Sequence[tuple[int, int]] = ()
) -> list[tuple[int, int]]:
    """
    Put the documents of a string's data: URLs into its view, and return their spans.

    `out` are spans that are something else.
    """
    spans: list[tuple[int, int]] = []
    if "base64," not in view.string:
        return spans
    for number, match in enumerate(DATA_URL.finditer(view.string), 1):
        start, end = match.start("data"), match.end()
        if start < 0 or any(begin <= start < stop for begin, stop in out):
            continue
        raw = match["data"]
        data = unpacked(raw.replace("%2B", "+").replace("%2F", "/").replace("%3D", "="))
        kind = (match["type"] or "text/plain").lower()
        inner = document(data, holder, f"data/{number}", kind, size=len(raw))
        view.put(start, end, inner)
        spans.append((start, end))
    return spans


def _media(address: str, holder: Holder, what: str, kind: str, size: int) -> Embedded:
    place = Location(holder.source.shown, address)
    return Embedded([Media(place, what, size=size)], emptied=blank(kind, b""))


def _shown(kind: str) -> str:
    """Return a media type for the report; what is none may be data."""
    known = re.fullmatch(
        r"(?:image|audio|video|font|model|text|application)/"
        r"(?:[a-z]{2,8}\d?|x-[a-z]{2,6}|(?:svg|xhtml|fhir|hl7-v3)\+(?:xml|json)|octet-stream"
        r"|vnd\.(?:openxmlformats|ms|oasis)[a-z.-]{1,70})",
        kind,
    )
    return kind if known else "of a kind that is not known"

"""Documents in fields of HL7 v2: encapsulated data (ED), and base64 wherever it stands."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from phisweep.formats.base import Block, ReadOptions
from phisweep.formats.embedded import Embedded, embed
from phisweep.formats.encoding import magic
from phisweep.model import Edit, Location, Media, Source, Text

#: Tables 0191 and 0834: kinds of data by their old codes.
_TYPES = {"ap": "application", "au": "audio", "ft": "text", "im": "image", "ns": "application"}
_SUBTYPES = {
    "word": "msword",
    "text": "plain",
    "txt": "plain",
    "octet-stream": "octet-stream",
    "x-hl7-cda-level-one": "xml",
}
_LETTERS = {"image": "Q", "video": "Q", "audio": "P"}
_LONG = re.compile(r"[A-Za-z0-9+/=\s]{256,}")
_HEX = re.compile(r"(?:[0-9A-Fa-f]{2})*")
_SPACE = re.compile(r"\s+")
_DATA = 5  # the component of ED that holds the data


@dataclass(frozen=True, slots=True)
class Attachment:
    """A document that stands at half-open code points of the raw text, and how it is packed."""

    start: int
    end: int
    hexadecimal: bool
    inner: Embedded = field(repr=False)

    def changes(self, edits: Mapping[str, Sequence[Edit]]) -> list[tuple[int, int, str]]:
        """Return what replaces it, nothing where nothing in it changed."""
        data = self.inner.write(edits)
        if data is None:
            return []
        packed = data.hex().upper() if self.hexadecimal else base64.b64encode(data).decode("ascii")
        return [(self.start, self.end, packed)]


def packing(told: Sequence[str], component: int) -> str:
    """Return "base64" or "hex" where the component of a field is data that are packed so."""
    if component != _DATA or len(told) < _DATA:
        return ""
    said = told[3].strip().lower()
    return said if said in ("base64", "hex") else ""


def looks_packed(text: str) -> bool:
    """Say whether a value is base64 of a known kind of file though nothing says so."""
    if not _LONG.fullmatch(text):
        return False
    data = _unpacked(text[:256], "base64")
    return data is not None and (bool(magic(data)) or data.startswith(b"<"))


def open_packed(
    text: str,
    how: str,
    told: Sequence[str],
    *,
    source: Source,
    options: ReadOptions,
    address: str,
    owner: str,
) -> Embedded:
    """
    Open packed data as the document that it is; what cannot be unpacked is Media.

    Raises DocumentError where the document in it cannot be read whole.
    """
    media_type = _media_type(told)
    data = _unpacked(text, how)
    if data is None:
        what = f"an attachment that is not {how}"
        return Embedded([Media(Location(source.shown, f"{address}!"), what, size=len(text))])
    inner = embed(data, source, options, address, media_type=media_type, owner=owner)
    kind = media_type.partition("/")[0]
    inner.blocks = [_placed(block, _LETTERS.get(kind, "Q")) for block in inner.blocks]
    return inner


def _placed(block: Block, letters: str) -> Block:
    if isinstance(block, Media):
        return replace(block, letters=block.letters if block.letters != "Q" else letters)
    if isinstance(block, Text):
        return replace(block, place=block.place or "OBX-5 (document)")
    return block


def _media_type(told: Sequence[str]) -> str:
    if len(told) < _DATA:
        return ""
    kind, subtype = (part.strip().lower() for part in told[1:3])
    kind = _TYPES.get(kind, kind)
    subtype = _SUBTYPES.get(subtype, subtype)
    if subtype == "octet-stream" or not subtype:
        return ""
    if subtype in ("pdf", "msword", "rtf", "xml", "json", "hl7-v3+xml"):
        kind = "application"
    elif subtype in ("html", "plain"):
        kind = "text"
    return f"{kind}/{subtype}"


def _unpacked(text: str, how: str) -> bytes | None:
    bare = _SPACE.sub("", text)
    if how == "hex":
        return bytes.fromhex(bare) if _HEX.fullmatch(bare) else None
    try:
        return base64.b64decode(bare, validate=True)
    except (binascii.Error, ValueError):
        return None

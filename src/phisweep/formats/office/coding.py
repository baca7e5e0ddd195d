"""A part of XML in UTF-8, whatever its own code is, and back."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass, field

from phisweep.formats.base import failed
from phisweep.model import Source

_DECLARED = re.compile(r"""^(<\?xml[^>]*?encoding\s*=\s*["'])([A-Za-z0-9._-]+)(["'])""")
_SAME = frozenset({"utf-8", "utf8", "us-ascii", "ascii"})
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


@dataclass(frozen=True, slots=True)
class Coded:
    """A part as UTF-8 without byte order mark, and what its own code and mark are."""

    data: bytes = field(repr=False)
    codec: str = "utf-8"
    mark: bytes = b""

    def back(self, data: bytes) -> bytes:
        """Return the part in its own code again; what that cannot hold is a reference."""
        if self.codec == "utf-8":
            return self.mark + data
        return self.mark + data.decode().encode(self.codec, "xmlcharrefreplace")


def coded(data: bytes, source: Source) -> Coded:
    """Return a part of XML as UTF-8. Raises DocumentError E203 (its code), E210 (a DTD)."""
    mark, codec = next(((m, c) for m, c in _MARKS if data.startswith(m)), (b"", ""))
    if not codec:
        codec = "utf-16-le" if data[:2] == b"<\0" else "utf-16-be" if data[:2] == b"\0<" else ""
    try:
        if not codec:
            said = _DECLARED.match(data[:200].decode("latin-1"))
            codec = said[2].lower() if said and said[2].lower() not in _SAME else "utf-8"
        data = data[len(mark) :]
        data = data if codec == "utf-8" else data.decode(codec).encode()
        data.decode()
    except (UnicodeError, LookupError):
        raise failed("E203", source, "a part is not in the code that it names") from None
    if b"<!DOCTYPE" in data[:4096]:
        raise failed("E210", source, "a part declares a type of document, which none may")
    return Coded(data, codec, mark)

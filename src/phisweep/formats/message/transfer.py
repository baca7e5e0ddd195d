"""How a part is coded for its way: base64, quoted-printable, or as it is."""

from __future__ import annotations

import base64
import binascii
import codecs
import re

_SPACE = re.compile(rb"\s+")
_PLAIN = ("", "7bit", "8bit", "binary")
_LINE = 57  # bytes in a line of 76 characters of base64
_QP_BREAK = re.compile(rb"=[ \t]*(?:\r?\n|\Z)")
_QP_WRONG = re.compile(rb"=(?![0-9A-Fa-f]{2}|[ \t]*(?:\r?\n|\Z))")


def decoded(data: bytes, how: str) -> bytes | None:
    """Return the bytes that are coded, None where they are not in the code that is told."""
    if how in _PLAIN:
        return data
    if how == "base64":
        try:
            return base64.b64decode(_SPACE.sub(b"", data), validate=True)
        except (binascii.Error, ValueError):
            return None
    if how == "quoted-printable":
        return None if _QP_WRONG.search(data) else binascii.a2b_qp(data)
    return None


def encoded(data: bytes, how: str, old: bytes, *, text: bool) -> bytes:
    """Return bytes coded as the old ones are, with their line ends; `text`: with lines of their own."""
    end = b"\r\n" if b"\r\n" in old else b"\n"
    if how == "base64":
        lines = [base64.b64encode(data[i : i + _LINE]) for i in range(0, len(data), _LINE)]
        return end.join(lines) + (end if old.endswith(b"\n") and lines else b"")
    if how == "quoted-printable":
        return binascii.b2a_qp(data, istext=text)
    return data


def charset(name: str, data: bytes) -> str:
    """Return the codec of a text, "" where none is told, or the told one cannot be it."""
    try:
        codec = codecs.lookup(name.strip().strip("\"'")).name
        if codec in ("ascii", "utf-8") or data.decode(codec).encode(codec) != data:
            return ""
    except (LookupError, UnicodeError, ValueError, AttributeError, TypeError):
        return ""
    return codec

"""Character sets of DICOM (PS3.5 6.1): bytes -> text and back, as `(0008,0005)` says."""

from __future__ import annotations

import re
import warnings
from dataclasses import dataclass, field
from functools import lru_cache

UTF_8 = "ISO_IR 192"
_DELIMITERS = re.compile(r"([\\\r\n\f\t^=])")
_ESCAPE = 0x1B
_KATAKANA = "ISO_IR 13"
_LATIN_9 = "ISO_IR 203"  # of 2024, and not known to pydicom 3.0


@dataclass(frozen=True, slots=True)
class Charset:
    """What a data set declares: `names` as written, `codecs` as Python calls them."""

    names: tuple[str, ...]
    codecs: tuple[str, ...] = field(repr=False)

    def decode(self, raw: bytes) -> tuple[str, bool]:
        """
        Return the text of bytes, and whether they are what the data set declares.

        What is not is read as UTF-8, else byte for byte; no byte is left out of what is searched.
        """
        if raw.isascii() and _ESCAPE not in raw:
            return raw.decode("ascii"), True
        if not any(self.names):  # nothing is declared: bytes above ASCII are of somebody's own code
            return _anyhow(raw), False
        try:
            shifts = _ESCAPE in raw
            text = _shifted(raw, self.codecs) if shifts else raw.decode(self.codecs[0])
        except (UnicodeError, LookupError):
            return _anyhow(raw), False
        if "\ufffd" in text:
            return _anyhow(raw), False
        return text, True

    def encode(self, text: str) -> bytes | None:
        """Return a text as bytes that `decode` reads as the same; None where they hold it not."""
        if text.isascii():
            return text.encode("ascii")
        if not any(self.names):
            return None
        if self.names == (UTF_8,) or len(self.codecs) == 1:
            try:
                raw = text.encode(self.codecs[0])
            except UnicodeError:
                return None
            if _KATAKANA in self.names and len(raw) != len(text):
                return None
        else:
            raw = b"".join(_escaped(part, self.codecs) for part in _DELIMITERS.split(text))
        return raw if self.decode(raw) == (text, True) else None


@lru_cache(maxsize=256)
def charset(declared: str) -> Charset:
    """Return the character set that the value of `(0008,0005)` names."""
    from pydicom.charset import convert_encodings, python_encoding  # noqa: PLC0415 - as elsewhere

    names = tuple(name.strip() for name in declared.split("\\"))
    if names == (_LATIN_9,):
        return Charset(names, ("iso8859-15",))
    if not all(name in python_encoding for name in names):
        names = ("",)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        codecs = tuple(convert_encodings(list(names)))
    if set(names) <= {"", "ISO_IR 6", "ISO 2022 IR 6"}:
        names = ("",)
    return Charset(names, codecs)


def _anyhow(raw: bytes) -> str:
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw.decode("latin-1")


def _shifted(raw: bytes, codecs: tuple[str, ...]) -> str:
    from pydicom.charset import decode_bytes  # noqa: PLC0415 - where DICOM is read

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            return str(decode_bytes(raw, list(codecs), {*"\\\r\n\f\t^="}))
        except UserWarning:
            raise UnicodeError from None


def _escaped(part: str, codecs: tuple[str, ...]) -> bytes:
    """Return a part between delimiters, behind which every shift is forgotten."""
    from pydicom.charset import encode_string  # noqa: PLC0415 - as above

    if part.isascii():
        return part.encode("ascii")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return bytes(encode_string(part, list(codecs)))

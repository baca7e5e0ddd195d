"""
Tables of SAS, Stata, SPSS and R, whose copies with changes are Parquet.

No library writes these formats as their programs do, so that a copy in which something was changed
is a Parquet file: `visits.sav.parquet`, with the labels, formats, notes and coded values of the
source as its metadata. A file without findings is copied as it is.
"""

from __future__ import annotations

import bz2
import lzma
import zlib
from typing import TYPE_CHECKING, ClassVar

from phisweep.formats.base import FormatDefaults, ReadOptions, register
from phisweep.model import Source
from phisweep.values import dataclass

if TYPE_CHECKING:
    from phisweep.formats.typed.document import TypedDocument

#: How the kinds begin; of SPSS portable files the sign stands further behind.
_BEGINS = {
    bytes(12) + bytes.fromhex("c2ea8160b31411cfbd92080009c7318c181f1011"): "sas7bdat",
    b"HEADER RECORD*******LIBRARY HEADER RECORD!!!!!!!": "xport",
    b"HEADER RECORD*******LIBV8   HEADER RECORD!!!!!!!": "xport",
    b"$FL2": "sav",
    b"$FL3": "sav",
    b"<stata_dta>": "dta",
    b"RDX2\nX\n": "r",
    b"RDX3\nX\n": "r",
    b"X\n\0\0\0\2\0": "r",
    b"X\n\0\0\0\3\0": "r",
}
_PORTABLE, _PORTABLE_AT = b"SPSSPORT", slice(455, 490)
_OLD_STATA = frozenset({108, 110, 111, 113, 114, 115})
_SUFFIXES = {
    ".sas7bdat": "sas7bdat",
    ".xpt": "xport",
    ".dta": "dta",
    ".sav": "sav",
    ".zsav": "sav",
    ".por": "por",
    ".rds": "r",
    ".rda": "r",
    ".rdata": "r",
}
UNREAD = (
    (
        "characteristics of Stata, deleted rows and catalogs of SAS: "
        "their libraries do not give them, and a copy without changes keeps them"
    ),
)


@dataclass(slots=True)
class Stats(FormatDefaults):
    """Tables of SAS, Stata, SPSS and R."""

    name: str = "stats"
    suffixes: tuple[str, ...] = tuple(_SUFFIXES)
    unread: tuple[str, ...] = UNREAD
    structured: bool = True
    extra: ClassVar[str] = "stats"
    needs: ClassVar[tuple[str, ...]] = ("pyreadstat",)
    copied_as: ClassVar[str] = ".parquet"

    def certain(self, head: bytes, source: Source) -> bool:  # noqa: ARG002 - the contract's
        """Say whether it begins as one of the kinds."""
        return bool(kind_of_head(head))

    def open(self, source: Source, options: ReadOptions) -> TypedDocument:
        """Open the file. Raises DocumentError E201, E203, E211, E220, E224 to E226."""
        from phisweep.formats.stream import raw_stream, read  # noqa: PLC0415
        from phisweep.formats.typed.document import TypedDocument  # noqa: PLC0415 - Arrow, 0.1 s
        from phisweep.formats.typed.rfiles import r_tables  # noqa: PLC0415
        from phisweep.formats.typed.statfiles import stat_table  # noqa: PLC0415
        from phisweep.formats.typed.table import TypedTable  # noqa: PLC0415

        with raw_stream(source) as stream:
            kind = kind_of_head(read(stream, 0, 1 << 16, source))
        kind = kind or _SUFFIXES.get(source.name.lower()[source.name.rfind(".") :], "")
        if kind == "r":
            found = r_tables(source, options)
            names = [each.name if len(found) > 1 else "" for each in found]
            tables = [
                TypedTable(source, options, each, name)
                for each, name in zip(found, names, strict=True)
            ]
        else:
            tables = [TypedTable(source, options, stat_table(source, options, kind))]
        columns = len(tables[0].reader.schema) if len(tables) == 1 else None
        return TypedDocument(tables, fidelity="copy", columns=columns)


def kind_of_head(head: bytes) -> str:
    """Return which of the kinds it is beyond doubt, "" where none."""
    for begin, kind in _BEGINS.items():
        if head.startswith(begin):
            return kind
    if _PORTABLE in head[_PORTABLE_AT]:
        return "por"
    if len(head) > 4 and head[0] in _OLD_STATA and head[1] in (1, 2) and head[2:4] == b"\1\0":  # noqa: PLR2004
        return "dta"
    inner = _unpacked(head)
    packed = (kind for begin, kind in _BEGINS.items() if kind == "r" and inner.startswith(begin))
    return next(packed, "")


def _unpacked(head: bytes) -> bytes:
    """Return the first bytes of what gzip, bzip2 or xz packed, b"" where they did not."""
    try:
        if head.startswith(b"\x1f\x8b"):
            return zlib.decompressobj(31).decompress(head, 16)
        if head.startswith(b"BZh"):
            return bz2.BZ2Decompressor().decompress(head, 16)
        if head.startswith(b"\xfd7zXZ"):
            return lzma.LZMADecompressor().decompress(head, 16)
    except (zlib.error, OSError, EOFError, lzma.LZMAError, ValueError):
        return b""
    return b""


register(Stats())

"""
Workbooks that are read by python-calamine: .xls, .xlsb, .ods; a copy is an .xlsx of what their cells show.

Only cells are read. So that nothing else of the source comes into a copy, a copy is always written
anew: comments, formulas, charts, styles and properties are not in it.
"""

from __future__ import annotations

from contextlib import closing

from phisweep.formats.base import Document, FormatDefaults, ReadOptions, register
from phisweep.formats.excel import encrypted, locked
from phisweep.formats.signs import COMPOUND, looks_like_zip
from phisweep.formats.stream import raw_stream
from phisweep.model import Source
from phisweep.values import dataclass

_ODS = b"application/vnd.oasis.opendocument.spreadsheet"
_NOT = "comments, formulas, headers and footers, charts, pictures, properties, macros"
_UNREAD = (f"all but the cells: {_NOT}; no copy holds them",)
_MANIFEST = "META-INF/manifest.xml"
_LARGEST = 1 << 20  # bytes of a type or list of members that is looked at


@dataclass(slots=True)
class Legacy(FormatDefaults):
    """What the workbooks that calamine reads have in common."""

    name: str
    suffixes: tuple[str, ...]
    structured: bool = True
    unread: tuple[str, ...] = _UNREAD
    extra = "excel"
    needs = ("python_calamine", "xlsxwriter")
    copied_as = ".xlsx"

    def open(self, source: Source, options: ReadOptions) -> Document:
        """Open the workbook. Raises DocumentError."""
        if encrypted(source) or self.locked(source):
            raise locked(source)
        from phisweep.formats.workbook.legacy import open_legacy  # noqa: PLC0415 - numpy, pyarrow

        return open_legacy(source, options)

    def locked(self, source: Source) -> bool:  # noqa: ARG002 - for those of its kind
        """Say whether it wants a password."""
        return False


@dataclass(slots=True)
class Xls(Legacy):
    """The workbooks of Excel 97 to 2003."""

    name: str = "xls"
    suffixes: tuple[str, ...] = (".xls",)

    def certain(self, head: bytes, source: Source) -> bool:
        """Say whether it is a compound file with a workbook in it."""
        if not head.startswith(COMPOUND):
            return False
        from phisweep.formats.workbook.compound import streams_of  # noqa: PLC0415 - for few files

        return not {"Workbook", "Book"}.isdisjoint(streams_of(source))

    def locked(self, source: Source) -> bool:
        """Say whether it wants a password."""
        from phisweep.formats.workbook.compound import (  # noqa: PLC0415 - for few files
            has_password,
            streams_of,
        )

        return any(has_password(streams_of(source).get(name, b"")) for name in ("Workbook", "Book"))


@dataclass(slots=True)
class Xlsb(Legacy):
    """Workbooks of binary parts."""

    name: str = "xlsb"
    suffixes: tuple[str, ...] = (".xlsb",)

    def certain(self, head: bytes, source: Source) -> bool:
        """Say whether it is a package with a binary workbook."""
        if head.startswith(COMPOUND):
            return source.name.lower().endswith(self.suffixes) and encrypted(source)
        return looks_like_zip(head) and "xl/workbook.bin" in _members(source)


@dataclass(slots=True)
class Ods(Legacy):
    """Spreadsheets of the OpenDocument kind."""

    name: str = "ods"
    suffixes: tuple[str, ...] = (".ods",)

    def certain(self, head: bytes, source: Source) -> bool:
        """Say whether it is a package that says that it is a spreadsheet."""
        return looks_like_zip(head) and _members(source).get("mimetype", b"").startswith(_ODS)

    def locked(self, source: Source) -> bool:
        """Say whether it wants a password."""
        return b"encryption-data" in _members(source).get(_MANIFEST.lower(), b"")


def _members(source: Source) -> dict[str, bytes]:
    """Return the members of a package, of its type the bytes; none where it cannot be read."""
    import zipfile  # noqa: PLC0415 - for few files

    try:
        with closing(raw_stream(source)) as stream, zipfile.ZipFile(stream) as file:
            members = dict.fromkeys(map(str.lower, file.namelist()), b"")
            for name in ("mimetype", _MANIFEST):
                if name.lower() in members and file.getinfo(name).file_size < _LARGEST:
                    members[name.lower()] = file.read(name)
    except Exception:  # noqa: BLE001 - what cannot be read is none, whatever is wrong with it
        return {}
    return members


for _format in (Xls(), Xlsb(), Ods()):
    register(_format)

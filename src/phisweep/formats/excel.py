"""
Workbooks of the Office Open XML kind: .xlsx, .xlsm, .xltx, .xltm.

A sheet is a table of columns, with what each cell shows as its text: dates as ISO, numbers as they
would be typed. All other parts of the package are searched as texts. A copy is the package with its
parts spliced: a changed cell is a text of its own, or a number where its kind can show it; what
holds cells again - caches of charts, pivot tables, other workbooks - goes where a cell changed.
"""

from __future__ import annotations

from contextlib import closing

from phisweep.errors import DocumentError
from phisweep.formats.base import Document, FormatDefaults, ReadOptions, failed, register
from phisweep.formats.signs import COMPOUND, looks_like_zip
from phisweep.formats.stream import raw_stream, read
from phisweep.model import Source
from phisweep.values import dataclass

SUFFIXES = (".xlsx", ".xlsm", ".xltx", ".xltm")
_MAIN = (b"spreadsheetml.sheet.main+xml", b"ms-excel.sheet.macroEnabled.main+xml", b"spreadsheetml.template.main+xml", b"ms-excel.template.macroEnabled.main+xml")  # fmt: skip
_LARGEST_TYPES = 1 << 20  # bytes of the list of types that is looked at


@dataclass(slots=True)
class Excel(FormatDefaults):
    """A workbook of XML parts."""

    name: str = "xlsx"
    suffixes: tuple[str, ...] = SUFFIXES
    unread: tuple[str, ...] = (
        "workbooks: macros, printer settings, ActiveX controls and embedded objects; no copy holds them",
        "workbooks: names of themes, fonts, colours and other words of layout, names of elements in custom XML",
        "workbooks: what a formula without a stored value would show",
    )
    structured: bool = True

    def certain(self, head: bytes, source: Source) -> bool:
        """Say whether it is a package with a workbook, or an encrypted one under such a name."""
        if head.startswith(COMPOUND):
            return source.name.lower().endswith(SUFFIXES) and encrypted(source)
        return looks_like_zip(head) and is_workbook(source)

    def open(self, source: Source, options: ReadOptions) -> Document:
        """Open the workbook. Raises DocumentError."""
        with closing(raw_stream(source)) as stream:
            head = read(stream, 0, 8, source)
        if head.startswith(COMPOUND):
            if encrypted(source):
                raise locked(source)
            raise failed(
                "E229", source, "it is no workbook of this kind", "Give it its own suffix."
            )
        from phisweep.formats.workbook.document import open_workbook  # noqa: PLC0415 - numpy, pyarrow

        return open_workbook(source, options)


def encrypted(source: Source) -> bool:
    """Say whether a compound file holds an encrypted package."""
    from phisweep.formats.workbook.compound import streams_of  # noqa: PLC0415 - for few files

    return "EncryptedPackage" in streams_of(source)


def locked(source: Source) -> DocumentError:
    """Return the error for a workbook with a password."""
    return failed(
        "E227",
        source,
        "the workbook is protected by a password",
        "Save it without one, and try again.",
    )


def is_workbook(source: Source) -> bool:
    """Say whether a zip file is a package whose main part is a workbook of XML."""
    import zipfile  # noqa: PLC0415 - for few files

    try:
        with closing(raw_stream(source)) as stream, zipfile.ZipFile(stream) as file:
            names = {name.lower(): name for name in file.namelist()}
            if "xl/workbook.xml" in names:
                return True
            types = names.get("[content_types].xml")
            if types is None or file.getinfo(types).file_size > _LARGEST_TYPES:
                return False
            data = file.read(types)
    except Exception:  # noqa: BLE001 - what cannot be read is none, whatever is wrong with it
        return False
    return any(kind in data for kind in _MAIN)


register(Excel())

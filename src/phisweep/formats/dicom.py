"""
DICOM files: read element by element on every level, and written by the profile of PS3.15 annex E.

Part 10 files and naked data sets, in every transfer syntax; what the pixels hold is judged, and
cleaned or held back, by `imaging.pixels`. Every text is a block of its own; what becomes of an
element is for the profile to say, under the options of the policy, and within that for the policy.

Addresses: `(0010,0010) PatientName.family name`, in sequences `(0040,0275)[1].(0040,0007)
ScheduledProcedureStepDescription`; `private elements` for what is removed of them.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal

from phisweep.formats.base import FormatDefaults, ReadOptions, register
from phisweep.model import Source
from phisweep.values import dataclass

if TYPE_CHECKING:
    from phisweep.formats.imaging.document import DicomDocument
    from phisweep.formats.imaging.json_model import JsonDocument

UNREAD = (
    "what is seen in pixels that are taken for free of words by their header",
    "numbers, and bytes of measurements, in elements that are no text",
    "codes of code systems, where they look like ones",
    "private elements that are binary: they are removed",
)
_PREAMBLE = 128
_JSON = re.compile(
    rb'(?:\xef\xbb\xbf)?\s*(?:\[\s*)?\{\s*"[0-9A-Fa-f]{8}"\s*:\s*\{\s*'
    rb'"(?:vr|Value|InlineBinary|BulkDataURI)"\s*:'
)
_ENOUGH, _FEWEST = 4, 3  # elements of the first groups by which a naked data set is known
_LONGEST = 1 << 12  # bytes of one of them
_FIRST = (b"\x08\0", b"\0\x08", b"\2\0")  # group 0008 in both orders, group 0002
_GROUPS = (2, 8)


@dataclass(slots=True)
class Dicom(FormatDefaults):
    """Pictures of medicine, with the tags that say whose they are."""

    extra = "dicom"
    needs = ("pydicom",)

    name: str = "dicom"
    suffixes: tuple[str, ...] = (".dcm", ".dicom")
    unread: tuple[str, ...] = UNREAD
    structured: bool = True

    def certain(self, head: bytes, source: Source) -> bool:  # noqa: ARG002 - the contract's
        """Say whether it begins as a file or data set of DICOM does."""
        return begins(head)

    def open(self, source: Source, options: ReadOptions) -> DicomDocument:
        """Open the file. Raises DocumentError E201, E209, E211, E218, E220, E235, E236."""
        from phisweep.formats.extras import needed  # noqa: PLC0415 - where one is read
        from phisweep.formats.imaging.opening import document  # noqa: PLC0415

        needed("pydicom", self.extra, source)
        return document(source, options)


def begins(head: bytes) -> bool:
    """Say whether bytes begin as DICOM: DICM behind a preamble, or the elements of a data set."""
    return head[_PREAMBLE : _PREAMBLE + 4] == b"DICM" or _naked(head)


def _naked(head: bytes) -> bool:
    """Say whether a data set begins here, by its first elements: in order, and none too long."""
    at, last, seen = 0, -1, 0
    if head[:2] not in _FIRST:
        return False
    order: Literal["little", "big"] = "little" if head[0] else "big"
    while seen < _ENOUGH and at + 8 <= len(head):
        group, number = (int.from_bytes(head[i : i + 2], order) for i in (at, at + 2))
        tag = group << 16 | number
        length = int.from_bytes(head[at + 4 : at + 8], order)
        if head[at + 4 : at + 6].isalpha():
            length = int.from_bytes(head[at + 6 : at + 8], order)
        if tag <= last:
            return False
        if group not in _GROUPS or length > _LONGEST:
            break
        last, seen, at = tag, seen + 1, at + 8 + length
    return seen >= _FEWEST


@dataclass(slots=True)
class DicomJson(FormatDefaults):
    """Data sets of DICOM as JSON, PS3.18 annex F."""

    extra = "dicom"
    needs = ("pydicom",)

    name: str = "dicom-json"
    suffixes: tuple[str, ...] = ()
    unread: tuple[str, ...] = UNREAD
    structured: bool = True

    def certain(self, head: bytes, source: Source) -> bool:  # noqa: ARG002 - the contract's
        """Say whether it begins with a tag and what stands under it."""
        return _JSON.match(head) is not None

    def open(self, source: Source, options: ReadOptions) -> JsonDocument:
        """Open the document. Raises DocumentError E201, E203, E209, E210, E211, E220, E236."""
        from phisweep.formats.extras import needed  # noqa: PLC0415 - where one is read
        from phisweep.formats.imaging.json_model import JsonDocument  # noqa: PLC0415

        needed("pydicom", self.extra, source)
        return JsonDocument(source, options)


register(Dicom())
register(DicomJson())

"""
X12: interchanges of claims, remittances, eligibility, enrolment; searched element by element.

The separators are those of each interchange's ISA, and segments may stand on lines or not. Every
element of every segment is searched, and what stands outside of interchanges as text. X12 has no
escapes: where a replacement holds a separator, a blank stands for it. The elements of ISA keep
their width, so that the next reader finds the separators.

Addresses: `transaction 1, segment 8, NM1-03` (segments count from ST, as in SE01), `interchange 1,
ISA-06`, `HI-01[2].1` (repetition and component). In paths the code that an element is told by stands
in brackets: NM1[IL]-03, NM1[PR.org]-03, NM1[85]-09[XX], REF[SY]-02, DTP[472]-03[D8], PER[IC]-04[TE].
"""

from __future__ import annotations

import codecs
import re
from typing import TYPE_CHECKING

from phisweep.formats.base import FormatDefaults, ReadOptions, register
from phisweep.formats.stream import opened
from phisweep.model import Source
from phisweep.values import dataclass

if TYPE_CHECKING:
    from phisweep.formats.edi.document import X12Document
_BEFORE = re.compile(r"[\s\ufeff]*")


@dataclass(slots=True)
class X12(FormatDefaults):
    """X12 interchanges."""

    name: str = "x12"
    suffixes: tuple[str, ...] = (
        *(".x12", ".edi", ".837", ".835", ".834", ".820"),
        *(".270", ".271", ".276", ".277", ".278"),
    )
    unread: tuple[str, ...] = ("what is packed in binary segments (BIN, BDS)",)
    structured: bool = True

    def certain(self, head: bytes, source: Source) -> bool:  # noqa: ARG002 - the contract's
        """Say whether it begins with an ISA that names its separators."""
        text = head[:1024].removeprefix(codecs.BOM_UTF8).decode("latin-1")
        before = _BEFORE.match(text)
        start = before.end() if before else 0
        if not text.startswith("ISA", start):
            return False
        from phisweep.formats.edi.separators import separators  # noqa: PLC0415 - for few files

        found = separators(text, start)
        return found is not None and found[1]

    def open(self, source: Source, options: ReadOptions) -> X12Document:
        """Open the interchanges. Raises DocumentError E201, E203, E204."""
        from phisweep.formats.edi.document import X12Document  # noqa: PLC0415 - where one is read

        return X12Document(opened(source, options))


register(X12())

"""What holds for every element of a tag in one place, and values in which nobody is named."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

from phisweep.formats.imaging.dictionary import keyword_of, written
from phisweep.formats.imaging.elements import DECLARED, TEXTS, DataSet, Element
from phisweep.formats.imaging.fates import ENCAPSULATED
from phisweep.formats.imaging.profile import Action
from phisweep.model import Kind

if TYPE_CHECKING:
    from phisweep.formats.imaging.pieces import Parsed

MEDIA_TYPE = 0x00420012
_PADDING, _OPAQUE = 0xFFFCFFFC, ("OB", "OW", "UN")
_CODE, _SYSTEM = 0x00080100, 0x00080102
#: Elements that may say nothing by what stands beside them.
SPECIAL = (_CODE, MEDIA_TYPE)
#: Systems of codes that everybody knows (PS3.16 chapter 8).
_SYSTEMS = frozenset(
    (
        "99SDM", "BI", "C4", "CD2", "DCM", "FMA", "I9C", "I10", "I10P", "IBSI", "ITIS_TSN", "LN", "MDC",
        "MSH", "NCIt", "NEU", "NICIP", "NYUMCCG", "PATHLEX", "POS", "PUBCHEM_CID", "RADELEMENT",
        "RADLEX", "RFC5646", "SCT", "SNM3", "SRT", "UBERON", "UCUM", "UMLS", "UNS",
    )
)  # fmt: skip
_CODED = re.compile(r"[A-Za-z]{0,4}-?[0-9A-Za-z]{1,12}(?:[.-][0-9]{1,4})?|[0-9]{6,18}")
_TYPE = re.compile(r"(?:application|image|model|text|video)/[a-z0-9.+-]{2,40}")
#: Of a directory and of a document in a data set: what the copy tells of itself.
_WRITTEN = (0x00041500, 0x00420015)
_ONE = rb" *(?:[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?)? *"
_NUMERIC = re.compile(_ONE + rb"(?:\\" + _ONE + rb")*\0?")
_HOUR = rb"\d{2}(?::?\d{2}(?::?\d{2}(?:\.\d{1,6})?)?)?"
_CLOCK = re.compile(_HOUR + rb"[ \0]?")
_DAY = rb"(?:\d{4}[.]?(?:0\d|1[0-2])[.]?[0-3]\d)?"
_STAMP = rb"(?:\d{4,14}(?:[.]\d{1,6})?(?:[+-]\d{4})?)?"
#: What a value looks like that an option keeps: of other looks it may be what somebody typed.
_KEPT = {
    vr: re.compile(rb" *" + one + rb" *(?:\\ *" + one + rb" *)*\0?")
    for vr, one in (
        ("DA", _DAY + rb"(?:-" + _DAY + rb")?"),
        ("DT", _STAMP),
        ("TM", rb"(?:" + _HOUR + rb")?"),
        ("UI", rb"(?:[0-9.]{1,64})?"),
        ("AS", rb"(?:\d{3}[DWMY])?"),
    )
} | {"DS": _NUMERIC, "IS": _NUMERIC}
_TIMEZONE = 0x00080201
_OFFSET = re.compile(rb"(?:[+-](?:0\d|1[0-4])[0-5]\d)? ?")
#: Types whose place says what they are, whatever is done there.
_TELLING = frozenset(("PN", "DA", "DT", "AS", "UI"))
#: Defined terms that stand in most files, and in the name of nobody.
_TERMS = frozenset(
    b"""
    ORIGINAL PRIMARY DERIVED SECONDARY AXIAL LOCALIZER OTHER CT MR PT NM US CR DX SR SEG RTDOSE RTPLAN
    RTSTRUCT REG PR KO NONE YES NO MONOCHROME1 MONOCHROME2 RGB PALETTE HFS HFP FFS FFP SE GR EP IR RM
    SK SP MTC SS TRSS OSP MP 2D 3D ROW COL HU CONTAINS CODE TEXT NUM PNAME UIDREF IMAGE CONTAINER DATE
    COMPOSITE SEPARATE CONTINUOUS VOLUME MIXED DIFFUSION MAGNITUDE PHASE REAL T1 T2 PARTIAL COMPLETE
    VERIFIED UNVERIFIED FINAL HEAD CHEST ABDOMEN PELVIS SPINE NECK HEART BRAIN HEADNECK WHOLEBODY
    """.split()
) | {b""}


@dataclass(frozen=True, slots=True)
class Rule:
    """
    What holds for every element of a tag and type in one place, once found out.

    `told` is how it is addressed; `plain`: no block is made of it where its value is as its type
    wants it; `opaque`: it goes, and nobody can read it.
    """

    tag: int
    action: Action | None
    vr: str
    name: str
    told: str
    plain: bool
    by_place: bool
    labelled: bool
    opaque: bool
    kind: Kind
    own_path: str
    #: What was made of values before, by their bytes and character set.
    parsed: dict[tuple[bytes, tuple[str, ...]], Parsed] = field(
        default_factory=dict, compare=False, repr=False
    )

    @staticmethod
    def of(element: Element, vr: str, action: Action | None) -> Rule:
        """Return the rule for an element."""
        name = keyword_of(element.tag)
        by_place = action in ("X", "Z", "D", "U") or vr in _TELLING
        words = vr in DECLARED and vr != "PN" and not by_place
        plain = action is None and (vr in ("DS", "IS", "TM", "CS") or vr not in TEXTS)
        return Rule(
            element.tag,
            action,
            vr,
            name,
            f"{written(element.tag)} {name}".rstrip(),
            plain and element.tag not in (ENCAPSULATED, *_WRITTEN),
            by_place,
            by_place or words,
            action == "X" and vr in _OPAQUE and element.tag != _PADDING,
            "prose" if words else "value",
            f"dicom:{name}" if action is None else "",
        )

    def keeps(self, raw: bytes) -> bool:
        """Say whether a value is of the form of its type, where an option keeps it."""
        form = _OFFSET if self.tag == _TIMEZONE else _KEPT.get(self.vr)
        return form is None or form.fullmatch(raw) is not None

    def spares(self, raw: bytes) -> bool:
        """Say whether nothing has to be searched in a value, where the rule is `plain`."""
        if self.vr in ("DS", "IS"):
            return _NUMERIC.fullmatch(raw) is not None
        if self.vr == "TM":
            return _CLOCK.fullmatch(raw) is not None
        return self.vr != "CS" or _TERMS.issuperset(raw.rstrip(b" \0").split(b"\\"))


@lru_cache(maxsize=256)
def rules_of(
    options: frozenset[str], sop_class: str
) -> dict[tuple[int, bool, bool], dict[tuple[int, str], Rule]]:
    """Return the rules for data sets of a class, to be filled: those of a series are the same."""
    del options, sop_class
    return {}


def says_nothing(tag: int, text: str, data: DataSet) -> bool:
    """Say whether a value is a code of a system, or a type of media, and nobody's."""
    if tag == _CODE:
        return _is_code(data, text)
    return tag == MEDIA_TYPE and _TYPE.fullmatch(text) is not None


def _is_code(data: DataSet, text: str) -> bool:
    """Say whether a value is a code of a system that everybody knows (PS3.16 chapter 8)."""
    return data.told(_SYSTEM) in _SYSTEMS and _CODED.fullmatch(text) is not None

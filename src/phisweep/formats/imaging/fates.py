"""What becomes of each element: as the profile says, and as what it holds allows."""

from __future__ import annotations

from functools import lru_cache

from phisweep.formats.base import Imaging
from phisweep.formats.imaging.dictionary import keyword_of, vr_of
from phisweep.formats.imaging.elements import (
    PIXELS,
    SPECIFIC_CHARACTER_SET,
    TEXTS,
    DataSet,
    Element,
)
from phisweep.formats.imaging.profile import Action, Profile

ENCAPSULATED, ICONS = 0x00420011, 0x00880200
OVERLAY, CURVES = 0x60003000, 0x50003000
#: What is written anew into every copy, whatever a source says.
OURS = (0x00120062, 0x00120063, 0x00120064, 0x00280303)
#: What the table does not decide: characters, pixels and documents, the name of a directory.
_OF_ITSELF: dict[int, Action | None] = {
    SPECIFIC_CHARACTER_SET: "K",
    **dict.fromkeys((*PIXELS, ENCAPSULATED)),
    **dict.fromkeys(OURS, "X"),
    0x00041130: "Z",
    0x00041141: "X",
    0x00041142: "X",
}
#: Bytes that are measurements, colours and pixels, and nothing that a person wrote.
_MEASURED = PIXELS | {0x00282000, 0x00020001, 0x00700256, 0x00142210, 0x00143080}
_OPAQUE = frozenset(("OB", "UN"))
_WAVES, _CURVES, _OVERLAYS = 0x5400, 0x5000, 0x6000
_FIRST_CREATOR, _LAST_CREATOR = 0x10, 0xFF
#: UIDs that name a class or a system, not an instance of anything.
_CLASSES = (
    "ClassUID",
    "SchemeUID",
    "TransferSyntaxUID",
    "ResourceUID",
    "ContextUID",
    "TemplateUID",
)


class Fates:
    """The profile under the options of a policy, for data sets of one SOP class."""

    def __init__(self, imaging: Imaging, sop_class: str) -> None:
        self._options = imaging.options
        self.profile = Profile.of(imaging.options)
        self.sop_class = sop_class
        self._safe = "retain-safe-private" in imaging.options

    def of(self, data: DataSet, element: Element, vr: str, within: int) -> Action | None:
        """Return what becomes of an element `within` a sequence, None where its words decide."""
        if element.private:
            return None if self.private(data, element) else "X"
        return _public(self._options, self.sop_class, element.tag, vr, within)

    def private(self, data: DataSet, element: Element) -> bool:
        """Say whether a private element may stay, or the creator of one."""
        group, number = element.tag >> 16, element.tag & 0xFFFF
        if not self._safe or number < _FIRST_CREATOR:
            return False
        if number <= _LAST_CREATOR:
            block = number & 0xFF
            return any(
                e.tag >> 16 == group and (e.tag & 0xFFFF) >> 8 == block and self.private(data, e)
                for e in data.elements
            )
        return self.private_vr(data, element) != ""

    def private_vr(self, data: DataSet, element: Element) -> str:
        """Return the type of a private element that may stay, "" of another."""
        group, number = element.tag >> 16, element.tag & 0xFFFF
        creator = data.told(group << 16 | number >> 8)
        return self.profile.private(creator, group, number & 0xFF) if creator else ""


@lru_cache(maxsize=50_000)
def _public(
    options: frozenset[str], sop_class: str, tag: int, vr: str, within: int
) -> Action | None:
    profile, group = Profile.of(options), tag >> 16
    if tag in _OF_ITSELF:
        return _OF_ITSELF[tag]
    if group & 0xFF01 in (_CURVES, _OVERLAYS):
        sort = OVERLAY if group & 0xFF01 == _OVERLAYS else CURVES
        return "K" if profile.action(sort, "OW") == "K" else "X"
    if tag & 0xFFFF == 0 or not vr_of(tag):
        return "X"  # lengths of groups; and E.1.1: what is not known is not kept
    action = profile.action(tag, vr, sop_class=sop_class, within=within)
    if action is None and vr in _OPAQUE and tag not in _MEASURED and group != _WAVES:
        return "X"
    return action


def read_as(element: Element) -> str:
    """Return the type by which an element is read: characters where the standard or it says so."""
    if element.vr in TEXTS or element.private:
        return element.vr
    known = vr_of(element.tag)
    return known if known in TEXTS or element.vr == "UN" else element.vr


def is_class(tag: int) -> bool:
    """Say whether a UID there names a class, a system, a syntax."""
    return keyword_of(tag).endswith(_CLASSES)

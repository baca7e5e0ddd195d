"""What the standard calls an element, and of which type it is (PS3.6), as pydicom knows it."""

from __future__ import annotations

from functools import lru_cache


@lru_cache(maxsize=20_000)
def vr_of(tag: int) -> str:
    """Return the type of a public element, "" where the standard knows none."""
    from pydicom import datadict  # noqa: PLC0415 - where DICOM is read

    if tag & 0xFFFF == 0:
        return "UL"
    try:
        told = datadict.dictionary_VR(tag)
    except KeyError:
        return ""
    return told if len(told) == 2 else _chosen(told)  # noqa: PLR2004 - "US or SS", "OB or OW"


@lru_cache(maxsize=20_000)
def keyword_of(tag: int) -> str:
    """Return the keyword of an element ("PatientName"), "" where the standard knows none."""
    from pydicom import datadict  # noqa: PLC0415 - where DICOM is read

    return str(datadict.keyword_for_tag(tag))


@lru_cache(maxsize=20_000)
def tag_of(keyword: str) -> int:
    """Return the tag of a keyword, 0 where the standard knows none."""
    from pydicom import datadict  # noqa: PLC0415 - where DICOM is read

    return int(datadict.tag_for_keyword(keyword) or 0)


@lru_cache(maxsize=20_000)
def written(tag: int) -> str:
    """Return a tag as the standard writes it: `(0010,0010)`."""
    return f"({tag >> 16:04X},{tag & 0xFFFF:04X})"


def _chosen(told: str) -> str:
    """Return one of several types: all of them are numbers of two bytes, or bytes."""
    return "OW" if "OW" in told else told[:2]

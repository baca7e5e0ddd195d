"""What the headers of a zip file hold beside what its readers show."""

from __future__ import annotations

import struct

from phisweep.formats.zips import Zip

_GROWTH, _TIMES = 0xA220, 0x5455  # extra fields that hold nothing of anybody
_SIZES = 26  # bytes of a header before the lengths of name and extra fields


def holds_extra(zip_: Zip) -> bool:
    """Say whether a member's headers hold more than programs put there by themselves."""
    for info in zip_.infos:
        zip_.stream.seek(info.header_offset + _SIZES)
        name, extra = struct.unpack("<2H", zip_.stream.read(4))
        zip_.stream.seek(name, 1)
        if info.comment or not (_harmless(info.extra) and _harmless(zip_.stream.read(extra))):
            return True
    return False


def _harmless(extra: bytes) -> bool:
    """Say whether extra fields of a zip file are none, padding of zeros, or times."""
    while extra:
        if len(extra) < 4:  # noqa: PLR2004 - kind and size
            return False
        kind, size = struct.unpack_from("<2H", extra)
        value, extra = extra[4 : 4 + size], extra[4 + size :]
        if kind == _GROWTH and not any(value[4:]):
            continue
        if kind != _TIMES or size > 13:  # noqa: PLR2004 - three times and a flag
            return False
    return True

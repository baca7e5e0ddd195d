"""How files begin: the signs that more than one format asks for."""

from __future__ import annotations

COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # a compound file: OLE, MS-CFB
ZSTANDARD = 0xFD2FB528
_SKIPPED = 0x184D2A50  # and the 15 after it: frames that no reader shows
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")  # with members and without any


def looks_like_zip(head: bytes) -> bool:
    """Say whether the bytes begin as a zip file does."""
    return head.startswith(_ZIP)


def packing(head: bytes) -> str:
    """Return how the bytes are packed: "gz", "bz2", "xz", "zst", "" where they are not."""
    if head.startswith(b"\x1f\x8b\x08"):
        return "gz"
    if head[:3] == b"BZh" and head[4:10] in (
        b"\x31\x41\x59\x26\x53\x59",
        b"\x17\x72\x45\x38\x50\x90",
    ):
        return "bz2"
    if head.startswith(b"\xfd7zXZ\0"):
        return "xz"
    return "zst" if is_zstandard(head) else ""


def is_zstandard(head: bytes) -> bool:
    """Say whether the bytes begin as a Zstandard file does."""
    if len(head) < 4:  # noqa: PLR2004 - bytes of a magic number
        return False
    magic = int.from_bytes(head[:4], "little")
    return magic == ZSTANDARD or magic & ~0xF == _SKIPPED

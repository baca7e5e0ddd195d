"""What kind of picture, recording or video begins with these bytes, beyond doubt."""

from __future__ import annotations

from phisweep.values import dataclass


@dataclass(frozen=True, slots=True)
class Sort:
    """One kind of file: of which format, and what it is called."""

    format: str
    name: str


_BEGINNINGS = (
    (b"\x89PNG\r\n\x1a\n", Sort("picture", "PNG")),
    (b"\xff\xd8\xff", Sort("picture", "JPEG")),
    (b"GIF87a", Sort("picture", "GIF")),
    (b"GIF89a", Sort("picture", "GIF")),
    (b"II*\0", Sort("picture", "TIFF")),
    (b"MM\0*", Sort("picture", "TIFF")),
    (b"8BPS\0", Sort("picture", "PSD")),
    (b"\0\0\0\x0cjP  \r\n\x87\n", Sort("picture", "JPEG 2000")),
    (b"\xff\x4f\xff\x51", Sort("picture", "JPEG 2000")),
    (b"fLaC", Sort("recording", "FLAC")),
    (b"OggS\0", Sort("recording", "Ogg")),
    (b"ID3\2", Sort("recording", "MP3")),
    (b"ID3\3", Sort("recording", "MP3")),
    (b"ID3\4", Sort("recording", "MP3")),
    (b"#!AMR\n", Sort("recording", "AMR")),
    (b"#!AMR-WB\n", Sort("recording", "AMR")),
    (b".snd\0", Sort("recording", "AU")),
    (b"caff\0", Sort("recording", "CAF")),
    (b"\x1aE\xdf\xa3", Sort("video", "Matroska or WebM")),
    (b"\0\0\1\xba", Sort("video", "MPEG")),
    (b"\0\0\1\xb3", Sort("video", "MPEG")),
    (b"0&\xb2u\x8ef\xcf\x11", Sort("video", "ASF (WMV, WMA)")),
    (b"FLV\1", Sort("video", "FLV")),
)
_RIFF = {
    b"WAVE": Sort("recording", "WAV"),
    b"AVI ": Sort("video", "AVI"),
    b"WEBP": Sort("picture", "WebP"),
}
_MP3 = Sort("recording", "MP3")
_BMP = Sort("picture", "BMP")
_ICO = Sort("picture", "ICO")
_HEIF = Sort("picture", "HEIF")
_M4A = Sort("recording", "MP4")
_MP4 = Sort("video", "MP4 or QuickTime")
_TS = Sort("video", "MPEG")
_STILL_BRANDS = (b"hei", b"hev", b"mif1", b"msf1", b"avif", b"avis")
_BMP_HEADERS = (12, 40, 52, 56, 64, 108, 124)  # sizes of the second header
_MP3_STARTS = (b"\xff\xfb", b"\xff\xfa", b"\xff\xf3", b"\xff\xf2")
_RATES = {3: (44_100, 48_000, 32_000), 2: (22_050, 24_000, 16_000)}  # MPEG 1 and 2, by version bits
_BITS = {
    3: (32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    2: (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
_PACKET = 188  # bytes of an MPEG transport stream


def sort_of(head: bytes) -> Sort | None:
    """Return what the first bytes of a file are of, None where they may be something else."""
    for mark, sort in _BEGINNINGS:
        if head.startswith(mark):
            return sort
    if head[:4] == b"RIFF":
        return _RIFF.get(head[8:12])
    if head[:4] == b"FORM" and head[8:12] in (b"AIFF", b"AIFC"):
        return Sort("recording", "AIFF")
    if head[4:8] == b"ftyp":
        return _branded(head)
    if head[4:8] in (b"moov", b"mdat", b"wide") and head[:3] == bytes(3):
        return _MP4
    return _doubtful(head)


def _branded(head: bytes) -> Sort:
    brand = head[8:12]
    if brand.startswith(_STILL_BRANDS):
        return _HEIF
    return _M4A if brand in (b"M4A ", b"M4B ", b"M4P ") else _MP4


def _doubtful(head: bytes) -> Sort | None:
    """Return what begins with few bytes of its own, if all that follows fits."""
    if head[:2] == b"BM" and head[6:10] == bytes(4) and head[14:18] in _SIZES_OF_BMP:
        return _BMP
    if head[:4] in (b"\0\0\1\0", b"\0\0\2\0") and _is_icon(head):
        return _ICO
    if head[:2] in _MP3_STARTS and _next_frame(head):
        return _MP3
    syncs = [head[i : i + 1] for i in range(0, 5 * _PACKET, _PACKET)]
    return _TS if syncs == [b"G"] * 5 else None


_SIZES_OF_BMP = {size.to_bytes(4, "little") for size in _BMP_HEADERS}


def _is_icon(head: bytes) -> bool:
    """Say whether the first picture of an icon lies behind its table, and is of a sane size."""
    if len(head) < 22:  # noqa: PLR2004 - header, and one entry
        return False
    count = int.from_bytes(head[4:6], "little")
    start = int.from_bytes(head[18:22], "little")
    return 0 < count < 1000 and head[9] == 0 and start >= 6 + 16 * count  # noqa: PLR2004


def _next_frame(head: bytes) -> bool:
    """Say whether another frame of MPEG audio stands where the first one ends."""
    version, rate, bits = head[1] >> 3 & 3, head[2] >> 2 & 3, head[2] >> 4
    if rate > 2 or not 0 < bits < 15 or version not in _RATES:  # noqa: PLR2004 - reserved values
        return False
    per = 144_000 if version == 3 else 72_000  # noqa: PLR2004 - MPEG 1
    size = per * _BITS[version][bits - 1] // _RATES[version][rate] + (head[2] >> 1 & 1)
    return head[size : size + 2] == head[:2]

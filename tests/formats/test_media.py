"""Pictures, recordings, video and genetic data: never clean, never copied, their words searched."""

import gzip
import random
import struct
import zlib
from contextlib import closing

import pytest

from formats.reading import open_bytes
from phisweep.errors import DocumentError
from phisweep.formats.base import ReadOptions
from phisweep.formats.choose import choose_format
from phisweep.model import Source


def chunk(kind, data):
    return struct.pack(">L", len(data)) + kind + data + struct.pack(">L", zlib.crc32(kind + data))


def tiff(order="<"):
    """A TIFF with an artist, a serial number in EXIF, and a place."""
    mark = b"II*\0" if order == "<" else b"MM\0*"
    out = bytearray(mark + struct.pack(order + "L", 8) + bytes(800))

    def put(at, entries, free):
        out[at : at + 2] = struct.pack(order + "H", len(entries))
        for i, (tag, kind, count, value) in enumerate(entries):
            if isinstance(value, bytes) and len(value) > 4:
                out[free : free + len(value)] = value
                field, free = struct.pack(order + "L", free), free + len(value)
            else:
                field = value if isinstance(value, bytes) else struct.pack(order + "L", value)
            head = struct.pack(order + "HHL", tag, kind, count)
            row = at + 2 + 12 * i
            out[row : row + 12] = head + field.ljust(4, b"\0")

    def place(*parts):
        return b"".join(struct.pack(order + "2L", part, 1) for part in parts)

    put(8, [(0x013B, 2, 9, b"Zed Quill\0"), (0x8769, 4, 1, 200), (0x8825, 4, 1, 400)], 100)
    put(200, [(0xA431, 2, 9, b"SN-77123\0"), (0x9003, 2, 20, b"2014:03:14 09:30:00\0")], 300)
    put(
        400,
        [
            (1, 2, 2, b"N\0"),
            (2, 5, 3, place(42, 21, 36)),
            (3, 2, 2, b"W\0"),
            (4, 5, 3, place(71, 3, 32)),
        ],
        500,
    )
    return bytes(out)


XMP = b"<x:xmpmeta xmlns:x='adobe:ns:meta/'><dc:creator>Zed Quill</dc:creator></x:xmpmeta>"
IPTC = b"\x1c\x02\x50" + struct.pack(">H", 9) + b"Zed Quill"
BIM = b"8BIM\4\4\0\0" + struct.pack(">L", len(IPTC)) + IPTC


def png():
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        (
            chunk(b"IHDR", bytes(13)),
            chunk(b"tEXt", b"Author\0Zed Quill"),
            chunk(b"zTXt", b"Comment\0\0" + zlib.compress(b"of Zed Quill")),
            chunk(b"iTXt", b"Title\0\1\0en\0\0" + zlib.compress(b"Zed Quill, too")),
            chunk(b"eXIf", tiff(">")),
            chunk(b"tIME", struct.pack(">H5B", 2014, 3, 14, 9, 30, 0)),
            chunk(b"IEND", b""),
        )
    )


def jpeg():
    def segment(marker, data):
        return bytes((0xFF, marker)) + struct.pack(">H", len(data) + 2) + data

    return b"".join(
        (
            b"\xff\xd8",
            segment(0xE1, b"Exif\0\0" + tiff()),
            segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + XMP),
            segment(0xED, b"Photoshop 3.0\0" + BIM),
            segment(0xFE, b"seen by Zed Quill"),
            segment(0xDA, bytes(8)),
            b"\xff\xd9",
        )
    )


def riff(kind, *chunks):
    body = kind + b"".join(
        n + struct.pack("<L", len(d)) + d + b"\0" * (len(d) % 2) for n, d in chunks
    )
    return b"RIFF" + struct.pack("<L", len(body)) + body


def id3():
    frame = b"TPE1" + struct.pack(">L", 10) + b"\0\0\0Zed Quill"
    return b"ID3\3\0\0" + bytes((0, 0, 0, len(frame))) + frame + b"\xff\xfb\x90\0" + bytes(300)


def vorbis():
    text = b"ARTIST=Zed Quill"
    return struct.pack("<L", 0) + struct.pack("<L", 1) + struct.pack("<L", len(text)) + text


def atom(kind, data):
    return struct.pack(">L", 8 + len(data)) + kind + data


def mp4(brand=b"isom"):
    user = atom(b"udta", atom(b"\xa9ART", struct.pack(">2H", 9, 0) + b"Zed Quill"))
    return atom(b"ftyp", brand + bytes(4)) + atom(b"moov", user) + atom(b"mdat", bytes(20))


def element(kind, data):
    return kind + struct.pack(">Q", (1 << 56) | len(data)) + data


def matroska():
    info = element(b"\x15\x49\xa9\x66", element(b"\x7b\xa9", b"Zed Quill"))
    return element(b"\x1a\x45\xdf\xa3", b"") + element(b"\x18\x53\x80\x67", info)


VCF = b"##fileformat=VCFv4.3\n##source=lab of Zed Quill\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tZQ-17\tZQ-18\n1\t5\t.\tA\tT\t.\t.\t.\tGT\t0/1\t1/1\n"
SAM = (
    b"@HD\tVN:1.6\n@SQ\tSN:1\tLN:5\n@RG\tID:1\tSM:ZQ-17\tCN:Zed Quill\n@CO\tfor Zed Quill\nr1\t0\n"
)
BAM = gzip.compress(b"BAM\1" + struct.pack("<L", len(SAM)) + SAM)

PICTURES = {
    "PNG": png(),
    "JPEG": jpeg(),
    "GIF": b"GIF89a" + bytes(7) + b"\x21\xfe\x09Zed Quill\0;",
    "TIFF": tiff(),
    "WebP": riff(b"WEBP", (b"EXIF", tiff()), (b"XMP ", XMP)),
    "PSD": b"8BPS\0\1" + bytes(24) + struct.pack(">L", len(BIM)) + BIM,
    "HEIF": atom(b"ftyp", b"heic" + bytes(4)) + bytes(40) + b"Exif\0\0" + tiff(),
}
RECORDINGS = {
    "WAV": riff(b"WAVE", (b"LIST", b"INFO" + b"IART" + struct.pack("<L", 9) + b"Zed Quill\0")),
    "MP3": id3(),
    "FLAC": b"fLaC" + b"\x84" + struct.pack(">L", len(vorbis()))[1:] + vorbis(),
    "Ogg": b"OggS\0" + bytes(30) + b"\x03vorbis" + vorbis(),
    "M4A": mp4(b"M4A "),
    "AIFF": b"FORM" + bytes(4) + b"AIFF" + b"AUTH" + struct.pack(">L", 9) + b"Zed Quill\0",
}
VIDEOS = {
    "MP4": mp4(),
    "Matroska": matroska(),
    "AVI": riff(b"AVI ", (b"LIST", b"INFO" + b"IART" + struct.pack("<L", 9) + b"Zed Quill\0")),
}
GENOMES = {"VCF": VCF, "VCF, packed": gzip.compress(VCF), "SAM": SAM, "BAM": BAM}
SILENT = {
    "BMP": ("picture", b"BM" + bytes(12) + struct.pack("<L", 40) + bytes(40)),
    "ICO": (
        "picture",
        b"\0\0\1\0\1\0\x10\x10\0\0\1\0\x20\0" + struct.pack("<2L", 10, 22) + bytes(10),
    ),
    "MPEG": ("video", b"\0\0\1\xba" + bytes(20)),
    "MP3": ("recording", b"\xff\xfb\x90\0" + bytes(413) + b"\xff\xfb\x90\0"),
    "CRAM": ("genome", b"CRAM\3\0" + bytes(30)),
    "PLINK": ("genome", b"\x6c\x1b\x01" + bytes(30)),
}
ALL = [
    *(("picture", name, data) for name, data in PICTURES.items()),
    *(("recording", name, data) for name, data in RECORDINGS.items()),
    *(("video", name, data) for name, data in VIDEOS.items()),
    *(("genome", name, data) for name, data in GENOMES.items()),
]
every = pytest.mark.parametrize(("kind", "name", "data"), ALL, ids=[f"{k}-{n}" for k, n, _ in ALL])


def chosen(data, name="x.txt"):
    return choose_format(Source(None, name, len(data), name, data), ReadOptions()).name


def words(data, name="x.txt"):
    with closing(open_bytes(name, data)) as document:
        assert document.held
        return [
            (block.label, block.text)
            for part in document.parts()
            for each in part.chunks()
            for block in each.blocks
        ], document


@every
def test_it_is_known_under_any_name_held_and_its_words_are_read(kind, name, data):
    assert chosen(data) == kind
    told, document = words(data)
    assert any("Zed Quill" in text for _, text in told)
    assert "(P)" in document.held or "(Q)" in document.held


def test_what_is_held_says_what_to_do_instead():
    assert words(RECORDINGS["WAV"])[1].held.endswith("; give what is said as text")
    assert "give single pictures" in words(VIDEOS["MP4"])[1].held


@pytest.mark.parametrize("name", SILENT)
def test_what_has_no_words_is_held_all_the_same(name):
    kind, data = SILENT[name]
    assert chosen(data) == kind
    words(data)


@pytest.mark.parametrize(
    "data",
    [b"BMI of 24.5 and well\n", b"ID3,name\n1,2\n", b"GIF, a word", "\u00fc".encode("utf-16"),
     b">not a genome", b"#!AMRIT", b"\xff\xfbx"],
)  # fmt: skip
def test_a_text_that_begins_like_a_picture_is_none(data):
    assert chosen(data) in ("plain", "delimited")


@pytest.mark.parametrize("order", ["<", ">"])
def test_place_time_owner_and_number_of_a_camera_are_told_by_name(order):
    told = dict(words(tiff(order))[0])
    assert told["Artist"] == "Zed Quill"
    assert told["BodySerialNumber"] == "SN-77123"
    assert told["DateTimeOriginal"] == "2014:03:14 09:30:00"
    assert told["GPSPosition"] == "42.360000, -71.058889"


def test_samples_of_a_genome_are_told_as_such():
    for data in GENOMES.values():
        assert ("sample", "ZQ-17") in words(data)[0]
    people = words(b"FAM1 ZQ-17 0 0 1 2\nFAM1 ZQ-18 ZQ-17 0 2 1\n", "x.fam")[0]
    assert people == [("family_id", "FAM1"), ("individual_id", "ZQ-17"), ("individual_id", "ZQ-18")]


@every
def test_what_is_damaged_is_still_held_and_never_crashes(kind, name, data):
    chance = random.Random(name)  # noqa: S311 - the same each time
    for _ in range(40):
        at = chance.randrange(12, len(data))
        for bad in (data[:at], data[:at] + bytes((chance.randrange(256),)) + data[at + 1 :]):
            try:
                assert words(bad, "x.png" if kind == "picture" else f"x.{kind}")[1].held
            except (AssertionError, DocumentError):
                assert kind == "genome" or chosen(bad) != "plain"


def test_directories_that_lead_in_circles_end():
    out = bytearray(tiff())
    out[8:10] = struct.pack("<H", 1)
    out[10:22] = struct.pack("<HHLL", 0x8769, 4, 1, 8)
    words(bytes(out))


def test_a_text_that_unpacks_to_much_is_read_in_part():
    bomb = zlib.compress(bytes(50 << 20))
    data = (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"zTXt", b"Comment\0\0" + bomb)
        + chunk(b"tEXt", b"A\0Zed Quill")
    )
    assert any("Zed Quill" in text for _, text in words(data)[0])


def test_a_name_alone_holds_a_file_too():
    told, document = words(b"nothing of a picture", "x.png")
    assert told == []
    assert document.warnings == ["it does not begin as its name says"]

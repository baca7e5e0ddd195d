"""Pictures of every kind, with an invented name in everything that lies beside their pixels."""

import io
import struct
import zlib

import numpy as np
from PIL import Image, ImageDraw, PngImagePlugin

NAME = b"Zed Quill"
XMP = b"<x:xmpmeta xmlns:x='adobe:ns:meta/'><dc:creator>Zed Quill</dc:creator></x:xmpmeta>"
ICC = b"".join((struct.pack(">L", 200), bytes(32), b"acsp", bytes(92), NAME, bytes(60)))


def noise(size, mode, seed=0):
    """A picture of chance: no pixel is like its neighbour."""
    chance, (width, height) = np.random.default_rng(seed), size
    if mode == "1":
        return Image.fromarray(chance.integers(0, 2, (height, width)).astype(bool))
    if mode.startswith("I;16"):
        return Image.frombytes(mode, size, chance.bytes(2 * width * height))
    if mode == "P":
        picture = Image.frombytes("P", size, bytes(chance.integers(0, 200, width * height, "u1")))
        picture.putpalette(chance.bytes(768))
        return picture
    return Image.frombytes(
        mode,
        size,
        bytes(
            chance.integers(0, 256, width * height * len(Image.new(mode, (1, 1)).getbands()), "u1")
        ),
    )


def chart(size=(400, 300)):
    """Bars and lines, without a letter."""
    picture = Image.new("RGB", size, "white")
    draw = ImageDraw.Draw(picture)
    for i in range(6):
        draw.rectangle((30 + 55 * i, 250 - 30 * i, 65 + 55 * i, 260), fill=(90, 150, 210))
    draw.line((20, 262, 380, 262), fill="black", width=2)
    return picture


def exif(turned=1):
    made = Image.Exif()
    made[0x0112] = turned
    made[0x013B] = NAME.decode()
    made[0x010E] = "drawn for Zed Quill"
    made.get_ifd(0x8825)[29] = "2014:03:14 Zed Quill"
    return made


def saved(picture, kind, **options):
    out = io.BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


# One of each kind. `picture` is a picture of Pillow; all words are NAME.


def png(picture, turned=1, **options):
    info = PngImagePlugin.PngInfo()
    info.add_text("Author", "Zed Quill")
    info.add_text("Comment", "of Zed Quill", zip=True)
    info.add_itxt("XML:com.adobe.xmp", XMP.decode())
    info.add(b"tIME", struct.pack(">H5B", 2014, 3, 14, 9, 30, 0))
    info.add(b"zqUi", NAME)
    info.add(b"zquI", NAME, after_idat=True)
    data = saved(picture, "PNG", pnginfo=info, exif=exif(turned), icc_profile=ICC, **options)
    return data + b"PK\3\4" + NAME


def jpeg(picture, turned=1, **options):
    data = saved(
        picture, "JPEG", exif=exif(turned), comment=NAME, xmp=XMP, icc_profile=ICC, **options
    )
    thumbnail = saved(noise((16, 16), "RGB"), "JPEG", comment=NAME)
    parts = [data[:2]]
    for marker, body in (
        (0xE0, b"JFIF\0\1\1\0\0\1\0\1\3\3" + NAME * 3),
        (0xE0, b"JFXX\0\x10" + thumbnail),
        (0xE2, b"MPF\0" + NAME),
        (0xED, b"Photoshop 3.0\0" + NAME),
        (0xEB, NAME),
        (0xEE, b"Adobe" + NAME),
    ):
        parts.append(bytes((0xFF, marker)) + struct.pack(">H", len(body) + 2) + body)
    return b"".join((*parts, data[2:], thumbnail, NAME))


def gif(picture, turned=1, **options):
    data = saved(picture, "GIF", comment=NAME, **options)
    start = 13 + (3 << (data[10] & 7) + 1 if data[10] & 0x80 else 0)
    own = b"".join((
        b"\x21\xff\x0bXMP DataXMP" + bytes((len(XMP),)) + XMP + b"\0",
        b"\x21\x01\x0c" + bytes(12) + b"\x09" + NAME + b"\0",
        b"\x21\xfe\x09" + NAME + b"\0",
    ))  # fmt: skip
    return data[:start] + own + data[start:] + NAME


def tiff(picture, turned=1, **options):
    info = {270: "drawn for Zed Quill", 305: "Zed Quill", 315: "Zed Quill", 700: XMP, 33723: NAME * 4,
            34377: b"8BIM" + NAME, 37724: NAME * 9, 65000: "Zed Quill"}  # fmt: skip
    return saved(picture, "TIFF", tiffinfo={**info, 274: turned}, icc_profile=ICC, **options) + NAME


def webp(picture, turned=1, **options):
    data = saved(picture, "WEBP", exif=exif(turned), xmp=XMP, icc_profile=ICC, **options)
    body = data[12:] + b"ZQUI" + struct.pack("<L", len(NAME)) + NAME + b"\0"
    return b"RIFF" + struct.pack("<L", len(body) + 4) + b"WEBP" + body + NAME


def bmp(picture, turned=1, **options):
    data = saved(picture, "BMP", **options)
    start = struct.unpack("<L", data[10:14])[0]
    moved = struct.pack("<L", start + len(NAME))
    return data[:10] + moved + data[14:start] + NAME + data[start:] + NAME


MAKERS = {"PNG": png, "JPEG": jpeg, "GIF": gif, "TIFF": tiff, "WebP": webp, "BMP": bmp}
#: What of every kind is tried: its kind, the mode of its pixels, and how they are saved.
SORTS = [
    *(("PNG", mode, {}) for mode in ("1", "L", "LA", "P", "RGB", "RGBA", "I;16")),
    ("PNG", "P", {"transparency": 3}),
    ("PNG", "RGB", {"transparency": (1, 2, 3)}),
    *(("JPEG", mode, {"progressive": way}) for mode in ("L", "RGB", "CMYK") for way in (True, False)),
    ("JPEG", "RGB", {"restart_marker_rows": 1}),
    *(("GIF", mode, {}) for mode in ("1", "L", "P")),
    ("GIF", "P", {"interlace": 1}),
    *(("TIFF", "RGB", {"compression": way})
      for way in ("raw", "tiff_lzw", "packbits", "tiff_adobe_deflate", "jpeg")),
    *(("TIFF", "1", {"compression": way}) for way in ("raw", "group3", "group4", "tiff_ccitt")),
    *(("TIFF", mode, {}) for mode in ("L", "LA", "P", "RGBA", "CMYK", "I;16", "I;16B")),
    *(("WebP", mode, {"lossless": way}) for mode in ("RGB", "RGBA") for way in (True, False)),
    *(("BMP", mode, {}) for mode in ("1", "L", "P", "RGB")),
]  # fmt: skip
MOVING = ["PNG", "GIF", "TIFF", "WebP"]


def moving(kind, count=3, size=(40, 30)):
    """A picture of several frames, or pages."""
    first, *others = [noise(size, "P" if kind == "GIF" else "RGB", seed) for seed in range(count)]
    more = {} if kind == "TIFF" else {"duration": 40, "loop": 0}
    return MAKERS[kind](first, save_all=True, append_images=others, **more)


def raw_png(width, height, depth, rows):
    """A PNG of three colours of so many bits; `rows` are its bytes as they are packed."""

    def chunk(kind, data):
        check = struct.pack(">L", zlib.crc32(kind + data))
        return struct.pack(">L", len(data)) + kind + data + check

    head = chunk(b"IHDR", struct.pack(">2L5B", width, height, depth, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")

"""What stands on a page: its characters with their boxes, its pictures. All by pdfium."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

_TEXT, _PATH, _IMAGE, _FORM = 1, 2, 3, 5
_DEEPEST = 16  # forms within forms
_HYPHEN = 2
_HYPHENS = frozenset({_HYPHEN, 0x2D, 0xAD, 0x2010, 0x2011})
_MADE = frozenset({0x20, 0x0D, 0x0A})  # what pdfium adds where it sees a gap or the end of a line
#: Code points that stand for no character: private use, not Unicode, not mapped.
_NONE = (range(0xE000, 0xF900), range(0xFFFE, 0x10000), range(0xF0000, 0x110000))
_FIRST_SIGN, _LAST_PLAIN = 0x20, 0xDFFF


class Box(NamedTuple):
    """A rectangle: left, bottom, right, top; in points of the page's own space, from below."""

    left: float
    bottom: float
    right: float
    top: float

    @property
    def empty(self) -> bool:
        """Say whether it covers nothing."""
        return self.right - self.left <= 0 or self.top - self.bottom <= 0

    def with_(self, other: Box) -> Box:
        """Return the least rectangle around both."""
        return Box(
            min(self.left, other.left),
            min(self.bottom, other.bottom),
            max(self.right, other.right),
            max(self.top, other.top),
        )


class Char(NamedTuple):
    """A character: its code point (0 where nobody can tell), what pdfium adds, and its box."""

    code: int
    made: bool
    hyphen: bool
    box: Box


@dataclass(frozen=True, slots=True)
class Glyphs:
    """The characters of a page in the order of its content, its pictures, and how many paths."""

    chars: list[Char] = field(repr=False)
    pictures: list[Box]
    paths: int
    page: Box


def glyphs(page: Any, raw: Any) -> Glyphs:
    """Return what stands on a page of pypdfium2; `raw` is its module of that name."""
    pictures, paths = [], 0
    for kind, box, _, _ in objects(page, raw):
        if kind == _IMAGE:
            pictures.append(box)
        paths += kind == _PATH
    return Glyphs(list(_chars(page, raw)), pictures, paths, _bounds(page))


def _bounds(page: Any) -> Box:
    return Box(*page.get_bbox())


def _chars(page: Any, raw: Any) -> Iterator[Char]:
    text = raw.FPDFText_LoadPage(page)
    left, right, bottom, top = (ctypes.c_double() for _ in range(4))
    corners = [ctypes.byref(each) for each in (left, right, bottom, top)]
    loose = raw.FS_RECTF()
    whole = ctypes.byref(loose)
    nowhere = Box(0, 0, 0, 0)
    # Looked up once: there are thousands of characters on a page.
    code_of, box_of, loose_of = (
        raw.FPDFText_GetUnicode,
        raw.FPDFText_GetCharBox,
        raw.FPDFText_GetLooseCharBox,
    )
    try:
        for i in range(raw.FPDFText_CountChars(text)):
            code = code_of(text, i)
            if code in _MADE and raw.FPDFText_IsGenerated(text, i) == 1:
                yield Char(code, True, False, nowhere)
                continue
            hyphen = code in _HYPHENS and (code == _HYPHEN or raw.FPDFText_IsHyphen(text, i) == 1)
            if not hyphen and _unknown(code, raw, text, i):
                code = 0
            box_of(text, i, *corners)
            x, y, end, high = left.value, bottom.value, right.value, top.value
            if loose_of(text, i, whole) and loose.right > loose.left and loose.top > loose.bottom:
                if (
                    end > x and high > y
                ):  # both: letters reach out of their lines, and lines of them
                    x, y = min(x, loose.left), min(y, loose.bottom)
                    end, high = max(end, loose.right), max(high, loose.top)
                else:
                    x, y, end, high = loose.left, loose.bottom, loose.right, loose.top
            yield Char(code, False, hyphen, Box(x, y, end, high))
    finally:
        raw.FPDFText_ClosePage(text)


def _unknown(code: int, raw: Any, text: Any, index: int) -> bool:
    """Say whether nobody can tell which character it is."""
    if code < _FIRST_SIGN or (code > _LAST_PLAIN and any(code in each for each in _NONE)):
        return code not in (9, 10, 13)
    return bool(raw.FPDFText_HasUnicodeMapError(text, index) == 1)


def objects(page: Any, raw: Any) -> Iterator[tuple[int, Box, Any, Any]]:
    """Yield kind, box, the object and the form that it stands in (None: the page) of all objects."""
    count = raw.FPDFPage_CountObjects(page)
    found = [raw.FPDFPage_GetObject(page, i) for i in range(count)]
    yield from _objects(found, None, (1, 0, 0, 1, 0, 0), raw, 0)


def _objects(
    found: list[Any], form: Any, matrix: tuple[float, ...], raw: Any, depth: int
) -> Iterator[tuple[int, Box, Any, Any]]:  # fmt: skip
    for each in found:
        kind = raw.FPDFPageObj_GetType(each)
        yield kind, _box(each, matrix, raw), each, form
        if kind == _FORM and depth < _DEEPEST:
            own = raw.FS_MATRIX()
            raw.FPDFPageObj_GetMatrix(each, own)
            inner = _times((own.a, own.b, own.c, own.d, own.e, own.f), matrix)
            count = raw.FPDFFormObj_CountObjects(each)
            below = [raw.FPDFFormObj_GetObject(each, i) for i in range(count)]
            yield from _objects(below, each, inner, raw, depth + 1)
        elif kind == _FORM:  # what lies deeper is not looked at: all of it is a picture
            yield _IMAGE, _box(each, matrix, raw), each, form


def _box(each: Any, matrix: tuple[float, ...], raw: Any) -> Box:
    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    raw.FPDFPageObj_GetBounds(each, left, bottom, right, top)
    corners = [
        _moved(x, y, matrix) for x in (left.value, right.value) for y in (bottom.value, top.value)
    ]
    across, up = zip(*corners, strict=True)
    return Box(min(across), min(up), max(across), max(up))


def _moved(x: float, y: float, m: tuple[float, ...]) -> tuple[float, float]:
    return m[0] * x + m[2] * y + m[4], m[1] * x + m[3] * y + m[5]


def _times(m: tuple[float, ...], n: tuple[float, ...]) -> tuple[float, ...]:
    """Return the matrix that moves by `m` first and by `n` then."""
    return (
        m[0] * n[0] + m[1] * n[2],
        m[0] * n[1] + m[1] * n[3],
        m[2] * n[0] + m[3] * n[2],
        m[2] * n[1] + m[3] * n[3],
        m[4] * n[0] + m[5] * n[2] + n[4],
        m[4] * n[1] + m[5] * n[3] + n[5],
    )


def without_pictures(page: Any, raw: Any) -> None:
    """Take the pictures out of a page that was read, so that none of their pixels is drawn."""
    for kind, _, each, form in list(objects(page, raw)):
        if kind == _IMAGE and raw.FPDFPageObj_GetType(each) == _IMAGE:
            if form is None:
                raw.FPDFPage_RemoveObject(page, each)
            else:
                raw.FPDFFormObj_RemoveObject(form, each)
            raw.FPDFPageObj_Destroy(each)

"""
All strings of a PDF that do not stand on its pages: properties, fields, notes, bookmarks, scripts.

Found by walking its objects. None of it comes into a copy, so nothing is written back.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from phisweep.errors import DocumentError
from phisweep.formats.base import Block, ReadOptions, failed, kind_of
from phisweep.formats.embedded import Embedded, embed
from phisweep.formats.markup import resolve, spans
from phisweep.formats.paged.streams import REPAIR, check, draws_pictures
from phisweep.model import Kind, Location, Media, Source, Text

_FORGOTTEN = 2000  # objects after which those that were read are let go
#: Keys under which nothing but layout, codes and checks stands.
_SKIPPED = frozenset(
    {
        *(
            "/Parent",
            "/P",
            "/ID",
            "/CharSet",
            "/Registry",
            "/Ordering",
            "/FontFamily",
            "/DA",
            "/Lang",
        ),
        *(
            "/Panose",
            "/CIDSystemInfo",
            "/OutputIntents",
            "/O",
            "/U",
            "/OE",
            "/UE",
            "/Perms",
            "/Cert",
        ),
        *("/ByteRange", "/Differences", "/Encrypt", "/StructParent", "/Lookup", "/MarkInfo", "/DS"),
        *("/CreatorInfo", "/Usage", "/OutputConditionIdentifier", "/CheckSum", "/ColorSpace"),
    }
)
_SKIPPED_TYPES = frozenset(
    {"/Font", "/FontDescriptor", "/Encoding", "/XRef", "/ObjStm", "/Halftone"}
)
#: Keys of the standard that may be shown; others may be data.
_SHOWN = frozenset(
    {
        *("/Title", "/Author", "/Subject", "/Keywords", "/Creator", "/Producer", "/CreationDate"),
        *("/ModDate", "/Contents", "/T", "/TU", "/TM", "/V", "/DV", "/RC", "/NM", "/Subj", "/URI"),
        *("/F", "/UF", "/Desc", "/JS", "/Alt", "/ActualText", "/E", "/Opt", "/RV", "/Name", "/M"),
        *(
            "/Names",
            "/Metadata",
            "/XFA",
            "/Location",
            "/Reason",
            "/ContactInfo",
            "/Trapped",
            "/Dests",
        ),
    }
)
_WORDS: Mapping[str, str] = {
    "/T": "name",
    "/TU": "tool tip",
    "/V": "value",
    "/DV": "default value",
    "/Contents": "contents",
}
_TEXTS = frozenset({"/JS", "/RC", "/RV", "/XFA", "/Metadata", "/Contents"})
_XML = frozenset({"/XFA", "/Metadata"})
_LISTS = frozenset({"li", "Seq", "Bag", "Alt", "Description", "RDF"})
_NAMED = frozenset({"/V", "/DV"})  # a button's value is a name


@dataclass(frozen=True, slots=True)
class _Around:
    """What an object stands in: words for the address, the label of values, the page."""

    words: str = ""
    label: str = field(default="", repr=False)
    key: str = ""
    name: str = field(default="", repr=False)  # of an attachment
    depth: int = 0
    standard: str = ""


@dataclass(slots=True)
class Structure:
    """Walks the objects of a reader of pypdf."""

    reader: Any = field(repr=False)
    source: Source
    options: ReadOptions
    attachments: int = 0
    patterned: bool = False  # a picture is part of a pattern, and cannot be covered
    inner: list[Embedded] = field(default_factory=list, repr=False)
    _seen: set[tuple[int, int]] = field(default_factory=set, repr=False)
    _numbers: Counter[str] = field(default_factory=Counter, repr=False)
    _pages: dict[tuple[int, int], int] = field(default_factory=dict, repr=False)

    def blocks(self) -> Iterator[Block]:
        """Yield what is to be searched. Raises DocumentError E218 (too large), E252 (damaged)."""
        import pypdf.generic as kinds  # noqa: PLC0415 - of the extra

        for number, page in enumerate(self.reader.pages, 1):
            reference = page.indirect_reference
            if reference is not None:
                self._pages[reference.idnum, reference.generation] = number
        trailer = self.reader.trailer
        for key in ("/Info", "/Root"):
            words = {"/Info": "properties", "/Root": ""}[key]
            if key in trailer:
                around = _Around(words, standard="pdf:Info" if key == "/Info" else "")
                yield from self._any(trailer.raw_get(key), around, kinds)
        rest = {k for k in trailer if k not in {"/Info", "/Root", "/Size", "/Prev", "/XRefStm"}}
        for key in sorted(rest - _SKIPPED):
            yield from self._any(trailer.raw_get(key), _Around("trailer", key=str(key)), kinds)

    def _any(self, item: Any, around: _Around, kinds: Any) -> Iterator[Block]:
        stack = [iter([(item, around)])]
        while stack:
            following = next(stack[-1], None)
            if following is None:
                stack.pop()
                continue
            each, near = following
            if isinstance(each, kinds.IndirectObject):
                if (each.idnum, each.generation) in self._seen:
                    continue
                each, near = self._resolved(each, near, kinds)
            if isinstance(each, kinds.DictionaryObject):
                if isinstance(each, kinds.StreamObject):
                    yield from self._stream(each, near)
                if each.get("/Type") not in _SKIPPED_TYPES and near.key != "/Resources/Font":
                    context = self._context(each, near)
                    yield from self._keys(each, context)
                    stack.append(self._inside(each, context))
            elif isinstance(each, kinds.ArrayObject):
                stack.append(iter([(value, near) for value in each]))
            else:
                yield from self._string(each, near, kinds)

    def _resolved(self, reference: Any, near: _Around, kinds: Any) -> tuple[Any, _Around]:
        """Return what a reference means, and where it stands; what was read long ago is let go."""
        key = reference.idnum, reference.generation
        self._seen.add(key)
        if len(self._seen) % _FORGOTTEN == 0:
            self.reader.resolved_objects.clear()
        each = reference.get_object()
        if near.key == "/Contents" and (each is None or isinstance(each, kinds.NullObject)):
            raise failed("E252", self.source, "contents of a page are missing", REPAIR)
        number = self._pages.get(key)
        return each, _Around(f"page {number}", depth=near.depth) if number else near

    def _context(self, each: Any, near: _Around) -> _Around:
        """Return what the strings of a dictionary stand in."""
        page = near.words.partition(",")[0] if near.words.startswith("page ") else ""
        label, name, word, standard = near.label, near.name, "", ""
        if "/FT" in each or ("/T" in each and ("/Kids" in each or "/V" in each)):
            word = "form field"
            label = _string(each, "/TU") or _string(each, "/T") or label
        elif "/Subtype" in each and "/Rect" in each:
            word, standard = "annotation", "pdf:annotation"
        elif "/EF" in each:
            word = "attachment"
            name = _string(each, "/UF") or _string(each, "/F") or "attachment"
        elif "/Title" in each and "/Parent" in each:
            word = "bookmark"
        elif near.standard and near.depth == 0:
            return _Around(near.words, depth=1, standard=near.standard)
        elif each.get("/Type") == "/Page" and page:
            return _Around(near.words, depth=near.depth + 1)
        words = ", ".join(filter(None, (page, self._numbered(word or "object"))))
        return _Around(words, label, near.key, name, near.depth + 1, standard)

    def _numbered(self, word: str) -> str:
        self._numbers[word] += 1
        return f"{word} {self._numbers[word]}"

    def _inside(self, each: Any, context: _Around) -> Iterator[tuple[Any, _Around]]:
        for key in each:
            if key not in _SKIPPED and not (key == "/Contents" and "/ByteRange" in each):
                inner = "/Resources/Font" if key == "/Font" else str(key)
                label = context.label or (str(key)[1:] if context.standard == "pdf:Info" else "")
                yield (
                    each.raw_get(key),
                    _Around(
                        context.words,
                        label,
                        inner,
                        context.name,
                        context.depth,
                        f"{context.standard}.{str(key)[1:]}" if context.standard else "",
                    ),
                )

    def _keys(self, each: Any, context: _Around) -> Iterator[Block]:
        """Yield names of properties that somebody made up."""
        if context.standard != "pdf:Info":
            return
        for number, key in enumerate(each, 1):
            if key not in _SHOWN:
                yield self._text(f"{context.words}, entry {number} (name)", str(key)[1:], "", "key")

    def _string(self, value: Any, near: _Around, kinds: Any) -> Iterator[Block]:
        if isinstance(value, kinds.TextStringObject):
            text = str(value)
        elif isinstance(value, kinds.ByteStringObject):
            text = bytes(value).decode("latin-1")
            text = text if text.isprintable() else ""
        elif isinstance(value, kinds.NameObject) and near.key in _NAMED:
            text = str(value)[1:]
        else:
            return
        if text.strip():
            shown = near.key in _SHOWN
            word = _WORDS.get(near.key, near.key[1:] if shown else "entry")
            address = self._numbered(f"{near.words}, {word}")
            path = near.standard if near.standard.count(".") == 1 and shown else ""
            label = near.label if near.key not in {"/T", "/TU"} else ""
            if path == "pdf:annotation.T":
                path, label = "pdf:annotation.author", "author"
            yield self._text(address.removesuffix(" 1"), text, label, kind_of(text), path)

    def _text(self, address: str, text: str, label: str, kind: Kind, path: str = "") -> Text:
        return Text(Location(self.source.shown, address), text, label, kind=kind, path=path)

    def _stream(self, stream: Any, near: _Around) -> Iterator[Block]:
        if stream.get("/Subtype") == "/Image" or near.key.startswith("/FontFile"):
            return  # pictures are covered, and none of them is decoded
        if stream.get("/Type") == "/EmbeddedFile" or near.name:
            yield from self._attachment(self._data(stream), near)
        elif near.key == "/Sound":
            yield Media(
                Location(self.source.shown, self._numbered("recording")), "recording", "P, Q"
            )
        elif near.key in _XML:
            yield from self._xml(self._data(stream), near)
        elif near.key in _TEXTS and near.key != "/Contents":
            text = self._data(stream).decode("utf-8", "replace")
            yield self._text(self._numbered(f"{near.words}, script".strip(", ")), text, "", "prose")
        else:
            check(stream, self.source)
            if stream.get("/PatternType") == 1 and draws_pictures(stream):
                self.patterned = True

    def _data(self, stream: Any) -> bytes:
        check(stream, self.source)
        return bytes(stream.get_data())

    def _attachment(self, data: bytes, near: _Around) -> Iterator[Block]:
        self.attachments += 1
        address = f"attachment {self.attachments}"
        try:
            inner = embed(data, self.source, self.options, address, name=near.name)
        except DocumentError as problem:
            if problem.code == "E218":
                raise
            where = Location(self.source.shown, f"{address}!")
            yield Media(where, "an attachment that is not read", "A to R", len(data))
        else:
            self.inner.append(inner)
            yield from inner.blocks

    def _xml(self, data: bytes, near: _Around) -> Iterator[Block]:
        """Yield the texts and attributes of XML; what is not well-formed as it stands."""
        data = data.removeprefix(b"\xef\xbb\xbf").strip(b"\0 \r\n\t")
        word = self._numbered("form data" if near.key == "/XFA" else "metadata")
        try:
            found = spans(data, self.source, self.options)
            texts = [
                (span, resolve(data[span.start : span.end].decode(), span.role)) for span in found
            ]
        except (DocumentError, UnicodeDecodeError):
            text = data.decode("utf-8", "replace")
            if text.strip():
                yield self._text(word, text, "", "prose")
            return
        for number, (span, text) in enumerate(texts, 1):
            steps = [each for each in span.path if each not in _LISTS]
            label = span.name or (steps[-1] if steps else "")
            if text.strip() and not text.startswith(("http://ns.adobe.com", "http://purl.org/dc")):
                known = near.key == "/Metadata" and label.isascii() and label.isalpha()
                path = f"pdf:xmp.{label}" if known else ""
                yield self._text(f"{word}, value {number}", text, label, kind_of(text), path)


def _string(each: Any, key: str) -> str:
    value = each.get(key)
    return str(value) if isinstance(value, str) else ""

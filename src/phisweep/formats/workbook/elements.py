"""The small XML parts of a package: their elements, and their bytes as UTF-8 without a mark."""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from xml.parsers import expat

from phisweep.errors import DocumentError
from phisweep.formats.base import ReadOptions, failed
from phisweep.formats.zips import Zip
from phisweep.model import Source

LARGEST = 256 << 20  # bytes of a part that is held whole
_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))  # fmt: skip
DOCTYPE, HEAD = b"<!DOCTYPE", 4096  # no part has one; it would stand in its first bytes
TAG = re.compile(rb"""<(?:[^>"']|"[^"]*"|'[^']*')*>""")
_DECLARED = re.compile(rb"""(<\?xml[^>]{0,100}?encoding\s*=\s*)["'][A-Za-z0-9._-]+["']""")


@dataclass(frozen=True, slots=True)
class Element:
    """An element: its local name, attributes by local names, half-open bytes, and those around it."""

    name: str
    attributes: Mapping[str, str] = field(repr=False)
    start: int
    end: int
    path: tuple[str, ...]


def blocks(raw: Iterable[bytes]) -> Iterator[bytes]:
    """Yield a part as UTF-8 without a byte order mark. Raises UnicodeDecodeError."""
    decoder: codecs.IncrementalDecoder | None = None
    first = True
    for given in raw:
        block = given
        if first:
            mark, code = next((m for m in _MARKS if block.startswith(m[0])), (b"", "utf-8"))
            block, first = block[len(mark) :], False
            decoder = codecs.getincrementaldecoder(code)() if code != "utf-8" else None
            if decoder is not None:
                block = _DECLARED.sub(rb'\1"UTF-8"', decoder.decode(block).encode())
        elif decoder is not None:
            block = decoder.decode(block).encode()
        yield block


def whole(zip_: Zip, name: str, source: Source) -> bytes:
    """Return a member, whole, as UTF-8. Raises DocumentError E210 (not UTF-8 or 16), E211."""
    info = zip_.info(name)
    if info is None:
        raise missing(source)
    parts, size = [], 0
    try:
        for block in blocks(zip_.blocks(info)):
            size += len(block)
            if size > LARGEST:
                raise too_large(source)
            parts.append(block)
    except UnicodeDecodeError:
        raise malformed(source) from None
    return b"".join(parts)


def elements(data: bytes, source: Source, options: ReadOptions) -> list[Element]:
    """Return the elements of a document in the order of their ends. Raises DocumentError."""
    found: list[Element] = []
    stack: list[tuple[str, Mapping[str, str], int]] = []
    parser = expat.ParserCreate("utf-8")

    def start(name: str, attributes: Mapping[str, str]) -> None:
        if len(stack) > options.max_depth:
            raise failed("E209", source, f"nested deeper than {options.max_depth}")
        local = {key.rpartition(":")[2]: value for key, value in attributes.items()}
        stack.append((name.rpartition(":")[2], local, parser.CurrentByteIndex))

    def end(_: str) -> None:
        name, attributes, begun = stack.pop()
        at = parser.CurrentByteIndex
        tag = TAG.match(data, begun)
        empty = tag is not None and tag[0].endswith(b"/>")
        stop = at if empty else data.index(b">", at) + 1
        path = tuple(entry[0] for entry in stack)
        found.append(Element(name, attributes, begun, stop, path))

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.EntityDeclHandler = lambda *_: (_ for _ in ()).throw(entities(source))
    try:
        parser.Parse(data, True)
    except DocumentError:
        raise
    except (expat.ExpatError, ValueError):
        raise malformed(source) from None
    return found


def streaming(
    source: Source,
    start: Callable[[str, Mapping[str, str]], None],
    end: Callable[[str], None],
    characters: Callable[[str], None],
    aside: Callable[[str], None],
) -> expat.XMLParserType:
    """Return a parser that tells of elements, of text, and of comments and instructions as asides."""

    def entity(*_: object) -> None:
        raise entities(source)

    parser = expat.ParserCreate("utf-8")
    parser.buffer_text = True
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = characters
    parser.CommentHandler = aside
    parser.ProcessingInstructionHandler = lambda target, data: aside(f"{target} {data}")
    parser.EntityDeclHandler = entity
    return parser


def outermost(found: Sequence[Element]) -> list[Element]:
    """Return those that lie in no other of them."""
    kept: list[Element] = []
    for element in sorted(found, key=lambda e: (e.start, -e.end)):
        if not kept or element.start >= kept[-1].end:
            kept.append(element)
    return kept


def entities(source: Source) -> DocumentError:
    """Return the error for a part that declares entities of its own."""
    return failed("E219", source, "it declares entities of its own, which are not expanded")


def too_large(source: Source) -> DocumentError:
    """Return the error for a part, or what stands around the rows of one, that is too large."""
    what = f"a part of more than {LARGEST >> 20} MiB is too large to be held whole"
    return failed("E211", source, what)


def malformed(source: Source) -> DocumentError:
    """Return the error for a part that is no XML."""
    return failed("E210", source, "a part of the workbook is not well-formed XML", "Repair it.")


def missing(source: Source) -> DocumentError:
    """Return the error for a package without a part that it speaks of."""
    return failed(
        "E228",
        source,
        "a part of the workbook is missing or not as the format wants it",
        "Open it in a spreadsheet program, let that repair it, and save it.",
    )

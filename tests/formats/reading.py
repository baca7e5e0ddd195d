"""Opens bytes as a named source, and reads or rewrites them whole."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from phisweep.errors import DocumentError
from phisweep.formats.base import Chunk, Document, ReadOptions, Replaced
from phisweep.formats.choose import choose_format
from phisweep.model import Column, Edit, Source, Text

DEFAULT = ReadOptions()


def open_bytes(name: str, data: bytes, options: ReadOptions = DEFAULT) -> Document:
    source = Source(Path(name), name, len(data), shown=name, data=data)
    return choose_format(source, options).open(source, options)


def read(name: str, data: bytes, options: ReadOptions = DEFAULT) -> list[Chunk]:
    document = open_bytes(name, data, options)
    try:
        return list(document.chunks())
    finally:
        document.close()


def read_until_error(
    name: str, data: bytes, options: ReadOptions = DEFAULT
) -> tuple[list[Chunk], str]:
    """Return the chunks that came, and the message of the error that ended them."""
    chunks: list[Chunk] = []
    try:
        document = open_bytes(name, data, options)
        chunks.extend(document.chunks())
    except DocumentError as error:
        return chunks, str(error)
    return chunks, ""


def rewritten(chunks: Sequence[Chunk]) -> bytes:
    return b"".join(chunk.write({}, {}) for chunk in chunks)


def texts(chunks: Sequence[Chunk]) -> list[Text]:
    return [block for chunk in chunks for block in chunk.blocks if isinstance(block, Text)]


def columns(chunks: Sequence[Chunk]) -> list[Column]:
    return [block for chunk in chunks for block in chunk.blocks if isinstance(block, Column)]


def cells(chunks: Sequence[Chunk]) -> list[list[str]]:
    """Return the data records of a table, as csv.reader would."""
    rows: list[list[str]] = []
    for chunk in chunks:
        parts = [block.values.to_pylist() for block in columns([chunk])]
        rows += [list(row) for row in zip(*parts, strict=True)]
    return rows


def edited(chunks: Sequence[Chunk], edits: Mapping[str, Sequence[Edit]]) -> bytes:
    """Return the document with each chunk's part of the edits in place."""
    return b"".join(
        chunk.write(
            {
                block.location.address: edits[block.location.address]
                for block in chunk.blocks
                if block.location.address in edits
            },
            {},
        )
        for chunk in chunks
    )


def recoded(chunks: Sequence[Chunk], index: int, new: Mapping[str, str]) -> bytes:
    """Return the table with values of one column replaced."""
    out = []
    for chunk in chunks:
        changes = {
            block.location.address: Replaced(
                [new.get(v) for v in block.values.dictionary.to_pylist()]
            )
            for block in columns([chunk])
            if block.index == index
        }
        out.append(chunk.write({}, changes))
    return b"".join(out)

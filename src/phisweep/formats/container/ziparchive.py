"""A zip archive: its members as parts, and the copy of it."""

from __future__ import annotations

import copy
import re
import struct
import zipfile
from collections.abc import Iterator

from phisweep.formats.base import ReadOptions
from phisweep.formats.container.document import Container, Member, Result
from phisweep.formats.container.names import kind_of_name, renamed
from phisweep.formats.zips import Zip
from phisweep.model import Source, Text
from phisweep.splicing import splice

_EPOCH = (1980, 1, 1, 0, 0, 0)  # the first day that a zip file can tell
_UTF_8 = 0x800
#: Extra fields of numbers alone: large sizes, times (NTFS, Unix), owners' numbers, alignment.
_SILENT = {0x0001, 0x000A, 0x5455, 0x5855, 0x7855, 0x7875, 0xCAFE, 0xD935}
_WORDS = re.compile(rb"[\x20-\x7e\xa0-\xff]{4,}")
_FIELD = struct.Struct("<2H")


class ZipArchive(Container):
    """An opened zip archive."""

    def __init__(self, source: Source, options: ReadOptions) -> None:
        super().__init__(source, options)
        self._zip = Zip(source, options)
        self._names = [_name(info) for info in self._zip.entries]
        if self._zip.residue() or any("\0" in info.orig_filename for info in self._zip.entries):
            self._always = True
            self.warnings.append("it holds bytes that belong to no member; they were not read")

    def words(self) -> Iterator[Text]:
        """Yield the names, the comments, and what words stand in extra fields."""
        if self._zip.comment:
            yield self.word("archive comment", _decoded(self._zip.comment), "archive comment")
        for number, info in enumerate(self._zip.entries, 1):
            name = self._names[number - 1]
            kind = kind_of_name(name)
            yield self.word(f"member {number} (name)", name, "names of members", kind=kind)
            if info.comment:
                text = _decoded(info.comment)
                yield self.word(f"member {number} (comment)", text, "comments of members")
            extra = _speaking(info.extra + self._zip.local_extra(info))
            if extra:
                self._always = True
                yield self.word(f"member {number} (extra field)", extra, "extra fields")

    def read(self) -> Iterator[Member]:
        """Yield the members, folders left out."""
        for number, info in enumerate(self._zip.entries, 1):
            if not info.is_dir():
                yield Member(number, self._names[number - 1], self._zip.blocks(info))

    def finish(self) -> Iterator[bytes]:
        """Yield the copy. Raises DocumentError E216."""
        writer = self._zip.writer()
        names = self._new_names()
        for number, info in enumerate(self._zip.entries, 1):
            result = self.results.get(number, Result())
            name = names[number - 1] + result.suffix
            told = copy.copy(info)
            told.date_time = _EPOCH
            if result.left_out:
                continue
            if result.extent is None:
                yield from writer.keep(told, name)
                continue
            start, end = result.extent
            told.file_size = end - start
            if end - start <= self.options.chunk_bytes:
                yield writer.put(told, b"".join(self.store.read(start, end)), name)
                continue
            with writer.open(told, name) as file:
                for block in self.store.read(start, end):
                    file.write(block)
                    yield writer.taken()
            yield writer.taken()
        comment = splice(_decoded(self._zip.comment), self.edits.get("archive comment", ()))
        yield writer.finish(comment.encode("utf-8", "replace")[:0xFFFF])

    def position(self) -> int:
        """Return how many bytes of the source were read so far."""
        return 0 if self._zip.stream.closed else self._zip.stream.tell()

    def close(self) -> None:
        """Release the source."""
        super().close()
        self._zip.close()

    def _new_names(self) -> list[str]:
        edits = {
            i: made
            for i in range(len(self._names))
            if (made := self.edits.get(f"member {i + 1} (name)"))
        }
        return renamed(self._names, edits)


def _name(info: zipfile.ZipInfo) -> str:
    """Return what a member is called: names of today are UTF-8, whether they say so or not."""
    name = info.orig_filename.replace("\0", "_")
    if info.flag_bits & _UTF_8 or name.isascii():
        return name
    try:
        return name.encode("cp437").decode()
    except UnicodeError:
        return name


def _decoded(data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError:
        return data.decode("cp437")


def _speaking(extra: bytes) -> str:
    """Return the words in extra fields that may hold any."""
    words: list[str] = []
    while len(extra) >= _FIELD.size:
        kind, size = _FIELD.unpack_from(extra)
        body, extra = extra[4 : 4 + size], extra[4 + size :]
        if kind not in _SILENT:
            words += (match.decode("latin-1") for match in _WORDS.findall(body))
    words += (match.decode("latin-1") for match in _WORDS.findall(extra))
    return "\n".join(words)

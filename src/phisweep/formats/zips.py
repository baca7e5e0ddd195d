"""
Zip files: members read under caps, and written again with the changed ones in place.

A member that is not changed keeps its compressed bytes. Nothing that no reader sees (bytes before,
between and behind the members, extra fields of local headers) comes into a copy.
"""

from __future__ import annotations

import copy
import struct
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from io import RawIOBase
from typing import IO, BinaryIO

from phisweep.errors import DocumentError
from phisweep.formats.base import ReadOptions, failed
from phisweep.formats.stream import raw_stream
from phisweep.model import Source

_ENCRYPTED, _COMPRESSION, _DESCRIBED, _UTF_8 = 0x1, 0x6, 0x8, 0x800
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA)
_END = 22  # bytes of the record at a zip file's end, without its comment
_END_64 = 76  # of the two before it where the file is large
_LOCAL = struct.Struct("<4s5H3L2H")
_BLOCK = 1 << 20
_LARGE = 1 << 30
_BROKEN = (zipfile.BadZipFile, NotImplementedError, EOFError, struct.error, ValueError, OSError)


class Zip:
    """
    An opened zip file.

    `infos` are its members in the order of its directory, `entries` the same with its folders.
    `unpacked` counts the bytes that were read of members.

    What is wrong with it raises DocumentError: E216 (no zip file, damaged, a member that is not what
    its checksum says), E217 (encrypted), E218 (more, larger or denser than the options allow), E259
    (compressed by another method than the four that are read).
    """

    def __init__(self, source: Source, options: ReadOptions) -> None:
        self._source = source
        self._options = options
        self.unpacked = 0
        self.stream: BinaryIO = raw_stream(source)
        try:
            with self._telling():
                self._file = zipfile.ZipFile(self.stream)
                self.entries = self._file.infolist()
                self.infos = [info for info in self.entries if not info.is_dir()]
                self._check_members()
        except BaseException:
            self.stream.close()
            raise
        self.comment: bytes = self._file.comment

    def _check_members(self) -> None:
        most = self._options.max_members
        if len(self.entries) > most:
            raise failed("E218", self._source, f"more than {most} members")

    def names(self) -> list[str]:
        """Return what the members are called."""
        return [info.filename for info in self.infos]

    def info(self, name: str) -> zipfile.ZipInfo | None:
        """Return the member of that name, None where there is none."""
        return next((info for info in self.infos if info.filename == name), None)

    def read(self, info: zipfile.ZipInfo) -> bytes:
        """Return a member's bytes, whole."""
        return b"".join(self.blocks(info))

    def blocks(self, info: zipfile.ZipInfo) -> Iterator[bytes]:
        """Yield a member's bytes in blocks; the checksum is tested at the last."""
        if info.flag_bits & _ENCRYPTED:
            raise failed("E217", self._source, "a member is encrypted", "Decrypt it first.")
        if info.compress_type not in _METHODS:
            what = "a member is compressed by a method that is not read"
            raise failed("E259", self._source, what, "Pack it again, by deflate.")
        most = self._options.chunk_bytes + self._options.max_ratio * info.compress_size
        size = 0
        with self._telling(), self._file.open(info) as member:
            while block := member.read(_BLOCK):
                size += len(block)
                self.unpacked += len(block)
                if size > most or self.unpacked > self._options.max_unpacked:
                    raise failed(
                        "E218",
                        self._source,
                        "it unpacks to more than may be",
                        "Unpack it yourself if you trust it, and give the folder.",
                    )
                yield block

    def residue(self) -> bool:
        """Say whether bytes stand before, between or behind the members that belong to none."""
        with self._telling():
            at = 0
            for info in sorted(self._file.infolist(), key=lambda i: i.header_offset):
                if info.header_offset != at:
                    return True
                at = self._data_at(info) + info.compress_size
                if info.flag_bits & _DESCRIBED:
                    self.stream.seek(at)
                    at += 16 if self.stream.read(4) == b"PK\x07\x08" else 12
            return at != self._file.start_dir or not self._ends()
        return True

    def _ends(self) -> bool:
        """Say whether nothing but the directory stands behind the members."""
        listed = sum(
            46 + self._name_size(info) + len(info.extra) + len(info.comment)
            for info in self._file.infolist()
        )
        rest = self.stream.seek(0, 2) - self._file.start_dir - listed - len(self.comment)
        return rest in (_END, _END + _END_64)

    @staticmethod
    def _name_size(info: zipfile.ZipInfo) -> int:
        return len(info.orig_filename.encode("utf-8" if info.flag_bits & _UTF_8 else "cp437"))

    def local_extra(self, info: zipfile.ZipInfo) -> bytes:
        """Return the extra field of a member's own header, which may differ from the directory's."""
        with self._telling():
            end = self._data_at(info)
            self.stream.seek(info.header_offset + _LOCAL.size - 2)
            (size,) = struct.unpack("<H", self.stream.read(2))
            self.stream.seek(end - size)
            return self.stream.read(size)

    def writer(self) -> ZipWriter:
        """Return what writes the copy, member by member."""
        return ZipWriter(self)

    def close(self) -> None:
        """Release the source."""
        self.stream.close()

    def raw(self, info: zipfile.ZipInfo) -> Iterator[bytes]:
        """Yield a member's compressed bytes."""
        with self._telling():
            self.stream.seek(self._data_at(info))
            left = info.compress_size
            while left:
                at = self.stream.tell()
                block = self.stream.read(min(left, _BLOCK))
                if not block:
                    raise failed("E216", self._source, "the zip file is cut off")
                left -= len(block)
                yield block
                self.stream.seek(at + len(block))

    def _data_at(self, info: zipfile.ZipInfo) -> int:
        self.stream.seek(info.header_offset)
        fields = _LOCAL.unpack(self.stream.read(_LOCAL.size))
        return info.header_offset + _LOCAL.size + int(fields[-2]) + int(fields[-1])

    @contextmanager
    def _telling(self) -> Iterator[None]:
        """Tell what is wrong without what a library says, which may hold a name."""
        try:
            yield
        except DocumentError:
            raise
        except _BROKEN:
            raise failed("E216", self._source, "the zip file is damaged or cut off") from None
        except Exception as error:
            if type(error).__module__.split(".")[0] not in {"zlib", "_lzma", "bz2", "lzma"}:
                raise
            raise failed("E216", self._source, "the zip file is damaged or cut off") from None


class ZipWriter:
    """
    Writes a copy as a stream: `keep` or `put` each member, in order; `finish` writes the directory.

    Each returns the bytes that stand behind what was written before.
    """

    def __init__(self, zip_: Zip) -> None:
        self._zip = zip_
        self._sink = _Sink()
        self._file = zipfile.ZipFile(self._sink, "w")

    def keep(self, info: zipfile.ZipInfo, name: str = "") -> Iterator[bytes]:
        """Yield a member as it was, under another name if one is given."""
        new = self._header(info, name)
        new.header_offset = self._sink.tell()
        new.CRC, new.compress_size, new.file_size = info.CRC, info.compress_size, info.file_size
        self._sink.write(new.FileHeader())
        yield self._sink.taken()
        for block in self._zip.raw(info):
            self._sink.count(len(block))
            yield block
        self._file.filelist.append(new)
        self._file.NameToInfo[new.filename] = new
        self._file.start_dir = self._sink.tell()
        self._file._didModify = True  # type: ignore[attr-defined]  # noqa: SLF001 - no public way to keep compressed bytes

    def put(self, info: zipfile.ZipInfo, data: bytes, name: str = "") -> bytes:
        """Return a member with other bytes, compressed as it was before."""
        new = self._header(info, name)
        self._file.writestr(new, data, compress_type=info.compress_type)
        return self._sink.taken()

    def open(self, info: zipfile.ZipInfo, name: str = "") -> IO[bytes]:
        """Return a file that a large member is written into; what it wrote is had by `taken`."""
        large = info.file_size > _LARGE  # Office does not open small members that are told as large
        return self._file.open(self._header(info, name), "w", force_zip64=large)

    def taken(self) -> bytes:
        """Return what was written since the last time."""
        return self._sink.taken()

    def finish(self, comment: bytes = b"") -> bytes:
        """Return the directory."""
        self._file.comment = comment
        self._file.close()
        return self._sink.taken()

    @staticmethod
    def _header(info: zipfile.ZipInfo, name: str) -> zipfile.ZipInfo:
        """Return what is told of a member: no comment, no extra field."""
        new = copy.copy(info)
        new.filename = name or info.filename
        new.comment = new.extra = b""
        new.flag_bits = info.flag_bits & _COMPRESSION
        return new


class _Sink(RawIOBase):
    """Takes what is written, to be handed on."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []
        self._size = 0

    def writable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return False

    def tell(self) -> int:
        return self._size

    def write(self, data: object) -> int:
        block = bytes(data)  # type: ignore[call-overload]
        self._parts.append(block)
        self._size += len(block)
        return len(block)

    def count(self, size: int) -> None:
        self._size += size

    def flush(self) -> None:
        """Do nothing, also where a copy is given up and its pieces are thrown away in any order."""

    def taken(self) -> bytes:
        data = b"".join(self._parts)
        self._parts.clear()
        return data

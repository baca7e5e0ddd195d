"""A tar archive: its members as parts, and the copy of it."""

from __future__ import annotations

import posixpath
import tarfile
from collections.abc import Iterator, Mapping
from typing import IO, BinaryIO, Literal

from phisweep.errors import DocumentError
from phisweep.formats import signs
from phisweep.formats.base import ReadOptions, failed
from phisweep.formats.container import packing
from phisweep.formats.container.document import Container, Member, Result
from phisweep.formats.container.names import fit, kind_of_name, renamed, searchable
from phisweep.formats.container.store import Store
from phisweep.formats.container.tarfiles import file_blocks, headers
from phisweep.formats.stream import raw_stream
from phisweep.model import Edit, Source, Text
from phisweep.splicing import splice

_BLOCK = 1 << 20
_UNIT = tarfile.BLOCKSIZE
_MAGIC = slice(257, 262)
_PAD = slice(500, 512)
#: Extended headers of numbers, and those that tarfile has put where they belong.
_SILENT = {"path", "linkpath", "size", "mtime", "atime", "ctime", "uid", "gid", "uname", "gname"}
_SILENT |= {"LIBARCHIVE.creationtime", "SCHILY.dev", "SCHILY.ino", "SCHILY.nlink"}


class TarArchive(Container):
    """An opened tar archive; a packed one is unpacked first, into a store of its own."""

    def __init__(self, source: Source, options: ReadOptions) -> None:
        super().__init__(source, options)
        self._broken: DocumentError | None = None
        self._unpacked = Store()
        stream = raw_stream(source)
        self._packed = signs.packing(stream.read(64))
        self._stream: BinaryIO | None = stream
        self._file: IO[bytes] = stream
        try:
            if self._packed:
                self._unpack()
            self._list()
        except BaseException:
            self.close()
            raise
        self._names = [searchable(info.name) for info in self._infos]
        self._places = {name: i for i, name in enumerate(self._names)}

    def words(self) -> Iterator[Text]:
        """Yield the names and the targets of links, then owners and extended headers, once each."""
        told = dict.fromkeys(("comment", text) for text in self._beside(self._headers))
        for number, info in enumerate(self._infos, 1):
            name = self._names[number - 1]
            kind = kind_of_name(name)
            yield self.word(f"member {number} (name)", name, "names of members", kind=kind)
            if info.linkname:
                target = searchable(info.linkname)
                place = "targets of links"
                kind = kind_of_name(target)
                yield self.word(f"member {number} (target)", target, place, kind=kind)
            told.update(dict.fromkeys(("owner", each) for each in (info.uname, info.gname) if each))
            told.update(dict.fromkeys(("comment", each) for each in self._beside(info.pax_headers)))
        for number, (what, text) in enumerate(told, 1):
            place = "owners" if what == "owner" else "extended headers"
            path = "tar:owner" if what == "owner" else ""
            yield self.word(f"{place}, {number}", searchable(text), place, what, path=path)

    def read(self) -> Iterator[Member]:
        """Yield the members that are files. Raises DocumentError E260."""
        for number, info in enumerate(self._infos, 1):
            if info.isreg():
                yield Member(number, self._names[number - 1], self._blocks(info))
            elif info.type not in tarfile.SUPPORTED_TYPES:
                what = "it is of a kind that is not read"
                self._fail(number, failed("E259", self.source, what, "Leave it out."))
        if self._broken is not None:
            raise self._broken

    def finish(self) -> Iterator[bytes]:
        """Yield the copy."""
        if not self._packed:
            yield from self._written()
            return
        packer = packing.packer(self._packed)
        for block in self._written():
            yield packer.compress(block)
        yield packer.flush()

    def position(self) -> int:
        """Return how many bytes of the source were read so far."""
        if self._packed or self._stream is None or self._stream.closed:
            return self.source.size
        return self._stream.tell()

    def close(self) -> None:
        """Release the source."""
        super().close()
        if self._stream is not None:
            self._stream.close()
        self._unpacked.close()

    def _unpack(self) -> None:
        header = packing.Header()
        try:
            for block in packing.unpacked(self.source, self.options, header):
                self._unpacked.write(block)
        except DocumentError as error:
            if error.code == "E218":
                raise
            self._broken = error
        self._file = self._unpacked.file
        self._words_of(header)

    def _words_of(self, header: packing.Header) -> None:
        if header.names or header.comments or header.extra:
            self._always = True  # its header is nothing that a copy needs

    def _list(self) -> None:
        """Read the headers, and see that nothing stands between and behind them."""
        self._infos: list[tarfile.TarInfo] = []
        self._headers: dict[str, str] = {}
        try:
            tar = headers(self._file, self.source)
            while (info := tar.next()) is not None:
                self._infos.append(info)
                if len(self._infos) > self.options.max_members:
                    most = self.options.max_members
                    raise failed("E218", self.source, f"more than {most} members")
            self._headers = dict(tar.pax_headers)
            whole = self._ends(tar.offset)
        except DocumentError:
            raise
        except (tarfile.TarError, OSError, ValueError, OverflowError, IndexError, KeyError):
            whole = False
        if not whole and self._broken is None:
            what = "the tar archive is damaged, cut off, or followed by other bytes"
            self._broken = failed("E260", self.source, what, "Pack it again, or get a whole copy.")
        if self._broken is not None and not self._infos:
            raise self._broken
        self._always = self._always or any(map(self._padded, self._infos))

    def _ends(self, at: int) -> bool:
        """Say whether the archive ends at a byte, as it should: with zeros, and nothing else."""
        self._file.seek(at)
        block = self._file.read(_UNIT)
        if len(block) < _UNIT:
            return False
        while block:
            if block.strip(b"\0"):
                return False
            block = self._file.read(_BLOCK)
        return True

    def _padded(self, info: tarfile.TarInfo) -> bool:
        """Say whether something stands where nobody looks: behind a header or behind a file."""
        self._file.seek(info.offset_data - _UNIT)
        header = self._file.read(_UNIT)
        if header[_MAGIC] == b"ustar" and header[_PAD].strip(b"\0") and not _holes(info):
            return True
        rest = -info.size % _UNIT
        if not info.isreg() or not rest or _holes(info):
            return False
        self._file.seek(info.offset_data + info.size)
        return bool(self._file.read(rest).strip(b"\0"))

    def _blocks(self, info: tarfile.TarInfo) -> Iterator[bytes]:
        """Yield a file's bytes. Raises DocumentError E218, E260."""
        if info.size > self.options.chunk_bytes + self.options.max_ratio * self.source.size:
            raise failed("E218", self.source, "it unpacks to more than may be", "Pack it whole.")
        for block in file_blocks(self._file, info):
            if not block:
                raise failed("E260", self.source, "the tar archive is cut off", "Get a whole copy.")
            yield block

    @staticmethod
    def _beside(headers: Mapping[str, str]) -> Iterator[str]:
        for key, value in headers.items():
            if key not in _SILENT and not key.startswith("GNU.sparse."):
                yield f"{key}: {value}"

    def _written(self) -> Iterator[bytes]:
        names = self._changed("name", self._names)
        gnu = any(self._is_gnu(info) for info in self._infos[:1])
        form: Literal[1, 2] = 1 if gnu else 2  # tarfile's GNU_FORMAT and PAX_FORMAT
        for number, info in enumerate(self._infos, 1):
            result = self.results.get(number, Result())
            if result.left_out:
                continue
            new = tarfile.TarInfo(self._raw(info.name, number, names) + result.suffix)
            new.mode, new.devmajor, new.devminor = info.mode, info.devmajor, info.devminor
            new.type = tarfile.REGTYPE if info.isreg() else info.type
            new.linkname = self._target(info, number, names)
            start, end = result.extent or (0, 0)
            own = result.extent is None and info.isreg()
            new.size = info.size if own else end - start
            yield new.tobuf(form, "utf-8", "surrogateescape")
            yield from self._blocks(info) if own else self.store.read(start, end)
            yield bytes(-new.size % _UNIT)
        yield bytes(2 * _UNIT)

    def _is_gnu(self, info: tarfile.TarInfo) -> bool:
        self._file.seek(info.offset)
        return self._file.read(_UNIT)[257:265] == tarfile.GNU_MAGIC

    def _changed(self, what: str, texts: list[str]) -> list[str]:
        edits = {
            i: made
            for i in range(len(texts))
            if (made := self.edits.get(f"member {i + 1} ({what})"))
        }
        return renamed(texts, edits)

    def _raw(self, name: str, number: int, names: list[str]) -> str:
        """Return a name in the copy: bytes that are no text stay where nothing changed."""
        return name if names[number - 1] == self._names[number - 1] else names[number - 1]

    def _target(self, info: tarfile.TarInfo, number: int, names: list[str]) -> str:
        """Return a link's target: that of a member follows its name."""
        if not info.linkname:
            return ""
        target, own = searchable(info.linkname), self._names[number - 1]
        places = self._places
        if info.islnk() and target in places:
            return names[places[target]]
        full = posixpath.normpath(posixpath.join(posixpath.dirname(own), target))
        if info.issym() and full in places and not target.startswith("/"):
            new = names[places[full]]
            if new == full and names[number - 1] == own:
                return info.linkname
            return posixpath.relpath(new, posixpath.dirname(names[number - 1]) or ".")
        edits = self.edits.get(f"member {number} (target)", ())
        made = [Edit(e.start, e.end, fit(e.text)) for e in edits]
        return splice(target, made) if made else info.linkname


def _holes(info: tarfile.TarInfo) -> bool:
    return info.sparse is not None

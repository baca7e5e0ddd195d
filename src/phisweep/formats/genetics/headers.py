"""Headers of genetic data: lines of VCF, SAM and consumer tests, read groups of BAM, ids of PLINK."""

from __future__ import annotations

from collections.abc import Iterator

from phisweep.errors import DocumentError
from phisweep.formats import signs
from phisweep.formats.base import ReadOptions, failed
from phisweep.formats.stream import raw_stream
from phisweep.model import Source

#: Labels of what is one person's id, by its place.
IDS = ("sample", "family_id", "individual_id")
Line = tuple[str, str]

_MOST = 64 << 20  # bytes of headers
_LONGEST = 16 << 20  # bytes of one line of a header
_BLOCK = 1 << 20
_FIXED = 9  # columns of VCF before those of the samples
_BEGINNINGS = (
    b"##fileformat=VCF", b"BAM\1", b"BCF\2", b"CRAM\2", b"CRAM\3", b"@HD\tVN:", b"@SQ\tSN:",
    b"\x6c\x1b\x01", b"\x6c\x1b\x10", b"\x43\x27\x41\x1a", b"NCBI.sra", b"BAI\1",
)  # fmt: skip
_CONSUMER = (
    b"23andMe",
    b"AncestryDNA",
    b"MyHeritage",
    b"FamilyTreeDNA",
    b"rsid\tchromosome\tposition",
)
_GENOTYPES = (b"rsid", b"RSID")


def begins(head: bytes) -> bool:
    """Say whether the first bytes are of genetic data, beyond doubt."""
    if head.startswith(_BEGINNINGS):
        return True
    first = head[:4096]
    consumer = first.startswith((b"#", b"rsid", b"RSID")) and any(m in first for m in _CONSUMER)
    return consumer and any(mark in head[: 1 << 16] for mark in _GENOTYPES)


def read(source: Source, options: ReadOptions) -> Iterator[Line]:
    """
    Yield label and text of each line of the headers.

    Raises DocumentError E201, E218 (a header too large, or too densely packed), E260.
    """
    blocks = _Blocks(source, options)
    try:
        start = blocks.more(64)
        if start.startswith((b"BAM\1", b"BCF\2")):
            yield from _binary(blocks, start)
        elif start.startswith(b"CRAM"):
            yield from _cram(blocks)
        elif source.name.lower().endswith((".fam", ".ped", ".fam.gz", ".ped.gz", ".psam")):
            yield from _people(blocks)
        elif b"\0" not in start:
            yield from _lines(blocks)
    finally:
        blocks.close()


class _Blocks:
    """The bytes of a source, unpacked where it is packed, as far as they are asked for."""

    def __init__(self, source: Source, options: ReadOptions) -> None:
        from phisweep.formats.container import packing  # noqa: PLC0415 - `begins` is asked of all

        self._source = source
        self._stream = raw_stream(source)
        packed = signs.packing(self._stream.read(64)) == "gz"
        self._stream.seek(0)
        self._rest = packing.unpacked(source, options) if packed else self._plain()
        self.held = b""
        self.taken = 0

    def _plain(self) -> Iterator[bytes]:
        while block := self._stream.read(_BLOCK):
            yield block

    def more(self, size: int) -> bytes:
        """Return what is held, at least so many bytes of it where there are any."""
        while len(self.held) < size and (block := next(self._rest, b"")):
            self.held += block
            self.taken += len(block)
        return self.held

    def lines(self) -> Iterator[bytes]:
        """Yield lines without their ends; of a very long one the first bytes."""
        rest, cut = self.more(1), False
        while True:
            *lines, rest = rest.split(b"\n")
            if cut and lines:
                lines, cut = lines[1:], False
            for line in lines:
                yield line.rstrip(b"\r")
            block = next(self._rest, b"")
            if not block:
                break
            if len(rest) > _LONGEST and not cut:
                yield rest
                cut = True
            rest = block if cut else rest + block
        if rest and not cut:
            yield rest

    def too_large(self) -> DocumentError:
        """Return the error for headers that never end."""
        return failed("E218", self._source, "its headers are larger than may be")

    def close(self) -> None:
        """Release the source."""
        self._stream.close()


def _lines(blocks: _Blocks) -> Iterator[Line]:
    """Yield the lines of a text that are headers: ##, #, @ before the first record."""
    size = 0
    for line in blocks.lines():
        size += len(line)
        if size > _MOST:
            raise blocks.too_large()
        text = line.decode("utf-8", "replace")
        if text.startswith("#CHROM\t"):
            for sample in text.split("\t")[_FIXED:]:
                yield "sample", sample
        elif text.startswith("@") and text[1:3].isalpha() and text[3:4] == "\t":
            yield from _sam(text)
        elif text.startswith("#"):
            yield "header", text.lstrip("#").strip()
        elif text.startswith((">", ";")):
            yield "sequence", text[1:]
            return
        elif text.strip():
            return


def _sam(line: str) -> Iterator[Line]:
    """Yield a header line of SAM; of a read group each field by itself."""
    if not line.startswith("@RG\t"):
        if not line.startswith("@SQ\t"):
            yield line[1:3], line[4:]
        return
    for each in line.split("\t")[1:]:
        key, _, value = each.partition(":")
        yield "sample" if key == "SM" else f"read group {key}", value


def _binary(blocks: _Blocks, start: bytes) -> Iterator[Line]:
    """Yield the header of BAM and BCF, which is that of SAM and VCF."""
    at = 4 if start.startswith(b"BAM") else 5
    size = int.from_bytes(start[at : at + 4], "little")
    if size > _MOST:
        raise blocks.too_large()
    text = blocks.more(at + 4 + size)[at + 4 : at + 4 + size]
    yield from _texts(text)


def _cram(blocks: _Blocks) -> Iterator[Line]:
    """Yield the header of a CRAM file, where it stands unpacked in the first 1 MiB."""
    data = blocks.more(_BLOCK)
    at = data.find(b"@HD\t")
    if at >= 0:
        yield from _texts(data[at : data.find(b"\0", at) if b"\0" in data[at:] else None])


def _texts(text: bytes) -> Iterator[Line]:
    for line in text.rstrip(b"\0").decode("utf-8", "replace").splitlines():
        if line.startswith("@"):
            yield from _sam(line)
        elif line.startswith("#CHROM\t"):
            yield from (("sample", each) for each in line.split("\t")[_FIXED:])
        else:
            yield "header", line.lstrip("#")


def _people(blocks: _Blocks) -> Iterator[Line]:
    """Yield the ids of families and people: the first columns of PLINK's tables."""
    seen: set[str] = set()
    for line in blocks.lines():
        for label, value in zip(
            ("family_id", *("individual_id",) * 3),
            line[:4096].decode("utf-8", "replace").split()[:4],
            strict=False,
        ):
            if value not in seen and value != "0" and not value.startswith("#"):
                if len(seen) < 1_000_000:  # noqa: PLR2004 - told once each, as far as memory goes
                    seen.add(value)
                yield label, value

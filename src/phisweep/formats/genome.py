"""
Genetic data: never called clean, never copied.

A genome tells one person from all others and is no finding of a rule: whether it may be released is
for an expert. What stands beside it is searched: headers, read groups, comments, names of samples
and families. BGZF and gzip are unpacked for that, as far as the headers go.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from phisweep.formats.base import (
    Block,
    Fidelity,
    FormatDefaults,
    OnePart,
    ReadOptions,
    Replaced,
    register,
)
from phisweep.formats.container import packing
from phisweep.formats.genetics import headers
from phisweep.model import Edit, Location, Source, Text

HELD = "genetic data are not assessed: biometric (P), any unique characteristic (R)"
_AT_ONCE = 1_000
_TEXTS = (
    ".fastq", ".fq", ".fasta", ".fa", ".fna", ".faa", ".sam", ".vcf", ".gvcf", ".g.vcf", ".ped",
    ".fam", ".bim", ".pvar", ".psam",
)  # fmt: skip
_PACKED = tuple(f"{suffix}{packed}" for suffix in _TEXTS for packed in (".gz", ".bgz"))
_BINARY = (".bam", ".bai", ".bcf", ".cram", ".crai", ".bed", ".bgen", ".pgen", ".2bit", ".sra")


@dataclass(frozen=True, slots=True)
class HeaderChunk:
    """Lines of a header; nothing is ever written."""

    blocks: Sequence[Block] = field(repr=False)

    def write(self, edits: Mapping[str, Sequence[Edit]], columns: Mapping[str, Replaced]) -> bytes:  # noqa: ARG002 - the contract's
        """Return nothing: no copy is written."""
        return b""


@dataclass(slots=True)
class GenomeDocument(OnePart):
    """An opened file of genetic data."""

    fidelity: Fidelity = field(default="always", init=False)  # type: ignore[misc]
    held: str = field(default=HELD, init=False)  # type: ignore[misc]
    source: Source
    options: ReadOptions
    encoding: str = ""
    warnings: list[str] = field(default_factory=list)
    rows: int | None = None
    columns: int | None = None

    def chunks(self) -> Iterator[HeaderChunk]:
        """Yield the headers, some thousand lines at once. Raises DocumentError E201, E218, E260."""
        held: list[Block] = []
        told = headers.read(self.source, self.options)
        for number, (label, text) in enumerate(told, 1):
            if text.strip():
                where = Location(self.source.shown, f"header {number}")
                path = f"genome:{label}" if label in headers.IDS else ""
                held.append(Text(where, text, label, kind="metadata", path=path, place="header"))
            if len(held) == _AT_ONCE:
                yield HeaderChunk(held)
                held = []
        yield HeaderChunk(held)

    def position(self) -> int:
        """Return the size."""
        return self.source.size

    def close(self) -> None:
        """Do nothing: the source is not kept open."""


@dataclass(slots=True)
class Genome(FormatDefaults):
    """Variants, alignments, sequences and genotypes."""

    name: str = "genome"
    suffixes: tuple[str, ...] = (*_TEXTS, *_PACKED, *_BINARY)
    unread: tuple[str, ...] = (
        "variants, genotypes, reads and sequences",
        "names of single reads, and all but the headers",
    )
    structured: bool = False
    rank: int = 2  # type: ignore[misc] # before what is only packed

    def certain(self, head: bytes, source: Source) -> bool:
        """Say whether it begins as such a file does, packed or not."""
        if packing.kind(head) != "gz":
            return headers.begins(head)
        packed = source.name.lower().endswith(_PACKED)
        return packed or headers.begins(packing.head_of(head, 4096))

    def open(self, source: Source, options: ReadOptions) -> GenomeDocument:
        """Open the file. Raises DocumentError E201."""
        return GenomeDocument(source, options)


register(Genome())

"""
Genetic data: never called clean, never copied.

A genome tells one person from all others and is no finding of a rule: whether it may be released is
for an expert. What stands beside it is searched: headers, read groups, comments, names of samples
and families. BGZF and gzip are unpacked for that, as far as the headers go.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from phisweep.formats import signs
from phisweep.formats.base import (
    FormatDefaults,
    ReadOptions,
    register,
)
from phisweep.formats.genetics import headers
from phisweep.model import Source
from phisweep.values import dataclass

if TYPE_CHECKING:
    from phisweep.formats.genetics.document import GenomeDocument
_TEXTS = (
    ".fastq", ".fq", ".fasta", ".fa", ".fna", ".faa", ".sam", ".vcf", ".gvcf", ".g.vcf", ".ped",
    ".fam", ".bim", ".pvar", ".psam",
)  # fmt: skip
_PACKED = tuple(f"{suffix}{packed}" for suffix in _TEXTS for packed in (".gz", ".bgz"))
_BINARY = (".bam", ".bai", ".bcf", ".cram", ".crai", ".bed", ".bgen", ".pgen", ".2bit", ".sra")


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
        if signs.packing(head) != "gz":
            return headers.begins(head)
        if source.name.lower().endswith(_PACKED):
            return True
        from phisweep.formats.container import packing  # noqa: PLC0415 - where one is packed

        return headers.begins(packing.head_of(head, 4096))

    def open(self, source: Source, options: ReadOptions) -> GenomeDocument:
        """Open the file. Raises DocumentError E201."""
        from phisweep.formats.genetics.document import GenomeDocument  # noqa: PLC0415 - where one is read

        return GenomeDocument(source, options)


register(Genome())

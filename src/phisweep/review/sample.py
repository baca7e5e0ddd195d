"""The file of a sample, `sample.json`: where its units stand, and what was done there; no value."""

from __future__ import annotations

import hashlib
import hmac
from pathlib import Path
from typing import Annotated, Final, Literal

from phisweep.errors import UsageError
from phisweep.filed import Checked, field
from phisweep.formats.base import ReadOptions
from phisweep.report.parts import Count, Digest, Guarded, Letter, Score
from phisweep.review.strata import CANDIDATES, Group, Stratum

SCHEMA: Final = "phisweep-sample/1"
_PURPOSE = b"phisweep-sample/1\0"
_BLOCK = 1 << 20
Offsets = tuple[Count, Count]


class FileRef(Guarded):
    """An original, by the name that it has in the report."""

    path: str
    sha256: Digest
    bytes: Count


class UnitRecord(Guarded):
    """
    One thing to judge: a finding, or a passage or cell in which something stayed.

    `part` (from 1), `block` and `row` (from 0) say where in the file the text stands, `start:end`
    where in that text the unit lies, in half-open code points. `removed` are the spans of a passage
    that the run removed, `told` those that are no misses of a passage: kept by the policy, or
    drawn by themselves. `digest` is an HMAC of the unit's characters under a digest of the whole
    original.
    """

    id: str
    file: Count
    part: Count
    block: Count
    row: Count | None
    start: Count
    end: Count
    group: Group
    letter: Letter | Literal[""]
    identifier: str
    rule: str
    operator: str
    score: Score | None
    place: str
    removed: tuple[Offsets, ...]
    told: tuple[Offsets, ...]
    digest: str

    @property
    def is_candidate(self) -> bool:
        """Say whether it is a single finding."""
        return self.group in CANDIDATES

    @property
    def stratum(self) -> Stratum:
        """The stratum that it was drawn from."""
        return Stratum(self.group, self.letter)


class StratumRecord(Guarded):
    """How many units there are in a stratum, and how many of them were drawn."""

    group: Group
    letter: Letter | Literal[""]
    population: Count
    drawn: Count

    @property
    def stratum(self) -> Stratum:
        """The stratum itself."""
        return Stratum(self.group, self.letter)


class SampleRecord(Guarded):
    """
    A sample of a run. `units` stand in the order in which they are asked, drawn by lot.

    `notes` say in what the drawing was not under the run's own conditions. `encoding`,
    `chunk_bytes` and `max_line_bytes` are how the files are read.
    """

    schema_: Literal["phisweep-sample/1"] = field(alias="schema")
    version: str
    run_id: str
    run_sha256: Digest
    drawn: str
    seed: Count
    asked: Annotated[int, Checked(ge=1)]
    notes: tuple[str, ...]
    encoding: str
    chunk_bytes: int
    max_line_bytes: int
    files: tuple[FileRef, ...]
    strata: tuple[StratumRecord, ...]
    units: tuple[UnitRecord, ...]

    @property
    def options(self) -> ReadOptions:
        """How the files are read."""
        return ReadOptions(
            encoding=self.encoding,
            chunk_bytes=self.chunk_bytes,
            max_line_bytes=self.max_line_bytes,
        )

    def _check(self) -> None:
        drawn = {entry.stratum: entry.drawn for entry in self.strata}
        for unit in self.units:
            drawn[unit.stratum] = drawn.get(unit.stratum, 0) - 1
            if unit.file >= len(self.files) or unit.start >= unit.end:
                raise ValueError("a unit stands nowhere")
        if any(drawn.values()) or len({u.id for u in self.units}) != len(self.units):
            raise ValueError("the units are not those of the strata")


def unusable(why: str, where: str, todo: str = "Draw it again: phisweep sample.") -> UsageError:
    """Return the error for a sample that cannot be used."""
    return UsageError("E197", f"this sample cannot be used: {why}", where=where, todo=todo)


def load_sample(path: Path) -> tuple[SampleRecord, str]:
    """Read a sample; return it with the SHA-256 of its file. Raises UsageError (E197)."""
    from pydantic import ValidationError  # noqa: PLC0415 - a file is read

    try:
        data = path.read_bytes()
        return SampleRecord.model_validate_json(data), hashlib.sha256(data).hexdigest()
    except OSError as error:
        raise unusable(f"it cannot be read: {error.strerror}", path.name) from None
    except ValidationError:
        why = f"it is not of the schema {SCHEMA}"
        raise unusable(why, path.name, "Give the file that phisweep sample wrote.") from None


def digests_of(path: Path) -> tuple[str, bytes]:
    """
    Return the SHA-256 of a file, and the key of the digests of its units. Raises OSError.

    The key is a digest of the whole file too, which stands nowhere: a digest of a unit tells
    nothing to those who have not the file.
    """
    plain, keyed = hashlib.sha256(), hashlib.sha256(_PURPOSE)
    with path.open("rb") as file:
        while data := file.read(_BLOCK):
            plain.update(data)
            keyed.update(data)
    return plain.hexdigest(), keyed.digest()


def unit_digest(key: bytes, text: str) -> str:
    """Return the digest of a unit's characters: 64 bits, hex."""
    return hmac.digest(key, text.encode(errors="surrogatepass"), "sha256")[:8].hex()

"""
The chain of custody, `custody.jsonl`: one line for every step that a report went through.

Each entry names the SHA-256 of every file of the report as the step left it, and that of the line
before, so that no step can be taken out or changed unseen. The last entry tells what must be there.
An entry holds its own SHA-256, and may be signed: a signature covers all that the entry says, and by
the line before, all that came earlier. `phisweep.integrity.chain` checks it.
"""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Annotated, Any, ClassVar, Final, Literal

from phisweep.figures import stamp
from phisweep.filed import Checked, Model, field
from phisweep.integrity.canonical import canonical, digest
from phisweep.integrity.digests import sha256_of, walked
from phisweep.integrity.records import Head
from phisweep.integrity.signatures import PublicKey, SigningKey
from phisweep.values import dataclass

FILE = "custody.jsonl"
SCHEMA: Final = "phisweep-custody/1"
#: The files that every step makes anew.
RENDERINGS = frozenset({"report.html", "report.md"})
_NEWER = re.compile(r'"schema":"(phisweep-custody/[0-9]{1,6})"')
Digest = Annotated[str, Checked(pattern="^[0-9a-f]{64}$")]


class _Part(Model):
    model_config: ClassVar[Mapping[str, Any]] = {
        "extra": "forbid", "frozen": True, "strict": True, "hide_input_in_errors": True,
    }  # fmt: skip


class RecordsEntry(_Part):
    """What `records.jsonl` is: how many lines, and the SHA-256 of the last one."""

    lines: Annotated[int, Checked(ge=2)]
    head: Digest


class Signature(_Part):
    """The 64 bytes of a signature in hex, and the id of its key."""

    key_id: Annotated[str, Checked(pattern="^ed25519:[0-9a-f]{16}$")]
    value: Annotated[str, Checked(pattern="^[0-9a-f]{128}$")]


class Entry(_Part):
    """
    One step: what it is called, when it ended (UTC), by which tool, and the files as it left them.

    `sha256` is that of the entry without `sha256` and `signature`, in canonical form; the same bytes
    are signed. `public_key` is the signer's, 32 bytes in hex; empty where nobody signed.
    """

    model_config: ClassVar[Mapping[str, Any]] = {
        "title": "phisweep custody entry",
        "json_schema_extra": {
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "$id": f"urn:{SCHEMA.replace('/', ':')}",
        },
    }

    schema_: Literal["phisweep-custody/1"] = field(alias="schema")
    number: Annotated[int, Checked(ge=1)]
    at: Annotated[str, Checked(pattern=r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$")]
    step: Annotated[str, Checked(pattern="^[a-z][a-z0-9 _-]{0,60}$")]
    tool: Annotated[str, Checked(max_length=100)]
    files: dict[str, Digest]
    records: RecordsEntry | None
    before: Annotated[str, Checked(pattern="^([0-9a-f]{64})?$")]
    public_key: Annotated[str, Checked(pattern="^([0-9a-f]{64})?$")]
    sha256: Digest
    signature: Signature | None

    @property
    def said(self) -> bytes:
        """What is digested, and signed."""
        data = self.model_dump(mode="json", by_alias=True, exclude={"sha256", "signature"})
        return canonical(data)

    @property
    def line(self) -> bytes:
        """The line of the entry, without its LF."""
        return canonical(self.model_dump(mode="json", by_alias=True))

    @property
    def signer(self) -> PublicKey | None:
        """The key that the entry says it was signed by."""
        return PublicKey(bytes.fromhex(self.public_key)) if self.public_key else None

    @property
    def signed(self) -> bool:
        """Say whether the signature is there, and is by the entry's own key."""
        if self.signer is None or self.signature is None:
            return False
        named = self.signature.key_id == self.signer.key_id
        return named and self.signer.vouches(bytes.fromhex(self.signature.value), self.said)


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the chain: its digest, and the entry that it is, or why it is none."""

    sha256: str
    entry: Entry | None
    fault: str = ""


def entry_of(
    folder: Path,
    step: str,
    files: Mapping[str, str],
    *,
    tool: str = "phisweep",
    signer: SigningKey | None = None,
    records: Head | None = None,
) -> Entry:
    """
    Return the next entry of a report's chain: a step ("deid", "review", ...) that leaves `files`.

    The head of records.jsonl is handed on from entry to entry. Raises OSError, ValueError where the
    chain is none that can be added to.
    """
    lines = read(folder)
    last = lines[-1].entry if lines else None
    if lines and last is None:
        raise ValueError("the last line of the chain is no entry")
    kept = last.records if last else None
    head = RecordsEntry(lines=records.lines, head=records.sha256) if records else kept
    said = {
        "schema": SCHEMA,
        "number": len(lines) + 1,
        "at": stamp(),
        "step": step,
        "tool": tool,
        "files": dict(files),
        "records": head.model_dump() if head else None,
        "before": lines[-1].sha256 if lines else "",
        "public_key": signer.public.raw.hex() if signer else "",
    }
    data = canonical(said)
    signature = _signature(signer, data) if signer else None
    return Entry.model_validate(said | {"sha256": digest(data), "signature": signature})


def append(folder: Path, entry: Entry) -> None:
    """Write an entry as the last line of a report's chain. Raises OSError."""
    descriptor = os.open(folder / FILE, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(descriptor, "ab") as file:
        file.write(entry.line + b"\n")
        file.flush()
        os.fsync(file.fileno())


def _signature(signer: SigningKey, data: bytes) -> dict[str, str]:
    return {"key_id": signer.public.key_id, "value": signer.sign(data).hex()}


def digests(folder: Path, only: Collection[str] | None = None) -> dict[str, str]:
    """
    Return the SHA-256 of every file of a report but the chain itself, by name. Raises OSError.

    `only` names those that are asked for.
    """
    names = (name for name, plain in walked(folder) if plain and name != FILE)
    return {name: sha256_of(folder / name) for name in names if only is None or name in only}


def read(folder: Path) -> list[Line]:
    """Return the lines of a report's chain; none where it has no chain. Raises OSError."""
    path = folder / FILE
    if not path.is_file():
        return []
    *whole, rest = path.read_bytes().split(b"\n")
    lines = [_line(line) for line in whole]
    if rest:
        lines.append(Line(digest(rest), None, "does not end as a line ends"))
    return lines


def own(step: str, name: str) -> bool:
    """Say whether a step may write a file of the report: its own companion, and the renderings."""
    return name in RENDERINGS or name.startswith((f"{step}.", f"{step}-"))


def _line(line: bytes) -> Line:
    """Return a line as what it is: an entry in exactly the form that is written, or a fault."""
    sha256 = digest(line)
    from pydantic import ValidationError  # noqa: PLC0415 - a file is read

    try:
        entry = Entry.model_validate_json(line)
    except ValidationError:
        newer = _NEWER.search(line.decode("ascii", "replace"))
        if newer and newer[1] != SCHEMA:
            fault = f"is of the schema {newer[1]}, which this version does not read"
            return Line(sha256, None, fault)
        return Line(sha256, None, "was changed: it is no entry of the chain")
    if entry.line != line or digest(entry.said) != entry.sha256:
        return Line(sha256, None, "was changed: its own SHA-256 is another one")
    return Line(sha256, entry)

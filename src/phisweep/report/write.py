"""The report on disk: run.json, report.html, report.md, for their owner alone."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

from phisweep.errors import UsageError, VerificationError
from phisweep.installed import version_of
from phisweep.integrity import chain, custody
from phisweep.integrity import records as chained
from phisweep.integrity.digests import sha256_of
from phisweep.integrity.records import Chained
from phisweep.integrity.signatures import SigningKey
from phisweep.report import json_, markdown
from phisweep.report.companions import load_companions
from phisweep.report.parts import Part
from phisweep.report.record import RunRecord, load_record

_STEPS = ("deid", "scan", "gate", "verify")
_TOLD = 3  # faults that an error names


def write_record(
    record: RunRecord,
    folder: Path,
    *,
    records: Iterable[Mapping[str, object]] | None = None,
    signer: SigningKey | None = None,
) -> Path:
    """
    Write run.json, report.md and report.html, mode 0600, each whole or not at all.

    Return the path of report.html. `records` are written beside them as records.jsonl, as they come.
    All renderings are made before the first file is written. The step is entered into the chain of
    custody, signed where there is a `signer`. Raises UsageError (E134).
    """
    record = _chained(record)
    lines = None if records is None else Chained(record.manifest.run_id, records)
    command = record.manifest.command.split()
    step = next((verb for verb in _STEPS if verb in command), "run")
    first = {"run.json": map(str.encode, json_.pieces(record))}
    return _write(folder, record, step, first, signer=signer, lines=lines)


def attach(
    folder: Path,
    name: str,
    companion: Part,
    *,
    signer: SigningKey | None = None,
    despite: bool = False,
) -> Path:
    """
    Write a companion beside the run.json of a report, and render the report anew with it.

    The step is entered into the chain of custody under the companion's name, signed where there is a
    `signer`. `companion` names the SHA-256 of that run.json. What is not as the chain says is never
    built upon, unless `despite` says that it is known. Raises UsageError (E131, E132, E134, E150),
    VerificationError (E502).
    """
    text = companion.model_dump_json(by_alias=True, indent=1) + "\n"
    faults = _faults(folder, name, despite=despite)
    if faults:
        more = f"; and {len(faults) - _TOLD} more" if len(faults) > _TOLD else ""
        raise VerificationError(
            "E502",
            f"the report is not as its chain of custody says ({'; '.join(faults[:_TOLD])}{more})",
            where=folder.name,
            todo="Restore it from a copy, or make the release again.",
        )
    record = load_record(folder / "run.json")
    return _write(
        folder, record, name, {f"{name}.json": [text.encode()]}, {name: companion}, signer=signer
    )


def _faults(folder: Path, name: str, *, despite: bool) -> list[str]:
    """Return why nothing may be added to a report."""
    try:
        return chain.ended(folder) if despite else chain.differing(folder, name)
    except OSError as error:
        raise UsageError(
            "E131", f"the record cannot be read: {error.strerror}", where=folder.name
        ) from None


def _chained(record: RunRecord) -> RunRecord:
    """Return a record that says that a chain of custody stands beside it."""
    told = record.custody.model_copy(update={"chain": custody.FILE})
    return record.model_copy(update={"custody": told})


def _write(
    folder: Path,
    record: RunRecord,
    step: str,
    first: Mapping[str, Iterable[bytes]],
    new: Mapping[str, Part] | None = None,
    *,
    signer: SigningKey | None,
    lines: Chained | None = None,
) -> Path:
    """Write files, and the renderings of a record with all that stands beside it."""
    from phisweep.report import html  # noqa: PLC0415 - templates, which a scan does not need

    beside = load_companions(folder, new or {})
    pieces: dict[str, Iterable[bytes]] = {} if lines is None else {chained.FILE: lines}
    pieces |= first
    pieces |= {
        "report.md": [markdown.render(record, beside).encode()],
        "report.html": [html.render(record, beside).encode()],
    }
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        _put(folder, step, pieces, signer, lines)
    except OSError as error:
        raise UsageError(
            "E134", f"the report cannot be written: {error.strerror}", where=folder.name
        ) from None
    return folder / "report.html"


def _put(
    folder: Path,
    step: str,
    pieces: Mapping[str, Iterable[bytes]],
    signer: SigningKey | None,
    lines: Chained | None,
) -> None:
    """
    Write files and the entry of the chain that names them. Raises OSError.

    All is written under other names first, so that what can fail fails before the report changes.
    """
    with ExitStack() as drafts:
        files = custody.digests(folder)
        ready = {name: drafts.enter_context(_draft(folder / name, pieces[name])) for name in pieces}
        files |= {name: sha256_of(draft) for name, draft in ready.items()}
        entry = custody.entry_of(
            folder,
            step,
            files,
            tool=f"phisweep {version_of('phisweep')}",
            signer=signer,
            records=lines.head if lines is not None else None,
        )
        for name, draft in ready.items():
            draft.replace(folder / name)
        custody.append(folder, entry)


def write_private(path: Path, data: bytes) -> None:
    """Write a file of mode 0600 beside its name, then move it there. Raises OSError."""
    write_pieces(path, (data,))


def write_pieces(path: Path, pieces: Iterable[bytes]) -> None:
    """Write a file like `write_private`, as its pieces come. Raises OSError."""
    with _draft(path, pieces) as draft:
        draft.replace(path)


@contextmanager
def _draft(path: Path, pieces: Iterable[bytes]) -> Iterator[Path]:
    """Yield a file of mode 0600 beside a name; what was not moved from there is removed."""
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}.tmp")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.writelines(pieces)
            file.flush()
            os.fsync(file.fileno())
        yield draft
    finally:
        draft.unlink(missing_ok=True)

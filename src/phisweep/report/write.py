"""The report on disk: run.json, report.html, report.md, for their owner alone."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from pathlib import Path

from phisweep.errors import UsageError
from phisweep.integrity import custody
from phisweep.model import Run
from phisweep.report import json_, markdown
from phisweep.report.companions import load_companions
from phisweep.report.parts import Keeping, Part
from phisweep.report.record import RunRecord, load_record, record_of
from phisweep.ruleset.load import Ruleset
from phisweep.ruleset.schema import PolicyFile


def write_report(
    run: Run,
    ruleset: Ruleset,
    folder: Path,
    *,
    policy: PolicyFile | None = None,
    keeping: Keeping = "not told",
) -> Path:
    """Write the report of a run into a folder, and return the path of report.html."""
    return write_record(record_of(run, ruleset, policy=policy, keeping=keeping), folder)


def write_record(record: RunRecord, folder: Path) -> Path:
    """
    Write run.json, report.md and report.html, mode 0600, each whole or not at all.

    All three are rendered before the first is written. The step is entered into the chain of
    custody. Raises UsageError (E134).
    """
    return _write(folder, record, record.manifest.command, {"run.json": json_.render(record)})


def attach(folder: Path, name: str, companion: Part) -> Path:
    """
    Write a companion beside the run.json of a report, and render the report anew with it.

    The step is entered into the chain of custody under the companion's name. `companion` names the
    SHA-256 of that run.json. Raises UsageError (E131, E132, E134, E150).
    """
    text = companion.model_dump_json(by_alias=True, indent=1) + "\n"
    record = load_record(folder / "run.json")
    return _write(folder, record, name, {f"{name}.json": text}, {name: companion})


def _write(
    folder: Path,
    record: RunRecord,
    step: str,
    first: Mapping[str, str],
    new: Mapping[str, Part] | None = None,
) -> Path:
    """Write files, and the renderings of a record with all that stands beside it."""
    from phisweep.report import html  # noqa: PLC0415 - templates, which a scan does not need

    beside = load_companions(folder, new or {})
    texts = {
        **first,
        "report.md": markdown.render(record, beside),
        "report.html": html.render(record, beside),
    }
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for name, text in texts.items():
            write_private(folder / name, text.encode())
        custody.enter(folder, step)
    except OSError as error:
        raise UsageError(
            "E134", f"the report cannot be written: {error.strerror}", where=folder.name
        ) from None
    return folder / "report.html"


def write_private(path: Path, data: bytes) -> None:
    """Write a file of mode 0600 beside its name, then move it there. Raises OSError."""
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}.tmp")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise

"""The report on disk: run.json, report.html, report.md, for their owner alone."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from phisweep.errors import UsageError
from phisweep.model import Run
from phisweep.report import json_, markdown
from phisweep.report.parts import Keeping
from phisweep.report.record import RunRecord, record_of
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

    All three are rendered before the first is written. Raises UsageError (E134).
    """
    from phisweep.report import html  # noqa: PLC0415 - templates, which a scan does not need

    texts = {
        "run.json": json_.render(record),
        "report.md": markdown.render(record),
        "report.html": html.render(record),
    }
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for name, text in texts.items():
            write_private(folder / name, text.encode())
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

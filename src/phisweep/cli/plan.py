"""`phisweep plan`: propose a policy file for a data set; never write to the data."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import click

from phisweep.cli import _options as options
from phisweep.cli import _output as output
from phisweep.discover import Skipped
from phisweep.errors import UsageError
from phisweep.legible import quoted
from phisweep.proposal.draft import as_json, draft
from phisweep.proposal.propose import Asked, propose
from phisweep.proposal.table import render
from phisweep.proposal.values import Proposal
from phisweep.report.write import write_private
from phisweep.ruleset.writing import policy_text
from phisweep.runs.settings import Settings, session_of
from phisweep.runs.sources import met
from phisweep.session import Session

_SHARED = ("profile", "config", "include", "exclude", "on_skip", "max_file_size", "encoding")


@click.command("plan")
@click.argument("paths", nargs=-1)
@options.common(*_SHARED)
@click.option(
    "-o",
    "out",
    type=click.Path(path_type=Path),
    metavar="POLICY.yaml",
    help="Write the policy file; without it, it is printed.",
)
@click.option("--force", is_flag=True, help="Write over a policy file that is there.")
@click.option(
    "--format",
    "format_",
    type=click.Choice(["text", "yaml", "json"]),
    help="What is printed; default: text on a terminal or with -o, else yaml.",
)
@click.option(
    "--rows",
    type=click.IntRange(1),
    default=10_000,
    show_default=True,
    metavar="N",
    help="Rows that are read of each table; of JSON, the first 2 MB.",
)
def command(paths: tuple[str, ...], **given: Any) -> int:  # fmt: skip
    """Propose a policy file: every column and JSON path, what it seems to be, what to decide."""
    out, force, format_, rows = (given.pop(n) for n in ("out", "force", "format_", "rows"))
    config, paths = options.configured(paths, given)
    config = config.model_copy(update={"engine": "rules"})
    if out is not None:
        _check_free(out, paths, force=force)
    session = session_of(settings := Settings(config=config))
    profile = _profile(config.profile, session, out)
    found = met(session, paths)
    sources = [item for item in found if not isinstance(item, Skipped)]
    unread = [(s.source, s.reason) for s in found if isinstance(s, Skipped) and s.fatal]
    asked = Asked(
        session.detector, session.policy, profile, session.spec.options, settings.key, rows
    )
    proposal = propose(sources, asked, unread)
    text = policy_text(draft(proposal, session.policy))
    if out is not None:
        _write(out, text)
    chosen = format_ or ("text" if out is not None or sys.stdout.isatty() else "yaml")
    output.write(_printed(chosen, proposal, text), None)
    if out is not None and chosen == "text":
        named = " ".join(map(quoted, paths))
        click.echo(f"policy: {out}")
        click.echo(f"next: phisweep deid {named} -o OUT --policy {quoted(str(out))}")
    return 3 if proposal.unread and config.on_skip == "fail" else 0


def _printed(name: str, proposal: Proposal, text: str) -> Iterable[str]:
    if name == "yaml":
        return [text]
    if name == "json":
        return [as_json(proposal)]
    return (line + "\n" for line in render(proposal, options.style_of(true_names=False)))


def _profile(name: str, session: Session, out: Path | None) -> str:
    """Return what the policy file extends: a shipped policy, or a path from where it will lie."""
    if (session.ruleset.folder / "policies" / f"{name}.yaml").is_file():
        return name
    return Path(os.path.relpath(name, out.parent if out is not None else ".")).as_posix()


def _check_free(out: Path, paths: Sequence[str], *, force: bool) -> None:
    """Raise UsageError where the policy file would lie in the data, or over another file."""
    there = out.resolve()
    roots = [Path(given).resolve() for given in paths if given != "-"]
    if any(there == root or root in there.parents for root in roots):
        raise UsageError(
            "E149",
            "the policy file would lie in the data, which is never written to",
            where=str(out),
            todo="Name a file elsewhere.",
        )
    if (out.is_symlink() or out.exists()) and not (force and out.is_file()):
        raise UsageError(
            "E147",
            "there is something already",
            where=str(out),
            todo="Name a new file; --force writes over a file.",
        )


def _write(out: Path, text: str) -> None:
    try:
        write_private(out, text.encode())
    except OSError as error:
        raise UsageError(
            "E148",
            f"the policy file cannot be written: {error.strerror}",
            where=str(out),
            todo="Name a file in a folder that is there.",
        ) from None

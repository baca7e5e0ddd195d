"""What `verify` and `signoff` share: a release checked, and what was seen told."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from phisweep.cli import _options as options
from phisweep.cli._progress import Progress
from phisweep.cli._signing import trusted_of
from phisweep.legible import legible
from phisweep.model import Verification
from phisweep.runs.checking import made, verify
from phisweep.runs.settings import Settings

F = TypeVar("F", bound=Callable[..., Any])
_SHARED = ("profile", "engine", "strict", "config", "jobs", "encoding", "key_env", "key_file")
_PUBLIC_KEY = click.option(
    "--public-key",
    "public_keys",
    type=click.Path(path_type=Path),
    multiple=True,
    metavar="FILE",
    help="A key that is trusted: it must have signed the report as it is. May be repeated.",
)


def checking(function: F) -> F:
    """Add the options of commands that check a release."""
    return _PUBLIC_KEY(options.common(*_SHARED)(function))


def checked(out: Path, given: dict[str, Any], *, rescan: bool) -> Verification:
    """Check a release under the options, print what was seen, and return it."""
    key_file = given["key_file"]
    trusted = trusted_of(given.pop("public_keys"))
    _, key = options.vault_of(given, options.key_of(given), key_file)
    how = made(out)
    asked = given["profile"]
    given["engine"] = given["engine"] or (how.engine if how else "rules")
    config, _ = options.configured([str(out)], given)
    if asked is None and how and how.policy:
        config = config.model_copy(update={"profile": how.policy})
    with Progress() as progress:
        settings = Settings(config=config, key=key, progress=progress, command="verify")
        run = verify(out, settings, trusted=trusted, rescan=rescan)
    seen = run.verification
    assert seen is not None  # noqa: S101 - verify made it
    _tell(seen, rescan=rescan)
    return seen


def _tell(seen: Verification, *, rescan: bool) -> None:
    for problem in seen.problems:
        click.echo(legible(f"problem: {problem}"))
    for record in (*seen.leaked, *seen.residual):
        place = f"{record.line}:{record.col}" if record.line else record.where
        click.echo(legible(f"{record.source}: {place}: ({record.letter}) {record.rule}"))
    for note in seen.notes:
        click.echo(legible(f"note: {note}"))
    searched = f"{seen.searched:,} removed values looked for" if seen.searched else "hashes, rescan"
    click.echo(
        f"phisweep: {seen.files} files checked ({searched if rescan else 'hashes'});"
        f" {'verified' if seen.ok else 'NOT verified'}"
    )

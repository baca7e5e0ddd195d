"""`phisweep verify`: check a release against the report in it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from phisweep.cli import _options as options
from phisweep.cli._progress import Progress
from phisweep.legible import legible
from phisweep.runs.checking import engine_of, policy_of, verify
from phisweep.runs.settings import Settings


@click.command("verify")
@click.argument("out", type=click.Path(path_type=Path))
@options.common("profile", "engine", "strict", "config", "jobs", "encoding", "key_env", "key_file",
                "vault")  # fmt: skip
def command(out: Path, **given: Any) -> int:
    """Recompute hashes, search the copies again, look for every removed value."""
    key_file = given["key_file"]
    _, key = options.vault_of(given, options.key_of(given), key_file)
    asked = given["profile"]
    given["engine"] = given["engine"] or engine_of(out)
    config, _ = options.configured([str(out)], given)
    if asked is None and (made := policy_of(out)):
        config = config.model_copy(update={"profile": made})
    with Progress() as progress:
        settings = Settings(config=config, key=key, progress=progress, command="verify")
        run = verify(out, settings)
    seen = run.verification
    assert seen is not None  # noqa: S101 - verify made it
    for problem in seen.problems:
        click.echo(legible(f"problem: {problem}"))
    for record in (*seen.leaked, *seen.residual):
        place = f"{record.line}:{record.col}" if record.line else record.where
        click.echo(legible(f"{record.source}: {place}: ({record.letter}) {record.rule}"))
    for note in seen.notes:
        click.echo(f"note: {note}")
    searched = f"{seen.searched:,} removed values looked for" if seen.searched else "hashes, rescan"
    click.echo(
        f"phisweep: {seen.files} files checked ({searched});"
        f" {'verified' if seen.ok else 'NOT verified'}"
    )
    return 0 if seen.ok else 5

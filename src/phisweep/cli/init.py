"""`phisweep init`: configuration, hook and workflow for a repository; shown first, nothing replaced."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import click

from phisweep import gitrepo
from phisweep.starter import DRIVER, Ci, steps, write


@click.command("init")
@click.option("--ci", type=click.Choice(["github", "gitlab", "none"]), help="Default: by origin.")
@click.option("--yes", is_flag=True, help="Write without asking.")
def command(ci: Ci | None, *, yes: bool) -> int:
    """Show what a repository needs for phisweep, and write what is not there yet."""
    here = Path.cwd()
    in_git = gitrepo.in_repository(here)
    root = gitrepo.root_of(here) if in_git else here
    found = steps(root, ci)
    for step in found:
        name = step.path.relative_to(root)
        if step.there:
            click.echo(f"# {name} is there and stays as it is; it could hold:\n")
        else:
            click.echo(f"# {name}\n")
        click.echo("\n".join(f"    {line}" for line in step.text.splitlines()) + "\n")
    new = [step for step in found if not step.there]
    if not new:
        click.echo("Nothing to write.")
        return 0
    asks = sys.stdin.isatty() and sys.stdout.isatty()
    if not yes and not (asks and click.confirm(f"Write {len(new)} files?")):
        click.echo("Nothing was written. phisweep init --yes writes what is not there.")
        return 0
    for path in write(found):
        click.echo(f"written: {path.relative_to(root)}")
    if in_git:
        setting = ["git", "config", "merge.phisweep-baseline.driver", DRIVER]
        subprocess.run(setting, cwd=root, check=False)  # noqa: S603 - our own
    click.echo("next: pre-commit install --hook-type pre-commit --hook-type commit-msg")
    return 0

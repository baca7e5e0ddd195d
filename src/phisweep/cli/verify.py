"""`phisweep verify`: check a release against the report in it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from phisweep.cli import _options as options
from phisweep.cli._checking import checked, checking


@click.command("verify")
@click.argument("out", type=click.Path(path_type=Path))
@checking
@click.option("--rescan/--no-rescan", default=True, help="Search the copies again; default: yes.")
@options.common("vault")
def command(out: Path, *, rescan: bool, **given: Any) -> int:
    """
    Recompute hashes, search the copies again, look for every removed value.

    The report is checked by its chain of custody, custody.jsonl, and by the signatures in it. Needs
    neither the originals nor a network.
    """
    return 0 if checked(out, given, rescan=rescan).ok else 5

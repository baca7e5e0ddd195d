"""`phisweep allow`: one value that belongs to nobody, known by a keyed fingerprint alone."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import click

from phisweep.cli import _options as options
from phisweep.errors import UsageError
from phisweep.gate.allowed import NAME, Allowed, dump, load
from phisweep.model import IDENTIFIERS
from phisweep.report.write import write_private
from phisweep.suppression import fingerprint


@click.command("allow")
@click.argument("identifier", type=click.Choice(sorted(IDENTIFIERS)))
@click.option("--reason", required=True, help="Why; stands in the file and in reports.")
@click.option("--by", default="", help="Who says so; stands in the file.")
@click.option("--expires", default="", metavar="YYYY-MM-DD", help="The last day; default: none.")
@options.common("key_env", "key_file")
def command(identifier: str, reason: str, by: str, expires: str, **given: Any) -> int:
    """Ask for a value without showing it, and let searches leave it out; copies remove it still."""
    key = options.key_of(given)
    if not key.kept:
        what = "a list of allowed values needs a key that lasts"
        raise UsageError("E185", what, todo="Give --key-env or --key-file.")
    try:
        last = dt.date.fromisoformat(expires).isoformat() if expires else ""
    except ValueError:
        raise UsageError("E192", "--expires is no date", todo="Write YYYY-MM-DD.") from None
    path = Path(NAME)
    entries = load(path, key) if path.exists() else ()
    value = click.prompt("value", hide_input=True)
    if value.strip().lower() in f"{reason} {by}".lower():
        raise UsageError("E186", "the reason holds the value", todo="Say it without.")
    entry = Allowed(identifier, fingerprint(key, identifier, value), reason, by, last)
    others = tuple(e for e in entries if (e.identifier, e.fp) != (entry.identifier, entry.fp))
    write_private(path, dump((*others, entry), key).encode())
    path.chmod(0o644)
    click.echo(f"{NAME}: {len(others) + 1} allowed")
    return 0

"""`phisweep vault`: codes that outlive runs, and the way back, for who may go it."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from phisweep.cli import _options as options
from phisweep.errors import UsageError
from phisweep.keys import Key, key_from_file
from phisweep.legible import legible
from phisweep.transform.vault import Vault, check_apart, rotate
from phisweep.transform.vault.audit import Asked, Request, audit_file, summary
from phisweep.transform.vault.reidentify import Answer, answers, restore, write_answers

_SHOWN = 10
_VAULT = click.argument("vault", metavar="VAULT", type=click.Path(path_type=Path))
_KEY = options.common("key_env", "key_file")


@click.group("vault", cls=options.Group)
def command() -> None:
    """Keep codes for good, and lead them back: init, reidentify, rotate, show."""


@command.command("init")
@_VAULT
@_KEY
def init(vault: Path, **given: Any) -> int:
    """Make a new vault; what is there is never overwritten."""
    Vault.create(vault, _key(vault, given)).close()
    click.echo(f"phisweep: {vault} is made; keep its key elsewhere, and copies of both", err=True)
    return 0


@command.command("reidentify")
@_VAULT
@click.argument("asked", nargs=-1, metavar="[CODE_OR_SURROGATE]...")
@_KEY
@click.option("--who", required=True, help="Who asks; kept in the audit record.")
@click.option("--reason", required=True, help="Why; kept in the audit record, so without values.")
@click.option("--in", "source", type=click.Path(path_type=Path), help="A UTF-8 file with codes.")
@click.option("--out", type=click.Path(path_type=Path), help="A new file, mode 0600.")
def reidentify(
    vault: Path,
    asked: Sequence[str],
    who: str,
    reason: str,
    source: Path | None,
    out: Path | None,
    **given: Any,
) -> int:
    """Show originals on a terminal, or write them to a new file; the audit is written first."""
    if not (who.strip() and reason.strip()):
        raise click.UsageError("--who and --reason may not be empty")
    if bool(asked) == (source is not None):
        raise click.UsageError("give codes or surrogates, or a file by --in")
    if source is not None and out is None:
        raise click.UsageError("--in needs --out")
    if out is None and (not sys.stdout.isatty() or os.environ.get("CI")):
        raise UsageError(
            "E143",
            "originals are shown on a terminal only, never in CI or a pipe",
            todo="Name a new file by --out.",
        )
    request = Request(who.strip(), reason.strip())
    with Vault.open(vault, _key(vault, given)) as opened:
        if source is not None and out is not None:
            counted = restore(opened, request, source, out)
        elif out is not None:
            counted = write_answers(opened, request, asked, out)
        else:
            found = answers(opened, request, asked)
            _print(found)
            counted = Asked(len(found), sum(bool(answer.originals) for answer in found))
    where = f", recorded in {audit_file(vault)}"
    click.echo(f"phisweep: {counted.asked:,} asked, {counted.found:,} found{where}", err=True)
    return 0


@command.command("rotate")
@_VAULT
@_KEY
@click.option("--new-key-file", type=click.Path(path_type=Path), required=True,
              help="The file that holds the new key, mode 0600.")  # fmt: skip
def rotate_(vault: Path, new_key_file: Path, **given: Any) -> int:
    """Put the vault under a new key; the old one no longer opens it, and no code changes."""
    key = _key(vault, given)
    check_apart(vault, new_key_file)
    new = key_from_file(new_key_file)
    if new == key:
        raise click.UsageError("the new key is the old one")
    rotate(vault, key, new)
    click.echo(f"phisweep: {vault} opens with {new.key_id} now; copies open as before", err=True)
    return 0


@command.command("show")
@_VAULT
@_KEY
def show(vault: Path, **given: Any) -> int:
    """Say how much is in it, under which key, and who went the way back; no value is shown."""
    told = summary(vault)
    head = told.head
    click.echo(f"created {head.created}, key {head.key_id}, schema {head.schema}")
    if head.rotated:
        click.echo(f"rotated {head.rotated}")
    counts: Any = {}
    if given["key_env"] or given["key_file"]:
        with Vault.open(vault, _key(vault, given)) as opened:
            counts = opened.counts()
    for table, rows in told.rows.items():
        click.echo(f"{table:<12} {rows:>10,}")
        for name, count in sorted(counts.get(table, {}).items()):
            click.echo(f"  {name:<10} {count:>10,}")
    click.echo(f"re-identifications: {len(told.audit):,}")
    for entry in told.audit[-_SHOWN:]:
        click.echo(
            legible(
                f"  {entry['time']} {entry['who']}: {entry['found']} of {entry['asked']} found,"
                f" {entry['key']}: {entry['reason']}"
            )
        )
    return 0


def _key(vault: Path, given: dict[str, Any]) -> Key:
    """Return the key that the options name. Raises UsageError where none does, or it lies there."""
    if not (given["key_env"] or given["key_file"]):
        raise click.UsageError("--key-file or --key-env is needed")
    check_apart(vault, Path(given["key_file"]) if given["key_file"] else None)
    return options.key_of(given)


def _print(found: Sequence[Answer]) -> None:
    for answer in found:
        for original in answer.originals:
            click.echo(legible(f"{answer.asked}  {original.identifier}  {original.text}"))
        if not answer.originals:
            click.echo(legible(f"{answer.asked}  not in this vault"))

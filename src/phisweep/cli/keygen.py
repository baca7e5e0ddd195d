"""`phisweep keygen`: a key that signs reports, and the public key that checks them."""

from __future__ import annotations

from pathlib import Path

import click

from phisweep.cli._signing import passphrase, passphrase_of
from phisweep.integrity.signatures import generate


@click.command("keygen")
@click.argument("file", type=click.Path(path_type=Path))
@passphrase
def command(file: Path, passphrase_env: str | None) -> int:
    """
    Make a pair of keys (Ed25519): FILE signs reports, FILE.pub checks them.

    FILE is for its owner alone (mode 0600), and refused inside a git repository; FILE.pub is for
    everybody who has to trust a report. Give it to them by another way than the report.
    """
    secret = passphrase_of(passphrase_env)
    public = generate(file, secret)
    under = "under the passphrase" if secret else "without a passphrase"
    click.echo(f"{file}: private, {under}; keep it where you alone can read it")
    click.echo(f"{file}.pub: public; {public.key_id}")
    return 0

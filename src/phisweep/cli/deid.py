"""`phisweep deid`: write de-identified copies and the audit report; never in place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from phisweep.cli import _options as options
from phisweep.cli import _output as output
from phisweep.cli._progress import Progress
from phisweep.cli._signing import signer_of, signing
from phisweep.errors import VerificationError
from phisweep.legible import quoted
from phisweep.report.record import record_of
from phisweep.report.text import next_command
from phisweep.runs.copying import plan, release
from phisweep.runs.settings import Settings, keeping, session_of
from phisweep.staging import REPORT, check_out, unfinished_folder


@click.command("deid")
@click.argument("paths", nargs=-1)
@click.option(
    "-o",
    "--out",
    required=True,
    type=click.Path(path_type=Path),
    help="A new folder for the copies and the report.",
)
@options.common()
@options.common(*options.RUNNERS)
@options.common(*options.COPIES)
@click.option("--policy", type=click.Path(), help="A policy file, in place of --profile.")
@click.option("--verify/--no-verify", default=True, help="Search the copies again; default: yes.")
@click.option("--dry-run", is_flag=True, help="Say what would be done; write nothing.")
@click.option(
    "--resume",
    is_flag=True,
    help="Keep what is done beside OUT until all is, and go on from there: give it from the first"
    " time on, and again after an interruption.",
)
@click.option(
    "--records",
    "audit",
    is_flag=True,
    help="Write every finding to records.jsonl, a line each. Off by default, for its"
    " size: some 500 bytes a finding, 0.5 GB a million.",
)
@signing
def command(paths: tuple[str, ...], out: Path, **given: Any) -> int:  # fmt: skip
    """Write de-identified copies and the audit report into a new folder."""
    policy, verify, dry = (given.pop(name) for name in ("policy", "verify", "dry_run"))
    audit, signer = given.pop("audit"), signer_of(given)
    resume = given.pop("resume") and not dry
    given["profile"] = policy or given["profile"]
    key_file = given["key_file"]
    again = _again(given)
    key, year = options.key_of(given), options.reference_year(given)
    vault, key = options.vault_of(given, key, key_file)
    config, paths = options.configured(paths, given)
    with Progress() as progress:
        settings = Settings(
            config=config,
            key=key,
            reference_year=year,
            records=False,
            verify=verify,
            progress=progress,
            command="deid --dry-run" if dry else "deid --resume" if resume else "deid",
            vault=None if dry else vault,
            audit=audit,
            signer=signer,
            resume=resume,
        )
        check_out(out, paths)
        session = session_of(settings)
        settings = replace(settings, session=session)
        try:
            if dry:
                run = plan(paths, settings)
                kept = keeping(settings)
                record = record_of(run, session.ruleset, policy=session.policy, keeping=kept)
            else:
                run, record = release(paths, out, settings)
        except KeyboardInterrupt:
            if not (resume and unfinished_folder(out).exists()):
                raise
            click.echo("phisweep: interrupted; the same command goes on from here", err=True)
            return 130
    style = options.style_of(true_names=True)
    output.write(output.render("text", run, record, style), None)
    if not dry:
        click.echo(f"report: {out / REPORT / 'report.html'}")
        click.echo(f"next: {next_command(record, paths, str(out))}{again}")
    if run.verification is not None and not run.verification.ok:
        raise VerificationError(
            "E501",
            "the copies were searched again and something is left; see the report",
            todo="Do not release them.",
        )
    return 3 if options.unread(run, config) else 0


def _again(given: Mapping[str, Any]) -> str:
    """Return the options under which a release is verified as it was made, quoted for a shell."""
    profile = given["profile"]
    own = [("--profile", profile)] if profile and Path(profile).is_file() else []
    keys = [
        (f"--{name.replace('_', '-')}", given[name]) for name in ("key_file", "key_env", "vault")
    ]
    return "".join(f" {name} {quoted(str(value))}" for name, value in (*own, *keys) if value)

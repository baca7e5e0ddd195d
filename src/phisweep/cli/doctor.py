"""`phisweep doctor`: what is installed, what is missing, and what to do about it."""

from __future__ import annotations

import platform
import sys
from importlib.metadata import PackageNotFoundError, version

import click

from phisweep.config import find_config, load_config
from phisweep.formats import base
from phisweep.ruleset.load import load_ruleset

_NEEDED = ("ahocorasick_rs", "pyarrow", "presidio-analyzer", "presidio-anonymizer", "spacy")


@click.command("doctor")
def command() -> int:
    """Say what is installed and missing; exit 4 where something that is needed is missing."""
    missing = 0
    click.echo(f"python   {platform.python_version()} on {sys.platform}")
    for package in ("phisweep", *_NEEDED):
        try:
            click.echo(f"ok       {package} {version(package)}")
        except PackageNotFoundError:
            missing += 1
            click.echo(f"MISSING  {package}: pip install {package}")
    ruleset = load_ruleset()
    for name in ruleset.lists:
        ruleset.entries(name)
    click.echo(
        f"ok       rules {ruleset.version}: {len(ruleset.rules)} files, {len(ruleset.lists)} lists,"
        f" sha256 {ruleset.sha256[:16]}"
    )
    for format_ in base.load().values():
        suffixes = " ".join(s for s in format_.suffixes if s) or "(by content)"
        click.echo(f"ok       format {format_.name}: {suffixes}")
    path = find_config(None, None)
    config = load_config(path, {})
    click.echo(f"ok       configuration: {path or 'none found, defaults hold'}")
    model = config.nlp.model or config.nlp.configuration
    click.echo(
        f"ok       model: {model}"
        if model
        else "note     no names model is configured: names and places by rules and lists alone"
    )
    click.echo("ok       network: never used")
    return 4 if missing else 0

"""`phisweep doctor`: what is installed, what is missing, and what to do about it."""

from __future__ import annotations

import platform
import sys
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec

import click

from phisweep.config import Nlp, find_config, load_config
from phisweep.detect import bundled
from phisweep.detect.names.store import open_store
from phisweep.errors import ComponentError
from phisweep.formats import base
from phisweep.ruleset.load import load_ruleset

_NEEDED = (
    "ahocorasick_rs",
    "pyarrow",
    "onnxruntime",
    "presidio-analyzer",
    "presidio-anonymizer",
    "spacy",
)


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
    _formats()
    path = find_config(None, None)
    config = load_config(path, {})
    click.echo(f"ok       configuration: {path or 'none found, defaults hold'}")
    missing += _models(config.nlp)
    click.echo("ok       network: never used")
    return 4 if missing else 0


def _formats() -> None:
    """Say which formats are read, and what to install for those that want an extra."""
    for name, format_ in sorted(base.load().items()):
        suffixes = " ".join(s for s in format_.suffixes if s) or "(by content)"
        lacking = [module for module in format_.needs if find_spec(module) is None]
        if lacking:
            click.echo(
                f"note     format {name}: {suffixes}; pip install 'phisweep[{format_.extra}]'"
            )
        else:
            click.echo(f"ok       format {name}: {suffixes}")


def _models(nlp: Nlp) -> int:
    """Say which models find names under `--engine full`; return how many of them are missing."""
    missing = 0
    wanted = bundled.asked(nlp.model_dump())
    try:
        store = open_store()
    except ComponentError as error:
        missing = int(wanted)
        click.echo(
            f"{'MISSING ' if wanted else 'note    '} names model: {error.what}. {error.todo}"
        )
    else:
        size = sum((store.folder / name).stat().st_size for name in store.manifest["files"])
        use = "" if wanted else "; not used, for the configuration says so or names another"
        click.echo(
            f"ok       names model {store.name}: {size / 1e6:.1f} MB,"
            f" its files are those that were measured{use}"
        )
    other = nlp.model or nlp.configuration
    if other:
        click.echo(f"ok       model of the configuration: {other}")
    elif not wanted:
        click.echo("note     no names model is used: names and places by rules and lists alone")
    return missing

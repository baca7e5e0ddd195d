"""`phisweep report`: render the audit record of a run, or join several."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from phisweep.cli import _output as output
from phisweep.cli._signing import trusted_of
from phisweep.errors import UsageError
from phisweep.report import base
from phisweep.report.companions import load_companions
from phisweep.report.record import load_record
from phisweep.runs.merging import merge
from phisweep.staging import run_json

_MERGE = "merge"


@click.command("report", options_metavar="[OPTIONS]")
@click.argument("paths", metavar="RUN.json | merge RUN RUN...", nargs=-1, required=True)
@click.option("--to", "name", help="html, md, csv, json, sarif, junit ...; default: md.")
@click.option("-o", "path", type=click.Path(path_type=Path),
              help="A file, else standard output; of merge a new folder.")  # fmt: skip
@click.option("--name", "names", multiple=True, metavar="NAME",
              help="merge: what a site is called, once for each RUN; default: its run's id.")  # fmt: skip
@click.option("--public-key", "keys", type=click.Path(path_type=Path), multiple=True,
              metavar="FILE",
              help="merge: a key that must have signed; may be repeated.")  # fmt: skip
def command(
    paths: Sequence[str],
    name: str | None,
    path: Path | None,
    names: Sequence[str],
    keys: Sequence[Path],
) -> int:
    """
    Render run.json, or the run.json of a release's folder.

    With merge, join the records of several runs, of sites or of shards, into one report without
    their data: merged.json, merged.html and merged.md in the folder of -o.
    """
    if paths[0] == _MERGE:
        return _merged(paths[1:], name, path, names, keys)
    if len(paths) > 1 or names or keys:
        raise click.UsageError("one RUN.json; --name and --public-key are of merge")
    return _rendered(Path(paths[0]), name or "md", path)


def _rendered(record: Path, name: str, path: Path | None) -> int:
    renderers = base.load()
    if name not in renderers:
        raise UsageError(
            "E123", "no rendering is called that", todo=f"Known: {', '.join(sorted(renderers))}."
        )
    record = run_json(record)
    loaded = load_record(record)
    beside = [load_companions(record.parent)] if name in base.WITH_COMPANIONS else []
    output.write([renderers[name](loaded, *beside)], path)
    return 0


def _merged(
    paths: Sequence[str],
    name: str | None,
    out: Path | None,
    names: Sequence[str],
    keys: Sequence[Path],
) -> int:
    if out is None or name is not None:
        raise click.UsageError("merge writes into a folder: -o DIR, and no --to")
    merged = merge([Path(path) for path in paths], out, names, trusted_of(keys))
    click.echo(f"{merged.verdict.words}; {merged.totals.findings:,} findings")
    for each in merged.disagreements:
        if each.matters:
            told = "; ".join(f"{v.value} ({', '.join(v.sites)})" for v in each.values)
            click.echo(f"not alike: {each.what}: {told}")
    click.echo(f"report: {out / 'merged.html'}")
    return 0

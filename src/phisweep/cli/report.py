"""`phisweep report`: render the audit record of a run."""

from __future__ import annotations

from pathlib import Path

import click

from phisweep.cli import _output as output
from phisweep.errors import UsageError
from phisweep.report import base
from phisweep.report.companions import load_companions
from phisweep.report.record import load_record


@click.command("report")
@click.argument("record", metavar="RUN.json", type=click.Path(path_type=Path))
@click.option("--to", "name", default="md", help="html, md, csv, json, sarif, junit ...")
@click.option("-o", "path", type=click.Path(path_type=Path), help="A file; else standard output.")
def command(record: Path, name: str, path: Path | None) -> int:
    """Render run.json, or the run.json of a release's folder."""
    renderers = base.load()
    if name not in renderers:
        raise UsageError(
            "E123", "no rendering is called that", todo=f"Known: {', '.join(sorted(renderers))}."
        )
    if record.is_dir():
        inside = record / "phisweep-report" / "run.json"
        record = inside if inside.is_file() else record / "run.json"
    loaded = load_record(record)
    beside = [load_companions(record.parent)] if name in base.WITH_COMPANIONS else []
    output.write([renderers[name](loaded, *beside)], path)
    return 0

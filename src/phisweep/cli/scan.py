"""`phisweep scan`: find PHI; never write to the data."""

from __future__ import annotations

import os
from typing import Any

import click

from phisweep.cli import _options as options
from phisweep.cli import _output as output
from phisweep.cli._searching import (
    Search,
    allowed_of,
    baseline_of,
    check_format,
    of_git,
    root_of,
    search,
    searching,
)
from phisweep.runs.settings import Settings

_EXAMPLES = """\b
Examples:
  phisweep scan data                     a folder, all that is in it
  phisweep scan --staged                 what the next commit would hold
  phisweep scan --since main -o sarif:out.sarif
  phisweep explain data/visit.txt:2      why something was found
"""


@click.command("scan", epilog=_EXAMPLES)
@click.argument("paths", nargs=-1)
@options.common()
@options.common(*options.RUNNERS)
@searching
@click.option("--rule", "rules", multiple=True, metavar="ID", help="Only this rule.")
@click.option("--ignore-rule", "ignored", multiple=True, metavar="ID", help="Not this rule.")
@click.option("--letter", "letters", multiple=True, metavar="A..R", help="Only this letter.")
@click.option("--reveal", is_flag=True, help="Show values, on a terminal only.")
@click.option("--staged", is_flag=True, help="What git has staged, and not the work tree.")
@click.option("--since", metavar="REV", help="What differs from this revision of git.")
def command(paths: tuple[str, ...], **given: Any) -> int:
    """Find PHI in files, folders, globs, object stores, or - for standard input."""
    shown = {name: given.pop(name) for name in ("format_", "outputs", "reveal")}
    ignored = given.pop("ignored")
    chosen = options.chosen_rules(given.pop("letters"), given.pop("rules"), ignored)
    known, reserved = given.pop("baseline"), given.pop("specimens") == "allow"
    staged, since = given.pop("staged"), given.pop("since")
    key, year = options.key_of(given), options.reference_year(given)
    with of_git(paths, staged=staged, since=since) as (chosen_paths, root):
        by_git, in_hook = root is not None, bool(os.environ.get("PRE_COMMIT"))
        if by_git and not chosen_paths:
            click.echo("phisweep: nothing is staged or changed; nothing was read.")
            return 0
        config, named = options.configured((".",) if by_git else paths, given)
        named = chosen_paths if by_git else named
        standing = baseline_of(config, known)
        check_format(shown["format_"])
        targets = output.targets(shown["outputs"], shown["format_"], named)
        if shown["reveal"]:
            options.may_reveal(to_file=bool(shown["outputs"]))
        settings = Settings(
            config=config,
            key=key,
            reference_year=year,
            reveal=shown["reveal"],
            only_rules=chosen,
            ignored_rules=ignored,
            command="scan",
            baseline=standing,
            reserved=reserved,
            allowed=allowed_of(key),
            root=root_of(named) if (in_hook or standing) and not by_git else root,
        )
        stops = by_git or in_hook
        run, _ = search(Search(named, settings, targets, following="explain" if stops else "deid"))
    return options.status_of(run, config)

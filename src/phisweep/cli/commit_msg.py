"""`phisweep commit-msg`: a commit's message searched, as the hook of that name."""

from __future__ import annotations

import os
import re
import tempfile
from pathlib import Path

import click

from phisweep.cli import _options as options
from phisweep.cli._searching import Search, search
from phisweep.errors import UsageError
from phisweep.runs.settings import Settings

#: Below it git shows the change itself, which is no part of the message.
_SCISSORS = re.compile(r"^. -{20,} >8 -{20,}$", re.MULTILINE)


@click.command("commit-msg")
@click.argument("file", type=click.Path(path_type=Path))
def command(file: Path) -> int:
    """Search the message of a commit, without git's own comments in it."""
    try:
        text = file.read_text(encoding="utf-8", errors="replace")
    except OSError as error:
        raise UsageError("E101", f"cannot be read: {error.strerror}", where="FILE") from None
    cut = _SCISSORS.search(text)
    lines = (text[: cut.start()] if cut else text).splitlines(keepends=True)
    comment = os.environ.get("GIT_COMMENT_CHAR", "#")
    # A comment's line stays as an empty one, so that lines are those of the file.
    message = "".join("\n" if line.startswith(comment) else line for line in lines)
    config, _ = options.configured((".",), {"engine": "rules"})
    with tempfile.TemporaryDirectory(prefix="phisweep-") as folder:
        path = Path(folder) / "commit message"
        path.write_text(message, encoding="utf-8")
        settings = Settings(config=config, command="scan", reserved=True, root=Path(folder))
        run, _ = search(
            Search((str(path),), settings, [("text", None)], quiet=True, following="none")
        )
    return options.status_of(run, config)

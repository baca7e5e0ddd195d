"""The options of commands that measure: how the figures are told, and into whose report they go."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from phisweep.cli._signing import signing

F = TypeVar("F", bound=Callable[..., Any])

_FORMAT = click.option(
    "--format",
    "format_",
    type=click.Choice(["text", "json", "md", "html"]),
    default="text",
    show_default=True,
    help="What is printed.",
)
_OUT = click.option(
    "-o", "out", type=click.Path(path_type=Path), help="A file; else standard output."
)
_REPORT = click.option(
    "--report",
    type=click.Path(path_type=Path),
    metavar="OUT",
    help="Put the figures into the report of a release.",
)


def measuring(function: F) -> F:
    """Add `format_`, `out`, `report`, and the options of a step that may be signed."""
    return _FORMAT(_OUT(_REPORT(signing(function))))

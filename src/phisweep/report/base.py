"""The renderings of the audit record: one file each, found by pkgutil, kept in a table by name."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Mapping

#: Of a RunRecord; those in WITH_COMPANIONS also take what stands beside it.
Renderer = Callable[..., str]
WITH_COMPANIONS = frozenset({"html", "md"})
RENDERERS: dict[str, Renderer] = {}


def renderer(name: str) -> Callable[[Renderer], Renderer]:
    """Register a rendering under the name that `--to` takes."""

    def register(function: Renderer) -> Renderer:
        RENDERERS[name] = function
        return function

    return register


def load() -> Mapping[str, Renderer]:
    """Import every module of this folder, and return the table."""
    package = importlib.import_module("phisweep.report")
    for module in pkgutil.iter_modules(package.__path__):
        importlib.import_module(f"phisweep.report.{module.name}")
    return RENDERERS

"""Libraries that a format needs and that are not everywhere: asked for when a document is opened."""

from __future__ import annotations

import importlib
import sys
from types import ModuleType

from phisweep.formats.base import failed
from phisweep.model import Source


def needed(module: str, extra: str, source: Source) -> ModuleType:
    """Return a module of an extra. Raises DocumentError E220, which says what to install."""
    if (known := sys.modules.get(module)) is not None:
        return known
    try:
        return importlib.import_module(module)
    except ImportError:
        raise failed(
            "E220",
            source,
            f"its format needs the extra {extra!r}, which is not installed",
            f"pip install 'phisweep[{extra}]'",
        ) from None

"""
Find, remove and account for protected health information in tables and clinical text, offline.

The verbs of the command line for Python; each is imported when it is first asked for, so that
`import phisweep` costs nothing and the rules-only path loads neither Presidio, spaCy nor pandas.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from phisweep.api import (
        Detector,
        deidentify,
        deidentify_frame,
        deidentify_frames,
        deidentify_text,
        scan,
        scan_frame,
        scan_frames,
        scan_text,
        verify,
    )

__all__ = [
    "Detector",
    "deidentify",
    "deidentify_frame",
    "deidentify_frames",
    "deidentify_text",
    "scan",
    "scan_frame",
    "scan_frames",
    "scan_text",
    "verify",
]


def __getattr__(name: str) -> Any:
    if name in __all__:
        return getattr(importlib.import_module("phisweep.api"), name)
    if name == "__version__":
        return importlib.import_module("importlib.metadata").version("phisweep")
    raise AttributeError(f"module 'phisweep' has no attribute {name!r}")

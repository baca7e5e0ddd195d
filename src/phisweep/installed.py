"""The versions of installed packages; `importlib.metadata` takes as long to import as a file to read."""

from __future__ import annotations

import os
import re
import sys
from functools import cache

_INFO = ".dist-info"


def version_of(package: str) -> str:
    """Return the version of a package, "unknown" where it is not installed."""
    found = _listed().get(_plain(package))
    if found is not None:
        return found
    from importlib.metadata import PackageNotFoundError, version  # noqa: PLC0415 - as above

    try:
        return version(package)
    except PackageNotFoundError:
        return "unknown"


@cache
def _listed() -> dict[str, str]:
    """Return what folders of packages say by the names in them, the first of Python's path first."""
    found: dict[str, str] = {}
    for folder in sys.path:
        try:
            names = os.listdir(folder or ".")  # noqa: PTH208 - a thousand names
        except OSError:
            continue
        for name in names:
            package, dash, version = name.removesuffix(_INFO).partition("-")
            if dash and name.endswith(_INFO):
                found.setdefault(_plain(package), version)
    return found


def _plain(package: str) -> str:
    """Return the one form of a package's name."""
    return re.sub(r"[-_.]+", "_", package).lower()

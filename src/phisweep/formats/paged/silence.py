"""Keeping a library from saying what stands in a file."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

_SILENT = logging.CRITICAL + 1


@contextmanager
def silent() -> Iterator[None]:
    """Keep pypdf from logging, whose messages may hold what stands in the file."""
    logger = logging.getLogger("pypdf")
    level = logger.level
    logger.setLevel(_SILENT)
    try:
        yield
    finally:
        logger.setLevel(level)

"""What Presidio only logs, heard: that a pattern timed out, and returned no match for it."""

from __future__ import annotations

import logging
from typing import Self


class Listening(logging.Handler):
    """As a context, hears Presidio's warnings and keeps them from every other handler."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.warned = False
        self._logger = logging.getLogger("presidio-analyzer")

    def emit(self, record: logging.LogRecord) -> None:
        """Note the warning; its text may hold a value and is not looked at further."""
        self.warned = self.warned or "time" in str(record.msg).lower()

    def __enter__(self) -> Self:
        self._logger.addHandler(self)
        self._propagate, self._logger.propagate = self._logger.propagate, False
        return self

    def __exit__(self, *_: object) -> None:
        self._logger.removeHandler(self)
        self._logger.propagate = self._propagate

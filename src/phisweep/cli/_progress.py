"""Progress on standard error: on a terminal only, and only after two seconds."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Self, TextIO

from phisweep.figures import duration, number, size
from phisweep.model import Outcome
from phisweep.ticks import bytes_read

_PATIENCE = 2.0  # seconds before the first word, and
_EVERY = 0.5  # seconds between two


class Progress:
    """
    One line that is rewritten: files, bytes, rows, and how long it will take.

    Its thread starts with the first stage: by then the processes that do it are forked, which takes
    a process without threads.
    """

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream or sys.stderr
        self._wanted = self._stream.isatty()
        self._ended = threading.Event()
        self._thread: threading.Thread | None = None
        self._shown = False
        self._enter("", (), None)

    def begin(self, stage: str, sizes: Sequence[int], ticks: Path | None) -> None:
        """Start a stage of so many sources of these bytes."""
        self._enter(stage, sizes, ticks)
        if self._wanted and self._thread is None:
            self._thread = threading.Thread(target=self._show, daemon=True)
            self._thread.start()

    def _enter(self, stage: str, sizes: Sequence[int], ticks: Path | None) -> None:
        self._stage, self._files, self._total, self._ticks = stage, len(sizes), sum(sizes), ticks
        self._done = self._bytes = self._rows = 0
        self._started = time.monotonic()

    def done(self, outcome: Outcome) -> None:
        """Count a source that is done."""
        self._done += 1
        self._bytes += outcome.bytes
        self._rows += outcome.rows or 0

    def line(self, elapsed: float) -> str:
        """Return the words for this moment."""
        read = self._bytes + (bytes_read(self._ticks) if self._ticks else 0)
        read = min(read, self._total)
        words = f"{self._stage}: {self._done} of {self._files} files"
        words += f", {size(read)} of {size(self._total)}"
        words += f", {number(self._rows)} rows" if self._rows else ""
        if read and elapsed:
            left = elapsed / read * (self._total - read)
            words += f", {size(int(read / elapsed))}/s, about {duration(left)} left"
        return words

    def _show(self) -> None:
        patience = _PATIENCE
        while not self._ended.wait(patience):
            patience = _EVERY
            words = self.line(time.monotonic() - self._started)
            self._stream.write(f"\r\x1b[2K{words}")
            self._stream.flush()
            self._shown = True

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._ended.set()
        if self._thread is not None:
            self._thread.join()
            self._thread = None
        if self._shown:
            self._stream.write("\r\x1b[2K")
            self._stream.flush()
            self._shown = False

"""What workers leave for the parent, in files of the run's own folder."""

from __future__ import annotations

import os
import time
from pathlib import Path


def new_file(folder: Path, suffix: str) -> Path:
    """Return a path in the folder that no other worker takes; `*suffix` finds it again."""
    return folder / f"{os.getpid()}-{time.time_ns()}{suffix}"

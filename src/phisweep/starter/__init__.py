"""
What `phisweep init` writes into a repository: files of this folder, each with the place it goes to.

A file that is there already is never written over.
"""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from typing import Literal

#: Our name of each file, and where it belongs in a repository.
PLACES = {
    "phisweep.toml": "phisweep.toml",
    "pre-commit-config.yaml": ".pre-commit-config.yaml",
    "github-workflow.yml": ".github/workflows/phisweep.yml",
    "gitlab-ci.yml": ".gitlab-ci.yml",
}
Ci = Literal["github", "gitlab", "none"]
DRIVER = "phisweep baseline merge %O %A %B"
ATTRIBUTES = ".phisweep-baseline.json merge=phisweep-baseline\n"


@dataclass(frozen=True, slots=True)
class Step:
    """A file that would be written, with its text; `there` says that one of its name is there."""

    path: Path
    text: str
    there: bool


def steps(root: Path, ci: Ci | None = None) -> Sequence[Step]:
    """Return what would be written into a repository; the CI system is told, or seen there."""
    ci = ci or ("gitlab" if _origin_has(root, "gitlab") else "github")
    chosen = ["phisweep.toml", "pre-commit-config.yaml"]
    chosen += {"github": ["github-workflow.yml"], "gitlab": ["gitlab-ci.yml"], "none": []}[ci]
    made = [
        Step(root / PLACES[name], _text(name), (root / PLACES[name]).exists()) for name in chosen
    ]
    attributes = root / ".gitattributes"
    made.append(Step(attributes, ATTRIBUTES, attributes.exists()))
    return made


def write(found: Sequence[Step]) -> list[Path]:
    """Write the files that are not there, and return their paths."""
    written = []
    for step in found:
        if step.there:
            continue
        step.path.parent.mkdir(parents=True, exist_ok=True)
        with step.path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(step.text)
        written.append(step.path)
    return written


def _text(name: str) -> str:
    text = (files("phisweep") / "starter" / name).read_text(encoding="utf-8")
    return text.replace("{version}", version("phisweep"))


def _origin_has(root: Path, word: str) -> bool:
    command = ["git", "config", "--get", "remote.origin.url"]
    try:
        done = subprocess.run(command, cwd=root, capture_output=True, check=False)  # noqa: S603 - our own
    except OSError:
        return False
    return word.encode() in done.stdout

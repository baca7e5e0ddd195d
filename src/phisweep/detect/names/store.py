"""The model's files: where they lie, and that they are the ones that were measured."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from phisweep.detect.names.pinned import MANIFEST
from phisweep.errors import ComponentError
from phisweep.values import dataclass

_NEEDED = frozenset({"names.onnx", "vocab.txt"})
_KEYS = ("name", "version", "labels", "thresholds", "temperature")
_TODO = "Install phisweep again."


@dataclass(frozen=True, slots=True)
class Store:
    """A folder with a model, its manifest `model.json` read, its files' digests checked."""

    folder: Path
    manifest: Mapping[str, Any]

    @property
    def name(self) -> str:
        """What reports call the model: name, version and the head of its weights' digest."""
        weights = str(self.manifest["files"]["names.onnx"])
        return f"{self.manifest['name']} {self.manifest['version']} ({weights[:12]})"

    @property
    def labels(self) -> Sequence[str]:
        """What the model gives words; the first is "no identifier"."""
        return list(self.manifest["labels"])


def default_folder() -> Path:
    """Return the folder of the bundled model: in the package, or in the source tree."""
    shipped = Path(str(files("phisweep"))) / "_models" / "names"
    return shipped if shipped.is_dir() else Path(__file__).parents[4] / "models" / "names"


def open_store(folder: Path | None = None) -> Store:
    """
    Return a model's folder, checked: its files by its manifest, and the bundled one's manifest too.

    Raises ComponentError (E410) where a file is missing, unreadable or not the one of its digest:
    a model that was not measured finds nobody knows what.
    """
    if folder is None:
        return _opened(default_folder(), MANIFEST)
    return _opened(folder, "")


@cache  # 22 MB are read and hashed, once in a process
def _opened(folder: Path, pinned: str) -> Store:
    try:
        head = (folder / "model.json").read_bytes()
        if pinned and hashlib.sha256(head).hexdigest() != pinned:
            raise _changed("model.json")
        manifest = json.loads(head)
        for name in _NEEDED | set(manifest["files"]):
            digest = hashlib.sha256((folder / name).read_bytes()).hexdigest()
            if digest != manifest["files"][name]:
                raise _changed(name)
        _ = [manifest[key] for key in _KEYS]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ComponentError(
            "E410", f"the names model cannot be read ({type(error).__name__})", todo=_TODO
        ) from None
    return Store(folder, manifest)


def _changed(name: str) -> ComponentError:
    return ComponentError("E410", f"the names model's {name} is changed or damaged", todo=_TODO)

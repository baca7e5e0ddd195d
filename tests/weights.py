"""Copies of the bundled model's folder, whole and otherwise."""

import hashlib
import json
import shutil
from pathlib import Path

from phisweep.detect.names.store import default_folder

WEIGHTS = "names.onnx"


def copied(folder: Path) -> Path:
    """Return a copy of the bundled model."""
    return Path(shutil.copytree(default_folder(), folder / "names"))


def changed(folder: Path) -> Path:
    """Return a copy in which one bit of the weights is another."""
    copy = copied(folder)
    data = bytearray((copy / WEIGHTS).read_bytes())
    data[len(data) // 2] ^= 1
    (copy / WEIGHTS).write_bytes(data)
    return copy


def without_weights(folder: Path) -> Path:
    """Return a copy without weights."""
    copy = copied(folder)
    (copy / WEIGHTS).unlink()
    return copy


def nonsense(folder: Path) -> Path:
    """Return a copy whose networks are none, described as they stand."""
    copy = copied(folder)
    path = copy / "model.json"
    manifest = json.loads(path.read_text(encoding="utf-8"))
    for name in manifest["files"]:
        if name.endswith(".onnx"):
            (copy / name).write_bytes(b"no network")
            manifest["files"][name] = hashlib.sha256(b"no network").hexdigest()
    path.write_text(json.dumps(manifest), encoding="utf-8")
    return copy


def digest_of_manifest(folder: Path) -> str:
    """Return what a package would have to pin for a folder."""
    return hashlib.sha256((folder / "model.json").read_bytes()).hexdigest()

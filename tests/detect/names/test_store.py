"""The model's files are the measured ones, or nothing runs."""

import hashlib
import json

import pytest

from phisweep.detect.names.store import default_folder, open_store
from phisweep.errors import ComponentError


@pytest.fixture
def folder(tmp_path):
    """A folder whose weights are a line of text."""
    files = {"names.onnx": b"weights", "vocab.txt": b"[UNK]\n"}
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    manifest = {
        "name": "tiny",
        "version": "1",
        "labels": ["O", "NAME"],
        "thresholds": {"NAME": 0.4},
        "temperature": 1.0,
        "files": {name: hashlib.sha256(content).hexdigest() for name, content in files.items()},
    }
    (tmp_path / "model.json").write_text(json.dumps(manifest))
    return tmp_path


def test_a_whole_folder_is_opened_and_named_by_version_and_digest(folder):
    store = open_store(folder)
    assert store.name == f"tiny 1 ({hashlib.sha256(b'weights').hexdigest()[:12]})"
    assert list(store.labels) == ["O", "NAME"]


def without(key):
    def change(folder):
        path = folder / "model.json"
        manifest = json.loads(path.read_text())
        del manifest[key]
        path.write_text(json.dumps(manifest))

    return change


def written(name, content):
    return lambda folder: (folder / name).write_bytes(content)


BROKEN = {
    "weights missing": lambda folder: (folder / "names.onnx").unlink(),
    "weights changed": written("names.onnx", b"weightz"),
    "weights cut": written("names.onnx", b""),
    "manifest missing": lambda folder: (folder / "model.json").unlink(),
    "manifest no JSON": written("model.json", b"{"),
    "manifest not UTF-8": written("model.json", b"\xff\xfe"),
    "manifest a list": written("model.json", b"[]"),
    "manifest empty": written("model.json", b"{}"),
    "files a list": written("model.json", b'{"files": [1]}'),
    "files missing": without("files"),
    "thresholds missing": without("thresholds"),
}


@pytest.mark.parametrize("broken", BROKEN.values(), ids=BROKEN)
def test_what_is_missing_or_changed_is_a_missing_component(folder, broken):
    broken(folder)
    with pytest.raises(ComponentError) as caught:
        open_store(folder)
    assert caught.value.code == "E410"
    assert caught.value.todo
    assert caught.value.__suppress_context__ or caught.value.__context__ is None


def test_the_bundled_model_is_whole():
    store = open_store()
    assert store.folder == default_folder()
    assert set(store.manifest["files"]) >= {"names.onnx", "vocab.txt"}
    assert store.labels[0] == "O"
    assert set(store.manifest["thresholds"]) <= set(store.labels)
    assert all(0 < least < 1 for least in store.manifest["thresholds"].values())

"""A small file is read once, a large one is not held."""

from pathlib import Path

import pytest

from phisweep.errors import DocumentError
from phisweep.formats import stream
from phisweep.formats.stream import at_hand, raw_stream
from phisweep.integrity.digests import sha256_of, source_digest
from phisweep.model import Source


def source_of(path, size=None):
    return Source(path, path.name, path.stat().st_size if size is None else size, path.name)


def test_of_a_small_file_the_bytes_are_those_that_were_digested(tmp_path):
    path = tmp_path / "a.txt"
    path.write_bytes(b"one")
    source = at_hand(source_of(path))
    digest = sha256_of(path)
    path.write_bytes(b"two")
    with raw_stream(source) as file:
        assert file.read() == b"one"
    assert source_digest(source) == digest
    assert "one" not in repr(source)


def test_a_large_file_is_not_held_though_it_was_small_when_it_was_met(tmp_path, monkeypatch):
    monkeypatch.setattr(stream, "_SMALL", 10)
    path = tmp_path / "a.txt"
    path.write_bytes(b"x" * 11)
    assert at_hand(source_of(path)).content is None
    assert at_hand(source_of(path, size=5)).content is None


def test_a_file_that_is_gone_is_told(tmp_path):
    with pytest.raises(DocumentError) as caught:
        at_hand(Source(tmp_path / "gone", "gone", 3, "gone"))
    assert caught.value.code == "E201"


def test_standard_input_stays_what_it_is():
    source = Source(Path("-"), "-", 3, "-", b"abc")
    assert at_hand(source) is source

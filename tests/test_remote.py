"""Paths in an object store: read like folders, under their names there, and nothing left behind."""

import tempfile
from pathlib import Path

import fsspec
import pytest

from phisweep.config import Config
from phisweep.errors import ComponentError, DocumentError, UsageError
from phisweep.model import Source
from phisweep.remote import brought, fetched, reached
from phisweep.runs.copying import deidentify
from phisweep.runs.searching import scan
from phisweep.runs.settings import Settings

NOTE = b"Ms. Quillfeather, ssn 987-65-4320.\n"
SETTINGS = Settings(config=Config(engine="rules", jobs=1))


@pytest.fixture
def store():
    files = fsspec.filesystem("memory")
    for name in ("/site/data/notes/a.txt", "/site/data/b.txt", "/site/other.txt"):
        files.pipe(name, NOTE)
    yield files
    files.rm("/site", recursive=True)


@pytest.fixture(autouse=True)
def own_temporary_folder(tmp_path, monkeypatch):
    folder = tmp_path / "tmp"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    yield
    assert [*folder.iterdir()] == []


def test_a_folder_of_a_store_is_scanned_under_its_own_names(store, small_rules):
    run = scan(["memory://site/data"], SETTINGS)
    assert [o.source.name for o in run.outcomes] == ["b.txt", "notes/a.txt"]
    assert all(o.findings for o in run.outcomes)


def test_one_object_is_scanned(store, small_rules):
    (outcome,) = scan(["memory://site/other.txt"], SETTINGS).outcomes
    assert (outcome.source.name, outcome.status) == ("other.txt", "changed")


def test_copies_of_what_lies_in_a_store_are_written_here(store, small_rules, tmp_path):
    run = deidentify(["memory://site/data"], tmp_path / "out", SETTINGS)
    assert run.verification.ok
    assert b"Quill" not in (tmp_path / "out" / "notes" / "a.txt").read_bytes()
    assert store.cat("/site/data/b.txt") == NOTE


def test_a_local_cache_of_fsspec_serves_a_run(store, tmp_path):
    cache = tmp_path / "cache"
    files = fsspec.filesystem("filecache", target_protocol="memory", cache_storage=str(cache))
    assert files.cat("/site/other.txt") == NOTE
    with fetched(["memory://site/other.txt"]) as (path,):
        assert Path(path).read_bytes() == NOTE


@pytest.mark.parametrize(
    "url", ["http://x.example/a", "https://x.example/a", "ftp://x/a", "file:///etc"]
)
def test_no_other_scheme_is_read(url):
    with pytest.raises(UsageError, match="E129"), fetched([url]):
        pass


def test_urls_stand_alone(store):
    with pytest.raises(UsageError, match="E129"), fetched(["memory://site/data", "here"]):
        pass


def test_nothing_there_is_an_error_without_the_name(store):
    with pytest.raises(UsageError, match="E101") as error, fetched(["memory://site/quill"]):
        pass
    assert "quill" not in str(error.value)


def test_what_a_store_refuses_is_told_without_its_words(store, monkeypatch):
    def refuse(*_, **__):
        raise PermissionError("Quillfeather is not allowed")

    monkeypatch.setattr(type(store), "get_file", refuse)
    with pytest.raises(ComponentError, match="E424") as error, fetched(["memory://site/data"]):
        pass
    assert "Quillfeather" not in str(error.value)


@pytest.mark.parametrize("names", [("/site/x", "/site/x/y"), ("/site/x/y", "/site/x//y")])
@pytest.mark.parametrize("listed", [False, True])
def test_names_that_are_one_in_a_folder_are_refused_and_none_is_lost(
    store, monkeypatch, names, listed
):
    infos = {name: {"name": name, "size": 1} for name in names}
    with monkeypatch.context() as patch:
        patch.setattr(type(store), "find", lambda *_, **__: infos)
        with pytest.raises(UsageError, match="E129"), reached(["memory://site"], listed=listed):
            pass


def test_what_is_listed_is_fetched_by_who_does_it_and_only_as_it_was(store, tmp_path):
    with reached(["memory://site/data"], listed=True) as here:
        (b,) = (path for path in here.origins if path.name == "b.txt")
        source = Source(b, "b.txt", len(NOTE), "b.txt", origin=here.origins[b])
        with brought(source, tmp_path / "own") as there:
            assert there.path.read_bytes() == NOTE
        assert not (tmp_path / "own").exists()
        store.pipe("/site/data/b.txt", NOTE + b"more")
        with pytest.raises(DocumentError, match="E246"), brought(source, tmp_path / "own"):
            pass
        assert not (tmp_path / "own").exists()


def test_the_log_of_a_database_comes_with_it(store, tmp_path):
    store.pipe("/site/data/x.db", b"x" * 5000)
    store.pipe("/site/data/x.db-wal", b"log")
    with reached(["memory://site/data"], listed=True) as here:
        (path,) = (path for path in here.origins if path.name == "x.db")
        source = Source(path, "x.db", 5000, "x.db", origin=here.origins[path])
        with brought(source, tmp_path / "own") as there:
            names = sorted(each.name for each in there.path.parent.iterdir())
    assert names == ["x.db", "x.db-wal"]


def test_a_missing_library_is_told_with_what_to_install(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "s3fs", None)
    with pytest.raises(ComponentError, match=r"E423.*phisweep\[cloud\]"), fetched(["s3://b/a"]):
        pass


def test_copies_are_not_written_to_a_url(store, tmp_path, monkeypatch, small_rules):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UsageError, match="E129"):
        deidentify(["memory://site/data"], Path("s3://bucket/out"), SETTINGS)

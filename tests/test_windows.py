"""What Windows does otherwise, as far as another system can show it: paths, names, arguments."""

from pathlib import PureWindowsPath

import pytest

from phisweep import discover, gitrepo, legible
from phisweep.config import with_slashes
from phisweep.errors import DocumentError, UsageError

NOTE = "first\nSSN 987-65-4320\n"


@pytest.mark.parametrize(
    "name", [r"C:\dir\notes.txt", r"\\server\share\notes.txt", r"\\?\C:\dir\notes.txt", "a:2"]
)
@pytest.mark.parametrize(
    ("place", "there"), [("", True), (":2", True), (":2:5", True), (":1", False)]
)
def test_a_path_with_a_drive_is_explained_by_line_and_column(
    run, tmp_path, monkeypatch, name, place, there
):
    monkeypatch.chdir(tmp_path)
    (tmp_path / name).write_text(NOTE)
    (tmp_path / "C").write_text("nothing")  # what a drive's letter alone would name
    (tmp_path / "a").write_text("nothing")
    told = run("explain", name + place)
    assert (told.status, "2:5  FOUND  (G) ssn" in told.out) == (0, there)


def test_globs_of_a_configuration_may_part_folders_as_windows_does():
    columns = {r"data\p.csv": {"arm": {"action": "keep"}}}
    given = {"exclude": [r"data\old\**"], "columns": columns, "profile": "x\\y"}
    made = with_slashes(given)
    assert made["exclude"] == ["data/old/**"]
    assert list(made["columns"]) == ["data/p.csv"]
    assert made["profile"] == "x\\y"
    assert given["columns"] is columns


def test_what_names_are_made_of_is_the_same_on_windows():
    root = PureWindowsPath(r"\\?\C:\repo")
    assert (root / "data" / "p.csv").relative_to(root).as_posix() == "data/p.csv"


def test_paths_of_two_drives_are_a_usage_error(tmp_path, monkeypatch):
    def two_drives(_):
        raise ValueError("Paths don't have the same drive")

    monkeypatch.setattr(discover.os.path, "commonpath", two_drives)
    with pytest.raises(UsageError, match="E126"):
        list(discover.discover([str(tmp_path)]))


def test_what_is_staged_under_names_that_differ_by_case_is_never_half_read(tmp_path):
    gitrepo._put(tmp_path, b"a/b.txt", b"1")
    with pytest.raises(DocumentError, match="E257"):
        gitrepo._put(tmp_path, b"a/b.txt", b"2")
    with pytest.raises(DocumentError, match="E257"):
        gitrepo._put(tmp_path, b"a/b.txt/c", b"3")
    assert (tmp_path / "a" / "b.txt").read_bytes() == b"1"


def test_a_staged_name_with_a_colon_is_no_stream_of_another_file(tmp_path, monkeypatch):
    gitrepo._put(tmp_path, b"a:b.txt", b"1")
    monkeypatch.setattr(gitrepo, "_DRIVES", True)
    with pytest.raises(DocumentError, match="E257"):
        gitrepo._put(tmp_path, b"c:b.txt", b"1")


@pytest.mark.parametrize(
    ("argument", "shown"),
    [
        (r"C:\data\a.txt:2", r"C:\data\a.txt:2"),
        ("my visit.txt:2", '"my visit.txt:2"'),
        ("a&b", '"a&b"'),
    ],
)
def test_a_command_to_run_next_is_quoted_for_windows(monkeypatch, argument, shown):
    monkeypatch.setattr(legible.os, "name", "nt")
    assert legible.quoted(argument) == shown

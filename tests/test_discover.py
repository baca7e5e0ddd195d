"""What a run meets: every file once, in one order, and nothing left out without a reason."""

import io
import os
import socket
import unicodedata

import pytest

from phisweep.discover import Skipped, discover
from phisweep.errors import UsageError
from phisweep.model import Source


@pytest.fixture
def tree(tmp_path):
    """A folder of files: `{name: content}`, folders as needed."""

    def make(files):
        for name, content in files.items():
            path = tmp_path / "in" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content)
        return tmp_path / "in"

    return make


def names(items):
    return [item.name for item in items if isinstance(item, Source)]


def skipped(items):
    return {
        item.source.name: (item.reason, item.fatal) for item in items if isinstance(item, Skipped)
    }


def met(*paths, **options):
    return list(discover([str(path) for path in paths], **options))


def test_a_folder_is_walked_in_the_order_of_names(tree):
    root = tree({"b.txt": "", "a/z.csv": "xyz", "a/a.csv": "", "B.txt": "", "a.txt": ""})
    found = met(root)
    assert names(found) == ["B.txt", "a/a.csv", "a/z.csv", "a.txt", "b.txt"]
    assert [s.size for s in found] == [0, 0, 3, 0, 0]
    assert all(s.path.is_file() and s.data is None for s in found)


def test_names_are_relative_to_the_common_parent_or_the_root_given(tree):
    root = tree({"a/x.txt": "", "b/y.txt": ""})
    assert names(met(root / "a" / "x.txt")) == ["x.txt"]
    assert names(met(root / "a", root / "b")) == ["a/x.txt", "b/y.txt"]
    assert names(met(root / "b", root / "a" / "x.txt")) == ["b/y.txt", "a/x.txt"]
    assert names(met(root / "a", root=root)) == ["a/x.txt"]
    with pytest.raises(UsageError, match="E126"):
        met(root / "a", root=root / "b")


def test_a_path_relative_to_the_working_folder_is_found(tree, monkeypatch):
    root = tree({"a/x.txt": ""})
    monkeypatch.chdir(root / "a")
    assert names(met(".")) == names(met("../a")) == names(met("x.txt")) == ["x.txt"]
    assert names(met("..")) == ["a/x.txt"]


def test_a_file_that_is_given_twice_is_read_once(tree):
    root = tree({"a.txt": "", "b.txt": ""})
    assert names(met(root, root / "a.txt", root)) == ["a.txt", "b.txt"]


def test_globs_are_expanded_and_sorted(tree):
    root = tree({"a/2.csv": "", "a/1.csv": "", "b/3.csv": "", "b/3.txt": ""})
    assert names(met(root / "**" / "*.csv")) == ["a/1.csv", "a/2.csv", "b/3.csv"]
    odd = tree({"[odd].txt": ""})
    assert names(met(odd / "[odd].txt")) == ["[odd].txt"]


def test_names_are_nfc(tree):
    decomposed = unicodedata.normalize("NFD", "Zoë.txt")
    assert names(met(tree({decomposed: ""}))) == ["Zoë.txt"]


def test_two_names_that_read_the_same_are_not_mixed_up(tree):
    composed, decomposed = (unicodedata.normalize(form, "é.txt") for form in ("NFC", "NFD"))
    root = tree({composed: "", decomposed: ""})
    if len(list(root.iterdir())) < 2:
        pytest.skip("this file system holds them for one name")
    found = met(root)
    assert names(found) == [composed]
    assert skipped(found)[composed][1]


def test_a_name_that_is_no_utf8_can_be_written(tree):
    root = tree({"a.txt": ""})
    (root / os.fsdecode(b"caf\xe9.txt")).write_text("")
    assert names(met(root)) == ["a.txt", "caf\ufffd.txt"]


def test_standard_input_is_read_whole():
    (source,) = met("-", stdin=io.BytesIO(b"abc"))
    assert (source.name, source.size, source.data) == ("-", 3, b"abc")
    (item,) = met("-", "-", stdin=io.BytesIO(b"abc"), max_file_size=2)
    assert (item.fatal, item.source.data) == (True, None)


@pytest.mark.parametrize("path", ["missing.txt", "missing/*.csv"])
def test_a_path_that_leads_nowhere_is_a_usage_error_before_anything_is_read(tree, path):
    root = tree({"a.txt": ""})
    with pytest.raises(UsageError) as caught:
        discover([str(root), str(root / path)])
    assert str(caught.value).startswith("error[E101]: PATH 2: no ")
    assert "missing" not in str(caught.value)


def test_an_empty_folder_is_a_usage_error(tmp_path):
    (tmp_path / "in" / "deeper").mkdir(parents=True)
    with pytest.raises(UsageError, match="E102"):
        met(tmp_path / "in")


@pytest.mark.parametrize("folder", [".git", ".hg", ".svn", ".venv", "__pycache__"])
def test_folders_of_tools_are_skipped_with_a_reason(tree, folder):
    found = met(tree({f"sub/{folder}/x.txt": "", "a.txt": ""}))
    assert names(found) == ["a.txt"]
    assert skipped(found) == {f"sub/{folder}": ("a tool's folder, not data", False)}


def test_ignore_files_hold_from_the_root_down_and_the_deeper_wins(tree):
    root = tree(
        {
            ".phisweepignore": "# a remark\n*.log\n/only-here.txt\nold/\n",
            "a.log": "",
            "only-here.txt": "",
            "old/x.txt": "",
            "sub/only-here.txt": "",
            "sub/b.log": "",
            "sub/.phisweepignore": "!b.log\n",
        }
    )
    found = met(root)
    assert names(found) == ["sub/b.log", "sub/only-here.txt"]
    ignored = ("ignored by .phisweepignore", False)
    assert skipped(found) == {
        ".phisweepignore": ("what phisweep is told to ignore", False),
        "sub/.phisweepignore": ("what phisweep is told to ignore", False),
        "a.log": ignored,
        "only-here.txt": ignored,
        "old": ignored,
    }


def test_what_is_ignored_is_so_when_given_by_name(tree, monkeypatch):
    root = tree({".phisweepignore": "sub/*.log\n", "sub/a.log": "", "sub/b.txt": ""})
    monkeypatch.chdir(root)
    assert names(met("sub/a.log", "sub/b.txt")) == ["b.txt"]
    assert names(met("sub", exclude=["sub/b.txt"])) == []


def test_excluded_and_not_included_files_are_listed(tree):
    root = tree({"a.csv": "", "b.txt": "", "sub/c.csv": "", "out/d.csv": ""})
    found = met(root, include=["*.csv"], exclude=["out/"])
    assert names(found) == ["a.csv", "sub/c.csv"]
    assert skipped(found) == {"b.txt": ("not included", False), "out": ("excluded", False)}


def test_a_glob_or_ignore_file_that_cannot_be_read_is_a_usage_error(tree):
    root = tree({"a.txt": ""})
    with pytest.raises(UsageError, match="E127"):
        met(root, exclude=["!"])
    (root / ".phisweepignore").write_bytes(b"\xff")
    with pytest.raises(UsageError, match="E127"):
        met(root)


def test_a_file_over_the_limit_makes_the_run_incomplete(tree):
    found = met(tree({"a.txt": "12345", "b.txt": "1234"}), max_file_size=4)
    assert names(found) == ["b.txt"]
    assert skipped(found) == {"a.txt": ("larger than 4 bytes", True)}


def test_links_inside_the_tree_are_skipped_for_their_targets_are_read(tree):
    root = tree({"a.txt": "", "sub/b.txt": ""})
    (root / "link.txt").symlink_to(root / "a.txt")
    (root / "loop").symlink_to(root)
    (root / "sub" / "up").symlink_to("..")
    found = met(root)
    assert names(found) == ["a.txt", "sub/b.txt"]
    inside = ("symlink; its target is read where it stands", False)
    assert skipped(found) == {"link.txt": inside, "loop": inside, "sub/up": inside}


def test_a_link_out_of_the_tree_is_fatal_and_does_not_tell_where_it_leads(tree, tmp_path):
    root = tree({"a.txt": ""})
    (tmp_path / "outside-zzyzx").mkdir()
    (root / "link").symlink_to(tmp_path / "outside-zzyzx")
    (root / "nowhere").symlink_to(tmp_path / "missing")
    (root / "self").symlink_to(root / "self")
    found = met(root)
    assert skipped(found) == {
        "link": ("symlink that leads out of the tree", True),
        "nowhere": ("symlink that leads nowhere", True),
        "self": ("symlink that leads nowhere", True),
    }
    assert "zzyzx" not in repr([item for item in found if isinstance(item, Skipped)])


def test_a_link_that_is_given_by_name_is_followed_and_one_in_a_glob_is_not(tree, tmp_path):
    root = tree({"sub/a.txt": "abc"})
    (tmp_path / "folder").symlink_to(root)
    (tmp_path / "file.txt").symlink_to(root / "sub" / "a.txt")
    assert names(met(tmp_path / "folder")) == ["sub/a.txt"]
    (source,) = met(tmp_path / "file.txt")
    assert (source.name, source.size) == ("file.txt", 3)
    assert skipped(met(tmp_path / "file*"))["file.txt"][1]


def test_special_files_are_fatal_and_never_opened(tree):
    root = tree({"a.txt": ""})
    os.mkfifo(root / "pipe.csv")
    with socket.socket(socket.AF_UNIX) as listener:
        here = os.open(".", os.O_RDONLY)
        os.chdir(root)  # the name of a socket must be short
        try:
            listener.bind("s")
        finally:
            os.fchdir(here)
            os.close(here)
        found = met(root)
    assert names(found) == ["a.txt"]
    assert skipped(found) == {
        "pipe.csv": ("a pipe, not a file", True),
        "s": ("a socket, not a file", True),
    }


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_what_cannot_be_read_makes_the_run_incomplete(tree):
    root = tree({"a.txt": "", "locked/b.txt": "", "c.txt": ""})
    (root / "locked").chmod(0)
    (root / "c.txt").chmod(0)
    try:
        found = met(root)
    finally:
        (root / "locked").chmod(0o700)
    assert names(found) == ["a.txt"]
    assert skipped(found) == {
        "c.txt": ("cannot be read: Permission denied", True),
        "locked": ("cannot be listed: Permission denied", True),
    }


def test_a_file_that_vanishes_on_the_way_is_told(tree):
    root = tree({"a.txt": "", "b.txt": ""})
    items = discover([str(root)])
    assert next(items).name == "a.txt"
    (root / "b.txt").unlink()
    assert skipped(list(items)) == {"b.txt": ("cannot be read: No such file or directory", True)}


def test_a_deep_tree_is_walked_without_recursion(tmp_path):
    path = tmp_path
    for _ in range(300):
        path /= "d"
    path.mkdir(parents=True)
    (path / "x.txt").write_text("")
    assert names(met(tmp_path)) == ["/".join(["d"] * 300) + "/x.txt"]


def test_names_are_out_of_repr(tree):
    (item,) = met(tree({"zzyzx.txt": "12"}), max_file_size=1)
    assert "zzyzx" not in repr(item)

"""What staging promises: OUT is there whole or it is not there."""

from pathlib import Path

import pytest

from phisweep.errors import UsageError
from phisweep.staging import check_out, staging


def test_the_folder_gets_its_name_at_the_end(tmp_path):
    out = tmp_path / "deep" / "out"
    with staging(out) as folder:
        assert folder.parent == out.parent
        assert folder.stat().st_mode & 0o777 == 0o700
        (folder / "x").write_text("x")
        assert not out.exists()
    assert [p.name for p in out.iterdir()] == ["x"]
    assert [p.name for p in out.parent.iterdir()] == ["out"]


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, SystemExit, GeneratorExit])
def test_nothing_is_left_whatever_is_raised(tmp_path, error):
    with pytest.raises(error), staging(tmp_path / "out") as folder:  # noqa: PT012 - it is what is tested
        (folder / "x").write_text("x")
        raise error
    assert list(tmp_path.iterdir()) == []


def test_an_empty_out_is_taken_over_and_one_filled_meanwhile_is_not(tmp_path):
    out = tmp_path / "out"
    out.mkdir()
    with staging(out) as folder:
        (folder / "x").write_text("x")
    assert (out / "x").exists()
    (out / "x").unlink()
    with pytest.raises(UsageError, match="cannot be given OUT's name"), staging(out) as folder:
        (out / "theirs").write_text("y")
    assert [p.name for p in tmp_path.rglob("*")] == ["out", "theirs"]


def test_an_out_that_cannot_be_made_is_told(tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(UsageError) as caught, staging(tmp_path / "file" / "out"):
        pass
    assert caught.value.code == "E106"


@pytest.mark.parametrize(
    ("out", "inputs", "code"),
    [
        ("out", ["data"], ""),
        ("out", ["-"], ""),
        ("empty", ["data"], ""),
        ("data2", ["data"], ""),
        ("data", ["other"], "E105"),
        ("data/x.txt", ["other"], "E105"),
        ("link", ["other"], "E105"),
        ("data/new", ["data"], "E104"),
        ("data/new", ["."], "E104"),
        ("data/../data/new", ["data"], "E104"),
        ("other/new", ["data", "other"], "E104"),
        ("other/new", ["link2"], "E104"),
        ("data/sub/new", ["data/s*"], "E104"),
        ("data/new", ["data/*.txt"], ""),
        ("empty", ["empty/none"], "E104"),
    ],
)
def test_out_is_neither_taken_nor_in_an_input_nor_around_one(
    tmp_path, monkeypatch, out, inputs, code
):
    monkeypatch.chdir(tmp_path)
    for name in ("data/sub", "other", "empty"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "data" / "x.txt").write_text("x")
    (tmp_path / "link").symlink_to("empty")
    (tmp_path / "link2").symlink_to("other")
    if not code:
        check_out(Path(out), inputs)
        return
    with pytest.raises(UsageError) as caught:
        check_out(Path(out), inputs)
    assert caught.value.code == code

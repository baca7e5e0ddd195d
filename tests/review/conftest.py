import shutil

import pytest

from phisweep.runs.reviewing import desk_of
from review import hospital


@pytest.fixture(scope="session")
def made(tmp_path_factory):
    """A folder for what is made once, and copied for each test."""
    return tmp_path_factory.mktemp("made")


@pytest.fixture
def data(run, tmp_path):
    """The originals, in the folder that commands run in."""
    return hospital.write(tmp_path / "data")


@pytest.fixture
def release(deid, data, made):
    """A release of them."""
    out = data.parent / "out"
    if not (made / "out").exists():
        done = deid("data")
        assert done.status == 0, done.err
        shutil.copytree(out, made / "out")
    elif not out.exists():
        shutil.copytree(made / "out", out)
    return out


@pytest.fixture
def sample(run, release, made):
    """A sample of all there is."""
    path = release.parent / "sample.json"
    if not (made / "sample.json").exists():
        done = run("sample", "out", "--data", "data", "-n", "500", "--seed", "7")
        assert done.status == 0, done.err
        shutil.copy(path, made / "sample.json")
    elif not path.exists():
        shutil.copy(made / "sample.json", path)
    return path


@pytest.fixture
def desk(sample):
    """A desk for a reviewer, by name."""
    return lambda reviewer="anna", **more: desk_of(sample, ["data"], reviewer, **more)

"""What the tests of DICOM share."""

import pytest

from formats.imaging.invented import desk


@pytest.fixture(scope="session")
def one_desk(tmp_path_factory):
    with desk(tmp_path_factory.mktemp("desk")) as own:
        yield own


@pytest.fixture
def office(one_desk, tmp_path):
    """A desk under Safe Harbor, its folder empty."""
    one_desk.folder = tmp_path
    return one_desk

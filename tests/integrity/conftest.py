import shutil

import pytest

from phisweep.integrity.signatures import generate, private_key_from, public_key_from

NOTE = "Seen 2024-03-04.\nMs. Quillfeather, MRN 0041776,\nssn 987-65-4320; call 617-555-0123.\n"


@pytest.fixture(scope="session")
def signer(tmp_path_factory):
    """A key that signs, and the file of its public half."""
    path = tmp_path_factory.mktemp("signer") / "site.key"
    generate(path)
    return path


@pytest.fixture(scope="session")
def trusted(signer):
    return (public_key_from(signer.with_name("site.key.pub")),)


@pytest.fixture(scope="session")
def signing(signer):
    return private_key_from(signer)


@pytest.fixture
def copied(tmp_path):
    """A copy of a folder that may be spoiled."""

    def copied_(folder):
        shutil.rmtree(tmp_path / "copy", ignore_errors=True)
        return shutil.copytree(folder, tmp_path / "copy", symlinks=True)

    return copied_


@pytest.fixture
def update_schemas(request):
    """True where golden files are written again."""
    return request.config.getoption("--update-golden", default=False)

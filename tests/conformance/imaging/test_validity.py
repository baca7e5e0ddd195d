"""
Copies are files of DICOM as good as their sources: pydicom reads them, dciodvfy finds nothing new.

dciodvfy is of Debian's dicom3tools.
"""

import re
import shutil
import subprocess
import warnings
from pathlib import Path

import pydicom
import pytest

from conformance.imaging.copies import copies, read, settings_of

DATA = Path(pydicom.__file__).parent / "data"
FILES = [
    *sorted((DATA / "test_files").glob("*.dcm")),
    *sorted((DATA / "charset_files").glob("*.dcm")),
]
POLICIES = ("safe-harbor", "limited-data-set")
PIXELS = ("PixelData", "FloatPixelData", "DoubleFloatPixelData")
#: What differs from file to file in a message, and is none of its kind.
_VALUES = re.compile(r"<[^<>]*>|\b\d[\d.]*|0x[0-9a-f]+")

needs_dciodvfy = pytest.mark.skipif(
    shutil.which("dciodvfy") is None, reason="dciodvfy is not there: Debian's dicom3tools has it"
)


@pytest.fixture(scope="module", params=POLICIES)
def copied(request, tmp_path_factory):
    """Each source with its copy."""
    settings = settings_of(profile=request.param, faces="accept")
    found = copies(FILES, tmp_path_factory.mktemp("valid"), settings)
    return [(path, copy) for path, _, copy in found if copy is not None]


def test_copies_open_in_pydicom_without_a_warning_of_their_own(copied):
    assert len(copied) > 30
    for path, copy in copied:
        assert warned(copy) <= warned(path), path.name


def warned(path):
    with warnings.catch_warnings(record=True) as found:
        warnings.simplefilter("always")
        dataset = pydicom.dcmread(path, force=True)
        dataset.decode()
        for element in dataset.iterall():
            str(element)
    return {str(w.message).partition(":")[0] for w in found}


def test_copies_say_that_they_are_de_identified(copied):
    for _, copy in copied:
        dataset = read(copy)
        assert dataset.PatientIdentityRemoved == "YES"
        assert dataset.DeidentificationMethod
        assert dataset.DeidentificationMethodCodeSequence[0].CodeValue == "113100"


def test_pixels_of_copies_are_those_of_their_sources(copied):
    for path, copy in copied:
        old, new = read(path), read(copy)
        for name in PIXELS:
            before, after = old.get(name), new.get(name)
            assert before == after or only_comments_differ(before, after), path.name


def only_comments_differ(before, after):
    """Say whether a few bytes are zeros now, or what stands behind the last frame is cut off."""
    emptied = sum(x != y for x, y in zip(before, after, strict=False))
    zeros = all(y in (x, 0) for x, y in zip(before, after, strict=False))
    return zeros and len(after) <= len(before) and emptied < 100


@needs_dciodvfy
def test_dciodvfy_finds_no_error_that_the_source_has_not(copied):
    new = {path.name: errors(copy) - errors(path) for path, copy in copied}
    assert {name: found for name, found in new.items() if found} == {}


def errors(path):
    """Return the errors that dciodvfy tells, without values."""
    ran = subprocess.run(
        ["dciodvfy", str(path)], capture_output=True, text=True, errors="replace", check=False
    )
    lines = (ran.stdout + ran.stderr).splitlines()
    return {_VALUES.sub("", line) for line in lines if line.startswith("Error")}

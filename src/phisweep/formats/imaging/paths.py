"""What copies are called: by the UIDs that stand in them, so that no name tells of anybody."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from phisweep.errors import DocumentError
from phisweep.formats.dicom import begins
from phisweep.formats.stream import raw_stream
from phisweep.marks import CODE_LETTERS, letters
from phisweep.model import Source

_HEAD = 1 << 10
#: What copies of directories are called, or begin with.
DIRECTORY = "DICOMDIR"
_SYNTAX = re.compile(rb"\x02\x00\x10\x00UI..([0-9.]{1,64})", re.DOTALL)
_LENGTH = 8  # characters of one component of a File ID (PS3.10 8.2)
_WORDS = (
    "i|im|img|images?|mr|ct|cr|dx|us|nm|pt|pet|sc|sr|rt|xa|se|ser|series|st|stu|study|studies|ex|exam"
    "|dat|data|dicom|dicomdir|dcm|pic|scans?|slice|frame|files?|instance|test|head|chest|brain|axial"
    "|sagittal|coronal|t1|t2|flair|dwi|adc|localizer|scout|rtplan|rtdose|rtstruct|small|rle|rgb|jpeg"
    "|original|export|in|out|src|raw|real|work|shared|sample|tree"
)
#: What devices and archives call files and folders: words and short numbers; and our own names.
_TECHNICAL = re.compile(
    rf"(?:(?:{_WORDS})?\d{{0,4}})(?:[ _+-](?:(?:{_WORDS})?\d{{0,4}})){{0,4}}|im\d{{5}}[0-9a-z]"
    rf"|(?:dicomdir-)?[{CODE_LETTERS}]{{8}}",
    re.IGNORECASE,
)


def of_uids(uids: Sequence[str], name: str) -> str:
    """
    Return the path of the copy of an instance by its new UIDs: study, series, instance.

    Letters alone, and no vowels: no component is a word, a number or a date of anybody.
    """
    path = "/".join(component(uid) for uid in uids)
    return path + (".dcm" if name.lower().endswith(".dcm") else "")


def is_directory(output: str) -> bool:
    """Say whether a copy is called as directories are."""
    return output.rpartition("/")[2].startswith(DIRECTORY)


def syntax_of(copy: Path) -> str:
    """Return the transfer syntax that a copy of ours tells, "" for a naked data set."""
    with copy.open("rb") as file:
        head = file.read(_HEAD)
    match = _SYNTAX.search(head) if begins(head) else None
    return match[1].decode() if match else ""


def component(uid: str) -> str:
    """Return eight letters that tell a UID from others."""
    digest = hashlib.sha256(uid.encode()).digest()
    return letters(int.from_bytes(digest[:8]), _LENGTH)


def persons(sources: Iterable[Source]) -> frozenset[str]:
    """
    Return the parts of the paths of DICOM files that are not plainly technical.

    In a tree of images folders and files are often called by the patient, `DOE^JOHN/`, in ways that
    no rule knows.
    """
    found: set[str] = set()
    for source in sources:
        if source.data is None and _is_dicom(source):
            found.update(part for part in source.name.split("/") if not _plain(part))
    return frozenset(found)


def _plain(part: str) -> bool:
    stem, dot, suffix = part.rpartition(".")
    known = dot and suffix.lower() in ("dcm", "dicom", "ima", "img")
    return _TECHNICAL.fullmatch(stem if known else part) is not None


def _is_dicom(source: Source) -> bool:
    try:
        with raw_stream(source) as stream:
            return begins(stream.read(_HEAD))
    except (DocumentError, OSError):
        return False

"""What files are called in a policy: patterns in which no finding and no long number stands."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from fnmatch import fnmatch

from phisweep.decide import resolve
from phisweep.detect.detector import Detector, stem_end
from phisweep.legible import legible
from phisweep.model import Location, Text
from phisweep.places import looks_like_data

_SPECIAL = re.compile(r"[\[*?]")
_STARS = re.compile(r"\*+")
_TOKEN = re.compile(r"[^_\-. /]*\d[^_\-. /]*")
_DIGITS = re.compile(r"\d+")
_CUT = re.compile(r"[^_\-. /]*$")


def pattern(name: str, detector: Detector) -> str:
    """
    Return a glob that fits the file's name: `labs.csv`, but `*_labs.csv` for one with a number.

    What a rule finds in the name is a star, and with it every word that holds a digit: what stands
    beside the name of a person is likely of that person too.
    """
    found = resolve(detector.find(Text(Location("", "filename"), name, kind="filename")))
    covered = bytearray(legible(sign) != sign for sign in name)
    careful = bool(found) or any(covered) or looks_like_data(name)
    spans = [(finding.start, finding.end) for finding in found]
    if careful:
        spans += [match.span() for match in _TOKEN.finditer(name, 0, stem_end(name))]
    for start, end in spans:
        covered[start:end] = b"\x01" * (end - start)
    signs = ("*" if hidden else _escaped(sign) for sign, hidden in zip(name, covered, strict=True))
    return _STARS.sub("*", "".join(signs))


def without(glob: str, name: str, hidden: Collection[str]) -> str:
    """Return the glob of a name with a star for each part of its path that is to be hidden."""
    parts = []
    for told, part in zip(glob.split("/"), name.split("/"), strict=True):
        parts.append("*" + told[stem_end(told) :] if part in hidden else told)
    return "/".join(parts)


def family(glob: str) -> str:
    """Return the pattern with every number in the last part as a star: `notes_*.jsonl`."""
    folder, slash, name = glob.rpartition("/")
    end = stem_end(name)
    return folder + slash + _STARS.sub("*", _DIGITS.sub("*", name[:end]) + name[end:])


def common(globs: Sequence[str]) -> str:
    """Return one pattern of one folder for several: `notes/*.jsonl`, `notes/visit_*.jsonl`."""
    folder, slash, _ = globs[0].rpartition("/")
    names = [glob.rpartition("/")[2] for glob in globs]
    suffixes = {_suffix(name) for name in names}
    suffix = suffixes.pop() if len(suffixes) == 1 else ""
    head = _CUT.sub("", _beginning([name[: stem_end(name)] for name in names]))
    head = head.partition("*")[0] if _SPECIAL.search(head) else head
    return f"{folder}{slash}{head}*{suffix}"


def fits(glob: str, name: str) -> bool:
    """Say whether a policy's pattern fits a file's name, as a run reads it."""
    return fnmatch(name, glob) or fnmatch(name.rsplit("/", 1)[-1], glob)


def narrow(glob: str) -> tuple[int, int, str]:
    """Return a key by which narrower patterns come first: the first that fits is followed."""
    stars = glob.count("*")
    return (stars, -len(glob) if stars else 0, glob)


def _beginning(names: Sequence[str]) -> str:
    """Return with what all names begin."""
    shared = zip(*names, strict=False)
    same = (len(set(signs)) == 1 for signs in shared)
    return names[0][: next((i for i, alike in enumerate(same) if not alike), min(map(len, names)))]


def _suffix(name: str) -> str:
    return name[stem_end(name) :]


def _escaped(text: str) -> str:
    return _SPECIAL.sub(lambda match: f"[{match[0]}]", text)

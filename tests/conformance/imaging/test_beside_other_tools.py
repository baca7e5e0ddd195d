"""
Our copies beside those of dicognito and dicom-anonymizer, attribute by attribute.

On the files that pydicom ships for its own tests. An attribute that one of them treats and we leave,
or the other way round, has an explanation in `differences`, or this fails.
"""

import logging
import warnings
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from pathlib import Path

import pydicom
import pytest

from conformance.imaging.copies import copies, read, settings_of
from conformance.imaging.differences import DIFFERENCES, HELD, explained

anonymizer = pytest.importorskip("dicognito.anonymizer", reason="dicognito is not installed")
dicomanonymizer = pytest.importorskip("dicomanonymizer", reason="dicom-anonymizer is not installed")

DATA = Path(pydicom.__file__).parent / "data"
FILES = [
    *sorted((DATA / "test_files").glob("*.dcm")),
    *sorted((DATA / "charset_files").glob("*.dcm")),
]
PIXELS = ("PixelData", "FloatPixelData", "DoubleFloatPixelData")


def dicognito(dataset):
    anonymizer.Anonymizer().anonymize(dataset)


TOOLS = {"dicognito": dicognito, "dicom-anonymizer": dicomanonymizer.anonymize_dataset}


@dataclass
class Beside:
    """
    What became of every file.

    `seen` counts differences by place, tool, ours, theirs; `headers` how many of the held ones were
    compared by their header alone.
    """

    status: Counter = field(default_factory=Counter)
    reasons: defaultdict = field(default_factory=lambda: defaultdict(list))
    seen: Counter = field(default_factory=Counter)
    headers: int = 0


def flat(dataset, above=()):
    """Yield every element with its place, of keywords and tags and of numbers of items."""
    for element in dataset:
        place = (*above, (called(dataset, element), int(element.tag)))
        if element.VR != "SQ":
            yield place, "" if element.value is None else element.value
            continue
        yield place, f"{len(element.value)} items" if element.value else ""
        for number, item in enumerate(element.value):
            yield from flat(item, (*place, number))


def called(dataset, element):
    tag = element.tag
    if not tag.is_private:
        return element.keyword or str(tag)
    creator = element if tag.is_private_creator else dataset.get((tag.group, tag.elem >> 8))
    return f"private {creator.value if creator else ''}".strip()


def says_something(name, value):
    """Say whether a value tells more than a copy may: an empty name does not, nor a year."""
    if name.endswith("Name"):
        return str(value).strip("^= ") != ""
    if name.endswith("Date") and len(str(value)) == 8:
        return not str(value).endswith("0101")
    return str(value) != ""


def became(old, new):
    if new is None:
        return "removed"
    if str(new) in ("", "[]"):
        return "emptied"
    return "left" if str(old) == str(new) else "replaced"


def by_tool(path, treat):
    """Return what a tool makes of a file."""
    dataset = read(path)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        treat(dataset)
    return dict(flat(dataset))


def compared(beside, path, copy):
    source, ours = dict(flat(read(path))), dict(flat(read(copy)))
    for tool, treat in TOOLS.items():
        theirs = by_tool(path, treat)
        for place, old in source.items():
            if not says_something(place[-1][0], old):
                continue
            one, other = became(old, ours.get(place)), became(old, theirs.get(place))
            if "left" in (one, other) and one != other:
                names = tuple(step for step in place if not isinstance(step, int))
                beside.seen[names, tool, one, other] += 1


@pytest.fixture(scope="module")
def beside(tmp_path_factory):
    """Every file copied; of those whose pixels hold them back, the header by itself too."""
    folder, found, held = tmp_path_factory.mktemp("copies"), Beside(), []
    settings = settings_of(faces="accept", pixels="hold")
    logging.disable(logging.ERROR)
    for path, outcome, copy in copies(FILES, folder / "whole", settings):
        found.status[outcome.status] += 1
        if copy is not None:
            compared(found, path, copy)
            continue
        found.reasons[outcome.reason or outcome.error].append(path.name)
        if outcome.status == "skipped":
            held.append(without_pixels(path, folder / f"{len(held):03d} {path.name}"))
    for path, _, copy in copies(held, folder / "headers", settings):
        assert copy is not None, path.name
        found.headers += 1
        compared(found, path, copy)
    logging.disable(logging.NOTSET)
    return found


def without_pixels(path, target):
    dataset = read(path)
    for name in PIXELS:
        if name in dataset:
            del dataset[name]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        dataset.save_as(target)
    return target


def test_every_difference_is_explained(beside):
    unexplained = [
        f"{'.'.join(name for name, _ in place)}: {tool} {theirs}, ours {ours} ({count})"
        for (place, tool, ours, theirs), count in sorted(beside.seen.items())
        if explained(place, tool, ours) is None
    ]
    assert not unexplained, "\n".join(unexplained)


def test_every_explanation_is_needed(beside):
    needed = {explained(place, tool, ours) for place, tool, ours, _ in beside.seen}
    assert [row.what for row in DIFFERENCES if row not in needed] == []


def test_files_without_a_copy_are_told_with_their_reason(beside):
    counts = Counter()
    for reason, names in beside.reasons.items():
        told = next((why for why, start in HELD.items() if reason.startswith(start)), reason)
        counts[told] += len(names)
    assert set(counts) == set(HELD), counts
    assert sum(counts.values()) == len(FILES) - beside.status["changed"] - beside.status["clean"]
    assert beside.headers == beside.status["skipped"]

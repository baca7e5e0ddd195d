"""A data set as blocks to search, with what is to become of each element."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from phisweep.errors import DocumentError
from phisweep.formats.base import Block, ReadOptions, failed
from phisweep.formats.embedded import Embedded, embed
from phisweep.formats.imaging import concepts, values
from phisweep.formats.imaging.charset import Charset, charset
from phisweep.formats.imaging.dictionary import keyword_of, written
from phisweep.formats.imaging.elements import (
    DECLARED,
    META_INSTANCE,
    PATIENT_ID,
    PRIVATE,
    SPECIFIC_CHARACTER_SET,
    TEXTS,
    DataSet,
    Element,
)
from phisweep.formats.imaging.fates import ENCAPSULATED, ICONS, Fates, read_as
from phisweep.formats.imaging.file import Dicom
from phisweep.formats.imaging.pieces import Parsed, parsed
from phisweep.formats.imaging.profile import Action
from phisweep.formats.imaging.rules import MEDIA_TYPE, SPECIAL, Rule, rules_of, says_nothing
from phisweep.model import Location, Media, Source, Text

#: A sequence that nothing says is one, and the words in it.
_ITEM, _RUNS = b"\xfe\xff\x00\xe0", re.compile(rb"[\x20-\x7e]{4,}")
_REMEMBERED, _SHORT = 200, 120  # values of one rule, and bytes of one of them
#: What is truly done where an element goes, or stands empty.
_DONE: Mapping[Action | None, Mapping[str, str]] = {
    "X": {"*": "omit"},
    "Z": {"tag": "omit", "redact": "omit"},
}
_DATES = ("retain-longitudinal-modified-dates", "retain-longitudinal-full-dates")


@dataclass(slots=True)
class Planned:
    """
    What is to become of one element.

    `pieces` of its text, each other one a delimiter; of those that are blocks `addresses` and what
    is `shown` for them, by index. `inner` is a document in it.
    """

    element: Element  # held, so that no other gets its id
    action: Action | None
    vr: str
    pieces: Sequence[str] = field(default=(), repr=False)
    addresses: dict[int, str] = field(default_factory=dict)
    shown: dict[int, str] = field(default_factory=dict, repr=False)
    inner: Embedded | None = None


@dataclass(slots=True)
class Place:
    """Where a data set stands: prefixes of addresses, of places and of paths."""

    address: str = ""
    place: str = ""
    path: str = ""
    within: int = 0  # the tag of the sequence


class Plan:
    """
    Goes through a file once; `blocks` are what it found, `planned` is by the id of an element.

    `owners` says of items, by their id, in which data set the number of their patient stands.
    """

    def __init__(
        self,
        dicom: Dicom,
        source: Source,
        options: ReadOptions,
        fates: Fates,
        owners: Mapping[int, DataSet] | None = None,
    ) -> None:
        self.dicom = dicom
        self.source = source
        self.options = options
        self.fates = fates
        self.blocks: list[Block] = []
        self.planned: dict[int, Planned] = {}
        self.kept: set[str] = set()
        self.warnings: set[str] = set()
        self.held = ""
        self._words: list[str] = []
        self._used: set[str] = set()
        self._rules = rules_of(options.imaging.options, fates.sop_class)
        self._charsets: dict[int, Charset] = {}
        self._last: DataSet | None = None
        self._charset = charset("")
        self._years = not options.imaging.options.intersection(_DATES)
        self.owner = self._text_of(dicom.data, PATIENT_ID).strip()
        self._owners = owners or {}

    def read(self, at: Place | None = None) -> None:
        """Fill `blocks` and `planned`; the data set stands `at` a place. Raises DocumentError."""
        for element in self.dicom.meta.elements if self.dicom.meta else ():
            if element.tag & 0xFFFF not in (0, 1, 2, 0x10, 0x12):
                action: Action | None = "U" if element.tag == META_INSTANCE else "X"
                rule = Rule.of(element, read_as(element), action)
                self._element(self.dicom.meta or self.dicom.data, element, Place(), rule)
        self._dataset(self.dicom.data, at or Place(), strict=False, gone=False)
        if self._words:
            where = Location(self.source.shown, f"{at.address if at else ''}private elements")
            text = "\n".join(self._words)
            self.blocks.append(
                Text(
                    where,
                    text,
                    kind="prose",
                    owner=self.owner,
                    place="private elements",
                    done=_DONE["X"],
                )
            )

    def charset(self, data: DataSet) -> Charset:
        """Return the character set of a data set: its own, or that around it."""
        if data is self._last:
            return self._charset
        known = self._charsets.get(id(data))
        if known is None:
            told = data.get(SPECIFIC_CHARACTER_SET)
            if told is None and data.parent is not None:
                known = self.charset(data.parent)
            else:
                known = charset(data.told(SPECIFIC_CHARACTER_SET))
            self._charsets[id(data)] = known
        self._last, self._charset = data, known
        return known

    def _text_of(self, data: DataSet, tag: int) -> str:
        element = data.get(tag)
        return self.decoded(data, element, read_as(element)) if element is not None else ""

    def decoded(self, data: DataSet, element: Element, vr: str) -> str:
        """Return the text of an element, without its padding. Raises DocumentError E211."""
        if element.value is None:
            raise failed("E211", self.source, f"a text of {element.length} bytes")
        raw = element.value.rstrip(b" \0")
        if vr not in DECLARED:
            return raw.decode("latin-1")
        text, sure = self.charset(data).decode(raw)
        if not sure:
            self.warnings.add("text that is not in the character set that it declares")
        return text

    def _dataset(self, data: DataSet, at: Place, *, strict: bool, gone: bool) -> None:
        """Go through a data set; `strict`: nothing that somebody wrote may stay; `gone`: nothing."""
        rules, fates = self._rules.setdefault((at.within, strict, gone), {}), self.fates
        replaced = concepts.replaced(data, at.within, fates.profile)
        for element in data.elements:
            if element.tag & PRIVATE:
                if not fates.private(data, element):
                    self._private(data, element)
                    continue
                if element.vr not in TEXTS and element.items is None:
                    told = fates.private_vr(data, element)
                    if told in TEXTS:  # is searched, though the file does not say that it is text
                        element.vr, element.head = told, 0
            key = (element.tag, element.vr)
            rule = rules.get(key)
            if rule is None:
                rule = rules[key] = self._rule(data, element, at, strict=strict, gone=gone)
            if element.items is not None:
                whole = strict or element.tag in replaced
                self._sequence(element, at, rule.action, strict=whole)
                continue
            if _is_replaced(rule, element, replaced):
                rule = Rule.of(element, rule.vr, "D")
            if not rule.plain or (element.value is not None and not rule.spares(element.value)):
                self._element(data, element, at, rule)

    def _rule(
        self, data: DataSet, element: Element, at: Place, *, strict: bool, gone: bool
    ) -> Rule:
        vr = read_as(element)
        action = self.fates.of(data, element, vr, at.within)
        if strict and action in (None, "C") and vr in DECLARED:
            action = "D"
        return Rule.of(element, vr, "X" if gone else action)

    def _sequence(
        self, element: Element, at: Place, action: Action | None, *, strict: bool
    ) -> None:
        self.planned[id(element)] = Planned(element, action, "SQ")
        name = keyword_of(element.tag)
        head = f"{at.address}{written(element.tag)}"
        if element.tag == ICONS and action != "K":
            self._media(f"{head} {name}", "icon image", element)
            return
        if action == "K":
            self.kept.add(name)
        for number, item in enumerate(element.items or (), 1):
            below = Place(
                f"{head}[{number}].",
                f"{at.place}{written(element.tag)}.",
                f"{at.path}{name}.",
                element.tag,
            )
            if (whose := self._owners.get(id(item))) is not None:
                self.owner = self._text_of(whose, PATIENT_ID).strip()
            self._dataset(item, below, strict=strict or action == "D", gone=action in ("X", "Z"))

    def _element(self, data: DataSet, element: Element, at: Place, rule: Rule) -> None:
        planned = self.planned[id(element)] = Planned(element, rule.action, rule.vr)
        if element.tag == ENCAPSULATED:
            self._encapsulated(data, element, f"{at.address}{rule.told}", planned)
        elif rule.action == "K":
            if element.tag != SPECIFIC_CHARACTER_SET and element.length:
                self.kept.add(rule.name)
        elif rule.vr in TEXTS:
            if element.value is not None or rule.action != "X":
                self._text(data, element, planned, at, rule)
        elif rule.opaque and element.length:
            self._media(f"{at.address}{rule.told}", _what(element), element)

    def _text(
        self, data: DataSet, element: Element, planned: Planned, at: Place, rule: Rule
    ) -> None:
        parsed = self._parsed(data, element, rule)
        if parsed is None:
            return
        planned.pieces = parsed.pieces
        path = f"dicom:{at.path}{rule.name}" if rule.by_place else rule.own_path
        for each in parsed.spoken:
            where = self._unique(at.address + each.told)
            planned.addresses[each.number] = where
            planned.shown[each.number] = each.shown
            self.blocks.append(
                Text(
                    Location(self.source.shown, where),
                    each.shown,
                    each.label,
                    kind=rule.kind,
                    path=path,
                    owner=self.owner,
                    place=at.place + each.place,
                    done=_DONE.get(rule.action),
                )
            )

    def _parsed(self, data: DataSet, element: Element, rule: Rule) -> Parsed | None:
        """Return the pieces of a value, None where it says nothing; those of a series recur."""
        if element.tag in SPECIAL and says_nothing(
            element.tag, self._raw_text(data, element), data
        ):
            return None
        names = self.charset(data).names
        known = rule.parsed.get((element.value or b"", names))
        if known is None:
            known = parsed(rule, element.tag, self._raw_text(data, element), years=self._years)
            if len(rule.parsed) < _REMEMBERED and len(element.value or b"") < _SHORT:
                rule.parsed[element.value or b"", names] = known
        elif rule.vr in DECLARED and not known.ascii:
            self._raw_text(data, element)  # for what it warns of
        return known if known.pieces else None

    def _raw_text(self, data: DataSet, element: Element) -> str:
        return self.decoded(data, element, read_as(element))

    def _unique(self, address: str) -> str:
        where, number = address, 1
        while where in self._used:
            number += 1
            where = f"{address}#{number}"
        self._used.add(where)
        return where

    def _private(self, data: DataSet, element: Element) -> None:
        """Take in the words of a private element, which does not stay."""
        self.planned[id(element)] = Planned(element, "X", element.vr)
        for item in element.items or ():
            for inner in item.elements:
                self._private(item, inner)
        if element.value is None or element.vr not in (*TEXTS, "UN"):
            return
        if element.vr == "UN" and element.value.startswith(_ITEM):
            self._words += (run.decode() for run in _RUNS.findall(element.value))
            return
        if element.vr == "UN" and not _readable(element.value):
            return
        text = self.charset(data).decode(element.value.strip(b" \0"))[0]
        if text and not values.is_plain("DS", text):
            self._words += [piece for piece in text.split("\\") if piece.strip()]

    def _encapsulated(
        self, data: DataSet, element: Element, address: str, planned: Planned
    ) -> None:
        """Read the document in a data set. Raises DocumentError."""
        kind = self._text_of(data, MEDIA_TYPE).lower()
        planned.action = None
        raw = element.value
        if raw is None:
            raw = self.dicom.bytes(element.start, element.length)
        if kind.startswith("model/"):
            self.held = "a model of a body cannot be assessed: full faces and the like (Q)"
            return
        if kind == "application/pdf":  # padded to an even length
            raw = raw.rstrip(b"\0")
        elif kind in ("text/xml", "application/xml", ""):
            raw = raw.rstrip(b"\0 ")
        try:
            inner = embed(
                raw, self.source, self.options, address, media_type=kind, owner=self.owner
            )
        except DocumentError as error:
            self.held = f"the document in it cannot be read whole ({error.code})"
            return
        planned.inner = inner
        for block in inner.blocks:
            if isinstance(block, Media):
                self.held = self.held or f"the document in it: {block.what} ({block.letters})"
        self.blocks += inner.blocks

    def _media(self, address: str, what: str, element: Element) -> None:
        where = Location(self.source.shown, self._unique(address))
        self.blocks.append(Media(where, what, size=element.length))

    def close(self) -> None:
        """Release the documents in it."""
        for planned in self.planned.values():
            if planned.inner is not None:
                planned.inner.close()


def _is_replaced(rule: Rule, element: Element, replaced: Collection[int]) -> bool:
    """
    Say whether another value stands there after all.

    An option keeps dates and numbers, not whatever was typed in their place; and what a concept says
    of a value goes before what its attribute says.
    """
    if rule.action == "K" and not rule.keeps(element.value or b""):
        return True
    return element.tag in replaced and rule.action in (None, "C", "K")


def _what(element: Element) -> str:
    group = element.tag >> 16
    if group & 0xFF01 == 0x6000:  # noqa: PLR2004 - overlays
        return "overlay"
    return "curve" if group & 0xFF01 == 0x5000 else "binary value"  # noqa: PLR2004 - curves


def _readable(raw: bytes) -> bool:
    """Say whether bytes of no known type are a text."""
    bare = raw.strip(b" \0")
    return bool(bare) and bare.isascii() and bare.decode().isprintable()

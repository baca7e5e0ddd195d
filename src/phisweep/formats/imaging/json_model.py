"""
The DICOM JSON model (PS3.18 annex F): one data set or a list of them, as objects by tag.

Each is made elements of, treated like those of a file, and written as JSON again. What lies
elsewhere (`BulkDataURI`) is not read, and its address does not stay.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from io import BytesIO
from typing import cast

from phisweep.formats.base import (
    Block,
    Fate,
    Fidelity,
    OnePart,
    ReadOptions,
    Replaced,
    failed,
)
from phisweep.formats.imaging.charset import UTF_8
from phisweep.formats.imaging.elements import (
    SOP_CLASS,
    SPECIFIC_CHARACTER_SET,
    TEXTS,
    UNDIVIDED,
    VRS,
    DataSet,
    Element,
)
from phisweep.formats.imaging.fates import Fates
from phisweep.formats.imaging.file import DEEPEST, Dicom
from phisweep.formats.imaging.judging import judged_of
from phisweep.formats.imaging.marking import mark
from phisweep.formats.imaging.parsing import Flaw
from phisweep.formats.imaging.plan import Place, Plan
from phisweep.formats.imaging.syntaxes import EXPLICIT, Syntax
from phisweep.formats.imaging.writing import Writer
from phisweep.formats.stream import opened
from phisweep.formats.trees.document import whole_text
from phisweep.model import Edit, Source

Json = dict[str, object]
_TAG = re.compile(r"[0-9A-Fa-f]{8}")
_GROUPS = ("Alphabetic", "Ideographic", "Phonetic")
_KNOWN = frozenset(("vr", "Value", "InlineBinary", "BulkDataURI"))


@dataclass(slots=True)
class _Reader:
    """Makes elements of objects; `originals` are those that may be written as they were."""

    depth: int
    originals: dict[int, tuple[Element, Json]] = field(default_factory=dict, repr=False)
    elsewhere: int = 0

    def dataset(self, told: object, parent: DataSet | None = None, depth: int = 0) -> DataSet:
        """Return a data set. Raises Flaw."""
        if depth > self.depth:
            raise Flaw(f"sequences lie more than {self.depth} deep in each other", "E209")
        if not isinstance(told, dict):
            raise Flaw("a data set is no object", "E236")
        found = DataSet(implicit=False, parent=parent)
        for key in sorted(told):
            if not _TAG.fullmatch(key) or not isinstance(told[key], dict):
                raise Flaw("a member of a data set is no tag with an object", "E236")
            found.elements.append(self._element(int(key, 16), told[key], found, depth))
        return found

    def _element(self, tag: int, told: Json, of: DataSet, depth: int) -> Element:
        vr, value = told.get("vr"), told.get("Value", [])
        if not isinstance(vr, str) or vr not in VRS or not isinstance(value, list):
            raise Flaw("an element without a type of the standard, or without a list", "E236")
        element = Element(tag, vr, b"")
        original: Json = {key: told[key] for key in ("vr", "Value", "InlineBinary") if key in told}
        self.originals[id(element)] = (element, original)
        self.elsewhere += "BulkDataURI" in told
        if vr == "SQ":
            element.items = [self.dataset(item or {}, of, depth + 1) for item in value]
            return element
        if "InlineBinary" in told:
            element.value = _unpacked(told["InlineBinary"])
        elif vr in TEXTS or tag >> 16 & 1:
            element.value = "\\".join(_text(vr, each) for each in value).encode()
        elif not all(_is_number(vr, each) for each in value):
            raise Flaw("a value is not of the type that its element tells", "E236")
        element.length = len(element.value or b"") or len(value)
        return element


class JsonDocument(OnePart):
    """An opened document of data sets; each is a chunk, and a record of one patient."""

    structure = "lines"
    fidelity: Fidelity = "always"  # type: ignore[misc]

    def __init__(self, source: Source, options: ReadOptions) -> None:
        self.source = source
        self.options = options
        self.encoding = ""
        self.columns: int | None = None
        self.warnings: list[str] = []
        self.held = ""  # type: ignore[misc]
        self.also_unread: Sequence[str] = ()  # type: ignore[misc]
        self._reader = _Reader(min(options.max_depth, DEEPEST))
        told = self._loaded()
        self._listed = isinstance(told, list)
        self._every = [self._opened(each) for each in (told if isinstance(told, list) else [told])]
        self.rows: int | None = len(self._every)
        if self._reader.elsewhere:
            what = f"{self._reader.elsewhere} values that lie elsewhere (BulkDataURI)"
            self.also_unread = (f"{what}: left out",)  # type: ignore[misc]

    def chunks(self) -> Iterator[JsonChunk]:
        """Yield the data sets."""
        many = len(self._every) > 1
        for number, dicom in enumerate(self._every, 1):
            fates = Fates(self.options.imaging, dicom.data.told(SOP_CLASS))
            plan = Plan(dicom, self.source, self.options, fates)
            at = f"data set {number}, " if many else ""
            plan.read(Place(address=at))
            self.held = self.held or plan.held  # type: ignore[misc]
            before = ("[" if self._listed else "") if number == 1 else ","
            yield JsonChunk(plan, self._reader.originals, before, at)
            plan.close()

    def finish(self) -> Iterator[bytes]:
        """Yield the end of the list."""
        if self._listed:
            yield b"]" if self._every else b"[]"
        yield b"\n"

    def position(self) -> int:
        """Return the size: it is held whole."""
        return self.source.size

    def close(self) -> None:
        """Do nothing: the source is not kept open."""

    def _loaded(self) -> object:
        with closing(opened(self.source, self.options)) as stream:
            self.encoding = stream.code.label
            text = whole_text(stream)
        try:
            return json.loads(text)
        except (ValueError, RecursionError):
            what = "it is no whole JSON document"
            raise failed("E236", self.source, what, "Export it again.") from None

    def _opened(self, told: object) -> Dicom:
        try:
            data = self._reader.dataset(told)
        except Flaw as flaw:
            raise failed(flaw.code, self.source, flaw.what, "Export it again.") from None
        data.put(Element(SPECIFIC_CHARACTER_SET, "CS", UTF_8.encode()))
        dicom = Dicom(BytesIO(), None, data, Syntax.of(EXPLICIT), [])
        held, judged = judged_of(dicom, self.options.imaging)
        if judged is not None and judged.work:
            held = "pixels in JSON are not cleaned: words may stand there"
        self.held = self.held or held  # type: ignore[misc]
        return dicom


@dataclass(slots=True)
class JsonChunk:
    """One data set."""

    plan: Plan
    originals: Mapping[int, tuple[Element, Json]] = field(repr=False)
    before: str
    at: str = ""

    @property
    def blocks(self) -> Sequence[Block]:
        """What to search."""
        return self.plan.blocks

    def write(
        self,
        edits: Mapping[str, Sequence[Edit]],
        columns: Mapping[str, Replaced],  # noqa: ARG002 - no columns here
    ) -> bytes:
        """Return the data set as JSON."""
        data = self.plan.dicom.data
        mark(data, self.plan.options.imaging, pixels=False, burned_in="")
        told = self._object(data, Writer(self.plan, edits))
        return (self.before + json.dumps(told, ensure_ascii=False)).encode()

    def fates(self) -> Iterator[Fate]:
        """Yield what becomes of each element, and why: for `explain`."""
        from phisweep.formats.imaging.explaining import fates  # noqa: PLC0415 - where one is asked

        return fates(self.plan, at=self.at)

    def _object(self, data: DataSet, writer: Writer) -> Json:
        out: Json = {}
        for element in data.elements:
            planned = self.plan.planned.get(id(element))
            action = planned.action if planned is not None else "K"
            if action == "X" or element.tag & 0xFFFF == 0:
                continue
            told: Json = {"vr": element.vr}
            if element.items is not None:
                items = [self._object(item, writer) for item in element.items if action != "Z"]
                if items:
                    told["Value"] = items
            else:
                told = self._value(data, element, writer, told)
            out[f"{element.tag:08X}"] = told
        return out

    def _value(self, data: DataSet, element: Element, writer: Writer, told: Json) -> Json:
        _, original = self.originals.get(id(element), (element, None))
        value = writer.value(data, element)
        if original is not None and value == element.value and element.vr != "CS":
            planned = self.plan.planned.get(id(element))
            emptied = planned is not None and planned.action in ("Z", "D")
            return original if element.vr in TEXTS or not emptied else told
        if not value:
            return told
        if element.vr in TEXTS:
            text = value.decode()
            parts = [text] if element.vr in UNDIVIDED else text.split("\\")
            return {**told, "Value": [_written(element.vr, part) for part in parts]}
        return {**told, "InlineBinary": base64.b64encode(value).decode()}


def _text(vr: str, value: object) -> str:
    if value is None:
        return ""
    if vr == "PN" and isinstance(value, dict):
        if not value.keys() <= {*_GROUPS} or not all(isinstance(v, str) for v in value.values()):
            raise Flaw("a name has parts that the standard does not know", "E236")
        return "=".join(cast("str", value.get(group, "")) for group in _GROUPS).rstrip("=")
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise Flaw("a value is not of the type that its element tells", "E236")
    return str(value)


def _written(vr: str, text: str) -> object:
    if not text:
        return None
    if vr == "PN":
        groups = zip(_GROUPS, text.split("="), strict=False)
        return {group: part for group, part in groups if part}
    return text


def _is_number(vr: str, value: object) -> bool:
    if vr == "AT":
        return isinstance(value, str) and _TAG.fullmatch(value) is not None
    if isinstance(value, str):  # NaN, and integers that are too large for some readers
        return re.fullmatch(r"[+-]?(?:\d{1,20}|NaN|Infinity|inf|nan)", value) is not None
    return value is None or (isinstance(value, int | float) and not isinstance(value, bool))


def _unpacked(told: object) -> bytes:
    try:
        return base64.b64decode(str(told), validate=True)
    except (binascii.Error, ValueError):
        raise Flaw("InlineBinary is not base64", "E236") from None

"""The strings of a FHIR resource as blocks: with their places, and with what stands inside of them."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from phisweep.formats.base import kind_of
from phisweep.formats.resources.record import Record
from phisweep.formats.resources.references import is_reference, parts
from phisweep.formats.scribe import Scribe
from phisweep.formats.tokens import Leaf
from phisweep.formats.within.documents import document, plain_view, unpacked
from phisweep.formats.within.page import html_view
from phisweep.formats.within.tags import is_markup
from phisweep.formats.within.view import Holder, Piece, View
from phisweep.model import Kind, Text

_REFERENCES = frozenset({"reference", "fullUrl", "ifNoneExist"})
#: Elements of a type that hold a reference, and are called otherwise.
_PLACES = frozenset({"Bundle.entry.request.url", "Bundle.entry.response.location"})
_ATTACHED = frozenset(
    {"attachment", "photo", "presentedForm", "contentAttachment", "valueAttachment", "media"}
)
#: Elements of running text, however short one is.
_WRITTEN = frozenset({"title", "description", "comment", "patientInstruction", "conclusion"})
_FILE = re.compile(r"\S{1,120}\.[A-Za-z0-9]{2,5}")
_URNS = ("urn:uuid:", "urn:oid:")
_NEVER_INSIDE = frozenset({"system", "code", "resourceType", "url", "profile", "unit", "status"})


@dataclass(frozen=True, slots=True)
class Strings:
    """Enters records into a scribe; `prefix` begins every address ("line 3: ")."""

    scribe: Scribe
    prefix: str = ""

    def enter(self, record: Record) -> None:
        """Add the blocks of a record."""
        for leaf in record.leaves:
            if leaf.role == "key":
                self.scribe.add(record.text, leaf, self.prefix)
                continue
            path = record.place(leaf)
            label, owner = record.label(leaf, path), record.owner(leaf)
            view = self._inside(record, leaf, path, label) if leaf.role == "string" else None
            if view is not None:
                self.scribe.put(record.text, (leaf,), view)
                continue
            standard = f"fhir:{path}" if path else ""
            kind = _kind(record, leaf)
            self.scribe.add(
                record.text,
                leaf,
                self.prefix,
                label=label,
                kind=kind,
                path=standard,
                owner=owner,
            )

    def _inside(self, record: Record, leaf: Leaf, path: str, label: str) -> View | None:
        """Return the view of a string in which something else stands, None for a value."""
        key, size = leaf.label, leaf.end - leaf.start
        if size > 2 and key not in _NEVER_INSIDE:  # noqa: PLR2004 - its quotes
            return self._view(record, leaf, path, label)
        value = record.value(leaf)
        if key == "url" and value and (path in _PLACES or _is_link(record, leaf)):
            return self._view(record, leaf, path, label)
        return None

    def _view(self, record: Record, leaf: Leaf, path: str, label: str) -> View | None:
        key, value = leaf.label, record.value(leaf)
        opened = self.scribe.opened
        holder = Holder(
            opened.source,
            opened.options,
            self.prefix + leaf.pointer,
            label,
            f"fhir:{path}",
            record.owner(leaf),
        )
        if key in _REFERENCES or path in _PLACES:
            return _reference(record, leaf, value, holder)
        if _is_packed(key, path):
            return _packed(record, leaf, value, holder)
        if key == "url" and is_reference(value):
            return _reference(record, leaf, value, replace(holder, path=f"{holder.path}.reference"))
        if value.startswith(_URNS):
            return _reference(record, leaf, value, holder, told=False)
        return _marked(key, value, holder)


def _marked(key: str, value: str, holder: Holder) -> View | None:
    """Return the view of a narrative or of another string with markup, None for a plain one."""
    if key == "div" or ("<" in value and kind_of(value) == "prose" and is_markup(value)):
        return html_view(value, holder)
    return plain_view(value, holder) if "base64," in value else None


def _reference(
    record: Record, leaf: Leaf, value: str, holder: Holder, *, told: bool = True
) -> View:
    """Return the view of a reference; the place of one that is not `told` is that of its element."""
    view = View(value)
    holder_key = record.key_above(leaf)
    resource = record.resource(leaf)
    for part in parts(value, record.targets, holder_key):
        block = holder.text(part.step, part.label)
        path = part.path
        if path == "contained":
            path = f"contained.{record.type_of(value, holder_key, resource)}"
        block = _placed(block, f"{holder.path}.{path}" if told or part.step else holder.path)
        view.add(block, [Piece(part.start, part.end)])
    return view


def _packed(record: Record, leaf: Leaf, value: str, holder: Holder) -> View:
    """Return the view of an attachment's data."""
    view = View(value)
    kind = record.told(leaf, "contentType") or "application/octet-stream"
    data = unpacked(value)
    if data == b"":
        return view
    inner = document(data, holder, "", kind, size=len(value))
    view.put(0, len(value), inner)
    return view


def _placed(block: Text, path: str) -> Text:
    return replace(block, path=path)


def _kind(record: Record, leaf: Leaf) -> Kind | None:
    """Return the kind of an element of running text or of a file's name, None for any other."""
    if leaf.role != "string" or leaf.label not in _WRITTEN:
        return None
    named = leaf.label == "title" and _FILE.fullmatch(record.value(leaf))
    return "filename" if named else "prose"


def _is_packed(key: str, path: str) -> bool:
    """Say whether an element holds base64: not the numbers of sampled data."""
    if key == "data":
        return "SampledData" not in path
    return key in ("valueBase64Binary", "carrierAIDC") or path == "AuditEvent.entity.query"


def _is_link(record: Record, leaf: Leaf) -> bool:
    return record.key_above(leaf) in _ATTACHED or bool(record.told(leaf, "contentType"))

"""Members that name other members: relations, types of content, the manifest of an ODF file."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import quote

from phisweep.formats.base import ReadOptions, kind_of
from phisweep.formats.markup import Span, edited, escaped, resolve, spans, spliced
from phisweep.formats.office.members import target_of
from phisweep.model import Edit, Location, Source, Text

_ELEMENTS = frozenset({"Relationship", "Override", "file-entry"})
_NAMES = frozenset({"Target", "PartName", "full-path"})
_PLAIN = ":/?#@!$&'()*+,;=%~-._"  # what may stand in an address as it is


@dataclass(frozen=True, slots=True)
class Entry:
    """
    One element that names something. `means` is the member, "" where it lies outside the file.

    `begin` and `end` are its half-open bytes, `text` is the block of a name that is searched.
    """

    begin: int
    end: int
    span: Span
    means: str = field(repr=False)
    text: Text | None


def entries(
    name: str,
    data: bytes,
    prefix: str,
    members: frozenset[str],
    place: tuple[Source, ReadOptions],
) -> list[Entry]:
    """Return what a member names. Raises DocumentError E209, E210, E219."""
    source, options = place
    found: list[Entry] = []
    element: dict[str, Span] = {}
    begun: Span | None = None
    for span in [*spans(data, source, options, _ELEMENTS), None]:
        if span is None or span.role == "mark":
            if begun is not None and (entry := _entry(name, data, element, begun, members)):
                found.append(
                    _searched(entry, element, data, f"{prefix}, target {len(found) + 1}", source)
                )
            begun, element = span, {}
        elif span.role == "attribute" and begun is not None and span.steps == begun.steps:
            element[span.name] = span
    return found


def _value(data: bytes, span: Span | None) -> str:
    return resolve(data[span.start : span.end].decode(), span.role) if span is not None else ""


def _entry(
    name: str, data: bytes, element: Mapping[str, Span], begun: Span, members: frozenset[str]
) -> Entry | None:
    span = next((each for key, each in element.items() if key in _NAMES), None)
    if span is None:
        return None
    target = _value(data, span)
    means = target.lstrip("/") if span.name != "Target" else ""
    if span.name == "Target" and _value(data, element.get("TargetMode")) != "External":
        means = target_of(name, target)
    if means not in members:
        means = ""
    last = max(each.end for each in element.values())
    end = data.index(b">", last) + 1
    if data[end - 2 : end - 1] != b"/":
        end = data.index(b">", end) + 1
    return Entry(begun.start, end, span, means, None)


def _searched(
    entry: Entry, element: Mapping[str, Span], data: bytes, address: str, source: Source
) -> Entry:
    """Give an entry that means no member a block; folders of a manifest mean none and say nothing."""
    value = _value(data, entry.span)
    if entry.means or (entry.span.name == "full-path" and value in ("/", "")):
        return entry
    label = _value(data, element.get("Type")).rpartition("/")[2] or "target"
    place = re.sub(r" \d+", "", address)
    text = Text(Location(source.shown, address), value, label, kind=kind_of(value), place=place)
    return Entry(entry.begin, entry.end, entry.span, "", text)


def rewritten(
    name: str,
    data: bytes,
    found: Sequence[Entry],
    edits: Mapping[str, Sequence[Edit]],
    names: Mapping[str, str],
) -> bytes:
    """
    Return the member with edits in place and other members under their new names.

    `names` maps the name of a member to its new one, to "" where it is left out of the copy. What
    was removed from an address of the web is written so that it still is one.
    """
    changes: list[tuple[int, int, bytes]] = []
    for entry in found:
        span = entry.span
        if entry.means in names:
            new = names[entry.means]
            if not new:
                changes.append((entry.begin, entry.end, b""))
                continue
            if span.name == "Target":
                folder = posixpath.dirname(posixpath.dirname(name))
                new = posixpath.relpath(new, folder) if folder else new
            elif span.name == "PartName":
                new = f"/{new}"
            changes.append((span.start, span.end, escaped(new, "attribute").encode()))
        elif entry.text is not None and (made := edits.get(entry.text.location.address)):
            value = resolve(
                edited(data[span.start : span.end].decode(), "attribute", made), "attribute"
            )
            new = quote(value, safe=_PLAIN) if span.name == "Target" else value
            changes.append((span.start, span.end, escaped(new, "attribute").encode()))
    return spliced(data, changes)


def relations_of(name: str) -> str:
    """Return the name of the member that holds the relations of a part."""
    folder, _, file = name.rpartition("/")
    return posixpath.join(folder, "_rels", f"{file}.rels")

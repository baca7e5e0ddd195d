"""Names of elements and attributes, which may be data: searched once, renamed wherever they stand."""

from __future__ import annotations

import re

from phisweep.formats.richtext.held import Builder, EditsOf
from phisweep.splicing import splice

_NO_NAME = re.compile(r"[^\w.-]")


class Names:
    """The names of one document, each told where it stands first."""

    def __init__(self, builder: Builder) -> None:
        self._builder = builder
        self._seen: set[tuple[bool, str]] = set()
        self._at: dict[str, tuple[bool, str]] = {}
        self._new: dict[tuple[bool, str], str] = {}

    def tell(self, name: str, address: str, *, attribute: bool = False) -> None:
        """Take in a local name at the address of what it names."""
        if (attribute, name) in self._seen:
            return
        self._seen.add((attribute, name))
        self._at[f"{address} (key)"] = attribute, name
        self._builder.name(f"{address} (key)", name)

    def rename(self, edits: EditsOf, text: str) -> str:
        """Return a stretch of the document with the names of it that were changed so far."""
        for address in edits.keys() & self._at.keys():
            attribute, name = self._at[address]
            self._new[attribute, name] = self._unused(splice(name, edits[address]))
        for (attribute, name), new in self._new.items():
            before = r"\s" if attribute else "</?"
            behind = r"(?=\s*=\s*[\"'])" if attribute else r"(?=[\s/>])"
            pattern = rf"({before}(?:[\w.-]+:)?){re.escape(name)}{behind}"
            text = re.sub(pattern, rf"\g<1>{new}", text)
        return text

    def _unused(self, name: str) -> str:
        name = _NO_NAME.sub("_", name) or "_"
        name = name if name[0].isalpha() or name[0] == "_" else f"_{name}"
        taken, number, new = {*self._new.values(), *(n for _, n in self._seen)}, 1, name
        while new in taken:
            number += 1
            new = f"{name}_{number}"
        return new

"""
What stands beside the rows of a typed table: names of columns and fields, keys and values of metadata.

A value that is JSON (pandas, Spark, Avro) is searched leaf by leaf. Where it repeats the name of a
column that is renamed, it is renamed with it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import pyarrow as pa

from phisweep.formats.base import Block, kind_of
from phisweep.formats.escapes import edit_string, quoted, resolve
from phisweep.formats.tokens import Fault, Leaf, leaves
from phisweep.formats.typed.shape import nodes
from phisweep.model import Edit, Kind, Location, Media, Text
from phisweep.splicing import splice

#: Keys that libraries write, in words of their own.
STANDARD = re.compile(
    r"pandas|geo|pyarrow\.\w+|(?:ARROW|PARQUET):[\w:]+|org\.apache\.[\w.]+|parquet\.[\w.]+|"
    r"label|format|value labels|missing|file label|table name|notes|sets|attributes|variable attributes|"  # ours, of statistics
    r"avro\.schema|iceberg\.[\w.-]+|huggingface|writer\.model\.name|com\.databricks\.[\w.]+"
)
_WORDS = """
index_columns kind name start stop step column_indexes field_name pandas_type numpy_type metadata
encoding columns attributes creator library version pandas_version num_categories ordered timezone
partition_columns fields type nullable elementType containsNull keyType valueType valueContainsNull
items doc default lo hi
"""
STANDARD_KEYS = frozenset(_WORDS.split())
_NUMBERS = re.compile(r"-?\d{1,9}")  # a field's own number
_OPEN = ("{", "[")


@dataclass(slots=True)
class Names:
    """The names of the fields of a schema: `now` by address, once their edits are taken."""

    blocks: Sequence[Block] = field(repr=False)
    was: Mapping[str, str] = field(repr=False)
    now: dict[str, str] = field(default_factory=dict, repr=False)
    _at: Mapping[str, str] = field(default_factory=dict, repr=False)

    def take(self, edits: Mapping[str, Sequence[Edit]]) -> None:
        """Take the edits of the names, by the addresses of their blocks."""
        for place, address in self._at.items():
            if edits.get(place):
                self.now[address] = splice(self.was[address], edits[place])

    @property
    def renamed(self) -> Mapping[str, str]:
        """The new names, by the old ones."""
        return {self.was[address]: name for address, name in self.now.items()}


def names_of(schema: pa.Schema, shown: str) -> Names:
    """Return the names of a schema's fields. Raises NotRead."""
    blocks: list[Block] = []
    was: dict[str, str] = {}
    at: dict[str, str] = {}
    for node in nodes(schema):
        if node.given:
            place = f"schema, column {node.address}"
            blocks.append(Text(Location(shown, place), node.name, kind="key"))
            was[node.address] = node.name
            at[place] = node.address
    return Names(blocks, was, _at=at)


@dataclass(slots=True)
class Properties:
    """
    Keys and values of metadata, in their order; `kept` gives them after the edits.

    `where` stands before their addresses ("metadata ", "column 3, metadata "); `names` are those
    of columns, which are searched where they stand in the schema.
    """

    shown: str
    where: str
    names: Names = field(repr=False)
    pairs: Sequence[tuple[bytes, bytes]] = field(repr=False)
    blocks: Sequence[Block] = field(init=False, repr=False)
    _edits: dict[str, Sequence[Edit]] = field(init=False, default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        self.blocks = [
            block
            for number, (key, value) in enumerate(self.pairs, 1)
            for block in self._blocks(f"{self.where}{number}", key, value)
        ]

    def take(self, edits: Mapping[str, Sequence[Edit]]) -> None:
        """Take the edits, by the addresses of the blocks."""
        for block in self.blocks:
            if found := edits.get(block.location.address):
                self._edits[block.location.address] = found

    def kept(self) -> dict[bytes, bytes]:
        """Return keys and values with the edits in place."""
        made: dict[bytes, bytes] = {}
        for number, (key, value) in enumerate(self.pairs, 1):
            place = f"{self.where}{number}"
            made[self._string(f"{place} (key)", key)] = self._value(place, value)
        return made

    def _blocks(self, place: str, key: bytes, value: bytes) -> Iterator[Block]:
        name = _text(key)
        if name is None:
            yield Media(Location(self.shown, f"{place} (key)"), "binary metadata", size=len(key))
        elif not STANDARD.fullmatch(name):
            yield Text(Location(self.shown, f"{place} (key)"), name, kind="key")
        text = _text(value)
        if text is None:
            yield Media(Location(self.shown, place), "binary metadata", size=len(value))
        elif members := _json(text):
            standard = name is not None and STANDARD.fullmatch(name) is not None
            yield from self._members(place, text, members, standard=standard)
        elif text and not self._known(name, text):
            yield Text(Location(self.shown, place), text, name or "", "", "metadata")

    def _known(self, name: str | None, text: str) -> bool:
        """Say whether a value is a field's number, or a name that the schema has too."""
        number = name is not None and STANDARD.fullmatch(name) and _NUMBERS.fullmatch(text)
        return bool(number) or text in set(self.names.was.values())

    def _members(
        self, place: str, text: str, members: Sequence[Leaf], *, standard: bool
    ) -> Iterator[Text]:
        names = set(self.names.was.values())
        for leaf in members:
            quote = leaf.role != "number"
            value = resolve(text[leaf.start + quote : leaf.end - quote])
            if value in names:
                continue
            if leaf.role == "key" and value in STANDARD_KEYS and standard:
                continue
            kind: Kind = "key" if leaf.role == "key" else kind_of(value)
            where = Location(self.shown, f"{place}: {leaf.pointer}")
            yield Text(where, value, leaf.label, "", kind)

    def _string(self, place: str, raw: bytes) -> bytes:
        text = _text(raw)
        if text is None:
            return b"" if self._edits.get(place) else raw
        new = splice(text, self._edits[place]) if self._edits.get(place) else text
        return self.names.renamed.get(new, new).encode("utf-8", "replace")

    def _value(self, place: str, raw: bytes) -> bytes:
        text = _text(raw)
        members = _json(text) if text else ()
        if not text or not members:
            return self._string(place, raw)
        renamed, at = self.names.renamed, 0
        parts: list[str] = []
        for leaf in members:
            quote = leaf.role != "number"
            inner = text[leaf.start + quote : leaf.end - quote]
            edits = self._edits.get(f"{place}: {leaf.pointer}", ())
            new = splice(inner, edits) if not quote else edit_string(inner, edits, escape_all=True)
            if (value := resolve(inner)) in renamed:
                new, quote = quoted(renamed[value], escape_all=True), False
            elif not quote and new != inner:
                new = quoted(new, escape_all=True)
            parts += (text[at : leaf.start + quote], new)
            at = leaf.end - quote
        return "".join([*parts, text[at:]]).encode("utf-8", "replace")


def _text(raw: bytes) -> str | None:
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return None


def _json(text: str) -> Sequence[Leaf]:
    """Return the leaves of a JSON object or array, () where it is none."""
    if not text.lstrip().startswith(_OPEN):
        return ()
    try:
        return list(leaves(text, 0, len(text), 256))
    except Fault:
        return ()

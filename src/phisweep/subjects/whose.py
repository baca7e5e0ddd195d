"""Whose record each text and each row of one document is, by the keys that stand in it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import field
from itertools import compress
from typing import TYPE_CHECKING

from phisweep.detect.linking import HEAD, Key, Links, Pointers, is_record_key, missing
from phisweep.detect.shapes import says_nothing
from phisweep.formats.base import Block
from phisweep.model import Column, Finding, Text
from phisweep.values import dataclass

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from phisweep.subjects.namewords import KnownNames
    from phisweep.subjects.store import Subjects

_BARE = "^[0-9]+$"  # a key as it stands
_LINE = re.compile(r"line \d+: ")
_KEY = " (key)"
_NUMBER = re.compile(r"(?<![A-Za-z0-9])[A-Za-z]{0,4}\d{5,18}(?![A-Za-z0-9])")
AUTOMATIC = "mrn"  # the identifier that links where nothing is said


@dataclass(frozen=True, slots=True)
class Rows:
    """
    The keys of a chunk's rows: row i has those of `names[indices[i]]`, none where it is -1.

    `names` are distinct sets of keys, by kind. Where all keys are of one `kind`, `keys` are there
    in their place: one each, "" for none.
    """

    names: Sequence[Mapping[str, str]] = field(repr=False)
    indices: npt.NDArray[np.int64] = field(repr=False)
    kind: str | None = None
    keys: Sequence[str] = field(default=(), repr=False)

    def __len__(self) -> int:
        """Return how many sets of keys there are."""
        return len(self.names) or len(self.keys)


class Whose:
    """
    Finds the keys in one document.

    `name` is the source's own name. `shown` says for the report where keys were found.
    """

    def __init__(self, links: Links, name: str) -> None:
        told = links.of_file(name)
        self._part = "!" in name
        self.told = told is not None
        self._keys: tuple[Key, ...] = told or ()
        self._automatic = told is None and links.automatic
        self._pointers = Pointers([k for k in self._keys if k.where in ("pointer", "column")])
        self._seen: dict[str, set[str]] = {}
        self._named = {
            key.kind: found
            for key in self._keys
            if key.where == "name" and (found := _in_name(key.expression, name)[0])
        }
        self._of_head: dict[str, str] | None = None
        self._columns: Sequence[tuple[str, int]] | None = None
        self.shown: dict[str, None] = {k.shown: None for k in self._keys if k.where == "name"}

    @property
    def links(self) -> bool:
        """Say whether keys are looked for at all."""
        return bool(self._keys) or self._automatic

    def rows(
        self, columns: Sequence[Column], identifier: Callable[[Column], str], where: str
    ) -> Rows | None:
        """
        Return the keys of a chunk's rows, None where no column is one.

        `identifier` says what a column holds, `where` is the source for an error. Raises
        DocumentError E214 for a key that is no column.
        """
        import numpy as np  # noqa: PLC0415 - 0.1 s, which only tables pay

        from phisweep import arrays  # noqa: PLC0415 - as above

        if self._columns is None:
            self._columns = self._key_columns(columns, identifier, where)
        here = {column.index: column for column in columns}
        keys = [(kind, here[index]) for kind, index in self._columns if index in here]
        if not keys:
            return None
        if len(keys) == 1:
            return _single(*keys[0])
        count = len(columns[0].values)
        combined = np.zeros(count, dtype=np.int64)
        values: list[Sequence[str]] = []
        for _, column in keys:
            entries = _keys_in(column)
            values.append(entries)
            own = arrays.numbers(column.values.indices)
            combined = combined * len(entries) + own.astype(np.int64)
        distinct, indices = np.unique(combined, return_inverse=True)
        kinds = [kind for kind, _ in keys]
        names = [_split_code(code, kinds, values) for code in distinct.tolist()]
        empty = np.array([not told for told in names])
        return Rows(names, np.where(empty[indices], -1, indices))

    def _key_columns(
        self, columns: Sequence[Column], identifier: Callable[[Column], str], where: str
    ) -> Sequence[tuple[str, int]]:
        """Return the columns that are keys, by kind and index."""
        found = [(k.kind, c.index) for k in self._keys for c in columns if k.is_column(c.label)]
        for key in self._keys:
            # One key said of a workbook need not stand in each of its sheets.
            if (
                key.where == "column"
                and not self._part
                and not any(key.is_column(c.label) for c in columns)
            ):
                raise missing(key, [c.label for c in columns], where)
        if self._automatic:
            found = [("", c.index) for c in columns if c.label and identifier(c) == AUTOMATIC][:1]
        for _, index in found:
            self.shown.setdefault(f"column {index + 1}")
        return found

    def read(self, blocks: Iterable[Block], identifier: Callable[[Text], str]) -> None:
        """Take in the keys among the leaves of a JSON document; `identifier` as in `columns`."""
        for block in blocks:
            if not isinstance(block, Text) or "/" not in block.location.address:
                continue
            if block.owner and not self.told:
                continue
            prefix, pointer = _split(block.location.address)
            if block.kind == "key":
                continue
            if self._automatic:
                if identifier(block) == AUTOMATIC and (value := _key_of(block.text)):
                    above = pointer.rpartition("/")[0]
                    self._pointers.at.setdefault(prefix + above, {"": value})
                    seen = self._seen.setdefault(prefix, set())
                    seen.add(value)
                    self.shown.setdefault(block.label or "a member")
            else:
                self._pointers.enter(prefix, pointer, _key_of(block.text))
        if self._pointers.at and not self._automatic:
            for key in self._keys:
                self.shown.setdefault(key.shown)

    def is_key(self, block: Text) -> bool:
        """Say whether a JSON value is the subject's own key, by what the site says."""
        if not self.told or block.kind == "key" or "/" not in block.location.address:
            return False
        prefix, pointer = _split(block.location.address)
        own = [key for key in self._keys if not key.kind]
        return any(is_record_key(key, prefix, pointer) for key in own)

    def is_key_column(self, column: Column) -> bool:
        """Say whether a column is the subject's own key, by what the site says."""
        return any(not key.kind and key.is_column(column.label) for key in self._keys)

    def forget(self) -> None:
        """Forget the keys of lines that are done, so that memory stays bounded."""
        self._pointers.at.clear()
        self._seen.clear()

    def of_text(self, block: Text) -> Mapping[str, str]:
        """Return the keys of a text by kind: of its record, of its file's name, of its head."""
        keys = dict(self._named)
        if block.owner and self._automatic:
            self.shown.setdefault("the patient that each record names")
            return keys | {"": block.owner}
        if "/" in block.location.address:
            prefix, pointer = _split(block.location.address)
            told = self._pointers.of(prefix, pointer)
            only = self._seen.get(prefix, set())
            # The only one of a line or document is that of all of it.
            if not told and len(only) == 1:
                told = {"": next(iter(only))}
            keys |= told
        if self._of_head is None and block.kind == "prose":
            self._of_head = {
                key.kind: found
                for key in self._keys
                if key.where == "text" and (found := _group(key.expression, block.text[:HEAD]))
            }
            for key in self._keys:
                if key.where == "text" and self._of_head:
                    self.shown.setdefault(key.shown)
        return keys | (self._of_head or {})


def in_name(
    links: Links, subjects: Subjects, names: KnownNames | None, block: Text
) -> list[Finding]:
    """
    Return the keys and names of subjects that stand in a file's name.

    Keys are what the site's pattern says, and every number of five digits and more that is one in
    a structured record; names are those of structured records.
    """
    spans = {}
    for key in links.of_file(block.text) or ():
        if key.where == "name":
            found, start = _in_name(key.expression, block.text)
            if found:
                spans[start, start + len(found)] = "mrn" if not key.kind else "other_id"
    for match in _NUMBER.finditer(block.text):
        if subjects.known(subjects.naming.digest("", match[0])):
            spans.setdefault(match.span(), "mrn")
    for span in names.spans(block.text) if names else ():
        spans.setdefault(span, "name")
    why = ("a structured record has this key or name of a subject",)
    return [
        Finding(
            block.location,
            *span,
            identifier,
            f"{identifier}/{'roster' if identifier == 'name' else 'subject-key'}",
            1.0,
            "critical",
            why,
        )
        for span, identifier in sorted(spans.items())
    ]


def _group(expression: str, text: str) -> str:
    match = re.search(expression, text)
    return _key_of(match[1] or "") if match else ""


def _in_name(expression: str, name: str) -> tuple[str, int]:
    """Return the key in a file's name, and where it starts; `^` is the start of its last part too."""
    last = name.rfind("/") + 1
    for text, start in ((name[last:], last), (name, 0)):
        match = re.search(expression, text)
        if match and (found := _key_of(match[1] or "")):
            return found, start + match.start(1) + match[1].index(found)
    return "", 0


def _single(kind: str, column: Column) -> Rows:
    """Return the keys of rows by the one column that holds them; those in no row are left out."""
    import numpy as np  # noqa: PLC0415 - as above

    from phisweep import arrays  # noqa: PLC0415 - as above

    keys = _keys_in(column)
    indices = arrays.numbers(column.values.indices).astype(np.int64)
    used = np.bincount(indices, minlength=len(keys)) > 0
    if not used.all():
        indices = (np.cumsum(used) - 1)[indices]
        keys = [*compress(keys, used.tolist())]
    empty = np.array([not key for key in keys], dtype=bool)
    return Rows((), np.where(empty[indices], -1, indices), kind, keys)


def _keys_in(column: Column) -> list[str]:
    """Return the key that each distinct value of a column is, as `_key_of` does."""
    import pyarrow.compute as pc  # noqa: PLC0415 - as above

    values = column.values.dictionary
    entries: list[str] = values.to_pylist()
    if pc.all(pc.match_substring_regex(values, _BARE), min_count=0).as_py():
        return entries
    return list(map(_key_of, entries))


def _key_of(value: str) -> str:
    """Return the key that a value is, "" for N/A, unknown and the like."""
    stripped = value.strip()
    return "" if says_nothing(stripped) else stripped


def _split_code(code: int, kinds: Sequence[str], values: Sequence[Sequence[str]]) -> dict[str, str]:
    """Return the keys that a number stands for, its digits being indices of values."""
    told: dict[str, str] = {}
    for kind, held in reversed([*zip(kinds, values, strict=True)]):
        code, i = divmod(code, len(held))
        if held[i]:
            told[kind] = held[i]
    return told


def _split(address: str) -> tuple[str, str]:
    """Return "line 3: " and the pointer of an address; the first is "" in a whole document."""
    match = _LINE.match(address)
    prefix = match[0] if match else ""
    return prefix, address[len(prefix) :].removesuffix(_KEY)

"""The XML of a sheet with changed cells: a stream through the part, each change at its place."""

from __future__ import annotations

import re
from array import array
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial

import numpy as np

from phisweep.formats.base import failed
from phisweep.formats.markup import escaped, resolve
from phisweep.formats.workbook.book import Book
from phisweep.formats.workbook.changes import SheetChanges
from phisweep.formats.workbook.elements import TAG, missing
from phisweep.formats.workbook.formulas import NO_REFERENCE, Renames
from phisweep.formats.workbook.values import typed

_LONGEST = 32_767  # UTF-16 units in a cell
_SLACK = 512  # bytes that a closing tag may take
_ATTRIBUTE = re.compile(rb"""\s([^\s=/<>"']+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_NAME = re.compile(rb"<((?:[\w.-]+:)?)c\b")
_VALUE = re.compile(rb"<(?:[\w.-]+:)?v\b[^>]*>\s*(\d+)\s*<")
_FORMULA = re.compile(rb"<((?:[\w.-]+:)?f)\b(?:[^>\"']|\"[^\"]*\"|'[^']*')*?(?:/>|>(.*?)</\1\s*>)", re.DOTALL)  # fmt: skip
_LOOKS_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")

#: Bytes from the beginning of an event on, and where it ends -> what it becomes, and how much it took.
Making = Callable[[bytes, int], tuple[bytes, int]]
Event = tuple[int, int, Making]


@dataclass(slots=True)
class SheetWriter:
    """Writes one sheet; `uses` loses those uses of shared strings that are gone."""

    book: Book
    changes: SheetChanges
    renames: Renames = field(repr=False)
    uses: array[int] = field(repr=False)
    derived: bool = False
    _groups: set[int] = field(default_factory=set)

    def written(self, blocks: Iterable[bytes]) -> Iterator[bytes]:
        """Yield the part, given in blocks of UTF-8, with its changes in place."""
        window, at, base, given = b"", 0, 0, iter(blocks)  # window[at] is the byte `base + at`
        done: list[bytes] = []
        for start, end, make in self._events():
            if start < base + at:  # it stood in a cell that was replaced
                continue
            size, more = end - start + _SLACK, True
            while more:
                while base + len(window) < start + size and (block := next(given, b"")):
                    cut = min(len(window), start - base)
                    done.append(window[at:cut])
                    yield b"".join(done)
                    window, base, done = window[cut:] + block, base + cut, []
                    at = 0
                begin = start - base
                try:
                    new, taken = make(window[begin : begin + size], end - start)
                    more = False
                except ValueError:  # it does not end in here
                    if base + len(window) < start + size:
                        raise missing(self.book.source) from None
                    size *= 2
            done += (window[at:begin], new)
            at = begin + taken
        done.append(window[at:])
        yield b"".join(done)
        yield from given

    def _events(self) -> Iterator[Event]:
        """Yield the changes in the order of the part."""
        changes = self.changes
        starts, ends, which = self._cells()
        lost = self._lost_formulas(starts)
        frame = changes.frame + (changes.derived if self.derived else [])
        frame += [c for text, place in changes.names for c in self._renamed(text, place)]
        others: list[Event] = [(s, e, _exactly(data)) for s, e, data in _settled(frame)]
        others += [(odd.start, odd.end, _without_aside if odd.comment else _without) for odd in changes.odd]  # fmt: skip
        others += self._formulas(lost, frozenset(starts.tolist()) if self.renames else frozenset())
        others.sort(key=lambda event: event[:2])
        at = 0
        for start, end, index in zip(starts.tolist(), ends.tolist(), which.tolist(), strict=True):
            while at < len(others) and others[at][0] < start:
                yield others[at]
                at += 1
            text = changes.pool[index]
            yield start, end, partial(self._cell, text=text)
        yield from others[at:]

    def _cells(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return where cells begin and end, and which text of the pool comes into each."""
        changes, none = self.changes, np.zeros(0, np.int64)
        heads = [(*changes.header_at[place], text) for place, text in changes.headers.items()]
        at = len(changes.pool)
        changes.pool += [text for *_, text in heads]
        starts = np.concatenate([none, *changes.starts, [start for start, *_ in heads]])
        ends = np.concatenate([none, *changes.ends, [end for _, end, _ in heads]])
        which = np.concatenate([none, *changes.which, [at + i for i in range(len(heads))]])
        order = np.argsort(starts, kind="stable")
        return tuple(each[order].astype(np.int64) for each in (starts, ends, which))  # type: ignore[return-value]  # three

    def _lost_formulas(self, starts: np.ndarray) -> frozenset[int]:
        """Return the cells that keep their value and lose their formula."""
        where = np.frombuffer(self.changes.formula_starts, np.int64)
        groups = np.frombuffer(self.changes.formula_groups, np.int64)
        cells = np.isin(where, starts)
        lost = cells | np.isin(where, list(self.changes.unformed))
        heads = groups[lost & (groups >= 0) & (groups % 2 == 1)] // 2
        lost |= (groups >= 0) & np.isin(groups // 2, heads)
        return frozenset(where[lost & ~cells].tolist())

    def _formulas(self, lost: frozenset[int], changed: frozenset[int]) -> Iterator[Event]:
        """Yield what becomes of formulas of cells that keep their value."""
        if not lost and not self.renames:
            return
        spans = zip(self.changes.formula_starts, self.changes.formula_ends, self.changes.formula_groups, strict=True)  # fmt: skip
        for start, end, group in spans:
            if start in lost:
                yield start, end, self._without_formula
            elif self.renames and start not in changed:
                yield start, end, partial(self._formula, group=group)

    def _renamed(self, text: str, place: tuple[int, int, bytes]) -> list[tuple[int, int, bytes]]:
        start, end, role = place
        new = self.renames.sheets.get(text.lower())
        if new is None:
            new = self.renames.formula(text)
        new = NO_REFERENCE if new is None else new
        return [(start, end, escaped(new, role.decode()).encode())] if new != text else []  # type: ignore[arg-type]  # a role

    def _cell(self, raw: bytes, size: int, text: str) -> tuple[bytes, int]:
        """Return a cell with another value: a number where its kind can show it, else a text."""
        stop = _stop(raw, size)
        tag, name = TAG.match(raw), _NAME.match(raw)
        assert tag is not None and name is not None  # noqa: PT018, S101 - the reader saw a cell
        prefix = name[1]
        said = {m[1]: m[2] if m[2] is not None else m[3] for m in _ATTRIBUTE.finditer(tag[0])}
        kind = said.get(b"t", b"n")
        value = _VALUE.search(raw, 0, stop)
        if kind == b"s" and value is not None:
            self.uses[int(value[1])] -= 1
        kept = b"".join(b' %b="%b"' % (k, said[k]) for k in (b"r", b"s") if k in said)
        number = None
        if kind == b"n":
            form = self.book.forms[int(said.get(b"s", b"0"))]
            number = typed(text, form, from_1904=self.book.from_1904)
        if number is not None:
            new = b"<%bc%b><%bv>%b</%bv></%bc>" % (prefix, kept, prefix, number.encode(), prefix, prefix)  # fmt: skip
            return new, stop
        if len(text.encode("utf-16-le", "surrogatepass")) > 2 * _LONGEST:
            raise failed("E230", self.book.source, "a replaced cell is longer than a cell may be")
        inner = escaped(_LOOKS_ESCAPED.sub("_x005F_", text).replace("\r", "_x000D_"), "text")
        new = b'<%bc%b t="inlineStr"><%bis><%bt xml:space="preserve">%b</%bt></%bis></%bc>'
        return new % (prefix, kept, prefix, prefix, inner.encode(), *(prefix,) * 3), stop

    def _without_formula(self, raw: bytes, size: int) -> tuple[bytes, int]:
        stop = _stop(raw, size)
        return _FORMULA.sub(b"", raw[:stop], count=1), stop

    def _formula(self, raw: bytes, size: int, group: int) -> tuple[bytes, int]:
        """Return a cell whose formula uses the new names, without it where it cannot."""
        stop = _stop(raw, size)
        cell = raw[:stop]
        match = _FORMULA.search(cell)
        if match is None:
            return cell, stop
        text = resolve((match[2] or b"").decode(), "text")
        new = None if group // 2 in self._groups and group >= 0 else self.renames.formula(text)
        if new is None:
            self._groups |= {group // 2} if group >= 0 else set()
            return cell[: match.start()] + cell[match.end() :], stop
        if new == text:
            return cell, stop
        begin, end = match.span(2)
        return cell[:begin] + escaped(new, "text").encode() + cell[end:], stop


def _stop(raw: bytes, size: int) -> int:
    """Return the byte behind an element of which the end tag begins at `size`. Raises ValueError."""
    tag = TAG.match(raw)
    if tag is not None and tag[0].endswith(b"/>"):
        return tag.end()
    return raw.index(b">", size) + 1


def _without(raw: bytes, size: int) -> tuple[bytes, int]:
    return b"", _stop(raw, size)


def _without_aside(raw: bytes, _: int) -> tuple[bytes, int]:
    mark = b"-->" if raw.startswith(b"<!--") else b"?>"
    return b"", raw.index(mark) + len(mark)


def _exactly(data: bytes) -> Making:
    return lambda _, size: (data, size)


def _settled(changes: list[tuple[int, int, bytes]]) -> list[tuple[int, int, bytes]]:
    kept: list[tuple[int, int, bytes]] = []
    for change in sorted(changes, key=lambda c: (c[0], -c[1])):
        if not kept or change[0] >= kept[-1][1]:
            kept.append(change)
    return kept

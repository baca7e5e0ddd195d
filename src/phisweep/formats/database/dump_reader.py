"""A dump read from its beginning: stretches of statements, and stretches of rows of one table."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from phisweep.formats.base import ReadOptions
from phisweep.formats.database.dump_rows import (
    AGAIN,
    COPY,
    INSERT,
    NEXT,
    Cut,
    Rows,
    columns_of,
    copied,
    row,
    table_of,
)
from phisweep.formats.database.lexer import Dialect, Token, pattern, token_at
from phisweep.formats.database.words import Defining, Piece, bare, pieces, without
from phisweep.formats.plain import too_long
from phisweep.formats.stream import Opened, and_last

_HEAD = 1 << 14  # code points that the head of an INSERT may take
_SHARE_OF_CHUNK = 4
#: What ends rows: of INSERT, of COPY.
_END = re.compile(r"\s*;\s*|\\\.(?:\r?\n)?")


@dataclass(slots=True)
class Stretch:
    """A stretch of the text from a 1-based line and column on: statements, or rows of a table."""

    text: str = field(repr=False)
    line: int
    col: int
    pieces: list[Piece] = field(default_factory=list, repr=False)
    rows: Rows | None = None

    @property
    def table(self) -> str | None:
        """The table whose rows they are, None of statements."""
        return None if self.rows is None else self.rows.table


class DumpReader:
    """
    Reads stretches; what is cut off is searched all the same, and stands in `faults`.

    `at` is where reading is in the window of text that is held, `base` where the stretch begins.
    """

    def __init__(self, opened: Opened, dialect: Dialect) -> None:
        self._opened = opened
        self._options: ReadOptions = opened.options
        self._dialect = dialect
        self._scan = pattern(dialect)
        self._most = max(1, opened.options.chunk_bytes // _SHARE_OF_CHUNK)
        self._text = ""
        self._at = self._base = 0
        self._line = self._col = 1
        self._rows: Rows | None = None
        self._raw = False  # lines of a COPY of another format than text
        self._tokens: list[Token] = []
        self._fresh = True  # a statement may begin here
        self.defined = Defining()
        self.faults: list[str] = []
        self.tail = ""

    def stretches(self) -> Iterator[Stretch]:
        """Yield all stretches; joined, they are the text. Raises DocumentError E201 to E205."""
        decoder = codecs.getincrementaldecoder("utf-8")()
        want = 0
        for block, final in and_last(self._opened.blocks(self._most)):
            self._text += decoder.decode(block, final)
            if len(self._text) < want and not final:
                continue
            yield from self._window(final=final)
            self._text = self._text[self._base :]
            self._tokens = [Token(r, s - self._base, e - self._base) for r, s, e in self._tokens]
            self._at -= self._base
            self._base = 0
            if len(self._text) > self._options.max_line_bytes:
                raise too_long(self._opened.source, self._line, self._options.max_line_bytes)
            want = 2 * len(self._text)

    def _window(self, *, final: bool) -> Iterator[Stretch]:
        """Read as far as the window is sure."""
        while True:
            before = self._at, self._base, self._rows is None
            if self._rows is None:
                yield from self._statements(final=final)
            elif self._rows.copy:
                yield from self._copied(final=final)
            else:
                yield from self._inserted(final=final)
            if (self._at, self._base, self._rows is None) == before:
                return

    def _statements(self, *, final: bool) -> Iterator[Stretch]:
        """Read tokens until rows begin, or the window ends."""
        text, end = self._text, len(self._text)
        while self._at < end:
            token = token_at(self._scan, text, self._at)
            if token.end == end and not final:
                break
            if token.role == "word" and (self._fresh or self._begins_line(token)):
                head = self._head(token, final=final)
                if head is None:
                    break
                if head:
                    yield from self._rows_begin(head)
                    return
            self._at = token.end
            if token.role != "space":
                self._take(token)
        cut = self._at
        if not final:
            whole = (t.end for t in reversed(self._tokens) if text[t.start : t.end] == ";")
            cut = next(whole, cut if cut - self._base > self._most else self._base)
        if cut > self._base:
            yield self._emitted(cut)

    def _take(self, token: Token) -> None:
        """Add a word to the statement."""
        raw = self._text[token.start : token.end]
        if token.role == "open":
            self.faults.append(f"what is opened on line {self._line_of(token.start)} never ends")
        if token.role != "comment":
            self._fresh = raw == ";" or (token.role == "word" and raw.upper() == "GO")
        self._tokens.append(token)

    def _head(self, token: Token, *, final: bool) -> re.Match[str] | Literal[False] | None:
        """Return the head of rows, False where none begins here, None where it is not known yet."""
        word = self._text[token.start : token.end].upper()
        if word not in ("INSERT", "REPLACE", "COPY"):
            return False
        match = (COPY if word == "COPY" else INSERT).match(self._text, token.start)
        if match is None:
            short = len(self._text) - token.start < _HEAD
            return None if short and not final else False
        return match

    def _rows_begin(self, head: re.Match[str]) -> Iterator[Stretch]:
        """End the stretch of statements, and begin that of rows."""
        table, copy = table_of(head), head.re is COPY
        if copy:  # its head is a statement like others, the rows are lines behind it
            at = head.start()
            while at < head.end():
                token = token_at(self._scan, self._text, at)
                if token.role != "space":
                    self._tokens.append(token)
                at = token.end
        cut = head.end() if copy else head.start()
        if cut > self._base:
            yield self._emitted(cut)
        labels = columns_of(head) or self.defined.tables.get(table.lower(), [])
        self._at, self._fresh = head.end(), True
        self._rows = Rows(table, labels, "" if copy else head[0], copy)
        self._raw = copy and head["options"].strip().upper() not in ("", "WITH")
        if self._raw:
            self.faults.append(f"line {self._line}: COPY in another format than text")
        if not copy:
            self._rows.heads.append(0)

    def _inserted(self, *, final: bool) -> Iterator[Stretch]:
        """Read rows of INSERT until something else follows, or the window ends."""
        while (rows := self._rows) is not None:
            if self._text[self._at : self._at + 1] == "(":
                further: list[Token] = []
                try:
                    cells, end = row(self._text, self._at, self._dialect, further)
                except Cut:
                    if not final:
                        break
                    line = self._line_of(self._at)
                    self.faults.append(f"a row that begins on line {line} never ends")
                    yield from self._rows_end()
                    return
                if rows.cells and len(cells) != rows.width:
                    yield from self._rows_so_far()
                    continue
                rows.add(self._at, cells)
                rows.further += further
                self._at = end
            following = self._following(rows, final=final)
            if following is None:
                break
            if not following:
                yield from self._rows_end()
                return
            self._at = following
            if self._at - self._base > self._most:
                yield from self._rows_so_far()
        yield from self._rows_so_far()

    def _following(self, rows: Rows, *, final: bool) -> int | None:
        """Return where the next row begins, 0 where none does, None where it is not known yet."""
        if match := NEXT.match(self._text, self._at):
            return match.end()
        gap = AGAIN.match(self._text, self._at)
        assert gap is not None  # noqa: S101 - it may be empty
        if not final and len(self._text) - gap.end() <= len(rows.head) + 1:
            return None
        if not self._text.startswith(rows.head + "(", gap.end()):
            return 0
        rows.heads.append(gap.end() - self._base)
        return gap.end() + len(rows.head)

    def _rows_so_far(self) -> Iterator[Stretch]:
        """End the stretch, and begin another one of the same rows."""
        rows = self._rows
        if rows is not None and rows.cells:
            yield self._emitted(self._at)
            self._rows = rows.again()

    def _copied(self, *, final: bool) -> Iterator[Stretch]:
        """Read lines of COPY until the end mark, or the window ends."""
        rows, text = self._rows, self._text
        assert rows is not None  # noqa: S101 - asked by _window
        while (stop := text.find("\n", self._at)) >= 0 or (final and self._at < len(text)):
            stop = stop if stop >= 0 else len(text)
            line = text[self._at : stop].removesuffix("\r")
            if line == "\\.":
                yield from self._rows_end()
                return
            if self._raw:
                self._tokens.append(Token("open", self._at, self._at + len(line)))
            else:
                cells = copied(line, self._at)
                if rows.cells and len(cells) != rows.width:
                    yield from self._rows_so_far()
                    rows = self._rows = self._rows or rows
                rows.add(self._at, cells)
            self._at = min(stop + 1, len(text))
            if self._at - self._base > self._most:
                yield self._emitted(self._at)
                rows = self._rows = rows.again()
        if final:
            self.faults.append("the rows of a COPY never end")
            yield from self._rows_end()
        elif self._at > self._base:
            yield self._emitted(self._at)
            self._rows = rows.again()

    def _rows_end(self) -> Iterator[Stretch]:
        """End the rows, with the sign that ends them."""
        if end := _END.match(self._text, self._at):
            self._at = end.end()
        if self._at > self._base:
            yield self._emitted(self._at)
        self._rows, self._raw = None, False

    def _emitted(self, cut: int) -> Stretch:
        """Return the stretch up to a code point, and begin the next one there."""
        base, rows = self._base, self._rows
        text = self._text[base:cut]
        tokens = [Token(r, s - base, e - base) for r, s, e in self._tokens if e <= cut]
        self._tokens = [token for token in self._tokens if token.end > cut]
        stretch = Stretch(text, self._line, self._col)
        if rows is not None and rows.cells:
            rows.at = [at - base for at in rows.at]
            rows.cells = [
                [(s - base, e - base, v) if s >= 0 else (s, e, v) for s, e, v in cells]
                for cells in rows.cells
            ]
            tokens = [Token(r, s - base, e - base) for r, s, e in rows.further]
            stretch.rows = rows
            defined = Defining()
        else:
            defined = self.defined
        found = pieces(text, tokens, self._dialect, defined)
        stretch.pieces = without(found, bare(text, tokens))
        self.tail = (self.tail + text[-200:])[-200:]
        breaks = text.count("\n")
        self._line += breaks
        self._col = len(text) - text.rfind("\n") if breaks else self._col + len(text)
        self._base = cut
        return stretch

    def _begins_line(self, token: Token) -> bool:
        return token.start == 0 or self._text[token.start - 1] == "\n"

    def _line_of(self, at: int) -> int:
        return self._line + self._text.count("\n", self._base, at)

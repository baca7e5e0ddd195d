"""
The rows of a sheet, read as a stream: what its cells show and where their XML stands.

Memory is that of one batch of rows, and of what stands around the rows. Offsets are bytes of the
part as UTF-8 without a mark.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from xml.parsers import expat

from phisweep.errors import DocumentError
from phisweep.formats.base import ReadOptions, failed
from phisweep.formats.workbook.attributes import (
    NOTHING,
    OF_CELL,
    OF_EVERY_CELL,
    OF_FORMULA,
    OF_ROW,
    all_known,
)
from phisweep.formats.workbook.batch import Batch, Cells, Formula, Frame, Odd, addressed, split
from phisweep.formats.workbook.elements import LARGEST, malformed, missing, streaming, too_large
from phisweep.formats.workbook.shows import Shows
from phisweep.model import Source

LAST_ROW, LAST_COLUMN = 1 << 20, 1 << 14
MOST_ROWS = 50_000  # of a batch
FIRST_ROWS, FIRST_BYTES = 130, 4 << 20  # of the first batch at least, unless they are large
_LEVELS = {"row": "data", "c": "row", "v": "cell", "f": "cell", "is": "cell"}


class RowReader:
    """
    Reads one sheet. When all batches are read, `frame` is what stands around the rows.

    `rows_at` and `rows_end` are the bytes that the rows stand between. Raises DocumentError E209,
    E210, E211, E219, E228.
    """

    def __init__(
        self,
        source: Source,
        options: ReadOptions,
        shows: Shows,
    ) -> None:
        self.source, self.options, self._shows = source, options, shows
        self.rows_at = self.rows_end = -1
        self._frame = Frame()
        self._done: list[Batch] = []
        self._batch = Batch()
        self._begun = 0  # the byte at which the batch begins
        self._level = "outside"
        self._text: list[str] = []
        self._depth = 0
        self._row = self._column = 0
        self._of_row = ""
        self._columns: dict[str, int] = {}
        self._cell: Mapping[str, str] = {}
        self._start = self._odd_at = 0
        self._value: str | None = None
        self._formula: str | None = None
        self._of_formula: Mapping[str, str] = {}
        self._phonetic = self._in_text = self._seen = False
        self._above = "data"
        self._firsts = True  # the batch is the first one, by which the header is known
        self._openers: dict[str, Callable[[Mapping[str, str]], None]] = {
            "row": self._begin_row,
            "c": self._begin_cell,
            "v": self._begin_value,
            "f": self._begin_formula,
            "is": self._begin_string,
        }
        self._closers: dict[str, Callable[[], None]] = {
            "value": self._end_value,
            "cell": self._end_cell,
            "row": self._end_row,
            "formula": self._end_formula,
            "inline": self._end_string,
            "data": self._end_rows,
            "odd": self._end_odd,
            "outside": self._end_outside,
        }
        self._parser = streaming(source, self._open, self._close, self._characters, self._comment)

    @property
    def frame(self) -> bytes:
        """What stands around the rows, as a document of its own."""
        return bytes(self._frame.kept)

    def batches(self, blocks: Iterable[bytes]) -> Iterator[Batch]:
        """Yield the rows of a part that is given in blocks of UTF-8."""
        try:
            for block in blocks:
                self._parser.Parse(block, False)
                self._frame.add(block)
                # What is told from here on stands behind what the parser has come to.
                self._frame.take(self._parser.CurrentByteIndex, self.rows_at, self.rows_end)
                if len(self._frame.kept) > LARGEST:
                    raise too_large(self.source)
                yield from self._done
                self._done.clear()
            self._parser.Parse(b"", True)
            self._frame.take(self._frame.end, self.rows_at, self.rows_end)
        except DocumentError:
            raise
        except (expat.ExpatError, UnicodeDecodeError):
            raise malformed(self.source) from None
        self._flush()
        yield from self._done

    def _open(self, name: str, attributes: Mapping[str, str]) -> None:
        local, level = name.rpartition(":")[2], self._level
        if _LEVELS.get(local) == level:
            self._openers[local](attributes)
        elif level == "odd":
            self._depth += 1
            self._text += [v for v in attributes.values() if v]
        elif level == "inline":
            self._inline(local)
        elif level == "outside":
            self._outside(local)
        else:
            self._odd(attributes)

    def _begin_value(self, attributes: Mapping[str, str]) -> None:
        self._once(self._value, "value")
        self._known(attributes, NOTHING)

    def _begin_formula(self, attributes: Mapping[str, str]) -> None:
        self._once(self._formula, "formula")
        self._of_formula = attributes
        self._known(attributes, OF_FORMULA)

    def _begin_string(self, attributes: Mapping[str, str]) -> None:
        self._begin_value(attributes)
        self._level, self._depth, self._phonetic, self._in_text = "inline", 0, False, False

    def _once(self, before: str | None, level: str) -> None:
        """Begin a child of a cell that stands there once."""
        if before is not None:
            raise missing(self.source)
        self._text, self._level = [], level

    def _outside(self, local: str) -> None:
        self._depth += 1
        if self._depth > self.options.max_depth:
            raise failed("E209", self.source, f"nested deeper than {self.options.max_depth}")
        if local == "sheetData":
            if self._seen or self._depth != 2:  # noqa: PLR2004 - right below the root
                raise missing(self.source)
            self._seen, self._level = True, "data"

    def _odd(self, attributes: Mapping[str, str]) -> None:
        """Begin an element that is none of a table's."""
        if self._level in ("value", "formula"):
            raise missing(self.source)
        if self._level == "data" and self.rows_at < 0:
            self.rows_at = self._parser.CurrentByteIndex
        self._odd_at, self._above = self._parser.CurrentByteIndex, self._level
        self._level, self._depth = "odd", 1
        self._text = [value for value in attributes.values() if value]

    def _inline(self, local: str) -> None:
        self._depth += 1
        if local == "rPh":
            self._phonetic = True
        self._in_text = local == "t"

    def _begin_row(self, attributes: Mapping[str, str]) -> None:
        if self.rows_at < 0:
            self.rows_at = self._begun = self._parser.CurrentByteIndex
        self._known(attributes, OF_ROW)
        given = attributes.get("r", "")
        number = int(given) if given.isdecimal() and len(given) <= 7 else 0 if given else self._row + 1  # noqa: PLR2004 - digits of the last row  # fmt: skip
        if not self._row < number <= LAST_ROW:
            raise missing(self.source)
        self._row, self._column, self._of_row = number, -1, str(number)
        self._level = "row"

    def _begin_cell(self, attributes: Mapping[str, str]) -> None:
        if not OF_EVERY_CELL.issuperset(attributes):
            self._known(attributes, OF_CELL)
        self._cell, self._start = attributes, self._parser.CurrentByteIndex
        self._value = self._formula = None
        given = attributes.get("r")
        column = self._column + 1
        if given is not None:
            column = self._columns.get(given.removesuffix(self._of_row), -1)
            if column < 0 or not given.endswith(self._of_row):
                column = addressed(given, self._row, self._columns)
            if column < 0:
                raise missing(self.source)
        if not self._column < column < LAST_COLUMN:
            raise missing(self.source)
        self._column, self._level = column, "cell"

    def _known(self, attributes: Mapping[str, str], known: frozenset[str]) -> None:
        if not all_known(attributes, known):
            raise missing(self.source)

    def _close(self, _: str) -> None:
        self._closers[self._level]()

    def _end_value(self) -> None:
        self._value, self._level = "".join(self._text), "cell"

    def _end_formula(self) -> None:
        self._formula, self._level = "".join(self._text), "cell"

    def _end_string(self) -> None:
        self._in_text = False
        if self._depth:
            self._depth -= 1
        else:
            self._end_value()

    def _end_rows(self) -> None:
        if self.rows_at >= 0:
            self.rows_end = self._parser.CurrentByteIndex
        self._level, self._depth = "outside", 1

    def _end_odd(self) -> None:
        self._depth -= 1
        if not self._depth:
            end = self._parser.CurrentByteIndex
            if text := " ".join(part for part in self._text if part.strip()):
                self._batch.odd.append(Odd(self._odd_at, end, text))
            self._level = self._above

    def _end_outside(self) -> None:
        self._depth -= 1

    def _characters(self, data: str) -> None:
        level = self._level
        if level in ("value", "formula", "odd"):
            self._text.append(data)
        elif level == "inline":
            if self._in_text:
                self._text.append(f" {data}" if self._phonetic else data)
            elif data.strip():
                raise missing(self.source)
        elif level != "outside" and data.strip():
            raise missing(self.source)

    def _comment(self, data: str) -> None:
        level = self._level
        if level == "outside" or (level == "data" and self.rows_at < 0):
            return  # it stands in the frame
        if level == "odd":
            self._text.append(data)
            return
        if level not in ("data", "row"):
            raise missing(self.source)
        if data.strip():
            at = self._parser.CurrentByteIndex
            self._batch.odd.append(Odd(at, at + len(data.encode()), data, comment=True))

    def _end_cell(self) -> None:
        self._level = "row"
        batch, row, column = self._batch, self._row, self._column
        end = self._parser.CurrentByteIndex
        if self._formula is not None:
            group = self._of_formula.get("si", "") if self._of_formula.get("t") == "shared" else ""
            if group and not group.isdecimal():
                raise missing(self.source)
            number = int(group) if group else -1
            formula = Formula(row, column, self._start, end, self._formula, number, bool(self._formula.strip()))  # fmt: skip
            batch.formulas.append(formula)
        if self._value is None:
            return
        text = self._shows.text(self._cell, self._value)
        if not text:
            return
        cells = batch.columns.get(column)
        if cells is None:
            cells = batch.columns[column] = Cells()
        if not batch.first:
            batch.first = row
        cells.rows.append(row)
        cells.texts.append(text)
        cells.starts.append(self._start)
        cells.ends.append(end)

    def _end_row(self) -> None:
        self._level = "data"
        batch = self._batch
        batch.last = self._row
        size = self._parser.CurrentByteIndex - self._begun
        if self._firsts and self._row - batch.first < FIRST_ROWS and size < FIRST_BYTES:
            return
        if size >= self.options.chunk_bytes or self._row - batch.first >= MOST_ROWS:
            self._flush()

    def _flush(self) -> None:
        if self._batch.columns or self._batch.formulas or self._batch.odd:
            self._done += split(self._batch)
        self._batch, self._begun = Batch(), self._parser.CurrentByteIndex
        self._firsts = False

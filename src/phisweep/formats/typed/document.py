"""A document of typed tables."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import ClassVar

from phisweep.formats.base import Fidelity
from phisweep.formats.typed.guard import several
from phisweep.formats.typed.table import TypedTable


@dataclass(slots=True)
class TypedDocument:
    """A document of one typed table, or of several that no copy can hold together."""

    tables: Sequence[TypedTable] = field(repr=False)
    fidelity: Fidelity
    columns: int | None
    rows: int | None = None
    encoding: str = ""
    warnings: list[str] = field(default_factory=list)
    held: ClassVar[str] = ""
    also_unread: ClassVar[tuple[str, ...]] = ()
    copy_path: ClassVar[str] = ""

    def parts(self) -> Iterator[TypedTable]:
        """Yield the tables."""
        self.rows = 0
        for table in self.tables:
            yield table
            self.rows += table.rows

    def finish(self) -> Iterator[bytes]:
        """Yield the copy. Raises DocumentError E201, E221, E225."""
        if len(self.tables) > 1:
            raise several(self.tables[0].source)
        table = self.tables[0]
        yield from table.copy()
        self.warnings += table.warnings

    def position(self) -> int:
        """Return about how many bytes of the source were read so far."""
        return max(table.reader.position() for table in self.tables)

    def close(self) -> None:
        """Release the source."""
        for table in self.tables:
            table.close()

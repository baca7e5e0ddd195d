"""
The subjects of one document: whose record each row, message and note is, by one graph of keys.

Nobody is guessed. A record without a key, and a text with the numbers of two people, is nobody's:
what needs a subject falls back to removal there, and is counted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property, partial
from typing import TYPE_CHECKING

from phisweep.analysis import Analysis
from phisweep.formats.base import Block
from phisweep.model import RUNNING, Column, Finding, Linking, Source, Text
from phisweep.ruleset.schema import Treatment
from phisweep.subjects.whose import AUTOMATIC, Whose, in_name

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt


class RowSubjects:
    """
    The subjects of a chunk's rows: that of row i is `names[indices[i]]`, nobody's where -1.

    Names are looked up when somebody asks for the first: most columns do without.
    """

    def __init__(
        self, indices: npt.NDArray[np.int64], look_up: Callable[[], Sequence[str]]
    ) -> None:
        self.indices = indices
        self._look_up = look_up

    @cached_property
    def names(self) -> Sequence[str]:
        """The subjects that there are."""
        return self._look_up()


class Linked:
    """Asks the run's file of subjects for those of one document."""

    def __init__(self, worker: Analysis, source: Source) -> None:
        self._worker = worker
        self._source = source
        self._subjects = worker.spec.subjects
        self._whose = Whose(worker.spec.links, source.name)
        self._named = ""
        self._of_file = ""
        self._last = ""
        self._asked: Mapping[str, str] = {}
        self._told = ""
        self._keyed = self._unkeyed = self._several = 0

    @property
    def links(self) -> bool:
        """Say whether subjects are known in this run, and keys looked for in this document."""
        return self._subjects is not None and self._whose.links

    def is_key_column(self, column: Column) -> bool:
        """Say whether a column is the subject's own key, by what the site says."""
        return self.links and self._whose.is_key_column(column)

    def read(self, blocks: Iterable[Block]) -> None:
        """Take in the keys among the leaves of a JSON document or of its lines."""
        if self.links:
            self._whose.read(blocks, self._worker.detector.fields.identifier)

    def forget(self) -> None:
        """Forget the keys of lines that are done."""
        self._whose.forget()

    def rows(
        self, columns: Sequence[Column], identifier: Callable[[Column], str]
    ) -> RowSubjects | None:
        """Return the subjects of a chunk's rows, None where no column is a key."""
        if not self.links or not columns or self._subjects is None:
            return None
        import numpy as np  # noqa: PLC0415 - 0.1 s, which only tables pay

        rows = self._whose.rows(columns, identifier, self._source.shown)
        if rows is None:
            self._unkeyed += len(columns[0].values)
            return None
        found = RowSubjects(rows.indices, partial(self._subjects.subjects, rows))
        if rows.kind != "":  # a subject's own key always leads to one
            nobody = [i for i, name in enumerate(found.names) if not name]
            found.indices = np.where(np.isin(rows.indices, nobody), -1, rows.indices)
        indices = found.indices
        empty = int((indices < 0).sum())
        self._unkeyed += empty
        self._keyed += len(indices) - empty
        return found

    def in_name(self, block: Text) -> Sequence[Finding]:
        """Return the keys of subjects that stand in the file's name."""
        if self._subjects is None or self._worker.dossiers is None:
            return ()
        names = self._worker.dossiers.names
        return in_name(self._worker.spec.links, self._subjects, names, block)

    def key_of(self, block: Text) -> Treatment | None:
        """Return how a JSON value that is the subject's own key is treated: as a record number."""
        if self.links and self._whose.is_key(block):
            return self._worker.key_treatment
        return None

    def name(self, block: Text, found: Sequence[Finding]) -> None:
        """Take in what was found in the file's name: its only medical record number is a key."""
        if self.links and not self._whose.told:
            self._named = self._only(block, found)

    def subject(self, block: Text, found: Sequence[Finding]) -> str:
        """Return a text's subject, "" where it has none or the numbers of two people stand in it."""
        if not self.links or self._subjects is None or block.kind in ("key", "filename"):
            return ""
        keys = self._whose.of_text(block)
        subject = self._subject(keys) if keys else ""
        begun = bool(subject) and subject != self._last
        self._keyed += begun  # a record of JSON begins
        self._last = subject
        if block.kind not in RUNNING:
            return subject
        counted = bool(subject)
        subject = subject or self._named or self._of_file
        if not subject and not self._whose.told:
            subject = self._of_file = self._only(block, found)
        if subject and self._others(block, found, subject):
            self._several += 1
            subject = ""
        if bool(subject) != counted:
            self._keyed += 1 if subject else -begun
        self._unkeyed += not subject
        return subject

    def _subject(self, keys: Mapping[str, str]) -> str:
        """Return the subject of keys; a record's texts all have the same."""
        assert self._subjects is not None  # noqa: S101 - as those who call asked
        if keys != self._asked:
            self._asked, self._told = keys, self._subjects.subject(keys)
        return self._told

    def result(self, alone: int, unread: int) -> Linking | None:
        """Return what was linked, how many dates had no subject, and how many could not be read."""
        if not self.links:
            return None
        return Linking(
            tuple(self._whose.shown), self._keyed, self._unkeyed, self._several, alone, unread
        )  # fmt: skip

    def _only(self, block: Text, found: Sequence[Finding]) -> str:
        """Return the subject of the only medical record number in a text."""
        subjects = set(self._numbers(block, found))
        if len(subjects) != 1:
            return ""
        self._whose.shown.setdefault("the medical record number in the text")
        return subjects.pop()

    def _others(self, block: Text, found: Sequence[Finding], subject: str) -> bool:
        """Say whether a text holds the record number of somebody else whom the data know."""
        assert self._subjects is not None  # noqa: S101 - `subject` asked
        naming = self._subjects.naming
        return any(
            self._subjects.root(digest).hex() != subject and self._subjects.known(digest)
            for value in _values(block, found)
            for digest in (naming.digest("", value),)
        )

    def _numbers(self, block: Text, found: Sequence[Finding]) -> Iterable[str]:
        assert self._subjects is not None  # noqa: S101 - asked by those who call
        return (self._subjects.subject({"": value}) for value in _values(block, found))


def _values(block: Text, found: Sequence[Finding]) -> Mapping[str, None]:
    """Return the distinct medical record numbers that were found in a text."""
    return dict.fromkeys(
        block.text[f.start : f.end] for f in found if f.identifier == AUTOMATIC
    )  # fmt: skip

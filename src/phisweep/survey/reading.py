"""
The first pass over the data, before anything is written: who is who, what records say, what leaks.

It reads what is structured (tables, JSON), by rules alone; texts only where surrogates are asked
for, which may be no word of the data. What is wrong with a document is the second pass's to say.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, field, replace
from functools import lru_cache, partial
from typing import TYPE_CHECKING

from phisweep.analysis import Analysis, Job, PieceJob, Spec
from phisweep.decide import KEEPING
from phisweep.detect.bands import milestone, relative_day
from phisweep.detect.columns import ColumnJudge
from phisweep.detect.detector import Detector
from phisweep.detect.facts import part_of
from phisweep.detect.fields import normal_name
from phisweep.detect.fullnames import day_of
from phisweep.detect.nameforms import nicknames
from phisweep.errors import PhisweepError
from phisweep.formats.base import Part, load
from phisweep.formats.choose import choose_format
from phisweep.formats.pieces import Divisible
from phisweep.formats.stream import at_hand
from phisweep.keys import fold
from phisweep.leaks.joined import MOST, PIECES, SUFFIX, beside
from phisweep.leaks.kinds import leak
from phisweep.leaks.related import Sample, column_leaks, related
from phisweep.leaks.years import Years
from phisweep.marks import is_mark
from phisweep.model import Column, Leak, Source, Text
from phisweep.places import column_place, part_source
from phisweep.presence import Gatherer, texts_of
from phisweep.ruleset.schema import PolicyFile, Treatment
from phisweep.spool import new_file
from phisweep.subjects.namewords import NameWords
from phisweep.subjects.whose import Rows, Whose
from phisweep.survey.told import Told
from phisweep.transform.operators import Context
from phisweep.transform.operators.age import years_old
from phisweep.transform.surrogates.pools import Pools
from phisweep.transform.years import ISO, years

if TYPE_CHECKING:
    from pathlib import Path

    import numpy as np
    import numpy.typing as npt

#: Parts of a record that are searched in the subject's texts, and that surrogates go by.
TOLD = frozenset(
    [
        "given",
        "middle",
        "surname",
        "full-name",
        "maiden",
        "relative",
        "mrn",
        "ssn",
        "birth",
        "phone",
        "email",
        "street",
        "city",
        "sex",
    ]
)
_DATES = ("event", "death")
_GENERAL = ("us-states", "us-state-abbreviations", "countries")
_SAMPLED = 1_000  # rows of a table that are compared with each other
_HASHES = 50  # values of a column that look like hashes, kept to be compared with other files
_FEWEST = 3  # distinct values that look like hashes make a column worth comparing
_PIVOT = 30  # of years of two digits: '31 is 1931; the older, for an age that is told
_LOOKS_HASHED = re.compile(r"[0-9A-Fa-f]{8,128}|[A-Za-z0-9+/_-]{22,88}={0,2}")
_NONE_ALIKE = r"^(?P<part>[^\s\S])"  # no two values are alike
_BUFFER = 20_000
_DATES_HELD = 50_000  # of which the year, or a digest, is remembered
_YEARS_OF_PIECE = 1_000  # files at most; a piece has not as many rows
_REMEMBERED = 10_000  # documents whose years are known by a digest, and values whose part is


@dataclass(frozen=True, slots=True)
class Surveyed:
    """
    What the first pass saw of one source.

    `linked` says where its subjects' keys stand. `stricter` names columns, by index, that tell what
    a removed one of that identifier does. `hashes` are samples of columns that may be hashes of something in other files,
    by place. `kept_dates` are columns of dates that the policy keeps, `relative_days` those of days
    that are counted from an event: index, place and number of sampled rows.
    """

    shown: str
    linked: tuple[str, ...] = ()
    leaks: tuple[Leak, ...] = ()
    stricter: tuple[tuple[int, str], ...] = ()
    hashes: tuple[tuple[int, str, tuple[str, ...]], ...] = field(default=(), repr=False)
    kept_dates: tuple[str, ...] = ()
    relative_days: tuple[tuple[int, str, int], ...] = ()
    #: Keyed digests of the study of images that it is of, and of its patient.
    study: tuple[bytes, bytes] | None = field(default=None, repr=False)
    #: The same of the parts behind the first, where the source has several.
    further: tuple[Surveyed, ...] = ()


class Surveyor:
    """Reads one document after another; what they tell goes into the run's file of subjects."""

    def __init__(self, spec: Spec, like: Detector | None = None) -> None:
        self.spec = spec
        self.analysis = Analysis(replace(spec, write=False, engine="rules", subjects=None), like)
        assert spec.subjects is not None  # noqa: S101 - a survey has a file to fill
        assert spec.spool is not None  # noqa: S101 - and a folder
        self.subjects, self.spool = spec.subjects, spec.spool
        ruleset = self.analysis.ruleset
        #: What may stay though it stands in something removed: States and countries.
        self.general = frozenset(
            fold(entry) for name in _GENERAL for entry in ruleset.members(name)
        )
        short = nicknames(ruleset.entries("nicknames"))
        self.names = NameWords(spec.key, short, spec.spool)
        self.born = lru_cache(maxsize=_DATES_HELD)(self._born)
        self._told: set[bytes] = set()
        self._parts: dict[tuple[str, str, str], str] = {}
        self._last: _Piece | None = None
        self.present: Gatherer | None = None
        if spec.surrogates:
            self.present = Gatherer(Pools.of(self.analysis.ruleset), spec.key, spec.spool)

    def __call__(self, job: Job) -> Surveyed:
        """Read one document. Never raises for what is wrong with it."""
        done: list[_Reading] = []
        # What is wrong the second pass meets too, and says it.
        with suppress(PhisweepError, OSError, MemoryError, RecursionError):
            self._read(job, done)
        for reading in done:
            reading.finish()
        if not done:
            return unread(job)
        first, *further = (reading.result() for reading in done)
        return replace(first, further=tuple(further))

    def piece(self, job: PieceJob) -> Surveyed | None:
        """Read a piece of a document; None where it could not be read whole. Never raises for that."""
        reading = self._last = _Piece(self, job, self._last)
        format_ = load()[job.cut.format]
        assert isinstance(format_, Divisible)  # noqa: S101 - it told where to cut
        with suppress(PhisweepError, OSError, MemoryError, RecursionError):
            document = format_.piece(job.source, self.analysis.spec.options, job.cut, job.piece)
            with closing(document):
                for part in document.parts():
                    reading.run(part)
            reading.finish()
            return reading.result()
        return None

    def _born(self, value: str) -> bytes:
        """Return a keyed digest of a whole date of birth, b"" where none can be read."""
        day = day_of(value)
        return self.subjects.naming.digest("born", day.isoformat()) if day else b""

    def part_of(self, block: Text) -> str:
        """Return the part that a single value plays in a record; images of a study say the same."""
        key = (block.text, block.label, block.path)
        part = self._parts.get(key)
        if part is None:
            if len(self._parts) >= _REMEMBERED:
                self._parts.clear()
            identifier = self.analysis.detector.fields.identifier(block)
            part = self._parts[key] = part_of(block.label, identifier)
        return part

    def is_new(self, years: Years) -> bool:
        """Say whether no document before told the same years: what the images of a study do."""
        told = years.told()
        if told in self._told:
            return False
        if len(self._told) >= _REMEMBERED:
            self._told.clear()
        self._told.add(told)
        return True

    def part(self, job: Job, part: Part) -> Surveyed:
        """Read a part that is no file's. Raises DocumentError, ComponentError."""
        reading = _Reading(self, job)
        reading.run(part)
        reading.finish()
        return reading.result()

    def _read(self, job: Job, done: list[_Reading]) -> None:
        """Read the parts of a source; `done` gets the reading of each as it begins."""
        source, options = job.source, self.analysis.spec.options
        source = at_hand(source)
        format_ = choose_format(source, options)
        if not format_.structured and self.present is None:
            return
        with closing(format_.open(source, options)) as document:
            for number, part in enumerate(document.parts(), 1):
                of_part = part_source(source, part, number, self.analysis.find)
                reading = _Reading(self, replace(job, source=of_part))
                done.append(reading)
                reading.run(part)
                reading.study = self.analysis.study_of(document)


class _Reading:
    """One part of a document on its way through the survey."""

    def __init__(self, surveyor: Surveyor, job: Job) -> None:
        self.surveyor = surveyor
        self.analysis = surveyor.analysis
        self.job = job
        self.whose = Whose(surveyor.spec.links, job.source.name)
        self.judges: dict[int, ColumnJudge] = {}
        self.parts: dict[int, str] = {}
        self.years = Years(until=surveyor.spec.reference_year)
        self.years_file: Path | None = None
        self.years_files = 0
        self.edges: set[tuple[bytes, bytes]] = set()
        self.own: set[bytes] = set()
        self.told = Told(surveyor.names.add)
        self.leaks: list[Leak] = []
        self.stricter: dict[int, str] = {}
        self.hashes: list[tuple[int, str, tuple[str, ...]]] = []
        self.kept_dates: list[str] = []
        self.relative_days: list[tuple[int, str, int]] = []
        self.study: tuple[bytes, bytes] | None = None

    def run(self, part: Part) -> None:
        """Read the part. Raises DocumentError, OSError."""
        structured = part.structure != "text"
        if not structured and self.surveyor.present is None:
            return
        self._sampled(part)
        for chunk in part.chunks():
            blocks = chunk.blocks
            columns = [b for b in blocks if isinstance(b, Column)]
            texts = [b for b in blocks if isinstance(b, Text)]
            if self.surveyor.present is not None:
                self.surveyor.present.take(texts_of(blocks))
            if columns:
                self._table(columns)
            elif structured:
                self._leaves(texts)
            self._flush()

    def finish(self) -> None:
        self._flush(least=0)
        if len(self.years) and (self.years_file or self.surveyor.is_new(self.years)):
            self._save_years()
        self.surveyor.names.save()
        if self.surveyor.present is not None:
            self.surveyor.present.save()

    def result(self) -> Surveyed:
        """Return what was seen."""
        return Surveyed(
            self.job.source.shown,
            tuple(self.whose.shown),
            tuple(self.leaks),
            tuple(self.stricter.items()),
            tuple(self.hashes),
            tuple(self.kept_dates),
            tuple(self.relative_days),
            self.study,
        )

    def _sampled(self, part: Part) -> None:
        """Judge the columns by their sample, and compare them with each other."""
        columns = part.sample()
        samples = []
        for column in columns:
            values = column.values.dictionary.to_pylist()
            weighed = [values[i] for i in column.values.indices.to_pylist()]
            treatment = self.analysis.column_treatment(self.job.source, column.label)
            judge = ColumnJudge(self.analysis.detector, column.label, weighed, treatment)
            self.judges[column.index] = judge
            self.parts[column.index] = self._part(column)
            kept = _kept(judge, treatment, self.analysis.spec.policy)
            self._counted(column, weighed, kept=kept)
            rows = tuple(weighed[:_SAMPLED])
            samples.append(Sample(column.index, column.label, rows, removed=not kept))
            hashed = [v for v in dict.fromkeys(rows) if _LOOKS_HASHED.fullmatch(v)]
            if kept and len(hashed) >= _FEWEST and 2 * len(hashed) > len(set(rows)):
                place = self._place(column)
                self.hashes.append((column.index, place, tuple(hashed[:_HASHES])))
        self._compare(columns, samples)

    def _counted(self, column: Column, values: Sequence[str], *, kept: bool) -> None:
        """Note what columns tell by counting: old age bands, kept dates, days from an event."""
        file, filled = self.job.source.shown, sum(1 for value in values if value.strip())
        if milestone(column.label, dict.fromkeys(values)):
            rows = sum(map(partial(_is_milestone, column.label), values))
            if rows:
                place = self._place(column)
                self.leaks.append(leak("ninetieth-birthday", file=file, place=place, count=rows))
        if kept and self._identifier(column) == "date":
            self.kept_dates.append(self._place(column))
        if filled and relative_day(column.label):
            self.relative_days.append((column.index, self._place(column), filled))

    def _compare(self, columns: Sequence[Column], samples: Sequence[Sample]) -> None:
        """Find the kept columns that tell what removed ones do: they are treated like those."""
        of = {column.index: column for column in columns}
        found = related(samples, general=self.surveyor.general)
        places = {index: self._place(of[index]) for pair in found for index in pair[:2]}
        self.leaks += column_leaks(samples, found, file=self.job.source.shown, places=places)
        for kept, other, _ in found:
            self.stricter[kept] = self._identifier(of[other]) or "other_id"

    def _place(self, column: Column) -> str:
        """Return `column 4 (dob)`, without a name in which something is found."""
        name = Text(column.location, column.label, kind="key")
        return column_place(column, hidden=bool(self.analysis.find(name)))

    def _part(self, column: Column) -> str:
        """Return the part that a column plays in a record."""
        identifier = self._identifier(column)
        return part_of(column.label, identifier) or ("age" if identifier == "age" else "")

    def _identifier(self, column: Column) -> str:
        verdict = self.judges[column.index].verdict
        return verdict.identifier if verdict else ""

    def _table(self, columns: Sequence[Column]) -> None:
        """Take in the keys, facts and years of a chunk's rows."""
        for column in columns:
            if column.index not in self.judges:  # a table whose first chunk is its sample
                values = column.values.dictionary.to_pylist()
                judge = ColumnJudge(self.analysis.detector, column.label, values)
                self.judges[column.index] = judge
                self.parts[column.index] = self._part(column)
        rows = self.whose.rows(columns, self._identifier, self.job.source.shown)
        if rows is None:
            return
        digests = self._keys_of(rows)
        told = [(self.parts[column.index], column) for column in columns]
        self.told.table([each for each in told if each[0] in TOLD], rows, digests)
        self._ages(columns, rows, digests)

    def _keys_of(self, rows: Rows) -> Sequence[bytes]:
        """Return the digest of each record's first key, as `_keys` does."""
        if rows.kind is None:
            return [self._keys(told) for told in rows.names]
        digests = self.surveyor.subjects.naming.digests(rows.kind, rows.keys)
        if not rows.kind:
            self.own.update(digests)
            self.own.discard(b"")
        return digests

    def _keys(self, told: Mapping[str, str]) -> bytes:
        """Return the digest of a record's first key, and take in that all of them are one's."""
        naming = self.surveyor.subjects.naming
        digests = [naming.digest(kind, told[kind]) for kind in sorted(told)]
        if "" in told:
            self.own.add(digests[0])
        self.edges.update((digests[0], other) for other in digests[1:])
        return digests[0] if digests else b""

    def _ages(self, columns: Sequence[Column], rows: Rows, digests: Sequence[bytes]) -> None:
        """Take in births, ages and years of events."""
        import numpy as np  # noqa: PLC0415 - as above

        from phisweep import arrays  # noqa: PLC0415 - as above

        of = {
            name: [c for c in columns if self.parts[c.index] == name] for name in ("birth", "age")
        }
        events = [c for c in columns if self.parts[c.index] in _DATES and self._is_event(c)]
        if not any(of.values()) and not events:
            return
        none = np.full(len(rows.indices), -1, dtype=np.int64)
        birth, age, born, days = none, none, none, [b""]  # the last of one is none
        for column in of["birth"][:1]:
            birth = self._by_row(column, _first_year, ISO)
            days = [*map(self.surveyor.born, column.values.dictionary.to_pylist())]
            born = arrays.numbers(column.values.indices).astype(np.int64)
        for column in of["age"][:1]:
            age = self._by_row(column, partial(_age_of, label=column.label))
            if int(age.max(initial=-1)) < 0:  # birth_year, which the rules take for an age
                birth = self._by_row(column, _first_year, ISO)
                age = none
        year = none
        for column in events:
            year = np.maximum(year, self._by_row(column, _last_year, ISO))
        told = (rows.indices >= 0) & (np.maximum(np.maximum(birth, age), year) >= 0)
        whose = [digests[i] for i in rows.indices[told].tolist()]
        self.years.add_all(
            whose, birth[told], age[told], year[told], [days[i] for i in born[told].tolist()]
        )

    def _is_event(self, column: Column) -> bool:
        """Say whether a date column counts where ages are reckoned at later events."""
        _, _, name = self.analysis.spec.age_reference.partition(":")
        return not name or normal_name(name) == normal_name(column.label)

    @staticmethod
    def _by_row(
        column: Column, number: Callable[[str], int], pattern: str = _NONE_ALIKE
    ) -> npt.NDArray[np.int64]:
        """Return a number for each row of a column, asked once of values that are `alike`."""
        import numpy as np  # noqa: PLC0415 - as above

        from phisweep import arrays  # noqa: PLC0415 - as above

        which, asked = arrays.alike(column.values.dictionary, pattern)
        numbers = np.array([number(value) for value in asked], dtype=np.int64)[which]
        by_row: npt.NDArray[np.int64] = numbers[arrays.numbers(column.values.indices)]
        return by_row

    def _leaves(self, texts: Sequence[Text]) -> None:
        """Take in the keys and facts of the records of a JSON document or of lines."""
        identifier = self.analysis.detector.fields.identifier
        self.whose.read(texts, identifier)
        records: dict[bytes, dict[str, list[str]]] = {}
        last: Mapping[str, str] = {}
        digest = b""
        for block in texts:
            told = self.whose.of_text(block) if block.kind == "value" else {}
            if not told:
                continue
            if told != last:
                last, digest = told, self._keys(told)
            part = self.surveyor.part_of(block)
            if part in TOLD:
                self.told.leaf(digest, part, block.text.strip())
            if part in ("birth", "age", *_DATES):
                records.setdefault(digest, {}).setdefault(part, []).append(block.text)
        for digest, parts in records.items():
            years_ = [y for part in _DATES for text in parts.get(part, ()) for y in _years_of(text)]
            born = [y for text in parts.get("birth", ()) for y in _years_of(text)]
            ages = [a for text in parts.get("age", ()) if (a := _age_of(text, "age")) >= 0]
            year = max(years_, default=None)
            days = [day for text in parts.get("birth", ()) if (day := self.surveyor.born(text))]
            self.years.add(digest, birth=min(born, default=None), year=year)
            for day in days:
                self.years.add(digest, born=day)
            for age in ages:
                self.years.add(digest, age=age, year=year)

    def _save_years(self) -> None:
        """Write the years that are held to a file of the document."""
        if self.years_file is None:
            self.years_file = new_file(self.surveyor.spool, SUFFIX)
        self.years.save(beside(self.years_file, self.years_files))
        self.years_files += 1
        self.years = Years(until=self.surveyor.spec.reference_year)

    def _flush(self, least: int = _BUFFER) -> None:
        """Write what is held to the run's file of subjects."""
        if self.years.held >= MOST:
            self._save_years()
        if len(self.told) + len(self.edges) + len(self.own) > least:
            self.surveyor.subjects.enter(self.edges, self.own, self.told.taken())
            self.edges, self.own = set(), set()


class _Piece(_Reading):
    """A piece; columns are judged as `before` has judged them, where that was of the same document."""

    def __init__(self, surveyor: Surveyor, piece: PieceJob, before: _Piece | None) -> None:
        super().__init__(surveyor, piece.job)
        self.piece = piece
        if before is not None and before.document_of == self.document_of:
            self.judges, self.parts = before.judges, before.parts
        # All pieces together are one document.
        self.years_file = surveyor.spool / f"{years_of(piece.source)}{SUFFIX}"
        self.years_files = _YEARS_OF_PIECE * piece.piece.number

    @property
    def document_of(self) -> tuple[object, ...]:
        """What tells whether another piece is of the same document."""
        return self.job.source, self.piece.cut.state

    def _sampled(self, part: Part) -> None:
        if not self.judges or not self.piece.piece.number:
            super()._sampled(part)


def years_of(source: Source) -> str:
    """Return how the files begin in which pieces of a source leave years."""
    return f"{PIECES}{source.shown}"


def unread(job: Job) -> Surveyed:
    """Return what is known of a source whose process died: nothing; the second pass says why."""
    return Surveyed(job.source.shown)


def _kept(judge: ColumnJudge, treatment: Treatment | None, policy: PolicyFile) -> bool:
    """Say whether the values of a column stay as they are, as far as its verdict goes."""
    if treatment is not None:
        return treatment.operator in KEEPING
    if judge.verdict is None:
        return True
    chosen = policy.treatments.get(judge.verdict.identifier)
    return chosen is not None and chosen.operator in KEEPING


def _is_milestone(label: str, value: str) -> bool:
    return not is_mark(value) and milestone(label, (value,))


@lru_cache(maxsize=_DATES_HELD)
def _years_of(text: str) -> frozenset[int]:
    return frozenset(years(text.strip(), pivot=_PIVOT))


def _first_year(text: str) -> int:
    return min(_years_of(text), default=-1)


def _last_year(text: str) -> int:
    return max(_years_of(text), default=-1)


def _age_of(text: str, label: str) -> int:
    """Return an age in whole years, -1 where none can be read."""
    ages = years_old(text.strip(), Context("age", label=label), {}) if text.strip() else ()
    return int(max(ages)) if ages else -1

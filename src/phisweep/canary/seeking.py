"""The planted copies searched as a run would search them, and what that found of the canaries."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from phisweep import runners
from phisweep.analysis import Job, Spec
from phisweep.canary.finding import Finder, standing
from phisweep.canary.model import Canary
from phisweep.detect.detector import Detector
from phisweep.errors import trouble
from phisweep.keys import Key
from phisweep.model import Column, Decision, Source, Text
from phisweep.pipeline import Worker
from phisweep.pipeline.worker import Pass
from phisweep.records import Keeping, Ledger


@dataclass(frozen=True, slots=True)
class SeekJob:
    """A planted copy of the source of an index, and what was planted in it."""

    index: int
    source: Source
    canaries: tuple[Canary, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Hit:
    """
    What the search found of a canary in one place.

    `left` are how many telling characters it left, of `telling`; `letters` those that it was found
    under, `kept` says that the policy would keep all of it.
    """

    number: int
    left: int
    telling: int
    letters: frozenset[str]
    kept: bool


@dataclass(frozen=True, slots=True)
class Sought:
    """What became of a planted copy: how often each canary stands in it, the hits, an error or ""."""

    stands: Mapping[int, int]
    hits: tuple[Hit, ...]
    error: str = ""


class _Listener(Ledger):
    """Hears of every finding that a run enters, and keeps what covers a canary; no record, no count."""

    def __init__(self, source: str, key: Key, finder: Finder) -> None:
        super().__init__(source, key, Keeping(records=False))
        self._finder = finder
        self.hits: list[Hit] = []

    def text(self, block: Text, decisions: Sequence[Decision]) -> None:
        """Hear of the findings of a text."""
        self._heard(block, block.text, decisions)

    def column(self, block: Column, decided: Mapping[int, Sequence[Decision]]) -> None:
        """Hear of the findings of a chunk of a column."""
        values = block.values.dictionary
        for index, decisions in decided.items():
            self._heard(block, values[index].as_py(), decisions)

    def _heard(self, block: Text | Column, text: str, decisions: Sequence[Decision]) -> None:
        for canary, start in self._finder.find(block, text):
            self.hits.append(_hit(canary, start, decisions))


def _hit(canary: Canary, start: int, decisions: Iterable[Decision]) -> Hit:
    """Return what decisions do to a canary that begins at a code point."""
    first, end = start + canary.start, start + canary.end
    touching = [d for d in decisions if d.finding.start < end and first < d.finding.end]
    covered = {i - start for d in touching for i in range(d.finding.start, d.finding.end)}
    telling = canary.telling
    return Hit(
        canary.number,
        len(telling - covered),
        len(telling),
        frozenset(d.finding.letter for d in touching),
        bool(touching) and all(d.action == "keep" for d in touching),
    )


class Seeker:
    """Searches one planted copy after another."""

    def __init__(self, spec: Spec, like: Detector | None = None) -> None:
        self.worker = Worker(spec, like)

    def __call__(self, job: SeekJob) -> Sought:
        """Search one copy. Never raises for what is wrong with it."""
        source, finder = job.source, Finder(job.canaries)
        listener = _Listener(source.shown, self.worker.spec.key, finder)
        stands: Counter[int] = Counter()
        error = ""
        try:
            stands = standing(source, finder, self.worker.spec.options)
            Pass(self.worker, Job(source), listener).run()
        except Exception as problem:  # noqa: BLE001 - told as a run would tell it, without a value
            error = str(trouble(problem, source.shown))
        self.worker.ticker.tell(0)
        return Sought(dict(stands), tuple(listener.hits), error)


def died(job: SeekJob) -> Sought:
    """Return the result of a copy whose search ended its process."""
    return Sought({}, (), str(runners.died(job.source.shown)))

"""
The units of one original, and some of them drawn: it is gone through as the run went.

What was decided of each text is heard of the pipeline itself. Beside it a second detector looks
for what scores a little below the threshold. Of each stratum those with the lowest lots are kept,
so that memory is bounded, and the same seed draws the same units whatever draws them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from phisweep.analysis import Job, Spec
from phisweep.decide import KEEPING, resolve
from phisweep.detect.bundled import SURE
from phisweep.detect.detector import Detector, build_detector
from phisweep.detect.shapes import says_nothing, shapes
from phisweep.formats.base import Block, Chunk, Part
from phisweep.legible import placed
from phisweep.model import RUNNING, Column, Decision, Finding, Location, Text
from phisweep.pipeline.worker import Pass, Worker
from phisweep.review.hearing import Heard
from phisweep.review.lots import Drawn, Item, Judged, Lots, Seen
from phisweep.review.passages import FEWEST, Span, kept, passages
from phisweep.review.sample import digests_of, unit_digest
from phisweep.review.strata import Stratum
from phisweep.ruleset.schema import Treatment

if TYPE_CHECKING:
    import numpy as np

    from phisweep.detect.known import KnownValues

#: Names of things: they are searched and told of, and are no passages.
_NAMES = frozenset({"key", "filename"})
_HELD = 20_000  # distinct values of a column that are remembered between chunks


@dataclass(frozen=True, slots=True)
class Task:
    """
    What a drawer is built from: the spec of the run, the seed, and how many units at most.

    `known` is a file of what the run removed anywhere, and therefore everywhere.
    """

    spec: Spec
    seed: int
    most: int
    known: Path | None = None


class Drawer:
    """Goes through one original after another, under the spec of the run."""

    def __init__(self, task: Task, like: Detector | None = None) -> None:
        spec = task.spec
        self.task = task
        self.worker = Worker(spec, like)
        policy, detector = spec.policy, self.worker.detector
        #: How far from the threshold is near: as far as the search of the copies goes below it.
        self.margin = max(0.0, policy.min_score - policy.verify_score)
        least = min(detector.threshold(identifier) for identifier in ("", *policy.treatments))
        self.known: KnownValues | None = None
        if task.known is not None:
            from phisweep.detect.digests import Digests  # noqa: PLC0415 - numpy
            from phisweep.detect.known import KnownValues  # noqa: PLC0415 - numpy

            self.known = KnownValues(spec.key, Digests.read(task.known))
        self.weak = build_detector(
            self.worker.ruleset,
            policy,
            spec.engine,
            nlp=spec.nlp,
            min_score=max(0.0, least - self.margin),
            site=spec.site,
            like=detector,
            sure=max(spec.min_score or 0.0, SURE),
        )

    def __call__(self, job: Job) -> Seen:
        """Go through one original. Raises what is wrong with it."""
        _, key = digests_of(job.source.path)
        named = hashlib.sha256(job.source.shown.encode(errors="surrogatepass")).digest()
        watch = _Watch(self, job, key, int.from_bytes(named[:8], "big"))
        watch.run()
        return Seen(watch.sha256, dict(watch.lots.sizes), dict(watch.lots.drawn))

    def judged(
        self,
        block: Text,
        decisions: Sequence[Decision],
        treatment: Treatment | None = None,
        *,
        running: bool,
        search: bool = True,
    ) -> Judged:
        """
        Return the units of a text, of which the pipeline decided this.

        `treatment` is that of its place. `search`: what scores a little less is looked for too.
        """
        items, removed, told = [], [], []
        for decision in (*decisions, *self._elsewhere(block, decisions, treatment)):
            found = decision.finding
            if decision.operator in KEEPING:
                told.append((found.start, found.end))
                continue
            near = found.score < self.worker.detector.threshold(found.identifier) + self.margin
            stratum = Stratum("above" if near else "removed", found.letter)
            items.append(Item(stratum, found.start, found.end, found, decision.operator))
            removed.append((found.start, found.end))
        if block.kind not in _NAMES:
            below = self._below(block, [*removed, *told]) if search else []
            for found in below:
                told.append((found.start, found.end))
                items.append(Item(Stratum("below", found.letter), found.start, found.end, found))
            whole = (0, len(block.text))
            stratum = Stratum("text" if running else "cell")
            items += [
                Item(stratum, start, end)
                for start, end in (passages(block.text) if running else [whole])
                if kept(block.text, start, end, removed) >= FEWEST
            ]
        return Judged(tuple(items), tuple(removed), tuple(told))

    def _elsewhere(
        self, block: Text, decisions: Sequence[Decision], treatment: Treatment | None
    ) -> list[Decision]:
        """Return what is done to what was removed elsewhere in the run, and is found by no rule."""
        if self.known is None:
            return []
        spans = [(d.finding.start, d.finding.end) for d in decisions]
        found = [f for f in self.known.find(block) if not _touches(f, spans)]
        return self.worker.decide(self.worker.wanted(found), treatment) if found else []

    def _below(self, block: Text, spans: Sequence[Span]) -> list[Finding]:
        """Return what scores near the threshold, below it, and stands in none of these spans."""
        if not self.margin:
            return []
        threshold = self.worker.detector.threshold
        if block.kind == "code":  # as a copy is made of it
            block = replace(block, kind="prose")
        found = [
            f
            for f in self.weak.find(block)
            if threshold(f.identifier) - self.margin <= f.score < threshold(f.identifier)
            and not _touches(f, spans)
        ]
        return resolve(found) if found else found


def _touches(found: Finding, spans: Sequence[Span]) -> bool:
    return any(start < found.end and found.start < end for start, end in spans)


class _Watch(Pass):
    """One original on its way through the pipeline, which nothing is written of."""

    def __init__(self, drawer: Drawer, job: Job, key: bytes, name: int) -> None:
        import numpy as np  # noqa: PLC0415 - 0.1 s, which only a drawing pays

        self.heard = Heard(job.source.shown, drawer.worker.spec.key)
        super().__init__(drawer.worker, job, self.heard)
        self.drawer = drawer
        self.key = key
        self.lots = Lots(drawer.task.most)
        self.blocks = 0
        self.chance: np.random.Generator = np.random.default_rng([drawer.task.seed, name])
        self.known: dict[tuple[int, str], Judged] = {}

    def _begin(self, part: Part) -> None:
        super()._begin(part)
        self.blocks = 0
        self.known.clear()

    def _chunk(self, chunk: Chunk) -> bytes:
        self.heard.texts.clear()
        self.heard.columns.clear()
        data = super()._chunk(chunk)
        for block in chunk.blocks:
            self._block(block)
            self.blocks += 1
        return data

    def _block(self, block: Block) -> None:
        if isinstance(block, Text):
            decisions = self.heard.texts.get(block.location.address, ())
            if decisions or not says_nothing(block.text):
                judged = self.drawer.judged(
                    block,
                    decisions,
                    self.worker.path_treatment(self.source, block),
                    running=block.kind in RUNNING,
                )
                self._draw([judged], [block.text], None, placed(self.heard.place(block)))
        elif isinstance(block, Column):
            self._column(block)

    def _column(self, block: Column) -> None:
        import numpy as np  # noqa: PLC0415 - as above

        place = placed(self.heard.column_place(block))
        seen, decided = self.heard.columns.get(block.location.address, (block, {}))
        values = seen.values.dictionary.to_pylist()
        numeric = self.tabular.judge(block).numeric
        judged = [
            self._value(block, value, decided.get(i, ()), numeric=numeric)
            for i, value in enumerate(values)
        ]
        self._draw(judged, values, np.asarray(seen.values.indices), place)

    def _value(
        self, block: Column, value: str, decisions: Sequence[Decision], *, numeric: bool
    ) -> Judged:
        """Return the units of a cell; equal cells of which nothing was decided have the same."""
        if not decisions and says_nothing(value):
            return _NOTHING
        known = None if decisions else self.known.get((block.index, value))
        if known is None:
            forms = shapes(value.strip())
            running = "text" in forms
            cell = Text(Location("", ""), value, block.label, kind="prose" if running else "value")
            treatment = self.tabular.treatments[block.index]
            # Of numbers among numbers no rule is asked: see ColumnJudge.
            search = not (numeric and "number" in forms)
            known = self.drawer.judged(cell, decisions, treatment, running=running, search=search)
            if not decisions and len(self.known) < _HELD:
                self.known[block.index, value] = known
        return known

    def _draw(
        self,
        judged: Sequence[Judged],
        texts: Sequence[str],
        indices: np.ndarray[tuple[int, ...], np.dtype[np.int64]] | None,
        place: str,
    ) -> None:
        """Count the units of texts, of which row r has `indices[r]`, and draw of them by lot."""
        import numpy as np  # noqa: PLC0415 - as above

        rows = np.zeros(1, dtype=np.int64) if indices is None else indices
        for stratum in sorted({item.stratum for one in judged for item in one.items}):
            items = [[item for item in one.items if item.stratum == stratum] for one in judged]
            ends = np.cumsum(np.array([len(each) for each in items], dtype=np.int64)[rows])
            total = int(ends[-1])
            self.lots.sizes[stratum] += total
            lots = self.chance.random(total)
            low = np.flatnonzero(lots < self.lots.limit(stratum))
            low = low[np.argsort(lots[low], kind="stable")][: self.lots.most]
            units = []
            for at in low.tolist():
                row = int(np.searchsorted(ends, at, side="right"))
                i = int(rows[row])
                item = items[i][at - int(ends[row])]  # counted from behind
                units.append(
                    Drawn(
                        float(lots[at]),
                        self.number,
                        self.blocks,
                        None if indices is None else row,
                        item,
                        place,
                        _within(judged[i].removed, item),
                        _within(judged[i].told, item),
                        unit_digest(self.key, texts[i][item.start : item.end]),
                    )
                )
            self.lots.take(stratum, units)


_NOTHING = Judged((), (), ())


def _within(spans: Sequence[Span], item: Item) -> tuple[Span, ...]:
    """Return the spans that touch a passage; a candidate needs none."""
    if item.finding is not None:
        return ()
    return tuple((s, e) for s, e in spans if s < item.end and item.start < e)

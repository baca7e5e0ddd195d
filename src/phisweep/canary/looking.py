"""The first reading: where something may be planted, in which formats the data write, what occurs."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path

from phisweep import presence
from phisweep.canary.chance import Chance
from phisweep.canary.columns import ColumnPlaces
from phisweep.canary.model import Place, Slot, scope_of
from phisweep.canary.sampling import Sample
from phisweep.canary.values import dates
from phisweep.canary.values.base import Kit
from phisweep.detect.detector import Detector
from phisweep.errors import trouble
from phisweep.formats.base import Part, ReadOptions, Structure
from phisweep.formats.choose import choose_format
from phisweep.keys import Key, fold
from phisweep.model import Column, Finding, Source, Text
from phisweep.places import place_of
from phisweep.presence import Gatherer, texts_of
from phisweep.transform.surrogates.pools import Pools

_WORDS_APART = 80  # words of a text to one place in it
_WORD = 6  # bytes of one, about
_PER_BLOCK = 12  # places of a kind in one text
_PER_PLACE = 24  # fields of one place of a standard, or key, that are sampled
_PLACES = 4000  # such places
_PROSE = 4  # words of a text at least
_LONGEST = 200  # code points of a field's value
_LINES = 3  # a text of fewer has none of its own
_EXAMPLES = 20  # numbers of each kind whose form is learned
_FORM = 5  # letters and digits of one at least
_DATES = 5000  # dates that styles are learned from
_SENTENCE = re.compile(r"(?<=[.!?]) +(?=[A-Z\"'(])")
_NEWLINE = re.compile(r"\n(?=[^\n])")
#: Standards of records of health, whose fields are read one by one.
_HEALTH = ("fhir:", "hl7v2:", "cda:", "x12:")
_AGE = re.compile(r"\d{1,3}(?:\.\d+)?")
_LETTER = re.compile(r"[^\W\d_]")


@dataclass(frozen=True, slots=True)
class Asked:
    """What the reading needs: who judges columns and fields, how to read, the seed, how many places."""

    detector: Detector = field(repr=False)
    options: ReadOptions
    key: Key = field(repr=False)
    seed: int
    places: int
    spool: Path


@dataclass(frozen=True, slots=True)
class Looked:
    """
    What was seen: places, and what values are made of.

    By index `failed` are the sources that cannot be read, `held` those that nobody can assess, such
    as pictures, each with its reason.
    """

    slots: tuple[Slot, ...] = field(repr=False)
    kit: Kit = field(repr=False)
    failed: dict[int, str]
    held: dict[int, str]


class Looking:
    """Reads sources one after another; places are sampled, so that memory is bounded."""

    def __init__(self, asked: Asked) -> None:
        self.asked = asked
        self.pools = Pools.of(asked.detector.ruleset)
        self.gatherer = Gatherer(self.pools, asked.key, asked.spool)
        self.chance = Chance(asked.seed, "places")
        self.texts: dict[tuple[str, Place], Sample[Slot]] = {}
        self.fields: dict[tuple[str, str], Sample[Slot]] = {}
        self.columns = ColumnPlaces(asked.detector, asked.seed)
        self.dates: Counter[str] = Counter()
        self.failed: dict[int, str] = {}
        self.held: dict[int, str] = {}

    def read(self, index: int, source: Source) -> None:
        """Read one source. Never raises for what is wrong with it."""
        try:
            self._read(index, source)
        except Exception as problem:  # noqa: BLE001 - told as a run would tell it, without a value
            self.failed[index] = str(trouble(problem, source.shown))

    def _read(self, index: int, source: Source) -> None:
        format_ = choose_format(source, self.asked.options)
        with closing(format_.open(source, self.asked.options)) as document:
            for number, part in enumerate(document.parts()):
                self._part(Slot(index, format_.name, "own-line", number, 0, ""), part)
            self.gatherer.save()
            if document.held:
                self.held[index] = f"{source.shown}: {document.held}"

    def _part(self, slot: Slot, part: Part) -> None:
        self.columns.begin(slot, part.sample())
        for number, chunk in enumerate(part.chunks()):
            self.gatherer.take(texts_of(chunk.blocks))
            here = replace(slot, chunk=number)
            for block in chunk.blocks:
                if isinstance(block, Column):
                    self.columns.take(here, block)
                elif isinstance(block, Text):
                    where = replace(here, address=block.location.address)
                    self._text(where, block, part.structure, named=bool(part.name))

    def _text(self, slot: Slot, block: Text, structure: Structure, *, named: bool) -> None:
        text = block.text.strip()
        if block.kind == "prose" and text:
            self._learn(text)
        if block.kind == "prose" and len(text.split()) >= _PROSE and self._said(block) is None:
            running = structure == "text" and not (named or block.label or block.path)
            for place, at in self._spots(block.text, plain=running):
                self._offer(replace(slot, place=place, at=at, lines="\n" in text))
        elif block.kind in ("prose", "value", "metadata") and 0 < len(text) <= _LONGEST:
            where = block.path or block.label or place_of(block.location.address)
            name = (slot.format, where)
            if name not in self.fields and len(self.fields) >= _PLACES:
                return
            sample = self.fields.setdefault(name, Sample(_PER_PLACE))
            free = block.path.startswith(_HEALTH) if block.path else structure in ("tree", "lines")
            free = free and block.label != "resourceType"  # it says what all other places are
            sample.offer(self.chance.fraction(), replace(slot, block=block, lines=free))

    def _said(self, block: Text) -> list[Finding] | None:
        """Return what a standard says of a place: an identifier, [] for a code, None for nothing."""
        return self.asked.detector.fields.standards.find(block)

    def _spots(self, text: str, *, plain: bool) -> Iterator[tuple[Place, int]]:
        """Yield places in a running text, some of each kind."""
        most = min(_PER_BLOCK, 1 + len(text) // (_WORD * _WORDS_APART))
        if not plain:
            breaks = [m.end() for m in _SENTENCE.finditer(text)]
            for at in {0, len(text.rstrip()), *self._some(breaks, most)}:
                yield "text-field", at
            return
        yield "text-start", 0
        yield "text-end", len(text.rstrip())
        for at in self._some([m.end() for m in _SENTENCE.finditer(text)], most):
            yield "text-within", at
        lines = [m.end() for m in _NEWLINE.finditer(text)]
        if len(lines) >= _LINES:
            for at in self._some(lines, most):
                yield "own-line", at

    def _some(self, things: Sequence[int], most: int) -> Sequence[int]:
        if len(things) <= most:
            return things
        return sorted({self.chance.pick(things) for _ in range(most)})

    def _offer(self, slot: Slot) -> None:
        name = (slot.format, slot.place)
        sample = self.texts.setdefault(name, Sample(self.asked.places))
        sample.offer(self.chance.fraction(), slot)

    def _learn(self, text: str) -> None:
        if self.dates.total() < _DATES:
            self.dates.update(dates.seen(text[: 1 << 16]))

    def done(self) -> Looked:
        """Return what was seen in all sources."""
        presence_folder = self.asked.spool / "present"
        presence.join(self.asked.spool, presence_folder)
        texts = [slot for _, sample in sorted(self.texts.items()) for slot in sample.kept()]
        fields = [self._judged(slot) for _, s in sorted(self.fields.items()) for slot in s.kept()]
        cells = self.columns.slots()
        slots = tuple(
            slot
            for slot in (*texts, *(slot for slot in fields if slot is not None), *cells)
            if slot.source not in self.failed and slot.source not in self.held and _fits(slot)
        )
        pools = presence.without(self.pools, presence_folder, self.asked.key)
        self.dates.update(filter(None, (dates.style_of(s.like) for s in slots)))
        common = tuple(style for style, n in self.dates.most_common(3) if n > 1)
        return Looked(slots, Kit(pools, common, _own(slots)), self.failed, self.held)

    def _judged(self, slot: Slot) -> Slot | None:
        """
        Return the place of a field by what the rules take its value for, None for no place.

        Only where nothing else hangs on it something else is planted: in records, not in what a
        program reads its own files by.
        """
        block, free = slot.block, slot.lines
        assert block is not None  # noqa: S101 - _text gave it one
        value = block.text.strip()
        slot = replace(slot, like=value, label=scope_of(block), lines=False)
        if self._said(block) == []:
            return replace(slot, place="coded-field") if free else None
        whole = [
            f
            for f in self.asked.detector.find(block)
            if block.text[f.start : f.end].strip() == value
        ]
        if whole:
            best = max(whole, key=lambda f: f.score)
            return replace(slot, place="field-of-its-kind", identifier=best.identifier)
        worded = len(_LETTER.findall(value)) > 2 and value.lower() not in {"true", "false", "null"}  # noqa: PLR2004
        return replace(slot, place="unexpected-field") if free and worded else None


def _fits(slot: Slot) -> bool:
    """Leave out places of ages that hold years: one in their form would say nothing."""
    return slot.identifier != "age" or _AGE.fullmatch(slot.like) is not None


def _own(slots: Sequence[Slot]) -> dict[str, tuple[str, ...]]:
    """Return examples of the data's own numbers by identifier."""
    own: dict[str, list[str]] = {}
    for slot in slots:
        if slot.identifier and slot.like[-1:].isdigit() and len(fold(slot.like)) >= _FORM:
            held = own.setdefault(slot.identifier, [])
            if len(held) < _EXAMPLES:
                held.append(slot.like)
    return {identifier: tuple(held) for identifier, held in own.items()}

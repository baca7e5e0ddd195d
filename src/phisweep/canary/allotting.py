"""What is planted where: as many of each letter as were asked for, over kinds of place and formats."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from phisweep.canary import noise, phrases
from phisweep.canary.chance import Chance
from phisweep.canary.looking import Looked
from phisweep.canary.model import (
    IN_KIND,
    NOT_PLANTABLE,
    RUNNING,
    UNEXPECTED,
    Canary,
    Carrier,
    Place,
    Planting,
    Slot,
)
from phisweep.canary.values import LIKE, TELLING, WRITTEN
from phisweep.canary.values.base import Invented, Kit
from phisweep.keys import fold
from phisweep.model import IDENTIFIERS, LETTERS

#: How a letter's canaries are shared among its identifiers.
_SHARES = {"location": 3, "zip": 1, "date": 3, "age": 1}
#: How they are shared among running text, places that hold such values, and places that do not.
_GROUPS: tuple[tuple[tuple[Place, ...], int], ...] = ((RUNNING, 11), (IN_KIND, 6), (UNEXPECTED, 3))
#: Whole values that are no name of themselves are written with words that name them.
_SELF_TELLING = frozenset({"name", "location", "date", "phone", "email", "ssn", "url", "ip"})
#: How often what stands on lines of its own ("MRN: ...") is written into other texts.
_LINES: Mapping[Place, float] = {"text-start": 0.4, "text-cell": 0.4, "text-field": 0.4}
_ROUNDS = 20  # copies of one file at most
_COPIED = 256 << 20  # bytes of the copies of all rounds, beyond the first
_TRIES = 40  # to invent what was not planted before
_SHORT = 4  # letters and digits of a whole value that is looked for in its own column alone
PLANTABLE = tuple(letter for letter in LETTERS if letter not in NOT_PLANTABLE)


def allot(
    looked: Looked, sizes: Mapping[int, int], *, per_letter: int, seed: int
) -> list[list[Planting]]:
    """
    Return what is planted, by rounds, each of which has its own copy of the data.

    Further rounds come where places run out before all is planted, as long as the copies, whose
    bytes `sizes` tells by source, do not grow too many.
    """
    writer = _Writer(looked.kit)
    rounds: list[list[Planting]] = []
    wanted = dict.fromkeys(PLANTABLE, per_letter)
    copied = 0
    for number in range(_ROUNDS):
        made = _round(looked.slots, writer, wanted, (seed, number))
        copied += sum(sizes[source] for source in {p.slot.source for p in made})
        if not made or (number and copied > _COPIED):
            break
        rounds.append(made)
        for planting in made:
            wanted[planting.canary.letter] -= 1
        if not any(wanted.values()):
            break
    return rounds


def _round(
    slots: Sequence[Slot], writer: _Writer, wanted: Mapping[str, int], seed: tuple[int, int]
) -> list[Planting]:
    """Plant once; the letters take turns, so that none takes all places."""
    free = _Free(slots, seed)
    made: list[Planting] = []
    for turn in range(max(wanted.values())):
        for letter in PLANTABLE:
            chance = Chance(seed[0], seed[1], letter, turn)
            slot = None
            if turn < wanted[letter]:
                identifier = chance.weighted(_identifiers(letter))
                slot = free.take(identifier, chance)
            if slot is not None and (canary := writer.canary(identifier, slot, seed[1], chance)):
                made.append(Planting(slot, canary))
    return made


def _identifiers(letter: str) -> Sequence[tuple[str, int]]:
    return [(name, _SHARES.get(name, 1)) for name, of in IDENTIFIERS.items() if of == letter]


class _Free:
    """The places that nothing was planted in, by kind, format and identifier."""

    def __init__(self, slots: Iterable[Slot], seed: tuple[int, int]) -> None:
        self._queues: dict[tuple[Place, str, str], deque[Slot]] = defaultdict(deque)
        self._taken: set[tuple[object, ...]] = set()
        self._turns: dict[tuple[Place, str], int] = defaultdict(int)
        mixed = sorted(
            slots,
            key=lambda s: Chance(
                seed[0], seed[1], s.source, s.part, s.chunk, s.address, s.row, s.at
            ).fraction(),
        )
        for slot in mixed:
            self._queues[slot.place, slot.identifier, slot.format].append(slot)

    def take(self, identifier: str, chance: Chance) -> Slot | None:
        """Return a free place for an identifier, None where there is none left."""
        groups = list(_GROUPS)
        while groups:
            group = chance.weighted([(g, g[1]) for g in groups])
            groups.remove(group)
            places = list(group[0])
            while places:
                place = chance.pick(places)
                places.remove(place)
                wanted = identifier if place in IN_KIND else ""
                slot = self._next(place, wanted)
                if slot is not None:
                    return slot
        return None

    def _next(self, place: Place, identifier: str) -> Slot | None:
        """Return the next place of a kind; the formats take turns."""
        formats = sorted(f for p, i, f in self._queues if p == place and i == identifier)
        for _ in formats:
            turn = self._turns[place, identifier]
            self._turns[place, identifier] += 1
            queue = self._queues[place, identifier, formats[turn % len(formats)]]
            while queue:
                slot = queue.popleft()
                spot = (slot.source, slot.part, slot.chunk, slot.address, slot.row, slot.at)
                if spot not in self._taken:
                    self._taken.add(spot)
                    return slot
        return None


@dataclass(slots=True)
class _Writer:
    """Writes canaries, no two of which can be taken for each other."""

    kit: Kit = field(repr=False)
    _count: int = 0
    _used: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set), repr=False)

    def canary(self, identifier: str, slot: Slot, round_: int, chance: Chance) -> Canary | None:
        """Return what is planted at a place, None where all that is invented was planted before."""
        for _ in range(_TRIES):
            canary = self._made(identifier, slot, chance)
            if self._is_new(canary):
                self._count += 1
                return replace(canary, number=self._count, round=round_)
        return None

    def _made(self, identifier: str, slot: Slot, chance: Chance) -> Canary:
        if slot.place in IN_KIND:
            made = LIKE[identifier](chance, self.kit, slot.like, slot.label)
            return _whole(identifier, slot, made)
        if slot.place in UNEXPECTED:
            made = TELLING[identifier](chance, self.kit)
            if identifier in _SELF_TELLING and not made.told:
                return _whole(identifier, slot, made)
            return _phrased(identifier, slot, made, chance, line=True)
        made = WRITTEN[identifier](chance, self.kit)
        line = slot.place == "own-line" or chance.share(_LINES.get(slot.place, 0.0))
        return _phrased(identifier, slot, made, chance, line=line)

    def _is_new(self, canary: Canary) -> bool:
        used = self._used[canary.identifier]
        key = canary.snippet.casefold()
        clash = key in used
        if not clash and not canary.whole:
            clash = any(key in other or other in key for other in used)
        if clash:
            return False
        used.add(key)
        return True


def _whole(identifier: str, slot: Slot, made: Invented) -> Canary:
    text = made.text
    scope = slot.label if len(fold(text)) < _SHORT else ""
    return Canary(
        0, 0, slot.source, slot.format, slot.place, identifier, made.style, noise.NONE,
        "nothing", text, 0, len(text), made.free, whole=True, scope=scope,
    )  # fmt: skip


def _phrased(identifier: str, slot: Slot, made: Invented, chance: Chance, *, line: bool) -> Canary:
    bare = slot.place in UNEXPECTED
    phrase = chance.pick(phrases.suited(made.topic, line=line, told=made.told or bare))
    before, behind = phrase.around()
    if made.text.endswith("."):
        behind = behind.removeprefix(".")
    if bare:
        behind = behind.rstrip(".")
    written = before, made.text, behind
    kind = noise.NONE
    if not bare and chance.share(noise.SHARE):
        kind, noisy = noise.add(identifier, written, chance, lines=slot.lines)
        if made.free and len(noisy[1]) != len(made.text):
            kind = noise.NONE  # what may stay could not be told any more
        else:
            written = noisy
    start = len(written[0])
    free = tuple((start + a, start + b) for a, b in made.free)
    carrier: Carrier = phrase.carrier
    return Canary(
        0, 0, slot.source, slot.format, slot.place, identifier, made.style, kind, carrier,
        "".join(written), start, start + len(written[1]), free, whole=bare,
    )  # fmt: skip


def of_sources(plantings: Iterable[Planting]) -> Mapping[int, list[Planting]]:
    """Return the plantings of a round by source."""
    out: dict[int, list[Planting]] = defaultdict(list)
    for planting in plantings:
        out[planting.slot.source].append(planting)
    return out

"""What became of the canaries, counted; every count is by what was planted and stands in the copy."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from phisweep.canary.model import CARRIERS, NOT_PLANTABLE, PLACES, Canary
from phisweep.canary.seeking import Hit
from phisweep.intervals import exact
from phisweep.model import IDENTIFIERS, LETTERS
from phisweep.report.companions.canary import Group, LetterRate, Miss, Rate, Style

Fate = Literal["found", "elsewhere", "partly", "missed"]


@dataclass(frozen=True, slots=True)
class Counted:
    """A canary that counts, and what became of it; `kept`: found, and the policy keeps it."""

    canary: Canary
    fate: Fate
    kept: bool = False


def fate(canary: Canary, stands: int, hits: Sequence[Hit]) -> Counted:
    """
    Return what became of a canary that stands in so many places of its copy.

    It is found where no telling character of it was left in any of them.
    """
    whole = [hit for hit in hits if not hit.left]
    if len(whole) >= stands:
        own = all(canary.letter in hit.letters for hit in whole)
        kept = all(hit.kept for hit in whole)
        return Counted(canary, "found" if own else "elsewhere", kept)
    touched = any(hit.left < hit.telling for hit in hits)
    return Counted(canary, "partly" if touched else "missed")


def rate(counted: Iterable[Counted]) -> Rate:
    """Return the counts of some canaries, and their recall with its exact bounds."""
    fates = Counter(each.fate for each in counted)
    planted, removed = fates.total(), fates["found"] + fates["elsewhere"]
    low, high = exact(removed, planted)
    return Rate(
        planted=planted,
        found=fates["found"],
        elsewhere=fates["elsewhere"],
        partly=fates["partly"],
        missed=fates["missed"],
        recall=removed / planted if planted else None,
        low=low,
        high=high,
    )


def letters(counted: Sequence[Counted]) -> list[LetterRate]:
    """Return the counts of each letter from (A) to (R), also of those that cannot be planted."""
    by = _grouped(counted, lambda canary: canary.letter)
    out = []
    for letter in LETTERS:
        names = [name for name, of in IDENTIFIERS.items() if of == letter]
        mine = by.get(letter, [])
        reason = NOT_PLANTABLE.get(letter, "")
        state: Literal["planted", "no place", "not plantable"] = "planted"
        if not mine:
            state = "not plantable" if reason else "no place"
            reason = reason or "No place in the data was left to plant it in."
        out.append(
            LetterRate(
                letter=letter, identifiers=names, state=state, reason=reason, rate=rate(mine)
            )
        )
    return out


def places(counted: Sequence[Counted]) -> list[Group]:
    """Return the counts of each kind of place."""
    return _groups(counted, lambda canary: PLACES[canary.place], PLACES.values())


def carriers(counted: Sequence[Counted]) -> list[Group]:
    """Return the counts by what stands around the value."""
    return _groups(counted, lambda canary: CARRIERS[canary.carrier], CARRIERS.values())


def noises(counted: Sequence[Counted]) -> list[Group]:
    """Return the counts of each noise."""
    return _groups(counted, lambda canary: canary.noise, ())


def formats(counted: Sequence[Counted]) -> list[Group]:
    """Return the counts of each file format."""
    return _groups(counted, lambda canary: canary.format, ())


def styles(counted: Sequence[Counted]) -> list[Style]:
    """Return the counts of each way of writing an identifier."""
    by: dict[tuple[str, str, str], list[Counted]] = defaultdict(list)
    for each in counted:
        by[each.canary.letter, each.canary.identifier, each.canary.style].append(each)
    return [
        Style(letter=letter, identifier=identifier, style=style, rate=rate(mine))
        for (letter, identifier, style), mine in sorted(by.items())
    ]


def missed(counted: Sequence[Counted]) -> list[Miss]:
    """Return those that were not removed whole, by kind, the commonest first."""
    kinds: Counter[tuple[str, ...]] = Counter()
    for each in counted:
        c = each.canary
        if each.fate in {"partly", "missed"}:
            place, carrier = PLACES[c.place], CARRIERS[c.carrier]
            kinds[
                c.letter, c.identifier, each.fate, place, carrier, c.style, c.noise, c.format
            ] += 1
    names = ("letter", "identifier", "outcome", "place", "carrier", "style", "noise", "format")
    return [
        Miss.model_validate({**dict(zip(names, kind, strict=True)), "count": count})
        for kind, count in sorted(kinds.items(), key=lambda item: (-item[1], item[0]))
    ]


def _groups(
    counted: Sequence[Counted], of: Callable[[Canary], str], order: Iterable[str]
) -> list[Group]:
    by = _grouped(counted, of)
    names = [*order] or sorted(by, key=lambda name: (-len(by[name]), name))
    return [Group(name=name, rate=rate(by[name])) for name in names if name in by]


def _grouped(
    counted: Sequence[Counted], of: Callable[[Canary], str]
) -> Mapping[str, Sequence[Counted]]:
    by: dict[str, list[Counted]] = defaultdict(list)
    for each in counted:
        by[of(each.canary)].append(each)
    return by

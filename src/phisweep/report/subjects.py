"""Whose record each row and text of a run was taken for: where the keys stand, and who has none."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Literal, NamedTuple

from phisweep.detect.linking import Links
from phisweep.legible import placed
from phisweep.model import Linking, Outcome, Run
from phisweep.report import phrases
from phisweep.report.counts import IN_NAME
from phisweep.report.parts import Count, Guarded, ShownCount, floored

By = Literal["configuration", "medical record numbers", "nothing"]
_PATTERNS = {"name": "the file's name", "text": "the head of the text"}
#: Operators whose result is a subject's own.
BOUND = ("date-shift",)


class _Way(NamedTuple):
    """How a file was linked, as `LinkedRecord` says it."""

    by: By
    keys: tuple[str, ...]
    keyed: int
    unkeyed: int
    several: int
    alone: int


class LinkedRecord(Guarded):
    """
    How each of so many `files` was linked: `keys` is where their subjects' keys stand, `by` who said.

    In each of them `keyed` and `unkeyed` count rows and running texts with a subject and without
    one, `several` texts with the numbers of two people, `alone` findings whose operator wanted a
    subject and had none. Which files these are, the files say.
    """

    files: Count
    by: By
    keys: tuple[str, ...]
    keyed: Count
    unkeyed: Count
    several: Count
    alone: Count


class SubjectsRecord(Guarded):
    """
    How the run was linked, with sums over its files.

    `several_keys` counts subjects that have several keys of their own; 1 to 10 are `<11`.
    """

    how: str
    linked: tuple[LinkedRecord, ...]
    keyed: Count
    unkeyed: Count
    several: Count
    alone: Count
    several_keys: ShownCount

    def _check(self) -> None:
        for name in ("keyed", "unkeyed", "several", "alone"):
            if getattr(self, name) != sum(each.files * getattr(each, name) for each in self.linked):
                raise ValueError("the counts of subjects are not the sums over the files")


def subjects_of(run: Run) -> tuple[SubjectsRecord | None, Sequence[int | None]]:
    """
    Return how the run was linked, None where subjects were never asked for.

    With it comes for each file the number of its entry in `linked`, None for one that was skipped.
    """
    if run.survey is None:
        return None, [None] * len(run.outcomes)
    links = _links(run)
    ways: dict[_Way, int] = {}
    numbers = [
        None if o.status == "skipped" else ways.setdefault(_way(o, links), len(ways))
        for o in run.outcomes
    ]
    files = Counter(numbers)
    linked = tuple(
        LinkedRecord(files=files[number], **way._asdict()) for way, number in ways.items()
    )
    return SubjectsRecord(
        how=_how(linked),
        linked=linked,
        keyed=sum(each.files * each.keyed for each in linked),
        unkeyed=sum(each.files * each.unkeyed for each in linked),
        several=sum(each.files * each.several for each in linked),
        alone=sum(each.files * each.alone for each in linked),
        several_keys=floored(run.survey.several),
    ), numbers


def check(told: SubjectsRecord | None, numbers: Iterable[int | None]) -> None:
    """Raise ValueError where the files were linked otherwise than is told."""
    files = Counter(number for number in numbers if number is not None)
    linked = told.linked if told else ()
    if files != Counter({number: each.files for number, each in enumerate(linked)}):
        raise ValueError("what is told of subjects is not what the files say")


def is_unlinked_table(outcome: Outcome) -> bool:
    """Say whether no column of a table was a key, so that none of its rows had a subject."""
    seen = outcome.linking or Linking()
    return outcome.columns is not None and seen.keyed + seen.unkeyed == 0


def wanting(outcome: Outcome, operators: Iterable[str] = BOUND) -> int:
    """Return how many findings, in the text of a file, these operators were to treat."""
    chosen = (*operators,)
    return sum(
        tally.count
        for tally in outcome.tallies
        if tally.operator in chosen and tally.place != IN_NAME
    )


def _links(run: Run) -> Links:
    """Return where the configuration says that keys stand, as the run had it."""
    given = json.loads(run.manifest.configuration.get("subject-key", "{}"))
    return Links.of(given)


def _way(outcome: Outcome, links: Links) -> _Way:
    seen = outcome.linking or Linking()
    by: By = "nothing"
    if outcome.linking is not None:
        told = links.of_file(outcome.source.name) is not None
        by = "configuration" if told else "medical record numbers"
    unlinked = is_unlinked_table(outcome)
    return _Way(
        by,
        tuple(dict.fromkeys(_key(key, outcome) for key in seen.keys)),
        int(seen.keyed),
        int(outcome.rows or 0) if unlinked else int(seen.unkeyed),
        int(seen.several),
        wanting(outcome) if unlinked else int(seen.alone),
    )


def _key(key: str, outcome: Outcome) -> str:
    """`name:No(..)` -> `the file's name`, `column 1` -> `column 1 (mrn)`, `visit:/v` -> `/v (visit)`."""
    kind, colon, rest = key.partition(":")
    if colon and kind not in _PATTERNS:
        return f"{_key(rest, outcome)} ({placed(kind)})"
    if colon:
        return _PATTERNS[kind]
    named = f"{key} ("
    return placed(next((place for place in _places(outcome) if place.startswith(named)), key))


def _places(outcome: Outcome) -> Iterable[str]:
    """Return the places of a file, under which the name of a column stands where it may."""
    yield from (tally.place for tally in outcome.tallies)
    yield from (column.place for column in (outcome.kept.columns if outcome.kept else ()))


def _how(linked: Sequence[LinkedRecord]) -> str:
    by = {each.by for each in linked}
    told = [phrases.LINKED_BY[name] for name in phrases.LINKED_BY if name in by]
    return " ".join((*told, phrases.NOBODY_GUESSED)) if by - {"nothing"} else phrases.NOT_LINKED

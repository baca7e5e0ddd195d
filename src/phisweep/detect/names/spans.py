"""Scores of words -> spans: neighbours of one label are one, signs at the ends are no part of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from phisweep.detect.names.network import Scores
from phisweep.detect.names.words import Words

#: What the network's labels mean to us, and the identifier that each becomes.
GROUPS: Mapping[str, str] = {
    "NAME": "name",
    "PLACE": "location",
    "FACILITY": "location",
    "ORG": "location",
    "DATE": "date",
    "ID": "other_id",
    "CONTACT": "phone",
    "AGE": "age",
}
_JOINTS = frozenset("-'")
_PART = 0.1  # what the other half of a hyphenated word must have
_PLACES = frozenset({"PLACE", "ORG"})
_LINE = 3  # from this gap on (a line break) words are not of one span


@dataclass(frozen=True, slots=True)
class Span:
    """Half-open code points, the label, and how sure the network is, in [0, 1]."""

    start: int
    end: int
    label: str
    score: float
    words: tuple[int, int] = field(default=(0, 0), compare=False)


def spans(
    text: str, seen: Words, scores: Scores, labels: Sequence[str], least: Mapping[str, float]
) -> list[Span]:
    """
    Return the spans whose words have at least the score that `least` gives for their label.

    `scores` is (words, labels), the first label being "no identifier"; a word counts with the
    label of its group's greatest sum, places and organisations together. A label that `least` does
    not name is left out.
    """
    if not len(scores):
        return []
    names = list(dict.fromkeys(_group(label) for label in labels[1:]))
    into = np.array([[_group(label) == name for name in names] for label in labels], np.float32)
    sums = scores @ into
    chosen = [""] * len(sums)
    best, top = sums.argmax(1), sums.max(1)
    both = [k for k, name in enumerate(names) if name in _PLACES]
    if both:  # a place and an organisation are removed alike, so doubt between them is none
        places = sums[:, both].sum(1)
        best = np.where(places >= top, np.array(both)[sums[:, both].argmax(1)], best)
        top = np.maximum(places, top)
    for i in np.flatnonzero(top >= min(least.values(), default=2.0)):
        name = names[best[i]]
        if top[i] >= least.get(name, 2.0):
            chosen[i] = name
    _join(text, seen, chosen, sums, names)
    return list(_runs(text, seen, chosen, top))


def _group(label: str) -> str:
    return "PLACE" if label == "FACILITY" else label


def _join(text: str, seen: Words, chosen: list[str], sums: Scores, names: Sequence[str]) -> None:
    """Give the halves of a hyphenated word (Day-Baptist, O'Hara) one label."""
    labelled = [k for k, label in enumerate(chosen) if label]
    # Up to the second joint of Day-Baptist-Diaz, and no further: most words of a text have no label.
    for i in sorted({j for k in labelled for j in range(k - 3, k + 4)}):
        if not 0 < i < len(chosen) - 1:
            continue
        start, end = seen.spans[i]
        if text[start:end] not in _JOINTS or seen.gaps[i] or seen.gaps[i + 1]:
            continue
        for known, other in ((i - 1, i + 1), (i + 1, i - 1)):
            label = chosen[known]
            if label and not chosen[other]:
                a, b = seen.spans[other]
                if b - a > 1 and sums[other, names.index(label)] >= _PART:
                    chosen[other] = label
        if chosen[i - 1] and chosen[i - 1] == chosen[i + 1]:
            chosen[i] = chosen[i - 1]


def _runs(text: str, seen: Words, chosen: Sequence[str], top: Scores) -> list[Span]:
    out: list[Span] = []
    done = 0
    for i, label in enumerate(chosen):
        if i < done or not label:
            continue
        j = i + 1
        alike = _PLACES if label in _PLACES else {label}
        while j < len(chosen) and chosen[j] in alike and seen.gaps[j] < _LINE:
            j += 1
        done = j
        first, last = i, j
        while first < last and not text[seen.spans[first][0]].isalnum():
            first += 1
        while last > first and not text[seen.spans[last - 1][0]].isalnum():
            last -= 1
        if last > first:
            alnum = [k for k in range(first, last) if text[seen.spans[k][0]].isalnum()]
            score = float(np.mean([top[k] for k in alnum]))
            start, end = seen.spans[first][0], seen.spans[last - 1][1]
            out.append(Span(start, end, label, score, (first, last)))
    return out

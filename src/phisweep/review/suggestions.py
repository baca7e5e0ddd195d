"""
What could be changed for what the reviewers saw, by place and shape; no value stands in it.

A column of which every removal that was judged is wrong may be kept by the policy; elsewhere a wrong
removal is a counter-example of its rule. A cell that was missed is a treatment of its column; what
was missed in text is a pattern made of its shape, where that is more than letters.
"""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from phisweep.keys import shape
from phisweep.review.reading import View
from phisweep.review.settling import Settled

_COLUMN = re.compile(r"(?:.*!)?column \d+ \((?P<name>.+)\)", re.DOTALL)
_RUN = re.compile(
    r"(?P<class>[dAa])(?:\{(?P<n>\d+)\}|(?P<more>(?P=class)*))|(?P<other>.)", re.DOTALL
)
_CLASSES = {"d": r"\d", "A": "[A-Z]", "a": "[a-z]"}
_SAMPLES = {"d": "0", "A": "X", "a": "x"}
_SHAPES = 3  # of a column, that are told
_FEWEST = 4  # characters of a pattern


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where something was wrong: the file and the place in it, as the report calls them."""

    path: str
    place: str

    @property
    def column(self) -> str:
        """The name of the column, "" where it is none or is not told."""
        match = _COLUMN.fullmatch(self.place)
        return match["name"] if match else ""

    @property
    def glob(self) -> str:
        """The file, or the part of it, as a policy names it."""
        part, sign, _ = self.place.rpartition("!")
        return f"{self.path}!{part}" if sign else self.path


@dataclass(frozen=True, slots=True)
class Miss:
    """
    What was left in one place in one shape, and how often it was seen.

    `cells` says how many cells of the place were judged, where a whole cell was left; else 0.
    """

    at: Place
    shape: str
    count: int
    cells: int = 0


@dataclass(frozen=True, slots=True)
class Wrong:
    """What one rule removed in one place and identifies nobody, and how often; `right` beside it."""

    at: Place
    rule: str
    count: int
    right: int


def misses(
    paths: Sequence[str], views: Mapping[str, View], settled: Sequence[Settled]
) -> list[Miss]:
    """Return what was left, by place and shape. `paths` are the names of the sample's files."""
    seen: Counter[tuple[Place, str, bool]] = Counter()
    cells: Counter[Place] = Counter()
    for one in settled:
        unit = one.unit
        at, whole = Place(paths[unit.file], unit.place), unit.group == "cell"
        cells[at] += whole and one.state == "decided"
        if not one.wrong or unit.group in ("removed", "above"):
            continue
        for start, end in one.missed or ((unit.start, unit.end),):
            seen[at, shape(views[unit.id].text[start:end]), whole] += 1
    return [
        Miss(at, form, count, cells[at] if whole else 0)
        for (at, form, whole), count in sorted(seen.items())
    ]


def wrongs(paths: Sequence[str], settled: Sequence[Settled]) -> list[Wrong]:
    """Return what was removed and identifies nobody, by place and rule."""
    seen: dict[tuple[str, str, str], Counter[bool]] = defaultdict(Counter)
    for unit in settled:
        if unit.state == "decided" and unit.unit.group in ("removed", "above"):
            at = paths[unit.unit.file], unit.unit.place, unit.unit.rule
            seen[at][unit.wrong] += 1
    return [
        Wrong(Place(path, place), rule, counts[True], counts[False])
        for (path, place, rule), counts in sorted(seen.items())
        if counts[True]
    ]


def lines(missed: Sequence[Miss], wrong: Sequence[Wrong]) -> list[str]:
    """Return what could be put into phisweep.toml, with comments that say why."""
    columns: dict[str, list[str]] = defaultdict(list)
    for glob, entry in (*_left_columns(missed), *_kept_columns(wrong)):
        columns[glob] += entry
    made: list[str] = []
    for glob, entries in columns.items():
        made += [f"[tool.phisweep.columns.{_quoted(glob)}]", *entries, ""]
    made += [*_patterns(missed), *_ignores(wrong)]
    return made[:-1]


def _left_columns(missed: Sequence[Miss]) -> Iterator[tuple[str, list[str]]]:
    """Yield treatments of columns in which cells were missed, each with its file."""
    columns: dict[Place, list[Miss]] = defaultdict(list)
    for miss in missed:
        if miss.at.column and miss.cells:
            columns[miss.at].append(miss)
    for place, found in columns.items():
        told = ", ".join(f"{miss.count} of {miss.shape}" for miss in found[:_SHAPES])
        yield (
            place.glob,
            [
                f"# Of {found[0].cells} cells judged there were left: {_comment(told)}.",
                "# Which letter it is, is for you to say.",
                f'{_quoted(place.column)} = {{ action = "redact", letter = "R" }}',
            ],
        )


def _kept_columns(wrong: Sequence[Wrong]) -> Iterator[tuple[str, list[str]]]:
    """Yield treatments of columns of which no removal that was judged was right."""
    right = {one.at for one in wrong if one.right}
    columns: Counter[Place] = Counter()
    for one in wrong:
        if one.at.column and one.at not in right:
            columns[one.at] += one.count
    for place, count in columns.items():
        reason = f"human review: {count} of {count} judged removals identify nobody"
        yield (
            place.glob,
            [
                "# Keep it only if you know that nothing in the whole column identifies anybody.",
                f'{_quoted(place.column)} = {{ action = "keep", reason = {_quoted(reason)} }}',
            ],
        )


def _patterns(missed: Sequence[Miss]) -> Iterator[str]:
    """Yield a pattern for each shape that was left in a text."""
    shapes: dict[str, list[Miss]] = defaultdict(list)
    for miss in missed:
        if not (miss.at.column and miss.cells):
            shapes[miss.shape].append(miss)
    for number, (form, found) in enumerate(shapes.items(), 1):
        count = sum(miss.count for miss in found)
        places = "; ".join(f"{miss.at.path}, {miss.at.place}" for miss in found[:_SHAPES])
        yield f"# Left in {_comment(places)}: {count} of {_comment(form)}."
        pattern = pattern_of(form)
        if pattern is None:
            yield "# That makes no pattern: --strict takes every word for a name that no list vouches"
            yield "# for, another model may find it ([tool.phisweep.nlp]), or a rule by what is around."
        else:
            yield "# Say which letter it is, and what stands around it, or it finds too much."
            yield "[[tool.phisweep.patterns]]"
            yield f'id = "left-{number}"'
            yield 'letter = "R"'
            yield f"regex = {_quoted(pattern)}"
            yield f"examples = [{_quoted(example_of(form))}]"
        yield ""


def _ignores(wrong: Sequence[Wrong]) -> Iterator[str]:
    """Yield what keeps wrong rules out of searches, by path; copies leave nothing out."""
    right = {one.at for one in wrong if one.right}
    rules: dict[str, set[str]] = defaultdict(set)
    for one in wrong:
        if not one.at.column or one.at in right:
            rules[one.at.path].add(one.rule)
    if not rules:
        return
    yield "# Wrong removals elsewhere. This holds for searches and the gate, not for copies: for"
    yield "# those, give the rule a not_found example (phisweep rules check)."
    yield "[tool.phisweep.per-path-ignores]"
    for path, named in rules.items():
        yield f"{_quoted(path)} = [{', '.join(map(_quoted, sorted(named)))}]"
    yield ""


def pattern_of(form: str) -> str | None:
    """Return a pattern of a shape, None where it is short, cut short, or without a digit."""
    if "d" not in form or form.endswith("...") or len(example_of(form)) < _FEWEST:
        return None
    body = "".join(
        re.escape(m["other"]) if m["other"] else _CLASSES[m["class"]] + _times(_count(m))
        for m in _RUN.finditer(form)
    )
    return rf"(?<![A-Za-z0-9]){body}(?![A-Za-z0-9])"


def example_of(form: str) -> str:
    """Return an invented text of a shape: zeros and x."""
    return "".join(m["other"] or _SAMPLES[m["class"]] * _count(m) for m in _RUN.finditer(form))


def _count(match: re.Match[str]) -> int:
    return int(match["n"]) if match["n"] else 1 + len(match["more"])


def _times(n: int) -> str:
    return f"{{{n}}}" if n > 1 else ""


def _comment(text: str) -> str:
    return text.replace("\r", " ").replace("\n", " ")


def _quoted(text: str) -> str:
    """Return a basic string of TOML, which JSON's are."""
    return json.dumps(text, ensure_ascii=False)

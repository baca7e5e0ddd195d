"""The sections on subjects, leaks, dates, surrogates and codes, as Markdown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from phisweep.figures import number, plural
from phisweep.report import kept, phrases
from phisweep.report.cells import code, table, text
from phisweep.report.inventory import FEW
from phisweep.report.leaks import LeakRecord, counted
from phisweep.report.moved import dates_alone, dates_moved, instead, weekdays
from phisweep.report.record import RunRecord
from phisweep.report.subjects import LinkedRecord


def subjects(record: RunRecord) -> Iterator[str]:
    """Yield the section, nothing where the record has none."""
    told = record.subjects
    if told is None:
        return
    yield from ("## Subjects", "", phrases.SUBJECTS, "", told.how, "")
    sums = (
        ("Rows and texts with a subject", number(told.keyed)),
        ("Without one", number(told.unkeyed)),
        ("Texts with the numbers of two people", number(told.several)),
        ("Findings that wanted a subject and had none", number(told.alone)),
        ("Subjects with several keys of their own", text(kept.shown(told.several_keys))),
    )
    yield from table(("Figure", "Count"), sums)
    yield from (phrases.ALONE, "") if told.alone else ()
    few = _are_few(told.linked)
    rows = (
        (
            code(told_) if few else text(told_),
            text(
                ", ".join(each.keys) or "none found" if each.by != "nothing" else "none looked for"
            ),
            *(number(n) for n in (each.keyed, each.unkeyed, each.several, each.alone)),
        )
        for told_, each in linked_rows(record)
    )
    header = ("File", "Keys", "With a subject", "Without", "Two people", "Wanted, had none")
    yield from table(header, rows)


def _are_few(linked: Sequence[LinkedRecord]) -> bool:
    """Say whether a page tells of each file how it was linked."""
    return sum(each.files for each in linked) <= FEW


def linked_rows(record: RunRecord) -> list[tuple[str, LinkedRecord]]:
    """Return how each file was linked, under its name; of many files how many were linked so."""
    linked = record.subjects.linked if record.subjects else ()
    if not _are_few(linked):
        return [(plural(each.files, "file"), each) for each in linked]
    return [(file.path, linked[file.linked]) for file in record.files if file.linked is not None]


def leaks(record: RunRecord) -> Iterator[str]:
    """Yield the section, nothing where the record has none."""
    told = record.leaks
    if told is None:
        return
    yield from ("## What fields tell together", "", phrases.LEAKS, "")
    yield from (line for sentence in told.limits for line in (sentence, ""))
    rows = ((text(kind.title), kind.state, text(_told(kind)), kind.citation) for kind in told.kinds)
    yield from table(("Leak", "State", "Why, and what was done", "Law"), rows)
    places = [
        (
            text(kind.title),
            code(place.file) or "all together",
            text(place.place),
            text(place.other),
            text(counted(place)),
        )
        for kind in told.kinds
        for place in kind.places
    ]
    yield from table(("Leak", "File", "Place", "Tells of", "Count"), places) if places else ()


def _told(kind: LeakRecord) -> str:
    if kind.state != "found":
        return kind.reason
    return f"{kind.why} {'' if kind.resolved else 'NOT RESOLVED. '}{kind.resolution}"


def moved(record: RunRecord) -> Iterator[str]:
    """Yield the section, nothing where the record has none."""
    told = record.moved
    if told is None:
        return
    yield from ("## Dates that were moved", "")
    rows = (
        ("Dates of a known subject, moved", dates_moved(told)),
        (f"Dates without a subject, {instead(told)}", dates_alone(told)),
        ("Dates that could not be read, removed", number(told.unread)),
        ("Day of the week", weekdays(told)),
    )
    yield from table(("Figure", "Count"), rows)
    yield from (phrases.UNREAD_DATES, "") if told.found > told.alone else ()
    yield from (told.offset, "")
    yield from _sentences("", told.kept, told.changed)
    for shift in told.shifts:
        yield from _sentences(
            f" only of {text(', '.join(shift.subjects))}", shift.kept, shift.changed
        )


def _sentences(of: str, kept_: Sequence[str], changed: Sequence[str]) -> Iterator[str]:
    for what, lines in (("kept", kept_), ("changed", changed)):
        if lines:
            yield from (f"What is {what}{of}:", "", *(f"- {text(line)}" for line in lines), "")


def invented(record: RunRecord) -> Iterator[str]:
    """Yield the section, nothing where the record has none."""
    surrogates, codes = record.surrogates, record.codes
    if surrogates is None and codes is None:
        return
    yield from ("## Surrogates and codes", "")
    if surrogates is not None:
        yield from (surrogates.words, "", text(phrases.TAGGED), "")
        rows = (
            (
                f"({kind.letter}) {text(kind.identifier)}",
                number(kind.count),
                "yes" if kind.reserved else "no",
                text(kind.made_of),
            )
            for kind in surrogates.kinds
        )
        header = ("Surrogates of", "Count", "Of a range that nobody is given", "What stands there")
        yield from table(header, rows)
    if codes is not None:
        yield from table(
            ("Codes", "Count"),
            (
                ("In texts and cells", number(codes.count)),
                ("In names of files", number(codes.in_names)),
            ),
        )
        yield from (phrases.NAMES_CODED, "") if codes.in_names else ()
        yield from (codes.words, "")

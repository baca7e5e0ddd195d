"""Tallies summed by letter, identifier, rule, operator and format. Pure functions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence

from phisweep.errors import RuleError
from phisweep.figures import plural
from phisweep.model import IDENTIFIERS, LETTERS, SEVERITIES, Outcome, Record
from phisweep.records import BINS
from phisweep.report import words
from phisweep.report.parts import (
    FileRecord,
    FiredRecord,
    HandlingRecord,
    IdentifierRecord,
    LetterRecord,
    LetterState,
    OperatorRecord,
    PlaceRecord,
    SuppressedRecord,
    TotalsRecord,
    TraceRecord,
    UnreadRecord,
)
from phisweep.ruleset.schema import OperatorRule, RuleFile

#: The place of what stands in a file's name: its shown name has a code there, by no operator.
IN_NAME = "filename"


def totals_of(files: Sequence[FileRecord], places: Iterable[PlaceRecord]) -> TotalsRecord:
    """Sum over the files; `actions` counts findings by what was done, scans have none."""
    status = Counter(file.status for file in files)
    actions: Counter[str] = Counter()
    for place in places:
        actions[place.action] += place.count
    return TotalsRecord(
        files=len(files),
        clean=status["clean"],
        changed=status["changed"],
        incomplete=status["incomplete"],
        skipped=status["skipped"],
        copies=sum(1 for file in files if file.output),
        rows=sum(file.rows or 0 for file in files),
        bytes=sum(file.bytes for file in files),
        output_bytes=sum(file.output_bytes for file in files),
        findings=sum(file.findings for file in files),
        actions={action: n for action, n in sorted(actions.items()) if action},
    )


def letters_of(
    files: Sequence[FileRecord],
    places: Sequence[PlaceRecord],
    rules: Sequence[RuleFile],
    model: str,
    left_out: Sequence[SuppressedRecord] = (),
) -> tuple[LetterRecord, ...]:
    """
    Return (A) to (R), each with its count, explicit zeros, and what the count is worth.

    What was left out on purpose is told where its letter stands: a zero beside it is none.
    """
    return tuple(
        _letter(
            letter,
            [place for place in places if place.letter == letter],
            [rule for rule in rules if rule.letter == letter],
            files,
            model,
            left_out=sum(e.count for e in left_out if IDENTIFIERS.get(e.identifier) == letter),
        )
        for letter in LETTERS
    )


def _letter(
    letter: str,
    places: Sequence[PlaceRecord],
    rules: Sequence[RuleFile],
    files: Sequence[FileRecord],
    model: str,
    *,
    left_out: int,
) -> LetterRecord:
    handling: Counter[tuple[str, str]] = Counter()
    for place in places:
        if place.action:
            handling[place.action, place.operator] += place.count
    count = sum(place.count for place in places)
    state, reason = _state(letter, count, rules, files, model)
    if left_out:
        reason = f"{reason} {plural(left_out, 'finding')} left out on purpose.".strip()
    return LetterRecord(
        letter=letter,
        citation=f"45 CFR 164.514(b)(2)(i)({letter})",
        law=_law(rules),
        count=count,
        state=state,
        reason=reason,
        identifiers=tuple(name for name, owner in IDENTIFIERS.items() if owner == letter),
        handling=tuple(
            HandlingRecord(action=action, operator=operator, count=n)
            for (action, operator), n in sorted(handling.items())
        ),
    )


def _law(rules: Sequence[RuleFile]) -> str:
    """Return the regulation's words: those of the rule files, none that stands inside another."""
    texts = list(dict.fromkeys(rule.law.strip() for rule in rules))
    whole = [text for text in texts if not any(text in other for other in texts if other != text)]
    return " ".join(whole)


def _state(
    letter: str,
    count: int,
    rules: Sequence[RuleFile],
    files: Sequence[FileRecord],
    model: str,
) -> tuple[LetterState, str]:
    by_rules = letter in {"A", "B"} and not model
    if letter in words.UNSEEN:
        return "found" if count else "not assessable", words.UNSEEN[letter]
    if count:
        return "found", "By rules and lists alone." if by_rules else ""
    if not rules:
        return "not assessable", words.NO_RULE
    if not any(file.status in {"clean", "changed"} for file in files):
        return "not assessable", words.NOTHING_READ
    reasons = ["By rules and lists alone."] if by_rules else []
    unread = sum(1 for file in files if file.status in {"incomplete", "skipped"})
    if unread:
        reasons.append(f"{plural(unread, 'file')} not read, or not read whole.")
    return "none found", " ".join(reasons)


def identifiers_of(
    places: Sequence[PlaceRecord], rules: Sequence[RuleFile]
) -> tuple[IdentifierRecord, ...]:
    """Return the families that had a rule or a finding, zeros included, with their known gaps."""
    counts: Counter[str] = Counter()
    for place in places:
        counts[place.identifier] += place.count
    by_id = {rule.id: rule for rule in rules}
    return tuple(
        IdentifierRecord(
            identifier=name,
            letter=letter,
            title=by_id[name].title if name in by_id else name,
            citation=f"45 CFR 164.514(b)(2)(i)({letter})",
            law=by_id[name].law.strip() if name in by_id else "",
            reading=by_id[name].reading.strip() if name in by_id else "",
            count=counts[name],
            reviewed=by_id[name].reviewed.isoformat() if name in by_id else "",
            gaps=by_id[name].known_gaps if name in by_id else (),
        )
        for name, letter in IDENTIFIERS.items()
        if name in by_id or counts[name]
    )


def rules_of(
    places: Sequence[PlaceRecord],
    why: Callable[[str], str],
    scores: Mapping[tuple[str, str], Mapping[int, int]],
) -> tuple[FiredRecord, ...]:
    """
    Return the rules that fired, by letter and name, with their highest severity.

    `why` explains a rule by its name, `scores` are those of `scores_of`.
    """
    groups: dict[tuple[str, str, str], list[PlaceRecord]] = {}
    for place in places:
        groups.setdefault((place.letter, place.identifier, place.rule), []).append(place)
    return tuple(
        FiredRecord(
            rule=rule,
            identifier=identifier,
            letter=letter,
            why=why(rule),
            severity=max((place.severity for place in group), key=SEVERITIES.index),
            count=sum(place.count for place in group),
            min_score=min(place.min_score for place in group),
            scores={
                f"{number / BINS:.2f}": n
                for number, n in sorted(scores.get((identifier, rule), {}).items())
                if n
            },
        )
        for (letter, identifier, rule), group in sorted(groups.items())
    )


def scores_of(outcomes: Iterable[Outcome]) -> Mapping[tuple[str, str], Mapping[int, int]]:
    """Count the findings of each identifier and rule by the bins of their scores."""
    found: dict[tuple[str, str], Counter[int]] = {}
    for outcome in outcomes:
        for tally in outcome.tallies:
            bins = found.setdefault((tally.identifier, tally.rule), Counter())
            for number, n in tally.scores:
                bins[number] += n
    return found


def operators_of(
    places: Sequence[PlaceRecord],
    describe: Callable[[str], str],
    laws: Mapping[str, OperatorRule],
) -> tuple[OperatorRecord, ...]:
    """Return the operators that were applied; `describe` raises RuleError for one it lacks."""
    counts: Counter[str] = Counter()
    for place in places:
        if place.operator:
            counts[place.operator] += place.count
    return tuple(
        OperatorRecord(
            operator=name,
            description=_described(name, describe),
            why=laws[name].why.strip() if name in laws else "",
            citation=laws[name].citation if name in laws else "",
            count=n,
        )
        for name, n in sorted(counts.items())
    )


def _described(name: str, describe: Callable[[str], str]) -> str:
    try:
        return describe(name)
    except RuleError:
        return "An operator that is not installed here."


def treated_by(places: Iterable[PlaceRecord], operator: str) -> Counter[str]:
    """Count by identifier what an operator was to treat, names of files left out."""
    found: Counter[str] = Counter()
    for place in places:
        if place.operator == operator and place.place != IN_NAME:
            found[place.identifier] += place.count
    return found


def unread_of(files: Sequence[FileRecord]) -> tuple[UnreadRecord, ...]:
    """Return what was not looked at, once a format."""
    groups: dict[str, list[FileRecord]] = {}
    for file in files:
        if file.unread:
            groups.setdefault(file.format, []).append(file)
    return tuple(
        UnreadRecord(
            format=name,
            files=len(group),
            parts=tuple(dict.fromkeys(part for file in group for part in file.unread)),
        )
        for name, group in sorted(groups.items())
    )


def traces_of(records: Iterable[Record], clean: Callable[[str], str]) -> tuple[TraceRecord, ...]:
    """Sum the records of a verification by file, place and rule; `clean` makes text portable."""
    groups: dict[tuple[str, str, str, str], list[Record]] = {}
    for record in records:
        key = (record.source, record.place, record.identifier, record.rule)
        groups.setdefault(key, []).append(record)
    return tuple(
        TraceRecord(
            path=clean(path),
            place=clean(place),
            identifier=identifier,
            letter=IDENTIFIERS[identifier],
            rule=rule,
            count=len(group),
            line=group[0].line,
            col=group[0].col,
        )
        for (path, place, identifier, rule), group in groups.items()
    )


def first_places(records: Iterable[Record]) -> Mapping[tuple[str, str, str], Record]:
    """Return the first record of each place, identifier and rule, in the order of the source."""
    first: dict[tuple[str, str, str], Record] = {}
    for record in records:
        first.setdefault((record.place, record.identifier, record.rule), record)
    return first

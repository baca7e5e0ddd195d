"""
The words of `scan` and `deid` on a terminal: findings by file, a table by letter, a summary.

Everything is yielded line by line, without the line feed. Severity is a word; colour only
repeats it. A file name or place acts on nobody's screen: what would not be seen is escaped.
"""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import field
from itertools import islice
from textwrap import wrap

from phisweep.figures import duration, number, plural, size
from phisweep.legible import legible, quoted
from phisweep.model import LETTERS, SEVERITIES, Outcome, Run, Severity, Tally
from phisweep.report import moved, words
from phisweep.report.findings import findings_of
from phisweep.report.inventory import is_many
from phisweep.report.record import RunRecord
from phisweep.values import dataclass

CAP = 20  # lines a file
_SHAPES = 3  # the commonest
#: Why files are skipped that somebody wanted skipped (`discover`): told together, at the end.
_WANTED = ("a tool's", "git ignores", "what phisweep is told", "ignored by", "excluded", "not incl")
_NAMED = 3  # of those
DISCLAIMER = "A clean scan is not proof of absence."
_COLOURS: dict[str, str] = {
    "critical": "1;31", "high": "31", "medium": "33", "low": "36", "bold": "1", "dim": "2",
}  # fmt: skip
_SEVERITY_WIDTH = max(map(len, SEVERITIES))


@dataclass(frozen=True, slots=True)
class Style:
    """
    What the terminal can show: its width in columns, colour, characters beyond ASCII.

    `true_names` writes file names as they are, which may hold PHI: for a terminal, never a file.
    """

    width: int = field(default_factory=lambda: shutil.get_terminal_size().columns)
    colour: bool = False
    unicode: bool = True
    true_names: bool = False

    def paint(self, text: str, name: str) -> str:
        """Return the text in the colour of that name, where there is colour."""
        return f"\x1b[{_COLOURS[name]}m{text}\x1b[0m" if self.colour else text

    def clean(self, text: str) -> str:
        """Return text from outside, fit for this terminal."""
        return legible(text, ascii_only=not self.unicode)


def render(
    run: Run,
    record: RunRecord,
    style: Style,
    *,
    following: str = "",
) -> Iterator[str]:
    """
    Yield the whole text; `following` is the next command to run, where there is one.

    Of many files of which no single finding was kept, the places are told once for all.
    """
    kept = any(outcome.records or outcome.records_file for outcome in run.outcomes)
    together = is_many(record.files) and not kept
    for outcome in run.outcomes:
        if not _is_wanted(outcome):
            yield from file_lines(outcome, style, places=not together)
    if together:
        yield style.paint(f"{plural(len(record.files), 'file')} together", "bold")
        yield from _table([tally for each in run.outcomes for tally in each.tallies], style)
        yield ""
    yield from letter_lines(record)
    yield from person_lines(record, style)
    yield from left_out_lines(record, style)
    yield from skipped_lines(run, style)
    yield ""
    if record.verdict.state in {"incomplete", "failed", "empty"}:
        yield style.paint(record.verdict.words + ".", "bold")
    yield summary(record)
    if following:
        yield f"next: {style.clean(following)}"


def file_lines(outcome: Outcome, style: Style, *, places: bool = True) -> Iterator[str]:
    """
    Yield what there is to say of one source: nothing, where it was read whole and is clean.

    Without `places` what was found is told elsewhere.
    """
    trouble = outcome.error or (outcome.reason if outcome.status == "skipped" else "")
    if not (places and outcome.tallies) and not trouble and not outcome.warnings:
        return
    name = outcome.source.name if style.true_names else outcome.source.shown
    yield style.paint(style.clean(name or "standard input"), "bold")
    if trouble:
        yield f"  {outcome.status}: {style.clean(trouble)}"
    for warning in outcome.warnings:
        yield f"  warning: {style.clean(warning)}"
    if places and outcome.rows is None:
        yield from _prose(outcome, style)
    elif places:
        yield from _table(outcome.tallies, style)
    yield ""


def _prose(outcome: Outcome, style: Style) -> Iterator[str]:
    """One finding a line, at most CAP of them, as `line:col severity (G) ssn rule shape score`."""
    revealed = [record.reveal for record in outcome.records[:CAP]]
    shown = 0
    for entry in islice(findings_of(outcome), CAP):
        place = (
            f"{entry['line']}:{entry['col']}"
            if entry["line"] is not None
            else style.clean(str(entry["where"]))
        )
        value = revealed[shown] if shown < len(revealed) and not outcome.records_file else ""
        shown += 1
        yield from _finding(entry, place, value, style)
    if shown == 0 and outcome.findings:  # records were not kept
        yield from _table(outcome.tallies, style)
    elif outcome.findings > shown:
        yield f"  ... and {number(outcome.findings - shown)} more"


def _finding(entry: Mapping[str, object], place: str, value: str, style: Style) -> Iterator[str]:
    severity = str(entry["severity"])
    what = f"({entry['letter']}) {entry['identifier']}"
    details = f"{style.clean(str(entry['rule']))}  {style.clean(str(entry['shape']))}"
    details += f"  {entry['score']:.2f}" + (f"  {style.clean(value)}" if value else "")
    pad = " " * (_SEVERITY_WIDTH - len(severity))
    line = f"  {place:<8} {severity}{pad}  {what:<16} {details}"
    painted = style.paint(severity, severity)
    if len(line) <= style.width:
        yield f"  {place:<8} {painted}{pad}  {what:<16} {details}"
    else:
        yield f"  {place} {painted} {what}"
        yield f"    {details}"


def _table(tallies: Iterable[Tally], style: Style) -> Iterator[str]:
    """One line a place and identifier: `column 4: 108 x (G) ssn`, the gravest first."""
    groups: dict[tuple[str, str, str], list[Tally]] = {}
    for tally in tallies:
        groups.setdefault((tally.place, tally.letter, tally.identifier), []).append(tally)
    lines = list(groups.items())
    for (place, letter, identifier), group in lines[:CAP]:
        count = number(sum(tally.count for tally in group))
        what = f"{count} x ({letter}) {identifier}"
        severity = _worst(group)
        done = ", ".join(sorted({tally.operator for tally in group if tally.operator}))
        tail = f", {done}" if done else ""
        head, rest = f"  {style.clean(place)}:", f"{what}, {severity}{tail}"
        painted = f"{what}, {style.paint(severity, severity)}{tail}"
        if len(head) + 1 + len(rest) <= style.width:
            yield f"{head} {painted}"
        else:
            yield head
            yield f"    {painted}"
        yield from _shapes(group, style)
    if len(lines) > CAP:
        left = sum(tally.count for _, group in lines[CAP:] for tally in group)
        yield f"  ... and {number(left)} more"


def _shapes(group: Iterable[Tally], style: Style) -> Iterator[str]:
    """Yield the commonest shapes of what was found, where they were asked for."""
    seen: Counter[str] = Counter()
    for tally in group:
        seen.update(dict(tally.shapes))
    if seen:
        told = "; ".join(
            f"{style.clean(form)} ({number(n)})" for form, n in seen.most_common(_SHAPES)
        )
        yield from wrap(
            told,
            max(style.width, 40),
            initial_indent="      ",
            subsequent_indent="      ",
            break_long_words=False,
        )


def _worst(tallies: Iterable[Tally]) -> Severity:
    return max((tally.severity for tally in tallies), key=SEVERITIES.index)


def letter_lines(record: RunRecord) -> Iterator[str]:
    """Yield the table by letter: those that were found, then the others on a line each state."""
    found = [letter for letter in record.letters if letter.count]
    digits = max((len(number(letter.count)) for letter in found), default=1)
    for letter in found:
        parts = [
            f"{entry.identifier} {number(entry.count)}"
            for entry in record.identifiers
            if entry.letter == letter.letter and entry.count
        ]
        yield f"  ({letter.letter}) {number(letter.count):>{digits}}  {', '.join(parts)}"
    for state in ("none found", "not assessable"):
        names = [letter.letter for letter in record.letters if letter.state == state]
        if names:
            yield f"  {state}: {_spans(names)}"


def person_lines(record: RunRecord, style: Style) -> Iterator[str]:
    """Yield what a run of `deid` says of subjects, leaks, dates and surrogates, a line each."""
    if record.subjects is not None:
        with_, without = record.subjects.keyed, record.subjects.unkeyed
        line = f"  subjects: {number(with_)} rows and texts with one, {number(without)} without"
        alone = record.subjects.alone
        yield line + (f"; {plural(alone, 'finding')} had none" if alone else "")
    if record.leaks is not None:
        yield (
            f"  leaks: {record.leaks.found} found, {record.leaks.none_found} looked for and not"
            f" found, {record.leaks.not_looked_for} not looked for"
        )
        for kind in record.leaks.kinds:
            if kind.places:
                open_ = "" if kind.resolved else style.paint("NOT RESOLVED: ", "high")
                yield f"    {open_}{style.clean(kind.title)}"
    if record.moved is not None:
        alone_ = moved.dates_alone(record.moved)
        unread = number(record.moved.unread)
        yield f"  dates moved: {moved.dates_moved(record.moved)}; without a subject: {alone_}; not read: {unread}"
    if record.surrogates is not None:
        made = "" if record.surrogates.made == "not told" else f", {record.surrogates.made}"
        yield f"  surrogates: {number(record.surrogates.count)}{made}"


def _spans(letters: Sequence[str]) -> str:
    """`ABCFR` -> `(A)-(C), (F), (R)`."""
    runs: list[list[str]] = []
    for letter in letters:
        if runs and LETTERS.index(letter) == LETTERS.index(runs[-1][-1]) + 1:
            runs[-1].append(letter)
        else:
            runs.append([letter])
    return ", ".join(f"({run[0]})" if len(run) == 1 else f"({run[0]})-({run[-1]})" for run in runs)


def summary(record: RunRecord) -> str:
    """
    Return the last line of a scan, on one line however narrow the terminal.

    `phisweep: 12 files, 48,213 rows, 3.1 MB; 0 findings (2 suppressed, 1 baseline); rules 2026.1,
    model none; 4.2 s. A clean scan is not proof of absence.`
    """
    totals, manifest = record.totals, record.manifest
    read = [plural(totals.files, "file")]
    read += [plural(totals.rows, "row")] if totals.rows else []
    read.append(size(totals.bytes))
    aside = [f"{number(n)} {word}" for n, word in _asides(record) if n]
    troubled = [
        f"{number(n)} {word}"
        for n, word in ((totals.incomplete, "INCOMPLETE"), (totals.skipped, "skipped"))
        if n
    ]
    inventory = ", ".join(read) + (f" ({', '.join(troubled)})" if troubled else "")
    found = plural(totals.findings, "finding") + (f" ({', '.join(aside)})" if aside else "")
    used = f"rules {manifest.ruleset_version}, model {manifest.model or 'none'}"
    took = duration(manifest.seconds)
    return f"phisweep: {inventory}; {found}; {used}; {took}. {DISCLAIMER}"


def _asides(record: RunRecord) -> tuple[tuple[int, str], ...]:
    known = sum(entry.count for entry in record.suppressed if entry.kind == "baseline")
    return (
        (sum(entry.count for entry in record.suppressed) - known, "suppressed"),
        (known, "baseline"),
    )


def left_out_lines(record: RunRecord, style: Style) -> Iterator[str]:
    """Yield what was left out and why, summed over the files, and what no longer leaves out."""
    sums: Counter[tuple[str, str]] = Counter()
    for entry in record.suppressed:
        sums[entry.kind, entry.detail] += entry.count
    for (kind, detail), count in list(sums.items())[:CAP]:
        told = f"{plural(count, 'finding')} left out" if count else "leaves nothing out any more"
        yield f"  {told}: {words.LEFT_OUT[kind]}, {style.clean(detail)}"
    if len(sums) > CAP:
        yield f"  ... and {number(len(sums) - CAP)} more reasons"
    if record.baseline is None:
        return
    for name in ("stale", "expired", "lapsed"):
        entries = getattr(record.baseline, name)
        if entries:
            yield f"  baseline: {plural(len(entries), 'entry', 'entries')} {words.BASELINE[name]}"
            yield from (f"    {style.clean(entry)}" for entry in entries[:_SHAPES])
            if len(entries) > _SHAPES:
                yield f"    ... and {number(len(entries) - _SHAPES)} more"


def skipped_lines(run: Run, style: Style) -> Iterator[str]:
    """Yield what was skipped because somebody wanted it, by reason, the first of each by name."""
    names: dict[str, list[str]] = {}
    for outcome in filter(_is_wanted, run.outcomes):
        name = outcome.source.name if style.true_names else outcome.source.shown
        names.setdefault(outcome.reason, []).append(style.clean(name))
    for reason, those in names.items():
        more = f" and {number(len(those) - _NAMED)} more" if len(those) > _NAMED else ""
        yield f"  skipped, {style.clean(reason)}: {', '.join(those[:_NAMED])}{more}"


def _is_wanted(outcome: Outcome) -> bool:
    return outcome.status == "skipped" and outcome.reason.startswith(_WANTED)


def next_command(record: RunRecord, paths: Sequence[str], out: str = "") -> str:
    """Return the command that a user most likely wants next, quoted for the shell; or ""."""
    if out:
        return f"phisweep verify {quoted(out)}"
    named = " ".join(quoted(path) for path in paths)
    return f"phisweep deid {named} -o OUT" if record.totals.findings else ""

"""The audit report as Markdown, for a repository or a ticket."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence

from phisweep.figures import number, plural, short, size
from phisweep.report import charted, ending, kept, troubles, words
from phisweep.report.base import renderer
from phisweep.report.cells import code, table, text
from phisweep.report.companions import Companion
from phisweep.report.inventory import Told, is_many, listed, told_of
from phisweep.report.limits import limits_of
from phisweep.report.parts import HandlingRecord, PlaceRecord, TraceRecord
from phisweep.report.persons import invented, leaks, moved, subjects
from phisweep.report.record import RunRecord

_SECTION = "## "


@renderer("md")
def render(record: RunRecord, beside: Sequence[Companion] = ()) -> str:
    """Return CommonMark with tables; the sections are those of the HTML report."""
    first = (
        _letters, _files, _places, _rules, subjects, leaks, moved, invented, kept.lines,
        troubles.lines, _unread, _left_out, _verification,
    )  # fmt: skip
    names = [companion.name for companion in beside]
    lines = [*_head(record, names)]
    lines += [line for part in first for line in part(record)]
    for companion in beside:
        lines += [f"{_SECTION}{companion.title}", "", *companion.markdown, ""]
    signed = next((companion.title for companion in beside if companion.name == "signoff"), "")
    lines += ending.versions(record)
    lines += ending.residual(record, names)
    lines += ending.sign_off(record, getattr(beside, "custody", ()), signed)
    return "\n".join(_numbered(lines)).rstrip("\n") + "\n"


def _numbered(lines: Iterable[str]) -> Iterator[str]:
    """Yield the lines, the sections numbered: no cell or sentence of ours starts like one."""
    count = 0
    for line in lines:
        if line.startswith(_SECTION):
            count += 1
            yield f"{_SECTION}{count}. {line.removeprefix(_SECTION)}"
        else:
            yield line


def _head(record: RunRecord, beside: Collection[str]) -> Iterator[str]:
    totals, manifest = record.totals, record.manifest
    yield from (
        "# phisweep audit report",
        "",
        f"**{text(record.verdict.words)}.**",
        "",
        record.verdict.caveat,
        "",
        "What it does not mean:",
        "",
        *(f"- {sentence}" for sentence in limits_of(record, beside)),
        "",
        f"Run {code(manifest.run_id)}, {text(manifest.started)} to {text(manifest.finished)} (UTC).",
        "",
    )
    figures = (
        ("Files met", number(totals.files)),
        ("Read whole", number(totals.clean + totals.changed)),
        ("Not read whole", number(totals.incomplete)),
        ("Skipped", number(totals.skipped)),
        ("Copies written", number(totals.copies)),
        ("Table rows", number(totals.rows)),
        ("Size", size(totals.bytes)),
        ("Findings", number(totals.findings)),
        *((f"Findings {_did(action)}", number(n)) for action, n in totals.actions.items()),
    )
    yield from table(("Figure", "Count"), figures)


def _letters(record: RunRecord) -> Iterator[str]:
    yield from ("## Identifiers (A) to (R)", "", "45 CFR 164.514(b)(2)(i).", "")
    rows = (
        (
            f"({letter.letter})",
            text(letter.law),
            number(letter.count),
            text(f"{letter.state}. {letter.reason}".strip()),
            _done(letter.handling),
        )
        for letter in record.letters
    )
    yield from table(("", "The regulation's words", "Found", "State", "What was done"), rows)
    if record.operators:
        rows2 = (
            (
                code(entry.operator),
                text(entry.description),
                text(f"{entry.why} {entry.citation}".strip()),
                number(entry.count),
            )
            for entry in record.operators
        )
        yield from table(("Operator", "What it does", "On what it rests", "Count"), rows2)
    else:
        yield from (words.NOTHING_CHANGED, "")


def _done(handling: Sequence[HandlingRecord]) -> str:
    return ", ".join(f"{_how(x.action, x.operator)} {number(x.count)}" for x in handling)


def _how(action: str, operator: str) -> str:
    return ": ".join(part for part in (_did(action), code(operator)) if part)


def _did(action: str) -> str:
    return text(words.DONE.get(action, action))


def _files(record: RunRecord) -> Iterator[str]:
    yield from ("## Files", "")
    shown = listed(record.files)
    rows = (
        (
            code(file.path),
            file.status,
            text(file.format),
            text(file.rows),
            size(file.bytes),
            number(file.findings),
            code(short(file.sha256)),
            code(file.output),
            code(short(file.output_sha256)),
        )
        for file in shown
    )
    header = ("File", "Status", "Format", "Rows", "Size", "Findings", "SHA-256", "Copy", "SHA-256")
    yield from table(header, rows)
    if len(shown) < len(record.files):
        n, of = number(len(shown)), number(len(record.files))
        yield from (words.LISTED.format(n=n, of=of), "")
    yield from ("Digests are shortened here; run.json holds them whole.", "")


def _places(record: RunRecord) -> Iterator[str]:
    yield from ("## Columns and places", "")
    header = ("Place", "Identifier", "Rule", "Count", "Severity", "What was done")
    if is_many(record.files):
        yield from (words.PLACES, "")
        together = ((number(place.files), *_place(place)) for place in record.places)
        yield from table(("Files", *header), together)
        return
    rows = (
        (code(file.path), *_place(told))
        for file in record.files
        for told in told_of(file, record.places)
    )
    yield from table(("File", *header), rows)


def _place(told: Told | PlaceRecord) -> tuple[str, ...]:
    return (
        text(told.place),
        f"({told.letter}) {text(told.identifier)}",
        code(told.rule),
        number(told.count),
        told.severity,
        _how(told.action, told.operator),
    )


def _rules(record: RunRecord) -> Iterator[str]:
    yield from ("## Rules that fired, and why", "")
    chart = charted.scores(record)
    if chart:
        yield from (chart.description, "")
        yield from table(("Score from", "Findings"), ((row.label, row.text) for row in chart.rows))
    fired = {rule.identifier for rule in record.rules}
    families = (
        (f"({e.letter}) {text(e.title)}", text(e.law), e.citation, text(e.reading), e.reviewed)
        for e in record.identifiers
        if e.identifier in fired
    )
    yield from table(("Identifier", "Law", "Paragraph", "Our reading", "Reviewed"), families)
    rules = (
        (
            code(rule.rule),
            f"({rule.letter})",
            text(rule.why),
            rule.severity,
            f"{rule.min_score:.2f}",
            number(rule.count),
        )
        for rule in record.rules
    )
    header = ("Rule", "", "Why it finds what it finds", "Highest severity", "Lowest score", "Count")
    yield from table(header, rules)


def _unread(record: RunRecord) -> Iterator[str]:
    yield from ("## Not looked at", "")
    rows = (
        (text(entry.format), number(entry.files), text("; ".join(entry.parts)))
        for entry in record.unread
    )
    yield from table(("Format", "Files", "What is never looked at"), rows)


def _left_out(record: RunRecord) -> Iterator[str]:
    if not record.suppressed and record.baseline is None:
        return
    yield from ("## Left out on purpose", "")
    rows = (
        (
            code(entry.path),
            text(words.LEFT_OUT[entry.kind]),
            text(entry.detail),
            entry.identifier,
            number(entry.count),
        )
        for entry in record.suppressed
    )
    yield from table(("File", "Who said so", "Why", "Identifier", "Findings"), rows)
    for name, what in words.BASELINE.items() if record.baseline else ():
        yield from (f"- {text(entry)}: {what}" for entry in getattr(record.baseline, name))
    yield ""


def _verification(record: RunRecord) -> Iterator[str]:
    yield from ("## Verification", "")
    seen = record.verification
    if seen is None:
        yield from ("The run was not verified.", "")
        return
    yield (
        f"{'Passed' if seen.ok else 'FAILED'}: {plural(seen.files, 'copy', 'copies')} checked,"
        f" searched again from a score of {seen.threshold:.2f};"
        f" {plural(seen.searched, 'removed value')} looked for,"
        f" {number(seen.unsearchable)} too short or too ordinary to look for."
    )
    yield ""
    yield from (f"- {text(sentence)}" for sentence in (*seen.problems, *seen.notes))
    if seen.problems or seen.notes:
        yield ""
    rows = [_trace("found again", entry) for entry in seen.residual]
    rows += [_trace("removed value still there", entry) for entry in seen.leaked]
    if rows:
        yield from table(("What", "File", "Place", "Identifier", "Rule", "Count"), rows)


def _trace(what: str, entry: TraceRecord) -> tuple[str, ...]:
    return (
        what,
        code(entry.path),
        text(entry.place),
        f"({entry.letter}) {text(entry.identifier)}",
        code(entry.rule),
        number(entry.count),
    )

"""The audit report as Markdown, for a repository or a ticket."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from phisweep.figures import duration, number, plural, short, size
from phisweep.report import kept, words
from phisweep.report.base import renderer
from phisweep.report.cells import code, table, text
from phisweep.report.companions import Companion
from phisweep.report.json_ import digest
from phisweep.report.parts import HandlingRecord, PolicyRecord, TraceRecord
from phisweep.report.persons import invented, leaks, moved, subjects
from phisweep.report.record import RunRecord

_SECTION = "## "


@renderer("md")
def render(record: RunRecord, beside: Sequence[Companion] = ()) -> str:
    """Return CommonMark with tables; the sections are those of the HTML report."""
    first = (
        _head, _letters, _files, _places, subjects, leaks, moved, invented, _kept, _troubles,
        _unread, _left_out, _verification,
    )  # fmt: skip
    lines = [line for part in first for line in part(record)]
    for companion in beside:
        lines += [f"{_SECTION}{companion.title}", "", *companion.markdown, ""]
    lines += [line for part in (_versions, _risk, _sign_off) for line in part(record)]
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


def _head(record: RunRecord) -> Iterator[str]:
    totals, manifest = record.totals, record.manifest
    yield from (
        "# phisweep audit report",
        "",
        f"**{text(record.verdict.words)}.**",
        "",
        record.verdict.caveat,
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
            (code(entry.operator), text(entry.description), number(entry.count))
            for entry in record.operators
        )
        yield from table(("Operator", "What it does", "Count"), rows2)
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
        for file in record.files
    )
    header = ("File", "Status", "Format", "Rows", "Size", "Findings", "SHA-256", "Copy", "SHA-256")
    yield from table(header, rows)
    yield from ("Digests are shortened here; run.json holds them whole.", "")


def _places(record: RunRecord) -> Iterator[str]:
    yield from ("## Columns and places", "")
    rows = (
        (
            code(file.path),
            text(tally.place),
            f"({tally.letter}) {text(tally.identifier)}",
            code(tally.rule),
            number(tally.count),
            tally.severity,
            _how(tally.action, tally.operator),
        )
        for file in record.files
        for tally in file.tallies
    )
    header = ("File", "Place", "Identifier", "Rule", "Count", "Severity", "What was done")
    yield from table(header, rows)


def _kept(record: RunRecord) -> Iterator[str]:
    files = [(file.path, file.kept) for file in record.files if file.kept]
    if not files:
        return
    yield from ("## What was kept", "", words.KEPT, "", text(words.FLOOR), "")
    columns = [
        (
            code(path),
            text(column.place),
            number(column.rows),
            *(text(kept.shown(n)) for n in (column.empty, column.unchanged, column.changed)),
            kept.share(column),
            kept.about(column.distinct_before, column),
            kept.about(column.distinct_after, column),
        )
        for path, told in files
        for column in told.columns
    ]
    header = (
        *("File", "Column", "Rows", "Empty", "As it was", "Changed", "Share changed"),
        *("Distinct before", "Distinct after"),
    )
    yield from table(header, columns) if columns else ()
    bands = [
        (code(path), text(spread.place), band.label, *(text(kept.shown(n)) for n in sides))
        for path, told in files
        for spread in told.spreads
        for band in spread.bands
        if any(sides := (band.before, band.after))
    ]
    yield from table(("File", "Column", "Age or year", "Before", "After"), bands) if bands else ()
    intervals = [
        (
            code(path),
            text(f"{interval.first}, {interval.second}"),
            name,
            text(kept.shown(side.rows)),
            *(kept.quantile(value) for value in side.quantiles),
        )
        for path, told in files
        for interval in told.intervals
        for name, side in kept.sides(interval)
    ]
    header = ("File", "Time between", "When", "Rows", "5%", "25%", "Half", "75%", "95%")
    yield from table(header, intervals) if intervals else ()
    prose = [
        (code(path), number(told.words), number(told.untouched))
        for path, told in files
        if told.words
    ]
    yield from table(("File", "Words of text", "As they were"), prose) if prose else ()


def _troubles(record: RunRecord) -> Iterator[str]:
    yield from ("## Skipped, not read whole, warnings", "")
    rows = [(code(entry.path), "skipped", text(entry.reason)) for entry in record.skipped]
    rows += [(code(entry.path), "not read whole", text(entry.error)) for entry in record.not_whole]
    rows += [
        (code(file.path), "warning", text(warning))
        for file in record.files
        for warning in file.warnings
    ]
    yield from table(("File", "What", "Why"), rows)


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


def _versions(record: RunRecord) -> Iterator[str]:
    manifest = record.manifest
    yield from ("## Rules, versions, configuration", "", record.statements.model, "")
    rows = [
        ("Tool", code(record.custody.tool)),
        ("Command", code(manifest.command)),
        ("Rules", f"{text(manifest.ruleset_version)}, {code(manifest.ruleset_sha256)}"),
        ("Policy", f"{text(manifest.policy)}, {code(manifest.policy_sha256)}"),
        ("Configuration", code(manifest.config_sha256)),
        ("Engine", text(manifest.engine)),
        ("Runner", f"{text(manifest.runner)}, {plural(manifest.jobs, 'job')}"),
        ("Key", code(manifest.key_id)),
        ("Reference year", str(manifest.reference_year)),
    ]
    if record.census:
        shown = (record.census.table, record.census.vintage, record.census.sha256)
        rows.append(("ZIP3 populations", ", ".join(text(part) for part in shown if part)))
    rows += [(text(name), code(version)) for name, version in manifest.components.items()]
    rows += [(f"List {text(e.name)}", f"{text(e.vintage)} {code(e.sha256)}") for e in record.lists]
    rows += [(f"Option {text(k)}", text(v)) for k, v in manifest.configuration.items()]
    if record.policy:
        rows += [
            (f"Policy setting {text(k)}", text(str(v))) for k, v in record.policy.settings.items()
        ]
    yield from table(("What", "Which"), rows)
    if record.policy and record.policy.treatments:
        yield from _treatments(record.policy)


def _treatments(policy: PolicyRecord) -> Iterator[str]:
    rows = (
        (
            text(entry.subject),
            entry.action,
            code(entry.operator),
            text(", ".join(f"{name} = {value}" for name, value in entry.params.items())),
            text(entry.reason),
        )
        for entry in policy.treatments
    )
    header = ("Identifier or column", "Action", "Operator", "Parameters", "Reason")
    yield from table(header, rows)


def _risk(record: RunRecord) -> Iterator[str]:
    yield from ("## Residual risk and known gaps", "", record.statements.method, "")
    yield from (f"- {sentence}" for sentence in record.statements.residual_risk)
    yield ""
    rows = (
        (f"({entry.letter}) {text(entry.title)}", text(gap))
        for entry in record.identifiers
        for gap in entry.gaps
    )
    yield from table(("Rules for", "Known not to find"), rows)


def _sign_off(record: RunRecord) -> Iterator[str]:
    attestation, custody = record.attestation, record.custody
    yield from ("## Custody and retention", "")
    yield (
        f"Run {code(custody.run_id)} by {text(custody.tool)}, started {text(custody.started)},"
        f" finished {text(custody.finished)} (UTC), {duration(custody.seconds)}."
    )
    yield from (
        "",
        f"SHA-256 of run.json: {code(digest(record))}",
        "",
        f"{record.retention.words} ({', '.join(record.retention.citations)})",
        "",
    )
    yield from ("## Attestation of actual knowledge", "")
    yield from (f"{attestation.citation}. {attestation.question}", "")
    yield from (f"- {prompt}" for prompt in attestation.prompts)
    yield from ("", "- [ ] No actual knowledge", "- [ ] Actual knowledge, described elsewhere", "")
    yield from ("Not answered by phisweep. Signed: ____________________  Date: __________", "")
    yield from ("## Sign-off", "")
    blanks = [(text(name), "") for name in (*record.sign_off.fields, *record.sign_off.roles)]
    yield from table(("", "Name, signature, date"), blanks)

"""A merged record as Markdown: the sections of its page."""

from __future__ import annotations

from collections.abc import Iterator

from phisweep.figures import number, plural, size
from phisweep.report import mergedwords as said
from phisweep.report import words
from phisweep.report.cells import code, table, text
from phisweep.report.merged import MergedRecord


def as_markdown(record: MergedRecord) -> str:
    """Return merged.md: the sections of the page."""
    lines = [
        "# phisweep merged report",
        "",
        f"**{text(record.verdict.words)}.**",
        "",
        record.verdict.caveat,
        "",
        f"Made {record.made} (UTC) by {text(record.tool)}. {said.SITES}",
        "",
        *_sites(record),
        *_disagreements(record),
        *_letters(record),
        *_fired(record),
        *_together(record),
        *_measures(record),
        "## What is left",
        "",
        *(f"- {sentence}" for sentence in record.residual_risk),
    ]
    return "\n".join(lines).rstrip("\n") + "\n"


def _sites(record: MergedRecord) -> Iterator[str]:
    yield from ("## Sites", "")
    rows = (
        (
            code(site.name),
            code(site.run_id),
            text(site.started),
            text(site.verdict.words),
            number(site.totals.files),
            number(site.totals.rows),
            size(site.totals.bytes),
            number(site.totals.findings),
            site.verification,
            text(said.CUSTODY[site.custody]),
            ", ".join(map(code, site.signed_by)) or "nobody",
            said.DECISIONS[site.decision],
        )
        for site in record.sites
    )
    head = (
        "Site", "Run", "Started (UTC)", "Verdict", "Files", "Rows", "Size", "Findings",
        "Verification", "Custody", "Signed by", "Decision",
    )  # fmt: skip
    yield from table(head, rows)
    if told := said.repeated(record):
        yield from (told, "")


def _disagreements(record: MergedRecord) -> Iterator[str]:
    yield from ("## What the runs disagree about", "")
    if not record.disagreements:
        yield from (said.NO_DISAGREEMENT, "")
        return
    yield from (said.DISAGREED, "")
    rows = (
        (
            text(each.what),
            "yes" if each.matters else "less",
            "; ".join(f"{text(v.value)}: {', '.join(map(text, v.sites))}" for v in each.values),
        )
        for each in record.disagreements
    )
    yield from table(("What", "Matters for counts", "Who has which"), rows)


def _letters(record: MergedRecord) -> Iterator[str]:
    yield from ("## Identifiers (A) to (R)", "")
    rows = (
        (
            f"({letter.letter})",
            text(letter.law),
            number(letter.count),
            *(number(n) for n in letter.by_site),
            text(" ".join((letter.state + ".", *letter.reasons))),
            text(
                ", ".join(
                    f"{words.DONE.get(h.action, h.action)}: {h.operator} {number(h.count)}"
                    for h in letter.handling
                )
            ),
        )
        for letter in record.letters
    )
    names = (text(site.name) for site in record.sites)
    yield from table(
        ("", "The regulation's words", "Found", *names, "State", "What was done"), rows
    )


def _fired(record: MergedRecord) -> Iterator[str]:
    yield from ("## Rules and operators", "")
    rows = (
        (
            code(rule.rule),
            f"({rule.letter}) {text(rule.identifier)}",
            rule.severity,
            f"{rule.min_score:.2f}",
            number(rule.count),
            number(rule.sites),
        )
        for rule in record.rules
    )
    head = ("Rule", "Identifier", "Highest severity", "Lowest score", "Count", "Sites")
    yield from table(head, rows)
    operators = ((code(o.operator), text(o.description), number(o.count)) for o in record.operators)
    yield from table(("Operator", "What it does", "Count"), operators)


def _together(record: MergedRecord) -> Iterator[str]:
    seen = record.verification
    yield from ("## Verification", "")
    yield (
        f"Passed at {number(seen.passed)}, failed at {number(seen.failed)}, not verified at"
        f" {number(seen.not_verified)}; {plural(seen.files, 'copy', 'copies')} checked,"
        f" {number(seen.searched)} removed values looked for; {number(seen.problems)} problems,"
        f" {number(seen.residual)} findings in copies, {number(seen.leaked)} removed values still"
        " there."
    )
    yield ""
    if record.subjects:
        told = record.subjects
        yield (
            f"Subjects, at {plural(told.sites, 'site')}: {number(told.keyed)} rows and texts with"
            f" one, {number(told.unkeyed)} without; subjects with several keys:"
            f" {said.floored(told.several_keys)}."
        )
        yield ""
    if record.leaks:
        yield from ("## What fields tell together", "")
        rows = (
            (
                text(leak.title),
                ", ".join(map(text, leak.found)) or "nowhere",
                ", ".join(map(text, leak.unresolved)) or "none",
                number(leak.not_looked_for),
                said.floored(leak.subjects),
                said.floored(leak.rows),
            )
            for leak in record.leaks
        )
        head = ("Kind", "Found at", "Not resolved at", "Not looked for", "Subjects", "Rows")
        yield from table(head, rows)
    if record.suppressed:
        yield from ("## Left out on purpose", "")
        left = (
            (text(words.LEFT_OUT[e.kind]), text(e.identifier), number(e.count))
            for e in record.suppressed
        )
        yield from table(("Who said so", "Identifier", "Findings"), left)
    if record.unread:
        yield from ("## Not looked at", "")
        unread = (
            (text(e.format), number(e.files), text("; ".join(e.parts))) for e in record.unread
        )
        yield from table(("Format", "Files", "What is never looked at"), unread)


def _measures(record: MergedRecord) -> Iterator[str]:
    yield from ("## Reviews, evaluations, canaries", "")
    rows = (
        (text(site.name), m.by, text(m.what), said.bounds(m), text(m.basis))
        for site in record.sites
        for m in site.measures
    )
    yield from table(("Site", "By", "Of what", "Share (95% bounds)", "Rests on"), rows)
    if any(site.measures for site in record.sites):
        yield from (said.NOT_JOINED, "")
    if record.joined:
        yield from (said.JOINED, "")
        joined = (
            (
                text(each.words),
                ", ".join(map(text, each.sites)),
                number(each.population),
                number(each.drawn),
                number(each.wrong),
                said.percent(each.high),
            )
            for each in record.joined
        )
        yield from table(("What", "Sites", "In all", "Drawn", "Wrong", "At most wrong"), joined)

"""The last sections of a report as Markdown: versions, residual risk, custody, sign-off."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from phisweep.figures import duration, number, plural
from phisweep.report import words
from phisweep.report.cells import code, table, text
from phisweep.report.custodial import Step
from phisweep.report.json_ import digest
from phisweep.report.limits import unmeasured
from phisweep.report.parts import PolicyRecord
from phisweep.report.record import RunRecord


def versions(record: RunRecord) -> Iterator[str]:
    """Yield by what rules, tools and options the run was made."""
    manifest = record.manifest
    yield from ("## Versions and configuration", "", record.statements.model, "")
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


def residual(record: RunRecord, beside: Collection[str]) -> Iterator[str]:
    """Yield what risk is left, what was not measured, and what the rules are known not to find."""
    yield from ("## Residual risk and known gaps", "", record.statements.method, "")
    yield from (f"- {sentence}" for sentence in record.statements.residual_risk)
    yield ""
    missing = unmeasured(beside)
    if missing:
        yield from ("Not measured beside this run:", "", *(f"- {said}" for said in missing), "")
    rows = (
        (f"({entry.letter}) {text(entry.title)}", text(gap))
        for entry in record.identifiers
        for gap in entry.gaps
    )
    yield from table(("Rules for", "Known not to find"), rows)


def sign_off(record: RunRecord, custody_log: Sequence[Step], signed: str) -> Iterator[str]:
    """Yield custody, attestation and sign-off; `signed` is the title of what was signed, if it was."""
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
        words.CUSTODY,
        "",
    )
    rows = (
        (
            number(step.number),
            text(step.at),
            text(step.fault or step.step),
            text(step.tool),
            number(step.files),
            code(step.signer) or "nobody",
            code(step.sha256),
        )
        for step in custody_log
    )
    header = ("Line", "When (UTC)", "Step", "By", "Files", "Signed by", "SHA-256 of the line")
    yield from table(header, rows)
    yield from ("## Attestation of actual knowledge", "")
    yield from (f"{attestation.citation}. {attestation.question}", "")
    yield from (f"- {prompt}" for prompt in attestation.prompts)
    if signed:
        yield from ("", f"It was answered: see {text(signed)}.", "")
    else:
        yield from ("", "- [ ] No actual knowledge", "- [ ] Actual knowledge, described elsewhere")
        yield from (
            "",
            "Not answered by phisweep. Signed: __________________  Date: __________",
            "",
        )
    yield from ("## Sign-off", "")
    blanks = [(text(name), "") for name in (*record.sign_off.fields, *record.sign_off.roles)]
    yield from table(("", "Name, signature, date"), blanks)

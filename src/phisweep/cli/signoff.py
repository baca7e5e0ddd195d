"""`phisweep signoff`: a person decides about a release, and answers for it."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any, get_args

import click

from phisweep.cli import _output as output
from phisweep.cli._checking import checked, checking
from phisweep.cli._signing import signer_of, signing
from phisweep.config import Config
from phisweep.errors import UsageError
from phisweep.report import words
from phisweep.report.companions.signoff import Decision
from phisweep.runs.settings import Settings
from phisweep.runs.signing import (
    Answers,
    Signing,
    answers_from,
    answers_of,
    blank,
    check_answers,
    sign_off,
)

_YES_NO = click.Choice(["yes", "no"])


@click.command("signoff")
@click.argument("out", type=click.Path(path_type=Path))
@click.option("--by", metavar="NAME", help="Who decides.")
@click.option("--role", help="In which role: privacy officer, data steward ...")
@click.option("--decision", type=click.Choice(get_args(Decision)), help="What is decided.")
@click.option(
    "--answers",
    "file",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="The answers; without it they are asked for on this terminal.",
)
@click.option(
    "--questions",
    type=click.Path(path_type=Path, allow_dash=True),
    metavar="FILE",
    help="Write a blank file of answers, - to print it, and do no more.",
)
@click.option("--rescan/--no-rescan", default=True, help="Search the copies first; default: yes.")
@signing
@checking
def command(out: Path, *, questions: Path | None, rescan: bool, **given: Any) -> int:
    """
    Sign a release off, or reject it: who, when, why, and the answers about actual knowledge.

    Nothing is answered but by a person. A release that does not verify can be rejected only. A
    second person may sign too; each decision stays. phisweep never decides.
    """
    if questions is not None:
        text = json.dumps(blank(out), indent=1, ensure_ascii=False) + "\n"
        output.write([text], None if str(questions) == "-" else questions)
        return 0
    by, role, decision, file = (given.pop(n) for n in ("by", "role", "decision", "file"))
    given["vault"] = None
    _named(by, role, decision)
    if file is None and not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise UsageError(
            "E135",
            "nobody is here to answer: this is no terminal, and no answers were given",
            todo="Give --answers FILE; --questions FILE writes one to fill in.",
        )
    settings = Settings(config=Config(engine="rules"), signer=signer_of(given))
    answers = None if file is None else answers_from(file)
    if answers is not None:
        check_answers(out, answers, decision, settings)
    seen = checked(out, given, rescan=rescan)
    if answers is None:
        answers = _asked(out)
    signing_ = Signing(by, role, decision, answers)
    page = sign_off(out, signing_, seen, settings, searched=rescan)
    how = f"signed by {settings.signer.public.key_id}" if settings.signer else "not signed by a key"
    click.echo(f"{decision}: recorded, {how}")
    click.echo(f"report: {page}")
    return 0


def _named(by: str | None, role: str | None, decision: str | None) -> None:
    missing = [
        f"--{name}"
        for name, value in (("by", by), ("role", role), ("decision", decision))
        if not (value or "").strip()
    ]
    if missing:
        raise click.UsageError(f"{', '.join(missing)}: needed, and may not be empty")


def _asked(out: Path) -> Answers:
    """Ask a person on the terminal; nothing is answered by a return key alone."""
    given = blank(out)
    click.echo(f"\n{words.ATTESTATION.citation}. No value of the data belongs into an answer.\n")
    given["purpose"] = click.prompt("Purpose of the release")
    given["recipient"] = click.prompt("Recipient")
    click.echo("\nTo be thought of:")
    answered = []
    for question in words.ATTESTATION.prompts:
        answer = click.prompt(question, type=_YES_NO)
        note = click.prompt("  What, and why it does not matter") if answer == "yes" else ""
        answered.append({"question": question, "answer": answer, "note": note})
    given["questions"] = tuple(answered)
    given["actual_knowledge"] = click.prompt(f"\n{words.ATTESTATION.question}", type=_YES_NO)
    given["remarks"] = click.prompt("Remarks", default="", show_default=False)
    given["reassess"] = click.prompt("To be assessed again by (YYYY-MM-DD)")
    return answers_of(given)

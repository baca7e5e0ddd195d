"""A release signed off, or refused, by a person: what is asked, what is recorded."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from phisweep.errors import UsageError, VerificationError
from phisweep.figures import stamp
from phisweep.integrity.digests import sha256_of
from phisweep.model import Location, Text, Verification
from phisweep.report import words
from phisweep.report.companions import load_companions
from phisweep.report.companions.signoff import (
    Answer,
    AnswerRecord,
    CheckRecord,
    Decision,
    DecisionRecord,
    Record,
    Words,
)
from phisweep.report.record import load_record
from phisweep.report.write import attach
from phisweep.runs.settings import Settings, session_of
from phisweep.staging import REPORT

SCHEMA = "phisweep-signoff-answers/1"
#: Letters that no note about a release has reason to hold: numbers and addresses of persons.
_PERSONAL = frozenset("DEFGHIJKLMO")
_LONGEST = 1 << 20  # bytes of a file of answers


class Given(BaseModel):
    """One question of a file of answers."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, hide_input_in_errors=True)

    question: str
    answer: Answer
    note: Words = ""


class Answers(BaseModel):
    """What a person answered. Nothing in it has a default that is an answer."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, hide_input_in_errors=True)

    schema_: Literal["phisweep-signoff-answers/1"] = Field(alias="schema")
    run_id: str
    purpose: Words
    recipient: Words
    questions: tuple[Given, ...]
    actual_knowledge: Answer
    remarks: Words = ""
    reassess: Annotated[str, Field(pattern=r"^(\d{4}-\d\d-\d\d)?$")]


@dataclass(frozen=True, slots=True)
class Signing:
    """Who decides, in which role, what, and with which answers."""

    by: str
    role: str
    decision: Decision
    answers: Answers


def blank(out: Path) -> dict[str, object]:
    """Return the questions of a release, none answered. Raises UsageError."""
    record = load_record(out / REPORT / "run.json")
    return {
        "schema": SCHEMA,
        "run_id": record.manifest.run_id,
        "purpose": None,
        "recipient": None,
        "questions": [
            {"question": question, "answer": None, "note": ""}
            for question in words.ATTESTATION.prompts
        ],
        "actual_knowledge": None,
        "remarks": "",
        "reassess": None,
    }


def answers_from(path: Path) -> Answers:
    """Read a file of answers. Raises UsageError E137."""
    try:
        with path.open("rb") as file:
            return Answers.model_validate_json(file.read(_LONGEST))
    except OSError as error:
        raise _unfit(f"{path.name} cannot be read, {error.strerror}") from None
    except ValidationError as error:
        fault = error.errors(include_input=False, include_context=False, include_url=False)[0]
        known = {*Answers.model_fields, *Given.model_fields, "schema"}
        at = ".".join(str(x) if isinstance(x, int) or x in known else "?" for x in fault["loc"])
        raise _unfit(f"{path.name}: {at or 'the file'}: {fault['msg']}") from None


def answers_of(given: dict[str, object]) -> Answers:
    """Return the answers that were given on a terminal. Raises UsageError E137."""
    try:
        return Answers.model_validate(given)
    except ValidationError as error:
        fault = error.errors(include_input=False, include_context=False, include_url=False)[0]
        raise _unfit(f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}") from None


def check_answers(out: Path, answers: Answers, decision: Decision, settings: Settings) -> None:
    """
    See that the answers are to this release's questions, whole, and go with the decision.

    Raises UsageError E137.
    """
    record = load_record(out / REPORT / "run.json")
    asked = words.ATTESTATION.prompts
    if answers.run_id != record.manifest.run_id:
        raise _unfit("they are of another run than this release")
    if tuple(each.question for each in answers.questions) != asked:
        raise _unfit("their questions are not those of this version, each once and in order")
    for number, each in enumerate(answers.questions, 1):
        if each.answer == "yes" and not each.note.strip():
            raise _unfit(f"question {number} is answered with yes, and its note says nothing")
    if decision == "release":
        _check_release(answers, record.policy.method if record.policy else "")
    _check_values(answers, settings)


def _check_release(answers: Answers, method: str) -> None:
    if answers.actual_knowledge == "yes" and method == "safe-harbor":
        raise _unfit(
            "actual knowledge is answered with yes, and then 45 CFR 164.514(b)(2)(ii) does not permit"
            " a release under Safe Harbor"
        )
    if not (answers.purpose.strip() and answers.recipient.strip()):
        raise _unfit("a release has a purpose and a recipient")
    today = dt.datetime.now(dt.UTC).date()
    try:
        later = dt.date.fromisoformat(answers.reassess) > today
    except ValueError:
        later = False
    if not later:
        raise _unfit("reassess is no day in the future, written YYYY-MM-DD")


def _check_values(answers: Answers, settings: Settings) -> None:
    """Refuse a number or an address of a person: answers stand in the report."""
    detector = session_of(settings).detector
    told = [("purpose", answers.purpose), ("recipient", answers.recipient)]
    told += [("remarks", answers.remarks)]
    told += [(f"the note of question {i}", a.note) for i, a in enumerate(answers.questions, 1)]
    for name, text in told:
        found = detector.find(Text(Location("", "text"), text))
        letters = sorted({finding.letter for finding in found} & _PERSONAL)
        if letters:
            raise _unfit(
                f"{name} seems to hold an identifier ({letters[0]}), and a report holds no value"
            )


def sign_off(
    out: Path, signing: Signing, seen: Verification, settings: Settings, *, searched: bool = True
) -> Path:
    """
    Record a decision in the release's report, beside those that are there; return report.html.

    `seen` is what `verify` saw just before. Raises VerificationError (E503) for a release that does
    not verify, UsageError.
    """
    answers = signing.answers
    check_answers(out, answers, signing.decision, settings)
    if signing.decision == "release" and not seen.ok:
        raise VerificationError(
            "E503",
            "the release does not verify, so it is not signed off",
            where=str(out),
            todo="See what is told above; --decision reject can be recorded.",
        )
    folder = out / REPORT
    entry = DecisionRecord(
        by=signing.by.strip(),
        role=signing.role.strip(),
        at=stamp(),
        decision=signing.decision,
        actual_knowledge=answers.actual_knowledge,
        answers=tuple(
            AnswerRecord(question=a.question, answer=a.answer, note=a.note)
            for a in answers.questions
        ),
        purpose=answers.purpose,
        recipient=answers.recipient,
        remarks=answers.remarks,
        reassess=answers.reassess,
        checked=CheckRecord(
            ok=seen.ok, searched=searched, files=seen.files, problems=_problems(seen)
        ),
        key_id=settings.signer.public.key_id if settings.signer else "",
    )
    record = Record(
        schema="phisweep-signoff/1",
        run_sha256=sha256_of(folder / "run.json"),
        citation=words.ATTESTATION.citation,
        question=words.ATTESTATION.question,
        decisions=(*_before(folder), entry),
    )
    return attach(folder, "signoff", record, signer=settings.signer, despite=not seen.ok)


def _problems(seen: Verification) -> int:
    return len(seen.problems) + len(seen.residual) + len(seen.leaked)


def _before(folder: Path) -> Sequence[DecisionRecord]:
    """Return the decisions that stand there already. Raises UsageError."""
    for companion in load_companions(folder):
        if isinstance(companion.record, Record):
            return companion.record.decisions
    return ()


def _unfit(why: str) -> UsageError:
    return UsageError(
        "E137",
        f"the answers cannot be used: {why}",
        todo="phisweep signoff OUT --questions FILE writes one to fill in.",
    )

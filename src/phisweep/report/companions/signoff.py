"""Who signed a release off, or refused it: name, role, time, decision, and their own answers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Literal

from markupsafe import Markup

from phisweep import pages
from phisweep.figures import plural
from phisweep.filed import Checked, field
from phisweep.report.cells import code, table, text
from phisweep.report.parts import Count, Digest, Guarded

TITLE = "Signed off"
Answer = Literal["yes", "no"]
Decision = Literal["release", "reject"]
Moment = Annotated[str, Checked(pattern=r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$")]
Name = Annotated[str, Checked(min_length=1, max_length=200)]
Words = Annotated[str, Checked(max_length=2000)]
_DECIDED = {"release": "Released", "reject": "Rejected"}


class AnswerRecord(Guarded):
    """A question to be thought of, the answer, and what was said about it."""

    question: str
    answer: Answer
    note: Words


class CheckRecord(Guarded):
    """What `verify` saw just before; without `searched` the copies were not searched again."""

    ok: bool
    searched: bool
    files: Count
    problems: Count


class DecisionRecord(Guarded):
    """
    One decision, by one person. `at` is UTC; `key_id` is that of the key that signed it, or empty.

    `reassess` is the day by which the release is to be assessed again, YYYY-MM-DD.
    """

    by: Name
    role: Name
    at: Moment
    decision: Decision
    actual_knowledge: Answer
    answers: tuple[AnswerRecord, ...]
    purpose: Words
    recipient: Words
    remarks: Words
    reassess: Annotated[str, Checked(pattern=r"^(\d{4}-\d\d-\d\d)?$")]
    checked: CheckRecord
    key_id: str


class Record(Guarded):
    """The decisions about a release, in the order in which they were made."""

    schema_: Literal["phisweep-signoff/1"] = field(alias="schema")
    run_sha256: Digest
    citation: str
    question: str
    decisions: Annotated[tuple[DecisionRecord, ...], Checked(min_length=1)]

    @property
    def standing(self) -> dict[tuple[str, str], DecisionRecord]:
        """The last decision of each person in each role."""
        return {(entry.by, entry.role): entry for entry in self.decisions}

    @property
    def state(self) -> Decision:
        """Reject where anybody's last decision is to reject, else release."""
        rejected = any(entry.decision == "reject" for entry in self.standing.values())
        return "reject" if rejected else "release"


def section(record: Record) -> Markup:
    """Return the section: the outcome in a line, and each decision with its answers."""
    context = {
        "r": record, "outcome": outcome(record), "checked": checked, "decided": _DECIDED,
    }  # fmt: skip
    folder = Path(__file__).parents[1] / "templates"
    return Markup(pages.render(folder, "signoff.html.j2", context))  # noqa: S704 - it escapes


def markdown(record: Record) -> Iterator[str]:
    """Yield the same as lines of Markdown."""
    yield from (f"**{text(outcome(record))}**", "", f"{record.citation}. {record.question}", "")
    for entry in record.decisions:
        signed = f"signed by {code(entry.key_id)}" if entry.key_id else "not signed by a key"
        yield (
            f"{_DECIDED[entry.decision]} by {text(entry.by)}, {text(entry.role)}, {entry.at} (UTC),"
            f" {signed}. {text(checked(entry.checked))}"
        )
        yield ""
        rows = [("Actual knowledge", entry.actual_knowledge, "")]
        rows += [(text(a.question), a.answer, text(a.note)) for a in entry.answers]
        yield from table(("Question", "Answer", "Note"), rows)
        told = (
            ("Purpose", entry.purpose), ("Recipient", entry.recipient),
            ("Remarks", entry.remarks), ("To be assessed again by", entry.reassess),
        )  # fmt: skip
        yield from (f"- {name}: {text(value)}" for name, value in told if value)
        yield ""


def outcome(record: Record) -> str:
    """Return what all decisions together come to, in a sentence."""
    standing = [*record.standing.values()]
    rejecting = [entry.by for entry in standing if entry.decision == "reject"]
    if rejecting:
        return f"Not to be released: rejected by {', '.join(rejecting)}."
    return f"Signed off for release by {plural(len(standing), 'person', 'persons')}."


def checked(seen: CheckRecord) -> str:
    """Return what was checked before the decision, in a sentence."""
    how = "digests, chain and a new search" if seen.searched else "digests and chain"
    found = "nothing was wrong" if seen.ok else f"it was NOT verified ({seen.problems} problems)"
    return f"Before it, {plural(seen.files, 'copy', 'copies')} were checked by {how}: {found}."

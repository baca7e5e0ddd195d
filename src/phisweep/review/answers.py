"""What one reviewer answered: a file of unit ids and verdicts beside the sample, and no value."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Final, Literal

from phisweep.errors import UsageError
from phisweep.figures import stamp
from phisweep.filed import Checked
from phisweep.filed import field as keyed
from phisweep.report.parts import Digest, Guarded
from phisweep.report.write import write_private
from phisweep.review.sample import Offsets, SampleRecord

SCHEMA: Final = "phisweep-answers/1"
Verdict = Literal["yes", "no", "unsure"]
Role = Literal["reviewer", "adjudicator"]
#: What may call itself a reviewer: it stands in a file's name, and in the report.
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}")


class Answer(Guarded):
    """
    The verdict on a unit: it identifies somebody, does not, or the reviewer is not sure.

    `marks` are the words that identify, of a passage: half-open code points of its text.
    """

    verdict: Verdict
    marks: tuple[Offsets, ...] = ()


class AnswersRecord(Guarded):
    """The answers of one reviewer to one sample, in the order in which they were given."""

    schema_: Literal["phisweep-answers/1"] = keyed(alias="schema")
    sample_sha256: Digest
    reviewer: Annotated[str, Checked(pattern=f"^{NAME.pattern}$")]
    role: Role
    begun: str
    saved: str
    answers: dict[str, Answer]


@dataclass(slots=True)
class Answers:
    """The answers of one reviewer, and the file that they are kept in after each."""

    path: Path
    sample_sha256: str
    reviewer: str
    role: Role
    begun: str
    given: dict[str, Answer] = field(default_factory=dict)

    def save(self) -> None:
        """Write the file anew, mode 0600, whole or not at all. Raises UsageError (E198)."""
        record = AnswersRecord(
            schema=SCHEMA,
            sample_sha256=self.sample_sha256,
            reviewer=self.reviewer,
            role=self.role,
            begun=self.begun,
            saved=stamp(),
            answers=self.given,
        )
        try:
            write_private(self.path, (record.model_dump_json(by_alias=True) + "\n").encode())
        except OSError as error:
            raise unusable(f"they cannot be written: {error.strerror}", self.path.name) from None


def unusable(why: str, where: str, todo: str = "") -> UsageError:
    """Return the error for answers that cannot be used."""
    return UsageError("E198", f"these answers cannot be used: {why}", where=where, todo=todo)


def file_of(sample: Path, reviewer: str, folder: Path | None = None) -> Path:
    """Return where a reviewer's answers to a sample are: `sample.anna.json` beside `sample.json`."""
    return (folder or sample.parent) / f"{sample.stem}.{reviewer}.json"


def load_answers(path: Path, sample: SampleRecord, digest: str) -> AnswersRecord:
    """Read answers. Raises UsageError (E198): not answers, of another sample, to no unit of it."""
    from pydantic import ValidationError  # noqa: PLC0415 - a file is read

    try:
        record = AnswersRecord.model_validate_json(path.read_bytes())
    except OSError as error:
        raise unusable(f"they cannot be read: {error.strerror}", path.name) from None
    except ValidationError:
        raise unusable(f"this is not of the schema {SCHEMA}", path.name) from None
    if record.sample_sha256 != digest:
        raise unusable("they are of another sample", path.name, "Give the sample that they answer.")
    units = {unit.id: unit for unit in sample.units}
    for name, answer in record.answers.items():
        unit = units.get(name)
        if unit is None:
            raise unusable("they name a unit that the sample does not have", path.name)
        if any(not unit.start <= s < e <= unit.end for s, e in answer.marks):
            raise unusable("a mark stands outside of its unit", f"{path.name}: {name}")
    return record


def opened(path: Path, sample: SampleRecord, digest: str, reviewer: str, role: Role) -> Answers:
    """Return the answers that a reviewer has given so far, none where the file is not there."""
    if not path.exists():
        return Answers(path, digest, reviewer, role, stamp())
    record = load_answers(path, sample, digest)
    if record.reviewer != reviewer or record.role != role:
        raise unusable(
            f"they are those of a {record.role}", path.name, "Give another name by --reviewer."
        )
    return Answers(path, digest, reviewer, role, record.begun, dict(record.answers))


def all_answers(
    sample_path: Path, sample: SampleRecord, digest: str, folder: Path | None = None
) -> Sequence[AnswersRecord]:
    """Return all answers to a sample that stand beside it, or in a folder, by reviewer."""
    place = folder or sample_path.parent
    paths = sorted(
        path
        for path in place.glob(f"{_escaped(sample_path.stem)}.*.json")
        if NAME.fullmatch(path.name[len(sample_path.stem) + 1 : -len(".json")])
    )
    return [load_answers(path, sample, digest) for path in paths]


def by_role(records: Sequence[AnswersRecord], role: Role) -> Sequence[AnswersRecord]:
    """Return those of a role."""
    return [record for record in records if record.role == role]


def verdicts(record: AnswersRecord | None) -> Mapping[str, Answer]:
    """Return the answers by unit, none where there is no record."""
    return {} if record is None else record.answers


def _escaped(name: str) -> str:
    return re.sub(r"([*?\[])", r"[\1]", name)

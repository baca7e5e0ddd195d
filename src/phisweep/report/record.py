"""
The machine record `run.json`, schema "phisweep-run/1": made of a Run, read back, and checked.

Every rendering of a report is made of this record and of nothing else.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, ClassVar, Final, Literal

from phisweep.errors import UsageError
from phisweep.filed import field
from phisweep.model import LETTERS, Run
from phisweep.report import build, counts, inventory, subjects, words
from phisweep.report.closing import (
    AttestationRecord,
    CustodyRecord,
    RetentionRecord,
    SignOffRecord,
    StatementsRecord,
)
from phisweep.report.explained import whys
from phisweep.report.invented import (
    CODE,
    SURROGATE,
    CodesRecord,
    SurrogatesRecord,
    codes_of,
    surrogates_of,
)
from phisweep.report.leaks import LeaksRecord, leaks_of
from phisweep.report.moved import SHIFT, MovedRecord, moved_of
from phisweep.report.parts import (
    BaselineRecord,
    CensusRecord,
    FileRecord,
    FiredRecord,
    Guarded,
    IdentifierRecord,
    IncompleteRecord,
    Keeping,
    LetterRecord,
    ListRecord,
    ManifestRecord,
    OperatorRecord,
    Part,
    PlaceRecord,
    PolicyRecord,
    SkippedRecord,
    SuppressedRecord,
    TotalsRecord,
    UnreadRecord,
    VerdictRecord,
    VerificationRecord,
)
from phisweep.report.subjects import SubjectsRecord, subjects_of
from phisweep.report.verdict import verdict_of
from phisweep.ruleset.load import Ruleset
from phisweep.ruleset.schema import PolicyFile
from phisweep.transform.operators import describe as describe_operator

SCHEMA: Final = "phisweep-run/1"
_ANY_SCHEMA = re.compile(r"phisweep-run/([1-9][0-9]{0,3})")
_MAX_FAULTS = 3


class RunRecord(Part):
    """The audit record of one run. Its counts add up, or it is refused."""

    model_config: ClassVar[Mapping[str, Any]] = {
        "title": "phisweep run record",
        "json_schema_extra": {
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "$id": f"urn:{SCHEMA.replace('/', ':')}",
        },
    }

    schema_: Literal["phisweep-run/1"] = field(alias="schema")
    verdict: VerdictRecord
    incomplete: bool
    manifest: ManifestRecord
    totals: TotalsRecord
    letters: tuple[LetterRecord, ...]
    identifiers: tuple[IdentifierRecord, ...]
    rules: tuple[FiredRecord, ...]
    operators: tuple[OperatorRecord, ...]
    places: tuple[PlaceRecord, ...]
    files: tuple[FileRecord, ...]
    subjects: SubjectsRecord | None
    leaks: LeaksRecord | None
    moved: MovedRecord | None
    surrogates: SurrogatesRecord | None
    codes: CodesRecord | None
    skipped: tuple[SkippedRecord, ...]
    not_whole: tuple[IncompleteRecord, ...]
    unread: tuple[UnreadRecord, ...]
    suppressed: tuple[SuppressedRecord, ...]
    baseline: BaselineRecord | None
    verification: VerificationRecord | None
    policy: PolicyRecord | None
    lists: tuple[ListRecord, ...]
    census: CensusRecord | None
    statements: StatementsRecord
    attestation: AttestationRecord
    custody: CustodyRecord
    sign_off: SignOffRecord
    retention: RetentionRecord

    def _check(self) -> None:
        if tuple(letter.letter for letter in self.letters) != LETTERS:
            raise ValueError("the letters are not (A) to (R), each once")
        inventory.check(self.files, self.places)
        subjects.check(self.subjects, (file.linked for file in self.files))
        if self.totals != counts.totals_of(self.files, self.places):
            raise ValueError("the totals are not the sums over the files")
        for part in (self.letters, self.identifiers, self.rules):
            if sum(entry.count for entry in part) != self.totals.findings:
                raise ValueError("the counts by letter, identifier or rule do not add up")
        told = {
            SHIFT: self.moved.found if self.moved else None,
            SURROGATE: self.surrogates.count if self.surrogates else None,
            CODE: self.codes.count if self.codes else None,
        }
        for operator, count in told.items():
            if count not in (None, counts.treated_by(self.places, operator).total()):
                raise ValueError("what was moved or invented is not what the files count")


def record_of(
    run: Run,
    ruleset: Ruleset,
    *,
    policy: PolicyFile | None = None,
    describe: Callable[[str], str] = describe_operator,
    keeping: Keeping = "not told",
) -> RunRecord:
    """
    Return the audit record of a run.

    `policy` is the policy as it was applied; without it the shipped policy of the manifest's name
    is told of, if there is one. `ruleset` holds the rules that ran: a letter of which it has no
    rule is "not assessable". `describe` gives an operator's one-line description. `keeping` says
    where the run's secret is: in a vault, with the user, or gone. Raises RuleError for a policy
    whose params no operator takes.
    """
    manifest = build.manifest_of(run.manifest)
    met = inventory.Inventory()
    about_subjects, linked = subjects_of(run)
    files = tuple(
        build.file_of(outcome, met, number)
        for outcome, number in zip(run.outcomes, linked, strict=True)
    )
    places = met.places(files)
    totals = counts.totals_of(files, places)
    left_out = build.suppressed_of(run.outcomes)
    verification = build.verification_of(run.verification)
    applied = build.policy_of(policy or build.shipped(run.manifest.policy, ruleset))
    leaks = leaks_of(run, applied)
    carried = applied if about_subjects else None  # a search moves and invents nothing
    return RunRecord(
        schema=SCHEMA,
        verdict=verdict_of(
            manifest.command, totals, verification, leaks.unresolved if leaks else 0
        ),
        incomplete=run.incomplete,
        manifest=manifest,
        totals=totals,
        letters=counts.letters_of(files, places, ruleset.rules, manifest.model, left_out),
        identifiers=counts.identifiers_of(places, ruleset.rules),
        rules=counts.rules_of(places, whys(ruleset), counts.scores_of(run.outcomes)),
        operators=counts.operators_of(places, describe, ruleset.operators),
        places=places,
        files=files,
        subjects=about_subjects,
        leaks=leaks,
        moved=moved_of(carried, run.outcomes, key_id=manifest.key_id, keeping=keeping),
        surrogates=surrogates_of(carried, places, key_id=manifest.key_id, keeping=keeping),
        codes=codes_of(carried, places, keeping=keeping) if about_subjects else None,
        skipped=tuple(
            SkippedRecord(path=f.path, reason=f.reason) for f in files if f.status == "skipped"
        ),
        not_whole=tuple(
            IncompleteRecord(path=f.path, error=f.error or f.reason)
            for f in files
            if f.status == "incomplete"
        ),
        unread=counts.unread_of(files),
        suppressed=left_out,
        baseline=build.baseline_of(run.baseline),
        verification=verification,
        policy=applied,
        lists=tuple(
            build.list_of(name, digest, ruleset) for name, digest in sorted(manifest.lists.items())
        ),
        census=build.census_of(manifest, ruleset),
        statements=StatementsRecord(
            model=words.MODEL.format(model=manifest.model) if manifest.model else words.NO_MODEL,
            residual_risk=words.RESIDUAL_RISK,
            method=words.METHODS.get(applied.method, "") if applied else words.NO_METHOD,
        ),
        attestation=words.ATTESTATION,
        custody=CustodyRecord(
            run_id=manifest.run_id,
            tool=f"phisweep {manifest.version}",
            key_id=manifest.key_id,
            started=manifest.started,
            finished=manifest.finished,
            seconds=manifest.seconds,
        ),
        sign_off=words.SIGN_OFF,
        retention=words.RETENTION,
    )


def load_record(path: Path) -> RunRecord:
    """
    Read a run.json. Raises UsageError, value-free: E131 not readable, E132 not such a record.

    E139 says that a newer phisweep wrote it. A file of another kind may be given by mistake:
    neither its values nor its keys are shown.
    """
    from pydantic import ValidationError  # noqa: PLC0415 - a file is read

    try:
        data = path.read_bytes()
    except OSError as error:
        raise UsageError(
            "E131", f"the record cannot be read: {error.strerror}", where=path.name
        ) from None
    try:
        return RunRecord.model_validate_json(data)
    except ValidationError as error:
        faults = error.errors(include_input=False, include_context=False, include_url=False)
    if newer := _newer(data):
        raise UsageError(
            "E139",
            f"a newer phisweep wrote this record: its schema is {newer}, this one reads {SCHEMA}",
            where=path.name,
            todo="Use the version that wrote it, or a newer one.",
        )
    shown = [f"{_place(fault['loc'])}: {fault['msg']}" for fault in faults[:_MAX_FAULTS]]
    more = f"; and {len(faults) - _MAX_FAULTS} more" if len(faults) > _MAX_FAULTS else ""
    raise UsageError(
        "E132",
        f"this is not a record of the schema {SCHEMA} ({'; '.join(shown)}{more})",
        where=path.name,
        todo="Give the run.json that phisweep wrote, unchanged.",
    )


def _newer(data: bytes) -> str:
    """Return the schema of a record with a higher number than ours; empty for anything else."""
    try:
        told = json.loads(data)
    except (ValueError, RecursionError):
        return ""
    name = told.get("schema") if isinstance(told, dict) else None
    found = _ANY_SCHEMA.fullmatch(name) if isinstance(name, str) else None
    ours = int(SCHEMA.rpartition("/")[2])
    return found[0] if found and int(found[1]) > ours else ""


def _place(loc: tuple[int | str, ...]) -> str:
    """Return the place of a fault: positions, and those keys that the schema itself has."""
    known = {name for part in _parts() for name in part.model_keys()} | {"schema"}
    return ".".join(str(x) if isinstance(x, int) or x in known else "?" for x in loc) or "the file"


def _parts() -> list[type[Part]]:
    return [*Part.__subclasses__(), *Guarded.__subclasses__()]

"""The same verbs for Python: texts, data frames, files. A Detector is built once and reused."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from phisweep.calls import Call, key_of
from phisweep.config import load_config
from phisweep.decide import resolve
from phisweep.model import Finding, Location, Record, Run, Text
from phisweep.pipeline import Worker
from phisweep.records import Keeping, Ledger
from phisweep.runs.checking import verify as _verify
from phisweep.runs.copying import deidentify as _deidentify
from phisweep.runs.searching import scan as _scan
from phisweep.runs.settings import Settings
from phisweep.splicing import splice

if TYPE_CHECKING:
    import pandas as pd

    from phisweep.frames import Frames
    from phisweep.transform.codes import RandomCodes
    from phisweep.transform.vault import Vault

    SubjectKeys = str | Sequence[str]
    Treatments = Mapping[str, Mapping[str, str]]

T = TypeVar("T")
_FRAME = "frame"  # what a frame is called that has no name


class Detector:
    """
    Finds and removes PHI in texts and pandas data frames.

    `profile` is a legal method or a policy file, `policy` the same under its other name, `engine`
    "rules" or "full". `key` is the secret, 16 bytes or more, that fingerprints, date shifts and
    what else may be derived come of (drawn where None); `vault` the path of a vault that it opens,
    which keeps codes and surrogates beyond the call. Raises UsageError, RuleError,
    ComponentError, PolicyConflict.
    """

    def __init__(
        self,
        *,
        profile: str = "safe-harbor",
        engine: str = "rules",
        policy: str | None = None,
        key: bytes | None = None,
        vault: str | Path | None = None,
    ) -> None:
        self._call = Call.of(policy or profile, engine, key, vault)
        self._worker = Worker(replace(self._call.session.spec, write=True))

    def scan_text(self, text: str) -> list[Finding]:
        """Return the findings of a text, sorted, not overlapping: half-open code points."""
        return resolve(self._worker.find(_block(text)))

    def deidentify_text(self, text: str, *, subject: str = "") -> tuple[str, list[Record]]:
        """
        Return the text without its PHI, and a record of each finding.

        `subject` is the key of whoever the text is about, such as the medical record number: under
        one key, dates move as in that subject's rows of a frame, and so do surrogates that are
        derived or kept in a vault. Codes are random.
        """
        with tempfile.TemporaryDirectory(prefix="phisweep-") as spool, self._call.codes() as codes:
            worker = self._worker_of(text, codes, Path(spool))
            block = replace(_block(text), subject=self._call.subject(subject))
            decisions = worker.decide(resolve(worker.find(block)))
            ledger = Ledger("text", self._call.key, Keeping(actions=True))
            ledger.text(block, decisions)
            edits = worker.edits(block, decisions)
            decided = {decision.finding.start: decision for decision in decisions}
            for edit in edits:
                if decided[edit.start].operator == "surrogate":
                    identifier = decided[edit.start].finding.identifier
                    codes.remember(identifier, text[edit.start : edit.end], edit.text)
        return splice(text, edits), list(ledger.close()[0])

    def scan_frame(
        self, frame: pd.DataFrame, *, columns: Treatments | None = None
    ) -> Sequence[Record]:
        """Return a record of each finding in a data frame, by row (from 1) and column."""
        return self.scan_frames({_FRAME: frame}, columns=_named(columns))

    def scan_frames(
        self,
        frames: Mapping[str, pd.DataFrame],
        *,
        columns: Mapping[str, Treatments] | None = None,
    ) -> Sequence[Record]:
        """Return a record of each finding in data frames by their names."""
        from phisweep.frames import scan as scan_  # noqa: PLC0415 - pandas takes a second

        return scan_(frames, self._call, self._worker.detector, columns=columns)

    def deidentify_frame(
        self,
        frame: pd.DataFrame,
        *,
        subject: SubjectKeys | None = None,
        columns: Treatments | None = None,
    ) -> tuple[pd.DataFrame, Sequence[Record]]:
        """
        Return a new data frame without its PHI, and the records; changed columns hold text.

        `subject` and `columns` are what `deidentify_frames` takes for one frame.
        """
        done = self.deidentify_frames(
            {_FRAME: frame}, subject=_named(subject), columns=_named(columns)
        )
        return done.frames[_FRAME], done.records

    def deidentify_frames(
        self,
        frames: Mapping[str, pd.DataFrame],
        *,
        subject: Mapping[str, SubjectKeys] | None = None,
        columns: Mapping[str, Treatments] | None = None,
    ) -> Frames:
        """
        Return new data frames by their names, without PHI, linked by the keys of their subjects.

        `subject` names the columns that hold a key, by frame: "mrn", or ["mrn", "visit:visit_id"]
        where a row has two; without it, a column of medical record numbers is the key. `columns`
        says what to do with single columns, as the configuration does:
        {"patients": {"arm": {"action": "keep", "reason": "drawn at random"}}}. Raises
        UsageError, PolicyConflict, DocumentError, DetectionError, VerificationError.
        """
        from phisweep.frames import deidentify as deidentify_  # noqa: PLC0415 - as above

        like = self._worker.detector
        return deidentify_(frames, self._call, like, subject=subject, columns=columns)

    def _worker_of(self, text: str, codes: RandomCodes | Vault, spool: Path) -> Worker:
        """Return what does a text; its surrogates are no words of it."""
        spec = self._worker.spec
        if not spec.surrogates:
            return self._worker.with_codes(codes)
        from phisweep import presence  # noqa: PLC0415 - few policies ask for surrogates
        from phisweep.transform.surrogates.pools import Pools  # noqa: PLC0415

        gatherer = presence.Gatherer(Pools.of(self._worker.ruleset), spec.key, spool)
        gatherer.take([text])
        gatherer.save()
        presence.join(spool, spool / "present")
        spec = replace(spec, codes=codes, present=spool / "present")
        return Worker(spec, self._worker.detector)


def scan_text(
    text: str,
    *,
    profile: str = "safe-harbor",
    engine: str = "rules",
    policy: str | None = None,
    key: bytes | None = None,
) -> list[Finding]:
    """Return the findings of one text. For many, build a Detector."""
    return Detector(profile=profile, engine=engine, policy=policy, key=key).scan_text(text)


def deidentify_text(
    text: str,
    *,
    profile: str = "safe-harbor",
    engine: str = "rules",
    policy: str | None = None,
    key: bytes | None = None,
    vault: str | Path | None = None,
    subject: str = "",
) -> tuple[str, list[Record]]:
    """Return one text without its PHI, and the records. For many, build a Detector."""
    detector = Detector(profile=profile, engine=engine, policy=policy, key=key, vault=vault)
    return detector.deidentify_text(text, subject=subject)


def scan_frame(
    frame: pd.DataFrame,
    *,
    profile: str = "safe-harbor",
    engine: str = "rules",
    policy: str | None = None,
    key: bytes | None = None,
    columns: Treatments | None = None,
) -> Sequence[Record]:
    """Return the records of one data frame. For many, build a Detector."""
    detector = Detector(profile=profile, engine=engine, policy=policy, key=key)
    return detector.scan_frame(frame, columns=columns)


def scan_frames(
    frames: Mapping[str, pd.DataFrame],
    *,
    profile: str = "safe-harbor",
    engine: str = "rules",
    policy: str | None = None,
    key: bytes | None = None,
    columns: Mapping[str, Treatments] | None = None,
) -> Sequence[Record]:
    """Return the records of data frames by their names."""
    detector = Detector(profile=profile, engine=engine, policy=policy, key=key)
    return detector.scan_frames(frames, columns=columns)


def deidentify_frame(
    frame: pd.DataFrame,
    *,
    profile: str = "safe-harbor",
    engine: str = "rules",
    policy: str | None = None,
    key: bytes | None = None,
    vault: str | Path | None = None,
    subject: SubjectKeys | None = None,
    columns: Treatments | None = None,
) -> tuple[pd.DataFrame, Sequence[Record]]:
    """Return one data frame without its PHI, and the records. For many, build a Detector."""
    detector = Detector(profile=profile, engine=engine, policy=policy, key=key, vault=vault)
    return detector.deidentify_frame(frame, subject=subject, columns=columns)


def deidentify_frames(
    frames: Mapping[str, pd.DataFrame],
    *,
    profile: str = "safe-harbor",
    engine: str = "rules",
    policy: str | None = None,
    key: bytes | None = None,
    vault: str | Path | None = None,
    subject: Mapping[str, SubjectKeys] | None = None,
    columns: Mapping[str, Treatments] | None = None,
) -> Frames:
    """Return data frames by their names, without PHI, as `Detector.deidentify_frames` does."""
    detector = Detector(profile=profile, engine=engine, policy=policy, key=key, vault=vault)
    return detector.deidentify_frames(frames, subject=subject, columns=columns)


def scan(
    paths: Sequence[str | Path],
    *,
    profile: str = "safe-harbor",
    engine: str = "rules",
    policy: str | None = None,
    key: bytes | None = None,
) -> Run:
    """Find PHI in files and folders; never write to the data."""
    return _scan([str(p) for p in paths], _settings(policy or profile, engine, key))


def deidentify(
    paths: Sequence[str | Path],
    out: str | Path,
    *,
    profile: str = "safe-harbor",
    engine: str = "rules",
    policy: str | None = None,
    key: bytes | None = None,
) -> Run:
    """Write de-identified copies and the report into a new folder, and search them again."""
    settings = _settings(policy or profile, engine, key)
    return _deidentify([str(p) for p in paths], Path(out), settings)


def verify(
    out: str | Path,
    *,
    profile: str = "safe-harbor",
    engine: str = "rules",
    policy: str | None = None,
    key: bytes | None = None,
) -> Run:
    """Check a release against the report in it."""
    return _verify(Path(out), _settings(policy or profile, engine, key))


def _settings(profile: str, engine: str, key: bytes | None) -> Settings:
    config = load_config(None, {"profile": profile, "engine": engine})
    return Settings(config=config, key=key_of(key))


def _named(said: T | None) -> dict[str, T] | None:
    """Return what is said of the one frame, by its name."""
    return None if said is None else {_FRAME: said}


def _block(text: str) -> Text:
    return Text(Location("text", "text"), text, line=1, col=1)

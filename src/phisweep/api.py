"""The same verbs for Python: texts, data frames, files. A Detector is built once and reused."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from phisweep.config import Config, load_config
from phisweep.decide import resolve
from phisweep.detect.columns import ColumnJudge
from phisweep.keys import Key, key_from_bytes
from phisweep.model import Finding, Location, Record, Run, Text
from phisweep.pipeline import Worker
from phisweep.records import Keeping, Ledger
from phisweep.runs import Settings
from phisweep.runs import deidentify as _deidentify
from phisweep.runs import scan as _scan
from phisweep.runs import verify as _verify
from phisweep.session import Session
from phisweep.splicing import splice
from phisweep.transform.codes import random_codes

if TYPE_CHECKING:
    import pandas as pd


class Detector:
    """
    Finds and removes PHI in texts and pandas data frames.

    `profile` is a legal method or a policy file, `policy` the same under its other name, `engine`
    "rules" or "full", `key` the secret under which fingerprints are made (drawn where None).
    Raises UsageError, RuleError, ComponentError, PolicyConflict.
    """

    def __init__(
        self,
        *,
        profile: str = "safe-harbor",
        engine: str = "rules",
        policy: str | None = None,
        key: bytes | None = None,
    ) -> None:
        config = _config(policy or profile, engine)
        self._key = _key(key)
        self._worker = Worker(replace(Session(config, self._key).spec, write=True))

    def scan_text(self, text: str) -> list[Finding]:
        """Return the findings of a text, sorted, not overlapping: half-open code points."""
        return resolve(self._worker.find(_block(text)))

    def deidentify_text(self, text: str) -> tuple[str, list[Record]]:
        """Return the text without its PHI, and a record of each finding; codes are random."""
        with random_codes(self._key) as codes:
            worker = self._worker.with_codes(codes)
            block = _block(text)
            decisions = worker.decide(resolve(worker.find(block)))
            ledger = Ledger("text", self._key, Keeping(actions=True))
            ledger.text(block, decisions)
            after = splice(text, worker.edits(block, decisions))
        return after, list(ledger.close()[0])

    def scan_frame(self, frame: pd.DataFrame) -> list[Record]:
        """Return a record of each finding in a data frame, by row (from 1) and column."""
        return self._frame(frame, write=False)[1]

    def deidentify_frame(self, frame: pd.DataFrame) -> tuple[pd.DataFrame, list[Record]]:
        """Return a new data frame without its PHI, and the records; changed columns hold text."""
        return self._frame(frame, write=True)

    def _frame(self, frame: pd.DataFrame, *, write: bool) -> tuple[pd.DataFrame, list[Record]]:
        records: list[Record] = []
        changed = frame.copy() if write else frame
        with random_codes(self._key) as codes:
            worker = self._worker.with_codes(codes)
            for index, label in enumerate(frame.columns):
                filled = frame.iloc[:, index]
                texts = [
                    "" if missing else str(v)
                    for v, missing in zip(filled, filled.isna(), strict=True)
                ]
                judge = ColumnJudge(worker.detector, str(label), texts[:10_000])
                after = list(filled)
                hit = False
                ledger = Ledger("frame", self._key, Keeping(actions=True))
                for row, text in enumerate(texts):
                    findings = resolve(judge.find(text))
                    if not findings:
                        continue
                    hit = True
                    address = f"record {row + 1}, column {index + 1}"
                    block = Text(Location("frame", address), text, str(label), kind="value")
                    decisions = worker.decide(findings)
                    ledger.text(block, decisions)
                    after[row] = splice(text, worker.edits(block, decisions))
                records += ledger.close()[0]
                if hit and write:
                    changed.isetitem(index, after)
        return changed, records


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
) -> tuple[str, list[Record]]:
    """Return one text without its PHI, and the records. For many, build a Detector."""
    return Detector(profile=profile, engine=engine, policy=policy, key=key).deidentify_text(text)


def scan_frame(
    frame: pd.DataFrame,
    *,
    profile: str = "safe-harbor",
    engine: str = "rules",
    policy: str | None = None,
    key: bytes | None = None,
) -> list[Record]:
    """Return the records of one data frame. For many, build a Detector."""
    return Detector(profile=profile, engine=engine, policy=policy, key=key).scan_frame(frame)


def deidentify_frame(
    frame: pd.DataFrame,
    *,
    profile: str = "safe-harbor",
    engine: str = "rules",
    policy: str | None = None,
    key: bytes | None = None,
) -> tuple[pd.DataFrame, list[Record]]:
    """Return one data frame without its PHI, and the records. For many, build a Detector."""
    return Detector(profile=profile, engine=engine, policy=policy, key=key).deidentify_frame(frame)


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
    return Settings(config=_config(profile, engine), key=_key(key))


def _config(profile: str, engine: str) -> Config:
    return load_config(None, {"profile": profile, "engine": engine})


def _key(key: bytes | None) -> Key:
    """Return the key that the same bytes in a file give, or one drawn. Raises ComponentError."""
    return Key.draw() if key is None else key_from_bytes(key, "the key of the caller")


def _block(text: str) -> Text:
    return Text(Location("text", "text"), text, line=1, col=1)

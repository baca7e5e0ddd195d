"""What a run needs besides its paths, and how its manifest begins and ends."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Protocol

from phisweep import manifest as manifests
from phisweep.config import Config
from phisweep.figures import stamp
from phisweep.keys import Key
from phisweep.model import Outcome, RunManifest
from phisweep.session import Session
from phisweep.values import dataclass

if TYPE_CHECKING:
    from phisweep.gate.baseline import Baseline
    from phisweep.integrity.signatures import SigningKey
    from phisweep.transform.vault import Vault


class Progress(Protocol):
    """Who is told how far a run is."""

    def begin(self, stage: str, sizes: Sequence[int], ticks: Path | None) -> None:
        """Hear of a stage: the bytes of its sources, and the folder where workers tick."""

    def done(self, outcome: Outcome) -> None:
        """Hear of a source that is done."""


@dataclass(frozen=True, slots=True)
class Settings:
    """
    What a run needs besides its paths.

    `spool` is a folder for records that are too many to hold; without one all are held. `reveal`
    puts values into records, for a terminal alone. `reference_year` 0 is the present year.
    `session` is that of the same configuration, where one is built already. A `vault` keeps codes
    and surrogates beyond the run; `key` is then the vault's own. `baseline` is what a search knows
    already; `reserved` leaves specimen values out of it, `allowed` single ones, by keyed fingerprint. `root` is what names are relative to, by default
    the common parent of the paths, `left` what a search skips, and why. `audit` writes every finding of a release to records.jsonl;
    `signer` signs what its chain of custody says. `resume` keeps a run of copies until it is done, so that it can go on.
    """

    config: Config = field(default_factory=Config)
    key: Key = field(default_factory=Key.draw)
    reference_year: int = 0
    records: bool = True
    most_records: int = 0  # of each source; 0: all
    reveal: bool = False
    verify: bool = True
    command: str = ""
    only_rules: tuple[str, ...] | None = None
    ignored_rules: tuple[str, ...] = ()
    spool: Path | None = None
    progress: Progress | None = None
    session: Session | None = None
    vault: Vault | None = None
    baseline: Baseline | None = None
    reserved: bool = False
    allowed: Mapping[str, str] = field(default_factory=dict)
    root: Path | None = None
    left: Mapping[Path, str] = field(default_factory=dict)
    audit: bool = False
    signer: SigningKey | None = None
    resume: bool = False


def session_of(settings: Settings) -> Session:
    """Return the settings' session, built where they hold none. Raises as `scan` does."""
    return settings.session or Session(
        settings.config,
        settings.key,
        settings.reference_year,
        settings.only_rules,
        settings.ignored_rules,
    )


def keeping(settings: Settings) -> Literal["vault", "key", "run"]:
    """Say what outlives the run: a vault, its key alone, or nothing."""
    if settings.vault is not None:
        return "vault"
    return "key" if settings.key.kept else "run"


def begun(session: Session, settings: Settings, command: str) -> RunManifest:
    """Return the manifest of a run that starts now."""
    return manifests.start(
        settings.command or command,
        session.ruleset,
        session.policy,
        settings.config,
        engine=session.engine,
        jobs=session.jobs,
        key=settings.key,
        reference_year=session.spec.reference_year,
    )


def ended(manifest: RunManifest, started: float) -> RunManifest:
    """Return the manifest of a run that has ended; `started` is of the monotonic clock."""
    seconds = round(time.monotonic() - started, 3)
    return replace(manifest, finished=stamp(), seconds=seconds)

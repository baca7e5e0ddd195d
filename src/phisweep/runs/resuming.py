"""
A run of copies that goes on after an interruption: what was done is not done again.

Beside OUT a folder is kept until the run is done: the copies, the journal with the codes of the run,
and its key where the run drew one. A copy depends on all sources, for what one record says is looked
for in others: hence nothing may have changed since, neither data nor rules nor what is asked for.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import shutil
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter, ValidationError

from phisweep.analysis import Spec
from phisweep.errors import ComponentError, DetectionError
from phisweep.integrity.digests import sha256_of, source_digest
from phisweep.keys import Key
from phisweep.model import Outcome, RunManifest, Source, Survey
from phisweep.runs.journal import Journal
from phisweep.runs.settings import Settings, keeping
from phisweep.spool import synced
from phisweep.staging import COPIES, clear, unfinished, unusable
from phisweep.transform.codes import RandomCodes

if TYPE_CHECKING:
    from phisweep.transform.vault import Vault

_SCHEMA = "phisweep-journal/1"
#: Seconds between two writings to the disk, and how many times as long as one of them at least.
_EVERY, _TIMES = 0.5, 10
#: What workers leave beside a copy, for the search of all copies.
_LEFT = (".removed", ".written")
#: What of a manifest and a configuration does not touch the result.
_ASIDE = frozenset(
    {"run_id", "command", "started", "finished", "seconds", "jobs", "runner", "config_sha256"}
    | {"configuration"}
)
_ASIDE_SETTINGS = frozenset({"jobs", "runner", "master", "on-skip", "fail-on"})
_NOBODY = Source(Path(), "", 0)


@contextmanager
def kept(out: Path, settings: Settings, spool: Path) -> Iterator[Kept]:
    """
    Own the unfinished run of OUT: a new one, or that which was begun.

    `spool` is the folder where workers leave what the search of the copies needs. Raises UsageError
    where OUT cannot be made, ComponentError E447 where another key is given than at first, E448
    where what was kept cannot be used.
    """
    with ExitStack() as stack:
        folder = stack.enter_context(unfinished(out))
        path = folder / "state.sqlite"
        key = _key(folder, settings.key, begun=path.exists())
        journal = stack.enter_context(Journal(path, key, partial(unusable, folder)))
        if journal.key_id() not in {None, key.key_id}:
            raise _otherwise(folder, ["key"])
        journal.check()
        codes = settings.vault or RandomCodes(path, key.derive("codes"), kept=True)
        stack.callback(codes.close if isinstance(codes, RandomCodes) else codes.flush)
        if isinstance(codes, RandomCodes) and not codes.well_formed():
            raise unusable(folder, "its codes are none")
        run = Kept(folder, key, codes, journal, spool)
        try:
            yield run
        except BaseException:
            if not run.begun:  # nothing is lost, and no key is left behind
                shutil.rmtree(folder, ignore_errors=True)
            raise


def _key(folder: Path, given: Key, *, begun: bool) -> Key:
    """Return the key of the run: given, or drawn by the run and kept for as long as it lasts."""
    path = folder / "key"
    if given.kept or (begun and not path.exists()):
        if given.kept and not path.exists():
            return given
        raise _otherwise(folder, ["key"])
    try:
        if not begun:
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(handle, "w", encoding="ascii") as file:
                file.write(given.secret.hex())
                file.flush()
                os.fsync(file.fileno())
        return replace(given, secret=bytes.fromhex(path.read_text(encoding="ascii")))
    except (OSError, ValueError):
        raise unusable(folder, "its key cannot be read or written") from None


def _otherwise(folder: Path, names: Sequence[str]) -> ComponentError:
    return ComponentError(
        "E447",
        f"the unfinished run was begun otherwise ({', '.join(names)})",
        where=str(folder),
        todo="Give what was given then, or remove that folder and run again.",
    )


@dataclass(slots=True)
class Kept:
    """What is kept of a run: the folder beside OUT, the key, the codes, the journal."""

    folder: Path
    key: Key = field(repr=False)
    codes: RandomCodes | Vault
    journal: Journal
    spool: Path

    @property
    def copies(self) -> Path:
        """The folder that will be OUT."""
        return self.folder / COPIES

    @property
    def begun(self) -> bool:
        """Say whether something of the run is done."""
        return len(self.journal) > _BEFORE

    @property
    def seconds(self) -> float:
        """How long the run has taken so far, as far as is known."""
        return float(self.journal.line(len(self.journal) - 1)["seconds"]) if self.begun else 0.0

    def begin(self, manifest: RunManifest, settings: Settings) -> RunManifest:
        """
        Return the manifest that the run goes by: that of its beginning.

        Raises ComponentError E447 where the run is not what was begun.
        """
        about = _about(manifest, settings)
        if not len(self.journal):
            began = {"run_id": manifest.run_id, "started": manifest.started}
            self.journal.add({"schema": _SCHEMA, "key": self.key.key_id, "about": about, **began})
            return manifest
        first = self.journal.line(0)
        was = first["about"] if first["schema"] == _SCHEMA else {}
        names = sorted(
            name for name in about.keys() | was.keys() if was.get(name) != about.get(name)
        )
        if names:
            raise _otherwise(self.folder, [name.removesuffix("_sha256") for name in names])
        return replace(manifest, run_id=first["run_id"], started=first["started"])

    def same(
        self, sources: Sequence[Source], spec: Spec, survey: Survey, *, by_content: bool
    ) -> None:
        """
        See that there are the sources that there were, and that they tell what they told.

        `by_content`: they were fetched, and their times say nothing. Raises DetectionError E309.
        """
        secret = self.key.derive("sources")
        marks = [_mark(secret, source, by_content=by_content) for source in sources]
        told = json.dumps([asdict(survey), spec.stricter], sort_keys=True, default=str).encode()
        digest = hmac.new(secret, told, "sha256")
        if spec.subjects is not None:
            digest.update(spec.subjects.digest())
        line = {"sources": marks, "survey": digest.hexdigest()}
        if len(self.journal) < _BEFORE:
            self.journal.add(line)
            return
        was = self.journal.line(1)
        if len(was["sources"]) != len(marks):
            raise _changed("there are more or fewer of them", "PATH")
        for source, mark, before in zip(sources, marks, was["sources"], strict=True):
            if mark != before:
                raise _changed("it is not as it was", source.shown)
        if line["survey"] != was["survey"]:
            raise _changed("together they tell something else", "PATH")

    def done(self, sources: Sequence[Source]) -> dict[int, Outcome]:
        """
        Return what is done, by the index of its source; what else lies among the copies is removed.

        A copy that is not as it was written is done anew. Raises DetectionError E309 where a source
        has changed, ComponentError E448.
        """
        found: dict[int, Outcome] = {}
        adapter = TypeAdapter(Outcome)
        for line in self.journal.lines(_BEFORE):
            for i, told in line["done"]:
                found[i] = replace(self._outcome(adapter, told), source=sources[i])
        with ThreadPoolExecutor() as threads:
            whole = dict(zip(found, threads.map(self._is_whole, found.values()), strict=True))
        found = {i: outcome for i, outcome in found.items() if whole[i]}
        clear(self.copies, {outcome.output for outcome in found.values()})
        self.journal.restore(self.spool)
        return found

    def _outcome(self, adapter: TypeAdapter[Outcome], told: Mapping[str, Any]) -> Outcome:
        try:
            outcome = adapter.validate_python(told)
        except ValidationError:
            raise unusable(self.folder, "another version wrote what is known of it") from None
        file = outcome.records_file
        return replace(outcome, records_file=self.spool / file.name) if file else outcome

    def _is_whole(self, outcome: Outcome) -> bool:
        try:  # of what workers fetch the store says it, and was asked in `same`
            away = outcome.source.origin is not None
            same = away or source_digest(outcome.source) == outcome.sha256
        except OSError:
            same = False
        if not same:
            raise _changed("it is not as it was", outcome.source.shown)
        copy = self.copies / outcome.output
        return copy.is_file() and sha256_of(copy) == outcome.output_sha256


_BEFORE = 2  # lines before those of what is done


class Entered(dict[int, Outcome]):
    """The outcomes of a run by the index of their source, written down as they are entered."""

    def __init__(self, run: Kept, outcomes: Mapping[int, Outcome], started: float) -> None:
        super().__init__(outcomes)
        self._run = run
        self._started = started
        self._adapter = TypeAdapter(Outcome)
        self._waiting: list[int] = []
        self._written: set[Path] = set(run.spool.iterdir())
        self._due = 0.0

    def __setitem__(self, i: int, outcome: Outcome) -> None:
        """Enter an outcome; one with a copy is done."""
        super().__setitem__(i, outcome)
        if outcome.output and not outcome.error:
            self._waiting.append(i)
        if time.monotonic() >= self._due:
            self.write()

    def write(self) -> None:
        """Have on the disk what is done, and what workers have left beside it."""
        if not self._waiting:
            return
        began = time.monotonic()
        done = [self[i] for i in self._waiting]
        left = {path for path in self._run.spool.iterdir() if path.suffix in _LEFT}
        left |= {outcome.records_file for outcome in done if outcome.records_file}
        line = {
            "seconds": began - self._started,
            "done": [(i, self._told(self[i])) for i in self._waiting],
        }
        synced(self._run.copies)  # what is told to be done is on the disk
        self._run.journal.add(line, sorted(left - self._written))
        self._written |= left
        self._waiting.clear()
        now = time.monotonic()
        self._due = now + max(_EVERY, _TIMES * (now - began))

    def _told(self, outcome: Outcome) -> Mapping[str, Any]:
        file = outcome.records_file
        bare = replace(outcome, source=_NOBODY, records_file=Path(file.name) if file else None)
        told: Mapping[str, Any] = self._adapter.dump_python(bare, mode="json")
        return told


def _about(manifest: RunManifest, settings: Settings) -> Mapping[str, Any]:
    """Return what makes a run what it is, as it comes back from JSON."""
    about = {name: value for name, value in asdict(manifest).items() if name not in _ASIDE}
    about |= {
        name: value for name, value in manifest.configuration.items() if name not in _ASIDE_SETTINGS
    }
    about |= {"records": settings.audit, "verify": settings.verify, "keeping": keeping(settings)}
    told: Mapping[str, Any] = json.loads(json.dumps(about))
    return told


def _mark(secret: bytes, source: Source, *, by_content: bool) -> str:
    """Return a keyed digest of name, size and time of a source, or of its bytes: 16 hex digits."""
    try:
        if source.origin is not None:
            state = source.origin.version
        elif by_content or source.data is not None:
            state = source_digest(source)
        else:
            state = str(source.path.stat().st_mtime_ns)
    except OSError:
        state = ""
    message = f"{source.name}\0{source.size}\0{state}".encode(errors="surrogatepass")
    return hmac.new(secret, message, hashlib.sha256).hexdigest()[:16]


def _changed(what: str, where: str) -> DetectionError:
    return DetectionError(
        "E309",
        f"the data have changed since the run was begun: {what}",
        where=where,
        todo="Run into a new folder: what one record says counts for all copies.",
    )

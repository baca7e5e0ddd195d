"""
The vault: codes and seeds that outlive runs, and the way back from what was written.

Under 45 CFR 164.514(c) a covered entity may keep codes by which it alone can re-identify, where
they are drawn and not derived. As long as the vault exists, what was made with it is pseudonymous
data under Article 4(5) of the GDPR, not anonymous.
"""

from __future__ import annotations

import hmac
import secrets
import threading
from collections import Counter, OrderedDict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar

from phisweep import marks
from phisweep.errors import UsageError
from phisweep.forks import watch
from phisweep.keys import Key
from phisweep.transform.codefile import draw_letters
from phisweep.transform.codes import SEED_BYTES
from phisweep.transform.derived import folded, seed_message
from phisweep.transform.vault import file as files
from phisweep.transform.vault.file import Row, Table, VaultFile
from phisweep.transform.vault.head import now

V = TypeVar("V")
CACHED = 100_000
#: So many originals wait in memory at most, until they are written.
BATCH = 500
#: Stands where the identifier of a code stands, for surrogates of keys that nobody else may get.
_CLAIM = "claim"


@dataclass(frozen=True, slots=True)
class Original:
    """What a code or a surrogate stands for, and when it was first written (UTC, ISO 8601)."""

    identifier: str
    text: str = field(repr=False)
    time: str


class Vault:
    """
    The codes, seeds and originals of a user's key, in one file that is there already.

    Open it by `Vault.open`, which checks the whole file; `Vault` alone does nothing until it is
    asked. A pickled copy takes the path and the key with it and opens the file anew, without what
    waits in memory; before a fork the file is closed, and either process opens it again. Methods
    may be called from several threads. Each raises ComponentError where the vault is missing,
    damaged, of another key or a newer version, or cannot be written.
    """

    derived = False
    lasting = True  # its codes outlive the run

    def __init__(self, path: Path, key: Key) -> None:
        self._path = path.absolute()
        self._user_key = key
        self._codes: OrderedDict[bytes, str] = OrderedDict()
        self._seeds: OrderedDict[bytes, bytes] = OrderedDict()
        self._known: set[bytes] = set()  # what `remember` need not write again
        self._waiting: dict[bytes, Row] = {}
        self._lock = threading.Lock()
        self._file: VaultFile | None = None
        watch(self)

    def __reduce__(self) -> tuple[object, ...]:
        return (Vault, (self._path, self._user_key))

    @classmethod
    def create(cls, path: Path, key: Key) -> Self:
        """Make a new vault. Raises UsageError where the file is there or cannot be made."""
        files.create(path.absolute(), key)
        return cls.open(path, key)

    @classmethod
    def open(cls, path: Path, key: Key) -> Self:
        """Open a vault, and see that every page and cell of it is as it was written."""
        vault = cls(path, key)
        try:
            with vault._opened() as file:
                file.check()
        except BaseException:
            vault.close()
            raise
        return vault

    @property
    def key(self) -> Key:
        """What a run with this vault derives everything from; rotation leaves it as it is."""
        with self._opened() as file:
            return file.root

    @property
    def path(self) -> Path:
        """The absolute path of the file."""
        return self._path

    @property
    def user_key_id(self) -> str:
        """The public name of the key that opens the vault."""
        return self._user_key.key_id

    def code(self, identifier: str, value: str) -> str:
        """
        Return the value's code, `[MRN-BCDFGHJKLM]`, in this and all runs; no other value has it.

        It is drawn and on the disk before it is returned. Two ways to write one value (case,
        separators) are one value, and so is one value under two identifiers, whose mark names the
        identifier that came first.
        """
        with self._opened() as file:
            digest = file.digest("codes", folded(value))
            known = self._codes.get(digest)
            if known is None:
                known = _code(file, digest, identifier, value)
            _keep(self._codes, digest, known)
            return known

    def codes_of(self, identifier: str, values: Sequence[str]) -> list[str]:
        """Return the codes of many values, as `code` does: those that are drawn by one write."""
        self.prepare(identifier, values)
        return [self.code(identifier, value) for value in values]

    def prepare(self, identifier: str, values: Iterable[str]) -> None:
        """Draw codes for many values at once: one write to the disk for all of them."""
        with self._opened() as file:
            rows: dict[bytes, Row] = {}
            for value in values:
                digest = file.digest("codes", folded(value))
                if digest in self._codes or digest in rows or file.of_value("codes", digest):
                    continue
                drawn = marks.code(identifier, draw_letters())
                written = file.digest("marks", drawn.encode())
                rows[digest] = Row(digest, written, (drawn, identifier, value, now()))
            # What another process drew meanwhile stays; `code` finds out which.
            file.add("codes", list(rows.values()))

    def seed(self, purpose: str, value: str, subject: str) -> bytes:
        """Return 32 bytes, drawn once for these three and on the disk before they are returned."""
        with self._opened() as file:
            digest = file.digest("seeds", seed_message(purpose, value, subject))
            known = self._seeds.get(digest)
            if known is None:
                drawn = Row(digest, b"", (secrets.token_hex(SEED_BYTES), purpose, now()))
                row = file.of_value("seeds", digest)
                if row is None and not file.add("seeds", [drawn]):
                    row = file.of_value("seeds", digest)
                known = bytes.fromhex((row or drawn).content[0])
            _keep(self._seeds, digest, known)
            return known

    def claim(self, purpose: str, value: str, candidate: str) -> str | None:
        """
        Return the candidate where it is nobody's yet, or what the value claimed before.

        None where the candidate is another value's. What is returned is on the disk.
        """
        with self._opened() as file:
            digest = file.digest("claims", purpose.encode(), folded(value))
            row = file.of_value("codes", digest)
            if row is None:
                written = file.digest("claimed", purpose.encode(), candidate.encode())
                drawn = Row(digest, written, (candidate, _CLAIM, purpose, now()))
                if file.add("codes", [drawn]):
                    return candidate
                row = file.of_value("codes", digest)
            return row.content[0] if row else None

    def remember(self, identifier: str, original: str, written: str) -> None:
        """
        Keep what a surrogate stands for; many originals may share a written text.

        It waits in memory until there are 500, or `flush` or `close` is called: call one before
        what was written is given its name.
        """
        with self._opened() as file:
            parts = (text.encode(errors="surrogatepass") for text in (original, written))
            digest = file.digest("surrogates", identifier.encode(), *parts)
            if digest in self._known or digest in self._waiting:
                return
            found_by = file.digest("written", folded(written))
            content = (written, identifier, original, now())
            self._waiting[digest] = Row(digest, found_by, content)
            if len(self._waiting) >= BATCH:
                self._write_waiting(file)

    def flush(self) -> None:
        """Write what waits in memory; it is on the disk when this returns."""
        with self._lock:
            if self._waiting:
                self._write_waiting(self._there())

    def close(self) -> None:
        """Write what waits in memory and close the file; the next call opens it again."""
        try:
            self.flush()
        finally:
            with self._lock:
                self._shut()
                self._codes.clear()
                self._seeds.clear()
                self._known.clear()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def originals(self, text: str) -> tuple[Original, ...]:
        """
        Return what a code or a surrogate stands for, none where the vault does not know it.

        Of surrogates that differ in case or separators alone, those written exactly so come alone.
        """
        self.flush()
        with self._opened() as file:
            if marks.is_code(text):
                rows: Sequence[Row] = file.of_written(
                    "codes", file.digest("marks", text.strip().encode())
                )
            else:
                rows = file.of_written("surrogates", file.digest("written", folded(text)))
                rows = [row for row in rows if row.content[0] == text] or rows
        found: dict[tuple[str, str], Original] = {}
        for row in rows:
            _, identifier, original, time = row.content
            found.setdefault((identifier, original), Original(identifier, original, time))
        return tuple(found.values())

    def counts(self) -> Mapping[Table, Mapping[str, int]]:
        """Return how many codes and surrogates there are of each identifier, and seeds by purpose."""
        self.flush()
        with self._opened() as file:
            return {
                table: Counter(
                    row.content[1] for row in file.rows(table) if row.content[1] != _CLAIM
                )
                for table in files.TABLES
            }

    def record(self, line: str) -> None:
        """Add a line to the audit in the vault; it is on the disk when this returns."""
        with self._opened() as file:
            file.record(line)

    def digester(self) -> hmac.HMAC:
        """Return an empty HMAC-SHA256 for files that hold originals."""
        return hmac.new(self.key.derive("vault-out"), digestmod="sha256")

    def before_fork(self) -> None:
        """Close the file, and let nobody open it until `after_fork`."""
        self._lock.acquire()
        self._shut()

    def after_fork(self, *, child: bool) -> None:
        """Let the file be opened again; what waits in memory is the parent's to write."""
        if child:
            self._waiting.clear()
        self._lock.release()

    @contextmanager
    def _opened(self) -> Iterator[VaultFile]:
        with self._lock:
            yield self._there()

    def _there(self) -> VaultFile:
        if self._file is None:
            self._file = VaultFile.open(self._path, self._user_key)
        return self._file

    def _shut(self) -> None:
        if self._file is not None:
            self._file.close()
        self._file = None

    def _write_waiting(self, file: VaultFile) -> None:
        file.add("surrogates", list(self._waiting.values()))
        if len(self._known) > CACHED:
            self._known.clear()
        self._known.update(self._waiting)
        self._waiting.clear()


def rotate(path: Path, key: Key, new: Key) -> None:
    """
    Put a vault under a new key, at once or not at all; the old one no longer opens it.

    Codes, seeds and `Vault.key` stay. The whole file is checked first. Raises ComponentError.
    """
    file = VaultFile.open(path.absolute(), key)
    try:
        file.check()
        file.rotate(new)
    finally:
        file.close()


def check_apart(vault: Path, key_file: Path | None, out: Path | None = None) -> None:
    """
    See that nobody is handed the vault with the copies, or the key with the vault.

    Raises UsageError where the vault lies in OUT, or the key file in the vault's own folder.
    """
    here = vault.resolve()
    apart = (
        ("the vault", "OUT", out is not None and out.resolve() in here.parents),
        (
            "the key file",
            "the folder of the vault",
            key_file is not None and key_file.resolve().parent == here.parent,
        ),
    )
    for what, where, together in apart:
        if together:
            raise UsageError(
                "E141",
                f"{what} lies in {where}: who is given the one has the other",
                where=str(vault),
                todo="Keep copies, vault and key in three places.",
            )


def _code(file: VaultFile, digest: bytes, identifier: str, value: str) -> str:
    row = file.of_value("codes", digest)
    while row is None:
        drawn = marks.code(identifier, draw_letters())
        written = file.digest("marks", drawn.encode())
        if file.add("codes", [Row(digest, written, (drawn, identifier, value, now()))]):
            return drawn
        # The value has a code by now, or the code is another value's.
        row = file.of_value("codes", digest)
    return row.content[0]


def _keep(cache: OrderedDict[bytes, V], digest: bytes, value: V) -> None:
    """Put a value last in a cache, and let the first go where there are too many."""
    cache[digest] = value
    cache.move_to_end(digest)
    if len(cache) > CACHED:
        cache.popitem(last=False)

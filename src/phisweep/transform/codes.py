"""
Random codes and seeds: the same for the same value throughout a run, and never derived from it.

45 CFR 164.514(c) forbids a code that is derived from information about the individual, and a
keyed hash is derived. Hence each code, and each seed from which a surrogate is made, is drawn;
which value has which is kept, for the time of the run, in a file of its owner's that knows a value
only by its HMAC: in a table, or from very many codes on in a `ledger`. Where the legal method lets
seeds be derived, `derived.DerivedSeeds` needs no file.
"""

from __future__ import annotations

import os
import secrets
import sqlite3
import threading
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from functools import partial
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING

from phisweep.errors import ComponentError
from phisweep.forks import watch
from phisweep.keys import Key, Mac
from phisweep.marks import is_mark
from phisweep.spool import own_folder
from phisweep.transform.codefile import all_given, connect, given, in_ledger
from phisweep.transform.derived import folded, seed_message

if TYPE_CHECKING:
    from phisweep.transform.ledger import Ledger

CACHED = 100_000
#: So many codes stand in a table, those beside which are given before they are counted again; more
#: than that in a ledger, which to begin takes 0.2 s.
MOST, COUNTED = 1 << 17, 1 << 10
SEED_BYTES = 32
VALUE_BYTES = 16


class RandomCodes:
    """
    The codes and the seeds of a run, shared by its processes through one file.

    A pickled copy takes the path and the key with it and opens the file anew; before a fork the file
    is closed, and either process opens it again. Methods may be called from several threads. Where
    the file is `kept` for a run that goes on after an interruption, a loss of power leaves it as it
    was some time before.
    """

    derived = False
    lasting = False  # they are gone with the run

    def __init__(self, path: Path, secret: bytes, *, kept: bool = False) -> None:
        self._path = path
        self._secret = secret
        self._mac = Mac(secret)
        self._kept = kept
        self._cache: OrderedDict[bytes, str] = OrderedDict()
        self._seeds: OrderedDict[bytes, bytes] = OrderedDict()
        self._lock = threading.Lock()
        self._connection: sqlite3.Connection | None = None
        self._ledger: Ledger | None = None
        self._uncounted = 0
        watch(self)

    def __reduce__(self) -> tuple[object, ...]:
        return partial(RandomCodes, kept=self._kept), (self._path, self._secret)

    def code(self, identifier: str, value: str) -> str:
        """
        Return the value's code, `[MRN-BCDFGHJKLM]`; no other value of the run has it.

        Two ways to write one value (case, separators) are one value. So is one value under two
        identifiers, so that tables still join: its mark names the identifier that came first. Raises ComponentError where
        the file of codes cannot be used.
        """
        digest = self.digest(value)
        with self._lock:
            known = self._cache.get(digest)
            if known is not None:
                self._cache.move_to_end(digest)
                return known
            code = self._stored(identifier, digest)
            self._cache[digest] = code
            if len(self._cache) > CACHED:
                self._cache.popitem(last=False)
            return code

    def digest(self, value: str) -> bytes:
        """Return what a value is known by: 16 bytes, the same however it is written."""
        return blake2b(folded(value), digest_size=VALUE_BYTES, key=self._secret).digest()

    def codes_of(self, identifier: str, values: Sequence[str]) -> list[str]:
        """Return the codes of many values, as `code` does: those that are drawn by one write."""
        digests = [*map(self.digest, values)]
        with self._lock:
            known = {digest: self._cache.get(digest) for digest in digests}
            new = sorted(digest for digest, code in known.items() if code is None)
            if new:
                known |= self._stored_all(identifier, new)
                self._cache.update((digest, known[digest] or "") for digest in new)
                while len(self._cache) > CACHED:
                    self._cache.popitem(last=False)
        return [known[digest] or "" for digest in digests]

    def prepare(self, identifier: str, values: Iterable[str]) -> None:
        """Do nothing: here a code costs no write to the disk."""

    def seed(self, purpose: str, value: str, subject: str) -> bytes:
        """
        Return 32 bytes, drawn once for these three, however value and subject are written.

        Raises ComponentError where the file cannot be used.
        """
        digest = self._mac(seed_message(purpose, value, subject))
        with self._lock:
            known = self._seeds.get(digest)
            if known is not None:
                self._seeds.move_to_end(digest)
                return known
            seed = self._stored_seed(digest)
            self._seeds[digest] = seed
            if len(self._seeds) > CACHED:
                self._seeds.popitem(last=False)
            return seed

    def claim(self, purpose: str, value: str, candidate: str) -> str | None:
        """
        Return the candidate where it is nobody's yet, or what the value claimed before.

        None where the candidate is another value's. Raises ComponentError as `code` does.
        """
        digest = self._mac(seed_message(purpose, value, ""))
        with self._lock, self._opened() as connection:
            connection.execute(
                "INSERT OR IGNORE INTO claims VALUES (?, ?, ?)", (digest, purpose, candidate)
            )
            query = connection.execute("SELECT candidate FROM claims WHERE value = ?", (digest,))
            row = query.fetchone()
            return str(row[0]) if row else None

    def remember(self, identifier: str, original: str, written: str) -> None:
        """Do nothing: what a surrogate stands for is kept by a vault alone."""

    def well_formed(self) -> bool:
        """Say whether all that stands as a code in the file has the form of one."""
        with self._lock, self._opened() as connection:
            rows = connection.execute("SELECT code FROM codes")
            if not all(isinstance(code, str) and is_mark(code) for (code,) in rows):
                return False
            if not in_ledger(connection):
                return True
            from phisweep.transform import ledger  # noqa: PLC0415 - numpy, for a run of many codes

            return ledger.well_formed(connection)

    def flush(self) -> None:
        """Do nothing: codes are written as they are drawn."""

    def close(self) -> None:
        """Close the file; the next call opens it again."""
        with self._lock:
            self._shut()
            self._ledger = None
            self._cache.clear()
            self._seeds.clear()

    def before_fork(self) -> None:
        """Close the file, and let nobody open it until `after_fork`."""
        self._lock.acquire()
        self._shut()

    def after_fork(self, *, child: bool) -> None:  # noqa: ARG002 - either opens it again
        """Let the file be opened again."""
        self._lock.release()

    def _shut(self) -> None:
        if self._connection is not None:
            self._connection.close()
        self._connection = None

    def _stored(self, identifier: str, digest: bytes) -> str:
        with self._opened() as connection, self._transaction(connection, "IMMEDIATE"):
            if self._is_ledger(connection, 1):
                from phisweep.transform.ledger import code_of  # noqa: PLC0415 - as below

                return code_of(self._known().words(connection, identifier, [digest])[digest])
            return given(connection, identifier, digest)

    def _stored_all(self, identifier: str, digests: Sequence[bytes]) -> dict[bytes, str]:
        """Return the codes of digests: drawn for those that have none, in one transaction."""
        with self._opened() as connection:
            self._read_ahead(connection)
        with self._opened() as connection, self._transaction(connection, "IMMEDIATE"):
            if not self._is_ledger(connection, len(digests)):
                return all_given(connection, identifier, digests)
            words = self._known().words(connection, identifier, digests)
        from phisweep.transform.ledger import codes_of  # noqa: PLC0415 - as below

        return dict(zip(words, codes_of([*words.values()]), strict=True))

    def _is_ledger(self, connection: sqlite3.Connection, more: int) -> bool:
        """Say whether the codes are in a ledger, and begin it where so many more are too many."""
        if in_ledger(connection):
            return True
        self._uncounted += more
        if self._uncounted < COUNTED:
            return False
        self._uncounted = 0
        (count,) = connection.execute("SELECT COUNT(*) FROM drawn").fetchone()
        if count + more <= MOST:
            return False
        from phisweep.transform import ledger  # noqa: PLC0415 - numpy, for which few runs need to wait

        ledger.begin(connection)
        return True

    def _read_ahead(self, connection: sqlite3.Connection) -> None:
        """Take in what other processes were given, while they may go on."""
        if in_ledger(connection):
            with self._transaction(connection, "DEFERRED"):
                self._known().read(connection)

    def _known(self) -> Ledger:
        if self._ledger is None:
            from phisweep.transform.ledger import Ledger  # noqa: PLC0415 - as above

            self._ledger = Ledger()
        return self._ledger

    @contextmanager
    def _transaction(self, connection: sqlite3.Connection, kind: str) -> Iterator[None]:
        """Do all that is done inside `with` at once, or nothing of it."""
        connection.execute(f"BEGIN {kind}")
        try:
            yield
            connection.execute("COMMIT")
        except BaseException:
            self._ledger = None  # it may know what is not in the file
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise

    def _stored_seed(self, digest: bytes) -> bytes:
        with self._opened() as connection:
            connection.execute(
                "INSERT OR IGNORE INTO seeds VALUES (?, ?)",
                (digest, secrets.token_bytes(SEED_BYTES)),
            )
            query = connection.execute("SELECT seed FROM seeds WHERE value = ?", (digest,))
            return bytes(query.fetchone()[0])

    @contextmanager
    def _opened(self) -> Iterator[sqlite3.Connection]:
        try:
            if self._connection is None:
                self._connection = connect(self._path, kept=self._kept)
            yield self._connection
        except sqlite3.Error as error:
            raise ComponentError(
                "E421",
                f"the file of random codes cannot be used: {error}",
                where=str(self._path),
                todo="See that the temporary folder (TMPDIR) is there and has room.",
            ) from None


@contextmanager
def random_codes(key: Key) -> Iterator[RandomCodes]:
    """
    Own a run's codes: the file (0600, in a folder 0700) is there inside `with`, and gone after it.

    Raises ComponentError where it cannot be made.
    """
    with ExitStack() as stack:
        try:
            path = stack.enter_context(own_folder()) / "codes.sqlite"
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
        except OSError as error:
            raise ComponentError(
                "E421",
                f"the file of random codes cannot be made: {error.strerror}",
                todo="See that the temporary folder (TMPDIR) is there and has room.",
            ) from None
        codes = RandomCodes(path, key.derive("codes"))
        try:
            yield codes
        finally:
            with suppress(sqlite3.Error):
                codes.close()

"""
Random codes and seeds: the same for the same value throughout a run, and never derived from it.

45 CFR 164.514(c) forbids a code that is derived from information about the individual, and a
keyed hash is derived. Hence each code, and each seed from which a surrogate is made, is drawn;
which value has which is kept, for the time of the run, in a file of its owner's that knows a value
only by its HMAC. Where the legal method lets seeds be derived, `DerivedSeeds` needs no file.
"""

from __future__ import annotations

import os
import secrets
import sqlite3
import threading
import unicodedata
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from functools import partial
from hashlib import blake2b
from pathlib import Path

from phisweep.errors import ComponentError, InternalError
from phisweep.forks import watch
from phisweep.keys import Key, Mac, fold
from phisweep.marks import CODE_LENGTH, CODE_LETTERS, is_mark, letters
from phisweep.marks import code as mark
from phisweep.spool import own_folder

CACHED = 100_000
#: Bytes that stand for letters of a code, as many for each; others are thrown away.
_EVEN = 256 // len(CODE_LETTERS) * len(CODE_LETTERS)
_LETTER_OF = bytes(CODE_LETTERS.encode()[byte % len(CODE_LETTERS)] for byte in range(256))
_TO_DIGITS = str.maketrans(CODE_LETTERS, "0123456789abcdefghij")
BUSY_SECONDS = 60
SEED_BYTES = 32
VALUE_BYTES = 16
_TABLES = (
    """
    CREATE TABLE IF NOT EXISTS codes (
        value BLOB PRIMARY KEY,
        code TEXT NOT NULL
    ) WITHOUT ROWID
    """,
    # The letters of all codes, as numbers: an index of the codes would take eight times as much.
    "CREATE TABLE IF NOT EXISTS drawn (letters INTEGER PRIMARY KEY)",
    """
    CREATE TABLE IF NOT EXISTS seeds (
        value BLOB PRIMARY KEY,
        seed BLOB NOT NULL
    ) WITHOUT ROWID
    """,
    """
    CREATE TABLE IF NOT EXISTS claims (
        value BLOB PRIMARY KEY,
        purpose TEXT NOT NULL,
        candidate TEXT NOT NULL,
        UNIQUE (purpose, candidate)
    ) WITHOUT ROWID
    """,
)


def folded(value: str) -> bytes:
    """
    Return what two ways to write one value share, in UTF-8.

    That is its letters and digits (`keys.fold`); where it has none, it stands for itself.
    """
    return (fold(value) or unicodedata.normalize("NFKC", value)).encode(errors="surrogatepass")


def seed_message(purpose: str, value: str, subject: str) -> bytes:
    """Return purpose, folded value and folded subject as one message, which no other three make."""
    parts = (purpose.encode(), folded(value), folded(subject))
    return b"".join(len(part).to_bytes(8, "big") + part for part in parts)


class DerivedSeeds:
    """
    Seeds derived under a key: the same in every run with that key, and kept nowhere.

    They are derived from information about the individual, which 45 CFR 164.514(c) forbids: not
    for the method safe-harbor.
    """

    derived = True

    def __init__(self, key: Key) -> None:
        self._mac = Mac(key.derive("seeds"))

    def seed(self, purpose: str, value: str, subject: str) -> bytes:
        """Return HMAC-SHA256 of purpose, folded value and folded subject: 32 bytes."""
        return self._mac(seed_message(purpose, value, subject))

    def claim(self, purpose: str, value: str, candidate: str) -> str | None:  # noqa: ARG002 - none
        """Raise InternalError: nothing is kept that could tell what is claimed."""
        raise InternalError("E707", "derived seeds were asked to keep a claim")


class DerivedCodes:
    """
    Codes for the names of files, where codes may be derived and the same key is to give the same.

    As for `DerivedSeeds`: not for the method safe-harbor.
    """

    def __init__(self, key: Key) -> None:
        self._mac = Mac(key.derive("names-of-files"))

    def code(self, identifier: str, value: str) -> str:
        """Return HMAC-SHA256 of the folded value as letters in a mark: `[MRN-BCDFGHJKLM]`."""
        digest = self._mac(folded(value))
        return mark(identifier, letters(int.from_bytes(digest, "big"), CODE_LENGTH))


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
            return all(isinstance(code, str) and is_mark(code) for (code,) in rows)

    def flush(self) -> None:
        """Do nothing: codes are written as they are drawn."""

    def close(self) -> None:
        """Close the file; the next call opens it again."""
        with self._lock:
            self._shut()
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
        query = "SELECT code FROM codes WHERE value = ?"
        with self._opened() as connection, _writing(connection):
            row = connection.execute(query, (digest,)).fetchone()
            while row is None:
                drawn = draw_letters()
                if _claimed(connection, [drawn]):
                    row = (mark(identifier, drawn),)
                    connection.execute("INSERT INTO codes VALUES (?, ?)", (digest, *row))
            return str(row[0])

    def _stored_all(self, identifier: str, digests: Sequence[bytes]) -> dict[bytes, str]:
        """Return the codes of digests: drawn for those that have none, in one transaction."""
        query = "SELECT code FROM codes WHERE value = ?"
        with self._opened() as connection, _writing(connection):
            drawn = drawn_letters(len(digests))
            while not _claimed(connection, drawn):  # one is another value's
                drawn = drawn_letters(len(digests))
            codes = [mark(identifier, each) for each in drawn]
            rows, before = list(zip(digests, codes, strict=True)), connection.total_changes
            connection.executemany("INSERT OR IGNORE INTO codes VALUES (?, ?)", rows)
            if connection.total_changes - before == len(rows):
                return dict(rows)
            found = (connection.execute(query, (digest,)).fetchone() for digest in digests)
            return {digest: str(row[0]) for digest, row in zip(digests, found, strict=True)}

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
                self._connection = _connect(self._path, kept=self._kept)
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


@contextmanager
def _writing(connection: sqlite3.Connection) -> Iterator[None]:
    """Write all that is done inside `with` at once, and let no other process write meanwhile."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        connection.execute("COMMIT")


def _claimed(connection: sqlite3.Connection, drawn: Sequence[str]) -> bool:
    """Enter letters of codes; say whether all of them were nobody's."""
    before = connection.total_changes
    numbers = sorted(int(each.translate(_TO_DIGITS), len(CODE_LETTERS)) for each in drawn)
    connection.executemany("INSERT OR IGNORE INTO drawn VALUES (?)", ((n,) for n in numbers))
    return connection.total_changes - before == len(drawn)


def draw_letters() -> str:
    """Return ten letters of a code, drawn at random: 43 bits."""
    return letters(secrets.randbelow(len(CODE_LETTERS) ** CODE_LENGTH), CODE_LENGTH)


def drawn_letters(count: int) -> list[str]:
    """Return the letters of many codes: as `draw_letters` draws them, and far quicker."""
    held = ""
    while len(held) < count * CODE_LENGTH:
        some = secrets.token_bytes(count * CODE_LENGTH + count + 64)
        held += some.translate(_LETTER_OF, bytes(range(_EVEN, 256))).decode()
    return [held[i : i + CODE_LENGTH] for i in range(0, count * CODE_LENGTH, CODE_LENGTH)]


def _connect(path: Path, *, kept: bool) -> sqlite3.Connection:
    connection = sqlite3.connect(
        f"{path.as_uri()}?mode=rw",
        uri=True,
        timeout=BUSY_SECONDS,
        isolation_level=None,
        check_same_thread=False,
    )
    connection.execute("PRAGMA journal_mode = WAL")
    # A file that dies with the run need not survive a loss of power; one that is kept then loses
    # what was written last, in order.
    connection.execute(f"PRAGMA synchronous = {'NORMAL' if kept else 'OFF'}")
    for table in _TABLES:
        connection.execute(table)
    return connection

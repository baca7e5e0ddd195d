"""
Whose record is which, and what structured records say of a subject: one file of the run.

A first pass over the data enters keys and facts, the parent joins the keys of one subject, and the
second pass asks. The file lies in the run's own folder, mode 0600, and goes with it. A key is known
in it by a keyed digest (HMAC-SHA256, RFC 2104), facts are sealed (AES-256-GCM, NIST SP 800-38D),
those of some subjects together.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import sqlite3
import unicodedata
from collections import OrderedDict
from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Self

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from phisweep.errors import ComponentError
from phisweep.forks import watch
from phisweep.keys import Key, Mac, fold
from phisweep.subjects import groups, pages

if TYPE_CHECKING:
    from phisweep.subjects.whose import Rows

DIGEST_BYTES = pages.KEY_BYTES
CACHED = 20_000
MOST_FACTS = 200  # rows of one key that are read
BUSY_SECONDS = 60
_NONCE_BYTES = 12
_TABLES = """
    CREATE TABLE IF NOT EXISTS facts (block BLOB PRIMARY KEY, sealed BLOB NOT NULL) WITHOUT ROWID;
"""
#: The values of a subject by their part; where there is only one it may stand by itself.
Facts = Mapping[str, str | Sequence[str]]
#: The same as parts, which rows of a table share, and a value or values for each; "" for none.
Listed = tuple[Sequence[str], Sequence[str | Sequence[str]]]


@dataclass(frozen=True, slots=True)
class Naming:
    """Turns the keys of records into digests, the same for a key however it is written."""

    mac: Mac = field(repr=False)

    @classmethod
    def of(cls, key: Key) -> Naming:
        """Return the naming of a run's key."""
        return cls(Mac(key.derive("subjects")))

    def digest(self, kind: str, value: str) -> bytes:
        """Return 12 bytes for a key of that kind; case, separators, leading zeros do not matter."""
        folded = (fold(value) or unicodedata.normalize("NFKC", value)).lstrip("0") or "0"
        message = f"{kind}\x1f{folded}".encode(errors="surrogatepass")
        return self.mac(message)[:DIGEST_BYTES]

    def digests(self, kind: str, values: Iterable[str]) -> list[bytes]:
        """Return the digests of many keys of one kind, b"" for those that are empty."""
        return [self.digest(kind, value) if value else b"" for value in values]


class Subjects:
    """
    The keys and facts of a run, shared by its processes through one file.

    A pickled copy takes the path and the key with it. Raises ComponentError E422 where the file
    cannot be used.
    """

    def __init__(self, path: Path, key: Key, *, joined: bool = True) -> None:
        self._path = path
        self.key = key
        #: Whether there are keys that stand for others'.
        self.joined = joined
        self.naming = Naming.of(key)
        self._seal = AESGCM(key.derive("facts"))
        self._connection: sqlite3.Connection | None = None
        self._roots: OrderedDict[bytes, bytes] = OrderedDict()
        self._held: tuple[bytes, Sequence[tuple[str, Facts]]] = (b"", ())
        watch(self)

    @classmethod
    def create(cls, path: Path, key: Key) -> Self:
        """Make the file, mode 0600, before any worker opens it: its mode changes for one alone."""
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
        subjects = cls(path, key)
        with _told():
            connection = subjects._open()
            connection.execute("PRAGMA journal_mode = WAL")
            connection.executescript(_TABLES + groups.TABLES + pages.TABLES)
        return subjects

    def __reduce__(self) -> tuple[object, ...]:
        return partial(Subjects, joined=self.joined), (self._path, self.key)

    def enter(
        self,
        edges: Iterable[tuple[bytes, bytes]],
        own: Iterable[bytes],
        facts: Sequence[tuple[bytes, Facts | Listed]],
    ) -> None:
        """Take in what a document tells: keys of one record, own keys, and what is said of keys."""
        size = pages.BLOCK
        blocks = [self._block(facts[i : i + size]) for i in range(0, len(facts), size)]
        told = b"".join(key for key, _ in facts), b"".join(block for block, _ in blocks)
        owned = b"".join(sorted(own))
        with _told(), self._open() as connection:
            connection.execute("BEGIN IMMEDIATE")
            connection.executemany("INSERT OR IGNORE INTO edges VALUES (?, ?)", sorted(edges))
            connection.executemany("INSERT OR IGNORE INTO facts VALUES (?, ?)", blocks)
            if blocks:
                pages.enter(connection, "facts", (self._name(told[1]), *told))
            if owned:
                pages.enter(connection, "own", (self._name(owned), owned, b""))

    def merge(self, path: Path) -> None:
        """Take in what stands in another such file, under the same key."""
        with _told(), self._open() as connection:
            connection.execute("ATTACH ? AS other", (str(path),))
            try:
                for table in ("edges", "told", "facts"):
                    connection.execute(f"INSERT OR IGNORE INTO {table} SELECT * FROM other.{table}")  # noqa: S608 - one of three
            finally:
                connection.execute("DETACH other")

    def copy(self, target: Path) -> None:
        """Write a copy, mode 0600, for a machine that does not see the file."""
        os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
        with _told(), closing(sqlite3.connect(target)) as other:
            self._open().backup(other)
            other.execute("PRAGMA journal_mode = DELETE")

    def join(self) -> int:
        """Find out which keys are one subject's; return how many subjects had several own keys."""
        with _told(), self._open() as connection:
            connection.execute("BEGIN IMMEDIATE")
            pages.build(connection, "own", self._path.parent)
            pages.build(connection, "facts", self._path.parent)
            connection.execute("COMMIT")
            self.joined = connection.execute("SELECT 1 FROM edges").fetchone() is not None
            if not self.joined:
                return 0
            own = connection.execute("SELECT keys FROM told WHERE kind = 'own'")
            return groups.join(connection, (keys for (keys,) in own), self._path.parent)

    def root(self, digest: bytes) -> bytes:
        """Return the digest that stands for the subject whose key this is."""
        if not self.joined:
            return digest
        known = self._roots.get(digest)
        if known is None:
            with _told(), self._open() as connection:
                query = connection.execute("SELECT root FROM roots WHERE key = ?", (digest,))
                row = query.fetchone()
            known = self._roots[digest] = bytes(row[0]) if row else digest
            if len(self._roots) > CACHED:
                self._roots.popitem(last=False)
        return known

    def subject(self, keys: Mapping[str, str]) -> str:
        """
        Return the subject of a record's keys, as 24 hex digits; "" where no key leads to one.

        A key of another kind, a visit's, leads to a subject where some record holds both.
        """
        for kind in sorted(keys):
            digest = self.naming.digest(kind, keys[kind])
            root = self.root(digest)
            if not kind or root != digest:
                return root.hex()
        return ""

    def subjects(self, rows: Rows) -> Sequence[str]:
        """Return the subject of each set of keys of `rows`, as `subject` does."""
        if rows.kind is None:
            return [self.subject(keys) for keys in rows.names]
        digests = self.naming.digests(rows.kind, rows.keys)
        roots = map(self.root, digests) if self.joined else digests
        if not rows.kind:
            return [root.hex() for root in roots]
        return ["" if root == d else root.hex() for root, d in zip(roots, digests, strict=True)]

    def known(self, digest: bytes) -> bool:
        """Say whether a structured record has this key."""
        with _told(), self._open() as connection:
            return bool(pages.places(connection, "own", digest))

    def facts(self, subject: str) -> Mapping[str, Sequence[str]]:
        """Return what structured records say of a subject, the values by their part."""
        root = bytes.fromhex(subject)
        with _told(), self._open() as connection:
            keys = [root]
            if self.joined:
                query = connection.execute("SELECT key FROM roots WHERE root = ?", (root,))
                keys += (key for (key,) in query)
            rows = [
                (key, *place)
                for key in keys
                for place in pages.places(connection, "facts", key)[:MOST_FACTS]
            ]
        told: dict[str, set[str]] = {}
        for key, block, at in rows:
            named, facts = self._facts_of(block)[at]
            if named != key.hex():
                raise _unusable("it says of one subject what is another's")
            _add(told, facts)
        return {part: sorted(values) for part, values in sorted(told.items())}

    def values(self, parts: Collection[str], most: int) -> dict[str, list[str]]:
        """Return the distinct values of these parts, of some subjects where there are many."""
        found: dict[str, set[str]] = {}
        with _told(), self._open() as connection:
            for (block,) in connection.execute("SELECT block FROM facts ORDER BY block"):
                for _, facts in self._facts_of(bytes(block)):
                    _add(found, {part: facts[part] for part in parts if part in facts})
                if any(len(values) >= most for values in found.values()):
                    break
        return {part: sorted(values) for part, values in sorted(found.items())}

    def digest(self) -> bytes:
        """Return a digest of all that is said, the same in whatever order it was entered."""
        queries = ("a, b FROM edges", "kind, name FROM told")
        digest = hashlib.sha256()
        with _told(), self._open() as connection:
            for query in queries:
                for row in connection.execute(f"SELECT {query} ORDER BY 1, {query.count(',') + 1}"):
                    digest.update(b"".join(_bytes(cell) for cell in row))
        return self.naming.mac(digest.digest())

    def close(self) -> None:
        """Close the file; the next call opens it again."""
        if self._connection is not None:
            self._connection.close()
        self._connection = None

    def before_fork(self) -> None:
        """Close the file: either process opens it again."""
        self.close()

    def after_fork(self, *, child: bool) -> None:
        """Do nothing."""

    def _name(self, plain: bytes) -> bytes:
        return self.naming.mac(plain)[:DIGEST_BYTES]

    def _block(self, facts: Sequence[tuple[bytes, Facts | Listed]]) -> tuple[bytes, bytes]:
        """Return a block's name, by what it says, and the block; said twice it is one."""
        heads: dict[tuple[str, ...], int] = {}
        rows = []
        for key, told in facts:
            parts, values = told if isinstance(told, tuple) else (told, (*told.values(),))
            rows.append((key.hex(), heads.setdefault((*parts,), len(heads)), values))
        plain = json.dumps([[*heads], rows]).encode()
        block = self._name(plain)
        nonce = secrets.token_bytes(_NONCE_BYTES)
        return block, nonce + self._seal.encrypt(nonce, plain, block)

    def _facts_of(self, block: bytes) -> Sequence[tuple[str, Facts]]:
        """Return the facts of a block, each with its key in hex digits."""
        if self._held[0] != block:
            query = "SELECT sealed FROM facts WHERE block = ?"
            (data,) = self._open().execute(query, (block,)).fetchone()
            plain = self._seal.decrypt(data[:_NONCE_BYTES], data[_NONCE_BYTES:], block)
            heads, rows = json.loads(plain)
            self._held = block, [(key, _filled(heads[at], said)) for key, at, said in rows]
        return self._held[1]

    def _open(self) -> sqlite3.Connection:
        if self._connection is None:
            self._connection = sqlite3.connect(
                self._path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False
            )
            # The file dies with the run: it need not survive a loss of power.
            self._connection.execute("PRAGMA synchronous = OFF")
        return self._connection


def _bytes(cell: str | bytes) -> bytes:
    return cell.encode() if isinstance(cell, str) else cell


def _filled(parts: Sequence[str], values: Sequence[str | Sequence[str]]) -> Facts:
    return {part: value for part, value in zip(parts, values, strict=True) if value}


def _add(told: dict[str, set[str]], facts: Facts) -> None:
    for part, values in facts.items():
        told.setdefault(part, set()).update((values,) if isinstance(values, str) else values)


class _told:  # noqa: N801 - used as a statement
    """Turns an error of SQLite, or of the disk, into one that says what to do."""

    def __enter__(self) -> None:
        """Do nothing."""

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, sqlite3.Error):
            raise _unusable(str(error)) from None
        if isinstance(error, OSError):
            raise _unusable(error.strerror or "no room") from None


def _unusable(why: str) -> ComponentError:
    return ComponentError(
        "E422",
        f"the file of subjects cannot be used: {why}",
        todo="See that the temporary folder (TMPDIR) is there and has room.",
    )

"""
Codes and seeds for workers that share nothing: those that were drawn so far, and a list of wishes.

A worker looks up what was drawn. What is not there it wishes for, and goes on with a stand-in: the
document is done again when whoever holds the codes has drawn them. So every code is drawn in one
place, once, and whoever does a document again gets the same ones.
"""

from __future__ import annotations

import io
import json
import os
import secrets
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import astuple, dataclass, field
from itertools import groupby, islice
from pathlib import Path
from typing import Literal, Self

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from phisweep.marks import code as mark
from phisweep.transform.codefile import draw_letters, drawn_letters
from phisweep.transform.codes import CACHED, SEED_BYTES, RandomCodes
from phisweep.transform.derived import seed_message
from phisweep.transform.vault import Vault

WISHES, REMEMBERED = "wishes", "remembered"
_REPEATED = 100_000  # wishes that are remembered not to be written twice
_TOGETHER = 10_000  # wishes that are sealed, and codes that are drawn, at once
_NONCE_BYTES = 12


@dataclass(frozen=True, slots=True)
class Wish:
    """
    What was asked for and is not there.

    `name` is the identifier of a code, the purpose of a seed or claim; `candidate` what is claimed.
    """

    kind: Literal["code", "seed", "claim"]
    name: str
    value: str = field(repr=False)
    subject: str = field(default="", repr=False)
    candidate: str = field(default="", repr=False)


class FixedCodes(RandomCodes):
    """
    The codes and seeds in a copy of a run's file; what is missing is wished for.

    Wishes stand in `folder`, a worker's own, and where codes outlive the run (`lasting`) what
    surrogates stand for too; both are sealed (AES-256-GCM, NIST SP 800-38D).
    """

    settled = False  # a stand-in is another the next time

    def __init__(self, path: Path, secret: bytes, folder: Path, *, lasting: bool) -> None:
        super().__init__(path, secret)
        self.lasting = lasting
        self._folder = folder
        self._seal = AESGCM(secret)
        self._noted: set[tuple[str, ...]] = set()
        self._seedless = False
        #: Whether something was wished for since `begin`.
        self.wished = False

    def begin(self) -> None:
        """Begin a document: forget what was wished for in the one before."""
        self._noted.clear()
        self.wished = self._seedless = False

    def code(self, identifier: str, value: str) -> str:
        """Return the value's code, or a stand-in."""
        known = self._known_code(self.digest(value))
        if known is None:
            self._wish([Wish("code", identifier, value)])
            return mark(identifier, draw_letters())
        return known

    def codes_of(self, identifier: str, values: Sequence[str]) -> list[str]:
        """Return the codes of many values, or stand-ins."""
        codes = [self._known_code(self.digest(value)) for value in values]
        unknown = [i for i, known in enumerate(codes) if known is None]
        for begin in range(0, len(unknown), _TOGETHER):
            some = unknown[begin : begin + _TOGETHER]
            self._wish([Wish("code", identifier, values[i]) for i in some])
        stand_ins = iter(drawn_letters(len(unknown)))
        return [known or mark(identifier, next(stand_ins)) for known in codes]

    def seed(self, purpose: str, value: str, subject: str) -> bytes:
        """Return the seed that was drawn for these three, or a stand-in."""
        digest = self._mac(seed_message(purpose, value, subject))
        row = self._row("SELECT seed FROM seeds WHERE value = ?", digest)
        if isinstance(row, tuple) and isinstance(row[0], bytes):
            return row[0]
        self._wish([Wish("seed", purpose, value, subject)])
        self._seedless = True
        return secrets.token_bytes(SEED_BYTES)

    def claim(self, purpose: str, value: str, candidate: str) -> str | None:
        """Return what the value claimed, None for what another has, the candidate if nobody has."""
        digest = self._mac(seed_message(purpose, value, ""))
        row = self._row("SELECT candidate FROM claims WHERE value = ?", digest)
        if row is not None:
            return str(row[0])
        query = "SELECT value FROM claims WHERE purpose = ? AND candidate = ?"
        if self._row(query, purpose, candidate) is not None:
            return None
        if not self._seedless:  # what comes of a stand-in is not what will be claimed
            self._wish([Wish("claim", purpose, value, candidate=candidate)])
        return candidate

    def remember(self, identifier: str, original: str, written: str) -> None:
        """Note what a surrogate stands for, where a vault is to hear of it."""
        if self.lasting:
            self._note(REMEMBERED, [(identifier, original, written)])

    def wishes(self, data: bytes) -> Iterator[Wish]:
        """Yield what was wished for, from a worker's file of wishes."""
        for kind, *told in self._noted_in(WISHES, data):
            assert kind in ("code", "seed", "claim")  # noqa: S101 - as we wrote it
            yield Wish(kind, *told)  # type: ignore[arg-type]  # one of the three

    def remembered(self, data: bytes) -> Iterator[tuple[str, str, str]]:
        """Yield what surrogates stand for, from a worker's file of it."""
        for told in self._noted_in(REMEMBERED, data):
            identifier, original, written = told
            yield identifier, original, written

    def _known_code(self, digest: bytes) -> str | None:
        known = self._cache.get(digest)
        if known is None:
            row = self._row("SELECT code FROM codes WHERE value = ?", digest)
            if row is None:
                return None
            if len(self._cache) >= CACHED:
                self._cache.clear()
            known = self._cache[digest] = str(row[0])
        return known

    def _wish(self, wishes: Sequence[Wish]) -> None:
        self.wished = True
        self._note(WISHES, [astuple(wish) for wish in wishes])

    def _note(self, name: str, told: Sequence[tuple[str, ...]]) -> None:
        new = [each for each in dict.fromkeys(told) if each not in self._noted]
        if not new:
            return
        if len(self._noted) >= _REPEATED:
            self._noted.clear()
        self._noted.update(new)
        nonce = secrets.token_bytes(_NONCE_BYTES)
        sealed = nonce + self._seal.encrypt(nonce, json.dumps(new).encode(), name.encode())
        flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND
        with os.fdopen(os.open(self._folder / name, flags, 0o600), "ab") as file:
            file.write(len(sealed).to_bytes(4, "big") + sealed)

    def _noted_in(self, name: str, data: bytes) -> Iterator[list[str]]:
        file = io.BytesIO(data)
        while size := int.from_bytes(file.read(4), "big"):
            sealed = file.read(size)
            nonce, text = sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:]
            yield from json.loads(self._seal.decrypt(nonce, text, name.encode()))

    def _row(self, query: str, *values: bytes | str) -> tuple[bytes | str, ...] | None:
        with self._lock, self._opened() as connection:
            row: tuple[bytes | str, ...] | None = connection.execute(query, values).fetchone()
        return row

    @contextmanager
    def _opened(self) -> Iterator[sqlite3.Connection]:
        if self._connection is None:  # nobody writes to a copy
            self._connection = sqlite3.connect(
                f"{self._path.as_uri()}?mode=ro&immutable=1", uri=True, check_same_thread=False
            )
        yield self._connection


class Authority(RandomCodes):
    """
    Draws what workers wish for, in one place: the codes of the run, or its vault.

    It is itself the file of which workers get a copy: of a vault's answers, by the run's digests.
    """

    def __init__(self, codes: RandomCodes | Vault, path: Path, secret: bytes) -> None:
        super().__init__(path, secret)
        self.codes = codes

    @classmethod
    def over(cls, codes: RandomCodes | Vault, path: Path, secret: bytes) -> Self:
        """Return the authority over these codes; its answers stand in a new file, mode 0600."""
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
        return cls(codes, path, secret)

    def grant(self, wishes: Iterable[Wish]) -> None:
        """Draw what was wished for, where it was not drawn before. Raises ComponentError."""
        with (
            self._lock,
            self._opened() as connection,
            self._transaction(connection, "IMMEDIATE"),
        ):
            for (kind, name), several in groupby(wishes, lambda wish: (wish.kind, wish.name)):
                if kind == "code":
                    while some := [wish.value for wish in islice(several, _TOGETHER)]:
                        self._grant_codes(connection, name, some)
                else:
                    for wish in several:
                        self._grant(connection, wish)

    def _grant_codes(
        self, connection: sqlite3.Connection, identifier: str, values: Sequence[str]
    ) -> None:
        codes = self.codes.codes_of(identifier, values)
        connection.executemany(
            "INSERT OR IGNORE INTO codes VALUES (?, ?)",
            zip(map(self.digest, values), codes, strict=True),
        )

    def _grant(self, connection: sqlite3.Connection, wish: Wish) -> None:
        digest = self._mac(seed_message(wish.name, wish.value, wish.subject))
        if wish.kind == "seed":
            seed = self.codes.seed(wish.name, wish.value, wish.subject)
            connection.execute("INSERT OR IGNORE INTO seeds VALUES (?, ?)", (digest, seed))
            return
        held = self.codes.claim(wish.name, wish.value, wish.candidate)
        if held is None:  # somebody else's: that is all that is to be known
            digest, held = secrets.token_bytes(SEED_BYTES), wish.candidate
        connection.execute(
            "INSERT OR IGNORE INTO claims VALUES (?, ?, ?)", (digest, wish.name, held)
        )

    def copy(self, target: Path) -> None:
        """Write a copy that nobody writes to; what was drawn under other names is in it."""
        with self._opened() as connection:
            copied(connection, target)


def copied(connection: sqlite3.Connection, target: Path) -> None:
    """Copy a SQLite file that processes write to into one that can be read anywhere."""
    os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    written = sqlite3.connect(target)
    try:
        connection.backup(written)
        written.execute("PRAGMA journal_mode = DELETE")
    finally:
        written.close()

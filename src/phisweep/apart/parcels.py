"""What a worker on another machine is built from, and what it sends back."""

from __future__ import annotations

import pickle
import secrets
import tarfile
import tempfile
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from phisweep.analysis import Spec
from phisweep.errors import ComponentError
from phisweep.keys import Key
from phisweep.leaks.joined import PIECES
from phisweep.manifest import made_by
from phisweep.ruleset.load import default_folder
from phisweep.spool import write_new
from phisweep.subjects.store import Subjects
from phisweep.transform.fixed import REMEMBERED, WISHES, Authority, FixedCodes

#: The files of a spec, by its fields; each lies elsewhere on another machine.
_FILES = ("known", "written", "old", "namewords", "present")
SUBJECTS, _CODES = "subjects.sqlite", "codes.sqlite"
_NONCE_BYTES = 12


@dataclass(frozen=True, slots=True)
class Parcel:
    """
    What a worker is built from; paths of the spec are relative to the files that come along.

    `shipped` says that the rules are those that come with phisweep, `codes` whether values may be replaced by codes, `lasting` whether those outlive the run.
    `collects`: only what is wished for matters. `surveys`: the worker fills a file of subjects.
    """

    build: Callable[..., Any]
    spec: Spec = field(repr=False)
    made_by: str
    shipped: bool = True
    codes: bool = False
    lasting: bool = False
    collects: bool = False
    surveys: bool = False


@dataclass(frozen=True, slots=True)
class Packed:
    """
    A result and the files that were left with it.

    `part` is the name of a copy, "" for none. `again`: codes are wished for, and there is no result.
    """

    result: Any = field(repr=False)
    files: tuple[tuple[str, bytes], ...] = field(repr=False)
    part: str = ""
    again: bool = False


class Seal:
    """Seals what is on its way, in which names of files may stand, under the key of the run."""

    def __init__(self, key: Key) -> None:
        self._cipher = AESGCM(key.derive("parcels"))

    def close(self, thing: object) -> bytes:
        """Return an object sealed (AES-256-GCM, NIST SP 800-38D)."""
        nonce = secrets.token_bytes(_NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, zlib.compress(pickle.dumps(thing), 1), None)

    def open(self, data: bytes) -> Any:
        """Return what was sealed; nobody without the key can have sealed it."""
        plain = self._cipher.decrypt(data[:_NONCE_BYTES], data[_NONCE_BYTES:], None)
        return pickle.loads(zlib.decompress(plain))  # noqa: S301 - ours, and authenticated


class Sender:
    """
    Sends out what workers are built from, and takes in what they leave; `folder` is its own.

    Codes are drawn here alone: see `transform.fixed`. `bare`: workers need no file of the run.
    """

    def __init__(
        self, spec: Spec, folder: Path, *, surveys: bool = False, bare: bool = False
    ) -> None:
        self.spec, self.folder, self.surveys, self.bare = spec, folder, surveys, bare
        self.seal = Seal(spec.key)
        self.authority: Authority | None = None
        self._secret = spec.key.derive("codes")
        if spec.codes is not None and spec.write and not (surveys or bare):
            self.authority = Authority.over(spec.codes, folder / "answers.sqlite", self._secret)
        #: What reads, under the same secret, what workers have noted.
        self._codes = FixedCodes(folder / _CODES, self._secret, folder, lasting=True)

    def parcel(
        self, build: Callable[..., Any], folder: Path, *, collects: bool = False
    ) -> tuple[Parcel, Path]:
        """Return what workers are built from, and a tar of its files in a folder of the call."""
        spec, archive = self.spec, folder / "files.tar"
        changes: dict[str, Any] = {"codes": None, "ticks": None}
        with tarfile.open(archive, "x") as tar:
            for name in _FILES:
                path: Path | None = getattr(spec, name)
                if path is not None and not self.bare:
                    tar.add(path, name)
                    changes[name] = Path(name)
            if spec.subjects is not None:
                joined = spec.subjects.joined
                changes["subjects"] = Subjects(Path(SUBJECTS), spec.key, joined=joined)
            if spec.subjects is not None and not (self.surveys or self.bare):
                spec.subjects.copy(folder / SUBJECTS)
                tar.add(folder / SUBJECTS, SUBJECTS)
            if self.authority is not None:
                self.authority.copy(folder / _CODES)
                tar.add(folder / _CODES, _CODES)
        if collects:
            changes["engine"] = "rules"
        sent = replace(spec, **changes)
        parcel = Parcel(
            build,
            sent,
            made_by(sent.rules, sent.engine, sent.nlp),
            shipped=sent.rules == default_folder(),
            codes=self.authority is not None,
            lasting=spec.codes is not None and spec.codes.lasting,
            collects=collects,
            surveys=self.surveys,
        )
        return parcel, archive

    def grant(self, packed: Packed) -> None:
        """Draw the codes that were wished for. Raises ComponentError."""
        assert self.authority is not None  # noqa: S101 - nothing is wished for without one
        for name, data in packed.files:
            if name == WISHES:
                self.authority.grant(self._codes.wishes(data))

    def take(self, packed: Packed) -> Mapping[str, Path]:
        """Take what came with a result into the run's folder; return its files by their names."""
        moved: dict[str, Path] = {}
        begin = secrets.token_hex(8)  # one for all: files of one document begin alike
        for name, data in packed.files:
            if name == REMEMBERED:
                assert self.authority is not None  # noqa: S101 - as for a wish
                for told in self._codes.remembered(data):
                    self.authority.codes.remember(*told)
            elif name == SUBJECTS and self.spec.subjects is not None:
                path = self.folder / f"{begin}-{name}"
                write_new(path, [data])
                self.spec.subjects.merge(path)
                path.unlink()
            else:
                assert self.spec.spool is not None  # noqa: S101 - without one nothing is left
                own = "" if name.startswith(PIECES) else f"{begin}-"
                moved[name] = self.spec.spool / f"{own}{name}"
                write_new(moved[name], [data])
        return moved


class Station:
    """A worker's place on another machine: its spec, its codes, and a folder of its own."""

    def __init__(self, parcel: Parcel, files: Path) -> None:
        self.parcel, self.files = parcel, files
        self.seal = Seal(parcel.spec.key)
        self.folder = Path(tempfile.mkdtemp(prefix="phisweep-", dir=files.parent))
        self.spool = self.folder / "spool"
        self.codes: FixedCodes | None = None
        if parcel.codes:
            secret = parcel.spec.key.derive("codes")
            self.codes = FixedCodes(files / _CODES, secret, self.spool, lasting=parcel.lasting)
        self.spec = self._spec()

    def begin(self) -> None:
        """Begin an attempt: nothing is left of the one before."""
        if self.parcel.surveys and self.spec.subjects is not None:
            self.spec.subjects.close()
        self.spool.mkdir(mode=0o700, exist_ok=True)
        for path in self.spool.iterdir():
            path.unlink()
        if self.codes is not None:
            self.codes.begin()
        if self.parcel.surveys:
            Subjects.create(self.spool / SUBJECTS, self.spec.key).close()

    def packed(self, result: object, part: str = "") -> Packed:
        """Return a result with what was left since `begin`; none where codes are wished for."""
        files = tuple((p.name, p.read_bytes()) for p in sorted(self.spool.iterdir()))
        return Packed(None if self.wishes else result, files, part, self.wishes)

    @property
    def wishes(self) -> bool:
        """Say whether the attempt comes to nothing, for codes that are not drawn yet."""
        return self.codes is not None and (self.codes.wished or self.parcel.collects)

    def _spec(self) -> Spec:
        """Return the spec with the paths of this machine. Raises ComponentError."""
        spec = self.parcel.spec
        rules = default_folder() if self.parcel.shipped else spec.rules
        if made_by(rules, spec.engine, spec.nlp) != self.parcel.made_by:
            raise ComponentError(
                "E444",
                "an executor has another version of phisweep, of its rules or of its model",
                todo="Install the same wheels on every machine.",
            )
        changes: dict[str, Any] = {"rules": rules, "codes": self.codes}
        for name in _FILES:
            if getattr(spec, name) is not None:
                changes[name] = self.files / name
        if spec.subjects is not None:
            folder = self.spool if self.parcel.surveys else self.files
            joined = spec.subjects.joined
            changes["subjects"] = Subjects(folder / SUBJECTS, spec.key, joined=joined)
        if spec.spool is not None:
            changes["spool"] = self.spool
        return replace(spec, **changes)

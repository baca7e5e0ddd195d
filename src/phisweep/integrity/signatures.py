"""
Ed25519 keys and signatures (RFC 8032), by `cryptography`: who vouches for a step of a report.

A private key is PEM (PKCS8), for its owner alone, under a passphrase where there is one. A public
key is PEM beside it, `<name>.pub`; its id is `ed25519:` and 16 hex digits of its SHA-256.
"""

from __future__ import annotations

import hashlib
import os
from dataclasses import field
from pathlib import Path
from typing import TYPE_CHECKING

from phisweep.errors import ComponentError, UsageError
from phisweep.keys import refuse_shared
from phisweep.values import dataclass

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import (
        Ed25519PrivateKey,
        Ed25519PublicKey,
    )

_ID_DIGITS = 16


@dataclass(frozen=True, slots=True)
class PublicKey:
    """The 32 bytes of a public key."""

    raw: bytes

    @property
    def key_id(self) -> str:
        """What the key is called wherever it is told."""
        return f"ed25519:{hashlib.sha256(self.raw).hexdigest()[:_ID_DIGITS]}"

    def vouches(self, signature: bytes, data: bytes) -> bool:
        """Say whether a signature of these bytes was made by this key's private half."""
        from cryptography.exceptions import InvalidSignature  # noqa: PLC0415 - 50 ms, for few runs
        from cryptography.hazmat.primitives.asymmetric import ed25519  # noqa: PLC0415

        try:
            ed25519.Ed25519PublicKey.from_public_bytes(self.raw).verify(signature, data)
        except (InvalidSignature, ValueError):
            return False
        return True


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A private key. Never shown, never written anywhere but to its own file."""

    _private: Ed25519PrivateKey = field(repr=False)

    @property
    def public(self) -> PublicKey:
        """The public half."""
        return PublicKey(self._private.public_key().public_bytes_raw())

    def sign(self, data: bytes) -> bytes:
        """Return the 64 bytes of a signature."""
        return self._private.sign(data)


def generate(path: Path, passphrase: bytes = b"") -> PublicKey:
    """
    Write a new private key, mode 0600, and `<path>.pub` beside it; nothing is written over.

    Raises UsageError E130, E133.
    """
    from cryptography.hazmat.primitives import serialization as form  # noqa: PLC0415 - as above
    from cryptography.hazmat.primitives.asymmetric import ed25519  # noqa: PLC0415

    public_path = path.with_name(f"{path.name}.pub")
    refuse_in_repository(path)
    private = ed25519.Ed25519PrivateKey.generate()
    secrecy: form.KeySerializationEncryption = form.NoEncryption()
    if passphrase:
        secrecy = form.BestAvailableEncryption(passphrase)
    pem = private.private_bytes(form.Encoding.PEM, form.PrivateFormat.PKCS8, secrecy)
    public = private.public_key()
    public_pem = public.public_bytes(form.Encoding.PEM, form.PublicFormat.SubjectPublicKeyInfo)
    _write_new(public_path, public_pem, 0o644)
    try:
        _write_new(path, pem, 0o600)
    except UsageError:
        public_path.unlink()
        raise
    return PublicKey(public.public_bytes_raw())


def private_key_from(path: Path, passphrase: bytes = b"") -> SigningKey:
    """
    Read a private key that only its owner can read.

    Raises UsageError E103 (others can read it), E133; ComponentError E409.
    """
    from cryptography.hazmat.primitives.asymmetric import ed25519  # noqa: PLC0415 - as above
    from cryptography.hazmat.primitives.serialization import load_pem_private_key  # noqa: PLC0415

    refuse_in_repository(path)
    try:
        mode, data = path.stat().st_mode, path.read_bytes()
    except OSError as error:
        raise unusable(path, error.strerror or type(error).__name__) from None
    refuse_shared(path, mode)
    try:
        private = load_pem_private_key(data, passphrase or None)
    except TypeError:
        why = "it has no passphrase" if passphrase else "it is under a passphrase"
        raise unusable(path, why) from None
    except Exception:  # noqa: BLE001 - what libraries say of a key may repeat some of it
        why = "not a private key in PEM, or the passphrase is another one"
        raise unusable(path, why) from None
    if not isinstance(private, ed25519.Ed25519PrivateKey):
        raise unusable(path, "a key of another kind than Ed25519")
    return SigningKey(private)


def public_key_from(path: Path) -> PublicKey:
    """Read a public key. Raises ComponentError E412."""
    from cryptography.hazmat.primitives.asymmetric import ed25519  # noqa: PLC0415 - as above
    from cryptography.hazmat.primitives.serialization import load_pem_public_key  # noqa: PLC0415

    public: Ed25519PublicKey | None = None
    why = "not a public key of Ed25519 in PEM"
    try:
        data = path.read_bytes()
    except OSError as error:
        data, why = b"", error.strerror or type(error).__name__
    try:
        found = load_pem_public_key(data) if data else None
    except Exception:  # noqa: BLE001 - as above
        found = None
    if isinstance(found, ed25519.Ed25519PublicKey):
        public = found
    if public is None:
        raise ComponentError(
            "E412",
            f"the public key cannot be used: {why}",
            where=str(path),
            todo="Give the .pub file that phisweep keygen wrote.",
        )
    return PublicKey(public.public_bytes_raw())


def refuse_in_repository(path: Path) -> None:
    """Raise UsageError where a private key lies, or would lie, in a work tree of git."""
    if any((folder / ".git").exists() for folder in path.absolute().resolve().parents):
        raise UsageError(
            "E133",
            "a private key may not lie in a git repository: one commit gives it away",
            where=str(path),
            todo="Keep it elsewhere.",
        )


def unusable(where: Path | str, why: str) -> ComponentError:
    """Return the error of a private key that cannot be used."""
    return ComponentError(
        "E409",
        f"the signing key cannot be used: {why}",
        where=str(where),
        todo="Give the file that phisweep keygen wrote, and --passphrase-env where it needs one.",
    )


def _write_new(path: Path, data: bytes, mode: int) -> None:
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise UsageError(
            "E130",
            f"the new key cannot be written: {error.strerror}",
            where=str(path),
            todo="Name a new file in a folder that is there.",
        ) from None

"""The options of keys that sign, and the keys that they name."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

import click

from phisweep.integrity.signatures import (
    PublicKey,
    SigningKey,
    private_key_from,
    public_key_from,
    unusable,
)

F = TypeVar("F", bound=Callable[..., Any])

_SIGN_KEY = click.option(
    "--sign-key",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="The private key that signs this step; see phisweep keygen.",
)
_PASSPHRASE = click.option(
    "--passphrase-env", metavar="NAME", help="The variable that holds its passphrase."
)


def signing(function: F) -> F:
    """Add the options of a step that may be signed."""
    return _SIGN_KEY(passphrase(function))


def passphrase(function: F) -> F:
    """Add the option that names the passphrase of a private key."""
    return _PASSPHRASE(function)


def signer_of(given: dict[str, Any]) -> SigningKey | None:
    """
    Return the key that signs, taken out of the options; None where none is named.

    Raises UsageError, ComponentError.
    """
    path, name = given.pop("sign_key"), given.pop("passphrase_env")
    if path is None:
        if name is not None:
            raise click.UsageError("--passphrase-env is of --sign-key, which is not given")
        return None
    return private_key_from(path, passphrase_of(name))


def signer_for(given: dict[str, Any], report: Path | None) -> SigningKey | None:
    """Return the key that signs what is written into a report. Raises UsageError, ComponentError."""
    if report is None and given["sign_key"] is not None:
        raise click.UsageError("--sign-key signs what --report writes, which is not given")
    return signer_of(given)


def passphrase_of(name: str | None) -> bytes:
    """Return the passphrase that a variable holds, empty where none is named. Raises ComponentError."""
    if name is None:
        return b""
    value = os.environ.get(name, "")
    if not value:
        raise unusable("--passphrase-env", f"the environment variable {name} is not set")
    return value.encode()


def trusted_of(paths: Sequence[Path]) -> tuple[PublicKey, ...] | None:
    """Return the keys that are trusted, None where none is named. Raises ComponentError."""
    return tuple(public_key_from(path) for path in paths) or None

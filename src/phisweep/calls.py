"""What a call from Python stands on: session, key and vault, and the codes for as long as it runs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Self

from phisweep.config import load_config
from phisweep.errors import UsageError
from phisweep.keys import Key, key_from_bytes
from phisweep.session import Session
from phisweep.subjects.store import Naming
from phisweep.transform.codes import RandomCodes, random_codes

if TYPE_CHECKING:
    from phisweep.transform.vault import Vault


@dataclass(frozen=True, slots=True)
class Call:
    """
    The rule set, policy and options of a call, and what it keeps secrets by.

    `given` are the keys of the configuration that the session was built from. `key` is the vault's
    own where there is a `vault`, which is closed outside of `codes`.
    """

    given: Mapping[str, object] = field(repr=False)
    session: Session = field(repr=False)
    key: Key
    vault: Vault | None = field(default=None, repr=False)

    @classmethod
    def of(
        cls,
        profile: str,
        engine: str,
        key: bytes | None,
        vault: str | Path | None = None,
        **given: object,
    ) -> Self:
        """
        Return the call of these options; without a key one is drawn.

        The whole vault is checked. Raises UsageError, RuleError, ComponentError, PolicyConflict.
        """
        secret = key_of(key)
        options = {"profile": profile, "engine": engine, **given}
        if vault is None:
            return cls(options, Session(load_config(None, options), secret), secret)
        if key is None:
            raise UsageError("E136", "a vault needs its key", todo="Give key, its bytes.")
        from phisweep.transform.vault import Vault  # noqa: PLC0415 - few calls have one

        with Vault.open(Path(vault), secret) as opened:
            own = opened.key
        return cls(options, Session(load_config(None, options), own), own, opened)

    def also(self, given: Mapping[str, object]) -> Self:
        """Return the same with further keys of the configuration. Raises as `of` does."""
        options = {**self.given, **given}
        session = Session(load_config(None, options), self.key)
        return replace(self, given=options, session=session)

    def subject(self, key: str) -> str:
        """Return what the data call the subject that has this key; "" for ""."""
        return Naming.of(self.key).digest("", key).hex() if key.strip() else ""

    @contextmanager
    def codes(self) -> Iterator[RandomCodes | Vault]:
        """Own the codes of the call: its vault's, which outlive it, or its own, which do not."""
        if self.vault is None:
            with random_codes(self.key) as codes:
                yield codes
            return
        try:
            yield self.vault
        finally:
            self.vault.close()


def key_of(key: bytes | None) -> Key:
    """Return the key that the same bytes in a file give, or one drawn. Raises ComponentError."""
    return Key.draw() if key is None else key_from_bytes(key, "the key of the caller")

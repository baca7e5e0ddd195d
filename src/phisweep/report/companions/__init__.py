"""
What comes to a report after its run: a review, a risk table, a measured recall, a sign-off.

`run.json` is never changed. Each companion is a file beside it, `<name>.json`, and a module here of
that name: its model `Record` (schema "phisweep-<name>/<version>"), the `TITLE` of its section,
`section(record)`, which returns the section's HTML as Markup without its heading, and
`markdown(record)`, which yields its lines. Modules are found by pkgutil. No record has a field for
a value of the data; each names the SHA-256 of the run.json that it belongs to, in `run_sha256`.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Protocol, overload

from markupsafe import Markup

from phisweep.errors import UsageError
from phisweep.integrity.digests import sha256_of
from phisweep.report.custodial import Step, steps_of
from phisweep.report.parts import Part
from phisweep.values import dataclass


class Kind(Protocol):
    """What a module of this folder owes."""

    TITLE: str
    Record: type[Part]

    @staticmethod
    def section(record: Part, /) -> Markup:
        """Return the HTML of the section."""

    @staticmethod
    def markdown(record: Part, /) -> Iterator[str]:
        """Yield the lines of the section."""


@dataclass(frozen=True, slots=True)
class Companion:
    """A companion that was read: its name, its title, its record."""

    name: str
    title: str
    record: Part
    kind: Kind

    @property
    def html(self) -> Markup:
        """The section as HTML."""
        return self.kind.section(self.record)

    @property
    def markdown(self) -> list[str]:
        """The section as lines of Markdown."""
        return [*self.kind.markdown(self.record)]


@dataclass(frozen=True, slots=True)
class Beside(Sequence[Companion]):
    """What stands beside a record: its companions in order, and the steps of its custody."""

    companions: tuple[Companion, ...] = ()
    custody: tuple[Step, ...] = ()

    @overload
    def __getitem__(self, at: int) -> Companion: ...
    @overload
    def __getitem__(self, at: slice) -> tuple[Companion, ...]: ...
    def __getitem__(self, at: int | slice) -> Companion | tuple[Companion, ...]:
        """Return a companion, or some of them."""
        return self.companions[at]

    def __len__(self) -> int:
        """Return how many companions there are."""
        return len(self.companions)


def names() -> list[str]:
    """Return the names of all companions, sorted."""
    return sorted(module.name for module in pkgutil.iter_modules(__path__))


def kinds() -> Mapping[str, Kind]:
    """Return the modules of this folder by name."""
    return {name: importlib.import_module(f"{__name__}.{name}") for name in names()}  # type: ignore[misc]


def load_companions(folder: Path, new: Mapping[str, Part] | None = None) -> Beside:
    """
    Read what stands beside the run.json of a folder; `new` comes in place of what stands there.

    The steps of custody are those before the one that is under way.

    Raises UsageError: E131 not readable, E150 not of its schema, or of another run.
    """
    found = []
    for name, kind in kinds().items():
        path = folder / f"{name}.json"
        if new and name in new:
            found.append(Companion(name, kind.TITLE, new[name], kind))
        elif path.is_file():
            found.append(Companion(name, kind.TITLE, _read(path, kind, folder), kind))
    return Beside(tuple(found), steps_of(folder))


def _read(path: Path, kind: Kind, folder: Path) -> Part:
    from pydantic import ValidationError  # noqa: PLC0415 - a file is read

    try:
        record = kind.Record.model_validate_json(path.read_bytes())
        run = sha256_of(folder / "run.json")
    except OSError as error:
        raise UsageError(
            "E131", f"the record cannot be read: {error.strerror}", where=path.name
        ) from None
    except ValidationError:
        raise UsageError(
            "E150",
            "this is not a record of the schema that this version writes",
            where=path.name,
            todo="Use the version of phisweep that wrote it, or a newer one.",
        ) from None
    if getattr(record, "run_sha256", "") != run:
        raise UsageError(
            "E150", "this belongs to another run.json than the one beside it", where=path.name
        )
    return record

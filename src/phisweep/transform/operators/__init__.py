"""
Operators: one file each, one decorated pure function, picked up by pkgutil.

An operator is a function of the covered text, its Context and its params, and returns the
replacement. The first line of its docstring is its description in reports.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Mapping
from dataclasses import field
from functools import cache
from typing import Protocol

from phisweep.errors import RuleError
from phisweep.keys import Key
from phisweep.values import dataclass

Params = Mapping[str, str | int | bool]


class Codes(Protocol):
    """Random codes, the same for the same value throughout a run."""

    def code(self, identifier: str, value: str) -> str:
        """Return the value's code: consonants only, drawn at random, never derived from it."""


class Seeds(Protocol):
    """What is drawn, or derived, once, and is the same for the same input ever after."""

    #: Whether seeds come of the value and a key, so that they are kept nowhere.
    derived: bool

    def seed(self, purpose: str, value: str, subject: str) -> bytes:
        """Return 32 bytes for a value of a subject ("": of nobody known), by purpose."""

    def claim(self, purpose: str, value: str, candidate: str) -> str | None:
        """
        Return what stands for a value: what was claimed for it first, else the candidate.

        None where the candidate is another value's. Where seeds are derived nobody asks.
        """


@dataclass(frozen=True, slots=True)
class Person:
    """What structured records say of a subject; `sex` is "F", "M" or "" where it is not told."""

    given: tuple[str, ...] = field(default=(), repr=False)
    surnames: tuple[str, ...] = field(default=(), repr=False)
    sex: str = field(default="", repr=False)


#: Identifiers of which a surrogate asks who the subject is.
PERSONAL = frozenset({"name", "email"})


class Surrogates(Protocol):
    """Invented values in place of true ones, the same for the same value of a subject."""

    @property
    def derived(self) -> bool:
        """Say whether they come of the value and a key, so that they are kept nowhere."""

    def replace(self, text: str, context: Context) -> str | None:
        """Return a surrogate of the text, None where none can be had that is no value of the data."""

    def is_key(self, context: Context) -> bool:
        """Say whether two values of this kind must never become one."""


@dataclass(frozen=True, slots=True)
class Context:
    """What an operator may know of a finding besides its text."""

    identifier: str
    rule: str = ""
    subject: str = field(default="", repr=False)
    label: str = field(default="", repr=False)  # the column or key that the text stands under
    reference_year: int = 0
    key: Key = field(default_factory=Key.draw, repr=False)
    codes: Codes | None = field(default=None, repr=False)
    surrogates: Surrogates | None = field(default=None, repr=False)
    seeds: Seeds | None = field(default=None, repr=False)
    person: Person | None = field(default=None, repr=False)
    zip3: frozenset[str] = field(default=frozenset(), repr=False)  # prefixes that may be kept


Operator = Callable[[str, Context, Params], str]
OPERATORS: dict[str, Operator] = {}
#: Those that leave a part of the text to be read.
#: Those of `coarsening`; ours stand here, so that a search need not import them to know them.
COARSE = {"bucket", "mask", "month", "quarter", "truncate"}
#: By operator, the pattern (RE2) of what becomes the same wherever its group `part` is the same.
ALIKE: dict[str, str] = {}
#: Presidio's operators, by the names under which the bridge offers them.
BRIDGE = "presidio-"
BRIDGED = tuple(BRIDGE + name for name in ("encrypt", "hash", "keep", "mask", "redact", "replace"))


def operator(function: Operator) -> Operator:
    """Register an operator under its function's name, underscores as dashes."""
    OPERATORS[function.__name__.replace("_", "-")] = function
    return function


def coarsening(function: Operator) -> Operator:
    """
    Register an operator that leaves a part of the text, a month, a range, its last four digits.

    Its result may be found again, where a tag is not. Hence it owes one thing more: asked about
    its own result, it leaves it as it is, which is how a second pass knows it.
    """
    COARSE.add(function.__name__.replace("_", "-"))
    return operator(function)


def alike(pattern: str) -> Callable[[Operator], Operator]:
    """
    Say that all texts that match the pattern whole with the same `part` become the same.

    Of a column of dates the year is then asked for once for each year, and not for each day.
    """

    def told(function: Operator) -> Operator:
        ALIKE[function.__name__.replace("_", "-")] = pattern
        return function

    return told


@cache  # of the imports; the registry itself may grow
def load() -> Mapping[str, Operator]:
    """Import every module of this folder once (but the bridge to Presidio), and return them."""
    for module in pkgutil.iter_modules(__path__):
        if module.name != "presidio":
            importlib.import_module(f"{__name__}.{module.name}")
    return OPERATORS


def names() -> tuple[str, ...]:
    """Return the names of all operators, those of Presidio too; Presidio is not imported."""
    own = {module.name.replace("_", "-") for module in pkgutil.iter_modules(__path__)}
    return (*sorted((own | OPERATORS.keys()) - {"presidio"}), *BRIDGED)


def get(name: str) -> Operator:
    """
    Return the operator of that name; only one of Presidio's imports Presidio.

    Raises RuleError that lists the known ones where there is none.
    """
    if name in BRIDGED:
        bridge: Callable[[str], Operator] = importlib.import_module(f"{__name__}.presidio").presidio
        return bridge(name)
    if name not in OPERATORS and name in names():
        importlib.import_module(f"{__name__}.{name.replace('-', '_')}")
    if name not in OPERATORS:
        raise RuleError(
            "E160", f"no operator is called {name!r}", todo=f"Known: {', '.join(names())}."
        )
    return OPERATORS[name]


class _NoCodes:
    """Codes for a trial, in which there is nothing to replace."""

    def code(self, identifier: str, value: str) -> str:  # noqa: ARG002 - nothing is replaced
        return ""


def check_params(name: str, identifier: str, params: Params) -> None:
    """
    See that the operator takes the params, by asking it about an empty text.

    Presidio's are asked when they are used: they take seconds to import. Raises RuleError.
    """
    if name not in BRIDGED:
        get(name)("", Context(identifier, codes=_NoCodes()), params)


def describe(name: str) -> str:
    """Return the operator's one-line description, from its docstring. Raises RuleError."""
    return (get(name).__doc__ or "").strip().splitlines()[0]

"""The table of checks, by the names that rules use."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

Lists = Sequence[Collection[str]]
Validator = Callable[[str, Lists], bool]
VALIDATORS: dict[str, Validator] = {}
#: Of some checks, what says of which words no text that passes begins with one.
OPENERS: dict[str, Callable[[Lists], Callable[[str], bool]]] = {}


def validator(function: Validator) -> Validator:
    """Register a check under its own name."""
    VALIDATORS[function.__name__] = function
    return function

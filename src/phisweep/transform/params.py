"""The params of operators, read: what an operator does not take is an error, never ignored."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from itertools import pairwise

from phisweep.errors import RuleError

#: What the treatment of a column says beside the operator's own params.
_OF_COLUMNS = frozenset({"identifier"})


class Reader:
    """
    Reads the params of one operator.

    Raises RuleError where one is not among `known`, and, reading, where one has a value that it
    does not take.
    """

    def __init__(
        self, operator: str, params: Mapping[str, str | int | bool], known: Collection[str]
    ) -> None:
        self._operator = operator
        self.params = params
        strange = sorted({*params} - {*known} - _OF_COLUMNS)
        if strange:
            raise self.wrong(f"{strange[0]} is none of its params: {', '.join(known) or 'none'}")

    def __contains__(self, name: str) -> bool:
        return name in self.params

    def whole(self, name: str, least: int, default: int) -> int:
        """Return a whole number from `least` on."""
        value = self.params.get(name, default)
        if isinstance(value, bool) or not isinstance(value, int) or value < least:
            raise self.wrong(f"{name} is a whole number from {least} on")
        return value

    def one_of(self, name: str, choices: Sequence[str]) -> str:
        """Return one of the choices, the first of them where nothing is said."""
        value = self.params.get(name, choices[0])
        if value not in choices:
            raise self.wrong(f"{name} is one of {', '.join(choices)}")
        return str(value)

    def ascending(self, name: str) -> tuple[int, ...]:
        """Return whole numbers that a text names, each more than the one before; () for none."""
        parts = [part.strip() for part in str(self.params.get(name, "")).split(",")]
        if parts == [""]:
            return ()
        if not all(part.isascii() and part.isdecimal() for part in parts):
            raise self.wrong(f'{name} are whole numbers, as in "18,45,65"')
        numbers = tuple(map(int, parts))
        if any(b <= a for a, b in pairwise(numbers)):
            raise self.wrong(f"{name} are numbers, each more than the one before")
        return numbers

    def text(self, name: str, default: str) -> str:
        """Return the param as text."""
        return str(self.params.get(name, default))

    def wrong(self, what: str) -> RuleError:
        """Return the error that says what the operator takes; of params, never of a text."""
        return RuleError("E174", f"{self._operator}: {what}", todo="See docs/policies.md.")

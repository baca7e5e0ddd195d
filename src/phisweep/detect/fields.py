"""What names of columns and keys say about the values under them."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from functools import cached_property, lru_cache

from phisweep.detect.compiled import Compiled
from phisweep.detect.rules import FieldRule, compile_fields
from phisweep.detect.shapes import says_nothing, shapes
from phisweep.detect.standards import Standards
from phisweep.model import Finding, Location, Text
from phisweep.ruleset.load import Ruleset
from phisweep.ruleset.schema import FieldStandard

_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_BREAK = re.compile(r"[\W_]+")


@lru_cache(maxsize=4096)
def normal_name(name: str) -> str:
    """Return a column's or key's name as lower-case words joined by `_`: SocSecNo, soc_sec_no."""
    return _BREAK.sub("_", _HUMP.sub("_", name.strip())).strip("_").lower()


class Fields:
    """The field rules of a rule set, by name."""

    def __init__(
        self,
        ruleset: Ruleset,
        compiled: Compiled | None = None,
        written: Sequence[FieldStandard] = ("csv", "json"),
    ) -> None:
        self._ruleset = ruleset
        self._compiled = compiled
        self._written = written
        self._known: dict[str, Sequence[FieldRule]] = {}
        self.standards = Standards(ruleset)

    @cached_property
    def _rules(self) -> list[FieldRule]:  # which text without labels does not need
        own = self._ruleset
        return [
            field
            for rule in own.rules
            for field in compile_fields(rule, own, self._written, self._compiled)
        ]

    def named(self, label: str) -> Sequence[FieldRule]:
        """Return the field rules that know the name, the most certain and most exact first."""
        name = normal_name(label)
        if name not in self._known:
            if len(self._known) > 10_000:  # noqa: PLR2004 - JSON keys may be data
                self._known.clear()
            hits = [rule for rule in self._rules if rule.names.fullmatch(name)]
            self._known[name] = sorted(
                hits, key=lambda r: (-r.entry.confidence, not _exact(r, name), not r.entry.when)
            )
        return self._known[name]

    def judge(
        self, label: str, seen: Collection[str], values: Sequence[str] = ()
    ) -> FieldRule | None:
        """
        Return the rule for values of these shapes under that name, or None.

        Of several, the first is taken that accepts half of the distinct `values` or more: a column
        called name holds people in one table and hospitals in another.
        """
        fitting = [rule for rule in self.named(label) if rule.suits(seen)]
        if len(fitting) > 1:
            for rule in fitting:
                if 2 * sum(map(rule.accepts, values)) >= len(values):
                    return rule
        return fitting[0] if fitting else None

    def find(self, block: Text) -> list[Finding]:
        """
        Return a finding over the whole stripped value of a labelled single value, or none.

        Where a standard says what its place holds, that holds, and not what its key sounds like.
        """
        told = self.standards.find(block)
        return self.by_name(block) if told is None else told

    def by_name(self, block: Text) -> list[Finding]:
        """Return what the name of its column or key says of a value, whatever its standard says."""
        rule = self.fitting(block.label, block.text.strip()) if block.label else None
        return [] if rule is None else [whole_value(block, rule)]

    def fitting(self, label: str, value: str) -> FieldRule | None:
        """Return the first rule for a name that takes a stripped value, or None."""
        rules = self.named(label)
        if not rules or says_nothing(value):
            return None
        seen = shapes(value)
        return next((rule for rule in rules if rule.suits(seen) and rule.accepts(value)), None)

    def identifier(self, block: Text) -> str:
        """Return what a labelled single value is, "" where its label does not say."""
        found = self.find(block) if block.kind == "value" or block.path else []
        return found[0].identifier if found else ""


def whole_value(block: Text, rule: FieldRule) -> Finding:
    """Return the finding of a field rule over a block's stripped text."""
    start = len(block.text) - len(block.text.lstrip())
    end = len(block.text.rstrip())
    return found_by(rule, block.location, start, end, "the name of its column or key says so")


def found_by(rule: FieldRule, location: Location, start: int, end: int, why: str) -> Finding:
    """Return the finding of a field rule over a stretch of a text."""
    return Finding(
        location,
        start,
        end,
        rule.identifier,
        rule.id,
        rule.entry.confidence,
        rule.severity,
        (f"field {rule.id}: {why}",),
    )


def _exact(rule: FieldRule, name: str) -> bool:
    return name in rule.entry.field.get("csv", ()) or name in rule.entry.field.get("json", ())

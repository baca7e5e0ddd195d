"""
Labels of corpora and tools -> our classes. The maps are data: labels.yaml, and a file of the user's.

A map may say of a label that some of its values are no identifiers under Safe Harbor: an age under
90, a year by itself. In gold they become IGNORE; a prediction is what its label says.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from phisweep.evaluate import faults
from phisweep.evaluate.values import IGNORE, UNKNOWN, class_of
from phisweep.model import IDENTIFIERS
from phisweep.ruleset.load import read_file

_OURS = Path(__file__).with_name("labels.yaml")
_TOLD = re.compile(r"[A-Za-z][A-Za-z_/ :.-]{0,39}")


def _target(name: str) -> str:
    folded = name.casefold()
    if folded not in IDENTIFIERS and folded != "ignore":
        raise ValueError(f"is none of {', '.join(IDENTIFIERS)}, ignore")
    return folded


def _regex(text: str) -> str:
    try:
        re.compile(text)
    except re.error:
        raise ValueError("is no regular expression") from None
    return text


class Target(BaseModel):
    """What a label is; `unless` matches, in full, the values of it that are no identifiers."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    identifier: Annotated[str, AfterValidator(_target)] = Field(alias="is")
    unless: Annotated[str, AfterValidator(_regex)] = ""
    why: str = ""


#: A target as files write it: in full, or the identifier alone.
ShortTarget = Annotated[
    Target, BeforeValidator(lambda told: {"is": told} if isinstance(told, str) else told)
]


class LabelMap(BaseModel):
    """One list of labels; a user's own file is one."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: str = ""
    source: str = ""
    labels: dict[str, ShortTarget]


class LabelMaps(BaseModel):
    """labels.yaml: lists of labels, in the order in which they are asked."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    version: Literal[1]
    maps: dict[str, LabelMap]


@dataclass(frozen=True, slots=True)
class Labels:
    """All maps, the user's first."""

    maps: Mapping[str, Mapping[str, Target]]
    _values: dict[str, re.Pattern[str]] = field(default_factory=dict, repr=False)

    @classmethod
    def load(cls, own: Path | None = None) -> Labels:
        """Read the maps, and the user's own. Raises RuleError."""
        shipped = read_file(_OURS, LabelMaps).maps
        users = {"own": read_file(own, LabelMap)} if own is not None else {}
        return cls(
            {
                name: {_fold(label): target for label, target in each.labels.items()}
                for name, each in (users | shipped).items()
            }
        )

    def gold(self, label: str, value: str, where: str, prefer: str = "") -> str:
        """
        Return the class of a marked value, or IGNORE. Raises UsageError (E179) for a label unknown.

        `prefer` names the map that is asked after the user's own.
        """
        target = self._find(label, prefer)
        if target is None:
            told = f"the label {label}" if _TOLD.fullmatch(label) else "a label"
            raise faults.unlabelled(
                where,
                f"{told} is in no list of labels",
                "Give --labels FILE with a line that says what it is; `ignore` is an answer.",
            )
        if target.unless and self._pattern(target.unless).fullmatch(value.strip()):
            return IGNORE
        return IGNORE if target.identifier == "ignore" else class_of(target.identifier)

    def predicted(self, label: str, prefer: str = "") -> str:
        """Return the class of a prediction; UNKNOWN where its label is, or is none of ours."""
        target = self._find(label, prefer)
        if target is None or target.identifier == "ignore":
            return UNKNOWN
        return class_of(target.identifier)

    def _find(self, label: str, prefer: str) -> Target | None:
        folded = _fold(label)
        names: Sequence[str] = [n for n in ("own", prefer) if n in self.maps]
        for name in dict.fromkeys((*names, *self.maps)):
            if folded in self.maps[name]:
                return self.maps[name][folded]
        return None

    def _pattern(self, regex: str) -> re.Pattern[str]:
        if regex not in self._values:
            self._values[regex] = re.compile(regex)
        return self._values[regex]


def _fold(label: str) -> str:
    """`Medical-Record number` -> `medical_record_number`."""
    return re.sub(r"[\s-]+", "_", label.strip().casefold())

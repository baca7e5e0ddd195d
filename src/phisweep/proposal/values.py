"""What a proposal holds: names of columns, counts and reasons; no value of the data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from phisweep.model import IDENTIFIERS

Role = Literal[
    "unknown",
    "direct identifier",
    "date",
    "age",
    "geography",
    "quasi-identifier",
    "free text",
    "clinical",
    "code",
    "category",
    "measurement",
    "by its standard",
    "empty",
]
#: In the order in which a person should look at them.
ROLES: tuple[Role, ...] = get_args(Role)
#: Distinct values of a place that are told apart; what is beyond is ">10,000".
DISTINCT = 10_000


@dataclass(frozen=True, slots=True)
class Evidence:
    """
    Counts of what was read of one column or path.

    `rows` cells or leaves, `filled` those that say something, `distinct` values among them (one
    more than DISTINCT where there are more). `examined` filled ones were searched by the rules;
    `found` says in how many of them each identifier was found, the most frequent first.
    """

    rows: int
    filled: int
    distinct: int
    examined: int
    found: tuple[tuple[str, int], ...] = ()

    @property
    def distinct_shown(self) -> str:
        """`412`, or `>10,000`."""
        return f">{DISTINCT:,}" if self.distinct > DISTINCT else f"{self.distinct:,}"


@dataclass(frozen=True, slots=True)
class Sort:
    """
    What a place seems to be, and how that was decided.

    `advice` is the operator that is likely right, where a person has to decide, else "".
    """

    role: Role
    how: str
    identifier: str = ""
    rule: str = ""
    advice: str = ""


@dataclass(frozen=True, slots=True)
class ColumnPlan:
    """
    One column or JSON path of a file entry.

    `place` is what it is called outside, `name` what a policy calls it, "" where it cannot be
    named without telling what may be data. `operator` is the one that the policy uses, for the
    whole where there is an identifier; `decided` says that the policy already names the place.
    """

    place: str
    name: str
    sort: Sort
    evidence: Evidence
    action: str = ""
    operator: str = ""
    decided: bool = False

    @property
    def letter(self) -> str:
        """The letter (A) to (R) of its identifier, "" where it has none."""
        return IDENTIFIERS.get(self.sort.identifier, "")


@dataclass(frozen=True, slots=True)
class FilePlan:
    """
    Files that one pattern names: tables with the same columns, or JSON with like paths.

    `read` says how much of them was read ("first 10,000 rows"), "" for all. `also` counts files of
    other entries that the pattern fits as well, `hidden` places that were too many to be listed.
    """

    glob: str
    files: int
    format: str
    rows: int
    columns: tuple[ColumnPlan, ...]
    read: str = ""
    also: int = 0
    hidden: int = 0

    @property
    def undecided(self) -> tuple[ColumnPlan, ...]:
        """The places that a person has to decide on: nobody knows what they hold."""
        return tuple(c for c in self.columns if c.sort.role == "unknown" and not c.decided)

    @property
    def removed(self) -> tuple[ColumnPlan, ...]:
        """The places that the rules remove, and that could likely be kept."""
        return tuple(
            c
            for c in self.columns
            if c.sort.advice == "keep" and c.sort.role != "unknown" and not c.decided
        )


@dataclass(frozen=True, slots=True)
class SubjectKey:
    """
    Where the key of a subject seems to stand in the files of a pattern, and why.

    `shared` counts the other patterns of files that hold half of its values or more.
    """

    glob: str
    key: str
    why: str
    shared: int = 0


@dataclass(frozen=True, slots=True)
class Other:
    """Files without columns, or that were not read: their pattern, how many, and what is said."""

    glob: str
    files: int
    what: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """
    What was seen of a data set. `profile` is what the policy extends, `method` its law.

    `unread` could not be read; of what is `held` no copy is written, and somebody has to look at it.
    """

    profile: str
    method: str
    files: tuple[FilePlan, ...]
    keys: tuple[SubjectKey, ...] = ()
    texts: tuple[Other, ...] = ()
    unread: tuple[Other, ...] = ()
    held: tuple[Other, ...] = ()

    @property
    def places(self) -> int:
        """How many columns and paths there are."""
        return sum(len(file.columns) for file in self.files)

    @property
    def undecided(self) -> int:
        """How many of them a person has to decide on."""
        return sum(len(file.undecided) for file in self.files)

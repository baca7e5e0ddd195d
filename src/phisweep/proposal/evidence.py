"""What is counted of the values of one column or JSON path; of a value, only a keyed digest stays."""

from __future__ import annotations

import enum
import hashlib
import re
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field

from phisweep.detect.shapes import shapes
from phisweep.keys import fold
from phisweep.proposal.values import DISTINCT, Evidence
from phisweep.ruleset.load import Ruleset
from phisweep.ruleset.schema import Treatment

_CODED = re.compile(r"(?=.{0,63}[A-Za-z])(?=(?:.{0,63}?\d){3})[A-Za-z0-9][A-Za-z0-9._:/|-]{5,127}")
_AMOUNT = re.compile(
    r"[<>]?=?\s?[-+]?\d[\d,]{0,15}(?:\.\d{1,12})?(?:\s?(?:[/x-]|to)\s?\d{1,9}(?:\.\d{1,12})?)?"
    r"(?:\s?[%A-Za-z\u00b5\u00b0\u03bc][\w%/*.^\u00b2\u00b3\[\]{}-]{0,14})?"
)
_VOCABULARY = re.compile(
    r"[A-TV-Z]\d[0-9A-Z](?:\.[0-9A-Z]{1,4})?|\d{1,5}-\d|[A-Z]\d\d[A-Z]{2}\d\d"  # ICD-10, LOINC, ATC
    r"|urn:(?:oid:|ietf:|iso:)[\w.:-]{1,90}|https?://[\w.-]{3,80}(?:/[\w./#|-]{0,160})?"
    r"|(?:1\.2\.840\.10008|2\.16\.840\.1\.113883)[\d.]{1,64}|[A-Z]{2,12}(?:-[A-Z0-9]{1,8}){1,2}"
)
_CLOCK = re.compile(r"\d{1,2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?(?:\s?[AaPp][Mm])?")
_WORD = re.compile(r"[^\W\d_]{2,}")
_INITIAL = re.compile(r"[A-Z][\w'\u2019-]*(?: [A-Z][\w'\u2019.-]*){0,3}|[A-Z]+")
_TINY, _SHORT, _LONG = 3, 24, 200  # code points
_SPACES = 3  # in running text, at least


class Trait(enum.IntFlag):
    """What one value looks like."""

    NUMBER = 1
    INTEGER = 2
    AMOUNT = 4  # a number, or one with a unit, a bound or a range
    TEXT = 8  # running text
    ORDINARY = 16  # its words are those of our lists of ordinary words
    NAMELIKE = 32  # capital letters, and words of our lists of names
    CODED = 64  # letters and at least three digits, without spaces
    UUID = 128
    VOCABULARY = 256  # written as a code of a known vocabulary
    CLOCK = 512
    SHORT = 1024
    TINY = 4096
    BLOB = 2048  # long, and without spaces


@dataclass(frozen=True, slots=True)
class Words:
    """Lists by which a word is ordinary, or somebody's name."""

    ordinary: frozenset[str]
    names: frozenset[str]

    @classmethod
    def of(cls, ruleset: Ruleset) -> Words:
        """Take them from the rules; a word that is a name as well is not ordinary."""
        names = ruleset.members("given-names") | ruleset.members("surnames")
        also = ruleset.members("names-that-are-words")
        ordinary = ruleset.members("ordinary-words") - also
        ordinary |= ruleset.members("body-words") | ruleset.members("facility-generic")
        return cls(ordinary, names)


def traits(value: str, words: Words, *, prose: bool) -> Trait:
    """Return what a stripped value looks like; `prose`: its format says that it is text."""
    seen = shapes(value)
    lower = [word.casefold() for word in _WORD.findall(value)]
    ordinary = sum(word in words.ordinary for word in lower)
    named = sum(word in words.names and word not in words.ordinary for word in lower)
    holds = {
        Trait.NUMBER: "number" in seen,
        Trait.INTEGER: "digits" in seen,
        Trait.AMOUNT: "number" in seen or bool(_AMOUNT.fullmatch(value)),
        Trait.TEXT: (prose or "text" in seen) and value.count(" ") >= _SPACES,
        Trait.ORDINARY: bool(lower) and 2 * ordinary >= len(lower),
        Trait.NAMELIKE: bool(named) and 2 * named >= len(lower) and bool(_INITIAL.fullmatch(value)),
        Trait.CODED: bool(_CODED.fullmatch(value)),
        Trait.UUID: "uuid" in seen,
        Trait.VOCABULARY: bool(_VOCABULARY.fullmatch(value)),
        Trait.CLOCK: bool(_CLOCK.fullmatch(value)),
        Trait.SHORT: len(value) <= _SHORT,
        Trait.TINY: len(value) <= _TINY,
        Trait.BLOB: len(value) > _LONG and " " not in value and "/" not in value[:_SHORT],
    }
    return Trait(sum(trait for trait, held in holds.items() if held))


@dataclass(slots=True)
class Gathered:
    """
    The counts of one place, over the files of an entry.

    `kinds` maps the digest of each distinct value to its traits, `lengths` counts the lengths of
    distinct whole numbers (digits), `keys` are the digests of what could be the key of a record.
    `verdicts` counts the files in which the place as a whole was judged to be something. `fates` is
    how often what became of it, where a standard says that, and `fate` why.
    """

    label: str = field(repr=False)
    place: str
    name: str
    treatment: Treatment | None = None
    rows: int = 0
    filled: int = 0
    examined: int = 0
    many: bool = False
    kinds: dict[int, int] = field(default_factory=dict, repr=False)
    keys: set[int] = field(default_factory=set, repr=False)
    lengths: Counter[int] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)
    whole: Counter[tuple[str, str]] = field(default_factory=Counter)
    verdicts: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    judged: int = 0
    fate: tuple[str, ...] | None = None
    fates: Counter[str] = field(default_factory=Counter)

    @property
    def distinct(self) -> int:
        """Distinct values, one more than DISTINCT where there are more."""
        return len(self.kinds) + self.many

    def share(self, trait: Trait) -> float:
        """Return which share of the distinct values has one of these traits, in [0, 1]."""
        if not self.kinds:
            return 0.0
        return sum(1 for kind in self.kinds.values() if kind & trait) / len(self.kinds)

    def evidence(self) -> Evidence:
        """Return the counts that may be told."""
        found = tuple(sorted(self.found.items(), key=lambda item: (-item[1], item[0])))
        return Evidence(self.rows, self.filled, self.distinct, self.examined, found)

    def take(self, other: Gathered) -> None:
        """Add the counts of the same place in another file."""
        self.rows += other.rows
        self.filled += other.filled
        self.examined += other.examined
        self.judged += other.judged
        for digest, kind in other.kinds.items():
            if digest in self.kinds or len(self.kinds) < DISTINCT:
                self.kinds[digest] = kind
            else:
                self.many = True
        self.many = self.many or other.many
        self.keys |= other.keys
        self.lengths += other.lengths
        self.found += other.found
        self.whole += other.whole
        self.verdicts += other.verdicts
        self.fates += other.fates
        self.treatment = self.treatment or other.treatment


@dataclass(frozen=True, slots=True)
class Digests:
    """Keyed digests of values, 8 bytes as a number: BLAKE2b (RFC 7693) under a key of the run."""

    secret: bytes = field(repr=False)

    def of(self, value: str) -> int:
        """Return the digest of a value as it is written."""
        data = value.encode(errors="surrogatepass")
        digest = hashlib.blake2b(data, digest_size=8, key=self.secret).digest()
        return int.from_bytes(digest, "big")

    def of_key(self, value: str) -> int:
        """Return the digest of the key of a record: case, separators, leading zeros do not count."""
        return self.of(fold(value).lstrip("0") or value)


def could_be_key(kind: int, identifiers: Collection[str]) -> bool:
    """Say whether a value of these traits could number a record."""
    return bool(kind & (Trait.INTEGER | Trait.CODED | Trait.UUID)) or "mrn" in identifiers

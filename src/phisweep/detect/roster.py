"""
The roster: what structured records know of a subject, searched in that subject's texts.

A rule must know a name from a word by what stands around it; here the name is known. One pass
over the words of a text, one dictionary look-up a distinct word; what a word may begin is looked
at where it stands.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from phisweep.detect import birthforms
from phisweep.detect.namefinder import NameFinder
from phisweep.detect.nameforms import ATOM, GLUED, NAME, TYPO, NameForms, PersonName, nicknames
from phisweep.detect.namestands import Words
from phisweep.detect.namewords import plain
from phisweep.detect.normal import normalise
from phisweep.detect.valueforms import SURE, Hit, Page, Values, emails_in
from phisweep.marks import MARK
from phisweep.model import Finding, Text
from phisweep.ruleset.load import Ruleset

#: What an atom can begin besides a name; bits beside those of nameforms.
_VALUE, _YEAR = 256, 512
_INTERESTING = NAME | GLUED | TYPO | _VALUE | _YEAR
_AROUND = 30  # code points before and after the year of a date
_REMEMBERED = 65_536  # words whose role is remembered
_MAY_BE_MARK = re.compile(r"[\[<+]").search
_TOLD = {
    "name": "name",
    "date": "date",
    "phone": "telephone number",
    "location": "address",
    "email": "e-mail address",
}


@dataclass(frozen=True, slots=True)
class Known:
    """
    What structured records say of one subject.

    `names` are the subject's own first, then those of relatives and contacts; where only theirs
    are known, the first is empty. `ids` are pairs of an identifier (model.IDENTIFIERS) and a value,
    `addresses` street lines and towns; `sex` is "F", "M" or "" where it is not told.
    """

    names: tuple[PersonName, ...] = field(default=(), repr=False)
    ids: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    births: tuple[dt.date, ...] = field(default=(), repr=False)
    phones: tuple[str, ...] = field(default=(), repr=False)
    emails: tuple[str, ...] = field(default=(), repr=False)
    addresses: tuple[str, ...] = field(default=(), repr=False)
    sex: str = field(default="", repr=False)


def formal_of(ruleset: Ruleset) -> Callable[[str], str]:
    """
    Return a function that gives what a folded given name (namewords.plain) is short for.

    Of several it is the usual one, and a name that is short for nothing is itself. Raises
    RuleError where the list of nicknames is not its own.
    """
    return nicknames(ruleset.entries("nicknames")).formal


class Roster:
    """
    What is known of one subject, made ready to be searched when the first text comes.

    The rule set's lists say what words are beside being names; RuleError where one is not its own.
    """

    def __init__(self, known: Known, ruleset: Ruleset) -> None:
        self._known = known
        self._ruleset = ruleset
        self._roles: dict[str, int] = {}

    def find(self, block: Text) -> list[Finding]:
        """
        Return findings of rules `name/roster`, `mrn/roster` and so on, which do not overlap.

        Offsets are half-open code points of the block's text; nothing inside a mark is found.
        """
        if self._known == Known(sex=self._known.sex):
            return []
        normal = normalise(block.text)
        hits = _apart(self._hits(normal.text, loose=block.kind == "filename"))
        marks = [m.span() for m in MARK.finditer(block.text)] if _MAY_BE_MARK(block.text) else []
        out: list[Finding] = []
        for hit in hits:
            start, end = normal.source_span(hit.start, hit.end)
            if any(s < end and start < e for s, e in marks):
                continue
            what = _TOLD.get(hit.identifier, "number")
            out.append(
                Finding(
                    block.location,
                    start,
                    end,
                    hit.identifier,
                    f"{hit.identifier}/roster",
                    hit.score,
                    "high",
                    (f"the subject's own record has this {what}",),
                )
            )
        return out

    @cached_property
    def _names(self) -> NameFinder:
        short = nicknames(self._ruleset.entries("nicknames"))
        return NameFinder(NameForms.of(self._known.names, short), Words.of(self._ruleset))

    @cached_property
    def _values(self) -> Values:
        known = self._known
        return Values(known.ids, known.phones, known.addresses, self._ruleset)

    @cached_property
    def _birth(self) -> re.Pattern[str] | None:
        return birthforms.compiled(self._known.births)

    @cached_property
    def _years(self) -> frozenset[str]:
        return birthforms.anchors(self._known.births)

    def _role(self, raw: str) -> int:
        folded = plain(raw)
        role = _VALUE if self._values.begins(folded) else 0
        if raw[0].isdigit():
            return role | (_YEAR if raw in self._years else 0)
        return role | self._names.role(raw, folded)

    def _hits(self, text: str, *, loose: bool) -> Iterator[Hit]:
        raws: list[str] = ATOM.findall(text)
        seen = self._roles
        if len(seen) > _REMEMBERED:
            seen.clear()
        for raw in set(raws) - seen.keys():
            seen[raw] = self._role(raw)
        roles = [seen[raw] for raw in raws]
        yield from emails_in(text, self._known.emails)
        spans = [m.span() for m in ATOM.finditer(text)]
        page = Page(text, raws, spans, roles, loose)
        yield from self._names.find(page)
        for i, role in enumerate(roles):
            if role & _VALUE:
                hit = self._values.at(page, i)
                if hit is not None:
                    yield hit
            if role & _YEAR:
                yield from self._dates(text, *spans[i])

    def _dates(self, text: str, start: int, end: int) -> Iterator[Hit]:
        if self._birth is None:
            return
        for match in self._birth.finditer(text, max(0, start - _AROUND), end + _AROUND):
            if match.start() <= start and end <= match.end():
                yield Hit(*match.span(), "date", SURE)


def _apart(hits: Iterable[Hit]) -> Sequence[Hit]:
    """Return hits in their order; of those that overlap the longest, and of equal ones the surest."""
    kept: list[Hit] = []
    for hit in sorted(hits, key=lambda h: (h.start, -h.end, -h.score)):
        if kept and hit.start < kept[-1].end:
            if hit.end - hit.start > kept[-1].end - kept[-1].start:
                kept[-1] = hit
        else:
            kept.append(hit)
    return kept

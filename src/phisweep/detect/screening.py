"""
Distinct values of a column cleared, or claimed by its verdict, all at once.

A screen says only what is sure, by patterns that Arrow matches: of plain ASCII without blanks around
it, which is no mark and not as general as an operator would make it. What it does not say is asked
value by value; both ways give the same findings.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import field

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from phisweep.arrays import flags, numbers
from phisweep.detect.rules import FieldRule
from phisweep.detect.shapes import NOTHING
from phisweep.marks import BEGINS, general_form
from phisweep.values import dataclass

#: What a value is, where it is no length of a finding over all of it.
CLEAR, ASK = -1, -2
Kinds = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

_PLAIN = "^[!-~](?:[ -~]*[!-~])?$"
_NUMBER = r"^[-+]?(?:[0-9]{1,40}|[0-9]{1,40}\.[0-9]{0,40}|\.[0-9]{1,40})(?:[eE][-+]?[0-9]{1,4})?$"
_NOTHING = "|".join(re.escape(word) for word in sorted(NOTHING) if word)
#: What Python and RE2 do not read alike, or RE2 does not read; it refuses other things by itself.
_UNLIKE = re.compile(r"[*+?}]\+|\{,|\[:")
_AHEAD = {"(?=": True, "(?!": False}
_INLINE = re.compile(r"\(\?i\)")


@dataclass(frozen=True, slots=True)
class Branch:
    """One way to be a value: patterns that it begins with or does not, and one for all of it."""

    whole: str = field(repr=False)
    begins: tuple[tuple[str, bool], ...] = field(default=(), repr=False)

    def takes(self, values: pa.StringArray) -> Flags:
        """Say which values are so."""
        sure = matching(values, self.whole)
        for pattern, wanted in self.begins:
            sure &= matching(values, pattern) == wanted
        return sure


@dataclass(frozen=True, slots=True)
class Screen:
    """
    What is sure of the values of one column.

    `claims`: each value that one of the branches of `accepts` takes (None: every one) is of the
    `identifier`, from its first character to its last; else `numbers` are clear, and nothing is
    claimed.
    """

    numbers: bool = False
    claims: bool = False
    identifier: str = ""
    accepts: tuple[Branch, ...] | None = field(default=None, repr=False)

    def __call__(self, values: pa.StringArray) -> Kinds:
        """Return for each value the length of a finding over all of it, CLEAR or ASK."""
        if self.claims:
            return self._claimed(values)
        kinds = np.full(len(values), ASK, dtype=np.int64)
        if self.numbers:
            kinds[matching(values, _NUMBER)] = CLEAR
        return kinds

    def _claimed(self, values: pa.StringArray) -> Kinds:
        form = general_form(self.identifier)
        other = f"(?i)^(?:{_NOTHING}{f'|{form}' if form else ''})$|^(?:{BEGINS})"
        sure = matching(values, _PLAIN) & ~matching(values, other)
        if self.accepts is not None:
            sure &= np.logical_or.reduce([branch.takes(values) for branch in self.accepts])
        lengths = numbers(pc.binary_length(values))
        return np.where(sure, lengths, ASK).astype(np.int64)


def screen_of(field_rule: FieldRule | None, identifier: str) -> Screen:
    """Return the screen of a column that a rule of its name, or its values alone, have judged."""
    if field_rule is None:
        return Screen(claims=True, identifier=identifier)
    if field_rule.checker is not None:
        return Screen()
    if field_rule.value is None:
        return Screen(claims=True, identifier=identifier)
    branches = branches_of(field_rule.value)
    return Screen(claims=bool(branches), identifier=identifier, accepts=branches)


def matching(values: pa.StringArray, pattern: str) -> Flags:
    """Return in which values RE2 finds the pattern."""
    return flags(pc.match_substring_regex(values, pattern))


def branches_of(pattern: re.Pattern[str]) -> tuple[Branch, ...]:
    """Return the ways to match all of plain ASCII, in what RE2 reads as Python does; () if none."""
    text, flags = pattern.pattern, "i" if pattern.flags & re.IGNORECASE else ""
    text = _INLINE.sub("", text, count=1) if text.startswith("(?i)") else text
    if pattern.flags & ~(re.UNICODE | re.IGNORECASE):
        return ()
    found = [_branch(part, flags) for part in _parts(text)]
    return tuple(branch for branch in found if branch) if all(found) else ()


def _branch(text: str, flags: str) -> Branch | None:
    begins: list[tuple[str, bool]] = []
    while text[:3] in _AHEAD:
        end = _closing(text)
        begins.append((f"(?{flags}:^(?:{text[3:end]}))", _AHEAD[text[:3]]))
        text = text[end + 1 :]
    made = Branch(f"(?{flags}:^(?:{text})$)", tuple(begins))
    patterns = [made.whole, *(pattern for pattern, _ in begins)]
    return made if all(map(_is_read, patterns)) else None


def _is_read(pattern: str) -> bool:
    """Say whether RE2 reads a pattern, and as Python does."""
    if _UNLIKE.search(pattern):
        return False
    try:
        pc.match_substring_regex(pa.nulls(1, pa.string()), pattern)
    except pa.ArrowInvalid:
        return False
    return True


def _parts(text: str) -> list[str]:
    """Return the alternatives of a pattern that stand in no group."""
    parts, begin = [], 0
    for at, depth in _depths(text):
        if text[at] == "|" and not depth:
            parts.append(text[begin:at])
            begin = at + 1
    return [*parts, text[begin:]]


def _closing(text: str) -> int:
    """Return where the group closes that a pattern begins with."""
    return next(at for at, depth in _depths(text) if text[at] == ")" and not depth)


def _depths(text: str) -> Iterator[tuple[int, int]]:
    """Yield each sign that stands in no class and is not escaped, and how many groups are open."""
    at = depth = 0
    inside = False
    while at < len(text):
        sign = text[at]
        if sign == "\\":
            at += 2
            continue
        if inside:
            inside = sign != "]"
        elif sign == "[":
            inside = True
            at += text.startswith("^", at + 1) + text.startswith(("]", "^]"), at + 1)
        else:
            depth += (sign == "(") - (sign == ")")
            yield at, depth
        at += 1

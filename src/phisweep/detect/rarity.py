"""
How often a short string stands in clinical text, reckoned; a wrong reckoning costs time, no match.

A character is foretold by the class of the one before it, then drawn from its own class. The
numbers were counted over English visit notes and rounded.
"""

from __future__ import annotations

import re
from functools import cache

from phisweep.detect.views import View

_START = {"a": 0.755, "A": 0.03, "0": 0.0094, " ": 0.167, "\n": 0.0076, ".": 0.031}
_NEXT = {  # of each class after each class
    "a": {"a": 0.788, "A": 0.0005, "0": 0.0005, " ": 0.178, "\n": 0.001, ".": 0.032},
    "A": {"a": 0.613, "A": 0.258, "0": 0.006, " ": 0.056, "\n": 0.007, ".": 0.06},
    "0": {"a": 0.028, "A": 0.002, "0": 0.4, " ": 0.235, "\n": 0.003, ".": 0.333},
    " ": {"a": 0.826, "A": 0.094, "0": 0.022, " ": 0.042, "\n": 0.008, ".": 0.007},
    "\n": {"a": 0.012, "A": 0.8, "0": 0.056, " ": 0.005, "\n": 0.117, ".": 0.007},
    ".": {"a": 0.1, "A": 0.013, "0": 0.042, " ": 0.7, "\n": 0.13, ".": 0.011},
}
_WITHIN = {  # of each character among those of its class, in thousandths; else 1
    "a": "e126 a88 t82 i79 o75 s73 n73 r62 h53 l42 d40 c28 m24 p24 u22 g20 y19 f19 w16 b14 v10 k8 x3",
    "A": "H136 S119 T118 N86 A58 I56 P54 C49 D44 M40 O35 R32 E30 L25 B24 F24 G16 U14 W11 V10 Y7 K6",
    ".": ".497 ,256 -83 /60 :51 '10 \"10 )7 (7 ;6 ?3 +3 &3",
}
_SHARE = {item[0]: int(item[1:]) / 1000 for line in _WITHIN.values() for item in line.split()}
#: How often words that triggers are made of stand, in a hundred thousand characters.
_WORDS = {
    item[0]: int(item[1]) / 100_000
    for item in re.findall(
        r"([a-z]+)(\d+)",
        "the598 and464 of392 to330 a327 he276 is259 she254 patient238 in222 has194 with191 no176"
        "her166 for165 pain155 his148 that140 was131 or118 on111 history106 had95 not90 at88"
        "right87 as84 been72 this71 denies67 medical67 any66 i64 have59 but59 reports55 year51"
        "an49 today49 old49 will49 it48 left43 we42 who40 plan39 blood37 back37 mg36 are36 be35"
        "up35 states35 from34 time33 day32 which31 use31 years30 ago29 if28 when28 were28 by25"
        "review24 disease24 after23 presents22 about21 him21 family21 days21 weeks20 mother19"
        "father12 home10 male19 female17 name8 our5 son5 through7 date5 next8 said6 feels9",
    )
}
_TITLED = 0.1  # of words with a capital
_BESIDE_SIGN = 0.05  # of words with a sign before or behind
_IN_WORD = 0.7  # letters of a word foretell each other: each tells this much of its bits


def _kind(char: str) -> str:
    if char.islower():
        return "a"
    if char.isupper():
        return "A"
    if char.isdigit():
        return "0"
    return char if char in " \n" else "."


def _share(char: str, view: View) -> float:
    kind = _kind(char)
    if kind in "0 \n" or (kind != "." and view is View.SHAPE):
        return 1.0
    return _SHARE.get(char, 0.001)


@cache
def _start(view: View) -> list[float]:
    """How often each byte stands."""
    return [_START[_kind(chr(b))] * _share(chr(b), view) for b in range(128)]


@cache
def _after(view: View, before: int) -> list[float]:
    """How often each byte stands after a byte."""
    kind = _kind(chr(before))
    chances = []
    for char in map(chr, range(128)):
        share = _share(char, view)
        if kind in "aA" and _kind(char) == kind:
            share **= _IN_WORD
        chances.append(_NEXT[kind][_kind(char)] * share)
    return chances


def rarity(literal: bytes, view: View) -> float:
    """Return how often a literal of a view starts, per character."""
    if not literal:
        return 1.0
    before = literal[0]
    total = _start(view)[before]
    for byte in literal[1:]:
        total *= _after(view, before)[byte]
        before = byte
    return max(total, _of_word(literal, view))


_first_word = re.compile(rb"[^A-Za-z0]?([A-Za-z]+)").match


@cache
def _started(start: str) -> float:
    """Return how often the frequent words stand that start so."""
    return sum(often for word, often in _WORDS.items() if word.startswith(start))


def _of_word(literal: bytes, view: View) -> float:
    """Return how often a literal stands that starts with a frequent word; 0 for others."""
    found = None if view is View.SHAPE else _first_word(literal)
    if found is None:
        return 0.0
    word = found[1].decode()
    total = 1.0 if word.islower() else _TITLED
    if found.start(1) and not chr(literal[0]).isspace():
        total *= _BESIDE_SIGN
    if found.end() == len(literal):
        return total * _started(word.lower())
    before = literal[found.end()]
    total *= _WORDS.get(word.lower(), 0.0)
    if not chr(before).isspace():
        total *= _BESIDE_SIGN
    for byte in literal[found.end() + 1 :]:
        total *= _after(view, before)[byte]
        before = byte
    return total

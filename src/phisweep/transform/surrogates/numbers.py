"""
Numbers that stand for a person or a thing of theirs: SSN, record, plan, account, device, code.

They keep their shape, so that what reads them still does, and belong to nobody: an SSN has an area
that was never issued, and what has a check digit fails it.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from phisweep.keys import fold
from phisweep.marks import CODE_LETTERS
from phisweep.transform.surrogates.alike import (
    DrawOf,
    alike,
    digits,
    read,
    redrawn,
    resembles,
    written,
)
from phisweep.transform.surrogates.checks import passes
from phisweep.transform.surrogates.draws import Draw
from phisweep.transform.surrogates.pools import Pools

#: The purpose under which seeds are asked for every number but the SSN.
PURPOSE = "id"
_SSN_DIGITS = 9
_SHORT_SSN = 6  # what is left of one: its last four, its last six
#: SSA never issues area 900-999; the IRS issues ITIN there with groups 50-65, 70-88, 90-92 and
#: 94-99 (IRM 3.21.263), and ATIN with group 93.
_GROUPS = (*range(1, 50), *range(66, 70), 89)
#: Words that stand before a number and are no part of it.
_LABEL = re.compile(
    r"(?<![a-z])(?:accession|account|acct|badge|case|chart|claim|csn|dea|encounter|grp|group|imei"
    r"|inv|invoice|lic|licence|license|lot|mac|mbr|member|mrn|npi|number|passport|plate|policy|ref"
    r"|serial|ssn|sub|subscriber|udi|unit|vin)(?![a-z])(?=[^a-z\d]*\d)",
    re.IGNORECASE,
)
_HEX = re.compile(r"(?=[^A-Fa-f]*[A-Fa-f])(?=\D*\d)[\dA-Fa-f]+(?:-[\dA-Fa-f]+)*")
_HEX_LEAST = 16
_VIN = re.compile(r"(?=\D*\d)[A-HJ-NPR-Z\d]{17}", re.IGNORECASE)
_MBI = re.compile(r"[1-9][A-Z][A-Z\d]\d-?[A-Z][A-Z\d]\d-?[A-Z]{2}\d\d", re.IGNORECASE)
#: CMS uses neither S, L, O, I, B nor Z in a Medicare beneficiary identifier.
_NOT_IN_MBI = "SLBZ"
_IN_MBI = "".join(c for c in CODE_LETTERS if c not in _NOT_IN_MBI)
#: An SSN in its grouping, or with the letter that made it a Medicare claim number.
_LIKE_SSN = re.compile(
    r"\d{3}([- .])\d{2}\1\d{4}(?:[- ]?[A-Z]\d?)?|\d{9}[- ]?[A-Z]\d?", re.IGNORECASE
)
_OBJECT_IDENTIFIER = re.compile(r"[012]\.\d{1,2}(?:\.\d+){3,}")
#: The application identifiers of GS1: they say what follows, a lot or a serial number.
_APPLICATION = re.compile(r"\(\d{2,4}\)")
_PROSE_WORDS = 3


def ssn(text: str, draw_of: DrawOf, pools: Pools) -> str | None:
    """
    Return a number that was never issued as SSN, ITIN or ATIN, in the layout of the text.

    Area 900-999, a group that the IRS does not use, a serial that is not 0000. What is left of an
    SSN (its last four) becomes as many other digits. None for seven or eight digits, and where
    letters stand there that are neither a label nor a mask (xxx-xx-1234).
    """
    body = read(text)
    cents = re.search(r"(?<=\d{4})\.0+$", body)  # what a spreadsheet adds
    body, tail = (body[: cents.start()], body[cents.start() :]) if cents else (body, "")
    number = digits(body)
    if not number or re.search(r"[^\W\d_xX]", _LABEL.sub("", body)):
        return None
    draw = draw_of("ssn", number)
    if len(number) == _SSN_DIGITS:

        def make() -> str:
            return written(body, _never_issued(draw)) + tail
    elif len(number) <= _SHORT_SSN:

        def make() -> str:
            return written(body, alike(number, draw)) + tail
    else:
        return None
    return redrawn(make, lambda made: resembles(body + tail, made) or pools.occurs(made))


def places(text: str) -> list[int]:
    """Return the places (code points) of a number's letters and digits, without its label."""
    stay = _stay(text)
    return [i for i, c in enumerate(text) if c.isalnum() and i not in stay]


def number(text: str, draw_of: DrawOf, pools: Pools) -> str | None:
    """
    Return a number, or code, of the same shape that passes no check digit and is nobody's.

    A label within it (MRN, Acct) stays, as do the application identifiers of a UDI, the first two
    arcs of an object identifier and what is hexadecimal. What has the grouping of an SSN becomes
    one that was never issued. A Medicare identifier has no check digit: its second place gets a
    letter that CMS does not use.

    Two values have two surrogates by chance alone: n values over s possible ones meet with a chance
    of about n**2 / 2s, which is one half at 1,100 values of six digits and at 35,000 of nine. Where
    two must never become one, `keyed.key` makes the surrogate. None for prose.
    """
    if _is_prose(text) or not fold(text):
        return None
    draw = draw_of(PURPOSE, _bare(text))
    form = _form(text)
    return redrawn(
        lambda: form(draw),
        lambda made: resembles(text, made) or passes(_bare(made)) or pools.occurs(_bare(made)),
    )


def _form(text: str) -> Callable[[Draw], str]:
    """Return what draws another text of the kind that this one is by its looks."""
    stay = _stay(text)
    core = text.strip()
    if _MBI.fullmatch(core):
        return lambda draw: _medicare(text, draw)
    if _LIKE_SSN.fullmatch(core):
        return lambda draw: _like_ssn(text, draw)
    if _OBJECT_IDENTIFIER.fullmatch(core):
        return lambda draw: _arcs(text, draw)
    if _HEX.fullmatch(core) and len(fold(core)) >= _HEX_LEAST:
        return lambda draw: alike(text, draw, "ABCDEF")
    if _VIN.fullmatch(core):
        return lambda draw: alike(text, draw, CODE_LETTERS.replace("Q", ""))
    return lambda draw: alike(text, draw, kept=stay)


def _stay(text: str) -> frozenset[int]:
    """Return the places of labels and of what says which number follows."""
    return frozenset(
        i
        for pattern in (_LABEL, _APPLICATION)
        for found in pattern.finditer(text)
        for i in range(*found.span())
    )


def _medicare(text: str, draw: Draw) -> str:
    made = alike(text, draw, _IN_MBI)
    second = text.index(text.strip()) + 1
    letter = _NOT_IN_MBI[draw.below(len(_NOT_IN_MBI))]
    letter = letter if text[second].isupper() else letter.lower()
    return made[:second] + letter + made[second + 1 :]


def _like_ssn(text: str, draw: Draw) -> str:
    made = alike(text, draw)
    return written(made, _never_issued(draw) + digits(made)[_SSN_DIGITS:])


def _arcs(text: str, draw: Draw) -> str:
    """Return other arcs behind the first two, none of which begins with a 0 that it had not."""
    *first, rest = text.split(".", 2)
    return ".".join([*first, *(alike(arc, draw) for arc in rest.split("."))])


def _never_issued(draw: Draw) -> str:
    area, serial = 900 + draw.below(100), 1 + draw.below(9999)
    return f"{area}{_GROUPS[draw.below(len(_GROUPS))]:02}{serial:04}"


def _bare(text: str) -> str:
    return fold(_LABEL.sub("", text)).upper()


def _is_prose(text: str) -> bool:
    """Say whether the text is words rather than a number: "the governor of ...", a name."""
    words = _LABEL.sub("", text).split()
    if not any(map(str.isdigit, text)):
        return len(words) > 1
    return len(words) >= _PROSE_WORDS and any(
        w.isalpha() and w.islower() and len(w) >= _PROSE_WORDS for w in words
    )

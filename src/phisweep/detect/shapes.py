"""What a value looks like, whatever it means: the shapes that a field of a rule may ask for."""

from __future__ import annotations

import re
from collections.abc import Collection

from phisweep.ruleset.schema import ShapeName

_UUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_NUMBER = re.compile(r"[-+]?(?:\d{1,40}|\d{1,40}\.\d{0,40}|\.\d{1,40})(?:[eE][-+]?\d{1,4})?")
_ID = re.compile(r"(?=[^\d]{0,63}\d)[A-Za-z0-9#][A-Za-z0-9._:/#*|-]{1,127}")
_YEAR = re.compile(r"(?:18[5-9]|19\d|20\d)\d")
_MONTH = (
    r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|sept|oct|nov|dec|january|february|march|april|june"
    r"|july|august|september|october|november|december)"
)
_CLOCK = r"(?:[T ,]{1,2}\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d{1,9})?)?)?\s?(?:[AaPp][Mm])?\s?(?:Z|UTC|[+-]\d{2}:?\d{2})?"
_DATE = re.compile(
    rf"(?:(?:18|19|20)\d\d[-/.](?:0?[1-9]|1[0-2])(?:[-/.](?:0?[1-9]|[12]\d|3[01]))?"
    rf"|(?:0?[1-9]|[12]\d|3[01])[-/.](?:0?[1-9]|[12]\d|3[01])[-/.](?:(?:18|19|20)\d\d|\d\d)"
    rf"|(?:0?[1-9]|[12]\d|3[01])[- ]?{_MONTH}[- ,]{{0,2}}(?:(?:18|19|20)?\d\d)"
    rf"|{_MONTH}\.?[ -](?:(?:0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th)?,?[ -])?(?:18|19|20)\d\d"
    rf"|(?:18|19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?:\d{{4}}(?:\d\d)?)?"
    rf"|(?:18|19|20)\d\d-(?:W[0-5]\d(?:-[1-7])?|[0-3]\d\d)){_CLOCK}",
    re.IGNORECASE,
)
# Simulators glue digits to names ("Maynard46"); real exports do so to tell namesakes apart.
_NAME = re.compile(r"[^\W\d_][\w'\u2019.\-]{0,40}(?:,? [^\W\d_][\w'\u2019.\-]{0,40}){0,4}")
_WORDS = re.compile(r"[^\W\d_]+(?:[ ,.'\u2019/&()-]{1,3}[^\W\d_]+){0,7}[.)]?")
#: What only says that there is nothing, casefolded.
NOTHING = frozenset(
    (
        "", "na", "n/a", "n.a.", "#n/a", "null", "none", "nan", "nil", "unknown", "unk", "missing",
        "not available", "not applicable", "not on file", "not known", "declined", "refused",
        "undefined", "unspecified", "other", "blank", "(blank)", "tbd", "nka", "nkda",
        "-", "--", "---", ".", "..", "?", "??", "*", "**",
    )
)  # fmt: skip
_UUID_LENGTH = 36
_PROSE_WORDS = 7
_PROSE_LENGTH = 80


def shapes(value: str) -> Collection[ShapeName]:
    """Return every shape that a stripped value has."""
    found = _of_number(value)
    if len(value) == _UUID_LENGTH and _UUID.fullmatch(value):
        found |= {"uuid", "id"}
    elif "decimal" not in found and _ID.fullmatch(value):
        found.add("id")
    if value[:1].isalnum() and _DATE.fullmatch(value):
        found.add("date")
        if "digits" not in found:
            found.discard("id")
    if _NAME.fullmatch(value):
        found.add("name")
    if _WORDS.fullmatch(value):
        found.add("words")
    if len(value) > _PROSE_LENGTH or "\n" in value or value.count(" ") >= _PROSE_WORDS:
        found.add("text")
    return found


def _of_number(value: str) -> set[ShapeName]:
    found: set[ShapeName] = set()
    if _NUMBER.fullmatch(value):
        found.add("number")
        if value.isdigit():
            found.add("digits")
        elif "." in value and not value.endswith(".0"):
            found.add("decimal")
        if _YEAR.fullmatch(value):
            found.add("year")
    return found


def says_nothing(value: str) -> bool:
    """Say whether a value only states that there is none: empty, NA, NULL, unknown, a dash."""
    return value.strip().casefold() in NOTHING

"""Ages of 90 or more to one category."""

import re
from collections.abc import Iterator

from phisweep import marks
from phisweep.model import IMPLIED_AGE
from phisweep.transform.numerals import in_digits
from phisweep.transform.operators import Context, Params, operator
from phisweep.transform.operators.year import pivot_of, written
from phisweep.transform.plain import plain
from phisweep.transform.years import MONTH, years

_UNITS = {
    "months": re.compile(r"m/?os?|mths?|months?"),
    "weeks": re.compile(r"wks?|weeks?"),
    "days": re.compile(r"days?|d/o"),
    "hours": re.compile(r"hrs?|hours?"),
    "minutes": re.compile(r"mins?|minutes?"),
}
#: Of one letter only in lower case: 92W and 92M say who, not how long; 39w is a duration.
_LETTERS = {"w": "weeks", "d": "days", "h": "hours"}
#: Units of DICOM's age string (PS3.5, AS: three digits and a letter) and of ISO 8601 durations.
_CAPITALS = {"D": "days", "W": "weeks", "M": "months", "Y": "years"}
_AGE_STRING_DIGITS = 3
_PER_YEAR = {
    "years": 1.0,
    "months": 12.0,
    "weeks": 52.1786,
    "days": 365.25,
    "hours": 8_766.0,
    "minutes": 525_960.0,
}
_SHORT = frozenset(_PER_YEAR) - {"years"}
_NAMED = {
    "octogenarian": 80,
    "nonagenarian": 90,
    "centenarian": 100,
    "supercentenarian": 110,
}
_NAMES = re.compile(rf"\b(?:{'|'.join(_NAMED)})", re.IGNORECASE)
#: Digits, with those of an OCR that reads O for 0 and l for 1, and the word behind them.
_AGE = re.compile(
    r"(?P<iso>\bP)?(?<!\d)(?P<digits>(?:\b[OolI|]{1,2})?\d[\dOolI|]*(?:,\d{3})*(?:\.\d+)?)"
    r"(?P<range>\s*-\s*(?=\d))?[\s-]*(?P<unit>m/o|d/o|[A-Za-z]+)?"
)
_OCR = str.maketrans("OolI|", "00111", ",")
_OVER = re.compile(
    r"(?:>=?|\u2265|\b(?:over|above|past|beyond|(?:older|more|greater)\s+than|at\s+least))\s*$",
    re.IGNORECASE,
)
#: What is no age but a date, or may be one: 1931, 19310102, '31, 1/2/31, 3/31, 2 January.
_DATE = re.compile(
    r"(?<![\d,.])(?:1[89]|2[01])\d\d(?:\d{4})?(?!\d|,\d|\.[1-9])|'\d\d(?!\d)"
    rf"|\d/\d|\d[. -]\d{{1,2}}[. -](?:\d|$)|(?<![a-z]){MONTH}(?![a-z])",
    re.IGNORECASE,
)
#: 45 CFR 164.514(b)(2)(i)(C): "all ages over 89".
_LAST_KEPT = 89


@operator
def age(text: str, context: Context, params: Params) -> str:
    """
    Replace an age of 90 or more by 90+, and leave one of 89 or less as it is.

    Digits, words ("ninety-two", "her nineties") and units count; months, weeks, days, hours and
    minutes are turned into years. `params["unit"]`, else the label, gives the unit of a bare
    number. A date of birth becomes its year, as `year` writes it. [AGE] stands where no age can be
    read, and for an age under 90 that other events of the subject turn into one over 89. Raises
    RuleError where `params["pivot"]` is none.
    """
    pivot = pivot_of(params, context.reference_year)
    if context.rule == IMPLIED_AGE:
        return marks.tag(context.identifier)
    normal, bare = plain(text), _bare(context, params)
    if _is_date(normal, bare):
        return written(years(normal, pivot=pivot), context)
    found = years_old(text, context, params)
    if not found:
        return marks.tag(context.identifier)
    return marks.OLD if max(found) >= marks.OLD_YEARS else text


def years_old(text: str, context: Context, params: Params) -> tuple[float, ...]:
    """Return every age in the text, in years, as `age` reads it; none where it is a date."""
    normal, bare = plain(text), _bare(context, params)
    if _is_date(normal, bare):
        return ()
    return tuple(_ages(normal, bare if bare in _PER_YEAR else "years"))


def _bare(context: Context, params: Params) -> str:
    """Return the unit of a number without one; empty where nobody tells."""
    return str(params.get("unit", "")) or _unit_of_label(context.label)


def _is_date(text: str, bare: str) -> bool:
    return bare not in _SHORT and _DATE.search(text) is not None


def _ages(text: str, bare: str) -> Iterator[float]:
    """Yield every age in the text, in years; `bare` is the unit of a number without one."""
    for match in _NAMES.finditer(text):
        yield _NAMED[match[0].casefold()]
    for match in _AGE.finditer(in_digits(text)):
        unit = _unit(match["digits"], match["unit"] or "", iso=bool(match["iso"])) or bare
        old = float(match["digits"].translate(_OCR)) / _PER_YEAR[unit]
        over = old >= _LAST_KEPT and _OVER.search(match.string[: match.start()])
        yield marks.OLD_YEARS if over else old


def _unit(digits: str, word: str, *, iso: bool) -> str:
    """Return the unit that the word behind a number names; empty for none."""
    padded = len(digits) == _AGE_STRING_DIGITS and digits.isdecimal()
    if word in _CAPITALS and (iso or (padded and (word in "DW" or digits[0] == "0"))):
        return _CAPITALS[word]
    if word in _LETTERS:
        return _LETTERS[word]
    folded = word.casefold()
    named = next((unit for unit, form in _UNITS.items() if form.fullmatch(folded)), "")
    return named or ("years" if folded.startswith("y") else "")


def _unit_of_label(label: str) -> str:
    """Return the unit that a column's name tells: `age_months`, `AgeDays`."""
    words = (word.casefold() for word in re.findall(r"[A-Z]?[a-z]+|[A-Z]+", label))
    named = (unit for word in words for unit, form in _UNITS.items() if form.fullmatch(word))
    return next(named, "")

"""ZIP codes to three digits."""

import re

from phisweep import marks
from phisweep.transform.operators import Context, Params, alike, operator
from phisweep.transform.plain import plain

NOT_KEPT = "000"
_WIDTH = 5
#: One to five digits, or eight or nine that are ZIP+4; `.0` is what a spreadsheet adds.
_ZIP = re.compile(
    r"(?P<zip>\d{3,5})(?:\.0+)?(?:[\s-]+(?:\d{4})?)?|(?P<nine>\d{8,9})(?:\.0+)?|(?P<part>\d{3})[*x]{2}",
    re.IGNORECASE,
)
_SPAN = re.compile(r"(?:<=)?(\d{5})(?:\+|-(\d{5}))?")


@alike(r"^(?P<part>[0-9]{3})[0-9]{2}(?:-[0-9]{4})?$")
@operator
def zip3(text: str, context: Context, params: Params) -> str:
    """
    Keep the first three digits of a ZIP code where over 20,000 people live there, else write 000.

    Lost leading zeros are put back first. Three digits are a prefix already, unless they can be a
    whole ZIP code of Puerto Rico, the Virgin Islands or Holtsville that lost two zeros (00501,
    00544, 006 to 009): those become 000. What is no ZIP code of the United States becomes [ZIP].
    """
    match = _ZIP.fullmatch(plain(text).strip())
    if match is None:
        return marks.tag(context.identifier)
    prefix = match["part"] or _prefix(match["zip"] or match["nine"].zfill(9)[:_WIDTH])
    return prefix if prefix in context.zip3 else NOT_KEPT


def span_of(text: str) -> tuple[int, int] | None:
    """
    Return the first and last ZIP code that the text may be, as numbers; None where it is none.

    Three digits are a hundred codes, and two codes with a dash are all between them.
    """
    normal = plain(text).strip()
    ends = _SPAN.fullmatch(normal)
    if ends is not None:
        first, last = int(ends[1]), int(ends[2] or ends[1])
        return (first, last) if first <= last else None
    match = _ZIP.fullmatch(normal)
    if match is None:
        return None
    digits = match["zip"] or (match["nine"] or "").zfill(9)[:_WIDTH]
    prefix = match["part"] or (digits if len(digits) == 3 else "")  # noqa: PLR2004
    if prefix:
        first = int(prefix) * 100
        return None if _prefix(prefix) == NOT_KEPT else (first, first + 99)
    return int(digits), int(digits)


def _prefix(digits: str) -> str:
    if len(digits) == 3:  # noqa: PLR2004
        lost = digits in {"501", "544"} or digits[0] in "6789"
        return NOT_KEPT if lost else digits
    return digits.zfill(_WIDTH)[:3]

"""A sign over letters and digits."""

import unicodedata

from phisweep import marks
from phisweep.transform.operators import Context, Params, coarsening
from phisweep.transform.params import Reader

SIGN = "*"
#: Unicode's classes of letters, digits and the signs that are written on them.
_COVERED = frozenset("LNM")


@coarsening
def mask(text: str, context: Context, params: Params) -> str:
    """
    Write a sign over every letter and digit of the text; punctuation and length stay.

    `keep-first` and `keep-last` letters or digits stay (0), `sign` is one character that is none
    (`*`). A text that has no more than what is to be kept is masked whole; [NAME] stands where
    there is neither letter nor digit. Raises RuleError.
    """
    given = Reader("mask", params, ("keep-first", "keep-last", "sign"))
    first, last = given.whole("keep-first", 0, 0), given.whole("keep-last", 0, 0)
    sign = given.text("sign", SIGN)
    if len(sign) != 1 or _is_covered(sign) or sign.isspace() or not sign.isprintable():
        raise given.wrong("sign is one character, neither letter, digit nor space")
    places = [i for i, c in enumerate(text) if c == sign or _is_covered(c)]
    if not places:
        return marks.tag(context.identifier)
    kept = {*places[:first], *places[len(places) - last :]} if first + last < len(places) else ()
    hidden = {*places}.difference(kept)
    return "".join(sign if i in hidden else c for i, c in enumerate(text))


def _is_covered(character: str) -> bool:
    return unicodedata.category(character)[0] in _COVERED

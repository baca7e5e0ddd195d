"""What hasty typing, scanners and other systems do to what is written."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from phisweep.canary.chance import Chance

NONE = "none"
#: Of all canaries in running text; half as many of whole names.
SHARE = 0.3
_SCANNED = {"l": "1", "o": "0", "O": "0", "I": "l", "S": "5", "B": "8", "e": "c", "m": "rn"}
_SCANNED_DIGITS = {"0": "O", "1": "l"}
_LEAST = 4  # letters of a word that is misspelt

#: (before, value, behind) -> the same with noise, None where it cannot be.
Written = tuple[str, str, str]
Noise = Callable[[Written, Chance], Written | None]


def _lower(written: Written, chance: Chance) -> Written | None:  # noqa: ARG001 - as all
    low = (written[0].lower(), written[1].lower(), written[2].lower())
    return None if low[1] == written[1] else low


def _capitals(written: Written, chance: Chance) -> Written | None:  # noqa: ARG001 - as all
    high = (written[0].upper(), written[1].upper(), written[2].upper())
    return None if high[1] == written[1] else high


def _scanned(written: Written, chance: Chance) -> Written | None:
    """Misread one character of the value, as OCR does."""
    before, value, behind = written
    table = _SCANNED_DIGITS if any(map(str.isdigit, value)) else _SCANNED
    spots = [i for i, c in enumerate(value) if c in table and i]
    if not spots:
        return None
    at = chance.pick(spots)
    return before, value[:at] + table[value[at]] + value[at + 1 :], behind


def _typo(written: Written, chance: Chance) -> Written | None:
    """Swap two letters within a word of the value."""
    before, value, behind = written
    spots = [
        i
        for i in range(1, len(value) - 2)
        if value[i - 1 : i + 3].isalpha() and value[i].lower() != value[i + 1].lower()
    ]
    if len(value) < _LEAST or not spots:
        return None
    at = chance.pick(spots)
    return before, value[:at] + value[at + 1] + value[at] + value[at + 2 :], behind


def _glued(written: Written, chance: Chance) -> Written | None:  # noqa: ARG001 - as all
    """Leave out the blank between the words that name the value and the value."""
    before, value, behind = written
    if not before.endswith((": ", "# ", ", ")):
        return None
    return before[:-1], value, behind


def _run_together(written: Written, chance: Chance) -> Written | None:  # noqa: ARG001 - as all
    """Leave out the blank between the words of a name."""
    before, value, behind = written
    if value.count(" ") != 1 or any(map(str.isdigit, value)):
        return None
    return before, value.replace(" ", ""), behind


def _spaced(written: Written, chance: Chance) -> Written | None:  # noqa: ARG001 - as all
    before, value, behind = written
    return (before, value.replace(" ", "  "), behind) if " " in value else None


def _broken(written: Written, chance: Chance) -> Written | None:
    """Break the value over two lines at a blank."""
    before, value, behind = written
    blanks = [i for i, c in enumerate(value) if c == " "]
    if not blanks:
        return None
    at = chance.pick(blanks)
    return before, f"{value[:at]}\n{value[at + 1 :]}", behind


NOISES: Mapping[str, Noise] = {
    "lower case": _lower,
    "capitals": _capitals,
    "misread by OCR": _scanned,
    "misspelt": _typo,
    "glued to its label": _glued,
    "words run together": _run_together,
    "double blanks": _spaced,
    "broken over two lines": _broken,
}
#: Misreading suits nearly all values, and would come of every second try; others seldom fit.
_WEIGHTS = {"misread by OCR": 1, "lower case": 3}
_LETTERS = frozenset({"name", "location"})
#: What does to addresses of the net what makes them others.
_NOT_OF_NET = frozenset({"misread by OCR", "misspelt", "capitals", "broken over two lines"})


def add(identifier: str, written: Written, chance: Chance, *, lines: bool) -> tuple[str, Written]:
    """Return a noise that suits, and the writing with it; "none" and the writing where none does."""
    fitting = [
        noise
        for noise in NOISES
        if (lines or noise != "broken over two lines")
        and (identifier in _LETTERS or noise not in {"misspelt", "words run together"})
        and (identifier not in {"url", "email", "ip"} or noise not in _NOT_OF_NET)
        and (identifier != "age" or noise in {"lower case", "capitals", "glued to its label"})
    ]
    while fitting:
        noise = chance.weighted([(noise, _WEIGHTS.get(noise, 2)) for noise in fitting])
        fitting.remove(noise)
        made = NOISES[noise](written, chance)
        if made is not None:
            return noise, made
    return NONE, written

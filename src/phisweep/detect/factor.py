"""
Long choices between plain words, written so that `re` tries them by their first letters.

`re` tries the alternatives of a choice one after the other, and most fail at their first letter:
`cat|car|dog` becomes `ca(?:t|r)|dog`. Which alternative matches does not change: those that start
with different letters exclude each other, and the others keep their order.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

_LEAST = 6  # alternatives in a row from which on it is worth while
_DEEPEST = 6  # letters
_ATOM = r"(?:[A-Za-z0-9'_/ -]|\[ \]|\\[ .'/-])"
_atoms = re.compile(_ATOM).findall
_classes = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]", re.DOTALL).finditer
_choices = re.compile(
    rf"(?:(?<=\(\?[:=!])|(?<=\(\?i:)|(?<=[\w\])}}'?]\|)){_ATOM}+(?:\|{_ATOM}+){{{_LEAST - 1},}}(?=[|)])"
).sub
Word = tuple[str, ...]  # its atoms


def factored(source: str) -> str:
    """Return a pattern, not a verbose one, with its long choices rewritten."""
    classes = [found.span() for found in _classes(source) if found[0][0] == "["]

    def rewritten(found: re.Match[str]) -> str:
        if any(start < found.start() < end for start, end in classes):
            return found[0]
        return joined([tuple(_atoms(one)) for one in found[0].split("|")])

    return _choices(rewritten, source)


def joined(words: Sequence[Word], depth: int = _DEEPEST) -> str:
    """Return the choice between words, of which each stands as its atoms, escaped."""
    if depth == 0 or () in words:  # nothing may overtake the empty alternative
        return "|".join(map("".join, words))
    groups: dict[str, list[Word]] = {}
    for word in words:
        groups.setdefault(word[0].lower(), []).append(word)
    return "|".join(_group(group, depth) for group in groups.values())


def _group(words: Sequence[Word], depth: int) -> str:
    """Write words with the same first letter, which is taken out where its case is the same too."""
    first = words[0][0]
    if len(words) == 1 or any(word[0] != first for word in words):
        return "|".join(map("".join, words))
    shared = 1
    while all(len(word) > shared and word[shared] == words[0][shared] for word in words):
        shared += 1
    rest = joined([word[shared:] for word in words], depth - 1)
    return f"{''.join(words[0][:shared])}(?:{rest})"

"""The names of one subject's people on a page: whole, in part, as initials and as user names."""

from __future__ import annotations

import re
from collections.abc import Iterator

from phisweep.detect.nameforms import GLUED, NAME, TYPO, NameForms
from phisweep.detect.nameruns import Runs
from phisweep.detect.namestands import CUES, DIGITS, INSIDE, POSSESSIVE, TITLES, Words, bordered
from phisweep.detect.namewords import plain
from phisweep.detect.valueforms import LIKELY, SURE, Hit, Page

_SLIP = 0.6  # the score of a name with a letter wrong
_INITIALS = re.compile(
    r"[A-Z](?<![\w.'-][A-Z])(?:(?:\. ?[A-Z]){1,3}\.?(?!\w)|[A-Z]{1,3}(?![\w-]|\.\w))"
)
_WORD_BEFORE = re.compile(r"([^\W\d_]+)[.:]? \Z")
_LINE = re.compile(r"(?:^|\n)[ \t*>-]{0,4}\Z")


class NameFinder:
    """Finds the names of one subject's people on a page."""

    def __init__(self, forms: NameForms, words: Words) -> None:
        self._forms = forms
        self._words = words
        self._runs = Runs(forms, words)

    def role(self, raw: str, folded: str) -> int:
        """Return the bits of a word of a text (nameforms), 0 where it is in no name."""
        role = self._forms.role(raw, folded)
        if role & TYPO and self._words.wordlike(folded):
            return 0
        if role & GLUED and folded not in self._forms.surely and self._words.listed(folded):
            return GLUED | TYPO  # stands only where users' names stand
        return role

    def find(self, page: Page) -> Iterator[Hit]:
        """Yield the names of a page whose atoms have their roles, and the initials; in any order."""
        done = -1
        for i, role in enumerate(page.roles):
            if i <= done or not role & (NAME | GLUED | TYPO):
                continue
            if role & GLUED:
                hit = self._glued(page, i, role)
            elif role & TYPO:
                hit = Hit(*page.spans[i], "name", _SLIP) if bordered(page, i) else None
            elif not self._runs.counts(page, i):
                continue
            else:
                first, done = self._runs.span(page, i)
                hit = self._runs.judged(page, first, done)
            if hit is not None:
                yield hit
        if self._forms.initials:
            yield from self._initials(page.text)

    def _glued(self, page: Page, i: int, role: int) -> Hit | None:
        start, end = page.spans[i]
        around = page.text[max(0, start - 1) : start] + page.text[end : end + 1]
        digits = DIGITS.match(page.text, end)
        if page.text[start - 1 : start].isdigit() and start:
            return None
        if digits is None and page.text[end : end + 1].isdigit():
            return None
        users = page.loose or digits is not None or not INSIDE.isdisjoint(around)
        if role & TYPO and not users:
            return None
        surely = plain(page.raws[i]) in self._forms.surely
        return Hit(start, digits.end() if digits else end, "name", SURE if surely else LIKELY)

    def _initials(self, text: str) -> Iterator[Hit]:
        """Yield initials with stops, and bare ones where only a person stands."""
        for match in _INITIALS.finditer(text):
            start, end = match.span()
            letters = "".join(filter(str.isalpha, match[0])).casefold()
            if letters not in self._forms.initials:
                continue
            before = _WORD_BEFORE.search(text[max(0, start - 12) : start])
            cued = before is not None and before[1].casefold() in CUES | TITLES
            dotted = "." in match[0]
            if letters in self._words.abbreviations or letters in self._words.credentials:
                stands = dotted and cued
            else:
                stands = dotted or cued or _stands(text, start, end)
            if stands:
                yield Hit(start, end, "name", LIKELY)


def _stands(text: str, start: int, end: int) -> bool:
    """Say whether bare initials begin a line, stand behind a stroke or before a 's."""
    return (
        text[max(0, start - 1) : start] == "/"
        or _LINE.search(text[max(0, start - 6) : start]) is not None
        or POSSESSIVE.match(text, end) is not None
    )

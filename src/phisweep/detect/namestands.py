"""
Where the words of a known name stand as a name, and where as a word, a term or a date.

Words of a name that stand together are one, in any order and case. A single one must stand as a
name does: "Rose denies pain", not "rose bengal"; "told Will", not "Will return"; "Mr. Parkinson",
not "Parkinson's disease".
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, field
from functools import lru_cache

from phisweep.detect.nameforms import SURNAME
from phisweep.detect.namewords import Lexicon, plain, stems
from phisweep.detect.valueforms import LIKELY, SURE, Hit, Page
from phisweep.ruleset.load import Ruleset

_SHORT = 2  # letters of a name that is an abbreviation too, as Ed and Al
_LOWER = 4  # letters that a single name in lower case has at least
DIGITS = re.compile(r"\d{1,4}(?![^\W_])")  # jsmith1, and what simulators glue to names
BLANKS = frozenset({" ", "  ", "\t"})
INSIDE = frozenset("@_\\/")  # of an address or a user's name, or of a path
_OPENING = re.compile(r"(?:[.!?:;]|^|\n)[\s\"'(*-]{0,8}\Z")
_NEXT = re.compile(r"(?:'[sS]?)?[ \t-]{1,2}([^\W\d_]+)(?:[ \t-]{1,2}([^\W\d_]+))?")
_COMPOUND = re.compile(r"[^\W\d_]+(?:['-][^\W\d_]+)*")
POSSESSIVE = re.compile(r"'[sS](?!\w)")
#: What a subject is followed by, and an imperative or a modal verb is not.
_VERBAL = re.compile(
    r"(?!(?:need|proceed|feed|exceed|bed)$)\w+(?:[^su]s|ed)|is|was|has|will|may|can|came|took|told"
    r"|went|felt|got|had|said|and|who"
)
_DATED = re.compile(
    r"(?i)(?:\d|\b(?:in|of|since|until|till|through|by|last|next|this|early|mid|late|on|and|to))[ ,-]{1,2}\Z"
)
_NUMBERED = re.compile(r"[ ,-]{0,2}'?\d")
#: Of who stands there: a letter pair behind one of them is a person's.
CUES = frozenset(
    {
        *("pt", "patient", "client", "resident", "member", "name", "named", "called"),
        *("for", "by", "with", "per", "re", "from", "told", "saw"),
    }
)
TITLES = frozenset({"mr", "mrs", "ms", "miss", "mx", "dr", "mister", "master", "madam"})
_REMEMBERED = 4096  # words of which it is remembered what they are


@dataclass(frozen=True, slots=True)
class Words:
    """What words are beside being names; all folded."""

    lexicon: Lexicon
    heads: Collection[str] = field(repr=False)
    abbreviations: Collection[str] = field(repr=False)
    credentials: Collection[str] = field(repr=False)
    calendar: Collection[str] = field(repr=False)
    relations: Collection[str] = field(repr=False)
    _ordinary: dict[str, bool] = field(default_factory=dict, init=False, repr=False, compare=False)

    @classmethod
    def of(cls, ruleset: Ruleset) -> Words:
        """Read the words from the lists. Raises RuleError where a list is not its own."""
        calendar = ("months", "month-abbreviations", "weekdays", "weekday-abbreviations")
        return cls(
            Lexicon.of_rules(ruleset),
            ruleset.members("eponym-heads"),
            ruleset.members("abbreviations"),
            _letters_of(ruleset.members("credentials")),
            frozenset().union(*map(ruleset.members, calendar)),
            ruleset.members("relations"),
        )

    def ordinary(self, folded: str) -> bool:
        """Say whether a word is an ordinary one, and a name only as rose and will are."""
        known = self._ordinary.get(folded)
        if known is None:
            if len(self._ordinary) >= _REMEMBERED:
                self._ordinary.clear()
            known = self._ordinary[folded] = self._is_ordinary(folded)
        return known

    def _is_ordinary(self, folded: str) -> bool:
        lists = self.lexicon
        return folded in lists.both or (
            folded not in lists.given
            and folded not in lists.surnames
            and (folded in lists.words or any(stem in lists.words for stem in stems(folded)))
        )

    def wordlike(self, folded: str) -> bool:
        """Say whether a word says nothing where its case does not: walker, parkinson."""
        return (
            self.ordinary(folded)
            or folded in self.lexicon.eponyms
            or folded in self.heads
            or folded in self.abbreviations
            or any(stem in self.lexicon.words for stem in stems(folded))
        )

    def listed(self, folded: str) -> bool:
        """Say whether a word is on any list of words or names."""
        lists = self.lexicon
        return self.wordlike(folded) or folded in lists.given or folded in lists.surnames


@lru_cache(maxsize=4)
def _letters_of(credentials: frozenset[str]) -> frozenset[str]:
    return frozenset("".join(filter(str.isalpha, c)) for c in credentials)


def alone(words: Words, page: Page, i: int) -> Hit | None:
    """Return the name that a word makes by itself where it stands as one, or None."""
    if not bordered(page, i):
        return None
    raw = page.raws[i]
    folded = plain(raw)
    start, end = page.spans[i]
    doubtful = words.ordinary(folded) or folded in words.abbreviations or len(folded) <= _SHORT
    if raw.islower():
        stands = _stands_in_lower_case(words, page, i, doubtful=doubtful)
    else:
        stands = _stands_with_capital(words, page, i, doubtful=doubtful)
    if not stands:
        return None
    sure = page.roles[i] & SURNAME and not doubtful and not raw.islower()
    digits = DIGITS.match(page.text, end)
    if digits is not None:
        return Hit(start, digits.end(), "name", SURE if sure else LIKELY)
    return Hit(*widened(words, page, start, end), "name", SURE if sure else LIKELY)


def _stands_in_lower_case(words: Words, page: Page, i: int, *, doubtful: bool) -> bool:
    start, end = page.spans[i]
    around = page.text[start - 1 : start] + page.text[end : end + 1]
    if page.loose or not INSIDE.isdisjoint(around):
        return not doubtful
    folded = plain(page.raws[i])
    return len(folded) >= _LOWER and not words.wordlike(folded)


def _stands_with_capital(words: Words, page: Page, i: int, *, doubtful: bool) -> bool:
    raw = page.raws[i]
    folded = plain(raw)
    end = page.spans[i][1]
    if doubtful and page.text[end : end + 1].isdigit():
        return False
    if is_term(words, page, i) or is_dated(words, page, i):
        return False
    if raw.isupper():
        return not words.wordlike(folded) or not (
            folded in words.abbreviations or shouted(words, page, i, i)
        )
    return not doubtful or is_subject(words, page, i)


def is_dated(words: Words, page: Page, i: int) -> bool:
    """Say whether a month or a weekday stands as one: in May, May 2019, not Mrs. May."""
    start, end = page.spans[i]
    if plain(page.raws[i]) not in words.calendar or is_cued(words, page, i, TITLES | CUES):
        return False
    before = page.text[max(0, start - 12) : start]
    return bool(_DATED.search(before) or _NUMBERED.match(page.text, end))


def is_subject(words: Words, page: Page, i: int) -> bool:
    """Say whether an ordinary word with a capital stands where only a name has one."""
    start, end = page.spans[i]
    if not _OPENING.search(page.text[max(0, start - 10) : start]):
        return True
    if is_cued(words, page, i, TITLES) or POSSESSIVE.match(page.text, end):
        return True
    after = _NEXT.match(page.text, end)
    return after is None or not after[1].islower() or bool(_VERBAL.fullmatch(after[1]))


def is_term(words: Words, page: Page, i: int) -> bool:
    """Say whether a word is part of a term: Parkinson's disease, Rose Bengal stain."""
    folded = plain(page.raws[i])
    start, end = page.spans[i]
    if "-" in page.text[max(0, start - 1) : start] + page.text[end : end + 1]:
        whole = slice(*compound(page.text, start, end))
        if plain(page.text[whole]).replace("-", " ") in words.lexicon.phrases:
            return True
    after = _NEXT.match(page.text, end)
    following = [plain(word) for word in after.groups() if word] if after else []
    pairs = [f"{folded} {word}" for word in following[:1]]
    pairs += [f"{plain(page.raws[i - 1])} {folded}"] if i else []
    if any(pair in words.lexicon.phrases for pair in pairs):
        return True
    if folded not in words.lexicon.eponyms and not words.ordinary(folded):
        return False
    capital = after is not None and after[1][0].isupper()
    return any(word in words.heads for word in following[: 2 if capital else 1])


def shouted(words: Words, page: Page, first: int, last: int) -> bool:
    """Say whether words in capitals stand among others in capitals, without a title."""
    if is_cued(words, page, first, TITLES):
        return False
    around = [(first - 1, first - 1)] if first else []
    around += [(last + 1, last)] if last + 1 < len(page.raws) else []
    return any(
        page.gap(gap) in BLANKS and page.raws[j].isupper() and len(page.raws[j]) > 1
        for j, gap in around
    )


def is_cued(words: Words, page: Page, i: int, cues: Collection[str]) -> bool:
    """Say whether one of the words stands before an atom, or a relation."""
    if not i or page.gap(i - 1) not in {" ", ". ", ": ", ":", ".", "  ", "/"}:
        return False
    before = page.raws[i - 1].casefold()
    return before in cues or (not page.raws[i].isupper() and before in words.relations)


def widened(words: Words, page: Page, start: int, end: int) -> tuple[int, int]:
    """Return the span with the other halves of a double name, which are no words."""
    begin, stop = compound(page.text, start, end)
    outer = page.text[begin:start] + page.text[end:stop]
    halves = [half for half in outer.split("-") if half]
    if "'" in outer or not all(
        half.istitle() and len(half) > _SHORT and not words.ordinary(plain(half)) for half in halves
    ):
        return start, end
    return begin, stop


def compound(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the span of the hyphenated word that a word stands in."""
    for match in _COMPOUND.finditer(text, max(0, start - 40), end + 40):
        if match.start() <= start and end <= match.end():
            return match.span()
    return start, end


def bordered(page: Page, first: int, last: int | None = None) -> bool:
    """Say whether no letter or digit is glued to atoms, but for a few digits behind them."""
    start, end = page.spans[first][0], page.spans[first if last is None else last][1]
    if start and page.text[start - 1].isalnum():
        return False
    return not page.text[end : end + 1].isalnum() or DIGITS.match(page.text, end) is not None

"""
Words of known names that stand together, read as one name in any order, case and punctuation.

"SMITH^JOHN", "Smith, John A", "J. A. Smith", "Robert (Bob) Smith", "john.smith", "Ana van der Berg".
"""

from __future__ import annotations

from phisweep.detect.nameforms import GIVEN, NAME, PARTICLE, SUFFIX, SURNAME, NameForms
from phisweep.detect.namestands import BLANKS, DIGITS, Words, alone, bordered, shouted
from phisweep.detect.namewords import plain
from phisweep.detect.valueforms import LIKELY, SURE, Hit, Page

_LONGEST = 8  # atoms of one name
_LEFT = 4  # initials and particles before the first word of a name
_COMMAS = frozenset({", ", ",", " , ", ",  "})
_JOINTS = BLANKS | {"^", "-", ".", "_", " - ", "+"}
_OPENED = {" (": ")", ' "': '"', " '": "'", ' ("': '"'}
_CLOSED = frozenset({") ", '" ', "' ", '") '})
_STOPPED = frozenset({". ", ".", ".  ", "., "})  # behind an initial


class Runs:
    """Reads the names of one subject's people from where a word of them stands."""

    def __init__(self, forms: NameForms, words: Words) -> None:
        self._forms = forms
        self._words = words

    def counts(self, page: Page, i: int) -> bool:
        """Say whether a word counts in a name: an ordinary one in lower case only beside a name."""
        raw = page.raws[i]
        if not raw.islower() or not self._words.ordinary(plain(raw)) or page.loose:
            return True
        role = page.roles[i]
        before = role & SURNAME and i and self._plain_name(page, i - 1, GIVEN, i - 1)
        after = (
            role & GIVEN and i + 1 < len(page.raws) and self._plain_name(page, i + 1, SURNAME, i)
        )
        return bool(before or after)

    def _plain_name(self, page: Page, i: int, role: int, gap: int) -> bool:
        """Say whether a neighbour in lower case is the other half of a name, and no word."""
        raw = page.raws[i]
        fits = page.roles[i] & role and raw.islower() and page.gap(gap) in {" ", ".", "_"}
        return bool(fits) and not self._words.ordinary(plain(raw))

    def span(self, page: Page, i: int) -> tuple[int, int]:
        """Return the first and last atom of the name that a word stands in."""
        first = i
        while first and i - first < _LEFT and self._leads(page, first - 1):
            first -= 1
        last = j = i
        end = min(len(page.raws), i + _LONGEST)
        while j + 1 < end:
            j += 1
            role = page.roles[j]
            if not self._joins(page, first, j):
                break
            if len(page.raws[j]) == 1 and not role & NAME:
                if page.raws[j].isdigit() or not (
                    page.raws[j].isupper() or page.raws[j - 1].islower()
                ):
                    break
                if self._is_initial(page, first, j):
                    last = j
            elif role & NAME and self.counts(page, j):
                last = j
            elif role & SUFFIX:
                last = j
                break
            elif not role & PARTICLE and not self._is_middle(page, j):
                break
        return first, last

    def _joins(self, page: Page, first: int, j: int) -> bool:
        """
        Say whether an atom may belong to the same name as the one before it, by what parts them.

        A comma parts a surname from given names, once, and what follows an initial may be a stop.
        """
        gap = page.gap(j - 1)
        if gap in _COMMAS:
            if page.roles[j] & SUFFIX:
                return True
            reversed_ = page.roles[j] & GIVEN or len(page.raws[j]) == 1
            return bool(reversed_) and not any(
                page.roles[k] & NAME == GIVEN or (k > first and page.gap(k - 1) in _COMMAS)
                for k in range(first, j)
            )
        if gap in _STOPPED and len(page.raws[j - 1]) == 1:
            return True
        if gap in _OPENED:
            end = page.spans[j][1]
            return page.text[end : end + 1] == _OPENED[gap][-1:] and bool(page.roles[j] & GIVEN)
        return gap in _JOINTS or (gap in _CLOSED and j > 1 and page.gap(j - 2) in _OPENED)

    def _leads(self, page: Page, j: int) -> bool:
        """Say whether the atom before a name begins it: a particle, or a fitting initial."""
        raw, gap, start = page.raws[j], page.gap(j), page.spans[j][0]
        if page.roles[j] & PARTICLE and len(raw) > 1:
            return gap in {" ", "-", "'"}
        if len(raw) != 1 or gap not in {" ", ". ", ".", "  ", "_", "'"}:
            return False
        before = page.text[max(0, start - 1) : start]
        if plain(raw) not in self._forms.letters or before.isalnum() or before in {"'", "-"}:
            return False
        if raw.islower():
            return page.raws[j + 1].islower() and before != "." and (gap != " " or raw not in "ai")
        return gap != " " or raw not in "AI" or not self._words.ordinary(plain(page.raws[j + 1]))

    def _is_initial(self, page: Page, first: int, j: int) -> bool:
        """
        Say whether a single letter ends a name: the first one of a part of it.

        A and I are words too, but not where the given names stand last: "Smith, John A".
        """
        raw, end = page.raws[j], page.spans[j][1]
        if plain(raw) not in self._forms.letters or not (raw.isupper() or page.loose):
            return False
        parted = {page.gap(k) for k in range(first, j)}
        last = not parted.isdisjoint(_COMMAS | {"^"})
        return raw not in "AI" or last or page.text[end : end + 1] != " "

    def _is_middle(self, page: Page, j: int) -> bool:
        """Say whether an unknown word with a capital stands between a given name and a surname."""
        if j + 1 >= len(page.raws) or not page.roles[j - 1] & GIVEN:
            return False
        raw, after = page.raws[j], page.raws[j + 1]
        if not (page.roles[j + 1] & SURNAME and raw.istitle() and after[0].isupper()):
            return False
        folded = plain(raw)
        return page.gap(j - 1) == page.gap(j) == " " and not self._words.ordinary(folded)

    def judged(self, page: Page, first: int, last: int) -> Hit | None:
        """Return the name that the atoms from first to last make, or None."""
        names = [i for i in range(first, last + 1) if page.roles[i] & NAME]
        if first == last:
            return alone(self._words, page, first)
        if not bordered(page, first, last):
            return None
        start, end = page.spans[first][0], page.spans[last][1]
        if last and page.gap(last - 1) in _OPENED and page.text[end : end + 1] in {")", '"', "'"}:
            end += 1
        digits = DIGITS.match(page.text, end)
        end = digits.end() if digits else end
        raws = [page.raws[i] for i in names]
        if len(names) == 1:
            score = LIKELY if raws[0].islower() else SURE
            return Hit(start, end, "name", score)
        if plain(page.text[start:end]).replace("-", " ") in self._words.lexicon.phrases:
            return None
        if all(map(self._words.ordinary, map(plain, raws))) and all(raw.isupper() for raw in raws):
            ordered = page.roles[names[0]] & GIVEN or "," in page.gap(names[0])
            if not ordered or shouted(self._words, page, first, last):
                return None
        return Hit(start, end, "name", SURE)

"""
What a word is to the rule of names: a given name, a surname, an ordinary word, an eponym ...

Recall on unfamiliar names is what fails where lists decide alone; so beside the lists of names
stands one of ordinary words, and what is on neither is taken for a name wherever a title, a label
or a listed name stands beside it. All functions are pure; the lists come with the call.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import field
from typing import Literal

from phisweep.ruleset.load import Ruleset
from phisweep.values import dataclass

Kind = Literal["given", "surname", "eponym", "both", "word", "unknown", "initial"]
NAMES: frozenset[Kind] = frozenset({"given", "surname"})

_TOKEN = re.compile(r"[^\W\d_]+(?:['-][^\W\d_]+)*\.?")
#: Letters that Unicode does not decompose, as the lists write them.
_PLAIN = str.maketrans(
    {
        "ø": "o",
        "ł": "l",
        "đ": "d",
        "ð": "d",
        "þ": "th",
        "æ": "ae",
        "œ": "oe",
        "\u0131": "i",
        "ə": "a",
    }
)
PARTICLES = frozenset(
    {
        *("van", "von", "der", "den", "de", "del", "della", "da", "das", "do", "dos", "di", "du"),
        *("la", "las", "le", "los", "el", "al", "as", "bin", "binti", "ibn", "abu", "ter", "ten"),
        *("st", "san", "santa", "saint", "ó", "ní", "nic", "mac", "y", "e", "zu"),
    }
)
#: Where a capital may stand inside a name: McBee, MacIver, DeAngelo, LaTonya, O'Hara.
_INNER = re.compile(r"(?:Mc|Mac|De|Di|Du|Da|La|Le|Van|Von|Fitz|O|D|St|El|Al|Ta|Ja|Ka|Sha|Ke)[A-Z]")
_SCANNED = str.maketrans("01", "ol")  # what scanners make of letters
_ENDINGS = (
    *(("ies", "y"), ("s", ""), ("es", ""), ("ed", ""), ("ed", "e")),
    *(("ing", ""), ("ing", "e"), ("ly", ""), ("er", ""), ("er", "e")),
)
_REMEMBERED = 16_384  # words whose kind is remembered
_STEM = 3  # letters that a stem has at least
_ABBREVIATION = 4  # letters that a word in capitals has at most to be an abbreviation
_CLINICAL = 6  # letters that a clinical term has at least
_LOWER_CASE = 4  # letters that an unlisted word in lower case has at least to be a name


#: The lists of a rule set in the order of a Lexicon.
LISTS = (
    "given-names",
    "surnames",
    "names-that-are-words",
    "ordinary-words",
    "eponyms",
    "clinical-endings",
    "eponym-phrases",
)


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The seven lists, in the order in which a rule names them; casefolded, no accents."""

    given: Collection[str]
    surnames: Collection[str]
    both: Collection[str]
    words: Collection[str]
    eponyms: Collection[str]
    endings: Collection[str]
    phrases: Collection[str]
    _kinds: dict[str, Kind] = field(default_factory=dict, init=False, repr=False, compare=False)

    @classmethod
    def of(cls, lists: Sequence[Collection[str]]) -> Lexicon:
        """Take the lists of a check: given names, surnames, both, words, eponyms, endings, phrases."""
        return cls(*lists)

    @classmethod
    def of_rules(cls, ruleset: Ruleset) -> Lexicon:
        """Read the lists of a rule set. Raises RuleError where one is not its own."""
        return cls.of([ruleset.members(name) for name in LISTS])

    def kind(self, token: str) -> Kind:
        """Return what a word is; of a double-barrelled one, what its most telling part is."""
        kind = self._kinds.get(token)
        if kind is None:
            if len(self._kinds) >= _REMEMBERED:
                self._kinds.clear()
            kind = self._kinds[token] = self._kind(token)
        return kind

    def _kind(self, token: str) -> Kind:
        bare = token.rstrip(".")
        if len(bare) == 1:
            return "initial"
        if "-" not in bare:
            return self._single(bare)
        if plain(bare).replace("-", " ") in self.phrases:
            return "eponym"
        kinds = [self._single(part) for part in bare.split("-") if len(part) > 1]
        for telling in ("given", "surname", "eponym", "unknown", "both"):
            if telling in kinds:
                return telling
        return "word"

    def _single(self, word: str) -> Kind:
        folded = plain(word)
        if folded in self.eponyms:
            return "eponym"
        if folded in self.given:
            return "given"
        if folded in self.surnames:
            return "surname"
        if folded in self.both:
            return "both"
        if folded in self.words or any(stem in self.words for stem in stems(folded)):
            return "word"
        return "word" if self._abbreviation(word) or self._term(folded) else "unknown"

    def is_given(self, token: str) -> bool:
        """Say whether an eponym is a given name as well: Frank."""
        folded = plain(token)
        return folded in self.given or folded in self.both

    @staticmethod
    def _abbreviation(word: str) -> bool:
        if word.isupper():
            return len(word) <= _ABBREVIATION
        return not word[1:].islower() and not _INNER.match(word) and "'" not in word

    def _term(self, folded: str) -> bool:
        return len(folded) >= _CLINICAL and folded.endswith(tuple(self.endings))


def plain(word: str) -> str:
    """Return a word casefolded, without accents and apostrophes, as the lists write it."""
    folded = word.casefold()
    if not folded.isascii():
        spread = unicodedata.normalize("NFKD", folded.translate(_PLAIN))
        folded = "".join(c for c in spread if not unicodedata.combining(c))
    return folded.replace("'", "")


def stems(folded: str) -> Iterator[str]:
    """Yield what a casefolded word may be an inflection of: walk and walke of walked."""
    for ending, back in _ENDINGS:
        if folded.endswith(ending) and len(folded) - len(ending) >= _STEM:
            yield folded[: -len(ending)] + back


def tokens_of(text: str) -> list[str]:
    """Return the words of a candidate, particles (van, de la, al) taken out where others stay."""
    if any(c in "01" for c in text):
        text = text.translate(_SCANNED)
    tokens = _TOKEN.findall(text)
    rest = [t for t in tokens if t.rstrip(".").casefold() not in PARTICLES]
    return rest or tokens


def follows_cue(text: str, lexicon: Lexicon) -> bool:
    """
    Say whether what follows a title or a label can be a name: no word of it is an ordinary one.

    An initial alone can be one (Fr. A.), an eponym of several names (Mary Joseph) is none.
    """
    tokens = tokens_of(text)
    kinds = [lexicon.kind(token) for token in tokens]
    return bool(kinds) and "word" not in kinds and not _is_phrase(tokens, lexicon)


def _is_phrase(tokens: Sequence[str], lexicon: Lexicon) -> bool:
    """Say whether words are an eponym of several names, blanks or hyphens between them."""
    return " ".join(map(plain, tokens)).replace("-", " ") in lexicon.phrases


def unlike_words(text: str, lexicon: Lexicon) -> bool:
    """
    Say whether a text is a name by itself, were it but named: a listed one, or no known word.

    Names that are words (Rose, Will) and eponyms count only beside another that is neither, or
    two together, each with a capital (Grant Young).
    """
    tokens = [t for t in tokens_of(text) if len(t.rstrip(".")) > 1]
    kinds = [lexicon.kind(token) for token in tokens]
    if not kinds or "word" in kinds:
        return False
    if NAMES.intersection(kinds):
        return True
    if len(kinds) > 1 and {"both", "eponym"}.issuperset(kinds):
        return all(token[0].isupper() for token in tokens) and not text.isupper()
    return "unknown" in kinds and all(len(t) >= _LOWER_CASE or t[0].isupper() for t in tokens)


def ends_in_name(text: str, lexicon: Lexicon) -> bool:
    """Say whether the last word is no ordinary one, whatever stands before: Specimen Quillfeather."""
    kinds = [lexicon.kind(token) for token in tokens_of(text)]
    return len(kinds) > 1 and kinds[-1] not in {"word", "initial"}


def listed_name(text: str, lexicon: Lexicon) -> bool:
    """Say whether a text holds a listed name that is no word and no eponym, and no other word."""
    kinds = [lexicon.kind(token) for token in tokens_of(text)]
    return "word" not in kinds and bool(NAMES.intersection(kinds))


def given_first(text: str, lexicon: Lexicon) -> bool:
    """Say whether a text begins with a given name, as "Ana R." does; Hope counts, Grade does not."""
    tokens = tokens_of(text)
    kinds = [lexicon.kind(token) for token in tokens]
    if not kinds or "word" in kinds:
        return False
    if kinds[0] == "both" or (kinds[0] == "eponym" and lexicon.is_given(tokens[0])):
        return tokens[-1].endswith(".") and tokens[0][0].isupper()
    return kinds[0] in NAMES


def whole_name(text: str, lexicon: Lexicon) -> bool:
    """
    Say whether a run of capitalised words is a person's name, with nothing around it to say so.

    "First Last", "First M. Last", "Last, First M": one word at least must be a listed name; two
    words that are both names and words, or both eponyms, do not make one.
    """
    tokens = tokens_of(text)
    kinds = [lexicon.kind(token) for token in tokens]
    full = [k for k in kinds if k != "initial"]
    if len(full) > 2 and full[0] == "given" and full[-1] in NAMES:  # noqa: PLR2004
        full = [full[0], full[-1]]  # Ana Green Diaz: a word between two names is one
    if len(full) < 2 or "word" in full:  # noqa: PLR2004 - a first and a last name
        return False
    if _is_phrase(tokens, lexicon):
        return False
    if text.isupper():
        return "given" in full and NAMES.issuperset(full)
    if full == ["eponym", "surname"] and "," not in text:
        return lexicon.is_given(tokens[0])  # Frank Okafor
    return _first_and_last(full[0], full[-1], comma="," in text, initial="initial" in kinds[1:])


def _first_and_last(first: Kind, last: Kind, *, comma: bool, initial: bool) -> bool:
    if comma:
        if first == "eponym" and not initial:
            return False  # a list of instruments (Yankauer, Ballard) names nobody
        return last == "given" or (first in NAMES and last == "both" and initial)
    if first == "given":
        return True
    if initial:
        return first in NAMES or last in NAMES
    return last in NAMES and (first != "eponym" or last == "given")


def both_after_initial(text: str, lexicon: Lexicon) -> bool:
    """Say whether a surname that is a word or an eponym too stands behind an initial: "B. Winter"."""
    kinds = [lexicon.kind(token) for token in tokens_of(text)]
    return kinds[-1:] in (["both"], ["eponym"]) and "initial" in kinds


def lower_pair(text: str, lexicon: Lexicon) -> bool:
    """Say whether two words in lower case are a given name and something like a surname."""
    tokens = tokens_of(text)
    kinds = [lexicon.kind(token) for token in tokens]
    if len(kinds) != 2 or kinds[0] not in {"given", "both"}:  # noqa: PLR2004
        return False
    return kinds[1] in NAMES or (kinds[1] == "unknown" and len(tokens[1]) > _LOWER_CASE)


def two_or_listed(text: str, lexicon: Lexicon) -> bool:
    """Say whether a text holds no ordinary word, and two words or a listed name."""
    kinds = [lexicon.kind(token) for token in tokens_of(text)]
    full = [k for k in kinds if k != "initial"]
    return "word" not in kinds and (len(full) > 1 or bool(NAMES.intersection(full)))


def name_by_lists(text: str, lexicon: Lexicon) -> bool:
    """
    Say whether a text is a full name by the lists, or a single given name with a capital.

    A single word that is a surname too (Johnson) is none: towns and schools are called so.
    """
    if text.isalpha():  # most words with a capital come by here
        folded = plain(text)
        return (
            folded in lexicon.given
            and folded not in lexicon.surnames
            and folded not in lexicon.eponyms
            and not text.isupper()
        )
    tokens = tokens_of(text)
    if len(tokens) > 1:
        return whole_name(text, lexicon)
    if not tokens or text.isupper() or lexicon.kind(tokens[0]) != "given":
        return False
    return all(lexicon.kind(part) != "eponym" for part in tokens[0].split("-"))


def no_term(text: str, lexicon: Lexicon) -> bool:
    """Say whether a text is a name, be it a word too (Mercy), and neither word nor eponym."""
    tokens = tokens_of(text)
    kinds = [lexicon.kind(token) for token in tokens]
    if "word" in kinds or _is_phrase(tokens, lexicon):
        return False
    return not NAMES.isdisjoint(kinds) or "both" in kinds or "unknown" in kinds


def listed_or_both(text: str, lexicon: Lexicon) -> bool:
    """Say whether every word is a listed name, be it a word too: rose, maria, not rosamunda."""
    kinds = [lexicon.kind(token) for token in tokens_of(text)]
    return bool(kinds) and {"given", "surname", "both"}.issuperset(kinds)


def nickname_inside(text: str, lexicon: Lexicon) -> bool:
    """Say whether what stands around a short name in quotes or brackets is a name: Ana "Bo" Diaz."""
    outer = tokens_of(re.sub(r"\"[^\"]*\"|\([^()]*\)|'[^']*'", " ", text))
    kinds = {lexicon.kind(token) for token in outer}
    return len(outer) > 1 and not kinds & {"word", "eponym"} and not kinds <= {"both", "initial"}


def speaker(text: str, lexicon: Lexicon) -> bool:
    """Say whether what stands before a colon in a chat is a person: no word, were it in capitals."""
    kinds = [lexicon.kind(token) for token in tokens_of(text)]
    if text.isupper() and text.isalpha() and len(text) <= _ABBREVIATION:
        return plain(text) not in lexicon.words
    return bool(kinds) and "word" not in kinds


def nickname_behind(text: str, lexicon: Lexicon) -> bool:
    """Say whether a full name is followed by a short one in brackets or quotes: Ana Diaz (Annie)."""
    name, _, short = re.sub("[(\"']+", "(", text.rstrip(")\"'")).rpartition("(")
    return whole_name(name, lexicon) and no_term(short, lexicon)


def given_and_initial(text: str, lexicon: Lexicon) -> bool:
    """Say whether a text is a name, be it a word too, and an initial: "hope p."."""
    kinds = [lexicon.kind(token) for token in tokens_of(text)]
    return kinds[-1:] == ["initial"] and kinds[0] in {"given", "surname", "both", "eponym"}


def glued_surname(text: str, lexicon: Lexicon) -> bool:
    """Say whether what may be a surname stands behind a glued initial or two: QQuimble."""
    start = next((i for i, c in enumerate(text) if c.islower()), 0) - 1
    return start > 0 and lexicon.kind(text[start:]) not in {"word", "eponym"}


def first_is_name(text: str, lexicon: Lexicon) -> bool:
    """Say whether a text begins with a listed name, whatever follows in it."""
    tokens = tokens_of(text)
    return bool(tokens) and lexicon.kind(tokens[0]) in NAMES


#: What rules may name as a check, with the seven lists.
CHECKS: Sequence[Callable[[str, Lexicon], bool]] = (
    follows_cue,
    unlike_words,
    ends_in_name,
    listed_name,
    given_first,
    name_by_lists,
    both_after_initial,
    lower_pair,
    two_or_listed,
    given_and_initial,
    first_is_name,
    glued_surname,
    no_term,
    listed_or_both,
    nickname_inside,
    speaker,
    nickname_behind,
)

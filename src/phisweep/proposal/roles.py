"""What a column or path seems to be: by the rules first, then by its name, then by its values."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from phisweep.detect.fields import normal_name
from phisweep.figures import plural
from phisweep.proposal import labels
from phisweep.proposal.evidence import Gathered, Trait
from phisweep.proposal.values import Role, Sort

_MOST = 0.8  # share from which on values are all of a kind
_NEARLY_ALL = 0.95
_ENOUGH = 20  # values, below which to be unique says little
_FEW = 12  # distinct values of a category
_FEW_OF_MANY, _MANY = 30, 300  # distinct values of a category, of so many filled ones
_HALF = 0.5
_REPEATED = 0.2  # distinct values of filled ones, at most, of a category with many values
_CATEGORY = 400  # distinct values of a category, at most
_DIGITS, _LONG = 5, 7  # digits of a number that may stand for a person: if it is unique, or anyhow
#: Members of FHIR whose names say little without that of the member above them.
_GENERIC = frozenset({"text", "display", "code", "system", "value", "coding", "reference", "url"})
_CODING = frozenset({"system", "code", "display", "version"})
_ROLES: dict[str, Role] = {
    "date": "date",
    "age": "age",
    "location": "geography",
    "zip": "geography",
}


def sort(place: Gathered) -> Sort:
    """Return what a place seems to be. The rules go before names, and names before values."""
    if place.fate is not None:
        return _by_standard(place)
    if not place.filled:
        bare = place.place.startswith("/")
        return Sort("empty", "true, false, null or nothing" if bare else "no value")
    for judge in (_of_standard, _judged, _of_people, _half_found, _of_vocabulary, _by_values):
        found = judge(place)
        if found is not None:
            return found
    how = "nearly all different" if _different(place) else "words or signs of many kinds"
    return Sort("unknown", f"no rule knows it, and its values are {how}", advice="tag")


def called(place: Gathered) -> str:
    """
    Return the normal name of a column or member.

    What FHIR calls text, display, value and the like says little: the member that it lies in goes
    before it, `marital_status_text`.
    """
    if not place.place.startswith("/"):
        return normal_name(place.label)
    names: list[str] = []
    for part in reversed(place.place.split("/")):
        if part in {"", "*"}:
            continue
        names.insert(0, part)
        if part not in _GENERIC:
            break
    return normal_name("_".join(names))


def _by_standard(place: Gathered) -> Sort:
    """A place of which a standard says what becomes of it, whatever is found there."""
    how = "; ".join(place.fate or ())
    if not place.found:
        return Sort("by its standard", how)
    if place.fates.keys() & {"cleaned"}:
        return Sort("free text", how)
    identifier = max(place.found.items(), key=_most)[0]
    return Sort(_role(identifier), how, identifier)


def _of_standard(place: Gathered) -> Sort | None:
    """A path of a code's system, code or words (http://hl7.org/fhir/datatypes.html#Coding)."""
    last = [part for part in place.place.split("/") if part != "*"][-1]
    within = "/coding/" in place.place and last in _CODING
    if not (within or ("/" in place.place and last in {"system", "profile"})):
        return None
    if place.treatment is not None or place.distinct > max(_FEW, _REPEATED * place.filled):
        return None
    how = "a code of a vocabulary, or what its standard says of one"
    taken = max(place.found.items(), key=lambda item: (item[1], item[0]), default=("", 0))
    if taken[1] >= _HALF * place.examined and taken[1]:
        return Sort("code", f"{how}, which the rules take for {taken[0]}", taken[0], advice="keep")
    return Sort("code", how)


def _judged(place: Gathered) -> Sort | None:
    """By the verdict on a column, or by what nearly all values of a path were found to be."""
    if place.verdicts:
        (identifier, rule, why), files = max(
            place.verdicts.items(), key=lambda item: (item[1], item[0])
        )
        part = f", in {files} of {place.judged} files" if files < place.judged else ""
        return Sort(_role(identifier), why + part, identifier, rule)
    if not place.found or not place.examined or place.share(Trait.TEXT) >= _REPEATED:
        return None
    whole: dict[str, int] = {}
    for (kind, _), times in place.whole.items():
        whole[kind] = whole.get(kind, 0) + times
    for counts, how in ((whole, "{} are {}, each by itself"), (place.found, "{} hold {}")):
        identifier, times = max(counts.items(), key=_most, default=("", 0))
        if identifier and times >= _MOST * place.examined:
            rules = {rule: n for (kind, rule), n in place.whole.items() if kind == identifier}
            rule = max(rules.items(), key=_most, default=("", 0))[0]
            values = f"{times:,} of {place.examined:,} values"
            return Sort(_role(identifier), how.format(values, identifier), identifier, rule)
    return None


def _most(item: tuple[str, int]) -> tuple[int, str]:
    return item[1], item[0]


def _role(identifier: str) -> Role:
    return _ROLES.get(identifier, "direct identifier")


def _of_people(place: Gathered) -> Sort | None:
    name = called(place)
    if place.share(Trait.TEXT) >= _MOST or _keyed(place):
        return None
    if labels.PEOPLE(name):
        return Sort("quasi-identifier", "its name says so; it may stay, and adds to other facts")
    if labels.LAND(name) and place.share(Trait.SHORT) >= _MOST and not _numeric(place):
        return Sort("geography", "its name says so; states and countries may stay")
    return None


def _half_found(place: Gathered) -> Sort | None:
    """Half of the values hold something, and no rule knows the whole."""
    identifier, times = max(place.found.items(), key=_most, default=("", 0))
    if not times or times < _HALF * place.examined or place.share(Trait.TEXT) >= _REPEATED:
        return None
    how = "many of its values hold an identifier, and the others may"
    return Sort("unknown", how, identifier=identifier, advice="tag")


def _of_vocabulary(place: Gathered) -> Sort | None:
    name = called(place)
    if place.share(Trait.TEXT) >= _MOST or place.share(Trait.NAMELIKE) >= _MOST:
        return None
    if labels.CODES(name) and not place.share(Trait.UUID):
        return Sort("code", "its name says that it is of a vocabulary")
    if labels.CLINICAL(name) and not _keyed(place):
        long = max(place.lengths, default=0) >= _LONG and not labels.AMOUNTS(name)
        if place.share(Trait.INTEGER) >= _NEARLY_ALL and long:
            return Sort("code", "its name is clinical, and its values are numbers of a vocabulary")
        if not _numeric(place):
            return Sort("clinical", "its name says so")
    return None


def _by_values(place: Gathered) -> Sort | None:
    tests: Sequence[Callable[[Gathered], Sort | None]] = (
        _texts,
        _ids,
        _numbers,
        _codes,
        _categories,
    )
    return next((found for test in tests if (found := test(place)) is not None), None)


def _texts(place: Gathered) -> Sort | None:
    if place.share(Trait.BLOB) >= _MOST:
        how = "long strings without spaces, as of encoded files; no rule reads them"
        return Sort("unknown", how, advice="tag")
    share = place.share(Trait.TEXT)
    if share < _REPEATED:
        return None
    return Sort("free text", f"{share:.0%} of its values are running text; each is searched")


def _ids(place: Gathered) -> Sort | None:
    """Keys and numbers of records, which no rule took for anything: a person decides."""
    name = called(place)
    if place.share(Trait.VOCABULARY) >= _MOST and not place.share(Trait.UUID):
        return None
    if place.share(Trait.CODED | Trait.UUID) >= _MOST and not (
        labels.KINDS(name) and place.distinct <= _FEW
    ):
        return Sort("unknown", "its values are written like keys or numbers", advice="code")
    if place.share(Trait.INTEGER) < _NEARLY_ALL or _few_numbers(place):
        return None
    if labels.ID(name):
        return Sort("unknown", "its name speaks of a key or number", advice="code")
    length = _usual_length(place)
    if length >= _DIGITS and not labels.AMOUNTS(name) and (length >= _LONG or _different(place)):
        how = f"whole numbers of {length} digits, which may be those of persons or records"
        return Sort("unknown", how, advice="code")
    return None


def _few_numbers(place: Gathered) -> bool:
    """Say whether it is a few small whole numbers that repeat, as departments or answers have."""
    small = max(place.lengths, default=0) < _DIGITS
    return small and place.distinct <= min(_FEW, place.filled / 10)


def _usual_length(place: Gathered) -> int:
    """Return the digits that most of the whole numbers have, 0 where they differ in length."""
    length, times = max(place.lengths.items(), key=lambda i: (i[1], i[0]), default=(0, 0))
    return length if times >= _MOST * place.lengths.total() else 0


def _different(place: Gathered) -> bool:
    return place.filled >= _ENOUGH and place.distinct >= _NEARLY_ALL * place.filled


def _numbers(place: Gathered) -> Sort | None:
    whole = place.share(Trait.INTEGER) >= _NEARLY_ALL
    if whole and _few_numbers(place) and not labels.AMOUNTS(called(place)):
        return Sort("category", _repeating(place))
    if _numeric(place):
        return Sort("measurement", "its values are numbers")
    amounts = place.share(Trait.NUMBER | Trait.AMOUNT)
    if amounts >= _NEARLY_ALL:
        return Sort("measurement", "its values are numbers, with units or bounds")
    if amounts >= _HALF and place.share(Trait.AMOUNT | Trait.ORDINARY) >= _NEARLY_ALL:
        return Sort("measurement", "its values are numbers, and ordinary words among them")
    if place.share(Trait.CLOCK) >= _NEARLY_ALL:
        return Sort("measurement", "its values are times of day, without a date")
    return None


def _codes(place: Gathered) -> Sort | None:
    if place.share(Trait.VOCABULARY) >= _NEARLY_ALL and place.distinct > 1:
        return Sort("code", "its values are written as codes of a vocabulary")
    return None


def _categories(place: Gathered) -> Sort | None:
    distinct, filled, kind = place.distinct, place.filled, labels.KINDS(called(place))
    words = place.share(Trait.ORDINARY)
    if place.share(Trait.NAMELIKE) >= _HALF:  # names of people may be few in a column
        return Sort("unknown", "its values may be names of people", advice="tag")
    few = filled >= _FEW and distinct <= min(_FEW, _HALF * filled)
    few = few or (filled >= _MANY and distinct <= _FEW_OF_MANY)
    repeated = distinct <= _CATEGORY and distinct <= _REPEATED * filled
    plain = kind or words >= _HALF or place.share(Trait.TINY) >= _HALF
    if (few or repeated) and plain:
        return Sort("category", _repeating(place))
    if few:
        how = f"{_repeating(place)}, of words that no list knows: they may be names"
        return Sort("unknown", how, advice="tag")
    if words >= _NEARLY_ALL or (kind and distinct <= _FEW):
        return Sort("category", "its values are ordinary words")
    return None


def _repeating(place: Gathered) -> str:
    return plural(place.distinct, "value that repeats", "values that repeat")


def _numeric(place: Gathered) -> bool:
    return place.share(Trait.NUMBER) >= _NEARLY_ALL


def _keyed(place: Gathered) -> bool:
    return place.share(Trait.CODED | Trait.UUID) >= _MOST

"""Places: coordinates, ZIP digits, what lists of places and of words say of a match."""

from __future__ import annotations

import re

from phisweep.detect import placewords
from phisweep.detect.days import plain_digits
from phisweep.detect.validators.registry import Lists, validator


@validator
def five_digits(text: str, lists: Lists) -> bool:
    """Say whether there are five digits, counting the letters that scanners make of them."""
    return len(re.findall(r"[0-9]", plain_digits(text))) == 5  # noqa: PLR2004


@validator
def coordinates(text: str, lists: Lists) -> bool:
    """Say whether two decimal numbers are a latitude (to 90) and a longitude (to 180)."""
    numbers = [float(number) for number in re.findall(r"-?\d{1,3}\.\d{1,15}", text)]
    return len(numbers) == 2 and abs(numbers[0]) <= 90 and abs(numbers[1]) <= 180  # noqa: PLR2004


@validator
def listed_place(text: str, lists: Lists) -> bool:
    """Say whether the name stands in any list but the last, and not in the last."""
    return placewords.listed(text, lists)


@validator
def listed_city_small(text: str, lists: Lists) -> bool:
    """Say whether the name stands in the first list, and in none of the others."""
    return placewords.listed(text, (lists[0], ())) and not any(text in other for other in lists[1:])


@validator
def unlisted_place(text: str, lists: Lists) -> bool:
    """Say whether neither the name nor its first word stands in a list."""
    return placewords.unlisted(text, lists)


@validator
def proper_name(text: str, lists: Lists) -> bool:
    """Say whether, of the words before the last, one is in no list: Westbrook, not pain, clinic."""
    return placewords.any_own(placewords.words(text)[:-1], lists)


@validator
def proper_name_or_one(text: str, lists: Lists) -> bool:
    """Say whether any word of the text, the last one too, is in no list."""
    return placewords.any_own(placewords.words(text), lists)


@validator
def facility_small(text: str, lists: Lists) -> bool:
    """Say whether the first word of a facility in small letters (st. aside) is in no list."""
    words = [word for word in placewords.words(text)[:-1] if word != "st"]
    return placewords.any_own(words[:1], lists)


@validator
def proper_place_small(text: str, lists: Lists) -> bool:
    """Say whether the first word of a place in small letters is in no list, nor is its stem."""
    return placewords.unknown_first(text, lists)


@validator
def named_place(text: str, lists: Lists) -> bool:
    """Say whether a word is in the last list or in none of the others, nor its stems."""
    return placewords.names_itself(text, lists)


@validator
def named_place_small(text: str, lists: Lists) -> bool:
    """Say whether a word of four letters on, in small letters, is in no list, nor are its stems."""
    return placewords.names_itself(text, (*lists, ()), shortest=4)

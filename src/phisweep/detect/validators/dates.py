"""Days and ages: what the calendar allows, and what tells an age of 90 or more."""

from __future__ import annotations

import datetime as dt

from phisweep.detect.days import (
    OLDEST,
    could_be_score,
    last_year,
    month_days,
    names_day,
    tells_old_age,
    years_of_age,
)
from phisweep.detect.validators.registry import Lists, validator


@validator
def calendar_date(text: str, lists: Lists) -> bool:
    """Say whether the digits are a day of the calendar, written in any usual order."""
    return names_day(text)


@validator
def month_day(text: str, lists: Lists) -> bool:
    """Say whether two numbers are a month and one of its days: 2/29, not 2/30."""
    return bool(month_days(text))


@validator
def month_day_no_score(text: str, lists: Lists) -> bool:
    """Say whether two numbers are a month and day, and no score or fraction such as 3/6 or 1/2."""
    return any(not could_be_score(month, day) for month, day in month_days(text))


@validator
def month_days_no_scores(text: str, lists: Lists) -> bool:
    """Say whether all pairs of numbers are months and days, and one at least is no score."""
    pairs = month_days(text)
    days = len(pairs) == text.count("/")
    return days and any(not could_be_score(month, day) for month, day in pairs)


@validator
def has_two_digits(text: str, lists: Lists) -> bool:
    """Say whether at least two characters are digits, not letters that a scanner confuses."""
    return sum(char.isdigit() for char in text) > 1


@validator
def date_range(text: str, lists: Lists) -> bool:
    """Say whether two month/day pairs run forward (over a new year too) and are no two scores."""
    pairs = month_days(text)
    if len(pairs) != 2:  # noqa: PLR2004
        return False
    first, last = pairs
    scores = first[1] == last[1] and could_be_score(*first) and could_be_score(*last)
    return not scores and (first < last or first[0] - last[0] > 6)  # noqa: PLR2004 - months


@validator
def birth_year_90(text: str, lists: Lists) -> bool:
    """Say whether someone born in the (last) year of the text turns 90 by the end of this year."""
    now = dt.datetime.now(tz=dt.UTC).year
    year = last_year(text, now)
    return year is not None and tells_old_age(year, now)


@validator
def age_90(text: str, lists: Lists) -> bool:
    """Say whether an age, in years or the unit that it names, is 90 to 125 years."""
    age = years_of_age(text)
    return age is not None and 90 <= age <= OLDEST  # noqa: PLR2004


@validator
def months_or_days_90(text: str, lists: Lists) -> bool:
    """Say whether a number, of months from 1,080 on or of days from 32,873 on, is 90 to 125 years."""
    age = years_of_age(text)
    return age is not None and (1_080 <= age <= 1_500 or 32_873 <= age <= 45_657)  # noqa: PLR2004


@validator
def over_89_value(text: str, lists: Lists) -> bool:
    """Say whether a cell of an age column is an age of 90 to 125, or stands for all above 89."""
    age = years_of_age(text)
    capped = text.lstrip().startswith((">", "over"))
    return age is not None and (89 if capped else 90) <= age <= OLDEST

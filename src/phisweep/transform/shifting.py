"""
How far the dates of a subject are moved, and what that leaves of them.

The offset is derived, never stored: HMAC-SHA256 (RFC 2104) of the subject under a key of the run
for this purpose alone. Who has the key can undo it; nobody else can, and two subjects tell
nothing of each other.
"""

from __future__ import annotations

import hmac
import unicodedata
from collections.abc import Mapping

from phisweep.keys import Key, fold
from phisweep.transform.dates import ORDERS
from phisweep.transform.dateunits import Order
from phisweep.transform.params import Reader
from phisweep.values import dataclass

PURPOSE = "date-shift"
PARAMS = ("max-days", "direction", "weekday", "partial", "without-subject", "order", "pivot")
DAYS_A_YEAR = 365
#: A hundred years: a lifetime, and more than any use asks for.
MOST_DAYS = 36_500
_WEEK = 7


@dataclass(frozen=True, slots=True)
class Shift:
    """
    The parameters of `date-shift`.

    `max_days` is 1 to 36,500; `weekday` moves by whole weeks; `both` moves forward too. Without a
    subject `year_alone` leaves the year. `partial` moves what has no day. `order` says which number
    of 3/4 is the month.
    """

    max_days: int = DAYS_A_YEAR
    weekday: bool = False
    both: bool = False
    year_alone: bool = False
    partial: bool = True
    order: Order = "usual"

    @classmethod
    def of(cls, params: Mapping[str, str | int | bool]) -> Shift:
        """Return what a policy asks for. Raises RuleError for what is no parameter of it."""
        given = Reader(PURPOSE, params, PARAMS)
        weekday = params.get("weekday", False)
        if not isinstance(weekday, bool):
            raise given.wrong("weekday is true or false")
        max_days = given.whole("max-days", _WEEK if weekday else 1, DAYS_A_YEAR)
        if max_days > MOST_DAYS:
            raise given.wrong(f"max-days is at most {MOST_DAYS}")
        return cls(
            max_days,
            weekday,
            both=given.one_of("direction", ("back", "both")) == "both",
            year_alone=given.one_of("without-subject", ("tag", "year")) == "year",
            partial=given.one_of("partial", ("shift", "tag")) == "shift",
            order=_order(given.one_of("order", ORDERS)),
        )

    def offset(self, key: Key, subject: str) -> int:
        """
        Return the days that a subject's dates are moved by: never 0, never whole years.

        Whole years (365 or 366 days, 730, ...) would leave month and day as they stood. A subject
        is the same one in whatever case and with whatever separators it is written.
        """
        secret = key.derive(PURPOSE)
        name = (fold(subject) or unicodedata.normalize("NFKC", subject)).encode(
            errors="surrogatepass"
        )
        step = _WEEK if self.weekday else 1
        count = self.max_days // step
        sides = 2 if self.both else 1
        drawn = 0
        while True:
            digest = hmac.digest(secret, drawn.to_bytes(4, "big") + name, "sha256")
            size, side = divmod(int.from_bytes(digest, "big") % (count * sides), sides)
            days = (size + 1) * step
            if not whole_years(days):
                return days if side else -days
            drawn += 1


@dataclass(frozen=True, slots=True)
class Properties:
    """What a shift keeps of dates and what it changes: sentences for a reader of the data."""

    kept: tuple[str, ...]
    changed: tuple[str, ...]


def properties(params: Mapping[str, str | int | bool]) -> Properties:
    """Say in words what dates moved under these parameters still tell. Raises RuleError."""
    shift = Shift.of(params)
    weekday = "The day of the week."
    unit = "weeks" if shift.weekday else "days"
    most = shift.max_days // (_WEEK if shift.weekday else 1)
    where = "earlier or later" if shift.both else "earlier"
    partial = {
        True: "Months, quarters and years without a day: they move by the same offset, reckoned "
        "from their middle, and so are exact to half their length.",
        False: "Months, quarters and years without a day: they are removed.",
    }
    alone = {
        False: "Dates of no known subject: they are removed.",
        True: "Dates of no known subject: their year stays, unshifted, and fits no shifted date.",
    }
    return Properties(
        kept=(
            "Intervals between two full dates of one subject, to the day, and their order.",
            "Times of day, time zones and fractions of a second.",
            "How each date was written.",
            *((weekday,) if shift.weekday else ()),
        ),
        changed=(
            f"The calendar date: each subject's dates are 1 to {most} {unit} {where}.",
            "Intervals between dates of different subjects: each subject has an offset of its own.",
            *(() if shift.weekday else (weekday,)),
            "The season, the distance to holidays, and the calendar year where an offset crosses it.",
            "Dates without a year: they move as in the year of reference, and may be a day off.",
            partial[shift.partial],
            alone[shift.year_alone],
            "Holidays, seasons, weekdays and days of the month that stand alone: they are removed.",
            "Ages of 90 or more, and dates after the year of reference: as the operator year does.",
        ),
    )


def whole_years(days: int) -> bool:
    """Say whether so many days (more than 0) can lie between two dates of one month and day."""
    return any(
        max(0, years // 4 - 1) <= days - DAYS_A_YEAR * years <= (years + 3) // 4
        for years in range(1, days // DAYS_A_YEAR + 1)
    )


def _order(name: str) -> Order:
    return next(order for order in ORDERS if order == name)

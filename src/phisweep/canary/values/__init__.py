"""Invented identifiers of every letter that can be written, by the ways of writing each."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from phisweep.canary.chance import Chance
from phisweep.canary.values import dates, mail, names, numbers, places
from phisweep.canary.values.base import Invented, Kit

Make = Callable[[Chance, Kit], Invented]
MakeLike = Callable[[Chance, Kit, str, str], Invented]
_NUMBERED = (
    *("phone", "fax", "ssn", "mrn", "health_plan", "account", "license", "vehicle", "device"),
    *("ip", "other_id"),
)
#: For running text.
WRITTEN: Mapping[str, Make] = {
    "name": names.name,
    "location": places.location,
    "zip": places.zip_code,
    "date": dates.date,
    "age": dates.age,
    "email": mail.email,
    "url": mail.url,
    **{identifier: numbers.numbered(identifier) for identifier in _NUMBERED},
}
#: For a place where nobody expects one: what tells what it is, as far as there is such a thing.
TELLING: Mapping[str, Make] = {
    **WRITTEN,
    "name": names.full_name,
    "location": places.address,
    "date": dates.full_date,
    "email": mail.plain_email,
    "url": mail.plain_url,
    **{identifier: numbers.telling(identifier) for identifier in _NUMBERED},
}
#: For a place that holds such values, in the form of the one that stands there.
LIKE: Mapping[str, MakeLike] = {
    "name": names.name_like,
    "location": places.location_like,
    "zip": places.zip_like,
    "date": dates.date_like,
    "age": dates.age_like,
    "email": mail.email_like,
    "url": mail.url_like,
    **{identifier: numbers.number_like(identifier) for identifier in _NUMBERED},
}

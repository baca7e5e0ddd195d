"""Invented places: streets and towns of the pinned lists, ZIP codes of prefixes that none has."""

from __future__ import annotations

import re

from phisweep.canary.chance import Chance
from phisweep.canary.values.base import Invented, Kit, cased, span
from phisweep.transform.surrogates.pools import PoolKind
from phisweep.transform.surrogates.postal import FREE_PREFIXES

_STATES = ("MA", "OH", "TX", "CA", "IL", "GA", "NC", "MN", "OR", "PA", "AZ", "WI")
_UNITS = ("Apt 4B", "Apt. 12", "Unit 7", "#3", "Suite 210")
_STYLES = (
    (("street", "street"), 4),
    (("street with unit", "street"), 1),
    (("full address", "full-address"), 3),
    (("P.O. box", "street"), 1),
    (("town and state", "town"), 2),
    (("town", "town"), 2),
    (("hospital or clinic", "facility"), 2),
    (("county", "county"), 1),
)


def location(chance: Chance, kit: Kit) -> Invented:
    """Return a place for running text."""
    style, topic = chance.weighted(_STYLES)
    return _written(style, topic, chance, kit)


def address(chance: Chance, kit: Kit) -> Invented:
    """Return a place that tells that it is one, wherever it stands."""
    return _written(chance.pick(("street", "full address")), "street", chance, kit)


def location_like(chance: Chance, kit: Kit, like: str, label: str) -> Invented:
    """Return a place of the kind that stands there: an address, a street, a town, a hospital."""
    low = f"{label} {like}".lower()
    if like[:1].isdigit():
        style = "full address" if like.count(",") > 1 else "street"
    elif "county" in low:
        style = "county"
    elif re.search(r"hosp|clinic|center|facility|medical|organi[sz]ation", low):
        style = "hospital or clinic"
    else:
        style = "town and state" if re.search(r", [A-Z]{2}$", like) else "town"
    made = _written(style, "town", chance, kit)
    return Invented(cased(made.text, like), made.style, made.topic, made.free)


def zip_code(chance: Chance, kit: Kit) -> Invented:
    """Return a ZIP code for running text."""
    long = chance.share(0.25)
    return Invented(_zip(chance, kit, long=long), "ZIP+4" if long else "ZIP", "zip")


def zip_like(chance: Chance, kit: Kit, like: str, label: str) -> Invented:  # noqa: ARG001 - as all
    """Return a ZIP code with as many digits."""
    long = sum(map(str.isdigit, like)) > 5  # noqa: PLR2004 - of a ZIP code
    made = _zip(chance, kit, long=long)
    return Invented(
        made if "-" in like or not long else made.replace("-", ""),
        "ZIP+4" if long else "ZIP",
        "zip",
    )


def _written(style: str, topic: str, chance: Chance, kit: Kit) -> Invented:
    town, state = _of("cities", chance, kit), chance.pick(_STATES)
    street = f"{chance.between(12, 9890)} {_of('streets', chance, kit)}"
    free: tuple[tuple[int, int], ...] = ()
    match style:
        case "street with unit":
            text = f"{street}, {chance.pick(_UNITS)}"
        case "full address":
            text = f"{street}, {town}, {state} {_zip(chance, kit)}"
            free = span(text, f" {state} ")
        case "P.O. box":
            text = f"P.O. Box {chance.between(104, 9870)}"
            free = ((0, len("P.O. Box")),)
        case "town and state":
            text = f"{town}, {state}"
            free = span(text, f" {state}")
        case "town":
            text = town
        case "hospital or clinic":
            text = _of("facilities", chance, kit)
        case "county":
            text = _of("counties", chance, kit)
            free = span(text, " County")
        case _:
            text = street
    return Invented(text, style, topic, free)


def _zip(chance: Chance, kit: Kit, *, long: bool = False) -> str:
    for _ in range(64):
        five = chance.pick(FREE_PREFIXES) + chance.digits(2)
        if not kit.pools.occurs(five):
            break
    return f"{five}-{chance.digits(4)}" if long else five


def _of(kind: PoolKind, chance: Chance, kit: Kit) -> str:
    return kit.pools.pick(kind, chance.draw) or chance.pick(kit.pools.entries(kind))

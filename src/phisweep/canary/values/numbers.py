"""Invented numbers, codes and addresses of the net, by the generators of surrogates."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from phisweep.canary.chance import Chance
from phisweep.canary.values.base import Invented, Kit
from phisweep.transform.surrogates import contact, network, numbers
from phisweep.transform.surrogates.alike import DrawOf
from phisweep.transform.surrogates.pools import Pools

_OWN = 0.4  # of all numbers are in a form that the data have
_TRIES = 16
Maker = Callable[[str, DrawOf, Pools], str | None]

#: Forms by identifier: (an example that nobody has, style, topic, whether words must name it).
_Form = tuple[str, str, str, bool]
_FORMS: Mapping[str, tuple[_Form, ...]] = {
    "phone": (
        ("(617) 555-0143", "(ddd) ddd-dddd", "phone", False),
        ("617-555-0143", "ddd-ddd-dddd", "phone", False),
        ("617.555.0143", "ddd.ddd.dddd", "phone", False),
        ("617 555 0143", "ddd ddd dddd", "phone", False),
        ("+1 617 555 0143", "+1 ddd ddd dddd", "phone", False),
        ("(617)555-0143 x214", "with an extension", "phone", False),
        ("6175550143", "ten digits", "phone", True),
        ("555-0143", "seven digits", "phone", True),
    ),
    "fax": (
        ("(617) 555-0143", "(ddd) ddd-dddd", "fax", True),
        ("617-555-0143", "ddd-ddd-dddd", "fax", True),
        ("617.555.0143", "ddd.ddd.dddd", "fax", True),
        ("+1 617 555 0143", "+1 ddd ddd dddd", "fax", True),
        ("6175550143", "ten digits", "fax", True),
    ),
    "ssn": (
        ("987-65-4320", "ddd-dd-dddd", "ssn", False),
        ("987-65-4320", "ddd-dd-dddd", "ssn", False),
        # The rules doubt bare groups of an area that was never issued, as all of these are.
        ("987 65 4320", "ddd dd dddd", "ssn", True),
        ("987654320", "nine digits", "ssn", True),
        ("4320", "last four", "ssn-last", True),
    ),
    "mrn": (
        ("4821390", "seven digits", "mrn", True),
        ("00482139", "with leading zeros", "mrn", True),
        ("48-21-39", "in groups", "mrn", True),
        ("E48213907", "letter and digits", "mrn", True),
        ("482139074821", "long", "mrn", True),
    ),
    "health_plan": (
        ("XEA902114873", "letters and digits", "plan", True),
        ("U48211390-02", "with a suffix", "plan", True),
        ("902114873A", "digits and a letter", "medicare", True),
        ("1EG4-TE5-MK73", "Medicare", "medicare", True),
    ),
    "account": (
        ("00448812307", "digits", "account", True),
        ("4400-8812-7", "in groups", "account", True),
        ("GA448812", "letters and digits", "account", True),
        ("4111 1111 1111 1111", "card", "card", True),
    ),
    "license": (
        ("S48211390", "letter and digits", "driver", True),
        ("D482-1139-0021", "in groups", "driver", True),
        ("482113902", "digits", "driver", True),
        ("A48211", "medical", "medical", True),
        ("AB4821139", "DEA", "dea", True),
    ),
    "vehicle": (
        ("1M8GDM9AXKP042788", "VIN", "vin", True),
        ("7KLM482", "plate", "plate", True),
        ("KLM-4821", "plate with a dash", "plate", True),
    ),
    "device": (
        ("PMX48211390", "serial", "serial", True),
        ("48211390", "serial, digits", "serial", True),
        ("LX-4821-A", "serial, in groups", "serial", True),
        ("00:1A:2B:3C:4D:5E", "MAC address", "mac", False),
        ("356938035643809", "IMEI", "imei", True),
    ),
    "ip": (
        ("192.0.2.14", "IPv4", "ip", False),
        ("192.0.2.14", "IPv4", "ip", False),
        ("192.0.2.14:8080", "IPv4 with a port", "ip", False),
        ("2001:db8::1", "IPv6", "ip", False),
    ),
    "other_id": (
        ("S21-48213", "accession", "accession", True),
        ("2148213907", "specimen", "specimen", True),
        ("STU-482113", "study", "study", True),
        ("CLM48211390", "claim", "claim", True),
        ("48211390", "passport", "passport", True),
        ("EMP48213", "employee", "employee", True),
        ("3f2b9c1e-7d44-4a61-9e0b-5c8812f3a7d2", "UUID", "uuid", False),
    ),
}


def _device(text: str, draw_of: DrawOf, pools: Pools) -> str | None:
    make = network.hardware if network.HARDWARE.fullmatch(text) else numbers.number
    return make(text, draw_of, pools)


_MAKERS: Mapping[str, Maker] = {
    "phone": contact.phone,
    "fax": contact.phone,
    "ssn": numbers.ssn,
    "ip": network.address,
    "device": _device,
}
#: What may stay in letters of a value in whose form another was made: names of numbers, not words.
_LABELS = re.compile(r"[^\W\d_]{3,}")


def numbered(identifier: str) -> Callable[[Chance, Kit], Invented]:
    """Return what invents a number of an identifier for running text."""

    def make(chance: Chance, kit: Kit) -> Invented:
        own = kit.own.get(identifier, ())
        if (
            own
            and identifier in {"mrn", "account", "health_plan", "other_id"}
            and chance.share(_OWN)
        ):
            made = _alike(identifier, chance.pick(own), chance, kit)
            if made is not None:
                topic = _FORMS[identifier][0][2]
                return Invented(made, "as in the data", topic, told=True)
        return _plain(identifier, chance, kit, _FORMS[identifier])

    return make


def telling(identifier: str) -> Callable[[Chance, Kit], Invented]:
    """Return what invents a number that tells what it is, or has to be told."""

    def make(chance: Chance, kit: Kit) -> Invented:
        forms = _FORMS[identifier]
        return _plain(identifier, chance, kit, [f for f in forms if not f[3]] or forms)

    return make


def number_like(identifier: str) -> Callable[[Chance, Kit, str, str], Invented]:
    """Return what invents a number in the form of the one that stands there."""

    def make(chance: Chance, kit: Kit, like: str, label: str) -> Invented:  # noqa: ARG001 - as all
        made = _alike(identifier, like, chance, kit)
        if made is None:
            return _plain(identifier, chance, kit, _FORMS[identifier])
        return Invented(made, "as in the data", _FORMS[identifier][0][2])

    return make


def _plain(identifier: str, chance: Chance, kit: Kit, forms: Sequence[_Form]) -> Invented:
    made = None
    for _ in range(_TRIES):
        example, style, topic, told = chance.pick(forms)
        made = _MAKERS.get(identifier, numbers.number)(example, chance.draw_of, kit.pools)
        if made is not None:
            break
    return Invented(made or example, style, topic, told=told)


def _alike(identifier: str, like: str, chance: Chance, kit: Kit) -> str | None:
    """Return another of its form; None where a word of what stands there would be left in it."""
    made = _MAKERS.get(identifier, numbers.number)(like.strip(), chance.draw_of, kit.pools)
    if made is None:
        return None
    left = {w.lower() for w in _LABELS.findall(made)} & {w.lower() for w in _LABELS.findall(like)}
    return None if left or made == like else made

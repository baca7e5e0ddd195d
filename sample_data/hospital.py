"""
The people and numbers of an invented hospital, drawn from specimen ranges by a seed.

No person, address or number here is anybody's: names are put together from many languages, towns
are invented (their ZIP prefixes are real, so that the three-digit rule has work), Social Security
numbers lie in areas that were never issued, telephone numbers in 555-0100..0199, mail and web
addresses under example.org and example.com, network addresses in 192.0.2.0/24.
"""

from __future__ import annotations

import datetime as dt
import random
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

TODAY = dt.date(2026, 10, 30)

#: first name, last name, sex, language
NAMES: Sequence[tuple[str, str, str, str]] = (
    ("Maria", "Okafor-Lindqvist", "F", "Spanish"),
    ("Thaddeus", "Brannigan-Oyelaran", "M", "English"),
    ("Rose", "Vandermolenaar", "F", "English"),
    ("Nguyễn", "Thị Bạch-Yến", "F", "Vietnamese"),
    ("Ignatius", "O'Sheridan", "M", "English"),
    ("April", "Winterbourne-Quist", "F", "English"),
    ("Þórdís", "Hrafnkelsdóttir", "F", "Icelandic"),
    ("Kwabena", "Asantewaa-Mills", "M", "Twi"),
    ("Grace", "Delacroix-Umar", "F", "French"),
    ("Xochitl", "Baranquilla", "F", "Spanish"),
    ("Olumide", "Featherstonehaugh", "M", "English"),
    ("Zsófia", "Kerekgyártó-Blum", "F", "Hungarian"),
    ("Ravindra", "Chandrasekharaiah", "M", "Kannada"),
    ("Mei-Ling", "Ostrowicz", "F", "Mandarin"),
    ("Augustine", "de la Fontcuberta", "M", "Catalan"),
    ("Fatoumata", "Sylvestre-Diarra", "F", "French"),
    ("Lars-Erik", "Mäkiaho", "M", "Finnish"),
    ("Tsegereda", "Woldegiorgis", "F", "Amharic"),
    ("Barnaby", "Mossgrove", "M", "English"),
    ("Siobhán", "Nic Craith-Abara", "F", "English"),
    ("Jagdeep", "Thornapple", "M", "Punjabi"),
    ("Aiyana", "Two-Rivers-Holm", "F", "English"),
    ("Mikołaj", "Przybyszczak", "M", "Polish"),
    ("Leilani", "Kahananui-Stroud", "F", "Hawaiian"),
    ("Cornelius", "van den Eikenhorst", "M", "English"),
    ("Noor", "al-Qasimiyya", "F", "Arabic"),
    ("Hyacinth", "Pellingbrook", "F", "English"),
    ("Tomasz", "Wrzosowicki", "M", "Polish"),
    ("Ekaterina", "Snegurova-Hale", "F", "Russian"),
    ("Desmond", "Ukpongson", "M", "English"),
    ("Wren", "Castellanos-Ito", "F", "Spanish"),
    ("Giacomo", "Bellafontana", "M", "Italian"),
    ("Pilar", "Etxeberriaga", "F", "Spanish"),
    ("Ansel", "Drummelfield", "M", "English"),
    ("Yumiko", "Harcastle-Mori", "F", "Japanese"),
    ("Obadiah", "Fennimere", "M", "English"),
    ("Shirin", "Golestanpour", "F", "Farsi"),
    ("Matteus", "Lindhagensson", "M", "Swedish"),
    ("Eun-Ji", "Pemberly-Gwak", "F", "Korean"),
    ("Casimir", "Oldhollow", "M", "English"),
)  # fmt: skip

#: Physicians, nurses and others of the staff.
STAFF: Sequence[str] = (
    "Amara Quellwright",
    "Bertrand Nakashima-Voss",
    "Ottoline Farquharsson",
    "Sunil Abernethy-Rao",
    "Helga Montefalcone",
    "Percival Adeyinka-Strand",
    "Lucinda Brightwater",
    "Emeka Zoltanfi",
)

#: invented town, state, five digits of ZIP under a real prefix
TOWNS: Sequence[tuple[str, str, str]] = (
    ("Harrow Falls", "NH", "03601"),
    ("Quillhaven", "MA", "02139"),
    ("Larkspur Notch", "VT", "05901"),
    ("Copper Draw", "WY", "82190"),
    ("Saltmarsh Landing", "NJ", "07095"),
    ("Pine Ordinary", "VA", "23998"),
    ("Gullwing Harbor", "ME", "04679"),
    ("Three Kettles", "MN", "55690"),
    ("Mesa Perdida", "NM", "87899"),
    ("Dunmore Prairie", "IL", "60699"),
    ("Bitterroot Siding", "NE", "69299"),
    ("Vinegar Bluff", "CA", "95199"),
)

STREETS: Sequence[str] = (
    "118 Larkrest Lane",
    "2207 Old Tannery Rd Apt 4B",
    "P.O. Box 9071",
    "45 Whistledown Ct",
    "9 Candlewick Ave Unit 12",
    "7714 N Gristmill Pkwy",
    "360 Foxglove Terrace",
    "12½ Sexton's Alley",
    "5082 County Rd 9917",
    "81 Marrowstone Blvd, Suite 300",
)

ADULT = 18  # years
EIGHTH = 8  # every eighth patient is over ninety; the others are of any age
#: who comes along, by the patient's age and the companion's sex
RELATIONS: Mapping[tuple[str, str], Sequence[str]] = {
    ("adult", "F"): ("daughter", "sister", "niece"),
    ("adult", "M"): ("son", "brother", "nephew"),
    ("child", "F"): ("mother", "aunt"),
    ("child", "M"): ("father", "uncle"),
}

AREA_CODES: Sequence[str] = ("603", "617", "802", "307", "505", "312")


@dataclass(frozen=True, slots=True)
class Person:
    """One invented patient. `mrn`, `member` and the like are specimens too."""

    first: str
    last: str
    sex: str
    language: str
    born: dt.date
    mrn: str
    ssn: str
    street: str
    city: str
    state: str
    zip: str
    phone: str
    email: str
    member: str
    provider: str

    def age(self, on: dt.date) -> int:
        """Return the age in whole years on a day."""
        return on.year - self.born.year - ((on.month, on.day) < (self.born.month, self.born.day))


def patients(chance: random.Random, count: int) -> list[Person]:
    """Return `count` patients; the first forty bear the names above, later ones mix them."""
    people = [_person(chance, number) for number in range(count)]
    # Published samples of the two numbers that have them: the SSN that the SSA itself misused in
    # a pamphlet, the Medicare beneficiary number of CMS's own sample card.
    people[6:7] = [replace(each, ssn="219-09-9999") for each in people[6:7]]
    people[11:12] = [replace(each, member="1EG4-TE5-MK73") for each in people[11:12]]
    return people


def _person(chance: random.Random, number: int) -> Person:
    size = len(NAMES)
    first, _, sex, language = NAMES[number % size]
    last = NAMES[(number + number // size * 7) % size][1]
    city, state, zip_code = chance.choice(TOWNS)
    oldest = number % EIGHTH == 0 and number > 0
    years = chance.randrange(90, 101) if oldest else chance.randrange(1, 89)
    born = TODAY - dt.timedelta(days=years * 365 + years // 4 + chance.randrange(1, 360))
    return Person(
        first=first,
        last=last,
        sex=sex,
        language=language,
        born=born,
        mrn=f"{400_000 + number * 137 + chance.randrange(100):08d}",
        ssn=ssn(chance),
        street=chance.choice(STREETS),
        city=city,
        state=state,
        zip=zip_code if number % 5 else f"{zip_code}-{chance.randrange(1, 9999):04d}",
        phone=phone(chance, number),
        email=f"{_ascii(first)}.{_ascii(last)}{number}@example.{('org', 'com')[number % 2]}",
        member=f"ZZH{chance.randrange(10**8, 10**9)}",
        provider=chance.choice(STAFF),
    )


def ssn(chance: random.Random) -> str:
    """Return a number in the 3-2-4 grouping whose area (000, 666, 9xx) was never issued."""
    area = chance.choice(("000", "666", str(chance.randrange(900, 1000))))
    # Groups of 9xx from 50 on belong to taxpayer numbers (ITIN): stay below.
    return f"{area}-{chance.randrange(1, 50):02d}-{chance.randrange(1, 10_000):04d}"


def phone(chance: random.Random, style: int) -> str:
    """Return a number of the range 555-0100..0199, which is kept for fiction, in one of 4 forms."""
    area, line = chance.choice(AREA_CODES), f"01{chance.randrange(100):02d}"
    forms = (
        f"({area}) 555-{line}",
        f"{area}-555-{line}",
        f"{area}.555.{line}",
        f"+1 {area} 555 {line}",
    )
    return forms[style % len(forms)]


def dates(prefix: str, day: dt.date) -> Mapping[str, str]:
    """Return the ways in which the templates write a day, under `prefix_form`."""
    forms = {
        "iso": day.isoformat(),
        "us": f"{day.month}/{day.day}/{day.year}",
        "short": f"{day:%m/%d/%y}",
        "md": f"{day.month}/{day.day}",
        "long": f"{day:%B} {day.day}, {day.year}",
        "dmy": f"{day:%d-%b-%Y}",
        "my": f"{day:%B} {day.year}",
        "weekday": f"{day:%A}",
        "year": str(day.year),
    }
    return {f"{prefix}_{form}": text for form, text in forms.items()}


def _ascii(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name.replace("Þ", "th").replace("ł", "l")).casefold()
    return "".join(c for c in plain if c.isascii() and c.isalpha())

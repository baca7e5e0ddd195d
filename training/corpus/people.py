"""A person, and every form in which a chart names one."""

from __future__ import annotations

import random
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from corpus import names

Part = tuple[str, str | None]  # a piece of text and its label
CREDENTIALS = (
    "MD|M.D.|DO|D.O.|RN|R.N.|NP|PA-C|LPN|CRNP|LCSW|PharmD|DDS|PhD|Ph.D.|PT|OT|RT|BSN, RN|MSW|FACS|MD, PhD|CNA|APRN|DPT|RD|MBBS|ARNP|FNP-C|CRNA|EMT-P|PGY-2|PGY3|"
    "MS4|RRT|LMFT|PsyD|DVM|DMD|OTR/L|CCC-SLP|RDN|LVN|CNM|DNP|MA|CMA|RPh|MSN|LICSW|CCRN|FACC|FAAFP|R4|NREMT-P|LMSW|CHES"
).split("|")
_WORDS = frozenset(
    "ad ah al am an as at be by do ed er go he hi ho if in is it iv la me md my no of on or pa pt rn so to up us we dc id ok or op po pm bp hr rr cc mg ml kg ct mr dr st np do os od ou bm gi gu "
    "and ant are bad bag bed bib but cat can day ear eat end eye fat for gas get had has her him his hot how ice job leg let lip low mat may med men new not now off old one our out pad pat pit pus "
    "rat red rib run saw see set sad she sit tan tea the too two use was wet who why yes you".split()
)
TITLES = (
    "Dr. ",
    "Dr. ",
    "Dr ",
    "Dr. ",
    "Doctor ",
    "DR. ",
    "dr ",
    "dr. ",
    "Dr.",
    "Prof. ",
    "Prof ",
    "Drs. ",
)


@dataclass(frozen=True)
class Person:
    """Somebody: given name, middle initial, surname, nickname, sex (m or f)."""

    first: str
    middle: str
    last: str
    nick: str
    sex: str


def person(r: random.Random, last: str | None = None, sex: str | None = None) -> Person:
    """Return an invented person, with the surname given where one is."""
    sex = sex or r.choice("mf")
    origin = names.origin(r)
    first = names.given(r, sex, origin)
    middle = r.choice("ABCDEFGHIJKLMNOPRSTVWZ")
    return Person(first, middle, last or names.surname(r, origin), names.nickname(r, first), sex)


def ascii_of(name: str) -> str:
    """Return a name in small letters a to z, as user ids have it."""
    spread = unicodedata.normalize("NFKD", name.lower())
    return "".join(c for c in spread if "a" <= c <= "z")


def initials(r: random.Random, p: Person, *, lower: bool = False) -> str:
    """Return the initials, of two or three letters, with stops or without."""
    letters = [p.first[0], p.last.split()[-1][0]]
    if r.random() < 0.35:
        letters.insert(1, p.middle)
    if r.random() < 0.06:
        letters.append(p.last.split()[0][-1])
    plain = "".join(letters)
    text = r.choice([".".join(letters) + ".", plain, plain, plain])
    if plain.lower() in _WORDS and r.random() < 0.85:  # "at", "OR", "PT" mean something else
        text = ".".join(letters) + "."
    return text.lower() if lower else text.upper()


def user(r: random.Random, p: Person) -> str:
    """Return a user id made of the name."""
    f, s = ascii_of(p.first) or "x", ascii_of(p.last) or "y"
    n = r.choice(["", "", str(r.randint(1, 99)), f"{r.randint(0, 9999):04d}"])
    base = r.choice(
        [
            f[0] + s,
            s + f[0],
            f"{f}.{s}",
            f"{f[0]}.{s}",
            f"{f}_{s}",
            f[0] + p.middle.lower() + s[0] + str(r.randint(1, 999)),
            s[:5] + f[:2],
            f + s[0],
            s,
        ]
    )
    return (base[:14] + n) if r.random() < 0.85 else (base[:14] + n).upper()


def running(r: random.Random, p: Person) -> str:
    """Return a full name as running text has it."""
    f, m, s = p.first, p.middle, p.last
    u = r.random()
    forms = (
        (0.50, f"{f} {s}"),
        (0.62, f"{f} {m}. {s}"),
        (0.66, f"{f} {m} {s}"),
        (0.74, f"{f[0]}. {s}"),
        (0.78, f"{f[0]}.{m}. {s}"),
        (0.82, f"{f} {s[0]}."),
        (0.84, f"{f} {s[0]}"),
        (0.88, f"{p.nick} {s}"),
        (0.91, f'{f} "{p.nick}" {s}'),
        (0.93, f"{f} ({p.nick}) {s}"),
        (0.95, f"{s}, {f}"),
        (0.97, f"{f} {s} {r.choice(['Jr.', 'Sr.', 'III', 'II', 'Jr', 'IV'])}"),
        (1.01, f"{f} {names.given(r, p.sex, names.origin(r))} {s}"),
    )
    return next(text for bound, text in forms if u < bound)


def form(r: random.Random, p: Person, how: str) -> list[Part]:
    """Return the parts that name a person in a form; templates/README.md lists the forms."""
    f, m, s = p.first, p.middle, p.last
    name = "NAME"
    if how == "mr":
        title = (
            r.choice(["Mr. ", "Mr ", "Mr. ", "mr ", "MR. ", "Mister "])
            if p.sex == "m"
            else r.choice(["Mrs. ", "Ms. ", "Ms ", "Mrs ", "Miss ", "ms ", "mrs ", "MS. "])
        )
        return [(title, None), (s if r.random() < 0.85 else f"{f} {s}", name)]
    if how == "dr":
        called = r.choice([s, s, s, s, f"{f} {s}", f"{f[0]}. {s}", f"{f} {m}. {s}", f])
        return [(r.choice(TITLES), None), (called, name)]
    if how == "cred":
        called = r.choice(
            [
                f"{f} {s}",
                f"{f} {s}",
                f"{f[0]}. {s}",
                f"{f} {m}. {s}",
                s,
                f"{s}, {f}",
                f"{f[0]} {s}",
                f"{f[0]}{m} {s}",
            ]
        )
        return [(called, name), (r.choice([", ", ", ", " ", ","]) + r.choice(CREDENTIALS), None)]
    return [(_plain(r, p, how), "ID" if how == "user" else name)]


def _plain(r: random.Random, p: Person, how: str) -> str:
    f, m, s = p.first, p.middle, p.last
    choices: dict[str, Sequence[str]] = {
        "first": [f],
        "odd": names.WORDS_GIVEN,
        "last": [s],
        "nick": [p.nick],
        "full": [f"{f} {s}", f"{f} {s}", f"{f} {m}. {s}", f"{f} {m} {s}"],
        "lf": [
            f"{s}, {f}",
            f"{s}, {f} {m}",
            f"{s}, {f} {m}.",
            f"{s.upper()}, {f.upper()}",
            f"{s}, {f}",
            f"{s}, {f[0]}",
            f"{s}, {f[0]}.",
        ],
        "glued": [
            f"{s.upper()},{f[0]}",
            f"{s.upper()},{f.upper()}",
            f"{s.upper()},{f.upper()} {m}",
            f"{s}^{f}",
            f"{s}^{f}^{m}",
            f"{f[0]}.{s}",
            f"{s},{f}",
            f"{s.upper()}^{f.upper()}",
            f"{s}/{f}",
            f"{s},{f[0]}",
            f"{s}_{f}",
        ],
        "fl": [f"{f[0]}. {s}", f"{f[0]} {s}", f"{f[0]}{m} {s}", f"{f[0]}.{m}. {s}", f"{f[0]}. {s}"],
        "fi": [f"{f} {s[0]}.", f"{f} {s[0]}", f"{f} {s[0]}."],
    }
    if how == "":
        return running(r, p)
    if how in ("init", "ini"):
        return initials(r, p, lower=how == "ini")
    if how == "user":
        return user(r, p)
    return r.choice(choices[how])

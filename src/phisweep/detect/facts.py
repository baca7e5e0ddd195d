"""
From columns to what is known of a subject: which part of a record a column's values play.

The field rules say what identifies a person; here it is told whose it is and which: a given name
or a surname, a birth or a visit, the subject's own or a relative's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from phisweep.detect.fields import normal_name
from phisweep.detect.fullnames import day_of, given_words, split_name, surname_of
from phisweep.detect.nameforms import PersonName
from phisweep.detect.roster import Known
from phisweep.detect.shapes import says_nothing

#: Names of columns without their breaks, and the part that they say.
_NAMES: Mapping[str, str] = {
    **dict.fromkeys(
        (
            *("first", "firstname", "fname", "firstnm", "given", "givenname", "givennames"),
            *("forename", "forenames", "nickname", "preferredname", "preferredfirstname"),
            *("alias", "aliases", "christianname", "callname"),
        ),
        "given",
    ),
    **dict.fromkeys(
        ("middle", "middlename", "mname", "middleinitial", "mi", "mid", "secondname"), "middle"
    ),
    **dict.fromkeys(
        ("last", "lastname", "lname", "lastnm", "surname", "family", "familyname", "sname"),
        "surname",
    ),
    **dict.fromkeys(("maiden", "maidenname", "birthname", "formername"), "maiden"),
    **dict.fromkeys(
        (
            *("name", "fullname", "legalname", "patient", "pt", "client", "member", "person"),
            *("humanname", "ptname", "patientdisplay", "participant", "resident"),
        ),
        "full-name",
    ),
}
#: Words before such a name that say that it is the subject's own.
_OWN = re.compile(
    r"^(?:patient|patients|pat|pt|member|mbr|client|person|persons|subject|beneficiary|bene"
    r"|participant|resident|legal|current|preferred|individual|donor|demographics?)(?=.)"
)
_RELATIVES = frozenset(
    {
        *("mother", "mothers", "father", "fathers", "mom", "dad", "parent", "parents", "spouse"),
        *("partner", "wife", "husband", "son", "daughter", "sibling", "brother", "sister", "child"),
        *("baby", "relative", "guardian", "nok", "kin", "emergency", "contact", "contact1"),
        *("contact2", "caregiver", "carer", "guarantor", "subscriber", "insured", "policyholder"),
        *("policy", "responsible", "informant", "sponsor", "grandmother", "grandfather", "holder"),
    }
)
#: Words that say that a column is about a professional or a place, not about the subject.
_OTHERS = frozenset(
    {
        *("provider", "physician", "doctor", "attending", "surgeon", "nurse", "rn", "md", "pcp"),
        *("clinician", "practitioner", "therapist", "pharmacist", "prescriber", "author", "staff"),
        *("employee", "operator", "technologist", "interpreter", "referring", "ordering"),
        *("performing", "admitting", "consultant", "requester", "referrer", "signed", "entered"),
        *("facility", "hospital", "clinic", "organization", "organisation", "org", "practice"),
        *("pharmacy", "payer", "insurance", "employer", "school", "site", "lab", "laboratory"),
        *("department", "dept", "location", "sender", "recipient", "witness", "user", "device"),
    }
)
_BIRTH = re.compile(
    r"dob|birth_?date|date_?of_?birth|birth_?day|birth_?dt|dt_?of_?birth|birth_?date_?time|bdate"
    r"|born(?:_on)?|birth|geburtsdatum|birth_datetime"
)
_DEATH = re.compile(
    r"dod|death_?date|date_?of_?death|deceased(?:_?date)?(?:_?time)?|death_?dt|expired_?date|death"
)
_SEX = re.compile(
    r"(?:[a-z]+_)?(?:sex|gender)(?:_(?:code|cd|at_birth|assigned_at_birth|concept_id|source_value"
    r"|ident_cd|desc|description))?|(?:birth|administrative)_?(?:sex|gender)|patientsex|patsex"
)
_TOWN = re.compile(
    r"(?:^|_)(?:city|town|village|municipality|suburb|hometown|birth_?place|place_of_birth|county)"
)
_STREET = re.compile(
    r"(?:^|_)(?:address[1-4]?|addr[1-4]?|street[1-4]?|line[1-4]|residence|po_box|domicile)(?:_|$)"
)
_NOT_STREET = re.compile(r"(?:^|_)(?:type|country|state|use|id|period)(?:_|$)")
_SEXES = {
    **dict.fromkeys(("f", "female", "woman", "girl", "w", "fem", "8532"), "F"),
    **dict.fromkeys(("m", "male", "man", "boy", "8507"), "M"),  # OMOP's concepts
}
#: Parts of which a relative's is nobody's but the relative's.
_PLAIN = {"mrn": "mrn", "ssn": "ssn", "email": "email", "phone": "phone", "fax": "phone"}
_NUMBERED = frozenset(
    {
        *("mrn", "ssn", "zip", "health_plan", "account", "license", "vehicle", "device"),
        *("url", "ip", "biometric", "photo", "other_id"),
    }
)


def part_of(label: str, identifier: str) -> str:
    """
    Return the part that the values under a column's or key's name play in a subject's record.

    `identifier` is what the field rules say they are, "" where they say nothing. The parts are
    given, middle, surname, full-name, maiden, relative, mrn, ssn, birth, phone, email, street,
    city, sex, age, death, event and id:<identifier>; "" where the values tell nothing of a subject.
    """
    name = normal_name(label)
    words = frozenset(name.split("_"))
    others = not _OTHERS.isdisjoint(words)
    relative = not _RELATIVES.isdisjoint(words) or "next_of_kin" in name
    if identifier in {"name", ""}:
        part = "" if others else _part_of_name(name, relative=relative, sure=bool(identifier))
        if part or identifier:
            return part
    if identifier in {"date", "age", ""}:
        return (
            "" if others and not identifier else _part_of_time(name, identifier, own=not relative)
        )
    if others:
        return f"id:{identifier}" if identifier == "other_id" else ""
    if identifier == "location":
        return _part_of_place(name)
    if relative and identifier in {"mrn", "ssn"}:
        return f"id:{identifier}"
    return _PLAIN.get(identifier) or (f"id:{identifier}" if identifier in _NUMBERED else "")


def sex_of(value: str) -> str:
    """Return "F", "M", or "" for what says neither; 1 and 2 do not: some count from 0."""
    return _SEXES.get(value.strip().casefold(), "")


def person_of(values: Mapping[str, Sequence[str]]) -> Known:
    """
    Return what is known from the values of each part (part_of) of one subject.

    The subject's own names come first, then relatives' (an empty one first where there are only
    these). What cannot be read as a date is left out, as is what only says that there is
    nothing, and a sex of which there are two.
    """
    told = {
        part: list(dict.fromkeys(v.strip() for v in several if not says_nothing(v)))
        for part, several in values.items()
    }

    def of(*parts: str) -> list[str]:
        values = [value for part in parts if part in told for value in told[part]]
        return list(dict.fromkeys(values)) if values else values

    given = [word for value in of("given", "middle") for word in given_words(value)]
    surnames = [surname_of(value) for value in of("surname", "maiden")]
    own = PersonName(tuple(dict.fromkeys(given)), tuple(dict.fromkeys(filter(None, surnames))))
    names = [name for name in (own, *map(split_name, of("full-name"))) if _says(name)]
    others = [name for name in map(split_name, of("relative")) if _says(name)]
    if others and not names:
        names = [PersonName()]
    births = (day_of(value) for value in of("birth"))
    sexes = {sex_of(value) for value in of("sex")} - {""}
    return Known(
        names=tuple(dict.fromkeys((*names, *others))),
        ids=tuple(_ids(told)),
        births=tuple(dict.fromkeys(day for day in births if day is not None)),
        phones=tuple(p.strip() for value in of("phone") for p in re.split(r"[;,|]", value)),
        emails=tuple(e for value in of("email") for e in re.split(r"[;,|\s]+", value) if "@" in e),
        addresses=tuple(of("street", "city")),
        sex=sexes.pop() if len(sexes) == 1 else "",
    )


def _part_of_name(name: str, *, relative: bool, sure: bool) -> str:
    """Return the part of a name that a column holds; `sure` where a field rule knows it as one."""
    flat = name.replace("_", "")
    own = _OWN.sub("", flat)
    if relative and not flat.startswith("patientnextofkin"):
        named = flat.endswith(("name", "names", "first", "last", "maiden", "surname", "given"))
        return "relative" if sure or (named and "_" in name) else ""
    for known in (flat, own):
        if known in _NAMES and (sure or known not in {"name", "patient", "pt", "mid", "mi"}):
            return _NAMES[known]
    if not sure:
        return ""
    words = [word for word in name.split("_") if not word.isdigit()]
    for size in (2, 1):  # name.given, patient.name.0.family
        tail = "".join(words[-size:])
        if len(words) > size and tail in _NAMES and _NAMES[tail] != "full-name":
            return _NAMES[tail]
    return "full-name" if _OWN.match(flat) and flat.endswith(("name", "fullname")) else ""


def _part_of_time(name: str, identifier: str, *, own: bool) -> str:
    bare = re.sub(r"^(?:patient|pat|pt|member|client|person|subject|bene)_(?=.)", "", name)
    if identifier != "age" and _BIRTH.fullmatch(bare):
        sure = identifier or bare not in {"birth", "born", "dod"}
        return "birth" if own and sure else "event" if identifier else ""
    if identifier == "date":
        stem = re.sub(r"^.*?_(?=dob$|birth_?date$|date_of_birth$)", "", bare)
        if own and (_BIRTH.fullmatch(stem) or bare.startswith(("dob", "birth_date", "birthdate"))):
            return "birth" if not bare.endswith(("month", "day", "year")) else "event"
        return "death" if own and _DEATH.fullmatch(bare) else "event"
    if own and _SEX.fullmatch(bare):
        return "sex"
    return "age" if own and re.fullmatch(r"age(?:_.*)?|.*_age", bare) else ""


def _part_of_place(name: str) -> str:
    if _TOWN.search(name):
        return "city"
    return "street" if _STREET.search(name) and not _NOT_STREET.search(name) else ""


def _ids(told: Mapping[str, Sequence[str]]) -> Iterator[tuple[str, str]]:
    for part, several in told.items():
        identifier = part.removeprefix("id:")
        if identifier != part or part in {"mrn", "ssn"}:
            yield from ((identifier, value) for value in several)


def _says(name: PersonName) -> bool:
    return bool(name.given or name.surnames)

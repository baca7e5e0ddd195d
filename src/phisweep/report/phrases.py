"""The sentences on subjects, leaks, dates, surrogates and codes. They say what the run can show."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

SUBJECTS: Final = (
    "A subject is the person whose record a row or a text is. What is a subject's own, the days"
    " that dates are moved by or an invented name, is the same wherever the subject is known."
)
LINKED_BY: Final[Mapping[str, str]] = MappingProxyType(
    {
        "configuration": (
            "Whose record something is was told by the configuration (subject-key), for the files"
            " that it names."
        ),
        "medical record numbers": (
            "Where the configuration says nothing of a file, the medical record numbers in it were"
            " the keys."
        ),
    }
)
NOBODY_GUESSED: Final = (
    "Nobody was guessed: what has no key, and a text with the numbers of two people, is nobody's."
)
NOT_LINKED: Final = (
    "No file was linked: no key was asked for, so nothing in the data has a subject."
)
ALONE: Final = (
    "Where a date was to be moved and had no subject, it was removed, or left as its year where the"
    " policy says so."
)

LEAKS: Final = (
    "Two fields, each harmless by itself, can tell together what was removed. Before anything was"
    " written, the tables and JSON files of the run were put together and looked through for that."
)
LEAKS_LIMIT: Final = (
    "Ages and events were put together over tables and JSON files, columns were compared in tables;"
    " running text was not looked through for this. Nor was a rare combination of ordinary facts"
    " looked for: that nothing was found does not say that what is left tells nothing together."
)
NOT_SEARCHED: Final = "This version does not look for it."
AGES_STAY: Final = "Ages may stay under this policy."
NO_SUBJECTS: Final = (
    "No subjects in tables or JSON files were known whose ages and events could be put together."
)
NO_TABLE: Final = "No table was read."

UNREAD_DATES: Final = (
    "Those that tell an age of 90 or more, or lie after the year of reference, are counted among them;"
    " they were left as a year."
)
_UNDO: Final = (
    "Who has that key, and a subject's own, can undo it: the recipient must have neither."
)
OFFSET: Final[Mapping[str, str]] = MappingProxyType(
    {
        "vault": (
            f"The days are derived from the subject and a key that the vault keeps ({{key}}). {_UNDO}"
        ),
        "key": f"The days are derived from the subject and the user's key ({{key}}). {_UNDO}",
        "run": (
            "The days are derived from the subject and a key drawn for this run ({key}), which is"
            " gone: nobody can undo it, and another run moves the same dates otherwise."
        ),
        "not told": (
            "The days are derived from the subject and the key of the run ({key}); with a vault, that"
            f" is a key which the vault keeps. {_UNDO} A key that the run drew for itself is gone."
        ),
    }
)

_DRAWN: Final = (
    "They were drawn at random, and are not derived from what they stand for (45 CFR 164.514(c))."
)
_DERIVED: Final = (
    "They are derived from what they stand for, under {key}. 45 CFR 164.514(c) asks for codes that"
    " are not derived from information about the individual, so releasing them needs the view of a"
    " qualified expert."
)
_GONE: Final = "What each stands for was known during the run alone, and is gone."
_KEPT: Final = (
    "What each stands for is kept in the vault: who has it and its key can lead them back. As long as"
    " it exists the data are pseudonymous under the GDPR (Article 4(5)), not anonymous."
)
_EITHER: Final = (
    "Without a vault, what each stands for is gone with the run; with one it is kept there, and the"
    " data are pseudonymous under the GDPR (Article 4(5)), not anonymous."
)
SURROGATES: Final[Mapping[tuple[str, str], str]] = MappingProxyType(
    {
        ("drawn", "vault"): f"{_DRAWN} {_KEPT}",
        ("drawn", "key"): f"{_DRAWN} {_GONE}",
        ("drawn", "run"): f"{_DRAWN} {_GONE}",
        ("drawn", "not told"): f"{_DRAWN} {_EITHER}",
        ("derived", "key"): (
            _DERIVED.replace("{key}", "the user's key ({key})")
            + " The same key gives the same ones again; they are kept nowhere."
        ),
        ("derived", "run"): (
            _DERIVED.replace("{key}", "a key drawn for this run ({key})")
            + " That key is gone: no other run gives the same ones."
        ),
        ("not told", "not told"): (
            "Without a vault: they are derived from what they stand for, under the key of the run"
            " ({key}). 45 CFR 164.514(c) asks for codes that are not derived from information about"
            " the individual, so releasing them needs the view of a qualified expert. With a vault:"
            " they were drawn at random and are kept in it, and the data are pseudonymous under the"
            " GDPR (Article 4(5)), not anonymous."
        ),
    }
)
TAGGED: Final = (
    "Where none could be had that is no value of the data, the kind of the identifier stands, such"
    " as [NAME], or a code in place of a key; those are counted here too."
)
#: What a surrogate is made of, where that is a range which nobody is ever given.
RESERVED: Final[Mapping[str, str]] = MappingProxyType(
    {
        "phone": (
            "Numbers kept for fiction: 555-0100 to 555-0199 of North America, and those of Ofcom"
            " (UK) and the ACMA (Australia). Fewer than seven digits become as many others."
        ),
        "fax": "As telephone numbers.",
        "email": "Addresses at example.org, example.com and example.net (RFC 2606).",
        "ssn": (
            "Numbers of the areas 900 to 999, in groups that were issued neither as SSN nor as ITIN"
            " or ATIN. A part of one, such as its last four, becomes as many other digits."
        ),
        "url": "Addresses at example.org (RFC 2606).",
        "ip": "Addresses for documentation (RFC 5737, RFC 3849).",
    }
)
INVENTED: Final[Mapping[str, str]] = MappingProxyType(
    {
        "name": (
            "Names of public lists, of which none occurs in the data. Somebody elsewhere may be"
            " called so."
        ),
        "location": (
            "Places of public lists, of which none occurs in the data; the state of an address"
            " stays, and a ZIP code begins as no place's does. The places may be real."
        ),
        "device": (
            "Numbers of the same shape that do not occur in the data and pass no check digit; MAC"
            " addresses begin with 02, which no maker is given."
        ),
    }
)
ALIKE: Final = (
    "Numbers of the same shape that do not occur in the data and pass no check digit. No range is"
    " reserved for them: elsewhere one may be somebody's."
)

_RANDOM: Final = "Codes were drawn at random, one for each value (45 CFR 164.514(c))."
CODES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "vault": f"{_RANDOM} {_KEPT}",
        "key": f"{_RANDOM} {_GONE} Another run gives others.",
        "run": f"{_RANDOM} {_GONE} Another run gives others.",
        "not told": f"{_RANDOM} {_EITHER}",
    }
)
NAMES_CODED: Final = (
    "What stands in a file's name gets a code, whatever operator the policy has for it."
)
#: Of names of files, where the legal method lets codes be derived.
CODES_OF_NAMES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "vault": "",
        "key": "Those in names of files are derived under the user's key.",
        "run": "",
        "not told": (
            "Those in names of files are derived under the user's key, where there was one and no"
            " vault."
        ),
    }
)

"""What the components of HL7 v2's types of data are called, and which codes tell more of a value."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

_PERSON = ("family name", "given name", "middle name", "suffix", "prefix", "degree")
_ID = ("", "check digit", "check digit scheme", "assigning authority", "id type")
_PLACE = (
    *("point of care", "room", "bed", "facility", "location status", "location type"),
    *("building", "floor", "location description"),
)
_ADDRESS = (
    *("street", "address line2", "city", "state", "zip", "country", "address type"),
    *("address", "county", "census tract"),
)
_CODED = ("code", "text", "coding system", "alternate code", "alternate text")
_OTHER = ("coding system", "version", "version", "original text")

#: Components from 1; "" is called by its field's name alone.
COMPONENTS: Mapping[str, Sequence[str]] = {
    "XPN": (
        *(*_PERSON, "name type", "representation", "name context", "validity date"),
        *("assembly order", "effective date", "expiration date", "professional suffix"),
    ),
    "XCN": (
        *("id", *_PERSON, "source table", "assigning authority", "name type", "check digit"),
        *("check digit scheme", "id type", "assigning facility", "representation"),
        *("name context", "validity date", "assembly order", "effective date", "expiration date"),
    ),
    "PPN": (
        *("id", *_PERSON, "source table", "assigning authority", "name type", "check digit"),
        *("check digit scheme", "id type", "assigning facility", "date"),
    ),
    "NDL": ("", "start date", "end date", *_PLACE),
    "CX": (*_ID, "assigning facility", "effective date", "expiration date", "jurisdiction"),
    "XAD": (*_ADDRESS, "representation", "validity date", "effective date", "expiration date"),
    "XTN": (
        *("", "use", "equipment", "email", "country code", "area code", "local number"),
        *("extension", "text", "prefix", "speed dial", "unformatted"),
        *("start date", "expiration date"),
    ),
    "PL": _PLACE,
    "DLD": ("location", "date"),
    "LA1": (*_PLACE[:8], "address"),
    "LA2": (*_PLACE[:8], *_ADDRESS[:7]),
    "XON": (
        *("organization name", "name type", "organization id", "check digit"),
        *("check digit scheme", "assigning authority", "id type", "assigning facility"),
        *("representation", "organization id"),
    ),
    "DLN": ("", "state", "expiration date"),
    "PLN": ("", "id type", "state", "expiration date"),
    "EI": ("", "namespace", "universal id", "universal id type"),
    "EIP": ("", ""),
    "HD": ("", "universal id", "universal id type"),
    "CE": (*_CODED, "coding system"),
    "CWE": (*_CODED, *_OTHER),
    "CNE": (*_CODED, *_OTHER),
    "FC": ("code", "effective date"),
    "AUI": ("", "date", "source"),
    "DIN": ("", "institution"),
    "DR": ("", ""),
    "TS": ("", "precision"),
    "TQ": ("quantity", "interval", "duration", "start date", "end date", "priority", "condition"),
    "SPS": ("code", "additives", "text", "site"),
    "MSG": ("code", "event", "structure"),
    "JCC": ("code", "class", "text"),
    "SPD": ("specialty", "board", "certified", "certification date"),
    "ED": ("source", "type", "subtype", "encoding", "data"),
}
COMPONENTS = {
    **COMPONENTS,
    **{
        old: COMPONENTS[new]
        for old, new in (("PN", "XPN"), ("CN", "XCN"), ("CNN", "XCN"), ("AD", "XAD"), ("CF", "CE"))
    },
}
#: What is one value, and no component of one where it stands alone.
PRIMITIVE = frozenset(("", "*", "ST", "TX", "FT", "ID", "IS", "NM", "SI", "DT", "TM", "DTM", "TS"))
#: Running text, in which the separators of components are none.
TEXTS = frozenset(("TX", "FT", "ST"))
#: Types of OBX-2, by which the place of a value is called: OBX-5[XPN].1
VALUES = frozenset(
    (
        *COMPONENTS, *PRIMITIVE - {"", "*"}, "AD", "CF", "CK", "CN", "CP", "CQ", "ED", "MO", "NA", "PN",
        "RP", "SN", "TN", "CNN", "DTN", "MA", "SNM", "VR",
    )
)  # fmt: skip
#: Table 0203 (and the agency that some write there): what kind of number an identifier is.
ID_TYPES = frozenset(
    """
    AM AN ANC ANON AND ANT APRN ASID BA BC BCFN BCT BR BRN BSNR CC CY DDS DEA DFN DI DL DN DO DP DPM DR DS DT EI EN ESN FGN
    FI FILL GI GL GN GPN GR HC IND JHN LI LN LR MA MB MC MCD MCN MCR MCT MD MI MR MRT MS NBSNR NCT NE NH NI NII NIIP NNxxx
    NP NPI OBI OD PA PC PCN PE PEN PGN PHE PHO PI PLAC PN PNT PPIN PPN PRC PRN PT QA RI RN RPH RR RRI RRP SAMN SB SID SL SN
    SNBSN SP SR SS STN TAX TN TPR TRL UDI UPIN USID VN VP VS WC WCN WP XX XV U UNID UPI SSN SSA
    """.split()  # noqa: SIM905 - a table of words
)
_NUMBERED = {"CX": (1, 5), "XCN": (1, 13), "PPN": (1, 13), "CN": (1, 13), "PLN": (1, 2)}
_EQUIPMENT = 3
_NUMBERS = (1, 6, 7, 8, 12)  # components of XTN that make up a number


def told_by(type_: str, component: int, components: Sequence[str]) -> str:
    """
    Return the code by which a composite value says what a component of it is, else "".

    It is the type of an identifier, or FX (table 0202) where a number is reached by fax.
    """
    number, at = _NUMBERED.get(type_, (0, 0))
    if component == number and len(components) >= at and components[at - 1] in ID_TYPES:
        return components[at - 1]
    if type_ in ("XTN", "TN") and component in _NUMBERS and len(components) >= _EQUIPMENT:
        return "FX" if components[_EQUIPMENT - 1] == "FX" else ""
    return ""


_NAME_TYPES = frozenset("ABCDKLMNPRSTU")  # table 0200
_STATE = re.compile(r"[A-Z]{2}")
_ZIP = re.compile(r"\d{5}(?:-?\d{4})?")


def guessed(components: Sequence[str]) -> tuple[str, str]:
    """
    Return the type, and a word for whom, of a value whose field is not known; "" where in doubt.

    A person is told by the type of name, an identifier by its own, an address by state and ZIP code.
    """
    count = len(components)
    if count >= 10 and components[9] in _NAME_TYPES:  # noqa: PLR2004 - XCN.10
        return "XCN", "provider"
    if count >= 7 and components[6] in _NAME_TYPES and any(components[:2]):  # noqa: PLR2004 - XPN.7
        return "XPN", "contact"
    if count >= 5 and _STATE.fullmatch(components[3]) and _ZIP.fullmatch(components[4]):  # noqa: PLR2004 - XAD
        return "XAD", "other"
    if count >= 5 and components[4] in ID_TYPES:  # noqa: PLR2004 - CX.5
        return "CX", "identifier"
    return "", ""

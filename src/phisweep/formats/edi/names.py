"""What the elements of X12 segments are called, and whom an entity code speaks of (005010)."""

from __future__ import annotations

from collections.abc import Mapping

#: NM101 and N101: who it is. The patient's and subscriber's own elements have plain names.
PATIENTS = frozenset(("IL", "QC", "03", "74", "70"))
ENTITIES: Mapping[str, str] = {
    **dict.fromkeys(PATIENTS, ""),
    "QD": "responsible person",
    "S3": "responsible person parent",
    "E1": "contact person",
    "GD": "guardian",
    "31": "mailing",
    "EI": "contact person",
    "M8": "school",
    "36": "employer",
    "ES": "employer",
    "P5": "plan sponsor employer",
    **dict.fromkeys(("PR", "IN", "40", "ACV", "PRP", "SEP", "TTP", "AO"), "payer"),
    "77": "service facility",
    "FA": "facility",
    "PE": "payee provider",
    "45": "drop off location",
    "PW": "pickup location",
}
#: The segments of the transactions of health care; others are called "other".
SEGMENTS = frozenset(
    """
    AAA ACT ADX AK1 AK2 AK3 AK4 AK5 AK6 AK7 AK8 AK9 AMT BDS BEG BGN BHT BIN BPR CAS CL1 CLM CLP CN1 COB CR1 CR2 CR3 CR4 CR5
    CR6 CR7 CR8 CRC CSI CTP CTX CUR DED DMG DSB DTM DTP EB EC EFI EM ENT EQ FA1 FA2 FRM FX4 GE GS G93 HCP HCR HD HI HL HLH
    HSD IC ICM IDC IEA III IK3 IK4 IK5 IMM IN1 IN2 INS ISA IT1 K3 LC LE LIN LOC LQ LS LUI LX MEA MIA MOA MPI MSG N1 N2 N3
    N4 NM1 NTE NX1 NX2 OI OOI PAT PC PDL PER PID PLA PLB PRV PS1 PWK QTY RDM REF REL RMR SBR SE SLN SPR ST STC SV1 SV2 SV3
    SV4 SV5 SV6 SV7 SVC SVD TA1 TCC TOO TRN TS2 TS3 UM VEH
    """.split()  # noqa: SIM905 - a table of words
)
_DATE = "date"
_NAME: Mapping[int, str] = {3: "family name", 4: "given name", 5: "middle name", 7: "suffix"}
ELEMENTS: Mapping[str, Mapping[int, str]] = {
    "NM1": {**_NAME, 9: "id number"},
    "N1": {2: "name", 4: "id number"},
    "N2": {1: "name", 2: "name"},
    "N3": {1: "street", 2: "address line2"},
    "N4": {1: "city", 2: "state", 3: "zip", 4: "country", 6: "location"},
    "DMG": {2: "birth date", 3: "sex"},
    "PER": {2: "contact name"},
    "PAT": {6: "death date", 8: "weight"},
    "INS": {12: "death date"},
    "CLM": {1: "patient account number", 2: "amount"},
    "CLP": {1: "patient account number", 3: "amount", 4: "amount", 7: "claim number"},
    "SBR": {3: "group number", 4: "group name"},
    "DTP": {3: _DATE},
    "DTM": {2: _DATE, 6: _DATE},
    "BHT": {3: "reference number", 4: _DATE},
    "GS": {4: _DATE},
    "ISA": {9: _DATE},
    "BGN": {2: "reference number", 3: _DATE},
    "BPR": {2: "amount", 9: "account number", 15: "account number", 16: _DATE},
    "TRN": {2: "trace number"},
    "PWK": {6: "attachment number", 7: "description"},
    "STC": {2: _DATE, 12: "note"},
    "NTE": {2: "note"},
    "MSG": {1: "note"},
    "K3": {1: "note"},
    "SV1": {1: "procedure code"},
    "SV2": {2: "procedure code"},
    "EB": {5: "plan description"},
    "PLB": {1: "provider number", 2: _DATE},
}
#: REF01: what kind of number REF02 is, where its words tell whose part of a record it is.
REFERENCES: Mapping[str, str] = {
    "SY": "ssn",
    "EA": "medical record number",
    "EJ": "patient account number",
    "1L": "group number",
    "IG": "policy number",
    "0F": "subscriber number",
    "1W": "member number",
    "D9": "claim number",
    "F8": "claim number",
    "G1": "authorization number",
    "9F": "referral number",
}
CHANNELS: Mapping[str, str] = {
    **dict.fromkeys(("TE", "HP", "WP", "CP", "NP", "BN", "AP", "TN"), "phone"),
    "EX": "phone extension",
    "FX": "fax",
    "EM": "email",
    "UR": "url",
}
#: Elements of running text; consecutive segments of one kind are one text.
TEXTS: Mapping[str, int] = {"NTE": 2, "MSG": 1, "K3": 1}


def label_of(segment: str, number: int, qualifier: str, entity: str, *, house: bool) -> str:
    """
    Return what an element is called, "" where it is not known.

    `qualifier` says what kind of value it is (REF01, PER03), `entity` of whom the loop speaks, `house` that this is no person (NM102).
    """
    if house and number == 3:  # noqa: PLR2004 - NM103
        return f"{whose(entity)} name".strip()
    if segment == "REF" and number == 2:  # noqa: PLR2004 - REF02
        return REFERENCES.get(qualifier, "reference number")
    if segment == "PER" and number in (4, 6, 8):
        name = CHANNELS.get(qualifier, "")
    else:
        name = ELEMENTS.get(segment, {}).get(number, "")
    if not name or segment not in ("NM1", "N1", "N2", "N3", "N4", "DMG", "PER"):
        return name
    return f"{whose(entity)} {name}".strip()


def whose(entity: str) -> str:
    """Return the words for an entity; one that is not known is a professional or a house."""
    return ENTITIES.get(entity, "provider") if entity else ""

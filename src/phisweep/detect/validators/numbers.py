"""Numbers and addresses of machines: check digits, ranges, what was never issued."""

from __future__ import annotations

import ipaddress
import re

from phisweep.detect.checksums import base58check, gtin, luhn, mod43, mod97, vin_digit, weighted
from phisweep.detect.validators.registry import Lists, validator


@validator
def ssn(text: str, lists: Lists) -> bool:
    """
    Say whether the Social Security Administration can have issued the number.

    Never issued: area 000, 666, 900-999, group 00, serial 0000 (20 CFR 422.103, SSA POMS RM
    10201.035); 078-05-1120 and 219-09-9999 were misused in advertising.
    """
    number = "".join(c for c in text if c.isdigit())
    if len(number) != 9 or number in {"078051120", "219099999"}:  # noqa: PLR2004
        return False
    area, group, serial = number[:3], number[3:5], number[5:]
    return not (area in {"000", "666"} or area[0] == "9" or group == "00" or serial == "0000")


def _digits(text: str) -> str:
    return "".join(c for c in text if c in "0123456789")


def _alnum(text: str) -> str:
    return "".join(c for c in text.upper() if c.isascii() and c.isalnum())


@validator
def ssn_or_itin(text: str, lists: Lists) -> bool:
    """
    Say whether the number can have been issued as an SSN or an ITIN.

    ITIN: 9xx with group 50-65, 70-88, 90-92 or 94-99 (IRM 3.21.263).
    """
    number = _digits(text)
    if ssn(number, lists):
        return True
    return bool(re.fullmatch(r"9\d\d(?:5\d|6[0-5]|7\d|8[0-8]|9[0-24-9])\d{4}", number))


@validator
def nanp(text: str, lists: Lists) -> bool:
    """
    Say whether the first ten digits can be a number of the North American Numbering Plan.

    Area and exchange are NXX, N in 2-9, never N11; areas N9X, 37X and 96X are reserved (NANPA).
    """
    number = _digits(text).removeprefix("1")[:10]
    area_and_exchange = r"(?!.11|.9|37|96)[2-9]\d\d(?!.11)[2-9]\d\d\d{4}"
    return bool(re.fullmatch(area_and_exchange, number))


@validator
def phone_international(text: str, lists: Lists) -> bool:
    """Say whether a number with a leading + has a length that its country uses (libphonenumber)."""
    import phonenumbers  # noqa: PLC0415 - 30 ms that most runs never need

    try:
        number = phonenumbers.parse(text)
    except phonenumbers.NumberParseException:
        return False
    return bool(phonenumbers.is_possible_number(number))


@validator
def mbi(text: str, lists: Lists) -> bool:
    """
    Say whether the text has the layout of a Medicare Beneficiary Identifier (CMS, MBI format).

    Eleven places, C 1-9, A letter, N digit, X either: C A X N A X N A A N N; never S L O I B Z.
    """
    letter, either = "[AC-HJKMNP-RT-Y]", "[AC-HJKMNP-RT-Y0-9]"
    layout = rf"[1-9]{letter}{either}\d{letter}{either}\d{letter}{letter}\d\d"
    return bool(re.fullmatch(layout, _alnum(text)))


@validator
def npi(text: str, lists: Lists) -> bool:
    """Say whether ten digits from 1 or 2 on pass Luhn after the prefix 80840 (45 CFR 162.406)."""
    number = _digits(text)
    return bool(re.fullmatch(r"[12]\d{9}", number)) and luhn("80840" + number)


@validator
def dea(text: str, lists: Lists) -> bool:
    """Say whether (d1+d3+d5) + 2(d2+d4+d6) ends in d7, after a registrant's letter."""
    number = _alnum(text)
    if not re.fullmatch(r"[A-HJ-NPR-UX][A-Z9]\d{7}", number):
        return False
    return weighted(number[2:8], (1, 2)) % 10 == int(number[8])


@validator
def vin(text: str, lists: Lists) -> bool:
    """Say whether 17 characters without I, O, Q pass the check digit of 49 CFR 565.15(c)."""
    number = _alnum(text)
    return bool(re.fullmatch(r"[A-HJ-NPR-Z0-9]{17}", number)) and vin_digit(number)


@validator
def iban(text: str, lists: Lists) -> bool:
    """
    Say whether the account number has its country's length and passes mod 97 (ISO 13616).

    The list holds country code and length: `DE22`.
    """
    number = _alnum(text)
    countries = {entry.upper() for entries in lists for entry in entries}
    return f"{number[:2]}{len(number)}" in countries and mod97(number)


@validator
def aba(text: str, lists: Lists) -> bool:
    """Say whether nine digits are a routing number: weights 3-7-1, prefix of a Federal Reserve bank."""
    number = _digits(text)
    prefix = r"(?:0\d|1[0-2]|2[1-9]|3[0-2]|6[1-9]|7[0-2]|80)\d{7}"
    return bool(re.fullmatch(prefix, number)) and weighted(number, (3, 7, 1)) % 10 == 0


@validator
def card(text: str, lists: Lists) -> bool:
    """
    Say whether the digits pass Luhn and begin as an issuer's do, with the length that goes with it.

    The list holds `first-last:lengths`, as `2221-2720:16` or `4-4:13,16,19`.
    """
    number = _digits(text)
    return luhn(number) and any(_issued(number, entry) for entries in lists for entry in entries)


def _issued(number: str, entry: str) -> bool:
    span, lengths = entry.split(":")
    first, last = span.split("-")
    return first <= number[: len(first)] <= last and str(len(number)) in lengths.split(",")


@validator
def imei(text: str, lists: Lists) -> bool:
    """Say whether fifteen digits pass Luhn (3GPP TS 23.003, annex B)."""
    number = _digits(text)
    return len(number) == 15 and luhn(number)  # noqa: PLR2004


@validator
def udi_gs1(text: str, lists: Lists) -> bool:
    """Say whether the first (01) element is a GTIN-14 with its check digit (GS1, section 7.9)."""
    match = re.match(r"\(?01\)?(\d{14})", text)
    return match is not None and gtin(match[1])


@validator
def udi_hibcc(text: str, lists: Lists) -> bool:
    """Say whether a HIBC string from + on ends in its mod 43 character (ANSI/HIBC 2.6)."""
    return mod43(text)


@validator
def ipv4(text: str, lists: Lists) -> bool:
    """Say whether an address, with port or prefix length or without, is IPv4; 010.0.0.1 is not."""
    address, _, rest = text.replace("/", ":").partition(":")
    try:
        ipaddress.IPv4Address(address)
    except ValueError:
        return False
    return not rest or int(rest) <= (32 if "/" in text else 65_535)


@validator
def ipv6(text: str, lists: Lists) -> bool:
    """Say whether an address, with zone or prefix length or without, is IPv6 (RFC 4291)."""
    try:
        ipaddress.IPv6Interface(text)
    except ValueError:
        return False
    return True


@validator
def bitcoin(text: str, lists: Lists) -> bool:
    """Say whether an address passes Base58Check; one in Bech32 (bc1...) is known by its shape."""
    return text.startswith("bc1") or base58check(text)


@validator
def private_host(text: str, lists: Lists) -> bool:
    """Say whether an address's host is none of the list of public documentation hosts."""
    host = re.sub(r"^(?:[a-z][a-z0-9+.-]*:/{0,2})?(?:[^/@]*@)?", "", text.casefold())
    host = re.split(r"[/:?#]", host, maxsplit=1)[0].removeprefix("www.")
    known = {name for entries in lists for name in entries}
    parents = host.split(".")
    return not any(".".join(parents[i:]) in known for i in range(len(parents)))


@validator
def id_like(text: str, lists: Lists) -> bool:
    """
    Say whether what follows a label can be an identifier at all.

    It holds a digit and is no date, time, ordinal, quantity with its unit, or decimal fraction.
    """
    unit = r"(?:mg|mcg|g|kg|ml|l|cc|cm|mm|m|mmol|meq|iu|u|units?|hrs?|h|min|s|x|yo|y|f|fr|ga?|d|wks?|lbs?|oz|%)"
    day = r"(?:0?[1-9]|[12]\d|3[01])"
    other = (
        rf"{day}[/.-]{day}[/.-](?:\d{{2}}|\d{{4}})"
        r"|(?:19|20)\d\d[/.-](?:(?:19|20)\d\d|\d{1,2}(?:[/.-]\d{1,2})?)"
        r"|\d{1,3}/\d{1,4}|\d{1,2}:\d{2}(?::\d{2})?|\d{1,3}(?:st|nd|rd|th)"
        rf"|\d{{1,5}}(?:\.\d{{1,3}})?(?:-\d{{1,5}})?[ -]?{unit}|\d{{0,3}}\.\d{{1,3}}|\d{{1,9}}\.\d\d"
    )
    return any(c.isdigit() for c in text) and not re.fullmatch(other, text, re.IGNORECASE)


@validator
def no_clock(text: str, lists: Lists) -> bool:
    """Say whether a number is neither a time of day in four digits nor a year."""
    return not re.fullmatch(r"(?:[01]\d|2[0-3])[0-5]\d|2400|(?:19|20)\d\d", text)


@validator
def no_round(text: str, lists: Lists) -> bool:
    """Say whether digits are neither a round amount nor one digit over and over."""
    return not text.endswith("000") and len(set(text)) > 2  # noqa: PLR2004


@validator
def luhn_nine(text: str, lists: Lists) -> bool:
    """Say whether nine digits, not all alike, pass Luhn, as a Social Insurance Number of Canada does."""
    number = _digits(text)
    return len(number) == 9 and len(set(number)) > 1 and luhn(number)  # noqa: PLR2004


@validator
def checked_alone(text: str, lists: Lists) -> bool:
    """
    Say whether nine or ten digits pass one of the checks that numbers of people and banks have.

    NPI, ABA routing, Canada's SIN, ITIN; the NHS number of England (mod 11, NHS Data Dictionary)
    and Australia's Medicare number (mod 10, weights 1, 3, 7, 9).
    """
    number = _digits(text)
    if len(set(number)) < 4:  # noqa: PLR2004 - one digit over and over
        return False
    if len(number) == 9:  # noqa: PLR2004
        itin = re.fullmatch(r"9\d\d(?:5\d|6[0-5]|7\d|8[0-8]|9[0-24-9])\d{4}", number)
        return bool(itin) or aba(number, lists) or luhn_nine(number, lists)
    nhs = (11 - weighted(number[:9], (10, 9, 8, 7, 6, 5, 4, 3, 2)) % 11) % 11 == int(number[9])
    medicare = number[0] in "23456" and weighted(number[:8], (1, 3, 7, 9)) % 10 == int(number[8])
    return npi(number, lists) or nhs or medicare


@validator
def mixed_code(text: str, lists: Lists) -> bool:
    """
    Say whether letters and digits in one word can number a thing.

    It is no quantity with its unit, no day with its month in letters, no count of pregnancies and
    no code of a procedure.
    """
    month = r"(?:JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC)"
    other = (
        rf"\d+(?:[.,]\d+)?[A-Z]{{1,5}}|\d{{1,2}}{month}\d{{2,4}}\w*|G\d{{1,2}}P\d{{1,5}}\w*"
        r"|[0-4][A-HJ-NP-Z][0-9A-HJ-NP-Z]{5}|[A-Z]\d{4}[A-Z]?|[A-Z]+\d{2}[A-Z]{1,3}"
    )
    return not re.fullmatch(other, text.upper())


@validator
def unlisted(text: str, lists: Lists) -> bool:
    """Say whether none of the lists holds a word, nor all of those that it is put together of."""
    word = text.casefold().strip("._-")
    parts = re.split(r"[._-]+", word)
    return not all(any(part in entries for entries in lists) for part in parts)

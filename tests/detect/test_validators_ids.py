"""Checks of numbers: what each accepts, what it refuses, and the laws of their check digits."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phisweep.detect import checksums
from phisweep.detect.validators import VALIDATORS
from phisweep.ruleset.load import default_folder, read_file
from phisweep.ruleset.schema import ListsFile

FOLDER = default_folder() / "lists"
LISTED = {
    "iban": "iban-lengths",
    "card": "card-prefixes",
    "private_host": "public-hosts",
    "unlisted": "ordinary-words",
}


def entries(name):
    entry = read_file(FOLDER / "index.yaml", ListsFile).lists[name]
    lines = (FOLDER / entry.file).read_text().splitlines()
    return frozenset(line.casefold() for line in lines if line and not line.startswith("#"))


LISTS = {check: [entries(name)] for check, name in LISTED.items()}


def passes(check, text):
    return VALIDATORS[check](text, LISTS.get(check, []))


REFUSED = [
    ("ssn_or_itin", "000-12-3456"),
    ("ssn_or_itin", "666-12-3456"),
    ("ssn_or_itin", "219-00-1234"),
    ("ssn_or_itin", "219-09-0000"),
    ("ssn_or_itin", "219-09-9999"),
    ("ssn_or_itin", "987-65-4320"[:3] + "-49-4320"),
    ("ssn_or_itin", "911-89-1234"),
    ("ssn_or_itin", "911-93-1234"),
    ("ssn_or_itin", "21909999"),
    ("nanp", "123-456-7890"),
    ("nanp", "612-911-0100"),
    ("nanp", "911-555-0100"),
    ("nanp", "612-155-0100"),
    ("nanp", "370-555-0100"),
    ("nanp", "555-0100"),
    ("phone_international", "+1 23"),
    ("phone_international", "+999 123 456 789"),
    ("phone_international", "no number"),
    ("mbi", "0EG4-TE5-MK73"),
    ("mbi", "1SG4-TE5-MK73"),
    ("mbi", "1EG4-LE5-MK73"),
    ("mbi", "12G4-TE5-MK73"),
    ("mbi", "1EG4TE5MK734"),
    ("npi", "1234567890"),
    ("npi", "3234567893"),
    ("npi", "123456789"),
    ("dea", "AB1234567"),
    ("dea", "1B1234563"),
    ("dea", "AB123456"),
    ("vin", "1HGCM82633A004353"),
    ("vin", "IHGCM82633A004352"),
    ("vin", "WVWZZZ1JZ3W386752"),
    ("iban", "GB82 WEST 1234 5698 7654 33"),
    ("iban", "GB82 WEST 1234 5698 7654 3"),
    ("iban", "XX82 WEST 1234 5698 7654 32"),
    ("aba", "121042883"),
    ("aba", "421042111"),
    ("aba", "12104288"),
    ("card", "4111111111111112"),
    ("card", "1234567812345670"),
    ("card", "411111111111111"),
    ("imei", "490154203237519"),
    ("imei", "49015420323751"),
    ("udi_gs1", "(01)51022222233337"),
    ("udi_gs1", "(10)A213B1"),
    ("udi_hibcc", "+H123PARTNO1234567890120/$$420020216LOT123456789012345D"),
    ("udi_hibcc", "+h123/lot"),
    ("ipv4", "256.1.1.1"),
    ("ipv4", "010.0.0.1"),
    ("ipv4", "1.2.3"),
    ("ipv4", "10.0.0.0/33"),
    ("ipv4", "10.0.0.1:70000"),
    ("ipv6", "2001::db8::1"),
    ("ipv6", "12:34:56"),
    ("ipv6", "12345:db8::1"),
    ("bitcoin", "16Yeky6GMjeNkAiNcBY7ZhrLoMSgg1BoyY"),
    ("bitcoin", "10OIl6GMjeNkAiNcBY7ZhrLoMSgg1BoyZ"),
    ("bitcoin", "z" * 40),
    ("private_host", "https://docs.python.org/3/library/re.html"),
    ("private_host", "www.cdc.gov"),
    ("private_host", "git@github.com:example/repo.git"),
    ("private_host", "jane@example.org"),
    ("id_like", "no digit"),
    ("id_like", "3/14/2014"),
    ("id_like", "2014-03-14"),
    ("id_like", "120/80"),
    ("id_like", "10:30"),
    ("id_like", "120mg"),
    ("id_like", "3.375"),
    ("id_like", "102nd"),
    ("id_like", "2019-2020"),
    ("id_like", "1520.75"),
    ("no_clock", "0715"),
    ("no_clock", "2400"),
    ("no_clock", "2019"),
    ("no_round", "1250000"),
    ("no_round", "1111222"),
    ("luhn_nine", "130 692 545"),
    ("luhn_nine", "000 000 000"),
    ("luhn_nine", "13069254"),
    ("mixed_code", "250000IU"),
    ("mixed_code", "05JUL2025"),
    ("mixed_code", "G3P1011"),
    ("mixed_code", "4A023N7"),
    ("unlisted", "Nurse"),
]

ACCEPTED = [
    ("ssn_or_itin", "219-09-9998"),
    ("ssn_or_itin", "911 70 1234"),
    ("ssn_or_itin", "911701234"),
    ("nanp", "202-555-0119"),
    ("nanp", "+1 (612) 555 0119 ext 22"),
    ("nanp", "1.612.555.0119"),
    ("phone_international", "+44 20 7946 0018"),
    ("phone_international", "+1 651 555 0123"),
    ("mbi", "1EG4-TE5-MK73"),
    ("mbi", "1eg4te5mk73"),
    ("npi", "1234567893"),
    ("npi", "1234-567-893"),
    ("dea", "AB1234563"),
    ("dea", "A91234563"),
    ("vin", "1HGCM82633A004352"),
    ("vin", "1M8GDM9AXKP042788"),
    ("iban", "GB82 WEST 1234 5698 7654 32"),
    ("iban", "DE89370400440532013000"),
    ("aba", "121042882"),
    ("aba", "0711-0130-7"),
    ("card", "4111 1111 1111 1111"),
    ("card", "378282246310005"),
    ("card", "2223003122003222"),
    ("card", "30569309025904"),
    ("imei", "49-015420-323751-8"),
    ("udi_gs1", "(01)51022222233336(17)150700"),
    ("udi_gs1", "015102222223333617150700"),
    ("udi_hibcc", "+A123BJC5D6E71G"),
    ("udi_hibcc", "+A99912345/$$52001510X33"),
    ("ipv4", "10.0.0.1"),
    ("ipv4", "198.51.100.7:50000"),
    ("ipv4", "10.0.0.0/8"),
    ("ipv6", "2001:db8::1"),
    ("ipv6", "fe80::1%eth0"),
    ("ipv6", "::ffff:192.168.1.1"),
    ("ipv6", "2001:db8::/32"),
    ("bitcoin", "16Yeky6GMjeNkAiNcBY7ZhrLoMSgg1BoyZ"),
    ("bitcoin", "bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq"),
    ("private_host", "https://portal.telepsych.example/w?t=1"),
    ("private_host", "notexample.com"),
    ("private_host", "jane@clinic.example"),
    ("id_like", "1020304"),
    ("id_like", "00-47-71"),
    ("id_like", "CT24-102030"),
    ("no_clock", "4471"),
    ("no_clock", "44710"),
    ("no_round", "4471209"),
    ("luhn_nine", "130 692 544"),
    ("mixed_code", "QT0044718"),
    ("mixed_code", "44Q11208QX"),
    ("unlisted", "qgrovez"),
    ("id_like", "01-102-0304"),
]


@pytest.mark.parametrize(("check", "text"), REFUSED)
def test_refuses_what_cannot_exist(check, text):
    assert not passes(check, text)


@pytest.mark.parametrize(("check", "text"), ACCEPTED)
def test_accepts_what_can_exist(check, text):
    assert passes(check, text)


digits = st.text("0123456789", min_size=1, max_size=20)


@given(digits)
def test_exactly_one_last_digit_passes_luhn(stem):
    assert sum(checksums.luhn(stem + last) for last in "0123456789") == 1


@given(st.text("0123456789", min_size=13, max_size=13))
def test_exactly_one_last_digit_makes_a_gtin(stem):
    assert sum(checksums.gtin(stem + last) for last in "0123456789") == 1


@given(st.text("0123456789ABCXYZ-. $/+%", min_size=1, max_size=30))
def test_exactly_one_character_closes_a_hibc_string(stem):
    last = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-. $/+%"
    assert sum(checksums.mod43(stem + c) for c in last) == 1


@given(st.integers(0, 9), st.integers(0, 9))
def test_one_changed_digit_breaks_an_npi(place, digit):
    right = "1234567893"
    wrong = right[:place] + str(digit) + right[place + 1 :]
    assert passes("npi", wrong) == (wrong == right)


@given(st.integers(0, 21), st.integers(0, 9))
def test_one_changed_digit_breaks_an_iban(place, digit):
    right = "DE89370400440532013000"
    wrong = right[:place] + str(digit) + right[place + 1 :]
    assert passes("iban", wrong) == (wrong == right)


@given(st.sampled_from(sorted(VALIDATORS)), st.text(max_size=40))
def test_no_check_of_numbers_fails_on_any_text(check, text):
    if check in {name for name, _ in REFUSED + ACCEPTED}:
        assert passes(check, text) in {True, False}

"""Telephone numbers end where nobody answers, addresses of the net where nobody is."""

import ipaddress
import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phisweep.keys import fold, shape
from phisweep.transform.operators import Person
from phisweep.transform.surrogates import contact, network
from phisweep.transform.surrogates.alike import digits
from phisweep.transform.surrogates.email import email

FICTION = re.compile(r"(?:1?[2-9]\d\d)?55501\d\d")
#: No number of fiction itself, of which nothing but the line could change.
EXCHANGES = st.integers(200, 999).filter(lambda n: n % 100 != 55 and n % 10 != 5)
NUMBERS = st.tuples(st.integers(200, 999), EXCHANGES, st.integers(0, 9999))
FORMS = ("{}-{}-{}", "({}) {}-{}", "+1 {} {} {}", "{}{}{}", "1-{}-{}-{}", "{}.{}.{}", "{}/{}-{}")
PERSON = Person(("Jane",), ("Doe",), "F")
NAMES = {"Jane": "Wilhelmina", "Doe": "Brackenby"}


@given(NUMBERS, st.sampled_from(FORMS))
def test_a_phone_keeps_its_form_and_is_fiction(draw_of, pools, number, form):
    text = form.format(number[0], number[1], f"{number[2]:04}")
    made = contact.phone(text, draw_of, pools)
    assert FICTION.fullmatch(digits(made))
    assert shape(made) == shape(text)
    assert fold(made) != fold(text)
    assert made[-4:] != text[-4:]
    assert digits(made)[-10:-7] != f"{number[0]}"


@given(NUMBERS)
def test_a_phone_has_one_surrogate_in_every_form(draw_of, pools, number):
    texts = [form.format(number[0], number[1], f"{number[2]:04}") for form in FORMS]
    made = {digits(contact.phone(text, draw_of, pools))[-10:] for text in texts}
    assert len(made) == 1
    short = contact.phone(f"{number[1]}-{number[2]:04}", draw_of, pools)
    assert made.pop().endswith(digits(short))


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("(617) 234-0123 ext. 22", r"\(\d{3}\) 555-01\d\d ext\. (?!22)\d\d"),
        ("617-234-0123x41", r"\d{3}-555-01\d\dx(?!41)\d\d"),
        ("202-234-0151 #204", r"\d{3}-555-01\d\d #(?!204)\d{3}"),
        ("234-0123", r"555-01\d\d"),
        ("1-888-GET-WELL", r"1-\d{3}-555-01\d\d"),
        ("1-800-FLOWERS", r"1-\d{3}-55501\d\d"),
        ("2025550l5O", r"\d{3}55501\d\d"),
        ("\uff12\uff10\uff12-234-0161", r"\d{3}-555-01\d\d"),
        ("pgr 10-2030", r"pgr [1-9]\d-\d{4}"),
        ("x0012", r"x0\d{3}"),
        ("+44 7946 000018", r"\+44 7700 900\d{3}"),
        ("+44 20 7946 0018", r"\+44 16 3296 0\d{3}"),
        ("07946 000 123", r"07700 900 \d{3}"),
        ("011 44 7946 000018", r"011 44 7700 900\d{3}"),
        ("+61 401 020 304", r"\+61 491 57\d \d{3}"),
        ("0401 020 304", r"0491 57\d \d{3}"),
        ("+61 2 1020 3040", r"\+61 2 (?:5550|7010) \d{4}"),
    ],
)
def test_what_is_dialled_keeps_its_form(draw_of, pools, text, form):
    made = contact.phone(text, draw_of, pools)
    assert re.fullmatch(form, made)
    assert fold(made) != fold(text)


@pytest.mark.parametrize(
    "text",
    ["", "five five five", "+49 30 102030", "0401 02 03 04", "12345678", "0033 1 99 00 10 20"],
)
def test_where_no_number_is_kept_for_fiction_there_is_none(draw_of, pools, text):
    assert contact.phone(text, draw_of, pools) is None


def test_a_number_of_the_data_is_not_written(draw_of, pools):
    first = contact.phone("617-234-0123", draw_of, pools)
    taken = replace(pools, occurs=lambda text: digits(text)[-7:] == digits(first)[-7:])
    assert contact.phone("617-234-0123", draw_of, taken) not in {None, first}
    full = replace(pools, occurs=lambda _text: True)
    for text in ("617-234-0123", "10-2030", "+44 7946 000018", "617-234-0123 x4455"):
        assert contact.phone(text, draw_of, full) is None


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("jane.doe@clinic.example", r"wilhelmina\.brackenby@example\.(?:org|com|net)"),
        ("jdoe4@clinic.example", r"wbrackenby[1-9]@example\.(?:org|com|net)"),
        ("DOE_J@clinic.example", r"BRACKENBY_[A-Z]@example\.(?:org|com|net)"),
        ("doejane@clinic", r"brackenbywilhelmina@example\.(?:org|com|net)"),
        ("jane (at) clinic (dot) example", r"wilhelmina \(at\) example \(dot\) (?:org|com|net)"),
        ("jane dot doe at clinic dot example", r"wilhelmina dot brackenby at example dot \w{3}"),
        ("info+7%40clinic.example", r"(?!info)[a-z]{4}\+\d%40example\.\w{3}"),
    ],
)
def test_an_address_holds_the_persons_surrogate_names(draw_of, pools, text, form):
    assert re.fullmatch(form, email(text, draw_of, pools, PERSON, NAMES.get))


@given(st.from_regex(r"[a-z]{3,8}[._][a-z]{3,8}[0-9]{0,3}@[a-z]{4,8}\.net", fullmatch=True))
def test_an_address_is_of_a_domain_kept_for_examples(draw_of, pools, text):
    made = email(text, draw_of, pools, None, NAMES.get)
    local, _, host = made.partition("@")
    assert host in {"example.org", "example.com", "example.net"}
    assert shape(local) == shape(text.partition("@")[0])
    assert local != text.partition("@")[0]
    assert email(text, draw_of, pools, None, NAMES.get) == made


def test_one_domain_stays_one_domain(draw_of, pools):
    hosts = {
        email(f"{local}@clinic.example", draw_of, pools, None, NAMES.get).partition("@")[2]
        for local in ("jane", "joe", "info", "desk")
    }
    assert len(hosts) == 1


@pytest.mark.parametrize("text", ["", "@clinic", "jane"])
def test_what_has_no_two_halves_is_no_address(draw_of, pools, text):
    assert email(text, draw_of, pools, PERSON, NAMES.get) is None


@pytest.mark.parametrize(
    ("text", "form"),
    [
        (
            "https://portal.example.net/chart/88?mrn=1020304#x",
            r"https://example\.org/[a-z]{5}/[a-z]{2}",
        ),
        ("www.clinic-a.com", r"https://example\.org/"),
        ("mychart.clinic-a.org/visit/88", r"https://example\.org/[a-z]{5}/[a-z]{2}"),
        ("s3://bucket/jane/ct.dcm", r"https://example\.org/[a-z]{4}/[a-z]{6}"),
    ],
)
def test_a_url_keeps_as_many_parts(draw_of, pools, text, form):
    assert re.fullmatch(form, network.url(text, draw_of, pools))


@pytest.mark.parametrize("text", ["", "C:\\Users\\jdoe\\scan.pdf", "/home/jdoe/notes.txt"])
def test_a_path_of_a_file_is_no_url(draw_of, pools, text):
    assert network.url(text, draw_of, pools) is None


@given(st.ip_addresses())
def test_an_ip_address_is_one_for_documentation(draw_of, pools, host):
    made = ipaddress.ip_address(network.address(str(host), draw_of, pools))
    kept = ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32")
    assert made != host
    assert made.version == host.version
    assert any(made in ipaddress.ip_network(k) for k in kept)


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("198.51.100.7:50000", r"[\d.]+:50000"),
        ("10.0.0.0/8", r"[\d.]+/8"),
        ("fe80::1%eth0", r"2001:db8:[\da-f:]+%eth0"),
        ("[2001:db8::1]:8080", r"\[2001:db8:[\da-f:]+\]:8080"),
    ],
)
def test_port_zone_and_length_stay(draw_of, pools, text, form):
    assert re.fullmatch(form, network.address(text, draw_of, pools))


@pytest.mark.parametrize("text", ["", "1.2.3", "300.1.1.1", "seen"])
def test_what_is_no_ip_address_has_none(draw_of, pools, text):
    assert network.address(text, draw_of, pools) is None


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("02:00:5E:10:20:30", r"02(?::[\dA-F]{2}){5}"),
        ("aa-bb-cc-dd-ee-ff", r"02(?:-[\da-f]{2}){5}"),
        ("00a4.22b1.90ff", r"02[\da-f]{2}(?:\.[\da-f]{4}){2}"),
    ],
)
def test_a_hardware_address_is_no_makers(draw_of, pools, text, form):
    made = network.hardware(text, draw_of, pools)
    assert re.fullmatch(form, made)
    assert made != text
    assert network.hardware("seen", draw_of, pools) is None

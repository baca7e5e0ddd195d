"""Places keep the pieces that they are written of, and lead nowhere."""

import csv
import re
from dataclasses import replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from phisweep.keys import fold
from phisweep.ruleset.load import default_folder, load_ruleset
from phisweep.transform.surrogates import postal
from phisweep.transform.surrogates.places import place

STREETS = ["Sample St", "Specimen Ave", "N Placeholder Rd", "Exemplar View Pkwy", "21st St"]
CITIES = ["Springfield", "Quillmoor", "New York", "Larkwing Bay"]
ADDRESSES = st.builds(
    "{} {}{}, {}, {} {}".format,
    st.integers(1, 99_999),
    st.sampled_from(STREETS),
    st.sampled_from(["", " Apt 4B", ", Unit 12", " #3"]),
    st.sampled_from(CITIES),
    st.sampled_from(["IL", "Ohio", "MA", "New Hampshire"]),
    st.from_regex(r"[0-9]{5}(-[0-9]{4})?", fullmatch=True).filter(str.isascii),
)


@pytest.fixture(scope="module")
def census():
    with (default_folder() / "lists" / "zip3-2020.csv").open(encoding="utf-8") as file:
        return {row["zip3"] for row in csv.DictReader(file)}


@given(ADDRESSES)
@example("7 21st St #3, Springfield, IL 00000")
def test_an_address_keeps_its_pieces_and_its_state_alone(draw_of, pools, census, text):
    made = place(text, "", draw_of, pools)
    old, new = text.split(", "), made.split(", ")
    assert len(old) == len(new)
    assert len(re.match(r"\d*", old[0])[0]) == len(re.match(r"\d*", new[0])[0])
    assert old[0].split()[0] != new[0].split()[0]
    state, code = old[-1].rsplit(" ", 1)
    assert new[-1].rsplit(" ", 1)[0] == state
    assert len(new[-1]) == len(old[-1])
    assert new[-1].rsplit(" ", 1)[1] != code
    assert new[-1].rsplit(" ", 1)[1][:3] not in census
    assert old[-2] != new[-2]
    assert place(text, "", draw_of, pools) == made


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("12 Sample St", r"(?!12)[1-9]\d [A-Z][a-z]+ [A-Z][a-z]+"),
        ("123 MAIN ST APT 4", r"\d{3} [A-Z]+ [A-Z]+ APT [^4]"),
        ("41 1/2 n sample rd, dunmere", r"\d\d 1/2 [a-z]+ [a-z]+, [a-z]+"),
        ("17 Specimen Ter., Apt. 9C", r"\d\d [A-Z][a-z]+ [A-Z][a-z]+, Apt\. [1-8][A-Z]"),
        ("Two Example Plaza, Ste 11", r"(?!Two)[A-Z][a-z]+ [A-Z][a-z]+ [A-Z][a-z]+, Ste \d\d"),
        ("9l2O Sample Pkwy Ste 3OO", r"[1-9]\d{3} [A-Z][a-z]+ [A-Z][a-z]+ Ste \d{3}"),
        ("5 Sample St\nSpringfield, IL 62701", r"\d [A-Za-z ]+\n[A-Za-z ]+, IL \d{5}"),
        ("5 Sample St Springfield IL 62701", r"\d [A-Za-z ]+ IL \d{5}"),
        ("5 sample st, dunmere, oh 44001", r"\d [a-z ]+, [a-z ]+, oh \d{5}"),
        (
            "5 Sample St Apt 2 New York NY 10001",
            r"\d [A-Za-z ]+ Apt [1-9] (?!New)[A-Za-z]+ NY \d{5}",
        ),
        ("5 Sample St, New York, NY", r"\d [A-Za-z ]+, (?!New York)[A-Za-z ]+, NY"),
        ("5 Sample St, Washington", r"\d [A-Za-z ]+, (?!Washington)[A-Za-z ]+"),
        ("Quillmoor, Washington", r"(?!Quillmoor)[A-Za-z ]+, Washington"),
        ("Springfield, IL 62701-0011", r"[A-Za-z ]+, IL \d{5}-\d{4}"),
        ("12 Sample St, 2nd floor", r"\d\d [A-Za-z ]+, [1-9](?:st|nd|rd|th) floor"),
        ("Elm Street", r"[A-Z][a-z]+ [A-Z][a-z]+"),
        ("PO Box 771", r"PO Box [1-9]\d\d"),
        ("P.O. Box 771", r"P\.O\. Box [1-9]\d\d"),
        ("RR 2 Box 15", r"RR [1-9] Box [1-9]\d"),
        ("ICU bed 12", r"ICU bed [1-9]\d"),
        ("Rm 402B", r"Rm [1-9]\d\d[A-Z]"),
        ("MICU-7", r"MICU-[1-9]"),
        ("14th precinct", r"[1-9]\d(?:st|nd|rd|th) precinct"),
        ("Exemplar County", r"[A-Z][a-z]+ County"),
        ("St. Mary's Hospital", r"[A-Z][\w' ]+ Hospital"),
        ("Specimen Family Clinic", r"(?!Specimen)[A-Z][\w' ]+ Clinic"),
        ("westbrook clinic", r"[a-z][\w' ]+ clinic"),
    ],
)
def test_a_place_is_written_as_it_was(draw_of, pools, text, form):
    made = place(text, "", draw_of, pools)
    assert re.fullmatch(form, made)
    assert fold(made) != fold(text)


@pytest.mark.parametrize(
    ("text", "pattern", "form"),
    [
        ("MGH", "facility-short", r"(?!MGH)[A-Z]{3}"),
        ("Larkwing", "facility-plain", r"[A-Z][a-z]+ .+"),
        ("New York", "city-state-name", r"(?!New York)[A-Z][a-z]+.*"),
        ("Exemplar", "county-short", r"(?!Exemplar)[A-Z][a-z]+"),
        ("quillmoor", "city-small", r"(?!quillmoor)[a-z ]+"),
    ],
)
def test_the_pattern_says_what_the_words_do_not(draw_of, pools, text, pattern, form):
    assert re.fullmatch(form, place(text, pattern, draw_of, pools))


@pytest.mark.parametrize(
    ("text", "pattern"),
    [
        ("41.931653, -71.294503", ""),
        ("41\u00b052'55\"N 87\u00b037'40\"W", ""),
        ("dp3wjz", "geocode-labelled"),
        ("filled.count.soap", "what3words"),
        ("Alder Butte Reservation", "tribal"),
        ("Tinker & Vale of the Larkwing Joinery", ""),
        ("Texas", ""),
        ("MICU", "ward"),
        ("Larkwing Ward", "ward-named"),
        ("9th and Sampler", ""),
        ("Quillmoor, " * 40, ""),
        ("", ""),
    ],
)
def test_what_cannot_be_invented_has_no_surrogate(draw_of, pools, text, pattern):
    made = place(text, pattern, draw_of, pools)
    assert made is None or (text == "Texas" and made != text)


def test_one_street_and_one_city_stay_one(draw_of, pools):
    long = place("12 Sample St, Quillmoor, OH", "street", draw_of, pools)
    assert long.startswith(place("12 sample street", "street", draw_of, pools).title()[:6])
    assert place("QUILLMOOR", "city", draw_of, pools).title() in long
    assert place("Sample Street", "street-named", draw_of, pools) in long


@pytest.mark.parametrize("text", ["12 Sample St", "Quillmoor", "Larkwing Clinic", "Vale County"])
def test_where_every_entry_occurs_in_the_data_there_is_none(draw_of, pools, text):
    assert place(text, "", draw_of, replace(pools, present=pools.words())) is None


def test_a_code_or_number_of_the_data_is_not_written(draw_of, pools):
    taken = replace(pools, occurs=lambda _text: True)
    for text in ("Quillmoor, OH 44001", "PO Box 7710", "41002 Sample St"):
        assert place(text, "", draw_of, taken) is None
    assert place("PO Box 77", "", draw_of, taken)  # too short to be anybody's


def test_the_free_prefixes_are_in_no_census(census):
    assert not {*postal.FREE_PREFIXES} & census
    assert all(len(prefix) == 3 and prefix.isdigit() for prefix in postal.FREE_PREFIXES)


def test_the_states_are_those_of_the_rules():
    ruleset = load_ruleset()
    for name in ("us-states", "us-state-abbreviations"):
        for state in ruleset.entries(name):
            assert re.fullmatch(postal.STATE, state) or state == "Washington DC"

"""Rounds: where names follow numbers or codes line by line, these are rooms, beds or chairs."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phisweep.detect.rounds import rounds
from phisweep.model import Finding, Location, Text

PLACE = Location("t", "text")
NAMES = ("osterhout", "tso", "bui", "Kipling", "Quill", "Hazel")


def found(text, names=NAMES, score=0.8):
    people = [
        Finding(PLACE, at, at + len(name), "name", "name/x", score, "high", ())
        for name in names
        for at in range(len(text))
        if text.startswith(name, at)
    ]
    return [text[f.start : f.end] for f in rounds(Text(PLACE, text, kind="prose"), people)]


LIST = "12b  osterhout, pain 4/10\n14 mrs tso walked\n9  bui, cam. ciwa 14\n18 empty\n\nto do: 14 needs mag. 16 mg\n"


def test_numbers_and_codes_before_the_names_of_a_list_are_rooms():
    assert found(LIST) == ["12b", "14", "9", "18", "14"]
    assert found("[ ] 5101  Quill\n2. 5107A  Kipling\n*5110*\n[x] 5110 - Hazel\n") == [
        *("5101", "5107A", "5110")
    ]
    assert found("E-211 Quill\nE-214  Hazel\nW-118 | Kipling\n") == ["E-211", "E-214", "W-118"]


def test_a_room_of_the_list_is_one_where_somebody_is_sent_there():
    text = (
        "3118 Quill\n3120 Hazel\n3122 Kipling\nmoved to 3118, sees 3120 at 8. 3122/min, 3118 ml\n"
    )
    assert found(text)[3:] == ["3118", "3120"]


def test_chairs_under_their_heading_are_told_from_numbers_that_count():
    people = "1  Quill\n2  Hazel\n3  Kipling\n4  tso\n"
    assert found(people) == []
    assert found(f"Chair / who / weight\n{people}") == ["1", "2", "3", "4"]


@pytest.mark.parametrize(
    "text",
    [
        "0730 Quill\n0815 Hazel\n1130 Kipling\n",
        "810 Quill\n942 Hazel\n1130 Kipling\n5  tso\n",
        "I-1 Quill\nII-1 Hazel\nIII-2 Kipling\n",
        "1. Quill\n2. Hazel\n3. Kipling\n",
        "12 Quill\n14 Hazel\n",
        "12 pills\n14 pills\n16 pills\n",
        "seen by Quill, Hazel and Kipling in 12, 14 and 16\n",
    ],
    ids=["times", "times-of-three", "pedigree", "list", "two", "no-names", "one-line"],
)
def test_what_is_no_list_by_rooms(text):
    assert found(text) == []


def test_a_weak_guess_at_a_name_and_a_value_make_no_list():
    assert found(LIST, score=0.4) == []
    names = [Finding(PLACE, 0, 3, "name", "name/x", 0.9, "high", ())]
    assert list(rounds(Text(PLACE, LIST, kind="value"), names * 3)) == []


@given(st.sets(st.sampled_from(NAMES)), st.sets(st.sampled_from(NAMES)))
def test_more_names_never_take_a_room_away(some, others):
    text = "".join(f"{10 + 3 * i} {name}\n" for i, name in enumerate(NAMES))
    assert set(found(text, some)) <= set(found(text, some | others))
    short = LIST.replace("14 mrs", "10 mrs")
    assert set(found(short, some)) <= set(found(short, some | others))


@given(st.text(alphabet="12A-|: \n.Qui", max_size=200))
def test_any_text_is_read_and_what_is_found_lies_in_it(text):
    assert all(room and room in text for room in found(text, ("Qui", "Q", "ui")))


def test_a_long_list_costs_time_in_proportion():
    def spent(n):
        text = "".join(f"{100 + i % 800} Quill {i}\n" for i in range(n))
        names = [
            Finding(PLACE, at, at + 5, "name", "name/x", 0.8, "high", ())
            for at in range(len(text))
            if text.startswith("Quill", at)
        ]
        block = Text(PLACE, text, kind="prose")
        took = []
        for _ in range(3):
            began = time.process_time()
            assert len(list(rounds(block, names))) == n
            took.append(time.process_time() - began)
        return min(took)

    assert spent(8000) < 40 * max(spent(1000), 0.001)

"""Logs: several lines that begin or end alike say what each of them begins or ends with."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phisweep.detect.logs import logged
from phisweep.detect.namewords import Lexicon
from phisweep.model import Location, Text
from phisweep.ruleset.load import load_ruleset

RULES = load_ruleset()
WORDS = Lexicon.of_rules(RULES)


def known(word):
    return word.casefold() in RULES.members("abbreviations") or WORDS.kind(word) != "unknown"


def found(text, identifier=None):
    block = Text(Location("t", "text"), text, kind="prose")
    return [
        text[f.start : f.end] for f in logged(block, known) if identifier in {None, f.identifier}
    ]


DAYS = """Dosing
1.4 2310 2500 load
1.6 trough 24.8 (late)
1.11 AUC 488, clear since 1.8, K 4.1 on 3.5 mg
"""


def test_lines_that_begin_with_days_in_their_order_are_a_log_of_days():
    assert found(DAYS, "date") == ["1.4", "1.6", "1.11", "1.8"]
    assert found(DAYS.replace(".", "-"), "date") == ["1-4", "1-6", "1-11", "1-8"]


def test_a_log_may_run_backwards_and_over_the_turn_of_a_year():
    assert found("2.3 seen\n2.1 called\n1.30 no show\n", "date") == ["2.3", "2.1", "1.30"]
    assert found("12.29 seen\n12.30 seen\n1.2 seen\n1.5 seen\n", "date")[2] == "1.2"


@pytest.mark.parametrize(
    "text",
    [
        "1.1 Aims\n1.2 Methods\n2.1 Results\n2.2 Limits\n",
        "1.4 mg given\n1.6 mg given\n1.8 mg given\n",
        "7.4 pH\n1.2 lactate\n9.1 hgb\n3.3 albumin\n",
        "1.4 seen\n1.6 seen\n",
        "1.25, 2.50 and 3.75\n",
    ],
    ids=["sections", "doses", "values-in-no-order", "two-lines", "no-lines"],
)
def test_what_is_no_log_of_days(text):
    assert found(text, "date") == []


def test_lines_that_begin_with_beds_are_a_round():
    round_ = "4A  bud fell\n4B  sleeping\n8A  iv vanc\n11C: none\n"
    assert found(round_, "location") == ["4A", "4B", "8A", "11C"]
    assert found("B-14L calm\nB-22 calm\nC-3 up\nB-9 calm\n", "location")[0] == "B-14L"


@pytest.mark.parametrize(
    "text",
    [
        "I-1 MGF died\nI-2 MGM\nII-1 mother\nII-2 uncle\nIII-1 proband\n",
        "4A  bud\n8B  sully\n",
        "3A mg\n4A mg\n5A mg\n",
        "4A  bud\nB-8  sully\n5N-12  ok\n",
    ],
    ids=["a-pedigree", "two-lines", "units", "three-forms"],
)
def test_what_is_no_round_of_beds(text):
    assert found(text, "location") == []


def test_those_who_sign_entries_are_found_by_the_letters_that_recur():
    log = "0445 kd #11 p/u\n0655 kd drop ok\n0720 jv no show\n0810 jv drop ok\n"
    assert found(log, "name") == ["kd", "kd", "jv", "jv"]
    signed = "3/4 95 mg ok jv\n3/5 95 mg ok kd\n3/6 missed jv\n3/7 95 mg kd\n"
    assert found(signed, "name") == ["jv", "kd", "jv", "kd"]


@pytest.mark.parametrize(
    "text",
    [
        "0745 pt resting\n0800 pt up\n0900 pt fed\n1000 pt asleep\n",
        "3/4 95 mg po\n3/5 95 mg po\n3/6 80 mg iv\n3/7 95 mg iv\n",
        "0445 kd 11.2\n0655 qv 3.1\n0720 jv 9.0\n0810 zk 4.4\n",
        "qv noted\nqv seen\nqv left\n1\n2\n3\n",
    ],
    ids=["the-patient", "routes", "each-once", "no-entries"],
)
def test_words_and_abbreviations_sign_nothing(text):
    assert found(text, "name") == []


@given(st.text(alphabet="\n 0123456789./-ABIV|abjv:", max_size=400))
def test_every_finding_lies_within_its_text(text):
    block = Text(Location("t", "text"), text, kind="prose")
    assert all(0 <= f.start < f.end <= len(text) for f in logged(block, known))


def test_time_grows_with_the_text_and_no_faster():
    def spent(n):
        text = "".join(f"{1 + i % 12}.{1 + i % 28} jv seen since 1.{1 + i % 9}\n" for i in range(n))
        began = time.process_time()
        found(text)
        return time.process_time() - began

    spent(500)
    assert spent(16_000) < 40 * max(spent(1_000), 0.002)

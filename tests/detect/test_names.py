"""The lists of names, the words' kinds, the checks built on them, and propagation."""

from __future__ import annotations

import re
import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phisweep.detect import namewords
from phisweep.detect.namewords import LISTS, Lexicon
from phisweep.detect.propagate import propagate
from phisweep.detect.signatures import RULE
from phisweep.detect.validators import VALIDATORS
from phisweep.detect.vocabulary import Vocabulary
from phisweep.model import Finding, Location
from phisweep.ruleset.load import Ruleset, default_folder, read_file
from phisweep.ruleset.schema import ListsFile


@pytest.fixture(scope="module")
def ruleset() -> Ruleset:
    folder = default_folder()
    lists = read_file(folder / "lists" / "index.yaml", ListsFile).lists
    return Ruleset(folder, (), {}, lists, "")


@pytest.fixture(scope="module")
def lexicon(ruleset: Ruleset) -> Lexicon:
    return Lexicon.of_rules(ruleset)


def found(text: str, part: str, rule: str = "name/title", score: float = 0.9) -> Finding:
    start = text.index(part)
    return Finding(Location("s", "text"), start, start + len(part), "name", rule, score)


def further(text: str, findings: list[Finding], vocabulary: Vocabulary | None = None) -> list[str]:
    out = propagate(text, findings, vocabulary)
    return [text[f.start : f.end] for f in out if f.rule == RULE]


# The lists


@pytest.mark.parametrize(
    ("name", "most"), [("given-names", 13_000), ("surnames", 25_000), ("ordinary-words", 27_000)]
)
def test_lists_are_bounded_sorted_and_without_doubles(ruleset: Ruleset, name: str, most: int):
    entries = ruleset.entries(name)
    assert len(entries) <= most
    assert list(entries) == sorted(set(entries))
    assert all(re.fullmatch(r"[a-z]{2,20}", entry) for entry in entries)


def test_no_name_of_the_lists_is_an_ordinary_word(ruleset: Ruleset):
    words = ruleset.members("ordinary-words") | ruleset.members("names-that-are-words")
    assert not words & ruleset.members("given-names")
    assert not words & ruleset.members("surnames")


def test_lists_weigh_less_than_600_kilobytes(ruleset: Ruleset):
    files = {ruleset.lists[name].file for name in LISTS}
    assert sum((ruleset.folder / "lists" / file).stat().st_size for file in files) < 600_000


def test_lists_are_read_within_a_blink(ruleset: Ruleset):
    fastest = 9.0
    for _ in range(5):
        fresh = Ruleset(ruleset.folder, (), {}, ruleset.lists, "")
        started = time.process_time()
        for name in LISTS:
            fresh.members(name)
        fastest = min(fastest, time.process_time() - started)
    assert fastest < 0.1  # 30 ms on a free core


# The kinds of words


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("denies", "word"),
        ("Discharged", "word"),
        ("Cholecystitis", "word"),
        ("HFrEF", "word"),
        ("RBBB", "word"),
        ("Rose", "both"),
        ("May", "both"),
        ("Foley", "eponym"),
        ("Guillain-Barré", "eponym"),
        ("Stevens-Johnson", "eponym"),
        ("Bernadette", "given"),
        ("Siobhán", "given"),
        ("Okafor", "surname"),
        ("O'Brien", "surname"),
        ("Day-Nakamura", "surname"),
        ("Zzyzxov", "unknown"),
        ("McZzyzx", "unknown"),
        ("J.", "initial"),
    ],
)
def test_kind_of_a_word(lexicon: Lexicon, word: str, kind: str):
    assert lexicon.kind(word) == kind


@pytest.mark.parametrize(
    "text", ["Physical Exam", "Rose Hope", "Ramsay Hunt", "Kaplan Meier", "CHIEF COMPLAINT", "Ana"]
)
def test_no_full_name(lexicon: Lexicon, text: str):
    assert not namewords.whole_name(text, lexicon)


@pytest.mark.parametrize(
    "text",
    [
        "Ana Diaz",
        "Ana Zzyzxov",
        "Rose Nakamura",
        "Rose M. Nakamura",
        "Nakamura, Ana",
        "Nakamura, Ana M.",
        "ANA DIAZ",
        "James Brown",
        "Ana Green Diaz",
        "Nguyen Anh Tuan",
        "Juan de la Cruz",
    ],
)
def test_full_name(lexicon: Lexicon, text: str):
    assert namewords.whole_name(text, lexicon)


@pytest.mark.parametrize(
    ("check", "good", "bad"),
    [
        ("follows_cue", ["Foley", "Rose", "Zzyzxov", "A."], ["Office", "Ana Denies", ""]),
        ("unlike_words", ["Ana", "Zzyzxov", "Rose Diaz"], ["Rose", "Foley", "none", "A.", ""]),
        ("listed_name", ["diaz", "ana"], ["zzyzxov", "rose", "foley", ""]),
        ("given_first", ["Ana R.", "Hope R.", "Frank R."], ["Grade B.", "Babinski B.", ""]),
        ("name_by_lists", ["Bernadette", "Ana Diaz"], ["Johnson", "ANA", "Rose", ""]),
        ("both_after_initial", ["B. Winter", "B. Foley"], ["Winter", "L. Grade", ""]),
        ("lower_pair", ["hope diaz", "ana zzyzxov"], ["hope denies", "may be", "ana", ""]),
        ("two_or_listed", ["June Rose Winter", "Diaz"], ["Rose", "Rose Denies", ""]),
        ("given_and_initial", ["hope p.", "ana b."], ["grade b.", "ana", ""]),
        ("first_is_name", ["Ana Green Hill"], ["Green Hill", ""]),
    ],
)
def test_check(ruleset: Ruleset, check: str, good: list[str], bad: list[str]):
    lists = [ruleset.members(name) for name in LISTS]
    assert {text: VALIDATORS[check](text, lists) for text in good} == dict.fromkeys(good, True)
    assert {text: VALIDATORS[check](text, lists) for text in bad} == dict.fromkeys(bad, False)


def test_initials_are_no_abbreviations(ruleset: Ruleset):
    lists = [ruleset.members("abbreviations")]
    assert VALIDATORS["initials"]("J.S.", lists)
    assert not VALIDATORS["initials"]("U.S.", lists)
    assert not VALIDATORS["initials"]("MRI", lists)


@given(st.text(max_size=40))
def test_checks_take_any_text(text: str):
    lexicon = Lexicon.of([frozenset[str]()] * 7)
    for function in namewords.CHECKS:
        assert function(text, lexicon) in (True, False)


# Propagation


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("Mr. Diaz was seen.", "Diaz"),
        ("Mr. Diaz took diazepam; Diazinon; DIAZINON", "Diaz"),
        ("Mr. Bo was here. Bo left.", "Bo"),
        ("Dr. Ana Diaz wrote to ana.diaz@example.org and Diaz_2", "Ana Diaz"),
    ],
)
def test_nothing_further(text: str, part: str):
    assert further(text, [found(text, part)]) == []


@pytest.mark.parametrize(
    ("text", "part", "expect"),
    [
        ("Ms. Ana Diaz. Diaz left.", "Ana Diaz", ["Diaz"]),
        ("Ms. Ana Diaz. Diaz's wife; ANA DIAZ", "Ana Diaz", ["Diaz", "ANA DIAZ"]),
        ("Ms. Ana Diaz-Nakamura. Ana and Nakamura.", "Ana Diaz-Nakamura", ["Ana", "Nakamura"]),
        ("pt diaz here. later diaz left", "diaz", ["diaz"]),
        ("Dr. Ó Briain. Briain\u2019s note", "Ó Briain", ["Briain"]),
        ("Mr. Peña; PENA, Pena", "Peña", ["PENA", "Pena"]),
    ],
)
def test_a_found_name_is_found_again(text: str, part: str, expect: list[str]):
    assert further(text, [found(text, part)]) == expect


def test_a_name_that_is_a_word_needs_a_capital_inside_a_sentence():
    vocabulary = Vocabulary(frozenset({"rose", "young"}), frozenset({"disease"}))
    text = "Ms. Rose Young. Rose hip tea. temp rose. YOUNG woman. We told Rose. Young took it."
    assert further(text, [found(text, "Rose Young")], vocabulary) == ["Rose", "Young"]


def test_a_name_before_a_head_word_is_a_term():
    vocabulary = Vocabulary(frozenset(), frozenset({"catheter"}))
    text = "Dr. Foley came. Foley catheter out. Foley left."
    assert further(text, [found(text, "Foley")], vocabulary) == ["Foley"]


@pytest.mark.parametrize(("rule", "score"), [("name/initials-by", 0.9), ("name/title", 0.4)])
def test_initials_and_weak_guesses_are_not_spread(rule: str, score: float):
    text = "Seen: Diaz. Diaz left."
    assert further(text, [found(text, "Diaz", rule, score)]) == []


def test_a_found_place_is_not_spread_and_covers_its_words():
    text = "Mr. Diaz of Diaz Street left Diaz"
    place = Finding(Location("s", "text"), 12, 23, "location", "location/street", 0.9)
    assert further(text, [found(text, "Diaz"), place]) == ["Diaz"]


words = st.sampled_from(
    ["Diaz", "diaz", "DIAZ", "Ana", "Diazepam", "nana", "Anaemia", "x", "-", ","]
)


@given(st.lists(words, max_size=30), st.sampled_from(["", " ", "  "]))
def test_propagation_covers_whole_words_only_and_nothing_twice(pieces: list[str], glue: str):
    text = "Mr. Ana Diaz. " + glue.join(pieces)
    seeds = [found(text, "Ana Diaz")]
    out = propagate(text, seeds)
    assert out[:1] == seeds
    spans = sorted((f.start, f.end) for f in out)
    assert all(a[1] <= b[0] for a, b in pairwise(spans))
    for start, end in spans:
        assert not text[start - 1 : start].isalnum()
        assert not text[end : end + 1].isalnum()
        assert all(w.casefold() in {"ana", "diaz"} for w in re.findall(r"\w+", text[start:end]))


@given(st.text(max_size=60), st.data())
def test_propagation_keeps_the_findings_and_stays_in_the_text(text: str, data: st.DataObject):
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    seed = Finding(Location("s", "text"), start, end, "name", "name/title", 0.9)
    out = propagate(text, [seed])
    assert out[0] == seed
    assert all(0 <= f.start < f.end <= len(text) for f in out[1:])


def test_propagation_is_linear():
    text = "Mr. Diaz. " + "Diaz felt well and said so. " * 20_000
    started = time.process_time()
    assert len(propagate(text, [found(text, "Diaz")])) == 20_001
    assert time.process_time() - started < 3.0


@pytest.mark.parametrize(
    ("check", "yes", "no"),
    [
        ("no_term", ["Mercy", "Okafor", "Zzyzxov"], ["Foley", "Discharged", "Fugl-Meyer"]),
        ("listed_or_both", ["maria", "hope"], ["zzyzxov", "present"]),
        ("speaker", ["QVX", "Ana", "Ana D."], ["System", "RN"]),
        ("nickname_inside", ['Ana "Bo" Diaz', "Zzyzxov 'Bo' Okafor"], ['Foley "coude" Diaz']),
        ("nickname_behind", ["Ana Diaz (Annie)"], ["Botox Lyrica (Duncan)", "Ana Diaz (today)"]),
    ],
)
def test_checks_of_names_behind_cues(lexicon: Lexicon, check: str, yes: list[str], no: list[str]):
    function = getattr(namewords, check)
    assert [text for text in yes if not function(text, lexicon)] == []
    assert [text for text in no if function(text, lexicon)] == []


def test_a_list_of_instruments_is_no_last_and_first_name(lexicon: Lexicon):
    assert not namewords.whole_name("Yankauer, Ballard", lexicon)
    assert namewords.whole_name("Frank Okafor", lexicon)


# Initials, and what a name is not


def test_initials_of_a_found_name_sign_entries():
    text = "Seen by Quill Vexelby.\nUp in chair. QV\nWalked. ----Q.V.\nHad a QV today\n"
    assert further(text, [found(text, "Quill Vexelby")]) == ["QV", "Q.V."]


def test_initials_that_sign_entries_again_and_again_are_somebodys():
    text = "For Ana.\nUp in chair. KJX\nWalked. KJX\nSlept. WQ\n"
    assert further(text, [found(text, "Ana")]) == ["KJX", "KJX"]


def test_a_name_is_spread_into_lower_case_where_it_is_nothing_else():
    words = Vocabulary(ordinary=frozenset({"hope"}), eponyms=frozenset({"foley"}))
    text = "Mr. Okafor, Dr. Hope, Dr. Foley. okafor has hope, foley out"
    findings = [found(text, name) for name in ("Okafor", "Hope", "Foley")]
    assert further(text, findings, words) == ["okafor"]


def test_a_name_is_not_spread_into_eponyms_and_abbreviations():
    words = Vocabulary(phrases=frozenset({"young burgess"}), abbreviations=frozenset({"neg"}))
    text = "Dr. Young, Neg Diaz. Young-Burgess, Neg"
    findings = [found(text, "Young"), found(text, "Neg Diaz")]
    assert further(text, findings, words) == []

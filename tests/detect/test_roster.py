"""What the search for a subject's own record promises: every form of it, and no word that is none."""

import datetime as dt
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from phisweep.detect.nameforms import PersonName, nicknames, one_slip
from phisweep.detect.namestands import Words
from phisweep.detect.namewords import plain
from phisweep.detect.roster import Known, Roster, formal_of
from phisweep.model import IDENTIFIERS, Location, Text
from phisweep.ruleset.load import load_ruleset

RULES = load_ruleset()
KNOWN = Known(
    names=(
        PersonName(("Robert", "Alan"), ("Quillfeather",), "Jr"),
        PersonName(("María",), ("García-López",)),
        PersonName(("Anna",), ("de la Cruz",)),
        PersonName(("Siobhan",), ("O'Brien",)),
    ),
    ids=(
        ("mrn", "00123456"),
        ("ssn", "219-09-9999"),
        ("health_plan", "1EG4-TE5-MK73"),
        ("account", "7741"),
        ("other_id", "6f1e2d3c-4b5a-4978-8a6b-5c4d3e2f1a0b"),
    ),
    births=(dt.date(1961, 3, 14),),
    phones=("(202) 555-0142", "+44 20 7946 0958"),
    emails=("rq61@example.org",),
    addresses=("12 N. Larkspur Ave, Apt 4", "PO Box 771", "Exampleton", "Reading"),
)
ROSTER = Roster(KNOWN, RULES)
WORDS = Roster(
    Known(
        names=(
            PersonName(("Will",), ("Rose",)),
            PersonName(("May",), ("Parkinson",)),
            PersonName(("Ed",), ("Walker",)),
            PersonName(("Mary",), ("Doe",)),
        )
    ),
    RULES,
)


def spans(roster, text, kind="prose"):
    block = Text(Location("s", "text"), text, kind=kind)
    return [(text[f.start : f.end], f.rule) for f in roster.find(block)]


def found(text, rule="name/roster", roster=ROSTER, kind="prose"):
    return [hit for hit, said in spans(roster, text, kind) if said == rule]


@pytest.mark.parametrize(
    "form",
    [
        "Robert Quillfeather",
        "Robert Alan Quillfeather",
        "Robert A. Quillfeather",
        "Robert X. Quillfeather",
        "Robert Xavier Quillfeather",
        "Quillfeather, Robert",
        "Quillfeather, Robert A",
        "QUILLFEATHER,ROBERT",
        "QUILLFEATHER^ROBERT^A",
        "Robert Quillfeather, Jr",
        "Robert Quillfeather Jr",
        "robert quillfeather",
        "ROBERT QUILLFEATHER",
        "R. Quillfeather",
        "R. A. Quillfeather",
        "R.A. Quillfeather",
        "R Quillfeather",
        "Quillfeather R",
        "Quillfeather, R",
        "Robert",
        "Quillfeather",
        "quillfeather",
        "Bob",
        "Bobby Quillfeather",
        'Robert "Bob" Quillfeather',
        "Robert (Bob) Quillfeather",
        "R.Q.",
        "R. Q.",
        "R.A.Q.",
        "QuillfeatherRobert",
        "RobertQuillfeather",
        "quillfeatherr",
        "rquillfeather",
        "rquillfeather61",
        "robert.quillfeather",
        "robert_quillfeather",
        "Maria Garcia Lopez",
        "María García-López",
        "Mari\u0301a Garci\u0301a",
        "GARCIA LOPEZ",
        "Garcia",
        "López",
        "Anna de la Cruz",
        "De la Cruz, Anna",
        "Delacruz",
        "Cruz",
        "O'Brien",
        "O\u2019Brien",
        "OBrien",
        "Siobhan O Brien",
        "Siobh\u00e1n",
    ],
)
def test_a_known_name_is_found_however_it_is_written(form):
    text = f"then \U0001f600 e\u0301 told {form} that"
    assert found(text) == [form]


@pytest.mark.parametrize(
    ("text", "hits"),
    [
        ("pt RQ seen", ["RQ"]),
        ("RQ is here", ["RQ"]),
        ("call\n RQ: ok", ["RQ"]),
        ("seen/RQ ok", ["RQ"]),
        ("saw RQ's wife", ["RQ"]),
        ("the RQ value", []),
        ("xRQ RQ7 RQX", []),
        ("Quillfeather's chart", ["Quillfeather"]),
        ("the Quillfeathers came", ["Quillfeathers"]),
        ("pt Quilfeather came", ["Quilfeather"]),  # a letter less
        ("pt Quilllfeather came", ["Quilllfeather"]),
        ("pt Quillfaether came", ["Quillfaether"]),
        ("pt quilfeather came", []),
        ("pt Quilfaether came", []),  # two slips
        ("Robert46 Quillfeather12 came", ["Robert46", "Quillfeather12"]),
        ("rquillfeather@example.com", ["rquillfeather"]),
        ("Garcia-Marquez came", ["Garcia-Marquez"]),
        ("Robert and Quillfeather", ["Robert", "Quillfeather"]),
        ("saw Robert. Quillfeather is", ["Robert", "Quillfeather"]),
        ("Maria Garcia, Robert Quillfeather", ["Maria Garcia", "Robert Quillfeather"]),
        ("Mr. Quillfeather", ["Quillfeather"]),
        ("[NAME] [NAME-BCDFGHJKLM] Robert", ["Robert"]),
        ("RQuillfeathers12345", []),
    ],
)
def test_a_name_stands_as_a_person_does(text, hits):
    assert found(text) == hits


@pytest.mark.parametrize(
    "text",
    [
        "rose bengal stain",
        "Rose bengal stain was used.",
        "with Rose Bengal stain",
        "Will return in 2 weeks.",
        "Will need labs.",
        "PATIENT WILL RETURN",
        "he will go. the sun rose",
        "may repeat. May repeat in 2 weeks",
        "seen in May, and May 2019",
        "Parkinson's disease, Parkinson disease",
        "uses a walker",
        "USES WALKER AT HOME",
        "seen in the ED by us",
        "a rose",
        "by the attending, M.D.",
        "MD at bedside",
    ],
)
def test_a_word_that_is_a_name_too_is_left_where_it_is_a_word(text):
    assert spans(WORDS, text) == []


@pytest.mark.parametrize(
    ("text", "hit"),
    [
        ("Rose denies pain.", "Rose"),
        ("told Will to rest", "Will"),
        ("Mr. Rose in bed", "Rose"),
        ("Will Rose came", "Will Rose"),
        ("ROSE, WILL", "ROSE, WILL"),
        ("saw Mrs. May today", "May"),
        ("Mr. Parkinson came", "Parkinson"),
        ("then Ed called", "Ed"),
        ("mary doe called", "mary doe"),
        ("W. Rose signed", "W. Rose"),
    ],
)
def test_a_word_that_is_a_name_too_is_found_where_it_is_a_name(text, hit):
    assert found(text, roster=WORDS) == [hit]


def test_names_of_files_have_no_capitals():
    assert found("notes/quillfeather_r.txt", kind="filename") == ["quillfeather_r"]
    assert found("parkinson_2020.pdf", roster=WORDS, kind="filename") == ["parkinson"]


@pytest.mark.parametrize(
    ("text", "rule", "hits"),
    [
        ("MRN 00123456", "mrn", ["00123456"]),
        ("123456, 0123456; 12-34-56", "mrn", ["123456", "0123456", "12-34-56"]),
        ("MRN123456", "mrn", ["123456"]),
        ("00-12-34-56", "mrn", ["00-12-34-56"]),
        ("1234567 and 9123456", "mrn", []),
        ("123456.7 and A123456 and 123456b", "mrn", []),
        ("219099999 or 219 09 9999", "ssn", ["219099999", "219 09 9999"]),
        ("SSN ends in 9999", "ssn", ["9999"]),
        ("xxx-xx-9999", "ssn", ["9999"]),
        ("platelets 9999", "ssn", []),
        ("1eg4te5mk73, 1EG4 TE5 MK73", "health_plan", ["1eg4te5mk73", "1EG4 TE5 MK73"]),
        ("acct #7741 paid", "account", ["7741"]),
        ("walked 7741 steps", "account", []),
        (
            "id 6F1E2D3C4B5A49788A6B5C4D3E2F1A0B",
            "other_id",
            ["6F1E2D3C4B5A49788A6B5C4D3E2F1A0B"],
        ),
        ("555-0142 or 5550142", "phone", ["555-0142", "5550142"]),
        ("(202) 555-0142", "phone", ["(202) 555-0142"]),
        ("+1 202.555.0142", "phone", ["+1 202.555.0142"]),
        ("2025550142; 12025550142", "phone", ["2025550142", "12025550142"]),
        ("(303) 555-0142", "phone", ["(303) 555-0142"]),
        ("3035550142", "phone", ["3035550142"]),
        ("+44 20 7946 0958, 020 7946 0958", "phone", ["+44 20 7946 0958", "020 7946 0958"]),
        ("RQ61@Example.org", "email", ["RQ61@Example.org"]),
        ("xrq61@example.org, rq61@example.orgs", "email", []),
        ("12 N Larkspur Avenue, Apt 4", "location", ["12 N Larkspur Avenue, Apt 4"]),
        ("12 north larkspur ave", "location", ["12 north larkspur ave"]),
        ("12 Larkspur", "location", ["12 Larkspur"]),
        ("on Larkspur St", "location", ["Larkspur St"]),
        ("Larkspur blooms; 12 larks", "location", []),
        ("P.O. Box 771", "location", ["P.O. Box 771"]),
        ("lives in Exampleton, then", "location", ["Exampleton"]),
        ("from Reading today", "location", ["Reading"]),
        ("Reading comprehension", "location", []),
    ],
)
def test_numbers_and_places_are_found_in_any_grouping(text, rule, hits):
    assert found(text, f"{rule}/roster") == hits


@pytest.mark.parametrize(
    "form",
    [
        "1961-03-14",
        "1961/3/14",
        "03/14/1961",
        "3/14/61",
        "3-14-1961",
        "14/03/1961",
        "14.3.1961",
        "03 14 1961",
        "Mar 14, 1961",
        "March 14th, 1961",
        "MARCH 14 1961",
        "14 Mar 1961",
        "14-MAR-61",
        "14MAR1961",
        "14th of March 1961",
        "1961 Mar 14",
        "19610314",
        "03141961",
        "1961-03-14T00:00:00Z",
    ],
)
def test_a_birth_is_found_in_every_form_of_a_full_date(form):
    text = f"\U0001f600 born {form}, well"
    assert found(text, "date/roster") == [form]
    assert found(f"dob_{form}_x", "date/roster") == [form]


@pytest.mark.parametrize(
    "text",
    [
        "3/14 strength, BP 120/61",
        "03/14",
        "3/14/1962",
        "13/14/1961",
        "113/14/1961",
        "3/14/1961/2",
        "3/14-1961",
        "61 and 1961",
        "March 1961",
        "March 4, 1961",
        "619610314",
    ],
)
def test_less_than_the_whole_birth_is_not_told_from_chance(text):
    assert found(text, "date/roster") == []


def test_findings_lie_apart_and_say_nothing_of_the_value():
    text = "Robert Quillfeather, MRN 123456, 12 Larkspur Ave, rq61@example.org, 3/14/61"
    hits = ROSTER.find(Text(Location("s", "text"), text))
    assert {f.identifier for f in hits} == {"name", "mrn", "location", "email", "date"}
    assert all(f.identifier in IDENTIFIERS and len(f.explanation) == 1 for f in hits)
    assert all(a.end <= b.start for a, b in pairwise(hits))
    said = repr(KNOWN) + repr(hits) + repr(KNOWN.names)
    assert not any(word in said for word in ("Robert", "Quillfeather", "123456", "1961"))


def test_scores_say_how_sure_a_form_is():
    def score(text):
        (hit,) = ROSTER.find(Text(Location("s", "text"), text))
        return hit.score

    assert score("saw Quillfeather, Robert") == score("saw Quillfeather") == 0.95
    assert score("saw Bob today") == score("saw R.Q. today") == 0.75
    assert score("saw Quilfeather today") == 0.6


def test_nothing_is_known_of_nobody():
    assert spans(Roster(Known(sex="F"), RULES), "Robert 3/14/61") == []


def test_a_subject_without_a_name_has_numbers():
    roster = Roster(Known(ids=(("mrn", "123456"),), names=(PersonName(),)), RULES)
    assert spans(roster, "Robert, MRN 123456 0 00") == [("123456", "mrn/roster")]


@pytest.mark.parametrize(
    ("nick", "formal"),
    [("bob", "robert"), ("peggy", "margaret"), ("robert", "robert"), ("xyz", "xyz")],
)
def test_a_nickname_has_a_formal_name(nick, formal):
    assert formal_of(RULES)(nick) == formal


def test_nicknames_are_folded_pairs_and_nobody_is_short_for_himself():
    for line in RULES.entries("nicknames"):
        nick, formal = line.split(",")
        assert nick != formal
        assert plain(nick) == nick
        assert plain(formal) == formal


@pytest.mark.parametrize(("record", "text"), [("Robert", "Bob"), ("Bob", "Robert"), ("Bob", "Rob")])
def test_nicknames_are_searched_both_ways(record, text):
    roster = Roster(Known(names=(PersonName((record,), ("Quillfeather",)),)), RULES)
    assert found(f"then {text} came", roster=roster) == [text]


@pytest.mark.parametrize(
    ("one", "other", "slip"),
    [
        ("hansen", "hansen", False),
        ("hansen", "hanson", True),
        ("hansen", "hasnen", True),
        ("hansen", "hansn", True),
        ("hansen", "hanssen", True),
        ("hansen", "ahnsen", True),
        ("hansen", "hansne", True),
        ("hansen", "hasnne", False),
        ("hansen", "han", False),
        ("", "a", True),
    ],
)
def test_one_slip_is_a_letter_or_a_swap(one, other, slip):
    assert one_slip(one, other) is one_slip(other, one) is slip


# --- every form, of any name

_LISTED = Words.of(RULES)
_SHORT = nicknames(RULES.entries("nicknames"))


def _clear(names):
    """Names that are no words beside, of which a single one can be told."""
    return sorted(n for n in names if len(n) >= 4 and n.isalpha() and not _LISTED.wordlike(n))


GIVEN = st.sampled_from(_clear(RULES.members("given-names")))
SURNAME = st.sampled_from(_clear(RULES.members("surnames")))
FRAMES = st.sampled_from(
    [
        "then told {} that",
        "Discussed with {}, who agreed",
        "\U0001f600 e\u0301\u0301 of {}'s chart",
        "line one\n\n* {} \u2014 seen",
        "({}) 12",
    ]
)
FORMS = st.sampled_from(
    [
        lambda g, s: f"{g} {s}",
        lambda g, s: f"{s}, {g}",
        lambda g, s: f"{g} M. {s}",
        lambda g, s: f"{g[0]}. {s}",
        lambda g, s: f"{s} {g[0]}" if g[0] not in "AI" else f"{s}, {g}",
        lambda g, s: f"{s}^{g}".upper(),
        lambda g, s: f"{g} {s}".upper(),
        lambda g, s: f"{g} {s}".lower(),
        lambda g, s: f"{g}.{s}".lower(),
        lambda g, s: f"{s}_{g}".lower(),
        lambda g, s: f"{s}{g}",
        lambda g, s: f"{g}{s}".lower(),
        lambda g, s: f"{g[0]}{s}7".lower(),
        lambda g, s: s and g,
        lambda g, s: g and s,
        lambda g, s: g and s.upper(),
        lambda g, s: f"{g[0]}.{s[0]}.",
        lambda g, s: f"{_SHORT.nicks.get(g.lower(), [g])[0].title()} {s}",
    ]
)


@settings(max_examples=400, deadline=None)
@given(GIVEN, SURNAME, FORMS, FRAMES)
def test_every_form_of_any_name_is_found_where_it_stands(first, last, form, frame):
    first, last = first.title(), last.title()
    roster = Roster(Known(names=(PersonName((first,), (last,)),)), RULES)
    written = form(first, last)
    letters = "".join(filter(str.isalpha, written)).lower()
    if len(letters) == 2 and (letters in _LISTED.abbreviations | _LISTED.credentials):
        return  # M.D. is nobody's initials
    text = frame.format(written)
    start = frame.index("{")
    hits = [(f.start, f.end) for f in roster.find(Text(Location("s", "text"), text))]
    assert hits == [(start, start + len(written))]


@settings(max_examples=200, deadline=None)
@given(
    st.dates(dt.date(1900, 1, 1), dt.date(2030, 12, 31)),
    st.sampled_from(["%Y-%m-%d", "%m/%d/%Y", "%m/%d/%y", "%d %b %Y", "%B %d, %Y", "%Y%m%d"]),
    FRAMES,
)
def test_every_birth_is_found_where_it_stands(day, form, frame):
    written = day.strftime(form)
    roster = Roster(Known(births=(day,)), RULES)
    text = frame.format(written)
    start = frame.index("{")
    hits = [(f.start, f.end) for f in roster.find(Text(Location("s", "text"), text))]
    assert hits == [(start, start + len(written))]


@given(st.text(max_size=200))
def test_any_text_can_be_searched(text):
    for finding in ROSTER.find(Text(Location("s", "text"), text)):
        assert 0 <= finding.start < finding.end <= len(text)


@pytest.mark.parametrize(
    "piece",
    ["a", "J. ", "Quillfeather, ", "1 ", "@", "61 ", "A", "Garcia-", "0-", "R.Q.", "(", "de la "],
)
def test_a_long_text_of_one_piece_is_done_in_bounded_time(piece):
    text = piece * (1_000_000 // len(piece))
    ROSTER.find(Text(Location("s", "text"), text))

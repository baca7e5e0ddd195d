"""Surrogate names: same roles, same case, same places; one word, one surrogate."""

import hashlib
import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phisweep.keys import fold
from phisweep.ruleset.load import load_ruleset
from phisweep.transform.operators import Person
from phisweep.transform.surrogates.draws import Draw
from phisweep.transform.surrogates.names import name
from phisweep.transform.surrogates.pools import Pools, telling

POOLS = Pools.of(load_ruleset())
MARIA = Person(("Maria", "Luisa"), ("Alvarez",), "F")
SEX = {kind: {telling(n) for n in POOLS.entries(kind)} for kind in ("female", "male", "neutral")}
SURNAMES = {telling(entry) for entry in POOLS.surnames}


def draws(subject: str = "1"):
    def draw_of(purpose: str, value: str) -> Draw:
        return Draw(hashlib.sha256(f"{subject}|{purpose}|{value}".encode()).digest())

    return draw_of


def named(text, person=None, subject="1", pools=POOLS, **more):
    return name(text, draws(subject), pools, person, **more)


def of(word: str, role: str, person=None) -> str:
    """Return the surrogate of one word in a role, from the plainest text that shows it."""
    if role == "given":
        return named(f"{word} Zellner", person).partition(" ")[0]
    return named(f"Dr. {word}", person).partition(" ")[2]


GIVEN, LAST = of("Maria", "given"), of("Alvarez", "surname")


def test_the_surrogates_are_a_womans_given_name_and_a_surname():
    assert telling(GIVEN) in SEX["female"]
    assert telling(LAST) in SURNAMES


@pytest.mark.parametrize(
    ("text", "expect"),
    [
        ("Maria Alvarez", "{G} {L}"),
        ("Maria  Alvarez ", "{G}  {L} "),
        ("maria alvarez", "{g} {l}"),
        ("ALVAREZ, MARIA", "{LL}, {GG}"),
        ("Alvarez,Maria", "{L},{G}"),
        ("ALVAREZ^MARIA^^JR^DR^MD", "{LL}^{GG}^^JR^DR^MD"),
        ("000123^ALVAREZ^MARIA^^^^L", "000123^{LL}^{GG}^^^^L"),
        ("Maria Alvarez, MD", "{G} {L}, MD"),
        ("Maria Alvarez, M.D., Ph.D.", "{G} {L}, M.D., Ph.D."),
        ("maria alvarez, rn", "{g} {l}, rn"),
        ("MARIA ALVAREZ RN", "{GG} {LL} RN"),
        ("Dr. Alvarez", "Dr. {L}"),
        ("dr alvarez", "dr {l}"),
        ("Prof. Dr. Alvarez", "Prof. Dr. {L}"),
        ("Alvarez, Dr.", "{L}, Dr."),
        ("Alvarez", "{L}"),
        ("Maria", "{G}"),
        ("Alvarez's", "{L}'s"),
        ("ALVAREZ\u2019S", "{LL}\u2019S"),
        ("Maria de la Alvarez", "{G} de la {L}"),
        ("DE LA ALVAREZ, MARIA", "DE LA {LL}, {GG}"),
        ("Maria Al-Alvarez", "{G} Al-{L}"),
        ("Maria Alvarez Jr.", "{G} {L} Jr."),
        ("Maria Alvarez III", "{G} {L} III"),
        ("Maria Alvarez 3rd", "{G} {L} 3rd"),
        ("maria_alvarez", "{g}_{l}"),
        ("maria.alvarez2", "{g}.{l}2"),
        ("Mr. and Mrs. Alvarez", "Mr. and Mrs. {L}"),
        ("Maria and Maria Alvarez", "{G} and {G} {L}"),
        ("Alvarez/Alvarez; Maria Alvarez", "{L}/{L}; {G} {L}"),
        ("[Maria Alvarez]", "[{G} {L}]"),
        ("Maria (Maria) Alvarez", "{G} ({G}) {L}"),
        ("Alvarez-Alvarez", "{L}-{L}"),
        ("Maria-Maria Alvarez", "{G}-{G} {L}"),
    ],
)
def test_words_are_replaced_in_their_place_and_case(text, expect):
    forms = {"G": GIVEN, "g": GIVEN.lower(), "GG": GIVEN.upper()}
    forms |= {"L": LAST, "l": LAST.lower(), "LL": LAST.upper()}
    assert named(text) == expect.format(**forms)


@pytest.mark.parametrize(
    ("text", "shape"),
    [
        ("M. Wright", r"[A-LN-Z]\. \w+"),
        ("Wright, J", r"\w+, [A-IK-Z]"),
        ("Maria L. Wright", r"\w+ [A-KM-Z]\. \w+"),
        ("WRIGHT, MARIA L", r"[A-Z]+, [A-Z]+ [A-KM-Z]"),
        ("T.J. Wright", r"[A-SU-Z]\.[A-IK-Z]\. \w+"),
        ("TJ Wright", r"[A-SU-Z][A-IK-Z] \w+"),
        ("J.S.", r"[A-IK-Z]\.[A-RT-Z]\."),
        ("J. S.", r"[A-IK-Z]\. [A-RT-Z]\."),
        ("JS", r"[A-IK-Z][A-RT-Z]"),
        ("js", r"[a-ik-z][a-rt-z]"),
        ("j.s.", r"[a-ik-z]\.[a-rt-z]\."),
        ("O'BRIEN-KELLY, SHEILA", r"[A-Z]+-[A-Z]+, [A-Z]+"),
        ("McDonald", r"[A-Z][a-zA-Z]+"),
        ("Le, Van", r"[A-Z]\w+, [A-Z]\w+"),
        ("Dr. Do", r"Dr\. [A-Z]\w+"),
        ("\u738b\u5c0f\u660e", r"[A-Z][a-zA-Z]+"),
        ("\u041e\u043b\u0435\u0433 \u0418\u0432\u0430\u043d\u043e\u0432", r"[A-Z]\w+ [A-Z]\w+"),
        ("\u0645\u062d\u0645\u062f \u0639\u0644\u064a", r"[A-Z]\w+ [A-Z]\w+"),
        ("jsmith2", r"[a-z]{6}2"),
        ("XQWZRT99", r"[A-Z]{6}99"),
    ],
)
def test_a_form_is_kept_and_no_letter_of_initials(text, shape):
    new = named(text)
    assert re.fullmatch(shape, new)
    assert new == named(text)


@pytest.mark.parametrize("text", ["", "Dr.", "12345", " , ", "and"])
def test_a_text_that_names_nobody_has_no_surrogate(text):
    assert named(text) is None


def test_accents_and_apostrophes_do_not_make_another_name():
    assert named("Jos\u00e9 N\u00fa\u00f1ez") == named("Jose Nunez") == named("Jose\u0301 Nunez")
    assert named("O'Brien") == named("O\u2019Brien") == named("OBrien")


@pytest.mark.parametrize(
    ("text", "expect"),
    [
        ("M.A.", "{G}.{L}."),
        ("MA", "{G}{L}"),
        ("M. Alvarez", "{G}. *"),
        ("Maria A.", "* {L}."),
        ("malvarez", "{g}{rest}"),
        ("alvarezm7", "{rest}{g}7"),
    ],
)
def test_initials_of_the_subject_become_those_of_the_surrogate(text, expect):
    given, last = of("Maria", "given", MARIA), of("Alvarez", "surname", MARIA)
    filled = expect.format(G=given[0], L=last[0], g=given[0].lower(), rest=last.lower())
    new = named(text, MARIA)
    assert re.fullmatch(re.escape(filled).replace(r"\*", r"\w+"), new)


def test_the_role_that_records_tell_wins_over_the_place():
    kim = Person(("Wright",), ("Maria",), "M")
    assert telling(named("Wright", kim)) in SEX["male"]
    assert telling(named("Maria", kim)) in SURNAMES
    assert named("Maria Wright", kim) == f"{named('Maria', kim)} {named('Wright', kim)}"
    assert named("Wright, Maria", kim) == f"{named('Wright', kim)}, {named('Maria', kim)}"


@pytest.mark.parametrize(("sex", "kind"), [("F", "female"), ("M", "male"), ("", "neutral")])
def test_a_given_name_is_of_the_sex_that_records_tell(sex, kind):
    assert telling(named("Xiqorra", Person(("Xiqorra",), (), sex))) in SEX[kind]


@pytest.mark.parametrize(("given", "kind"), [("Patricia", "female"), ("Kevin", "male")])
def test_a_given_name_of_nobody_known_is_of_the_sex_of_its_list(given, kind):
    assert telling(of(given, "given")) in SEX[kind]


@pytest.mark.parametrize("person", [None, Person(("Robert",), ("Wright",), "M")])
def test_a_nickname_has_the_surrogate_of_its_formal_form(person):
    def formal(word: str) -> str:
        return {"bob": "robert"}.get(word, word)

    bob, robert = (named(f"{g} Wright", person, formal=formal) for g in ("Bob", "Robert"))
    assert bob == robert


def test_a_surname_that_is_no_surrogate_stays_out_of_credentials():
    assert named("Kevin Do, DO").endswith(", DO")
    assert " Do," not in named("Kevin Do, DO")


def test_nothing_is_put_in_place_when_a_list_has_run_out():
    empty = replace(POOLS, present=frozenset(telling(n) for n in POOLS.surnames))
    assert named("Maria Alvarez", pools=empty) is None
    assert named("Maria", pools=empty) is not None


def test_an_exhausted_sex_falls_back_on_names_of_both():
    women = replace(POOLS, present=frozenset(SEX["female"]))
    assert telling(named("Maria", pools=women)) in SEX["neutral"]


def test_subjects_differ():
    surrogates = {named("Maria Alvarez", subject=str(n)) for n in range(200)}
    assert len(surrogates) > 195


def test_neither_the_records_nor_the_text_show_in_what_is_known():
    from phisweep.transform.surrogates.knownnames import KnownNames  # noqa: PLC0415

    assert "alvarez" not in repr(KnownNames.of(POOLS, MARIA)).casefold()


WORDS = st.sampled_from([*POOLS.female[::40], *POOLS.surnames[::90], "Xiqorra", "McAdoo", "Ng"])
LAYOUTS = ("{0} {1}", "{1}, {0}", "{1},{0}", "{1}^{0}", "Dr. {1}", "Mrs. {0} {1}, MD", "{0}-{1}")
TEXTS = st.builds(
    lambda layout, case, a, b: layout.format(case(a), case(b)),
    st.sampled_from(LAYOUTS),
    st.sampled_from([str, str.upper, str.lower]),
    WORDS,
    WORDS,
)
FIXED = {"dr", "mrs", "md"}


def words_of(text: str) -> list[str]:
    return [fold(word) for word in re.findall(r"[^\W\d_]+", text)]


@given(text=TEXTS, subject=st.text(max_size=3))
def test_no_word_of_a_name_survives_and_no_word_of_the_data_appears(text, subject):
    present = frozenset(words_of(text)) - FIXED
    new = named(text, subject=subject, pools=replace(POOLS, present=present))
    assert not present & set(words_of(new))
    assert new == named(text, subject=subject, pools=replace(POOLS, present=present))


@given(text=TEXTS)
def test_all_that_is_no_name_stays_in_its_place(text):
    def frame(line: str) -> str:
        return re.sub(r"[^\W\d_]+", lambda m: m[0] if fold(m[0]) in FIXED else "#", line)

    assert frame(named(text)) == frame(text)


@given(text=st.text(max_size=40))
def test_any_text_has_a_surrogate_or_none_and_never_itself(text):
    assert named(text, MARIA) != text


@given(word=WORDS)
def test_a_surrogate_begins_with_another_letter(word):
    assert named(f"Dr. {word}")[4].casefold() != word[0].casefold()

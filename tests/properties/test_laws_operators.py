"""Laws of the operators that a policy beyond Safe Harbor may ask for."""

import datetime as dt
import re

from hypothesis import given
from hypothesis import strategies as st

from phisweep import marks
from phisweep.keys import Key, fold
from phisweep.model import IDENTIFIERS
from phisweep.transform.operators import Context, get
from phisweep.transform.operators.encrypt import decrypt

REFERENCE = 2026
KEY, OTHER = Key(b"k" * 32), Key(b"l" * 32)
IDS = st.sampled_from([*IDENTIFIERS])
#: Small letters and digits: a token has none, so whatever is left of them would be seen.
VALUES = st.text("abcdefghijklmnopqrstuvwxyz0123456789 -/.", min_size=1, max_size=40)
TEXTS = st.text(max_size=40)
#: Letters and digits that base64url does not have.
FOREIGN = st.text(st.characters(categories=("L", "N"), min_codepoint=0x80), min_size=1, max_size=30)
FIRST = dt.date(1930, 1, 1)
DAYS = st.integers(0, 96 * 365).map(lambda days: FIRST + dt.timedelta(days=days))
FORMS = (
    *("%Y-%m-%d", "%m/%d/%Y", "%d-%b-%Y", "%d%b%Y", "%B %d, %Y", "%B %Y", "%m/%Y", "%Y%m%d"),
    *("%Y%m%d093000-0500", "%Y-%j", "%Y-%m-%dT09:30Z", "%Y_%m_%d", "%b %d %Y", "%Y.%m.%d 09:30"),
    *("%m/%d/%Y 1930 hrs", "%A, %d %B %Y 9:30 PM", "%Y%j", "%Y%m%d0930", "%Y-%m-%d/%Y-%m-%d"),
)
IN_DOUBT = ("%m/%d/%y", "%d.%m.%Y", "%G-W%V-%u", "%y%m%d", "%m%d%y", "%m/%d", "%B %d", "%Y", "%Y%m")
WIDTHS = ({"width": 5}, {"width": 100})
CUT = {
    "age": ({"edges": "18,45,65"}, {"width": 7, "top": 80, "bottom": 17}),
    "date": ({"edges": "1950,2000"}, {"width": 7, "top": 2020, "bottom": 1960}),
    "zip": ({"edges": "1000,20000"}, {"width": 7, "top": 90000, "bottom": 599}),
    "other_id": ({"edges": "18,45,65"}, {"width": 7, "top": 80, "bottom": 17}),
}


def ask(name, text, identifier="date", key=KEY, **params):
    return get(name)(text, Context(identifier, reference_year=REFERENCE, key=key), params)


@given(VALUES, IDS)
def test_no_covered_letter_or_digit_survives_in_a_token(text, identifier):
    token = ask("hmac-token", text, identifier)
    assert marks.is_mark(token)
    assert not {*filter(str.isalnum, text)} & {*token}


@given(FOREIGN, IDS)
def test_no_covered_letter_or_digit_survives_in_what_is_encrypted(text, identifier):
    mark = ask("encrypt", text, identifier)
    assert marks.is_mark(mark)
    assert not {*text} & {*mark}


@given(st.from_regex(r"[a-z0-9_-]{8,40}", fullmatch=True), IDS)
def test_no_piece_of_a_text_in_its_own_letters_survives_encryption(text, identifier):
    mark = ask("encrypt", text, identifier).partition(".")[2]
    assert not [text[i : i + 6] for i in range(len(text) - 5) if text[i : i + 6] in mark]


@given(TEXTS, TEXTS, IDS)
def test_same_key_same_token_and_another_key_another(one, other, identifier):
    token = ask("hmac-token", one, identifier)
    assert token == ask("hmac-token", one, identifier)
    assert token != ask("hmac-token", one, identifier, key=OTHER)
    if fold(one) != fold(other):
        assert token != ask("hmac-token", other, identifier)


@given(TEXTS, TEXTS, IDS)
def test_same_key_same_mark_another_key_another_and_the_text_returns(one, other, identifier):
    mark = ask("encrypt", one, identifier)
    assert mark == ask("encrypt", one, identifier)
    assert mark != ask("encrypt", one, identifier, key=OTHER)
    assert (mark == ask("encrypt", other, identifier)) == (one == other)
    assert decrypt(mark, KEY) == one


@given(DAYS, st.sampled_from(FORMS), st.booleans())
def test_month_and_quarter_of_a_whole_date_are_those_of_the_calendar(day, form, shout):
    text = day.strftime(form).upper() if shout else day.strftime(form)
    if day.year <= REFERENCE - 90:
        assert ask("month", text) == ask("quarter", text) == "<=1936"
    elif day.year <= REFERENCE:
        assert ask("month", text) == f"{day.year}-{day.month:02}"
        assert ask("quarter", text) == f"{day.year}-Q{(day.month + 2) // 3}"


@given(
    DAYS.map(str)
    | TEXTS
    | st.builds(lambda d, f: d.strftime(f), DAYS, st.sampled_from([*FORMS, *IN_DOUBT]))
)
def test_month_and_quarter_tell_the_year_that_year_tells_or_no_more(text):
    year = ask("year", text)
    for name, form in (("month", r"-(?:0[1-9]|1[0-2])"), ("quarter", r"-Q[1-4]")):
        after = ask(name, text)
        if after != year:
            assert re.fullmatch(rf"\d{{4}}{form}(?:/\d{{4}}{form})?", after)
            ends = sorted({part[:4] for part in after.split("/")})
            assert "-".join(ends) == year


@given(st.text("0123456789/-.: ',TZWQaprmich", max_size=24))
def test_month_writes_nothing_but_months_years_and_marks(text):
    whole = r"(?:19|20)\d\d"
    month = rf"{whole}-(?:0[1-9]|1[0-2])"
    after = ask("month", text)
    assert re.fullmatch(rf"\[DATE\]|<=1936|{whole}(?:-{whole})?|{month}(?:/{month})?", after)


@given(TEXTS | st.text("ab1*-. ", max_size=12), st.integers(0, 4), st.integers(0, 4))
def test_a_mask_keeps_length_and_order_and_no_more_than_it_is_told(text, first, last):
    after = get("mask")(text, Context("name"), {"keep-first": first, "keep-last": last})
    if after != "[NAME]":
        assert len(after) == len(text)
        assert all(b in (a, "*") for a, b in zip(text, after, strict=True))
        assert sum(map(str.isalnum, after)) <= first + last


@given(
    TEXTS | st.text("ab1*-. ", max_size=12), st.integers(1, 4), st.sampled_from(["first", "last"])
)
def test_truncation_never_leaves_a_text_whole(text, size, end):
    after = get("truncate")(text, Context("name"), {end: size})
    assert after == "[NAME]" or after.strip(".") != text.strip(".") or "..." in text


@given(st.integers(0, 130), st.integers(1, 95), st.integers(0, 60))
def test_no_range_of_ages_splits_those_of_ninety_and_more(age, width, bottom):
    after = ask("bucket", str(age), "age", width=width, bottom=bottom)
    assert (after == "90+") == (age >= 90)
    low, _, high = after.strip("<=+").partition("-")
    assert (
        age >= 90
        or int(low) <= age <= int(high or low)
        or (after == f"<={bottom}" and age <= bottom)
    )


@given(
    TEXTS | st.text("0123456789-+<=/ yo", max_size=12) | DAYS.map(str),
    st.sampled_from([(i, p) for i, edges in CUT.items() for p in (*WIDTHS, *edges)]),
)
def test_what_coarsens_leaves_its_own_result(text, case):
    identifier, params = case
    for name, given_ in (
        ("bucket", params), ("month", {}), ("quarter", {}), ("mask", {"keep-last": 2}), ("truncate", {"first": 3}),
    ):  # fmt: skip
        after = ask(name, text, identifier, **given_)
        if after != marks.tag(identifier):
            assert ask(name, after, identifier, **given_) == after

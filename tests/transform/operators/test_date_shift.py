"""A date is moved with all others of its subject, and nothing of the true day stays."""

import datetime as dt
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phisweep.errors import RuleError
from phisweep.keys import Key
from phisweep.transform.dates import ORDERS, read, same
from phisweep.transform.operators import Context, get
from phisweep.transform.operators.date_shift import _written
from phisweep.transform.shifting import Shift

KEY = Key(b"a key of the tests, 32 bytes long")
REFERENCE = 2026


def subject_of(days, **params):
    """A subject whose dates move by so many days."""
    shift = Shift.of(params)
    return next(f"{n}" for n in range(10**6) if shift.offset(KEY, f"{n}") == days)


def context(subject="patient 7", reference=REFERENCE, key=KEY, identifier="date"):
    return Context(identifier, subject=subject, reference_year=reference, key=key)


def shifted(text, subject="patient 7", reference=REFERENCE, **params):
    params = {name.replace("_", "-"): value for name, value in params.items()}
    return get("date-shift")(text, context(subject, reference), params)


@pytest.mark.parametrize("text", ["2014", "2013-2014", "'14", "March 2014", "Q1 2014", "March"])
def test_what_names_no_day_stays_where_the_offset_does_not_carry_it_over(text):
    assert shifted(text, subject_of(-3)) == text


@pytest.mark.parametrize(
    ("text", "days", "expect"),
    [
        ("2014", -181, "2014"),
        ("2014", -183, "2013"),
        ("March 2014", -14, "March 2014"),
        ("March 2014", -15, "February 2014"),
        ("03/2014", -100, "12/2013"),
        ("3/4/2024", -10, "2/23/2024"),
        ("29 February", -1, "28 February"),
        ("3/1", -1, "2/28"),
        ("Mon 3/4", -8, "Sun 2/24"),
        ("20240304101500.25-0500", -364, "20230306101500.25-0500"),
        ("3/4-3/9/2014", -100, "11/24-11/29/2013"),
        ("O3/l4/l95O", -1, "03/13/1950"),
    ],
)
def test_a_date_is_moved_by_the_offset_of_its_subject(text, days, expect):
    assert shifted(text, subject_of(days)) == expect


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            "?",
            "the 14th",
            "Mon",
            "next Tuesday",
            "Christmas Eve",
            "Christmas Eve, 2014",
            "MWF",
        ),
        *("spring 2014", "her birthday", "2/30/2014", "99999999", "3/4/2024 Jane", "early March"),
        *("March 10, 14", "3-4-14-3-9-14", "1990s", "0314", "DOB 3/4/2024"),
    ],
)
def test_what_cannot_be_read_becomes_the_tag(text):
    assert shifted(text) == "[DATE]"


@pytest.mark.parametrize("text", ["March 2014", "2014", "Q3 2014", "2014-W11", "7/xx/2019", "May"])
def test_what_names_no_day_is_removed_where_that_is_asked_for(text):
    assert shifted(text, partial="tag") == "[DATE]"
    assert shifted("3/14", partial="tag") != "[DATE]"


@pytest.mark.parametrize("subject", ["", " "])
def test_without_a_subject_there_is_no_shift(subject):
    assert shifted("3/14/2014", subject) == "[DATE]"
    assert shifted("3/14/2014", subject, without_subject="year") == "2014"
    assert shifted("3/14/1930", subject, without_subject="year") == "<=1936"
    assert shifted("3/14", subject, without_subject="year") == "[DATE]"


@pytest.mark.parametrize(
    ("text", "days", "expect"),
    [
        ("3/14/1936", -10, "<=1936"),
        ("1/5/1937", -10, "<=1936"),
        ("1/5/1937", -3, "1/2/1937"),
        ("12/30/1936", 10, "<=1936"),
        ("12/30/1936-1/3/1937", 10, "[DATE]"),
        ("01/02/31", -1, "<=1936"),
        ("1930", -1, "<=1936"),
        ("2027-01-05", -10, "[DATE]"),
        ("12/30/2026", 10, "[DATE]"),
        ("12/30/2026", -10, "12/20/2026"),
        ("-1394755200", -1, "<=1936"),
    ],
)
def test_ages_of_ninety_and_dates_to_come_are_not_made_anew(text, days, expect):
    params = {"direction": "both"} if days > 0 else {}
    assert shifted(text, subject_of(days, **params), **params) == expect


def test_a_year_of_two_digits_that_would_be_read_in_another_century_is_written_whole():
    assert shifted("1/5/41", subject_of(-10), pivot=40) == "1940"
    assert shifted("1/15/41", subject_of(-10), pivot=40) == "1/5/41"


def test_without_a_year_of_reference_nothing_is_shifted():
    assert shifted("3/14/2014", reference=0) == shifted("3/14", reference=0) == "[DATE]"


def test_the_order_of_numbers_can_be_asked_for():
    days = subject_of(-10)
    assert shifted("3/4/2024", days, order="day-first") == "24/3/2024"
    assert shifted("3/4/2024", days) == "2/23/2024"


@pytest.mark.parametrize("params", [{"pivot": "noon"}, {"max_days": 3.5}, {"keep": True}])
@pytest.mark.parametrize("text", ["", "3/14/2014"])
def test_a_wrong_parameter_is_a_rule_error(text, params):
    with pytest.raises(RuleError, match="E174"):
        shifted(text, **params)


# Laws

FORMS = (
    *("%Y-%m-%d", "%m/%d/%Y", "%d.%m.%Y", "%d-%b-%Y", "%d%b%Y", "%B %d, %Y", "%A, %d %B %Y"),
    *("%Y%m%d", "%Y%m%d%H%M%S", "%Y-%j", "%G-W%V-%u", "%Y-%m-%dT%H:%M", "%Y_%m_%d", "%b %d, %Y"),
    *(
        "%Y.%m.%d %H:%M",
        "%d %B %Y",
        "%a %m/%d/%Y",
        "%Y%m%dT%H%M%S",
        "%Y/%m/%d %H:%M:%S",
        "%m-%d-%Y",
    ),
    *("%m/%d/%Y %I:%M %p", "%Y-%b-%d", "%a %b %d %H:%M:%S %Y", "%d %b, %Y", "%m%d%Y", "%Y%j"),
    *("%d/%b/%Y:%H:%M:%S", "%d.%m.%y", "%m/%d/%y", "%d-%b-%y", "%y%m%d"),
)
FIRST = dt.datetime(1939, 1, 1, tzinfo=dt.UTC)
MOMENTS = st.integers(0, 87 * 365 * 24 * 60).map(lambda m: FIRST + dt.timedelta(minutes=m))
#: What `year` writes, where a date may not be moved.
GENERAL = re.compile(r"\[DATE\]|<=1936|\d{4}(?:-\d{4})?")
TAKEN = st.sampled_from([f for f in FORMS if f not in {"%y%m%d", "%m%d%Y", "%Y%j"}])
PARAMS = st.fixed_dictionaries(
    {},
    optional={"max-days": st.integers(7, 700), "weekday": st.booleans()},
)


def parsed(text, form):
    """What the standard library reads; May is written alike, short or long, so both are tried."""
    forms = [f for f in (form.replace("%b", "%B"), form.replace("%B", "%b")) if f != form]
    for each in [form, *forms]:
        try:
            found = dt.datetime.strptime(text, each).replace(tzinfo=dt.UTC)
        except ValueError:
            continue
        return found if found.year <= REFERENCE else found.replace(year=found.year - 100)
    raise AssertionError(form)


def exact(moment, form):
    """The moment as far as the form tells it."""
    return parsed(moment.strftime(form), form)


def shift(moment, form, subject="patient 7", key=KEY, params=None):
    return get("date-shift")(moment.strftime(form), context(subject, key=key), params or {})


@given(MOMENTS, MOMENTS, TAKEN, TAKEN, st.text(min_size=1, max_size=8), PARAMS)
def test_any_two_dates_of_a_subject_keep_their_interval(one, other, form, another, name, params):
    subject = f"p{name}"
    after = [
        shift(moment, written, subject, params=params)
        for moment, written in ((one, form), (other, another))
    ]
    if not any(GENERAL.fullmatch(text) for text in after):
        before = exact(other, another) - exact(one, form)
        assert parsed(after[1], another) - parsed(after[0], form) == before


@given(MOMENTS, TAKEN, PARAMS)
def test_a_date_moves_by_its_offset_whatever_its_form(moment, form, params):
    days = Shift.of(params).offset(KEY, "patient 7")
    after = shift(moment, form, params=params)
    target = exact(moment, form) + dt.timedelta(days=days)
    assert after in {"<=1936", str(target.year)} or parsed(after, form) == target


@given(MOMENTS, st.sampled_from(FORMS), st.text(min_size=1, max_size=8), PARAMS)
def test_neither_the_date_nor_its_month_and_day_survive(moment, form, name, params):
    text = moment.strftime(form)
    after = shift(moment, form, f"p{name}", params=params)
    assert after != text
    old = read(text, pivot=26, reference=REFERENCE)
    if old is None:  # six digits that may be two dates
        assert after == "[DATE]"
        return
    new = read(after, pivot=26, reference=REFERENCE, order=old.order)
    if new is not None and new.days[0].grain == "day":
        places = [(found.dates[0].month, found.dates[0].day) for found in (old, new)]
        assert places[0] != places[1]


@given(MOMENTS, st.sampled_from(["%m/%d", "%B %d", "%d %b", "%d%b"]), st.integers(0, 10**6))
def test_a_date_without_a_year_moves_by_the_same_days(moment, form, number):
    subject = f"{number}"
    days = Shift().offset(KEY, subject)
    text, after = moment.strftime(form), shift(moment, form, subject)
    before = read(text, pivot=26, reference=REFERENCE)
    assert after != text
    assert same(before, days, read(after, pivot=26, reference=REFERENCE, order=before.order))


@given(MOMENTS, st.sampled_from(FORMS))
def test_the_same_key_and_subject_shift_alike(moment, form):
    again = Key(KEY.secret, "read from a file")
    assert shift(moment, form, key=again) == shift(moment, form)


def test_other_subjects_and_other_keys_shift_otherwise():
    moment = dt.datetime(2014, 3, 14, tzinfo=dt.UTC)
    subjects = {shift(moment, "%Y-%m-%d", f"patient {n}") for n in range(300)}
    keys = {shift(moment, "%Y-%m-%d", key=Key(b"%032d" % n)) for n in range(300)}
    assert len(subjects) > 180
    assert len(keys) > 180


@given(MOMENTS, st.sampled_from([f for f in FORMS if "%H" in f or "%I" in f]))
def test_the_time_of_day_is_untouched(moment, form):
    after = shift(moment, form)
    if not GENERAL.fullmatch(after):
        assert parsed(after, form).time() == exact(moment, form).time()


@given(MOMENTS, TAKEN)
def test_by_whole_weeks_the_weekday_stays(moment, form):
    after = shift(moment, form, params={"weekday": True})
    if not GENERAL.fullmatch(after):
        assert parsed(after, form).weekday() == exact(moment, form).weekday()


@given(
    st.text(max_size=30)
    | st.text(st.sampled_from("0123456789OlI/-.: ',TZWaprmichJun\u2013"), max_size=24)
)
def test_whatever_stands_there_the_result_is_a_mark_or_a_date_moved(text):
    after = shifted(text)
    if not GENERAL.fullmatch(after):
        before = read(text, pivot=26, reference=REFERENCE)
        days = Shift().offset(KEY, "patient 7")
        again = read(after, pivot=26, reference=REFERENCE, order=before.order)
        assert same(before, days, again)


ISO_DAYS = st.dates(dt.date(1930, 1, 1), dt.date(2035, 1, 1)).map(dt.date.isoformat)
ISO_TIMES = st.from_regex(r"\A(|[T ]\d\d:\d\d(:\d\d)?Z?)\Z")


@given(ISO_DAYS | st.just("2015-02-29"), ISO_TIMES, st.integers(0, 9), st.sampled_from(ORDERS))
def test_an_iso_date_becomes_what_reading_it_makes_of_it(day, time, number, order):
    params, who = {"order": order}, f"patient {number}"
    made = get("date-shift")(day + time, context(who), params)
    shift = Shift.of(params)
    days = shift.offset(KEY, who)
    assert made == _written(day + time, shift, days, context(who), pivot=REFERENCE % 100)

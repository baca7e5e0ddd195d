"""Fields that tell more together are found, and their nearest innocent neighbours are not."""

import base64
import codecs
import dataclasses
import hashlib
import pickle
import random
import stat
import tempfile
import tracemalloc
import zlib
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from documents import page
from phisweep.config import ColumnTreatment, Config
from phisweep.detect.bands import band, milestone, relative_day
from phisweep.keys import fold
from phisweep.leaks import joined as joined_module
from phisweep.leaks import years as years_module
from phisweep.leaks.hashes import digests, hashes_of, matches
from phisweep.leaks.joined import beside
from phisweep.leaks.kinds import DAYS_REMOVED, LEAKS, leak
from phisweep.leaks.related import Sample, column_leaks, related
from phisweep.leaks.years import FiledOld, Years, births_elsewhere
from phisweep.model import Leak
from phisweep.runs.copying import deidentify
from phisweep.runs.settings import Settings

REFERENCE = 2026
ANNA, BERT, NOBODY = (hashlib.blake2b(x, digest_size=16).digest() for x in (b"a", b"b", b"n"))


# Names


def test_every_leak_can_be_told_and_has_no_room_for_a_value():
    for name, kind in LEAKS.items():
        told = leak(name, file="a.csv", place="column 3 (birth_year)", count=2)
        assert (told.why, told.citation, told.resolution) == (
            kind.why,
            kind.citation,
            kind.resolution,
        )
        assert kind.citation.startswith("45 CFR 164.514")
        assert kind.why.endswith(".")
        assert kind.resolution.endswith(".")
    names = [f.name for f in dataclasses.fields(Leak)]
    assert names == ["name", "file", "place", "other", "count", "resolution", "citation", "why"]


def test_a_leak_of_another_name_is_none():
    with pytest.raises(KeyError):
        leak("hunch", file="a.csv", place="column 1", count=1)


def test_the_page_tells_each_leak_in_the_words_of_the_report():
    text = page("docs/leaks.md")
    for name, kind in LEAKS.items():
        part = text.partition(f"### `{name}`\n")[2].partition("\n### ")[0]
        for words in (f"{kind.title}.", kind.why, f"Law: {kind.citation}\n", kind.resolution):
            assert words in part, name


# Years


def years_of(*rows, subject=ANNA, until=REFERENCE):
    years = Years(until=until)
    for birth, age, year in rows:
        years.add(subject, birth=birth, age=age, year=year)
    return years


@pytest.mark.parametrize(
    ("rows", "expect"),
    [
        ([(None, 89, 2020)], False),
        ([(None, 89.9, 2020)], False),
        ([(None, 90, 2020)], True),
        ([(None, 90, None)], True),  # an age without a year
        ([(None, 300, 2020)], True),  # a code for an age over 89
        ([(None, 88, 2012), (None, None, 2015)], True),  # 91
        ([(None, 88, 2012), (None, None, 2014)], True),  # 90
        ([(None, 88, 2012), (None, None, 2013)], True),  # 90, if the birthday was still to come
        ([(None, 87, 2012), (None, None, 2013)], False),
        ([(None, 88, 2012), (None, None, 2012)], False),
        ([(None, 88, 2012), (None, None, 2009)], False),
        ([(None, 88, 2012), (None, 89, 2013)], False),  # the latest event says itself: 89
        ([(None, 87, 2011), (None, 88, 2012), (None, 88, 2013)], False),
        ([(None, 89, 2012), (None, 89, 2013)], True),  # born 1923 for certain
        ([(None, 86, 2010), (None, 87, 2012), (None, None, 2013)], False),  # born 1924 for certain
        ([(1936, None, None)], True),
        ([(1937, None, None)], False),
        ([(1910, None, 2010)], True),  # the example of HHS
        ([(1920, None, 1990)], True),
        ([(1937, None, 2099)], False),  # 2099 is no event yet
        ([(None, 50, 2020), (None, None, 2999)], False),
        ([(1, None, None)], False),
        ([(1066, None, None)], False),
        ([(None, -1, 2020)], False),
        ([(None, float("nan"), 2020)], False),
        ([(None, float("inf"), 2020)], False),
        ([(None, None, 2020)], False),
    ],
)
def test_a_subject_is_old_where_what_is_told_of_it_says_so(rows, expect):
    years = years_of(*rows)
    assert years.old(REFERENCE).is_old(ANNA) is expect
    assert (years.verdict(ANNA, REFERENCE) is not None) is expect


def test_who_died_at_seventy_is_not_old_where_the_policy_asks_for_the_latest_event():
    years = years_of((1920, 70, 1990))
    assert years.old(REFERENCE).is_old(ANNA)
    assert not years.old(REFERENCE, latest_event=True).is_old(ANNA)
    assert years_of((1920, None, None)).old(REFERENCE, latest_event=True).is_old(ANNA)


def test_a_birth_year_of_one_table_and_an_age_of_another_meet():
    years, other = years_of((None, 93, 2024)), years_of((1931, None, None))
    years.merge(other)
    found = years.verdict(ANNA, REFERENCE)
    assert (found.by_age, found.by_birth, found.by_event, found.birth_told) == (True,) * 4
    assert years.tally(REFERENCE)["age-capped-birth-year-left"] == 1
    assert other.tally(REFERENCE)["age-capped-birth-year-left"] == 0


def test_leaks_of_age_are_counted_by_subject():
    years = years_of((None, 88, 2012), (None, None, 2015))
    years.merge(years_of((None, 91, 2015), subject=BERT))
    assert years.tally(REFERENCE) == {
        "age-capped-birth-year-left": 0,
        "age-and-later-event": 1,
        "conflicting-birth-dates": 0,
    }


@pytest.mark.parametrize(
    ("rows", "expect"),
    [
        ([(1934, b"one"), (1934, b"one")], 0),
        ([(1934, b"one"), (1934, b"")], 0),  # a table with the year alone
        ([(1934, b"one"), (1934, b"two")], 1),  # another day of the same year
        ([(1934, b""), (1943, b"")], 1),
        ([(None, b""), (1943, b"")], 0),
    ],
)
def test_two_birth_dates_of_a_subject_conflict_and_the_older_is_taken(rows, expect):
    years = Years()
    for birth, born in rows:
        years.add(ANNA, birth=birth, born=born)
    assert years.tally(REFERENCE)["conflicting-birth-dates"] == expect
    if (1934, b"one") in rows or (1934, b"") in rows:
        assert years.old(REFERENCE).is_old(ANNA)


def test_a_span_is_from_the_earliest_to_the_latest_event():
    old = years_of((None, None, 2019), (None, 40, 2012), (1970, None, None)).old(REFERENCE)
    assert old.span(ANNA) == 7
    assert old.span(NOBODY) == 0
    assert years_of((1970, None, None)).old(REFERENCE).span(ANNA) == 0


def test_nobody_is_old_of_whom_nothing_was_told():
    assert not Years().old(REFERENCE).is_old(NOBODY)
    assert Years().verdict(NOBODY, REFERENCE) is None
    assert Years().tally(REFERENCE)["age-and-later-event"] == 0
    assert len(Years()) == len(Years().old(REFERENCE)) == 0


SUBJECTS = st.sampled_from([bytes(15) + b"\1", b"\1" + bytes(15), bytes(16), ANNA, BERT])
FACTS = st.tuples(
    SUBJECTS,
    st.none() | st.integers(1895, 2026),
    st.none() | st.floats(0, 110),
    st.none() | st.integers(1980, 2026),
    st.sampled_from([b"", b"one", b"two"]),
)
TABLES = st.lists(FACTS, max_size=12)


def told(*tables):
    years = Years()
    for table in tables:
        for subject, birth, age, year, born in table:
            years.add(subject, birth=birth, age=age, year=year, born=born)
    return years


def merged(*parts):
    years = Years()
    for part in parts:
        years.merge(part)
    return years


def bytes_of(years):
    return years._table().tobytes()


@given(TABLES, TABLES, TABLES)
def test_merging_is_associative_commutative_and_as_good_as_one_pass(one, two, three):
    whole = bytes_of(told(one, two, three))
    assert bytes_of(merged(told(one), told(two), told(three))) == whole
    assert bytes_of(merged(told(three), told(one), told(two))) == whole
    assert bytes_of(merged(told(one), merged(told(two), told(three)))) == whole


@given(TABLES, TABLES)
def test_rows_that_settle_early_are_the_same_rows(one, two):
    early = Years()
    for table in (one, two):
        for subject, birth, age, year, born in table:
            early.add(subject, birth=birth, age=age, year=year, born=born)
            early._settle()
    assert bytes_of(early) == bytes_of(told(one, two))


@given(TABLES)
def test_rows_that_are_added_at_once_are_the_same_rows(table):
    rows = [
        (s, birth, None if age is None else int(age), year, b) for s, birth, age, year, b in table
    ]
    numbers = ([-1 if row[i] is None else row[i] for row in rows] for i in (1, 2, 3))
    at_once = Years()
    at_once.add_all(
        [row[0] for row in rows],
        *(np.array(column, dtype=np.int64) for column in numbers),
        [row[4] for row in rows],
    )
    assert bytes_of(at_once) == bytes_of(told(rows))


@given(TABLES)
def test_what_is_saved_is_loaded(table):
    years = told(table)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "years"
        years.save(path)
        again = Years.load(path)
        old = years.old(REFERENCE)
        old.save(path)
        filed = FiledOld(path)
        for subject, *_ in table:
            assert filed.is_old(subject) == old.is_old(subject)
            assert filed.span(subject) == old.span(subject)
            assert (years.verdict(subject, REFERENCE) is not None) == old.is_old(subject)
        assert len(filed) == len(old)
        del filed
    assert bytes_of(again) == bytes_of(years)
    assert pickle.loads(pickle.dumps(old)).rows.tobytes() == old.rows.tobytes()  # noqa: S301


@given(TABLES, TABLES, st.integers(0, 30))
def test_more_that_is_told_makes_nobody_young(table, more, later):
    before = told(table).old(REFERENCE)
    # An age told in a later year may settle a doubt of one year; births and events never do.
    more = [(subject, birth, None, year, born) for subject, birth, _, year, born in more]
    after = told(table, more)
    for subject, *_ in table:
        if before.is_old(subject):
            assert after.old(REFERENCE).is_old(subject)
            assert after.old(REFERENCE + later).is_old(subject)


@given(TABLES, TABLES)
def test_what_is_certain_stays_whatever_is_told(table, more):
    years, after = told(table), told(table, more).old(REFERENCE)
    for subject, *_ in table:
        found = years.verdict(subject, REFERENCE)
        if found is not None and (found.by_age or found.by_birth):
            assert after.is_old(subject)


@given(st.integers(0, 110), st.integers(0, 110), st.integers(1980, 2026), st.integers(0, 40))
def test_the_older_of_two_is_old_where_the_younger_is(age, more, year, later):
    def is_old(years_old):
        return (
            years_of((None, years_old, year), (None, None, year + later), until=2199)
            .old(REFERENCE)
            .is_old(ANNA)
        )

    assert is_old(age) <= is_old(age + more)


def test_many_subjects_are_found_again(monkeypatch):
    monkeypatch.setattr(years_module, "_BATCH", 64)
    years = Years()
    names = [hashlib.blake2b(b"%d" % i, digest_size=32).digest() for i in range(5000)]
    for i, name in enumerate(names * 2):
        years.add(name, age=60 + i % 40, year=2020)
    old = years.old(REFERENCE)
    assert len(years) == 5000
    assert [old.is_old(name) for name in names] == [60 + i % 40 >= 90 for i in range(5000)]
    assert len(old) == 1250


def test_subjects_in_a_file_are_found_again_and_it_is_not_held_whole(tmp_path):
    rows = np.zeros(1 << 20, years_module._OLD_ROW)
    rows["subject"] = [number.to_bytes(8, "big") + b"subject" for number in range(len(rows))]
    rows["old"][::3], rows["span"] = True, np.arange(len(rows)) % 90
    years_module.OldSubjects(rows).save(tmp_path / "old.npy")
    tracemalloc.start()
    try:
        filed = FiledOld(tmp_path / "old.npy")
        for number in (0, 255, 256, 300_000, (1 << 20) - 1):
            subject = number.to_bytes(8, "big") + b"subject"
            assert filed.is_old(subject) == (number % 3 == 0)
            assert filed.span(subject) == number % 90
            assert not filed.is_old(subject[:-1] + b"?")
        assert tracemalloc.get_traced_memory()[1] < rows.nbytes
    finally:
        tracemalloc.stop()
    assert len(filed) == np.count_nonzero(rows["old"])
    assert filed


def test_a_file_of_old_subjects_that_was_cut_is_not_read_as_whole(tmp_path):
    path = tmp_path / "old.npy"
    rows = np.zeros(3, years_module._OLD_ROW)
    years_module.OldSubjects(rows).save(path)
    assert not FiledOld(path)
    whole = path.read_bytes()
    for cut in (1, rows.itemsize):  # within a row, and behind one
        path.write_bytes(whole[:-cut])
        with pytest.raises(ValueError, match=r"rows are missing|a part of an entry"):
            FiledOld(path)


def test_files_are_their_owners_alone_and_no_other_file_is_taken(tmp_path):
    path = tmp_path / "years"
    years_of((1931, 93, 2024)).save(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with pytest.raises(ValueError, match="not a file of this kind"):
        FiledOld(path)
    np.save(tmp_path / "other.npy", np.zeros(3))
    with pytest.raises(ValueError, match="not a file of this kind"):
        Years.load(tmp_path / "other.npy")


# Columns


ROWS = 40
DRAW = random.Random(20)  # noqa: S311 - the same rows at every run
MRN = tuple(f"00{DRAW.randrange(10**5, 10**6)}" for _ in range(ROWS))
NAMES = tuple(f"{a} {b}" for a in ("June", "Otis", "Ida", "Wynn") for b in
              ("Quillfeather", "Larkspurre", "Thistlewood", "Marrowby", "Penhallow",
               "Dunwiddy", "Ostrander", "Vellacott", "Hawkesby", "Tolliver"))  # fmt: skip
TOWNS = tuple(
    ("Quillbury", "Marrowton", "East Larkdale", "Thistleford", "Ostham")[i % 5] for i in range(ROWS)
)
ADDRESS = tuple(f"{i + 3} Plum Row, {town}, Texas 755{i:02}" for i, town in enumerate(TOWNS))
BIRTHS = tuple(f"{1940 + i}-{i % 12 + 1:02}-{i % 28 + 1:02}" for i in range(ROWS))


def check(kept, removed, **options):
    samples = [Sample(0, "kept", tuple(kept), False), Sample(1, "removed", tuple(removed), True)]
    return related(samples, **options)


def each(function, values=MRN):
    return [function(value) for value in values]


def hashed(name, form=str, *, write="hex", cut=None):
    def of(value):
        data = hashlib.new(name, form(value).encode(), usedforsecurity=False).digest()
        text = data.hex() if write == "hex" else base64.b64encode(data).decode()
        return text[:cut]

    return of


@pytest.mark.parametrize(
    "function",
    [
        *(hashed(n) for n in ("md5", "sha1", "sha224", "sha256", "sha384", "sha512", "blake2b")),
        *(hashed(n, write="base64") for n in ("md5", "sha1", "sha256", "sha512")),
        hashed("sha256", cut=8),
        hashed("sha256", cut=12),
        hashed("sha256", write="base64", cut=16),
        hashed("md5", str.strip),
        hashed("sha256", lambda v: v.lstrip("0")),
        hashed("sha256", lambda v: f"MRN{v}"),
        hashed("sha256", lambda v: f"mrn-{v}"),
        hashed("md5", lambda v: v + "\n"),
        lambda v: hashed("sha1")(v).upper(),
        lambda v: "sha256:" + hashed("sha256")(v),
        lambda v: f"{zlib.crc32(v.encode()):08x}",
        lambda v: base64.b64encode(zlib.crc32(v.encode()).to_bytes(4, "big")).decode(),
        lambda v: hashlib.blake2b(v.encode(), digest_size=32).hexdigest(),
    ],
)
def test_an_unkeyed_hash_of_an_identifier_is_known(function):
    assert check(each(function), MRN) == [(0, 1, "hash-of-identifier")]


@pytest.mark.parametrize("form", [str.lower, str.upper, fold, lambda v: fold(v).upper()])
def test_a_hash_of_a_name_is_known_in_every_case(form):
    values = [f" {name} " for name in NAMES]
    kept = each(lambda v: hashed("md5")(form(v.strip())), values)
    assert check(kept, values) == [(0, 1, "hash-of-identifier")]


@pytest.mark.parametrize(
    "kept",
    [
        each(hashed("sha256", lambda v: v + "a salt that nobody tells")),
        each(lambda _: DRAW.randbytes(32).hex()),
        each(lambda _: f"{DRAW.randrange(10**8):08}"),
        each(hashed("sha256"), MRN[::-1]),  # of other rows: no pair holds
        ["0" * 64] * ROWS,
    ],
)
def test_random_ids_and_salted_hashes_are_no_hashes_of_it(kept):
    assert check(kept, MRN) == []


@pytest.mark.parametrize(
    ("kept", "removed"),
    [
        (each(lambda v: base64.b64encode(v.encode()).decode()), MRN),
        (each(lambda v: base64.urlsafe_b64encode(v.encode()).decode().rstrip("=")), MRN),
        (each(lambda v: base64.b32encode(v.encode()).decode()), MRN),
        (each(lambda v: v.encode().hex().upper(), NAMES), NAMES),
        (each(lambda v: v[::-1]), MRN),
        (each(lambda v: v.lstrip("0")[::-1]), MRN),
        (each(lambda v: codecs.encode(v, "rot13"), NAMES), NAMES),
        (each(lambda v: str(int(v) + 7919)), MRN),
        (each(lambda v: f"P{int(v) - 99_999}"), MRN),
        ([n[0] + n.split()[1][0] + b.replace("-", "") for n, b in zip(NAMES, BIRTHS, strict=True)], BIRTHS),
        ([f"{b[8:]}{b[5:7]}{b[2:4]}-{n[0]}" for n, b in zip(NAMES, BIRTHS, strict=True)], BIRTHS),
        (
            [f"JQ{b.replace('-', '')}" for b in BIRTHS],
            [f"{int(b[5:7])}/{int(b[8:])}/{b[:4]}" for b in BIRTHS],
        ),
    ],
)  # fmt: skip
def test_an_identifier_in_another_writing_is_known(kept, removed):
    assert check(kept, removed) == [(0, 1, "encoded-identifier")]


@pytest.mark.parametrize(
    ("kept", "removed"),
    [
        (range(1, ROWS + 1), range(50_001, 50_001 + ROWS)),  # the order of the rows tells as much
        ([18 + i for i in range(ROWS)], [18 - 7 + i for i in range(ROWS)]),  # no identifiers
        ([1990 + i for i in range(ROWS)], [1970 + i for i in range(ROWS)]),  # years, which may stay
        (each(lambda v: str(int(v) + DRAW.randrange(3))), MRN),
        ([f"ED{b[:4]}" for b in BIRTHS], BIRTHS),  # a ward with a year
        (["1221", "3443", "5665", "7887", "9009", "2112"], [str(i) for i in range(6)]),
    ],
)
def test_numbers_that_go_side_by_side_are_no_encoding(kept, removed):
    assert check(map(str, kept), map(str, removed)) == []


@pytest.mark.parametrize(
    ("kept", "removed"),
    [
        (MRN, MRN),
        (each(lambda v: v.lstrip("0")), MRN),
        (each(lambda v: f"{int(v)}.0"), MRN),
        (each(str.upper, NAMES), NAMES),
        (["", *MRN[1:]], MRN),
        (["other", *MRN[1:]], MRN),
        (MRN[:3], MRN[:3]),
        (["other", *MRN[1:5]], MRN[:5]),
    ],
)
def test_a_column_that_repeats_a_removed_one_is_known(kept, removed):
    assert check(kept, removed) == [(0, 1, "same-as-removed")]


@pytest.mark.parametrize(
    ("kept", "removed"),
    [
        (MRN[:2], MRN[:2]),  # two pairs prove nothing
        (["1", "2", "3"], ["1", "2", "3"]),  # nor do three small numbers
        ([*MRN[:3], "x"], MRN[:4]),  # of four, all
        ([*MRN[:7], *MRN[17:20]], MRN[:10]),  # seven of ten
        (["M", "F"] * 20, ["m", "f"] * 20),
        (["yes", "no", ""] * 10, ["yes", "no", ""] * 10),
        ([str(DRAW.randrange(10)) for _ in MRN], [str(DRAW.randrange(10)) for _ in MRN]),
        ([""] * ROWS, MRN),
    ],
)
def test_flags_and_chance_are_no_repetition(kept, removed):
    assert check(kept, removed) == []


@pytest.mark.parametrize(
    ("kept", "removed"),
    [
        (TOWNS, ADDRESS),
        (each(str.upper, TOWNS), ADDRESS),
        ([name.split()[1] for name in NAMES], NAMES),
        ([v[-4:] for v in MRN], MRN),
        ([f"{n.split()[1]}".lower() for n in NAMES], [f"q.{n.split()[1]}@example.org" for n in NAMES]),
    ],
)  # fmt: skip
def test_a_part_of_a_removed_value_is_known(kept, removed):
    assert check(kept, removed) == [(0, 1, "part-of-removed")]


@pytest.mark.parametrize(
    ("kept", "removed"),
    [
        (["Male", "Female"] * 20, [f"{a} Male Female" for a in ADDRESS]),
        (["TX"] * ROWS, ADDRESS),
        (["Texas"] * ROWS, ADDRESS),
        ([b[:4] for b in BIRTHS], BIRTHS),  # the year may stay
        ([v[:3] for v in MRN], MRN),
        ([t[:4] for t in TOWNS], ADDRESS),  # letters, but no words
        (TOWNS[1:] + TOWNS[:1], ADDRESS),
        (TOWNS, [f"{a} {'and so on ' * 20}" for a in ADDRESS]),  # prose
        (["Quillbury", "Marrowton", "Ostham", "Thistleford"] * 10, ADDRESS),
    ],
)
def test_small_categories_years_and_chance_are_no_part(kept, removed):
    assert check(kept, removed) == []


def test_what_may_stay_of_an_address_is_no_part():
    states = ("Texas", "Ohio", "Maine", "Utah", "New Mexico")
    kept = [states[i % 5] for i in range(ROWS)]
    removed = [f"{i} Plum Row, {state}" for i, state in enumerate(kept)]
    assert check(kept, removed) == [(0, 1, "part-of-removed")]
    assert check(kept, removed, general=frozenset(map(fold, states))) == []


def test_only_kept_columns_leak_and_each_names_the_removed_one():
    columns = [
        Sample(3, "mrn", MRN, removed=True),
        Sample(5, "ref", tuple(v[::-1] for v in MRN), removed=True),
        Sample(7, "unit", MRN, removed=False),
        Sample(9, "ward", ("4", "5") * 20, removed=False),
    ]
    assert related(columns) == [(7, 3, "same-as-removed"), (7, 5, "encoded-identifier")]
    assert related([dataclasses.replace(c, removed=False) for c in columns]) == []


def test_leaks_of_columns_name_places_and_count_rows():
    columns = [
        Sample(0, "mrn", MRN, removed=True),
        Sample(2, "unit", ("", *MRN[1:]), removed=False),
    ]
    places = {0: "column 1 (mrn)", 2: "column 3 (unit)"}
    (found,) = column_leaks(columns, related(columns), file="a.csv", places=places)
    expect = leak("same-as-removed", file="a.csv", place=places[2], other=places[0], count=ROWS - 1)
    assert found == expect


def test_a_sample_shows_no_value():
    assert repr(Sample(0, "Ms. Quillfeather", MRN, removed=True)) == "Sample(index=0, removed=True)"


@given(
    st.lists(st.tuples(st.text(max_size=12), st.text(max_size=12)), max_size=30),
    st.permutations([0, 1]),
)
def test_no_text_breaks_the_comparison(rows, order):
    columns = [*zip(*rows, strict=True)] or [(), ()]
    samples = [Sample(i, "x", columns[i], removed=bool(i)) for i in order]
    assert all(found[:2] == (0, 1) and found[2] in LEAKS for found in related(samples))


# Other files


def test_hashes_of_another_file_are_known_by_a_few_shared_rows():
    known = hashes_of(MRN)
    column = [*map(hashed("sha256"), MRN[:3]), *(DRAW.randbytes(32).hex() for _ in range(300))]
    assert matches(column, known)
    assert matches(each(hashed("md5", write="base64")), known)
    assert not matches(column[2:], known)
    assert not matches([column[0]] * 9, known)
    assert not matches(["a word", "", "Quillbury"], known)


def test_the_more_is_compared_the_more_must_hit():
    known = frozenset(i.to_bytes(4, "big") for i in range(100_000))
    column = [f"{DRAW.randrange(2**32):08x}" for _ in range(100_000)]
    assert not matches(column, known)


@given(st.text(max_size=20))
def test_a_value_is_kept_by_four_bytes_of_its_hashes_only(value):
    assert {len(found) for found in digests(value)} <= {4}


# Labels


@pytest.mark.parametrize(
    ("value", "expect"),
    [
        ("90-94", (90, 94)),
        ("90 to 94 years", (90, 94)),
        ("90\u201394", (90, 94)),
        ("[90,95)", (90, 94)),
        ("(89, 94]", (90, 94)),
        ("90+", (90, None)),
        ("90 +", (90, None)),
        (">= 90", (90, None)),
        ("\u226590", (90, None)),
        ("> 89", (90, None)),
        ("over 89 years", (90, None)),
        ("90 and over", (90, None)),
        ("90 years or older", (90, None)),
        ("Age: 90 plus", (90, None)),
        ("90s", (90, 99)),
        ("Nonagenarian", (90, 99)),
        ("centenarians", (100, None)),
        ("85 and over", (85, None)),
        ("85+", (85, None)),
        ("80-89", (80, 89)),
        ("92", None),
        ("", None),
        ("old", None),
        ("94-90", None),
        ("1990-1994", None),
    ],
)
def test_a_band_is_read_by_its_ends(value, expect):
    assert band(value) == expect


@pytest.mark.parametrize("label", ["age_band", "AgeGroup", "AGE", "patient age (years)", "ageband"])
def test_a_column_of_age_bands_is_a_milestone_from_90_on(label):
    assert milestone(label, ["80-84", "85-89", "90-94"])
    assert milestone(label, ["90+"])
    assert not milestone(label, ["80-84", "85 and over", "", "unknown"])
    assert not milestone(label, ["92"])


@pytest.mark.parametrize("label", ["percentile", "systolic", "stage", "dosage", "language", ""])
def test_bands_of_something_else_are_none(label):
    assert not milestone(label, ["90-94", "95+"])


@pytest.mark.parametrize(
    ("label", "expect"),
    [
        ("hospital_day", True),
        ("HospitalDay", True),
        ("POD", True),
        ("post_op_day", True),
        ("postoperative_days", True),
        ("days_since_admission", True),
        ("daysFromBirth", True),
        ("hours_after_dose", True),
        ("study_day", True),
        ("day_offset", True),
        ("dol", True),
        ("day", False),
        ("birthday", False),
        ("days_supply", False),
        ("podiatry", False),
        ("length_of_stay_days", False),
        ("holiday", False),
        ("days_in_hospital", False),
        ("HD", False),
        ("doses_per_day", False),
    ],
)
def test_days_that_are_counted_from_an_event_are_known_by_their_name(label, expect):
    assert relative_day(label) is expect


def test_days_counted_from_a_kept_date_are_removed_where_dates_may_not_stay(tmp_path):
    (tmp_path / "v.csv").write_text(
        "mrn,admit_date,hospital_day\n"
        + "".join(f"1000{n},2024-03-0{n},{n}\n" for n in range(1, 8)),
        encoding="utf-8",
    )
    keep = ColumnTreatment(action="keep", reason="the day of the shipment, nobody's")
    config = Config(engine="rules", columns={"v.csv": {"admit_date": keep}}, jobs=1)
    run = deidentify(
        [str(tmp_path / "v.csv")], tmp_path / "out", Settings(config, reference_year=2026)
    )
    (found,) = [leak for leak in run.survey.leaks if leak.name == "relative-day-and-anchor"]
    assert found.resolution == DAYS_REMOVED
    rows = (tmp_path / "out" / "v.csv").read_text(encoding="utf-8").splitlines()[1:]
    assert {row.split(",")[2] for row in rows} == {"[DATE]"}
    assert rows[0].split(",")[1] == "2024-03-01"


@given(
    tables=st.lists(TABLES, max_size=3),
    most=st.sampled_from([1, 2, 1 << 18]),
    renamed=st.booleans(),
)
def test_subjects_judged_part_by_part_are_judged_as_all_at_once(tables, most, renamed):
    documents = [told(table) for table in tables]
    rename = (lambda digest: digest[:1] + bytes(15)) if renamed else None
    expect = [d.named(rename, 16) for d in documents] if rename else documents
    whole = merged(*expect)
    with tempfile.TemporaryDirectory() as folder:
        for number, (document, table) in enumerate(zip(documents, tables, strict=True)):
            first = beside(Path(folder) / f"{number}.years", 0)
            if len(table) > 1:  # as where a document tells of very many
                told(table[:1]).save(first)
                told(table[1:]).save(beside(Path(folder) / f"{number}.years", 1))
            elif len(document):
                document.save(first)
        before, joined_module.MOST = joined_module.MOST, most
        try:
            found = joined_module.judged(Path(folder), REFERENCE, rename, 16)
        finally:
            joined_module.MOST = before
    old = whole.old(REFERENCE)
    assert found.old.rows.tolist() == old.rows[old.rows["old"]].tolist()
    assert found.told == bool(len(whole))
    counts = whole.tally(REFERENCE) | {"birth-year-elsewhere": births_elsewhere(expect)}
    assert {n: c for n, c in found.counts.items() if c} == {n: c for n, c in counts.items() if c}

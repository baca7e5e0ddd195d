"""The laws of de-identification over an invented hospital, from its files to the copies of them."""

import html
import re
import shutil
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from ahocorasick_rs import AhoCorasick

from phisweep.config import Config
from phisweep.keys import key_from_bytes
from phisweep.model import Run
from phisweep.runs.checking import verify
from phisweep.runs.copying import deidentify
from phisweep.runs.settings import Settings
from properties.hospital import (
    FORMS,
    LABS,
    LARGE_ZIP3,
    OLD_BIRTH,
    PATIENTS,
    REFERENCE,
    SMALL_ZIP3,
    SUBJECT_KEY,
    VISITS,
    Copies,
    Planted,
    hospital,
)

SEED = 20261122
KEY = key_from_bytes(b"k" * 32, "the test")
OTHER_KEY = key_from_bytes(b"o" * 32, "the other test")
_SURROGATE = {"action": "replace", "operator": "surrogate"}
_TOKEN = {"action": "replace", "operator": "hmac-token"}
#: The treatments of each policy of this test, beside those of the method that it extends.
POLICIES = {
    "safe-harbor": {},
    "limited-data-set": {
        "name": _SURROGATE,
        "phone": _SURROGATE,
        "mrn": _TOKEN,
        "other_id": _TOKEN,
        "date": {"action": "generalize", "operator": "date-shift"},
        "age": {"action": "generalize", "operator": "age"},
    },
    "expert": {
        **dict.fromkeys(("name", "location", "phone", "email", "ssn", "other_id"), _SURROGATE),
        "mrn": _TOKEN,
        "date": {
            "action": "generalize",
            "operator": "date-shift",
            "params": {"max-days": 182, "direction": "both", "weekday": True},
        },
    },
}
SHIFTED = ("limited-data-set", "expert")
#: Days by which each policy may move a date.
MOVES = {
    "limited-data-set": range(-365, 0),
    "expert": [d for d in range(-182, 183) if d % 7 == 0 and d],
}
#: Forms that are removed where they should be moved, or become a year.
REMOVED = ("name", "location", "phone", "email", "ssn", "mrn", "other_id")
_WORD = re.compile(r"[^\W\d_]+")
_NUMBER = re.compile(r"\d(?:[ .()/-]{0,3}\d)+")
_ZIP = re.compile(r"(?<![\w.-])\d{5}(?:-\d{4})?(?![\w-])")
_AGE = re.compile(r"\d+")
_ESCAPE = re.compile(r"\\u([0-9a-fA-F]{4})")


@dataclass(frozen=True)
class Release:
    """A hospital, the run over it, and what stands in its copies."""

    policy: str
    planted: Planted = field(repr=False)
    run: Run = field(repr=False)
    out: Path = field(repr=False)

    def __post_init__(self):
        object.__setattr__(self, "copies", Copies(self.planted, self.run, self.out))

    @property
    def data(self):
        """The copies, without the report."""
        return [p for p in self.out.rglob("*") if p.is_file() and "phisweep-report" not in p.parts]

    @property
    def report(self):
        return [p for p in (self.out / "phisweep-report").rglob("*") if p.is_file()]


def policy_file(folder, method):
    """Write the policy of this test under a method, and return what a configuration calls it."""
    if not POLICIES[method]:
        return method
    lines = [f"id: test-{method}", f"extends: {method}", f"method: {method}"]
    lines += ["title: A test", "reading: As the test reads it.", "treatments:"]
    lines += [f"  {name}: {_flow(treatment)}" for name, treatment in POLICIES[method].items()]
    path = folder / f"{method}.yaml"
    path.write_text("\n".join(lines))
    return str(path)


def _flow(value):
    if isinstance(value, dict):
        return "{" + ", ".join(f"{k}: {_flow(v)}" for k, v in value.items()) + "}"
    return str(value).lower()


def chosen(folder, method, *, key=KEY, jobs=1, **more):
    config = Config(
        **{"subject_key": dict(SUBJECT_KEY), **more},
        engine="rules",
        jobs=jobs,
        profile=policy_file(folder, method),
    )
    return Settings(config=config, key=key, reference_year=REFERENCE)


@pytest.fixture(scope="session")
def thousand(tmp_path_factory):
    return hospital(tmp_path_factory.mktemp("hospital") / "data", SEED, 1000, noted=1)


@pytest.fixture(scope="session", params=POLICIES)
def release(request, thousand, tmp_path_factory):
    """A thousand patients under each policy."""
    return released(thousand, request.param, tmp_path_factory.mktemp("release"))


def under(*policies):
    """Restrict a law to some policies."""
    return pytest.mark.parametrize("release", policies, indirect=True, scope="session")


@pytest.fixture(scope="session")
def few(tmp_path_factory):
    return hospital(tmp_path_factory.mktemp("few") / "data", SEED + 1, 25)


@pytest.fixture(scope="session")
def small(few, tmp_path_factory):
    """A few patients under the policy that has all operators that use the key."""
    return released(few, "expert", tmp_path_factory.mktemp("small"))


def released(planted, method, folder, **more):
    out = folder / "out"
    run = deidentify([str(planted.folder)], out, chosen(folder, method, **more))
    return Release(method, planted, run, out)


def views(data):
    """Yield what a file may be read as: as it is, without escapes, of two bytes a character."""
    text = data.decode(errors="replace")
    yield text
    yield html.unescape(_ESCAPE.sub(lambda match: chr(int(match[1], 16)), text))
    yield data.replace(b"\0", b"").decode("latin-1")


class Searched:
    """Original values, looked for however they are written; counts alone are told."""

    def __init__(self, planted, kinds):
        values = [v.casefold() for v in planted.values(*kinds)]
        self.words = {w for v in planted.values("name") for w in _WORD.findall(v.casefold())}
        self.words = {w for w in self.words if len(w) > 3} if "name" in kinds else set()
        self.numbers = {n for v in values if len(n := re.sub(r"\D", "", v)) >= 8}
        self.lengths = {len(n) for n in self.numbers}
        self.texts = sorted(v for v in values if len(v) >= 8)
        self.texts += [v.encode().decode("latin-1") for v in self.texts if not v.isascii()]
        self.automaton = AhoCorasick(self.texts)

    def found(self, data):
        """Return how many values stand in it: texts, words of names, numbers."""
        texts, words, numbers = set(), set(), set()
        for view in views(data):
            folded = view.casefold()
            texts |= {i for i, _, _ in self.automaton.find_matches_as_indexes(folded)}
            words |= self.words.intersection(_WORD.findall(folded))
            for run in _NUMBER.findall(folded):
                digits = re.sub(r"\D", "", run)
                numbers |= {
                    digits[i : i + size]
                    for size in self.lengths
                    for i in range(len(digits) - size + 1)
                } & self.numbers
        return len(texts), len(words), len(numbers)


def kinds_of(policy):
    return (*REMOVED, "date") if policy == "safe-harbor" else REMOVED


def test_the_search_of_this_test_finds_values_however_they_are_written(few):
    searched = Searched(few, REMOVED)
    name = next(s.text for p in few.patients for s in p.of("name", "surname"))
    ssn = few.patients[0].ssn
    for data in (
        name.encode(),
        name.upper().encode(),
        name.encode("utf-16-le"),
        name.encode("ascii", "backslashreplace"),
        "".join(f"\\u{ord(c):04x}" for c in name).encode(),
        "".join(f"&#{ord(c)};" for c in name).encode(),
    ):
        assert searched.found(data) != (0, 0, 0)
    for text in (ssn, ssn.replace("-", ""), ssn.replace("-", " "), f"x{ssn.replace('-', '.')}9"):
        assert searched.found(text.encode())[2] == 1
    assert searched.found(b"nothing of anybody, 120/80, 2026-11-22T10:00:00") == (0, 0, 0)


def test_no_original_of_a_removed_class_stands_in_any_copy(release):
    searched = Searched(release.planted, kinds_of(release.policy))
    found = {p.name: n for p in release.data if any(n := searched.found(p.read_bytes()))}
    assert len(found) == 0
    assert {o.status for o in release.run.outcomes} <= {"changed", "clean"}


_NUMBERED = tuple(kind for kind in REMOVED if kind != "name")


@pytest.mark.parametrize("kinds", [_NUMBERED, ("name",)])
def test_no_original_of_a_removed_class_stands_in_the_name_of_a_copy(release, kinds):
    searched = Searched(release.planted, kinds)
    names = [p.relative_to(release.out).as_posix() for p in release.data]
    assert sum(any(searched.found(name.encode())) for name in names) == 0


@pytest.mark.parametrize("kinds", [_NUMBERED, ("name",)])
def test_no_original_of_a_removed_class_stands_in_the_report(release, kinds):
    searched = Searched(release.planted, kinds)
    found = {p.name: n for p in release.report if any(n := searched.found(p.read_bytes()))}
    assert found == {}


def test_no_part_of_a_place_stands_where_it_was(release):
    """What is too short to look for everywhere is looked for where it was planted."""
    kept = 0
    for patient in release.planted.patients:
        for spot in (s for s in patient.of("name") if s.address):
            copy = release.copies.at(spot)
            ours = {w for w in _WORD.findall(spot.text.casefold()) if len(w) > 1} - {"md"}
            kept += not ours.isdisjoint(_WORD.findall(copy.casefold())) or copy == spot.text
    assert kept == 0


def test_the_check_of_the_run_is_clean_and_a_second_one_finds_nothing_new(release, tmp_path):
    assert release.run.verification.ok
    assert release.run.verification.leaked == ()
    again = verify(release.out, chosen(tmp_path, release.policy))
    assert again.verification.ok
    assert again.verification.problems == ()
    assert again.verification.searched > 1000
    new = [t for o in again.outcomes for t in o.tallies if t.action != "keep"]
    assert [t for t in new if t.max_score >= 0.4] == []


def test_records_stay_joinable_and_no_two_become_one(release):
    codes, back = defaultdict(set), defaultdict(set)
    for patient in release.planted.patients:
        for spot in (*patient.of("mrn"), *patient.of("other_id")):
            if spot.address:
                copy = release.copies.at(spot)
                codes[spot.text].add(copy)
                back[copy].add(spot.text)
    assert {len(c) for c in codes.values()} == {1}
    assert {len(c) for c in back.values()} == {1}
    tables = {
        file: {release.copies.at(s) for p in release.planted.patients for s in p.of(kind) if s.file == file}
        for file, kind in ((PATIENTS, "mrn"), (VISITS, "mrn"), (LABS, "other_id"))
    }  # fmt: skip
    assert len(tables[PATIENTS]) == len(release.planted.patients)
    assert tables[VISITS] == tables[PATIENTS]


def moved(release, patient, *files):
    """
    Return the shifted date of each place, by part and file; `files` none: of all.

    Left out are births over 90 years ago, of which <= stands, and forms that are not moved yet:
    those have a test of their own.
    """
    return {
        (spot.part, spot.file, spot.address): (spot.when, FORMS[spot.form].read(copy))
        for spot in patient.of("date")
        if not files or spot.file in files
        for copy in release.copies.texts([spot])
        if not (spot.part == "birth" and patient.old and copy == f"<={OLD_BIRTH}")
    }


def offsets(release, patient):
    """Return the days by which a patient's dates moved."""
    return {(new - old).days for old, new in moved(release, patient).values()}


@under(*SHIFTED)
def test_all_dates_of_a_subject_move_alike_in_tables_notes_and_messages(release):
    drawn = set()
    for patient in release.planted.patients:
        own = offsets(release, patient)
        assert len(own) == 1
        assert own <= set(MOVES[release.policy])
        drawn |= own
    assert len(drawn) > len(MOVES[release.policy]) * 3 // 4  # nobody's offset tells another's


@under(*SHIFTED)
def test_intervals_between_shifted_dates_are_the_true_ones(release):
    """A stay from the day in any file to that in any other has the days that it had."""
    seen = 0
    for patient in release.planted.patients:
        days = {"admitted 0": set(), "left 0": set()}
        for (part, _, _), (_, new) in moved(release, patient).items():
            days.get(part, set()).add(new)
        (admitted,), (left,) = days.values()
        assert left - admitted == patient.interval
        seen += len({file for _, file, _ in moved(release, patient)}) > 3
    assert seen > 50  # patients in tables, a note and a message


@under(*SHIFTED)
@pytest.mark.parametrize("form", FORMS)
def test_a_shifted_date_is_written_as_it_was(release, form):
    spots = [
        (patient, spot)
        for patient in release.planted.patients
        for spot in patient.of("date")
        if spot.form == form and not (spot.part == "birth" and patient.old)
    ]
    assert spots
    for patient, spot in spots:
        copy = release.copies.at(spot)
        new = FORMS[form].read(copy)
        assert (new - spot.when).days in offsets(release, patient)
        written = FORMS[form].write(new)
        if spot.when.month == 5:  # May is written in full, and cut short
            written, copy = _cut(written), _cut(copy)
        assert _shape(written) == _shape(copy)
        assert padded(copy) in {padded(spot.text), None} or padded(spot.text) is None


def _shape(text):
    """Return a date without the noughts that may or may not stand before a day."""
    return re.sub(r"(?<!\d)0(?=\d(?!\d))", "", text)


def _cut(text):
    return re.sub(r"([A-Za-z]{3})[a-z]*", r"\1", text)


def padded(text):
    """Say whether numbers below ten have a nought before them, None where there is none."""
    fields = [f for f in re.findall(r"\d+", text.partition("T")[0]) if int(f) < 10 and len(f) < 3]
    return None if not fields else all(len(f) == 2 for f in fields)


@under("safe-harbor")
def test_a_date_becomes_its_year_under_safe_harbor(release):
    for patient in release.planted.patients:
        for spot in patient.of("date"):
            old = spot.part == "birth" and patient.old
            year = f"<={OLD_BIRTH}" if old else str(spot.when.year)
            assert release.copies.at(spot) == year


@under(*SHIFTED)
def test_a_subjects_name_has_one_surrogate_in_table_note_and_message(release):
    forms = 0
    for patient in release.planted.patients:
        at = {
            part: set(release.copies.texts(s for s in patient.of("name", part) if s.address))
            for part in ("given", "surname", "middle", "full", "last-first", "capitals", "nick")
        }
        assert {len(at[part]) for part in ("given", "surname", "middle")} == {1}
        (given,), (surname,), (middle,) = at["given"], at["surname"], at["middle"]
        assert at["full"] <= {f"{given} {surname}"}
        assert at["capitals"] <= {f"{given} {surname}".upper()}
        letters = {middle[0], *given[: patient.given[0] == patient.middle[0]]}  # J. of either
        assert at["last-first"] <= {f"{surname}, {given} {letter}." for letter in letters}
        assert at["nick"] <= {given}
        assert {r.split(" ")[-1] for r in release.copies.texts(patient.of("name", "relative"))} <= {
            surname
        }
        initials = set(release.copies.texts(patient.of("name", "initials")))
        assert initials <= {f"{given[0]}.{surname[0]}."}
        forms += len(at["full"] | at["capitals"] | at["last-first"] | initials)
    assert forms > 100


@under(*SHIFTED)
def test_a_doctor_has_one_surrogate_with_and_without_the_given_name(release):
    for patient in release.planted.patients:
        named = {
            spot.text.removesuffix(", MD"): release.copies.at(spot).removesuffix(", MD")
            for spot in patient.of("name", "attending")
        }
        for spot in patient.of("name", "attending"):
            copy = release.copies.at(spot).removesuffix(", MD")
            assert copy == named[spot.text.removesuffix(", MD")]
        surnames = {full.split(" ")[1]: new.split(" ")[-1] for full, new in named.items()}
        for spot in patient.of("name", "doctor"):
            assert release.copies.at(spot) == surnames[spot.text]


@under(*SHIFTED)
def test_no_surrogate_is_a_word_or_number_of_the_original_data(release):
    original = "\n".join(
        p.read_text(encoding="utf-8") for p in release.planted.folder.rglob("*") if p.is_file()
    )
    words = set(_WORD.findall(original.casefold()))
    numbers = {re.sub(r"\D", "", n) for n in _NUMBER.findall(original)}
    for patient in release.planted.patients:
        for spot in (s for s in patient.of("name") if s.address and s.part != "initials"):
            new = {w for w in _WORD.findall(release.copies.at(spot).casefold()) if len(w) > 1}
            assert new
            assert new.isdisjoint(words - {"md"})
        for spot in (*patient.of("phone"), *patient.of("ssn")):
            assert re.sub(r"\D", "", release.copies.at(spot)) not in numbers


@under("safe-harbor", "expert")
def test_a_zip_code_keeps_three_digits_only_of_areas_of_over_20000_people(release):
    assert {"036", "059", "203", "821"} <= set(SMALL_ZIP3)
    assert {"063", "100", "999"} <= set(LARGE_ZIP3)
    assert len(set(SMALL_ZIP3)) == 18
    zips = release.planted.values("zip")
    for patient in release.planted.patients:
        for spot in patient.of("zip"):
            prefix = spot.text[:3]
            assert release.copies.at(spot) == ("000" if prefix in SMALL_ZIP3 else prefix)
    for path in release.data:
        assert zips.isdisjoint(_ZIP.findall(path.read_text(encoding="utf-8")))


def test_nobody_over_89_can_be_told(release):
    for patient in release.planted.patients:
        ages, births = told(release, patient)
        years = [v.discharged.year for v in patient.visits]  # as they stand, or a year before
        assert all(REFERENCE - birth < 90 for birth in births)
        assert all(age < 90 for age, _ in ages)
        assert all(age + max(years) - year < 90 for age, year in ages)
        assert bool(births) == (not patient.old)
        assert all(release.copies.at(s) == "90+" for s in patient.of("age", "milestone"))


def told(release, patient):
    """Return the ages with their years, and the birth years, that a reader of the copies has."""

    def years(spots):
        for copy in release.copies.texts(spots):
            if not copy.startswith("<=") and copy != "[DATE]":
                yield int(re.search(r"(?:19|20)\d\d", copy)[0])

    ages = [
        (int(copy), spot.year)
        for spot in patient.of("age")
        for copy in release.copies.texts([spot])
        if _AGE.fullmatch(copy)
    ]
    births = [*years(patient.of("date", "birth")), *years(patient.of("birth-year"))]
    return ages, births


def contents(release):
    """Return the copies of files by the names of their originals."""
    return {o.source.name: (release.out / o.output).read_bytes() for o in release.run.outcomes}


def differing(one, other):
    """Return the files whose copies differ; not what differs, which takes pytest minutes."""
    return sorted(name for name in one.keys() | other if one.get(name) != other.get(name))


def test_the_same_key_gives_the_same_result_in_any_order_of_files_and_number_of_jobs(
    small, tmp_path, monkeypatch
):
    monkeypatch.setattr("phisweep.runs.working.WORTH_PROCESSES", 0)
    folder = tmp_path / "renamed"
    shutil.copytree(small.planted.folder, folder)
    new = {PATIENTS: "z.csv", VISITS: "y.csv", LABS: "a.csv"}
    for old, name in new.items():
        (folder / old).rename(folder / name)
    keys = {new.get(name, name): key for name, key in SUBJECT_KEY.items()}
    settings = chosen(tmp_path, small.policy, jobs=2, subject_key=keys)
    run = deidentify([str(folder)], tmp_path / "out", settings)
    straight = {new.get(name, name): data for name, data in contents(small).items()}
    renamed = contents(Release(small.policy, small.planted, run, tmp_path / "out"))
    assert differing(straight, renamed) == []


def test_another_key_gives_another_result(small, tmp_path):
    other = released(small.planted, small.policy, tmp_path, key=OTHER_KEY)
    people = small.planted.patients
    for kind in ("mrn", "other_id"):
        spots = [spot for p in people for spot in p.of(kind) if spot.address]
        assert all(small.copies.at(spot) != other.copies.at(spot) for spot in spots)
    assert sum(offsets(small, p) == offsets(other, p) for p in people) <= 3
    names = [spot for p in people for spot in p.of("name", "surname") if spot.address]
    assert sum(small.copies.at(s) == other.copies.at(s) for s in names) <= len(names) // 10


def test_codes_and_surrogates_under_safe_harbor_are_drawn_anew_for_each_run(
    few, tmp_path, monkeypatch
):
    """45 CFR 164.514(c): what is derived from the individual could be derived again."""
    monkeypatch.setitem(POLICIES, "safe-harbor", {"name": _SURROGATE, "ssn": _SURROGATE})
    runs = []
    for name in ("1", "2"):
        (tmp_path / name).mkdir()
        runs.append(released(few, "safe-harbor", tmp_path / name))
    one, other = runs
    assert one.run.verification.ok
    assert Searched(few, kinds_of("safe-harbor")).found(b"".join(contents(one).values())) == (
        0,
        0,
        0,
    )
    for kind in ("mrn", "ssn"):
        spots = [next(patient.of(kind, "own")) for patient in few.patients]
        assert all(one.copies.at(spot) != other.copies.at(spot) for spot in spots)

"""What fields tell together: every kind has a state, and silence is none."""

import hashlib
from dataclasses import replace

import pytest

from phisweep.config import Config
from phisweep.leaks.kinds import LEAKS
from phisweep.model import Linking, Run, Survey
from phisweep.report import base, leaks, phrases
from phisweep.ruleset.schema import Treatment
from phisweep.runs.copying import plan
from phisweep.runs.settings import Settings
from report import runs

RENDERERS = base.load()


def told(*found, met=None, policy="safe-harbor"):
    met = runs.verified().outcomes if met is None else met
    manifest = replace(runs.MANIFEST, policy=policy)
    return runs.record_of_run(Run(manifest, met, survey=Survey(found))).leaks


def states(record):
    return {kind.name: (kind.state, kind.reason) for kind in record.kinds}


def test_every_kind_has_its_state_and_they_add_up():
    record = told(runs.leak("same-as-removed", 30, "a.csv", "column 2", "column 1"))
    assert [kind.name for kind in record.kinds] == list(LEAKS)
    assert (record.found, record.none_found, record.not_looked_for) == (1, 9, 0)
    assert states(record)["same-as-removed"] == ("found", "")
    assert states(record)["encoded-identifier"] == ("none found", "")


def test_a_kind_that_nobody_looks_for_is_not_said_to_be_absent(monkeypatch):
    new = {**LEAKS, "new": LEAKS["same-as-removed"]}
    monkeypatch.setattr(leaks, "LEAKS", new)
    record = told()
    assert states(record)["new"] == ("not looked for", phrases.NOT_SEARCHED)
    assert (record.found, record.none_found, record.not_looked_for) == (0, 10, 1)


def test_without_a_subject_in_a_table_no_age_was_put_together():
    met = [runs.table("a.csv", [], 9, 3, linking=Linking())]
    for name in leaks.OF_SUBJECTS:
        assert states(told(met=met))[name] == ("not looked for", phrases.NO_SUBJECTS)
    met = [runs.table("a.csv", [], 9, 3, linking=Linking(("column 1",), 9))]
    for name in leaks.OF_SUBJECTS:
        assert states(told(met=met))[name] == ("none found", "")


def test_without_a_table_no_columns_were_compared():
    met = [runs.outcome("a.txt", linking=Linking(("name:(.)",), 1))]
    assert {state for state, _ in states(told(met=met)).values()} == {"not looked for"}
    for name in leaks.OF_COLUMNS:
        assert states(told(met=met))[name] == ("not looked for", phrases.NO_TABLE)


def test_where_ages_may_stay_they_are_not_looked_for(monkeypatch):
    keep = {**runs.POLICY.treatments, "age": Treatment(action="keep", operator="keep")}
    monkeypatch.setitem(runs.POLICIES, "lax", runs.POLICY.model_copy(update={"treatments": keep}))
    for name in (*leaks.OF_SUBJECTS, "ninetieth-birthday"):
        assert states(told(policy="lax"))[name] == ("not looked for", phrases.AGES_STAY)


@pytest.mark.parametrize(("count", "words"), [(1, "<11"), (10, "<11"), (11, "11"), (1200, "1,200")])
def test_a_small_count_is_not_shown_in_any_rendering(count, words):
    record = told(runs.leak("age-and-later-event", count))
    (place,) = record.kinds[1].places
    assert leaks.counted(place) == f"{words} subjects"
    rows = told(runs.leak("part-of-removed", count, "a.csv", "column 1", "column 2"))
    assert any(leaks.counted(p) == f"{words} rows" for k in rows.kinds for p in k.places)


def test_a_column_of_hashes_of_another_file_is_not_counted_by_rows():
    record = told(runs.leak("hash-of-identifier", 1, "a.csv", "column 2"))
    (place,) = next(kind.places for kind in record.kinds if kind.places)
    assert (place.count, leaks.counted(place)) == (None, "a whole column")


@pytest.mark.parametrize("name", ["html", "md"])
@pytest.mark.parametrize("kind", sorted(LEAKS))
def test_a_leak_is_told_with_reason_law_and_what_was_done(name, kind):
    run = Run(
        runs.MANIFEST,
        runs.verified().outcomes,
        survey=Survey((runs.leak(kind, 30, "a.csv", "column 77"),)),
    )
    text = RENDERERS[name](runs.record_of_run(run)).replace("\\", "").replace("&#39;", "'")
    for words in (LEAKS[kind].title, LEAKS[kind].why, LEAKS[kind].resolution, LEAKS[kind].citation):
        assert words in text
    assert "column 77" in text


@pytest.mark.parametrize("name", ["html", "md"])
def test_a_leak_that_was_not_resolved_is_a_warning_and_stands_in_the_verdict(name):
    record = runs.record_of_run(runs.linked())
    assert record.leaks.unresolved == 1
    assert "1 leak left to a person" in record.verdict.words
    assert "not resolved" in RENDERERS[name](record).lower()
    assert "not resolved" not in RENDERERS[name](runs.record_of_run(runs.verified())).lower()


def test_files_that_were_not_read_whole_are_named_as_a_limit():
    assert len(told().limits) == 1
    assert told(met=runs.incomplete().outcomes).limits[1].startswith("2 files not read")


IDS = [f"{n * 7919 % 900000 + 100000}" for n in range(3, 33)]
TOWNS = [f"Quill{letter * 3}" for letter in "abcdefghijklmnopqrstuvwxyz"]


def table(head, rows):
    return "\n".join((head, *rows)) + "\n"


#: Files in which one kind of leak is, by the kind.
LEAKY = {
    "age-capped-birth-year-left": ["mrn,age,dob,admit_date\n100001,93,1931-02-03,2024-02-01\n"],
    "age-and-later-event": [
        "mrn,age,admit_date\n100001,88,2012-02-01\n100001,,2015-02-01\n100002,41,2015-02-01\n"
    ],
    "birth-year-elsewhere": [
        "mrn,age,admit_date\n100001,93,2024-02-01\n", "mrn,dob\n100001,1931-02-03\n",
    ],
    "conflicting-birth-dates": ["mrn,dob\n100001,1954-03-02\n100001,1963-03-02\n"],
    "ninetieth-birthday": ["mrn,age_band\n100001,90-94\n100002,85 and over\n"],
    "relative-day-and-anchor": [
        "mrn,admit_date,hospital_day\n100001,2024-03-04,5\n100002,2024-03-05,6\n"
    ],
    "part-of-removed": [
        table("address,spot", [f'"{i} Plum Row, {t}, TX",{t}' for i, t in enumerate(TOWNS, 1)])
    ],
    "hash-of-identifier": [
        table("mrn,batch", [f"{n},{hashlib.sha256(n.encode()).hexdigest()[:8]}" for n in IDS * 4])
    ],
    "encoded-identifier": [table("mrn,ref", [f"{n},{n[::-1]}" for n in IDS])],
    "same-as-removed": [table("mrn,unit", [f"{n},{n}" for n in IDS])],
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(LEAKS))
def test_what_is_said_to_be_looked_for_is_found_in_data_that_have_it(name, tmp_path):
    for i, text in enumerate(LEAKY[name]):
        (tmp_path / f"{i}.csv").write_text(text, encoding="utf-8")
    profile = "limited-data-set" if name == "relative-day-and-anchor" else "safe-harbor"
    config = Config(engine="rules", profile=profile)
    run = plan([str(tmp_path)], Settings(config, reference_year=2026))
    found = {leak.name for leak in run.survey.leaks}
    assert (name in found) == (name in (*leaks.OF_SUBJECTS, *leaks.OF_COLUMNS))

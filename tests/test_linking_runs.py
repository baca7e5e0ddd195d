"""
Whose record something is, over whole runs, where the data say it badly.

The promise in every case: what is nobody's for certain is removed, and no date moves by a guess.
"""

import json
import re

import pytest

from phisweep.config import Config
from phisweep.errors import UsageError
from phisweep.keys import Key
from phisweep.runs.copying import deidentify
from phisweep.runs.settings import Settings

KEY = Key(b"k" * 32, "the test")
SHIFT = {"date": {"action": "generalize", "operator": "date-shift"}}
DAY = "2024-03-04"
_DATE = re.compile(r"20\d\d-\d\d-\d\d")


class Ran:
    """A run over a few files: its outcomes and its copies, by the names of the sources."""

    def __init__(self, run, out):
        self.run = run
        self.outcomes = {o.source.name: o for o in run.outcomes}
        self._out = out

    def copy(self, name):
        return (self._out / self.outcomes[name].output).read_text(encoding="utf-8")

    def rows(self, name):
        return [line.split(",") for line in self.copy(name).splitlines()[1:]]

    def linking(self, name):
        return self.outcomes[name].linking


@pytest.fixture
def ran(small_rules, tmp_path):
    """De-identify files by their names and contents, moving dates as an expert may let it be."""
    count = 0

    def ran_(data, subject_key=None, **more):
        nonlocal count
        count += 1
        folder, out = tmp_path / f"data{count}", tmp_path / f"out{count}"
        for name, content in data.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content, encoding="utf-8")
        values = {"profile": "expert", "treatments": SHIFT, "engine": "rules", "jobs": 1, **more}
        config = Config.model_validate({**values, "subject_key": subject_key or {}})
        settings = Settings(config=config, key=KEY, reference_year=2026)
        return Ran(deidentify([str(folder)], out, settings), out)

    return ran_


#: What DAY becomes in the records of two subjects, under KEY: in this release and in every other.
ONE, OTHER = "2023-08-10", "2023-10-02"


def test_dates_of_a_subject_move_by_its_own_number_of_days(ran):
    table = f"mrn,visit_date\n0041776,{DAY}\n0041777,{DAY}\n"
    done = ran({"t.csv": table})
    assert [row[1] for row in done.rows("t.csv")] == [ONE, OTHER]
    assert len({DAY, ONE, OTHER}) == 3


@pytest.mark.parametrize("nobody", ["", "   ", '""'])
def test_a_row_without_a_key_is_nobodys_and_its_date_is_removed(ran, nobody):
    table = f"mrn,visit_date\n0041776,{DAY}\n{nobody},{DAY}\n0041777,{DAY}\n{nobody},{DAY}\n"
    done = ran({"t.csv": table}, {"t.csv": "mrn"})
    days = [row[1] for row in done.rows("t.csv")]
    assert days[1] == days[3] == "[DATE]"
    assert days[0] == ONE
    assert days[2] == OTHER
    linking = done.linking("t.csv")
    assert (linking.keyed, linking.unkeyed, linking.alone) == (2, 2, 2)


def test_a_key_that_says_there_is_none_joins_nobody(ran):
    nothing = ["N/A", "unknown", "none", "-", "null", "NaN"]
    rows = "".join(f"{key},{DAY}\n" * 2 for key in nothing)
    done = ran({"t.csv": f"mrn,visit_date\n0041776,{DAY}\n{rows}"}, {"t.csv": "mrn"})
    assert [row[1] for row in done.rows("t.csv")] == [ONE, *["[DATE]"] * 12]
    assert done.linking("t.csv").unkeyed == 12


def test_a_row_without_one_of_two_keys_is_known_by_the_other(ran):
    """A visit of which no record says whose it is is nobody's."""
    visits = f"mrn,visit_id,visit_date\n0041776,V1,{DAY}\n,V1,{DAY}\n,V2,{DAY}\n,,{DAY}\n"
    done = ran({"v.csv": visits}, {"v.csv": ("mrn", "visit:visit_id")})
    assert [row[2] for row in done.rows("v.csv")] == [ONE, ONE, "[DATE]", "[DATE]"]
    assert done.linking("v.csv").alone == 2


def test_a_visit_and_a_patient_of_one_number_are_two(ran):
    files = {
        "p.csv": f"mrn,visit_date\n0041776,{DAY}\n",
        "l.csv": f"visit_id,visit_date\n0041776,{DAY}\n",
    }
    done = ran(files, {"p.csv": "mrn", "l.csv": "visit:visit_id"})
    assert done.rows("p.csv")[0][1] == ONE
    assert done.rows("l.csv")[0][1] == "[DATE]"


def test_a_key_that_is_no_column_makes_the_document_incomplete(ran):
    files = {"t.csv": f"mrn,visit_date\n0041776,{DAY}\n", "u.csv": f"mrn,visit_date\n1,{DAY}\n"}
    done = ran(files, {"t.csv": "mrm"})
    outcome = done.outcomes["t.csv"]
    assert outcome.status == "incomplete"
    assert outcome.output == ""
    assert "E214" in outcome.error
    assert "Did you mean 'mrn'?" in outcome.error
    assert "0041776" not in outcome.error
    assert done.outcomes["u.csv"].status == "changed"
    assert done.run.incomplete


def test_a_key_that_is_no_column_is_exit_status_3(deid, tmp_path):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "t.csv").write_text(f"mrn,visit_date\n0041776,{DAY}\n")
    (tmp_path / "phisweep.toml").write_text('[subject-key]\n"t.csv" = "patient_id"\n')
    ran = deid("data")
    assert ran.status == 3
    assert "E214" in ran.err + ran.out
    assert not (tmp_path / "out" / "t.csv").exists()


def test_a_key_that_is_empty_stops_the_run_before_the_first_file(ran):
    with pytest.raises(UsageError, match="E145"):
        ran({"t.csv": f"mrn,visit_date\n0041776,{DAY}\n"}, {"t.csv": ""})


def test_a_key_is_one_however_it_is_written(ran):
    pairs = [
        ("0041776", "41776"),
        ("0051776", "000051776"),
        ("AB-0012345", "ab0012345"),
        ("AC 0012345", "AC.0012345"),
        ("0061776", " 0061776 "),
    ]
    files = {
        name: "mrn,visit_date\n" + "".join(f"{pair[i]},{DAY}\n" for pair in pairs)
        for i, name in enumerate(("a.csv", "b.csv"))
    }
    done = ran(files, {"*.csv": "mrn"})
    days = [row[1] for row in done.rows("a.csv")]
    assert days == [row[1] for row in done.rows("b.csv")]
    assert len(set(days)) == len(pairs)
    assert "[DATE]" not in days


def test_two_numbers_of_one_person_move_alike_and_are_counted(ran):
    files = {
        "index.csv": "mrn,person_id\n0041776,P1\n0099990,P1\n0041777,P2\n",
        "a.csv": f"mrn,visit_date\n0041776,{DAY}\n0041777,{DAY}\n",
        "z.csv": f"mrn,visit_date\n0099990,{DAY}\n",
    }
    keys = {"index.csv": ("mrn", "person:person_id"), "*.csv": "mrn"}
    done = ran(files, keys)
    one, stranger = (row[1] for row in done.rows("a.csv"))
    assert done.rows("z.csv")[0][1] == one != stranger
    assert done.run.survey.several == 1
    names = {"index.csv": "zz.csv", "a.csv": "m.csv", "z.csv": "b.csv"}  # read in another order
    renamed = ran(
        {names[name]: content for name, content in files.items()},
        {names.get(name, name): key for name, key in keys.items()},
    )
    assert renamed.copy("m.csv").split(",")[-1] == done.copy("a.csv").split(",")[-1]
    assert renamed.rows("b.csv")[0][1] == one


PATIENTS = "mrn,visit_date\n0041776,2019-01-01\n0041777,2019-01-01\n"


@pytest.mark.parametrize("name", ["0041776_note.txt", "notes/0041776_note.txt"])
def test_a_note_is_of_the_key_in_its_name(ran, name):
    done = ran({"p.csv": PATIENTS, name: f"seen {DAY}"}, {"*.txt": r"name:^(\d+)_"})
    assert done.copy(name) == f"seen {ONE}"
    assert (done.linking(name).keyed, done.linking(name).alone) == (1, 0)


@pytest.mark.parametrize("name", ["x_0041776.txt", "_note.txt"])
def test_a_note_in_whose_name_no_key_stands_is_nobodys(ran, name):
    done = ran({"p.csv": PATIENTS, name: f"seen {DAY}"}, {"*.txt": r"name:^(\d*)_"})
    assert done.copy(name) == "seen [DATE]"
    assert (done.linking(name).unkeyed, done.linking(name).alone) == (1, 1)


@pytest.mark.parametrize("key", [r"name:^(\d+)_", None])
def test_a_note_with_the_numbers_of_two_people_is_nobodys(ran, key):
    name = "0041776_note.txt"
    note = f"MRN 0041776, seen {DAY}; with the sister, MRN 0041777, on {DAY}"
    done = ran({"p.csv": PATIENTS, name: note}, {"*.txt": key} if key else None)
    assert done.copy(name).count("[DATE]") == 2
    assert _DATE.search(done.copy(name)) is None
    linking = done.linking(name)
    assert (linking.keyed, linking.unkeyed, linking.alone) == (0, 1, 2)
    assert linking.several == 1


def test_a_note_with_one_number_twice_is_that_patients(ran):
    note = f"MRN 0041776, seen {DAY}; MRN 41776"
    done = ran({"p.csv": PATIENTS, "note.txt": note})
    assert f"seen {ONE}" in done.copy("note.txt")


def test_what_nobody_said_how_to_link_is_nobodys_where_only_what_is_told_counts(ran):
    done = ran({"p.csv": PATIENTS, "note.txt": f"MRN 0041776, seen {DAY}"}, link="told")
    assert [row[1] for row in done.rows("p.csv")] == ["[DATE]", "[DATE]"]
    assert done.copy("note.txt").endswith("seen [DATE]")
    assert done.linking("note.txt") is None


def test_two_birth_dates_of_one_subject_are_a_leak(ran):
    files = {
        "a.csv": "mrn,dob\n0041776,1934-05-06\n0041777,1950-01-02\n",
        "b.csv": "mrn,dob\n0041776,1941-05-06\n0041777,1950-01-02\n",
    }
    done = ran(files)
    leaks = {leak.name: leak.count for leak in done.run.survey.leaks}
    assert leaks["conflicting-birth-dates"] == 1
    assert "<=1936" in done.copy("a.csv")
    for name, content in files.items():
        assert not any(day in done.copy(name) for day in re.findall(r"\d{4}-\d\d-\d\d", content))


def test_two_birth_dates_of_one_year_are_a_leak_too(ran):
    files = {"a.csv": "mrn,dob\n0041776,1961-05-06\n", "b.csv": "mrn,dob\n0041776,1961-05-07\n"}
    leaks = {leak.name: leak.count for leak in ran(files).run.survey.leaks}
    assert leaks["conflicting-birth-dates"] == 1


def test_a_birth_date_written_in_two_ways_is_no_conflict(ran):
    files = {"a.csv": "mrn,dob\n0041776,1961-05-06\n", "b.csv": "mrn,dob\n0041776,05/06/1961\n"}
    assert ran(files).run.survey.leaks == ()


def test_a_key_in_the_second_half_of_a_document_is_that_of_all_of_it(ran):
    visits = [{"text": f"seen {DAY}"} for _ in range(200)]
    document = json.dumps({"visits": visits, "patient": {"id": "0041776"}})
    done = ran({"x.json": document}, {"x.json": "/patient/id"}, files={"chunk-bytes": 512})
    texts = {visit["text"] for visit in json.loads(done.copy("x.json"))["visits"]}
    assert texts == {f"seen {ONE}"}


def test_a_record_without_a_key_is_not_its_neighbours(ran):
    records = [
        {"text": f"seen {DAY}", "id": "0041776"},
        {"text": f"seen {DAY}"},
        {"text": f"seen {DAY}", "id": ""},
        {"id": "0041777", "text": f"seen {DAY}"},
    ]
    whole = {"x.json": json.dumps({"patients": records})}
    lines = {"x.jsonl": "".join(json.dumps(record) + "\n" for record in records)}
    expected = [ONE, "[DATE]", "[DATE]", OTHER]
    done = ran(whole | lines, {"x.json": "/patients/*/id", "x.jsonl": "/id"})
    copies = [json.loads(done.copy("x.json"))["patients"]]
    copies.append([json.loads(line) for line in done.copy("x.jsonl").splitlines()])
    for copy in copies:
        assert [record["text"].removeprefix("seen ") for record in copy] == expected
    assert done.linking("x.json").alone == done.linking("x.jsonl").alone == 2


def test_a_key_that_is_a_number_in_json_is_one_with_a_text(ran):
    lines = [{"id": 41776, "text": f"seen {DAY}"}, {"id": "0041776", "text": f"seen {DAY}"}]
    content = "".join(json.dumps(line) + "\n" for line in lines)
    done = ran({"x.jsonl": content}, {"x.jsonl": "/id"})
    texts = {json.loads(line)["text"] for line in done.copy("x.jsonl").splitlines()}
    assert texts == {f"seen {ONE}"}


def test_what_is_nobodys_is_removed_from_a_document_that_is_cut_anywhere(ran):
    """A key that never comes, in a document of many chunks, joins nothing."""
    rows = "".join(f"{'' if i % 3 else '0041776'},{DAY}\n" for i in range(300))
    done = ran({"t.csv": "mrn,visit_date\n" + rows}, files={"chunk-bytes": 256})
    days = [row[1] for row in done.rows("t.csv")]
    assert {d for i, d in enumerate(days) if i % 3} == {"[DATE]"}
    assert {d for i, d in enumerate(days) if not i % 3} == {ONE}
    assert done.linking("t.csv").alone == 200


def test_a_date_that_cannot_be_read_is_removed_and_counted(ran):
    table = f"mrn,visit_date\n0041776,{DAY}\n0041776,31/31/2019\n0041776,31/31/2019\n"
    done = ran({"t.csv": table})
    assert [row[1] for row in done.rows("t.csv")] == [ONE, "[DATE]", "[DATE]"]
    assert (done.linking("t.csv").alone, done.linking("t.csv").unread) == (0, 2)

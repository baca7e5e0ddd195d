"""Large documents that the tasks of `--runner spark` share: what the local runner gives, once."""

import json
import re
from dataclasses import fields, replace

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import spark_jobs as jobs
from derived_policy import DERIVED
from phisweep.config import Config
from phisweep.keys import key_from_bytes
from phisweep.model import Origin, Source
from phisweep.pipeline.joining import Joined
from phisweep.records import records_of
from phisweep.runs import dividing, working
from phisweep.runs.copying import deidentify
from phisweep.runs.searching import scan
from phisweep.runs.settings import Settings
from phisweep.session import Session
from phisweep.survey.pieces import JoinedSurvey

KEY = key_from_bytes(b"a secret that is long enough", "a test")
CODE = re.compile(r"\[[A-Z_]+-[B-Z]{10}\]")
HEADER = "mrn,name,dob,visit_date,note"


@pytest.fixture
def joined(context, monkeypatch):
    """Have every document cut, and hear of each that was joined, and whether it was."""
    heard = []

    def hear(of):
        before = of.outcome

        def outcome(self):
            made = before(self)
            heard.append((of.__name__, made is not None))
            return made

        monkeypatch.setattr(of, "outcome", outcome)

    monkeypatch.setattr(dividing, "LARGE", 1)
    hear(JoinedSurvey)
    hear(Joined)
    return heard


def people(path, count=120):
    """Write a table of people who come again."""
    notes = ("well", "Ms. Quillfeather came; ssn 987-65-4321", '"said ""no"";\nMRN 4100007"')
    rows = (
        f"{4100000 + i % 40},Ida Brambleton{i % 40},19{20 + i % 40}-03-11,"
        f"2024-0{1 + i % 9}-{1 + i % 28:02},{notes[i % 3]}"
        for i in range(count)
    )
    path.parent.mkdir(exist_ok=True)
    path.write_text("\n".join([HEADER, *rows]) + "\n")
    return path


def settings(runner, **given):
    config = Config(engine="rules", master="local[2]", runner=runner, **given)
    session = Session(config, KEY)
    session.spec = replace(
        session.spec, options=replace(session.spec.options, chunk_bytes=512, max_line_bytes=1 << 16)
    )
    return Settings(config=config, key=KEY, session=session, audit=True)


def released(out):
    """Every copy and every record of a release, without what names the run."""
    files = {p.relative_to(out).as_posix(): p.read_bytes() for p in out.rglob("*") if p.is_file()}
    lines = files["phisweep-report/records.jsonl"].splitlines()
    entries = [json.loads(line) for line in lines]
    run = json.loads(files["phisweep-report/run.json"])
    for each in entries:
        each.pop("before", None)
        each.pop("run", None)
    copies = {name: data for name, data in files.items() if "phisweep-report/" not in name}
    return copies, {k: run[k] for k in run if k not in {"manifest", "custody"}}, entries


def told(outcome):
    """All that is said of a document, but how long it took."""
    said = {f.name: getattr(outcome, f.name) for f in fields(outcome)}
    return said | {"seconds": 0, "records_file": None, "records": tuple(records_of(outcome))}


def by_code(out):
    seen = {}
    text = (out / "people.csv").read_text()
    return CODE.sub(lambda match: f"<{seen.setdefault(match[0], len(seen))}>", text)


def test_a_search_in_pieces_finds_what_the_local_runner_finds(joined, tmp_path):
    path = people(tmp_path / "data" / "people.csv")
    lines = [{"mrn": str(4100000 + i), "note": f"Seen 2024-03-{1 + i % 28:02}"} for i in range(99)]
    (path.parent / "lines.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    there, here = (scan([str(path.parent)], settings(runner)) for runner in ("spark", "local"))
    assert [told(o) for o in there.outcomes] == [told(o) for o in here.outcomes]
    assert joined == [("Joined", True)] * 2


def test_a_search_by_row_groups_finds_what_the_local_runner_finds(joined, tmp_path):
    columns = {
        "mrn": [str(4100000 + i % 40) for i in range(120)],
        "note": [f"Seen 2024-03-{1 + i % 28:02}; ssn 987-65-4321" for i in range(120)],
    }
    path = tmp_path / "people.parquet"
    pq.write_table(pa.table(columns), path, row_group_size=30)
    there, here = (scan([str(path)], settings(runner)) for runner in ("spark", "local"))
    assert [told(o) for o in there.outcomes] == [told(o) for o in here.outcomes]
    assert there.outcomes[0].findings >= 240
    assert joined == [("Joined", True)]


@pytest.mark.parametrize(
    ("name", "attempts"),
    [("people", 1), ("dying", 2), ("changed", 1)],
    ids=["all-goes-well", "a-worker-is-killed", "a-piece-is-not-what-was-cut"],
)
def test_copies_made_in_pieces_have_the_bytes_of_the_local_runner(
    joined, tmp_path, monkeypatch, mishaps, name, attempts
):
    people(tmp_path / "data" / f"{name}.csv")
    (tmp_path / "data" / "note.txt").write_text("MRN: 4100001. Seen on 2024-03-05.\n")
    (tmp_path / "derived.yaml").write_text(DERIVED)
    given = {"profile": str(tmp_path / "derived.yaml")}
    monkeypatch.setattr(working, "PieceWorker", jobs.PieceMishap)
    monkeypatch.setenv("MISHAPS", str(mishaps))
    there = deidentify([str(tmp_path / "data")], tmp_path / "there", settings("spark", **given))
    here = deidentify([str(tmp_path / "data")], tmp_path / "here", settings("local", **given))
    assert released(tmp_path / "there") == released(tmp_path / "here")
    assert (there.survey, there.verification) == (here.survey, here.verification)
    assert there.verification.ok
    copied = ("Joined", name != "changed")  # else it was done as a whole
    assert joined == [("JoinedSurvey", True), copied, ("Joined", True)]
    assert jobs.attempts(mishaps, f"{name}-piece") == attempts
    assert {path.name for path in tmp_path.iterdir()} == {"data", "derived.yaml", "there", "here"}
    assert {path.name for path in (tmp_path / "there").iterdir()} == {
        f"{name}.csv", "note.txt", "phisweep-report"
    }  # fmt: skip


def test_codes_are_drawn_once_for_all_pieces(joined, tmp_path):
    path = people(tmp_path / "data" / "people.csv")
    for runner in ("spark", "local"):
        deidentify([str(path)], tmp_path / runner, settings(runner))
    assert by_code(tmp_path / "spark") == by_code(tmp_path / "local")
    assert len({*CODE.findall((tmp_path / "spark" / "people.csv").read_text())}) >= 40
    assert joined == [("JoinedSurvey", True), ("Joined", True), ("Joined", True)]


def test_what_lies_in_a_store_is_one_task(tmp_path):
    here = Source(tmp_path / "a.csv", "a.csv", dividing.LARGE)
    away = replace(here, origin=Origin("memory://a", "a.csv", "1"))
    assert dividing.large([here, away], 2) == [0]

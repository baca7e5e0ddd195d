"""A large document done in pieces becomes what it becomes as a whole, whatever the pieces are."""

import csv
import datetime as dt
import io
import json
import random
from dataclasses import fields, replace
from itertools import cycle

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from derived_policy import DERIVED
from phisweep.config import Config
from phisweep.formats.typed.table import TypedTable
from phisweep.keys import key_from_bytes
from phisweep.model import Source
from phisweep.pipeline import pieces
from phisweep.pipeline.joining import Joined
from phisweep.records import records_of
from phisweep.runners import pool
from phisweep.runs import dividing
from phisweep.runs.copying import deidentify
from phisweep.runs.searching import scan
from phisweep.runs.settings import Settings
from phisweep.session import Session
from phisweep.survey.pieces import JoinedSurvey

KEY = key_from_bytes(b"a secret that is long enough", "a test")
NAMES = ("mrn", "name", "dob", "visit_date", "age", "note", "bo quill 555-41-1234")
pytestmark = pytest.mark.usefixtures("small_rules")


def rows(count, seed=7):
    """Rows of people who come again, with notes that break lines."""
    chance = random.Random(seed)  # noqa: S311 - invented people
    for i in range(count):
        who = chance.randrange(max(1, count // 3))
        note = chance.choice(
            [
                "well",
                "",
                f"Ms. Quillfeather{who % 7} came, ssn 987-65-{4000 + who:04}",
                f'said "no";\nMRN {4100000 + who}, back 2024-03-{1 + i % 28:02}',
                "a, b, and c",
            ]
        )
        yield [
            f"{4100000 + who}", f"Bo Larkspur{who}", f"19{20 + who % 70}-0{1 + who % 9}-11",
            f"2024-0{1 + i % 9}-{1 + i % 28:02}", str(20 + who % 75), note, chance.choice("ABC"),
        ]  # fmt: skip


def table(given, ending="\n", header=NAMES):
    text = io.StringIO()
    csv.writer(text, lineterminator=ending).writerows([header, *given])
    return text.getvalue().encode()


@pytest.fixture
def small(monkeypatch):
    """Have every document cut, in chunks of 512 bytes."""
    monkeypatch.setattr(dividing, "LARGE", 1)


@pytest.fixture
def here(small, monkeypatch):
    """Do the jobs of a pool in this process, in an order that nobody knows."""

    def run(build, spec, jobs, *, like=None, begun=None, **more):
        del more
        if begun is not None:
            begun()
        order = list(range(len(jobs)))
        random.Random(len(jobs)).shuffle(order)  # noqa: S311 - no secret
        workers = [build(spec, like=like) for _ in range(2)] if jobs else []
        for at in order:
            yield at, workers[at % 2](jobs[at])

    monkeypatch.setattr(pool, "run", run)
    monkeypatch.setattr(pool, "ready", lambda *_: None)


def asked(tmp_path, jobs, chunk=512, **more):
    policy = tmp_path / "derived.yaml"
    policy.write_text(DERIVED)
    config = Config(engine="rules", jobs=jobs, runner="pool", profile=str(policy))
    session = Session(config, KEY)
    options = replace(session.spec.options, chunk_bytes=chunk, max_line_bytes=1 << 16)
    session.spec = replace(session.spec, options=options)
    return Settings(config=config, key=KEY, session=session, audit=True, **more)


def told(outcome):
    """All that is said of a document, but how long it took."""
    said = {f.name: getattr(outcome, f.name) for f in fields(outcome)}
    return said | {"seconds": 0, "records_file": None, "records": tuple(records_of(outcome))}


def released(out):
    """Every file of a release, without what names the run."""
    files = {p.relative_to(out).as_posix(): p.read_bytes() for p in out.rglob("*") if p.is_file()}
    report = {name: files.pop(f"phisweep-report/{name}") for name in ("run.json", "records.jsonl")}
    ours = {name: data for name, data in files.items() if not name.startswith("phisweep-report/")}
    run = json.loads(report["run.json"])
    entries = [json.loads(line) for line in report["records.jsonl"].splitlines()]
    for each in entries:
        each.pop("before", None)
        each.pop("run", None)
    return ours, {k: run[k] for k in run if k not in {"manifest", "custody"}}, entries


def both(path, tmp_path, jobs=2, chunk=512):
    """Search and copy a file as a whole and in pieces, and return what came of it."""
    seen = []
    for name, number in (("pieces", jobs), ("whole", 1)):
        (tmp_path / f"spool-{name}").mkdir()
        given = asked(tmp_path, number, chunk, spool=tmp_path / f"spool-{name}")
        (outcome,) = scan([str(path)], given).outcomes
        run = deidentify([str(path)], tmp_path / name, given)
        seen.append((told(outcome), run.survey, run.verification, released(tmp_path / name)))
    return seen


@pytest.fixture
def session(small_rules):
    """Rules that are read once."""
    return Session(Config(engine="rules", runner="pool"), KEY)


def hear(monkeypatch, stage):
    """Hear of each document that was joined, and whether it was."""
    heard = []
    before = stage.outcome

    def outcome(self):
        made = before(self)
        heard.append(made is not None)
        return made

    monkeypatch.setattr(stage, "outcome", outcome)
    return heard


@pytest.fixture
def joined(monkeypatch):
    """Hear of what was searched or copied in pieces."""
    return hear(monkeypatch, Joined)


@pytest.mark.parametrize("jobs", [2, 16])
@pytest.mark.parametrize(
    ("start", "ending", "end"),
    [(b"", "\n", b""), (b"\xef\xbb\xbf", "\r\n", b""), (b"", "\n", b"4100001,Bo,,,,,A")],
)
def test_pieces_give_what_the_whole_gives(here, joined, tmp_path, jobs, start, ending, end):
    path = tmp_path / "people.csv"
    path.write_bytes(start + table(rows(120), ending) + end)
    pieces_, whole = both(path, tmp_path, jobs)
    assert pieces_ == whole
    assert joined
    assert all(joined)


CELL = st.text(st.sampled_from('ab1 ,"\n\r;\u00e9'), max_size=6)
RECORDS = st.lists(st.lists(CELL, min_size=7, max_size=7), max_size=12)
#: What a table may hold beside its records: blank lines, quotes in odd places, ragged records.
ODD = st.sampled_from(
    [
        b"",
        b"\n\n",
        b'4100001,B"o,,,,,A\n',
        b"4100001,Bo\n",
        b'4100001,"Bo"x,,,,,A\n',
        b"\r",
        b'"',
        b'"\n',
    ]
)


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    records=RECORDS,
    ending=st.sampled_from(["\n", "\r\n"]),
    mark=st.sampled_from([b"", b"\xef\xbb\xbf"]),
    odd=st.lists(ODD, max_size=2),
    size=st.integers(8, 300),
    jobs=st.integers(2, 9),
    last=st.booleans(),
)
def test_a_search_in_pieces_gives_what_the_whole_gives(
    here, session, tmp_path, records, ending, mark, odd, size, jobs, last
):
    data = mark + table([*rows(9), *records], ending)
    for at, some in enumerate(odd):
        cut = data.find(b"\n", len(data) * (at + 1) // 3) + 1 or len(data)
        data = data[:cut] + some + data[cut:]
    path = tmp_path / "people.csv"
    path.write_bytes(data if last else data.rstrip(b"\r\n"))
    session.spec = replace(session.spec, options=replace(session.spec.options, chunk_bytes=size))
    given = Settings(config=session.config, key=KEY, session=session)
    session.jobs = jobs
    (ours,) = scan([str(path)], given).outcomes
    session.jobs = 1
    (whole,) = scan([str(path)], given).outcomes
    assert told(ours) == told(whole)


def lines(count, key="note"):
    for i, row in enumerate(rows(count)):
        yield json.dumps({"mrn": row[0], "who": {"name": row[1], "dob": row[2]}, key: row[5]})
        if i % 9 == 0:
            yield json.dumps({"text": f"Ms. Quillfeather{i}, MRN {4100000 + i}, seen 2024-03-04."})
            yield ""


@pytest.mark.parametrize("end", ["", "\n"])
def test_lines_of_json_are_searched_in_pieces_and_copied_as_a_whole(here, joined, tmp_path, end):
    path = tmp_path / "people.jsonl"
    path.write_text("\ufeff" + "\n".join(lines(120)) + end, encoding="utf-8")
    ours, whole = both(path, tmp_path, chunk=4096)
    assert ours == whole
    assert joined == [True, True]  # the search, and that of the copy


def test_lines_of_json_with_a_hidden_key_are_done_as_a_whole(here, joined, tmp_path):
    path = tmp_path / "people.jsonl"
    path.write_text("\n".join(lines(120, key="555-41-1234")))
    (ours,) = scan([str(path)], asked(tmp_path, 2, 4096)).outcomes
    (whole,) = scan([str(path)], asked(tmp_path, 1, 4096)).outcomes
    assert told(ours) == told(whole)
    assert joined == [False]


def test_a_piece_that_is_not_done_has_the_document_done_as_a_whole(
    here, joined, tmp_path, monkeypatch
):
    path = tmp_path / "people.csv"
    path.write_bytes(table(rows(120)))
    run = pieces.PiecePass.run

    def failing(self):
        run(self)
        if self.piece.piece.number == 1:
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(pieces.PiecePass, "run", failing)
    ours, whole = both(path, tmp_path)
    assert ours == whole
    assert joined
    assert not any(joined)


def test_a_table_that_changes_while_it_is_read_is_not_done_in_pieces(
    here, joined, tmp_path, monkeypatch
):
    path = tmp_path / "people.csv"
    path.write_bytes(table(rows(120)))
    marks = pieces.Cutter.__call__

    def late(self, job):
        cut = marks(self, job)
        path.write_bytes(table(rows(120, seed=8)))
        return cut

    monkeypatch.setattr(pieces.Cutter, "__call__", late)
    (ours,) = scan([str(path)], asked(tmp_path, 2)).outcomes
    (whole,) = scan([str(path)], asked(tmp_path, 1)).outcomes
    assert (ours.tallies, ours.records, ours.sha256) == (
        whole.tallies,
        whole.records,
        whole.sha256,
    )
    assert joined == [False]


@pytest.mark.parametrize(
    "data",
    [
        table(rows(120)).decode().encode("utf-16"),
        table([*rows(120), ["4100001", "Bo\xe9"]]).decode("utf-8").encode("cp1252"),
        table(rows(60)) + b'4100001,"never closed\n' + 60 * b"4100002,Bo,,,,,A\n",
    ],
)
def test_a_table_that_cannot_be_cut_is_done_as_a_whole(here, joined, tmp_path, data):
    path = tmp_path / "people.csv"
    path.write_bytes(data)
    (ours,) = scan([str(path)], asked(tmp_path, 2)).outcomes
    (whole,) = scan([str(path)], asked(tmp_path, 1)).outcomes
    assert told(ours) == told(whole)
    assert not joined


def typed(given, extra=(), metadata=None):
    """A table of Arrow: dates and numbers typed, some null, one column a dictionary, one a struct."""
    day = dt.date.fromisoformat
    columns = list(zip(*given, strict=True)) or [()] * 7
    null = [i % 7 == 3 for i in range(len(columns[0]))]
    made = {
        "mrn": pa.array([int(v) for v in columns[0]], pa.int64()),
        "name": pa.array(columns[1], pa.string(), mask=np.array(null, bool)),
        "dob": pa.array([day(v) for v in columns[2]], pa.date32()),
        "visit_date": pa.array([day(v) for v in columns[3]], pa.date32()),
        "age": pa.array([int(v) for v in columns[4]], pa.int8()),
        "note": pa.array(columns[5], pa.string()),
        "Dr. Larkspur": pa.array(columns[5], pa.string()).dictionary_encode(),
        "who": pa.StructArray.from_arrays(
            [pa.array(columns[1], pa.string()), pa.array(columns[2], pa.string())],
            names=["name", "555-41-1234"],
        ),
    }
    table_ = pa.table(made | dict(extra))
    return table_.replace_schema_metadata(metadata)


def parquet(path, table_, sizes, **more):
    """Write row groups of these sizes, over and over."""
    with pq.ParquetWriter(path, table_.schema, **more) as writer:
        at = 0
        for size in cycle(sizes):
            writer.write_table(table_.slice(at, size), row_group_size=max(1, size))
            at += size
            if at >= len(table_):
                break
    return path


BESIDE = {"made by": "Ms. Quillfeather, MRN 4100007", "987-65-4321": "x", "pandas": '{"a": "b"}'}


@pytest.mark.parametrize("jobs", [2, 16])
def test_row_groups_are_read_in_pieces_and_copied_as_a_whole(
    here, joined, monkeypatch, tmp_path, jobs
):
    surveyed = hear(monkeypatch, JoinedSurvey)
    raw = pa.array([b"\xff\xfe" if i % 5 else b"ssn 987-65-4321" for i in range(120)])
    beside = {**BESIDE, b"\xfe": b"\xff"}
    given = typed(rows(120), {"raw": raw}, beside)
    path = parquet(tmp_path / "people.parquet", given, [17, 1, 9])
    pieces_, whole = both(path, tmp_path, jobs)
    assert pieces_ == whole
    assert joined == [True, True]  # the search, and that of the copy
    assert surveyed == [True]


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    count=st.integers(0, 60),
    seed=st.integers(0, 99),
    sizes=st.lists(st.integers(0, 30), min_size=1, max_size=4).filter(any),
    batch=st.integers(1, 300),
    jobs=st.integers(2, 9),
    beside=st.sampled_from([None, BESIDE]),
)
def test_a_search_of_row_groups_gives_what_the_whole_gives(
    here, session, tmp_path, count, seed, sizes, batch, jobs, beside
):
    path = parquet(tmp_path / "people.parquet", typed(rows(count, seed), (), beside), sizes)
    session.spec = replace(session.spec, options=replace(session.spec.options, chunk_bytes=batch))
    given = Settings(config=session.config, key=KEY, session=session)
    session.jobs = jobs
    (ours,) = scan([str(path)], given).outcomes
    session.jobs = 1
    (whole,) = scan([str(path)], given).outcomes
    assert told(ours) == told(whole)


@pytest.mark.parametrize(
    ("extra", "sizes"),
    [
        ({}, [120]),
        ({"tags": pa.array([["Bo"], None, []] * 40)}, [30]),
        ({"tags": pa.array([[("a", "Bo")], None, []] * 40, pa.map_(pa.string(), pa.string()))}, [30]),
    ],
)  # fmt: skip
def test_one_row_group_and_lists_are_done_as_a_whole(here, joined, tmp_path, extra, sizes):
    path = parquet(tmp_path / "people.parquet", typed(rows(120), extra), sizes)
    (ours,) = scan([str(path)], asked(tmp_path, 2)).outcomes
    (whole,) = scan([str(path)], asked(tmp_path, 1)).outcomes
    assert told(ours) == told(whole)
    assert not joined


@pytest.mark.parametrize("change", ["damage", "bomb"])
def test_row_groups_of_which_one_is_not_read_are_done_as_a_whole(
    here, joined, tmp_path, monkeypatch, change
):
    path = parquet(tmp_path / "people.parquet", typed(rows(120)), [40], write_page_checksum=True)
    if change == "damage":
        data = bytearray(path.read_bytes())
        at = pq.read_metadata(path).row_group(1).column(5).data_page_offset
        data[at + 30 : at + 60] = bytes(30)
        path.write_bytes(data)
    else:
        monkeypatch.setattr(TypedTable, "most", lambda _: 5000)
    (ours,) = scan([str(path)], asked(tmp_path, 2)).outcomes
    (whole,) = scan([str(path)], asked(tmp_path, 1)).outcomes
    assert told(ours) == told(whole)
    assert ours.status == "incomplete"
    assert joined == [False]


def test_small_documents_are_not_cut_nor_those_that_keep_nobody_waiting(tmp_path):
    big, small = dividing.LARGE, dividing.LARGE - 1
    session = asked(tmp_path, 2).session

    def chosen(*sizes):
        sources = [replace(_nothing(), size=size) for size in sizes]
        return dividing.large(sources, session.jobs)

    assert chosen(small) == []
    assert chosen(big) == [0]
    assert chosen(big, *[9 * big] * 3) == [1, 2, 3]
    session.jobs = 1
    assert chosen(big) == []


def _nothing():
    return Source(None, "a.csv", 0)

# ruff: noqa: S608 - statements are made of what the tests invent
import subprocess
import sys
from contextlib import closing

import pytest

from formats.databases import blocks, cells, copied, opened, saved, texts, until_error
from phisweep.formats.base import ReadOptions
from phisweep.formats.choose import choose_format
from phisweep.model import Column, Media, Source

duckdb = pytest.importorskip("duckdb")


@pytest.fixture
def made(tmp_path):
    def make(script, name="a.duckdb"):
        path = tmp_path / name
        with closing(duckdb.connect(str(path))) as db:
            db.execute(script)
        return path

    return make


def read(tmp_path, data, query):
    path = saved(tmp_path / "copy.duckdb", data)
    with closing(duckdb.connect(str(path), read_only=True)) as db:
        return db.execute(query).fetchall()


def test_content_tells_a_database_whatever_it_is_called(made):
    path = made("CREATE TABLE t (a INT)", name="notes.txt")
    assert choose_format(Source(path, "notes.txt", 1, "notes.txt"), ReadOptions()).name == "duckdb"


def test_each_table_is_a_part_with_its_columns_as_text(made):
    path = made(
        "CREATE SCHEMA s; CREATE TABLE s.t (zip VARCHAR, d DATE, n HUGEINT, x DECIMAL(9, 2));"
        "INSERT INTO s.t VALUES ('02155', '2019-03-04', 7, 1.5), (NULL, NULL, NULL, NULL);"
    )
    schema, (name, found) = blocks(path)
    assert (schema[0], name) == ("", "s.t")
    assert cells(found) == {
        "zip": ["02155", ""],
        "d": ["2019-03-04", ""],
        "n": ["7", ""],
        "x": ["1.50", ""],
    }
    with closing(opened(path)) as document:
        assert [len(part.sample()) for part in document.parts()] == [0, 4]


def test_values_that_stay_keep_their_types_and_a_changed_column_becomes_text(made, tmp_path):
    path = made(
        "CREATE TABLE t (id INT, d DATE, n HUGEINT, x DECIMAL(9, 2), u UUID, i INTERVAL, b BIT,"
        " l INT[], z TIMESTAMPTZ);"
        "INSERT INTO t VALUES (1, '2019-03-04', 170141183460469231731687303715884105727, 1.50,"
        " '00000000-0000-4000-8000-000000000001', INTERVAL 3 DAY, '101', [1, 2], NULL),"
        " (2, '2020-05-06', 1, NULL, NULL, NULL, NULL, NULL, NULL);"
    )
    data, _ = copied(path, {"2019-03-04": "2019"})
    query = "SELECT d, n, typeof(n), x, typeof(u), i, b, l FROM t"
    with closing(duckdb.connect(str(path), read_only=True)) as db:
        first, second = db.execute(query).fetchall()
    assert read(tmp_path, data, query) == [("2019", *first[1:]), ("2020-05-06", *second[1:])]


def test_what_was_deleted_is_in_no_copy(made, tmp_path):
    path = made("CREATE TABLE t (a VARCHAR)")
    for step in (
        "INSERT INTO t SELECT md5(i::VARCHAR) || ' canary' || i FROM range(3000) r(i)",
        "DELETE FROM t WHERE a NOT LIKE '% canary1'",
        "UPDATE t SET a = 'kept'",
    ):
        with closing(duckdb.connect(str(path))) as db:
            db.execute(step)
            db.execute("CHECKPOINT")
    assert b"canary" in path.read_bytes()
    data, _ = copied(path, {})
    assert b"canary" not in data
    assert read(tmp_path, data, "SELECT * FROM t") == [("kept",)]


def test_the_source_is_not_touched_and_nothing_is_left_beside_it(made):
    path = made("CREATE TABLE t (a VARCHAR); INSERT INTO t VALUES ('x');")
    before = path.read_bytes()
    copied(path, {"x": "y"})
    assert path.read_bytes() == before
    assert [p.name for p in path.parent.iterdir()] == ["a.duckdb"]


def test_lists_structures_and_json_are_searched_inside_and_become_json(made, tmp_path):
    path = made(
        "CREATE TABLE t (l VARCHAR[], s STRUCT(phone BIGINT, n INT), j JSON, m MAP(VARCHAR, INT));"
        "INSERT INTO t VALUES (['a', 'Quill'], {'phone': 5551234, 'n': 1}, '{\"who\": \"Quill\"}',"
        " MAP {'k': 1});"
    )
    _, (_, found) = blocks(path)
    labels = {b.text: b.label for b in found if not isinstance(b, Column)}
    assert labels["5551234"] == "phone"
    data, _ = copied(path, {"Quill": "[N]", "5551234": "[P]"})
    query = "SELECT l->>1, s->>'phone', j->>'who', typeof(m) FROM t"
    assert read(tmp_path, data, query) == [("[N]", "[P]", "[N]", "MAP(VARCHAR, INTEGER)")]


def test_blobs_that_are_text_are_searched_and_others_are_emptied(made, tmp_path):
    path = made(
        "CREATE TABLE t (a BLOB, b BLOB); INSERT INTO t VALUES ('by Quill', '\\x00\\xFF'::BLOB);"
    )
    _, (_, found) = blocks(path)
    assert [type(b) for b in found] == [Column, Media, Column]
    data, _ = copied(path, {"Quill": "[N]"})
    assert read(tmp_path, data, "SELECT a, b FROM t") == [(b"by [N]", b"")]


def test_the_catalog_is_searched_and_holds_nothing_of_what_was_found(made, tmp_path):
    path = made(
        "CREATE TYPE who AS ENUM ('Quill', 'b');"
        "CREATE TABLE t (a VARCHAR DEFAULT 'Quill', w who, CHECK (a <> 'Quill'));"
        "CREATE VIEW v AS SELECT * FROM t WHERE a = 'Quill'; CREATE MACRO m(x) AS x || 'Quill';"
        "COMMENT ON TABLE t IS 'for Quill'; COMMENT ON COLUMN t.a IS 'by Quill';"
        "INSERT INTO t VALUES ('z', 'Quill'), ('y', 'b');"
    )
    (_, schema), _ = blocks(path)
    assert sum("Quill" in text for text in texts(schema)) == 8
    data, _ = copied(path, {"Quill": "[N]"})
    assert b"Quill" not in data
    assert read(tmp_path, data, "SELECT w, m('') FROM t") == [("[N]", "[N]"), ("b", "[N]")]
    assert read(tmp_path, data, "SELECT comment FROM duckdb_tables()") == [("for [N]",)]


def test_names_are_renamed_wherever_they_stand(made, tmp_path):
    path = made(
        'CREATE SCHEMA "of Quill"; CREATE TABLE "of Quill"."Quill t" ("Quill c" INT);'
        'CREATE VIEW v AS SELECT "Quill c" AS x FROM "of Quill"."Quill t";'
        'INSERT INTO "of Quill"."Quill t" VALUES (5);'
    )
    data, warnings = copied(path, {"Quill": "[N]"})
    assert (b"Quill" in data, warnings) == (False, [])
    assert read(tmp_path, data, "SELECT x FROM v") == [(5,)]
    assert read(tmp_path, data, 'SELECT "[N] c" FROM "of [N]"."[N] t"') == [(5,)]


def test_no_row_is_lost_where_values_of_a_key_become_the_same(made, tmp_path):
    path = made(
        "CREATE SEQUENCE q START 3; CREATE TABLE t (d VARCHAR PRIMARY KEY, n INT);"
        "CREATE TABLE u (d DATE); CREATE UNIQUE INDEX i ON u (d);"
        "INSERT INTO t VALUES ('2019-01-02', nextval('q')), ('2019-03-04', 2);"
        "INSERT INTO u SELECT d::DATE FROM t;"
    )
    data, warnings = copied(path, {"-01-02": "", "-03-04": ""})
    assert read(tmp_path, data, "SELECT * FROM t ORDER BY n") == [("2019", 2), ("2019", 3)]
    assert read(tmp_path, data, "SELECT * FROM u") == [("2019",), ("2019",)]
    assert read(tmp_path, data, "SELECT start_value FROM duckdb_sequences()") == [(4,)]
    assert len(warnings) == 2


def test_views_reach_no_file(made, tmp_path):
    secret = saved(tmp_path / "secret.csv", b"a\ncanary\n")
    path = made(f"CREATE VIEW v AS SELECT * FROM read_csv('{secret}'); CREATE TABLE t (a INT);")
    data, warnings = copied(path, {})
    assert b"canary" not in data
    assert read(tmp_path, data, "SELECT count(*) FROM duckdb_views() WHERE NOT internal") == [(0,)]
    assert len(warnings) == 1


@pytest.mark.parametrize("size", [2000, 1 << 20])
def test_chunks_of_any_size_give_the_same_copy(made, tmp_path, size):
    path = made("CREATE TABLE t AS SELECT 'quill ' || i AS a FROM range(2500) r(i)")
    data, _ = copied(path, {"quill": "x"}, ReadOptions(chunk_bytes=size))
    query = "SELECT count(*), count(DISTINCT a), min(a) FROM t"
    assert read(tmp_path, data, query) == [(2500, 2500, "x 0")]


def test_a_log_beside_it_makes_it_incomplete(made):
    path = made("CREATE TABLE t (a INT); INSERT INTO t VALUES (1);")
    db = duckdb.connect(str(path))
    db.execute("PRAGMA disable_checkpoint_on_shutdown")
    db.execute("INSERT INTO t VALUES (2)")
    db.close()
    assert path.with_name("a.duckdb.wal").stat().st_size
    assert until_error(path)[1].code in {"E247", "E250"}


def test_what_is_damaged_or_no_database_is_said(made, tmp_path):
    path = made("CREATE TABLE t AS SELECT md5(i::VARCHAR) AS a FROM range(20000) r(i)")
    data = path.read_bytes()
    half = saved(tmp_path / "half.duckdb", data[: len(data) // 2])
    assert until_error(half)[1].code in {"E247", "E248"}
    none = saved(tmp_path / "none.duckdb", b"\x07" * 9000)
    error = until_error(none)[1]
    assert error.code == "E247"
    assert str(tmp_path) not in str(error)


def test_without_its_library_the_document_is_incomplete(made, monkeypatch):
    path = made("CREATE TABLE t (a INT)")
    monkeypatch.setitem(sys.modules, "duckdb", None)
    assert until_error(path)[1].code == "E220"


def test_times_are_told_as_iso_8601_in_utc(made, tmp_path):
    path = made(
        "SET TimeZone = 'Asia/Tokyo'; CREATE TABLE t (a TIMESTAMP, b TIMESTAMPTZ);"
        "INSERT INTO t VALUES ('2019-03-04 05:06:07', '2019-03-04 05:06:07.5+00');"
    )
    _, (_, found) = blocks(path)
    assert cells(found) == {"a": ["2019-03-04T05:06:07"], "b": ["2019-03-04T05:06:07.5Z"]}
    data, _ = copied(path, {"03-04T05:06:07": "x"})
    assert read(tmp_path, data, "SELECT * FROM t") == [("2019-x", "2019-x.5Z")]


def test_a_scan_ends_without_a_word_of_the_library(made):
    path = made("CREATE TABLE t AS SELECT 'abc' AS a")
    line = [sys.executable, "-m", "phisweep", "scan", "--engine", "rules", str(path)]
    ran = subprocess.run(line, capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stderr) == (0, "")

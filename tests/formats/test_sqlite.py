import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from formats.databases import blocks, cells, copied, opened, saved, texts, until_error
from phisweep.formats.base import ReadOptions
from phisweep.formats.choose import choose_format
from phisweep.model import Column, Media, Source


@pytest.fixture
def made(tmp_path):
    def make(script, *rows, name="a.sqlite"):
        path = tmp_path / name
        with closing(sqlite3.connect(path)) as db, db:
            db.executescript(script)
            for sql, values in rows:
                db.execute(sql, values)
        return path

    return make


def read(tmp_path, data, query):
    with closing(sqlite3.connect(saved(tmp_path / "copy.sqlite", data))) as db:
        assert db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        return db.execute(query).fetchall()


def test_content_tells_a_database_whatever_it_is_called(made):
    path = made("CREATE TABLE t (a)", name="notes.txt")
    assert choose_format(Source(path, "notes.txt", 1, "notes.txt"), ReadOptions()).name == "sqlite"


def test_each_table_is_a_part_with_its_columns(made):
    path = made(
        "CREATE TABLE t (zip TEXT, n INTEGER, x REAL);"
        "INSERT INTO t VALUES ('02155', 7, 1.5), (NULL, NULL, NULL);"
    )
    schema, (name, found) = blocks(path)
    assert (schema[0], name) == ("", "t")
    assert cells(found) == {"zip": ["02155", ""], "n": ["7", ""], "x": ["1.5", ""]}
    with closing(opened(path)) as document:
        assert [len(part.sample()) for part in document.parts()] == [0, 3]


def test_a_copy_without_changes_is_a_new_file_with_the_same_values(made, tmp_path):
    script = (
        "PRAGMA page_size = 1024; PRAGMA user_version = 5; PRAGMA application_id = 9;"
        "PRAGMA encoding = 'UTF-16le'; CREATE TABLE t (a, b TEXT, c INTEGER, d NUMERIC);"
        "INSERT INTO t VALUES (1, '02155', 2, 1.50), (x'00ff', 'é', NULL, 'x');"
    )
    path = made(script)
    data, _ = copied(path, {})
    assert read(tmp_path, data, "SELECT a, b, c, d FROM t LIMIT 1") == [(1, "02155", 2, 1.5)]
    for name, value in (("page_size", 1024), ("user_version", 5), ("application_id", 9)):
        assert read(tmp_path, data, f"PRAGMA {name}") == [(value,)]
    assert read(tmp_path, data, "PRAGMA encoding") == [("UTF-16le",)]


def test_what_was_deleted_is_in_the_source_and_in_no_copy(made, tmp_path):
    path = made(
        "PRAGMA secure_delete = OFF; CREATE TABLE t (a); CREATE TABLE gone (b);"
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 500)"
        " INSERT INTO t SELECT 'canary of row ' || i FROM n;"
        "INSERT INTO gone SELECT a || ' dropped' FROM t;"
        "DELETE FROM t WHERE a <> 'canary of row 1'; UPDATE t SET a = 'kept'; DROP TABLE gone;"
    )
    assert path.read_bytes().count(b"canary") > 100
    data, _ = copied(path, {})
    assert b"canary" not in data
    assert read(tmp_path, data, "SELECT a FROM t") == [("kept",)]


def test_the_source_is_not_touched_and_nothing_is_left_beside_it(made):
    path = made("CREATE TABLE t (a); INSERT INTO t VALUES ('x');")
    before = path.read_bytes(), path.stat().st_mtime_ns
    copied(path, {"x": "y"})
    assert (path.read_bytes(), path.stat().st_mtime_ns) == before
    assert [p.name for p in path.parent.iterdir()] == ["a.sqlite"]


def test_json_in_a_cell_is_searched_by_its_keys_and_stays_json(made, tmp_path):
    path = made(
        'CREATE TABLE t (doc); INSERT INTO t VALUES (\'{"phone": 5551234, "n": ["Quill"]}\');'
    )
    _, (_, found) = blocks(path)
    labels = {block.text: block.label for block in found if not isinstance(block, Column)}
    assert labels["5551234"] == "phone"
    data, _ = copied(path, {"5551234": "[PHONE]", "Quill": 'a "b"'})
    query = "SELECT json_extract(doc, '$.phone'), json_extract(doc, '$.n[0]') FROM t"
    assert read(tmp_path, data, query) == [("[PHONE]", 'a "b"')]


def test_a_blob_that_is_text_is_searched_and_any_other_is_emptied(made, tmp_path):
    path = made(
        "CREATE TABLE t (a BLOB NOT NULL, b BLOB)",
        ("INSERT INTO t VALUES (?, ?)", (b"seen by Quill", b"\x00\xff\x01")),
    )
    _, (_, found) = blocks(path)
    assert cells(found)["a"] == ["seen by Quill"]
    assert [b.location.address for b in found if isinstance(b, Media)] == [
        "column 2, from record 1 (binary)"
    ]
    data, _ = copied(path, {"Quill": "[NAME]"})
    assert read(tmp_path, data, "SELECT a, b FROM t") == [(b"seen by [NAME]", b"")]


def test_names_are_renamed_wherever_they_stand(made, tmp_path):
    path = made(
        'CREATE TABLE "Quill notes" ("of Quill" TEXT); CREATE INDEX i ON "Quill notes" ("of Quill");'
        'CREATE VIEW v AS SELECT "of Quill" AS x FROM "quill NOTES";'
        "INSERT INTO \"Quill notes\" VALUES ('a');"
    )
    data, warnings = copied(path, {"Quill": "[NAME]"})
    assert b"Quill" not in data
    assert read(tmp_path, data, "SELECT x FROM v") == [("a",)]
    assert read(tmp_path, data, 'SELECT "of [NAME]" FROM "[NAME] notes"') == [("a",)]
    assert warnings == []


def test_comments_defaults_checks_views_and_triggers_are_searched(made, tmp_path):
    path = made(
        "CREATE TABLE t (a TEXT DEFAULT 'Quill', -- for Quill's\n b CHECK (b <> 'Quill'), c);"
        "CREATE VIEW v AS SELECT * FROM t WHERE a = 'Quill' /* Quill */;"
        "CREATE TRIGGER g AFTER INSERT ON t BEGIN DELETE FROM t WHERE a = 'Quill'; END;"
    )
    (_, schema), _ = blocks(path)
    assert sum("Quill" in text for text in texts(schema)) == 6
    data, _ = copied(path, {"Quill": "it's"})
    assert b"Quill" not in data
    assert read(tmp_path, data, "SELECT count(*) FROM sqlite_schema") == [(3,)]


def test_a_key_that_becomes_text_is_kept_as_text(made, tmp_path):
    path = made(
        "CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT, a TEXT UNIQUE);"
        "INSERT INTO t VALUES (48372, 'x'), (48373, 'y');"
    )
    data, warnings = copied(path, {"48372": "[ID-1]", "48373": "[ID-2]"})
    assert read(tmp_path, data, "SELECT * FROM t ORDER BY id") == [("[ID-1]", "x"), ("[ID-2]", "y")]
    assert warnings == ["table 1: the key is no number in the copy, since its values became text"]
    assert read(tmp_path, data, "SELECT count(*) FROM pragma_index_list('t')") == [(2,)]


def test_no_row_is_lost_where_values_of_a_key_become_the_same(made, tmp_path):
    path = made(
        "CREATE TABLE t (a TEXT PRIMARY KEY, b) WITHOUT ROWID; CREATE TABLE u (d);"
        "CREATE UNIQUE INDEX i ON u (d);"
        "INSERT INTO t VALUES ('2019-01-02', 1), ('2019-03-04', 2);"
        "INSERT INTO u SELECT a FROM t;"
    )
    data, warnings = copied(path, {"-01-02": "", "-03-04": ""})
    assert read(tmp_path, data, "SELECT a, b FROM t ORDER BY b") == [("2019", 1), ("2019", 2)]
    assert read(tmp_path, data, "SELECT d FROM u INDEXED BY i") == [("2019",), ("2019",)]
    assert len(warnings) == 2


def test_a_strict_column_takes_text_and_zip_codes_keep_their_zero(made, tmp_path):
    path = made(
        "CREATE TABLE t (id INT PRIMARY KEY, n INT, z ANY) STRICT;"
        "INSERT INTO t VALUES (1, 5551234, '02155');"
    )
    data, warnings = copied(path, {"5551234": "[PHONE]"})
    assert read(tmp_path, data, "SELECT * FROM t") == [(1, "[PHONE]", "02155")]
    assert len(warnings) == 1


def test_full_text_indices_hold_nothing_of_the_old_text(made, tmp_path):
    path = made(
        "CREATE TABLE t (id INTEGER PRIMARY KEY, note);"
        "CREATE VIRTUAL TABLE own USING fts5 (body);"
        "CREATE VIRTUAL TABLE over USING fts5 (note, content='t', content_rowid='id');"
        "INSERT INTO t VALUES (1, 'seen by quill'); INSERT INTO own VALUES ('seen by quill');"
        "INSERT INTO over(over) VALUES ('rebuild');"
    )
    assert [name for name, _ in blocks(path)] == ["", "t", "own"]
    data, _ = copied(path, {"quill": "nobody"})
    assert b"quill" not in data
    assert read(tmp_path, data, "SELECT rowid FROM own WHERE own MATCH 'nobody'") == [(1,)]
    assert read(tmp_path, data, "SELECT rowid FROM over WHERE over MATCH 'nobody'") == [(1,)]


def test_computed_columns_samples_and_sequences_are_made_anew(made, tmp_path):
    path = made(
        "CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT, a, g AS (a || '!') STORED);"
        "INSERT INTO t (a) VALUES ('quill'), ('b'); DELETE FROM t WHERE id = 2; ANALYZE;"
    )
    data, _ = copied(path, {"quill": "x"})
    assert b"quill" not in data
    assert read(tmp_path, data, "SELECT id, a, g FROM t") == [(1, "x", "x!")]
    assert read(tmp_path, data, "SELECT name, seq FROM sqlite_sequence") == [("t", 2)]
    assert read(tmp_path, data, "SELECT count(*) FROM sqlite_stat1") == [(1,)]


@pytest.mark.parametrize("size", [1, 200, 1 << 20])
def test_chunks_of_any_size_give_the_same_copy(made, tmp_path, size):
    path = made(
        "CREATE TABLE t (a);"
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1200)"
        " INSERT INTO t SELECT 'quill ' || i FROM n;"
    )
    data, _ = copied(path, {"quill": "x"}, ReadOptions(chunk_bytes=size))
    query = "SELECT count(*), count(DISTINCT a), min(a) FROM t"
    assert read(tmp_path, data, query) == [(1200, 1200, "x 1")]
    first = [b.first for _, found in blocks(path, ReadOptions(chunk_bytes=size)) for b in found
             if isinstance(b, Column)]  # fmt: skip
    assert first == ([1] if size == 1 << 20 else [1, 501, 1001])


@pytest.mark.parametrize("suffix", ["-wal", "-journal"])
def test_a_log_beside_it_makes_it_incomplete(made, suffix):
    path = made("CREATE TABLE t (a); INSERT INTO t VALUES ('x');")
    log = path.with_name(path.name + suffix)
    log.write_bytes(b"")
    assert until_error(path)[1] is None
    log.write_bytes(bytes.fromhex("d9d505f920a163d7") + b"rows")
    found, error = until_error(path)
    assert (error.code, len(cells(found))) == ("E250", 1)


def test_what_is_encrypted_or_no_database_is_said(tmp_path):
    path = saved(tmp_path / "a.db", b"\x07" * 4096)
    _, error = until_error(path)
    assert error.code == "E247"
    assert str(path.parent) not in str(error)


def test_an_empty_file_is_an_empty_database(tmp_path):
    found, error = until_error(saved(tmp_path / "a.db", b""))
    assert (found, error) == ([], None)


def test_a_damaged_page_is_told_when_the_rest_was_read(made):
    path = made("CREATE TABLE a (x); INSERT INTO a VALUES ('first'); CREATE TABLE b (y);")
    with closing(sqlite3.connect(path)) as db, db:
        db.executemany("INSERT INTO b VALUES (?)", [("z" * 900,)] * 50)
    data = bytearray(path.read_bytes())
    data[-4096:] = b"\xff" * 4096
    found, error = until_error(saved(path, bytes(data)))
    assert error.code == "E248"
    assert cells(found)["x"] == ["first"]


def test_text_that_is_not_utf_8_is_an_error_or_read_as_the_user_says(made):
    path = made("CREATE TABLE t (a)", ("INSERT INTO t VALUES (CAST(? AS TEXT))", (b"Qu\xefll",)))
    assert until_error(path)[1].code == "E203"
    found, error = until_error(path, ReadOptions(encoding="cp1252"))
    assert (cells(found)["a"], error) == (["Quïll"], None)


def test_a_value_beyond_the_limit_is_an_error(made):
    path = made("CREATE TABLE t (a)", ("INSERT INTO t VALUES (?)", ("x" * 10_000,)))
    assert until_error(path, ReadOptions(max_line_bytes=5000))[1].code == "E205"


def test_a_virtual_table_of_an_unknown_module_is_an_error(made):
    path = made("CREATE TABLE t (a)")
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("PRAGMA writable_schema = ON")
        sql = "CREATE VIRTUAL TABLE far USING elsewhere (a)"
        db.execute("INSERT INTO sqlite_schema VALUES ('table', 'far', 'far', 0, ?)", (sql,))
    assert until_error(path)[1].code == "E249"


def test_addresses_point_at_rows_and_columns(made):
    path = made("CREATE TABLE t (a, b); INSERT INTO t VALUES (1, '[\"x\"]');")
    _, (_, found) = blocks(path)
    assert [b.location.address for b in found] == [
        "column 1, from record 1",
        "record 1: column 2!/0",
        "column 2, from record 1",
    ]
    assert found[0].cell == "row {record}, column {column}"
    assert Path(found[0].location.source).name == "a.sqlite"

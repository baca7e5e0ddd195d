# ruff: noqa: S608 - statements are made of what the tests invent
import sqlite3
from contextlib import closing
from itertools import chain

import pytest

from formats.databases import blocks, cells, copied, rows_are_whole, saved, texts, until_error
from phisweep.formats.base import ReadOptions
from phisweep.formats.choose import choose_format
from phisweep.model import Column, Media, Source

MYSQL = "-- MySQL dump 10.13\n"
POSTGRES = "--\n-- PostgreSQL database dump\n--\n"
SIZES = [1, 16, 100, 1 << 20]


@pytest.fixture
def made(tmp_path):
    def make(text, name="a.sql", encoding="utf-8"):
        return saved(tmp_path / name, text.encode(encoding))

    return make


def table(path, size=1 << 20):
    """Return the cells of all rows by label, in whatever chunks they come."""
    found = [b for _, part in blocks(path, ReadOptions(chunk_bytes=size)) for b in part]
    return cells(found)


AWKWARD = [
    "",
    "\ufeffSELECT 1;\r\n",
    "INSERT INTO t VALUES (1)",
    "INSERT INTO t(a)VALUES('it''s; (not) -- a comment'),(NULL) ;\n\n-- end",
    'insert into "a b"."t" ("x""y") values ( \'a\' , -1.5e3, NULL , now() )\n , ( \'b\',2,TRUE,x\'41\' );',
    "INSERT INTO t VALUES ('two\nlines', '\t', '');INSERT INTO t VALUES ('a', 'b', 'c')",
    MYSQL
    + "INSERT INTO `t` VALUES (1,'it\\'s','a\\\\'),(2,\"b\",_binary 'x');/*!40101 SET x=1 */;",
    POSTGRES + "COPY t (a, b) FROM stdin;\n1\ta\\tb\n\\N\t\n\\.\n\nSELECT $$it's; 'x$$;\n",
    POSTGRES + "COPY t FROM stdin;\r\n1\ta\r\n\\.\r\nDO $x$ ' $$ $x$;",
    "SET ANSI_NULLS ON\nGO\nINSERT [dbo].[t] ([a b]) VALUES (CAST(N'x' AS Date))\nGO\n",
    "CREATE TABLE t (a int -- it's\n, b text DEFAULT 'x' /* don't */);",
]


@pytest.mark.parametrize("text", AWKWARD)
@pytest.mark.parametrize("size", SIZES)
def test_without_edits_the_bytes_stay(made, text, size):
    path = made(text)
    assert until_error(path)[1] is None
    assert copied(path, {}, ReadOptions(chunk_bytes=size))[0] == path.read_bytes()


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig", "cp1252"])
def test_every_encoding_is_written_back(made, encoding):
    text = "INSERT INTO t (a) VALUES ('Zoë'), ('b');\n"
    path = made(text, encoding=encoding)
    assert table(path) == {"a": ["Zoë", "b"]}
    assert copied(path, {})[0] == path.read_bytes()
    assert copied(path, {"Zoë": "[X]"})[0] == text.replace("Zoë", "[X]").encode(encoding)


def test_content_tells_a_dump_whatever_it_is_called(made):
    path = made(MYSQL, name="notes.txt")
    assert choose_format(Source(path, "notes.txt", 1, "notes.txt"), ReadOptions()).name == "sql"


@pytest.mark.parametrize("size", SIZES)
def test_rows_are_columns_under_the_names_that_insert_or_create_table_gives(made, size):
    path = made(
        "CREATE TABLE IF NOT EXISTS s.t (id int PRIMARY KEY, `first name` text, CHECK (id > 0));\n"
        "INSERT INTO t VALUES (1, 'a'), (2, NULL);\nINSERT INTO t VALUES (3, 'c');\n"
        "INSERT INTO u (zip, n) VALUES ('02155', 5);\nINSERT INTO v VALUES ('x');"
    )
    assert table(path, size) == {
        "id": ["1", "2", "3"],
        "first name": ["a", "", "c"],
        "zip": ["02155"],
        "n": ["5"],
        "": ["x"],
    }
    parts = blocks(path, ReadOptions(chunk_bytes=size))
    names = [name for name, found in parts if any(isinstance(b, Column) for b in found)]
    assert list(dict.fromkeys(names)) == ["t", "u", "v"]
    assert all(rows_are_whole(found) for _, found in parts if size > 100)


@pytest.mark.parametrize("size", SIZES)
def test_rows_of_copy_are_columns_with_their_escapes_resolved(made, size):
    path = made(
        POSTGRES + "COPY public.t (a, b) FROM stdin;\n1\tx\\ty\\\\z\\n\\x41\\101\n\\N\t\n\\.\n;"
    )
    assert table(path, size) == {"a": ["1", ""], "b": ["x\ty\\z\nAA", ""]}
    data, _ = copied(path, {"x\ty": "[A]\t\\\n"})
    assert b"1\t[A]\\t\\\\\\n\\\\z\\nAA\n\\N\t\n\\.\n" in data


ESCAPES = [
    ("INSERT INTO t (a) VALUES ('it''s');", "it's", "INSERT INTO t (a) VALUES ('o''k\\');"),
    ("INSERT INTO t (a) VALUES (N'x');", "x", "INSERT INTO t (a) VALUES (N'o''k\\');"),
    ("INSERT INTO t (a) VALUES (48372);", "48372", "INSERT INTO t (a) VALUES ('o''k\\');"),
    ("INSERT INTO t (a) VALUES (x'51756c6c');", "Qull", "INSERT INTO t (a) VALUES (X'6f276b5c');"),
    (
        POSTGRES + "INSERT INTO t (a) VALUES (E'a\\tb\\'\\u0041');",
        "a\tb'A",
        POSTGRES + "INSERT INTO t (a) VALUES (E'o''k\\\\');",
    ),
    (
        POSTGRES + "INSERT INTO t (a) VALUES ('x'::date);",
        "x",
        POSTGRES + "INSERT INTO t (a) VALUES ('o''k\\'::date);",
    ),
    (
        MYSQL + "INSERT INTO t (a) VALUES ('it\\'s\\n');",
        "it's\n",
        MYSQL + "INSERT INTO t (a) VALUES ('o''k\\\\');",
    ),
    (
        MYSQL + 'INSERT INTO t (a) VALUES ("x");',
        "x",
        MYSQL + 'INSERT INTO t (a) VALUES ("o\'k\\\\");',
    ),
    ("UPDATE t SET a = 'x' WHERE b = 1;", "x", "UPDATE t SET a = 'o''k\\' WHERE b = 1;"),
]


@pytest.mark.parametrize(("text", "value", "expect"), ESCAPES)
def test_a_literal_is_read_and_written_in_its_own_manner(made, text, value, expect):
    path = made(text)
    assert copied(path, {value: "o'k\\"})[0] == expect.encode()


def test_one_change_leaves_every_other_byte(made):
    text = "insert  into t(a,b) values\n ( 'Quill' ,'keep' ) -- why\n;\nSELECT 'Quill';"
    assert copied(made(text), {"Quill": "[N]"})[0] == text.replace("Quill", "[N]").encode()


def test_a_changed_dump_can_be_loaded(made, tmp_path):
    with closing(sqlite3.connect(tmp_path / "a.db")) as db:
        db.executescript(
            "CREATE TABLE t (a TEXT, b, c BLOB); CREATE INDEX i ON t (a);"
            "INSERT INTO t VALUES ('it''s Quill', 5, x'5175696c6c'), (NULL, 1.5, x'00ff');"
        )
        path = made("\n".join(db.iterdump()))
    data, _ = copied(path, {"Quill": "'; DROP"})
    with closing(sqlite3.connect(":memory:")) as db:
        db.executescript(data.decode())
        assert db.execute("SELECT * FROM t").fetchall() == [
            ("it's '; DROP", 5, b"'; DROP"),
            (None, 1.5, b""),
        ]


def test_comments_defaults_users_and_function_bodies_are_searched(made):
    text = (
        "-- for Quill\nCREATE TABLE t (ssn text DEFAULT '219-09-9999', n int CHECK (n <> 1234567));\n"
        "ALTER TABLE t OWNER TO jquill;\nCREATE FUNCTION f() AS $$ -- by Quill\n $$;\n"
        "COMMENT ON COLUMN t.ssn IS 'of Quill'; UPDATE t SET phone = '5551234';\n"
        "-- Name: t; Type: TABLE; Owner: jquill\n"
    )
    path = made(text)
    [(name, found)] = blocks(path)
    labels = {block.text: block.label for block in found}
    assert name == "statements"
    assert labels["219-09-9999"] == "ssn"
    assert labels["1234567"] == "n"
    assert labels["5551234"] == "phone"
    assert labels["of Quill"] == ""
    assert labels["jquill"] == "user_name"
    data, _ = copied(path, {"Quill": "[N]", "jquill": "[U]"})
    assert data.decode() == text.replace("Quill", "[N]").replace("TO jquill", 'TO "[U]"').replace(
        "jquill", "[U]"
    )


def test_a_comment_stays_one_whatever_comes_into_it(made):
    data, _ = copied(made("/* Quill */ -- Quill\nSELECT 1;"), {"Quill": "a */ b\nc"})
    assert data == b"/* a * / b\nc */ -- a */ b\n-- c\nSELECT 1;"


def test_a_name_is_renamed_in_every_insert(made):
    text = "CREATE TABLE quill (a);\nINSERT INTO quill VALUES (1);\nINSERT INTO quill VALUES (2);\n"
    data, _ = copied(made(text), {"quill": "t 1"})
    assert data.decode() == text.replace("quill", '"t 1"')


def test_json_in_a_string_is_searched_by_its_keys(made):
    path = made('INSERT INTO t (doc) VALUES (\'{"note": "it\'\'s 5", "n": 7}\');')
    [(_, found)] = blocks(path)
    assert {"it's 5", "7"} <= set(texts(found))
    assert copied(path, {"7": "[X]"})[0].endswith(b"""'{"note": "it''s 5", "n": "[X]"}');""")


def test_binary_literals_are_emptied(made):
    path = made(
        POSTGRES + "COPY t (a) FROM stdin;\n\\\\x00ff00ff\n\\.\nINSERT INTO u VALUES (X'00ff');"
    )
    assert sum(isinstance(b, Media) for _, found in blocks(path) for b in found) == 2
    data, _ = copied(path, {})
    assert b"\n\\\\x\n" in data
    assert b"(X'')" in data


@pytest.mark.parametrize(
    "text",
    [
        "INSERT INTO t VALUES ('Quill",
        "INSERT INTO t VALUES (1, 'Quill'",
        "SELECT 'Quill",
        "/* Quill",
        'SELECT "Quill',
        POSTGRES + "SELECT $x$ Quill",
        POSTGRES + "COPY t (a) FROM stdin;\nQuill\n",
    ],
)
def test_what_never_ends_is_searched_and_then_an_error(made, text):
    found, error = until_error(made(text))
    assert error.code == "E251"
    assert "Quill" not in str(error)
    assert any("Quill" in value for value in (*texts(found), *chain(*cells(found).values())))


def test_a_dump_without_its_last_line_gets_a_warning(made):
    _, warnings = copied(made(MYSQL + "SELECT 1;\n"), {})
    assert len(warnings) == 1
    assert copied(made(MYSQL + "SELECT 1;\n-- Dump completed on x\n"), {})[1] == []


def test_copy_of_another_format_is_searched_and_then_an_error(made):
    path = made(POSTGRES + "COPY t (a) FROM stdin WITH (FORMAT csv);\nQuill,1\n\\.\n")
    found, error = until_error(path)
    assert error.code == "E251"
    assert "Quill,1" in texts(found)


def test_too_long_a_value_is_an_error(made):
    path = made("INSERT INTO t VALUES ('" + "x" * 5000 + "');")
    options = ReadOptions(chunk_bytes=100, max_line_bytes=1000)
    assert until_error(path, options)[1].code == "E205"


def test_lines_and_columns_point_at_the_value(made):
    text = "-- é\nINSERT INTO t (a, b) VALUES ('x',\n 'Quill'), (N'y', 'Quill');\nSELECT 'Quill';"
    path = made(text)
    lines = text.split("\n")
    for size in SIZES:
        seen = 0
        for _, found in blocks(path, ReadOptions(chunk_bytes=size)):
            for block in found:
                if isinstance(block, Column) and block.index == 1:
                    for value, col in zip(block.values.to_pylist(), block.cols, strict=True):
                        assert lines[2][col - 1 :].startswith(value)
                        seen += 1
        assert seen == 2


def test_an_address_stands_once_and_holds_no_value(made):
    path = made("SELECT 'Quill', 'Quill' -- Quill\n;INSERT INTO Quill VALUES ('Quill');")
    for _, found in blocks(path):
        addresses = [block.location.address for block in found]
        assert len(set(addresses)) == len(addresses)
        assert not any("Quill" in address for address in addresses)
        assert {block.location.source for block in found} == {"a.sql"}

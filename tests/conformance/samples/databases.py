# ruff: noqa: S608 - statements are made of what the tests invent
import sqlite3
import tempfile
from pathlib import Path

import duckdb

from conformance.sample import Sample


def in_a_file(name, work):
    """Return what `work` does with a path, and the bytes that lie there then."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        result = work(path)
        return result, path.read_bytes() if path.exists() else b""


def sqlite_file(canary):
    def fill(path):
        with sqlite3.connect(path) as db:
            db.executescript(f"""
                PRAGMA user_version = 7;
                CREATE TABLE "t {canary()}" ("c {canary()}" TEXT, n INTEGER);
                CREATE TABLE people (id INTEGER PRIMARY KEY, mail TEXT UNIQUE, -- of {canary()}
                  note TEXT DEFAULT 'ask {canary()}', doc JSON, scan BLOB);
                CREATE TABLE narrow (word TEXT PRIMARY KEY, n INT) WITHOUT ROWID;
                CREATE TABLE firm (n INT, word TEXT) STRICT;
                CREATE INDEX "i {canary()}" ON people (note);
                CREATE VIEW shown AS SELECT * FROM people WHERE mail = '{canary()}';
                CREATE TRIGGER told AFTER DELETE ON people BEGIN
                  INSERT INTO firm VALUES (1, '{canary()}'); END;
                CREATE VIRTUAL TABLE words USING fts5 (body);
            """)
            db.execute(
                'INSERT INTO "{}" VALUES (?, 1)'.format(
                    db.execute("SELECT name FROM sqlite_schema").fetchone()[0]
                ),
                (canary(),),
            )
            doc = f'{{"mail": "{canary()}", "list": [1, "{canary()}"]}}'
            row = (canary(), f"written to {canary()} today", doc, f"as {canary()}".encode())
            db.execute("INSERT INTO people (mail, note, doc, scan) VALUES (?, ?, ?, ?)", row)
            db.execute("INSERT INTO people (mail, scan) VALUES (NULL, x'00ff00')")
            db.execute("INSERT INTO narrow VALUES (?, 2)", (canary(),))
            db.execute("INSERT INTO firm VALUES (2, ?)", (canary(),))
            db.execute("INSERT INTO words VALUES (?)", (f"mail {canary()} soon",))
        db.close()

    return in_a_file("a.sqlite", fill)[1]


def sqlite_rows(data):
    def count(path):
        path.write_bytes(data)
        db = sqlite3.connect(path)
        names = [
            name
            for name, kind in db.execute("SELECT name, type FROM pragma_table_list ORDER BY rowid")
            if kind in ("table", "virtual") and not name.startswith("sqlite_")
        ]
        rows = sorted(
            (db.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0],
             len(db.execute(f'PRAGMA table_info("{name}")').fetchall()))
            for name in names
        )  # fmt: skip
        kinds = sorted(
            kind for (kind,) in db.execute("SELECT type FROM sqlite_schema WHERE sql IS NOT NULL")
        )
        version = db.execute("PRAGMA user_version").fetchone()
        assert db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        db.close()
        return rows, kinds, version

    return in_a_file("a.sqlite", count)[0]


def duckdb_file(canary):
    def fill(path):
        db = duckdb.connect(str(path))
        table, column = f"t {canary()}", f"c {canary()}"
        db.execute(f"""
            CREATE SCHEMA other;
            CREATE TABLE "{table}" ("{column}" VARCHAR, n INTEGER);
            CREATE TABLE other.people (id INTEGER PRIMARY KEY, mail VARCHAR,
              note VARCHAR DEFAULT 'ask {canary()}', list VARCHAR[], doc JSON,
              one STRUCT(mail VARCHAR), scan BLOB, price DECIMAL(9, 2));
            CREATE VIEW other.shown AS SELECT * FROM other.people WHERE mail = '{canary()}';
            CREATE MACRO told(x) AS x || '{canary()}';
            COMMENT ON TABLE other.people IS 'kept for {canary()}';
        """)
        db.execute(f'INSERT INTO "{table}" VALUES (?, 1)', [canary()])
        row = [canary(), f"to {canary()}", [canary(), "b"], f'{{"mail": "{canary()}"}}',
               {"mail": canary()}, f"as {canary()}".encode()]  # fmt: skip
        db.execute("INSERT INTO other.people VALUES (1, ?, ?, ?, ?, ?, ?, 1.50)", row)
        db.execute("INSERT INTO other.people (id, scan) VALUES (2, '\\x00\\xFF'::BLOB)")
        db.close()

    return in_a_file("a.duckdb", fill)[1]


def of_duckdb(data, work):
    def read(path):
        path.write_bytes(data)
        db = duckdb.connect(str(path), read_only=True)
        try:
            return work(db)
        finally:
            db.close()

    return in_a_file("a.duckdb", read)[0]


def duckdb_tables(db):
    query = "SELECT schema_name, table_name, sql FROM duckdb_tables() ORDER BY table_oid"
    return db.execute(query).fetchall()


def duckdb_rows(data):
    def count(db):
        tables = sorted(
            db.execute(f'SELECT count(*) FROM "{schema}"."{name}"').fetchone()[0]
            for schema, name, _ in duckdb_tables(db)
        )
        views = db.execute("SELECT count(*) FROM duckdb_views() WHERE NOT internal").fetchone()
        return tables, views, db.execute("SELECT price FROM other.people ORDER BY id").fetchall()

    return of_duckdb(data, count)


def duckdb_texts(data):
    def texts(db):
        found = [repr(row) for row in duckdb_tables(db)]
        found += [
            repr(db.execute(f'SELECT * FROM "{schema}"."{name}"').fetchall())
            for schema, name, _ in duckdb_tables(db)
        ]
        for query in (
            "SELECT sql FROM duckdb_views() WHERE NOT internal",
            "SELECT macro_definition FROM duckdb_functions() WHERE NOT internal",
            "SELECT comment FROM duckdb_tables()",
        ):
            found.append(repr(db.execute(query).fetchall()))
        return [text.encode() for text in found]

    return of_duckdb(data, texts)


def postgres(canary):
    return f"""--
-- PostgreSQL database dump
--
-- asked for, {canary()}

SET standard_conforming_strings = on;

CREATE TABLE public.people (
    id integer NOT NULL,
    mail text DEFAULT '{canary()}'::text,
    note text
);

CREATE FUNCTION public.told() RETURNS trigger LANGUAGE plpgsql AS $_$
BEGIN
  -- it's {canary()}
  RETURN new;
END $_$;

COMMENT ON TABLE public.people IS 'kept for {canary()}';

COPY public.people (id, mail, note) FROM stdin;
1	{canary()}	two\\tcells\\nof {canary()}
2	\\N	{{"mail": "{canary()}", "n": 1}}
\\.

INSERT INTO public.visits (id, mail) VALUES (1, '{canary()}');
INSERT INTO public.visits (id, mail) VALUES (2, E'it\\'s {canary()}');

UPDATE public.people SET mail = '{canary()}' WHERE id = 3;

--
-- PostgreSQL database dump complete
--
""".encode()


def mysql(canary):
    return f"""-- MySQL dump 10.13
/*!40101 SET NAMES utf8mb4 */;
CREATE TABLE `people` (
  `id` int NOT NULL, -- of {canary()}
  `mail` varchar(90) DEFAULT '{canary()}' COMMENT 'from {canary()}',
  `{canary()}` text
) ENGINE=InnoDB;
INSERT INTO `people` VALUES (1,'{canary()}','it\\'s {canary()}'),(2,NULL,"a \\"b\\" {canary()}");
INSERT INTO `people` VALUES (3,'{canary()}',0x{canary().encode().hex()});
# {canary()}
-- Dump completed on the day
""".encode()


def mssql(canary):
    text = f"""USE [clinic]
GO
/* {canary()} */
CREATE TABLE [dbo].[People]([Id] [int] NOT NULL,[E Mail] [nvarchar](50) NULL)
GO
INSERT [dbo].[People] ([Id], [E Mail]) VALUES (1, N'{canary()}')
INSERT [dbo].[People] ([Id], [E Mail]) VALUES (CAST(2 AS Numeric(18, 0)), CAST(N'{canary()}' AS NVarChar(50)))
GO
"""
    return b"\xff\xfe" + text.replace("\n", "\r\n").encode("utf-16-le")


def lines(data):
    wide = data.startswith(b"\xff\xfe")
    text = data.decode("utf-16" if wide else "utf-8")
    return text.count("\n"), text.count("\t"), text.count(";"), text.count("(")


def hexadecimal(data):
    """Yield the data, and what stands in it as digits."""
    yield data
    for piece in data.split(b"0x")[1:]:
        digits = piece.split(b")")[0]
        yield bytes.fromhex(digits.decode("ascii", "replace")) if digits.isalnum() else b""


SAMPLES = [
    Sample("a.sqlite", sqlite_file, sqlite_rows, least=16),
    Sample("a.duckdb", duckdb_file, duckdb_rows, duckdb_texts, least=13),
    Sample("postgres.sql", postgres, lines, least=10),
    Sample("mysql.sql", mysql, lines, hexadecimal, least=9),
    Sample("mssql.sql", mssql, lines, least=3),
]

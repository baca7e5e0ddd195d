"""What a DuckDB file says of itself: the statements that make it, and how its columns are read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from phisweep.formats.database.sqlite_catalog import identifier

_NESTED = ("STRUCT", "MAP", "UNION", "JSON", "VARIANT")


@dataclass(frozen=True, slots=True)
class Field:
    """A column that holds values of its own."""

    name: str = field(repr=False)
    type: str = field(repr=False)

    @property
    def binary(self) -> bool:
        """Whether it holds bytes."""
        return self.type == "BLOB"

    @property
    def nested(self) -> bool:
        """Whether it holds lists, structures or JSON."""
        return self.type.endswith("]") or self.type.startswith(_NESTED)

    @property
    def text_type(self) -> str:
        """The type that holds what its values become."""
        return "JSON" if self.nested else "VARCHAR"

    def as_text(self, of: str = "") -> str:
        """Return the expression for its values as they are searched."""
        name = of + identifier(self.name)
        if self.binary:
            return name
        if self.nested:
            return f"CAST(to_json({name}) AS VARCHAR)"
        if self.type.startswith("TIMESTAMP"):  # as ISO 8601; the zone of a session is UTC
            utc = f"regexp_replace(CAST({name} AS VARCHAR), '[+]00$', 'Z')"
            return f"replace({utc}, ' ', 'T')"
        return f"CAST({name} AS VARCHAR)"


@dataclass(frozen=True, slots=True)
class DuckTable:
    """A table; `statement` is the 1-based number of the one that makes it."""

    schema: str = field(repr=False)
    name: str = field(repr=False)
    number: int
    statement: int
    fields: tuple[Field, ...] = field(repr=False)

    @property
    def called(self) -> str:
        """The name, with its schema where that is another than main."""
        return self.name if self.schema == "main" else f"{self.schema}.{self.name}"

    def at(self, schema: str = "", name: str = "") -> str:
        """Return the qualified name in quotes, or that of the copy."""
        return f"{identifier(schema or self.schema)}.{identifier(name or self.name)}"


@dataclass(frozen=True, slots=True)
class DuckCatalog:
    """`statements` before the rows come first, then those that are made when they are there."""

    statements: Sequence[str] = field(repr=False)
    first: int  # how many of them stand before the rows
    tables: Sequence[DuckTable] = field(repr=False)
    left_out: Sequence[str] = ()


def read_catalog(connection: Any) -> DuckCatalog:
    """Return what stands in the catalog. Raises duckdb.Error."""
    schemas = [r["schema_name"] for r in _rows(connection, "schemas") if r["schema_name"] != "main"]
    statements = [f"CREATE SCHEMA IF NOT EXISTS {identifier(name)}" for name in schemas]
    left_out = []
    for row in _rows(connection, "types"):
        labels = row.get("labels")
        at = f"{identifier(row['schema_name'])}.{identifier(row['type_name'])}"
        if row["logical_type"] == "ENUM" and labels:
            values = ", ".join(text_literal(label) for label in labels)
            statements.append(f"CREATE TYPE {at} AS ENUM ({values})")
        elif row["database_name"] not in ("system", "temp"):
            left_out.append("a named type, of which its columns are shown as it is made of")
    statements += [_sequence(row) for row in _rows(connection, "sequences")]
    columns = _columns(connection)
    tables: list[DuckTable] = []
    for row in sorted(_rows(connection, "tables"), key=lambda r: r["table_oid"]):
        statements.append(row["sql"])
        key = row["schema_name"], row["table_name"]
        tables.append(DuckTable(*key, len(tables) + 1, len(statements), tuple(columns[key])))
    first = len(statements)
    statements += [row["sql"] for row in _rows(connection, "indexes") if row["sql"]]
    statements += [_macro(row) for row in _rows(connection, "functions")]
    statements += [row["sql"] for row in _rows(connection, "views")]
    statements += _comments(connection)
    return DuckCatalog(statements, first, tables, left_out)


def in_utc(connection: Any) -> None:
    """Have times with a zone told in UTC, where the library knows zones."""
    known = "SELECT 1 FROM duckdb_settings() WHERE name = 'TimeZone'"
    if connection.execute(known).fetchone():
        connection.execute("SET TimeZone = 'UTC'")


def text_literal(text: str) -> str:
    """Return a text as a literal."""
    return "'" + text.replace("'", "''") + "'"


def _rows(connection: Any, what: str) -> list[Mapping[str, Any]]:
    cursor = connection.execute(
        f"SELECT * FROM duckdb_{what}() WHERE database_name = current_database()"  # noqa: S608
        + ("" if what in ("indexes", "sequences", "constraints") else " AND NOT internal")
    )
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _columns(connection: Any) -> dict[tuple[str, str], list[Field]]:
    out: dict[tuple[str, str], list[Field]] = {}
    for row in sorted(_rows(connection, "columns"), key=lambda r: r["column_index"]):
        of = out.setdefault((row["schema_name"], row["table_name"]), [])
        if not row.get("is_generated"):
            of.append(Field(row["column_name"], row["data_type"]))
    return out


def _sequence(row: Mapping[str, Any]) -> str:
    sql = str(row["sql"])
    if row["last_value"] is None:
        return sql
    begin = int(row["last_value"]) + int(row["increment_by"])
    return sql.replace(f" START {row['start_value']} ", f" START {begin} ")


def _macro(row: Mapping[str, Any]) -> str:
    name = f"{identifier(row['schema_name'])}.{identifier(row['function_name'])}"
    table = " TABLE" if row["function_type"] == "table_macro" else ""
    body = row["macro_definition"]
    return f"CREATE MACRO {name}({', '.join(map(identifier, row['parameters']))}) AS{table} {body}"


def _comments(connection: Any) -> Iterator[str]:
    """Yield what COMMENT ON says of things."""
    kinds = {
        "tables": ("TABLE", "table_name"),
        "views": ("VIEW", "view_name"),
        "indexes": ("INDEX", "index_name"),
        "sequences": ("SEQUENCE", "sequence_name"),
        "types": ("TYPE", "type_name"),
    }
    for what, (kind, name) in kinds.items():
        for row in _rows(connection, what):
            if row.get("comment"):
                at = f"{identifier(row['schema_name'])}.{identifier(row[name])}"
                yield f"COMMENT ON {kind} {at} IS {text_literal(row['comment'])}"
    for row in _rows(connection, "columns"):
        if row.get("comment"):
            names = (row["schema_name"], row["table_name"], row["column_name"])
            at = ".".join(map(identifier, names))
            yield f"COMMENT ON COLUMN {at} IS {text_literal(row['comment'])}"

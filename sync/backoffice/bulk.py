"""Statements every batch needs, at the speed of the driver: compiled once, many rows in one go.

SQLite takes rows one by one in its own loop; PostgreSQL takes them all as one JSON text, which costs both ends a
fraction of one statement a row. Not for: anything rare; plain SQLAlchemy says that more clearly.
"""

from __future__ import annotations

from collections.abc import Sequence

from pydantic_core import to_json
from sqlalchemy import Connection, CursorResult, Dialect, Select, Table, UpdateBase
from sqlalchemy.dialects import sqlite

Row = dict[str, str | int | None]
"""One row on its way into a table, by column name."""

Statement = UpdateBase | Select[*tuple[object, ...]]

_Ready = tuple[str, tuple[str, ...] | None]
"""SQL in the driver's words, and the order of its parameters where they have no names."""


class Bulk:
    """Keeps the compiled form of every statement it was given, so give it only constants."""

    def __init__(self, *, is_sqlite: bool) -> None:
        self._is_sqlite = is_sqlite
        self._ready: dict[Statement | Table, _Ready] = {}

    def run(self, connection: Connection, statement: Statement, values: Row) -> CursorResult[tuple[object, ...]]:
        """Run one statement; its parameters are named by `values`, of types the driver takes as they are."""
        sql, order = self._compiled(connection.dialect, statement, values)
        return connection.exec_driver_sql(sql, values if order is None else _ordered(values, order))

    def run_many(self, connection: Connection, statement: UpdateBase, rows: Sequence[Row]) -> int:
        """Run an UPDATE once for each row of parameters.

        Returns:
            How many rows of tables were written.
        """
        sql, order = self._compiled(connection.dialect, statement, rows[0])
        if order is None:
            return connection.exec_driver_sql(sql, list(rows)).rowcount
        return connection.exec_driver_sql(sql, [_ordered(row, order) for row in rows]).rowcount

    def insert_new(self, connection: Connection, table: Table, rows: Sequence[Row]) -> int:
        """Insert those rows that clash with no unique key; all have the same members.

        Returns:
            How many were inserted.
        """
        ready = self._ready.get(table)
        if ready is None:
            ready = self._ready[table] = self._insert(connection.dialect, table, tuple(rows[0]))
        sql, order = ready
        if order is not None:
            return connection.exec_driver_sql(sql, [_ordered(row, order) for row in rows]).rowcount
        return connection.exec_driver_sql(sql, {"rows": to_json(rows).decode()}).rowcount

    def _insert(self, dialect: Dialect, table: Table, names: tuple[str, ...]) -> _Ready:
        if self._is_sqlite:
            compiled = sqlite.insert(table).on_conflict_do_nothing().compile(dialect=dialect, column_keys=list(names))
            return str(compiled), tuple(getattr(compiled, "positiontup", None) or ())
        typed = ", ".join(f"{name} {table.c[name].type.compile(dialect=dialect)}" for name in names)
        into = f"INSERT INTO {table.name} ({', '.join(names)})"
        rows = f"SELECT * FROM json_to_recordset(%(rows)s::json) AS new({typed})"  # noqa: S608 - names of our schema
        return f"{into} {rows} ON CONFLICT DO NOTHING", None

    def _compiled(self, dialect: Dialect, statement: Statement, values: Row) -> _Ready:
        ready = self._ready.get(statement)
        if ready is None:
            compiled = statement.compile(dialect=dialect, column_keys=list(values))
            order = getattr(compiled, "positiontup", None)
            ready = self._ready[statement] = (str(compiled), tuple(order) if order else None)
        return ready


def _ordered(row: Row, order: tuple[str, ...]) -> tuple[str | int | None, ...]:
    return tuple(map(row.__getitem__, order))

"""What PostgreSQL is asked, and what it makes of it."""

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import Connection, event

from shared.store.database import Database

Plan = Mapping[str, Any]
Statement = tuple[str, Any]


def asked(database: Database, ask: Callable[[Connection], Any]) -> list[Statement]:
    """The statements of which this consists, as PostgreSQL gets them; what they changed is taken back."""
    heard: list[Statement] = []

    def hear(_connection: object, _cursor: object, sql: str, parameters: Any, *_: object) -> None:
        heard.append((sql, parameters))

    event.listen(database.reads, "before_cursor_execute", hear)
    try:
        with database.reads.connect() as connection:
            ask(connection)
    finally:
        event.remove(database.reads, "before_cursor_execute", hear)
    return heard


def explained(connection: Connection, statement: Statement, form: str) -> list[Any]:
    """PostgreSQL's plan of a statement; `form` is what stands in EXPLAIN's brackets."""
    sql, parameters = statement
    return list(connection.exec_driver_sql(f"EXPLAIN ({form}) {sql}", parameters))

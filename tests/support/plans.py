"""How PostgreSQL goes about what a question asks of it."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, event

from shared.store.database import Database
from tests.support.questions import LIMIT, Question

Plan = Mapping[str, Any]
Statement = tuple[str, Any]


def asked(database: Database, question: Question) -> list[Statement]:
    """The statements of which the question consists, as PostgreSQL gets them; what they changed is taken back."""
    heard: list[Statement] = []

    def hear(_connection: object, _cursor: object, sql: str, parameters: Any, *_: object) -> None:
        heard.append((sql, parameters))

    event.listen(database.reads, "before_cursor_execute", hear)
    try:
        with database.reads.connect() as connection:
            question.ask(connection, LIMIT)
    finally:
        event.remove(database.reads, "before_cursor_execute", hear)
    return heard


def explained(connection: Connection, statement: Statement, form: str) -> list[Any]:
    """PostgreSQL's plan of a statement."""
    sql, parameters = statement
    return list(connection.exec_driver_sql(f"EXPLAIN (FORMAT {form}) {sql}", parameters))

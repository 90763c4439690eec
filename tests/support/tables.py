"""What lies in a database's tables, looked at or changed from outside."""

from typing import Any

from sqlalchemy import NullPool, create_engine, text

from shared.store.database import driver_url


def rows(url: str, sql: str, **values: Any) -> list[Any]:
    """What a query finds."""
    with create_engine(driver_url(url), poolclass=NullPool).connect() as connection:
        return list(connection.execute(text(sql), values).all())


def execute(url: str, sql: str, **values: Any) -> None:
    """Change what lies there, as time or an accident would."""
    with create_engine(driver_url(url), poolclass=NullPool).begin() as connection:
        connection.execute(text(sql), values)

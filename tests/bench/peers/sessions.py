"""One transaction a message."""

from collections.abc import Iterable

from sqlalchemy import create_engine
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, sessionmaker

from tests.bench.peers.tables import Model, in_schema

Sessions = sessionmaker[Session]


def sessions_in(schema: str, database_url: str, most: int) -> Sessions:
    """Sessions on this schema, at most so many at once."""
    engine = create_engine(database_url, connect_args=in_schema(schema), pool_size=most, max_overflow=0)
    return sessionmaker(engine)


def insert_once(sessions: Sessions, rows: Iterable[Model]) -> None:
    """Write these rows, unless they are there because their message came before."""
    try:
        with sessions.begin() as session:
            session.add_all(rows)
    except IntegrityError:
        pass

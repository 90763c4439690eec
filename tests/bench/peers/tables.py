"""The peers' tables, by SQLAlchemy's ORM: the columns of the real ones that the summons job fills.

Their schema is not named here: each service of each peer has its own, and works in it by `search_path`.
"""

from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import DateTime, Index, Text, create_engine, func, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.schema import CreateSchema, DropSchema

SERVICES = ("intake", "dispatch", "notice")


class Model(DeclarativeBase):
    """What the models of all services have in common."""

    __abstract__ = True
    type_annotation_map: ClassVar[dict[Any, Any]] = {str: Text, datetime: DateTime(timezone=True), list[str]: JSONB}


class Case(Model):
    """Intake's: a call that became a case."""

    __tablename__ = "case"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[str]
    state: Mapped[str]
    category: Mapped[str]
    area: Mapped[str]
    address: Mapped[str]
    summary: Mapped[str]
    reference: Mapped[str]
    registered_at: Mapped[datetime]
    whistled_at: Mapped[datetime]
    dispatched_at: Mapped[datetime | None]
    departments: Mapped[list[str]]


class Assignment(Model):
    """Dispatch's: one department's part in a case."""

    __tablename__ = "assignment"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    case_id: Mapped[UUID] = mapped_column(index=True)
    area: Mapped[str]
    department: Mapped[str]
    part: Mapped[str]
    state: Mapped[str]
    dispatched_at: Mapped[datetime]
    delivered_at: Mapped[datetime | None]


class Summons(Model):
    """Notice's: what lies in a department's inbox."""

    __tablename__ = "summons"
    __table_args__ = (Index("summons_inbox", "department", text("(state = 'unread')"), "delivered_at", "id"),)
    __mapper_args__ = {"eager_defaults": False}  # noqa: RUF012 - SQLAlchemy's; nobody needs delivered_at back at once

    id: Mapped[UUID] = mapped_column(primary_key=True)
    case_id: Mapped[UUID] = mapped_column(index=True)
    number: Mapped[str]
    category: Mapped[str]
    area: Mapped[str]
    address: Mapped[str]
    summary: Mapped[str]
    department: Mapped[str]
    part: Mapped[str]
    state: Mapped[str]
    summoned_at: Mapped[datetime]
    delivered_at: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp())


MODELS = {"intake": Case, "dispatch": Assignment, "notice": Summons}


def schema_of(peer: str, service: str) -> str:
    """The schema of one service of one peer."""
    return f"{peer}_{service}"


def in_schema(schema: str) -> dict[str, str]:
    """What the driver is told for a connection whose tables are those of this schema."""
    return {"options": f"-csearch_path={schema}"}


def make_schemas(database_url: str, peer: str) -> None:
    """Each service's schema with its table."""
    for service in SERVICES:
        schema = schema_of(peer, service)
        engine = create_engine(database_url, connect_args=in_schema(schema))
        with engine.begin() as connection:
            connection.execute(CreateSchema(schema))
            Model.metadata.create_all(connection, tables=[Model.metadata.tables[MODELS[service].__tablename__]])
        engine.dispose()


def drop_schemas(database_url: str, peer: str) -> None:
    """All three, with what lies in them."""
    engine = create_engine(database_url)
    with engine.begin() as connection:
        for service in SERVICES:
            connection.execute(DropSchema(schema_of(peer, service), cascade=True, if_exists=True))
    engine.dispose()

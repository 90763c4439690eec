"""The directory's tables, and which aggregate lies in which."""

from typing import Any

from sqlalchemy import Column, DateTime, Index, Integer, MetaData, Table, Text
from sqlalchemy.dialects.postgresql import JSONB

from services.directory.domain.dataset import Dataset
from services.directory.domain.person import Person
from shared.store.plumbing import plumbing as shared_tables

metadata = MetaData(schema="directory")
plumbing = shared_tables(metadata)

dataset = Table(
    "dataset",
    metadata,
    Column("id", Text, primary_key=True),
    Column("content", JSONB, nullable=False),
    Column("version", Integer, nullable=False),
)

person = Table(
    "person",
    metadata,
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("roles", JSONB, nullable=False),
    Column("department", Text, nullable=False),
    Column("area", Text, nullable=False),
    Column("certificate", Text, nullable=False),
    Column("phone", Text, nullable=False),
    Column("password_hash", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("failed_logins", Integer, nullable=False),
    Column("locked_until", DateTime(timezone=True)),
    Column("decisions", JSONB, nullable=False),
    Column("version", Integer, nullable=False),
    Index("person_state", "state"),
    Index("person_department", "department", "id"),
    Index("person_area", "area", postgresql_ops={"area": "text_pattern_ops"}),
)

AGGREGATES: dict[type[Any], Table] = {Dataset: dataset, Person: person}

"""What enforcement answers: records and evidence to their department and to the street that watches."""

from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, func, literal_column, not_, select

from services.enforcement.domain.evidence import Evidence
from services.enforcement.domain.record import Record
from services.enforcement.domain.values import Use
from services.enforcement.store import tables
from shared.access.actor import Actor
from shared.access.filters import visible
from shared.store.pages import page
from shared.store.reads import aggregate, one

Row = Mapping[str, Any]

assignment, record = tables.assignment, tables.record
evidence, custody = tables.evidence, tables.custody
LISTED = [record.c[name] for name in ("id", "case_id", "assignment_id", "department", "area", "state", "officers")]
LISTED += [record.c[name] for name in ("opened_by", "opened_at", "version")]


def list_records(connection: Connection, actor: Actor, limit: int, after: str, **wanted: Any) -> Row:
    """A page of the records that the actor may see, the last opened first; each tells how many leads wait for them.

    `wanted` are columns' values, and whether a record is `open`.
    """
    told = (*LISTED, *map(_of_assignment, ("number", "category")), _to_review(actor))
    rows = select(*told).where(_seen(record, actor, "enforcement.list_records"))
    for name, value in wanted.items():
        rows = rows.where(_is_open(value) if name == "open" else record.c[name] == value)
    return page(connection, rows, (record.c.opened_at, record.c.id), limit, after)


def show_record(connection: Connection, actor: Actor, record_id: UUID) -> Record:
    """A record with all that was found and ordered."""
    rows = select(record).where(record.c.id == record_id, _seen(record, actor, "enforcement.show_record"))
    return aggregate(one(connection, rows, "record"), Record)


def list_evidence(connection: Connection, actor: Actor, record_id: UUID, limit: int, after: str) -> Row:
    """A page of the evidence of a record, the latest first."""
    show_record(connection, actor, record_id)
    rows = select(evidence).where(evidence.c.record_id == record_id)
    return page(connection, rows, (evidence.c.added_at, evidence.c.id), limit, after)


def show_evidence(connection: Connection, actor: Actor, evidence_id: UUID) -> Evidence:
    """A piece of evidence."""
    rows = select(evidence).where(evidence.c.id == evidence_id, _seen(evidence, actor, "enforcement.show_record"))
    return aggregate(one(connection, rows, "evidence"), Evidence)


def list_custody(connection: Connection, actor: Actor, evidence_id: UUID, limit: int, after: str) -> Row:
    """A page of a piece's chain of custody, the latest entry first."""
    show_evidence(connection, actor, evidence_id)
    rows = select(custody).where(custody.c.evidence_id == evidence_id)
    return page(connection, rows, (custody.c.at, custody.c.id), limit, after)


def named_files(connection: Connection, digests: Collection[str]) -> set[str]:
    """Which of these files are evidence; what only was uploaded may go when it is old."""
    return set(connection.execute(select(evidence.c.sha256).where(evidence.c.sha256.in_(digests))).scalars())


def _seen(table: Any, actor: Actor, operation: str) -> ColumnElement[bool]:
    return visible(operation, actor, area=table.c.area, department=table.c.department)


def _is_open(wanted: bool) -> ColumnElement[bool]:
    # The final states are written out, so that PostgreSQL recognises its partial index.
    ended: list[ColumnElement[str]] = [literal_column(f"'{state}'") for state in tables.ENDED]
    return record.c.state.not_in(ended) if wanted else record.c.state.in_(ended)


def _of_assignment(name: str) -> ColumnElement[Any]:
    found = select(assignment.c[name]).where(assignment.c.id == record.c.assignment_id)
    return found.correlate(record).scalar_subquery().label(name)


def _to_review(actor: Actor) -> ColumnElement[int]:
    """How many leads of an open record nobody has reviewed and this actor may: not their own, nor after a recusal."""
    leads = (
        select(func.count())
        .select_from(evidence)
        .where(
            evidence.c.record_id == record.c.id,
            evidence.c.use == str(Use.LEAD),
            evidence.c.use_reason == "",
            evidence.c.added_by != actor.id,
            _is_open(True),
            not_(record.c.recusals.contains([{"officer": actor.id}])),
        )
    )
    return leads.correlate(record).scalar_subquery().label("to_review")

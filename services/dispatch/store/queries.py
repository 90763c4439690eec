"""What dispatch answers: assignments and cases to whom the policy shows them, and what was never delivered."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple, TypeVar
from uuid import UUID

import msgspec
from sqlalchemy import ColumnElement, Connection, RowMapping, Select, and_, exists, func, select

from services.dispatch.domain.assignment import ENDED, Assignment
from services.dispatch.domain.case import Case
from services.dispatch.domain.summoning import called_by_table
from services.dispatch.domain.town import SNAPSHOTS, Department, read_town
from services.dispatch.store.tables import assignment, case, plumbing
from shared.access.actor import Actor
from shared.access.filters import visible
from shared.errors import AppError
from shared.messaging.watch import Unconfirmed, is_late
from shared.runtime import clock
from shared.store.pages import page
from shared.store.reads import one, snapshot

MOST_UNCONFIRMED = 1_000  # cases that the watch looks at in one round

FIELDS: dict[type[Any], tuple[str, ...]] = {kind: kind.__struct_fields__ for kind in (Assignment, Case)}

T = TypeVar("T")
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class AssignmentOfCase:
    """An assignment with the facts of its case."""

    assignment: Assignment
    case: Case

    @property
    def version(self) -> int:
        """The assignment's."""
        return self.assignment.version


@dataclass(frozen=True, slots=True)
class WholeCase:
    """A case and everybody who was ever summoned for it, in this order."""

    case: Case
    summons: Sequence[Assignment]

    @property
    def version(self) -> int:
        """The case's."""
        return self.case.version


class Question(NamedTuple):
    """What a whistle that is not blown yet would be about."""

    kind: str
    category: str
    area: str


class Forecast(NamedTuple):
    """Whom a whistle would summon and within how many minutes, or the refusal that says why nobody."""

    lead: Department | None = None
    supports: Sequence[Department] = ()
    limit_minutes: int | None = None
    signing_limit_minutes: int | None = None
    refusal: AppError | None = None

    @property
    def reason(self) -> str:
        """The refusal's slug, as `dispatch.awaited` would name it."""
        return self.refusal.slug if self.refusal else ""


def forecast(connection: Connection, question: Question) -> Forecast:
    """Whom a whistle about this would summon now, by the rule and the snapshots by which it would."""
    town = read_town(*(snapshot(connection, plumbing, name) for name in SNAPSHOTS))
    try:
        called, limits = called_by_table(town, question)
    except AppError as unanswered:
        return Forecast(refusal=unanswered)
    lead, *supports = (one.department for one in called)
    return Forecast(lead, supports, limits.close, limits.sign)


def list_assignments(connection: Connection, actor: Actor, limit: int, after: str, **wanted: object) -> Row:
    """A page of assignments, the newest first; `wanted` are values of columns such as case_id, department or state."""
    rows = _assignments("dispatch.list_assignments", actor)
    rows = rows.where(*(assignment.c[name] == value for name, value in wanted.items()))
    return _with_cases(page(connection, rows, (assignment.c.dispatched_at, assignment.c.id), limit, after))


def list_undelivered(connection: Connection, actor: Actor, limit: int, after: str) -> Row:
    """A page of summonses that for a while nobody has confirmed to lie in an inbox, the newest first."""
    rows = _assignments("dispatch.list_undelivered", actor).where(_undelivered(clock.now()))
    return _with_cases(page(connection, rows, (assignment.c.clock_from, assignment.c.id), limit, after))


def show_assignment(connection: Connection, actor: Actor, id: UUID) -> AssignmentOfCase:
    """An assignment with the facts of its case; `NotFound` also for one that the actor may not see."""
    rows = _assignments("dispatch.show_assignment", actor).where(assignment.c.id == id)
    return _assignment_of_case(one(connection, rows, "assignment"))


def list_cases(connection: Connection, actor: Actor, limit: int, after: str, **wanted: object) -> Row:
    """A page of cases, the newest whistle first; `wanted` are values of columns such as state, kind or category."""
    alike = [(case.c.state, str(wanted.pop("state")))] if "state" in wanted else []
    rows = _cases("dispatch.list_cases", actor).where(*(case.c[name] == value for name, value in wanted.items()))
    found = page(connection, rows, (case.c.whistled_at, case.c.id), limit, after, alike=alike)
    return {**found, "items": [_loaded(Case, row) for row in found["items"]]}


def show_case(connection: Connection, actor: Actor, id: UUID) -> WholeCase:
    """A case and who was summoned; `NotFound` also for one that the actor may not see."""
    row = one(connection, _cases("dispatch.show_case", actor).where(case.c.id == id), "case")
    order = (assignment.c.dispatched_at, assignment.c.part, assignment.c.id)
    rows = connection.execute(select(assignment).where(assignment.c.case_id == id).order_by(*order)).mappings()
    return WholeCase(_loaded(Case, row), [_loaded(Assignment, each) for each in rows])


def unconfirmed(connection: Connection, now: datetime) -> list[Unconfirmed]:
    """The cases with summonses that nobody has confirmed to lie in an inbox, those that wait longest first."""
    since = func.min(assignment.c.clock_from)
    rows = select(assignment.c.case_id, since).where(_undelivered(now)).group_by(assignment.c.case_id)
    found = connection.execute(rows.order_by(since).limit(MOST_UNCONFIRMED))
    return [Unconfirmed(str(case_id), waiting) for case_id, waiting in found]


def _undelivered(now: datetime) -> ColumnElement[bool]:
    return and_(
        assignment.c.delivered_at.is_(None),
        assignment.c.state.not_in(ENDED),
        is_late(assignment.c.clock_from, now),
    )


def _assignments(operation: str, actor: Actor) -> Select[Any]:
    """Assignments with their cases (`case.…`), as far as this operation shows them to the actor."""
    seen = visible(operation, actor, area=assignment.c.area, department=assignment.c.department)
    facts = (column.label(f"case.{column.name}") for column in case.c)
    return select(assignment, *facts).join(case, case.c.id == assignment.c.case_id).where(seen)


def _cases(operation: str, actor: Actor) -> Select[Any]:
    """Cases as far as this operation shows them to the actor: a department sees those in which it takes part."""
    mine = exists().where(
        assignment.c.case_id == case.c.id,
        assignment.c.department == actor.department,
        assignment.c.state.not_in(ENDED),
    )
    return select(case).where(visible(operation, actor, area=case.c.area, taking_part=mine))


def _with_cases(found: Row) -> Row:
    return {**found, "items": [_assignment_of_case(row) for row in found["items"]]}


def _assignment_of_case(row: Row | RowMapping) -> AssignmentOfCase:
    return AssignmentOfCase(_loaded(Assignment, row), _loaded(Case, row, "case."))


def _loaded(kind: type[T], row: Row | RowMapping, prefix: str = "") -> T:
    """The aggregate whose fields lie in these columns of a row."""
    return msgspec.convert({name: row[f"{prefix}{name}"] for name in FIELDS[kind]}, kind)

"""What closure answers: cases to staff within the policy, outcomes to everybody, their own case to residents."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, or_, select

from services.closure.domain.case import Case
from services.closure.domain.feedback import Feedback
from services.closure.domain.following import Followed, followed
from services.closure.domain.photo import Photo
from services.closure.domain.reporter import Reporter
from services.closure.domain.town import closing_condition
from services.closure.domain.transitions import State
from services.closure.store import tables
from shared.access.actor import Actor
from shared.access.filters import visible, within
from shared.store.pages import page
from shared.store.reads import aggregate, one, snapshot

Row = Mapping[str, Any]

case, reporter, feedback, outcome, photo = (
    tables.case,
    tables.reporter,
    tables.feedback,
    tables.outcome,
    tables.photo,
)
LISTED = [
    case.c[name]
    for name in (
        "id",
        "number",
        "kind",
        "category",
        "area",
        "summary",
        "state",
        "round",
        "handed_at",
        "closed_at",
        "archived_at",
        "version",
    )
]


def list_cases(
    connection: Connection, actor: Actor, limit: int, after: str, state: str | None = None, area: str | None = None
) -> Row:
    """A page of the cases that the actor may see, the last handed over first."""
    rows = select(*LISTED).where(_seen(actor, "closure.list_cases"))
    if area:
        rows = rows.where(within(case.c.area, area))
    alike = [(case.c.state, state)] if state else []
    return page(connection, rows, (case.c.handed_at, case.c.id), limit, after, alike=alike)


def show_case(connection: Connection, actor: Actor, case_id: UUID) -> Row:
    """A case with what was done, verified, answered and evaluated; a department sees of these only its own."""
    whole = visible("closure.see_whole_case", actor, area=case.c.area).label("whole")
    row = one(connection, select(case, whole).where(case.c.id == case_id, _seen(actor, "closure.show_case")), "case")
    shown = aggregate(row, Case)
    done = {given.id: given for given in _feedbacks(connection, shown.id)}
    departments = {part.department for part in shown.parts} if row["whole"] else {actor.department}
    return {
        **{column.name: row[column.name] for column in LISTED},
        "place": shown.place,
        "measures": shown.measures,
        "closing_condition": closing_condition(snapshot(connection, tables.plumbing, "categories"), shown.category),
        "parts": [
            {"part": part, "feedback": done.get(part.assignment_id)}
            for part in shown.parts
            if part.department in departments
        ],
        "verifications": shown.verifications,
        "closings": shown.closings,
        "evaluations": [score for score in shown.evaluations if score.department in departments],
        "reporters": _reporters(connection, shown.id) if row["whole"] else [],
    }


def follow_case(connection: Connection, digest: str, now: datetime) -> Followed:
    """The case of whoever has this tracking digest, as far as a reporter may know it."""
    own = aggregate(one(connection, select(reporter).where(reporter.c.id == digest), "case"), Reporter)
    found = aggregate(one(connection, select(case).where(case.c.id == own.case_id), "case"), Case)
    return followed(found, own, _feedbacks(connection, own.case_id), now)


def find_photo(connection: Connection, actor: Actor, photo_id: UUID) -> Photo:
    """A photo of a case that the actor may see, or one that they sent themselves."""
    seen = or_(photo.c.sent_by == actor.id, _seen(actor, "closure.read_photo"))
    wanted = select(photo).outerjoin(case, case.c.id == photo.c.case_id).where(photo.c.id == photo_id, seen)
    return aggregate(one(connection, wanted, "photo"), Photo)


def named_files(connection: Connection, digests: Collection[str]) -> set[str]:
    """Which of these files show a case; what was only uploaded may go when it is old."""
    return set(
        connection.scalars(select(photo.c.sha256).where(photo.c.sha256.in_(digests), photo.c.case_id.is_not(None)))
    )


def list_outcomes(connection: Connection, limit: int, after: str, area: str | None = None) -> Row:
    """A page of the public notices, newest first; one whose case was reopened is not shown."""
    rows = (
        select(outcome)
        .join(case, case.c.id == outcome.c.case_id)
        .where(case.c.round == outcome.c.round, case.c.state.in_([State.CLOSED, State.ARCHIVED]))
    )
    if area:
        rows = rows.where(within(outcome.c.area, area))
    return page(connection, rows, (outcome.c.published_at, outcome.c.id), limit, after)


def _seen(actor: Actor, operation: str) -> ColumnElement[bool]:
    return visible(operation, actor, area=case.c.area, taking_part=case.c.departments)


def _feedbacks(connection: Connection, case_id: UUID) -> list[Feedback]:
    rows = connection.execute(select(feedback).where(feedback.c.case_id == case_id).order_by(feedback.c.fed_back_at))
    return [aggregate(row, Feedback) for row in rows.mappings()]


def _reporters(connection: Connection, case_id: UUID) -> list[Reporter]:
    rows = connection.execute(select(reporter).where(reporter.c.case_id == case_id).order_by(reporter.c.own_case))
    return [aggregate(row, Reporter) for row in rows.mappings()]

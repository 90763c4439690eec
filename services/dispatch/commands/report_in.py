"""Somebody of the department is on site (报到)."""

from uuid import UUID

from msgspec import Struct

from services.dispatch.domain.assignment import Assignment
from services.dispatch.domain.case import Case
from services.dispatch.domain.distance import metres_between
from services.dispatch.domain.records import Report
from services.dispatch.domain.rules import RULES
from services.dispatch.domain.whole_case import assignment_needs, begun
from shared.contracts.dispatch import AssignmentReportedInV1
from shared.contracts.places import Place
from shared.engine.work import Actor, Context, Loaded, Needs, Outcome, expect_version


class ReportIn(Struct, frozen=True):
    """Where the officer stands: a WGS-84 point in degrees if the device knows it, and an address in words."""

    assignment_id: UUID
    longitude: float | None
    latitude: float | None
    address: str
    actor: Actor
    version: int | None = None


def needs(command: ReportIn) -> Needs:
    yield from assignment_needs(command.assignment_id)


def decide(command: ReportIn, loaded: Loaded, context: Context) -> Outcome:
    assignment = loaded.one(Assignment, command.assignment_id)
    context.allow(command, assignment.scope)
    expect_version(assignment, command.version)
    case = loaded.one(Case, assignment.case_id)
    distance = _distance(command, case.place)
    far = distance is not None and distance > RULES.far_metres
    by, now = command.actor.id, context.now
    report = Report(by, now, command.longitude, command.latitude, command.address, distance, far)
    reported = assignment.report_in(report)
    event = AssignmentReportedInV1(
        case_id=case.id,
        assignment_id=reported.id,
        department=reported.department,
        reported_by=by,
        distance_metres=distance,
        far=far,
        reported_at=now,
    )
    cases, started = begun(case, now)
    return Outcome(changed=(reported, *cases), events=(event, *started), result=reported)


def _distance(command: ReportIn, place: Place) -> float | None:
    if command.longitude is None or command.latitude is None or place.longitude is None or place.latitude is None:
        return None
    return round(metres_between(command.longitude, command.latitude, place.longitude, place.latitude), 1)

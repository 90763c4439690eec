"""The street reports a department that does not come (上报拒不报到, 街道办条例 44)."""

from uuid import UUID

from msgspec import Struct

from services.supervision.domain.case_file import CaseFile, Part
from services.supervision.domain.dossier import Dossier, acted, acting_needs
from services.supervision.domain.order import Order
from services.supervision.domain.ordering import DISTRICT, expect_open, part_of, rested, urgings_of
from services.supervision.domain.policies import policies_of
from services.supervision.domain.refusal import Refusal
from shared.contracts.supervision import Audience, RefusalReportedV1
from shared.engine.work import Actor, Context, Loaded, Needs, Outcome, many
from shared.errors import Conflict


class ReportRefusal(Struct, frozen=True):
    """When the limit to report in has passed, or an urging had no effect."""

    case_id: UUID
    assignment_id: UUID
    reason: str
    tried: str
    actor: Actor


def needs(command: ReportRefusal) -> Needs:
    yield from acting_needs(command.case_id)
    yield many(Refusal, "assignment_id", command.assignment_id)


def decide(command: ReportRefusal, loaded: Loaded, context: Context) -> Outcome:
    file = loaded.one(CaseFile, command.case_id)
    context.allow(command, file.scope)
    expect_open(file)
    part = part_of(file, command.assignment_id)
    if part.reported_at is not None:
        raise Conflict("department-came", department=part.name)
    if not _overdue(file, part) and not _in_vain(file, part, loaded, context):
        raise Conflict("refusal-too-early", department=part.name)
    if any(one.open for one in loaded.many(Refusal, "assignment_id", part.id)):
        raise Conflict("refusal-reported", department=part.name)
    by, now = command.actor.id, context.now
    refusal = Refusal(
        id=context.new_id("refusal"),
        case_id=file.id,
        assignment_id=part.id,
        department=part.department,
        area=file.area,
        reason=command.reason,
        tried=command.tried,
        reported_by=by,
        reported_at=now,
    )
    event = RefusalReportedV1(
        case_id=file.id,
        case=file.facts,
        refusal_id=refusal.id,
        assignment_id=part.id,
        department=part.department,
        reason=command.reason,
        audience=(Audience(DISTRICT, area=file.area),),
        reported_by=by,
        reported_at=now,
    )
    return acted(Dossier(file.id, loaded, context), loaded, [event], new=(refusal,), result=refusal)


def _overdue(file: CaseFile, part: Part) -> bool:
    return any((one.clock, one.key) == ("report_in", str(part.id)) for one in file.overdue)


def _in_vain(file: CaseFile, part: Part, loaded: Loaded, context: Context) -> bool:
    """It was urged, and an hour of its calendar has passed since."""
    orders = loaded.many(Order, "case_id", file.id)
    return bool(urgings_of(part, orders)) and rested(file, part, orders, policies_of(loaded), context.now)

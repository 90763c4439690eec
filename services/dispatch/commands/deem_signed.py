"""Silence past the signing limit counts as signed (视同签收): not signing is a known dodge."""

from datetime import datetime
from uuid import UUID

from msgspec import Struct

from services.dispatch.domain.assignment import Assignment
from services.dispatch.domain.case import Case
from services.dispatch.domain.transitions import AssignmentAction
from services.dispatch.domain.whole_case import assignment_needs
from shared.contracts.dispatch import AssignmentSignedV1
from shared.engine.work import NOTHING, SYSTEM, Actor, Context, Loaded, Needs, Outcome


class DeemSigned(Struct, frozen=True):
    """Supervision says that the signing limit passed `at` this time."""

    assignment_id: UUID
    at: datetime
    actor: Actor = SYSTEM


def needs(command: DeemSigned) -> Needs:
    yield from assignment_needs(command.assignment_id)


def decide(command: DeemSigned, loaded: Loaded, context: Context) -> Outcome:
    assignment = loaded.one(Assignment, command.assignment_id)
    context.allow(command, assignment.scope)
    # Signed, disputed or ended meanwhile, or suspended before supervision heard of it: no longer so.
    if not assignment.can(AssignmentAction.DEEM_SIGNED):
        return NOTHING
    if loaded.one(Case, assignment.case_id).stood_still(command.at):
        return NOTHING
    signed = assignment.deem_signed(command.at)
    event = AssignmentSignedV1(
        case_id=signed.case_id,
        assignment_id=signed.id,
        department=signed.department,
        signed_by="",
        deemed=True,
        signed_at=command.at,
    )
    return Outcome(changed=(signed,), events=(event,), result=signed)

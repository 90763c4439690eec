"""Show who reported a case, to somebody who has to call them (揭示报事人): with a reason, and noted for good."""

from uuid import UUID

from msgspec import Struct

from services.intake.domain.case import Case
from services.intake.domain.complaint import Complaint
from services.intake.domain.disclosure import Disclosure
from shared.engine.work import Actor, Context, Loaded, Needs, Outcome, one
from shared.errors import NotFound


class RevealReporter(Struct, frozen=True):
    """`reason` says what it is needed for."""

    case_id: UUID
    reason: str
    actor: Actor


def needs(command: RevealReporter) -> Needs:
    """The case and its complaint."""
    yield one(Case, command.case_id)
    yield one(Complaint, command.case_id)


def decide(command: RevealReporter, loaded: Loaded, context: Context) -> Outcome:
    """The reporter; of a call, which the hotline calls back itself, there is none."""
    case = loaded.one(Case, command.case_id)
    context.allow(command, case.scope)
    complaint = loaded.find(Complaint, case.id)
    if complaint is None:
        raise NotFound("reporter-elsewhere")
    seen = Disclosure(context.new_id("disclosure"), case.id, case.area, command.actor.id, command.reason, context.now)
    return Outcome(new=(seen,), result=complaint.reporter)

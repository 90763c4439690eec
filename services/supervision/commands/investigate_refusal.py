"""The district takes up what the street reported (受理调查), within a limit."""

from uuid import UUID

from msgspec import Struct

from services.supervision.domain.dossier import Dossier, acted, refusal_needs
from services.supervision.domain.refusal import Refusal
from shared.contracts.supervision import RefusalInvestigatedV1
from shared.engine.work import Actor, Context, Loaded, Needs, Outcome, expect_version


class InvestigateRefusal(Struct, frozen=True):
    """Its clock starts."""

    refusal_id: UUID
    actor: Actor
    version: int | None = None


def needs(command: InvestigateRefusal) -> Needs:
    yield from refusal_needs(command.refusal_id)


def decide(command: InvestigateRefusal, loaded: Loaded, context: Context) -> Outcome:
    refusal = loaded.one(Refusal, command.refusal_id)
    context.allow(command, refusal.scope)
    expect_version(refusal, command.version)
    by, now = command.actor.id, context.now
    taken_up = refusal.investigate(by, now)
    event = RefusalInvestigatedV1(
        case_id=refusal.case_id,
        refusal_id=refusal.id,
        assignment_id=refusal.assignment_id,
        department=refusal.department,
        taken_up_by=by,
        taken_up_at=now,
    )
    return acted(Dossier(refusal.case_id, loaded, context), loaded, [event], changed=(taken_up,), result=taken_up)

"""Order a department to reply by a time (督办): about its assignment, or the lead about the whole case."""

from datetime import datetime
from uuid import UUID

from msgspec import Struct

from services.supervision.domain.case_file import CaseFile
from services.supervision.domain.dossier import Dossier, acted, acting_needs
from services.supervision.domain.ordering import issued, order
from shared.engine.work import Actor, Context, Loaded, Needs, Outcome


class IssueOrder(Struct, frozen=True):
    """The case is supervised until the reply is there."""

    case_id: UUID
    text: str
    assignment_id: UUID | None
    reply_by: datetime
    actor: Actor


def needs(command: IssueOrder) -> Needs:
    yield from acting_needs(command.case_id)


def decide(command: IssueOrder, loaded: Loaded, context: Context) -> Outcome:
    file = loaded.one(CaseFile, command.case_id)
    context.allow(command, file.scope)
    id, actor, now = context.new_id("order"), command.actor, context.now
    made = order(file, id, command.assignment_id, command.text, command.reply_by, actor, now)
    return acted(Dossier(file.id, loaded, context), loaded, [issued(file, made)], new=(made,), result=made)

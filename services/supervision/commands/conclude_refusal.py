"""The district says what it found (认定): justified or not, what it costs, and perhaps an order to come (督办报到)."""

from collections import Counter
from datetime import datetime
from uuid import UUID

from msgspec import Struct

from services.supervision.domain.case_file import CaseFile
from services.supervision.domain.dossier import Dossier, acted, refusal_needs
from services.supervision.domain.figures import of_refusal
from services.supervision.domain.ordering import STREET, issued, order, people_of
from services.supervision.domain.refusal import Finding, Refusal
from shared.contracts.supervision import Audience, RefusalConcludedV1
from shared.engine.work import Actor, Context, Key, Loaded, Needs, Outcome, expect_version


class Demand(Struct, frozen=True):
    """An order that comes with the finding: report in, and reply by this time."""

    text: str
    reply_by: datetime


class ConcludeRefusal(Struct, frozen=True):
    """Points are taken from the department's score of this month."""

    refusal_id: UUID
    justified: bool
    points: int
    finding: str
    demand: Demand | None
    actor: Actor
    version: int | None = None


def needs(command: ConcludeRefusal) -> Needs:
    yield from refusal_needs(command.refusal_id)


def decide(command: ConcludeRefusal, loaded: Loaded, context: Context) -> Outcome:
    refusal = loaded.one(Refusal, command.refusal_id)
    context.allow(command, refusal.scope)
    expect_version(refusal, command.version)
    file = loaded.one(CaseFile, refusal.case_id)
    actor, now, said = command.actor, context.now, command.demand
    found = Finding(actor.id, now, command.justified, command.points, command.finding)
    id = context.new_id("order")
    concluded = refusal.conclude(found, id if said else None)
    orders = (order(file, id, refusal.assignment_id, said.text, said.reply_by, actor, now),) if said else ()
    event = RefusalConcludedV1(
        case_id=file.id,
        case=file.facts,
        refusal_id=refusal.id,
        assignment_id=refusal.assignment_id,
        department=refusal.department,
        justified=command.justified,
        points=command.points,
        finding=command.finding,
        audience=(*people_of(refusal.department), Audience(STREET, area=file.area)),
        concluded_by=actor.id,
        concluded_at=now,
    )
    events = [event, *(issued(file, one) for one in orders)]
    dossier = Dossier(file.id, loaded, context)
    outcome = acted(dossier, loaded, events, new=orders, changed=(concluded,), result=concluded)
    counts: Counter[Key] = Counter(outcome.counts)
    counts.update(of_refusal(concluded, file.category))
    return outcome._replace(counts=counts)

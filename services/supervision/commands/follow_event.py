"""Follow an event about a case (归集): its file, its clocks and the journal after it."""

from datetime import datetime
from typing import Any

from msgspec import Struct

from services.supervision.domain.case_clocks import CaseClocks
from services.supervision.domain.case_file import CaseFile
from services.supervision.domain.clockwork import RULES
from services.supervision.domain.dossier import Dossier
from services.supervision.domain.entry import Entry
from services.supervision.domain.order import Order
from services.supervision.domain.ordering import ENDINGS, ended, order_ended
from services.supervision.domain.policies import POLICIES_NEEDS, policies_of
from services.supervision.domain.winding import make_all
from shared.contracts.intake import CaseRegisteredV1, CaseWhistledV1
from shared.engine.work import SYSTEM, Actor, Context, Loaded, Needs, Outcome, many, one

FIRST_WORDS = (CaseRegisteredV1, CaseWhistledV1)  # with which intake begins to tell of a case


class FollowEvent(Struct, frozen=True):
    """Somebody announced something about a case `at` this time."""

    event: Any
    at: datetime
    actor: Actor = SYSTEM


def needs(command: FollowEvent) -> Needs:
    yield one(CaseFile, command.event.case_id)
    if type(command.event) in RULES or isinstance(command.event, FIRST_WORDS):  # others move no clock
        yield one(CaseClocks, command.event.case_id)
    if isinstance(command.event, FIRST_WORDS):
        yield many(Entry, "case_id", command.event.case_id)
    if isinstance(command.event, ENDINGS):
        yield many(Order, "case_id", command.event.case_id)
    yield from POLICIES_NEEDS


def decide(command: FollowEvent, loaded: Loaded, context: Context) -> Outcome:
    event = command.event
    context.allow(command)
    dossier = Dossier(event.case_id, loaded, context)
    before = dossier.file
    made = dossier.hear(event, command.at)
    clocks = dossier.clocks(policies_of(loaded))
    if isinstance(event, FIRST_WORDS):
        dossier.recall(loaded.many(Entry, "case_id", event.case_id), clocks)
    # A clock begins with the case as this event tells of it; early stops are those of before.
    make_all(clocks, made, dossier.known(before), context.now)
    orders = loaded.many(Order, "case_id", event.case_id) if isinstance(event, ENDINGS) else ()
    over = ended(dossier.file, event, orders, context.now)
    endings = [order_ended(one, context.now) for one in over]
    dossier.act(endings, clocks)
    told = dossier.wind(clocks)
    return dossier.outcome(events=(*endings, *told), changed=over)

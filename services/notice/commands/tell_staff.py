"""Tell the staff (通知) what supervision announced, each person whom its audience names."""

from typing import Any

from msgspec import Struct

from services.notice.commands._telling import Notice, choices_of, tell
from services.notice.domain.facts import facts_of, template_of
from services.notice.domain.summons import Summons
from services.notice.domain.town import town_of
from shared.engine.work import SYSTEM, Actor, Context, Loaded, Needs, Outcome, many


class TellStaff(Struct, frozen=True):
    """One of the events of `shared/contracts/supervision.py` that name an audience."""

    event: Any
    actor: Actor = SYSTEM


def needs(command: TellStaff) -> Needs:
    """What each of them chose; and the summonses, for an event that does not say its case's number."""
    yield choices_of(command.event.audience)
    if not hasattr(command.event, "case"):
        yield many(Summons, "case_id", command.event.case_id)


def decide(command: TellStaff, loaded: Loaded, context: Context) -> Outcome:
    """A notification for each, and its deliveries."""
    context.allow(command)
    event = command.event
    town = town_of(loaded)
    numbers = [one.number for one in loaded.many(Summons, "case_id", event.case_id)]
    facts = facts_of(event, town, next(iter(numbers), ""))
    notice = Notice("", template_of(event), event.case_id, facts, town.people(event.audience))
    return Outcome(new=tell([notice], loaded, context))

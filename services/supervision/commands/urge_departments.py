"""Urge one department of a case, or all that still have something to do (催办)."""

from uuid import UUID

from msgspec import Struct

from services.supervision.domain.case_file import CaseFile, Part
from services.supervision.domain.dossier import Dossier, acted, acting_needs
from services.supervision.domain.order import Order
from services.supervision.domain.ordering import expect_open, issued, part_of, rested, urging
from services.supervision.domain.policies import policies_of
from shared.engine.work import Actor, Context, Loaded, Needs, Outcome
from shared.errors import Conflict

DONE = ("fed_back", "accepted")


class UrgeDepartments(Struct, frozen=True):
    """Told once to officers and heads; nobody twice about one assignment within a working hour."""

    case_id: UUID
    text: str
    assignment_id: UUID | None
    actor: Actor


def needs(command: UrgeDepartments) -> Needs:
    yield from acting_needs(command.case_id)


def decide(command: UrgeDepartments, loaded: Loaded, context: Context) -> Outcome:
    file = loaded.one(CaseFile, command.case_id)
    context.allow(command, file.scope)
    expect_open(file)
    policies, orders = policies_of(loaded), loaded.many(Order, "case_id", file.id)
    urgent = [one for one in _meant(file, command) if rested(file, one, orders, policies, context.now)]
    if not urgent:
        raise Conflict("urged-just-now")
    urgings = tuple(
        urging(file, context.new_id(f"urging:{one.id}"), one, command.text, command.actor, context.now)
        for one in urgent
    )
    events = [issued(file, one) for one in urgings]
    dossier = Dossier(file.id, loaded, context)
    return acted(dossier, loaded, events, new=urgings, result={"items": urgings})


def _meant(file: CaseFile, command: UrgeDepartments) -> list[Part]:
    """The department that is named, or all; `Conflict` where there is nothing left to do."""
    parts = [part_of(file, command.assignment_id)] if command.assignment_id else [one for one in file.parts if one.live]
    meant = [one for one in parts if one.state not in DONE]
    if not meant:
        raise Conflict("nothing-to-urge")
    return meant

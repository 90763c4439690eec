"""What urgings, orders and refusals ask of a case: whom they speak to, and whether it is the time for them."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from services.supervision.domain.case_file import CaseFile, Part
from services.supervision.domain.order import ORDER, URGING, Issuer, Order
from services.supervision.domain.policies import Policies
from services.supervision.domain.rules import RULES
from services.supervision.domain.transitions import OrderState
from shared.calendar import parse_limit
from shared.contracts import closure, dispatch, intake
from shared.contracts.supervision import Audience, OrderEndedV1, OrderIssuedV1
from shared.engine.work import Actor
from shared.errors import Conflict, Invalid, NotFound

OVER = frozenset({"merged", "void", "refused", "redirected", "closed", "archived"})
DISTRICT, STREET = "district_supervisor", "supervisor"
PAUSE = parse_limit(RULES.urge_again_after)

# What ends a case, and what may end a department's part in it.
CASE_ENDS = (intake.CaseWithdrawnV1, dispatch.DispatchWithdrawnV1, closure.ClosureWithdrawnV1)
PART_ENDS = (dispatch.SummonsChangedV1, dispatch.DisputeRuledV1, dispatch.AssignmentExcusedV1)
ENDINGS = (*CASE_ENDS, *PART_ENDS)


def expect_open(file: CaseFile) -> None:
    """Refuse where nobody works on the case any more."""
    if file.state in OVER:
        raise Conflict("case-over")


def part_of(file: CaseFile, assignment_id: UUID) -> Part:
    """A department's live part; `NotFound` without one, `Conflict` for one that has ended."""
    part = file.part(assignment_id)
    if part is None:
        raise NotFound(kind="assignment")
    if not part.live:
        raise Conflict("assignment-over", department=part.name)
    return part


def lead_of(file: CaseFile) -> Part:
    """Who answers for the whole case: the lead (主办)."""
    lead = next((one for one in file.parts if one.live and one.part == "lead"), None)
    if lead is None:
        raise Conflict("nobody-summoned")
    return lead


def people_of(*departments: str) -> tuple[Audience, ...]:
    """Officers and heads of these departments."""
    return tuple(Audience(role, one) for one in departments for role in ("officer", "department_head"))


def issuer_of(actor: Actor) -> Issuer:
    """Somebody who is a supervisor of both speaks for the district."""
    return Issuer(actor.id, DISTRICT if DISTRICT in actor.roles else STREET)


def rested(file: CaseFile, part: Part, orders: Iterable[Order], policies: Policies, now: datetime) -> bool:
    """Whether the last urging of this assignment, if any, is an hour of its calendar ago (催办间隔)."""
    last = max((one.issued_at for one in urgings_of(part, orders)), default=None)
    if last is None:
        return True
    if policies.calendar_of(file.matter) == "W":
        return policies.calendar.between(last, now, part.department) >= PAUSE.seconds
    return now - last >= timedelta(seconds=PAUSE.seconds)


def urgings_of(part: Part, orders: Iterable[Order]) -> list[Order]:
    """Those that were told about this assignment."""
    return [one for one in orders if one.kind == URGING and one.assignment_id == part.id]


def urging(file: CaseFile, id: UUID, part: Part, text: str, actor: Actor, now: datetime) -> Order:
    """An urging (催办) of one department."""
    issuer = issuer_of(actor)
    return Order(id, file.id, URGING, part.id, part.department, file.area, text, None, issuer, now, OrderState.TOLD)


def order(
    file: CaseFile, id: UUID, assignment_id: UUID | None, text: str, reply_by: datetime, actor: Actor, now: datetime
) -> Order:
    """An order (督办) to one department: about its assignment, or to the lead about the whole case."""
    expect_open(file)
    expect_ahead(reply_by, now)
    part = lead_of(file) if assignment_id is None else part_of(file, assignment_id)
    state, issuer = OrderState.TO_ANSWER, issuer_of(actor)
    return Order(id, file.id, ORDER, assignment_id, part.department, file.area, text, reply_by, issuer, now, state)


def expect_ahead(reply_by: datetime, now: datetime) -> None:
    """Refuse a time that has passed."""
    if reply_by <= now:
        raise Invalid("reply-too-early", fields={"reply_by": ("Out of range.",)})


def expect_level(order: Order, actor: Actor) -> None:
    """Refuse unless whoever rules on a reply is of the level that ordered (谁督办谁认可)."""
    if order.issuer.role not in actor.roles:
        raise Conflict("order-of-another-level")


def issued(file: CaseFile, order: Order) -> OrderIssuedV1:
    """The announcement: of an order about the whole case to everybody who takes part."""
    told = (order.department,) if order.assignment_id else file.departments
    return OrderIssuedV1(
        case_id=file.id,
        case=file.facts,
        order_id=order.id,
        kind=order.kind,
        assignment_id=order.assignment_id,
        department=order.department,
        text=order.text,
        reply_by=order.reply_by,
        audience=people_of(*told),
        issued_by=order.issuer.id,
        issued_at=order.issued_at,
    )


def ended(file: CaseFile, event: Any, orders: Iterable[Order], at: datetime) -> list[Order]:
    """The open orders that this event leaves without an object; `file` is the case after it."""
    gone = {one.id for one in file.parts if one.ended}
    ends = isinstance(event, CASE_ENDS)
    return [one.end(at) for one in orders if one.open and (ends or one.assignment_id in gone)]


def order_ended(order: Order, at: datetime) -> OrderEndedV1:
    """Its announcement."""
    return OrderEndedV1(order.case_id, order.id, order.department, at)

"""What a supervisor tells a department (催办, 督办): an urging, or an order that wants a reply by a time."""

from datetime import datetime
from uuid import UUID

from msgspec import Struct

from services.supervision.domain.transitions import OrderAction, OrderState, follow_order
from shared.contracts.supervision import Audience
from shared.engine.work import Scope, changed

URGING, ORDER = "urging", "order"


class Issuer(Struct, frozen=True):
    """Who told it, and as what: supervisor (街道) or district_supervisor (区)."""

    id: str
    role: str


class Answer(Struct, frozen=True):
    """A department's reply (回复)."""

    by: str
    at: datetime
    text: str


class Return(Struct, frozen=True):
    """A reply was sent back (退回), and why; `reply_by` is when the next was due."""

    by: str
    at: datetime
    reason: str
    reply_by: datetime


class Order(Struct, frozen=True):
    """Told to one department: about its assignment, or as the lead about the whole case; `area` is the case's.

    `kind` is urging or order; an urging has no `reply_by`. `answers` and `returns` are all there ever were.
    """

    id: UUID
    case_id: UUID
    kind: str
    assignment_id: UUID | None
    department: str
    area: str
    text: str
    reply_by: datetime | None
    issuer: Issuer
    issued_at: datetime
    state: OrderState
    answers: tuple[Answer, ...] = ()
    returns: tuple[Return, ...] = ()
    accepted_by: str = ""
    accepted_at: datetime | None = None
    ended_at: datetime | None = None
    version: int = 1

    @property
    def scope(self) -> Scope:
        """What the policy compares with an actor."""
        return Scope(area=self.area, department=self.department)

    @property
    def open(self) -> bool:
        """Whether somebody still has to act on it."""
        return self.state in (OrderState.TO_ANSWER, OrderState.ANSWERED)

    @property
    def audience(self) -> tuple[Audience, ...]:
        """Who hears of its reply: whoever issued it."""
        return (Audience(self.issuer.role, area=self.area, person=self.issuer.id),)

    def answer(self, by: str, now: datetime, text: str) -> "Order":
        """The department replies."""
        state = follow_order(self.state, OrderAction.ANSWER)
        return changed(self, state=state, answers=(*self.answers, Answer(by, now, text)))

    def accept(self, by: str, now: datetime) -> "Order":
        """The reply will do."""
        state = follow_order(self.state, OrderAction.ACCEPT)
        return changed(self, state=state, accepted_by=by, accepted_at=now)

    def reject(self, by: str, now: datetime, reason: str, reply_by: datetime) -> "Order":
        """The reply will not do: another is due."""
        state = follow_order(self.state, OrderAction.REJECT)
        returned = Return(by, now, reason, reply_by)
        return changed(self, state=state, returns=(*self.returns, returned), reply_by=reply_by)

    def end(self, at: datetime) -> "Order":
        """Nobody is left to reply, or nothing to reply about."""
        return changed(self, state=follow_order(self.state, OrderAction.END), ended_at=at)

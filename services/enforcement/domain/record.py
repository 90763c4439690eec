"""A record (案卷): what two or more officers of a department found and ordered on an assignment."""

from datetime import date, datetime, timedelta, timezone
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from services.enforcement.domain.transitions import RecordAction, RecordState, next_state
from services.enforcement.domain.values import (
    Check,
    Conclusion,
    Officer,
    Order,
    Recheck,
    Recusal,
    Visit,
    enough_officers,
    not_later,
)
from shared.engine.work import Scope, changed
from shared.errors import Conflict, Forbidden, Invalid, NotFound

SHANGHAI = timezone(timedelta(hours=8))  # China keeps one time all year
FOUND = {True: RecordAction.FIND_VIOLATION, False: RecordAction.FIND_NOTHING}
RECHECKED = {True: RecordAction.FIND_RECTIFIED, False: RecordAction.FIND_NOT_RECTIFIED}


class Record(Struct, frozen=True):
    """Once opened it runs to its own end, whatever becomes of the assignment; only its officers act on it."""

    id: UUID
    case_id: UUID
    assignment_id: UUID
    department: str
    area: str
    officers: tuple[Officer, ...]
    opened_by: str
    opened_at: datetime
    state: RecordState = RecordState.OPENED
    checks: tuple[Check, ...] = ()
    orders: tuple[Order, ...] = ()
    recusals: tuple[Recusal, ...] = ()
    conclusion: Conclusion | None = None
    version: int = 1

    @property
    def scope(self) -> Scope:
        """What the policy compares with an actor."""
        return Scope(area=self.area, department=self.department)

    @property
    def officer_ids(self) -> tuple[str, ...]:
        """Who acts on it now."""
        return tuple(officer.id for officer in self.officers)

    def expect_officer(self, person: str) -> None:
        """Refuse somebody who is not one of its officers."""
        if person not in self.officer_ids:
            raise Forbidden("not-on-the-record")

    def expect_not_recused(self, person: str) -> None:
        """Refuse somebody who stepped back from it (43)."""
        if any(one.officer == person for one in self.recusals):
            raise Forbidden("stepped-back")

    def expect(self, action: RecordAction) -> None:
        """Refuse what the present state does not allow."""
        next_state(self.state, action)

    def check(self, check: Check) -> "Record":
        """An on-site check found a violation, or nothing."""
        state = next_state(self.state, FOUND[check.violation])
        self._expect_visit(check.visit, check.recorded_at)
        return changed(self, state=state, checks=(*self.checks, check))

    def order(self, order: Order) -> "Record":
        """Order to rectify until a day that is not over yet."""
        state = next_state(self.state, RecordAction.ORDER)
        if order.until < day_of(order.ordered_at):
            raise Invalid(fields={"until": ["Lies in the past."]})
        return changed(self, state=state, orders=(*self.orders, order))

    def recheck(self, recheck: Recheck) -> "Record":
        """The re-check of the last order: rectified, or not."""
        state = next_state(self.state, RECHECKED[recheck.rectified])
        self._expect_visit(recheck.visit, recheck.recorded_at)
        *before, last = self.orders
        return changed(self, state=state, orders=(*before, replace(last, recheck=recheck)))

    def recuse(self, recusal: Recusal, replacement: Officer | None) -> "Record":
        """An officer steps back (43), perhaps for another; two must remain."""
        next_state(self.state, RecordAction.RECUSE)
        if recusal.officer not in self.officer_ids:
            raise NotFound(kind="officer", id=recusal.officer)
        recused = {recusal.officer, *(one.officer for one in self.recusals)}
        if replacement and (replacement.id in recused or replacement.id in self.officer_ids):
            raise Conflict("cannot-replace", officer=replacement.id)
        team = tuple(one for one in (*self.officers, replacement) if one and one.id != recusal.officer)
        enough_officers("replacement", (one.id for one in team))
        return changed(self, officers=team, recusals=(*self.recusals, recusal))

    def conclude(self, reason: str, by: str, at: datetime) -> "Record":
        """It ends by what its state says: nothing found, or rectified."""
        state = next_state(self.state, RecordAction.CONCLUDE)
        return changed(self, state=state, conclusion=Conclusion(str(self.state), reason, "", by, at))

    def transfer(self, to: str, reason: str, by: str, at: datetime) -> "Record":
        """The matter is not on the team's list and goes to another department (移送)."""
        state = next_state(self.state, RecordAction.TRANSFER)
        if to == self.department:
            raise Invalid(fields={"to": ["Must be another department."]})
        return changed(self, state=state, conclusion=Conclusion(str(state), reason, to, by, at))

    def _expect_visit(self, visit: Visit, now: datetime) -> None:
        not_later("at", visit.at, now)
        enough_officers("present", visit.present)
        if set(visit.present) - set(self.officer_ids):
            raise Invalid(fields={"present": ["Names somebody who is not an officer of this record."]})


def day_of(at: datetime) -> date:
    """The day that it is in China then."""
    return at.astimezone(SHANGHAI).date()

"""Which event starts, stops, pauses, extends or cancels which clock: the table of the whole clockwork (计时规则).

A clock is known by its name and its key: an assignment's id, a record's, or "" for the whole case.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, time, timedelta
from typing import Any, TypeVar
from uuid import UUID

from msgspec import Struct

from services.supervision.domain.case_file import CaseFile, Count
from shared.calendar import CHINA
from shared.contracts import closure, dispatch, enforcement, intake, supervision

T = TypeVar("T")

CASE = ""
CLOCKS = (
    *("review", "dispatch", "sign", "report_in", "first_action", "first_feedback", "close", "verify", "call_back"),
    *("dispute", "extension", "suspension_review", "rectify", "reply", "refusal"),
)
DEPARTMENTS = ("sign", "report_in", "first_action", "first_feedback", "close")  # each summoned department's
REWORK = ("close",)
ARCHIVE = ("archive",)
TOLD_APART = ("dispatch", "verify", "call_back")  # one service tells of their start, another of their end


class Start(Struct, frozen=True):
    """A clock starts; `share` is how much of the limit it gets, `until` a due time that somebody named."""

    clock: str
    key: str
    at: datetime
    assignment_id: UUID | None = None
    department: str = ""
    share: float = 1.0
    until: datetime | None = None

    def ended_early(self, stopped: Iterable[Count]) -> Count | None:
        """Its end, if that was heard before: the first one after its beginning; later ones are of later rounds."""
        ends = [one for one in stopped if (one.clock, one.key) == (self.clock, self.key) and one.at >= self.at]
        return min(ends, key=lambda one: one.at, default=None)


class Stop(Struct, frozen=True):
    """What a clock waited for happened."""

    clock: str
    key: str
    at: datetime

    def ends(self, running: Sequence[T], began: Callable[[T], datetime]) -> Sequence[T]:
        """Which of those that run under its name and key: one that began later waits for something else.

        If all seem to have begun later, two services' clocks differ, and it is meant all the same.
        """
        return [one for one in running if began(one) <= self.at] or running


class Cancel(Struct, frozen=True):
    """Clocks of this key (None: of any) are not wanted any more: those named, or all."""

    key: str | None
    at: datetime
    clocks: tuple[str, ...] = ()

    def means(self, clock: str, key: str) -> bool:
        """Whether it speaks of this clock."""
        return self.key in (None, key) and (not self.clocks or clock in self.clocks)


class Pause(Struct, frozen=True):
    """The clocks of departments stand still: of this key, or of all."""

    at: datetime
    key: str | None = None
    clocks: tuple[str, ...] = DEPARTMENTS

    def means(self, clock: str, key: str) -> bool:
        """Whether it speaks of this clock."""
        return self.key in (None, key) and clock in self.clocks


class Resume(Pause, frozen=True):
    """They go on."""


class Extend(Struct, frozen=True):
    """More time: this share of the limit."""

    clock: str
    key: str
    at: datetime
    share: float


Move = Start | Stop | Cancel | Pause | Resume | Extend
Moves = Iterator[Move]


def moves(file: CaseFile, event: Any) -> tuple[Move, ...]:
    """What this event does to the case's clocks; `file` is the case as it was before."""
    rule = RULES.get(type(event))
    return tuple(rule(file, event)) if rule else ()


def _submitted(_file: CaseFile, event: intake.CaseSubmittedV1) -> Moves:
    yield Start("review", CASE, event.submitted_at)


def _reviewed(at: str) -> Callable[[CaseFile, Any], Moves]:
    def rule(_file: CaseFile, event: Any) -> Moves:
        yield Stop("review", CASE, getattr(event, at))

    return rule


def _whistled(_file: CaseFile, event: intake.CaseWhistledV1) -> Moves:
    # An emergency blows first and is reviewed afterwards.
    yield Start("review", CASE, event.whistled_at) if event.emergency else Stop("review", CASE, event.whistled_at)
    yield Start("dispatch", CASE, event.whistled_at)


def _self_handled(_file: CaseFile, event: intake.CaseSelfHandledV1) -> Moves:
    yield Start("call_back", CASE, event.handled_at)


def _dispatched(_file: CaseFile, event: dispatch.CaseDispatchedV1) -> Moves:
    yield Stop("dispatch", CASE, event.dispatched_at)
    for one in event.summons:
        yield from _summoned(one, event.dispatched_at)


def _summons_changed(file: CaseFile, event: dispatch.SummonsChangedV1) -> Moves:
    if file.dispatched_at is None:
        yield Stop("dispatch", CASE, event.changed_at)
    for id in event.removed:
        yield Cancel(str(id), event.changed_at)
    for one in event.summons:
        if one.assignment_id in event.added:
            yield from _summoned(one, event.changed_at)


def _summoned(one: dispatch.Summons, at: datetime) -> Moves:
    key = str(one.assignment_id)
    for clock in DEPARTMENTS:
        if clock != "first_action" or one.part == "lead":
            yield Start(clock, key, at, one.assignment_id, one.department)


def _signed(_file: CaseFile, event: dispatch.AssignmentSignedV1) -> Moves:
    if not event.deemed:  # silence counts as signed, but the ladder goes on until somebody comes
        yield Stop("sign", str(event.assignment_id), event.signed_at)


def _reported_in(_file: CaseFile, event: dispatch.AssignmentReportedInV1) -> Moves:
    yield Stop("sign", str(event.assignment_id), event.reported_at)
    yield Stop("report_in", str(event.assignment_id), event.reported_at)


def _started(_file: CaseFile, event: dispatch.AssignmentStartedV1) -> Moves:
    if event.round == 1:
        yield Stop("first_action", str(event.assignment_id), event.started_at)


def _progressed(_file: CaseFile, event: dispatch.AssignmentProgressedV1) -> Moves:
    if event.round == 1:
        yield Stop("first_feedback", str(event.assignment_id), event.progressed_at)


def _fed_back(_file: CaseFile, event: dispatch.AssignmentFedBackV1) -> Moves:
    if event.round == 1:
        yield Stop("first_feedback", str(event.assignment_id), event.fed_back_at)
    yield Stop("close", str(event.assignment_id), event.fed_back_at)


def _excused(_file: CaseFile, event: dispatch.AssignmentExcusedV1) -> Moves:
    yield Cancel(str(event.assignment_id), event.excused_at)


def _disputed(_file: CaseFile, event: dispatch.AssignmentDisputedV1) -> Moves:
    key = str(event.assignment_id)
    yield Pause(event.disputed_at, key, ("sign",))
    yield Start("dispute", key, event.disputed_at, event.assignment_id, event.department)


def _dispute_ruled(_file: CaseFile, event: dispatch.DisputeRuledV1) -> Moves:
    key = str(event.assignment_id)
    yield Stop("dispute", key, event.ruled_at)
    yield Cancel(key, event.ruled_at) if event.rerouted_to else Resume(event.ruled_at, key, ("sign",))


def _extension_requested(_file: CaseFile, event: dispatch.ExtensionRequestedV1) -> Moves:
    yield Start("extension", str(event.assignment_id), event.requested_at, event.assignment_id, event.department)


def _extension_ruled(file: CaseFile, event: dispatch.ExtensionRuledV1) -> Moves:
    yield Stop("extension", str(event.assignment_id), event.ruled_at)
    part = file.part(event.assignment_id)
    if event.granted and part:
        # Dispatch counts a day as 1,440 minutes; the share is the same in any calendar.
        yield Extend("close", str(event.assignment_id), event.ruled_at, event.minutes / part.round_minutes)


def _case_fed_back(_file: CaseFile, event: dispatch.CaseFedBackV1) -> Moves:
    yield Start("verify", CASE, event.fed_back_at)


def _suspended(_file: CaseFile, event: dispatch.CaseSuspendedV1) -> Moves:
    yield Pause(event.suspended_at)
    yield Start("suspension_review", CASE, event.suspended_at, until=event.review_by)


def _resumed(_file: CaseFile, event: dispatch.CaseResumedV1) -> Moves:
    yield Resume(event.resumed_at)
    yield Stop("suspension_review", CASE, event.resumed_at)


def _reopened(file: CaseFile, event: dispatch.CaseReopenedV1) -> Moves:
    for one in event.reopened:
        part = file.part(one.assignment_id)
        share = one.limit_minutes / part.limit_minutes if part else 1.0
        for clock in REWORK:
            yield Start(clock, str(one.assignment_id), event.reopened_at, one.assignment_id, one.department, share)


def _ordered(_file: CaseFile, event: enforcement.RectificationOrderedV1) -> Moves:
    end = datetime.combine(event.until + timedelta(days=1), time(), CHINA).astimezone(UTC)  # the named day counts whole
    yield Start("rectify", str(event.record_id), event.ordered_at, event.assignment_id, event.department, until=end)


def _rechecked(_file: CaseFile, event: enforcement.RectificationCheckedV1) -> Moves:
    yield Stop("rectify", str(event.record_id), event.checked_at)


def _concluded(_file: CaseFile, event: enforcement.RecordConcludedV1) -> Moves:
    yield Cancel(str(event.record_id), event.concluded_at, ("rectify",))


def _verified(_file: CaseFile, event: closure.VerificationPassedV1) -> Moves:
    yield Stop("verify", CASE, event.verified_at)
    yield Start("call_back", CASE, event.verified_at)


def _verification_failed(_file: CaseFile, event: closure.VerificationFailedV1) -> Moves:
    yield Stop("verify", CASE, event.verified_at)


def _closed(_file: CaseFile, event: closure.CaseClosedV1) -> Moves:
    yield Stop("call_back", CASE, event.closed_at)
    yield Cancel(CASE, event.closed_at, ARCHIVE)  # of a closing before
    yield Start("archive", CASE, event.closed_at)


def _archived(_file: CaseFile, event: closure.CaseArchivedV1) -> Moves:
    yield Cancel(CASE, event.archived_at, ARCHIVE)


def _unresolved(_file: CaseFile, event: closure.CaseUnresolvedV1) -> Moves:
    yield Stop("call_back", CASE, event.decided_at)
    yield Cancel(CASE, event.decided_at, ARCHIVE)


def _withdrawn(_file: CaseFile, event: Any) -> Moves:
    yield Cancel(None, event.withdrawn_at)


# --- our own


def _order_issued(_file: CaseFile, event: supervision.OrderIssuedV1) -> Moves:
    if event.reply_by is not None:
        yield _reply(event, event.issued_at, event.reply_by)


def _order_answered(_file: CaseFile, event: supervision.OrderAnsweredV1) -> Moves:
    yield Stop("reply", str(event.order_id), event.answered_at)


def _order_returned(_file: CaseFile, event: supervision.OrderReturnedV1) -> Moves:
    yield _reply(event, event.returned_at, event.reply_by)


def _reply(event: Any, at: datetime, until: datetime) -> Start:
    return Start("reply", str(event.order_id), at, event.assignment_id, event.department, until=until)


def _order_ended(_file: CaseFile, event: supervision.OrderEndedV1) -> Moves:
    yield Cancel(str(event.order_id), event.ended_at)


def _refusal_investigated(_file: CaseFile, event: supervision.RefusalInvestigatedV1) -> Moves:
    yield Start("refusal", str(event.refusal_id), event.taken_up_at, event.assignment_id, event.department)


def _refusal_concluded(_file: CaseFile, event: supervision.RefusalConcludedV1) -> Moves:
    yield Stop("refusal", str(event.refusal_id), event.concluded_at)


RULES: Mapping[type[Any], Callable[[CaseFile, Any], Moves]] = {
    intake.CaseSubmittedV1: _submitted,
    intake.CaseReturnedV1: _reviewed("returned_at"),
    intake.CaseRefusedV1: _reviewed("refused_at"),
    intake.CaseRedirectedV1: _reviewed("redirected_at"),
    intake.EmergencyConfirmedV1: _reviewed("confirmed_at"),
    intake.CaseWhistledV1: _whistled,
    intake.CaseSelfHandledV1: _self_handled,
    intake.CaseWithdrawnV1: _withdrawn,
    dispatch.CaseDispatchedV1: _dispatched,
    dispatch.SummonsChangedV1: _summons_changed,
    dispatch.AssignmentSignedV1: _signed,
    dispatch.AssignmentReportedInV1: _reported_in,
    dispatch.AssignmentStartedV1: _started,
    dispatch.AssignmentProgressedV1: _progressed,
    dispatch.AssignmentFedBackV1: _fed_back,
    dispatch.AssignmentExcusedV1: _excused,
    dispatch.AssignmentDisputedV1: _disputed,
    dispatch.DisputeRuledV1: _dispute_ruled,
    dispatch.ExtensionRequestedV1: _extension_requested,
    dispatch.ExtensionRuledV1: _extension_ruled,
    dispatch.CaseFedBackV1: _case_fed_back,
    dispatch.CaseSuspendedV1: _suspended,
    dispatch.CaseResumedV1: _resumed,
    dispatch.CaseReopenedV1: _reopened,
    dispatch.DispatchWithdrawnV1: _withdrawn,
    enforcement.RectificationOrderedV1: _ordered,
    enforcement.RectificationCheckedV1: _rechecked,
    enforcement.RecordConcludedV1: _concluded,
    closure.VerificationPassedV1: _verified,
    closure.VerificationFailedV1: _verification_failed,
    closure.CaseClosedV1: _closed,
    closure.CaseUnresolvedV1: _unresolved,
    closure.CaseArchivedV1: _archived,
    closure.ClosureWithdrawnV1: _withdrawn,
    supervision.OrderIssuedV1: _order_issued,
    supervision.OrderAnsweredV1: _order_answered,
    supervision.OrderReturnedV1: _order_returned,
    supervision.OrderEndedV1: _order_ended,
    supervision.RefusalInvestigatedV1: _refusal_investigated,
    supervision.RefusalConcludedV1: _refusal_concluded,
}
